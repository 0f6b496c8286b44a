"""The way to the page of gaps, with what is to be shown there.

Apart from what is drawn of a gap, since that needs siting and the plan, which the first page of
all would load to offer the way.
"""

from __future__ import annotations

from planner.app.session import choices

GAP, GAP_KIND, GAP_CAUSE = choices.GAP
"""Choices of the page of gaps: the gap looked at, the kind and the cause of those shown."""

ALL = "all"
"""The choice of every cause."""

AT, SERVICE, CAPACITY = "at", "service", "capacity"
"""Choices for what else is asked; the moment is that of all pages."""


def open_gaps(kind: str, gap_id: str = "", at: str = "") -> None:
    """Go to the gaps of a kind, all causes, asked of everyone's walk and nothing but a moment.

    Parameters
    ----------
    kind
        The kind.
    gap_id
        The gap to look at, of those under this very question: ids count gaps by size.
    at
        The moment, empty for any.
    """
    choices.choices().update({"kind": kind, GAP_KIND: kind, GAP_CAUSE: ALL, "walk": ""})
    choices.choices().update({AT: at, SERVICE: "", CAPACITY: ""})
    if gap_id:
        choices.bring(GAP, gap_id)
    choices.go("gaps")
