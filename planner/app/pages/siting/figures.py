"""Key figures of both questions of the page: what changes, the share covered, proof and cost."""

from __future__ import annotations

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import key_figures, plan_figures
from planner.app.widgets.key_figures import Figure
from planner.siting.proposals.proposal import Proposal
from planner.siting.relocation.relocation import Relocation
from planner.views.words.provenance import range_line
from planner.views.words.ranges import Row
from planner.views.words.shares import points_between


def draw(
    context: Context,
    result: Assessment,
    found: Proposal | Relocation,
    rows: tuple[Row, Row],
    change: Figure,
    cost_help: str,
    key: str,
) -> None:
    """Draw the figures.

    Parameters
    ----------
    found
        The answer.
    rows
        What is known of the share covered before and after; see :mod:`planner.views.words.ranges`.
    change
        The figure that comes first: residents gained, or net.
    cost_help
        What the cost is made up of.
    key
        Of the row of figures.
    """
    labels, word, kinds = context.labels, context.word, [found.kind]
    before, after = rows
    shares = pd.DataFrame({"before": [before["share"]], "after": [after["share"]]}, dtype=float)
    gained = float(points_between(shares["before"], shares["after"]).iloc[0])
    points = plan_figures.signed(gained, 1)
    share = Figure(
        word("siting.metric_share"),
        labels.rate(after),
        word("siting.metric_share_help"),
        "coverage",
        kinds,
        plan_figures.PLACES,
        range_line(after, labels),
        delta=word("app_what_if.points", value=points) if abs(gained) > 0 else "",
        before=labels.rate(before),
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
