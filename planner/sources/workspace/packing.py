"""A district as it was read and checked, packed to be had again without either.

Reading a workspace is mostly checking it. What was found good, and what was told of it, is packed
in :mod:`planner.sources.packed`; the district that comes out again is the same in every value, of
which who packs it is sure before it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import shapely

from planner.district import LAYERS, Defaults, District, Kind, KindRecord, Source, builtin_kinds
from planner.district.kinds import Kinds
from planner.errors import Finding
from planner.sources.packed import DamagedError, UnpackableError, table_bytes, table_of

_TOLD = "told"
"""The part that is no layer."""


def packed_district(district: District) -> dict[str, bytes]:
    """Return a district as it was read, in parts.

    Raises
    ------
    UnpackableError
        Where it would not come back as it is, as with a column of lists.
    """
    if district.walking is not None or district.withheld is not None:
        raise UnpackableError("it is not as it was read")
    parts = {name: table_bytes(layer) for name, layer in district.layers.items()}
    parts[_TOLD] = json.dumps(_told(district), ensure_ascii=False, default=str).encode("utf-8")
    if not _same(district, unpacked_district(parts)):
        raise UnpackableError("it would come back as another")
    return parts


def unpacked_district(parts: Mapping[str, bytes]) -> District:
    """Return the district of the parts that :func:`packed_district` made.

    Raises
    ------
    DamagedError
        Where a part is missing or cannot be read.
    """
    try:
        told = json.loads(parts[_TOLD])
        layers = {name: table_of(parts[name]) for name in LAYERS}
        own = {name: _kind(kind) for name, kind in told["own_kinds"].items()}
        known = builtin_kinds() | own
        return District(
            name=told["name"],
            **{name: cast("gpd.GeoDataFrame", layer) for name, layer in layers.items()},
            sources=tuple(Source(**each) for each in told["sources"]),
            findings=tuple(Finding(code, params) for code, params in told["findings"]),
            synthetic=told["synthetic"],
            kinds=Kinds({name: known[name] for name in told["kinds"]}),
            island_m=told["island_m"],
            records={name: KindRecord(**each) for name, each in told["records"].items()},
            buffer_m=told["buffer_m"],
            defaults=Defaults(**told["defaults"]),
            had_open=frozenset(told["had_open"]),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise DamagedError(str(error)) from error


def _told(district: District) -> dict[str, Any]:
    """Return what a district is beside its layers, in values that JSON has."""
    builtin = builtin_kinds()
    own = {name: kind for name, kind in district.kinds.items() if builtin.get(name) != kind}
    return {
        "name": district.name,
        "sources": [asdict(source) for source in district.sources],
        "findings": [[finding.code, dict(finding.params)] for finding in district.findings],
        "synthetic": district.synthetic,
        "kinds": list(district.kinds),
        "own_kinds": {name: asdict(kind) for name, kind in own.items()},
        "island_m": district.island_m,
        "records": {name: asdict(record) for name, record in district.records.items()},
        "buffer_m": district.buffer_m,
        "defaults": asdict(district.defaults),
        "had_open": sorted(district.had_open),
    }


def _kind(told: dict[str, Any]) -> Kind:
    return Kind(**{**told, "osm": tuple(told["osm"]), "poi": tuple(told["poi"])})


def _same(one: District, other: District) -> bool:
    """Whether two districts are the same, to the order of their kinds and records."""
    beside = [each.name for each in fields(District) if each.name not in (*LAYERS, "checked")]
    if any(getattr(one, name) != getattr(other, name) for name in beside):
        return False
    if list(one.kinds) != list(other.kinds) or list(one.records) != list(other.records):
        return False
    return all(_same_layer(one.layers[name], other.layers[name]) for name in LAYERS)


def _same_layer(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Whether two layers are the same in types, order, values and shapes."""
    if one.crs != other.crs or one.crs.to_string() != other.crs.to_string():
        return False
    if list(one.dtypes.items()) != list(other.dtypes.items()) or not one.index.equals(other.index):
        return False
    shapes = [shapely.to_wkb(each.geometry.to_numpy()) for each in (one, other)]
    if not (shapes[0] == shapes[1]).all():
        return False
    return all(pd.Series.equals(one[name], other[name]) for name in one if name != "geometry")
