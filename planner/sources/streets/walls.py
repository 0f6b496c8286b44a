"""What stands between two ends of streets that nearly meet: no line is drawn through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, I64, Bool, Shapes
from planner.sources.streets.gates import ON_M, REACH_M

_TOUCH_M = 0.01
"""So much of both ends of a line across a gap may touch a barrier, metres: it leads along it."""


@dataclass(frozen=True, eq=False)
class Walls:
    """Barriers, and the gates in them.

    Parameters
    ----------
    edges
        Lines (n,): of an area its outline.
    opened
        Open gates (g,) as points: within :data:`planner.sources.streets.gates.REACH_M` of one a
        barrier can be passed.
    shut
        Shut gates (s,) as points: nothing leads through one, whether or not it stands in a barrier.
    """

    edges: Shapes
    opened: Shapes
    shut: Shapes

    @classmethod
    def of(cls, barriers: gpd.GeoDataFrame | None, gates: gpd.GeoDataFrame | None) -> Self:
        """Take them from the layers of a district; None where there is no such layer."""
        none = np.empty(0, dtype=object)
        shapes = none if barriers is None else barriers.geometry.to_numpy()
        area = shapely.get_dimensions(shapes) == 2
        edges = np.where(area, shapely.boundary(shapes), shapes)
        points = none if gates is None else gates.geometry.to_numpy()
        is_open = np.ones(0, bool) if gates is None else gates["open"].to_numpy(dtype=bool)
        return cls(edges, points[is_open], points[~is_open])

    def bar(self, start: F64, end: F64) -> Bool:
        """Return which straight lines between two places (n, 2) they bar, (n,).

        Parameters
        ----------
        start, end
            Where each begins and ends.
        """
        lines = _lines(start, end)
        barred = np.zeros(len(lines), dtype=bool)
        barred[_near(lines, self.shut, ON_M)] = True
        part = np.minimum(_TOUCH_M / np.maximum(shapely.length(lines), _TOUCH_M), 0.4)[:, None]
        within = _lines(start + part * (end - start), end - part * (end - start))
        line, edge = shapely.STRtree(self.edges).query(within, predicate="intersects")
        met: Shapes = np.asarray(shapely.intersection(within[line], self.edges[edge]), object)
        passed = np.zeros(len(line), dtype=bool)
        passed[_near(met, self.opened, REACH_M)] = True
        barred[line[~passed]] = True
        return barred


def _lines(start: F64, end: F64) -> Shapes:
    return np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), object)


def _near(shapes: Shapes, points: Shapes, within_m: float) -> I64:
    """Return the numbers of shapes with a point so near."""
    if not len(shapes) or not len(points):
        return np.empty(0, dtype=np.int64)
    return np.unique(shapely.STRtree(points).query(shapes, "dwithin", within_m)[0])
