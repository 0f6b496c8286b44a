"""Sites proposed for a kind of facility, from an assessment to a scenario that can be applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
from planner.location.results import Siting
from planner.own_copies import own_tables
from planner.shown import Shown, explored, plotted
from planner.siting.costs import Costs, builtin_costs
from planner.siting.opening import opening
from planner.siting.proposals.communities import checked_floor
from planner.siting.proposals.objectives import Objective
from planner.siting.proposals.options import (
    SiteOptions,
    too_near,
)
from planner.siting.proven import Proven
from planner.siting.walks import facilities_within, hoped_within, keeps, uncovered

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment


@own_tables("candidates", "sites")
@dataclass(frozen=True, eq=False)
class Proposal(Shown, Proven):
    """Sites for one kind, and the proof of how good they are. Made by :func:`planner.propose`.

    Parameters
    ----------
    assessment
        The district as it is.
    kind, group
        What is sited, and whose residents count.
    goal
        One of :data:`planner.siting.proposals.objectives.OBJECTIVES`.
    limit_m
        A home is served within this distance, metres.
    candidates
        Places that were offered; see :func:`planner.siting.candidates.candidate_sites`.
    distances
        (homes, candidates) metres from homes to candidates, as far as they matter.
    siting
        The solver's answer on them.
    options
        What else was asked for.
    findings
        What a reader must know: places that were made up, a search that was cut short.
    costs
        The prices that ``cost`` of the candidates is by.
    """

    assessment: Assessment
    kind: str
    group: str
    goal: Objective
    limit_m: float
    candidates: gpd.GeoDataFrame
    distances: csr_array
    siting: Siting
    options: SiteOptions
    findings: tuple[Finding, ...]
    costs: Costs = field(default_factory=builtin_costs)

    @property
    def backup(self) -> float:
        """Share of a resident that counts only once a second facility is within the limit."""
        return self.options.backup

    @property
    def objective(self) -> float:
        """What is reached: residents covered anew, sites or money, resident metres, or metres.

        With a backup, a resident's first facility within the limit counts as one less the
        backup, and the second as the backup.
        """
        return self.siting.objective

    @property
    def gained(self) -> float:
        """Residents of the group brought within the limit by all sites together."""
        return float(self._weight[self._served_by(self._chosen)].sum())

    @property
    def gained_unsure(self) -> float:
        """Those of :attr:`gained` who may be within the limit of a facility today.

        Of that facility it is not known whether it counts: its hours or services are not told.
        """
        return float(self._weight[self._served_by(self._chosen) & self._hoped].sum())

    def counts(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the residents within the limit and those not known to be, before and after."""
        return self.counts_with(self._chosen[:0]), self.counts_with(self._chosen)

    def counts_with(self, sites: I64) -> tuple[float, float]:
        """Return the same with any of the candidates, by their places in the table of them."""
        metres = self.assessment.distances[self.kind].to_numpy(dtype=np.float64)
        lost, within = np.isnan(metres), metres <= self.limit_m
        covered = within | (~lost & self._served_by(sites))
        open_end = lost | (~covered & self._hoped)
        return float(self.people[covered].sum()), float(self.people[open_end].sum())

    def walks(self) -> F64:
        """Return metres from each home to the nearest of today's facilities and the sites."""
        metres = self.assessment.distances[self.kind].to_numpy(dtype=np.float64).copy()
        part = self.distances[:, self._chosen].tocoo()
        np.fmin.at(metres, part.row, part.data)
        return metres

    @property
    def backed_up(self) -> float:
        """Residents of the group who come to have a second facility within the limit."""
        before = facilities_within(self.assessment, self.kind, self.limit_m)
        after = before + np.asarray(self._covers[:, self._chosen].sum(axis=1)).ravel()
        return float(self.people[(before < 2) & (after >= 2)].sum())

    @property
    def cost(self) -> float:
        """Cost of all sites, in the currency of the prices."""
        return float(self.candidates["cost"].to_numpy()[self._chosen].sum())

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """The chosen sites in the order in which they bring most.

        Columns of :func:`~planner.siting.candidates.candidate_sites` and ``rank``, ``gained``
        (residents brought within the limit on top of the sites before), ``alone`` (by the site
        alone), ``serves`` (uncovered residents whose nearest new site it is, within the limit)
        and ``cost_per_resident`` of those gained. Small counts of a group are missing where they
        are withheld, and so is what would tell them.
        """
        order, gains = self._sequence(self._chosen)
        table = self.candidates.iloc[order].reset_index(drop=True)
        nearest = self._nearest_of(order)
        serves = [self._weight[nearest == place].sum() for place in range(len(order))]
        alone = [self._weight[self._served_by(order[[i]])].sum() for i in range(len(order))]
        table.insert(0, "rank", np.arange(1, len(order) + 1))
        table.insert(1, "gained", gains)
        table.insert(2, "alone", np.array(alone, dtype=np.float64))
        table.insert(3, "serves", np.array(serves, dtype=np.float64))
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = table["cost"].to_numpy(dtype=np.float64) / gains
        table.insert(4, "cost_per_resident", np.where(gains > 0, ratio, np.nan))
        counts, telling = ["gained", "alone", "serves"], {"cost_per_resident": ["gained"]}
        return without_few(self.assessment, table, counts, self.group, telling)

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes brought within the limit: whom the sites serve, and which one.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, the group's residents, ``site_id`` of the nearest new site,
            ``distance_m`` to it, and the point.
        """
        order = self._chosen
        nearest = self._nearest_of(order)
        rows = np.flatnonzero(nearest >= 0)
        demand = self.assessment.district.demand
        site = order[nearest[rows]]
        table = {
            "demand_id": demand["demand_id"].to_numpy()[rows],
            self.group: self.people[rows],
            "site_id": self.candidates["site_id"].to_numpy()[site],
            "distance_m": self._metres(rows, site),
        }
        shapes = demand.geometry.to_numpy()[rows]
        return gpd.GeoDataFrame(table, geometry=shapes, crs=self.candidates.crs)

    def changes(self) -> list[Change]:
        """Return the changes of a scenario that opens the sites, the best first.

        A new facility offers the service and keeps the hours that the assessment asks for.
        """
        taken = set(self.assessment.district.facilities["facility_id"])
        changes: list[Change] = []
        for site in self.sites.itertuples():
            facility_id = f"new-{self.kind}-{site.site_id}"
            while facility_id in taken:
                facility_id += "+"
            taken.add(facility_id)
            changes.append(opening(self.assessment, self.kind, site, facility_id))
        return changes

    def scenario(self, name: str = "") -> Scenario:
        """Return the proposal as a scenario for ``assessment.apply``."""
        crs = self.assessment.district.crs.to_string()
        made = Scenario(name or f"{len(self._chosen)} × {self.kind}", self.changes(), crs)
        return known_by(self.assessment.district, made)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once the sites are open."""
        return self.assessment.apply(self.scenario())

    def alternatives(self, within: float = 0.01) -> pd.DataFrame:
        """Return the swaps of one site for another candidate that cost at most a share.

        Parameters
        ----------
        within
            Share of the residents gained that may be lost, 0 to 1.

        Returns
        -------
        DataFrame
            ``site_id``, ``instead`` (candidate), ``gained`` by all sites together after the swap
            and ``loss`` as a share, best first. Required sites are not swapped, what stands
            keeps the least distance and the floors of communities asked for, and no swap costs
            more than the budget. Whatever was sought, they are held against the residents gained.
        """
        covers, weight = self._covers, self._weight
        ids = self.candidates["site_id"].to_numpy(dtype=object)
        times = np.asarray(covers[:, self._chosen].sum(axis=1)).ravel()
        total, price = self.gained, self.candidates["cost"].to_numpy(dtype=np.float64)
        most = np.inf if self.options.budget is None else self.options.budget * (1 + 1e-9)
        rows = []
        required = self.candidates["required"].to_numpy(dtype=bool)
        for site in self._chosen[~required[self._chosen]]:
            others = times - np.asarray(covers[:, [site]].todense()).ravel()
            left = weight * (others == 0)
            reached = float((weight * (others > 0)).sum()) + covers.T @ left
            reached[self._chosen] = -np.inf
            reached[self._beside(self._chosen[self._chosen != site])] = -np.inf
            reached[self.cost - price[site] + price > most] = -np.inf
            loss = 1.0 - reached / total if total > 0 else np.full(len(ids), np.inf)
            rest = self._chosen[self._chosen != site]
            rows += [
                (ids[site], ids[other], reached[other], max(loss[other], 0.0))
                for other in np.flatnonzero(loss <= within)
                if self._keeps_floors(np.append(rest, other))
            ]
        table = pd.DataFrame(rows, columns=["site_id", "instead", "gained", "loss"])
        return table.sort_values("gained", ascending=False, kind="stable", ignore_index=True)

    def plot(self, *, before_after: bool = False, **options: Any) -> Figure:
        """Return a map of the sites for paper, as a Matplotlib figure.

        Parameters
        ----------
        before_after
            Coverage today and with the sites, side by side, instead of the sites alone.
        **options
            ``language`` and ``paper`` of :func:`planner.views.plots.proposals.plot_sites`.
        """
        name = "plot_before_after" if before_after else "plot_sites"
        drawn: Figure = plotted(name, self, **options)
        return drawn

    def explore(self, language: str = "en") -> folium.Map:
        """Return an interactive map of the sites that works offline, with its legend.

        Parameters
        ----------
        language
            ``"en"`` or ``"zh"``.
        """
        drawn: folium.Map = explored("proposal_map", self, language=language)
        return drawn

    def __repr__(self) -> str:
        return (
            f"Proposal({len(self._chosen)} × {self.kind}: {self.gained:.0f} residents gained, "
            f"at most {self.gap:.2%} from the best possible)"
        )

    def _keeps_floors(self, sites: I64) -> bool:
        """Whether each community has the least rate that was asked for it, with some sites."""
        if not self._floors:
            return True
        metres = self.assessment.distances[self.kind].to_numpy(dtype=np.float64)
        covered = (metres <= self.limit_m) | self._served_by(sites)
        lived = pd.DataFrame({"all": self.people, "covered": self.people * covered})
        area = self.assessment.district.demand["community_id"].astype(str).to_numpy()
        told = ~np.isnan(metres)
        sums = lived[told].groupby(area[told]).sum()
        share = sums["covered"] / sums["all"]
        return all(share.get(own, 1.0) >= floor - 1e-9 for own, floor in self._floors.items())

    @cached_property
    def _floors(self) -> dict[str, float]:
        asked = self.options.floor
        if asked is None:
            return {}
        found = checked_floor(self.assessment, self.kind, self.group, asked)
        return {str(own): float(floor) for own, floor in found.items()}

    @property
    def _chosen(self) -> I64:
        return self.siting.sites[self.siting.sites < len(self.candidates)]

    @cached_property
    def conflicts(self) -> I64:
        """(pairs, 2) int64, candidates of which only one may be chosen."""
        return too_near(self.candidates, self.options.apart_m)

    def _beside(self, sites: I64) -> I64:
        """Return the candidates that are too near to some sites."""
        pairs = np.concatenate([self.conflicts, self.conflicts[:, ::-1]])
        return np.unique(pairs[np.isin(pairs[:, 0], sites), 1])

    @cached_property
    def people(self) -> F64:
        """Residents of the group at each home."""
        return people_of(self.assessment, self.group)

    @cached_property
    def _weight(self) -> F64:
        """Residents of each home that is not covered today, 0 elsewhere."""
        return np.where(uncovered(self.assessment, self.kind, self.limit_m), self.people, 0.0)

    @cached_property
    def _hoped(self) -> Bool:
        return hoped_within(self.assessment, self.kind, self.limit_m)

    @cached_property
    def _covers(self) -> csr_array:
        return keeps(self.distances, self.limit_m)

    def _metres(self, rows: I64, sites: I64) -> F64:
        """Return the distance of each home to a site of its own."""
        if not len(rows):
            return np.empty(0)
        return np.asarray(self.distances[rows, sites], dtype=np.float64).ravel()

    def _served_by(self, sites: I64) -> Bool:
        return np.asarray(self._covers[:, sites].sum(axis=1)).ravel() > 0

    def _nearest_of(self, sites: I64) -> I64:
        """Return the position in `sites` of each uncovered home's nearest one within the limit."""
        part = self.distances[:, sites].tocoo()
        metres = np.full(part.shape, np.inf) if len(sites) else np.empty((part.shape[0], 0))
        metres[part.row, part.col] = part.data
        nearest = np.full(part.shape[0], -1, dtype=np.int64)
        if len(sites):
            best = metres.argmin(axis=1)
            near = metres[np.arange(len(best)), best] <= self.limit_m
            gained = near & uncovered(self.assessment, self.kind, self.limit_m)
            nearest[gained] = best[gained]
        return nearest

    def _sequence(self, sites: I64) -> tuple[I64, F64]:
        """Return sites in greedy order and the residents that each adds."""
        left, rest = self._weight.copy(), list(sites)
        order, gains = [], []
        while rest:
            worth = self._covers[:, rest].T @ left
            best = int(np.argmax(worth))
            site = rest.pop(best)
            order.append(site)
            gains.append(float(worth[best]))
            left[np.asarray(self._covers[:, [site]].todense()).ravel() > 0] = 0.0
        return np.array(order, dtype=np.int64), np.array(gains, dtype=np.float64)
