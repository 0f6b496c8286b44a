"""Scenarios of one district side by side: what they bring, cost, and bring for the money."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.district import Scenario
from planner.errors import Finding, InputError
from planner.own_copies import own_tables
from planner.siting.change_prices import prices_of
from planner.siting.costs import Costs, builtin_costs, check_currency
from planner.siting.done_once import done_once

MEASURES = (
    "gained_sum",
    "gained_unsure",
    "cost",
    "gained_per_cost",
    "unpriced",
    "share",
    "share_low",
    "share_high",
    "gained",
)
"""What a comparison of scenarios tells; from ``share`` on of each kind."""

_ENDS = ("share_low", "share_high")


@own_tables("table")
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
            of each judged kind, those newly within the limit less those no longer; ``share_low``
            and ``share_high``, between which the share lies (only of kinds of which some scenario
            leaves too many unknown to tell one share, NaN there); ``gained_sum``
            over the kinds; ``gained_unsure``, those of them of whom it is not known that they lack
            the kind today (only where there are some); ``cost`` of the changes that have a price,
            in units of the currency; ``unpriced``, how many have none; ``gained_per_cost``, gained
            for each unit of money, NaN where it costs nothing or some change has no price.
        """
        return pd.DataFrame(
            [row for number in range(len(self.scenarios)) for row in self._rows(number)],
            columns=["scenario", "measure", "kind", "value"],
        ).astype({"value": "float64"})

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Which changes of a scenario are not paid: done twice, undone again, or there already."""
        return self.unpaid([each.name for each in self.scenarios])

    def unpaid(self, names: Sequence[str]) -> tuple[Finding, ...]:
        """Return :attr:`findings` with other names of the scenarios, in their order."""
        district = self.assessment.district
        return tuple(
            finding
            for name, each in zip(names, self.scenarios, strict=True)
            for finding in done_once(district, each.changes).findings(name)
        )

    @cached_property
    def _unsure(self) -> list[float]:
        """How many gains of each scenario may be none.

        See :meth:`~planner.analysis.comparison.Comparison.unsure`.
        """
        found = []
        for after in self.after:
            both = compare(self.assessment, after)
            found.append(sum(both.unsure(kind, self.group) for kind in both.kinds))
        return found

    def _rows(self, number: int) -> list[tuple[int, str, str, float]]:
        after, scenario = self.after[number], self.scenarios[number]
        rows = compare(self.assessment, after).summary()
        judged = rows["kind"].isin(after.judged_kinds) & (rows["group"] == self.group)
        rows = rows[judged].set_index("kind")
        prices = prices_of(self.assessment, scenario.changes, self.costs)
        unpriced = sum(map(math.isnan, prices))
        cost = float(np.nansum(prices)) if prices else 0.0
        gained = float(rows["covered_change"].sum())
        worth = gained / cost if cost > 0 and not unpriced else math.nan
        unsure = self._unsure[number]
        whole = {
            "gained_sum": gained,
            **({"gained_unsure": unsure} if any(self._unsure) else {}),
            "cost": cost,
            "gained_per_cost": worth,
            "unpriced": float(unpriced),
        }
        told = [(number, name, "", value) for name, value in whole.items()]
        ranges = self._ranges[number]
        told_apart = rows.index[rows.index.isin(sorted(self._ranged))]
        columns = {
            "share": rows["share_after"],
            **{end: ranges[end].reindex(told_apart) for end in _ENDS},
            "gained": rows["covered_change"],
        }
        for measure, values in columns.items():
            told += [(number, measure, str(kind), float(value)) for kind, value in values.items()]
        return told

    @cached_property
    def _ranges(self) -> list[pd.DataFrame]:
        """Both ends of the share of each kind, NaN where a count is withheld; one a scenario."""
        found = []
        for after in self.after:
            rows = after.league("district")
            rows = rows[rows["group"] == self.group].set_index("kind")
            counted = rows[["total", "covered", "uncovered", "unknown"]].notna().all(axis=1)
            found.append(rows.where(counted)[["share", "unknown", *_ENDS]])
        return found

    @cached_property
    def _ranged(self) -> set[str]:
        """Kinds of which some scenario leaves too many unknown to tell one share."""
        return {
            str(kind)
            for rows in self._ranges
            for kind in rows.index[rows["share"].isna() & (rows["unknown"] > 0)]
        }


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
        For a group that is not counted, a scenario that cannot be carried out, or prices in another
        currency than the district's (``siting.other_currency``).
    """
    wanted = assessment.groups[0] if group is None else group
    if wanted not in assessment.groups:
        known = ", ".join(assessment.groups)
        raise InputError("analysis.unknown_group", group=wanted, known=known)
    told = tuple(scenarios)
    if after is None:
        after = [assessment.apply(each) for each in told]
    prices = costs or builtin_costs()
    check_currency(prices, assessment.district.money)
    return ScenarioComparison(assessment, told, tuple(after), wanted, prices)
