"""The proposals of a plan as a table in words, and what one of them brings by group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.district import Kinds
from planner.plan.proposals.figures import Figures
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
        computed, of how many of these it is not known that they lack it today and how many more
        may gain (where there are any), by which standard and question, cost and what it is at most
        with its currency, whose answer is needed, what is to be answered, and id.
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
                "gained_unsure": own.figures.gained_unsure() if own.figures else 0.0,
                "gained_more": own.figures.gained_more() if own.figures else 0.0,
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
    table = table.drop(columns=[each for each in UNSURE if not (table[each].round() > 0).any()])
    return table.rename(columns={name: labels.message(f"plan_words.col_{name}") for name in table})


UNSURE = ("gained_unsure", "gained_more")
"""What is not known of gains, shown where there is any."""

_TYPES = {
    **dict.fromkeys(("title", "status", "department", "action", "kinds", "year"), "object"),
    "gained": "float64",
    **dict.fromkeys(UNSURE, "float64"),
    "standard": "object",
    "cost": "float64",
    "cost_most": "float64",
    **dict.fromkeys(("currency", "waiting", "unanswered", "id"), "object"),
}


def brought_table(labels: Labels, figures: Figures, kinds: Kinds | None = None) -> pd.DataFrame:
    """Return coverage before and after by kind and group, with headings in words.

    Parameters
    ----------
    labels
        The language.
    figures
        Of a proposal.
    kinds
        Of the district, for the names of kinds of its own.

    Returns
    -------
    DataFrame
        Kind (where there are several), group, people within the limit before and after, gained,
        of how many, and, where there are any, of how many gained it is not known that they lack it
        today, and how many more may gain; NaN for what is withheld or not judged.
    """
    table, say = figures.table(), labels.message
    named = [labels.kind(each, kinds) for each in table["kind"]]
    # of one kind, which is named beside it, a column would say the same in each row
    first = {say("plan_details.col_kind"): named} if len(set(named)) > 1 else {}
    counts = {
        "before": "covered_before",
        "after": "covered_after",
        "gained": "gained",
        "of": "population",
    }
    counted = {name: table[name].to_numpy(float) for name in UNSURE}
    beside = {
        say(f"plan_words.col_{name}"): own
        for name, own in counted.items()
        if (own.round() > 0).any()
    }
    return pd.DataFrame(
        {
            **first,
            say("plan_details.col_group"): [labels.group(each) for each in table["group"]],
            **{
                say(f"plan_details.col_{name}"): table[column].to_numpy(float)
                for name, column in counts.items()
            },
            **beside,
        }
    )
