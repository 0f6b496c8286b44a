"""Compiled loops over the sparse pattern of a covering problem: turn, pick, compare, split.

Nothing here checks its input.
"""
# ruff: noqa: C901
# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

import numpy as np

from planner.compiled import kernel


@kernel
def transpose(start, index, columns, t_start, t_index):
    """Columns of a sparse pattern from its rows; rows in each column ascend."""
    # a counting sort by column (Gustavson 1978, Two fast algorithms for sparse matrices, ACM
    # Transactions on Mathematical Software 4): it looks at each entry twice, however many there
    # are, and leaves the rows of a column in order without sorting them
    t_start[:] = 0
    for a in range(start[start.size - 1]):
        t_start[index[a] + 1] += 1
    for j in range(columns):
        t_start[j + 1] += t_start[j]
    fill = t_start[:columns].copy()
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            j = index[a]
            t_index[fill[j]] = i
            fill[j] += 1


@kernel
def pick(start, index, chosen, out_start, out_index):
    """Copy the chosen rows of a sparse pattern."""
    at = 0
    for t in range(chosen.size):
        out_start[t] = at
        for a in range(start[chosen[t]], start[chosen[t] + 1]):
            out_index[at] = index[a]
            at += 1
    out_start[chosen.size] = at


@kernel
def row_keys(start, index, group, keys):
    """Give each row a number, so that rows of the same columns and group have the same number."""
    for i in range(start.size - 1):
        # a sum does not depend on the order; each column is mixed first (splitmix64), so that sums
        # of different columns hardly ever agree; whether they do is looked up afterwards
        total = np.uint64(group[i]) * np.uint64(0x9E3779B97F4A7C15)
        for a in range(start[i], start[i + 1]):
            z = np.uint64(index[a]) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += z ^ (z >> np.uint64(31))
        keys[i] = total


@kernel
def same_rows(start, index, group, keys, order, into):
    """To (m,) int64 ``into``: the first row, in the order of the keys, that a row is equal to."""
    # rows of the same key stand together and are nearly always the same; that they are is looked up
    # entry by entry, since a wrong merger would be a wrong figure
    m = order.size
    at = 0
    while at < m:
        stop = at + 1
        while stop < m and keys[order[stop]] == keys[order[at]]:
            stop += 1
        for t in range(at, stop):
            i = order[t]
            into[i] = i
            for s in range(at, t):
                k = order[s]
                if into[k] != k or group[k] != group[i]:
                    continue
                size = start[i + 1] - start[i]
                same = start[k + 1] - start[k] == size
                a = 0
                while same and a < size:
                    same = index[start[i] + a] == index[start[k] + a]
                    a += 1
                if same:
                    into[i] = k
                    break
        at = stop


@kernel
def dominated(c_start, c_row, r_start, r_col, cost, work, out):
    """To (n,) bool ``out``: candidates that another covers all of, at no higher cost.

    Of equal candidates the first stays. Gives up after ``work`` comparisons.
    """
    n = c_start.size - 1
    for j in range(n):
        size = c_start[j + 1] - c_start[j]
        if size == 0:
            out[j] = True
            continue
        # whoever covers all that j covers also covers its rarest row: look only among those
        rare = c_row[c_start[j]]
        for a in range(c_start[j], c_start[j + 1]):
            i = c_row[a]
            if r_start[i + 1] - r_start[i] < r_start[rare + 1] - r_start[rare]:
                rare = i
        for b in range(r_start[rare], r_start[rare + 1]):
            k = r_col[b]
            other = c_start[k + 1] - c_start[k]
            if k == j or out[k] or other < size or cost[k] > cost[j]:
                continue
            if other == size and cost[k] == cost[j] and k > j:
                continue
            # both ascend: one walk along both tells whether j's rows lie within k's
            a, c = c_start[j], c_start[k]
            while a < c_start[j + 1] and c < c_start[k + 1]:
                work -= 1
                if c_row[a] == c_row[c]:
                    a += 1
                elif c_row[a] < c_row[c]:
                    break
                c += 1
            if a == c_start[j + 1]:
                out[j] = True
                break
        if work < 0:
            return


@kernel
def most_alike(c_start, c_row, r_start, r_col, looks, deepest, parent):
    """To (n,) int32 ``parent``: an earlier column that shares the most rows, −1 for none.

    Looks at ``looks`` rows of a column and the first ``4 * looks`` columns of each at most. No
    column is more than ``deepest`` steps from one without a parent. Answers in how many rows all
    columns differ from their parents: more that they have, and fewer.
    """
    n = c_start.size - 1
    depth, shared = np.zeros(n, np.int32), np.zeros(n, np.int32)
    more = fewer = np.int64(0)
    for j in range(n):
        size = c_start[j + 1] - c_start[j]
        step = max(size // looks, 1)
        # whoever covers most of a sample of the rows covers nearly all that j covers
        best = -1
        for turn in range(2):
            for a in range(c_start[j], c_start[j + 1], step):
                i = c_row[a]
                for b in range(r_start[i], min(r_start[i + 1], r_start[i] + 4 * looks)):
                    k = r_col[b]
                    if k >= j:
                        break
                    if turn == 1:
                        shared[k] = 0
                        continue
                    shared[k] += 1
                    if depth[k] < deepest and (best < 0 or shared[k] > shared[best]):
                        best = k
        # what differs is counted; a parent that shares less than half of the rows is no help
        parent[j], common = -1, 0
        if best >= 0:
            common = overlap(c_start, c_row, j, best)
            other = c_start[best + 1] - c_start[best] - common
            if size - common + other < size:
                parent[j] = best
                depth[j] = depth[best] + 1
                more += size - common
                fewer += other
        if parent[j] < 0:
            more += size
    return more, fewer


@kernel
def overlap(c_start, c_row, j, k):
    """Count the rows that two columns share; rows ascend in both."""
    a, c, common = c_start[j], c_start[k], 0
    while a < c_start[j + 1] and c < c_start[k + 1]:
        if c_row[a] == c_row[c]:
            common += 1
            a += 1
            c += 1
        elif c_row[a] < c_row[c]:
            a += 1
        else:
            c += 1
    return common


@kernel
def differences(c_start, c_row, parent, more_start, more, fewer_start, fewer):
    """Rows that each column has and its parent has not, and the other way round."""
    n = c_start.size - 1
    at = to = 0
    for j in range(n):
        more_start[j], fewer_start[j] = at, to
        k = parent[j]
        a = c_start[j]
        c, last = (c_start[k], c_start[k + 1]) if k >= 0 else (0, 0)
        # both ascend: they are walked side by side, as sorted lists are merged; what both have is
        # in neither list. A column without a parent has all its rows more
        while a < c_start[j + 1] or c < last:
            if c == last or (a < c_start[j + 1] and c_row[a] < c_row[c]):
                more[at] = c_row[a]
                at += 1
                a += 1
            elif a == c_start[j + 1] or c_row[c] < c_row[a]:
                fewer[to] = c_row[c]
                to += 1
                c += 1
            else:
                a += 1
                c += 1
    more_start[n], fewer_start[n] = at, to


@kernel
def count_levels(start, share):
    """Rows and entries that :func:`split_levels` makes; shares descend in each row."""
    rows = entries = np.int64(0)
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            if a + 1 == start[i + 1] or share[a + 1] < share[a]:
                rows += 1
                entries += a + 1 - start[i]
    return rows, entries


@kernel
def split_levels(start, index, share, out_start, out_index, out_row, out_part):
    """Split each row at its distinct shares, so that the best open share is a sum of covers."""
    # the best share of a row is the largest that is open. With shares 1 > s > 0 it is (1 − s) if
    # one that gives 1 is open, and s if any of the two is: a sum of plain covers, one for each step
    # down
    row = at = 0
    for i in range(start.size - 1):
        for a in range(start[i], start[i + 1]):
            below = share[a + 1] if a + 1 < start[i + 1] else 0.0
            if below < share[a]:
                out_start[row] = at
                for b in range(start[i], a + 1):
                    out_index[at] = index[b]
                    at += 1
                out_row[row] = i
                out_part[row] = share[a] - below
                row += 1
    out_start[row] = at
