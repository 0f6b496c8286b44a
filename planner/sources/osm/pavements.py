"""Carriageways whose pavements are ways of their own: neither doubled nor lost.

The walk rules leave such a carriageway out, as it would double its pavements and join them where
there is no crossing. Where nobody mapped the pavements after all, the street would be gone: then
the carriageway is walked. A quiet one that is left out is crossed anywhere, a busy one at the
crossings that are mapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import I64
from planner.errors import Finding
from planner.sources.osm.objects import OsmData
from planner.sources.osm.rules import SEPARATE
from planner.sources.streets.crossing import PAVEMENTS, REACH_M

QUIET = ("residential", "living_street", "service", "unclassified", "road")
"""Classes of carriageways that people cross anywhere."""

BESIDE_SHARE = 0.5
"""A carriageway has pavements where so much of it, at least, has one beside it."""

_STEP_M = 10.0


def with_lost_carriageways(
    data: OsmData, verdicts: Mapping[str, I64], within: Any
) -> tuple[dict[str, I64], list[Finding]]:
    """Return verdicts in which carriageways without the pavements that they name are walked.

    Parameters
    ----------
    data
        Projected objects.
    verdicts
        Positions of ways by the rule that turned them down, and of the ``walked`` ones.
    within
        Area that findings tell of.
    """
    verdicts = dict(verdicts)
    rules = [rule for rule in SEPARATE if rule in verdicts]
    if not rules:
        return verdicts, []
    walked = verdicts["walked"]
    foot = [w for w in walked.tolist() if data.way_tags[w].get("highway") in PAVEMENTS]
    chosen = np.array(foot, np.int64)
    tree = shapely.STRtree(data.lines(chosen[data.whole[chosen]]))
    back = []
    for rule in rules:
        ways = verdicts[rule]
        whole = data.whole[ways]
        lost = np.zeros(len(ways), bool)
        lost[whole] = _share_beside(data.lines(ways[whole]), tree) < BESIDE_SHARE
        verdicts[rule] = ways[~lost]
        back.append(ways[lost])
    lost_ways = np.concatenate(back)
    if not len(lost_ways):
        return verdicts, []
    verdicts["walked"] = np.sort(np.concatenate([walked, lost_ways]))
    lines = data.lines(lost_ways)
    here = shapely.intersects(within, lines)
    if not here.any():
        return verdicts, []
    params = {
        "ways": int(here.sum()),
        "km": round(float(shapely.length(lines[here]).sum()) / 1000, 2),
    }
    return verdicts, [Finding("osm.carriageways_kept", params)]


def _share_beside(lines: Any, pavements: shapely.STRtree) -> Any:
    """Return the share of each line, (k,), that has one of some ways beside it."""
    length = shapely.length(lines)
    parts = np.maximum(np.ceil(length / _STEP_M), 1).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), parts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    points = shapely.line_interpolate_point(
        lines[owner], (step + 0.5) / parts[owner], normalized=True
    )
    near = np.zeros(len(points), bool)
    near[pavements.query(points, predicate="dwithin", distance=REACH_M)[0]] = True
    return np.bincount(owner, weights=near, minlength=len(lines)) / parts


def quiet_carriageways(data: OsmData, verdicts: Mapping[str, I64], within: Any) -> gpd.GeoDataFrame:
    """Return the quiet carriageways that are left out for their pavements: id, name and line.

    Bridges and tunnels are none.
    """
    ways = np.concatenate([np.empty(0, np.int64), *(verdicts.get(rule, []) for rule in SEPARATE)])
    ways = ways.astype(np.int64)
    kept = [
        w
        for w in ways[data.whole[ways]].tolist()
        if data.way_tags[w].get("highway") in QUIET
        and data.way_tags[w].get("bridge", "no") == "no"
        and data.way_tags[w].get("tunnel", "no") == "no"
    ]
    chosen = np.array(kept, np.int64)
    lines = data.lines(chosen)
    here = shapely.intersects(within, lines) if len(lines) else np.zeros(0, bool)
    chosen = chosen[here]
    table = {
        "street_id": [f"way/{way}" for way in data.way_id[chosen]],
        "name": [data.way_tags[w].get("name", "") for w in chosen.tolist()],
    }
    return gpd.GeoDataFrame(table, geometry=list(lines[here]), crs=data.crs)
