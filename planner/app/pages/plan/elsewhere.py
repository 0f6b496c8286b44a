"""What is said where a plan has nothing about the district at hand."""

from __future__ import annotations

import streamlit as st

from planner.app.server.settings.settings import settings
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.plan.plan import Plan
from planner.plan.store.places import FILE, plan_beside
from planner.views.words.plan.elsewhere import elsewhere_sentence


def draw(context: Context, plan: Plan, otherwise: str) -> None:
    """Say that the plan is about other districts, else what is said of an empty one.

    Parameters
    ----------
    context, plan
        The page's.
    otherwise
        What to say where the plan is about no other district either.
    """
    about = plan.elsewhere(context.entry.id)
    told = markdown(elsewhere_sentence(context.labels, about)) if about else otherwise
    st.info(told, icon=":material/info:")
    another(context, plan)


def another(context: Context, plan: Plan) -> None:
    """Say that another plan lies beside the workspaces, where a database holds the one at hand."""
    folder = settings().workspaces
    if plan.store.shared and plan_beside(folder / context.entry.id, None) is not None:
        told = context.labels.message("plan_words.plan_in_file", file=FILE)
        st.info(markdown(told), icon=":material/database:")
