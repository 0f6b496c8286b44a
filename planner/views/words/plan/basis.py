"""By what a gain was counted, in words: the standard, the group and the question."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from planner.analysis.questions import Question
from planner.district import find_standard
from planner.errors import InputError
from planner.plan.proposals.figures import Figures
from planner.views.words.labels import Labels

TOTAL = "population"
"""The group that needs no name: everybody."""


def standard_word(labels: Labels, standard: str) -> str:
    """Return the name of a standard that ships; another's id."""
    try:
        return labels.standard(find_standard(standard))
    except InputError:
        return standard


def counting(labels: Labels, figures: Figures) -> Labels:
    """Return the words for whom figures count, whichever group the reader looks at."""
    return replace(labels, unit=str(figures.asked["unit"]), whose=figures.group)


def basis_words(labels: Labels, figures: Figures) -> str:
    """Return by what a gain was counted: the standard, and what else was asked."""
    asked = figures.asked
    group = figures.rows[0].group if figures.rows else TOTAL
    told = (asked.get("at"), asked.get("service"), asked.get("profile"))
    return _basis(labels, figures.standard, group, *told)


@lru_cache(maxsize=256)
def _basis(
    labels: Labels,
    standard: str,
    group: str,
    at: str | None,
    service: str | None,
    profile: str | None,
) -> str:
    """Return the words of a basis: of thousands of proposals there are a few."""
    parts = [standard_word(labels, standard)]
    if group != TOTAL:
        parts.append(labels.group(group))
    parts += labels.question(Question.of(at, service))
    if profile:
        walk = labels.message("profiles.walk_of", profile=labels.profile(profile))
        parts.append(walk)
    return labels.message("plan_words.comma").join(parts)
