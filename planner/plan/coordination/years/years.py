"""What is decided, year by year: coverage as it is built, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.comparison import compare
from planner.analysis.coverage.levels import Level
from planner.errors import Finding
from planner.own_copies import own_tables
from planner.plan.coordination.fitting import Misfit, carried_out
from planner.plan.coordination.years.areas import by_area, homes_beyond, left_out
from planner.plan.coordination.years.kept_years import Years
from planner.plan.coordination.years.money import UNSURE, bought
from planner.plan.proposals.listed import gone
from planner.plan.proposals.prices import prices_of_a_year, site_faults
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import counts_as_asked
from planner.plan.targets.budgets import price_range
from planner.siting.findings import new_as_asked

COLUMNS = (
    *("kind", "group", "judged", "limit_m", "covered", "uncovered", "unknown"),
    *("share", "share_low", "share_high"),
)

MOST_NAMED = 5
"""Proposals that a finding names."""

_ABOUT = ("year", "department", "others", "currency", "state")

Guests = Mapping[str, tuple[str, ...]]
"""By id of a house, the departments beside its own whose rooms it builds."""


@own_tables("coverage", "costs")
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
        the columns of :data:`COLUMNS` as a new assessment has them, ``gained`` against today, and
        ``gained_unsure``, of how many of these it is not known that they lack it today,
        ``gained_more``, how many more may gain, and ``lost_unsure``, how many may lose, since it
        is not known of them then or today.
    costs
        One row for each year and department: ``year``, ``department``, ``others``, ``currency``,
        ``state``
        (``"counted"`` for what the years count, ``"opened"`` for what opened and is part of today,
        ``"misfit"`` for what is decided, no longer fits the data and counts in no year),
        ``proposals``, ``cost`` to ``cost_most`` of those whose cost is known, and
        ``unpriced``, how many there are without one. A house of several departments is paid by the
        one that builds it: such houses have a row of their own, whose ``others`` are the other
        departments with rooms in it, joined by ``;``. Money is of the year that a proposal is
        planned for, as limits of budgets count it; all states together are what those call decided.
    after
        The assessment at the end of each year, in their order.
    misfits
        Decided proposals that count nowhere in this, since they cannot be carried out on the data
        as they are, or exclude one before them.
    ahead
        Ways that opened before the year that they were planned for: they count from the one, and
        their money is of the other.
    findings
        What new facilities are taken to meet that do not tell their hours or services, and of which
        proposals the data tell another price by now.
    gone
        Proposals that opened and are not in the data: nothing of them counts, today or later.
    """

    years: tuple[str, ...]
    coverage: pd.DataFrame
    costs: pd.DataFrame
    after: tuple[Assessment, ...]
    misfits: tuple[Misfit, ...] = ()
    ahead: tuple[Proposal, ...] = ()
    findings: tuple[Finding, ...] = ()
    gone: tuple[Proposal, ...] = ()

    def areas(self, level: Level = "community", kind: str | None = None) -> pd.DataFrame:
        """Return coverage by area, see :func:`planner.plan.coordination.years.areas.by_area`."""
        return by_area(self.years, self.after, level, kind)

    def left_out(
        self, year: str = "", level: Level = "community", kind: str | None = None
    ) -> pd.DataFrame:
        """Return who is still left out after a year, the last where none is named.

        See :func:`planner.plan.coordination.years.areas.left_out`.
        """
        return left_out(self._at_end(year), level, kind)

    def homes_beyond(
        self, year: str = "", level: Level = "community", kind: str | None = None
    ) -> pd.DataFrame:
        """Return the homes beyond the limits in every area, as :meth:`left_out` counts them.

        See :func:`planner.plan.coordination.years.areas.homes_beyond`.
        """
        return homes_beyond(self._at_end(year), level, kind)

    def _at_end(self, year: str) -> Assessment:
        return self.after[self.years.index(year) if year else -1]

    def money(self, group: str | None = None) -> pd.DataFrame:
        """Return what the money buys, see :func:`planner.plan.coordination.years.money.bought`.

        Parameters
        ----------
        group
            Whose residents count; the total where none is given.
        """
        ahead = [(_year(each.counts_from), _year(each.year)) for each in self.ahead]
        return bought(self.coverage, self.costs, group or self.after[0].groups[0], ahead)


def joint_plan(
    assessment: Assessment,
    decided: Sequence[Proposal],
    opened: Sequence[Proposal] = (),
    kept: Years | None = None,
    guests: Guests | None = None,
) -> JointPlan:
    """Carry out what is decided, year by year.

    Parameters
    ----------
    assessment
        The workspace as it is.
    decided
        Proposals in the order of building, see :meth:`planner.plan.Plan.decided`.
    opened
        Those that opened and are part of today, see :meth:`planner.plan.Plan.opened`: only what
        they cost is told.
    kept
        Years that were carried out before on this assessment; none where none are given.
    guests
        By id of a house, the other departments with rooms in it, see
        :func:`planner.plan.coordination.houses.guests_of`.
    """
    # on today's data, since the marks are of today by which facilities are known
    fitting, misfits = carried_out(assessment.district, decided)
    of_year: dict[str, list[Proposal]] = {}
    for each in fitting:
        of_year.setdefault(_year(each.counts_from), []).append(each)
        # a year whose money is spent has a row, also where what it pays counts already
        of_year.setdefault(_year(each.year), [])
    years = sorted(of_year, key=lambda year: (year == "open", year))
    states, known = [assessment], kept or Years()
    done: tuple[str, ...] = ()
    for year in years:
        # on top of the year before: exactly what a new assessment says, for only what is new
        done, state = known.after(states[-1], done, year, of_year[year])
        states.append(state)
    names = ("today", *years)
    tables = [
        state.summary()[list(COLUMNS)].assign(year=name)
        for name, state in zip(names, states, strict=True)
    ]
    coverage = pd.concat(tables, ignore_index=True)
    first = tables[0].set_index(["kind", "group"])["covered"]
    before = pd.MultiIndex.from_frame(coverage[["kind", "group"]]).map(first.to_dict())
    coverage["gained"] = coverage["covered"] - before.to_numpy()
    unsure = pd.concat([_unsure(assessment, state) for state in states], ignore_index=True)
    coverage[list(UNSURE)] = unsure.where(coverage["gained"].notna(), axis=0)
    ahead = [each for each in fitting if _year(each.counts_from) != _year(each.year)]
    beside = _beside([each.proposal for each in misfits], opened)
    costs = _costs({"counted": fitting, **beside}, guests or {})
    steps = [step for each in fitting for step in each.changes]
    taken = tuple(new_as_asked(counts_as_asked(steps, assessment.question)))
    missing = tuple(gone(assessment.district, opened))
    told = (
        *taken,
        *site_faults(assessment.district, fitting),
        *years_passed(fitting, date.today().year),
        *prices_of_a_year(fitting),
    )
    return JointPlan(
        names, coverage, costs, tuple(states), tuple(misfits), tuple(ahead), told, missing
    )


def years_passed(decided: Sequence[Proposal], year: int) -> Iterator[Finding]:
    """Tell of what was decided for a year before this one, and is still to be done."""
    late = [x for x in decided if x.year is not None and x.year < year and x.status != "opened"]
    if late:
        names = ", ".join(each.title or each.id for each in late[:MOST_NAMED])
        yield Finding("plan.year_passed", {"count": len(late), "names": names, "year": year})


def _unsure(today: Assessment, state: Assessment) -> pd.DataFrame:
    """Return how many may gain less or more than is counted, a row for each of the summary."""
    both, rows = compare(today, state), state.summary()
    kinds = set(both.kinds)
    counts = (both.unsure, both.perhaps_within, both.perhaps_lost)
    told = [
        [count(str(kind), str(group)) if kind in kinds else 0.0 for count in counts]
        for kind, group in zip(rows["kind"], rows["group"], strict=True)
    ]
    return pd.DataFrame(told, columns=list(UNSURE))


def _year(year: int | None) -> str:
    return "open" if year is None else str(year)


def _beside(odd: Sequence[Proposal], opened: Sequence[Proposal]) -> dict[str, list[Proposal]]:
    """Return what is paid for and counts in no year; an opened way that the data have is open."""
    there = [each for each in odd if each.status == "opened"]
    return {
        "opened": [*opened, *there],
        "misfit": [each for each in odd if each.status != "opened"],
    }


def _costs(of_state: Mapping[str, Sequence[Proposal]], guests: Guests) -> pd.DataFrame:
    rows: dict[tuple[str, ...], list[Proposal]] = {}
    for state, proposals in of_state.items():
        for each in proposals:
            others = ";".join(guests.get(each.id, ()))
            about = (_year(each.year), each.department, others, each.currency, state)
            rows.setdefault(about, []).append(each)
    found = []
    ordered = sorted(rows.items(), key=lambda row: (row[0][0] == "open", row[0][0]))
    for key, them in ordered:
        currency = key[_ABOUT.index("currency")]
        known = [told for each in them if (told := price_range(each, currency)) is not None]
        found.append(
            {
                **dict(zip(_ABOUT, key, strict=True)),
                "proposals": len(them),
                "cost": math.fsum(low for low, _ in known) if known else math.nan,
                "cost_most": (
                    math.fsum(high for _, high in known) if len(known) == len(them) else math.nan
                ),
                "unpriced": len(them) - len(known),
            }
        )
    columns = [*_ABOUT, "proposals", "cost", "cost_most", "unpriced"]
    return pd.DataFrame(found, columns=columns)
