"""GeoJSON that is written a part at a time holds every row, each value as it is."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.views.exports import geojson

ABOUT = {"district": "Mill", "attribution": "© somebody", "synthetic": False, "standard": "s"}


@pytest.mark.parametrize("rows", [1, 2, 1000], ids=["one-by-one", "two-by-two", "at-once"])
def test_no_row_and_no_value_is_lost_between_parts(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(geojson, "_ROWS", rows)
    table = pd.DataFrame(
        {
            "name": ['a "b", c', None, "50 %s", "园"],
            "share %": [0.1, np.nan, 1e-7, 12345678.125],
            "count": pd.array([1, None, 3, 4], dtype="Int64"),
            "sure": [True, False, True, False],
            "parts": [[1, 2], None, "x", 7],
            "others": np.array([0, None, np.int64(2), 3], dtype=object),
        }
    )
    points = shapely.points([[590_000.0 + step, 2_830_000.0] for step in range(4)])
    layer = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:4547")
    geojson.write_geojson(layer, ABOUT, tmp_path / "layer.geojson")
    read = json.loads((tmp_path / "layer.geojson").read_text(encoding="utf-8"))
    assert {key: read[key] for key in ABOUT} == ABOUT
    assert [each["properties"] for each in read["features"]] == [
        {
            "name": 'a "b", c',
            "share %": 0.1,
            "count": 1,
            "sure": True,
            "parts": [1, 2],
            "others": 0,
        },
        {
            "name": None,
            "share %": None,
            "count": None,
            "sure": False,
            "parts": None,
            "others": None,
        },
        {"name": "50 %s", "share %": 1e-7, "count": 3, "sure": True, "parts": "x", "others": 2},
        {"name": "园", "share %": 12345678.125, "count": 4, "sure": False, "parts": 7, "others": 3},
    ]
    assert len({tuple(each["geometry"]["coordinates"]) for each in read["features"]}) == 4


def test_a_layer_without_rows_is_a_collection_without_features(tmp_path):
    layer = gpd.GeoDataFrame({"name": []}, geometry=[], crs="EPSG:4326")
    geojson.write_geojson(layer, ABOUT, tmp_path / "layer.geojson")
    assert json.loads((tmp_path / "layer.geojson").read_text(encoding="utf-8"))["features"] == []


def test_what_lies_nowhere_has_no_geometry(tmp_path):
    spots = [shapely.Point(1.0, 2.0), None]
    layer = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=spots, crs="EPSG:4326")
    geojson.write_geojson(layer, ABOUT, tmp_path / "layer.geojson")
    read = json.loads((tmp_path / "layer.geojson").read_text(encoding="utf-8"))
    assert [each["geometry"] is None for each in read["features"]] == [False, True]
