"""The proposals of a plan as a table in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.district import Kinds
from planner.plan.workflow.reviews import Case
from planner.views.words.labels import Labels
from planner.views.words.money import rounded_money
from planner.views.words.plan.basis import basis_words
from planner.views.words.plan.proposals import (
    currency_word,
    departments_words,
    proposal_name,
    status_word,
    word,
)


def proposals_table(cases: Sequence[Case], labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return proposals as a table, one row each, in their order, with headings in words.

    Parameters
    ----------
    cases
        Proposals with what was said of them.
    labels
        The language.
    kinds
        Of the district, for the names of kinds of its own.

    Returns
    -------
    DataFrame
        Name, status, who proposes, action, kinds, year, people brought within a limit as it was
        computed, by which standard and question, cost and what it is at most with its currency,
        whose answer is needed, what is to be answered, and id.
    """
    comma = labels.message("plan_words.comma")
    rows = []
    for case in cases:
        own = case.proposal
        needed = [each.department for each in case.waiting_for if each.need == "needed"]
        rows.append(
            {
                "title": proposal_name(labels, own),
                "status": status_word(labels, own),
                "department": departments_words(labels, filter(None, [own.department])),
                "action": word(labels, "action", own.action),
                "kinds": comma.join(labels.kind(kind, kinds) for kind in own.kinds),
                "year": "" if own.year is None else str(own.year),
                "gained": own.figures.gained() if own.figures else None,
                "standard": basis_words(labels, own.figures) if own.figures else "",
                "cost": None if own.cost is None else rounded_money(own.cost, 2),
                "cost_most": None if own.cost_most is None else rounded_money(own.cost_most, 2),
                "currency": "" if own.cost is None else currency_word(labels, own.currency),
                "waiting": departments_words(labels, needed if case.missing_any else []),
                "unanswered": departments_words(
                    labels, dict.fromkeys(review.department for review in case.unanswered)
                ),
                "id": own.id,
            }
        )
    table = pd.DataFrame(rows, columns=list(_TYPES)).astype(_TYPES)
    return table.rename(columns={name: labels.message(f"plan_words.col_{name}") for name in table})


_TYPES = {
    **dict.fromkeys(("title", "status", "department", "action", "kinds", "year"), "object"),
    "gained": "float64",
    "standard": "object",
    "cost": "float64",
    "cost_most": "float64",
    **dict.fromkeys(("currency", "waiting", "unanswered", "id"), "object"),
}
