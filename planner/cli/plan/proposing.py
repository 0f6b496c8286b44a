"""Verbs that make and change proposals: by scenario, by hand, one house of several, edited."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.plan import shared
from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import GroupsQuestion, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed

if TYPE_CHECKING:
    from planner.district import District
    from planner.plan.proposals.proposal import Proposal

Year = Annotated[int | None, options.optional("YEAR", "The year in which it is to be done.")]
Funding = Annotated[str, options.optional("TEXT", "Who pays.")]
Note = Annotated[str, options.optional("TEXT", "Why it is wanted.")]
Title = Annotated[str, options.optional("TEXT", "What people call it.")]
Cost = Annotated[
    float | None, options.optional("AMOUNT", "Its price. [default: by the list of prices]", min=0)
]
HouseCost = Annotated[
    float | None,
    options.optional("AMOUNT", "Its price. [default: theirs, less what sharing saves]", min=0),
]
CostSource = Annotated[str, options.optional("TEXT", "Who says what it costs.")]
Metres = float | None


@verb
def propose(
    console: Console,
    *,
    workspace: options.Workspace,
    scenario: Annotated[
        Path,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario file, such as planner site, one-stop, mix and relocate write.",
            show_default=False,
        ),
    ],
    department: shared.Department = None,
    year: Year = None,
    funding: Funding = "",
    note: Note = "",
    costs: options.CostsFile = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: GroupsQuestion,
    plan: shared.PlanFile = None,
) -> None:
    """Make a proposal of each thing that a scenario does, with what it costs and brings.

    A building with several kinds is one proposal, so is a facility with all that is done to it.
    """
    from planner.district import Scenario

    result = assessed(console, workspace, standard, question)
    wanted = Scenario.load(scenario)
    with shared.opened(plan, create=True) as found:
        made = found.propose(
            wanted,
            assessment=result,
            workspace=workspace.name,
            department=shared.department_id(department),
            costs=own_costs(costs),
            **_told(year=year, funding=funding, note=note),
        )
    _tell_new(console, made)
    _tell_off(console, result.district, made)


@verb
def add(
    console: Console,
    *,
    workspace: options.Workspace,
    action: Annotated[
        str,
        options.optional(
            "ACTION",
            "What is proposed: build, open_internal, share_premises, extend_hours, add_service, "
            "enlarge, gate, footbridge, path, settle_way (whether one may walk on a cycleway), "
            "close, move, convert or outreach (上门服务).",
        ),
    ] = "build",
    kind: Annotated[str, options.optional("KIND", "The kind of facility.")] = "",
    facility: Annotated[
        str, options.optional("ID", "The existing facility that it is about.")
    ] = "",
    x: Annotated[Metres, options.optional("METRES", "Place, in the workspace's CRS.")] = None,
    y: Annotated[Metres, options.optional("METRES", "Place, in the workspace's CRS.")] = None,
    x2: Annotated[Metres, options.optional("METRES", "Other end of a way.")] = None,
    y2: Annotated[Metres, options.optional("METRES", "Other end of a way.")] = None,
    crs: Annotated[
        str,
        options.optional(
            "CRS", "In which the places are, such as EPSG:4326. [default: that of the workspace]"
        ),
    ] = "",
    hours: Annotated[str, options.optional("HOURS", "Opening hours, as OpenStreetMap.")] = "",
    add_service: Annotated[str, options.optional("NAME", "The service to add.")] = "",
    capacity: Annotated[
        float | None, options.optional("PEOPLE", "Capacity, people a day.", min=0)
    ] = None,
    capacity_residents: Annotated[
        float | None,
        options.optional(
            "PEOPLE", "Room, residents: for enlarge, where the facility tells it so.", min=0
        ),
    ] = None,
    area: Annotated[
        float | None, options.optional("M2", "Floor area, square metres.", min=0)
    ] = None,
    title: Title = "",
    department: shared.Department = None,
    year: Year = None,
    cost: Cost = None,
    cost_source: CostSource = "",
    funding: Funding = "",
    note: Note = "",
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: GroupsQuestion,
    plan: shared.PlanFile = None,
) -> None:
    """Make one proposal by hand, with what it costs and brings.

    An outreach round brings the service to the door until a site exists; it shortens no walk, so it
    changes no coverage.
    """
    from planner.plan.proposals.by_hand import Described
    from planner.plan.proposals.making import by_hand
    from planner.views.words.plan.prices import way_sentence

    result = assessed(console, workspace, standard, question)
    x, y = _projected(result.district, crs, x, y)
    x2, y2 = _projected(result.district, crs, x2, y2)
    told = Described(
        kind,
        facility,
        *(x, y, x2, y2),
        hours,
        add_service,
        capacity,
        area,
        title,
        capacity_residents,
    )
    draft = by_hand(result, action, told)
    values = _told(year=year, funding=funding, note=note, floor_area_m2=area)
    values |= _price(result.district, cost, cost_source)
    with shared.opened(plan, create=True) as found:
        made = found.propose(
            [draft],
            assessment=result,
            workspace=workspace.name,
            department=shared.department_id(department),
            **values,
        )
    _tell_new(console, made)
    for each in made:
        if said := way_sentence(console.labels, result.district, each):
            console.show(f"{each.id}: {said}")
    _tell_off(console, result.district, made)


@verb
def combine(
    console: Console,
    *,
    workspace: options.Workspace,
    proposals: Annotated[
        list[str],
        typer.Argument(
            metavar="PROPOSAL PROPOSAL...",
            help="Ids of the proposals that become one house.",
            show_default=False,
        ),
    ],
    site: Annotated[
        str | None,
        options.optional(
            "PROPOSAL", "Whose place the house takes. [default: where all bring most together]"
        ),
    ] = None,
    x: Annotated[Metres, options.optional("METRES", "Another place, in the CRS.")] = None,
    y: Annotated[Metres, options.optional("METRES", "Another place, in the CRS.")] = None,
    title: Title = "",
    year: Year = None,
    cost: HouseCost = None,
    cost_source: CostSource = "",
    funding: Funding = "",
    note: Note = "",
    costs: options.CostsFile = None,
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: GroupsQuestion,
    plan: shared.PlanFile = None,
) -> None:
    """Make one house of several proposals: one draft with all their kinds, at the best place.

    The single proposals stay until the house is approved, which ends them; once it is submitted,
    the agenda and limits of budgets count the house. Withdraw it to go on with each by itself.
    """
    from planner.errors import InputError

    if (x is None) != (y is None):
        raise InputError("plan.needs_place", action="build", fields="x, y")
    result = assessed(console, workspace, standard, question)
    values = _told(title=title, year=year, funding=funding, note=note)
    values |= _price(result.district, cost, cost_source)
    place = site if x is None or y is None else (x, y)
    with shared.opened(plan) as found:
        made = found.combine(
            proposals, result, workspace.name, site=place, costs=own_costs(costs), **values
        )
        parts = found.parts_of(made)
    _tell_new(console, [made])
    _tell_house(console, made, parts)


def _tell_house(console: Console, house: Proposal, parts: list[Proposal]) -> None:
    from planner.cli.plan.reading import show_price
    from planner.views.words.plan.proposals import house_sentences

    show_price(console, house)
    console.show(*house_sentences(console.labels, house, parts))


def _projected(
    district: District, crs: str, x: float | None, y: float | None
) -> tuple[float | None, float | None]:
    """Return a place in the CRS of a district, to the centimetre."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    from planner.district.transformers import transformer
    from planner.errors import InputError

    if not crs or x is None or y is None:
        return x, y
    try:
        source = CRS.from_user_input(crs)
    except CRSError as error:
        raise InputError("plan.bad_value", field="crs", value=crs[:40]) from error
    east, north = transformer(source, district.crs).transform(x, y)
    return round(float(east), 2), round(float(north), 2)


@verb
def edit(
    console: Console,
    *,
    proposal: shared.ProposalId,
    title: Annotated[str | None, options.optional("TEXT", "What people call it.")] = None,
    note: Annotated[str | None, options.optional("TEXT", "Why it is wanted.")] = None,
    department: shared.Department = None,
    year: Year = None,
    cost: Annotated[float | None, options.optional("AMOUNT", "Its price.", min=0)] = None,
    cost_high: Annotated[
        float | None, options.optional("AMOUNT", "The most that it may cost.", min=0)
    ] = None,
    cost_source: Annotated[str | None, options.optional("TEXT", "Who says what it costs.")] = None,
    currency: Annotated[str | None, options.optional("TEXT", "What one unit of it is.")] = None,
    funding: Annotated[str | None, options.optional("TEXT", "Who pays.")] = None,
    area: Annotated[
        float | None, options.optional("M2", "Floor area, square metres.", min=0)
    ] = None,
    kind: Annotated[
        list[str] | None, options.optional("KIND", "Its kinds; may be repeated.")
    ] = None,
    x: Annotated[Metres, options.optional("METRES", "Its place, in its CRS.")] = None,
    y: Annotated[Metres, options.optional("METRES", "Its place, in its CRS.")] = None,
    changes: Annotated[
        Path | None,
        options.optional("SCENARIO", "What it does, as a scenario file; place and kinds follow."),
    ] = None,
    why: shared.Why = "",
    version: shared.Version = None,
    plan: shared.PlanFile = None,
) -> None:
    """Change fields of a proposal; one that is decided needs a reason and an approver.

    With --version, edits of other fields that somebody made meanwhile are kept; where somebody
    changed the same field, nothing is written and the conflict is told.
    """
    from planner.views.words.plan.prices import price_sentence

    given = {
        "title": title,
        "note": note,
        "department": shared.department_id(department),
        "year": year,
        "cost": cost,
        "cost_high": cost_high,
        "cost_source": cost_source,
        "currency": currency,
        "funding": funding,
        "floor_area_m2": area,
    }
    values = {name: value for name, value in given.items() if value is not None}
    with shared.opened(plan) as found:
        base = shared.read(found, proposal, version)
        values |= _measure(base, kind or [], x, y, changes)
        changed = found.edit(base, why=why, **values)
        priced = found.priced_as(changed)
    shared.tell(console, [changed])
    if {"cost", "cost_high", "currency"} & set(values):
        console.show(price_sentence(console.labels, changed))
    shared.show_former_price(console, changed, priced)


def _measure(
    base: Proposal, kinds: list[str], x: float | None, y: float | None, file: Path | None
) -> dict[str, Any]:
    """Return what is to be done, where and for which kinds, as far as it is told anew."""
    import shapely

    from planner.district import Scenario
    from planner.errors import InputError
    from planner.plan.proposals.changes import of_kinds, placed_at
    from planner.plan.proposals.making import told_by

    if (x is None) != (y is None):
        raise InputError("plan.needs_place", action=base.action, fields="x, y")
    values: dict[str, Any] = {}
    steps = base.changes
    if file is not None:
        wanted = Scenario.load(file)
        steps = tuple(wanted.changes)
        values |= told_by(wanted, base)
    if kinds:
        steps = of_kinds(steps, kinds)
        values["kinds"] = kinds
    if x is not None and y is not None:
        steps = placed_at(steps, x, y)
        values["geometry"] = shapely.Point(x, y).wkb_hex.lower()
    return values | ({"changes": steps} if values else {})


@verb
def recompute(
    console: Console,
    *,
    workspace: options.Workspace,
    proposal: shared.ProposalId,
    standard: options.Standard = options.DEFAULT_STANDARD,
    costs: options.CostsFile = None,
    another: Annotated[
        bool,
        typer.Option(
            "--another",
            help="Say that what the data list of its kinds at its place is another facility: it "
            "counts beside that one.",
        ),
    ] = False,
    question: GroupsQuestion,
    plan: shared.PlanFile = None,
) -> None:
    """Compute anew what a proposal brings, by the data, standard and decisions of today.

    A draft without a price, or what has that of a list for something else, gets the price of the
    list. What was submitted without one is left so: a new price voids what departments said. One
    that somebody gave stays; where it was given for something else, that is said.
    """
    from planner.views.words.plan.in_data import data_findings
    from planner.views.words.plan.prices import anew_sentences, price_sentence

    result = assessed(console, workspace, standard, question)
    with shared.opened(plan) as found:
        before = found.case(proposal)
        changed = found.recompute(
            proposal, result, workspace.name, own_costs(costs), another=another
        )
        priced, after = found.priced_as(changed), found.case(proposal)
    _tell_new(console, [changed])
    if changed.cost is not None:
        console.show(price_sentence(console.labels, changed))
    shared.show_former_price(console, changed, priced)
    console.show(*anew_sentences(console.labels, before, after))
    kinds, told = result.district.kinds, data_findings(result.district, changed)
    console.show(*(console.labels.finding(each, kinds) for each in told))


def _told(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}


def _price(district: District, cost: float | None, source: str) -> dict[str, Any]:
    """Return the price that somebody told, whole: in the district's unit, and between no two."""
    if cost is None:
        return {}
    money = str(district.money)
    return {"cost": cost, "cost_high": None, "currency": money, "cost_source": source}


def _tell_off(console: Console, district: District, proposals: list[Proposal]) -> None:
    """Say of ways that were drawn off the streets how long they are walked, and priced."""
    from planner.views.words.plan.prices import off_sentences

    for each in proposals:
        console.show(
            *(f"{each.id}: {off}" for off in off_sentences(console.labels, district, each))
        )


def _tell_new(console: Console, proposals: list[Proposal]) -> None:
    from planner.views.words.plan.brought import brings_sentence

    shared.tell(console, proposals)
    for each in proposals:
        console.show(f"{each.id}: {brings_sentence(console.labels, each)}")
