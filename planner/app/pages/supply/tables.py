"""Tables of measures, headings and kinds in words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import tables
from planner.views.tables.analysis.measures import joined_ends
from planner.views.words.analysis.measures import heading
from planner.views.words.labels import Labels

SHARES = ("share", "overlap")


def column_words(context: Context, result: Assessment, columns: Iterable[str]) -> dict[str, str]:
    """Return the heading of each column."""
    own = {
        "hour_of_day": context.word("measures.hour"),
        "day": context.word("measures.col_weekday"),
    }
    kinds = result.district.kinds
    return {name: own.get(name) or heading(context.labels, name, kinds) for name in columns}


def figure_word(labels: Labels, value: float, digits: int) -> str | None:
    """Return a figure as text, ∞ where it has no end, such as the load of a place without room."""
    if np.isinf(value):
        return "∞"
    return None if np.isnan(value) else labels.number(value, digits)


def draw_table(
    context: Context, result: Assessment, table: pd.DataFrame, name: str, room: int = tables.WHOLE
) -> None:
    """Draw a table with words for headings and kinds; shares are given in per cent."""
    labels, kinds = context.labels, result.district.kinds
    index = str(table.index.name)
    table = joined_ends(table.reset_index())
    for column, word in (("kind", lambda k: labels.kind(k, kinds)), ("group", labels.group)):
        if column in table:
            table[column] = table[column].map(word)
    config = {}
    for column in table.columns:
        title = heading(labels, column, kinds)
        if column.startswith(SHARES):
            table[column] = table[column] * 100
            config[column] = st.column_config.NumberColumn(title, format="%.1f%%")
        elif column.startswith("difference"):
            table[column] = table[column] * 100
            config[column] = st.column_config.NumberColumn(title, format="%+.1f")
        elif pd.api.types.is_numeric_dtype(table[column]):
            finite = table[column][np.isfinite(table[column].to_numpy(dtype=np.float64))]
            whole = (finite == finite.round()).all() or finite.abs().max() >= 100
            if np.isinf(table[column].to_numpy(dtype=np.float64)).any():
                # a box of numbers writes "Infinity", in whatever language
                digits = 0 if whole else 2
                table[column] = [figure_word(labels, value, digits) for value in table[column]]
                config[column] = st.column_config.TextColumn(title)
                continue
            table[column] = table[column].round() if whole else table[column]
            pattern = "localized" if whole else "%.2f"
            config[column] = st.column_config.NumberColumn(title, format=pattern)
        else:
            config[column] = st.column_config.Column(title)
    tables.draw(
        context, table, f"table_{name}", first=[index], config=config, height=tables.TALL, room=room
    )
