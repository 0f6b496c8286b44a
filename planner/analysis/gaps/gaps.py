"""Where people lack facilities: areas of homes that hang together, each with its cause."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.gaps.diagnosis import diagnose
from planner.analysis.gaps.patches import Patches, patches_of_kind, patches_together
from planner.analysis.gaps.room import knows_room
from planner.analysis.gaps.table import gap_tables
from planner.analysis.people import people_of
from planner.errors import Finding, InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

TOGETHER = ("any", "several", "all")
"""Kinds taken together: homes that lack at least one judged kind, at least half, or every one."""


def find_gaps(
    assessment: Assessment,
    kind: str | None = None,
    *,
    group: str | None = None,
    capacity: bool = False,
    watch: Callable[[], None] | None = None,
    untold: bool = False,
) -> gpd.GeoDataFrame:
    """Find areas of homes that hang together along the streets and lack a kind of facility.

    A gap holds everybody who is not covered under the question of the assessment (distance alone,
    with its moment, with its service), and everybody of whom that is not known; the latter are
    told apart as ``unknown``. Areas that lack a kind for different causes are different gaps; see
    :mod:`planner.analysis.gaps.diagnosis` for the causes and
    :func:`planner.analysis.gaps.patches.patches_of_kind` for what is one gap.

    Parameters
    ----------
    assessment
        What is judged.
    kind
        A judged kind; None for each judged kind by itself, in one table; ``"any"``, ``"several"``
        or ``"all"`` for homes that lack at least one of the judged kinds, at least half of them, or
        every one, whatever the causes.
    group
        People column that is counted, judged by its own limit, and ranks the gaps; the total where
        none is given.
    capacity
        Whether a facility must also have room for everybody within its limit; see
        :func:`planner.analysis.gaps.room.with_room`.
    watch
        Called again and again; what it raises ends the search.
    untold
        Whether no home may tell the group, so that no gap of it is known: a table without rows.

    Returns
    -------
    GeoDataFrame
        One row a gap, the most people first, in the district's CRS; Polygons (MultiPolygons where
        a barrier with a way through it divides one) that do not overlap within a kind.

        - ``gap_id``; ``kind``;
        - ``cause``, that of most people, and ``share_<cause>`` of each, summing to 1;
        - ``remedy``, one of :data:`planner.analysis.gaps.causes.REMEDIES`;
        - ``place``, a message code, with ``gate``, ``street``, ``direction``, ``community_id``,
          ``community`` and ``others`` (further communities) for its braces; ``near``, a street or
          landmark, where several read alike; see :mod:`planner.analysis.gaps.names`;
        - ``communities`` touched, ids separated by ``;``, the most people first;
        - people of each group who are not known to be covered; with `capacity` in proportion to the
          room that is missing; ``unknown``, those of `group` of whom it is not known;
        - ``homes``; ``kinds`` that are lacked, separated by ``;``;
        - ``facility_id`` of the facility that nearly serves most of them, the medians
          ``straight_m`` and ``walked_m`` of their ways to it (NaN unknown, inf none) and their
          ``detour_ratio``;
        - ``barrier`` between: ``water``, ``railway``, ``motorway``, ``wall``, ``street_pattern``
          for roundabout streets, empty where there is none, and its ``barrier_id``;
        - ``left_out_ways``: cycleways beside it that are no streets, since nobody says whether one
          may walk there, separated by ``;``;
        - ``demand_ids``, its homes, separated by ``;``.

    Raises
    ------
    InputError
        ``analysis.unknown_kind`` and ``gaps.not_judged`` for the kind,
        ``analysis.unknown_group``, and ``gaps.no_room`` where `capacity` is asked and no
        facility tells its room.
    """
    group = group or assessment.groups[0]
    people = people_of(assessment, group, untold=untold)
    kinds, watch = asked_kinds(assessment, kind), watch or _nothing
    if capacity and not any(knows_room(assessment, each) for each in kinds):
        raise InputError("gaps.no_room", kinds=", ".join(kinds))
    found = {}
    for each in kinds:
        watch()
        room = capacity and knows_room(assessment, each)
        found[each] = diagnose(assessment, each, group=group, capacity=room)
    gathered: list[Patches] = []
    if kind in TOGETHER:
        least = least_of(kind, len(kinds))
        gathered.append(patches_together(assessment, kind, found, least, people))
    for each in () if kind in TOGETHER else kinds:
        watch()
        gathered.append(patches_of_kind(assessment, each, found[each], people))
    watch()
    tables = gap_tables(assessment, gathered, people, group)
    whole = pd.concat(tables, ignore_index=True)
    ranked = np.argsort(-whole[group].to_numpy(dtype=np.float64), kind="stable")
    table = whole.iloc[ranked].reset_index(drop=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=assessment.district.crs)


def _nothing() -> None:
    """Watch nothing."""


def least_of(together: str, kinds: int) -> int:
    """Return how many of some kinds a home must lack to count among those taken together."""
    return {"any": 1, "several": -(-kinds // 2), "all": kinds}[together]


def gap_notes(
    assessment: Assessment, kind: str | None = None, *, capacity: bool = False
) -> tuple[Finding, ...]:
    """Return what a reader of the gaps must know beside the findings of the assessment."""
    if not capacity:
        return ()
    untold = [each for each in asked_kinds(assessment, kind) if not knows_room(assessment, each)]
    if not untold:
        return ()
    return (Finding("gaps.room_unknown", {"kinds": ", ".join(untold)}),)


def asked_kinds(assessment: Assessment, kind: str | None) -> list[str]:
    """Return the kinds that are asked for: a judged one, or all that are judged."""
    if kind is None or kind in TOGETHER:
        if not assessment.judged_kinds:
            raise InputError("analysis.nothing_judged", standard=assessment.standard.id)
        return assessment.judged_kinds
    if assessment.rule(kind) is None:
        known = ", ".join(assessment.judged_kinds)
        raise InputError("gaps.not_judged", kind=kind, known=known)
    return [kind]
