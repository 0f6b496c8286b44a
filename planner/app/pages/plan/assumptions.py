"""What targets assume: months of building, and how residents grow; asked once for all parts."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.plan.targets.lead_times import MOST_MONTHS, LeadTimes, builtin_lead_times
from planner.plan.targets.path import Growth
from planner.sources.population.growth import year_told

_MONTHS, _GROWTH = "planner_plan_months", "planner_plan_growth"

MOST_GROWTH = 20.0
"""Per cent a year that a box takes."""


def assumed(result: Assessment) -> tuple[LeadTimes, Growth | None]:
    """Return what is assumed in this session; estimated demand does not grow."""
    rate, year = _growth(result)
    known = rate is not None and not result.district.estimated
    growth = Growth(year, round(rate / 100, 9)) if rate is not None and known else None
    return builtin_lead_times().with_months(_months()), growth


def draw(context: Context, result: Assessment) -> tuple[LeadTimes, Growth | None]:
    """Draw what is assumed, to be changed, and return it."""
    labels, months = context.labels, _months()
    with st.popover(context.word("app_targets.assumptions"), icon=":material/tune:"):
        st.caption(context.word("app_targets.months_help"))
        for action in builtin_lead_times().months:
            name = labels.message(f"plan_words.action_{action}")
            months[action] = int(
                st.number_input(
                    context.word("app_targets.months", action=name),
                    0,
                    MOST_MONTHS,
                    months[action],
                    key=f"plan_months_{action}",
                )
            )
        if not result.district.estimated:
            _ask_growth(context, result)
    return assumed(result)


def _months() -> dict[str, int]:
    kept: dict[str, int] = st.session_state.setdefault(_MONTHS, dict(builtin_lead_times().months))
    return kept


def _growth(result: Assessment) -> tuple[float | None, int]:
    """Return by how many per cent a year residents grow, and of which year the data's are.

    Of data that were carried on to a later year it is none before that.
    """
    rate, year = st.session_state.get(_GROWTH, (None, dt.date.today().year))
    return rate, max(year, year_told(result.district) or year)


def _ask_growth(context: Context, result: Assessment) -> None:
    kept = _growth(result)
    rate = st.number_input(
        context.word("app_targets.growth"),
        -MOST_GROWTH,
        MOST_GROWTH,
        kept[0],
        step=0.1,
        help=context.word("app_targets.growth_help"),
        key="plan_growth",
    )
    first = year_told(result.district) or 1950
    year = st.number_input(
        context.word("app_targets.growth_year"), first, 2200, kept[1], key="plan_growth_year"
    )
    st.session_state[_GROWTH] = rate, int(year)
