"""One-stop sites of a district: promises kept by a new assessment, and the best there is."""

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import Open, OpenInternal
from planner.errors import InputError
from planner.siting import candidate_sites, compare_scenarios
from planner.siting.costs import builtin_costs
from planner.siting.one_stop_sites.gaps import kinds_with_gaps

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
KINDS = ["clinic", "police_room", "elderly_care"]
AREAS = {"clinic": 120.0, "police_room": 60.0, "elderly_care": 350.0}
ROOMS = [200.0, 600.0, 100.0, np.nan]
PRICES = [100.0, 260.0, 60.0, 90.0]
MAY = ["", "", "clinic;police_room", "elderly_care;clinic"]


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def on_street(metres: float) -> shapely.Point:
    return shapely.Point(X + metres, Y)


def street(**facilities: list) -> District:
    """A street of 3 km with a home every 100 m; a clinic at its start, a unit's own at 2,800 m."""
    at = np.arange(50, 3000, 100.0)
    people = 10.0 + np.arange(len(at)) % 7
    stands = {
        "facility_id": ["f", "unit", "hall"],
        "name": ["Clinic", "Works clinic", "Hall"],
        "kind": ["clinic", "clinic", "cultural_station"],
        "ownership": ["public", "internal", "public"],
        "floor_area_m2": [150.0, 150.0, 450.0],
    }
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 3050, Y + 50)], community_id=["1"], name=["Long"]
        ),
        "streets": frame([shapely.LineString([on_street(0), on_street(3000)])], street_id=["s"]),
        "facilities": frame(
            [on_street(0), on_street(2800), on_street(1400)], **{**stands, **facilities}
        ),
        "demand": frame(
            [on_street(metres) for metres in at],
            demand_id=[f"d{n}" for n in range(len(at))],
            community_id=["1"] * len(at),
            population=people,
            pop_65plus=np.where(at > 2000, people, 1.0),
        ),
        "candidates": frame(
            [on_street(metres) for metres in (500.0, 1200.0, 2000.0, 2600.0)],
            candidate_id=[f"c{n}" for n in range(4)],
            name=["Yard", "", "", ""],
            cost=PRICES,
            floor_area_m2=ROOMS,
            kinds=MAY,
        ),
    }
    return District.from_layers("Street", layers, complete=builtin_kinds())


@pytest.fixture(scope="module")
def result():
    return planner.assess(street())


@pytest.fixture(scope="module")
def demo():
    return planner.assess(planner.demo_district())


def covered(assessment, kinds, group="population") -> dict[str, float]:
    table = assessment.summary()
    rows = table[table["group"] == group].set_index("kind")["covered"]
    return {kind: float(rows[kind]) for kind in kinds}


def price(place: int, inside: tuple[str, ...]) -> float:
    """Price of a listed building by the words of the docs: the dearest first, the others less."""
    own = {k: min(PRICES[place], builtin_costs().site(AREAS[k])) for k in inside}
    first = max(inside, key=own.__getitem__)
    return PRICES[place] + sum(0.75 * own[k] for k in inside if k != first)


def saving(place: int, inside: tuple[str, ...], cost: float) -> float:
    """What the same kinds would cost more apart, in houses no larger than they need."""
    if len(inside) < 2:
        return 0.0
    return sum(min(PRICES[place], builtin_costs().site(AREAS[k])) for k in inside) - cost


def holds(place: int, inside: tuple[str, ...], fitting: bool) -> bool:
    listed = not MAY[place] or set(inside) <= set(MAY[place].split(";"))
    room = np.inf if np.isnan(ROOMS[place]) or not fitting else ROOMS[place]
    return listed and sum(AREAS[k] for k in inside) <= room


def assert_compared_at_its_price(proposal) -> None:
    """Compared as a scenario, also out of a file, a plan costs what the proposal says."""
    kept = Scenario.from_json(proposal.scenario("x").to_json())
    table = compare_scenarios(proposal.assessment, [kept]).table.set_index("measure")["value"]
    assert table["cost"] == pytest.approx(proposal.cost)
    assert table["gained_sum"] == pytest.approx(proposal.total)


def best_by_trying(result, budget, fitting, most) -> float:
    """Most residents gained by any filling of the four places and the door, assessed anew."""
    sets = [c for n in range(len(KINDS) + 1) for c in itertools.combinations(KINDS, n)]
    walks = np.array([500.0, 1200.0, 2000.0, 2600.0])
    homes = np.arange(50, 3000, 100.0)
    people = 10.0 + np.arange(len(homes)) % 7
    limits = {kind: result.limit_m(kind) for kind in KINDS}
    missed = {kind: result.distances[kind].to_numpy() > limits[kind] for kind in KINDS}
    near = {k: np.abs(homes[:, None] - walks) <= limits[k] for k in KINDS}
    door = np.abs(homes - 2800) <= limits["clinic"]
    options = [
        [s for s in sets if not s or holds(place, s, fitting)] for place in range(len(PRICES))
    ]
    best = 0.0
    for filled in itertools.product(*options, [False, True]):
        *insides, opened = filled
        cost = sum(price(n, s) for n, s in enumerate(insides) if s) + 8.0 * opened
        if cost > budget or sum(map(bool, filled)) > (most or 99):
            continue
        gain = 0.0
        for kind in KINDS:
            hit = near[kind][:, [kind in s for s in insides]].any(axis=1)
            hit |= door if opened and kind == "clinic" else False
            gain += people[hit & missed[kind]].sum()
        best = max(best, gain)
    return best


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("budget", "fitting", "most"),
    [(90, True, None), (200, True, None), (330, True, None), (330, False, 2), (700, False, None)],
)
def test_nothing_is_better_and_the_promise_is_kept(result, budget, fitting, most):
    proposal = planner.propose_one_stop(result, KINDS, budget, fitting=fitting, buildings=most)
    assert proposal.optimal
    assert proposal.total == proposal.bound == best_by_trying(result, budget, fitting, most)
    before, after = covered(result, KINDS), covered(proposal.after, KINDS)
    assert proposal.gained == {kind: after[kind] - before[kind] for kind in KINDS}
    assert proposal.cost <= budget
    assert most is None or len(proposal.buildings) <= most


@pytest.mark.long
def test_the_prices_are_those_of_the_docs(result):
    proposal = planner.propose_one_stop(result, KINDS, 700, fitting=False)
    for row in proposal.buildings.itertuples():
        inside = tuple(row.kinds.split(";"))
        if row.origin == "internal":
            assert (inside, row.cost, row.saved) == (("clinic",), 8.0, 0.0)
        else:
            place = int(row.site_id[1:])
            assert row.cost == pytest.approx(price(place, inside))
            assert row.saved == pytest.approx(saving(place, inside, row.cost))
    assert proposal.cost == pytest.approx(proposal.buildings["cost"].sum())
    assert proposal.saved == pytest.approx(proposal.buildings["saved"].sum())
    assert proposal.saved != 0
    assert_compared_at_its_price(proposal)


def test_a_house_that_is_larger_than_its_kinds_need_saves_nothing():
    district = street()
    large = district.candidates.assign(cost=1461.0, floor_area_m2=2000.0, kinds="")
    result = planner.assess(district.with_layers(candidates=large))
    options = {"where": ["candidates"], "buildings": 1}
    proposal = planner.propose_one_stop(result, KINDS[:2], 2000, **options)
    (row,) = proposal.buildings.to_dict("records")
    assert row["kinds"] == "clinic;police_room"
    assert row["cost"] == pytest.approx(1461.0 + 0.75 * 96.0)
    assert row["saved"] == pytest.approx(132.0 + 96.0 - row["cost"])  # dearer than two houses
    assert proposal.saved == pytest.approx(row["saved"])


@pytest.mark.long
def test_premises_take_what_fits_beside_their_own_and_cost_less():
    result = planner.assess(street())
    options = {"where": ["premises"], "fitting": False}
    proposal = planner.propose_one_stop(result, KINDS, 1000, **options)
    (row,) = proposal.buildings.itertuples()
    assert (row.facility_id, row.kinds) == ("hall", "clinic;police_room")
    assert row.cost == pytest.approx(0.75 * (60 + 0.6 * 120) + 0.75 * (60 + 0.6 * 60))
    assert row.needed_m2 == 180.0
    assert_compared_at_its_price(proposal)
    wide = planner.assess(street(floor_area_m2=[150.0, 150.0, 780.0]))
    (row,) = planner.propose_one_stop(wide, KINDS, 1000, **options).buildings.itertuples()
    assert row.kinds == "clinic;police_room;elderly_care"


def test_kinds_at_a_made_place_pay_the_dearest_in_full(result):
    proposal = planner.propose_one_stop(
        result, KINDS[:2], 220, where=["streets"], within=on_street(3000).buffer(5)
    )
    (row,) = proposal.buildings.to_dict("records")
    assert row["kinds"] == "clinic;police_room"
    assert row["cost"] == pytest.approx(132.0 + 0.75 * 96.0)
    assert row["saved"] == pytest.approx(0.25 * 96.0)
    assert np.isnan(row["floor_area_m2"])  # nothing stands there
    assert_compared_at_its_price(proposal)


def test_homes_and_buildings_add_up(result):
    proposal = planner.propose_one_stop(result, KINDS, 700, fitting=False)
    homes, buildings = proposal.homes(), proposal.buildings
    for kind in KINDS:
        gained = homes[homes["kinds"].str.split(";").map(lambda inside, k=kind: k in inside)]
        assert gained["population"].sum() == proposal.gained[kind]
        assert buildings[f"gained_{kind}"].sum() == proposal.gained[kind]
        assert (gained[f"distance_m_{kind}"] <= result.limit_m(kind)).all()
        opened = buildings[buildings["kinds"].str.split(";").map(lambda i, k=kind: k in i)]
        assert set(gained[f"site_{kind}"]) <= set(opened["site_id"])
    assert buildings["gained"].sum() == proposal.total
    assert homes["population"].sum() == proposal.residents
    assert 0 < buildings["several"].sum() <= homes["population"][homes["count"] > 1].sum()
    assert list(buildings["rank"]) == list(range(1, len(buildings) + 1))


def test_overlap_counts_everybody_before_and_after(result):
    table = planner.propose_one_stop(result, KINDS, 330).overlap
    total = result.district.people()["population"].sum()
    assert table["before"].sum() == table["after"].sum() == total
    assert (table["lacking"] * (table["before"] - table["after"])).sum() == (
        planner.propose_one_stop(result, KINDS, 330).total
    )


def test_overlap_keeps_those_apart_of_whom_it_is_not_known(result):
    """Unknown is neither near nor lacking: neither at a way that none measures, nor at hours."""
    district = result.district
    demand = district.demand.copy()
    far = demand.index[0]  # so far from every street that no way is measured
    demand.loc[far, "geometry"] = shapely.affinity.translate(demand.geometry[far], 0, 5000)
    unclear = planner.assess(dataclasses.replace(district, demand=demand), result.standard)
    proposal = planner.propose_one_stop(unclear, KINDS, 330)
    table = proposal.overlap.set_index("lacking")
    people = district.demand["population"]
    assert table.loc[pd.NA, "before"] == people[far]
    near = np.logical_and.reduce([unclear.within(kind).fillna(value=False) for kind in KINDS])
    assert table.loc[0, "before"] == people.to_numpy()[near].sum()
    assert table["before"].sum() == table["after"].sum() == people.sum()


@pytest.mark.long
def test_separate_buildings_hold_one_kind_and_bring_no_more(result):
    proposal = planner.propose_one_stop(result, KINDS, 400, fitting=False)
    other = proposal.separate
    assert other.facilities == len(other.siting.sites)
    assert other.total <= proposal.total
    assert other.cost <= 400
    by_trying = 0.0
    places = [(kind, row) for kind in KINDS for row in candidate_sites(result, kind).itertuples()]
    for count in range(1, 6):
        for chosen in itertools.combinations(places, count):
            spots = [row.site_id for _, row in chosen]
            if sum(row.cost for _, row in chosen) > 400 or len(set(spots)) < count:
                continue
            gain = 0.0
            for kind in KINDS:
                xs = [row.geometry.x for k, row in chosen if k == kind]
                homes = result.district.demand
                missed = result.distances[kind].to_numpy() > result.limit_m(kind)
                if xs:
                    away = np.abs(homes.geometry.x.to_numpy()[:, None] - xs).min(axis=1)
                    people = homes["population"].to_numpy()
                    gain += people[missed & (away <= result.limit_m(kind))].sum()
            by_trying = max(by_trying, gain)
    assert other.total == by_trying


@pytest.mark.long
def test_groups_and_weights_count(result):
    old = planner.propose_one_stop(result, KINDS, 120, group="pop_65plus")
    before = covered(result, KINDS, "pop_65plus")
    after = covered(old.after, KINDS, "pop_65plus")
    assert old.total == sum(after.values()) - sum(before.values())
    options = {"where": ["candidates"], "fitting": False}
    police = planner.propose_one_stop(result, KINDS[:2], 70, weights={"clinic": 0.001}, **options)
    clinic = planner.propose_one_stop(
        result, KINDS[:2], 70, weights={"police_room": 0.001}, **options
    )
    assert (police.buildings["kinds"] == "police_room").all()
    assert (clinic.buildings["kinds"] == "clinic").all()
    assert clinic.objective == pytest.approx(
        clinic.gained["clinic"] + 0.001 * clinic.gained["police_room"]
    )


def test_places_of_ones_own_may_be_limited_to_kinds(result):
    sites = candidate_sites(result, "clinic").assign(kinds="police_room")
    proposal = planner.propose_one_stop(result, KINDS, 700, sites=sites)
    assert set(proposal.buildings["kinds"]) == {"police_room"}
    assert (proposal.buildings["origin"] == "candidates").all()


@pytest.mark.long
def test_the_scenario_opens_doors_and_measured_rooms(result):
    proposal = planner.propose_one_stop(result, KINDS, 700, fitting=False)
    changes = proposal.changes()
    assert OpenInternal("unit") in changes
    new = [change for change in changes if isinstance(change, Open)]
    assert len(new) == proposal.facilities - 1
    assert len({change.facility_id for change in new}) == len(new)
    shared = proposal.buildings[proposal.buildings["count"] > 1].iloc[0]
    inside = [change for change in new if change.x == shared.geometry.x]
    assert {change.floor_area_m2 for change in inside} <= set(AREAS.values())
    assert Scenario.from_json(proposal.scenario("x").to_json()).changes == tuple(changes)


@pytest.mark.long
def test_the_demo_within_the_bar(demo):
    kinds = kinds_with_gaps(demo)
    assert len(kinds) == 4
    for budget in (600.0, 2000.0):
        proposal = planner.propose_one_stop(demo, kinds, budget, time_limit_s=4.5)
        assert proposal.gap <= 0.01
        before, after = covered(demo, kinds), covered(proposal.after, kinds)
        assert proposal.gained == {kind: after[kind] - before[kind] for kind in kinds}
        assert proposal.separate.total <= proposal.bound


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("one_stop.no_kinds", {"kinds": []}),
        ("analysis.unknown_kind", {"kinds": ["clinic", "castle"]}),
        ("siting.no_limit", {"kinds": ["canteen"]}),
        ("one_stop.too_many_kinds", {"kinds": [f"k{n}" for n in range(11)]}),
        ("siting.bad_budget", {"budget": 0}),
        ("siting.bad_budget", {"budget": float("nan")}),
        ("location.budget_too_small", {"budget": 5}),
        ("location.bad_p", {"buildings": 0}),
        ("analysis.unknown_group", {"group": "pop_elves"}),
        ("one_stop.bad_weight", {"weights": {"clinic": -1}}),
        ("one_stop.bad_weight", {"weights": {"library": 1}}),
        ("siting.unknown_origin", {"where": ["moon"]}),
        ("siting.no_sites", {"within": shapely.box(0, 0, 1, 1)}),
        ("one_stop.nothing_fits", {"kinds": ["elderly_care"], "within": on_street(500).buffer(1)}),
    ],
)
def test_bad_input_says_so(result, code, options):
    given = {"kinds": KINDS, "budget": 300.0, **options}
    if code == "siting.no_limit":
        result = planner.assess(street(kind=["clinic", "clinic", "canteen"]))
    with pytest.raises(InputError) as caught:
        planner.propose_one_stop(result, given.pop("kinds"), given.pop("budget"), **given)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def test_places_beside_what_is_there_reach_nobody(result):
    sites = candidate_sites(result, "clinic", ["candidates"]).iloc[[0]]
    sites = sites.set_geometry([on_street(0)], crs=CRS)
    with pytest.raises(InputError) as caught:
        planner.propose_one_stop(result, ["clinic"], 300.0, sites=sites)
    assert caught.value.code == "one_stop.nobody_reachable"


def test_all_covered_says_so():
    district = street(kind=["clinic", "clinic", "police_room"])
    homes = district.demand[district.demand.geometry.x < X + 250]
    result = planner.assess(district.with_layers(demand=homes))
    with pytest.raises(InputError, match="Nobody lives beyond the limit"):
        planner.propose_one_stop(result, ["clinic"], 300.0)
    assert kinds_with_gaps(result, most=99) != []
    assert "clinic" not in kinds_with_gaps(result, most=99)


def test_a_price_table_without_saving_saves_nothing_in_made_places(result):
    costs = dataclasses.replace(builtin_costs(), one_stop_saving=0.0)
    proposal = planner.propose_one_stop(
        result, ["clinic", "police_room"], 400, where=["streets"], costs=costs
    )
    assert proposal.saved == 0.0


def test_a_units_door_for_one_kind_leaves_the_others_places_along_the_streets():
    """Places that only one kind may use are no reason to give the other kinds none."""
    district = street()
    bare = district.with_layers(candidates=district.candidates.head(0))
    proposal = planner.propose_one_stop(planner.assess(bare), KINDS, 2000.0)
    assert proposal.gained["police_room"] > 0
    assert proposal.gained["elderly_care"] > 0
    told = {finding.code: finding.params for finding in proposal.findings}
    assert told["siting.along_streets"]["kinds"] == "police_room, elderly_care"
    assert {"internal", "streets"} <= set(proposal.places.table["origin"])
