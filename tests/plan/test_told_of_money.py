"""What is said of prices that are of a year, of years that passed, and of places paid for once."""

from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely
from street_town import CRS, X, Y, crowded_street
from test_coordination import decided

import planner
from planner.district import Connect, ExtendHours, Open, Scenario
from planner.plan import Plan
from planner.plan.coordination.fitting import misfits
from planner.siting.budget import best_mix
from planner.siting.candidates import PlaceOptions
from planner.siting.costs import builtin_costs
from planner.views.words.plan.joint_plan import compromise_sentences

SITE_M = 3200.0
COSTS = builtin_costs()


@pytest.fixture(scope="module")
def offered():
    """The street with one candidate of 1,000 m² for 100, whatever it is for."""
    layer = gpd.GeoDataFrame(
        {"candidate_id": ["k"], "cost": [100.0], "floor_area_m2": [1000.0]},
        geometry=[shapely.Point(X + SITE_M, Y)],
        crs=CRS,
    )
    return planner.assess(crowded_street().with_layers(candidates=layer))


def codes(findings) -> list[str]:
    return [each.code for each in findings]


@pytest.mark.long
def test_kinds_at_one_candidate_pay_for_its_building_once(file_plan: Plan, offered) -> None:
    (made,) = file_plan.propose(
        [Open("n", "clinic", X + 2300.0, Y)], assessment=offered, figures=False, cost=250.0
    )
    decided(file_plan, file_plan.edit(made, currency="CNY 10,000"))
    kinds = ["clinic", "police_room"]
    places = PlaceOptions(where=["candidates"])
    found = file_plan.compare(offered, kinds=kinds, places=places)
    at_site = found.free.actions[found.free.actions["remedy"] == "build"]
    assert list(at_site["kinds"]) == kinds
    # as a mix and a scenario price the same two
    scenario = Scenario("both", [Open(kind, kind, X + SITE_M, Y) for kind in kinds], CRS)
    shared = sum(planner.siting.change_prices.prices_of(offered, scenario.changes, COSTS))
    assert shared < 200.0
    assert found.free.cost == pytest.approx(shared) == pytest.approx(at_site["cost"].sum())
    (told,) = (each for each in found.findings if each.code == "plan.place_paid_once")
    assert (told.params["cost"], told.params["alone"]) == (pytest.approx(shared, abs=0.1), 200.0)
    said = compromise_sentences(found)
    assert found.each_alone
    assert any("a building of its own" in line for line in said)


@pytest.mark.long
def test_nothing_is_said_of_shared_buildings_where_one_kind_is_offered(file_plan, offered) -> None:
    (made,) = file_plan.propose(
        [Open("n", "clinic", X + 2300.0, Y)], assessment=offered, figures=False, cost=250.0
    )
    decided(file_plan, file_plan.edit(made, currency="CNY 10,000"))
    places = PlaceOptions(where=["candidates"])
    found = file_plan.compare(offered, kinds=["clinic"], places=places)
    assert not found.each_alone
    assert "plan.place_paid_once" not in codes(found.findings)


def test_several_kinds_at_one_candidate_have_no_more_room_than_it(file_plan, offered) -> None:
    site = shapely.Point(X + SITE_M, Y)
    steps = [
        Open(kind, kind, site.x, site.y, floor_area_m2=1000.0, building="k")
        for kind in ("clinic", "police_room")
    ]
    (made,) = file_plan.propose(Scenario("both", steps, CRS), assessment=offered, figures=False)
    assert made.floor_area_m2 == 1000.0
    assert [step.floor_area_m2 for step in made.changes] == [None, None]


def hours_of(plan: Plan, about, **values):
    steps = [ExtendHours("a", "24/7")]
    (made,) = plan.propose(steps, assessment=about, figures=False, **values)
    return decided(plan, made)


@pytest.fixture(scope="module")
def by_night():
    return planner.assess(crowded_street(), at="We 22:00")


@pytest.mark.long
def test_the_price_of_longer_hours_is_that_of_a_year(file_plan: Plan, by_night) -> None:
    hours_of(file_plan, by_night, year=2030)
    (told,) = file_plan.joint(by_night).findings
    assert told.code == "plan.prices_of_a_year"
    assert told.params == {"count": 1, "cost": COSTS.extend_hours, "currency": "CNY 10,000"}


@pytest.mark.long
def test_what_somebody_says_of_hours_is_theirs(file_plan: Plan, by_night) -> None:
    hours_of(file_plan, by_night, year=2030, cost=60.0, currency="CNY 10,000")
    assert file_plan.joint(by_night).findings == ()


@pytest.mark.long
def test_a_mix_tells_which_prices_are_of_a_year(by_night) -> None:
    place = by_night.district
    hours = ["Mo-Fr 08:00-17:00"] * len(place.facilities)
    tired = place.with_layers(facilities=place.facilities.assign(opening_hours=hours))
    asked = planner.assess(tired, at="We 22:00")
    found = best_mix(asked, 5000.0, ["clinic"], links=0)
    yearly = (found.table["remedy"] == "extend_hours").sum()
    assert yearly > 0
    (told,) = (each for each in found.findings if each.code == "siting.price_of_one_year")
    assert told.params["count"] == yearly


@pytest.mark.long
def test_a_year_that_passed_is_named(file_plan: Plan, offered) -> None:
    this = date.today().year
    for year in (this - 1, this):
        steps = [Open(f"n{year}", "clinic", X + 2300.0 + year, Y)]
        (made,) = file_plan.propose(steps, assessment=offered, figures=False)
        decided(file_plan, file_plan.edit(made, year=year, title=f"Clinic {year}"))
    (told,) = file_plan.joint(offered).findings
    assert told.code == "plan.year_passed"
    assert told.params == {"count": 1, "names": f"Clinic {this - 1}", "year": this}


def test_a_gate_that_the_streets_have_by_now_is_named(file_plan: Plan, offered) -> None:
    """Walls cut the street in two where its gate is shut; a newer file joins it."""
    whole = offered.district.streets
    (line,) = whole.geometry
    west, east = line.bounds[0], line.bounds[2]
    near, far = X + 1600.0, X + 1610.0
    halves = [shapely.LineString([(a, Y), (b, Y)]) for a, b in ((west, near), (far, east))]
    cut = gpd.GeoDataFrame({"street_id": ["w", "e"]}, geometry=halves, crs=whole.crs)
    shut = planner.assess(offered.district.with_layers(streets=cut))
    way = Connect(near, Y, far, Y)
    (made,) = file_plan.propose([way], assessment=shut, cost=1.0)
    gate_opened = replace(made, action="gate")
    assert misfits(shut.district, [gate_opened]) == []
    (told,) = misfits(offered.district, [gate_opened])
    assert (told.reason.code, told.reason.params) == ("plan.way_walked", {"walk_m": 10.0})
