"""Words, numbers and dates in the reader's language.

Sentences are looked up by their English text in the gettext catalogues under ``planner/locale``.
Where demand is an estimate and not a count of residents, ``planner/messages/estimated.toml`` has
what is said instead; ``planner/messages/browser.toml`` has what the browser says where a sentence
names an option of the command line.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from planner.analysis.questions import Question
from planner.district import (
    DEMAND_UNITS,
    Kinds,
    Money,
    WalkProfile,
    find_standard,
)
from planner.errors import Finding, PlannerError, messages, shortened
from planner.views.words.catalogue import COMMAND, PAPER, catalogue
from planner.views.words.findings import NO_IDS, named_in, without_ids
from planner.views.words.names_of_things import Names
from planner.views.words.numbers import grouped
from planner.views.words.plan_ids import plan_names
from planner.views.words.sentence_filling import RESIDENTS

_NAMED_KIND = ("siting.no_limit", "siting.no_limit_anywhere", "plan.combine_kinds")
"""Errors that call a kind by its name: what is to be typed is another thing."""


class Asking(Protocol):
    """What asks something beside the distance: an assessment."""

    @property
    def question(self) -> Question:
        """Moment and service."""

    @property
    def profile(self) -> WalkProfile | None:
        """Whose walk is measured."""

    @property
    def unmapped_m(self) -> float | None:
        """From where on the way from a door to its street is read both ways, metres."""


class Counted(Protocol):
    """What tells the unit of its demand: a district, an assessment."""

    @property
    def groups(self) -> Sequence[str]:
        """Columns of what is counted, the first of them where none is named."""

    @property
    def money(self) -> Money:
        """Unit of its prices."""

    def unit_of(self, group: str) -> str:
        """Return what one of them counts, one of :data:`planner.district.DEMAND_UNITS`."""


class Labels(Names):
    """Words, numbers and dates in one language, for what one district counts.

    Parameters
    ----------
    language
        ``"en"`` or ``"zh"``.
    unit
        What is counted, one of :data:`planner.district.DEMAND_UNITS`. Where that is not residents,
        no sentence speaks of people.
    door
        :data:`COMMAND`, :data:`~planner.views.words.catalogue.BROWSER` or :data:`PAPER`. In the
        browser no sentence names an option of the command line, on paper none what to click.
    money
        Unit of prices; see :meth:`~planner.views.words.sentence_filling.Sentences.money_word`.
    names
        What places are called in the language, put into sentences; as the data calls them if None.
    whose
        Column of the group that is counted; empty for everybody. Where it is not everybody, what
        counts residents says of which group they are.
    prices_in
        What prices and budgets are in where that is not `money`, as of a list of placeholders.

    Raises
    ------
    InputError
        For another language.

    Examples
    --------
    >>> Labels("en").percent(0.9996), Labels("zh").group("pop_65plus")
    ('99.9%', '65 岁及以上')
    """

    @classmethod
    def of(
        cls,
        counted: Counted,
        language: str = "en",
        group: str | None = None,
        door: str = COMMAND,
    ) -> Labels:
        """Return the words for what one group of a district or an assessment counts.

        The first of its groups is taken where none is given.
        """
        whose = counted.groups[0] if group is None else group
        return cls(language, counted.unit_of(whose), door, counted.money, whose=whose)

    def question(self, question: Question) -> list[str]:
        """Return what is asked beside the distance, a sentence each; none where nothing is."""
        said = []
        if isinstance(question.at, dt.datetime):
            when = self.moment(question.at)
            said.append(self.text("Only what is open: {when}", when=when))
        elif question.at is not None:
            said.append(self.text("Only what is open at every hour of the week"))
        if question.service is not None:
            service = self.service(question.service)
            said.append(self.text("Only what offers the service: {service}", service=service))
        return said

    def asked(self, assessment: Asking) -> list[str]:
        """Return what an assessment asks beside the distance: its question, and whose walk."""
        said = self.question(assessment.question)
        if assessment.profile is not None:
            said.append(self.message("profiles.walk_of", profile=self.profile(assessment.profile)))
        if assessment.unmapped_m is not None:
            metres = self.number(assessment.unmapped_m)
            said.append(self.message("analysis.unmapped_asked", metres=metres))
        return said

    def error(self, error: PlannerError) -> str:
        """Return the sentence of an error; a group that is known there by its name."""
        params, named = error.finding.params, {}
        if isinstance(params.get("group"), str) and not error.code.endswith("unknown_group"):
            named["group"] = self.group(params["group"])
        if params.get("unit") in DEMAND_UNITS and params["unit"] != RESIDENTS:
            named["unit"] = self.message(f"estimated.noun.{params['unit']}")
        if error.code in _NAMED_KIND:
            named["kind"] = self.kind(str(params["kind"]))
        named |= self._standards_named(error.finding)
        named |= plan_names(self, error.finding, self.department)
        return self._worded(error.finding, named)

    def finding(self, finding: Finding, kinds: Kinds | None = None) -> str:
        """Return the sentence of a finding, ids of kinds and groups replaced by their names."""
        of_plan = plan_names(self, finding, self.department)
        named = {**named_in(self, finding, kinds), **self._standards_named(finding)}
        return self._worded(finding, {**named, **of_plan})

    def _standards_named(self, finding: Finding) -> dict[str, str]:
        """Return standards that ship by name, with the id that the command line is given."""
        told = finding.params.get("standards")
        if not isinstance(told, str):
            return {}
        known = [find_standard(each) for each in told.split(", ")]
        names = [f"{self.standard(each)} ({each.id})" for each in known]
        return {"standards": self.message("plan_words.comma").join(names)}

    def _worded(self, finding: Finding, named: Mapping[str, Any]) -> str:
        given = shortened(finding.params)
        params = {key: grouped(key, self._param(value)) for key, value in given.items()}
        listed = self.door == PAPER and isinstance(params.get("ids"), str)
        params |= {"ids": NO_IDS} if listed else {}
        said = self._filled(finding.code, messages()[finding.code], {**params, **named})
        return without_ids(said) if listed else said

    def _param(self, value: object) -> object:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return catalogue(self.language).get(value, value)
        if isinstance(value, float) and not math.isfinite(value):
            return self._not_a_figure(value)
        return value
