"""One-stop sites proposed for several kinds, from an assessment to a scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array

from planner.district import Scenario
from planner.district.scenario import Change
from planner.errors import InputError
from planner.siting.candidates import SPACING_M, candidate_sites
from planner.siting.costs import Costs, builtin_costs
from planner.siting.one_stop_gaps import overlap
from planner.siting.one_stop_places import Places, given, merged
from planner.siting.one_stop_problem import MOST_KINDS
from planner.siting.one_stop_sites import OneStop, one_stop
from planner.siting.proposals import WHERE, opening
from planner.siting.results import ProgressCallback, Siting
from planner.siting.tasks import keeps, uncovered
from planner.siting.walks import site_distances
from planner.siting.warming import ready_to_share

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SEPARATE_SECONDS = 3.0
"""Time for the best separate buildings."""


@dataclass(frozen=True, eq=False)
class Separate:
    """The most that the same money brings with a building for each kind.

    Parameters
    ----------
    siting
        The solver's answer, with its bound.
    gained
        Residents gained by each kind.
    cost
        What it costs.
    facilities
        Facilities opened, each in a building of its own.
    """

    siting: Siting
    gained: dict[str, float]
    cost: float
    facilities: int

    @property
    def total(self) -> float:
        """Residents gained, summed over the kinds."""
        return sum(self.gained.values())


@dataclass(frozen=True, eq=False)
class OneStopProposal:
    """Buildings that kinds share, and the proof of how good they are.

    Made by :func:`propose_one_stop`. A resident counts once for each kind gained.

    Parameters
    ----------
    assessment
        The district as it is.
    kinds, group, budget, most_buildings
        What is sited, whose residents count, the money, and the limit on buildings, None without.
    limits_m, weights
        For each kind the walking limit, metres, and what a resident gained counts.
    places
        Places that were offered, and the prices.
    distances
        For each kind (homes, places) metres, as far as its limit.
    plan
        The solver's answer on them.
    """

    assessment: Assessment
    kinds: tuple[str, ...]
    group: str
    budget: float
    most_buildings: int | None
    limits_m: dict[str, float]
    weights: dict[str, float]
    places: Places
    distances: dict[str, csr_array] = field(repr=False)
    plan: OneStop

    @property
    def objective(self) -> float:
        """Residents gained, summed over the kinds, each times the weight of the kind."""
        return self.plan.siting.objective

    @property
    def bound(self) -> float:
        """No choice among these places can reach more for the money."""
        return self.plan.siting.bound

    @property
    def gap(self) -> float:
        """Proven distance from the best possible, 0 to 1."""
        return self.plan.siting.gap

    @property
    def optimal(self) -> bool:
        """Whether nothing better is possible among these places."""
        return self.plan.siting.optimal

    @property
    def seconds(self) -> float:
        """Time that the solver took."""
        return self.plan.siting.seconds

    @property
    def gained(self) -> dict[str, float]:
        """Residents of the group brought within the limit of each kind."""
        opened = self.plan.opened
        return {
            kind: float(self._missed(kind)[_served(self._covers[kind], opened[:, number])].sum())
            for number, kind in enumerate(self.kinds)
        }

    @property
    def total(self) -> float:
        """Residents gained, summed over the kinds."""
        return sum(self.gained.values())

    @property
    def residents(self) -> float:
        """Residents who gain at least one kind, each counted once."""
        return float(self.people[self._gains.any(axis=1)].sum())

    @property
    def cost(self) -> float:
        """Cost of all buildings and what is in them, in the currency of the prices."""
        return float(self.places.cost(self.plan.opened).sum())

    @property
    def saved(self) -> float:
        """What the same facilities would cost more if each had a building of its own."""
        return float(self.places.separate_cost(self.plan.opened).sum()) - self.cost

    @property
    def facilities(self) -> int:
        """Facilities opened, of all kinds."""
        return int(self.plan.opened.sum())

    @cached_property
    def people(self) -> Floats:
        """Residents of the group at each home."""
        return self.assessment.district.people()[self.group].to_numpy(dtype=np.float64)

    @cached_property
    def buildings(self) -> gpd.GeoDataFrame:
        """The buildings in the order in which they bring most.

        Returns
        -------
        GeoDataFrame
            ``rank``, ``site_id``, ``origin``, ``name``, ``facility_id``, ``kinds`` (opened there,
            joined by semicolons), ``count`` of them, ``gained`` (residents on top of the buildings
            before, summed over kinds), ``gained_<kind>`` of each kind, ``several`` (residents who
            gain two kinds or more by this building at once), ``cost``, ``saved`` against separate
            buildings, ``cost_per_resident``, ``floor_area_m2`` available, ``needed_m2`` by the
            standard (NaN for a door), and the point.
        """
        order, gains, several = self._sequence()
        opened = self.plan.opened[order]
        table = self.places.table.iloc[order].reset_index(drop=True)
        cost = self.places.cost(self.plan.opened)[order]
        alone = self.places.separate_cost(self.plan.opened)[order]
        total = gains.sum(axis=1)
        names = np.array(self.kinds, dtype=object)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(total > 0, cost / total, np.nan)
        columns = {
            "rank": np.arange(1, len(order) + 1),
            "site_id": table["site_id"],
            "origin": table["origin"],
            "name": table["name"],
            "facility_id": table["facility_id"],
            "kinds": [";".join(names[inside]) for inside in opened],
            "count": opened.sum(axis=1),
            "gained": total,
            **{f"gained_{kind}": gains[:, number] for number, kind in enumerate(self.kinds)},
            "several": several,
            "cost": cost,
            "saved": alone - cost,
            "cost_per_resident": ratio,
            "floor_area_m2": table["floor_area_m2"].astype(np.float64),
            "needed_m2": np.where(
                table["origin"] == "internal",
                np.nan,
                (opened * self.places.area_m2[None, :]).sum(axis=1),
            ),
        }
        return gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs)

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes brought within the limit of one kind or more.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, the group's residents, ``kinds`` gained (joined by semicolons),
            ``count`` of them, for each kind ``site_<kind>`` (the nearest new one, empty where the
            kind is not gained) and ``distance_m_<kind>``, and the point.
        """
        rows = np.flatnonzero(self._gains.any(axis=1))
        gains = self._gains[rows]
        demand = self.assessment.district.demand
        names = np.array(self.kinds, dtype=object)
        table: dict[str, object] = {
            "demand_id": demand["demand_id"].to_numpy()[rows],
            self.group: self.people[rows],
            "kinds": [";".join(names[gained]) for gained in gains],
            "count": gains.sum(axis=1),
        }
        ids = self.places.table["site_id"].to_numpy(dtype=object)
        for number, kind in enumerate(self.kinds):
            site, metres = _nearest(
                self.distances[kind], np.flatnonzero(self.plan.opened[:, number]), rows
            )
            gained = gains[:, number]
            table[f"site_{kind}"] = np.where(gained, ids[site], "")
            table[f"distance_m_{kind}"] = np.where(gained, metres, np.nan)
        shapes = demand.geometry.to_numpy()[rows]
        return gpd.GeoDataFrame(table, geometry=shapes, crs=demand.crs)

    def changes(self) -> list[Change]:
        """Return the changes of a scenario that opens everything, the best building first.

        A facility that shares its building is given the least floor area of its kind.
        """
        taken = set(self.assessment.district.facilities["facility_id"])
        changes: list[Change] = []
        for site in self.buildings.itertuples():
            inside = str(site.kinds).split(";")
            for kind in inside:
                facility_id = f"new-{kind}-{site.site_id}"
                while facility_id in taken:
                    facility_id += "+"
                taken.add(facility_id)
                own = float(self.places.area_m2[self.kinds.index(kind)]) or np.nan
                room = site.floor_area_m2 if len(inside) == 1 else own
                row = SimpleNamespace(
                    origin=site.origin,
                    facility_id=site.facility_id,
                    geometry=site.geometry,
                    name=site.name,
                    floor_area_m2=room,
                )
                changes.append(opening(self.assessment, kind, row, facility_id))
        return changes

    def scenario(self, name: str = "") -> Scenario:
        """Return the proposal as a scenario for ``assessment.apply``."""
        crs = self.assessment.district.crs.to_string()
        buildings = len(self.plan.siting.sites)
        return Scenario(name or f"{buildings} × one-stop", self.changes(), crs)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once everything is open."""
        return self.assessment.apply(self.scenario())

    @cached_property
    def overlap(self) -> pd.DataFrame:
        """Residents by how many of the kinds they lack: ``lacking``, ``before``, ``after``."""
        return overlap(self.assessment, self.after, self.kinds, self.group)

    @cached_property
    def separate(self) -> Separate:
        """What the same money brings at most with one kind in each building.

        The same places, prices and limit on buildings, but no building holds two kinds; solved
        when first asked for. What is possible so is possible with sharing, too.
        """
        plan = one_stop(
            [self._covers[kind] for kind in self.kinds],
            np.stack([self._missed(kind) * self.weights[kind] for kind in self.kinds]),
            self.budget,
            building_cost=self.places.once,
            kind_cost=self.places.added,
            allowed=self.places.allowed,
            p=self.most_buildings,
            room=np.ones(len(self.places.table)),
            area=np.ones(len(self.kinds)),
            time_limit_s=SEPARATE_SECONDS,
        )
        gained = {
            kind: float(
                self._missed(kind)[_served(self._covers[kind], plan.opened[:, number])].sum()
            )
            for number, kind in enumerate(self.kinds)
        }
        return Separate(plan.siting, gained, plan.cost, int(plan.opened.sum()))

    def __repr__(self) -> str:
        return (
            f"OneStopProposal({len(self.plan.siting.sites)} buildings, {self.facilities} facilities: "
            f"{self.total:.0f} residents gained over {len(self.kinds)} kinds, "
            f"at most {self.gap:.2%} from the best possible)"
        )

    @cached_property
    def _covers(self) -> dict[str, csr_array]:
        return {kind: keeps(self.distances[kind], self.limits_m[kind]) for kind in self.kinds}

    def _missed(self, kind: str) -> Floats:
        """Residents of each home that lacks a kind today, 0 elsewhere."""
        return np.where(uncovered(self.assessment, kind, self.limits_m[kind]), self.people, 0.0)

    @cached_property
    def _gains(self) -> Mask:
        """(homes, kinds) which homes are brought within the limit of which kind."""
        return np.column_stack(
            [
                _served(self._covers[kind], self.plan.opened[:, number])
                & uncovered(self.assessment, kind, self.limits_m[kind])
                for number, kind in enumerate(self.kinds)
            ]
        )

    def _sequence(self) -> tuple[Rows, Floats, Floats]:
        """Return buildings in greedy order, the residents that each adds by kind, and at once."""
        left = np.column_stack([self._missed(kind) for kind in self.kinds])
        worth = np.array([self.weights[kind] for kind in self.kinds])
        reach = {
            int(site): np.column_stack(
                [
                    np.asarray(self._covers[kind][:, [site]].todense()).ravel() > 0
                    if self.plan.opened[site, number]
                    else np.zeros(len(left), np.bool_)
                    for number, kind in enumerate(self.kinds)
                ]
            )
            for site in self.plan.siting.sites
        }
        order, gains, several = [], [], []
        while reach:
            added = {site: (left * hit).sum(axis=0) for site, hit in reach.items()}
            best = max(added, key=lambda site: float(added[site] @ worth))
            hit = reach.pop(best)
            twice = ((left > 0) & hit).sum(axis=1) >= 2
            order.append(best)
            gains.append(added[best])
            several.append(float(self.people[twice].sum()))
            left[hit] = 0.0
        shape = (len(order), len(self.kinds))
        return np.array(order, np.int64), np.reshape(gains, shape), np.array(several, np.float64)


def propose_one_stop(
    assessment: Assessment,
    kinds: Sequence[str],
    budget: float,
    *,
    buildings: int | None = None,
    group: str | None = None,
    weights: Mapping[str, float] | None = None,
    where: Sequence[str] = WHERE,
    sites: gpd.GeoDataFrame | None = None,
    spacing_m: float = SPACING_M,
    within: shapely.Geometry | None = None,
    without: shapely.Geometry | None = None,
    costs: Costs | None = None,
    fitting: bool = True,
    time_limit_s: float = 5.0,
    gap: float = 0.0,
    seed: int = 0,
    max_iterations: int | None = None,
    progress: ProgressCallback | None = None,
    cancel: Callable[[], bool] | None = None,
) -> OneStopProposal:
    """Propose buildings that several kinds share, to bring most residents within their limits.

    Parameters
    ----------
    assessment
        The district as it is; its question, hours and service included, is that of the proposal.
    kinds
        What is sited; each must have a limit in the standard. At most ten.
    budget
        Most that may be spent, in the currency of the prices.
    buildings
        Buildings at most, opened doors among them; None where only the budget decides.
    group
        Whose residents count; the total where none is given.
    weights
        What a resident gained counts, by kind; 1 where a kind is not named.
    where, spacing_m, within, without, costs
        Places to choose from; see :func:`planner.siting.candidate_sites`.
    sites
        Places for all kinds, in place of `where`, as that function returns them; a column
        ``kinds`` (joined by semicolons) limits what a place may hold.
    fitting
        Whether the floor area of a listed place limits what it may hold; see the notes.
    time_limit_s, gap, seed, max_iterations, progress, cancel
        When to stop; see :func:`planner.siting.one_stop`.

    Returns
    -------
    OneStopProposal

    Raises
    ------
    InputError
        ``one_stop.no_kinds``, ``.too_many_kinds``, ``.all_covered``, ``.nothing_fits``,
        ``.nobody_reachable``, ``.bad_weight``; ``siting_proposals.no_limit`` for a kind that the standard does not judge,
        ``.no_sites``, ``.bad_budget``; ``analysis.unknown_kind``, ``analysis.unknown_group``; and
        those of the solver, ``siting_location.budget_too_small`` where the money buys nothing.

    Notes
    -----
    Prices. A kind that is alone in its building costs what
    :func:`~planner.siting.candidate_sites` says. In a building of several the dearest kind costs
    just that, and each further one its own price less the share ``one_stop.saving`` of the price
    table; its own price is that of its floor area, or what it costs alone in this place if that is
    less. In premises of another facility every kind is a further one, which the price of premises
    allows for already. A door of a unit holds its own kind and saves nothing.

    Room. With `fitting`, a listed place of known floor area holds kinds whose least floor areas by
    the standard fit in, alone or together; without it, whatever its row allows. Premises always
    need the room, beside the facility that is in them. Other places are built to measure.

    A mark ``required`` is not heeded: such a place is offered like any other.
    """
    chosen = tuple(dict.fromkeys(kinds))
    counted, limits = _judged(assessment, chosen, group)
    if not 0 < budget < np.inf:
        raise InputError("siting_proposals.bad_budget", value=budget)
    worth = _weights(chosen, weights or {})
    lacking = {kind: uncovered(assessment, kind, limits[kind]) for kind in chosen}
    people = assessment.district.people()[counted].to_numpy(dtype=np.float64)
    if not any((people[missed] > 0).any() for missed in lacking.values()):
        raise InputError("one_stop.all_covered", kinds=", ".join(chosen))
    prices = costs or builtin_costs()
    options = {"spacing_m": spacing_m, "within": within, "without": without, "costs": prices}
    tables = (
        {kind: candidate_sites(assessment, kind, where, **options) for kind in chosen}
        if sites is None
        else given(sites, chosen, assessment)
    )
    if all(table.empty for table in tables.values()):
        raise InputError(
            "siting_proposals.no_sites", kind=", ".join(chosen), where=", ".join(where)
        )
    places = merged(assessment, tables, prices, fitting=fitting)
    if not places.allowed.any():
        raise InputError("one_stop.nothing_fits", kinds=", ".join(chosen))
    distances = _distances(assessment, places, limits)
    weight = np.stack([np.where(lacking[kind], people, 0.0) * worth[kind] for kind in chosen])
    ready_to_share()
    try:
        plan = one_stop(
            [keeps(distances[kind], limits[kind]) for kind in chosen],
            weight,
            budget,
            building_cost=places.once,
            kind_cost=places.added,
            allowed=places.allowed,
            p=buildings,
            room=places.room_m2,
            area=places.area_m2,
            time_limit_s=time_limit_s,
            gap=gap,
            seed=seed,
            max_iterations=max_iterations,
            progress=progress,
            cancel=cancel,
        )
    except InputError as error:
        if error.code != "siting_location.nobody_in_reach":
            raise
        raise InputError("one_stop.nobody_reachable", kinds=", ".join(chosen)) from error
    return OneStopProposal(
        assessment,
        chosen,
        counted,
        float(budget),
        buildings,
        limits,
        worth,
        places,
        distances,
        plan,
    )


def _judged(
    assessment: Assessment, kinds: Sequence[str], group: str | None
) -> tuple[str, dict[str, float]]:
    """Return the group that counts, and the limit of each kind, once both are checked."""
    if not kinds:
        raise InputError("one_stop.no_kinds", known=", ".join(assessment.judged_kinds))
    if len(kinds) > MOST_KINDS:
        raise InputError("one_stop.too_many_kinds", count=len(kinds), most=MOST_KINDS)
    counted = group or assessment.groups[0]
    if counted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=counted, known=known)
    limits = {}
    for kind in kinds:
        limit = assessment.limit_m(kind, counted)
        if limit is None:
            raise InputError("siting_proposals.no_limit", kind=kind)
        limits[kind] = limit
    return counted, limits


def _weights(kinds: Sequence[str], given_weights: Mapping[str, float]) -> dict[str, float]:
    for kind, value in given_weights.items():
        if kind not in kinds or not 0 < value < np.inf:
            raise InputError("one_stop.bad_weight", kind=kind, value=value, kinds=", ".join(kinds))
    return {kind: float(given_weights.get(kind, 1.0)) for kind in kinds}


def _distances(
    assessment: Assessment, places: Places, limits: Mapping[str, float]
) -> dict[str, csr_array]:
    """Measure the ways to all places once for each way of measuring, as far as the limits."""
    found: dict[bool, csr_array] = {}
    straight = {kind: assessment.standard.measure_of(kind) == "straight" for kind in limits}
    for kind, how in straight.items():
        if how not in found:
            cutoff = max(limits[other] for other in limits if straight[other] == how)
            found[how] = site_distances(assessment, places.table, kind, cutoff)
    return {kind: found[how] for kind, how in straight.items()}


def _served(covers: csr_array, opened: Mask) -> Mask:
    return np.asarray(covers @ opened.astype(np.int32)).ravel() > 0


def _nearest(distances: csr_array, sites: Rows, rows: Rows) -> tuple[Rows, Floats]:
    """Return the nearest of some places to each of some homes, and how far it is."""
    if not len(sites):
        return np.zeros(len(rows), np.int64), np.full(len(rows), np.inf)
    part = distances[rows][:, sites].tocoo()
    metres = np.full(part.shape, np.inf)
    metres[part.row, part.col] = part.data
    best = metres.argmin(axis=1)
    return sites[best], metres[np.arange(len(rows)), best]
