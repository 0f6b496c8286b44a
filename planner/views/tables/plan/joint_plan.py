"""The joint plan as tables for people: areas by year, who is left out, money, and compromise."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.district import Kinds
from planner.views.tables.plan.plan import UNSURE
from planner.views.words.labels import Labels
from planner.views.words.money import money_figures
from planner.views.words.plan.joint_plan import choice_title, cost_words, year_word
from planner.views.words.plan.proposals import currency_word, payer_words
from planner.views.words.ranges import is_wide
from planner.views.words.shares import percent_figures, without_telling

if TYPE_CHECKING:
    from planner.plan.coordination.compromise.compromise import Compromise


def areas_table(rows: pd.DataFrame, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return coverage by area year by year, with headings in words.

    Parameters
    ----------
    rows
        Of :meth:`planner.plan.JointPlan.areas`.
    labels, kinds
        Words.
    """
    rows = without_telling(rows)
    ends = ("share_low", "share_high") if is_wide(rows).any() else ()
    columns: dict[str, Any] = {
        "when": [year_word(labels, str(year)) for year in rows["year"]],
        **_where(rows),
        **_about(rows, labels, kinds),
        **{name: percent_figures(rows[name]).to_numpy() for name in ("share", *ends)},
        **{name: rows[name].round().to_numpy() for name in ("covered", "uncovered", "unknown")},
        "gained_today": rows["gained"].round().to_numpy(),
    }
    return _headed(columns, labels)


def left_out_table(rows: pd.DataFrame, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return who is left out, see :meth:`planner.plan.JointPlan.left_out`, with headings."""
    counts = ("uncovered", "unknown", "homes", "homes_unknown")
    columns: dict[str, Any] = {
        **_where(rows),
        **_about(rows, labels, kinds),
        **{name: rows[name].round().to_numpy() for name in counts},
    }
    return _headed(columns, labels)


def money_table(rows: pd.DataFrame, labels: Labels, costs: pd.DataFrame) -> pd.DataFrame:
    """Return what the money buys, see :meth:`planner.plan.JointPlan.money`, with headings.

    What a year costs is words, since it may be the least of it. What has opened has a row of its
    own before the years: its money is spent, and what it brings is part of today.

    Parameters
    ----------
    rows, costs
        ``money()`` and ``costs`` of the same joint plan.
    labels
        Words.
    """
    opened = costs[costs["state"] == "opened"]
    table = _bought(rows, labels)
    if opened.empty:
        return table
    first: dict[str, Any] = {
        "when": labels.message("plan_words.col_opened"),
        "cost": _summed(opened, labels),
        "added": math.nan,
        "gained_all": math.nan,
        **dict.fromkeys(_unsure(rows), math.nan),
        "spent": "–",
        "per_cost": "–",
        "unpriced": int(opened["unpriced"].sum()),
    }
    before = _headed({name: [value] for name, value in first.items()}, labels)
    return pd.concat([before, table], ignore_index=True) if len(table) else before


def costs_table(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return what is decided costs, a row for each year, department and unit, with headings.

    What houses of several departments cost is told once, in a row that names all of them.

    What has opened, and what no longer fits the data, has a column beside what the years count, and
    all of it together is what limits of budgets call decided.

    Parameters
    ----------
    rows
        ``costs`` of a :class:`planner.plan.JointPlan`.
    labels
        Words.
    """
    beside = [state for state in ("opened", "misfit") if (rows["state"] == state).any()]
    keys = ["year", "department", "others", "currency"]
    found: list[dict[str, Any]] = []
    for (year, department, others, _), own in rows.groupby(keys, sort=False):
        of_state = {str(state): them for state, them in own.groupby("state")}
        told = {
            state: _summed(of_state[state], labels) if state in of_state else "–"
            for state in ("counted", *beside)
        }
        found.append(
            {
                "when": year_word(labels, str(year)),
                "department": payer_words(labels, str(department), str(others)),
                "counted" if beside else "cost": told.pop("counted"),
                **told,
                **({"decided_all": _summed(own, labels)} if beside else {}),
                "proposals": int(own["proposals"].sum()),
                "unpriced": int(own["unpriced"].sum()),
            }
        )
    money = ("counted", *beside, "decided_all") if beside else ("cost",)
    names = ("when", "department", *money, "proposals", "unpriced")
    return _headed({name: [row[name] for row in found] for name in names}, labels)


def _summed(rows: pd.DataFrame, labels: Labels) -> str:
    """Return the sum of costs in words: the least, where some are not known."""
    priced = rows[(rows["currency"] != "") | rows["cost"].notna()]
    units = ";".join(sorted(set(priced["currency"])))
    known = rows["cost"].notna().any()
    cost = float(rows["cost"].sum()) if known and ";" not in units else math.nan
    whole = not rows["unpriced"].any()
    most = float(rows["cost_most"].sum()) if whole else math.nan
    return cost_words(labels, cost, most, units)


def _unsure(rows: pd.DataFrame) -> dict[str, Iterable[Any]]:
    """Return who may lack nothing today, and who may gain besides, each where there are any."""
    told = {name: rows[name].round().to_numpy() for name in UNSURE if name in rows}
    return {name: own for name, own in told.items() if (own > 0).any()}


def _bought(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    costs = [
        cost_words(labels, row["cost"], row["cost_most"], row["currency"])
        for row in rows.to_dict("records")
    ]
    # a year has spent in the units of all years before it, whichever its own price is in
    spent = [
        cost_words(labels, row["spent"], row["spent_most"], row["spent_currency"])
        for row in rows.to_dict("records")
    ]
    columns: dict[str, Any] = {
        "when": [year_word(labels, str(year)) for year in rows["year"]],
        "cost": costs,
        "added": rows["added"].round().to_numpy(),
        "gained_all": rows["gained"].round().to_numpy(),
        **_unsure(rows),
        "spent": spent,
        "per_cost": [
            _per_cost(labels, low, high)
            for low, high in zip(rows["gained_per_cost"], rows["gained_per_cost_most"], strict=True)
        ],
        "unpriced": rows["unpriced"].to_numpy(),
    }
    return _headed(columns, labels)


def choices_table(found: Compromise, labels: Labels) -> pd.DataFrame:
    """Return the choices side by side, a row each, with headings."""
    rows = found.table
    columns: dict[str, Any] = {
        "choice": [labels.message(f"plan_words.choice_{each}") for each in rows["choice"]],
        "cost": money_figures(rows["cost"], 1).to_numpy(),
        "gained_all": rows["gained"].round().to_numpy(),
        **_unsure(rows),
        # what is decided is no search: there is nothing to be proven of it
        "bound": rows["bound"].where(rows["choice"] != "decided").round().to_numpy(),
        "of_decided": rows["decided"].to_numpy(),
        "others": rows["others"].to_numpy(),
    }
    heading = "col_cost_least_in" if found.unpriced else "col_cost_in"
    return _priced(found, _headed(columns, labels), labels, heading)


def kinds_table(found: Compromise, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return what each choice gains by kind, a column for each choice."""
    rows = found.by_kind.pivot(index="kind", columns="choice", values="gained")
    ordered = [kind for kind in found.assessment.judged_kinds if kind in rows.index]
    heading = labels.message("plan_words.col_kinds")
    table: dict[str, Any] = {heading: [labels.kind(k, kinds) for k in ordered]}
    for name in found.choices:
        # three columns beside a map: the long name of the one is told with the choices
        short = "_short" if name == "completed" else ""
        word = labels.message(f"plan_words.choice_{name}{short}")
        table[word] = rows.loc[ordered, name].round().to_numpy()
    return pd.DataFrame(table)


def differences_table(found: Compromise, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return what the free choice does otherwise, a row each, with headings."""
    rows = found.differences
    comma = labels.message("plan_words.comma")
    columns: dict[str, Any] = {
        "change": [labels.message(f"plan_words.change_{each}") for each in rows["change"]],
        "title": [_called(row, found, labels, kinds) for row in rows.to_dict("records")],
        # remedies of offers are called as the actions of proposals are
        "action": [labels.message(f"plan_words.action_{each}") for each in rows["remedy"]],
        "kinds": [
            comma.join(labels.kind(kind, kinds) for kind in each.split(";") if kind)
            for each in rows["kinds"]
        ],
        "cost": money_figures(rows["cost"], 1).to_numpy(),
        "alone": rows["alone"].round().to_numpy(),
        # what is no proposal of the plan has no id there
        "id": rows["id"].where(rows["of"] == "plan", "").to_numpy(),
    }
    return _priced(found, _headed(columns, labels), labels)


def _called(row: dict[Any, Any], found: Compromise, labels: Labels, kinds: Kinds) -> str:
    """Return the name of a choice, else what is done and for which kinds, as of proposals."""
    if row["name"]:
        return choice_title(labels, found, str(row["id"]), str(row["name"]))
    action = labels.message(f"plan_words.action_{row['remedy']}")
    comma = labels.message("plan_words.comma")
    told = comma.join(labels.kind(each, kinds) for each in row["kinds"].split(";") if each)
    return labels.message("plan_words.name", action=action, kinds=told) if told else action


def _priced(
    found: Compromise, table: pd.DataFrame, labels: Labels, heading: str = "col_cost_in"
) -> pd.DataFrame:
    """Return a table whose costs say in their heading what one unit of them is."""
    money = currency_word(labels, found.currency)
    told = labels.message(f"plan_words.{heading}", money=money)
    return table.rename(columns={labels.message("plan_words.col_cost"): told})


def _per_cost(labels: Labels, low: float, high: float) -> str:
    if math.isnan(low):
        return "–"
    least, most = labels.number(low, 2), labels.number(high, 2)
    return least if least == most else labels.message("plan_targets.range", low=least, high=most)


def _where(rows: pd.DataFrame) -> dict[str, Iterable[Any]]:
    named = rows["name"].where(rows["name"] != "", rows["area_id"])
    return {"area": named.to_numpy(), "subdistrict": rows["subdistrict"].to_numpy()}


def _about(rows: pd.DataFrame, labels: Labels, kinds: Kinds) -> dict[str, Iterable[Any]]:
    return {
        "kinds": [labels.kind(str(kind), kinds) for kind in rows["kind"]],
        "group": [labels.group(str(group)) for group in rows["group"]],
    }


def _headed(columns: dict[str, Any], labels: Labels) -> pd.DataFrame:
    """Return columns under their headings in words."""
    shared = ("subdistrict", "group", "share_low", "share_high")
    return pd.DataFrame(
        {
            labels.column(name) if name in shared else labels.message(f"plan_words.col_{name}"): own
            for name, own in columns.items()
        }
    )
