"""Facilities moved and closed, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.tables.siting.curves import shares_after
from planner.views.words.labels import Labels
from planner.views.words.money import money_figures
from planner.views.words.shares import metre_figures, percent_figures
from planner.views.words.siting.prices import answer_labels
from planner.views.words.siting.relocations import new_places

if TYPE_CHECKING:
    from planner.siting.relocation.relocation import Relocation


def plan_table(found: Relocation, language: str = "en") -> pd.DataFrame:
    """Return what moves and closes as a table for people."""
    labels, plan = answer_labels(found, language), found.plan
    columns: dict[str, Any] = {
        "facility": _named(plan, "name", "facility_id"),
        "does": [labels.message(f"relocation.does_{each}") for each in plan["does"]],
        "to": new_places(found, labels),
        "gained": plan["gained"].round(),
        "lost": plan["lost"].round(),
        "moved": metre_figures(plan["moved_m"]),
    }
    table = _headed(columns, labels)
    table[labels.message("siting.col_cost")] = money_figures(plan["cost"], 1)
    return table


def closings_table(closings: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a table of :func:`planner.siting.closings` for people."""
    columns = {
        "facility": _named(closings, "name", "facility_id"),
        "lost": closings["lost"].round(),
        "within": closings["residents_within"].round(),
        "overlap": percent_figures(closings["overlap"]),
        "extra": metre_figures(closings["extra_m"]),
        "stranded": closings["stranded"].round(),
    }
    return _headed(columns, labels)


def moves_table(curve: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.relocation_curve` for people."""
    columns = {
        "moves": curve["moves"],
        "made": curve["made"],
        "net": curve["net"].round(),
        "most_net": curve["most_net"].round(),
        "marginal": curve["marginal"].round(),
        **shares_after(curve, labels),
    }
    return _headed(columns, labels)


def _named(table: pd.DataFrame, name: str, other: str) -> pd.Series:
    return table[name].where(table[name] != "", table[other])


def _headed(columns: dict[str, Any], labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(columns).rename(columns=lambda n: labels.message(f"relocation.col_{n}"))
