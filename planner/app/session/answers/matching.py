"""Residents' needs matched with places that have room, and where more room serves most."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import WHOLE, answer
from planner.siting.matching.matching import Matching, match_needs
from planner.siting.matching.options import MatchOptions

STEPS = 5
"""Enlargements in a row that the page lists."""


@dataclass(frozen=True, kw_only=True)
class MatchingQuestion(Question):
    """What is matched.

    Parameters
    ----------
    kind
        Kind, empty for all that offer the service.
    offering
        Service, empty for any.
    group
        Whose needs.
    options
        How much is needed, and which places take part.
    """

    kind: str
    offering: str
    group: str
    options: MatchOptions


@answer(WHOLE)
def matching(question: MatchingQuestion) -> Matching:
    """Return the matching of what is asked."""
    return match_needs(
        question.assessment(),
        question.kind or None,
        service=question.offering or None,
        group=question.group,
        options=question.options,
    )


@answer()
def enlargements(question: MatchingQuestion, more: float) -> pd.DataFrame:
    """Return the places to enlarge one after another."""
    return matching(question).enlarge_sequence(more, STEPS)
