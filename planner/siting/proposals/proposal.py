"""Sites proposed for a kind of facility, from an assessment to a scenario that can be applied."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.district import Scenario
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import Change, Open, OpenInternal
from planner.errors import Finding, InputError
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.shown import Shown, explored
from planner.siting.candidates import PlaceOptions
from planner.siting.costs import Costs, builtin_costs
from planner.siting.findings import new_as_asked, search_findings, small_sites
from planner.siting.judging import no_limit
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.proposals.objectives import OBJECTIVES, Objective, Task, solved
from planner.siting.proposals.options import (
    SiteKeywords,
    SiteOptions,
    check_count,
    too_near,
    with_choices,
)
from planner.siting.proven import Proven
from planner.siting.walks import facilities_within, hoped_within, keeps, site_distances, uncovered

if TYPE_CHECKING:
    import folium
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment


WAYS = 50_000_000
"""Ways from homes to street nodes up to which the least walking is sought among all of them."""

SECONDS = 2.0
"""Time limit where neither time nor steps are limited."""


class ProposeKeywords(SearchKeywords, SiteKeywords, total=False):
    """What :func:`propose` takes one by one."""


@dataclass(frozen=True, eq=False)
class Proposal(Shown, Proven):
    """Sites for one kind, and the proof of how good they are. Made by :func:`propose`.

    Parameters
    ----------
    assessment
        The district as it is.
    kind, group
        What is sited, and whose residents count.
    goal
        One of :data:`OBJECTIVES`.
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
        metres = self.assessment.distances[self.kind].to_numpy(dtype=np.float64)
        lost, within = np.isnan(metres), metres <= self.limit_m
        gained = ~within & ~lost & self._served_by(self._chosen)
        found = []
        for covered in (within, within | gained):
            open_end = lost | (~covered & self._hoped)
            found.append((float(self.people[covered].sum()), float(self.people[open_end].sum())))
        return found[0], found[1]

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
        and ``cost_per_resident`` of those gained.
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
        return table

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
            keeps the least distance asked for, and no swap costs more than the budget.
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
            rows += [
                (ids[site], ids[other], reached[other], max(loss[other], 0.0))
                for other in np.flatnonzero(loss <= within)
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
        from planner.views.plots.proposals import plot_before_after, plot_sites

        return (plot_before_after if before_after else plot_sites)(self, **options)

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


def propose(
    assessment: Assessment,
    kind: str,
    new: int | None = None,
    *,
    objective: Objective = "coverage",
    group: str | None = None,
    places: PlaceOptions | None = None,
    options: SiteOptions | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[ProposeKeywords],
) -> Proposal:
    """Propose where facilities of a kind should be opened.

    Parameters
    ----------
    assessment
        The district as it is; its question, hours and service included, is that of the proposal.
    kind
        What is sited.
    new
        Sites at most; None where the budget or `share` decides.
    objective
        ``"coverage"``: most residents brought within the limit. ``"everyone"``: the fewest (or,
        with a budget or prices that differ, cheapest) sites that bring the share `share` of those
        who can be reached within it. ``"distance"``: least total walking. ``"farthest"``: the
        longest walk as short as possible. ``"worst_first"``: the community with the least share
        covered first, then the total.
    group
        Whose residents count; the total where none is given.
    places, options, limits
        Places to choose from, what else is asked for, and when to stop; without a limit two
        seconds. Their fields may be given as keywords instead.
    **keywords
        Fields of :class:`~planner.siting.candidates.PlaceOptions` (``where``, ``sites``,
        ``spacing_m``, ``within``, ``without``, ``costs``), of
        :class:`~planner.siting.proposals.options.SiteOptions` (``fixed``, ``forbidden``,
        ``apart_m``, ``backup``, ``floor``, ``budget``, ``share``, ``limit_m``) and of
        :class:`~planner.location.limits.Limits` (``time_limit_s``, ``gap``, ``max_iterations``,
        ``seed``, ``progress``, ``cancel``).

    Returns
    -------
    Proposal

    Raises
    ------
    InputError
        ``siting.no_limit`` where the standard does not judge the kind and none is given,
        ``siting.no_sites`` without a place to choose,
        ``siting.unknown_objective``, ``analysis.unknown_group``, ``siting.…``
        for what cannot be kept or has no meaning, and those of the solver.
    """
    if objective not in OBJECTIVES:
        raise InputError(
            "siting.unknown_objective", objective=objective, known=", ".join(OBJECTIVES)
        )
    offered, asked, given = grouped(
        "propose", keywords, places or PlaceOptions(), options or SiteOptions(), limits or Limits()
    )
    counted = group or assessment.groups[0]
    if counted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=counted, known=known)
    limit = asked.limit_m if asked.limit_m is not None else assessment.limit_m(kind, counted)
    if limit is None:
        raise no_limit(kind)
    if not 0 < limit < np.inf:
        raise InputError("measures.limit", value=limit)
    asked.check(objective)
    sites, notes = offered.offered(
        assessment, kind, most_ways=WAYS if objective == "distance" else 0.0
    )
    notes = (*notes, *offered.doors_unsure(assessment, [kind]))
    if sites.empty:
        raise InputError("siting.no_sites", kind=kind, where=offered.names)
    sites = with_choices(sites, asked.fixed, asked.forbidden)
    check_count(new, sites)
    far = objective in ("distance", "farthest")
    cutoff, matter = limit, None
    if far:
        # a place that is no nearer than what is there today matters only within the limit
        today = assessment.distances[kind].to_numpy(dtype=np.float64)
        matter = np.maximum(np.nan_to_num(today, nan=0.0, posinf=np.inf), limit)
        cutoff = float(matter.max(initial=limit))
    distances = site_distances(assessment, sites, kind, cutoff, matter_m=matter)
    conflicts = too_near(sites, asked.apart_m)
    task = Task(assessment, kind, counted, limit, sites, distances, new, asked, conflicts)
    siting = solved(task, objective, given.within(SECONDS))
    made = Proposal(
        assessment,
        kind,
        counted,
        objective,
        limit,
        sites,
        distances,
        siting,
        asked,
        (*notes, *search_findings(siting)),
        offered.prices,
    )
    rows = made.sites
    listed = rows.loc[rows["origin"] == "candidates", "site_id"].astype(str)
    small = small_sites(assessment, ((kind, own) for own in listed))
    opened = new_as_asked(assessment.question) if (rows["origin"] != "internal").any() else ()
    return replace(made, findings=(*made.findings, *small, *opened))


def opening(
    assessment: Assessment, kind: str, site: Any, facility_id: str, *, shared: bool = False
) -> Change:
    """Return the change that opens a facility of a kind at a candidate site.

    Parameters
    ----------
    assessment
        Whose question, hour and service, the facility meets.
    kind
        What is opened.
    site
        A row of :func:`planner.siting.candidate_sites`.
    facility_id
        Id of a new facility.
    shared
        Whether other new facilities are in the same building.
    """
    if site.origin == "internal":
        return OpenInternal(site.facility_id)
    question = assessment.question
    known = site.origin != "premises" and not pd.isna(site.floor_area_m2)
    return Open(
        facility_id,
        kind,
        float(site.geometry.x),
        float(site.geometry.y),
        name=site.name if isinstance(site.name, str) else "",
        floor_area_m2=float(site.floor_area_m2) if known else None,
        opening_hours="24/7" if question.at is not None else "",
        services=question.service or "",
        building=str(site.site_id) if shared or site.origin == "premises" else "",
    )
