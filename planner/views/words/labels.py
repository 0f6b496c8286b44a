"""Words, numbers and dates in the reader's language.

Sentences are looked up by their English text in the gettext catalogues under ``planner/locale``.
Where demand is an estimate and not a count of residents, ``planner/messages/estimated.toml`` has
what is said instead; ``planner/messages/browser.toml`` has what the browser says where a sentence
names an option of the command line.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import pandas as pd
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from planner.analysis.hours.moments import of_no_date
from planner.analysis.questions import Question
from planner.district import (
    DEMAND_UNITS,
    EVERYONE,
    Kinds,
    Money,
    Rule,
    Standard,
    WalkProfile,
    builtin_kinds,
    builtin_profiles,
    find_standard,
    known_kinds,
)
from planner.district.defaults import YUAN
from planner.district.kinds import DEPARTMENTS, SERVICE_LINES
from planner.district.layers import WEIGHT
from planner.errors import Finding, InputError, PlannerError, in_number, messages, shortened
from planner.views.words.catalogue import COMMAND, LANGUAGES, PAPER, catalogue
from planner.views.words.columns import COLUMNS, GROUPS, VALUES
from planner.views.words.findings import NO_IDS, named_in, without_ids
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.plan_ids import plan_names
from planner.views.words.sentences import filled_chinese, in_a_row
from planner.views.words.shares import COUNTED, rounded_share

RESIDENTS = DEMAND_UNITS[0]
TOTALS = ("population", WEIGHT)
"""Columns that count everybody."""

_NAMED_KIND = ("siting.no_limit", "siting.no_limit_anywhere", "plan.combine_kinds")
"""Errors that call a kind by its name: what is to be typed is another thing."""

_KEYS = frozenset({"id", "ids", "key", "file", "files", "path", "folder", "column", "colour"})
_ROLES = (
    ("demand", "noun"),
    ("Demand", "heading"),
    ("demand_unit", "amount"),
    ("demand_one", "one"),
)


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


@dataclass(frozen=True)
class Labels:
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
        Unit of prices; see :meth:`money_word`.
    names
        What places are called in the language, put into sentences; as the data calls them if None.
    whose
        Column of the group that is counted; empty for everybody. Where it is not everybody, what
        counts residents says of which group they are.

    Raises
    ------
    InputError
        For another language.

    Examples
    --------
    >>> Labels("en").percent(0.9996), Labels("zh").group("pop_65plus")
    ('99.9%', '65 岁及以上')
    """

    language: str = "en"
    unit: str = RESIDENTS
    door: str = COMMAND
    money: Money = YUAN
    names: PlaceNames | None = None
    whose: str = ""

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

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            raise InputError(
                "views.unknown_language", name=self.language, known=", ".join(LANGUAGES)
            )

    @property
    def locale(self) -> str:
        """The locale that formats numbers and dates."""
        return LANGUAGES[self.language]

    def text(self, msgid: str, **params: object) -> str:
        """Return an English sentence in the language, its braces filled."""
        return self._filled(f"text.{msgid}", msgid, params)

    def message(self, code: str, **params: object) -> str:
        """Return the sentence of a message code, such as ``"analysis.progress_network"``."""
        return self._filled(code, messages()[code], params)

    def place(self, name: str) -> str:
        """Return what a place is called in the language, as it is where nothing else is known."""
        return self.names.of(name) if self.names else name

    def number(self, value: float | None, digits: int = 0) -> str:
        """Return a number with separators and `digits` decimals."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return _decimal(round(float(value), digits) + 0.0, digits, self.locale)

    def count(self, value: float) -> str:
        """Return a count of people as :meth:`number` does; one that is missing is withheld."""
        return self.message("small_numbers.withheld") if pd.isna(value) else self.number(value)

    def share(self, value: float, people: float) -> str:
        """Return a share as :meth:`percent` does; withheld where the people it is made of are."""
        return self.count(people) if pd.isna(people) else self.percent(value)

    def rate(self, row: Mapping[Any, Any]) -> str:
        """Return the share of a row, or the range it lies in where too many are not known.

        It is withheld where a count of the row is, which the share would tell.
        """
        low, high = row["share_low"], row["share_high"]
        if not pd.isna(low) and any(pd.isna(row.get(count, 0.0)) for count in COUNTED):
            return self.count(math.nan)
        if not pd.isna(row["share"]) or pd.isna(low) or row["unknown"] == 0:
            return self.percent(row["share"])
        return self.percent_range(low, high)

    def percent_range(self, low: float, high: float) -> str:
        """Return the range between two shares (0–1), one figure where both are told alike.

        Examples
        --------
        >>> Labels("en").percent_range(0.5316, 0.5324), Labels("en").percent_range(0.5, 0.6)
        ('53.2%', '50.0%–60.0%')
        """
        least, most = self.percent(low), self.percent(high)
        return least if least == most else self.text("{low}–{high}", low=least, high=most)

    def percent(self, value: float | None, digits: int = 1) -> str:
        """Return a share (0–1) in per cent; only a whole is 100 %, only nothing is 0 %."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return _percent(rounded_share(float(value), digits + 2), digits, self.locale)

    def metres(self, value: float | None) -> str:
        """Return a length in whole metres with its unit, rounded up so as not to flatter."""
        special = self._not_a_figure(value)
        if special is not None or value is None:
            return special or ""
        return self.text("{metres} m", metres=self.whole_metres(float(value)))

    def whole_metres(self, value: float) -> str:
        """Return a length in whole metres as every place tells it, rounded up, without its unit."""
        return self.number(math.ceil(round(value, 3)))

    def date(self, value: dt.date | str) -> str:
        """Return a date, given as such or in ISO 8601; other text stays as it is."""
        try:
            day = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
        except ValueError:
            return str(value)
        return str(format_date(day, format="long", locale=self.locale))

    def kind(self, kind: str, kinds: Kinds | None = None) -> str:
        """Return the name of a kind; an id that no table knows stays as it is."""
        table = kinds if kinds is not None and kind in kinds else known_kinds()
        return table[kind].name(self.language) if kind in table else kind

    def group(self, column: str) -> str:
        """Return the name of a people column such as ``"pop_65plus"``.

        Beside an estimate it says that these are residents.
        """
        if self._of_some:  # the residents of a table beside a group's are still all of them
            return replace(self, whose="").group(column)
        if self.unit != RESIDENTS and column.startswith("pop"):
            return self.text("{group} (residents)", group=Labels(self.language).group(column))
        if column in GROUPS:
            return self.text(GROUPS[column])
        if found := re.fullmatch(r"pop_(\d+)plus", column):
            return self.text("{age} and over", age=found[1])
        if found := re.fullmatch(r"pop_(\d+)_(\d+)", column):
            return self.text("Aged {low} to {high}", low=found[1], high=found[2])
        if found := re.fullmatch(r"pop_under_?(\d+)", column):
            return self.text("Under {age}", age=found[1])
        return column.removeprefix("pop_").replace("_", " ")

    def column(self, name: str, kinds: Kinds | None = None) -> str:
        """Return the heading of a table's column, ``share_clinic`` and the like included."""
        if name in GROUPS or name.startswith("pop_"):
            return self.group(name)
        if name in COLUMNS:
            return self.text(COLUMNS[name])
        for figure in sorted(COLUMNS, key=len, reverse=True):
            kind = name.removeprefix(f"{figure}_")
            if kind != name and kind in (builtin_kinds() if kinds is None else kinds):
                return self.text(
                    "{kind}: {figure}", kind=self.kind(kind, kinds), figure=self.column(figure)
                )
        return name

    def value(self, value: str) -> str:
        """Return the word for a status, ownership, measure or circle; others stay as they are."""
        return self.text(VALUES[value]) if value in VALUES else value

    def meaning(self, asked: str, value: str) -> str:
        """Return the word for what a word of a file means.

        Parameters
        ----------
        asked, value
            One of :data:`planner.sources.tables.words.states.MATTERS`, and one of its values.
        """
        if asked == "barrier":
            return self.message(f"gaps.barrier_{value}")
        code = f"tables.{asked}_{value}"
        return self.message(code) if code in messages() else self.value(value)

    def values(self, joined: str) -> str:
        """Return a ``;``-separated list with the language's own commas."""
        return self.text(", ").join(part.strip() for part in joined.split(";") if part.strip())

    def department(self, department: str) -> str:
        """Return the name of a department; an id that is not known stays as it is."""
        return self._pair(DEPARTMENTS, department)

    def service_line(self, line: str) -> str:
        """Return the name of a service line; an id that is not known stays as it is."""
        return self._pair(SERVICE_LINES, line)

    def service(self, service: str) -> str:
        """Return the name of a service; one that is not known stays as it is.

        Examples
        --------
        >>> Labels("zh").service("meals"), Labels("en").service("juggling")
        ('助餐', 'juggling')
        """
        code = f"matching.service_{service}"
        return self.message(code) if code in messages() else self.text(service)

    def profile(self, profile: str | WalkProfile, own: str = "") -> str:
        """Return the name of a profile of walking.

        Parameters
        ----------
        profile
            The profile, or its id.
        own
            What one that does not ship is called; its id where that is not known.
        """
        if isinstance(profile, WalkProfile):
            return profile.name(self.language)
        if profile == EVERYONE:
            return self.message("profiles.everyone")
        known = builtin_profiles()
        return known[profile].name(self.language) if profile in known else own or profile

    def standard(self, standard: Standard) -> str:
        """Return the name of a standard."""
        return standard.name(self.language)

    def clause(self, rule: Rule | None) -> str:
        """Return where a standard sets a limit, and that it was not checked where it was not."""
        if rule is None:
            return self.text("not judged: the standard has no limit")
        clause = self.text(rule.clause)
        if rule.verified and rule.verified_by and rule.verified_on:
            day = self.date(rule.verified_on)
            return self.message(
                "standards.clause_checked", clause=clause, name=rule.verified_by, day=day
            )
        if rule.verified:
            return clause
        if rule.basis == "assumption":
            return self.message("standards.clause_assumed", clause=clause)
        return self.text("{clause} (not yet checked against the official text)", clause=clause)

    def moment(self, at: dt.datetime) -> str:
        """Return a moment as it was asked: weekday and hour, with the date where it has one."""
        form = "EEEE HH:mm" if of_no_date(at) else "EEEE HH:mm, yyyy-MM-dd"
        return format_datetime(
            at, form + ("" if at.tzinfo is None else " ZZZZ"), locale=self.locale
        )

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
        params = {key: _grouped(key, self._param(value)) for key, value in given.items()}
        listed = self.door == PAPER and isinstance(params.get("ids"), str)
        params |= {"ids": NO_IDS} if listed else {}
        said = self._filled(finding.code, messages()[finding.code], {**params, **named})
        return without_ids(said) if listed else said

    def _filled(self, code: str, sentence: str, params: Mapping[str, object]) -> str:
        """Return a sentence, or what is said instead of people, in the language and filled."""
        instead = self._instead(code, sentence)
        here = instead or sentence
        if self.money != YUAN:
            here = messages().get(f"abroad.{code}", here)
        if instead is None and self.door != COMMAND:
            here = messages().get(f"browser.{code}", here)
        if instead is None and self.door == PAPER:
            here = messages().get(f"paper.{code}", here)
        said = catalogue(self.language).get(here, here)
        given = params if instead is None else {**self._unit_words(), **params}
        if "{money}" in said or "{coin}" in said:
            given = {"money": self.money_word(), "coin": self.coin_word(), **given}
        if self.names:
            given = {
                key: self.place(each) if isinstance(each, str) and not _is_key(key) else each
                for key, each in given.items()
            }
        # a name that was handed over as it is, braces and all, is no sentence of ours
        ours = given or (code in messages() and "{{" in said)
        if not ours:
            return said
        if self.language == "zh":
            return filled_chinese(in_number(said, given), given)
        return in_number(said, given).format(**given)

    def _instead(self, code: str, sentence: str) -> str | None:
        """Return what is said instead of a sentence that counts all residents, if anything is.

        An estimate has sentences of its own. A group takes those of them that name what is counted,
        since the sentence about residents does not say of which of them; headings of columns stay,
        whose rows name their group.
        """
        said = messages().get(f"estimated.{code}")
        if self.unit != RESIDENTS or said is None:
            return said
        is_sentence = not code.startswith("text.") and "{group}" not in sentence
        names_it = "{demand" in said.lower() and "estimate" not in said.lower()
        return said if self._of_some and is_sentence and names_it else None

    @property
    def _of_some(self) -> bool:
        """Whether residents of one group are counted, and not all of them."""
        return self.unit == RESIDENTS and self.whose not in ("", *TOTALS)

    def paragraph(self, sentences: Iterable[str]) -> str:
        """Return sentences one behind the other; what somebody wrote gets a stop if it has none.

        Examples
        --------
        >>> Labels("en").paragraph(["Health objects: too far", "No answer yet."])
        'Health objects: too far. No answer yet.'
        """
        return in_a_row(sentences, self.language)

    def money_word(self) -> str:
        """Return the unit of prices and budgets.

        Examples
        --------
        >>> Labels("zh").money_word(), Labels("en", money=Money("EUR", 1000)).money_word()
        ('万元', 'EUR 1,000')
        >>> Labels("en", money=Money()).money_word()
        'cost units'
        """
        if self.money == YUAN:
            return self.message("departments.ten_thousand_yuan")
        return str(self.money) or self.text("cost units")

    def coin_word(self) -> str:
        """Return the unit of what one more resident costs: one of the currency."""
        if self.money.currency == YUAN.currency:
            return self.text("yuan")
        return self.money.currency or self.text("cost units")

    def money_one(self) -> str:
        """Return one unit of prices, as it stands behind *per*.

        Examples
        --------
        >>> Labels("en", money=Money()).money_one(), Labels("en").money_one()
        ('cost unit', '10,000 yuan')
        """
        own = self.money == YUAN or str(self.money)
        return self.money_word() if own else self.text("cost unit")

    def _unit_words(self) -> dict[str, str]:
        """Return the names of what is estimated, by the braces that stand for them."""
        words = catalogue(self.language)
        if self._of_some:
            group = self.group(self.whose)
            return {name: self.message(f"views.group_{role}", group=group) for name, role in _ROLES}
        english = {name: messages()[f"estimated.{role}.{self.unit}"] for name, role in _ROLES}
        return {name: words.get(text, text) for name, text in english.items()}

    def _param(self, value: object) -> object:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return catalogue(self.language).get(value, value)
        if isinstance(value, float) and not math.isfinite(value):
            return self._not_a_figure(value)
        return value

    def _pair(self, table: Mapping[str, tuple[str, str]], key: str) -> str:
        return table[key][self.language == "zh"] if key in table else key

    def _not_a_figure(self, value: float | None) -> str | None:
        if value is None or pd.isna(value):
            return self.text("unknown")
        if math.isinf(value):
            return self.text("unreachable")
        return None


class _Grouped(int):
    """A count or length that a sentence writes as tables do: 5,242."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec or ",")


COUNTS = frozenset(("count", "homes", "metres", "people", "rows", "total"))
"""Parameters of sentences that are counts; lengths end in ``_m``. A year or a row is neither."""


def _is_key(key: str) -> bool:
    """Whether what stands in for a pair of braces is an id or leads to a file, and no text."""
    return key in _KEYS or key.endswith("_id")


def _grouped(key: str, value: object) -> object:
    """Return a whole count or length so that its thousands are told apart."""
    counted = key in COUNTS or key.endswith("_m")
    return _Grouped(value) if counted and type(value) is int else value


@lru_cache(maxsize=16_384)
def _decimal(value: float, digits: int, locale: str) -> str:
    """Return a number as Babel formats it; a map of 300 communities asks for a thousand."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return str(format_decimal(value, pattern, locale=locale))


@lru_cache(maxsize=16_384)
def _percent(share: float, digits: int, locale: str) -> str:
    pattern = "0" + ("." + "0" * digits if digits else "") + "%"
    return str(format_percent(share, pattern, locale=locale))
