"""The joint plan of the departments: what is proposed, what is decided, year by year."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.plan.coordination.houses import planned_once
from planner.plan.coordination.meeting.open_cases import objected_to
from planner.plan.coordination.years.years import JointPlan
from planner.plan.proposals.one_house import is_house
from planner.plan.workflow.reviews import Case
from planner.reports.content import Block, Part, Points, Style, Table, table_of
from planner.reports.parts.drawing import drawn
from planner.reports.parts.shares import percent, whole
from planner.reports.request import JointWork, ReportRequest
from planner.views.tables.plan.plan import UNSURE, proposals_table
from planner.views.words.plan.brought import bases, bases_sentence, no_data_sentence
from planner.views.words.plan.called import Called
from planner.views.words.plan.elsewhere import elsewhere_sentence
from planner.views.words.plan.in_data import gone_sentence
from planner.views.words.plan.joint_plan import (
    gained_notes,
    nothing_sentence,
    ranged_coverage,
    year_word,
)
from planner.views.words.plan.proposals import (
    currency_word,
    payer_words,
    proposal_name,
    review_sentence,
)
from planner.views.words.plan.targets import (
    area_word,
    budget_sentence,
    lead_times_sentence,
    path_outline,
)
from planner.views.words.ranges import is_wide
from planner.views.words.shares import all_counted

MOST_CHARTS = 6
"""Targets that have a chart; all are told in sentences."""


def joint_plan(request: ReportRequest) -> Part:
    """Return the proposals of the departments, and coverage and cost of what is decided."""
    heading, work = request.say("part_plan"), request.work
    if work is None or work.is_empty:
        if work is None or not work.elsewhere:
            return Part("plan", heading, (request.say("no_plan"),))
        return Part("plan", heading, (elsewhere_sentence(request.labels, work.elsewhere),))
    held = request.say("plan_holds", count=request.labels.number(len(work.cases)))
    gone = elsewhere_sentence(request.labels, work.elsewhere) if work.elsewhere else ""
    blocks: list[Block] = [gone or held]
    if work.cases:
        them = [case.proposal for case in work.cases]
        found = bases(request.labels, them)
        blocks += [_proposals(request, work, several=len(found) > 1)]
        said = (bases_sentence(request.labels, found), no_data_sentence(request.labels, them))
        blocks += filter(None, said)
        blocks += [*_counted_with(request, work), *_objections(request, work)]
    if len(work.joint.years) > 1:
        blocks += [
            _years(request, work.joint),
            *gained_notes(request.labels, work.joint, request.group),
        ]
        blocks += [_costs(request, work.joint)]
    elif len(work.joint.costs):
        blocks += [nothing_sentence(request.labels, work.joint), _costs(request, work.joint)]
    else:
        blocks.append(nothing_sentence(request.labels, work.joint))
    blocks += [told] if (told := gone_sentence(request.labels, work.joint.gone)) else []
    blocks += [*_targets(request, work), *_limits(request, work)]
    return Part("plan", heading, tuple(blocks))


def _counted_with(request: ReportRequest, work: JointWork) -> Iterator[Block]:
    """Yield which proposals stand for a building that another one stands for too.

    A house and its parts are rows of one table: whoever adds these up counts the building twice.
    """
    proposals = [case.proposal for case in work.cases]
    once = {each.id for each in planned_once(proposals)}
    known = {each.id: each for each in proposals}
    comma = request.labels.message("plan_words.comma")
    called = Called(request.labels, request.result.district.kinds)
    lines = []
    for house in proposals:
        parts = [known[own] for own in house.made_of if own in known]
        ended = [each for each in parts if each.superseded_by == house.id]
        if is_house(house):
            code, within = "house_counts" if house.id in once else "parts_count", parts
        else:
            code, within = "house_counts", [x for x in ended if x.status == "superseded"]
        if within:
            names = comma.join(called.within(each) for each in within)
            lines.append(request.say(code, house=called.within(house), parts=names))
    if lines:
        yield Points(request.say("counted_once"), tuple(lines))


def _objections(request: ReportRequest, work: JointWork) -> Iterator[Block]:
    """Yield the objections, and wishes for a change, that nobody has answered."""
    lines = tuple(
        request.labels.message(
            "plan_words.unanswered_row",
            id=case.proposal.id,
            name=proposal_name(request.labels, case.proposal, request.result.district.kinds),
            said=review_sentence(request.labels, case, review),
        )
        for case in objected_to(work.cases)
        for review in case.unanswered
    )
    if lines:
        yield Points(request.say("objections", count=request.labels.number(len(lines))), lines)


def _targets(request: ReportRequest, work: JointWork) -> Iterator[Block]:
    """Yield how what is decided stands against each target, the first ones with a chart."""
    from planner.views.plots.targets import plot_path

    labels, result = request.labels, request.result
    if work.paths:
        yield request.say("targets", count=labels.number(len(work.paths)))
        yield lead_times_sentence(labels, work.paths[0].lead_times)
    for number, path in enumerate(work.paths):
        yield Points.of(path_outline(labels, path, request.at.date(), result.district))
        if number < MOST_CHARTS and any(stand.low is not None for stand in path.stands):
            area = area_word(labels, path.target, result.district)
            told = request.say("chart_path", kind=request.kind(path.target.kind), area=area)
            yield drawn(request, told, plot_path, result, path, is_map=False)


def _limits(request: ReportRequest, work: JointWork) -> Iterator[str]:
    """Yield what is decided of each limit of what may be spent."""
    if work.budgets:
        yield request.say("limits", count=request.labels.number(len(work.budgets)))
    for budget in work.budgets:
        yield budget_sentence(request.labels, budget)


def _word(request: ReportRequest, name: str) -> str:
    return request.labels.message(f"plan_words.col_{name}")


def _proposals(request: ReportRequest, work: JointWork, *, several: bool = False) -> Table:
    """Return the proposals; by what each gain was counted where they were counted by several."""
    kinds = request.result.district.kinds
    frame = proposals_table(work.cases, request.labels, kinds)
    if not several:
        frame = frame.drop(columns=_word(request, "standard"))
    unknown = request.labels.text("unknown")
    gained, *costs = (_word(request, name) for name in ("gained", "cost", "cost_most"))
    missing = [request.withheld if _is_withheld(request, case) else unknown for case in work.cases]
    frame[gained] = frame[gained].astype(object).fillna(pd.Series(missing, frame.index))
    unsure = [name for each in UNSURE if (name := _word(request, each)) in frame]
    counts: dict[str, Style] = dict.fromkeys((gained, *unsure), "whole")
    styles: dict[str, Style] = {**counts, **dict.fromkeys(costs, "tenth")}
    columns = request.columns(styles=styles, missing=dict.fromkeys(costs, unknown))
    caption = request.say("caption_proposals")
    deciding = 10 + several + len(unsure)
    return table_of(request.say("sheet_proposals"), caption, frame, columns, deciding=deciding)


def _is_withheld(request: ReportRequest, case: Case) -> bool:
    """Whether what a proposal brings was computed, and is missing since counts are withheld."""
    figures, withheld = case.proposal.figures, request.result.district.withheld
    if figures is not None and figures.is_withheld():
        return True
    if figures is None or not figures.rows or withheld is None:
        return False
    group = figures.rows[0].group
    missing = [row.kind for row in figures.rows if row.group == group and row.gained is None]
    return group in withheld.groups and bool(set(missing) & set(request.result.judged_kinds))


def _years(request: ReportRequest, joint: JointPlan) -> Table:
    rows = request.judged(ranged_coverage(joint))
    total, covered = all_counted(rows), request.labels.column("covered")
    ends = ("share_low", "share_high") if is_wide(rows).any() else ()
    shares = {request.say(f"col_{name}"): name for name in ("share", *ends)}
    frame = pd.DataFrame(
        {
            _word(request, "when"): [year_word(request.labels, str(each)) for each in rows["year"]],
            request.labels.column("kind"): [request.kind(str(each)) for each in rows["kind"]],
            **{head: percent(rows[name], total, request) for head, name in shares.items()},
            covered: whole(rows["covered"]),
            request.say("col_more"): whole(rows["gained"]),
            request.labels.column("unknown"): whole(rows["unknown"]),
        }
    )
    styles: dict[str, Style] = dict.fromkeys(shares, "percent")
    caption = request.say("caption_years", group=request.labels.group(request.group))
    return table_of(
        request.say("sheet_years"), caption, frame, request.columns(styles=styles), keys=2
    )


def _costs(request: ReportRequest, joint: JointPlan) -> Table:
    rows, labels = joint.costs, request.labels
    cost, most = _word(request, "cost"), _word(request, "cost_most")
    payers = zip(rows["department"], rows["others"], strict=True)
    departments = [payer_words(labels, str(own), str(others)) for own, others in payers]
    frame = pd.DataFrame(
        {
            _word(request, "when"): [year_word(request.labels, str(each)) for each in rows["year"]],
            _word(request, "department"): departments,
            _word(request, "state"): [
                labels.message(f"plan_words.state_{each}") for each in rows["state"]
            ],
            cost: rows["cost"].to_numpy(float),
            most: rows["cost_most"].to_numpy(float),
            _word(request, "currency"): [currency_word(labels, each) for each in rows["currency"]],
            _word(request, "proposals"): rows["proposals"].to_numpy(),
            _word(request, "unpriced"): rows["unpriced"].to_numpy(),
        }
    )
    styles: dict[str, Style] = {cost: "tenth", most: "tenth"}
    unknown = labels.text("unknown")
    columns = request.columns(styles=styles, missing={cost: unknown, most: unknown})
    return table_of(
        request.say("sheet_costs"), request.say("caption_costs"), frame, columns, keys=2
    )
