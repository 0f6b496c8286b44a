"""Joint plan: what departments propose, what they say of it, what is decided, and when."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.pages.plan import card, compromise, listing, talk, targets, trail, years
from planner.app.session import choices, notices, plan
from planner.app.session.context import Context
from planner.app.session.errors import markdown, showing_errors
from planner.app.widgets import frame
from planner.plan.people import ROLES
from planner.plan.plan import Plan
from planner.views.words.plan.proposals import departments_words, word

PART = "plan_part"
PARTS: dict[str, tuple[str, Callable[[Context, Assessment, Plan], None]]] = {
    "proposals": ("list_alt", listing.draw),
    "talk": ("forum", talk.draw),
    "years": ("calendar_month", years.draw),
    "compare": ("balance", compromise.draw),
    "targets": ("flag", targets.draw),
    "trail": ("history", trail.draw),
}
"""The parts of the page by their name in the address: icon, and what draws it."""

APPROVER = '[plan.people."name@example.org"]\nroles = ["approver"]'
"""What makes somebody an approver, as the configuration file says it."""

LOOK_SECONDS = 4
"""So often an open page looks whether somebody else wrote."""


@frame.page
def page(context: Context, result: Assessment) -> None:
    """Draw the page."""
    title, parts = st.columns([3, 9], vertical_alignment="bottom")
    with title:
        frame.heading(context, result.district)
    notices.draw(context, stays=True)
    if not plan.is_begun():
        st.info(context.word("app_plan.none_yet"), icon=":material/info:")
        return
    found = plan.opened()
    with parts, st.container(horizontal=True, horizontal_alignment="right"):
        part = choices.switch(
            PART,
            context.word("app_plan.part"),
            PARTS,
            "proposals",
            lambda each: f":material/{PARTS[each][0]}: {context.word(f'app_plan.part_{each}')}",
        )
    _whoever(context, found)
    if "administrator" in found.actor.roles and plan.lacks_approvers():
        _no_approvers(context)
    if (chosen := choices.own(card.PROPOSAL)) and part == "proposals":
        card.draw(context, result, found, chosen)
    else:
        PARTS[part][1](context, result, found)
        if part == "proposals":
            years.begin(context, result, found)
    _follow(context, found)
    frame.credits_line(context, result.district)
    notices.drawn()


def _whoever(context: Context, found: Plan) -> None:
    """Say as whom somebody works on the plan."""
    labels, actor = context.labels, found.actor
    roles = [word(labels, "role", each) for each in ROLES if each in actor.roles]
    told = context.word(
        "app_plan.known_as",
        name=actor.name,
        roles=labels.message("plan_words.comma").join(roles),
        via=word(labels, "via", actor.via),
    )
    if actor.department:
        department = departments_words(labels, [actor.department])
        told = labels.paragraph(
            [told, labels.message("plan_words.of_department", department=department)]
        )
    st.caption(markdown(told))


def _no_approvers(context: Context) -> None:
    """Tell an administrator what is to be written where nobody who signs in may approve."""
    st.warning(
        f"{context.word('app_plan.no_approvers')}\n\n```toml\n{APPROVER}\n```\n\n"
        + context.word("app_plan.no_approvers_more"),
        icon=":material/gavel:",
    )


def _follow(context: Context, found: Plan) -> None:
    """Draw the page anew within seconds where another window wrote.

    A database that cannot be asked just now is told of, and asked again.
    """
    drawn = found.store.head()

    @st.fragment(run_every=LOOK_SECONDS)
    def look() -> None:
        with showing_errors(context.labels):
            now = found.store.head()
            if now != drawn:
                st.rerun(scope="app")

    look()
