"""Links to open in words: the work, the place, today's walk."""

from __future__ import annotations

import math
from typing import Any

from planner.views.words.labels import Labels


def work_word(work: str, labels: Labels) -> str:
    """Return what is to be done for a link."""
    return labels.message(f"links.work_{work}")


def where_word(row: Any, labels: Labels) -> str:
    """Return where a link is: its gate, what it crosses, or the streets that it joins.

    Parameters
    ----------
    row
        A row of :func:`planner.analysis.links.links.best_links`.
    labels
        The language.
    """
    streets = sorted({name for name in (row.street_a, row.street_b) if name})
    if row.gate_name:
        return str(row.gate_name)
    if row.barrier_name:
        return labels.values(row.barrier_name)
    if len(streets) == 2:
        return labels.message("links.between", first=streets[0], second=streets[1])
    return streets[0] if streets else f"{row.x1:.0f}, {row.y1:.0f}"


def map_work_word(row: Any, labels: Labels) -> str:
    """Return where a loose piece of street could be joined: the streets and the place."""
    streets = sorted({name for name in (row.street_a, row.street_b) if name})
    spot = f"{row.x1:.0f}, {row.y1:.0f}"
    return f"{labels.text(', ').join(streets)} ({spot})" if streets else spot


def mending_word(cut: bool, labels: Labels) -> str:
    """Return what is to be done about a loose piece: draw what is missing, or take more data."""
    return labels.message("links.mend_extract" if cut else "links.mend_map")


def walk_word(metres: float, labels: Labels) -> str:
    """Return the length of today's walk in metres with its unit, or that there is no way."""
    return labels.message("links.no_way") if math.isinf(metres) else labels.metres(metres)
