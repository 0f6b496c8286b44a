"""Mends of a district's data that need no decision: each change is listed, the district copied."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.analysis.data_check.communities import SLIVER_M, overlaps
from planner.analysis.data_check.problem import places, rows_of
from planner.arrays import F64
from planner.district import District
from planner.district.plausibility.layers import same_rows
from planner.errors import Finding, InputError
from planner.sources.checks.district import shut_gates
from planner.sources.files.communities import in_communities
from planner.sources.streets.joining import join_streets
from planner.sources.streets.unjoined import JOIN_M
from planner.sources.streets.walls import Walls

CHANGE_COLUMNS = ("mend", "layer", "id", "name", "other", "metres", "geometry")
SAME = "district.same_facilities"
_MOVED_M2 = 0.01


@dataclass(frozen=True, eq=False)
class Mended:
    """A district as mended, and what was changed.

    Parameters
    ----------
    district
        The mended copy, with a finding that tells how many changes were made.
    changes
        GeoDataFrame in the district's CRS, a row for each change: ``mend``, ``layer``, ``id``,
        ``name``, ``other`` (the row that stays, or the kind of place), ``metres`` (area of what a
        community won or lost, over its outline, NaN elsewhere), geometry (of what was changed).
    """

    district: District
    changes: gpd.GeoDataFrame


def mend_data(
    district: District, mends: Iterable[str] | None = None, *, right: Collection[str] = ()
) -> Mended:
    """Mend a copy of a district where no decision is needed.

    ``join_streets`` joins streets that cross or nearly meet at one level (never bridges, tunnels,
    gates that are shut); ``drop_doubles`` leaves out facilities that are the same as another in
    everything but their id; ``clean_borders`` gives overlaps and holes between communities that
    are narrower than 5 m to the neighbour with the longest common border (GEOS coverage cleaner).
    Whatever needs a person is left as it is.

    Parameters
    ----------
    district
        The district; it stays as it is.
    mends
        Names of :data:`MENDS`, all where None.
    right
        Keys of rows that somebody looked at and ticked off as right: these stay as they are.

    Raises
    ------
    InputError
        ``data_check.unknown_mend`` where a name is none.
    """
    names = list(MENDS) if mends is None else list(mends)
    changes = []
    for name in names:
        if name not in MENDS:
            raise InputError("data_check.unknown_mend", value=name, known=", ".join(MENDS))
        district, changed = MENDS[name](district, frozenset(right))
        if len(changed):
            changes.append(changed.assign(mend=name))
    if not changes:
        nothing = gpd.GeoDataFrame({name: [] for name in CHANGE_COLUMNS}, crs=district.crs)
        return Mended(district, nothing)
    whole = pd.concat(changes, ignore_index=True)[list(CHANGE_COLUMNS)]
    params = {"count": len(whole), "mends": ", ".join(dict.fromkeys(whole["mend"]))}
    findings = [f for f in district.findings if f.code != "data_check.mended"]
    told = replace(district, findings=(*findings, Finding("data_check.mended", params)))
    return Mended(told, gpd.GeoDataFrame(whole, crs=district.crs))


def _ids(right: frozenset[str], *codes: str) -> list[tuple[str, str]]:
    """Return id and other of the rows of some problems among keys.

    See :meth:`~planner.analysis.data_check.problem.Problem.keys`.
    """
    keys = [key.split("|", 2) for key in sorted(right)]
    return [(key[1], key[2]) for key in keys if len(key) == 3 and key[0] in codes]


def _spots(right: frozenset[str], *codes: str) -> F64:
    """Return the places (n, 2) of such rows that are no rows of a layer."""
    named = [own.split() for own, _ in _ids(right, *codes)]
    return np.array([[float(x), float(y)] for x, y in named], np.float64).reshape(-1, 2)


def _join_streets(district: District, right: frozenset[str]) -> tuple[District, gpd.GeoDataFrame]:
    apart = _spots(right, "sources.unjoined", "sources.inner_junctions")
    walls = Walls.of(district.barriers, district.gates)
    streets, found = join_streets(district.streets, JOIN_M, shut_gates(district), apart, walls)
    spots = found.places
    kind = np.repeat([name for name, _ in spots], [len(xy) for _, xy in spots]).astype(object)
    points = shapely.points(np.concatenate([xy for _, xy in spots]))
    if not len(kind):
        return district, places(district.crs, points)
    changed = places(district.crs, points, other=kind).assign(layer="streets")
    return district.with_layers(streets=streets), changed


def _drop_doubles(district: District, right: frozenset[str]) -> tuple[District, gpd.GeoDataFrame]:
    table = district.facilities
    if table.empty:
        return district, places(district.crs, np.empty(0, dtype=object))
    twice, first = same_rows(table, "facility_id")
    own = table["facility_id"].astype(str).to_numpy(dtype=object)
    twice &= ~np.isin(own, [each for each, _ in _ids(right, SAME)])
    changed = rows_of(district, "facilities", twice, other=own[first[twice]])
    if not twice.any():
        return district, changed
    kept = table[~twice].reset_index(drop=True)
    return district.with_layers(facilities=kept), changed.assign(layer="facilities")


def _clean_borders(district: District, right: frozenset[str]) -> tuple[District, gpd.GeoDataFrame]:
    table = district.communities
    before = table.geometry.to_numpy()
    first, second, _, width = overlaps(district)
    # where two communities claim the same ground, a person has to say whose it is
    disputed = np.unique(np.concatenate([first[width > SLIVER_M], second[width > SLIVER_M]]))
    after: Any = shapely.coverage_clean(before, gap_width=SLIVER_M)  # type: ignore[attr-defined]
    moved = shapely.area(shapely.symmetric_difference(before, after)) > _MOVED_M2
    moved[disputed] = False
    pairs = np.array(_ids(right, "data_check.slivers_overlap"), dtype=object).ravel()
    moved[table["community_id"].astype(str).isin(pairs).to_numpy()] = False
    for spot in _spots(right, "data_check.slivers_hole"):
        moved[shapely.dwithin(before, shapely.Point(spot), SLIVER_M)] = False
    moved &= shapely.area(after) > 0
    if not moved.any():
        return district, places(district.crs, np.empty(0, dtype=object))
    difference = shapely.symmetric_difference(before[moved], after[moved])
    metres = shapely.area(difference) / shapely.length(before[moved])
    changed = rows_of(district, "communities", moved, metres=metres)
    changed = changed.set_geometry(difference, crs=district.crs).assign(layer="communities")
    shapes = np.where(moved, after, before)
    communities = table.set_geometry(gpd.GeoSeries(shapes, index=table.index, crs=table.crs))
    demand, _ = in_communities(district.demand, communities)
    return district.with_layers(communities=communities, demand=demand), changed


Mend = Callable[[District, frozenset[str]], tuple[District, gpd.GeoDataFrame]]

MENDS: Mapping[str, Mend] = MappingProxyType(
    {
        "join_streets": _join_streets,
        "drop_doubles": _drop_doubles,
        "clean_borders": _clean_borders,
    }
)
"""What mends a district without a decision, by name."""
