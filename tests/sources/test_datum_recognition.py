"""Tables whose datum nobody says: a part of the demo has its figures from any, or is refused."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from demo_part import part_of_demo
from effort import few
from osm_maker import degrees
from osm_maker import town as town_of_streets

import planner
from planner.errors import InputError
from planner.sources import demo_district, from_frames
from planner.sources.datums.minority import minority
from planner.sources.datums.recognition import Ground, recognise
from planner.sources.datums.shifts import SHIFTED, from_wgs84, shifted, to_wgs84
from planner.sources.files.rows import read_rows

DATUMS = ("wgs84", *SHIFTED)


@pytest.fixture(scope="module")
def demo():
    # tests/app/test_ugly_folder.py has the whole demo in another datum
    return part_of_demo(2)


def table(points, datum, **columns):
    """Return points as a plain table whose coordinates are in a datum, which nobody says."""
    degrees = points.geometry.to_crs(4326)
    lon, lat = degrees.x.to_numpy(), degrees.y.to_numpy()
    if datum in SHIFTED:
        lon, lat = from_wgs84(lon, lat, datum)
    kept = [c for c in points.columns if c in ("name", "kind", "status", "ownership", "population")]
    return points[kept].drop(columns=columns).assign(lon=lon, lat=lat, **columns)


def town(demo, **layers):
    own = {
        "communities": demo.communities,
        "streets": demo.streets,
        "demand": demo.demand,
        "facilities": demo.facilities[demo.facilities["kind"] == "clinic"],
        "barriers": demo.barriers,
        "gates": demo.gates,
    }
    options = {key: layers.pop(key) for key in ("datum",) if key in layers}
    return from_frames("Town", **{**own, **layers}, **options)


def covered(place):
    summary = planner.assess(place, "gb50180-2018", groups=["population"]).summary()
    return float(summary.set_index("kind").loc["clinic", "covered"])


@pytest.fixture(scope="module")
def right(demo):
    return covered(town(demo))


@pytest.mark.long
@pytest.mark.parametrize("datum", few(DATUMS, 2))
def test_clinics_of_any_datum_give_the_same_figures(demo, right, datum):
    clinics = demo.facilities[demo.facilities["kind"] == "clinic"]
    place = town(demo, facilities=table(clinics, datum))
    assert covered(place) == pytest.approx(right, rel=1e-4)
    code = "recognised" if datum == "wgs84" else "converted_as_recognised"
    (told,) = [f for f in place.findings if f.code.startswith("datums.")]
    assert told.code == f"datums.{code}"
    assert told.params["best"] == {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}[datum]


@pytest.mark.long
def test_what_a_person_says_goes_before_what_fits(demo, right):
    clinics = demo.facilities[demo.facilities["kind"] == "clinic"]
    place = town(demo, facilities=table(clinics, "gcj02"), datum={"facilities": "gcj02"})
    assert covered(place) == pytest.approx(right, rel=1e-4)
    assert [f.code for f in place.findings if "datums" in f.code] == ["datums.converted_as_given"]
    wrong = town(demo, facilities=table(clinics, "gcj02"), datum={"facilities": "wgs84"})
    assert [f.code for f in wrong.findings if "datums" in f.code] == ["datums.looks_shifted"]
    assert (
        wrong.findings[[f.code for f in wrong.findings].index("datums.looks_shifted")].params[
            "best"
        ]
        == "GCJ-02"
    )


@pytest.mark.long
def test_where_nothing_was_moved_no_streets_are_told(demo):
    assert "datums.ground_shifted" not in {each.code for each in town(demo).findings}


@pytest.mark.long
@pytest.mark.parametrize("datum", few(SHIFTED, 1))
@pytest.mark.parametrize(
    "others", few([(), ("communities",), ("communities", "demand", "gates")], 2)
)
def test_streets_of_another_datum_than_the_places_are_told(demo, datum, others):
    layers = ("streets", "barriers", *others)
    moved = {name: shifted(getattr(demo, name), datum) for name in layers}
    told = [f for f in town(demo, **moved).findings if f.code == "datums.ground_shifted"]
    assert len(told) == 1, "one cause is told once"
    assert told[0].params["datum"] == {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]


@pytest.mark.long
def test_too_few_points_are_refused_and_nothing_is_taken_in_silence(demo):
    clinics = demo.facilities[demo.facilities["kind"] == "clinic"].iloc[:2]
    homes = demo.demand.iloc[:2]
    with pytest.raises(InputError) as caught:
        town(demo, facilities=table(clinics, "wgs84"), demand=table(homes, "wgs84"), gates=None)
    assert caught.value.code == "datums.not_sure"
    # beside homes that surely lie right they follow these, and that is told
    place = town(demo, facilities=table(clinics, "wgs84"))
    assert "datums.taken_as_others" in {f.code for f in place.findings}


@pytest.mark.parametrize("datum", DATUMS)
def test_a_column_of_communities_tells_where_streets_cannot(demo, datum):
    rng = np.random.default_rng(5)
    homes = demo.demand[demo.demand["community_id"] != ""].iloc[
        rng.choice(len(demo.demand) // 2, 40, replace=False)
    ]
    names = homes["community_id"].map(demo.communities.set_index("community_id")["name"])
    told = table(homes, datum)
    points = gpd.GeoDataFrame(
        {"所属社区": names.to_numpy()}, geometry=gpd.points_from_xy(told.lon, told.lat), crs=4326
    )
    ground = Ground(demo.streets.geometry.iloc[:1], demo.communities)
    found = recognise(points, ground)
    assert found.datum == datum
    assert found.sure
    assert found.fits[0].named > 0.9


def test_points_at_random_are_never_sure():
    demo = part_of_demo(6)
    west, south, east, north = demo.communities.total_bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    for seed in range(5):
        rng = np.random.default_rng(seed)
        xy = middle + rng.uniform(-300, 300, (60, 2))
        points = gpd.GeoDataFrame(
            geometry=gpd.points_from_xy(*xy.T), crs=demo.communities.crs
        ).to_crs(4326)
        ground = Ground(demo.streets.geometry, demo.communities)
        assert not recognise(points, ground).sure


def test_a_datum_that_nobody_knows_is_refused(demo):
    with pytest.raises(InputError) as caught:
        town(demo, datum="mercator")
    assert caught.value.code == "datums.unknown"
    with pytest.raises(InputError) as caught:
        town(demo, datum={"shops": "gcj02"})
    assert caught.value.code == "datums.unknown_layer"


@pytest.mark.long
def test_rows_of_another_source_are_told_by_their_rows():
    demo = demo_district()  # of fewer homes fewer are told
    homes = demo.demand.iloc[::3].reset_index(drop=True)
    rows = np.arange(len(homes)) % 5 == 0
    said = np.where(rows, "gcj02", "wgs84")
    parts = [table(homes[said == datum], datum) for datum in ("wgs84", "gcj02")]
    mixed = pd.concat(parts, ignore_index=True)
    told = {f.code: f.params for f in town(demo, demand=mixed).findings}
    part = told["datums.part_in_another"]
    assert (part["datum"], part["taken"]) == ("GCJ-02", "WGS 84")
    assert 10 <= part["count"] <= rows.sum()
    # those written into GCJ-02 stand last
    named = [int(row) for row in part["rows"].split(", ")[:10]]
    assert sum(row > (~rows).sum() for row in named) >= 8


@pytest.mark.long
@pytest.mark.parametrize("taken", ["wgs84", "gcj02"])
def test_rows_that_stayed_behind_or_were_moved_twice_are_found(demo, taken):
    ground = Ground(demo.streets.geometry, demo.communities)
    homes = demo.demand.iloc[::3].reset_index(drop=True).to_crs(4326)
    lon, lat = homes.geometry.x.to_numpy().copy(), homes.geometry.y.to_numpy().copy()
    assert minority(homes, ground, taken) is None
    wrong = np.arange(len(homes)) % 4 == 0
    # taken out of GCJ-02 although they were right: moved the wrong way
    move = from_wgs84 if taken == "wgs84" else to_wgs84
    lon[wrong], lat[wrong] = move(lon[wrong], lat[wrong], "gcj02")
    moved = homes.set_geometry(gpd.points_from_xy(lon, lat, crs=4326))
    found = minority(moved, ground, taken)
    assert found is not None
    assert found.datum == ("gcj02" if taken == "wgs84" else "wgs84")
    assert wrong[found.rows].mean() > 0.9


@pytest.mark.long
def test_a_datum_said_wrongly_is_told_with_its_distances_and_not_as_two_sources(demo):
    clinics = demo.facilities[demo.facilities["kind"] == "clinic"]
    place = town(demo, facilities=table(clinics, "gcj02"), datum={"facilities": "bd09"})
    (told,) = [f for f in place.findings if f.code == "datums.said_otherwise"]
    assert (told.params["said"], told.params["best"]) == ("BD-09", "GCJ-02")
    assert 2 * told.params["gcj02_m"] < told.params["bd09_m"]
    assert "datums.part_in_another" not in {f.code for f in place.findings}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("given", "told"), [("bd09", True), ("gcj02", False), ("auto", False)])
def test_a_datum_against_the_header_is_told(demo, tmp_path, given, told):
    clinics = demo.facilities[demo.facilities["kind"] == "clinic"]
    file = tmp_path / "list.csv"
    table(clinics, "gcj02").rename(columns={"lon": "经度(GCJ-02)", "lat": "纬度(GCJ-02)"}).to_csv(
        file, index=False
    )
    read = read_rows(file, "facilities", datum=given)
    found = [f.params for f in read.findings if f.code == "datums.against_table"]
    assert [(each["said"], each["given"]) for each in found] == [("GCJ-02", "BD-09")] * told


def codes_of(place):
    return [each.code for each in place.findings if each.code.startswith("datums.")]


OUTLINES = {
    "datums.boundaries_shifted",
    "datums.barriers_shifted",
    "datums.all_but_boundaries_shifted",
}


@pytest.mark.parametrize("datum", few(SHIFTED, 1))
def test_boundaries_in_another_datum_are_told_and_can_be_said(demo, datum):
    there = shifted(demo.communities, datum)
    place = town(demo, communities=there)
    assert "datums.boundaries_shifted" in codes_of(place)
    said = town(demo, communities=there, datum={"communities": datum})
    assert not OUTLINES & set(codes_of(said))
    own = [each.demand.set_index("demand_id")["community_id"] for each in (said, town(demo))]
    pd.testing.assert_series_equal(*own)


def test_what_lies_right_is_not_told(demo):
    assert not OUTLINES & set(codes_of(town(demo)))
    # borders that run nowhere along a street, and hold all homes
    west, south, east, north = demo.demand.total_bounds
    middle = (west + east) / 2 + 37.0
    halves = [(west - 91, middle), (middle, east + 83)]
    boxes = [shapely.box(left, south - 77, right, north + 97) for left, right in halves]
    squares = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=boxes, crs=demo.crs)
    assert not OUTLINES & set(codes_of(town(demo, communities=squares)))


@pytest.mark.long
def test_boundaries_that_lie_right_among_others_that_do_not_are_told(demo):
    layers = ("streets", "demand", "facilities", "barriers", "gates")
    other = {name: shifted(getattr(demo, name), "gcj02") for name in layers}
    assert "datums.all_but_boundaries_shifted" in codes_of(town(demo, **other))


@pytest.mark.long
def test_barriers_that_cross_streets_everywhere_are_told(demo):
    walls = shifted(demo.barriers, "gcj02")
    assert "datums.barriers_shifted" in codes_of(town(demo, barriers=walls))
    said = town(demo, barriers=walls, datum={"barriers": "gcj02"})
    assert not OUTLINES & set(codes_of(said))


def test_newer_boundaries_in_another_datum_are_told(demo, tmp_path):
    file = planner.write_district(town(demo), tmp_path / "town.gpkg")
    for areas, told in ((demo.communities, False), (shifted(demo.communities, "gcj02"), True)):
        change = planner.sources.read_update(file, "communities", areas, "replace")
        codes = {each.code for each in change.findings}
        assert ("datums.boundaries_shifted" in codes) == told
    walls = shifted(demo.barriers, "gcj02")
    change = planner.sources.read_update(file, "barriers", walls, "replace")
    assert "datums.barriers_shifted" in {each.code for each in change.findings}


def test_an_area_in_another_datum_beside_an_extract_is_told(tmp_path):
    extract = town_of_streets(12).write(tmp_path / "a.osm")
    corners = [degrees(*place) for place in ((0, 0), (1000, 0), (2000, 0))]
    tops = [degrees(*place) for place in ((0, 1000), (1000, 1000), (2000, 1000))]
    boxes = [shapely.Polygon([corners[n], corners[n + 1], tops[n + 1], tops[n]]) for n in range(2)]
    areas = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=boxes, crs=4326)
    for given, told in ((areas, False), (shifted(areas, "gcj02"), True)):
        place = planner.from_osm(extract, boundary=given, buffer_m=900)
        assert ("datums.boundaries_shifted" in codes_of(place)) == told
