"""Verbs that take a plan elsewhere: backups, exports, imports, and what is decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.plan.exchange.merging import RowConflict, Side
    from planner.plan.plan import Plan

NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)
]
OldFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A file of export or backup.", show_default=False)
]


@verb
def backup(console: Console, *, file: NewFile, plan: shared.PlanFile = None) -> None:
    """Write the whole plan to a new file, once it is proven to be in order.

    It may be done while others work; the file holds one state. It is the same for SQLite and
    PostgreSQL, and can be restored into either.
    """
    if file.exists():
        raise InputError("cli.file_exists", file=str(file))
    with shared.opened(plan) as found:
        wrong = found.verify()
        if wrong:
            raise InputError("plan.not_in_order", problem=console.labels.finding(wrong[0]))
        _write(console, found, file)


@verb
def export(console: Console, *, file: NewFile, plan: shared.PlanFile = None) -> None:
    """Write the whole plan to one file for another office, which merges it by import."""
    with shared.opened(plan) as found:
        _write(console, found, file)


def _write(console: Console, plan: Plan, file: Path) -> None:
    entries, head = plan.store.head()
    plan.export(file)
    console.give({"file": file, "entries": entries, "head": head})
    console.show(console.word("wrote", file=file))


@verb
def restore(console: Console, *, file: OldFile, plan: shared.PlanFile = None) -> None:
    """Put a backup into a plan that is new or empty, trail and all.

    So a plan also moves from a file to a PostgreSQL database and back.
    """
    with shared.opened(plan, create=True) as found:
        entries, place = found.restore(file), found.store.place
    console.give({"plan": place, "entries": entries})
    console.show(console.labels.message("plan_words.restored", entries=entries, place=place))


@verb
def import_(
    console: Console,
    *,
    file: OldFile,
    take: Annotated[
        list[str] | None,
        options.optional(
            "ID=ours|theirs",
            "Whose values count where both offices changed the same; may be repeated.",
        ),
    ] = None,
    plan: shared.PlanFile = None,
) -> None:
    """Merge the plan of another office into this one.

    What only one of you changed is taken; edits of different fields merge. Where both changed the
    same field the proposal stays as it is here and the conflict is told; choose with --take and
    import again. The exit code is 1 while conflicts are left.

    Where a department said otherwise of a proposal in the two offices, the stricter word stands
    until it says anew; the other is shown beside it and counts for nothing.
    """
    from planner.views.words.plan.proposals import import_sentences

    labels = console.labels
    with shared.opened(plan, create=True) as found:
        merged = found.merge(file, _chosen(take or []))
    console.give(
        {
            "added": merged.added,
            "changed": merged.changed,
            "conflicts": [
                {
                    "layer": each.layer,
                    "id": each.row_id,
                    "proposal_id": each.proposal_id,
                    **vars(each.conflict),
                }
                for each in merged.conflicts
            ],
            "contradictions": [vars(each) for each in merged.contradictions],
            "objected": [vars(each) for each in merged.objected],
            "ended": [vars(each) for each in merged.ended],
        }
    )
    told = {"added": len(merged.added), "changed": len(merged.changed)}
    console.show(labels.message("plan_words.merged", conflicts=len(merged.conflicts), **told))
    if points := import_sentences(labels, merged):
        console.show(labels.message("plan_words.said_twice"))
        console.show(*(f"- {each}" for each in points))
    if merged.conflicts:
        console.show(labels.message("plan_words.choose"))
        console.show(*(f"- {_conflict(console, each)}" for each in merged.conflicts))
        raise typer.Exit(1)


def _conflict(console: Console, told: RowConflict) -> str:
    from planner.views.words.plan.proposals import field_word, value_word

    labels, field = console.labels, told.conflict
    sides = ("base", "ours", "theirs")
    values = {name: value_word(labels, field.field, getattr(field, name)) for name in sides}
    name = field_word(labels, field.field)
    return labels.message("plan_words.conflict_row", id=told.row_id, field=name, **values)


def _chosen(pairs: list[str]) -> dict[str, Side]:
    found: dict[str, Side] = {}
    for pair in pairs:
        own, equals, side = pair.partition("=")
        if not (equals and own.strip() and side.strip()):
            raise InputError("plan.bad_take", value=pair[:80])
        found[own.strip()] = side.strip()  # type: ignore[assignment]
    return found


@verb
def scenario(
    console: Console,
    *,
    file: NewFile,
    workspace: Annotated[
        str, options.optional("NAME", "Only proposals about this workspace, such as city.gpkg.")
    ] = "",
    plan: shared.PlanFile = None,
) -> None:
    """Write what is decided as one scenario, for planner compare and What if, in building order."""
    from planner.views.words.plan.targets import money_range

    if file.exists():
        raise InputError("cli.file_exists", file=str(file))
    with shared.opened(plan) as found:
        made = found.scenario(file.stem, Path(workspace).name)
        decided = found.decided(Path(workspace).name)
    made.save(file)
    count = len(made.changes)
    console.give({"file": file, "changes": count})
    console.show(console.labels.message("plan_words.scenario_holds", count=count))
    priced = [
        f"{each.id} "
        f"{money_range(console.labels, each.cost, each.cost_most or each.cost, each.currency)}"
        for each in decided
        if each.cost
    ]
    if priced:
        comma = console.labels.message("plan_words.comma")
        told = comma.join(priced)
        console.show(console.labels.message("plan_words.scenario_prices", each=told))
    console.show(console.word("wrote", file=file))
