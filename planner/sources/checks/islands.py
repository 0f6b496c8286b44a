"""Homes and facilities beside small loose pieces of street: whom they do not catch, whom they keep.

The rule is that of :mod:`planner.network.islands`; here it is said by name whom it moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from planner.district import District
from planner.errors import Finding
from planner.network import Barriers, Islands, Positions
from planner.sources.streets.left_out import named

_ID = {"demand": "demand_id", "facilities": "facility_id"}


def island_places(
    district: District,
    islands: Islands,
    joined: Mapping[str, Positions],
    barriers: Barriers | None,
    max_access_m: float,
) -> pd.DataFrame:
    """Return the homes and facilities that the rule on loose pieces of street is about.

    Parameters
    ----------
    district
        The district.
    islands
        Its loose pieces.
    joined
        Positions of all rows of ``demand`` and ``facilities`` by layer, as `islands` joins them.
    barriers, max_access_m
        As they were joined.

    Returns
    -------
    DataFrame
        ``layer``, ``id``, ``name`` (empty where there is none), ``effect`` (``"moved"``: joins
        other streets, past a nearer loose piece; ``"kept"``: joins a loose piece, no other street
        being within reach), ``access_m``, ``island_access_m``, straight metres to the street that
        it joins and to the loose piece, and ``piece_m``, street length of that piece.
    """
    tables = [pd.DataFrame({c: [] for c in _COLUMNS})]
    for layer, positions in joined.items():
        near = islands.passed(positions, max_access_m=max_access_m, barriers=barriers)
        kept = islands.on_island(positions)
        row = np.flatnonzero(near.known | kept)
        if not row.size:
            continue
        table = getattr(district, layer)
        edge = np.where(kept, positions.edge, near.edge)[row]
        names = table["name"] if "name" in table else pd.Series("", index=table.index)
        found = {
            "layer": layer,
            "id": table[_ID[layer]].to_numpy(dtype=object)[row],
            "name": names.fillna("").to_numpy(dtype=object)[row],
            "effect": np.where(kept[row], "kept", "moved"),
            "access_m": positions.access_mm[row] / 1000.0,
            "island_access_m": np.where(kept, positions.access_mm, near.access_mm)[row] / 1000.0,
            "piece_m": np.round(islands.piece_m[edge], 1),
        }
        tables.append(pd.DataFrame(found))
    whole = pd.concat(tables[1:] or tables, ignore_index=True)
    return whole[list(_COLUMNS)]


_COLUMNS = ("layer", "id", "name", "effect", "access_m", "island_access_m", "piece_m")


def island_findings(places: pd.DataFrame, islands: Islands) -> Iterator[Finding]:
    """Tell of each effect how many homes and facilities it concerns, and name them."""
    for effect in ("moved", "kept"):
        rows = places[places["effect"] == effect]
        if rows.empty:
            continue
        count = rows["layer"].value_counts()
        params = {
            "homes": int(count.get("demand", 0)),
            "facilities": int(count.get("facilities", 0)),
            "ids": named(rows["layer"], rows["name"], rows["id"]),
            "pieces": _pieces(islands),
        }
        yield Finding(f"sources.islands_{effect}", params)


def _pieces(islands: Islands) -> int:
    ends = islands.network.component[islands.network.edge_uv[islands.edge, 0]]
    return len(np.unique(ends))
