"""Who must act: every figure of a town worked out by hand."""

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest
from departments_town import PEOPLE, STANDARD, frame, line, two_streets
from street_town import crowded_street

import planner
from planner.district import Rule, Source
from planner.district.kinds import DEPARTMENTS
from planner.errors import InputError, MissingFileError
from planner.siting.costs import builtin_costs
from planner.siting.departments import buildings, duties
from planner.siting.departments.departments import department_of, who_must_act
from planner.siting.departments.duties import NAMES, builtin_duties, read_duties
from planner.siting.departments.prices import gap_homes, total
from planner.siting.departments.sites_needed import fewest, most
from planner.views.exports.siting.departments import write_places
from planner.views.tables.siting.departments import departments_table
from planner.views.words.labels import Labels
from planner.views.words.siting.departments import building_words


@pytest.fixture(scope="module")
def result():
    return planner.assess(two_streets(), STANDARD, groups=["population", "pop_65plus"])


@pytest.fixture(scope="module")
def found(result):
    return who_must_act(result, links=0)


def row(table, **wanted):
    part = table
    for name, value in wanted.items():
        part = part[part[name] == value]
    assert len(part) == 1, wanted
    return part.iloc[0]


@pytest.mark.long
def test_residents_beyond_the_limit_are_counted_by_department_and_kind(found):
    clinic, police = (row(found.kinds, kind=kind) for kind in ("clinic", "police_room"))
    assert (clinic["department"], clinic["beyond"], clinic["unknown"]) == ("health", 340.0, 0.0)
    assert (police["department"], police["beyond"]) == ("public_security", 310.0)
    assert found.departments["department"].tolist()[:2] == ["health", "public_security"]
    assert found.departments["beyond"].tolist()[:2] == [340.0, 310.0]


def test_a_kind_without_data_is_not_judged(found):
    care = row(found.kinds, kind="elderly_care")
    assert not care["judged"]
    assert math.isnan(care["beyond"])
    civil = row(found.departments, department="civil_affairs")
    assert (civil["kinds"], civil["without_data"]) == ("", "elderly_care")
    assert math.isnan(civil["beyond"])
    assert math.isnan(civil["price_low"])


def test_a_department_without_judged_kinds_shows_no_count_of_gaps(found):
    shown = departments_table(found).set_index("Department")
    assert math.isnan(shown.loc["Civil affairs", "Gaps"])
    assert shown.loc["Health", "Gaps"] == 3


def test_a_gate_is_opened_by_another_department_than_that_of_the_kind(found):
    gate = row(found.gaps, kind="police_room", demand_ids="behind")
    assert (gate["remedy"], gate["barrier"], gate["duty"]) == ("link", "wall", "gate")
    assert (gate["department"], gate["actor"]) == ("public_security", "housing")
    assert gate["partners"] == "civil_affairs"
    housing = row(found.departments, department="housing")
    assert (housing["gaps"], housing["for_others"]) == (0, 1)
    assert row(found.departments, department="civil_affairs")["agrees"] == 1
    # the names that say where a gap is are those of the gaps
    plain = found.assessment.gaps().set_index("gap_id")
    mine = found.gaps.set_index("gap_id").loc[plain.index]
    assert mine[plain.columns.drop("geometry")].equals(plain.drop(columns="geometry"))


def test_gaps_come_the_most_residents_beyond_the_limit_first(found):
    assert found.gaps["beyond"].tolist() == [200.0, 200.0, 80.0, 60.0, 60.0, 50.0]
    assert (found.gaps["beyond"] + found.gaps["unknown"]).tolist() == found.gaps[
        "population"
    ].tolist()


def test_prices_are_those_of_the_table_as_ranges(found):
    # a clinic costs 60 + 0.6 × 120 = 132, a police room 60 + 0.6 × 60 = 96, a gate from 2; in the
    # shed and in the yard any of them costs 100
    clinic = row(found.gaps, kind="clinic", demand_ids="behind")
    assert (clinic["price_low"], clinic["price_high"]) == (100.0, 132.0)
    gate = row(found.gaps, duty="gate")
    assert (gate["price_low"], gate["price_high"]) == (2.0, 100.0)
    # near the home at the far end of the north road lies neither
    room = row(found.gaps, kind="police_room", demand_ids="north")
    assert (room["price_low"], room["price_high"]) == (96.0, 96.0)
    # south and behind are 40 m from each other as the crow flies: one clinic may do for both
    health, police = (row(found.kinds, kind=kind) for kind in ("clinic", "police_room"))
    assert (health["price_low"], health["price_high"]) == (2 * 100.0, 3 * 132.0)
    assert (police["price_low"], police["price_high"]) == (2 * 96.0 + 2.0, 2 * 100.0 + 96.0)


@pytest.mark.parametrize("cost", [10.0, 900.0, math.nan])
def test_prices_of_gaps_hold_what_candidates_say(cost):
    district = two_streets()
    own = district.candidates.assign(cost=cost, forbidden=[False, False])
    result = planner.assess(district.with_layers(candidates=own), STANDARD)
    gaps = who_must_act(result, links=0).gaps
    clinic = row(gaps, kind="clinic", demand_ids="behind")
    # without a price of its own a place of 200 m² costs 60 + 0.6 × 200
    told = 180.0 if math.isnan(cost) else cost
    ends = clinic["price_low"], clinic["price_high"]
    assert ends == (min(132.0, told), max(132.0, told))
    proposal = planner.propose(result, "clinic", 1)
    assert ends[0] <= proposal.sites["cost"].iloc[0] <= ends[1]
    # where nothing may be built nothing has a price
    shut = district.with_layers(candidates=own.assign(forbidden=True))
    gaps = who_must_act(planner.assess(shut, STANDARD), links=0).gaps
    clinic = row(gaps, kind="clinic", demand_ids="behind")
    assert (clinic["price_low"], clinic["price_high"]) == (132.0, 132.0)


def test_prices_of_candidates_in_another_unit_are_left_out_and_that_is_told():
    abroad = two_streets().with_defaults(currency="EUR")
    found = who_must_act(planner.assess(abroad, STANDARD), links=0)
    clinic = row(found.gaps, kind="clinic", demand_ids="behind")
    assert (clinic["price_low"], clinic["price_high"]) == (132.0, 132.0)
    (note,) = [each for each in found.findings if each.code.endswith("candidates_left_out")]
    assert note.params["listed"] == builtin_costs().currency
    words = Labels("en").finding(note, abroad.kinds)
    assert "EUR" in words


@pytest.mark.long
def test_the_best_link_has_its_own_price(result):
    found = who_must_act(result)
    gate = row(found.gaps, duty="new_gate")
    price = builtin_costs().link("new_gate", gate["link_length_m"])
    assert gate["link_gain"] == 200.0
    assert gate["price_low"] == gate["price_high"] == price
    assert gate["partners"] == "civil_affairs;planning"


def test_one_link_of_several_gaps_is_paid_once_whichever_way_it_leads(result):
    ends = [(0.0, 0.0, 9.0, 0.0), (9.0, 0.0, 0.0, 0.04), (0.0, 0.0, 0.0, 9.0)]
    gaps = pd.DataFrame(ends, columns=["link_x1", "link_y1", "link_x2", "link_y2"])
    gaps = gaps.assign(kind="clinic", remedy="link", facility_id="", link_work="new_gate")
    priced = gaps.assign(price_low=[7.0, 7.0, 5.0], price_high=[10.0, 10.0, 10.0])
    assert total(result, priced, "population", builtin_costs()) == (12.0, 30.0)


def test_two_departments_may_share_the_one_place_within_reach_of_both(found):
    building = row(found.buildings, site_id="yard")
    assert set(building["kinds"].split(";")) == {"clinic", "police_room"}
    assert set(building["departments"].split(";")) == {"health", "public_security"}
    assert (building["gained"], building["shared"], building["residents"]) == (120.0, 60.0, 60.0)
    # clinic 75 and police room 72 as further kinds, 25 once for the building
    assert building["cost"] == pytest.approx(172.0)
    # alone the clinic would take the yard for 100, the police room a house of its own for 96
    assert building["saved"] == pytest.approx(24.0)
    assert building["community"] == "Only"
    (told,) = building_words(found, Labels("en"))
    assert re.fullmatch(r"Yard \(in (North|South) Road, .+\)", told)
    # at the shed the police need a gate, no building
    assert found.buildings["site_id"].tolist() == ["yard"]
    assert not found.more_buildings


@pytest.mark.long
def test_more_buildings_than_are_listed_are_told(result, monkeypatch):
    monkeypatch.setattr(buildings, "MOST", 0)
    found = who_must_act(result, links=0)
    assert found.buildings.empty
    assert found.more_buildings


@pytest.mark.long
def test_a_place_too_small_for_both_is_none_to_share():
    district = two_streets()
    small = district.candidates.assign(floor_area_m2=150.0)
    result = planner.assess(district.with_layers(candidates=small), STANDARD)
    assert who_must_act(result, links=0).buildings.empty


@pytest.mark.long
def test_a_place_in_a_street_has_no_floor_area_of_its_own():
    district = two_streets()
    # a corner where the home in the middle is
    halves = [line((0, 0), (1000, 0)), line((1000, 0), (2000, 0)), *district.streets.geometry[1:]]
    bare = district.with_layers(
        candidates=district.candidates.iloc[:0],
        streets=frame(halves, street_id=list("abcd"), name=["South Road"] * 2 + ["", "North Road"]),
    )
    table = who_must_act(planner.assess(bare, STANDARD), links=0).buildings
    assert set(table["origin"]) == {"streets"}
    # the standard's need of one kind is no floor that stands there
    assert table["floor_area_m2"].isna().all()
    assert (table["needed_m2"] > 0).all()


def test_who_should_talk_to_whom(found):
    talks = found.talks
    gate = row(talks, department="public_security", other="housing")
    assert (gate["reason"], gate["count"], gate["people"]) == ("gate", 1, 200.0)
    assert row(talks, department="public_security", other="civil_affairs")["reason"] == "gate"
    build = row(talks, department="health", other="planning")
    assert (build["reason"], build["count"], build["people"]) == ("build", 3, 340.0)
    shared = row(talks, department="health", other="public_security")
    assert (shared["reason"], shared["people"], shared["site_id"]) == ("building", 60.0, "yard")
    assert len(talks) == 5


def test_one_department_alone(found):
    part = found.of("housing")
    assert part.gaps["duty"].tolist() == ["gate"]
    assert part.kinds.empty
    assert part.buildings.empty
    assert part.talks["department"].tolist() == ["public_security"]
    with pytest.raises(InputError, match=r"departments\.unknown|No department"):
        found.of("navy")


@pytest.mark.long
def test_whoever_runs_a_facility_acts_on_it():
    shut = two_streets(opening_hours=["24/7", "Mo-Fr 09:00-17:00"], department=["", "教育"])
    result = planner.assess(shut, STANDARD, at="Su 22:00")
    gap = row(who_must_act(result, links=0).gaps, kind="clinic", demand_ids="north")
    assert (gap["remedy"], gap["department"], gap["actor"]) == (
        "longer_hours",
        "health",
        "education",
    )
    assert gap["price_low"] == gap["price_high"] == 12.0


@pytest.mark.long
def test_a_group_is_counted_by_itself(result):
    found = who_must_act(result, group="pop_65plus", links=0)
    assert row(found.kinds, kind="clinic")["beyond"] == 16.0


@pytest.mark.long
def test_what_is_not_known_is_a_range():
    unknown = two_streets(opening_hours=["24/7", ""])
    result = planner.assess(unknown, STANDARD, at="Su 22:00")
    found = who_must_act(result, links=0)
    health = row(found.departments, department="health")
    assert (health["beyond"], health["beyond_high"]) == (340.0, 340.0 + PEOPLE["north"])
    gap = row(found.gaps, kind="clinic", demand_ids="north")
    assert (gap["beyond"], gap["unknown"], gap["remedy"]) == (0.0, 50.0, "ask")
    assert math.isnan(gap["price_low"])
    assert health["unpriced"] == 1


@pytest.mark.long
def test_small_counts_stay_withheld():
    district = two_streets().withhold(10)
    result = planner.assess(district, STANDARD, groups=["population", "pop_65plus"])
    found = who_must_act(result, group="pop_65plus", links=0)
    shown = found.talks["people"].dropna()
    assert not ((shown > 0) & (shown < 10)).any()


def test_a_department_of_no_table_is_that_which_runs_most():
    district = two_streets(kind=["police_room", "hut"], department=["", "Parks"])
    assert department_of(district, "hut", builtin_duties()) == "Parks"
    assert department_of(district, "clinic", builtin_duties()) == "health"
    assert department_of(district, "nothing", builtin_duties()) == ""


def test_the_duties_name_everything_that_mends_a_gap():
    duties = builtin_duties()
    assert set(duties.by_name) == set(NAMES)
    assert all(duty.en and duty.zh for duty in duties.by_name.values())
    assert set(duties.words) <= set(DEPARTMENTS)
    assert not duties.verified


@pytest.mark.long
def test_layers_speak_of_what_the_group_counts(tmp_path):
    town = two_streets()
    town = replace(
        town,
        demand=town.demand.rename(columns={"population": "weight"}),
        sources=(Source("demand", "", unit="floor_area_m2"),),
    )
    result = planner.assess(town, STANDARD)
    for group, column in (("pop_65plus", "residents"), ("weight", "demand")):
        found = who_must_act(result, group=group, links=0)
        assert len(found.buildings)
        write_places(found, tmp_path / f"{group}.gpkg")
        layers = {
            name: pyogrio.read_dataframe(tmp_path / f"{group}.gpkg", layer=name)
            for name in ("gaps", "shared_buildings")
        }
        assert column in layers["shared_buildings"]
        assert not np.isinf(layers["gaps"].select_dtypes("number")).any(axis=None)


def test_a_file_that_does_not_say_who_is_refused(tmp_path):
    with pytest.raises(MissingFileError):
        read_duties(tmp_path / "none.toml")
    file = tmp_path / "duties.toml"
    file.write_text('[build]\nby = "navy"\nwith = []\nen = "a"\nzh = "b"\n', encoding="utf-8")
    with pytest.raises(InputError, match="build: navy"):
        read_duties(file)


@pytest.mark.parametrize("entry", ["[build_clinic]", "[build.clinic]", "[footbridges]"])
def test_an_entry_that_says_who_does_nothing_is_refused(tmp_path, entry):
    file = tmp_path / "duties.toml"
    builtin = Path(duties.__file__).with_name("duties.toml").read_text(encoding="utf-8")
    who = 'by = "health"\nwith = []\nen = ["a"]\nzh = ["b"]'
    file.write_text(f"{builtin}\n{entry}\n{who}\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(f"'{entry.strip('[]')}'")):
        read_duties(file)


@pytest.mark.parametrize("other", ["kind", "facility", "navy"])
def test_only_departments_are_talked_to_and_called_by_names(tmp_path, other):
    file = tmp_path / "duties.toml"
    builtin = Path(duties.__file__).with_name("duties.toml").read_text(encoding="utf-8")
    head, build, rest = builtin.partition("[build]")
    ending = re.sub(r"with = \[[^]]*\]", f'with = ["{other}"]', rest, count=1)
    file.write_text(head + build + ending, encoding="utf-8")
    with pytest.raises(InputError, match=f"build: {other}"):
        read_duties(file)
    file.write_text(f'{builtin}\n{other} = ["海军"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=f"names: {other}"):
        read_duties(file)


def test_more_facilities_than_needed_are_never_called_the_least():
    one = replace(STANDARD, rules={"clinic": Rule("clinic", 300.0)})
    result = planner.assess(crowded_street(), one, groups=["population"])
    gaps = who_must_act(result, links=0).gaps
    built = gaps[gaps["remedy"] == "build"]
    known = built["sites_high"].notna()
    assert (built["sites_low"][known] <= built["sites_high"][known]).all()
    # a street of homes every 100 m: no clinic serves more than 600 m of it
    far = gaps["homes"].max() * 100.0
    assert built["sites_low"].max() >= np.floor(far / 600.0)
    summary = result.summary().set_index("kind")
    sums = gaps.groupby("kind")["beyond"].sum()
    np.testing.assert_allclose(summary.loc[sums.index, "uncovered"].astype(float), sums)
    # without a floor area in the standard nobody knows the price at most
    assert gaps["price_high"][gaps["remedy"] == "build"].isna().all()


@pytest.mark.parametrize("rows", [[0, 1, 2], [1, 2, 0], [2, 1, 0], [1, 0, 2]])
def test_how_many_sites_a_gap_takes_does_not_turn_on_the_order_of_rows(rows):
    street = crowded_street(complete=["clinic"])
    homes = street.demand.iloc[[25, 27, 29]].assign(population=10.0)  # 200 m from one to the next
    result = planner.assess(street.with_layers(demand=homes.iloc[rows]), groups=["population"])
    gaps = pd.DataFrame({"demand_ids": [";".join(homes["demand_id"])]})
    found = gap_homes(result, gaps, "population")
    assert most(result, "clinic", found, 200.0, 1).tolist() == [2.0]
    assert fewest(result, found, 100.0, 1).tolist() == [2.0]


def test_the_least_number_of_sites_counts_from_the_far_ends_of_a_gap():
    # most people live in the middle, from where both ends are within twice the limit
    street = crowded_street(complete=["clinic"])
    homes = street.demand.assign(population=10.0)
    middle = homes.geometry.x.median()
    homes.loc[(homes.geometry.x - middle).abs().idxmin(), "population"] = 500.0
    result = planner.assess(street.with_layers(demand=homes), groups=["population"])
    gaps = pd.DataFrame({"demand_ids": [";".join(homes["demand_id"])]})
    found = gap_homes(result, gaps, "population")
    long_m = float(np.ptp(homes.geometry.x))
    for limit_m in (long_m / 3, long_m / 3.9, long_m / 7):
        # of homes on a line, one by one from an end, no more can be found
        left, count = np.sort(homes.geometry.x.to_numpy()), 0
        while len(left):
            left, count = left[left > left[0] + 2 * limit_m + 0.01], count + 1
        assert fewest(result, found, limit_m, 1).tolist() == [count]
        assert count >= 2
