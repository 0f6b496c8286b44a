"""Coverage for a profile of walking: its rules, and whom it moves across the limit."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.profiles import SEVERAL
from planner.app.session import background
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import inputs, tables
from planner.district import WalkProfile, find_profile


def measured(context: Context, walk: str) -> tuple[Context, Assessment]:
    """Draw which rules hold; return the context with the profile, and its assessment."""
    profile = find_profile(walk)
    assert profile is not None
    rules = {rule.id: context.labels.text(rule.reason) for rule in profile.rules_on}
    off = inputs.named(
        f"off_{walk}",
        context.word("profiles.switch_off"),
        rules,
        context.word("profiles.switch_off_none"),
    )
    context = replace(context, walk=walk, rules_off=";".join(off))
    with st.spinner(context.word("app.assessing"), show_time=True):
        return context, context.assessment()


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw whom the profile moves across the limit of a kind, and by which rule."""
    labels, word = context.labels, context.word
    assert result.profile is not None
    title = word("profiles.effect_title", profile=labels.profile(result.profile))
    found = background.worked_out(
        context,
        assessments.profile_tables,
        context.question,
        labels.language,
        words=word("app_work.profile"),
    )
    if found is None:
        return
    own = found.moves[(found.moves["kind"] == kind) & (found.moves["group"] == group)]
    with st.expander(title, icon=":material/accessible_forward:", expanded=True):
        if own.empty:
            st.caption(word("profiles.not_told"))
        else:
            row = own.iloc[0]
            st.markdown(
                markdown(
                    word(
                        "profiles.moved_of",
                        everyone=labels.number(row["within_everyone"]),
                        moved=labels.number(row["moved"]),
                        open=labels.number(row["open"]),
                        homes=labels.number(row["moved_homes"] + row["open_homes"]),
                        group=labels.group(group),
                    )
                )
            )
            _by_rule(context, result.profile, found.by_rule, kind, group)
    with st.expander(word("profiles.streets_title"), icon=":material/rule:"):
        # a rule is known by its reason; its id is for the command line
        table = found.streets.drop(columns=word("profiles.col_rule"))
        first = [word("profiles.col_reason"), *(word(f"profiles.col_{name}") for name in _DECIDE)]
        tables.draw(
            context, table, "profile_streets", first=first, height="content", room=tables.WHOLE
        )


_DECIDE = ("effect", "on", "km", "km_silent", "most_resting")
"""What decides of a rule, beside its reason."""


def _by_rule(
    context: Context, profile: WalkProfile, moves: pd.DataFrame, kind: str, group: str
) -> None:
    """Tell the reasons of the rules without which some would be within the limit."""
    reasons = {rule.id: context.labels.text(rule.reason) for rule in profile.rules}
    labels, word = context.labels, context.word
    own = moves[(moves["kind"] == kind) & (moves["group"] == group) & (moves["moved_homes"] > 0)]
    lines = [
        word(
            "profiles.moved_by",
            rule=word("profiles.several") if row["rule"] == SEVERAL else reasons[str(row["rule"])],
            moved=labels.number(float(row["moved"])),
            homes=labels.number(float(row["moved_homes"])),
        )
        for row in own.sort_values("moved", ascending=False).to_dict("records")
    ]
    if lines:
        st.markdown("\n".join(f"- {markdown(line)}" for line in lines))
