"""What of an advice becomes one proposal each, at the price that the advice itself has for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import pandas as pd

from planner.analysis.links.links import link_changes
from planner.district import Scenario
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.plan.proposals.changes import grouped
from planner.siting.change_prices import prices_of
from planner.siting.costs import Costs, builtin_costs, check_currency

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.budget import Mix
    from planner.siting.one_stop_sites.answers import OneStopProposal
    from planner.siting.proposals.proposal import Proposal as Sites
    from planner.siting.relocation.relocation import Relocation

    Advice: TypeAlias = Sites | OneStopProposal | Relocation | Mix | Scenario | gpd.GeoDataFrame

_ORIGINS = {
    "OneStopProposal": "one_stop",
    "Relocation": "move",
    "Mix": "budget",
    "Proposal": "site",
    "Scenario": "what_if",
}


@dataclass(frozen=True)
class Part:
    """What becomes one proposal.

    Parameters
    ----------
    steps
        What is done.
    cost
        Its price; None where not all of it has one.
    """

    steps: tuple[Change, ...]
    cost: float | None = None


@dataclass(frozen=True)
class Parts:
    """An advice taken apart. Made by :func:`parts_of`.

    Parameters
    ----------
    origin
        What it is made from: one of :data:`planner.plan.proposals.origins.ORIGINS`.
    parts
        What becomes a proposal each.
    costs
        The list of prices that their costs are by.
    """

    origin: str
    parts: tuple[Part, ...]
    costs: Costs


def parts_of(advice: Any, about: Assessment, costs: Costs | None = None) -> Parts:
    """Take an advice apart into what becomes one proposal each.

    An advice that was priced keeps its prices; a scenario, changes, and links without a column
    ``cost`` are priced by one list, as scenarios that are compared
    (:func:`planner.siting.change_prices.prices_of`).

    Parameters
    ----------
    advice
        As of :func:`planner.plan.proposals.making.drafts`.
    about
        The workspace that it is about.
    costs
        Prices of what has none yet; those that ship where none are given.

    Raises
    ------
    InputError
        ``siting.other_currency`` for prices in another currency than the district's.
    """
    origin = _origin(advice)
    if origin in _PRICED:
        return Parts(origin, tuple(_PRICED[origin](advice)), advice.costs)
    prices = costs or builtin_costs()
    check_currency(prices, about.district.money)
    if isinstance(advice, gpd.GeoDataFrame):
        return Parts(origin, tuple(_links(advice, about, prices)), prices)
    steps = advice.changes if isinstance(advice, Scenario) else tuple(advice)
    return Parts(origin, tuple(_together(steps, prices_of(about, steps, prices))), prices)


def _origin(advice: object) -> str:
    if isinstance(advice, gpd.GeoDataFrame):
        return "link"
    return _ORIGINS.get(type(advice).__name__, "what_if")


def _links(links: gpd.GeoDataFrame, about: Assessment, prices: Costs) -> Iterable[Part]:
    steps = link_changes(links)
    told = links["cost"] if "cost" in links else prices_of(about, steps, prices)
    return [Part((step,), known(cost)) for step, cost in zip(steps, told, strict=True)]


def _sites(advice: Sites) -> Iterable[Part]:
    costs = advice.sites["cost"]
    return [Part((step,), known(cost)) for step, cost in zip(advice.changes(), costs, strict=True)]


def _actions(advice: Mix) -> Iterable[Part]:
    costs = advice.actions["cost"].to_numpy()[advice.chosen]
    return _together(advice.scenario().changes, costs)


def _buildings(advice: OneStopProposal) -> Iterable[Part]:
    """Yield the parts of a one-stop proposal: all kinds of a building are one."""
    steps = iter(advice.changes())
    for building in advice.buildings.itertuples():
        inside = [next(steps) for _ in str(building.kinds).split(";")]
        yield Part(tuple(dict.fromkeys(inside)), known(building.cost))


def _moves(advice: Relocation) -> Iterable[Part]:
    """Yield the moves; into a unit's facility it is a closing and an opening.

    A new place has a price. What a closing costs, or saves, nobody has told.
    """
    found: list[tuple[Change, ...]] = []
    for step in advice.changes():
        if isinstance(step, changes.OpenInternal) and found:
            found[-1] = (*found[-1], step)
        else:
            found.append((step,))
    for steps, row in zip(found, advice.plan.itertuples(), strict=True):
        yield Part(steps, known(row.cost) if row.does == "move" else None)


_PRICED: dict[str, Callable[[Any], Iterable[Part]]] = {
    "site": _sites,
    "one_stop": _buildings,
    "move": _moves,
    "budget": _actions,
}


def _together(steps: Sequence[Change], prices: Iterable[float]) -> Iterable[Part]:
    """Yield what is done at one place each, with its price; none where a step has none."""
    told = list(prices)
    for rows in grouped(steps):
        costs = [known(told[row]) for row in rows]
        all_known = [cost for cost in costs if cost is not None]
        cost = math.fsum(all_known) if len(all_known) == len(costs) else None
        yield Part(tuple(steps[row] for row in rows), cost)


def known(value: Any) -> float | None:
    """Return an amount of a table, None for an empty cell."""
    return None if pd.isna(value) else float(value)
