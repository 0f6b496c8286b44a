"""The verb for the joint meeting: ``agenda``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.plan import aims, shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import District
    from planner.plan.coordination.house_faults import Hindered
    from planner.plan.coordination.meeting.agenda import Agenda


@verb
def agenda(
    console: Console,
    *,
    workspace: options.Workspace,
    gaps: Annotated[
        bool, typer.Option("--gaps/--no-gaps", help="Gaps that nobody has taken up, too.")
    ] = True,
    lead_times: aims.Months = None,
    growth: aims.Growing = None,
    costs: options.CostsFile = None,
    population_year: options.PopulationYear = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    out: Annotated[
        Path | None,
        options.optional("FILE.docx", "Write it as a Word document with room for the minutes."),
    ] = None,
    plan: shared.PlanFile = None,
) -> None:
    """Say what the next joint meeting is about: who must answer, and what to talk about.

    That are proposals that double each other, are overtaken by what is decided, could share a
    building or want the same place, and gaps that nobody has taken up; with the departments
    concerned and what to decide. Targets and years that two proposals should exchange are told for
    your own lead times and growth, as planner plan target list has them; what sharing a building
    saves, by the list of prices.
    """
    times, grown = aims.times_of(lead_times), aims.growth_of(growth, population_year)
    result = assessed(console, workspace, standard, question)
    beyond = result.gaps(group=question.group) if gaps else None
    with shared.opened(plan) as found:
        told = found.agenda(
            result,
            workspace.name,
            gaps=beyond,
            group=question.group,
            lead_times=times,
            growth=grown,
            costs=own_costs(costs),
        )
        elsewhere = shared.Elsewhere.of(found, workspace)
    district = result.district
    console.give(
        {
            **head(result),
            **_agenda_json(console, told, district),
            **aims.times_json(times),
            **elsewhere.to_json(),
        }
    )
    console = shared.naming(console, district)
    _show_agenda(console, told, result)
    elsewhere.show(console, named=True)
    if out is not None:
        _write_agenda(console, told, result, out)
    finish(console, district, group=question.group, of=result)


def _agenda_json(console: Console, told: Agenda, district: District) -> dict[str, Any]:
    from planner.views.words.plan.agenda import matter_sentence

    points = ("to_decide", "to_answer", "to_review", "to_take_up")
    matters = [
        {
            "code": each.code,
            "departments": each.departments,
            "proposals": each.proposals,
            "kinds": each.kinds,
            "people": each.people,
            "told": each.told,
            "suggestion": each.suggestion,
            "text": matter_sentence(console.labels, each, told.named, district.kinds),
        }
        for each in told.matters
    ]
    cases = {name: [shared.case_json(each) for each in getattr(told, name)] for name in points}
    return {
        **cases,
        "hindered": [_hindered_json(console, each) for each in told.hindered],
        "matters": matters,
        "targets": [aims.path_json(each) for each in told.targets],
        "budgets": [aims.budget_json(each) for each in told.budgets],
        "misfits": shared.misfits_json(console, told.misfits),
        "opened_ways": [shared.proposal_json(each) for each in told.opened_ways],
        "decided": [shared.proposal_json(each) for each in told.decided],
        "opened": [shared.proposal_json(each) for each in told.opened],
        "not_in_data": [each.id for each in told.gone],
        "entries": told.entries,
        "head": told.head,
    }


def _hindered_json(console: Console, held: Hindered) -> dict[str, Any]:
    """Return a house that cannot go on, and what is to be done first by code and sentence."""
    return {
        **shared.case_json(held.case),
        "faults": [
            {"code": each.code, "text": console.labels.finding(each)} for each in held.faults
        ],
    }


def _show_agenda(console: Console, told: Agenda, result: Assessment) -> None:
    from planner.views.words.plan.agenda import agenda_points, quiet_sentences
    from planner.views.words.plan.targets import judged_sentence

    labels = console.labels
    for point in agenda_points(labels, told, result.district):
        console.show(point.heading)
        console.show(*(f"- {line}".replace("\n", "\n  - ") for line in point.lines))
        console.show(*(f"  {note}" for note in point.notes))
    if told.targets:
        console.show(judged_sentence(labels, result.standard))
    console.show(*quiet_sentences(labels, told))
    told_head = {"entries": told.entries, "head": told.head}
    console.show(labels.message("plan_words.for_the_minutes", **told_head))


def _write_agenda(console: Console, told: Agenda, result: Assessment, out: Path) -> None:
    """Write the agenda with room for the minutes; anything but a Word document is refused."""
    from planner.reports.agenda import agenda_docx

    if out.suffix.casefold() != ".docx":
        raise InputError("reports.no_docx", file=str(out))
    written = agenda_docx(told, result, console.labels, datetime.now())
    try:
        out.write_bytes(written)
    except OSError as error:
        raise InputError("reports.not_written", file=str(out)) from error
    console.show(console.word("wrote", file=out))
