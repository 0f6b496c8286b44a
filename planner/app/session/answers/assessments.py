"""Districts, their assessments and what is read off these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import geopandas as gpd
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.analysis.measures.completeness import completeness as completeness_of
from planner.analysis.packing import packed_assessment, unpacked_assessment
from planner.analysis.profiles import profile_effect, rule_effect
from planner.analysis.walks import rings_from, ways_from
from planner.app.server.reading import vetting
from planner.app.session.answers import kept
from planner.app.session.answers.cache import WHOLE, answer
from planner.app.session.catalogue import Entry
from planner.app.session.jobs import compiling
from planner.app.session.jobs.tickets import Ticket
from planner.app.session.reader import own_standards
from planner.district import District, Scenario
from planner.district.corrections.applied import apply_corrections
from planner.district.fingerprint import standard_sign
from planner.result import DEFAULT_MAX_ACCESS_M, AssessmentResult, assess
from planner.sources import demo_district, read_district
from planner.sources.corrections import OtherCorrectionsError, read_corrections
from planner.sources.packed import packed_table, unpacked_table
from planner.sources.workspace.packing import packed_district, unpacked_district
from planner.views.tables.analysis.profiles import streets_table
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames

_DISTANCES = "assessment"
"""What an assessment is called where it is kept."""


@dataclass(frozen=True)
class Question:
    """What every answer rests on; the questions of the pages add to it.

    Parameters
    ----------
    entry
        The district.
    standard
        Id of a standard, one that ships or a reader's own.
    at, service
        Moment and service that are asked for, empty where any will do.
    walk
        Id of the profile of walking, empty for everyone's walk.
    rules_off
        Its rules that are off beside those that it has off, joined by ``;``.
    unmapped_m
        Homes farther than this from every mapped street are read both ways, straight and round
        corners; None: straight.
    """

    entry: Entry
    standard: str
    at: str = ""
    service: str = ""
    walk: str = ""
    rules_off: str = ""
    unmapped_m: float | None = None

    @property
    def plain(self) -> bool:
        """Whether it asks of no moment, no service and everyone's walk from doors straight."""
        return not (self.at or self.service or self.walk) and self.unmapped_m is None

    def assessment(self) -> Assessment:
        """Return the assessment that the question is asked of."""
        return assessment(
            Question(
                self.entry,
                self.standard,
                self.at,
                self.service,
                self.walk,
                self.rules_off,
                self.unmapped_m,
            )
        )


@answer(WHOLE)
def district(entry: Entry) -> District:
    """Return the district of an entry as corrected, while file and corrections stay as they are.

    Small counts of groups are withheld in it where the entry says so; all else is computed of it.
    """
    if entry.withheld:
        return district(replace(entry, withheld=0)).withhold(entry.withheld)
    read = as_read(replace(entry, corrections=""))
    if entry.path is None or not entry.corrections:
        return read
    corrections = read_corrections(entry.path)
    # else it would be kept under the sign of other corrections
    if corrections.sign != entry.corrections:
        raise OtherCorrectionsError(corrections)
    return apply_corrections(read, corrections)


@answer(WHOLE)
def as_read(entry: Entry) -> District:
    """Return the district of an entry without its corrections, read once."""
    return kept.answer_of(
        "district", entry, (), partial(_read, entry), packed_district, unpacked_district
    )


def _read(entry: Entry) -> District:
    if entry.path is not None:
        vetting.vet(entry.path)
    read: District = (
        demo_district() if entry.path is None else read_district(entry.path, corrections=False)
    )
    return read


@answer()
def place_names(entry: Entry, language: str) -> PlaceNames:
    """Return what the places of a district are called in a language, beside their own names."""
    return PlaceNames.of_district(district(entry), language)


@answer(WHOLE)
def assessment(question: Question, _ticket: Ticket | None = None) -> Assessment:
    """Return the assessment of a district by a standard.

    Raises
    ------
    CancelledError
        Where nobody waits any longer.
    """

    def report(_stage: str, part: float) -> None:
        if _ticket is not None:
            _ticket.progress(part)
            _ticket.check()

    read, standard = district(question.entry), own_standards.find(question.standard)

    def measured() -> AssessmentResult:
        compiling.warm_up()
        return assess(
            read,
            standard,
            at=question.at or None,
            service=question.service or None,
            profile=question.walk or None,
            profile_rules={rule: "off" for rule in question.rules_off.split(";") if rule},
            unmapped_m=question.unmapped_m,
            progress=report,
        )

    if not question.plain:
        return measured()
    return kept.answer_of(
        _DISTANCES,
        question.entry,
        (standard_sign(standard),),
        measured,
        packed_assessment,
        lambda parts: unpacked_assessment(
            AssessmentResult, parts, read, standard, DEFAULT_MAX_ACCESS_M
        ),
    )


def may_be_kept(entry: Entry) -> bool:
    """Whether the distances of a district may be had from the disk, so that no program is needed.

    Parameters
    ----------
    entry
        The district.
    """
    return kept.may_be_kept(_DISTANCES, entry)


@answer(WHOLE)
def after(question: Question, changes: str) -> Assessment:
    """Return the assessment after a scenario.

    Parameters
    ----------
    question
        The assessment before.
    changes
        The scenario as JSON text, as :func:`changes_text` makes it.

    Raises
    ------
    InputError
        Where a change cannot be made.
    """
    summary(question)
    return question.assessment().apply(Scenario.from_json(changes))


def changes_text(scenario: Scenario) -> str:
    """Return a scenario without its name: scenarios of the same changes are one."""
    return Scenario("", scenario.changes, scenario.crs).to_json()


@answer()
def summary(question: Question) -> pd.DataFrame:
    """Return the summary of an assessment."""
    return _kept_table("summary", question, (), lambda: question.assessment().summary())


def _kept_table(
    what: str, question: Question, asked: tuple[str, ...], make: Callable[[], pd.DataFrame]
) -> pd.DataFrame:
    """Return a table that the first map needs, from the disk where it is there."""
    if not question.plain:
        return make()
    standard = own_standards.find(question.standard)
    return kept.answer_of(
        what,
        question.entry,
        # names of clauses, and who checked them, are told beside figures too
        (question.standard, standard_sign(standard), *asked),
        make,
        packed_table,
        unpacked_table,
    )


def figures(question: Question, kind: str, group: str) -> dict[str, float]:
    """Return the numbers of the summary for one kind and group."""
    table = summary(question)
    row = (
        table[(table["kind"] == kind) & (table["group"] == group)]
        .select_dtypes("number")
        .astype("float64")
    )
    return {str(name): float(value) for name, value in row.iloc[0].items()}


@answer()
def completeness(question: Question, group: str) -> pd.DataFrame:
    """Return who has every judged kind within its limit."""
    return _kept_table(
        "completeness", question, (group,), lambda: completeness_of(question.assessment(), group)
    )


@answer()
def league(question: Question, level: Level, kind: str | None = None) -> pd.DataFrame:
    """Return the league table of a kind, or of all, at a level."""
    return question.assessment().league(level, kind)


@answer()
def ways(question: Question, x: float, y: float) -> gpd.GeoDataFrame:
    """Return the ways to the nearest facilities from a place in metres of the district's CRS."""
    return ways_from(question.assessment(), x, y)


@answer()
def rings(question: Question, x: float, y: float, group: str) -> gpd.GeoDataFrame:
    """Return the rings of minutes around a place in metres of the district's CRS."""
    return rings_from(question.assessment(), x, y, group=group)


@dataclass(frozen=True)
class ProfileTables:
    """Whom a profile of walking moves across the limits, and by which rules and streets.

    Parameters
    ----------
    moves, by_rule
        Of :func:`planner.analysis.profiles.profile_effect` and its ``rule_effect``.
    streets
        On how much street each rule bites, for people.
    """

    moves: pd.DataFrame
    by_rule: pd.DataFrame
    streets: pd.DataFrame


@answer()
def profile_tables(question: Question, language: str) -> ProfileTables:
    """Return what the profile of a question does; a walk for each rule."""
    result = question.assessment()
    streets = streets_table(result, Labels.of(result, language))
    return ProfileTables(profile_effect(result), rule_effect(result), streets)
