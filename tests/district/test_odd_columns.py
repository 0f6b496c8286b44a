"""Columns as Python makes them: each works, or is refused by name."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from towns import town

from planner.district import District, given_kinds
from planner.errors import InputError
from planner.sources import from_files, from_osm, read_district, write_district


def with_facilities(change) -> tuple[District, gpd.GeoDataFrame]:
    district = town()
    return district, change(district.facilities.copy())


def added(name, values):
    def change(table):
        table[name] = values
        return table

    return change


def objects(value):
    return lambda table: table.assign(note=pd.Series([value] * len(table), dtype=object))


REFUSED = {
    "whole number": (added(7, 1), "district.column_name"),
    "tuple": (added(("a", "b"), 1), "district.column_name"),
    "control character": (added("a\0b", 1), "district.column_name"),
    "twice": (lambda t: pd.concat([t, t[["name"]]], axis=1), "district.column_twice"),
    "second geometry": (
        lambda t: t.assign(other=gpd.GeoSeries(t.geometry.to_numpy(), crs=t.crs)),
        "district.second_geometry",
    ),
    "no geometry": (lambda t: pd.DataFrame(t.drop(columns="geometry")), "district.no_shapes"),
    "duration": (added("open_for", pd.Timedelta("1h")), "district.column_type"),
    "complex": (added("z", 1j), "district.column_type"),
    "half precision": (added("h", np.float16(1)), "district.column_type"),
    "beyond 64 bits": (added("n", np.uint64(2**63)), "district.column_type"),
    "lone surrogate": (objects("a\ud800"), "district.not_text"),
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_file_can_hold_is_refused_by_name(name):
    change, code = REFUSED[name]
    district, table = with_facilities(change)
    layers = {**district.layers, "facilities": table}
    with pytest.raises(InputError) as refused:
        District.from_layers("odd", layers)
    assert refused.value.code == code
    assert refused.value.params["layer"] == "facilities"
    assert str(refused.value).encode("utf-8")
    if code not in {"district.no_shapes"}:
        assert refused.value.params["column"]


def test_writing_refuses_it_too(tmp_path):
    district, table = with_facilities(added("open_for", pd.Timedelta("1h")))
    with pytest.raises(InputError, match="open_for"):
        write_district(replace(district, facilities=table), tmp_path / "x.gpkg")
    assert not (tmp_path / "x.gpkg").exists()


@pytest.mark.long
@pytest.mark.parametrize("name", ["fid", "FID", "ogc_fid", "geom", "rowid"])
def test_names_that_a_geopackage_uses_itself_come_back(name, tmp_path):
    district, table = with_facilities(lambda t: t.assign(**{name: range(5, 5 + len(t))}))
    given = District.from_layers("own", {**district.layers, "facilities": table})
    read = read_district(write_district(given, tmp_path / "x.gpkg"))
    assert list(read.facilities[name]) == list(range(5, 5 + len(table)))
    assert list(read.facilities["facility_id"]) == list(district.facilities["facility_id"])


@pytest.mark.long
def test_the_same_crs_in_esri_words_is_the_same():
    district = town()
    crs = CRS.from_wkt(district.crs.to_wkt("WKT1_ESRI"))
    table = district.facilities.set_crs(crs, allow_override=True)
    given = District.from_layers("esri", {**district.layers, "facilities": table})
    assert given.crs == district.crs


def test_kinds_are_a_table_a_file_or_everyday():
    assert "supermarket" in given_kinds("everyday")
    assert "clinic" in given_kinds("everyday")
    assert given_kinds(None) is given_kinds(given_kinds(None))
    with pytest.raises(InputError) as refused:
        given_kinds(["clinic"])
    assert refused.value.code == "district.no_kinds_table"


def test_readers_say_what_they_take(tmp_path):
    homes = town().demand
    with pytest.raises(InputError) as refused:
        from_osm(tmp_path / "x.osm", demand=[1])
    assert refused.value.params == {"option": "demand", "found": "list"}
    with pytest.raises(InputError, match="'demand' must be the path of a file"):
        from_files("x", boundaries="a", streets="b", facilities="c", demand=homes)
    with pytest.raises(InputError) as refused:
        from_osm(tmp_path / "x.osm", kinds=["clinic"])
    assert refused.value.code == "district.no_kinds_table"
