"""What every layer of streets goes through, whichever door it comes by.

Platforms and piers that hang on nothing are taken out, streets that nearly meet are joined where
that is asked for, and it is told what does not join.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from planner.arrays import F64, I64, Bool, Shapes
from planner.errors import Finding, InputError
from planner.network import WalkNetwork
from planner.sources.streets.joining import find_unjoined, join_streets
from planner.sources.streets.left_out import LeftOut
from planner.sources.streets.unjoined import JOIN_M, joined_findings, unjoined_findings
from planner.sources.streets.walls import Walls

LOOSE_SHARE = 0.01
"""Share of street length outside the largest connected piece that is worth telling."""

LOOSE_MUCH = 0.1
"""Share of it from which a network is not called sound."""

_NAMED = 10

HANGING = ("platform", "pier")
"""Classes of ``highway`` that are streets only as a part of a network."""


def finish_streets(
    streets: gpd.GeoDataFrame,
    *,
    join: bool | float = False,
    shut: F64 | None = None,
    walls: Walls | None = None,
) -> tuple[gpd.GeoDataFrame, list[Finding], list[LeftOut]]:
    """Return the layer ``streets`` as it is walked, what was found about it, what was left out.

    Parameters
    ----------
    streets
        Pieces split where they share a vertex.
    join
        Whether streets that cross or nearly meet at one level are joined; a number is the longest
        gap that is closed, metres.
    shut
        (n, 2) places where streets are cut on purpose, such as closed gates.
    walls
        What may stand between two ends that nearly meet; None where that is not known.

    Raises
    ------
    InputError
        ``sources.bad_join`` where the gap is negative or no number.
    """
    tolerance_m = JOIN_M if isinstance(join, bool) else float(join)
    if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
        raise InputError("sources.bad_join", value=tolerance_m)
    findings: list[Finding] = []
    if join is not False:
        streets, found = join_streets(streets, tolerance_m, shut, walls=walls)
        findings += joined_findings(found, tolerance_m)
    streets, hanging, notes = _without_hanging(streets)
    findings += notes
    if join is False:
        findings += unjoined_findings(find_unjoined(streets, JOIN_M, shut, walls))
    left_out = [LeftOut("sources.hanging_places", hanging)] if len(hanging) else []
    return streets, [*findings, *loose_findings(streets)], left_out


def pieces_of(streets: gpd.GeoDataFrame) -> tuple[I64, F64]:
    """Return the connected piece of each street (n,), and the metres of each piece (p,)."""
    network = WalkNetwork.from_lines(streets.geometry.to_numpy())
    piece = network.component[network.edge_uv[:, 0]].astype(np.int64)
    return piece, np.bincount(piece, network.edge_length_mm / 1000.0).astype(np.float64)


def loose_share(streets: gpd.GeoDataFrame) -> float:
    """Return the share of street length that hangs on nothing and is not cut by the data's edge."""
    piece, metres = pieces_of(streets)
    loose = _loose(streets, piece, metres)
    return float(metres[loose].sum() / metres.sum())


def loose_rows(streets: gpd.GeoDataFrame) -> Bool:
    """Return whether each street belongs to a piece that hangs on nothing, bool (n,)."""
    piece, metres = pieces_of(streets)
    return _loose(streets, piece, metres)[piece]


def loose_findings(streets: gpd.GeoDataFrame) -> list[Finding]:
    """Tell of pieces that join no other, those cut at the edge of the data by themselves."""
    piece, metres = pieces_of(streets)
    loose = _loose(streets, piece, metres)
    cut = ~loose
    cut[metres.argmax()] = False
    findings = []
    for code, which in (("sources.loose_streets", loose), ("sources.cut_streets", cut)):
        share = metres[which].sum() / metres.sum()
        if share > LOOSE_SHARE:
            params = {
                "percent": round(100 * float(share), 1),
                "pieces": int((metres[which] > 0).sum()),
                "km": round(float(metres[which].sum()) / 1000, 1),
            }
            findings.append(Finding(code, params))
    return findings


def _loose(streets: gpd.GeoDataFrame, piece: I64, metres: F64) -> Bool:
    """Whether each piece is loose: not the longest, and nothing of it runs on beyond the data."""
    loose = np.ones(len(metres), bool)
    loose[metres.argmax()] = False
    if "cut" in streets:
        loose[piece[streets["cut"].to_numpy(dtype=bool)]] = False
    return loose


def _without_hanging(
    streets: gpd.GeoDataFrame,
) -> tuple[gpd.GeoDataFrame, Shapes, list[Finding]]:
    """Leave out pieces that are platforms and piers alone; return their lines too."""
    lines = streets.geometry.to_numpy()
    if "highway" not in streets:
        return streets, lines[:0], []
    kind = streets["highway"].isin(HANGING).to_numpy()
    if not kind.any() or kind.all():
        return streets, lines[:0], []
    piece, metres = pieces_of(streets)
    only = np.ones(len(metres), bool)
    only[piece[~kind]] = False
    drop = only[piece]
    if not drop.any():
        return streets, lines[:0], []
    ids = [str(key) for key in streets["street_id"][drop]]
    params = {
        "pieces": int(only.sum()),
        "km": round(float(metres[only].sum()) / 1000, 2),
        "ids": ", ".join(ids[:_NAMED]) + (", …" if len(ids) > _NAMED else ""),
    }
    kept = streets[~drop].reset_index(drop=True)
    return kept, lines[drop], [Finding("sources.hanging_streets", params)]
