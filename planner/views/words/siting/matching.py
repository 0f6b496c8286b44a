"""Needs matched with places, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from planner.views.words.labels import Labels
from planner.views.words.measured import by_measure
from planner.views.words.places import community_names, facility_names

if TYPE_CHECKING:
    from planner.siting.matching.matching import Matching


def say(labels: Labels, code: str, **params: object) -> str:
    """Return a sentence of ``messages/matching.toml``."""
    return labels.message(f"matching.{code}", **params)


def amount_word(labels: Labels, amount: float) -> str:
    """Return an amount, with a decimal where it is small and not whole.

    Examples
    --------
    >>> amount_word(Labels("en"), 1234.4), amount_word(Labels("en"), 2.27)
    ('1,234', '2.3')
    """
    if math.isnan(amount):
        return labels.number(amount)
    whole = abs(amount) >= 100 or amount == round(amount)
    return labels.number(amount, 0 if whole else 1)


def unit_word(matching: Matching, labels: Labels) -> str:
    """Return what needs and room are counted in."""
    return say(labels, f"unit_{matching.room}")


def place_names(matching: Matching) -> pd.Series:
    """Return the name of each place by its id, the id where it has none."""
    return facility_names(matching.assessment.district)


def answer(matching: Matching, language: str = "en") -> str:
    """Return the answer in a sentence."""
    labels, found = Labels.of(matching.assessment, language, matching.group), matching.summary()
    counted = ("served", "needs", "no_place", "full", "unknown")
    return by_measure(
        "matching.answer",
        matching.assessment.standard,
        dict.fromkeys(matching.served["kind"]),
        labels,
        share=labels.percent(found["share_low"]),
        walk=labels.metres(found["mean_walk_m"]) if found["served"] > 0 else "–",
        **{name: amount_word(labels, found[name]) for name in counted},
    )


def note(matching: Matching, language: str = "en") -> str:
    """Return how needs were matched, and what they are counted in."""
    labels = Labels.of(matching.assessment, language, matching.group)
    limit = matching.options.limit_m
    if limit is None and matching.kind is not None:
        limit = matching.assessment.limit_m(matching.kind, matching.group)
    words = say(labels, "limit_of_each") if limit is None else labels.metres(limit)
    return say(labels, "note", limit=words, unit=unit_word(matching, labels))


def remarks(matching: Matching, language: str = "en") -> list[str]:
    """Return what a reader of the figures must know."""
    labels = Labels.of(matching.assessment, language, matching.group)
    kinds = matching.assessment.district.kinds
    return [labels.finding(each, kinds) for each in matching.findings]


def community_words(matching: Matching, labels: Labels) -> pd.Series:
    """Return the name of each community by its id, and words for homes in none."""
    names = community_names(matching.assessment.district)
    outside = pd.Series({"": say(labels, "no_community")}, dtype=object)
    return pd.Series(pd.concat([names, outside]))
