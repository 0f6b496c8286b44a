"""Key figures of both questions of the page: what changes, the share covered, proof and cost."""

from __future__ import annotations

from collections.abc import Mapping

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import key_figures, plan_figures
from planner.app.widgets.key_figures import Figure
from planner.siting.proposals.proposal import Proposal
from planner.siting.relocation.relocation import Relocation
from planner.views.words.provenance import range_line


def draw(
    context: Context,
    result: Assessment,
    found: Proposal | Relocation,
    rates: tuple[float, float],
    row: Mapping[str, float],
    change: Figure,
    cost_help: str,
    key: str,
) -> None:
    """Draw the figures.

    Parameters
    ----------
    found
        The answer.
    rates
        Shares covered before and after.
    row
        What is known of the share afterwards; see :mod:`planner.views.words.ranges`.
    change
        The figure that comes first: residents gained, or net.
    cost_help
        What the cost is made up of.
    key
        Of the row of figures.
    """
    labels, word, kinds = context.labels, context.word, [found.kind]
    before, after = rates
    points = plan_figures.signed((after - before) * 100, 1)
    share = Figure(
        word("siting.metric_share"),
        labels.percent(after),
        word("siting.metric_share_help"),
        "coverage",
        kinds,
        plan_figures.PLACES,
        range_line(row, labels),
        delta=word("app_what_if.points", value=points) if abs(after - before) > 0 else "",
        before=labels.percent(before),
    )
    gap = plan_figures.proof(
        context,
        word("siting.metric_gap"),
        word("siting.metric_gap_help"),
        optimal=found.optimal,
        gap=found.gap,
        kinds=kinds,
    )
    cost = plan_figures.money(context, word("siting.metric_cost"), found.cost, cost_help)
    key_figures.draw(context, result, [change, share, gap, cost], key)
