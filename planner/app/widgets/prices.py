"""Prices edited in the page: kept with the work, taken back step by step, and taken away."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from planner.app.session import notices
from planner.app.session.answers.costs import costs_of
from planner.app.session.context import Context
from planner.app.session.drafts import current
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.prices import PRICES, own
from planner.app.widgets import downloads
from planner.errors import PlannerError
from planner.siting.costs import Costs, builtin_costs, costs_from_toml, costs_toml
from planner.views.words.siting.departments import currency_of
from planner.views.words.siting.prices import prices_in_words


def draw(context: Context) -> str:
    """Draw the button that opens the prices; return those of the work.

    They are those of :func:`planner.app.session.drafts.prices.own`. The page is worked out anew
    once the prices are closed, not at every figure.
    """
    text, word = own(context), context.word

    @st.dialog(word("prices.title"), width="medium", on_dismiss="rerun")
    def opened() -> None:
        _edit(context)

    label = word("prices.own" if text else "prices.title")
    if st.button(label, icon=":material/payments:", key="prices_open"):
        opened()
    return text


def _edit(context: Context) -> None:
    """Draw the prices to edit, the way back, and their file."""
    text, word = own(context), context.word
    costs = costs_of(text) or builtin_costs()
    notices.draw(context)
    st.caption(word("prices.note"))
    rows = prices_in_words(costs, context.labels)
    told = current.standing(context).said.get(PRICES, ())
    key = f"prices_{len(told)}_{hash(text) & 0xFFFFFF:06x}"
    what = word("prices.col_what")
    price = word("prices.col_price", currency=currency_of(costs, context.labels))
    st.data_editor(
        pd.DataFrame({what: [words for words, _, _ in rows], price: [v for _, _, v in rows]}),
        hide_index=True,
        disabled=[what],
        column_config={
            what: st.column_config.TextColumn(width=400),
            price: st.column_config.NumberColumn(
                min_value=0.0, required=True, format="%.6g", width=180
            ),
        },
        height="content",
        key=key,
        on_change=partial(_edited, context, costs, key, price, [name for _, name, _ in rows]),
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            word("prices.undo"),
            icon=":material/undo:",
            key="prices_undo",
            disabled=not told,
            on_click=current.change,
            args=(context, lambda draft: draft.unset(PRICES)),
        )
        st.button(
            word("prices.shipped"),
            icon=":material/restart_alt:",
            key="prices_shipped",
            disabled=not text,
            on_click=current.change,
            args=(context, lambda draft: draft.set(PRICES, "")),
        )
        file = downloads.File(word("prices.download"), "prices.toml", lambda: costs_toml(costs))
        downloads.file(file, "prices")


def _edited(context: Context, costs: Costs, key: str, column: str, names: list[str]) -> None:
    """Keep what was edited with the work."""
    changed: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    for row, cells in changed.items():
        if cells.get(column) is not None:
            costs = _with(costs, names[int(row)], float(cells[column]))
    try:
        text = costs_toml(costs)
        costs_from_toml(text)
    except PlannerError as error:
        notices.leave(error.finding)
        return
    current.change(context, lambda draft: _set(draft, text))


def _set(draft: Draft, text: str) -> Draft:
    return draft.set(PRICES, "" if costs_from_toml(text) == builtin_costs() else text)


def _with(costs: Costs, name: str, value: float) -> Costs:
    """Return prices with one of them changed.

    Examples
    --------
    >>> _with(builtin_costs(), "link_fixed.path", 4.0).link_fixed["path"]
    4.0
    """
    if name == "saving":
        return replace(costs, one_stop_saving=value / 100)
    table, _, work = name.partition(".")
    if not work:
        changed: dict[str, Any] = {name: value}
        return replace(costs, **changed)
    if table == "link_fixed":
        return replace(costs, link_fixed={**costs.link_fixed, work: value})
    return replace(costs, link_per_m={**costs.link_per_m, work: value})
