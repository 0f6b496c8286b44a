"""Areas of many districts ranked among those that are alike, and beside an earlier run."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from planner.analysis.coverage.levels import Level
from planner.arrays import F64, I64

ALIKE = ("demand_unit", "standard_sign", "measure", "limit_m")
"""What areas must have in common to be ranked among each other."""


def with_ranks(rows: pd.DataFrame) -> pd.DataFrame:
    """Return areas that are alike with their ranks."""
    # whose lowest share is above is surely before, whether or not its own share is known
    surely = rows["share"].fillna(rows["share_low"]).dropna().to_numpy(dtype=np.float64)
    told = rows["share"].dropna()
    before = _more_than(surely, told.to_numpy(dtype=np.float64))
    rank = pd.Series(1 + before, index=told.index).reindex(rows.index).astype("Int64")
    # of whom nobody is known may be before or behind all others; what is withheld has no range
    ranged = rows["share_low"].notna() & rows["share_high"].notna()
    low = rows.loc[ranged, "share_low"].to_numpy(dtype=np.float64)
    high = rows.loc[ranged, "share_high"].to_numpy(dtype=np.float64)
    best = pd.Series(1 + _more_than(low, high), index=rows.index[ranged])
    # itself is among those that may be above its lowest where its share is a range
    worst = pd.Series(1 + _more_than(high, low) - (high > low), index=rows.index[ranged])
    return rows.assign(
        rank=rank,
        rank_best=best.reindex(rows.index).astype("Int64"),
        rank_worst=worst.reindex(rows.index).astype("Int64"),
        ranked=int(ranged.sum()),
    )


def _more_than(values: F64, limits: F64) -> I64:
    """Return how many values are above each limit."""
    return (len(values) - np.searchsorted(np.sort(values), limits, side="right")).astype(np.int64)


def known_by(level: Level) -> list[str]:
    """Return the columns by which an area is the same in two runs."""
    return ["province", "district", *([] if level == "district" else ["area_id"])]


def keys_of(rows: pd.DataFrame, by: Sequence[str]) -> list[tuple[str, ...]]:
    """Return by what each area is known in two runs."""
    return list(zip(*(rows[name].astype(str) for name in by), strict=True))


def in_tables(rows: pd.DataFrame) -> pd.DataFrame:
    """Return areas with their ranks among those that are alike, and the number of these."""
    rows = rows.assign(table=rows.groupby(list(ALIKE), sort=True, dropna=False).ngroup() + 1)
    return pd.concat([with_ranks(each) for _, each in rows.groupby("table")])


def with_change(
    now: pd.DataFrame,
    before: pd.DataFrame,
    level: Level,
    redrawn: Collection[tuple[str, ...]] = (),
) -> pd.DataFrame:
    """Return areas with their change since an earlier run, where both are alike.

    Areas that were redrawn since, by :func:`keys_of`, are other ground and have none.
    """
    by = [*known_by(level), *ALIKE]
    figures = ["total", "share", "share_low", "share_high"]
    figures += ["rank", "rank_best", "rank_worst", "ranked"]
    of_same_ground = [key not in redrawn for key in keys_of(before, known_by(level))]
    before = before[np.array(of_same_ground, dtype=np.bool_)]
    earlier = before[[*by, *figures]].rename(columns={name: f"{name}_before" for name in figures})
    both = now.merge(earlier, on=by, how="left", validate="many_to_one")
    best, worst = both["rank_best_before"], both["rank_worst_before"]
    return both.assign(
        share_change=both["share"] - both["share_before"],
        change_low=both["share_low"] - both["share_high_before"],
        change_high=both["share_high"] - both["share_low_before"],
        ranked_before=both["ranked_before"].astype("Int64"),
        # up the list is a smaller number
        rank_change=both["rank_before"] - both["rank"],
        rank_change_low=best - both["rank_worst"],
        rank_change_high=worst - both["rank_best"],
    ).drop(
        columns=["share_low_before", "share_high_before", "rank_best_before", "rank_worst_before"]
    )


def with_what_compares(
    now: pd.DataFrame,
    before: pd.DataFrame | None,
    level: Level,
    districts: pd.DataFrame,
    redrawn: Collection[tuple[str, ...]] = (),
) -> pd.DataFrame:
    """Return areas with what they can be compared with in an earlier run, and what differs.

    ``compared`` is ``"same"`` or ``"other"`` where the earlier run judged an area alike, or
    otherwise, ``"redrawn"`` where the area is one of those whose boundary is another one,
    ``"new"`` where it had none such, ``"unjudged"`` where the area's district had no such figures
    there, and ``"no_results"`` where it had none at all.
    """
    by = known_by(level)
    told = {} if before is None else dict(zip(keys_of(before, by), _alike(before), strict=True))
    states = dict(zip(keys_of(districts, by[:2]), districts["state"], strict=True))
    within = {key[:2] for key in told}
    compared, differs = [], []
    for key, row in zip(keys_of(now, by), _alike(now), strict=True):
        apart = _apart(row, told[key]) if key in told else []
        differs.append(", ".join(apart))
        if key in told:
            compared.append("other" if apart else "redrawn" if key in redrawn else "same")
        elif key[:2] not in states or key[:2] in within:
            compared.append("new")
        else:
            compared.append("unjudged" if states[key[:2]] == "done" else "no_results")
    return now.assign(compared=compared, differs=differs)


def _alike(rows: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return what areas are judged by, a tuple each."""
    return list(rows[list(ALIKE)].itertuples(index=False, name=None))


def _apart(row: Sequence[object], other: Sequence[object]) -> list[str]:
    """Return in what two areas are not alike; limits that are not told are the same."""
    pairs = zip(ALIKE, row, other, strict=True)
    return [name for name, mine, its in pairs if mine != its and (mine == mine or its == its)]
