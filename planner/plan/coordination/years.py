"""What is decided, year by year: coverage as it is built, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.levels import Level
from planner.district import Scenario
from planner.plan.coordination.areas import by_area, homes_beyond, left_out
from planner.plan.coordination.fitting import Misfit, carried_out
from planner.plan.coordination.money import bought
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import together
from planner.plan.targets.budgets import price_range

COLUMNS = ("kind", "group", "judged", "limit_m", "covered", "uncovered", "unknown", "share")


@dataclass(frozen=True, eq=False)
class JointPlan:
    """The decided proposals carried out in the order of their years. Made by :func:`joint_plan`.

    Parameters
    ----------
    years
        ``"today"``, each year in which something is done, and last ``"open"``, with the proposals
        whose year is open. A way that opened counts from the year in which it did, whatever year it
        was planned for.
    coverage
        One row for each year, kind and group: ``year``,
        the columns of :data:`COLUMNS` as a new assessment has them, and ``gained`` against today.
    costs
        One row for each year and department: ``year``, ``department``, ``currency``, ``proposals``,
        ``cost`` to ``cost_most`` of those whose cost is known, and ``unpriced``, how many there are
        without one.
    after
        The assessment at the end of each year, in their order.
    misfits
        Decided proposals that count nowhere in this, since they cannot be carried out on the data
        as they are, or exclude one before them.
    """

    years: tuple[str, ...]
    coverage: pd.DataFrame
    costs: pd.DataFrame
    after: tuple[Assessment, ...]
    misfits: tuple[Misfit, ...] = ()

    def areas(self, level: Level = "community", kind: str | None = None) -> pd.DataFrame:
        """Return coverage by area, see :func:`planner.plan.coordination.areas.by_area`."""
        return by_area(self.years, self.after, level, kind)

    def left_out(
        self, year: str = "", level: Level = "community", kind: str | None = None
    ) -> pd.DataFrame:
        """Return who is still left out after a year, the last where none is named.

        See :func:`planner.plan.coordination.areas.left_out`.
        """
        return left_out(self._at_end(year), level, kind)

    def homes_beyond(
        self, year: str = "", level: Level = "community", kind: str | None = None
    ) -> pd.DataFrame:
        """Return the homes beyond the limits in every area, as :meth:`left_out` counts them.

        See :func:`planner.plan.coordination.areas.homes_beyond`.
        """
        return homes_beyond(self._at_end(year), level, kind)

    def _at_end(self, year: str) -> Assessment:
        return self.after[self.years.index(year) if year else -1]

    def money(self, group: str | None = None) -> pd.DataFrame:
        """Return what the money buys, see :func:`planner.plan.coordination.money.bought`.

        Parameters
        ----------
        group
            Whose residents count; the total where none is given.
        """
        return bought(self.coverage, self.costs, group or self.after[0].groups[0])


def joint_plan(assessment: Assessment, decided: Sequence[Proposal]) -> JointPlan:
    """Carry out what is decided, year by year.

    Parameters
    ----------
    assessment
        The workspace as it is.
    decided
        Proposals in the order of building, see :meth:`planner.plan.Plan.decided`.
    """
    # on today's data, since the marks are of today by which facilities are known
    fitting, misfits = carried_out(assessment.district, decided)
    of_year: dict[str, list[Proposal]] = {}
    for each in fitting:
        by = each.counts_from
        of_year.setdefault("open" if by is None else str(by), []).append(each)
    years = sorted(of_year, key=lambda year: (year == "open", year))
    states = [assessment]
    for year in years:
        # on top of the year before: exactly what a new assessment says, for only what is new
        steps = together(year, of_year[year])
        fresh = Scenario(year, steps.changes, steps.crs)
        states.append(states[-1].apply(fresh) if fresh.changes else states[-1])
    names = ("today", *years)
    tables = [
        state.summary()[list(COLUMNS)].assign(year=name)
        for name, state in zip(names, states, strict=True)
    ]
    coverage = pd.concat(tables, ignore_index=True)
    first = tables[0].set_index(["kind", "group"])["covered"]
    before = pd.MultiIndex.from_frame(coverage[["kind", "group"]]).map(first.to_dict())
    coverage["gained"] = coverage["covered"] - before.to_numpy()
    return JointPlan(names, coverage, _costs(of_year, years), tuple(states), tuple(misfits))


def _costs(of_year: dict[str, list[Proposal]], years: Sequence[str]) -> pd.DataFrame:
    rows: dict[tuple[str, str, str], list[Proposal]] = {}
    for year in years:
        for each in of_year[year]:
            rows.setdefault((year, each.department, each.currency), []).append(each)
    found = []
    for (year, department, currency), them in rows.items():
        known = [told for each in them if (told := price_range(each, currency)) is not None]
        found.append(
            {
                "year": year,
                "department": department,
                "currency": currency,
                "proposals": len(them),
                "cost": math.fsum(low for low, _ in known) if known else math.nan,
                "cost_most": (
                    math.fsum(high for _, high in known) if len(known) == len(them) else math.nan
                ),
                "unpriced": len(them) - len(known),
            }
        )
    columns = ["year", "department", "currency", "proposals", "cost", "cost_most", "unpriced"]
    return pd.DataFrame(found, columns=columns)
