"""Key figures that the pages of plans share: the proof, the cost, what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from planner.app.session.context import Context
from planner.app.widgets.key_figures import Figure
from planner.views.words.money import money as in_sentence
from planner.views.words.provenance import LAYERS

PLACES = (*LAYERS, "candidates")
"""Layers that the choice of places rests on."""


def signed(value: float, digits: int = 0) -> str:
    """Return a number with its sign.

    What sums lose in their last digits decides no half: who is gained within the limit and no
    longer beyond it is the same number.

    Examples
    --------
    >>> signed(1234.56, 1), signed(-2)
    ('+1,234.6', '-2')
    >>> signed(24753.4999999999), signed(-24753.5000000001)
    ('+24,754', '-24,754')
    """
    return f"{round(value, 6):+,.{digits}f}"


def proof(
    context: Context, label: str, meaning: str, *, optimal: bool, gap: float, kinds: Sequence[str]
) -> Figure:
    """Return how far from the best possible an answer is at most."""
    labels = context.labels
    shown = labels.percent(0, 0) if optimal else f"≤ {labels.percent(gap, 2)}"
    return Figure(label, shown, meaning, "bound", kinds, PLACES)


def money(context: Context, label: str, value: float, meaning: str, formula: str = "") -> Figure:
    """Return a sum of prices, with where they come from."""
    source = context.word("plan_figures.prices_unverified")
    shown = in_sentence(value, context.labels)
    return Figure(label, shown, meaning, formula, layers=("candidates",), source=source)


def unknown(context: Context, row: Mapping[str, float]) -> str:
    """Return how many residents are not known, as a sentence."""
    return context.word("provenance.only_unknown", unknown=context.labels.count(row["unknown"]))


def unknown_of_kinds(
    context: Context, summary: pd.DataFrame, kinds: Sequence[str], group: str
) -> str:
    """Return how many residents are not known of each kind, as a sentence; empty for none."""
    labels, names = context.labels, context.district().kinds
    rows: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in summary[summary["group"] == group].to_dict("records")
    ]
    told = [
        context.word(
            "plan_figures.unknown_kind",
            kind=labels.kind(str(row["kind"]), names),
            people=labels.count(row["unknown"]),
        )
        for row in rows
        if row["kind"] in kinds and row["data"] != "none" and row["unknown"] != 0
    ]
    if not told:
        return ""
    return context.word("plan_figures.unknown_each", kinds=labels.text(", ").join(told))
