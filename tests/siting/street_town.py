"""A street of clinics that crowd at one end, small enough to try every choice."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

from planner.district import District, builtin_kinds

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
LENGTH = 4000


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def on_street(metres: float) -> shapely.Point:
    return shapely.Point(X + metres, Y)


def crowded_street(complete: Iterable[str] | None = None) -> District:
    """A street of 4 km whose clinics crowd at its start; one is a partner's, one across the end.

    All of each kind are listed, or only of those that are given: each takes time to count.
    """
    at = np.arange(50, LENGTH, 100.0)
    people = 10.0 + np.arange(len(at)) % 7
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + LENGTH, Y + 50)], community_id=["1"], name=["All"]
        ),
        "streets": frame(
            [shapely.LineString([on_street(0), on_street(LENGTH + 200)])], street_id=["s"]
        ),
        "facilities": frame(
            [on_street(metres) for metres in (100, 300, 450, 2000, 2300, 4100, 1200)],
            facility_id=["a", "b", "c", "d", "partner", "outside", "unit"],
            name=["A", "B", "C", "D", "P", "O", "U"],
            kind=["clinic"] * 7,
            ownership=["public"] * 4 + ["partner", "public", "internal"],
        ),
        "demand": frame(
            [on_street(metres) for metres in at],
            demand_id=[f"d{n}" for n in range(len(at))],
            community_id="1",
            population=people,
            pop_65plus=np.where(at > 3000, people, 1.0),
        ),
        "candidates": frame(
            [on_street(metres) for metres in (600.0, 1500.0, 2600.0, 3200.0, 3600.0)],
            candidate_id=[f"s{n}" for n in range(5)],
            name=[f"Site {n}" for n in range(5)],
            cost=[100.0, 50.0, 30.0, 80.0, 10.0],
        ),
    }
    return District.from_layers("Street", layers, complete=complete or builtin_kinds())


def covered(assessment, group="population") -> float:
    near = (assessment.distances["clinic"] <= 300).to_numpy()
    return float(assessment.district.people()[group].to_numpy()[near].sum())
