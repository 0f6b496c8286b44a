"""Tables of measures for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.cli.shared.tables import fold_headings, table
from planner.views.tables.analysis.measures import joined_ends
from planner.views.words.analysis.measures import heading, value

if TYPE_CHECKING:
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.cli.shared.console import Console

_TEXT = ("name", "group", "cluster", "cause", "reading")
_IDS = ("facility_id", "demand_id", "community_id", "piece")
_WITHHELD = (
    "matters",
    "residents",
    "residents_low",
    "residents_high",
    "residents_at_full",
    "residents_at_full_low",
    "residents_at_full_high",
    "residents_within",
    "alone",
    "alone_low",
    "alone_high",
    "stranded",
)
"""Figures that are missing for no other reason than that they are withheld."""
_HIDDEN = ("x1", "y1", "x2", "y2")


def plain_table(console: Console, result: Assessment, title: str, rows: pd.DataFrame) -> Table:
    """Return a table with words for headings and values.

    What is the same in every row goes to the title; a range whose ends are all alike is one column.
    """
    rows = joined_ends(rows.drop(columns=list(_HIDDEN), errors="ignore"))
    alike = [name for name in ("kind", "group") if name in rows and rows[name].nunique() == 1]
    said = [title, *(_cell(console, result, name, rows[name].iloc[0]) for name in alike)]
    rows = _withheld_told(console, result, rows).drop(columns=alike)
    words = [name for name in ("kind", *_IDS, *_TEXT) if name in rows]
    columns = [*words, *rows.columns.drop(words)]
    kinds = result.district.kinds
    headings = [heading(console.labels, name, kinds) for name in columns]
    grid = table(" · ".join(said), headings, len(words))
    for row in rows[columns].itertuples(index=False):
        grid.add_row(*(_cell(console, result, *pair) for pair in zip(columns, row, strict=True)))
    fold_headings(grid)
    return grid


def _withheld_told(console: Console, result: Assessment, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a word where a count of a group, or what it matters, is withheld."""
    withheld = result.district.withheld
    if withheld is None or "group" not in rows:
        return rows
    of_group = rows["group"].isin(withheld.groups)
    word, shown = console.labels.message("small_numbers.withheld"), rows.copy()
    for name in (each for each in _WITHHELD if each in rows):
        shown[name] = rows[name].astype(object).mask(of_group & rows[name].isna(), word)
    return shown


def week_table(console: Console, result: Assessment, title: str, rows: pd.DataFrame) -> Table:
    """Return a row for each kind, group and weekday: a digit for each hour, tenths covered."""
    labels = console.labels
    words = [heading(labels, name) for name in ("kind", "group", "weekday")]
    grid = table(title, [*words, "0     6     12    18    "], len(words) + 1)
    keys = ["kind", "group", "weekday"]
    for (kind, group, weekday), day in rows.groupby(keys, sort=False):
        strip = "".join(map(_tenths, day["share_low"], day["share_high"]))
        named = labels.kind(str(kind), result.district.kinds), labels.group(str(group))
        grid.add_row(*named, value(labels, str(weekday)), strip)
    return grid


def _tenths(low: float, high: float) -> str:
    """Return a share as a digit of tenths, ``?`` where its range is wider than a tenth.

    Examples
    --------
    >>> [_tenths(0.0, 0.0), _tenths(0.38, 0.41), _tenths(1.0, 1.0), _tenths(0.2, 0.8)]
    ['0', '3', '9', '?']
    """
    if not high - low <= 0.1:
        return "?"
    return str(min(int(low * 10), 9))


def _cell(console: Console, result: Assessment, name: str, given: Any) -> str:
    labels = console.labels
    if pd.isna(given):
        return "–"
    if isinstance(given, bool | np.bool_):
        return console.word("yes" if given else "no")
    if name == "kind":
        return labels.kind(given, result.district.kinds)
    if name == "group":
        return labels.group(given)
    if isinstance(given, str):
        return value(labels, given)
    return _figure(console, name, given)


def _figure(console: Console, name: str, given: float) -> str:
    if name.startswith(("share", "overlap")):
        return console.labels.percent(given)
    if name.startswith("difference"):
        return f"{100 * given:+.1f}"
    if np.isinf(given) and not name.endswith("_m"):  # a way without end leads nowhere
        return "∞"
    digits = 0 if float(given).is_integer() or abs(given) >= 100 else 2
    return console.labels.number(given, digits)
