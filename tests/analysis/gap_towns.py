"""Streets short enough to work out gaps by hand."""

import geopandas as gpd
import numpy as np
import shapely

from planner.district import District, Rule, Standard, builtin_kinds

CRS = "EPSG:32650"
RULES = {"clinic": Rule("clinic", 300.0)}
LIMIT = Standard("test", "Test", "试", "", rules=RULES, measure="walk")
STRAIGHT = Standard("test", "Test", "试", "", rules=RULES, measure="straight")


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def line(*xy) -> shapely.LineString:
    return shapely.LineString(xy)


def town(homes, facilities, *, streets=(), barriers=(), gates=(), people=10.0) -> District:
    """A street along the x axis from 0 to 2000, homes at points, clinics by their columns."""
    lines = [line((0, 0), (2000, 0)), *streets]
    table = frame(
        [shapely.Point(f["at"]) for f in facilities],
        facility_id=[f"f{i}" for i in range(len(facilities))],
        kind="clinic",
        **{
            name: [f.get(name, default) for f in facilities]
            for name, default in {
                "opening_hours": "24/7",
                "services": "care",
                "ownership": "public",
                "capacity_residents": np.nan,
            }.items()
        },
    )
    layers = {
        "communities": frame(
            [shapely.box(-500, -500, 2500, 900)], community_id=["c"], name=["Only"]
        ),
        "streets": frame(lines, street_id=[f"s{i}" for i in range(len(lines))]),
        "facilities": table,
        "demand": frame(
            [shapely.Point(xy) for xy in homes],
            demand_id=[f"d{i}" for i in range(len(homes))],
            community_id="c",
            population=people,
        ),
    }
    if barriers:
        layers["barriers"] = frame(
            barriers, barrier_id=[f"b{i}" for i in range(len(barriers))], kind="wall"
        )
    if gates:
        layers["gates"] = frame(
            [shapely.Point(xy) for xy in gates],
            gate_id=[f"g{i}" for i in range(len(gates))],
            open=True,
        )
    return District.from_layers("Town", layers, complete=builtin_kinds())
