"""The range that spreading residents over homes leaves in each share."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import planner
from planner.analysis.coverage.spread import MOST_TIMES, STREET_TIMES, SpreadHomes
from planner.district import District, Rule, Standard, builtin_kinds

CRS = "EPSG:32650"
STANDARD = Standard("one", "One", "一类", "made up", {"clinic": Rule("clinic", 300.0)})


def road(by="floor_area_m2", spread=True) -> District:
    """Two communities along a road: of the west a quarter of the people is within 300 m."""

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    x = [100.0, 500.0, 700.0, 900.0, 1500.0, 1700.0]
    areas = ["w"] * 4 + ["e"] * 2
    demand = frame(
        [shapely.Point(at, 1) for at in x],
        demand_id=[f"d{n}" for n in range(6)],
        community_id=areas,
        population=[100.0] * 6,
    )
    if spread:
        demand["spread_from"], demand["spread_by"] = areas, by
    layers = {
        "streets": frame([shapely.LineString([(0, 0), (2000, 0)])], street_id=["s"]),
        "communities": frame(
            [shapely.box(0, -50, 1000, 50), shapely.box(1000, -50, 2000, 50)],
            community_id=["w", "e"],
            name=["West", "East"],
        ),
        "demand": demand,
        "facilities": frame([shapely.Point(0, 1)], facility_id=["f"], kind=["clinic"]),
    }
    return District.from_layers("Road", layers, complete=builtin_kinds())


def ends(result, area):
    rows = result.league("community", "clinic").query("group == 'population'").set_index("area_id")
    return rows.loc[area, ["share", "share_low", "share_high"]].tolist()


@pytest.mark.long
def test_a_part_covered_community_has_a_range_and_one_beyond_has_none():
    result = planner.assess(road(), STANDARD)
    assert ends(result, "w") == [0.25, 0.0, 0.25 * MOST_TIMES]
    assert ends(result, "e") == [0.0, 0.0, 0.0]
    row = result.summary().set_index("kind").loc["clinic"]
    assert row["share"] == pytest.approx(100 / 600)
    assert row["share_high"] == pytest.approx(200 / 600)


@pytest.mark.long
def test_streets_tell_less_than_floor_area():
    assert ends(planner.assess(road("street_m"), STANDARD), "w")[2] == 0.25 * STREET_TIMES
    assert ends(planner.assess(road("point"), STANDARD), "e") == [0.0, 0.0, 1.0]


def test_counted_residents_have_no_range():
    result = planner.assess(road(spread=False), STANDARD)
    assert ends(result, "w") == [0.25, 0.25, 0.25]
    assert not [f for f in result.findings if f.code == "analysis.spread_demand"]


def test_the_range_is_told_with_and_without_an_assumption():
    result = planner.assess(road(), STANDARD)
    (told,) = (dict(f.params) for f in result.findings if f.code == "analysis.spread_demand")
    assert (told["share"], told["low"], told["high"]) == (16.7, 0.0, 33.3)
    assert (told["least"], told["most"]) == (0.0, 66.7)


@pytest.mark.long
def test_who_may_be_within_is_in_the_range_as_in_the_table():
    base = road()
    # one home lies so far from the street that nothing is known of it
    away = [*base.demand.geometry.tolist()[:5], shapely.Point(1700, 900)]
    result = planner.assess(base.with_layers(demand=base.demand.set_geometry(away)), STANDARD)
    row = result.summary().set_index("kind").loc["clinic"]
    assert row["unknown"] == 100.0
    (told,) = (dict(f.params) for f in result.findings if f.code == "analysis.spread_demand")
    assert told["low"] == round(100 * row["share_low"], 1)
    assert told["high"] == round(100 * row["share_high"], 1)


def test_any_placing_within_the_assumption_lies_within_the_range():
    rng = np.random.default_rng(5)
    for _ in range(200):
        count = 30
        total = rng.integers(0, 4, count)
        weight = rng.uniform(1, 9, count)
        within = rng.random(count) < rng.random()
        homes = SpreadHomes(total, np.zeros(count, np.int64))
        people = weight / np.bincount(total, weight, minlength=4)[total] * 100
        low, high = homes.covered(np.zeros(count, np.int64), people, within, within, 1)
        # any other occupancy of at most twice the usual, each total kept
        factor = rng.uniform(0, MOST_TIMES, count)
        moved = people * factor
        scale = 100 / np.bincount(total, moved, minlength=4)[total]
        moved *= scale
        if (moved <= MOST_TIMES * people + 1e-9).all():
            covered = moved[within].sum()
            assert low[0] - 1e-6 <= covered <= high[0] + 1e-6


@pytest.mark.long
def test_the_sentence_of_the_range_speaks_of_spreading():
    from planner.views.words.labels import Labels
    from planner.views.words.provenance import range_line

    for spread, word in ((True, "spread residents live"), (False, "changes nothing")):
        result = planner.assess(road(spread=spread), STANDARD)
        (row,) = result.summary().query("kind == 'clinic'").to_dict("records")
        assert word in range_line(row, Labels.of(result.district, "en"))


def test_spreading_is_a_cause_of_ranges_where_residents_were_spread():
    from planner.analysis.measures.uncertainty import uncertainty

    table = uncertainty(planner.assess(road(), STANDARD), ["clinic"]).set_index("cause")
    row = table.loc["spread"]
    assert (row["share_low"], row["share_high"]) == (0.0, pytest.approx(200 / 600))
    counted = uncertainty(planner.assess(road(spread=False), STANDARD), ["clinic"])
    assert "spread" not in set(counted["cause"])


@pytest.mark.long  # of made communities above
def test_the_true_shares_of_the_demo_lie_in_the_range_of_residents_spread_along_its_streets():
    from planner.sources import Residents

    demo = planner.demo_district()
    totals = demo.demand.groupby("community_id")[["population"]].sum().reset_index()
    names = ["community_id", "name", "subdistrict", "geometry"]
    spread = planner.from_frames(
        "Spread",
        communities=demo.communities[names],
        streets=demo.streets,
        facilities=demo.facilities,
        barriers=demo.barriers,
        gates=demo.gates,
        residents=Residents(totals=totals),
    )
    assert spread.demand["population"].sum() == demo.demand["population"].sum()
    found = planner.assess(spread).summary().set_index(["kind", "group"])
    true = planner.assess(demo).summary().set_index(["kind", "group"])["share"].dropna()
    rows = found.loc[[key for key in true.index if key[1] == "population"]]
    shares = true.loc[rows.index]
    assert len(rows) >= 9
    assert (rows["share_low"] <= shares).all()
    assert (shares <= rows["share_high"]).all()
    assert (rows["share_high"] - rows["share_low"] < 1).all(), "a range of everything tells nothing"


@pytest.mark.long
def test_withholding_small_counts_keeps_the_range():
    district = road()
    people = district.demand.assign(pop_65plus=[3.0, 40.0, 40.0, 40.0, 40.0, 40.0])
    withheld = district.with_layers(demand=people).withhold(5)
    assert ends(planner.assess(withheld, STANDARD), "w")[2] == 0.25 * MOST_TIMES
