"""The agenda of a joint meeting, with room for the minutes, as a Word document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from planner.analysis.assessment import Assessment
from planner.plan.coordination.meeting.agenda import Agenda
from planner.reports.document import BLANK, BULLET, Paper
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points, quiet_sentences
from planner.views.words.plan.proposals import departments_words


def agenda_docx(agenda: Agenda, result: Assessment, labels: Labels, at: dt.datetime) -> bytes:
    """Return an agenda as a .docx file: points, what to decide, and room for what is decided.

    Parameters
    ----------
    agenda
        Of :meth:`planner.plan.Plan.agenda`.
    result
        The district that it is about, and the standard.
    labels
        The language, and what is counted.
    at
        When it is made.
    """
    say = labels.message
    district = labels.place(labels.text(result.district.name))
    paper = Paper(labels.language)
    # a line each: a long name of a district would leave a single sign for the second
    paper.title(f"{district}\n{say('reports.agenda_name')}")
    paper.table(
        [say("reports.when"), say("reports.where"), say("reports.chair"), say("reports.keeper")],
        [[BLANK] * 4],
    )
    points = list(agenda_points(labels, agenda, result.district))
    for line in quiet_sentences(labels, agenda):
        paper.paragraph(line)
    for number, point in enumerate(points, start=1):
        paper.heading(say("reports.point", number=number, heading=point.heading))
        told = [line.replace("\n", f"\n{BULLET}") for line in point.lines]
        rows = [[f"{number}.{place}", line, BLANK] for place, line in enumerate(told, start=1)]
        columns = (say("reports.number"), say("reports.matter"), say("reports.decided"))
        paper.table(columns, rows, (1, 7, 4))
        for note in point.notes:
            paper.small(note)
    paper.heading(say("reports.present"))
    present = [[departments_words(labels, [each]), BLANK, BLANK] for each in departments(agenda)]
    paper.table(
        [say("reports.department"), say("reports.name"), say("reports.signature")],
        [*present, [BLANK] * 3],
    )
    paper.heading(say("reports.by_what"))
    for line in _sources(agenda, result, labels, at):
        paper.paragraph(line)
    return paper.written(say("reports.agenda_title", district=district), at)


def departments(agenda: Agenda) -> list[str]:
    """Return the departments that an agenda concerns, by id, each once."""
    held = [each.case for each in agenda.hindered]
    cases = (*agenda.to_decide, *agenda.to_answer, *agenda.to_review, *agenda.to_take_up, *held)
    found: Sequence[str] = [
        *(case.proposal.department for case in cases),
        *(review.department for case in cases for review in case.unanswered),
        *(request.department for case in cases for request in case.waiting_for),
        *(name for matter in agenda.matters for name in matter.departments),
        *(each.proposal.department for each in agenda.misfits),
    ]
    return sorted({each for each in found if each})


def _sources(agenda: Agenda, result: Assessment, labels: Labels, at: dt.datetime) -> Iterator[str]:
    """Yield by what the figures are known: standard, data, program, trail, credits."""
    from planner import __version__

    say = labels.message
    yield say("reports.standard", standard=labels.standard(result.standard))
    yield say("reports.made", at=labels.date(at.date()), version=__version__)
    if agenda.entries:
        yield say("plan_words.for_the_minutes", entries=agenda.entries, head=agenda.head)
    if result.district.synthetic:
        yield say("app.synthetic_note")
    if result.district.estimated:
        yield say("app.estimated_note")
    if result.district.attribution:
        yield say("reports.credits", names=labels.text(result.district.attribution))
