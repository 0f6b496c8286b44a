"""Communities: where they lie over one another, leave holes, and hold nobody."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from planner.analysis.data_check.problem import Problem, places, rows_of
from planner.arrays import F64, I64, Bool
from planner.district import District
from planner.district.plausibility.communities import common_areas
from planner.errors import Finding
from planner.sources.checks.district import without_demand
from planner.sources.tables.set_aside import rows_told

SLIVER_M = 5.0
"""Overlaps and holes narrower than this come from drawing a border twice, and are mended."""

LEAST_M2 = 0.5
"""Smaller overlaps and holes come from rounding."""

LEAST_OPEN_M2 = 10.0
"""Smaller gaps at the outer border are corners between communities."""

HOLE_SHARE = 0.05
"""Holes larger than this share of the middle community are areas of their own: no fault."""


def community_problems(district: District) -> Iterator[Problem]:
    """Yield what is wrong with the communities of a district."""
    yield from _overlapping(district)
    yield from _holes(district)
    yield from _open_gaps(district)
    yield from _empty(district)


def overlaps(district: District) -> tuple[I64, I64, np.ndarray, F64]:
    """Return pairs of communities that lie over one another: rows, common area, its width, m."""
    first, second, common = common_areas(district.communities)
    return first, second, common, width_m(common)


def width_m(shapes: np.ndarray) -> F64:
    """Return the mean width of long areas, metres: of a strip, twice the area over its outline."""
    outline = shapely.length(shapes)
    return np.asarray(2 * shapely.area(shapes) / np.maximum(outline, 1e-9), dtype=np.float64)


def _overlapping(district: District) -> Iterator[Problem]:
    first, second, common, width = overlaps(district)
    own = district.communities["community_id"].astype(str).to_numpy(dtype=object)
    names = district.communities["name"].where(district.communities["name"] != "", own)
    names = names.to_numpy(dtype=object)
    homes = _homes_in(district, common)
    thin = width <= SLIVER_M
    for code, which, mend in (
        ("district.communities_overlap", ~thin, ""),
        ("data_check.slivers_overlap", thin, "clean_borders"),
    ):
        if not which.any():
            continue
        a, b = first[which], second[which]
        pairs = [f"{names[i]} / {names[j]}" for i, j in zip(a, b, strict=True)]
        params = {
            "count": len(pairs),
            "names": rows_told(pairs),
            "area_m2": round(float(shapely.area(common[which]).sum())),
            "homes": int(homes[which].sum()),
            "percent": _percent(district, common[which]),
        }
        rows = rows_of(district, "communities", a, other=own[b], metres=width[which])
        rows = rows.set_geometry(common[which], crs=district.crs)
        yield Problem(Finding(code, params), "wrong", "communities", rows, mend)


def _percent(district: District, areas: np.ndarray) -> float:
    """Return the share of the demand that lives in some areas, percent."""
    total = district.demand[district.groups[0]].to_numpy(dtype=np.float64)
    rows = np.unique(district.demand.sindex.query(areas, predicate="contains_properly")[1])
    return round(100 * float(total[rows].sum() / total.sum()), 1)


def _homes_in(district: District, areas: np.ndarray) -> I64:
    """Return how many homes lie in each of some areas."""
    area, _ = district.demand.sindex.query(areas, predicate="contains_properly")
    return np.bincount(area, minlength=len(areas)).astype(np.int64)


def holes(district: District) -> tuple[np.ndarray, F64]:
    """Return what no community holds though communities surround it, and its width, metres."""
    shapes = district.communities.geometry.to_numpy()
    outer = shapely.get_parts(shapely.union_all(shapes))
    filled = shapely.polygons(shapely.get_exterior_ring(outer))
    inner = shapely.get_parts(shapely.difference(filled, outer))
    area = shapely.area(inner)
    usual = float(np.median(shapely.area(shapes)))
    fits: Bool = (area > LEAST_M2) & (
        (area < HOLE_SHARE * usual) | (_homes_in(district, inner) > 0)
    )
    return inner[fits], width_m(inner[fits])


def _holes(district: District) -> Iterator[Problem]:
    inner, width = holes(district)
    homes = _homes_in(district, inner)
    thin = width <= SLIVER_M
    for code, which, mend in (
        ("data_check.slivers_hole", thin, "clean_borders"),
        ("data_check.holes", ~thin, ""),
    ):
        if which.any():
            params = {
                "count": int(which.sum()),
                "area_m2": round(float(shapely.area(inner[which]).sum())),
                "homes": int(homes[which].sum()),
                "percent": _percent(district, inner[which]),
            }
            rows = places(district.crs, inner[which], metres=width[which])
            yield Problem(Finding(code, params), "wrong", "communities", rows, mend)


def open_gaps(district: District) -> np.ndarray:
    """Return narrow gaps between communities that are open at the outer border, as areas."""
    shapes = district.communities.geometry.to_numpy()
    whole = shapely.union_all(shapes)
    filled = shapely.union_all(
        shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole)))
    )
    closed = shapely.buffer(shapely.buffer(whole, SLIVER_M / 2), -SLIVER_M / 2)
    parts = shapely.get_parts(shapely.difference(closed, filled))
    parts = parts[shapely.area(parts) > LEAST_OPEN_M2]
    part, _ = shapely.STRtree(shapes).query(parts, predicate="dwithin", distance=LEAST_M2)
    return np.asarray(parts[np.bincount(part, minlength=len(parts)) > 1])


def _open_gaps(district: District) -> Iterator[Problem]:
    gaps = open_gaps(district)
    if len(gaps):
        params = {
            "count": len(gaps),
            "area_m2": round(float(shapely.area(gaps).sum())),
            "homes": int(_homes_in(district, gaps).sum()),
            "metres": round(SLIVER_M),
        }
        rows = places(district.crs, gaps, metres=width_m(gaps))
        yield Problem(Finding("data_check.open_gaps", params), "wrong", "communities", rows)


def _empty(district: District) -> Iterator[Problem]:
    for finding, empty in without_demand(district):
        yield Problem(finding, "doubtful", "communities", rows_of(district, "communities", empty))
