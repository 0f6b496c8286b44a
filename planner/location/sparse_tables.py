"""The compiled loops of sparse tables of distances: rows sorted, columns from rows."""
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel

__all__ = ["by_column", "sort_rows"]


@kernel
def sort_rows(start, site, metres):
    """Sort each row of a matrix by distance, equal ones by site."""
    for i in range(start.size - 1):
        low, high = start[i], start[i + 1]
        ids, apart = site[low:high].copy(), metres[low:high].copy()
        order = np.argsort(apart, kind="mergesort")
        for k in range(order.size):
            site[low + k], metres[low + k] = ids[order[k]], apart[order[k]]


@kernel
def by_column(start, site, metres, c_start, c_row, c_metres):
    """Fill the columns of a matrix from its rows, each ascending in row."""
    for a in range(site.size):
        c_start[site[a] + 1] += 1
    for j in range(c_start.size - 1):
        c_start[j + 1] += c_start[j]
    fill = c_start[:-1].copy()
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            at = fill[site[a]]
            c_row[at], c_metres[at] = i, metres[a]
            fill[site[a]] += 1
