"""One budget over all remedies: sites, doors of units, longer hours, services, and links."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.analysis.links.links import best_links, gained_homes, link_changes
from planner.analysis.links.places import SETTLE_WAY
from planner.analysis.notes.groups import group_notes
from planner.analysis.people import people_of, without_few
from planner.arrays import I64, Bool
from planner.district import ExtendHours, Scenario
from planner.district.kinds import kinds_named
from planner.district.scenarios.changes import known_by
from planner.district.scenarios.scenario import Change
from planner.errors import Finding, InputError
from planner.location.covering.max_coverage import max_coverage
from planner.location.inputs import is_number
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.location.search import Search
from planner.own_copies import own_tables
from planner.siting.actions import Action, facility_actions, stacked, weights
from planner.siting.candidates import PlaceOptions
from planner.siting.change_prices import shared_prices
from planner.siting.costs import Costs, builtin_costs
from planner.siting.findings import (
    built_at,
    new_as_asked,
    search_findings,
    small_sites,
    taken_twice,
)
from planner.siting.judging import no_limit, refuse_unjudged
from planner.siting.keywords import SearchKeywords, grouped
from planner.siting.unsure import gains_unsure
from planner.siting.walks import uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


_COLUMNS = ["action_id", "remedy", "kind", "name", "cost", "x", "y"]

SECONDS = 5.0
"""Time limit where neither time nor steps are limited."""

LINKS = 20
"""Links of the list of the best that are considered."""


@own_tables("actions")
@dataclass(frozen=True, eq=False)
class Mix:
    """Remedies chosen under one budget. Made by :func:`best_mix`.

    Parameters
    ----------
    assessment, kinds, group, budget
        What was asked.
    actions
        All remedies considered: ``action_id``, ``remedy`` (``build``, ``open_internal``,
        ``extend_hours``, ``add_service`` or ``link``), ``kind`` (empty for a link), ``name``
        (empty where it has none of its own), ``cost`` (of what is taken, with what it saves in a
        building that others share), ``x`` and ``y`` in the district's CRS, of a
        link of its middle, ``alone`` (residents brought within a limit by it alone, summed over
        kinds).
    changes
        What each does.
    siting
        The solver's answer, which adds the remedies up.
    chosen
        Rows of `actions` that are taken, after exact swaps.
    gained
        Residents brought within the limits, summed over kinds, found by a new assessment.
    swaps
        How many exact swaps improved the solver's choice.
    findings
        What a reader must know: places that were made up, a search that was cut short.
    costs
        The prices that ``cost`` of the actions is by.
    """

    assessment: Assessment
    kinds: tuple[str, ...]
    group: str
    budget: float
    actions: pd.DataFrame
    changes: tuple[Change, ...] = field(repr=False)
    siting: Siting
    chosen: I64
    gained: float
    swaps: int
    findings: tuple[Finding, ...] = ()
    costs: Costs = field(default_factory=builtin_costs)

    @property
    def promised(self) -> float:
        """Residents that the solver's own choice adds up to, links judged one by one."""
        return self.siting.objective

    @property
    def cost(self) -> float:
        """Cost of what is chosen."""
        return float(self.actions["cost"].to_numpy()[self.chosen].sum())

    @property
    def table(self) -> pd.DataFrame:
        """The chosen actions, the most residents for the money first; small counts withheld."""
        chosen = self.actions.iloc[self.ranked].reset_index(drop=True)
        return without_few(self.assessment, chosen, ["alone"], self.group)

    @property
    def ranked(self) -> I64:
        """Rows of `actions` that are taken, the most residents for the money first."""
        rows = self.actions.iloc[self.chosen]
        worth = (rows["alone"] / rows["cost"].where(rows["cost"] > 0)).fillna(np.inf)
        return self.chosen[np.argsort(-worth.to_numpy(), kind="stable")]

    def scenario(self, name: str = "") -> Scenario:
        """Return what is chosen as a scenario."""
        crs = self.assessment.district.crs.to_string()
        made = Scenario(name, [self.changes[row] for row in self.chosen], crs)
        return known_by(self.assessment.district, made)

    @cached_property
    def after(self) -> Assessment:
        """The assessment once it is done."""
        return self.assessment.apply(self.scenario())

    @cached_property
    def residents(self) -> float:
        """Residents who gain at least one kind, each counted once."""
        gains = self._gained
        people = people_of(self.assessment, self.group)
        return float(people[gains.any(axis=1)].sum())

    @cached_property
    def gained_unsure(self) -> float:
        """Those of :attr:`gained` who may be within the limit today, summed over kinds.

        It is that of a facility of which it is not known whether it counts.
        """
        gains = dict(zip(self.kinds, self._gained.T, strict=True))
        return gains_unsure(self.assessment, gains, self.group)

    @cached_property
    def _gained(self) -> Bool:
        return _gains(self.assessment, self.after, self.kinds, self.group)

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes brought within the limit of one kind or more.

        Returns
        -------
        GeoDataFrame
            ``demand_id``, ``kinds`` gained (joined by semicolons), and the point.
        """
        gains, names = self._gained, np.array(self.kinds, dtype=object)
        lived_in = people_of(self.assessment, self.group) > 0
        rows = np.flatnonzero(gains.any(axis=1) & lived_in)
        table = {
            "demand_id": self.assessment.district.demand["demand_id"].to_numpy()[rows],
            "kinds": [";".join(names[gained]) for gained in gains[rows]],
        }
        shapes = self.assessment.district.demand.geometry.to_numpy()[rows]
        return gpd.GeoDataFrame(table, geometry=shapes, crs=self.assessment.district.crs)


def best_mix(
    assessment: Assessment,
    budget: float,
    kinds: Sequence[str] | None = None,
    *,
    group: str | None = None,
    links: int = LINKS,
    tries: int = 40,
    places: PlaceOptions | None = None,
    limits: Limits | None = None,
    **keywords: Unpack[SearchKeywords],
) -> Mix:
    """Choose the remedies that bring most residents within the limits for the money.

    Parameters
    ----------
    assessment
        The district as it is. Longer hours are considered where it asks for a moment, services
        where it asks for one.
    budget
        Most that may be spent, in the currency of the prices.
    kinds
        Judged kinds that count; all where none are given. A resident counts once for each kind.
    group
        Whose residents count; the total where none is given.
    links
        How many of the best links are considered; 0 for none.
    tries
        Exact swaps tried at most.
    places
        Places for new facilities, as for :func:`planner.propose`, and all prices.
    limits
        When the solver stops; the swaps may take as long again. Without a limit five seconds.
    **keywords
        Fields of :class:`~planner.siting.candidates.PlaceOptions` and of
        :class:`~planner.location.limits.Limits`, one by one.

    Returns
    -------
    Mix

    Raises
    ------
    InputError
        ``siting.bad_budget``, ``siting.no_limit`` for a kind that the standard does not judge,
        ``siting.mix_all_covered`` (or ``mix_told_covered``, where not all homes tell the group)
        where nobody lives beyond a limit, ``siting.no_remedy`` where money is short,
        ``siting.no_remedy_at_all`` where no money would help, ``analysis.unknown_kind``
        and those of the solver.

    Notes
    -----
    The solver adds up what each remedy brings by itself, which is exact for facilities; two links,
    or a link and a facility, may bring more together or serve the same homes. So its choice is
    assessed anew on the changed network, and improved by swaps that are assessed too.
    """
    if not is_number(budget) or not 0 < budget < np.inf:
        raise InputError("siting.bad_budget", value=budget)
    offered, given = grouped("best_mix", keywords, places or PlaceOptions(), limits or Limits())
    counted = group or assessment.groups[0]
    judged = list(kinds_named(kinds) or assessment.judged_kinds)
    refuse_unjudged(assessment)
    for kind in judged:
        if assessment.limit_m(kind, counted) is None:
            raise no_limit(kind)
    _refuse_without_need(assessment, judged, counted)
    rows, made_up = _remedies(assessment, judged, counted, offered, links)
    # of use is what brings somebody: a home in which nobody of the group lives is no gain
    weight = weights(assessment, judged, counted)
    gains = stacked(rows, judged, len(assessment.distances)).T @ weight if rows else ()
    helpful = [row for row, gain in zip(rows, gains, strict=True) if gain > 0]
    if not helpful:
        raise InputError("siting.no_remedy_at_all")
    affordable = [row for row in helpful if row.cost <= budget]
    if not affordable:
        raise InputError("siting.no_remedy", budget=budget)
    covers = stacked(affordable, judged, len(assessment.distances))
    needed = (np.diff(covers.indptr) > 0) & (weight > 0)
    most = given.within(SECONDS)
    cost = [row.cost for row in affordable]
    siting = max_coverage(covers[needed], weight[needed], cost=cost, budget=budget, limits=most)
    table = pd.DataFrame(
        [[getattr(row, name) for name in _COLUMNS] for row in affordable], columns=_COLUMNS
    ).assign(alone=covers.T @ weight)
    changes = tuple(row.change for row in affordable)
    swapping = Search(most)
    chosen, gained, swaps = _improved(
        assessment, judged, counted, changes, table, siting.sites, budget, tries, swapping
    )
    along_streets = (offered.finding(made_up),) if made_up else ()
    # the solver pays for a building each; what is taken at one candidate shares it, as scenarios do
    taken = [affordable[row] for row in chosen]
    of_taken = [row.change for row in taken], [row.cost for row in taken]
    paid = shared_prices(assessment, *of_taken, offered.prices)
    table.loc[chosen, "cost"] = paid
    done = [replace(row, cost=price) for row, price in zip(taken, paid, strict=True)]
    built = list(_built(done))
    return Mix(
        assessment,
        tuple(judged),
        counted,
        budget,
        table,
        changes,
        siting,
        chosen,
        gained,
        swaps,
        (
            *along_streets,
            *offered.doors_unsure(assessment, judged),
            *taken_twice(assessment, done, taken, listed=offered.sites is None),
            *_could_share(assessment, helpful, done, offered.prices, budget),
            *small_sites(assessment, built),
            *_of_one_year(done),
            *search_findings(siting),
            *(new_as_asked(assessment.question) if built else ()),
        ),
        offered.prices,
    )


def _refuse_without_need(assessment: Assessment, judged: Sequence[str], group: str) -> None:
    """Refuse where nobody lives beyond a limit, of those of whom it is told: no money helps."""
    people = people_of(assessment, group)
    for kind in judged:
        limit_m = assessment.limit_m(kind, group)
        if limit_m is not None and (uncovered(assessment, kind, limit_m) & (people > 0)).any():
            return
    told = "told" if group_notes(assessment.district, group) else "all"
    raise InputError(f"siting.mix_{told}_covered", kinds=", ".join(judged), group=group)


def _could_share(
    assessment: Assessment,
    offered: Sequence[Action],
    taken: Sequence[Action],
    prices: Costs,
    budget: float,
) -> Iterator[Finding]:
    """Tell of places where several kinds cost less together, and not more than there is."""
    inside: dict[str, list[Action]] = {}
    for each in offered:
        if each.remedy == "build":
            inside.setdefault(built_at(each.kind, each.action_id), []).append(each)
    shared = Counter(place for _, place in _built(taken))
    cheaper = 0
    for place, actions in inside.items():
        if len(actions) < 2 or shared[place] > 1:  # of what is taken together it is told already
            continue
        alone = [each.cost for each in actions]
        if max(alone) > budget:  # together they cost no less
            continue
        together = shared_prices(assessment, [each.change for each in actions], alone, prices)
        cheaper += math.fsum(together) <= min(budget, math.fsum(alone) - 1e-9)
    if cheaper:
        yield Finding("siting.could_share", {"count": cheaper})


def _of_one_year(actions: Iterable[Action]) -> Iterator[Finding]:
    """Tell that longer hours are priced for one year, beside what is paid once."""
    yearly = [each.cost for each in actions if isinstance(each.change, ExtendHours)]
    if yearly:
        cost = round(math.fsum(yearly), 2)
        yield Finding("siting.price_of_one_year", {"count": len(yearly), "cost": cost})


def _built(actions: Iterable[Action]) -> Iterator[tuple[str, str]]:
    """Yield kind and place of what is built."""
    for each in actions:
        if each.remedy == "build":
            yield each.kind, built_at(each.kind, each.action_id)


def _remedies(
    assessment: Assessment, judged: Sequence[str], group: str, offered: PlaceOptions, links: int
) -> tuple[list[Action], list[str]]:
    """Return all that money could be spent on, and the kinds whose places are along the streets."""
    rows: list[Action] = []
    made_up = []
    for kind in judged:
        sites, notes = offered.offered(assessment, kind)
        rows += facility_actions(assessment, kind, group, sites, offered.prices)
        made_up += [kind] if notes else []
    if links:
        rows += _links(assessment, judged, group, links, offered.prices)
    return rows, made_up


def _links(
    assessment: Assessment, kinds: Sequence[str], group: str, count: int, prices: Costs
) -> list[Action]:
    """Return the best links, each with the homes that it brings by itself.

    A link brings nobody nearer to a kind of which nothing is open, or which the standard measures
    as the crow flies; such kinds are not asked about.
    """
    reach = assessment.reach
    open_kinds = [
        kind
        for kind in kinds
        if reach.measure_of(kind) == "walk" and reach.counting(kind, if_unknown=True).any()
    ]
    if not open_kinds:
        return []
    links = best_links(assessment, open_kinds, group, count)
    # what the map is to say is nothing that money buys
    links = links[links["work"] != SETTLE_WAY].reset_index(drop=True)
    actions = []
    for number, row in enumerate(links.itertuples()):
        gained = gained_homes(assessment, links.iloc[[number]], open_kinds, group)
        gained = gained.reindex(columns=list(kinds), fill_value=False)
        # homes of one kind below those of the kind before it
        gains = np.flatnonzero(gained[list(kinds)].to_numpy(dtype=np.bool_).T).astype(np.int64)
        change = link_changes(links.iloc[[number]])[0]
        cost = prices.link(str(row.work), float(row.length_m))
        name = str(row.gate_name or row.barrier_name)
        middle = ((row.x1 + row.x2) / 2, (row.y1 + row.y2) / 2)
        key = f"link:{row.x1:.1f},{row.y1:.1f}"
        made = Action(key, "link", "", name, cost, change, gains, "", *middle)
        actions.append(made)
    return actions


def _gained(
    assessment: Assessment, kinds: Sequence[str], group: str, changes: Sequence[Change]
) -> float:
    """Return the residents that changes bring, summed over kinds, by a new assessment."""
    after = assessment.apply(Scenario("mix", changes))
    people = people_of(assessment, group)
    gains = _gains(assessment, after, kinds, group)
    return sum(float(people[gained].sum()) for gained in gains.T)


def _gains(assessment: Assessment, after: Assessment, kinds: Sequence[str], group: str) -> Bool:
    """Return which homes (rows) come within the limit of which kinds (columns)."""
    columns = []
    for kind in kinds:
        limit = assessment.limit_m(kind, group)
        assert limit is not None
        now = after.distances[kind].to_numpy() <= limit
        columns.append(now & uncovered(assessment, kind, limit))
    return np.column_stack(columns)


def _improved(
    assessment: Assessment,
    kinds: Sequence[str],
    group: str,
    changes: Sequence[Change],
    table: pd.DataFrame,
    first: I64,
    budget: float,
    tries: int,
    search: Search,
) -> tuple[I64, float, int]:
    """Add and swap actions while a new assessment finds more residents, within the budget."""
    cost, alone = table["cost"].to_numpy(), table["alone"].to_numpy()

    def exact(chosen: list[int]) -> float:
        return _gained(assessment, kinds, group, [changes[row] for row in chosen])

    best = [int(row) for row in first]
    gained, swaps, left = exact(best), 0, tries
    for row in np.argsort(-alone, kind="stable"):
        if left <= 0 or search.interrupted:
            break
        if row in best or alone[row] <= 0:
            continue
        weakest = sorted(best, key=lambda each: alone[each])[:1]
        for dropped in ([], weakest):
            trial = [each for each in best if each not in dropped] + [int(row)]
            if cost[trial].sum() > budget or len(trial) == len(best) == 0:
                continue
            left -= 1
            found = exact(trial)
            if found > gained + 1e-9:
                best, gained, swaps = trial, found, swaps + 1
                break
    return np.sort(np.array(best, dtype=np.int64)), gained, swaps
