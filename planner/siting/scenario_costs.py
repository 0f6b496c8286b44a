"""What scenarios cost by a list of prices, what they bring, and what they bring for the money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.analysis.links.gates import gate_opened
from planner.analysis.links.obstacles import crossings, over
from planner.analysis.links.places import SPANNED
from planner.district import District, Scenario
from planner.district.scenarios import scenario as changes
from planner.district.scenarios.scenario import Change
from planner.errors import InputError
from planner.siting.costs import Costs, builtin_costs

AT_CANDIDATE_M = 1.0
"""A facility that opens this near to a candidate costs what the candidate says, metres."""

MEASURES = ("gained_sum", "cost", "gained_per_cost", "unpriced", "share", "gained")
"""What a comparison of scenarios tells; the last two of each kind."""


def work_of(district: District, link: changes.Connect) -> str:
    """Return the work that a connection is: one of the works that have a price.

    Parameters
    ----------
    district
        The place, without the connection.
    link
        The connection.
    """
    if gate_opened(district, link):
        return "open_gate"
    line = np.array([shapely.LineString([(link.x1, link.y1), (link.x2, link.y2)])], dtype=object)
    _, barrier = crossings(district, line)
    kinds = set(district.barriers["kind"].to_numpy(dtype=object)[barrier])
    if kinds.intersection(SPANNED):
        return "footbridge"
    if kinds:
        return "new_gate"
    passes = over(district, "road", line) | over(district, "siding", line)
    return "crossing" if passes[0] else "path"


def change_cost(district: District, change: Change, costs: Costs) -> float:
    """Return the price of a change, NaN where the list of prices has none for it.

    A facility that is closed, moved, turned into another kind or enlarged has no price.

    Parameters
    ----------
    district
        The place as it is; what a candidate costs goes before the list of prices.
    change, costs
        What is done, and the prices.
    """
    match change:
        case changes.Open():
            return _site(district, change, costs)
        case changes.OpenInternal():
            return costs.open_internal
        case changes.ExtendHours():
            return costs.extend_hours
        case changes.AddService():
            return costs.add_service
        case changes.Connect():
            straight_m = math.hypot(change.x2 - change.x1, change.y2 - change.y1)
            return costs.link(work_of(district, change), change.length_m or straight_m)
    return math.nan


def _site(district: District, change: changes.Open, costs: Costs) -> float:
    layer = district.candidates
    if len(layer):
        away = shapely.distance(layer.geometry.to_numpy(), shapely.Point(change.x, change.y))
        told = layer["cost"].to_numpy(dtype=np.float64)
        near = np.flatnonzero((away <= AT_CANDIDATE_M) & ~np.isnan(told))
        if near.size:
            return float(told[near[away[near].argmin()]])
    return costs.site(change.floor_area_m2)


@dataclass(frozen=True, eq=False)
class ScenarioComparison:
    """Scenarios of one district side by side. Made by :func:`compare_scenarios`.

    Parameters
    ----------
    assessment
        The district as it is.
    scenarios, after
        What is done in each, and the assessments afterwards.
    group
        Whose residents count.
    costs
        The prices.
    """

    assessment: Assessment
    scenarios: tuple[Scenario, ...]
    after: tuple[Assessment, ...]
    group: str
    costs: Costs

    @cached_property
    def table(self) -> pd.DataFrame:
        """What each scenario brings and costs, in rows that can be filtered.

        Returns
        -------
        DataFrame
            ``scenario`` (its place in the list, from 0), ``measure`` (of :data:`MEASURES`),
            ``kind`` (empty for the whole scenario) and ``value``: ``share`` 0 to 1 and ``gained``
            of each judged kind, those newly within the limit less those no longer; ``gained_sum``
            over the kinds; ``cost`` of the changes that have a price, in units of the currency;
            ``unpriced``, how many have none; ``gained_per_cost``, gained for each unit of money,
            NaN where it costs nothing or some change has no price.
        """
        return pd.DataFrame(
            [row for number in range(len(self.scenarios)) for row in self._rows(number)],
            columns=["scenario", "measure", "kind", "value"],
        ).astype({"value": "float64"})

    def _rows(self, number: int) -> list[tuple[int, str, str, float]]:
        after, scenario = self.after[number], self.scenarios[number]
        rows = compare(self.assessment, after).summary()
        judged = rows["kind"].isin(after.judged_kinds) & (rows["group"] == self.group)
        rows = rows[judged].set_index("kind")
        district = self.assessment.district
        prices = [change_cost(district, change, self.costs) for change in scenario.changes]
        unpriced = sum(map(math.isnan, prices))
        cost = float(np.nansum(prices)) if prices else 0.0
        gained = float(rows["covered_change"].sum())
        worth = gained / cost if cost > 0 and not unpriced else math.nan
        whole = {
            "gained_sum": gained,
            "cost": cost,
            "gained_per_cost": worth,
            "unpriced": float(unpriced),
        }
        told = [(number, name, "", value) for name, value in whole.items()]
        for measure, column in {"share": "share_after", "gained": "covered_change"}.items():
            told += [
                (number, measure, str(kind), float(value)) for kind, value in rows[column].items()
            ]
        return told


def compare_scenarios(
    assessment: Assessment,
    scenarios: Sequence[Scenario],
    *,
    group: str | None = None,
    costs: Costs | None = None,
    after: Sequence[Assessment] | None = None,
) -> ScenarioComparison:
    """Set scenarios of one district side by side: what they bring, cost, and bring for the money.

    Parameters
    ----------
    assessment
        The district as it is.
    scenarios
        What is done; one without changes is the district as it is.
    group
        Whose residents count; all where none is given.
    costs
        Prices; those that ship with the package, which nobody answers for, where none are given.
    after
        The assessments after each scenario, where they are there already.

    Raises
    ------
    InputError
        For a group that is not counted, or a scenario that cannot be carried out.
    """
    wanted = assessment.groups[0] if group is None else group
    if wanted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=wanted, known=known)
    if after is None:
        after = [assessment.apply(each) for each in scenarios]
    prices = costs or builtin_costs()
    return ScenarioComparison(assessment, tuple(scenarios), tuple(after), wanted, prices)
