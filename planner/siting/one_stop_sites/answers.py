"""A proposal of one-stop sites: buildings, homes, scenario, and what separate buildings bring."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.analysis.people import people_of, without_few
from planner.arrays import F64, I64, Bool
from planner.district import Scenario
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import Change
from planner.errors import Finding
from planner.location.limits import Limits
from planner.location.one_stop_sites.one_stop import OneStop, one_stop
from planner.location.results import Siting
from planner.own_copies import own_tables
from planner.siting.candidates import GENERATED
from planner.siting.costs import Costs, builtin_costs
from planner.siting.one_stop_sites.gaps import overlap
from planner.siting.one_stop_sites.places import Places
from planner.siting.opening import opening
from planner.siting.proven import Proven
from planner.siting.unsure import gains_unsure
from planner.siting.walks import keeps, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


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
    residents
        Residents who gain at least one kind, each counted once.
    cost
        What it costs.
    facilities
        Facilities opened, each in a building of its own.
    """

    siting: Siting
    gained: dict[str, float]
    residents: float
    cost: float
    facilities: int

    @property
    def total(self) -> float:
        """Residents gained, summed over the kinds."""
        return sum(self.gained.values())


@own_tables("buildings", "overlap")
@dataclass(frozen=True, eq=False)
class OneStopProposal(Proven):
    """Buildings that kinds share, and the proof of how good they are.

    Made by :func:`planner.propose_one_stop`. A resident counts once for each kind gained.

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
    findings
        What a reader must know: places that were made up, a search that was cut short.
    max_iterations
        Steps of the search, where they and not seconds were limited; :attr:`separate` keeps them.
    costs
        The prices that the places are priced by.
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
    findings: tuple[Finding, ...] = ()
    max_iterations: int | None = None
    costs: Costs = field(default_factory=builtin_costs)

    @property
    def objective(self) -> float:
        """Residents gained, summed over the kinds, each times the weight of the kind."""
        return self.plan.siting.objective

    @property
    def siting(self) -> Siting:
        """The buildings with objective and bound."""
        return self.plan.siting

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

    @cached_property
    def gained_unsure(self) -> float:
        """Those of :attr:`total` who may be within the limit today, summed over kinds.

        It is that of a facility of which it is not known whether it counts.
        """
        gains = dict(zip(self.kinds, self._gains.T, strict=True))
        return gains_unsure(self.assessment, gains, self.group)

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
    def people(self) -> F64:
        """Residents of the group at each home."""
        return people_of(self.assessment, self.group)

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
            buildings, ``cost_per_gain`` (of one resident for one kind), ``floor_area_m2``
            available, ``needed_m2`` by the standard (NaN for a door), and the point.
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
            "cost_per_gain": ratio,
            "floor_area_m2": table["floor_area_m2"].astype(np.float64),
            "needed_m2": np.where(
                table["origin"] == "internal",
                np.nan,
                (opened * self.places.area_m2[None, :]).sum(axis=1),
            ),
        }
        found = gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs)
        counts = ["gained", *(f"gained_{kind}" for kind in self.kinds), "several"]
        telling = {"cost_per_gain": ["gained"]}
        return without_few(self.assessment, found, counts, self.group, telling)

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
                alone = len(inside) == 1 and site.origin not in GENERATED
                room = site.floor_area_m2 if alone else own
                row = SimpleNamespace(
                    site_id=site.site_id,
                    origin=site.origin,
                    facility_id=site.facility_id,
                    geometry=site.geometry,
                    name=site.name,
                    floor_area_m2=room,
                )
                shared = len(inside) > 1
                made = opening(self.assessment, kind, row, facility_id, shared=shared)
                changes.append(made)
        return changes

    def scenario(self, name: str = "") -> Scenario:
        """Return the proposal as a scenario for ``assessment.apply``."""
        crs = self.assessment.district.crs.to_string()
        buildings = len(self.plan.siting.sites)
        made = Scenario(name or f"{buildings} × one-stop", self.changes(), crs)
        return known_by(self.assessment.district, made)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once everything is open."""
        return self.assessment.apply(self.scenario())

    @cached_property
    def overlap(self) -> pd.DataFrame:
        """Residents by how many of the kinds they lack: ``lacking``, ``before``, ``after``.

        ``lacking`` is NA in the row of those of whom it is not known of some kind.
        """
        found = overlap(self.assessment, self.after, self.kinds, self.group)
        return without_few(self.assessment, found, ["before", "after"], self.group)

    @cached_property
    def separate(self) -> Separate:
        """What the same money brings at most with one kind in each building.

        The same places, prices and limit on buildings, but no building holds two kinds and no
        place two buildings; solved when first asked for. What is possible so is possible with
        sharing, too.
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
            limits=Limits.each(SEPARATE_SECONDS, self.max_iterations),
        )
        gains = self._gains_of(plan.opened)
        gained = {
            kind: float(self.people[gains[:, number]].sum())
            for number, kind in enumerate(self.kinds)
        }
        residents = float(self.people[gains.any(axis=1)].sum())
        return Separate(plan.siting, gained, residents, plan.cost, int(plan.opened.sum()))

    def __repr__(self) -> str:
        return (
            f"OneStopProposal({len(self.buildings)} buildings, {self.facilities} facilities: "
            f"{self.total:.0f} residents gained over {len(self.kinds)} kinds, "
            f"at most {self.gap:.2%} from the best possible)"
        )

    @cached_property
    def _covers(self) -> dict[str, csr_array]:
        return {kind: keeps(self.distances[kind], self.limits_m[kind]) for kind in self.kinds}

    def _missed(self, kind: str) -> F64:
        """Residents of each home that lacks a kind today, 0 elsewhere."""
        return np.where(uncovered(self.assessment, kind, self.limits_m[kind]), self.people, 0.0)

    @cached_property
    def _gains(self) -> Bool:
        """(homes, kinds) which homes are brought within the limit of which kind."""
        return self._gains_of(self.plan.opened)

    def _gains_of(self, opened: Bool) -> Bool:
        """Return the same for another choice of what is opened, (places, kinds)."""
        return np.column_stack(
            [
                _served(self._covers[kind], opened[:, number])
                & uncovered(self.assessment, kind, self.limits_m[kind])
                for number, kind in enumerate(self.kinds)
            ]
        )

    def _sequence(self) -> tuple[I64, F64, F64]:
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


def _served(covers: csr_array, opened: Bool) -> Bool:
    return np.asarray(covers @ opened.astype(np.int32)).ravel() > 0


def _nearest(distances: csr_array, sites: I64, rows: I64) -> tuple[I64, F64]:
    """Return the nearest of some places to each of some homes, and how far it is."""
    if not len(sites):
        return np.zeros(len(rows), np.int64), np.full(len(rows), np.inf)
    part = distances[rows][:, sites].tocoo()
    metres = np.full(part.shape, np.inf)
    metres[part.row, part.col] = part.data
    best = metres.argmin(axis=1)
    return sites[best], metres[np.arange(len(rows)), best]
