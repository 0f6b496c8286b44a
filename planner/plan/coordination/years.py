"""What is decided, year by year: coverage as it is built, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import together

COLUMNS = ("kind", "group", "judged", "limit_m", "covered", "unknown", "share")


@dataclass(frozen=True, eq=False)
class JointPlan:
    """The decided proposals carried out in the order of their years. Made by :func:`joint_plan`.

    Parameters
    ----------
    years
        ``"today"``, each year in which something is done, and last ``"open"``, with the proposals
        whose year is open.
    coverage
        One row for each year, kind and group: ``year``,
        the columns of :data:`COLUMNS` as a new assessment has them, and ``gained`` against today.
    costs
        One row for each year and department: ``year``, ``department``, ``currency``, ``proposals``,
        ``cost`` of those whose cost is known, and ``unpriced``, how many there are without one.
    after
        The assessment at the end of each year, in their order.
    """

    years: tuple[str, ...]
    coverage: pd.DataFrame
    costs: pd.DataFrame
    after: tuple[Assessment, ...]


def joint_plan(assessment: Assessment, decided: Sequence[Proposal]) -> JointPlan:
    """Carry out what is decided, year by year.

    Parameters
    ----------
    assessment
        The workspace as it is.
    decided
        Proposals in the order of building, see :meth:`planner.plan.Plan.decided`.

    Raises
    ------
    InputError
        Where a change cannot be made to the workspace.
    """
    of_year: dict[str, list[Proposal]] = {}
    for each in decided:
        of_year.setdefault("open" if each.year is None else str(each.year), []).append(each)
    years = sorted(of_year, key=lambda year: (year == "open", year))
    states, done = [assessment], list[Proposal]()
    for year in years:
        done += of_year[year]
        # from today each time: exactly what a new assessment of that year says
        scenario = together(year, done)
        states.append(assessment.apply(scenario) if scenario.changes else assessment)
    names = ("today", *years)
    tables = [
        state.summary()[list(COLUMNS)].assign(year=name)
        for name, state in zip(names, states, strict=True)
    ]
    coverage = pd.concat(tables, ignore_index=True)
    first = tables[0].set_index(["kind", "group"])["covered"]
    before = pd.MultiIndex.from_frame(coverage[["kind", "group"]]).map(first.to_dict())
    coverage["gained"] = coverage["covered"] - before.to_numpy()
    return JointPlan(names, coverage, _costs(of_year, years), tuple(states))


def _costs(of_year: dict[str, list[Proposal]], years: Sequence[str]) -> pd.DataFrame:
    rows: dict[tuple[str, str, str], list[Proposal]] = {}
    for year in years:
        for each in of_year[year]:
            rows.setdefault((year, each.department, each.currency), []).append(each)
    found = [
        {
            "year": year,
            "department": department,
            "currency": currency,
            "proposals": len(them),
            "cost": sum(each.cost for each in them if each.cost is not None),
            "unpriced": sum(each.cost is None for each in them),
        }
        for (year, department, currency), them in rows.items()
    ]
    columns = ["year", "department", "currency", "proposals", "cost", "unpriced"]
    return pd.DataFrame(found, columns=columns)
