"""Ways that the import left out of the streets, where a link or a gap lies beside them.

A cycleway that does not say whether one may walk there is no street. Where people do walk there, a
link along it is nothing that anybody builds: the map is to say so. A way that is shut to people on
foot (``foot=no``, ``access=private``) is there too, and to open it may do instead of a new path.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64, Shapes, Texts
from planner.district import District
from planner.district.layers import LEFT_OUT
from planner.errors import Finding

__all__ = ["SERVES", "TOUCHING_M", "beside", "cycleways_left_out", "left_out_along", "ways_of"]

SERVES = 0.5
"""A way that is left out serves a link where at most this share of the link's length lies between
its ends and the way: the way leads along the link, and does not merely cross it."""

TOUCHING_M = 1.0
"""Parts of ways this near to each other lead on."""

BESIDE_M = 30.0
"""A way this near to the homes of a gap is told with it, metres."""

LEAST_M = 30.0
"""Less than this of a way beside a gap is not told, metres."""


def left_out_along(district: District, lines: Shapes) -> pd.DataFrame:
    """Return the ways that were left out of the streets and lead along links.

    Parameters
    ----------
    district
        The district, with the ways in its layer ``context``.
    lines
        The links, from end to end.

    Returns
    -------
    DataFrame
        One row a link: ``left_out``, ``cycleway`` or ``shut``, empty for none, and
        ``left_out_ways``, their names and sources, joined by ``;``.
    """
    kind: Texts = np.full(len(lines), "", dtype=object)
    ways: Texts = np.full(len(lines), "", dtype=object)
    for each in reversed(LEFT_OUT):  # a cycleway is told where both lead along
        named = _along(district, each, lines)
        kind[named != ""], ways[named != ""] = each, named[named != ""]
    return pd.DataFrame({"left_out": kind, "left_out_ways": ways})


def beside(district: District, shapes: Shapes) -> Texts:
    """Return the cycleways that were left out beside some areas, (n,), joined by ``;``.

    Parameters
    ----------
    district
        The district.
    shapes
        Areas in its CRS, such as gaps.
    """
    found: Texts = np.full(len(shapes), "", dtype=object)
    lines, names = _ways(district, "cycleway")
    if not len(lines) or not len(shapes):
        return found
    area, way = shapely.STRtree(lines).query(shapes, predicate="dwithin", distance=BESIDE_M)
    near_m = shapely.length(
        shapely.intersection(lines[way], shapely.buffer(shapes[area], BESIDE_M))
    )
    area, way, near_m = (each[near_m >= LEAST_M] for each in (area, way, near_m))
    order = np.lexsort((-near_m, area))  # the longest of each area first
    for at, mine in _of_each(area[order], way[order]):
        found[at] = ";".join(dict.fromkeys(names[mine]))
    return found


def cycleways_left_out(district: District) -> Iterator[Finding]:
    """Tell how many metres of cycleways are in no walk, since nobody says that one may walk there.

    Of a workspace of before they were kept nothing is told: its layer ``context`` has none.
    """
    lines, _ = _ways(district, "cycleway")
    length_m = float(shapely.length(lines).sum())
    if length_m >= LEAST_M:
        yield Finding("analysis.cycleways_left_out", {"km": round(length_m / 1000, 2)})


def ways_of(district: District, kind: str) -> Shapes:
    """Return ways of a kind of :data:`planner.district.layers.LEFT_OUT` that were left out."""
    return _ways(district, kind)[0]


def _ways(district: District, kind: str) -> tuple[Shapes, Texts]:
    """Return ways of a kind that were left out, and what each is called."""
    context = district.context[(district.context["kind"] == kind).to_numpy(dtype=bool)]
    named = [
        f"{name} ({key})" if name and key else name or key or kind
        for name, key in zip(
            context["name"], context["source"].str.removeprefix("osm:"), strict=True
        )
    ]
    return np.asarray(context.geometry.to_numpy(), dtype=object), np.array(named, dtype=object)


def _along(district: District, kind: str, lines: Shapes) -> Texts:
    """Return the names of the ways of a kind that lead along each link, empty where none does."""
    found: Texts = np.full(len(lines), "", dtype=object)
    ways, names = _ways(district, kind)
    if not len(ways) or not len(lines):
        return found
    reach_m = SERVES * shapely.length(lines)
    row, way = shapely.STRtree(ways).query(lines, predicate="dwithin", distance=reach_m)
    order = np.argsort(row, kind="stable")
    for at, mine in _of_each(row[order], way[order]):
        ends = shapely.points(shapely.get_coordinates(lines[at])[[0, -1]])
        # ways that meet near the link lead on into each other: each piece is one area
        near = shapely.intersection(ways[mine], shapely.buffer(lines[at], 2 * reach_m[at]))
        strips = shapely.buffer(near, TOUCHING_M)
        for piece in shapely.get_parts(shapely.union_all(strips)):
            if shapely.distance(ends, piece).sum() <= reach_m[at]:
                its = shapely.intersects(strips, piece)
                close = shapely.distance(ways[mine], lines[at]) <= reach_m[at] / 2
                told = names[mine[its & close]] if (its & close).any() else names[mine[its]]
                found[at] = ";".join(dict.fromkeys(told))
    return found


def _of_each(of: I64, values: I64) -> Iterator[tuple[int, I64]]:
    """Yield each number of a sorted list, and the values that stand beside it."""
    numbers, starts = np.unique(of, return_index=True)
    yield from zip(numbers.tolist(), np.split(values, starts)[1:], strict=True)
