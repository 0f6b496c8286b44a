"""Headings and values of the tables of measures, as readers see them."""

from __future__ import annotations

from planner.district import Kinds
from planner.errors import messages
from planner.views.words.labels import Labels


def heading(labels: Labels, name: str, kinds: Kinds | None = None) -> str:
    """Return the heading of a column of a measure.

    Examples
    --------
    >>> heading(Labels("en"), "alone_high"), heading(Labels("zh"), "kind")
    ('Carried alone at most', '设施类别')
    """
    code = f"measures.col_{name}"
    return labels.message(code) if code in messages() else labels.column(name, kinds)


def value(labels: Labels, text: str) -> str:
    """Return the word for a value such as ``"low-low"`` or ``"Mo"``; others stay as they are."""
    code = f"measures.value_{text.replace('-', '_')}"
    return labels.message(code) if code in messages() else labels.value(text)
