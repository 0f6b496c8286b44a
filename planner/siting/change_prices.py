"""What each change of a scenario costs by a list of prices, alone or sharing a building."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.distances.connections import as_walked
from planner.analysis.links.gates import gate_opened
from planner.analysis.links.obstacles import crossings, over
from planner.analysis.links.places import SETTLE_WAY, SPANNED, gates_to_open, shut_gate_on
from planner.analysis.links.settling import settled
from planner.arrays import F64
from planner.district import District, Money, Rule
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.siting.costs import Costs, list_unit
from planner.siting.done_once import Work, done_once

AT_CANDIDATE_M = 1.0
"""A facility that opens this near to a candidate costs what the candidate says, metres."""

LONGER, LONGER_M = 0.1, 5.0
"""A way as it is drawn and as it is surveyed is the same where it is longer by at most this share,
or by so many metres: streets are drawn along their middle, a way that is planned straight."""

PREMISES = "premises:"
"""How the building of facilities in the premises of another is called, before that one's id."""


def work_of(district: District, link: changes.Connect) -> str:
    """Return the work that a connection is: one of the works that have a price.

    It is that of the way that is walked, see
    :func:`planner.analysis.distances.connections.as_walked`: what lies between the line that was
    drawn and the streets is crossed too.

    Parameters
    ----------
    district
        The place, without the connection.
    link
        The connection.
    """
    link = as_walked(district, link)
    if gate_opened(district, link):
        return "open_gate"
    line = np.array([shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])], dtype=object)
    row, barrier = crossings(district, line)
    kinds = set(district.barriers["kind"].to_numpy(dtype=object)[barrier])
    spanned = bool(kinds.intersection(SPANNED))
    if not spanned and gates_to_open(district, line, row, barrier)[0]:
        return "open_gate"
    if _settles(district, link):
        return SETTLE_WAY
    if spanned:
        return "footbridge"
    if kinds:
        return "new_gate"
    passes = over(district, "road", line) | over(district, "siding", line)
    return "crossing" if passes[0] else "path"


def _settles(district: District, link: changes.Connect) -> bool:
    """Whether a connection is the cycleway that lies there, which a shorter one is not."""
    line = shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])
    way = settled(district, np.array([line], dtype=object))
    if not way.known[0] or shut_gate_on(district, way.lines[0]):
        return False
    return not shorter_than(link, float(way.walk_m[0]))


def shorter_than(link: changes.Connect, way_m: float) -> bool:
    """Whether a connection is shorter than a way, by more than ways differ as they are drawn.

    Examples
    --------
    >>> straight = changes.Connect(0.0, 0.0, 60.0, 0.0)
    >>> shorter_than(straight, 64.0), shorter_than(straight, 160.0)
    (False, True)
    """
    straight_m = math.hypot(link.x2 - link.x1, link.y2 - link.y1)
    length_m = max(link.length_m or 0.0, straight_m)
    return way_m > length_m + max(LONGER_M, LONGER * length_m)


def way_m(district: District, link: changes.Connect) -> float:
    """Return how long a connection is as it is walked, from street to street, metres."""
    walked = as_walked(district, link)
    return walked.length_m or math.hypot(walked.x2 - walked.x1, walked.y2 - walked.y1)


def change_cost(
    district: District, change: Change, costs: Costs, needed_m2: float | None = None
) -> float:
    """Return the price of a change, NaN where the list of prices has none for it.

    A facility that is closed, moved, turned into another kind or enlarged has no price.

    Parameters
    ----------
    district
        The place as it is; what a candidate costs goes before the list of prices.
    change, costs
        What is done, and the prices.
    needed_m2
        Least floor area of a new facility by the standard, which counts where neither it nor a
        candidate tells its own.
    """
    match change:
        case changes.Open():
            return _site(district, change, costs, needed_m2)
        case changes.OpenInternal():
            return costs.open_internal
        case changes.ExtendHours():
            return costs.extend_hours
        case changes.AddService():
            return costs.add_service
        case changes.Connect():
            return costs.link(work_of(district, change), way_m(district, change))
    return math.nan


def _site(district: District, change: changes.Open, costs: Costs, needed_m2: float | None) -> float:
    """Return the price of a new facility that has its building for itself."""
    own = own_price(district, change)
    if own is not None:
        return own
    row = _candidate(district, change, "floor_area_m2")
    # the whole candidate, not the part of one kind
    if row is not None and (change.building or change.floor_area_m2 is None):
        return costs.site(float(district.candidates["floor_area_m2"].iloc[row]))
    if change.floor_area_m2 is None and needed_m2:
        return costs.site(needed_m2)
    return costs.site(change.floor_area_m2)


def own_price(district: District, change: Change) -> float | None:
    """Return what the candidate costs at which a facility opens or goes, None where none tells it.

    It is in the unit of the district's prices, whatever the list of prices is in.
    """
    row = _own(district, change)
    return None if row is None else float(district.candidates["cost"].iloc[row])


def _own(district: District, change: Change) -> int | None:
    """Return the row of the candidate that tells what a change costs; None for none."""
    if not isinstance(change, changes.Open | changes.Move):
        return None
    return _candidate(district, change, "cost")


def candidate_areas_m2(district: District, places: Sequence[Any]) -> F64:
    """Return the floor area of the candidate at each place, NaN where none there tells it.

    Of several at one place that counts which is nearest, as it does for the price.

    Parameters
    ----------
    district
        With its candidates.
    places
        Points in its CRS.
    """
    areas: F64 = np.full(len(places), np.nan)
    tree = shapely.STRtree(district.candidates.geometry.to_numpy())
    near, _ = tree.query(places, predicate="dwithin", distance=AT_CANDIDATE_M)
    for number in np.unique(near):
        row = _candidate_at(district, places[number], "floor_area_m2")
        if row is not None:
            areas[number] = district.candidates["floor_area_m2"].iloc[row]
    return areas


def _candidate(district: District, change: changes.Open | changes.Move, column: str) -> int | None:
    """Return the row of the candidate where something opens or goes; None for none."""
    return _candidate_at(district, shapely.Point(change.x, change.y), column)


def _candidate_at(district: District, place: Any, column: str) -> int | None:
    """Return the row of the candidate at a place that tells a figure; None for none."""
    layer = district.candidates
    if not len(layer):
        return None
    away = shapely.distance(layer.geometry.to_numpy(), place)
    told = layer[column].to_numpy(dtype=np.float64)
    near = np.flatnonzero((away <= AT_CANDIDATE_M) & ~np.isnan(told))
    return int(near[away[near].argmin()]) if near.size else None


def unit_of_price(district: District, steps: Sequence[Change], costs: Costs) -> str | None:
    """Return what the price of some changes together is in, None where it is in no one unit.

    A price that a candidate tells is in the district's unit, all others in that of the list; where
    the list is one of placeholders, the two may differ, and their sum is in neither. Empty where
    nobody told the unit.

    Parameters
    ----------
    district
        The place.
    steps
        What is done; a closing has no price.
    costs
        The list of prices.
    """
    of_district, listed = str(district.money), unit_of_list(district, costs)
    if listed == of_district:
        return listed
    priced = [step for step in steps if not isinstance(step, changes.Close)]
    told = {_own(district, step) for step in priced}
    if told <= {None}:
        return listed
    # what shares a building is less dear by prices of the list
    return of_district if None not in told and len(told) == len(priced) else None


def money_of(district: District, costs: Costs, steps: Sequence[Change] | None = None) -> Money:
    """Return what sums of prices are in: of some steps, or of all that may be chosen.

    Parameters
    ----------
    district, costs
        The place and the list of prices.
    steps
        What is done; where nothing is chosen yet, every candidate of the district may be.

    Returns
    -------
    Money
        Empty where placeholders stand beside prices of candidates: such a sum is no money.
    """
    listed = list_unit(district.money, costs)
    if listed == district.money:
        return listed
    if steps is None:
        told = district.candidates["cost"].notna()
        if told.any():
            return district.money if told.all() else Money()
        return listed
    unit = unit_of_price(district, steps, costs)
    return Money() if unit is None else Money.read(unit)


def unit_of_list(district: District, costs: Costs) -> str:
    """Return what the prices of a list are in, see :func:`planner.siting.costs.list_unit`."""
    return str(list_unit(district.money, costs))


def prices_of(assessment: Assessment, scenario: Sequence[Change], costs: Costs) -> list[float]:
    """Return the price of each change, those that share a building as a one-stop proposal's.

    Facilities that open at one candidate share its building. The dearest in a building costs what
    it costs alone; each further one, and each in premises of another facility, its own price less
    what sharing saves; see
    :func:`planner.propose_one_stop`. What is done twice is paid once, and what is undone again, or
    there already, costs nothing; see :func:`planner.siting.done_once.done_once`.

    Parameters
    ----------
    assessment
        The district as it is; the least floor areas are those of its standard.
    scenario, costs
        What is done, and the prices.
    """
    rules, district = assessment.standard.rules, assessment.district
    work = done_once(district, scenario)
    prices = [
        0.0 if number in work.unpaid else change_cost(district, step, costs, _least_m2(rules, step))
        for number, step in enumerate(work.steps)
    ]
    return _shared(assessment, work, prices, costs)


def shared_prices(
    assessment: Assessment, scenario: Sequence[Change], alone: Sequence[float], costs: Costs
) -> list[float]:
    """Return the price of each change as :func:`prices_of` does, by what each costs alone.

    Parameters
    ----------
    assessment, scenario, costs
        As of that function.
    alone
        What each change costs where no other shares its building.
    """
    return _shared(assessment, done_once(assessment.district, scenario), alone, costs)


def _shared(
    assessment: Assessment, work: Work, alone: Sequence[float], costs: Costs
) -> list[float]:
    """Return the price of each change, those that share a building together."""
    rules, district = assessment.standard.rules, assessment.district
    prices = [0.0 if number in work.unpaid else price for number, price in enumerate(alone)]
    # what is not built shares no building
    inside = {n: at for n, at in _buildings(district, work.steps).items() if n not in work.unpaid}
    for building in dict.fromkeys(inside.values()):
        numbers = [number for number, at in inside.items() if at == building]
        own = np.array([prices[number] for number in numbers])
        least = [_least_m2(rules, work.steps[number]) for number in numbers]
        usual = np.array([costs.site(each or None) for each in least])
        shared = _in_building(building, own, usual, costs)
        for number, price in zip(numbers, shared, strict=True):
            prices[number] = price
    return prices


def _least_m2(rules: Mapping[str, Rule], change: Change) -> float | None:
    """Return the least floor area by the standard of what opens, None where it asks none."""
    rule = rules.get(getattr(change, "kind", ""))
    return None if rule is None else rule.floor_area_m2


def _buildings(district: District, scenario: Sequence[Change]) -> dict[int, str]:
    """Return in which building each facility opens that has a told one, by its number.

    What a candidate costs is the price of all of it: facilities that open at one candidate share
    its building whether that is told or not, so that nobody pays for the same site twice.
    """
    opened = {n: step for n, step in enumerate(scenario) if isinstance(step, changes.Open)}
    site: dict[int, str] = {}
    for number, step in opened.items():
        if step.building.startswith(PREMISES):
            continue
        row = _candidate(district, step, "cost")
        if row is None and (step.building or step.floor_area_m2 is None):
            row = _candidate(district, step, "floor_area_m2")
        if row is not None:
            site[number] = f"site:{row}"
    of = {opened[number].building: at for number, at in site.items() if opened[number].building}
    found = {n: site.get(n) or of.get(step.building, step.building) for n, step in opened.items()}
    return {number: building for number, building in found.items() if building}


def _in_building(building: str, alone: F64, usual: F64, costs: Costs) -> list[float]:
    """Return the prices of kinds in one building, (n,).

    Each alone there would cost `alone`, and in a building of the least floor area `usual`.
    """
    kept = 1.0 - costs.one_stop_saving
    if building.startswith(PREMISES):
        return [float(price) for price in usual * kept]
    added = kept * np.minimum(alone, usual)
    dearest = int(added.argmax())
    added[dearest] = alone[dearest]
    return [float(price) for price in added]
