"""Sites proposed for a district: what they promise is what a new assessment finds."""

import itertools
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import few
from measured_towns import STANDARD, random_town

import planner
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import Open, OpenInternal
from planner.errors import InputError
from planner.siting import budget_curve, candidate_sites, coverage_curve, phases, robustness
from planner.siting.costs import builtin_costs, read_costs
from planner.views.words.ranges import proposal_rows, relocation_rows
from planner.views.words.siting.proposals import answer
from planner.views.words.siting.relocations import relocation_answer

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
LENGTH = 4000


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def on_street(metres: float) -> shapely.Point:
    return shapely.Point(X + metres, Y)


@pytest.fixture(scope="module")
def street() -> District:
    """A street of 4 km, homes every 100 m, a clinic at its start, a unit's own one at 1,000 m."""
    at = np.arange(50, LENGTH, 100.0)
    people = 10.0 + np.arange(len(at)) % 7
    sites = [600.0, 1500.0, 2000.0, 2600.0, 3600.0]
    layers = {
        "communities": frame(
            [
                shapely.box(X - 50, Y - 50, X + 2000, Y + 50),
                shapely.box(X + 2000, Y - 50, X + LENGTH + 50, Y + 50),
            ],
            community_id=["1", "2"],
            name=["West", "East"],
        ),
        "streets": frame([shapely.LineString([on_street(0), on_street(LENGTH)])], street_id=["s"]),
        "facilities": frame(
            [on_street(0), on_street(1000), on_street(3000), on_street(0)],
            facility_id=["f", "unit", "hall", "books"],
            name=["Clinic", "Works clinic", "Hall", "Library"],
            kind=["clinic", "clinic", "service_station", "library"],
            ownership=["public", "internal", "public", "public"],
            floor_area_m2=[150.0, 150.0, 900.0, 50.0],
        ),
        "demand": frame(
            [on_street(metres) for metres in at],
            demand_id=[f"d{n}" for n in range(len(at))],
            community_id=["1" if metres < 2000 else "2" for metres in at],
            population=people,
            pop_65plus=np.where(at > 3000, people, 1.0),
        ),
        "candidates": frame(
            [on_street(metres) for metres in sites],
            candidate_id=[f"c{n}" for n in range(len(sites))],
            name=["", "North yard", "", "", ""],
            cost=[100.0, 50.0, np.nan, 80.0, 10.0],
            floor_area_m2=[200.0, 200.0, 200.0, 200.0, 200.0],
            kinds=["", "clinic;library", "library", "", ""],
        ),
    }
    return District.from_layers("Street", layers, complete=builtin_kinds())


@pytest.fixture(scope="module")
def result(street):
    return planner.assess(street)


def covered(assessment, kind="clinic", group="population") -> float:
    table = assessment.summary()
    row = table[(table["kind"] == kind) & (table["group"] == group)]
    return float(row["covered"].iloc[0])


def best_by_trying(result, sites, count, group="population") -> float:
    """Most residents gained by any choice of candidates, each assessed anew."""
    before = covered(result, group=group)
    gains = []
    for chosen in itertools.combinations(range(len(sites)), count):
        changes = [
            OpenInternal(sites["facility_id"].iloc[n])
            if sites["origin"].iloc[n] == "internal"
            else Open(f"n{n}", "clinic", sites.geometry.iloc[n].x, sites.geometry.iloc[n].y)
            for n in chosen
        ]
        gains.append(covered(result.apply(Scenario("try", changes)), group=group) - before)
    return max(gains)


@pytest.mark.long
@pytest.mark.parametrize("count", few([1, 2, 3], 2))
@pytest.mark.parametrize("group", ["population", "pop_65plus"])
def test_the_answer_is_the_best_of_all_choices_and_exact(result, count, group):
    proposal = planner.propose(result, "clinic", count, group=group)
    sites = proposal.candidates
    assert proposal.gained == best_by_trying(result, sites, count, group)
    assert covered(proposal.after, group=group) - covered(result, group=group) == proposal.gained
    assert proposal.optimal
    assert proposal.bound == proposal.objective == proposal.gained
    assert proposal.sites["gained"].sum() == proposal.gained
    assert proposal.sites["serves"].sum() == proposal.gained
    assert proposal.homes()[group].sum() == proposal.gained
    assert (proposal.homes()["distance_m"] <= 300).all()


def test_a_units_own_clinic_is_opened_not_built(result):
    proposal = planner.propose(result, "clinic", 5)
    internal = [change for change in proposal.changes() if isinstance(change, OpenInternal)]
    assert [change.facility_id for change in internal] == ["unit"]
    row = proposal.sites[proposal.sites["origin"] == "internal"]
    assert row["cost"].tolist() == [builtin_costs().open_internal]


def test_candidates_keep_to_their_kinds_and_prices(result):
    sites = candidate_sites(result, "clinic", ["candidates"])
    assert sites["site_id"].tolist() == ["c0", "c1", "c3", "c4"]
    assert sites["cost"].tolist() == [100.0, 50.0, 80.0, 10.0]
    library = candidate_sites(result, "library", ["candidates"])
    unpriced = library.set_index("site_id").loc["c2", "cost"]
    assert unpriced == builtin_costs().site(200.0)


def test_premises_with_room_to_spare_may_be_shared(result):
    premises = candidate_sites(result, "clinic", ["premises"])
    assert premises["facility_id"].tolist() == ["hall"]
    area = shapely.box(X, Y - 10, X + 100, Y + 10)
    assert candidate_sites(result, "clinic", ["premises"], within=area).empty
    assert candidate_sites(result, "clinic", ["premises"], without=area)["facility_id"].size == 1


@pytest.mark.parametrize("origin", ["homes", "grid", "streets"])
def test_places_can_be_generated(result, origin):
    sites = candidate_sites(result, "clinic", [origin], spacing_m=400.0)
    assert sites["site_id"].is_unique
    area = result.district.communities.union_all()
    assert sites.within(area.buffer(0.01)).all()
    if origin == "homes":
        assert len(sites) == 10


def test_a_budget_is_kept(result):
    proposal = planner.propose(result, "clinic", budget=60.0)
    assert proposal.cost <= 60.0
    sites = proposal.candidates
    best = 0.0
    for count in range(1, len(sites) + 1):
        for chosen in itertools.combinations(range(len(sites)), count):
            if sites["cost"].iloc[list(chosen)].sum() <= 60.0:
                changes = [
                    Open(f"n{n}", "clinic", sites.geometry.iloc[n].x, sites.geometry.iloc[n].y)
                    for n in chosen
                ]
                after = covered(result.apply(Scenario("try", changes)))
                best = max(best, after - covered(result))
    assert proposal.gained == best


def test_everyone_in_reach_is_served_by_the_fewest(result):
    proposal = planner.propose(result, "clinic", objective="everyone")
    reach = planner.propose(result, "clinic", len(proposal.candidates))
    assert proposal.gained == reach.gained
    fewer = planner.propose(result, "clinic", len(proposal.sites) - 1)
    assert fewer.gained < proposal.gained


def test_least_walking_is_what_a_new_assessment_adds_up(result):
    proposal = planner.propose(result, "clinic", 2, objective="distance")
    people = result.district.people()["population"].to_numpy()
    walked = float(people @ proposal.after.distances["clinic"].to_numpy())
    assert proposal.objective == pytest.approx(walked, rel=1e-9)
    for chosen in itertools.combinations(range(len(proposal.candidates)), 2):
        shapes = proposal.candidates.geometry.iloc[list(chosen)]
        changes = [Open(f"n{n}", "clinic", p.x, p.y) for n, p in enumerate(shapes)]
        other = result.apply(Scenario("try", changes)).distances["clinic"].to_numpy()
        assert float(people @ other) >= walked - 1e-6


def test_the_curve_rises_and_ends_where_all_are_served(result):
    proposal = planner.propose(result, "clinic", 2)
    curve = coverage_curve(proposal, 20)
    assert curve["gained"].is_monotonic_increasing
    assert (curve["bound"] >= curve["gained"]).all()
    assert curve["gained"].iloc[1] == proposal.gained
    assert curve["marginal"].sum() == curve["gained"].iloc[-1]
    everyone = planner.propose(result, "clinic", len(proposal.candidates))
    assert curve["gained"].iloc[-1] == everyone.gained


def test_phases_are_nested_and_tell_what_that_costs(result):
    proposal = planner.propose(result, "clinic", 3)
    table = phases(proposal, [1, 2, 3])
    opened = [ids.split(";") for ids in table["site_ids"]]
    assert sorted(itertools.chain(*opened)) == sorted(proposal.sites["site_id"])
    assert table["gained"].iloc[-1] == proposal.gained
    assert (table["nesting_cost"] >= 0).all()
    assert (table["gained"] + table["nesting_cost"] <= table["bound"]).all()
    with pytest.raises(InputError, match="must rise"):
        phases(proposal, [2, 2, 3])


def test_in_its_last_year_an_order_costs_nothing_and_no_year_is_held_against_more_money(result):
    proposal = planner.propose(result, "clinic", budget=180)
    table = phases(proposal, [*range(1, len(proposal.sites) + 1)])
    assert len(table) > 1
    assert table["nesting_cost"].iloc[-1] == 0
    assert table["free"].iloc[-1] == proposal.gained
    least = planner.propose(result, "clinic", 1, budget=180)
    assert table["free"].iloc[0] == least.gained
    walked = planner.propose(result, "clinic", 2, objective="distance")
    table = phases(walked, [1, 2])
    assert table["nesting_cost"].iloc[-1] == 0


def test_a_step_of_money_is_held_against_the_step_before_it(result):
    curve = budget_curve(planner.propose(result, "clinic", 2))
    before = curve[["budget", "gained"]].shift(fill_value=0.0)
    each = (curve["gained"] - before["gained"]) / (curve["budget"] - before["budget"])
    assert curve["per_unit"].tolist() == pytest.approx(each.tolist())
    assert (curve["marginal"] > 0).all()


@pytest.mark.parametrize("where", ["streets", "homes"])
def test_places_that_are_made_up_do_not_hang_on_the_order_of_rows(where):
    town = random_town(3)
    shuffled = {
        name: getattr(town, name).sample(frac=1, random_state=5).reset_index(drop=True)
        for name in ("streets", "demand")
    }
    made = [
        candidate_sites(planner.assess(each, STANDARD), "clinic", where=[where], spacing_m=120)
        for each in (town, town.with_layers(**shuffled))
    ]
    one, other = (each.sort_values("site_id")["site_id"].tolist() for each in made)
    assert one == other
    assert len(one) > 5


def test_what_can_be_gone_through_once_only_is_heeded(result):
    sites = candidate_sites(result, "clinic")["site_id"].tolist()
    found = planner.propose(
        result, "clinic", 2, fixed=(each for each in sites[:1]), forbidden=pd.Series(sites[1:2])
    )
    assert sites[0] in found.sites["site_id"].tolist()
    assert sites[1] not in found.candidates["site_id"].tolist()


def test_robustness_tries_a_tighter_limit_and_each_site_missing(result):
    proposal = planner.propose(result, "clinic", 2)
    table = robustness(proposal).set_index("case")
    assert table.loc["as_planned", "gained"] == proposal.gained
    assert (table.loc["without_site", "gained"] < proposal.gained).all()
    tight = planner.assess(result.district)
    before = tight.distances["clinic"] <= 270
    after = proposal.after.distances["clinic"] <= 270
    people = result.district.people()["population"].to_numpy()
    assert table.loc["tighter_limit", "gained"] == people[(after & ~before).to_numpy()].sum()


def test_alternatives_say_what_a_swap_loses(result):
    proposal = planner.propose(result, "clinic", 2)
    table = proposal.alternatives(1.0)
    assert table["gained"].max() <= proposal.gained
    for row in table.itertuples():
        kept = [site for site in proposal.sites["site_id"] if site != row.site_id]
        places = proposal.candidates.set_index("site_id").loc[[*kept, row.instead]].geometry
        changes = [Open(f"n{n}", "clinic", p.x, p.y) for n, p in enumerate(places)]
        gained = covered(result.apply(Scenario("try", changes))) - covered(result)
        assert gained == row.gained
        assert row.loss == pytest.approx(1 - gained / proposal.gained)


def test_the_asked_hour_is_that_of_the_proposal(street):
    late = planner.assess(street, at="Su 22:00")
    proposal = planner.propose(late, "clinic", 1)
    assert covered(proposal.after) - covered(late) == proposal.gained > 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "library"}, "no limit"),
        ({"objective": "beauty"}, "not an objective"),
        ({"where": ["sky"]}, "not an origin"),
        ({"group": "pop_none"}, "pop_none"),
        ({"new": 0}, "at least 1"),
        ({"new": 99}, "at most"),
        ({"where": ["grid"], "spacing_m": 0}, "spacing"),
        ({"limit_m": 100_000.0}, "Nobody lives beyond"),
        ({"within": shapely.box(0, 0, 1, 1)}, "no place to choose"),
        ({"budget": 1.0, "new": None}, "too small"),
    ],
)
def test_what_cannot_be_answered_says_why(result, options, words):
    given = {"kind": "clinic", "new": 1, **options}
    with pytest.raises(InputError, match=words):
        planner.propose(result, **given)


def test_prices_in_another_currency_than_the_district_s_are_refused(result):
    euros = replace(builtin_costs(), currency="EUR 1,000")
    with pytest.raises(InputError, match="EUR 1,000"):
        candidate_sites(result, "clinic", ["candidates"], costs=euros)
    assert len(candidate_sites(result, "clinic", ["streets"], costs=builtin_costs()))


def test_own_prices_are_read_and_checked(tmp_path):
    text = builtin_costs.__wrapped__.__globals__["_BUILTIN"].read_text(encoding="utf-8")
    own = tmp_path / "costs.toml"
    own.write_text(text.replace("fixed = 60.0", "fixed = 90.0"), encoding="utf-8")
    assert read_costs(own).site(None) == 90.0
    own.write_text(text.replace("fixed = 60.0", "fixed = -1"), encoding="utf-8")
    with pytest.raises(InputError, match=r"costs\.toml: site\.fixed is -1"):
        read_costs(own)
    path = "path = { fixed = 3.0, per_m = 0.12"
    for entry, unread in {
        "site.clinic": f"{text}\n[site.clinic]\nfixed = 30.0\n",
        "demolish": f"{text}\n[demolish]\nfixed = 3.0\n",
        "link.path.per_km": text.replace(path, f"{path}, per_km = 1.0"),
        "curency": text.replace("currency =", "curency ="),
    }.items():
        own.write_text(unread, encoding="utf-8")
        with pytest.raises(InputError, match=f"no price is read from '{entry}'"):
            read_costs(own)
    own.write_text("\ufeff" + text, encoding="utf-8")
    assert read_costs(own) == builtin_costs()
    with pytest.raises(InputError, match="no price file"):
        read_costs(tmp_path / "none.toml")
    with pytest.raises(InputError, match="not a kind of work"):
        builtin_costs().link("tunnel", 5.0)


@pytest.mark.long
def test_the_worst_off_community_comes_first(result):
    proposal = planner.propose(result, "clinic", 2, objective="worst_first")

    def shares(assessment):
        table = assessment.league("community")
        rows = table[(table["kind"] == "clinic") & (table["group"] == "population")]
        return rows["share"]

    worst = []
    for chosen in itertools.combinations(range(len(proposal.candidates)), 2):
        sites = proposal.candidates.iloc[list(chosen)]
        changes = [Open(f"n{n}", "clinic", p.x, p.y) for n, p in enumerate(sites.geometry)]
        worst.append(shares(result.apply(Scenario("try", changes))).min())
    assert shares(proposal.after).min() == pytest.approx(max(worst))
    assert proposal.objective == pytest.approx(max(worst))


@pytest.mark.long
def test_the_longest_walk_is_as_short_as_any_choice_makes_it(result):
    proposal = planner.propose(result, "clinic", 2, objective="farthest")
    longest = []
    for chosen in itertools.combinations(range(len(proposal.candidates)), 2):
        sites = proposal.candidates.iloc[list(chosen)]
        changes = [Open(f"n{n}", "clinic", p.x, p.y) for n, p in enumerate(sites.geometry)]
        longest.append(result.apply(Scenario("try", changes)).distances["clinic"].max())
    assert proposal.after.distances["clinic"].max() == pytest.approx(min(longest))
    assert proposal.objective == pytest.approx(min(longest))


@pytest.fixture(scope="module")
def hoped(street):
    """The street with another clinic at 2,050 m that does not tell its hours, asked at night."""
    table = street.facilities.assign(opening_hours="24/7")
    silent = table.iloc[[0]].assign(facility_id="silent", opening_hours="")
    silent = silent.set_geometry([on_street(2050)], crs=CRS)
    both = gpd.GeoDataFrame(pd.concat([table, silent], ignore_index=True), crs=CRS)
    return planner.assess(street.with_layers(facilities=both), at="Su 22:00")


def check_rows(rows, results):
    """Rows before and after are those of the summaries."""
    for row, result in zip(rows, results, strict=True):
        summary = result.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
        for name in ("covered", "uncovered", "share", "unknown", "share_low", "share_high"):
            assert row[name] == pytest.approx(summary[name], nan_ok=True)


def test_coverage_before_and_after_is_that_of_an_assessment_where_hours_are_not_known(hoped):
    found = planner.propose(hoped, "clinic", new=2)
    assert found.gained_unsure > 0
    check_rows(proposal_rows(found), (hoped, found.after))
    assert any("not known that they lack it today" in sentence for sentence in answer(found))


def test_a_move_tells_the_coverage_of_an_assessment_where_hours_are_not_known(hoped):
    found = planner.relocate(hoped, "clinic", 1)
    check_rows(relocation_rows(found), (hoped, found.after))
    told = " ".join(relocation_answer(found))
    assert ("not known that they lack it" in told) == (found.gained_unsure > 0)


def test_a_site_that_brings_nobody_within_the_limit_has_no_homes(street):
    """Least walking is asked where all are within the limit already."""
    rule = planner.district.Rule("clinic", 10_000.0)
    far = planner.district.Standard("far", "Far", "远", "made up", {"clinic": rule})
    found = planner.propose(planner.assess(street, far), "clinic", new=1, objective="distance")
    assert found.gained == 0
    assert found.homes().empty
    assert list(found.homes()) == ["demand_id", "population", "site_id", "distance_m", "geometry"]


@pytest.mark.parametrize(("language", "within"), [("en", "within the budget"), ("zh", "预算以内")])
def test_what_is_proven_within_a_budget_is_said_to_be_so(result, language, within):
    """Without the budget another choice is better."""
    free = planner.propose(result, "clinic", 3)
    bound = planner.propose(result, "clinic", 3, budget=60.0)
    assert bound.optimal
    assert bound.gained < free.gained
    assert within in answer(bound, language)[-1 - len(bound.findings)]
    assert within not in answer(free, language)[-1 - len(free.findings)]
