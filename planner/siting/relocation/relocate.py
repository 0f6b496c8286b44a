"""Which facilities to move or close: the question, checked, and its solution."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import geopandas as gpd
import numpy as np
import shapely

from planner.analysis.people import limit_of
from planner.arrays import I64
from planner.errors import Finding, InputError
from planner.location.limits import Limits
from planner.location.relocation import move_to_cover, move_to_shorten
from planner.location.results import Siting
from planner.siting.candidates import PlaceOptions
from planner.siting.findings import search_findings, small_sites
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.proposals.objectives import FARTHER
from planner.siting.relocation.distances import Ground
from planner.siting.relocation.relocation import AIMS, Aim, Relocation

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

WAYS = 10_000_000
"""Ways from homes to street nodes up to which the least walking is sought among all of them."""

SECONDS = 2.0
"""Time limit where neither time nor steps are limited."""


def relocate(
    assessment: Assessment,
    kind: str,
    moves: int | None = None,
    *,
    closing: int = 0,
    objective: Aim = "coverage",
    group: str | None = None,
    keep: Collection[str] = (),
    limit_m: float | None = None,
    places: PlaceOptions | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[SearchKeywords],
) -> Relocation:
    """Propose which existing facilities of a kind to move or close.

    Public facilities that count today and lie in the district may move; those of partners, those
    across the boundary, those of which it is not known whether they count, and other kinds stay.

    Parameters
    ----------
    assessment
        The district as it is; its question, hours and service included, is that of the answer.
    kind
        What is moved.
    moves
        Facilities that may move at most; None for all: the best that could be had if all were
        placed anew.
    closing
        Facilities that close without another in their place; with ``moves=0`` it is asked which
        can be done without.
    objective
        ``"coverage"``: most residents within the limit. ``"distance"``: least total walking.
    group
        Whose residents count; the total where none is given.
    keep
        Ids of facilities that stay where they are.
    limit_m
        A home is served within this distance; that of the standard where none is given.
    places, limits
        New places to choose from, as for :func:`planner.propose`, and when to stop; without a
        limit two seconds. That a candidate is ``required`` says nothing here.
    **keywords
        Fields of :class:`~planner.siting.candidates.PlaceOptions` and of
        :class:`~planner.location.limits.Limits`, one by one.

    Returns
    -------
    Relocation

    Raises
    ------
    InputError
        ``relocation.nothing_to_move`` where no facility may move, ``relocation.unknown_facility``
        for `keep`, ``relocation.bad_moves``, ``relocation.bad_closing``,
        ``relocation.nothing_asked``, ``relocation.unknown_aim``, ``siting.no_sites``
        where none is offered to move to, and those of the limit, the group and the solver.
    """
    if objective not in AIMS:
        raise InputError("relocation.unknown_aim", objective=objective, known=", ".join(AIMS))
    offered, given = grouped("relocate", keywords, places or PlaceOptions(), limits or Limits())
    counted = group or assessment.groups[0]
    limit = limit_of(assessment, kind, group, limit_m)
    rows = movable(assessment, kind, keep)
    _check(moves, closing, len(rows), kind)
    left = len(rows) - closing
    most = left if moves is None else min(moves, left)
    sites: gpd.GeoDataFrame | None = None
    notes: tuple[Finding, ...] = ()
    far = objective == "distance"
    if most:
        sites, notes = offered.offered(assessment, kind, most_ways=WAYS if far else 0.0)
        notes = (*notes, *offered.doors_unsure(assessment, [kind]))
    if sites is not None and sites.empty:
        raise InputError("siting.no_sites", kind=kind, where=offered.names)
    ground = Ground.of(assessment, kind, counted, limit, rows, sites, far=far)
    found = solve(ground, objective, left, most, given.within(SECONDS))
    told = (*notes, *search_findings(found))
    made = Relocation(ground, objective, most, closing, found, told, offered.prices)
    listed = made.plan.loc[made.plan["origin"] == "candidates", "site_id"].astype(str)
    small = small_sites(assessment, ((kind, own) for own in listed))
    return replace(made, findings=(*made.findings, *small))


def solve(ground: Ground, aim: Aim, count: int, moves: int, limits: Limits) -> Siting:
    """Choose `count` sites of which at most `moves` are new; see :func:`relocate`."""
    rows = ground.known & (ground.people > 0)
    people = ground.people[rows]
    if aim == "distance":
        old, new, stays = ground.old_m[rows], ground.new_m[rows], ground.stays_m[rows]
        longest = max((part.data.max() for part in (old, new) if part.nnz), default=0.0)
        near = stays[np.isfinite(stays)]
        farthest = FARTHER * max(longest, near.max() if near.size else 0.0, 1.0)
        if not old.nnz:
            raise InputError("siting.nobody_reachable", kind=ground.kind)
        return move_to_shorten(old, new, people, stays, farthest, count, moves, limits=limits)
    stays_covered = ground.stays_m[rows] <= ground.limit_m
    base = float(people[stays_covered].sum())
    open_to = np.where(stays_covered, 0.0, people)
    old, new = (part[rows] for part in (ground.old_within, ground.new_within))
    found = move_to_cover(old, new, open_to, count, moves, limits=limits)
    return replace(found, objective=found.objective + base, bound=found.bound + base)


def movable(assessment: Assessment, kind: str, keep: Collection[str] = ()) -> I64:
    """Return the rows of the facilities of a kind that may move or close.

    Raises
    ------
    InputError
        ``relocation.unknown_facility`` for an id in `keep`, ``relocation.nothing_to_move``.
    """
    assessment.rule(kind)
    keep = set(keep)
    facilities = assessment.district.facilities
    ids = set(facilities["facility_id"][facilities["kind"] == kind])
    unknown = sorted(keep - ids)
    if unknown:
        raise InputError("relocation.unknown_facility", kind=kind, facility=unknown[0])
    area = shapely.union_all(assessment.district.communities.geometry.to_numpy())
    shapely.prepare(area)
    counts = assessment.reach.counting(kind, if_unknown=False)
    own = (facilities["ownership"] == "public").to_numpy()
    inside = shapely.intersects(area, facilities.geometry.to_numpy())
    free = ~facilities["facility_id"].isin(keep).to_numpy()
    rows = np.flatnonzero(counts & own & inside & free)
    if not rows.size:
        raise InputError("relocation.nothing_to_move", kind=kind)
    return rows


def _check(moves: int | None, closing: int, count: int, kind: str) -> None:
    """Refuse numbers of moves and closings that make no sense."""
    for code, value in (("bad_moves", moves), ("bad_closing", closing)):
        if value is None:
            continue
        whole = not isinstance(value, bool) and value == int(value)
        most = count if code == "bad_moves" else count - 1
        if not whole or not 0 <= value <= most:
            raise InputError(f"relocation.{code}", value=value, most=most, kind=kind)
    if moves == 0 and not closing:
        raise InputError("relocation.nothing_asked")
