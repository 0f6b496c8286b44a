"""One-stop sites as tables for people."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.views.words.money import money_figures
from planner.views.words.places import named_places
from planner.views.words.siting.one_stop import kinds_text
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.one_stop_sites.answers import OneStopProposal


def buildings_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the buildings as a table for people, the one that brings most first."""
    labels, rows = answer_labels(proposal, language), proposal.buildings
    district = proposal.assessment.district
    kinds, named = district.kinds, named_places(rows, district, labels, "building")
    columns: dict[str, Any] = {
        "one_stop.col_rank": rows["rank"],
        **{f"one_stop.col_{name}": values for name, values in named.items()},
        "one_stop.col_kinds": [kinds_text(text, kinds, labels) for text in rows["kinds"]],
        "one_stop.col_gained": rows["gained"].round(),
        "one_stop.col_several": rows["several"].round(),
        "one_stop.col_cost": money_figures(rows["cost"], 1),
        "one_stop.col_saved": money_figures(rows["saved"], 1),
        "one_stop.col_per_gain": money_figures(rows["cost_per_gain"] * labels.price_unit.many),
        "one_stop.col_needed": rows["needed_m2"].round(),
        "one_stop.col_area": rows["floor_area_m2"].round(),
        "one_stop.col_origin": [labels.message(f"siting.where_{each}") for each in rows["origin"]],
    }
    table = pd.DataFrame({labels.message(code): values for code, values in columns.items()})
    for kind in proposal.kinds:
        name = labels.message("one_stop.col_gained_of", kind=labels.kind(kind, kinds))
        table[name] = rows[f"gained_{kind}"].round()
    return table


def terminal_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the columns of :func:`buildings_table` that fit a terminal."""
    labels = answer_labels(proposal, language)
    names = ("rank", "building", "kinds", "gained", "several", "cost", "saved")
    columns = [labels.message(f"one_stop.col_{name}") for name in names]
    return buildings_table(proposal, language)[columns]


def kinds_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return, for each kind, the residents gained with shared and with separate buildings."""
    labels, kinds = (
        answer_labels(proposal, language),
        proposal.assessment.district.kinds,
    )
    shared, separate = proposal.gained, proposal.separate.gained
    opened = proposal.plan.opened.sum(axis=0)
    columns = {
        "one_stop.col_kind": [labels.kind(kind, kinds) for kind in proposal.kinds],
        "one_stop.col_facilities": opened,
        "one_stop.col_shared": [_whole(proposal, shared[kind]) for kind in proposal.kinds],
        "one_stop.col_separate": [_whole(proposal, separate[kind]) for kind in proposal.kinds],
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})


def comparison_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the figures of shared buildings beside those of separate ones."""
    labels, other = answer_labels(proposal, language), proposal.separate
    shown = partial(proposal.assessment.district.shown_count, proposal.group)
    rows = [
        ("one_stop.col_gained", shown(proposal.total), shown(other.total)),
        ("one_stop.metric_residents", shown(proposal.residents), shown(other.residents)),
        ("one_stop.row_most", shown(proposal.bound), shown(other.siting.bound)),
        ("one_stop.row_buildings", len(proposal.buildings), len(other.siting.sites)),
        ("one_stop.col_facilities", proposal.facilities, other.facilities),
        ("one_stop.col_cost", proposal.cost, other.cost),
    ]
    columns = {
        "one_stop.col_figure": [labels.message(code) for code, *_ in rows],
        "one_stop.col_shared": [round(float(value), 1) for _, value, _ in rows],
        "one_stop.col_separate": [round(float(value), 1) for *_, value in rows],
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})


def _whole(proposal: OneStopProposal, people: float) -> float:
    """Return a count as a whole number; missing where it is withheld."""
    return float(np.round(proposal.assessment.district.shown_count(proposal.group, people)))


def overlap_table(proposal: OneStopProposal, language: str = "en") -> pd.DataFrame:
    """Return the residents by how many of the kinds they lack, before and after."""
    labels, rows = answer_labels(proposal, language), proposal.overlap
    columns = {
        "one_stop.col_lacking": [
            labels.message("one_stop.lacking_not_known") if pd.isna(count) else str(count)
            for count in rows["lacking"]
        ],
        "one_stop.col_before": rows["before"].round(),
        "one_stop.col_after": rows["after"].round(),
    }
    return pd.DataFrame({labels.message(code): values for code, values in columns.items()})
