"""A town of streets in a grid, as files and as an extract, whose figures can be worked out by hand.

Streets run every 100 m, six each way; in each of the 25 blocks 100 people live 10 m from the
street at its south, and the clinic stands on the southernmost street, 50 m from its west end. From
there 300 m reach three homes along that street and two of the row behind it: 500 of 2,500 people.
Without the two westernmost streets that lead north there is no way to that row: 300 people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from osm_maker import Extract, degrees

import planner
from planner.district import District
from planner.sources import from_files, from_osm

CRS = "EPSG:32650"
EAST, NORTH = 390_000.0, 2_860_000.0
SIDE = 500
AT = range(0, SIDE + 1, 100)
HOMES = [(50 + 100 * i, 10 + 100 * j) for i in range(5) for j in range(5)]
CLINIC = (50, 0)
ALL, ROW_ONLY, NOBODY = 500.0, 300.0, 0.0
NORTHWARD = 6
"""The first of the streets that lead north: rows 6 and 7 (8 of a spreadsheet) are the two that
bring the second row of homes."""


def here(*spots: tuple[float, float]) -> list[tuple[float, float]]:
    return [(EAST + x, NORTH + y) for x, y in spots]


def line(*spots: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(here(*spots))


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(EAST + x, NORTH + y)


def frame(shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
    shapes = list(shapes)
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=CRS)


def with_rows(table: gpd.GeoDataFrame, *shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
    """Return a table with rows added; columns that it lacks are empty in the others."""
    return gpd.GeoDataFrame(
        pd.concat([table, frame(shapes, **columns)], ignore_index=True), crs=CRS
    )


def streets() -> gpd.GeoDataFrame:
    across = [line(*((x, y) for x in AT)) for y in AT]
    north = [line(*((x, y) for y in AT)) for x in AT]
    return frame([*across, *north], name=[f"S{n}" for n in range(12)], highway="residential")


def boundaries() -> gpd.GeoDataFrame:
    east, north = EAST + SIDE / 2, NORTH + SIDE
    return frame(
        [
            shapely.box(EAST, NORTH - 30, east, north),
            shapely.box(east, NORTH - 30, EAST + 500, north),
        ],
        community_id=["c1", "c2"],
        name=["West", "East"],
    )


def homes() -> gpd.GeoDataFrame:
    ids = [f"d{n}" for n in range(len(HOMES))]
    return frame([point(*spot) for spot in HOMES], demand_id=ids, population=100.0)


def facilities(*spots: tuple[float, float], **columns: Any) -> gpd.GeoDataFrame:
    spots = spots or (CLINIC,)
    told = {
        "facility_id": [f"f{n + 1}" for n in range(len(spots))],
        "name": "First",
        "kind": "clinic",
    }
    return frame([point(*spot) for spot in spots], **{**told, **columns})


@dataclass
class Files:
    """The files of the town in a folder; each can be replaced by a table or by a path."""

    folder: Path
    layers: dict[str, Any] = field(default_factory=dict)

    def paths(self) -> dict[str, Path]:
        own = {
            "boundaries": boundaries(),
            "streets": streets(),
            "facilities": facilities(),
            "demand": homes(),
        }
        return {
            name: layer if isinstance(layer, Path) else self.written(name, layer)
            for name, layer in {**own, **self.layers}.items()
        }

    def written(self, name: str, table: gpd.GeoDataFrame) -> Path:
        path = self.folder / f"{name}.geojson"
        table.to_crs(4326).to_file(path)
        return path

    def district(self, **options: Any) -> District:
        return from_files("Grid", **{**self.paths(), **options})


def extract(clinic: tuple[float, float] | None = CLINIC, **tags: str) -> Extract:
    """Return the town as an extract: node 1 + 6 i + j at (100 i, 100 j), streets as ways.

    The ways along come first, then those that lead north, from the west; `tags` are the clinic's.
    """
    made = Extract()
    grid = {(x, y): made.node(x, y) for x in AT for y in AT}
    for y in AT:
        made.way([grid[x, y] for x in AT], {"highway": "residential"})
    for x in AT:
        made.way([grid[x, y] for y in AT], {"highway": "residential"})
    if clinic:
        made.node(*clinic, **{"amenity": "clinic", "name": "First", **tags})
    return made


def people(folder: Path) -> Path:
    """Write the town's residents in degrees, as they stand in the extract."""
    rows = [",".join(map(str, (f"d{n}", *degrees(*spot), 100))) for n, spot in enumerate(HOMES)]
    path = folder / "people.csv"
    path.write_text("\n".join(["id,lon,lat,population", *rows]) + "\n", encoding="utf-8")
    return path


def outline() -> shapely.Polygon:
    """Return the town's outline in degrees, as it lies in the extract."""
    return shapely.Polygon([degrees(*xy) for xy in ((0, -30), (500, -30), (500, 500), (0, 500))])


def from_extract(made: Extract | Path, folder: Path, **options: Any) -> District:
    path = made if isinstance(made, Path) else made.write(folder / "town.osm")
    given = {"boundary": outline(), "demand": people(folder), **options}
    return from_osm(path, **given)


def covered(district: District, kind: str = "clinic") -> float:
    """Return the residents within 300 m of a facility of the kind."""
    if not (district.open_facilities()["kind"] == kind).any():
        return NOBODY
    summary = planner.assess(district, "gb50180-2018", groups=["population"]).summary()
    return float(summary.set_index("kind").loc[kind, "covered"])


def finding(district: District, code: str) -> dict[str, Any]:
    """Return the parameters of the one finding of a code."""
    (found,) = [each for each in district.findings if each.code == code]
    return found.params
