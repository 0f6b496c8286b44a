"""The best link of each gap: the gate, footbridge or path that brings most of its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.gaps.causes import BARRIER, CAUSES
from planner.analysis.links.links import best_link_for
from planner.analysis.people import without_few

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

MENDED = CAUSES[BARRIER]
"""The cause that a link can mend; a hole in the map is mended on the map."""

_ENDS = ("x1", "y1", "x2", "y2")


def with_links(
    assessment: Assessment,
    gaps: gpd.GeoDataFrame,
    most: int = 20,
    *,
    group: str | None = None,
    shown: bool = True,
) -> gpd.GeoDataFrame:
    """Return gaps with the link that would bring most of their people within the limit.

    Parameters
    ----------
    assessment
        What the gaps were found in.
    gaps
        Of :func:`planner.analysis.gaps.gaps.find_gaps`, by kind.
    most
        Gaps looked at, the largest of those that a barrier makes.
    group
        Whose residents count; the total where none is given.
    shown
        Whether gains that are withheld are left out, as in all that is shown.

    Returns
    -------
    GeoDataFrame
        The gaps and ``link_work`` (empty where no link helps or none was looked for),
        ``link_name``, ``link_gain`` (residents of the gap), ``link_length_m``,
        ``link_walked_m`` (today's way between its ends, inf where there is none) and its ends
        ``link_x1``, ``link_y1``, ``link_x2``, ``link_y2`` in the district's CRS.

    Raises
    ------
    InputError
        As :func:`planner.analysis.links.links.best_link_for`.
    """
    numbers = ["link_gain", "link_length_m", "link_walked_m", *(f"link_{end}" for end in _ENDS)]
    texts = pd.DataFrame("", index=gaps.index, columns=["link_work", "link_name"], dtype=object)
    values = pd.DataFrame(np.nan, index=gaps.index, columns=numbers)
    # links are measured on everyone's walk: a gap of another walk has none to show
    everyone = assessment.district.walking is None
    judged = gaps["kind"].isin(assessment.judged_kinds) & (gaps["cause"] == MENDED) & everyone
    for label, gap in gaps[judged].head(most).iterrows():
        ids = str(gap["demand_ids"]).split(";")
        found = best_link_for(assessment, ids, str(gap["kind"]), group, shown=False)
        for link in found.itertuples():
            name = link.gate_name or link.barrier_name
            texts.loc[label] = [link.work, name]
            ends = [getattr(link, end) for end in _ENDS]
            values.loc[label] = [link.gain, link.length_m, link.walked_m, *ends]
    found = gpd.GeoDataFrame(gaps.join(texts).join(values), geometry="geometry", crs=gaps.crs)
    return without_few(assessment, found, ["link_gain"], group) if shown else found
