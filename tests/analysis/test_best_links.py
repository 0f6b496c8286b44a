"""The best links of a small town, checked by hand, and of the demo district, against its truth."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import tries

import planner
from planner.analysis.links import gains
from planner.analysis.links.gains import LinkGains
from planner.analysis.links.links import (
    anybody_gains,
    best_link_for,
    best_links,
    candidate_links,
    gained_homes,
    link_changes,
    link_sequence,
)
from planner.analysis.links.map_work import loose_streets, map_work
from planner.analysis.links.one_link import mended_by_one_link
from planner.analysis.links.places import Search, link_places
from planner.district import Connect, District, Rule, Scenario, Standard, builtin_kinds
from planner.errors import InputError
from planner.network.nearest.index import NearestIndex
from planner.sources import demo_district

TRUTH = Path(__file__).parents[2] / "data" / "geo" / "demo_truth.csv"
CRS = "EPSG:32650"
STANDARD = Standard("test", "Test", "测试", "", {k: Rule(k, 300.0) for k in ("clinic", "library")})


def points(rows, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)


def walled_town(**layers) -> District:
    """Two streets of 1000 m, 40 m apart, joined at their west end; a wall runs between them.

    Homes stand on the north street at x = 700, 800, 900 and on the south street at 950; the
    clinic on the south street at x = 800 and the library at the join. A shut gate at x = 800.
    """
    north = [shapely.LineString([(100 * i, 40), (100 * i + 100, 40)]) for i in range(10)]
    south = [shapely.LineString([(100 * i, 0), (100 * i + 100, 0)]) for i in range(10)]
    lines = [*south, *north, shapely.LineString([(0, 0), (0, 40)])]
    given = {
        "streets": gpd.GeoDataFrame(
            {
                "street_id": [f"s{i}" for i in range(21)],
                "name": ["South Street"] * 10 + ["North Street"] * 10 + [""],
                "highway": "residential",
            },
            geometry=lines,
            crs=CRS,
        ),
        "communities": gpd.GeoDataFrame(
            {"community_id": ["001", "002"], "name": ["West", "East"]},
            geometry=[shapely.box(-9, -9, 850, 60), shapely.box(850, -9, 1009, 60)],
            crs=CRS,
        ),
        "demand": points(
            [(700, 40), (800, 40), (900, 40), (950, 0)],
            demand_id=list("abcd"),
            community_id=["001", "001", "002", "002"],
            population=[100, 50, 30, 7],
            pop_65plus=[10, 5, None, 1],
        ),
        "facilities": points(
            [(800, 0), (0, 0)], facility_id=["c", "l"], kind=["clinic", "library"]
        ),
        "barriers": gpd.GeoDataFrame(
            {"barrier_id": ["w"], "name": ["The wall"], "kind": ["wall"]},
            geometry=[shapely.LineString([(30, 20), (1000, 20)])],
            crs=CRS,
        ),
        "gates": points([(800, 20)], gate_id=["g"], name=["North gate"], open=[False]),
        **layers,
    }
    return District.from_layers("Walled", given, complete=builtin_kinds())


@pytest.fixture
def walled():
    return planner.assess(walled_town(), STANDARD)


@pytest.fixture(scope="module")
def demo():
    return planner.assess(demo_district())


def test_a_shut_gate_hides_no_better_link_beside_it():
    """A gate made 40 m beside the shut one, before the clinic, brings in the home at 505 too."""
    town = walled_town(
        demand=points(
            [(505, 40), (800, 40)],
            demand_id=["far", "near"],
            community_id=["001", "001"],
            population=[60, 50],
        ),
        facilities=points([(760, 0), (0, 0)], facility_id=["c", "l"], kind=["clinic", "library"]),
    )
    links = best_links(planner.assess(town, STANDARD))
    assert list(zip(links["work"], links["gain"], strict=True)) == [
        ("new_gate", 110),
        ("open_gate", 50),
    ]


def test_the_shut_gate_is_the_best_link(walled):
    links = best_links(walled)
    best = links.iloc[0]
    assert (best["work"], best["gate_id"], best["gate_name"]) == ("open_gate", "g", "North gate")
    assert (best["barrier"], best["barrier_name"]) == ("wall", "The wall")
    assert {best["street_a"], best["street_b"]} == {"South Street", "North Street"}
    assert best["length_m"] == pytest.approx(40)
    assert best["walked_m"] == pytest.approx(2 * best["x1"] + 40, abs=0.002)
    assert best["detour"] == pytest.approx(best["walked_m"] / 40)
    assert (best["gain"], best["residents"], best["gain_clinic"]) == (180, 180, 180)
    assert best["gain_library"] == 0
    assert best["community_id"] == "001"
    assert best.geometry.length == pytest.approx(40)


def test_an_assessment_gives_its_links(walled):
    pd.testing.assert_frame_equal(walled.links(count=3), best_links(walled, count=3))
    pd.testing.assert_frame_equal(walled.link_sequence(), link_sequence(walled))


def test_links_that_bring_the_same_homes_are_variants(walled):
    assert len(best_links(walled)) == 1
    every = best_links(walled, variants=True)
    assert len(every) > 3
    assert (every["gain"].diff().dropna() <= 0).all()
    assert list(every["rank"]) == list(range(1, len(every) + 1))


def test_a_group_has_its_own_count(walled):
    assert best_links(walled, group="pop_65plus").iloc[0]["gain"] == 15


@pytest.mark.long
def test_what_a_link_crosses_says_what_work_it_is():
    def works(**layers):
        return set(candidate_links(walled_town(**layers))["work"])

    wall = shapely.LineString([(30, 20), (1000, 20)])

    def barrier(kind):
        return gpd.GeoDataFrame({"barrier_id": ["x"], "kind": [kind]}, geometry=[wall], crs=CRS)

    assert works(barriers=NO_BARRIERS, gates=NO_GATES) == {"path"}
    assert works(barriers=NO_BARRIERS) == {"path", "open_gate"}
    assert works(gates=NO_GATES) == {"new_gate"}
    assert works() == {"new_gate", "open_gate"}
    for kind in ("water", "railway", "motorway"):
        assert works(barriers=barrier(kind), gates=NO_GATES) == {"footbridge"}
    open_gates = points(
        [(x, 20) for x in range(30, 1001, 2)], gate_id=map(str, range(486)), open=True
    )
    assert works(gates=open_gates) == {"path"}


NO_BARRIERS = gpd.GeoDataFrame({"barrier_id": [], "kind": []}, geometry=[], crs=CRS)
NO_GATES = points([], gate_id=[], open=[])
APART = walled_town().streets[:-1]
APART.loc[0, "geometry"] = shapely.LineString([(-12_000, 0), (0, 0), (100, 0)])
"""The streets without their join; the south one goes on for 12 km, the north one is 1 km long."""


@pytest.mark.long(but=1)
@pytest.mark.parametrize("walled_off", [False, True])
def test_a_loose_piece_of_street_is_work_at_the_map_and_no_link(walled_off):
    """With a wall between it is one too: who lives there gets out, so the gate is not mapped."""
    layers = {} if walled_off else {"barriers": NO_BARRIERS}
    town = walled_town(streets=APART, gates=NO_GATES, **layers)
    assert candidate_links(town).empty
    result = planner.assess(town, STANDARD)
    assert best_links(result).empty
    (piece,) = map_work(result.reach).itertuples()
    assert (piece.street_m, piece.homes, piece.facilities) == (1000, 3, 0)
    assert (piece.street_a, piece.street_b) == ("North Street", "South Street")
    assert piece.length_m == piece.geometry.length == 40
    assert not piece.cut
    (streets,) = loose_streets(result.reach).itertuples()
    assert streets.geometry.length == streets.street_m == 1000
    runs_on = town.streets.assign(cut=town.streets["name"] == "North Street")
    (at_the_edge,) = map_work(planner.assess(town.with_layers(streets=runs_on), STANDARD).reach).cut
    assert at_the_edge
    assert map_work(planner.assess(walled_town(), STANDARD).reach).empty


def test_a_large_piece_of_street_may_truly_have_no_way_over():
    half = walled_town(streets=walled_town().streets[:-1], gates=NO_GATES)
    assert set(candidate_links(half)["work"]) == {"new_gate"}
    switched_off = dataclasses.replace(walled_town(streets=APART, gates=NO_GATES), island_m=0.0)
    assert set(candidate_links(switched_off)["work"]) == {"new_gate"}


def background(kind, *shapes):
    return gpd.GeoDataFrame({"kind": [kind] * len(shapes)}, geometry=list(shapes), crs=CRS)


def ends_x(links):
    return links[["x1", "x2"]].to_numpy().ravel()


def test_a_link_does_not_run_through_a_building():
    town = walled_town(
        barriers=NO_BARRIERS,
        gates=NO_GATES,
        context=background("building", shapely.box(-9, 10, 500, 30)),
    )
    links = candidate_links(town)
    assert len(links)
    assert (ends_x(links) >= 499).all()


@pytest.mark.parametrize(("low", "left"), [(10, 0), (-10, 1)])
def test_a_link_does_not_run_through_a_compound_but_may_lead_into_one(low, left):
    compound = shapely.box(-50, low, 1050, 30)
    town = walled_town(gates=NO_GATES, context=background("private", compound))
    assert (len(candidate_links(town)) > 0) == bool(left)


def test_a_link_does_not_cross_a_street_that_it_would_join():
    xy = [[(0, 0), (0, 21)], [(0, 21), (0, 40)], [(0, 21), (1000, 21)]]
    between = gpd.GeoDataFrame(
        {"street_id": ["w1", "w2", "m"], "name": "", "highway": "footway"},
        geometry=[shapely.LineString(each) for each in xy],
        crs=CRS,
    )
    streets = pd.concat([walled_town().streets[:-1], between], ignore_index=True)
    town = walled_town(
        streets=gpd.GeoDataFrame(streets, crs=CRS), barriers=NO_BARRIERS, gates=NO_GATES
    )
    lengths = candidate_links(town)["length_m"].to_numpy()
    assert len(lengths)
    assert lengths.max() < 22  # from either street to the one between, never across it


@pytest.mark.long
@pytest.mark.parametrize("kind", ["road", "siding"])
def test_a_road_or_siding_takes_a_crossing(kind):
    over = background(kind, shapely.LineString([(-9, 20), (1009, 20)]))
    town = walled_town(barriers=NO_BARRIERS, gates=NO_GATES, context=over)
    assert set(candidate_links(town)["work"]) == {"crossing"}
    walled = walled_town(gates=NO_GATES, context=over)
    assert set(candidate_links(walled)["work"]) == {"new_gate"}


@pytest.mark.long
def test_nothing_is_looked_for_where_nobody_can_gain(monkeypatch):
    def never(*_):
        raise AssertionError("looked for places")

    monkeypatch.setattr("planner.analysis.links.links.link_places", never)
    nowhere = planner.assess(walled_town(facilities=walled_town().facilities[1:]), STANDARD)
    assert best_links(nowhere, ["clinic"]).empty
    assert link_sequence(nowhere, ["clinic"]).empty
    everywhere = Standard("far", "Far", "远", "", {"clinic": Rule("clinic", 9000.0)})
    assert best_links(planner.assess(walled_town(), everywhere)).empty
    assert not anybody_gains(nowhere, ["clinic"])
    assert not anybody_gains(planner.assess(walled_town(), everywhere))
    assert anybody_gains(planner.assess(walled_town(), STANDARD), ["clinic"])
    # homes that join no street are led to nothing
    town = walled_town()
    homes = town.demand.assign(geometry=town.demand.geometry.translate(0, 9000))
    apart = town.with_layers(demand=homes)
    assert not anybody_gains(planner.assess(apart, STANDARD), ["clinic"])


def test_one_kind_may_be_given_by_itself():
    town = planner.assess(walled_town(), STANDARD)
    pd.testing.assert_frame_equal(best_links(town, "clinic"), best_links(town, ["clinic"]))


def test_without_data_on_any_kind_no_link_is_looked_for():
    none = walled_town(facilities=walled_town().facilities[:0])
    nothing = planner.assess(dataclasses.replace(none, records={})._recorded(), STANDARD)
    for ask in (best_links, link_sequence, anybody_gains):
        with pytest.raises(InputError) as caught:
            ask(nothing)
        assert caught.value.code == "links.no_data"


@pytest.mark.long
def test_different_residents_of_a_sequence_are_each_counted_once(demo):
    steps = link_sequence(demo, count=4)
    homes = gained_homes(demo, steps).any(axis=1)
    people = demo.district.demand.set_index("demand_id")["population"]
    assert steps["total_residents"].iloc[-1] == pytest.approx(people[homes[homes].index].sum())
    assert steps["total_residents"].iloc[-1] < steps["total"].iloc[-1]
    assert steps["total_residents"].is_monotonic_increasing


@pytest.mark.long
@pytest.mark.parametrize("kind", ["clinic", "elderly_care"])
def test_homes_mended_by_one_link_are_those_for_which_a_link_is_found(demo, kind):
    limit = demo.limit_m(kind)
    mended = mended_by_one_link(demo.reach, kind, limit)
    judge = LinkGains(demo, [kind])
    found = link_places(demo.district)
    gains = judge.of(found.links.take(found.choices))[:, 0]
    by_links = np.zeros(len(mended), bool)
    for row in found.choices[gains > 0]:
        by_links[judge.gained(found.links, int(row), np.array([True]))] = True
    lacking = (demo.distances[kind] > limit).to_numpy()
    populated = judge.residents > 0
    np.testing.assert_array_equal(by_links[populated], (mended & lacking)[populated])
    assert by_links.any()


@pytest.mark.long
def test_links_are_the_shortest_first_and_lie_apart():
    links = candidate_links(walled_town(), Search(merge_m=100))
    assert links["length_m"].is_monotonic_increasing
    near = candidate_links(walled_town(), Search(merge_m=10))
    assert len(near) > len(links) > 2


@pytest.mark.long(but=1)
@pytest.mark.parametrize("group", ["pop_65plus", "population"])
def test_gains_are_those_of_opening_the_link(demo, group):
    links = best_links(demo, group=group, count=8)
    before = covered(demo, group)
    assert len(links) == 8
    for row in np.linspace(0, 7, tries(3, 8), dtype=int):  # the largest, the least, some between
        change = link_changes(links.iloc[[row]])
        after = covered(demo.apply(Scenario("one link", change)), group)
        gained = [links[f"gain_{kind}"].iloc[row] for kind in demo.judged_kinds]
        np.testing.assert_allclose((after - before)[demo.judged_kinds], gained, atol=1e-6)


def covered(assessment, group):
    table = assessment.summary()
    return table[table["group"] == group].set_index("kind")["covered"]


@pytest.mark.long
def test_a_sequence_gains_what_all_its_links_gain_together(demo):
    steps = link_sequence(demo, count=5)
    assert list(steps["rank"]) == [1, 2, 3, 4, 5]
    assert steps["gain"].is_monotonic_decreasing
    after = demo.apply(Scenario("five links", link_changes(steps)))
    gained = (covered(after, "population") - covered(demo, "population"))[demo.judged_kinds]
    assert steps["total"].iloc[-1] == pytest.approx(gained.sum())
    first = best_links(demo, count=1).iloc[0]
    assert first[["x1", "y1", "x2", "y2", "gain"]].tolist() == (
        steps.iloc[0][["x1", "y1", "x2", "y2", "gain"]].tolist()
    )


@pytest.mark.long
def test_homes_gained_are_those_of_the_links(demo, walled):
    assert gained_homes(walled, best_links(walled))["clinic"].tolist() == [True, True, True, False]
    assert not gained_homes(walled, best_links(walled).iloc[:0]).to_numpy().any()
    links = best_links(demo, count=3)
    people = demo.district.people()["population"]
    for row in range(3):
        homes = gained_homes(demo, links.iloc[[row]])
        gained = (homes.mul(people, axis=0)).sum()
        assert gained.tolist() == pytest.approx(
            [links[f"gain_{kind}"].iloc[row] for kind in homes.columns]
        )
        assert people[homes.any(axis=1)].sum() == pytest.approx(links["residents"].iloc[row])


@pytest.mark.long
def test_no_candidate_beats_the_best(demo):
    """Every link that was found, tried one by one on a fresh index of one kind."""
    kind = "elderly_care"
    best = best_links(demo, [kind], count=1, enough=1.0).iloc[0]
    links = link_places(demo.district).links
    reach, people = demo.reach, demo.district.people()["population"].to_numpy()
    index = NearestIndex(links.network, reach.places.take(reach.counting(kind, if_unknown=False)))
    limit = demo.limit_m(kind)
    before = index.distances(reach.homes).distance_m <= limit
    rng = np.random.default_rng(0)
    for row in rng.choice(len(links), 150, replace=False):
        with index.trial():
            index.add_link(links.a.take([row]), links.b.take([row]), links.length_m[row])
            after = index.distances(reach.homes).distance_m <= limit
        assert people[after & ~before].sum() <= best["gain"]


@pytest.mark.long
def test_the_best_of_each_kind_is_the_best_of_all_that_are_near_but_far(demo):
    judge = LinkGains(demo, demo.judged_kinds)
    most = judge.of(link_places(demo.district).links).max(axis=0)
    for kind, gain in zip(demo.judged_kinds, most, strict=True):
        assert best_links(demo, [kind], count=1, enough=1.0)["gain"].tolist() == [gain]


@pytest.mark.long
def test_the_easier_of_two_links_is_taken_where_it_gains_nearly_as_much(demo):
    easy, best = best_links(demo), best_links(demo, enough=1.0)
    assert easy["length_m"].sum() < best["length_m"].sum()
    assert easy["gain"].iloc[0] >= 0.95 * best["gain"].iloc[0]


def planted(remedies):
    table = pd.read_csv(TRUTH, encoding="utf-8-sig", dtype={"community_id": str})
    return [
        pytest.param(row, id=row.gap_id)
        for row in table[table["remedy"].isin(remedies)].itertuples()
    ]


def off(link, row):
    """How far the ends of a link are from those of the planted one, metres."""
    here, there = np.array([link.x1, link.y1]), np.array([link.x2, link.y2])
    first, second = np.array([row.x1, row.y1]), np.array([row.x2, row.y2])
    return min(
        max(np.hypot(*(here - first)), np.hypot(*(there - second))),
        max(np.hypot(*(here - second)), np.hypot(*(there - first))),
    )


@pytest.mark.long
@pytest.mark.parametrize("row", planted(["open_gate", "new_gate", "footbridge"]))
def test_the_planted_link_is_the_first_for_its_gap(demo, row):
    link = best_link_for(demo, row.demand_ids.split(";"), row.kind).iloc[0]
    assert link["work"] == row.remedy
    assert link["barrier"] == row.barrier
    assert link["gain"] == link["residents"] == row.residents
    assert off(link, row) <= {"open_gate": 0.1, "new_gate": 3, "footbridge": 15}[row.remedy]
    if row.remedy == "open_gate":
        assert link["gate_id"] == row.gate_id


@pytest.mark.parametrize("row", planted(["map_link"]))
def test_a_loose_block_is_joined_on_the_map_where_it_comes_nearest_to_a_street(demo, row):
    """Its lanes end at the same distance on several sides; any of them is the planted fault."""
    ids = row.demand_ids.split(";")
    assert best_link_for(demo, ids, row.kind).empty
    length_m = np.hypot(row.x1 - row.x2, row.y1 - row.y2)
    homes = demo.district.demand.set_index("demand_id").geometry[ids].union_all().convex_hull
    pieces = map_work(demo.reach)
    (piece,) = pieces[pieces.distance(homes) < 60].itertuples()
    assert piece.length_m == pytest.approx(length_m, abs=0.05)
    assert piece.homes >= len(ids)


def test_no_link_helps_where_nothing_is_near(demo):
    (row,) = (each.values[0] for each in planted(["build"]) if each.id == "g14")
    link = best_link_for(demo, row.demand_ids.split(";"), row.kind)
    assert len(link) == 0 or link.iloc[0]["gain"] < row.residents
    assert {"work", "gain", "x1", "geometry"} <= set(link)


@pytest.mark.long
def test_a_link_of_a_scenario_is_there_already(walled):
    first = best_links(walled)
    after = walled.apply(Scenario("the gate", link_changes(first)))
    assert len(best_links(after)) == 0
    assert len(link_sequence(walled)) == 1


def test_changes_lead_where_the_links_lead(walled):
    links = best_links(walled)
    (change,) = link_changes(links)
    assert isinstance(change, Connect)
    assert (change.x1, change.y2, change.name) == (links["x1"][0], links["y2"][0], "North gate")
    assert change.length_m == links["length_m"][0]


def test_homes_of_unknown_distance_gain_nothing():
    town = walled_town(
        demand=points(
            [(700, 40), (800, 40), (900, 700)],
            demand_id=list("abc"),
            population=[100, 0, 1000],
        )
    )
    assert best_links(planner.assess(town, STANDARD)).iloc[0]["gain"] == 100


@pytest.mark.long
def test_hours_count(walled):
    town = walled_town(
        facilities=points(
            [(800, 0), (0, 0)],
            facility_id=["c", "l"],
            kind=["clinic", "library"],
            opening_hours=["Mo-Fr 08:00-18:00", ""],
        )
    )
    assert len(best_links(planner.assess(town, STANDARD, at="Mo 10:00"), ["clinic"])) == 1
    assert len(best_links(planner.assess(town, STANDARD, at="Su 10:00"), ["clinic"])) == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda r: best_links(r, ["school"]), "analysis.unknown_kind"),
        (lambda r: best_links(r, group="pop_0_14"), "analysis.unknown_group"),
        (lambda r: best_links(r, count=0), "links.bad_count"),
        (lambda r: link_sequence(r, count=0), "links.bad_count"),
        (lambda r: best_links(r, search=Search(bridge_m=-1)), "links.bad_length"),
        (
            lambda r: candidate_links(r.district, Search(merge_m=np.nan)),
            "links.bad_length",
        ),
        (lambda r: best_link_for(r, ["z"], "clinic"), "links.unknown_home"),
    ],
)
def test_bad_input_is_told(walled, call, code):
    with pytest.raises(InputError) as caught:
        call(walled)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def test_kinds_that_are_not_judged_or_not_walked_are_told():
    one = Standard("one", "", "", "", {"clinic": Rule("clinic", 300.0)})
    with pytest.raises(InputError) as caught:
        best_links(planner.assess(walled_town(), one), ["library"])
    assert caught.value.code == "links.not_judged"
    crow = Standard("crow", "", "", "", one.rules, measure="straight")
    with pytest.raises(InputError) as caught:
        best_links(planner.assess(walled_town(), crow))
    assert caught.value.code == "links.straight"


@pytest.mark.long
def test_a_town_without_anything_to_link():
    street = gpd.GeoDataFrame(
        {"street_id": ["s"]}, geometry=[shapely.LineString([(0, 0), (1000, 0)])], crs=CRS
    )
    result = planner.assess(walled_town(streets=street), STANDARD)
    for table in (best_links(result), link_sequence(result), candidate_links(result.district)):
        assert len(table) == 0
        assert table.crs == CRS
    assert link_changes(best_links(result)) == []


@pytest.mark.long
def test_places_are_found_once_for_each_search(demo):
    assert link_places(demo.district) is link_places(demo.district)
    assert link_places(demo.district) is not link_places(demo.district, Search(merge_m=20.0))


def test_homes_of_a_link_are_those_that_its_gain_counts(demo):
    judge = LinkGains(demo, demo.judged_kinds)
    found = link_places(demo.district)
    gains = judge.of(found.links.take(found.kept[:400]))
    for row in np.argsort(-gains.sum(axis=1))[:10]:
        gained = judge.gained(found.links, int(found.kept[row]), gains[row] > 0)
        kind = gained % len(judge.kinds)
        counts = np.bincount(kind, judge.people(gained), len(judge.kinds))
        np.testing.assert_allclose(counts, gains[row])


def test_links_opened_before_are_counted_with_and_only_what_lies_near_them_anew(demo, monkeypatch):
    counted = []
    score = gains.score_links

    def seen(index, a, *others):
        counted.append(len(a))
        return score(index, a, *others)

    monkeypatch.setattr(gains, "score_links", seen)
    found, kinds = link_places(demo.district), demo.judged_kinds
    rows = found.choices
    judge = LinkGains(demo, kinds)
    before = judge.of_rows(found.links, rows)
    best = np.argsort(-before.sum(axis=1))
    changed = 0
    for row in (best[0], best[len(best) // 50], best[len(best) // 10]):
        judge.open(found.links, int(rows[row]))
        counted.clear()
        after = judge.of_rows(found.links, rows)
        assert sum(counted) < 0.9 * rows.size * len(kinds)
        np.testing.assert_array_equal(after, judge.of(found.links.take(rows)))
        changed += (after != before).sum()
    assert changed > 0
    # who asks the same of the streets as they are needs not count again
    counted.clear()
    np.testing.assert_array_equal(LinkGains(demo, kinds).of_rows(found.links, rows), before)
    assert not counted
    few = np.arange(len(demo.district.demand)) % 9 == 0
    some = LinkGains(demo, kinds, homes=few).of_rows(found.links, rows)
    assert 0 < some.sum() < before.sum()
