"""Columns of tags that facilities and streets are asked for beside the columns of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import pandas as pd

from planner.errors import Finding
from planner.sources.tables.unread.sheet import Sheet
from planner.sources.tables.unread.states import unread_states
from planner.sources.tables.values.numbers import cell_text


def still_unread(
    findings: Iterable[Finding],
    table: pd.DataFrame,
    layer: str,
    read: Callable[[str, str], bool],
) -> list[Finding]:
    """Return findings that tell of a state as unread only where no tag of its column is read.

    Parameters
    ----------
    findings
        What was found when the headers of a file were read, before anybody asked for tags.
    table
        Its rows.
    layer
        The layer that they become.
    read
        Whether a key and a value say by themselves that a row does not count.
    """
    result = []
    for each in findings:
        names = str(each.params.get("columns", "")).split(", ")
        told = [str(name) for name in table.columns if str(name) in names]
        if each.code != "tables.states_unread" or not told:
            result.append(each)
            continue
        cells = table[told].astype(object).map(cell_text)
        left = cells.apply(partial(_without, read))
        if left.equals(cells):
            result.append(each)
        else:
            result += unread_states(Sheet(layer, left, [], str(each.params["file"])))
    return result


def _without(read: Callable[[str, str], bool], texts: pd.Series) -> pd.Series:
    """Return the texts of a column, empty where one is read."""
    key = str(texts.name).casefold()
    known = {text: "" if text and read(key, text) else text for text in pd.unique(texts)}
    return texts.map(known)
