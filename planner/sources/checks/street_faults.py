"""What is wrong with streets as they are now: where they do not join, what hangs on nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd

from planner.arrays import F64
from planner.errors import Finding
from planner.sources.streets.joining import find_unjoined, unjoined_findings
from planner.sources.streets.layer import loose_findings

FOUND_ANEW = (
    "sources.inner_junctions",
    "sources.unjoined",
    "sources.loose_streets",
    "sources.cut_streets",
)
"""What an import tells and is found again of streets that were changed since."""


@dataclass(frozen=True, eq=False)
class StreetFaults:
    """Faults of a layer of streets, looked for when somebody asks, once.

    Parameters
    ----------
    streets
        Layer ``streets``.
    shut
        (n, 2) places where streets are cut on purpose, such as shut gates.
    """

    streets: gpd.GeoDataFrame
    shut: F64

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be told of them."""
        unjoined = find_unjoined(self.streets, shut=self.shut)
        return (*unjoined_findings(unjoined), *loose_findings(self.streets))

    def in_place_of(self, told: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return findings without those that are no longer so, and with those that are new."""
        kept = [f for f in told if f.code not in FOUND_ANEW or f in self.findings]
        return (*kept, *(f for f in self.findings if f not in kept))
