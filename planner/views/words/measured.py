"""Distances in the words of their measure: walks, straight lines, or either by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.arrays import Bool

if TYPE_CHECKING:
    from planner.district.standards.standards import Standard
    from planner.views.words.labels import Labels


def straight_word(standard: Standard, kinds: Iterable[str], labels: Labels) -> str:
    """Return how distances to kinds are measured where any is as the crow flies, else nothing."""
    measures = {standard.measure_of(kind) for kind in kinds}
    if "straight" not in measures:
        return ""
    return labels.value("straight" if len(measures) == 1 else "straight_or_walk")


def by_measure(
    code: str, standard: Standard, kinds: Iterable[str], labels: Labels, **params: object
) -> str:
    """Return a sentence on distances: `code` of walks, its twin where any is a straight line.

    Parameters
    ----------
    code
        Of walks. Its twin has ``_straight`` behind it, and a brace `measure`.
    standard, kinds
        The standard that says how far it is to each of these kinds.
    labels
        Words of a language.
    params
        What else stands in the braces.
    """
    measure = straight_word(standard, kinds, labels)
    if not measure:
        return labels.message(code, **params)
    return labels.message(f"{code}_straight", measure=measure, **params)


def mostly_unreachable(rows: pd.DataFrame) -> Bool:
    """Return in which areas more can walk to none than to one, whom a mean distance leaves out.

    Parameters
    ----------
    rows
        (a,) with ``total``, ``unreachable`` and ``unknown`` people of a kind that is not judged.
    """
    none, lost, total = (
        rows[name].to_numpy(dtype="float64") for name in ("unreachable", "unknown", "total")
    )
    return np.asarray(none > total - none - lost)


def mean_heading(standard: Standard, kind: str, labels: Labels) -> str:
    """Return what the colours of communities tell on the map of a kind that is not judged."""
    if standard.measure_of(kind) == "straight":
        return labels.text("Mean straight line by community (m)")
    return labels.text("Mean walking distance by community (m)")
