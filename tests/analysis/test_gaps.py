"""Gaps of small towns: what is one gap, its figures, polygon and name; bad input."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from gap_towns import LIMIT, RULES, frame, line, town

from planner.analysis.gaps import names, shapes, table
from planner.analysis.gaps.gaps import gap_notes
from planner.analysis.gaps.middles import middles
from planner.analysis.nearby import nearby
from planner.district import District, Rule, Standard
from planner.errors import InputError
from planner.result import assess
from planner.sources import demo_district, read_district
from planner.views.words.analysis.gaps import place_word
from planner.views.words.labels import Labels

CLINIC = [{"at": (0, 0)}]


def gaps(district: District, kind="clinic", standard=LIMIT, **options) -> gpd.GeoDataFrame:
    return assess(district, standard).gaps(kind, **options)


def test_homes_whose_stretches_meet_are_one_gap():
    table = gaps(town([(400, 5), (500, 5), (900, 5), (1100, 5)], CLINIC))
    # 240 m and less along the street hang together
    assert table["demand_ids"].tolist() == ["d0;d1", "d2;d3"]
    assert table["gap_id"].tolist() == ["clinic-01", "clinic-02"]
    assert table["walked_m"].tolist() == [405.0, 905.0]
    assert table["straight_m"].to_numpy() == pytest.approx([np.hypot(400, 5), np.hypot(900, 5)])
    assert set(table.geom_type) == {"Polygon"}


def test_a_covered_home_between_parts_two_gaps():
    facilities = [{"at": (0, 0)}, {"at": (1000, 0)}]
    table = gaps(town([(600, 0), (750, 0), (1250, 0), (1400, 0)], facilities))
    assert table["demand_ids"].tolist() == ["d0", "d3"]
    assert table["facility_id"].tolist() == ["f1", "f1"]


def test_the_most_people_come_first_and_empty_homes_are_no_gap():
    homes = [(400, 0), (1000, 0), (1600, 0)]
    table = gaps(town(homes, CLINIC, people=[10.0, 30.0, 0.0]))
    assert table["population"].tolist() == [30.0, 10.0]
    assert table["homes"].tolist() == [1, 1]


@pytest.mark.long
def test_polygons_of_two_causes_share_the_ground_between_them():
    wall = line((-100, 90), (1950, 90))
    loop = (line((2000, 0), (2000, 200)), line((2000, 200), (0, 200)))
    homes = [(x, 200) for x in range(50, 1951, 100)]
    table = gaps(town(homes, CLINIC, streets=loop, barriers=[wall], people=100.0))
    assert table["cause"].tolist() == ["none_near", "barrier"]
    far, near = table.geometry
    assert near.intersection(far).area == pytest.approx(0.0, abs=1e-6)
    assert near.distance(far) == pytest.approx(0.0, abs=1e-6)
    assert near.bounds[1] >= 90
    assert table["barrier"].tolist() == ["", "wall"]
    assert table["barrier_id"].tolist() == ["", "b0"]
    assert table["detour_ratio"].iloc[1] > 10


def test_homes_at_one_place_and_homes_without_street():
    homes = [(400, 0), (400, 0), (900, 600), (940, 600), (1500, 600)]
    table = gaps(town(homes, CLINIC)).set_index("demand_ids")
    assert set(table.index) == {"d0;d1", "d2;d3", "d4"}
    assert table.loc["d2;d3", ["cause", "remedy", "unknown"]].tolist() == [
        "data",
        "map_streets",
        20.0,
    ]
    assert np.isnan(table.loc["d4", "walked_m"])
    assert table.geometry.is_valid.all()
    assert table.geometry["d4"].contains(shapely.Point(1500, 600))


def test_half_full_homes_count_in_proportion():
    facilities = [{"at": (0, 0), "capacity_residents": 15.0}]
    table = gaps(town([(100, 0), (200, 0)], facilities), capacity=True)
    assert table[["cause", "population", "unknown", "homes"]].iloc[0].tolist() == [
        "full",
        5.0,
        0.0,
        2,
    ]


@pytest.mark.long
def test_kinds_together():
    district = town([(100, 0), (900, 0)], CLINIC)
    assert set(gaps(district, "any", "15-minute")["kind"]) == {"any"}
    result = assess(district, "gb50180-2018")
    everything = result.gaps("all")
    assert everything["demand_ids"].tolist() == ["d1"]
    assert set(everything["kinds"].iloc[0].split(";")) == set(result.judged_kinds)
    assert result.gaps("any")["homes"].sum() == 2
    assert result.gaps("several")["facility_id"].tolist() == [""] * len(result.gaps("several"))
    each = result.gaps()
    assert set(each["kind"]) == set(result.judged_kinds)
    assert each["population"].is_monotonic_decreasing


@pytest.mark.long
@pytest.mark.parametrize(
    ("district", "rows", "homes"),
    [
        (town([(100, 0), (200, 0)], CLINIC), 0, 0),
        (town([(600, 0), (700, 0)], CLINIC), 1, 2),
        (town([(100, 0), (600, 0)], CLINIC, people=[9.0, 0.0]), 0, 0),
        (town([(600, 0)], []), 1, 1),
    ],
    ids=["all covered", "all uncovered", "nobody", "no facility"],
)
def test_extreme_places_give_sensible_tables(district, rows, homes):
    for kind in ("clinic", None, "any", "all"):
        table = gaps(district, kind)
        assert len(table) == rows
        assert table["homes"].sum() == homes
        assert {"cause", "barrier", "demand_ids", "share_data"} <= set(table)
        assert table.crs == district.crs
        assert not table.isna()["population"].any()


@pytest.mark.long
def test_the_whole_community_a_street_and_a_part_of_it_are_named():
    named = town([(400, 0), (900, 0)], CLINIC)
    table = gaps(named)
    assert table["place"].tolist() == ["gaps.part_of_community"] * 2
    assert table["direction"].tolist() == ["w", "middle"]
    streets = named.streets.assign(name="High Street")
    assert gaps(named.with_layers(streets=streets))["street"].tolist() == ["High Street"] * 2
    alone = town([(700, 0), (900, 0)], CLINIC)
    assert gaps(alone)["place"].tolist() == ["gaps.whole_community"]
    outside = alone.demand.assign(community_id="")
    table = gaps(alone.with_layers(demand=outside))
    assert table[["place", "community", "communities"]].iloc[0].tolist() == [
        "gaps.outside",
        "",
        "",
    ]


@pytest.mark.long
def test_places_of_the_same_words_are_told_apart_by_what_is_near():
    # of each two homes one stands in a lane, so that no street has enough of them to name the gap
    homes = [(1200, 0), (1200, -80), (1500, 0), (1500, -80), (1990, 300)]
    lanes = [line((x, 0), (x, -150)) for x in (1200, 1500)]
    gates = [(1205, 10), (1505, 10)]
    named = town(homes, CLINIC, streets=lanes, gates=gates)
    named = named.with_layers(gates=named.gates.assign(name=["North Gate", "Pond Gate"]))
    for streets, near in (
        (["", "First Lane", "Second Lane"], ["First Lane", "Second Lane"]),
        (["", "One Lane", "One Lane"], ["North Gate", "Pond Gate"]),
    ):
        # a third of the people in each lane
        people = [10.0, 4.0, 10.0, 4.0, 40.0]
        district = named.with_layers(
            streets=named.streets.assign(name=streets),
            demand=named.demand.assign(population=people),
        )
        rows = [row for row in gaps(district).itertuples(index=False) if row.homes == 2]
        assert {row.place for row in rows} == {"gaps.part_of_community"}
        assert [row.direction for row in rows] == ["se", "se"]
        assert [row.near for row in rows] == near
        words = [place_word(row, Labels("en")) for row in rows]
        assert words == [f"Only, south-east, near {name}" for name in near]
        assert place_word(rows[0], Labels("zh")) == f"Only 东南部，{near[0]}附近"
    # one of its kind needs no more words
    assert gaps(town([(400, 0), (900, 0)], CLINIC))["near"].tolist() == ["", ""]


def test_what_is_near_is_looked_for_once_for_all_places(monkeypatch):
    """A city has thousands of words that several places share; the search was begun for each."""
    asked = []

    def counted(district, xy):
        asked.append(len(xy))
        return nearby(district, xy)

    monkeypatch.setattr(names, "nearby", counted)
    reach = assess(town([(1200, 0), (1500, 0), (1900, 0)], CLINIC), LIMIT).reach
    namer = names.Namer(reach, np.ones(3))
    blank = names.Place("gaps.part_of_community", "", "", "se", "1", "One", "", 0)
    places = [blank, blank._replace(direction="n"), blank, blank._replace(direction="n")]
    homes = [np.array([row]) for row in (0, 1, 2, 2)]
    assert len(namer.told_apart([*places, blank._replace(direction="w")], [*homes, homes[0]])) == 5
    assert asked == [4]


@pytest.mark.long
def test_most_of_a_community_is_not_told_by_a_part_of_it():
    # two of three residents lack it, spread on both sides of those who do not
    district = town([(100, 0), (700, 0), (900, 0)], CLINIC)
    (row,) = gaps(district).itertuples(index=False)
    assert row.population / district.demand["population"].sum() == pytest.approx(2 / 3)
    assert place_word(row, Labels("en")).endswith(", most of it")
    assert place_word(row, Labels("zh")).endswith("（大部分）")
    fewer = district.demand.assign(population=[11.0, 10.0, 10.0])
    (row,) = gaps(district.with_layers(demand=fewer)).itertuples(index=False)
    assert row.place == "gaps.part_of_community"


def test_a_gap_is_pointed_at_where_the_middle_of_its_people_is():
    district = town([(600, 0), (700, 0), (800, 0), (900, 0), (1000, 0)], CLINIC)
    table = gaps(district)
    assert middles(table, district.demand, "population").tolist() == [[800.0, 0.0]]
    demand = district.demand.assign(population=[1.0, 1.0, 1.0, 1.0, 40.0])
    assert middles(table, demand, "population").tolist() == [[1000.0, 0.0]]
    nobody = demand.assign(population=0.0)
    assert middles(table, nobody, "population").tolist() == [[800.0, 0.0]]


def over(*borders: float):
    """Homes 600 m to 1000 m along a street, apart by borders between communities."""
    district = town([(x, 0) for x in (600, 700, 800, 900, 1000)], CLINIC)
    edges = [-500.0, *borders, 2500.0]
    shapes = [shapely.box(a, -500, b, 900) for a, b in itertools.pairwise(edges)]
    ids = [f"c{i}" for i in range(len(shapes))]
    communities = gpd.GeoDataFrame(
        {"community_id": ids, "name": [each.upper() for each in ids]},
        geometry=shapes,
        crs=district.crs,
    )
    at = np.searchsorted(borders, district.demand.geometry.x)
    demand = district.demand.assign(community_id=[ids[i] for i in at])
    return district.with_layers(communities=communities, demand=demand)


@pytest.mark.long
@pytest.mark.parametrize(
    ("borders", "place", "english", "chinese"),
    [
        ([750.0], "gaps.several_communities", "C1, C0", "C1、C0"),
        ([550.0], "gaps.whole_community", "C1, nearly all of it", "C1（几乎全部）"),
        (
            [650.0, 750.0, 850.0, 950.0],
            "gaps.several_communities",
            "C0, C1, C2 and 2 more",
            "C0、C1、C2及另外 2 个",
        ),
    ],
    ids=["two", "one", "five"],
)
def test_a_gap_over_several_communities_is_named_after_all(borders, place, english, chinese):
    table = gaps(over(*borders))
    assert table["place"].tolist() == [place]
    (row,) = table.itertuples(index=False)
    assert place_word(row, Labels("en")) == english
    assert place_word(row, Labels("zh")) == chinese


@pytest.mark.long
def test_a_whole_community_and_some_who_live_beside_it_is_said_to_reach_beyond():
    district = over(950.0)
    # four homes of C0 and one of C1: with 9 in 10 of the people C0 alone is named
    demand = district.demand.assign(population=[20.0, 20.0, 20.0, 20.0, 8.0])
    table = gaps(district.with_layers(demand=demand))
    (row,) = table.itertuples(index=False)
    assert row.population == 88.0
    assert place_word(row, Labels("en")) == "C0, nearly all of it, and beyond"
    assert place_word(row, Labels("zh")) == "C0（几乎全部，并延伸到社区以外）"


@pytest.mark.long
def test_a_street_through_several_communities_is_named_with_them():
    district = over(750.0)
    table = gaps(district.with_layers(streets=district.streets.assign(name="High Street")))
    (row,) = table.itertuples(index=False)
    assert place_word(row, Labels("en")) == "High Street, C1, C0"


@pytest.mark.long
def test_groups_are_told_and_rank():
    district = town([(400, 0), (1000, 0)], CLINIC, people=[10.0, 30.0])
    old = district.demand.assign(pop_65plus=[7.0, np.nan])
    table = gaps(district.with_layers(demand=old), group="pop_65plus")
    assert table[["population", "pop_65plus"]].to_numpy().tolist() == [[10.0, 7.0]]


@pytest.mark.long
def test_a_scenario_closes_a_gap():
    from planner.district import Scenario
    from planner.district.scenarios.scenario import Open

    before = assess(town([(400, 0), (1000, 0)], CLINIC), LIMIT)
    after = before.apply(Scenario("one", [Open("new", "clinic", 1000.0, 0.0)]))
    assert len(before.gaps("clinic")) == 2
    assert after.gaps("clinic")["demand_ids"].tolist() == ["d0"]


def test_questions_that_cannot_be_answered_are_refused():
    result = assess(town([(400, 0)], CLINIC), LIMIT)
    with pytest.raises(InputError, match="pub"):
        result.gaps("pub")
    with pytest.raises(InputError, match="pop_cats"):
        result.gaps("clinic", group="pop_cats")
    with pytest.raises(InputError) as error:
        result.gaps("clinic", capacity=True)
    assert error.value.code == "gaps.no_room"


def test_kinds_without_capacities_are_told():
    facilities = [{"at": (0, 0), "capacity_residents": 1.0}]
    result = assess(town([(100, 0)], facilities), "gb50180-2018")
    (note,) = gap_notes(result, capacity=True)
    assert "clinic" not in note.params["kinds"].split(", ")
    assert "police_room" in note.params["kinds"]
    assert gap_notes(result) == ()


@pytest.mark.long
def test_answers_do_not_depend_on_the_order_of_homes():
    homes = [(x, y) for x in range(50, 1950, 60) for y in (-20, 20)]
    people = np.arange(1.0, len(homes) + 1)
    one = gaps(town(homes, CLINIC, people=people))
    turned = town(homes[::-1], CLINIC, people=people[::-1])
    turned = turned.with_layers(
        demand=turned.demand.assign(demand_id=[f"d{i}" for i in range(len(homes))][::-1])
    )
    other = gaps(turned)
    plain = ["gap_id", "cause", "population", "homes", "straight_m", "walked_m", "facility_id"]
    pd.testing.assert_frame_equal(pd.DataFrame(one[plain]), pd.DataFrame(other[plain]))
    assert frame(one.geometry).area.sum() == pytest.approx(other.area.sum())


@pytest.mark.long
def test_ground_of_homes_that_lack_several_kinds_is_united_once(monkeypatch):
    rules = {**RULES, "library": Rule("library", 300.0)}  # of which the town has none
    both = Standard("test", "Test", "试", "", rules=rules, measure="walk")
    united, asked = shapes.united, []
    monkeypatch.setattr(
        shapes, "united", lambda pieces, sets: asked.extend(sets) or united(pieces, sets)
    )
    town_ = town([(400, 5), (500, 5), (900, 5), (1100, 5)], CLINIC)
    table = gaps(town_, None, both)
    assert sorted(table["demand_ids"]) == ["d0;d1", "d0;d1", "d2;d3", "d2;d3"]
    assert len(asked) == 2
    of_clinic, of_library = (table[table["kind"] == kind] for kind in rules)
    assert of_clinic.geometry.tolist() == of_library.geometry.tolist()


def test_walks_are_the_same_whether_a_facility_is_among_the_nearest_or_not(demo, monkeypatch):
    district = read_district(demo)
    reach = assess(district, LIMIT).reach
    rng = np.random.default_rng(3)
    home = np.arange(len(district.demand))
    facility = rng.integers(0, len(district.facilities), len(home))
    network = reach.streets.network
    homes, places = reach.streets.on_network(reach.homes), reach.streets.on_network(reach.places)
    wanted = [
        network.nearest(places.take([each]), homes.take([at])).distance_m[0]
        for at, each in enumerate(facility)
    ]
    for few in (1, 8):
        monkeypatch.setattr(table, "NEAREST", few)
        assert np.array_equal(table._walks_m(reach, home, facility), wanted, equal_nan=True)
    assert table._walks_m(reach, home[:0], facility[:0]).shape == (0,)


@pytest.mark.parametrize("at", ["We 10:00", "Sa 20:00"])
@pytest.mark.parametrize("kind", ["any", "several", "all"])
def test_of_kinds_together_it_is_told_of_whom_it_is_not_known(at, kind):
    """Who lacks enough of them whatever is not known, and who may."""
    result = assess(demo_district(), at=at)
    lacks = [result.within_or_unknown(each) for each in result.judged_kinds]
    certain = np.sum([~within & ~unknown for within, unknown in lacks], axis=0)
    perhaps = np.sum([~within for within, _ in lacks], axis=0)
    people = np.nan_to_num(result.district.demand["population"].to_numpy(dtype=float))
    least = {"any": 1, "several": (len(lacks) + 1) // 2, "all": len(lacks)}[kind]
    table = result.gaps(kind)
    sure, most = (people[count >= least].sum() for count in (certain, perhaps))
    assert table["population"].sum() == pytest.approx(most)
    assert table["unknown"].sum() == pytest.approx(most - sure)
    assert most > sure or kind == "any"


def test_no_more_people_lack_all_kinds_than_lack_one_of_them():
    facilities = [
        {"at": (0, 0), "capacity_residents": 2.0},
        {"at": (0, 0), "capacity_residents": 15.0},
    ]
    district = town([(100, 0), (200, 0)], facilities)
    both = district.facilities.assign(kind=["clinic", "police_room"])
    district = district.with_layers(facilities=both)
    rules = {kind: Rule(kind, 300.0) for kind in ("clinic", "police_room")}
    standard = Standard(id="both", en="Both", zh="两类", source="made up", rules=rules)
    kinds = ("clinic", "police_room", "all", "any")
    lacks = [gaps(district, each, standard, capacity=True)["population"].sum() for each in kinds]
    assert lacks == pytest.approx([18.0, 5.0, 5.0, 18.0])
