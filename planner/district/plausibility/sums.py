"""Homes that are rather the sum of others: a compound beside its buildings, a town beside all.

Their residents would count twice. A row is called a sum where its figure is exactly what others
come to, and these belong to it: by a name that begins as its own, by a word that they share while
it lacks one that they have, or since the whole list is made of rows followed or led by their sum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.arrays import F64, Bool, Objects
from planner.district.layers import SPREAD_FROM, group_columns
from planner.district.plausibility.communities import percent_of, told_first
from planner.errors import Finding

_LEAST_PARTS = 2
_LEAST_PARTS_UNNAMED = 3
_FEWEST_OF_ALL = 5
_LEAST_DIGITS = 6
_MOST_LEVELS = 4
_MOST_OF_ASKED = 0.5
_LARGE = 100.0
_ROUNDING = 1e-6
_LAST = "\U0010ffff"


def odd_sums(demand: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of homes whose residents are exactly the sum of those of others that belong to them.

    Parameters
    ----------
    demand
        Layer ``demand``.
    """
    total = group_columns(list(demand.columns))[0]
    if total != "population" or SPREAD_FROM in demand or len(demand) < _LEAST_PARTS + 1:
        return
    sums = sum_rows(demand, total)
    if sums.any():
        params = {
            "count": int(sums.sum()),
            "ids": told_first(demand.loc[sums, "demand_id"]),
            "percent": percent_of(demand[total], sums),
        }
        yield Finding("district.sums_beside_parts", params)


def sum_rows(demand: pd.DataFrame, total: str) -> Bool:
    """Return which rows are the sum of others, bool (n,).

    Sums of several levels are found from below: those that are found are left out, and the rest is
    looked at again.

    Parameters
    ----------
    demand
        Rows in the order of their file.
    total
        Its column of residents.
    """
    counts = demand[total].to_numpy(dtype=np.float64, na_value=0.0)
    texts = [_texts(demand[name]) for name in demand if _is_text(demand[name])]
    left = np.arange(len(demand))
    found = np.zeros(len(demand), dtype=bool)
    for _ in range(_MOST_LEVELS):
        own, words = counts[left], [column[left] for column in texts]
        sums = np.zeros(len(left), dtype=bool)
        for column in words:
            sums |= _by_beginning(column, own) | _by_what_they_share(column, words, own)
        if not sums.any():
            sums = _by_place(own) | _of_all(own)
        if not sums.any():
            break
        found[left[sums]] = True
        left = left[~sums]
    return found


def _is_text(column: pd.Series) -> bool:
    return column.name not in ("geometry", "community_id") and (
        pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)
    )


def _texts(column: pd.Series) -> Objects:
    return column.fillna("").astype(str).str.strip().to_numpy(dtype=object)


def _same(figures: F64, parts: F64) -> Bool:
    return np.asarray((figures > 0) & (np.abs(figures - parts) <= _ROUNDING * figures))


def _by_beginning(texts: Objects, counts: F64) -> Bool:
    """Return the rows that are the sum of those whose text begins with their own.

    In the order of texts, what begins with one stands behind it. Where a text ends in a digit, a
    digit more is another number: building 1 is no part of building 10's row, unless it is a long
    code.
    """
    order = sorted(range(len(texts)), key=texts.__getitem__)
    ordered = [texts[row] for row in order]
    before = np.concatenate([[0.0], np.cumsum(counts[order])])
    asked, people = np.zeros(len(texts), dtype=bool), np.zeros(len(texts))
    for at, text in enumerate(ordered[:-1]):
        behind = ordered[at + 1]
        if not text or text == behind or not behind.startswith(text):
            continue
        if at and ordered[at - 1] == text:
            continue
        first = last = bisect_left(ordered, text + _LAST, at)
        if text[-1].isdigit() and not (text.isdigit() and len(text) >= _LEAST_DIGITS):
            first, last = bisect_left(ordered, text + "0", at), bisect_left(ordered, text + ":", at)
        end = bisect_left(ordered, text + _LAST, at)
        parts = (first - at - 1) + (end - last)
        if parts >= _LEAST_PARTS:
            asked[order[at]] = True
            people[order[at]] = before[first] - before[at + 1] + before[end] - before[last]
    return _more_than_chance(asked & _same(counts, people), asked, counts)


def _by_what_they_share(texts: Objects, others: list[Objects], counts: F64) -> Bool:
    """Return the rows that are the sum of all others of their text, and lack a word these have."""
    group, _ = pd.factorize(texts)
    size, whole = np.bincount(group)[group], np.bincount(group, weights=counts)[group]
    enough = (size > _LEAST_PARTS) & (texts != "")
    asked, found = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    for column in others:
        blank = column == ""
        alone = enough & blank & (np.bincount(group[blank], minlength=len(size))[group] == 1)
        asked |= alone
        found |= alone & _same(counts, whole - counts)
    return _more_than_chance(found, asked, counts)


def _more_than_chance(found: Bool, asked: Bool, counts: F64) -> Bool:
    """Return the sums that are no chance: most rows that may be sums are, or the figure is large.

    House 3a and 3b beside house 3 have its people in sum here and there.
    """
    most = found.sum() >= _MOST_OF_ASKED * asked.sum()
    return found if most else found & (counts >= _LARGE)


def _by_place(counts: F64) -> Bool:
    """Return the rows that are sums where the whole list is made of rows and their sums.

    Each sum stands behind its parts, or each before them. A single row that fits may be chance;
    that the runs follow one another to the end of the list is none.
    """
    behind = _runs(counts)
    return behind if behind.any() else _runs(counts[::-1])[::-1]


def _runs(counts: F64) -> Bool:
    """Return the ends of the runs of which a list is made, each the sum of what stands before it.

    A run that ends in row `n` begins where the sum of all before it is that of all before `n`, less
    the figure of `n`: of the places that runs reach, the one with this sum is looked up.
    """
    before = np.concatenate([[0.0], np.cumsum(counts)])
    behind = np.round(before[1:], 3).tolist()
    begun = np.round(before[:-1] - counts, 3).tolist()
    reached = {0.0: 0}
    came: dict[int, int] = {}
    for row, people in enumerate(counts.tolist()):
        start = reached.get(begun[row])
        if start is not None and people > 0 and row - start >= _LEAST_PARTS:
            came[row + 1] = start
            reached.setdefault(behind[row], row + 1)
    ends = []
    at = len(counts)
    while at in came:
        ends.append(at - 1)
        at = came[at]
    found = np.zeros(len(counts), dtype=bool)
    if len(ends) > 1 and len(counts) - len(ends) >= _LEAST_PARTS_UNNAMED * len(ends):
        found[ends] = True
    return found


def _of_all(counts: F64) -> Bool:
    """Return the row that is the sum of all others, of a list of some length."""
    at = int(np.argmax(counts))
    found = np.zeros(len(counts), dtype=bool)
    if len(counts) > _FEWEST_OF_ALL:
        found[at] = _same(counts, counts.sum() - counts)[at]
    return found
