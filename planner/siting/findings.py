"""What a reader of a search's answer must know about the search."""

from __future__ import annotations

from planner.errors import Finding
from planner.location.results import Siting

__all__ = ["search_findings"]


def search_findings(siting: Siting) -> tuple[Finding, ...]:
    """Return what must be known of how a search ended.

    A search that was crowded out by other work has seen less than its time limit promises; that
    is told, whatever it found.
    """
    if siting.stopped != "clock":
        return ()
    return (Finding("siting.crowded_out", {"seconds": f"{siting.seconds:.0f}"}),)
