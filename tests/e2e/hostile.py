"""A part of the demo with names that try to run as code, in every field that takes text."""

from dataclasses import replace

import geopandas as gpd
from demo_part import part_of_demo

from planner.district import LAYERS, District

HOSTILE = '<img src=x onerror="top.__ran=1;window.__ran=1">`${window.__ran=2}`{{ 7*7 }}\'\\'
HARMLESS = "茶亭"
"""An own name of which only what it is called in English tries to run."""
MEANINGFUL = {"kind", "kinds", "highway", "access", "foot", "status", "ownership"}
"""Columns whose words the program understands; what is no such word is refused or not routed."""


def hostile_district() -> District:
    demo = part_of_demo(2)
    layers = {name: _spoiled(name, table) for name, table in demo.layers.items()}
    sources = tuple(
        replace(each, source=HOSTILE, date=HOSTILE, licence=HOSTILE, attribution=HOSTILE)
        for each in demo.sources
    )
    return replace(demo.with_layers(**layers), name=HOSTILE, sources=sources)


def _spoiled(name: str, layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    table = layer.copy()
    unique = {column.name for column in LAYERS[name].columns if column.unique}
    for column in table.select_dtypes(["object", "string"]):
        if column in MEANINGFUL or column == table.geometry.name:
            continue
        if column in unique or column == "community_id":
            table[column] = HOSTILE + table[column].astype(str)
        else:
            table[column] = HOSTILE
    return _spoiled_in_english(table) if "name" in table else table


def _spoiled_in_english(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer with own names that are harmless, and with such that are not, in English."""
    odd = [number % 2 == 1 for number in range(len(table))]
    table["name"] = table["name"].astype(object).where(odd, HARMLESS)
    table["name"] = table["name"].where([not each for each in odd], HARMLESS + HOSTILE)
    return table.assign(name_en=HOSTILE)
