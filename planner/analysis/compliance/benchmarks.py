"""The district's own shares beside a benchmark's: presence in communities, premises, floor area."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.audit import target_people, without_data
from planner.analysis.compliance.premises import inside
from planner.analysis.coverage.levels import Level
from planner.analysis.coverage.population_within import share_of_known
from planner.district import AreaTarget, builtin_standards, known_kinds
from planner.district.benchmarks import Benchmark, find_benchmark
from planner.district.defaults import NONE
from planner.errors import InputError


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
    assessment: Assessment, benchmark: str | Path | Benchmark | None = None
) -> pd.DataFrame:
    """Set the share of communities that have each kind inside beside a benchmark's.

    A benchmark knows no hour and no service: each open facility counts, whatever the assessment
    asks, as in :func:`premises` and :func:`floor_area_per_100_households`.

    Parameters
    ----------
    assessment
        The assessed district.
    benchmark
        A benchmark, its id or a TOML file; the district's own where none is given, which may be
        none.

    Returns
    -------
    DataFrame
        One row for each kind of the benchmark or the assessment: ``kind``, ``communities``,
        ``having`` (with at least one open facility inside their boundary), ``share``,
        ``benchmark`` (NaN where it has none), ``difference`` in points, ``missing`` communities
        to reach the benchmark. Of a kind without data none of them is known.

    Raises
    ------
    InputError
        ``corrections.unknown_kind`` for a kind of the benchmark that nobody knows.
    """
    mark = _benchmark(assessment, benchmark)
    targets = {} if mark is None else mark.presence
    counts = assessment.open_inside
    total = len(counts)
    rows: list[tuple[object, ...]] = []
    for kind in dict.fromkeys([*targets, *assessment.kinds]):
        target = targets.get(kind, math.nan)
        if not assessment.district.has_data(kind):
            rows.append((kind, total, pd.NA, math.nan, target, math.nan, math.nan))
            continue
        have = int((counts[kind] > 0).sum()) if kind in counts else 0
        missing = math.nan if math.isnan(target) else missing_to_reach(target, have, total)
        rows.append((kind, total, have, have / total, target, have / total - target, missing))
    columns = ["kind", "communities", "having", "share", "benchmark", "difference", "missing"]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({"having": "Int64", "share": "float64", "difference": "float64"})


def premises(
    assessment: Assessment, benchmark: str | Path | Benchmark | None = None
) -> pd.DataFrame:
    """Return how many premises of community services reach a benchmark's floor area.

    Parameters
    ----------
    assessment, benchmark
        As of :func:`presence`.

    Returns
    -------
    DataFrame
        One row, of premises inside the communities: ``floor_area_m2`` asked, ``premises``,
        ``reaching``, ``below``, ``unknown`` (no
        floor area given), ``share`` of those known, its range ``share_low``–``share_high``,
        ``benchmark``, and ``without_data``, the kinds of premises of which there is no data,
        separated by ``;``: theirs are not counted, and where all are such no count is known. Empty
        where the benchmark says nothing of premises.

    Raises
    ------
    InputError
        As :func:`presence`.
    """
    mark = _benchmark(assessment, benchmark)
    if mark is None or mark.premises_floor_area_m2 is None:
        return pd.DataFrame()
    facilities = assessment.district.facilities.iloc[inside(assessment, "district").facility]
    area = facilities.loc[facilities["kind"].isin(mark.premises_kinds), "floor_area_m2"]
    reaching = int((area >= mark.premises_floor_area_m2).sum())
    unknown = int(area.isna().sum())
    known, count = len(area) - unknown, len(area)
    without = [kind for kind in mark.premises_kinds if not assessment.district.has_data(kind)]
    counts = {"premises": count, "reaching": reaching, "below": known - reaching}
    counts["unknown"] = unknown
    told = len(without) < len(mark.premises_kinds)
    row = {
        "floor_area_m2": mark.premises_floor_area_m2,
        **{name: value if told else pd.NA for name, value in counts.items()},
        "share": float(share_of_known(reaching, known - reaching, unknown)),
        "share_low": reaching / count if count else math.nan,
        "share_high": (reaching + unknown) / count if count else math.nan,
        "benchmark": mark.premises_share,
        "without_data": ";".join(without),
    }
    return pd.DataFrame([row]).astype(dict.fromkeys(counts, "Int64"))


def _benchmark(
    assessment: Assessment, benchmark: str | Path | Benchmark | None
) -> Benchmark | None:
    """Return what a district is set beside, None for nothing; every kind that it names is known."""
    asked = benchmark or assessment.district.usual.benchmark
    if asked == NONE:
        return None
    mark = find_benchmark(asked)
    known = {**known_kinds(), **assessment.district.kinds}
    for kind in (*mark.presence, *mark.premises_kinds):
        if kind not in known:
            raise InputError("corrections.unknown_kind", kind=kind, known=", ".join(known))
    return mark


def floor_area_per_100_households(assessment: Assessment) -> pd.DataFrame:
    """Return community service floor area for each 100 households of each community.

    The target and the kinds whose floor area counts are those of the standard
    ``national-floor-area``.

    Parameters
    ----------
    assessment
        The assessed district; ``communities.households`` must be known.

    Returns
    -------
    DataFrame
        Index ``community_id``, the last row ``""`` the whole district: ``households``,
        ``floor_area_m2`` of open facilities inside, as far as it is known, ``facilities`` and
        ``unknown`` ones without a floor area; ``m2_per_100_households``, NaN where a floor area
        is unknown or there is no data on a kind, ``m2_per_100_households_low``, what is known of
        it, ``target_m2``, the floor area asked, and ``missing_m2`` to reach it at the most. NaN
        where the households are not known. A facility on a shared boundary counts in both
        communities, once in the district.
    """
    target = builtin_standards()["national-floor-area"].areas[0]
    communities = _floor_area(assessment, target, "community")
    return pd.concat([communities, _floor_area(assessment, target, "district")])


def _floor_area(assessment: Assessment, target: AreaTarget, level: Level) -> pd.DataFrame:
    district = assessment.district
    areas, _ = assessment.areas(level)
    places = inside(assessment, level).of_kinds(district.facilities["kind"], target.kinds)
    area = district.facilities["floor_area_m2"].to_numpy(dtype=np.float64)[places.facility]
    households, _ = target_people(assessment, level, target)
    known, unknown = places.total(np.nan_to_num(area)), places.total(np.isnan(area) * 1.0)
    without = without_data(assessment, target)
    if len(without) == len(target.kinds):
        known = np.full_like(known, np.nan)
    asked = target.m2 * households / target.count
    low = np.divide(known * 100, households, out=np.full_like(known, np.nan), where=households > 0)
    return pd.DataFrame(
        {
            "households": households,
            "floor_area_m2": known,
            "facilities": places.total(np.ones_like(area)).astype(np.int64),
            "unknown": unknown.astype(np.int64),
            "m2_per_100_households": np.where((unknown > 0) | bool(without), np.nan, low),
            "m2_per_100_households_low": low,
            "target_m2": asked,
            "missing_m2": np.maximum(asked - known, 0.0),
        },
        index=areas.index,
    )
