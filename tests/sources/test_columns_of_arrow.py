"""Layers that come and go through Arrow's columns are those that come and go row by row."""

import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from pandas.testing import assert_series_equal

from planner.errors import InputError
from planner.sources import read_district
from planner.sources.vector import gdal
from planner.sources.vector.writing import write_layer
from planner.sources.workspace.demo import demo_file

PLAIN = gpd.GeoDataFrame(
    {
        "text": ["a", "", None, "社区"],
        "object": np.array(["a", None, np.nan, ""], dtype=object),
        "whole": [1, 2, 3, 2**53 + 1],
        "small": np.arange(4, dtype=np.int32),
        "part": [0.1, np.nan, np.inf, -2.0],
        "yes": [True, False, True, False],
    },
    geometry=shapely.points([[0.0, 0.0], [1.5, 2.5], [3.0, 3.0], [4.0, 4.0]]),
    crs=32650,
)


def rows_of(file):
    """Everything that a file says but for when it was written."""
    with closing(sqlite3.connect(file)) as base:
        return [line for line in base.iterdump() if 'INTO "gpkg_contents"' not in line]


def edited(file, *orders):
    """Change a layer ``places`` as an SQL tool would."""
    with closing(sqlite3.connect(file)) as base:
        hooks = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in hooks:
            base.execute(f'DROP TRIGGER "{name}"')
        for order in orders:
            base.execute(order)
        base.commit()


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"mixed": [1, "two", 3.5, None]},
        {"day": pd.to_datetime(["2026-11-30"] * 4)},
        {"maybe": pd.array([1, None, 3, 4], dtype="Int64")},
        {"none": [None] * 4},
    ],
    ids=lambda more: next(iter(more), "plain"),
)
def test_a_layer_is_written_as_row_by_row(tmp_path, more):
    table = PLAIN.assign(**more)
    write_layer(table, tmp_path / "new.gpkg", "places", "Point", promote=False)
    names = {"FID": "fid", "GEOMETRY_NAME": "geom"}
    pyogrio.write_dataframe(
        table, tmp_path / "old.gpkg", layer="places", driver="GPKG", layer_options=names
    )
    assert rows_of(tmp_path / "new.gpkg") == rows_of(tmp_path / "old.gpkg")


@pytest.mark.parametrize(
    "column",
    ["whole INTEGER", "flag BOOLEAN", "day DATE", "moment DATETIME", "bytes BLOB", "word TEXT"],
)
def test_a_layer_is_read_as_row_by_row(tmp_path, column):
    file = tmp_path / "layer.gpkg"
    write_layer(PLAIN, file, "places", "Point", promote=False)
    name = column.split()[0] + "_more"
    kind = column.split()[1]
    value = {"DATE": "'2026-11-30'", "DATETIME": "'2026-11-30T08:00:00Z'", "BLOB": "x'01'"}
    edited(
        file,
        f"ALTER TABLE places ADD COLUMN {name} {kind}",
        f"UPDATE places SET {name} = {value.get(kind, 1)} WHERE fid = 2",
    )
    data = gdal.geopackage(file)
    rows, columns = data.read("places"), data.read_columns("places")
    assert list(rows) == list(columns)
    for each in rows:
        assert_series_equal(pd.Series(rows[each]), pd.Series(columns[each]))


def test_text_that_is_no_utf8_is_refused_by_the_file(tmp_path):
    file = tmp_path / "town.gpkg"
    file.write_bytes(demo_file().read_bytes())
    edited(file, "UPDATE streets SET name = CAST(x'FF41' AS TEXT) WHERE fid = 1")
    with pytest.raises(InputError) as refused:
        read_district(file)
    assert refused.value.code == "sources.cannot_read"
