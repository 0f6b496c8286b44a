"""Verbs that read a plan: ``open``, ``list``, ``show``, ``trail`` and ``verify``."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.district import District, Kinds
    from planner.plan.plan import Plan
    from planner.plan.proposals.proposal import Proposal
    from planner.plan.workflow.reviews import Case
    from planner.views.words.labels import Labels


@verb
def open_(console: Console, *, plan: shared.PlanFile = None) -> None:
    """Open the plan, make it where there is none, and say what needs an answer of you.

    The earliest date comes first. Who is of a department is told what waits for it, others
    everything.

    Tells as whom you are known and in which roles: alone on a PC you are everybody; of a PostgreSQL
    database it is your login there.
    """
    from planner.plan.coordination.meeting.open_cases import asked_of, waiting_cases
    from planner.plan.people import ROLES
    from planner.views.words.plan.proposals import departments_words, word

    labels = console.labels
    with shared.opened(plan, create=True) as found:
        cases, (entries, head) = found.cases(), found.store.head()
        actor, place = found.actor, found.store.place
    roles = [role for role in ROLES if role in actor.roles]
    waiting = waiting_cases(cases, actor.department)
    console.give(
        {
            "plan": place,
            "name": actor.name,
            "login": actor.login,
            "via": actor.via,
            "department": actor.department,
            "roles": roles,
            "proposals": len(cases),
            "entries": entries,
            "head": head,
            "waiting": [shared.case_json(case) for case in waiting],
        }
    )
    said = labels.message("plan_words.comma").join(word(labels, "role", each) for each in roles)
    via = word(labels, "via", actor.via)
    told = {"place": place, "name": actor.name, "roles": said, "via": via}
    console.show(labels.message("plan_words.opened_as", **told))
    if actor.department:
        department = departments_words(labels, [actor.department])
        console.show(labels.message("plan_words.of_department", department=department))
    console.show(labels.message("plan_words.counts", count=len(cases), entries=entries))
    _show_waiting(console, waiting, {case.proposal.id for case in asked_of(cases)})


def _show_waiting(console: Console, cases: list[Case], asked_for: Set[str]) -> None:
    """Say whose answer is needed of what is asked for, and which objections have none."""
    from planner.views.words.plan.proposals import (
        consultation_sentence,
        proposal_name,
        review_sentence,
    )

    labels = console.labels
    if cases:
        console.show(labels.message("plan_words.waiting"))
    for case in cases:
        about = {"id": case.proposal.id, "name": proposal_name(labels, case.proposal)}
        for asked in case.waiting_for if case.proposal.id in asked_for else ():
            told = consultation_sentence(labels, asked)
            console.show("- " + labels.message("plan_words.waiting_row", **about, asked=told))
        for review in case.unanswered:
            told = review_sentence(labels, case, review)
            console.show("- " + labels.message("plan_words.unanswered_row", **about, said=told))


@verb
def list_(
    console: Console,
    *,
    status: Annotated[
        list[str] | None,
        options.optional("STATUS", "Only of this status, such as under_review; may be repeated."),
    ] = None,
    department: shared.Department = None,
    kind: Annotated[str, options.optional("KIND", "Only about this kind.")] = "",
    year: Annotated[int | None, options.optional("YEAR", "Only of this year.")] = None,
    workspace: Annotated[
        str, options.optional("NAME", "Only about this workspace, such as city.gpkg.")
    ] = "",
    put_aside: Annotated[bool, typer.Option("--put-aside", help="Those put aside, too.")] = False,
    plan: shared.PlanFile = None,
) -> None:
    """List the proposals: status, what, cost, what they bring, whose answer is needed.

    Those that wait for an answer come first, the earliest date before others.
    """
    from planner.cli.shared.tables import records
    from planner.plan.proposals.statuses import STATUSES
    from planner.plan.queries import Wanted
    from planner.views.words.plan.details import of_other_data_sentence

    unknown = [each for each in status or () if each not in STATUSES]
    if unknown:
        known = ", ".join(STATUSES)
        raise InputError("plan.unknown_status", status=unknown[0][:40], known=known)
    wanted = Wanted(
        status=tuple(status or ()),
        department=shared.department_id(department) or "",
        workspace=Path(workspace).name,
        kind=kind,
        year=year,
        put_aside=put_aside,
    )
    with shared.opened(plan) as found:
        table, place, entries = found.table(wanted), found.store.place, found.store.head()[0]
        proposals = found.proposals(wanted)
        titles = {} if console.json else shared.titles(console, found, proposals)
        other = shared.of_other_data(found, proposals)
    told = [{**row, "of_other_data": other.get(str(row["id"]))} for row in records(table)]
    console.give({"plan": place, "proposals": told})
    if not len(table):
        name = "none_such" if entries else "none_yet"
        console.show(console.labels.message(f"plan_words.{name}", place=place))
        return
    rows = [{**row, "title": titles.get(str(row["id"]), row["title"])} for row in records(table)]
    _show_table(console, rows, proposals)
    if old := [name for name, differs in other.items() if differs]:
        console.show(of_other_data_sentence(console.labels, old))


def _show_table(
    console: Console, rows: list[dict[str, object]], proposals: Sequence[Proposal]
) -> None:
    from planner.cli.plan.listing import proposals_grid
    from planner.views.words.plan.basis import basis_words
    from planner.views.words.plan.brought import bases, bases_sentence, no_data_sentence

    labels = console.labels
    by = bases(labels, proposals)
    basis = {each.id: basis_words(labels, each.figures) for each in proposals if each.figures}
    grid, left_out = proposals_grid(console, rows, basis if len(by) > 1 else {})
    console.show(grid)
    for told in (bases_sentence(labels, by), no_data_sentence(labels, proposals)):
        if told:
            console.show(told)
    if left_out:
        columns = console.labels.message("plan_words.comma").join(left_out)
        console.show(console.word("no_room_for", columns=columns))


@verb
def show(
    console: Console,
    *,
    proposal: shared.ProposalId,
    workspace: shared.OfProposal = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    plan: shared.PlanFile = None,
) -> None:
    """Show a proposal: what it is, where, what it brings, what was said of it, what it waits for.

    Its place is told by streets, and it is said whether what it brings still holds, against the
    data and the standard of today; the question stays that of its figures.
    """
    from planner.views.words.plan.proposals import house_sentences

    with shared.opened(plan) as found:
        case = found.case(proposal)
        parts, house = found.parts_of(case.proposal), found.house_of(case.proposal)
        about, rivals = found.house_about(case.proposal), found.rivals_of(case.proposal)
        priced = found.priced_as(case.proposal)
        district = shared.district_of(found, case.proposal, workspace)
        stale = shared.stale_reasons(found, case.proposal, district, standard)
    within = "" if house is None else house.id
    beside = {"part_of": within, "priced_as": _priced_json(priced)}
    told = shared.details_json(console, case.proposal, district, stale)
    console.give({**shared.case_json(case), **beside, **told})
    console = shared.naming(console, district)
    _show_proposal(console, case, district, stale)
    shared.show_former_price(console, case.proposal, priced)
    beside_it = house_sentences(console.labels, case.proposal, parts, about, rivals)
    console.show(*beside_it)
    _show_said(console, case)


def _priced_json(priced: Proposal | None) -> dict[str, object] | None:
    """Return what a price was given for, for machines; None where it is of what is to be done."""
    if priced is None:
        return None
    names = ("version", "action", "kinds", "facility_id", "cost", "cost_high", "currency")
    return {name: getattr(priced, name) for name in (*names, "cost_source")}


def _show_proposal(
    console: Console, case: Case, district: District | None, stale: Sequence[str] | None
) -> None:
    from planner.views.words.plan.areas import area_sentence
    from planner.views.words.plan.brought import brings_sentence
    from planner.views.words.plan.details import detail_sentences, stale_sentence
    from planner.views.words.plan.in_data import data_findings, is_gone
    from planner.views.words.plan.prices import off_sentences
    from planner.views.words.plan.proposals import (
        kinds_words,
        means_sentence,
        proposal_name,
        status_word,
        word,
        year_of,
    )

    labels, own = console.labels, case.proposal
    kinds = None if district is None else district.kinds
    status, means = (
        status_word(labels, own),
        means_sentence(labels, own, gone=is_gone(district, own)),
    )
    name = proposal_name(labels, own, kinds)
    console.show(
        labels.message("plan_words.done", id=own.id, name=name, status=status, means=means)
    )
    console.show(
        labels.message(
            "plan_words.about",
            department=labels.department(own.department) if own.department else "–",
            action=word(labels, "action", own.action),
            kinds=kinds_words(labels, own.kinds, kinds) or "–",
            year=year_of(labels, own.year),
        )
    )
    console.show(*detail_sentences(labels, own, district))
    if area := area_sentence(labels, own):
        console.show(area)
    if district is not None:
        console.show(*off_sentences(labels, district, own))
    console.show(*(labels.finding(each, kinds) for each in data_findings(district, own)))
    console.show(brings_sentence(labels, own))
    if told := stale_sentence(labels, stale or ()):
        console.show(told)
    if stale is None:
        console.show(console.word("plan_not_held_against", workspace=own.workspace or "–"))
    _show_brought(console, own, kinds)


def _show_brought(console: Console, own: Proposal, kinds: Kinds | None) -> None:
    """Show what a proposal brings by kind and group; nothing where it was not computed."""
    import pandas as pd

    from planner.cli.shared.tables import table as grid_of
    from planner.views.tables.plan.plan import brought_table

    if own.figures is None or not own.figures.rows:
        return
    labels = console.labels
    rows = brought_table(labels, own.figures, kinds)
    title = labels.message("plan_details.table_brought")
    words = sum(not pd.api.types.is_numeric_dtype(each) for each in rows.dtypes)
    grid = grid_of(title, list(rows.columns), words)
    for row in rows.itertuples(index=False):
        grid.add_row(*(each if isinstance(each, str) else _count(labels, each) for each in row))
    console.show(grid)


def _count(labels: Labels, value: float) -> str:
    return "–" if math.isnan(value) else labels.number(value)


def show_price(console: Console, own: Proposal) -> None:
    """Say what a proposal costs and who says so; nothing where it has no price."""
    from planner.views.words.plan.prices import price_sentence

    if own.cost is not None:
        console.show(price_sentence(console.labels, own))


def _show_said(console: Console, case: Case) -> None:
    from planner.views.words.plan.proposals import asked_sentences, review_sentence

    labels = console.labels
    lines = {
        "asked": asked_sentences(labels, case),
        "reviews": [review_sentence(labels, case, each) for each in case.reviews],
        "comments": [
            labels.message(
                "plan_words.comment_row", by=e.by, at=labels.date(e.at[:10]), text=e.text
            )
            for e in case.comments
        ],
        "documents": [
            labels.message("plan_words.document_row", title=each.title, link=each.link)
            for each in case.documents
        ],
    }
    for name, told in lines.items():
        if told:
            console.show(labels.message(f"plan_words.title_{name}"))
            console.show(*(f"- {line}" for line in told))


@verb
def trail(
    console: Console,
    *,
    proposal: Annotated[
        str, typer.Argument(metavar="[PROPOSAL]", help="Id of a proposal; all without one.")
    ] = "",
    plan: shared.PlanFile = None,
) -> None:
    """Show the trail: who did what when and why; with --json also values before and after."""
    from planner.cli.shared.tables import table as grid_of
    from planner.views.words.plan.proposals import entry_cells

    labels = console.labels
    with shared.opened(plan) as found:
        entries = found.trail(proposal)
    console.give({"trail": entries})
    names = ("number", "at", "person", "deed", "id", "fields", "why")
    headings = [labels.message(f"plan_words.col_{name}") for name in names]
    grid = grid_of(labels.message("plan_words.title_trail"), headings, len(names))
    for entry in entries:
        grid.add_row(*entry_cells(labels, entry))
    console.show(grid)


@verb
def verify(console: Console, *, plan: shared.PlanFile = None) -> None:
    """Check that the trail is complete, in order and sealed, and that the plan is what it leads to.

    Says what opened by the plan and is not in the data of its workspace, where that is at hand.
    Note the hash that it prints, in minutes for instance: whoever changes the trail later changes
    that hash. The exit code is 1 where something is not in order.
    """
    from planner.views.words.plan.in_data import gone_sentence

    labels = console.labels
    with shared.opened(plan) as found:
        wrong = found.verify()
        entries, head = found.store.head()
        missing = _not_in_data(found)
    sentences = [labels.finding(each) for each in wrong]
    console.give(
        {
            "entries": entries,
            "head": head,
            "in_order": not wrong,
            "findings": sentences,
            "not_in_data": [each.id for each in missing],
        }
    )
    if told := gone_sentence(labels, missing):
        console.show(told)
    if not wrong:
        console.show(labels.message("plan_words.all_well", entries=entries, head=head))
        return
    console.show(labels.message("plan_words.not_well"), *(f"- {line}" for line in sentences))
    raise typer.Exit(1)


def _not_in_data(plan: Plan) -> list[Proposal]:
    """Return what opened and is not in the data of its workspace, each of which is read once."""
    from planner.plan.proposals.listed import gone
    from planner.plan.queries import Wanted

    opened: dict[str, list[Proposal]] = {}
    for each in plan.proposals(Wanted(status=("opened",))):
        if not each.awaits_streets:
            opened.setdefault(each.workspace, []).append(each)
    found = []
    for them in opened.values():
        district = shared.district_of(plan, them[0])
        found += [] if district is None else gone(district, them)
    return found
