"""Existing facilities moved or closed: how much better it could be with the same number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment

from planner.analysis.measures.redundancy import redundancy
from planner.analysis.pairs import limit_of
from planner.arrays import F64, I64, Bool
from planner.district import Scenario
from planner.district.scenario import Change, Close, Move, OpenInternal
from planner.errors import Finding, InputError
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.relocation import move_to_cover, move_to_shorten
from planner.location.results import Siting
from planner.siting.candidates import PlaceOptions
from planner.siting.findings import search_findings
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.proposals.objectives import FARTHER
from planner.siting.proven import Proven
from planner.siting.relocation.distances import Ground

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

Aim = Literal["coverage", "distance"]
AIMS: tuple[Aim, ...] = ("coverage", "distance")
"""What :func:`relocate` can aim at."""

WAYS = 10_000_000
"""Ways from homes to street nodes up to which the least walking is sought among all of them."""

SECONDS = 2.0
"""Time limit where neither time nor steps are limited."""

CURVE_SECONDS = 1.0
"""The same for each point of a curve."""


@dataclass(frozen=True, eq=False)
class Relocation(Proven):
    """Which facilities of a kind to move or close, with proof. Made by :func:`relocate`.

    Parameters
    ----------
    ground
        The facilities that may move, the places to choose from, and the ways to both.
    aim
        ``"coverage"`` or ``"distance"``.
    moves, closing
        Facilities that may move at most, and those that are closed without another in their place.
    siting
        The solver's answer: columns of the facilities that may move, then of the places. Its
        objective counts residents covered, or resident metres.
    findings
        What a reader must know: places that were made up, a search that was cut short.
    """

    ground: Ground
    aim: Aim
    moves: int
    closing: int
    siting: Siting
    findings: tuple[Finding, ...] = ()

    @property
    def assessment(self) -> Assessment:
        """The district as it is."""
        return self.ground.assessment

    @property
    def kind(self) -> str:
        """What is moved."""
        return self.ground.kind

    @property
    def group(self) -> str:
        """Whose residents count."""
        return self.ground.group

    @property
    def limit_m(self) -> float:
        """A home is served within this distance, metres."""
        return self.ground.limit_m

    @property
    def objective(self) -> float:
        """Residents covered afterwards, or resident metres walked."""
        return self.siting.objective

    @property
    def covered_before(self) -> float:
        """Residents of the group within the limit today."""
        return self.ground.weight_of(self._before)

    @property
    def covered_after(self) -> float:
        """Residents of the group within the limit afterwards."""
        return self.ground.weight_of(self._after)

    @property
    def unknown_before(self) -> float:
        """Residents of the group of whom it is not known today whether they are within it."""
        return self._unknown(self._before)

    @property
    def unknown_after(self) -> float:
        """Residents of the group of whom it is not known afterwards."""
        return self._unknown(self._after)

    @property
    def gained_unsure(self) -> float:
        """Those of :attr:`gained` who may be within the limit today.

        It is that of a facility of which it is not known whether it counts.
        """
        return self.ground.weight_of(self._after & ~self._before & self.ground.hoped)

    @property
    def gained(self) -> float:
        """Residents who are beyond the limit today and within it afterwards."""
        return self.ground.weight_of(self._after & ~self._before)

    @property
    def lost(self) -> float:
        """Residents who are within the limit today and beyond it afterwards."""
        return self.ground.weight_of(self._before & ~self._after)

    @property
    def net(self) -> float:
        """`gained` less `lost`: exactly what a new assessment finds."""
        return self.gained - self.lost

    @property
    def most_net(self) -> float:
        """No choice of as many moves can bring more than this on balance; for coverage only."""
        return self.bound - self.covered_before if self.aim == "coverage" else np.nan

    @cached_property
    def plan(self) -> gpd.GeoDataFrame:
        """What happens to each facility that does not stay, the most gained first.

        Closed facilities and new sites are paired so that the ways between them, as the crow
        flies, are least in total; with `closing`, those without a partner are closed.

        Returns
        -------
        GeoDataFrame
            ``facility_id``, ``name``, ``does`` (``"move"`` or ``"close"``), ``site_id``,
            ``site_name``, ``origin`` and ``cost`` of the new place, ``to_x`` and ``to_y`` in the
            district's CRS, ``moved_m`` as the crow flies, ``gained`` (residents whose nearest new
            site it is), ``lost`` (those who had this facility nearest), and the facility's point.
        """
        closed, places = self._closed, self._places
        old = self.assessment.district.facilities.iloc[self.ground.rows[closed]]
        new = self.ground.sites.iloc[places]
        metres = shapely.distance(
            old.geometry.to_numpy()[:, None], new.geometry.to_numpy()[None, :]
        ).reshape(len(old), len(new))
        number, partner = linear_sum_assignment(metres)
        pair = np.full(len(old), -1)
        pair[number] = partner
        moved = pair >= 0

        def of(values: pd.Series, nothing: object) -> list[Any]:
            kept = values.to_list()
            return [kept[j] if j >= 0 else nothing for j in pair]

        table = {
            "facility_id": old["facility_id"].to_numpy(dtype=object),
            "name": old["name"].to_numpy(dtype=object),
            "does": np.where(moved, "move", "close").astype(object),
            "site_id": of(new["site_id"], ""),
            "site_name": of(new["name"], ""),
            "origin": of(new["origin"], ""),
            "cost": of(new["cost"], 0.0),
            "to_x": of(new.geometry.x, np.nan),
            "to_y": of(new.geometry.y, np.nan),
            "moved_m": [metres[i, j] if j >= 0 else np.nan for i, j in enumerate(pair)],
            "gained": of(pd.Series(self._gained_by), 0.0),
            "lost": self._lost_by,
        }
        frame = gpd.GeoDataFrame(table, geometry=old.geometry.to_numpy(), crs=old.crs)
        return frame.sort_values("gained", ascending=False, kind="stable", ignore_index=True)

    @property
    def kept(self) -> list[str]:
        """Ids of the facilities that could have moved and stay."""
        rows = self.ground.rows[self.siting.sites[self.siting.sites < len(self.ground.rows)]]
        return list(self.assessment.district.facilities["facility_id"].iloc[rows])

    @property
    def cost(self) -> float:
        """Price of all new places, in the currency of the prices."""
        return float(self.plan["cost"].sum())

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes that change sides.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, the group's residents, ``change`` (``"gained"`` or ``"lost"``) and the
            point.
        """
        rows = np.flatnonzero(self._before != self._after)
        demand = self.assessment.district.demand
        table = {
            "demand_id": demand["demand_id"].to_numpy()[rows],
            self.group: self.ground.people[rows],
            "change": np.where(self._after[rows], "gained", "lost").astype(object),
        }
        return gpd.GeoDataFrame(table, geometry=demand.geometry.to_numpy()[rows], crs=demand.crs)

    def changes(self) -> list[Change]:
        """Return the changes of a scenario; a move into a unit's own facility opens that one."""
        changes: list[Change] = []
        inside = dict(
            zip(self.ground.sites["site_id"], self.ground.sites["facility_id"], strict=True)
        )
        for row in self.plan.itertuples():
            if row.does == "move" and row.origin != "internal":
                changes.append(Move(row.facility_id, float(row.to_x), float(row.to_y)))
                continue
            changes.append(Close(row.facility_id))
            if row.does == "move":
                changes.append(OpenInternal(inside[row.site_id]))
        return changes

    def scenario(self, name: str = "") -> Scenario:
        """Return the moves as a scenario for ``assessment.apply``."""
        crs = self.assessment.district.crs.to_string()
        return Scenario(name or f"{len(self.plan)} × {self.kind}", self.changes(), crs)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once it is done."""
        return self.assessment.apply(self.scenario())

    def __repr__(self) -> str:
        return (
            f"Relocation({len(self._places)} of {len(self.ground.rows)} × {self.kind} moved, "
            f"{len(self._closed) - len(self._places)} closed: {self.net:+.0f} residents, "
            f"at most {self.gap:.2%} from the best possible)"
        )

    @property
    def _closed(self) -> I64:
        return np.setdiff1d(np.arange(len(self.ground.rows)), self.siting.sites)

    @property
    def _places(self) -> I64:
        today = len(self.ground.rows)
        return self.siting.sites[self.siting.sites >= today] - today

    def _unknown(self, covered: Bool) -> float:
        open_end = ~self.ground.known | (~covered & self.ground.hoped)
        return float(self.ground.people[open_end].sum())

    @cached_property
    def _before(self) -> Bool:
        return self.ground.covered(np.arange(len(self.ground.rows)), np.empty(0, np.int64))

    @cached_property
    def _after(self) -> Bool:
        kept = self.siting.sites[self.siting.sites < len(self.ground.rows)]
        return self.ground.covered(kept, self._places)

    @property
    def _gained_by(self) -> F64:
        """Residents gained by the new place that is nearest to them."""
        gained = self._after & ~self._before
        return self.ground.shared_out(self.ground.new_m, self._places, gained)

    @property
    def _lost_by(self) -> F64:
        """Residents lost by the closed facility that is nearest to them."""
        lost = self._before & ~self._after
        return self.ground.shared_out(self.ground.old_m, self._closed, lost)


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
    if sites is not None and sites.empty:
        raise InputError("siting.no_sites", kind=kind, where=offered.names)
    ground = Ground.of(assessment, kind, counted, limit, rows, sites, far=far)
    found = solve(ground, objective, left, most, given.within(SECONDS))
    return Relocation(ground, objective, most, closing, found, (*notes, *search_findings(found)))


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
    facilities = assessment.district.facilities
    ids = set(facilities["facility_id"][facilities["kind"] == kind])
    unknown = sorted(set(keep) - ids)
    if unknown:
        raise InputError("relocation.unknown_facility", kind=kind, facility=unknown[0])
    area = shapely.union_all(assessment.district.communities.geometry.to_numpy())
    shapely.prepare(area)
    counts = assessment.reach.counting(kind, if_unknown=False)
    own = (facilities["ownership"] == "public").to_numpy()
    inside = shapely.intersects(area, facilities.geometry.to_numpy())
    free = ~facilities["facility_id"].isin(set(keep)).to_numpy()
    rows = np.flatnonzero(counts & own & inside & free)
    if not rows.size:
        raise InputError("relocation.nothing_to_move", kind=kind)
    return rows


def closings(
    assessment: Assessment,
    kind: str,
    *,
    group: str | None = None,
    keep: Collection[str] = (),
    limit_m: float | None = None,
) -> pd.DataFrame:
    """Return what is lost if one facility closes, the one that is missed least first.

    Parameters
    ----------
    assessment, kind, group, keep, limit_m
        As for :func:`relocate`.

    Returns
    -------
    DataFrame
        ``facility_id``, ``name``, ``lost`` (residents who have no other within the limit),
        ``residents_within``, ``overlap`` (share of these who have another), ``extra_m`` (how much
        farther, on average, those walk whose nearest it is) and ``stranded`` (residents who could
        reach no other at all); see :func:`planner.analysis.measures.redundancy.redundancy`.
    """
    rows = movable(assessment, kind, keep)
    ids = assessment.district.facilities["facility_id"].iloc[rows]
    table = redundancy(assessment, kind, group=group, limit_m=limit_m).loc[ids].reset_index()
    table = table.rename(columns={"alone_high": "lost", "overlap_low": "overlap"})
    columns = ["facility_id", "name", "lost", "residents_within", "overlap", "extra_m", "stranded"]
    order = table.sort_values(["lost", "stranded", "extra_m"], kind="stable", ignore_index=True)
    return pd.DataFrame(order[columns])


def relocation_curve(
    relocation: Relocation,
    up_to: int = 5,
    *,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> pd.DataFrame:
    """Return what 0, 1, 2, … moves bring at best, and what placing all anew would.

    Parameters
    ----------
    relocation
        Whose facilities, places, kind and group are used, and as many closed. It must have been
        asked for at least one move, so that there are places.
    up_to
        Moves at most, before the last row in which all may move.
    limits, **keywords
        When to stop for each number of moves, whole or as fields of
        :class:`~planner.location.limits.Limits`; without a limit one second.

    Returns
    -------
    DataFrame
        ``moves`` allowed, ``made`` (new sites that are of use), ``covered`` residents,
        ``net`` against today, ``most_net`` (nobody can do better), ``marginal`` on top of the row
        before, and ``share_after``. Coverage is counted, whatever the relocation aimed at.
    """
    ground = relocation.ground
    left = len(ground.rows) - relocation.closing
    total = ground.weight_of(np.ones(len(ground.people), dtype=np.bool_))
    given = given_limits(limits, keywords, CURVE_SECONDS)
    most = left if len(ground.sites) else 0
    table: list[dict[str, Any]] = []
    for moves in [*range(min(up_to, most) + 1), *([most] if most > up_to else [])]:
        found = solve(ground, "coverage", left, moves, given)
        net = found.objective - relocation.covered_before
        table.append(
            {
                "moves": moves,
                "made": int((found.sites >= len(ground.rows)).sum()),
                "covered": found.objective,
                "net": net,
                "most_net": found.bound - relocation.covered_before,
                "marginal": net - table[-1]["net"] if table else np.nan,
                "share_after": found.objective / total if total else np.nan,
            }
        )
    return pd.DataFrame(table)


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
