"""How groups of residents fare: their own limits, walking speeds, and slopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.distances.border import longest_m
from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.distances.streets import Streets
from planner.analysis.measures.week import count_cover
from planner.analysis.people import (
    counts_told,
    few_of,
    limit_of,
    people_of,
    residents_left_out,
    untold_as_unknown,
)
from planner.arrays import F64
from planner.errors import InputError
from planner.network import WalkNetwork
from planner.network.weights import edge_seconds

SPEEDS_M_S: dict[str, float] = {"pop_65plus": 0.95, "pop_80plus": 0.7}
"""Walking speeds, metres per second, of groups to which the standard gives none: middle of the
ranges usual in the literature, 0.9–1.0 m/s over 65 and 0.6–0.8 m/s over 80. To be checked."""


def group_coverage(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    groups: Sequence[str] | None = None,
    speeds_m_s: Mapping[str, float] | None = None,
    slope: bool = True,
) -> pd.DataFrame:
    """Return the cover of each group within its own limit, and within the time at its own speed.

    Parameters
    ----------
    assessment, kinds, groups
        What is measured; all judged kinds and all groups where none are given.
    speeds_m_s
        Walking speed on the flat by group, metres per second; see :func:`speed_of` for groups
        without one.
    slope
        Whether slopes count, where streets tell their ascent and descent; see
        :func:`flat_metres`.

    Returns
    -------
    DataFrame
        One row for each kind and group: ``kind``, ``group``, ``people``; ``limit_m`` of the group
        and the ``share`` within it (as in ``summary()``); ``speed_m_s``, ``limit_s``, the share
        within that time ``share_in_time`` with its range ``share_in_time_low`` and ``…_high``,
        the mean ``time_s`` of those who can reach a facility and the people ``unreachable`` who
        cannot, not even one of which it is not known whether it counts; ``difference`` and
        ``difference_in_time``, the two shares less those of the first group, in points (0.05 is
        five percentage points). ``limit_s`` is the time that the standard names, or that its own
        walking speed takes for its metres.

    Raises
    ------
    InputError
        For an unknown kind or group, a kind without a limit, or a speed that is not above 0.
    """
    summary = assessment.summary().set_index(["kind", "group"])
    summary["share"] = summary["share"].where(counts_told(summary))
    counted = list(groups or assessment.groups)
    everyone = assessment.groups[0]
    rows = []
    for kind in assessment.judged_kinds if kinds is None else kinds:
        sure_m, best_m = (
            flat_metres(assessment, kind, if_unknown=if_unknown, slope=slope)
            for if_unknown in (False, True)
        )
        for group in dict.fromkeys([everyone, *counted]):
            limit_m = limit_of(assessment, kind, group)
            people = people_of(assessment, group, untold=True)
            speed = speed_of(assessment, kind, group, speeds_m_s)
            limit_s = _limit_s(assessment, kind, group, limit_m)
            in_time_m = round(limit_s * speed, 3)
            count = count_cover(people, sure_m, best_m, in_time_m)
            reached = np.isfinite(sure_m) & (people > 0)
            left_out = residents_left_out(assessment, group)
            hidden = count_cover(left_out, sure_m, best_m, in_time_m)
            shares = count.shares(hidden, few_of(assessment, group))
            rows.append(
                {
                    "kind": kind,
                    "group": group,
                    "people": people.sum(),
                    "limit_m": limit_m,
                    "share": summary["share"][kind, group],
                    "speed_m_s": speed,
                    "limit_s": limit_s,
                    "share_in_time": float(shares["share"]),
                    "share_in_time_low": float(shares["share_low"]),
                    "share_in_time_high": float(shares["share_high"]),
                    "time_s": float(np.average(sure_m[reached], weights=people[reached])) / speed
                    if reached.any()
                    else np.nan,
                    "unreachable": people[np.isinf(sure_m) & np.isinf(best_m)].sum(),
                }
            )
    told_anyway = ("limit_m", "speed_m_s", "limit_s")
    table = untold_as_unknown(assessment, pd.DataFrame(rows), keep=told_anyway)
    for column, share in (("difference", "share"), ("difference_in_time", "share_in_time")):
        first = table[table["group"] == everyone].set_index("kind")[share]
        table[column] = table[share] - table["kind"].map(first)
    return table[table["group"].isin(counted)].reset_index(drop=True)


def speed_of(
    assessment: Assessment, kind: str, group: str, given: Mapping[str, float] | None = None
) -> float:
    """Return a group's walking speed, metres per second.

    The one given; else that of the standard's rule for the group, or of the standard; else that
    of :data:`SPEEDS_M_S`; else the standard's for all.

    Raises
    ------
    InputError
        Where it is not above 0.
    """
    standard, rule = assessment.standard, assessment.rule(kind)
    tables = (given or {}, rule.speeds_m_s if rule else {}, standard.speeds_m_s, SPEEDS_M_S)
    speed = next((table[group] for table in tables if group in table), standard.speed_m_s)
    if not 0 < speed < np.inf:
        raise InputError("measures.speed", group=group, value=speed)
    return float(speed)


def flat_metres(
    assessment: Assessment, kind: str, *, if_unknown: bool = False, slope: bool = True
) -> F64:
    """Return how many metres on the flat take as long as each home's way to the nearest facility.

    By Tobler's hiking function (Tobler 1993), whose mean of both directions lengthens a slope;
    see :func:`planner.network.weights.edge_seconds`. Divided by a speed on the flat they are a
    time. Equal to the distance where no slope is known, and for straight lines.

    Parameters
    ----------
    assessment, kind
        What is measured.
    if_unknown
        Whether facilities of unknown hours or services count.
    slope
        Whether slopes count.

    Returns
    -------
    ndarray
        (n,) float64, NaN unknown, inf unreachable.
    """
    plain_walk_only(assessment.reach)
    reach = assessment.reach
    distances = assessment.best_distances if if_unknown else assessment.distances
    timed = (
        _sloped(reach.streets, assessment) if slope and reach.measure_of(kind) == "walk" else None
    )
    if timed is None:
        return distances[kind].to_numpy(dtype=np.float64)
    on_network = reach.streets.on_network
    rows = np.flatnonzero(reach.counting(kind, if_unknown=if_unknown))
    found = timed.nearest(on_network(reach.places.take(rows)), on_network(reach.homes))
    time_s = np.asarray(found.time_s, dtype=np.float64)
    rule = assessment.rule(kind)
    if if_unknown and rule is not None:
        # on flat ground a facility that cannot be walked to here is at least so far
        time_s = np.minimum(time_s, reach.perhaps_m(kind, longest_m(rule)))
    return time_s


def _sloped(streets: Streets, assessment: Assessment) -> WalkNetwork | None:
    """Return the streets timed at 1 m/s on the flat, None where none is known to slope."""
    layer = assessment.district.streets
    layer = layer[~layer["link"].to_numpy(dtype=bool)]
    up, down = (layer[name].to_numpy(dtype=np.float64) for name in ("ascent_m", "descent_m"))
    if not (np.nan_to_num(up) + np.nan_to_num(down)).any():
        return None
    ground = streets.ground
    length_m = ground.edge_length_mm / 1000
    seconds = edge_seconds(length_m, speed_m_s=1.0, ascent_m=up, descent_m=down)
    slower = np.divide(seconds, length_m, out=np.ones_like(seconds), where=length_m > 0)
    network = streets.network
    if streets.changed is not None:
        whole = np.ones(len(network.edge_uv))
        pieces = streets.changed.piece_edge
        whole[pieces] = slower[streets.changed.piece_key >> 32]
        slower = whole
    return network.with_weights(slower * network.edge_length_mm / 1000, access_speed_m_s=1.0)


def _limit_s(assessment: Assessment, kind: str, group: str, limit_m: float) -> float:
    """Return the time that the standard names, or its own speed takes for its metres."""
    standard, rule = assessment.standard, assessment.rule(kind)
    named = None if rule is None else rule.time_for(group)
    return limit_m / standard.speed_m_s if named is None else named
