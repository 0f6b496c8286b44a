"""The best link beside the best new facility: what each would bring, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.distances.streets import join
from planner.analysis.links.gains import checked_kinds
from planner.analysis.links.links import DEFAULT, best_links
from planner.analysis.links.places import Search
from planner.analysis.people import people_of, without_few
from planner.arrays import Bool

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = ["compare_with_site"]


def compare_with_site(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    group: str | None = None,
    *,
    search: Search = DEFAULT,
) -> pd.DataFrame:
    """Compare, for each kind, the best single link with the best single new facility.

    Parameters
    ----------
    assessment, kinds, group, search
        As for :func:`planner.analysis.links.links.best_links`.

    Returns
    -------
    DataFrame
        One row for each kind: ``kind``; ``gain_link``, residents whom the best link brings within
        the limit, with its ``work``, ``length_m``, ``x1, y1, x2, y2``; ``gain_site``, residents
        whom a new facility at the best site brings within it, with ``site_id`` and its place
        ``x, y``; ``sites``, how many were tried, and ``sites_from``: ``"candidates"`` where the
        district has candidate sites for the kind, else ``"demand"``, a facility at every home.
        Where nothing gains the figures are 0 and the places missing.

    Raises
    ------
    InputError
        As :func:`planner.analysis.links.links.best_links`.

    Notes
    -----
    Both are exact and each is tried alone. They are not the same in cost: a gate that is opened
    costs next to nothing, a footbridge more than many a clinic; and a link also helps the kinds
    that it is not chosen for. What is forbidden to build on is left out.
    """
    rows = []
    for kind in checked_kinds(assessment, kinds):
        links = best_links(assessment, [kind], group, 1, search=search)
        rows.append({"kind": kind, **_link(links), **_site(assessment, kind, group)})
    gains = ("gain_link", "gain_site")
    return without_few(assessment, pd.DataFrame(rows), gains, group)


def _link(links: gpd.GeoDataFrame) -> dict[str, object]:
    columns = ["work", "length_m", "x1", "y1", "x2", "y2"]
    if links.empty:
        return {"gain_link": 0.0, "work": "", **dict.fromkeys(columns[1:], np.nan)}
    return {"gain_link": float(links["gain"].iloc[0]), **links.iloc[0][columns].to_dict()}


def _site(assessment: Assessment, kind: str, group: str | None) -> dict[str, object]:
    """Return the site from which most residents beyond the limit now are within it."""
    district, reach = assessment.district, assessment.reach
    layer = _sites(assessment, kind)
    chosen, ids = (district.demand, "demand_id") if layer.empty else (layer, "candidate_id")
    on_network = reach.streets.on_network
    at = reach.homes if layer.empty else join(district, layer, reach.max_access_m)
    people = np.where(_lacking(assessment, kind, group), people_of(assessment, group), 0.0)
    gains = np.nan_to_num(
        reach.streets.network.count_within(
            on_network(reach.homes),
            on_network(at),
            assessment.limit_m(kind, group) or 0.0,
            weights=people,
        )
    )
    best = int(gains.argmax()) if len(gains) else -1
    gained = best >= 0 and gains[best] > 0
    place = chosen.geometry.iloc[best] if gained else None
    return {
        "gain_site": float(gains[best]) if gained else 0.0,
        "site_id": str(chosen[ids].iloc[best]) if gained else "",
        "x": place.x if place else np.nan,
        "y": place.y if place else np.nan,
        "sites": len(chosen),
        "sites_from": "demand" if layer.empty else "candidates",
    }


def _sites(assessment: Assessment, kind: str) -> gpd.GeoDataFrame:
    """Return the candidate sites on which the kind may be built."""
    sites = assessment.district.candidates
    allowed = [not text or kind in map(str.strip, text.split(";")) for text in sites["kinds"]]
    return sites[np.array(allowed, dtype=bool) & ~sites["forbidden"].to_numpy(dtype=bool)]


def _lacking(assessment: Assessment, kind: str, group: str | None) -> Bool:
    """Return which homes are beyond the limit, those of unknown distance left out."""
    distance_m = assessment.distances[kind].to_numpy(dtype=np.float64)
    return np.asarray(distance_m > (assessment.limit_m(kind, group) or 0.0))
