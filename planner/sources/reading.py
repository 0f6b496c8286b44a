"""What reading one layer of a file gives."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd

from planner.district import Source
from planner.errors import Finding


@dataclass(frozen=True, eq=False)
class Reading:
    """A layer as read and mended.

    Parameters
    ----------
    table
        The layer, with the columns of :data:`planner.district.LAYERS` that the file has and all
        others of the file unchanged.
    source
        Where it came from.
    findings
        What was mended or guessed, and what was left out.
    """

    table: gpd.GeoDataFrame
    source: Source
    findings: tuple[Finding, ...] = ()
