"""Areas that were redrawn between two runs are not compared, and who reads them is told."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.batch import find_league, run
from planner.batch.ground import redrawn_areas
from planner.batch.ranks import in_tables, with_change, with_what_compares
from planner.views.words.analysis.leagues import change_notes
from planner.views.words.labels import Labels

HALVES = [shapely.box(115.0, 30.0, 115.01, 30.01), shapely.box(115.01, 30.0, 115.02, 30.01)]
OTHER_HALVES = [
    shapely.box(115.0, 30.0, 115.02, 30.005),
    shapely.box(115.0, 30.005, 115.02, 30.01),
]


def areas(outlines, **columns) -> gpd.GeoDataFrame:
    """Communities of one district, twice each: a row a group."""
    rows = {
        "province": "",
        "district": "d",
        "district_name": "D",
        "area_id": [f"c{n}" for n in range(len(outlines))],
        "name": [f"C{n}" for n in range(len(outlines))],
        **columns,
    }
    table = gpd.GeoDataFrame(rows, geometry=outlines, crs=4326)
    return pd.concat([table, table])


def figures(share, total=100.0):
    """Two communities and their figures."""
    return pd.DataFrame(
        {
            "province": "",
            "district": "d",
            "district_name": "D",
            "area_id": ["c0", "c1"],
            "name": ["C0", "C1"],
            "demand_unit": "residents",
            "measure": "walk",
            "standard_sign": "x",
            "limit_m": 300.0,
            "total": total,
            "share": share,
            "share_low": share,
            "share_high": share,
        }
    )


@pytest.mark.parametrize(
    ("level", "expected"),
    [("community", {("", "d", "c0"), ("", "d", "c1")}), ("district", set())],
)
def test_communities_redrawn_within_a_district_leave_it_as_it_was(level, expected):
    assert redrawn_areas(areas(OTHER_HALVES), areas(HALVES), level) == expected
    assert redrawn_areas(areas(HALVES), areas(HALVES), level) == set()


def test_a_district_that_grew_is_another_one():
    grown = [HALVES[0], shapely.box(115.01, 30.0, 115.03, 30.01)]
    assert redrawn_areas(areas(grown), areas(HALVES), "district") == {("", "d")}
    assert redrawn_areas(areas(grown), areas(HALVES), "community") == {("", "d", "c1")}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_has_no_change_and_is_named(language):
    now, before = in_tables(figures([0.5, 0.9])), in_tables(figures([0.8, 0.3]))
    redrawn = {("", "d", "c0")}
    states = pd.DataFrame({"province": [""], "district": ["d"], "state": ["done"]})
    changed = with_change(now, before, "community", redrawn)
    told = with_what_compares(changed, before, "community", states, redrawn)
    told = told.set_index("area_id", drop=False)
    assert told["compared"].to_dict() == {"c0": "redrawn", "c1": "same"}
    since = ["share_before", "share_change", "change_low", "rank_before", "rank_change"]
    assert told.loc["c0", since].isna().all()
    assert told.loc["c1", "share_change"] == pytest.approx(0.6)
    (said,) = change_notes(told, told[:0], Labels(language))
    assert "C0 (D)" in said
    assert "C1" not in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_much_more_or_less_is_counted_is_named(language):
    now, before = in_tables(figures([0.5, 0.9], [100.0, 111.0])), in_tables(figures([0.5, 0.9]))
    states = pd.DataFrame({"province": [""], "district": ["d"], "state": ["done"]})
    for larger, names in ((112.0, ["C1 (D)"]), (111.0, []), (89.0, ["C1 (D)"]), (None, [])):
        changed = with_change(now.assign(total=[100.0, larger]), before, "community")
        told = with_what_compares(changed, before, "community", states)
        said = change_notes(told, told[:0], Labels(language))
        assert len(said) == len(names)
        assert all(name in " ".join(said) for name in names)


@pytest.mark.long
def test_two_runs_of_a_town_whose_communities_were_redrawn(made, results, tmp_path):
    district = planner.read_district(made / "d2.gpkg")
    old = district.communities
    west, south, east, north = old.total_bounds
    middle = (south + north) / 2
    bands = [shapely.box(west, south, east, middle), shapely.box(west, middle, east, north)]
    assert len(old) == len(bands)
    other = district.with_layers(communities=old.set_geometry(bands, crs=old.crs))
    file = planner.write_district(other, tmp_path / "d2.gpkg")
    before = run([made / "d1.gpkg", file], tmp_path / "before", groups=["population"])
    found = find_league(results, "community", "clinic", before=before)
    by_district = found.areas.groupby("district")["compared"].agg(set).to_dict()
    assert by_district == {"d1": {"same"}, "d2": {"redrawn"}, "d3": {"new"}}
    assert found.areas.loc[found.areas["compared"] == "redrawn", "rank_change"].isna().all()
    assert any("another boundary" in each for each in found.notes(found.labels()))
