"""What is decided, year by year: coverage as it is built, on a map and as a table, and its cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable
from functools import partial

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import areas, elsewhere
from planner.app.session import background, choices
from planner.app.session.answers.joint_plan import AssumingQuestion, PlanQuestion, joint_plan
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.session.jobs import estimates
from planner.app.session.jobs.tickets import Ticket
from planner.app.widgets import downloads, inputs, map_view, tables
from planner.app.widgets.map_view import Pick
from planner.plan.coordination.years.years import JointPlan
from planner.plan.plan import Plan
from planner.plan.proposals.statuses import DECIDED
from planner.plan.queries import Wanted
from planner.plan.targets.lead_times import LeadTimes
from planner.plan.targets.path import Growth
from planner.views.maps.joint_plan import (
    changed_areas,
    drawn_apart,
    figures_note,
    gone_note,
    opened_gone,
    planned_groups,
    planned_legend,
    shown_by,
)
from planner.views.tables.plan.joint_plan import (
    areas_table,
    costs_table,
    left_out_table,
    money_table,
)
from planner.views.words.plan.agenda import misfit_lines
from planner.views.words.plan.in_data import gone_sentence
from planner.views.words.plan.joint_plan import (
    money_notes,
    nothing_sentence,
    ranged_coverage,
    year_word,
)
from planner.views.words.shares import without_telling

MOST_AHEAD = 20_000
"""Homes of a district whose years are carried out before somebody asks for them."""

ROOM = 500
"""For a table, pixels."""


def draw(context: Context, result: Assessment, plan: Plan) -> None:
    """Draw the joint plan of this district."""
    labels = context.labels
    if not (plan.decided(context.entry.id) or plan.opened(context.entry.id)):
        elsewhere.draw(context, plan, labels.message("plan_words.nothing_decided"))
        return
    key, work = _work(context, plan)
    found = background.value(
        context,
        key,
        work,
        context.word("app_plan.working_years"),
        size=estimates.judged_size(result, ""),
    )
    if found is None:
        return
    _misfits(context, found)
    if len(found.years) == 1:
        st.info(nothing_sentence(context.labels, found), icon=":material/info:")
        _costs(context, found)
        return
    kind, group, year = _choices(context, result, found)
    context = context.counting(group)
    left, right = st.columns([7, 6])
    with left:
        _map(context, plan, found, kind, group, year)
        st.caption(context.word("app_plan.pick_area"))
    with right:
        area = areas.chosen(found)
        if area:
            areas.heading(context, found, area)
        rows = ranged_coverage(found) if not area else found.areas(kind=kind)
        _table(context, rows[rows["area_id"] == area] if area else rows, kind, group)
        areas.draw(context, found, kind, group, year)
    _money(context, found, group)
    _costs(context, found)


def begin(context: Context, result: Assessment, plan: Plan) -> None:
    """Begin to carry out what is decided while the list is read: the years are its next question.

    Of a large city that takes too long to be done for who may never ask.
    """
    if len(result.district.demand) <= MOST_AHEAD and plan.decided(context.entry.id):
        background.begin(*_work(context, plan))


def _work(context: Context, plan: Plan) -> tuple[Hashable, Callable[[Ticket], JointPlan]]:
    """Return what the years are asked for by, and what makes them."""
    question = question_of(context, plan)

    def work(_ticket: Ticket) -> JointPlan:
        return joint_plan(question, plan)

    return ("plan_years", question), work


def _map(context: Context, plan: Plan, found: JointPlan, kind: str, group: str, year: str) -> None:
    """Draw a year's coverage with what the plan has built by then, and what changes by it."""
    labels, state = context.labels, found.after[found.years.index(year)]
    proposals = plan.proposals(Wanted(status=(*DECIDED, "opened"), workspace=context.entry.id))
    there = shown_by(found, proposals, kind, year)
    labelled = changed_areas(found, kind, group, year)
    note = figures_note(year, labels) if labelled is not None else ""
    note += gone_note(opened_gone(found, proposals, kind), labels)
    map_view.draw(
        context,
        state,
        kind,
        group,
        extra=planned_groups(there, kind, state, labels),
        signs=planned_legend(there, kind, state, labels) + note,
        without=drawn_apart(there, kind, state),
        labelled=labelled,
        beneath=True,
        on_pick=partial(_picked, context),
        key="map_plan_years",
    )


def _misfits(context: Context, found: JointPlan) -> None:
    """Warn of what is decided and cannot be carried out on the data as they are."""
    if found.misfits:
        heading = markdown(context.labels.message("plan_words.point_misfits"))
        lines = [f"- {markdown(each)}" for each in misfit_lines(context.labels, found.misfits)]
        st.warning("\n".join([heading, *lines]), icon=":material/warning:")
    if told := gone_sentence(context.labels, found.gone):
        st.warning(markdown(told), icon=":material/domain_disabled:")


def question_of(context: Context, plan: Plan) -> PlanQuestion:
    """Return which plan is asked about: as it is now, of the assessment at hand."""
    own = vars(context.question)
    return PlanQuestion(**own, place=plan.store.place, head=plan.store.head())


def assuming(
    context: Context, plan: Plan, times: LeadTimes, growth: Growth | None
) -> AssumingQuestion:
    """Return the same with what is assumed of building and of residents, as of today."""
    return AssumingQuestion(
        **vars(question_of(context, plan)),
        months=tuple(times.months.items()),
        growth=growth,
        today=dt.date.today(),
    )


def _choices(context: Context, result: Assessment, found: JointPlan) -> tuple[str, str, str]:
    """Draw the choices of a kind, a group and a year."""
    kind_box, group_box, year_box = st.columns([3, 3, 5], vertical_alignment="bottom")
    with kind_box:
        kind = inputs.kind(context, result)
    with group_box:
        group = inputs.group(context, result)
    with year_box:
        year = st.select_slider(
            context.labels.message("plan_words.col_when"),
            found.years,
            found.years[-1],
            format_func=partial(year_word, context.labels),
            key=f"plan_year_{hash(found.years)}",
        )
    return kind, group, year


def _picked(context: Context, pick: Pick) -> None:
    """Choose the community that was clicked on, or that of the home."""
    district = context.district()
    area = pick.id if pick.what == "community" else ""
    if pick.what == "home":
        row = district.demand["demand_id"] == pick.id
        area = str(district.demand.loc[row, "community_id"].iloc[0])
    if area:
        choices.choices()[areas.AREA] = area


def _table(context: Context, rows: pd.DataFrame, kind: str, group: str) -> None:
    """Draw the coverage of a kind and group year by year, with what each year adds to today."""
    own = without_telling(rows[(rows["kind"] == kind) & (rows["group"] == group)])
    shares = tables.shares_or_ranges(context, own)
    table = pd.DataFrame(
        {
            "year": [year_word(context.labels, each) for each in own["year"]],
            "share": shares,
            "covered": own["covered"].round().to_numpy(),
            "gained": own["gained"].round().to_numpy(),
            "unknown": own["unknown"].round().to_numpy(),
        }
    )
    config = {
        "year": st.column_config.TextColumn(context.labels.message("plan_words.col_when")),
        "share": tables.share_column(context, shares),
        **{name: areas.counted(context, name) for name in ("covered", "gained", "unknown")},
    }
    st.markdown(f"**{context.labels.message('plan_words.title_years')}**")
    tables.draw(
        context,
        table,
        "plan_years",
        first=["year", "share", "covered", "gained"],
        config=config,
        height="content",
        room=ROOM,
    )


def _money(context: Context, found: JointPlan, group: str) -> None:
    """Draw what the money buys, and all of the joint plan to take away."""
    labels, say = context.labels, context.labels.message
    st.markdown(f"**{say('plan_words.title_money')}**")
    table = money_table(found.money(group), labels, found.costs)
    tables.draw(context, table, "plan_money", height="content", room=tables.WHOLE)
    for each in money_notes(labels, found, group):
        st.caption(markdown(each))
    kinds, stem = found.after[0].district.kinds, context.stem

    def offer(name: str, make: object) -> downloads.File:
        label = context.word(f"app_plan.take_{name}")
        return downloads.table(label, f"{stem}-plan-{name}.csv", make)  # type: ignore[arg-type]

    offered = [
        offer("years", lambda: without_telling(ranged_coverage(found))),
        offer("communities", lambda: areas_table(found.areas(), labels, kinds)),
        offer("subdistricts", lambda: areas_table(found.areas("subdistrict"), labels, kinds)),
        offer("left_out", lambda: left_out_table(found.left_out(), labels, kinds)),
        offer("money", lambda: table),
        offer("costs", lambda: costs_table(found.costs, labels)),
    ]
    downloads.files(context, "plan_years", offered)


def _costs(context: Context, found: JointPlan) -> None:
    """Draw what is decided costs, by year and department; those without a price are counted."""
    if found.costs.empty:
        return
    labels = context.labels
    table = costs_table(found.costs, labels)
    st.markdown(f"**{labels.message('plan_words.title_costs')}**")
    tables.draw(context, table, "plan_costs", height="content", room=tables.WHOLE)
