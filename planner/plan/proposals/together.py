"""What several proposals do, as one scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from planner.analysis.assessment import Assessment
from planner.analysis.questions import Question
from planner.district import Open, Scenario
from planner.district.scenarios.scenario import Change
from planner.errors import InputError


class Doing(Protocol):
    """A proposal, as far as it says what is done and to what."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What it does."""

    @property
    def known_by(self) -> Mapping[str, Mapping[str, Any]]:
        """By what the facilities that it changes are known again."""

    @property
    def crs(self) -> str:
        """The CRS of its places."""


def together(name: str, proposals: Iterable[Doing]) -> Scenario:
    """Return what proposals do as one scenario, in their order.

    It is carried out on a district as it is today, since that is what the marks are of by which
    facilities are known again.

    Raises
    ------
    InputError
        ``plan.several_crs`` where they are about districts in different CRS.
    """
    doing = [each for each in proposals if each.changes]
    systems = {each.crs for each in doing if each.crs}
    if len(systems) > 1:
        raise InputError("plan.several_crs", found=", ".join(sorted(systems)))
    known: dict[str, Mapping[str, Any]] = {}
    for each in doing:
        known |= each.known_by
    steps = [step for each in doing for step in each.changes]
    return Scenario(name, steps, next(iter(systems), ""), known)


def done(assessment: Assessment, scenario: Scenario) -> Assessment:
    """Return the assessment once it is carried out; new facilities as :func:`as_asked` has them."""
    if not scenario.changes:
        return assessment
    steps = [as_asked(each, assessment.question) for each in scenario.changes]
    return assessment.apply(Scenario(scenario.name, steps, scenario.crs, scenario.of))


def as_asked(change: Change, question: Question) -> Change:
    """Return a change whose new facility meets what is asked, where it does not tell.

    That is what searches take of theirs, see :func:`planner.siting.findings.new_as_asked`: who
    builds decides on the hours later, and what is not decided yet brings no 0.
    """
    if not isinstance(change, Open):
        return change
    hours = "24/7" if question.at is not None and not change.opening_hours else ""
    services = question.service if not change.services else None
    return replace(
        change,
        opening_hours=hours or change.opening_hours,
        services=services or change.services,
    )


def counts_as_asked(changes: Iterable[Change], question: Question) -> Question:
    """Return of a question what new facilities are taken to meet, since they do not tell."""
    opened = [each for each in changes if isinstance(each, Open)]
    return Question(
        question.at if any(not each.opening_hours for each in opened) else None,
        question.service if any(not each.services for each in opened) else None,
    )
