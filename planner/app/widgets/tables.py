"""Tables for people: the columns that decide first, as many as fit, the others to choose from.

Headings of Streamlit's tables are single lines, and what does not fit is cut. So each column is
as wide as its heading, texts that are longer than their column are wrapped, and columns for which
there is no room are left to the reader's choice, which the session keeps.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from planner.app.session.context import Context
from planner.app.widgets.column_widths import Laid, laid_out
from planner.views.words.ranges import is_wide, share_or_range
from planner.views.words.shares import percent_figures

TALL = 462
"""Height of a table beside a map, pixels."""

SHORT = 250
"""Height of a table with something below it, pixels."""

HALF, WHOLE = 440, 1050
"""Room for a table beside a map, and over the whole page, on a screen of 1366 pixels."""

NARROW = 714
"""Room over the whole page on a screen of 1024 pixels, where tables stand below the map; on wider
ones all columns of a table that is laid out for it grow."""

TICKS = 34
"""Room that the boxes take by which rows are chosen, pixels."""

DECIDING = 4
"""So many columns decide where a page names none."""

FIGURE_SPACE = "\u2007"

_CHOSEN = "planner_table_columns"
_ROW, _LINE = 33, 19


def draw(
    context: Context,
    table: pd.DataFrame,
    key: str,
    *,
    first: Sequence[str] = (),
    config: Mapping[str, Any] | None = None,
    height: int | Literal["content"] = SHORT,
    room: int = HALF,
    take: Callable[[str], object] | None = None,
    ticked: int | None = None,
    spare: Collection[str] = (),
    name: str = "",
    beside: Callable[[], object] | None = None,
) -> None:
    """Draw a table that fits, numbers as the reader's language writes them.

    Parameters
    ----------
    context
        The reader's language.
    table
        What is shown; its columns are named by their headings, or by `config`.
    key
        Name of the table on its page; who changes it begins with no row chosen.
    first
        The columns that decide, in their order; the others follow as they stand in the table.
    config
        How columns are shown, where it is more than words and numbers; their widths are found.
    height
        At the most, pixels.
    room
        Width that there is for it, pixels.
    take
        Called with the key when a reader has chosen a row; see :func:`chosen_row`.
    ticked
        Number of the row, from 0, that is chosen as the table is first drawn under its key; None
        for none.
    spare
        Columns that stand there only where a reader chooses them.
    name
        What the choice of columns is kept under; the key where none is given.
    beside
        Draws what stands in one row with the choice of columns.
    """
    table = _without_boxes(context, table)
    if context.labels.names:
        table = context.labels.names.in_cells(table)
    config = {**localized(table), **(config or {})}
    order = [each for each in first if each in table]
    order += [str(each) for each in table if str(each) not in order]
    order = [each for each in order if config.get(each, "") is not None]
    taken = TICKS if take else 0
    usual = [each for each in order if each not in spare]
    lay = partial(laid_out, table, usual, config, deciding=len(first) or DECIDING)
    width, laid = room - taken, lay(room - taken)
    if room > NARROW and (same := lay(NARROW - taken)).shows_as_much_as(laid):
        width, laid = NARROW - taken, same  # on a narrow screen it would else be moved sideways
    shown = _chosen_columns(context, (name or key, key), order, laid.names, config, beside)
    if shown != laid.names:
        laid = laid_out(table, shown, config, width, every=True)
    picking: dict[str, Any] = {}
    if take is not None:
        picking = {"on_select": partial(take, key), "selection_mode": "single-row"}
        if ticked is not None:
            picking["selection_default"] = {"selection": {"rows": [ticked]}}
    st.dataframe(
        laid.measured(table),
        hide_index=True,
        height=height_of(laid, len(table), height),
        row_height=row_height(laid),
        column_config=laid.config,
        column_order=laid.names,
        key=key,
        placeholder="–",
        **picking,
    )


def briefly(
    context: Context, table: pd.DataFrame, column: str, places: Sequence[str]
) -> pd.DataFrame:
    """Return a table that tells its places in few words, and the whole of them in a column more.

    Parameters
    ----------
    column
        Heading of the column that tells the whole.
    places
        The same in few words; as :func:`planner.views.words.places.brief_place` tells one.
    """
    told = table.copy()
    told[context.word("app_tables.exact_place")] = table[column]
    told[column] = places
    return told


def _without_boxes(context: Context, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with yes and no as words: boxes look as if one could tick them."""
    words = {True: context.word("data_check.yes"), False: context.word("data_check.no")}
    shown = table.copy()
    for place, kind in enumerate(table.dtypes):
        if pd.api.types.is_bool_dtype(kind):
            shown.isetitem(place, table.iloc[:, place].map(words).astype(object).to_numpy())
    return shown


def _chosen_columns(
    context: Context,
    names: tuple[str, str],
    offered: list[str],
    usual: list[str],
    config: Mapping[str, Any],
    beside: Callable[[], object] | None,
) -> list[str]:
    """Draw the choice of columns, where some have no room, and return those that are shown."""
    kept: dict[tuple[str, str], list[str]] = st.session_state.setdefault(_CHOSEN, {})
    (name, key), language = names, context.labels.language
    place = (name, language)
    shown = [each for each in offered if each in kept.get(place, usual)] or usual
    if len(usual) == len(offered):
        if beside:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                beside()
        return usual
    box = f"columns_{key}"

    def take() -> None:
        kept[place] = st.session_state[box]

    def back() -> None:
        kept.pop(place, None)

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if beside:
            beside()
        told = context.word("app_tables.columns", shown=len(shown), all=len(offered))
        with st.popover(told, icon=":material/view_column:", key=f"{box}_choice"):
            st.session_state[box] = shown
            st.pills(
                context.word("app_tables.which"),
                offered,
                selection_mode="multi",
                format_func=lambda each: heading(config, each),
                key=box,
                on_change=take,
            )
            st.button(
                context.word("app_tables.usual"),
                key=f"{box}_usual",
                icon=":material/undo:",
                on_click=back,
                disabled=shown == usual,
            )
    return shown


def heading(config: Mapping[str, Any], name: str) -> str:
    """Return the heading of a column."""
    return str((config.get(name) or {}).get("label") or name)


def row_height(laid: Laid) -> int | None:
    """Return the height of rows in which the longest text fits, None for that of one line.

    Streamlit wraps where rows are higher than four lines of its root font.
    """
    return None if laid.lines == 1 else max(61, laid.lines * _LINE + 8)


def height_of(laid: Laid, rows: int, most: int | Literal["content"]) -> int | Literal["content"]:
    """Return the height of a table: that of its rows, at the most what is given."""
    if most == "content":
        return most
    return min(most, math.ceil(_ROW + rows * (row_height(laid) or _ROW) + 3))


def chosen_row(key: str, ids: Sequence[str] | None = None, none: str = "") -> str:
    """Return what a reader chose in a table of single rows.

    Parameters
    ----------
    key
        Name of the table on its page.
    ids
        What each row is known by; the rows' numbers from 1 if None.
    none
        What stands for no row.
    """
    rows = st.session_state[key].selection.rows
    if not rows:
        return none
    return str(rows[0] + 1) if ids is None else ids[rows[0]]


def localized(table: pd.DataFrame) -> dict[str, Any]:
    """Return how the columns of numbers are shown: with separators."""
    column = st.column_config.NumberColumn(format="localized")
    return {str(name): column for name in table.select_dtypes("number")}


def count_column(label: str, help: str | None = None) -> Any:  # noqa: A002 - Streamlit's own name
    """Return a column of whole numbers, with the separators of the reader's language."""
    return st.column_config.NumberColumn(label, format="localized", help=help)


def metres_column(label: str) -> Any:
    """Return a column of whole metres, with the separators of the reader's language."""
    return st.column_config.NumberColumn(label, format="localized")


def shares(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Return coverage for :func:`share_column`; as words where a row knows but a range of it.

    A bar has no room for a range, and a column of bars without a figure would be left out: the
    reader would look in vain for what the page is about. The words begin with as many spaces as
    make them as long as the longest figure: so they sort as their figures do.

    Parameters
    ----------
    rows
        Rows of coverage, with their shares, ranges and counts.
    """
    if not (rows["share"].isna() & rows["share_low"].notna()).any():
        return percent_figures(rows["share"])
    told = [_sortable(context.labels.rate(row)) for row in rows.to_dict("records")]
    return pd.Series(told, rows.index, dtype=object).where(rows["share_low"].notna(), None)


def shares_or_ranges(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Return coverage for :func:`share_column`; as words where one of the shares is a range.

    Parameters
    ----------
    rows
        Rows of coverage without what tells a withheld count, with their shares and ranges.
    """
    if not is_wide(rows).any():
        return percent_figures(rows["share"])
    told = [_sortable(share_or_range(row, context.labels)) for row in rows.to_dict("records")]
    return pd.Series(told, rows.index, dtype=object).where(rows["share_low"].notna(), None)


def share_ranges(context: Context, rows: pd.DataFrame) -> pd.Series:
    """Return between which shares each row's lies, as words that sort as :func:`shares` do."""
    ends = zip(rows["share_low"], rows["share_high"], strict=True)
    told = [_sortable(context.labels.percent_range(low, high)) for low, high in ends]
    return pd.Series(told, rows.index, dtype=object).where(rows["share_low"].notna(), None)


def _sortable(told: str) -> str:
    """Return a share, or a range, with spaces as wide as figures for those that 100 % has more.

    Examples
    --------
    >>> _sortable("9.5%–12.0%"), _sortable("100%"), _sortable("withheld")
    ('\u2007\u20079.5%–12.0%', '100%', 'withheld')
    """
    figures = re.match(r"\d+", told)
    return FIGURE_SPACE * (3 - len(figures[0])) + told if figures else told


def share_column(context: Context, told: pd.Series | None = None, of: str = "app.share") -> Any:
    """Return the column of a share given in per cent, a bar and its figure; of words as they are.

    Parameters
    ----------
    told
        What :func:`shares` returned; None for figures.
    of
        Code of what the share is called; by default the coverage of one kind.
    """
    heading = context.word(of)
    if told is not None and told.dtype == object:
        return st.column_config.TextColumn(heading)
    return st.column_config.ProgressColumn(heading, min_value=0, max_value=100, format="%.1f%%")
