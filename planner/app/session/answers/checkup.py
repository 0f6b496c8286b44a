"""Check-ups of the areas of a district, and their cards."""

from __future__ import annotations

import datetime as dt

from planner.analysis.compliance.checkup import Checkup
from planner.analysis.compliance.checkup import checkup as checkup_of
from planner.analysis.coverage.levels import Level
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import answer
from planner.district.weights import weights_of
from planner.documents import parse_toml
from planner.views.exports.analysis.card import card_html


@answer()
def checkup(question: Question, level: Level, weights: str) -> Checkup:
    """Return a check-up by weights given as TOML."""
    by = weights_of(parse_toml(weights), "weights.toml")
    return checkup_of(question.assessment(), by, level)


@answer()
def checkup_card(
    question: Question,
    level: Level,
    weights: str,
    area: str,
    language: str,
    links: bool,
    at: dt.date,
) -> str:
    """Return the card of an area as HTML, which bears a day."""
    return card_html(checkup(question, level, weights), area, language, links=links, at=at)
