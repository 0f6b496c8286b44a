"""Places where streets meet on the ground but not in the data, and what is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from planner.arrays import F64
from planner.errors import Finding

JOIN_M = 0.5
"""Ends at most this far from another street are joined to it, metres."""


@dataclass(frozen=True, eq=False)
class Unjoined:
    """Places where streets do not join, as points in metres.

    Parameters
    ----------
    crossings
        (k, 2) where two lines cross and have no common vertex.
    tees
        (t, 2) ends that lie on, or within the tolerance of, the middle of another line.
    gaps
        (g, 2) ends within the tolerance of another line's end.
    inner
        (i, 2) vertices that lines share and at which not all of them end, as where a line is drawn
        over others in a GIS.
    barred
        Ends within the tolerance of another line beyond a barrier or a shut gate.
    """

    crossings: F64
    tees: F64
    gaps: F64
    inner: F64
    barred: int = 0

    def __len__(self) -> int:
        return sum(len(places) for _, places in self.places)

    @property
    def places(self) -> tuple[tuple[str, F64], ...]:
        """The places by what they are: ``crossing``, ``tee``, ``gap``, ``inner``."""
        return (
            ("crossing", self.crossings),
            ("tee", self.tees),
            ("gap", self.gaps),
            ("inner", self.inner),
        )


def unjoined_findings(found: Unjoined, tolerance_m: float = JOIN_M) -> list[Finding]:
    """Tell of streets that do not join, nothing where all do."""
    findings = []
    if len(found.inner):
        findings.append(Finding("sources.inner_junctions", {"count": len(found.inner)}))
    if len(found) > len(found.inner):
        findings.append(Finding("sources.unjoined", _counts(found, tolerance_m)))
    return findings


def joined_findings(found: Unjoined, tolerance_m: float = JOIN_M) -> list[Finding]:
    """Tell what was joined, and what was not since a barrier lies between."""
    findings = []
    if len(found) > len(found.inner):
        findings.append(Finding("sources.joined", _counts(found, tolerance_m)))
    if found.barred:
        told = {"count": found.barred, "metres": tolerance_m}
        findings.append(Finding("sources.gaps_barred", told))
    return findings


def _counts(found: Unjoined, tolerance_m: float) -> dict[str, Any]:
    return {
        "crossings": len(found.crossings),
        "tees": len(found.tees),
        "gaps": len(found.gaps),
        "metres": tolerance_m,
    }
