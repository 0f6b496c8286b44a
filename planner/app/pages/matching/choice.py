"""The place or community that is picked under a question, and what is told of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from planner.app.session.answers.matching import MatchingQuestion
from planner.app.session.context import Context
from planner.app.session.errors import markdown
from planner.app.widgets.map_view import Pick
from planner.siting.matching.matching import Matching
from planner.views.words.siting import matching as words
from planner.views.words.siting.matching import amount_word

_CHOSEN = "matching_chosen"


def chosen(question: MatchingQuestion, found: Matching) -> tuple[str, str] | None:
    """Return what is picked under this question, a place or community and its id."""
    where, what, picked = st.session_state.get(_CHOSEN, (None, "", ""))
    if where != question or not picked:
        return None
    known = (
        found.served["facility_id"]
        if what == "facility"
        else found.assessment.district.communities["community_id"]
    )
    return (what, picked) if (known == picked).any() else None


def choose(question: MatchingQuestion, what: str, own_id: str) -> None:
    """Pick a facility or a community, by its id, under a question."""
    st.session_state[_CHOSEN] = (question, what, own_id)


def take_pick(question: MatchingQuestion, pick: Pick) -> None:
    """Take over a click on the map; one beside everything picks nothing."""
    if pick.what in ("facility", "community"):
        choose(question, pick.what, pick.id)
    elif pick.what == "place":
        st.session_state.pop(_CHOSEN, None)


def draw(context: Context, found: Matching, picked: tuple[str, str] | None) -> None:
    """Say whom the picked place serves, or who serves the picked community."""
    said = context.word("matching.picked_nothing")
    if picked is not None:
        what, own_id = picked
        describe = _of_place if what == "facility" else _of_community
        said = describe(context, found, own_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        if picked is None:
            st.caption(said)
        else:
            st.markdown(f":material/route: {markdown(said)}", width="content")
            st.button(
                context.word("matching.all_shown"),
                icon=":material/close:",
                type="tertiary",
                on_click=lambda: st.session_state.pop(_CHOSEN, None),
                key="matching_all",
            )


def _of_place(context: Context, found: Matching, facility_id: str) -> str:
    labels = context.labels
    row = found.served.set_index("facility_id").loc[facility_id]
    name = words.place_names(found)[facility_id]
    if pd.isna(row["used"]):
        amount = amount_word(labels, row["perhaps"])
        return context.word("matching.picked_place_unknown", name=name, amount=amount)
    flows = found.exchanges()
    flows = flows[flows["facility_id"] == facility_id]
    if flows.empty:
        return context.word("matching.picked_place_none", name=name)
    first = flows.iloc[0]
    return context.word(
        "matching.picked_place",
        name=name,
        used=amount_word(labels, row["used"]),
        count=len(flows),
        first=words.community_words(found, labels)[first["community_id"]],
        amount=amount_word(labels, first["amount"]),
    )


def _of_community(context: Context, found: Matching, community_id: str) -> str:
    labels = context.labels
    row = found.communities().set_index("community_id").loc[community_id]
    name = words.community_words(found, labels)[community_id]
    needs = amount_word(labels, row["needs"])
    flows = found.exchanges()
    flows = flows[flows["community_id"] == community_id]
    if flows.empty:
        return context.word("matching.picked_community_none", name=name, needs=needs)
    first = flows.iloc[0]
    return context.word(
        "matching.picked_community",
        name=name,
        needs=needs,
        served=amount_word(labels, row["served"]),
        count=len(flows),
        first=words.place_names(found)[first["facility_id"]],
        amount=amount_word(labels, first["amount"]),
    )
