"""What budgets and years give departments to talk about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from planner.plan.coordination.meeting.matter import Matter
from planner.plan.targets.budgets import Budget
from planner.plan.targets.orders import Exchange


def budget_matters(budgets: Iterable[Budget]) -> Iterator[Matter]:
    """Yield the limits that are or may be passed, with the proposals concerned."""
    for each in budgets:
        if each.state == "within":
            continue
        parts = (each.decided, each.asked) if "asked" in each.state else (each.decided,)
        over_low, over_high = each.over
        yield Matter(
            f"budget_{each.state}",
            (each.limit.department,),
            tuple(own for part in parts for own in part.proposals),
            (),
            0.0,
            {
                "limit_id": each.limit.id,
                "year": each.limit.year,
                "workspace": each.limit.workspace,
                "limit": each.limit.amount,
                "currency": each.limit.currency,
                "cost_low": sum(part.low for part in parts),
                "cost_high": sum(part.high for part in parts),
                "over_low": over_low,
                "over_high": over_high,
                "unpriced": sum(len(part.unpriced) for part in parts),
                "whole": each.whole,
                "elsewhere": each.elsewhere,
                "held": each.twice,
            },
        )


def exchange_matters(exchanges: Iterable[Exchange]) -> Iterator[Matter]:
    """Yield the pairs of proposals that should exchange their years."""
    for each in exchanges:
        early, late = each.years
        told = {"early": early, "late": late, "person_years": each.gained, "priced": each.priced}
        yield Matter("exchange", (each.department,), (each.early, each.late), each.kinds, 0.0, told)
