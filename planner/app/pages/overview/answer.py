"""The sentence that answers at once: what most people lack, how many, where, and what is next."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session import choices
from planner.app.session.answers import assessments
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets import gap_steps
from planner.district.layers import WEIGHT

FEW = 1.0
"""What a withheld count is ranked as: more than nothing."""

MOST_PLACES = 3
"""Communities named in the sentence at most."""


def draw(context: Context, result: Assessment, kind: str, group: str) -> None:
    """Draw the sentence on the kind that most lack, and the way to its gaps.

    Parameters
    ----------
    context, result
        Words, and the assessment.
    kind
        Of :func:`most_lacking`.
    group
        Whom to count.
    """
    if not kind:
        return
    words, button = st.columns([10, 3], vertical_alignment="center")
    with words, st.container(key="overview_answer"):
        st.markdown(sentence(context, result, kind, group))
    with button:
        st.button(
            context.word("app_overview.to_gaps"),
            icon=":material/troubleshoot:",
            key="overview_to_gaps",
            on_click=gap_steps.open_gaps,
            args=(kind,),
            width="stretch",
        )


def most_lacking(context: Context, result: Assessment, group: str) -> str:
    """Return the judged kind that most are known to lack, empty where none is judged.

    Where two are lacked by as many, the one of which more is unknown: a share of which too much is
    unknown is not stated, and must not hide who is known to lack it.
    """
    summary = assessments.summary(context.question)
    rows = summary[(summary["group"] == group) & summary["kind"].isin(result.judged_kinds)]
    rows = rows.fillna({"uncovered": FEW, "unknown": FEW})
    rows = rows.sort_values(["uncovered", "unknown"], ascending=False, kind="stable")
    return str(rows["kind"].iloc[0]) if len(rows) else ""


def sentence(context: Context, result: Assessment, kind: str, group: str) -> str:
    """Return who lacks the kind, how many, where, and of how many it is not known, as Markdown."""
    labels = context.labels
    row = assessments.figures(context.question, kind, group)
    # a count that is withheld is small, and not nothing
    lacking = row["uncovered"] != 0
    said = {
        "kind": context.kind(kind),
        "limit": labels.metres(result.limit_m(kind, group)),
        "uncovered": labels.count(row["uncovered"]),
        "total": labels.count(row["covered"] + row["uncovered"] + row["unknown"]),
        "group": labels.group(group),
    }
    told = {name: markdown(word) for name, word in said.items()}
    everybody = "" if group in ("population", WEIGHT) else "_group"
    parts = [context.word(f"app_overview.{'answer' if lacking else 'near'}{everybody}", **told)]
    if lacking and (places := _places(context, kind, group)):
        parts.append(context.word("app_overview.answer_where", places=markdown(places)))
    if row["unknown"] != 0:
        unknown = markdown(labels.count(row["unknown"]))
        parts.append(context.word("app_overview.answer_unknown", unknown=unknown))
    return ("" if labels.language == "zh" else " ").join(parts)


def show_kind(kind: str) -> None:
    """Go to the coverage of a kind."""
    choices.choices().update(kind=kind, place="")
    choices.go("coverage")


def show_community(community_id: str) -> None:
    """Go to the figures of a community."""
    choices.choices()["place"] = f"c.{community_id}"
    choices.go("coverage")


def _places(context: Context, kind: str, group: str) -> str:
    """Return the communities with the most of those who lack it, most first; none of only one."""
    table: pd.DataFrame = assessments.league(context.question, "community", kind)
    rows = table[(table["group"] == group) & (table["uncovered"] > 0)]
    if len(table["area_id"].unique()) < 2:
        return ""
    first = rows.sort_values("uncovered", ascending=False, kind="stable").head(MOST_PLACES)
    labels = context.labels
    named = [
        context.word(
            "app_overview.answer_place",
            name=name or area,
            uncovered=labels.count(uncovered),
        )
        for area, name, uncovered in zip(
            first["area_id"], first["name"], first["uncovered"], strict=True
        )
    ]
    return labels.text(", ").join(named)
