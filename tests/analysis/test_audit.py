import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import planner
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.checkup import checkup
from planner.analysis.compliance.clauses import clause_finding, verdict
from planner.district import AreaTarget, District, Rule, Standard
from planner.views.words.labels import Labels


def standard(*rules, areas=()):
    return Standard("own", "Own", "自定", "test", {r.kind: r for r in rules}, areas=tuple(areas))


def row(table, area_id, requirement, kind="clinic", group="population"):
    found = table[
        (table["area_id"] == area_id)
        & (table["requirement"] == requirement)
        & (table["kind"] == kind)
        & (table["group"] == group)
    ]
    assert len(found) == 1
    return found.iloc[0]


def with_facilities(town, **columns):
    facilities = town.facilities.copy()
    for name, values in columns.items():
        facilities[name] = values
    return town.with_layers(facilities=facilities)


@pytest.mark.long
def test_a_distance_clause_by_hand(town):
    # 001: 100 + 50 of 180 within 310 m of the clinic at x = 50; 002: nobody of 60, 7 unknown
    table = audit(planner.assess(town, standard(Rule("clinic", 320.0, share=0.9))))
    west = row(table, "001", "distance")
    assert (west["found"], west["of"], west["unknown"]) == (pytest.approx(150 / 180), 180, 0)
    assert west["attained"] == pytest.approx(150 / 180 / 0.9)
    assert west["short_by"] == pytest.approx(0.9 * 180 - 150)
    assert west["met"] is np.False_ or west["met"] is False
    east = row(table, "002", "distance")
    assert (east["short_by"], east["unknown"]) == (pytest.approx(54), 7)
    assert np.isnan(east["found"])  # 7 of 67 are too many
    assert east["found_low"] == 0
    assert east["found_high"] == pytest.approx(7 / 67)


@pytest.mark.long
def test_what_is_not_known_leaves_the_clause_open(town):
    table = audit(planner.assess(town, standard(Rule("clinic", 5000.0))))
    east = row(table, "002", "distance")
    assert np.isnan(east["found"])  # "all of those known" would be taken for all
    assert (east["found_low"], east["found_high"]) == (pytest.approx(60 / 67), 1)
    assert east["attained_low"] <= east["attained"] <= east["attained_high"]
    assert pd.isna(east["met"])
    assert row(table, "001", "distance")["met"]


@pytest.mark.long
def test_a_group_that_a_community_does_not_tell_leaves_the_clause_open_there(town):
    demand = town.demand.copy()
    silent = town.communities["community_id"].iloc[0]
    demand["pop_x"] = np.where(demand["community_id"] == silent, np.nan, 5.0)
    result = planner.assess(town.with_layers(demand=demand), groups=["pop_x"])
    rows = audit(result)
    rows = rows[(rows["requirement"] == "distance") & (rows["kind"] == "clinic")]
    told = rows.set_index("area_id").loc[silent]
    assert verdict(told) == "open"
    assert (told["attained_low"], told["attained_high"]) == (0, 1)


def test_a_group_with_its_own_limit_has_its_own_clause(town):
    rule = Rule("clinic", 320.0, limits={"pop_65plus": 100.0})
    table = audit(planner.assess(town, standard(rule)))
    assert row(table, "001", "distance", group="pop_65plus")["found"] == pytest.approx(10 / 18)
    assert row(table, "001", "distance")["found"] == pytest.approx(150 / 180)


@pytest.mark.long
def test_one_level_does_not_stand_in_for_another(town):
    district = with_facilities(town, kind=["health_centre", "health_centre", "library"])
    rules = standard(Rule("health_centre", 5000.0), Rule("clinic", 5000.0))
    table = audit(planner.assess(district, rules))
    assert row(table, "001", "distance", "health_centre")["met"]
    assert row(table, "001", "distance", "clinic")["found"] == 0


@pytest.mark.long
def test_floor_area_of_what_serves_the_residents(town):
    # open both clinics: the first serves a, b, c (and d, 600 m), the second e within 500 m
    open_all = {"ownership": "public", "floor_area_m2": [100.0, np.nan, 5.0]}
    district = with_facilities(town, **open_all)
    table = audit(planner.assess(district, standard(Rule("clinic", 500.0, floor_area_m2=120.0))))
    west, east = (row(table, area, "floor_area") for area in ("001", "002"))
    assert (west["found"], west["of"], west["unknown"], west["short_by"]) == (100, 1, 0, 20)
    assert west["attained"] == pytest.approx(100 / 120)
    assert bool(west["met"]) is False
    assert np.isnan(east["found"])
    assert np.isnan(east["attained"])
    assert (east["attained_low"], east["attained_high"], east["unknown"]) == (0, 1, 1)
    assert pd.isna(east["met"])


def served_under_an_hour(town, rule, hours, areas):
    """Judge the town's two clinics with these hours and floor areas on a Monday at ten."""
    asked = with_facilities(
        town, ownership="public", opening_hours=[*hours, None], floor_area_m2=[*areas, 5.0]
    )
    return planner.assess(asked, standard(rule), at="Mo 10:00")


OPEN, SHUT = "Mo-Fr 08:00-17:00", "Mo-Fr 20:00-22:00"


@pytest.mark.long
@pytest.mark.parametrize("clause", ["floor_area", "residents"])
def test_what_only_facilities_of_unknown_hours_serve_is_open(town, clause):
    rule = Rule("clinic", 500.0, floor_area_m2=120.0, residents_per_facility=1000.0)
    for hours, open_ in ((None, True), (SHUT, False)):
        result = served_under_an_hour(town, rule, (OPEN, hours), (150.0, 150.0))
        east = row(audit(result), "002", clause)
        assert verdict(east) == ("open" if open_ else "nothing")
        assert (east["of"], east["unknown"]) == (open_, open_)
        if open_:
            assert (east["attained_low"], east["attained_high"]) == (0, 1)
            assert "whether" in str(clause_finding(east, result))
        assert row(audit(result), "001", clause)["met"]


@pytest.mark.long
def test_the_range_of_a_score_holds_what_it_is_whatever_the_unknown_hours_are(town):
    rule = Rule("clinic", 500.0, floor_area_m2=120.0)
    for areas in ((150.0, 150.0), (150.0, 60.0), (60.0, 150.0)):
        unknown = checkup(served_under_an_hour(town, rule, (OPEN, None), areas)).scores
        for hours in (OPEN, SHUT):
            known = checkup(served_under_an_hour(town, rule, (OPEN, hours), areas)).scores
            assert (unknown["score_low"] <= known["score"] + 1e-9).all()
            assert (known["score"] <= unknown["score_high"] + 1e-9).all()


@pytest.mark.long
def test_a_facility_that_may_serve_beside_one_that_does_widens_the_clause(town):
    # both serve the whole district; whether the second does is not known
    rule = Rule("clinic", 500.0, floor_area_m2=120.0)
    bounds = {"sure": [], "perhaps": None}
    for hours in (OPEN, SHUT, None):
        result = served_under_an_hour(town, rule, (OPEN, hours), (150.0, 60.0))
        found = row(audit(result, "district"), "", "floor_area")
        if hours is None:
            bounds["perhaps"] = found
        else:
            bounds["sure"].append(found)
    perhaps = bounds["perhaps"]
    assert (perhaps["of"], perhaps["unknown"]) == (2, 1)
    assert (perhaps["short_by_low"], perhaps["short_by_high"]) == (0, 60)
    assert (perhaps["found_low"], perhaps["found_high"]) == (60, 150)
    assert verdict(perhaps) == "open"
    for known in bounds["sure"]:
        assert perhaps["attained_low"] <= known["attained"] <= perhaps["attained_high"]
    # what is large enough whoever serves is met, and what is too small is missed
    met = served_under_an_hour(town, rule, (OPEN, None), (150.0, 130.0))
    missed = served_under_an_hour(town, rule, (OPEN, None), (60.0, 60.0))
    for result, judged in ((met, "met"), (missed, "missed")):
        found = row(audit(result, "district"), "", "floor_area")
        assert verdict(found) == judged
        assert clause_finding(found, result).code == f"checkup.floor_area_{judged}_perhaps"
        assert str(clause_finding(found, result))


@pytest.mark.long
def test_a_facility_that_may_serve_behind_another_that_may_counts_as_unknown(town):
    # nearest of anybody only where the one at x = 950 is shut
    behind = gpd.points_from_xy([50, 950, 960], [0, 0, 0], crs=town.crs)
    kinds = {"kind": "clinic", "ownership": "public", "floor_area_m2": [150.0, 150.0, 60.0]}
    rule = Rule("clinic", 500.0, floor_area_m2=120.0)
    asked = with_facilities(town, geometry=behind, opening_hours=[OPEN, None, None], **kinds)
    found = row(
        audit(planner.assess(asked, standard(rule), at="Mo 10:00"), "district"), "", "floor_area"
    )
    assert (found["of"], found["unknown"]) == (3, 2)
    assert (found["found_low"], verdict(found)) == (60, "open")


@pytest.mark.long
def test_an_unknown_floor_area_beside_a_small_one_gives_what_is_missing_as_a_range(town):
    district = with_facilities(town, ownership="public", floor_area_m2=[100.0, np.nan, 5.0])
    result = planner.assess(district, standard(Rule("clinic", 500.0, floor_area_m2=120.0)))
    found = row(audit(result, "district"), "", "floor_area")
    assert (found["short_by"], found["short_by_low"], found["short_by_high"]) == (20, 20, 140)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("level", ["community", "district"])
def test_what_is_missing_lies_in_its_range(at_night, level):
    table = audit(at_night, level)
    told = table[table["short_by"].notna() & table["short_by_low"].notna()]
    assert len(told)
    assert (told["short_by_low"] <= told["short_by"] + 1e-6).all()
    assert (told["short_by"] <= told["short_by_high"] + 1e-6).all()


@pytest.mark.long
def test_nothing_to_judge_is_neither_met_nor_missed(town):
    table = audit(planner.assess(town, standard(Rule("clinic", 100.0, floor_area_m2=120.0))))
    east = row(table, "002", "floor_area")
    assert pd.isna(east["met"])
    assert east[["found", "attained", "attained_low", "attained_high"]].isna().all()
    assert east["of"] == 0


def test_residents_of_a_facility_wherever_they_live(town):
    rule = Rule("clinic", 700.0, residents_per_facility=150.0)
    table = audit(planner.assess(town, standard(rule)))
    west = row(table, "001", "residents")
    # all 240 residents whose way is known go to the one open clinic; 7 may
    assert (west["found"], west["found_high"]) == (240, 247)
    assert west["attained"] == pytest.approx(150 / 240)
    assert (west["short_by"], west["of"]) == (90, 1)
    assert bool(row(table, "002", "residents")["met"]) is False


@pytest.mark.long
def test_a_facility_that_may_be_open_leaves_presence_unknown(town):
    # West's clinic is open at that hour; East's tells no hours, or is known to be shut
    rules = standard(Rule("clinic", 300.0, presence="community"))
    for hours, range_, met in ((None, (0, 1), None), ("Mo 20:00-22:00", (0, 0), False)):
        asked = with_facilities(
            town, ownership="public", opening_hours=["Mo-Fr 08:00-17:00", hours, None]
        )
        result = planner.assess(asked, rules, at="Mo 10:00")
        east = row(audit(result), "002", "presence")
        assert (east["found_low"], east["found_high"]) == range_
        assert (east["unknown"], east["short_by_low"]) == (range_[1], 1 - range_[1])
        assert east["short_by_high"] == 1
        assert np.isnan(east["short_by"]) if met is None else east["short_by"] == 1
        assert pd.isna(east["met"]) if met is None else east["met"] == met
        whole = row(audit(result, "subdistrict"), "Town", "presence")
        assert (whole["found_low"], whole["found_high"]) == (1, 1 + range_[1])
        assert whole["attained_low"] <= whole["attained"] <= whole["attained_high"]
        assert row(audit(result), "001", "presence")["met"]


def test_presence_that_is_missed_though_some_are_unknown_tells_so(town):
    # at night West's clinic is shut for certain, East's tells no hours: at most one of two
    rules = standard(Rule("clinic", 300.0, presence="community"))
    asked = with_facilities(
        town, ownership="public", opening_hours=["Mo-Fr 08:00-17:00", None, None]
    )
    result = planner.assess(asked, rules, at="Mo 22:00")
    whole = row(audit(result, "subdistrict"), "Town", "presence")
    assert (whole["found_low"], whole["found_high"], whole["short_by_low"]) == (0, 1, 1)
    assert verdict(whole) == "missed"
    assert clause_finding(whole, result).code == "checkup.presence_missed_at_least"
    east = row(audit(result), "002", "presence")
    assert "known of 0 of 1, possible in 1" in str(clause_finding(east, result))


@pytest.mark.long
def test_presence_counts_communities_with_one_inside(town):
    rules = standard(Rule("clinic", 300.0, presence="community"))
    result = planner.assess(town, rules)
    assert row(audit(result), "001", "presence")["met"]
    assert bool(row(audit(result), "002", "presence")["met"]) is False
    town_row = row(audit(result, "subdistrict"), "Town", "presence")
    assert (town_row["found"], town_row["required"], town_row["attained"]) == (1, 2, 0.5)
    assert row(audit(result, "district"), "", "presence")["short_by"] == 1
    in_subdistrict = standard(Rule("clinic", 300.0, presence="subdistrict"))
    result = planner.assess(town, in_subdistrict)
    assert "presence" not in set(audit(result)["requirement"])
    assert row(audit(result, "subdistrict"), "Town", "presence")["met"]


@pytest.mark.long
def test_area_for_households_and_residents(town):
    communities = town.communities.copy()
    communities["households"] = [1000, np.nan]
    district = with_facilities(
        town.with_layers(communities=communities),
        kind="service_station",
        ownership="public",
        floor_area_m2=[240.0, 200.0, np.nan],
    )
    households = AreaTarget(("service_station",), 30.0)
    residents = AreaTarget(("service_station",), 1.0, per="residents", count=1.0)
    result = planner.assess(district, standard(areas=[households, residents]))
    table = audit(result)
    west = row(table, "001", "area", "service_station", "households")
    # 240 m² and one facility of unknown area for 1000 households
    assert np.isnan(west["found"])
    assert (west["found_low"], west["found_high"]) == (24, np.inf)
    assert np.isnan(west["short_by"])  # the other may have all that is missing, or nothing
    assert (west["short_by_low"], west["short_by_high"], west["unknown"]) == (0, 60, 1)
    assert pd.isna(west["met"])
    east = row(table, "002", "area", "service_station", "households")
    assert pd.isna(east["met"])
    assert (east["attained_low"], east["attained_high"]) == (0, 1)
    assert verdict(east) == "open"
    assert row(table, "002", "area", "service_station", "residents")["found_low"] == 200 / 67
    assert row(table, "002", "area", "service_station", "residents")["met"]
    whole = audit(result, "district")
    assert verdict(row(whole, "", "area", "service_station", "households")) == "open"
    # the library on the common boundary is inside both communities, but once in the district
    assert row(whole, "", "area", "service_station", "residents")["of"] == 3


@pytest.mark.parametrize(("asked", "judged"), [(60.0, "missed"), (30.0, "open")])
def test_households_that_are_told_may_be_too_many_already(town, asked, judged):
    """440 m² for 1,000 households and those of a community that does not tell them."""
    communities = town.communities.assign(households=[1000, np.nan])
    floors = with_facilities(
        town.with_layers(communities=communities),
        kind="service_station",
        ownership="public",
        floor_area_m2=[240.0, 200.0, 0.0],
    )
    target = AreaTarget(("service_station",), asked)
    result = planner.assess(floors, standard(areas=[target]))
    found = row(audit(result, "district"), "", "area", "service_station", "households")
    assert (verdict(found), found["found_high"]) == (judged, 44)
    assert found["short_by_low"] == max(asked * 10 - 440, 0)
    told = clause_finding(found, result)
    assert told.code == f"checkup.area_households_{judged}_untold"
    assert "nan" not in Labels("en").finding(told, result.district.kinds)


def test_a_target_of_kinds_of_which_one_has_no_data_names_it(town):
    """Of clinics it is known that there are two, of police rooms nothing."""
    layers = {**town.layers, "facilities": town.facilities}
    bare = District.from_layers(town.name, layers, complete=["clinic"])
    target = AreaTarget(("clinic", "police_room"), 50.0, per="residents", count=1.0)
    result = planner.assess(bare, standard(areas=[target]))
    assert not bare.has_data("police_room")
    found = row(audit(result, "district"), "", "area", "clinic;police_room", "residents")
    assert verdict(found) == "open"
    told = clause_finding(found, result)
    assert told.code == "checkup.area_residents_open_without"
    assert told.params["kind"] == "police_room"
    assert "no source tells of" in Labels("en").finding(told, bare.kinds)


@pytest.mark.long
def test_estimates_are_not_set_against_residents(town):
    demand = town.demand.rename(columns={"population": "weight"})
    rules = standard(
        Rule("clinic", 320.0, residents_per_facility=5.0),
        areas=[AreaTarget(("clinic",), 1.0, "residents", 1.0)],
    )
    table = audit(planner.assess(town.with_layers(demand=demand), rules))
    assert "residents" not in set(table["requirement"])
    assert table.loc[table["requirement"] == "area", "met"].isna().all()
    assert row(table, "001", "distance", group="weight")["found"] == pytest.approx(150 / 180)


@pytest.mark.long
@pytest.mark.parametrize("level", ["community", "subdistrict", "district"])
def test_a_standard_that_asks_nothing_has_no_clauses(town, level):
    table = audit(planner.assess(town, "blank"), level)
    assert table.empty
    assert {"area_id", "requirement", "met", "attained"} <= set(table)


@pytest.fixture(scope="module")
def at_night():
    return planner.assess(planner.demo_district(), at="Su 22:00")


@pytest.mark.long(but=1)
@pytest.mark.parametrize("level", ["community", "subdistrict", "district"])
def test_shares_stay_between_nothing_and_a_whole_on_the_demo(at_night, level):
    table = audit(at_night, level)
    figures = table[["attained", "attained_low", "attained_high"]]
    assert ((figures >= 0) & (figures <= 1) | figures.isna()).all(axis=None)
    known = table["attained"].notna()
    assert (table.loc[known, "attained_low"] <= table.loc[known, "attained"] + 1e-12).all()
    assert (table.loc[known, "attained"] <= table.loc[known, "attained_high"] + 1e-12).all()
    assert (table.loc[table["met"].fillna(False).astype(bool), "short_by"] < 1e-6).all()


def test_a_distance_that_is_missed_though_some_are_unknown_tells_both_ends(town):
    result = planner.assess(town, standard(Rule("clinic", 320.0, share=0.9)))
    east = row(audit(result), "002", "distance")
    finding = clause_finding(east, result)
    assert (verdict(east), finding.code) == ("missed", "checkup.distance_missed_at_least")
    told = str(finding)
    assert "between 0% and 10.4% live within 320 m where 90% is asked" in told
    assert "at least 53 are missing, and the distance of 7 is not known" in told
    west = clause_finding(row(audit(result), "001", "distance"), result)
    assert west.code == "checkup.distance_missed"
