"""Check-ups, clauses and checklists in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.remedies import SITES_AN_AREA
from planner.district.weights import Weights
from planner.views.words.labels import Labels
from planner.views.words.places import named_place, place_words


def word(labels: Labels, code: str, **params: object) -> str:
    """Return a sentence of ``messages/checkup.toml``."""
    return labels.message(f"checkup.{code}", **params)


def requirement_word(labels: Labels, requirement: str) -> str:
    """Return the name of what a clause asks."""
    return word(labels, f"requirement_{requirement}")


def kinds_word(labels: Labels, kinds: str, assessment: Assessment) -> str:
    """Return the names of kinds separated by ``;``."""
    table = assessment.district.kinds
    return labels.text(", ").join(labels.kind(kind, table) for kind in kinds.split(";") if kind)


def group_word(labels: Labels, group: str) -> str:
    """Return the name of a group, or of households and residents."""
    known = {"households": labels.column("households"), "residents": labels.group("population")}
    return known.get(group) or labels.group(group)


def score_word(labels: Labels, score: float) -> str:
    """Return a score with one decimal, or that there is none."""
    return "–" if np.isnan(score) else labels.number(score, 1)


def score_words(labels: Labels, row: Mapping[Any, Any]) -> str:
    """Return the score of an area, and the range of it where something is not known.

    Examples
    --------
    >>> score_words(Labels("en"), {"score": 100.0, "score_low": 36.3, "score_high": 100.0})
    '100.0 (36.3–100.0)'
    """
    score = score_word(labels, row["score"])
    bounds = row["score_low"], row["score_high"]
    if np.isnan(row["score"]) or all(bound == row["score"] for bound in bounds):
        return score
    low, high = (score_word(labels, bound) for bound in bounds)
    return f"{score} ({labels.text('{low}–{high}', low=low, high=high)})"


def weights_word(labels: Labels, weights: Weights) -> str:
    """Return the weights as a sentence."""
    parts = [
        f"{requirement_word(labels, name)} {value:g}" for name, value in weights.requirement.items()
    ]
    parts += [f"{labels.kind(name)} × {value:g}" for name, value in weights.kind.items()]
    parts += [f"{group_word(labels, name)} × {value:g}" for name, value in weights.group.items()]
    text = labels.text(", ").join(parts)
    return word(labels, "weights", name=weights.name(labels.language), list=text)


def remedy_word(labels: Labels, row: Mapping[Any, Any], assessment: Assessment) -> str:
    """Return a remedy as a sentence, its place by its name and what is near it."""
    xy = np.array([[row["x"], row["y"]]], dtype=np.float64)
    if not np.isnan(row["x2"]):  # the middle of a link
        xy = (xy + np.array([[row["x2"], row["y2"]]])) / 2
    place = row["name"] or row["id"]
    if not np.isnan(xy).any():
        (near,) = place_words(assessment.district, xy, labels)
        place = named_place(row["name"], near, labels)
    return word(
        labels,
        f"remedy_{row['remedy']}",
        kind=kinds_word(labels, row["kind"], assessment),
        place=place,
        gain=labels.number(row["gain"]),
        lacking=labels.number(row["lacking"]),
    )


def build_note(labels: Labels, rows: pd.DataFrame) -> str:
    """Return where the new ones among remedies were tried; empty where there is none of them.

    Other pages try other places, and name another best one of the same kind.
    """
    if rows.empty or "build" not in rows["remedy"].to_numpy():
        return ""
    return word(labels, "build_note", count=SITES_AN_AREA)
