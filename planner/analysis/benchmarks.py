"""The district's own shares beside a benchmark's: presence in communities, premises, floor area."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.district.benchmarks import Benchmark, find_benchmark

FLOOR_AREA_TARGET_M2 = 30.0
"""Community service floor area for each 100 households that the national plan for public
services of the 14th five-year period (2022) sets for 2025, m²."""


def missing_to_reach(share: float, have: int, total: int) -> int:
    """Return how many more of `total` must have it for a share to be reached.

    Examples
    --------
    >>> missing_to_reach(0.87, have=20, total=30)
    7
    >>> missing_to_reach(0.5, have=20, total=30)
    0
    """
    return max(0, math.ceil(round(share * total, 9)) - have)


def presence(
    assessment: Assessment, benchmark: str | Path | Benchmark = "china-2005"
) -> pd.DataFrame:
    """Set the share of communities that have each kind inside beside a benchmark's.

    Returns
    -------
    DataFrame
        One row for each kind of the benchmark or the assessment: ``kind``, ``communities``,
        ``having`` (with at least one open facility inside their boundary), ``share``,
        ``benchmark`` (NaN where it has none), ``difference`` in points, ``missing`` communities
        to reach the benchmark.
    """
    mark = find_benchmark(benchmark)
    inside = assessment.presence()
    total = len(inside)
    rows = []
    for kind in dict.fromkeys([*mark.presence, *assessment.kinds]):
        have = int((inside[kind] > 0).sum()) if kind in inside else 0
        target = mark.presence.get(kind, math.nan)
        missing = math.nan if math.isnan(target) else missing_to_reach(target, have, total)
        rows.append((kind, total, have, have / total, target, have / total - target, missing))
    columns = ["kind", "communities", "having", "share", "benchmark", "difference", "missing"]
    return pd.DataFrame(rows, columns=columns)


def premises(
    assessment: Assessment, benchmark: str | Path | Benchmark = "china-2005"
) -> pd.DataFrame:
    """Return how many premises of community services reach a benchmark's floor area.

    Returns
    -------
    DataFrame
        One row: ``floor_area_m2`` asked, ``premises``, ``reaching``, ``below``, ``unknown`` (no
        floor area given), ``share`` of those known, its range ``share_low``–``share_high``,
        ``benchmark``. Empty where the benchmark says nothing of premises.
    """
    mark = find_benchmark(benchmark)
    if mark.premises_floor_area_m2 is None:
        return pd.DataFrame()
    facilities = assessment.district.open_facilities()
    area = facilities.loc[facilities["kind"].isin(mark.premises_kinds), "floor_area_m2"]
    reaching = int((area >= mark.premises_floor_area_m2).sum())
    unknown = int(area.isna().sum())
    known, count = len(area) - unknown, len(area)
    row = {
        "floor_area_m2": mark.premises_floor_area_m2,
        "premises": count,
        "reaching": reaching,
        "below": known - reaching,
        "unknown": unknown,
        "share": reaching / known if known else math.nan,
        "share_low": reaching / count if count else math.nan,
        "share_high": (reaching + unknown) / count if count else math.nan,
        "benchmark": mark.premises_share,
    }
    return pd.DataFrame([row])


def floor_area_per_100_households(
    assessment: Assessment, kinds: tuple[str, ...] = ("service_centre", "service_station")
) -> pd.DataFrame:
    """Return community service floor area for each 100 households of each community.

    Parameters
    ----------
    assessment
        The assessed district; ``communities.households`` must be known.
    kinds
        Kinds whose floor area counts as community service area.

    Returns
    -------
    DataFrame
        Index ``community_id``, the last row ``""`` the whole district: ``households``,
        ``floor_area_m2`` of open facilities inside, ``unknown`` facilities without a floor area,
        ``m2_per_100_households``, ``target_m2`` and ``missing_m2`` to reach it. NaN where the
        households are not known.
    """
    district = assessment.district
    communities = district.communities
    facilities = district.open_facilities()
    facilities = facilities[facilities["kind"].isin(kinds)]
    joined = facilities[["floor_area_m2", "geometry"]].sjoin(
        communities[["community_id", "geometry"]], predicate="intersects"
    )
    by_community = joined.groupby("community_id")["floor_area_m2"]
    table = pd.DataFrame(
        {"households": communities.set_index("community_id")["households"].astype("float64")}
    )
    table["floor_area_m2"] = by_community.sum().reindex(table.index).fillna(0.0)
    unknown = by_community.apply(lambda area: area.isna().sum())
    table["unknown"] = unknown.reindex(table.index).fillna(0).astype("int64")
    table.loc[""] = table.sum(min_count=len(table))
    table["m2_per_100_households"] = np.where(
        table["households"] > 0, 100 * table["floor_area_m2"] / table["households"], np.nan
    )
    table["target_m2"] = FLOOR_AREA_TARGET_M2 * table["households"] / 100
    table["missing_m2"] = (table["target_m2"] - table["floor_area_m2"]).clip(lower=0)
    return table
