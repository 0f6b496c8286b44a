"""Verbs for targets of coverage and limits of budgets: ``target …`` and ``limit …``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.district import District
    from planner.plan.targets.aims import Limit, Target
    from planner.plan.targets.budgets import Budget
    from planner.plan.targets.lead_times import LeadTimes
    from planner.plan.targets.path import Goal, Growth
    from planner.plan.targets.path import Path as TargetPath

Own = Annotated[
    str, typer.Argument(metavar="ID", help="Id of a target or limit, such as T-4F7K-92QD.")
]
Back = Annotated[bool, typer.Option("--back", help="Take it back into sight instead.")]
Note = Annotated[str | None, options.optional("TEXT", "By whose word, such as a decision.")]
Share = Annotated[str | None, options.optional("SHARE", "The share asked for, such as 90%.")]
Step = Annotated[
    str | None,
    options.optional("SHARE", "So much more each year after that, such as 20%.", "--more"),
]
Years = Annotated[
    int | None, options.optional("NUMBER", "In how many years in all something is asked.", min=1)
]
Reached = Annotated[
    str | None,
    options.optional(
        "SHARE", "For --communities: from which share of its own a community counts. [100%]"
    ),
]
Year = Annotated[int | None, options.optional("YEAR", "By the end of which year.")]
Amount = Annotated[float | None, options.optional("AMOUNT", "At most so much.", min=0.0)]
Currency = Annotated[
    str | None, options.optional("UNIT", "What one unit of it is, as of the proposals' prices.")
]
Months = Annotated[
    Path | None,
    options.optional(
        "FILE.toml",
        "Months from approval to use by action, your own. [those that ship, not verified]",
        "--lead-times",
    ),
]
Growing = Annotated[
    str | None,
    options.optional("RATE|FILE", "Growth a year (0.8%), or a table of it by community."),
]


def _share(option: str, text: str | None) -> float | None:
    """Return a share that is given as such or in per cent."""
    from planner.sources.population.groups import parse_rate

    if text is None:
        return None
    share = parse_rate(text)
    if isinstance(share, Path):
        raise InputError("plan.bad_value", field=option, value=text[:40])
    return share


@verb
def set_target(
    console: Console,
    *,
    workspace: options.Workspace,
    kind: Annotated[str, typer.Option(metavar="KIND", help="Kind of facility.")],
    year: Annotated[int, typer.Option(metavar="YEAR", help="By the end of which year.")],
    share: Share = None,
    more: Step = None,
    years: Years = None,
    subdistrict: Annotated[str, options.optional("NAME", "Only in this subdistrict.")] = "",
    community: Annotated[str, options.optional("ID", "Only in this community.")] = "",
    communities: Annotated[
        bool, typer.Option("--communities", help="The share of communities that reach theirs.")
    ] = False,
    reached: Reached = None,
    note: Note = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    plan: shared.PlanFile = None,
) -> None:
    """Set a target: a share within the limit by the end of a year, and perhaps more each year.

    With --more and without --share, the first year asks for that much more than is so today, as the
    workspace has it: --communities --more 20% --years 5 asks for 20 % more of the communities each
    year for five years.
    """
    from planner.plan.targets.first_share import more_than_today
    from planner.plan.targets.naming import check_named
    from planner.views.words.plan.targets import judged_sentence

    result = assessed(console, workspace, standard, question)
    level, area = _area(subdistrict, community)
    check_named(result, kind, level, area)
    step, first = _share("--more", more), _share("--share", share)
    if first is not None and step and (years or 1) == 1:
        raise InputError("plan.more_needs_years")
    if reached is not None and not communities:
        raise InputError("cli.reached_needs_communities")
    values: dict[str, Any] = {
        "kind": kind,
        "group": question.group or "",
        "level": level,
        "area": area,
        "measure": "communities" if communities else "people",
        "year": year,
        "years": years or 1,
        "reached": 1.0 if reached is None else _share("--reached", reached),
        "note": note or "",
        "workspace": workspace.name,
    }
    by_today = first is None
    if first is None:
        first = more_than_today(result, values, step)
    values |= {"share": first, "step": step if step is not None and (years or 1) > 1 else 0.0}
    with shared.opened(plan, create=True) as found:
        made = found.set_target(by_today=by_today, **values)
    _tell_target(console, made, result.district)
    console.show(judged_sentence(console.labels, result.standard))
    finish(console, result.district, group=question.group, of=result)


def _area(subdistrict: str, community: str) -> tuple[str, str]:
    if subdistrict and community:
        raise InputError("plan.one_area")
    if community:
        return "community", community
    return ("subdistrict", subdistrict) if subdistrict else ("district", "")


@verb
def edit_target(
    console: Console,
    *,
    target: Own,
    share: Share = None,
    more: Step = None,
    year: Year = None,
    years: Years = None,
    reached: Reached = None,
    note: Note = None,
    why: shared.Why = "",
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Change a target, with the reason."""
    values = _given(
        share=_share("--share", share),
        step=_share("--more", more),
        reached=_share("--reached", reached),
        year=year,
        years=years,
        note=note,
    )
    with shared.opened(plan) as found:
        changed = found.edit_target(found.target(target, version), why=why, **values)
    _tell_target(console, changed)


def _tell_target(console: Console, target: Target, district: District | None = None) -> None:
    """Say what a target asks for now."""
    from planner.views.words.plan.targets import target_sentence

    console.give({"target": target.to_row()})
    said = target_sentence(console.labels, target, district)
    console.show(console.labels.message("plan_targets.set_target", id=target.id, said=said))


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@verb
def put_target_aside(
    console: Console,
    *,
    target: Own,
    why: shared.Why = "",
    back: Back = False,
    plan: shared.PlanFile = None,
) -> None:
    """Put a target out of sight, with the reason; it stays in the trail and in exports."""
    with shared.opened(plan) as found:
        changed = found.put_target_aside(target, why, back=back)
    _tell_aside(console, "target", changed, back)


def _tell_aside(console: Console, what: str, changed: Target | Limit, back: bool) -> None:
    """Say that a target or limit was put aside, or taken back."""
    console.give({what: changed.to_row()})
    name = "taken_back" if back else "put_aside"
    console.show(console.labels.message(f"plan_targets.{name}", id=changed.id))


@verb
def list_targets(
    console: Console,
    *,
    workspace: options.Workspace,
    lead_times: Months = None,
    growth: Growing = None,
    population_year: options.PopulationYear = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    plan: shared.PlanFile = None,
) -> None:
    """Say how what is decided stands against each target, and until when more must be approved.

    What is not known is neither met nor missed. How long building takes is an assumption.
    """
    from planner.views.words.plan.targets import (
        judged_sentence,
        lead_times_sentence,
        path_outline,
    )

    times, grown = times_of(lead_times), growth_of(growth, population_year)
    result = assessed(console, workspace, standard, question)
    with shared.opened(plan) as found:
        told = found.paths(result, workspace.name, lead_times=times, growth=grown)
    console.give(
        {**head(result), "targets": [path_json(each) for each in told], **times_json(times)}
    )
    for each in told:
        text = path_outline(console.labels, each, date.today(), result.district)
        console.show(f"{each.target.id} {text}".replace("\n", "\n  - "))
    if told:
        console.show(judged_sentence(console.labels, result.standard))
        console.show(lead_times_sentence(console.labels, times))
    else:
        console.show(console.labels.message("plan_targets.no_targets"))
    finish(console, result.district, group=question.group, of=result)


def times_of(file: Path | None) -> LeadTimes:
    """Return the lead times of a file, those that ship where there is none."""
    from planner.plan.targets.lead_times import builtin_lead_times, read_lead_times

    return builtin_lead_times() if file is None else read_lead_times(file)


def growth_of(growth: str | None, year: int | None) -> Growth | None:
    """Return how residents grow, as the options tell it."""
    from planner.plan.targets.path import Growth
    from planner.sources.population.groups import parse_rate

    if growth is None:
        return None
    if year is None:
        raise InputError("plan.growth_needs_year")
    return Growth(year, parse_rate(growth))


def times_json(times: LeadTimes) -> dict[str, Any]:
    """Return lead times for machines."""
    return {"lead_times": {"months": dict(times.months), "verified": times.verified}}


def budget_json(budget: Budget) -> dict[str, Any]:
    """Return a limit, and what is decided and asked for of it, for machines."""
    return {
        "limit": budget.limit.to_row(),
        "state": budget.state,
        "over": budget.over,
        "decided": vars(budget.decided),
        "asked": vars(budget.asked),
        "whole": dict(budget.whole),
        "elsewhere": [
            {"id": own, "department": builder, "year": year}
            for own, builder, year in budget.elsewhere
        ],
        "twice": [{"id": own, "others": others} for own, others in budget.twice],
    }


def path_json(path: TargetPath) -> dict[str, Any]:
    """Return a target and the path against it, for machines."""
    counted = ("state", "why_unknown", "unit", "group", "residents")
    names = (*counted, "undated", "overdue", "waiting", "waiting_unknown", "misfits")
    told = {name: getattr(path, name) for name in names}
    then = path.with_waiting
    return {
        "target": path.target.to_row(),
        **told,
        "with_waiting": None if then is None else _goal_json(then),
        "too_soon": [{**vars(each), "proposal": each.proposal.id} for each in path.too_soon],
        "stands": [vars(stand) for stand in path.stands],
        "goals": [_goal_json(goal) for goal in path.goals],
    }


def _goal_json(goal: Goal) -> dict[str, Any]:
    return {**vars(goal), "stand": vars(goal.stand), "latest": dict(goal.latest or {})}


@verb
def set_limit(
    console: Console,
    *,
    department: Annotated[
        str, typer.Argument(metavar="DEPARTMENT", help="Whose budget, by id or name.")
    ],
    year: Annotated[int, typer.Option(metavar="YEAR", help="In which year.")],
    amount: Annotated[float, typer.Option(metavar="AMOUNT", help="At most so much.", min=0.0)],
    currency: Currency = None,
    workspace: Annotated[
        str, options.optional("NAME", "Of which district, as its file is called; else of all.")
    ] = "",
    note: Note = None,
    plan: shared.PlanFile = None,
) -> None:
    """Set what a department may spend in a year, in the unit of the proposals' prices."""
    who = shared.department_id(department) or department
    values: dict[str, Any] = {"department": who, "year": year, "amount": amount}
    with shared.opened(plan, create=True) as found:
        values["currency"] = (
            found.usual_unit(Path(workspace).name) if currency is None else currency
        )
        made = found.set_limit(**values, note=note or "", workspace=Path(workspace).name)
    _tell_limit(console, made)


@verb
def edit_limit(
    console: Console,
    *,
    limit: Own,
    amount: Amount = None,
    year: Year = None,
    currency: Currency = None,
    note: Note = None,
    why: shared.Why = "",
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Change a limit of a budget, with the reason."""
    values = _given(amount=amount, year=year, currency=currency, note=note)
    with shared.opened(plan) as found:
        changed = found.edit_limit(found.limit(limit, version), why=why, **values)
    _tell_limit(console, changed)


def _tell_limit(console: Console, limit: Limit) -> None:
    """Say what a limit of a budget is now."""
    from planner.views.words.plan.targets import limit_sentence, past_limit_sentences

    console.give({"limit": limit.to_row()})
    said = limit_sentence(console.labels, limit)
    console.show(console.labels.message("plan_targets.set_limit", id=limit.id, said=said))
    console.show(*past_limit_sentences(console.labels, limit.year, date.today()))


@verb
def put_limit_aside(
    console: Console,
    *,
    limit: Own,
    why: shared.Why = "",
    back: Back = False,
    plan: shared.PlanFile = None,
) -> None:
    """Put a limit out of sight, with the reason; it stays in the trail and in exports."""
    with shared.opened(plan) as found:
        changed = found.put_limit_aside(limit, why, back=back)
    _tell_aside(console, "limit", changed, back)


@verb
def list_limits(
    console: Console,
    *,
    workspace: Annotated[
        str, options.optional("NAME", "Only of this district, as its file is called.")
    ] = "",
    plan: shared.PlanFile = None,
) -> None:
    """Say what is decided and asked for of each limit, and which are over or may be."""
    from planner.views.words.plan.targets import budget_sentence

    with shared.opened(plan) as found:
        told = found.budgets(Path(workspace).name)
    console.give({"limits": [budget_json(each) for each in told]})
    for each in told:
        console.show(f"{each.limit.id} {budget_sentence(console.labels, each)}")
    if not told:
        console.show(console.labels.message("plan_targets.no_limits"))


TARGET_VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "set": (set_target, "city.gpkg --kind clinic --communities --more 20% --years 5 --year 2027"),
    "list": (list_targets, "city.gpkg --growth 0.8% --population-year 2026"),
    "edit": (edit_target, "T-4F7K-92QD --share 95% --why 'council of 5 June'"),
    "put-aside": (put_target_aside, "T-4F7K-92QD --why 'no longer asked'"),
}
LIMIT_VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "set": (set_limit, "health --year 2028 --amount 500 --workspace city.gpkg"),
    "list": (list_limits, "--workspace city.gpkg"),
    "edit": (edit_limit, "L-4F7K-92QD --amount 450 --why 'cut'"),
    "put-aside": (put_limit_aside, "L-4F7K-92QD --why 'another year'"),
}
"""Every verb by its name, with the arguments of its example."""
