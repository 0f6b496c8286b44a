"""What a reader of an assessment's figures must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from planner.analysis.distances.connections import links_off
from planner.analysis.distances.pieces import Pieces
from planner.analysis.distances.reach import Reach
from planner.analysis.left_out_ways import cycleways_left_out
from planner.analysis.notes.groups import missing_groups
from planner.analysis.notes.profiles import profile_notes
from planner.analysis.notes.questions import open_questions, unheard_of
from planner.analysis.notes.standards import (
    beyond_buffer,
    not_judged,
    opened_without_data,
    rules_of_elsewhere,
    standard_units,
    unused_limits,
    without_data,
)
from planner.arrays import Bool
from planner.district import Standard
from planner.errors import Finding
from planner.sources.checks.district import barriers_of
from planner.sources.checks.islands import island_findings, island_places

FAR_M = 60.0
"""Homes farther from every mapped street stand on ground whose paths nobody mapped, metres: deeper
than a row of houses and its yards (as ``unmapped_m`` is offered with)."""


def assessment_notes(
    reach: Reach, standard: Standard, distances: pd.DataFrame, groups: Sequence[str]
) -> tuple[Finding, ...]:
    """Return the district's findings and those of its assessment, each once.

    Parameters
    ----------
    reach, standard, groups
        What is assessed.
    distances
        Metres for certain from each home to the nearest facility of each kind of which there is
        data.
    """
    kinds = list(distances.columns)
    return tuple(
        dict.fromkeys(
            [
                *reach.streets.faults.in_place_of(reach.district.findings),
                *profile_notes(reach),
                *_lost_facilities(reach),
                *_lost_homes(reach, kinds),
                *_far_from_streets(reach, standard, distances),
                *island_findings(island_table(reach), reach.streets.islands),
                *cycleways_left_out(reach.district),
                *links_off(reach.district),
                *missing_groups(reach.district, groups),
                *unheard_of(reach),
                *open_questions(reach),
                *not_judged(standard, kinds),
                *rules_of_elsewhere(reach.district, standard),
                *standard_units(standard),
                *unused_limits(reach, standard, kinds),
                *beyond_buffer(reach, standard, kinds),
                *without_data(reach, standard),
                *opened_without_data(reach),
            ]
        )
    )


def _lost_facilities(reach: Reach) -> Iterator[Finding]:
    facilities = reach.district.facilities
    counts = facilities["facility_id"].isin(reach.district.open_facilities()["facility_id"])
    lost = facilities[counts.to_numpy() & ~reach.places.known & ~reach.places_kept_off]
    for kind, rows in lost.groupby("kind", sort=False):
        if reach.measure_of(str(kind)) == "straight":
            continue
        params = {
            "kind": kind,
            "count": len(rows),
            "ids": ", ".join(rows["facility_id"].head(5)),
            "max_access_m": round(reach.max_access_m),
        }
        yield Finding("analysis.facility_without_street", params)


def _lost_homes(reach: Reach, kinds: Sequence[str]) -> Iterator[Finding]:
    district = reach.district
    if any(reach.measure_of(kind) == "walk" for kind in kinds):
        lost = ~reach.homes.known & ~reach.kept_off
        yield from _homes(
            reach, "analysis.homes_without_street", lost, max_access_m=round(reach.max_access_m)
        )
        if reach.unmapped_m is not None:
            yield from _homes(
                reach, "analysis.unmapped_ground", reach.unmapped, metres=round(reach.unmapped_m)
            )
        pieces = Pieces.of(reach)
        cut_off = pieces.is_cut(pieces.joined_by(reach.homes))
        yield from _homes(reach, "analysis.homes_cut_off", cut_off)
    outside = (district.demand["community_id"] == "").to_numpy()
    yield from _homes(reach, "analysis.outside_communities", outside)


def _far_from_streets(
    reach: Reach, standard: Standard, distances: pd.DataFrame
) -> Iterator[Finding]:
    """Tell whom a way round corners to the street, where no path is mapped, takes beyond a limit.

    Nothing where both ways are read, for then their answer is not known.
    """
    far = reach.farther(FAR_M)
    if reach.unmapped_m is not None or not far.any():
        return
    longer_m = reach.longer_m(far)
    turned = np.zeros(len(far), np.bool_)
    for kind in distances.columns:
        limit_m = standard.rules[kind].limit_m if kind in standard.rules else None
        if limit_m is None or reach.measure_of(kind) != "walk":
            continue
        straight_m = distances[kind].to_numpy(dtype=np.float64)
        turned |= (straight_m <= limit_m) & (straight_m + longer_m > limit_m)
    yield from _homes(reach, "analysis.round_corners", turned, metres=round(FAR_M))


def island_table(reach: Reach) -> pd.DataFrame:
    """Return whom small loose pieces of street do not catch, and whom they keep.

    See :func:`planner.sources.checks.islands.island_places`.
    """
    return island_places(
        reach.district,
        reach.streets.islands,
        {"demand": reach.homes, "facilities": reach.places},
        barriers_of(reach.district),
        reach.max_access_m,
    )


def _homes(reach: Reach, code: str, rows: Bool, **params: object) -> Iterator[Finding]:
    """Tell how many homes, and people or share of the estimate, some rows of demand are."""
    if not rows.any():
        return
    district = reach.district
    total = district.demand[district.groups[0]].to_numpy(dtype=np.float64)
    part = float(total[rows].sum())
    counts: dict[str, object] = {"rows": int(rows.sum())}
    if district.estimated:
        counts["percent"] = round(100 * part / float(total.sum()), 1)
        yield Finding(f"{code}_estimated", counts | params)
    else:
        counts["people"] = round(part)
        yield Finding(code, counts | params)
