"""Proposed sites as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.tables.siting.curves import shares_after
from planner.views.words.labels import Labels
from planner.views.words.money import money_figures
from planner.views.words.places import named_places, site_names
from planner.views.words.shares import percent_figures
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


def sites_table(proposal: Proposal, language: str = "en") -> pd.DataFrame:
    """Return the sites as a table for people, the one that brings most first."""
    labels, sites = answer_labels(proposal, language), proposal.sites
    columns: dict[str, Any] = {
        "rank": sites["rank"],
        **named_places(sites, proposal.assessment.district, labels, "site"),
        "origin": [labels.message(f"siting.where_{each}") for each in sites["origin"]],
        "gained": sites["gained"].round(),
        "alone": sites["alone"].round(),
        "serves": sites["serves"].round(),
        "cost": money_figures(sites["cost"], 1),
        "cost_per_resident": money_figures(sites["cost_per_resident"] * labels.price_unit.many),
        "floor_area": sites["floor_area_m2"],
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"siting.col_{name}"))


def curve_table(curve: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.proposals.curves.coverage_curve` for people."""
    columns = {
        "sites": curve["sites"],
        "gained": curve["gained"].round(),
        "bound": curve["bound"].round(),
        "marginal": curve["marginal"].round(),
        **shares_after(curve, labels),
        "cost": money_figures(curve["cost"], 1),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"siting.col_{name}"))


def alternatives_table(
    proposal: Proposal, alternatives: pd.DataFrame, language: str = "en"
) -> pd.DataFrame:
    """Return swaps of :meth:`planner.siting.Proposal.alternatives` for people."""
    labels = answer_labels(proposal, language)
    names = _names(proposal, language)
    columns = {
        "instead": alternatives["site_id"].map(names),
        "taken": alternatives["instead"].map(names),
        "gained": alternatives["gained"].round(),
        "loss": (alternatives["loss"] * 100).round(2),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"siting.col_{name}"))


def firm_table(proposal: Proposal, cases: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return cases of :func:`planner.siting.proposals.curves.robustness` for people."""
    labels = answer_labels(proposal, language)
    names = _names(proposal, language)
    words = [
        labels.message(f"siting.case_{case}", **({"site": names[site]} if site else {}))
        for case, site in zip(cases["case"], cases["site_id"], strict=True)
    ]
    columns = {
        "case": words,
        "limit": cases["limit_m"].round(),
        "gained": cases["gained"].round(),
        "kept": percent_figures(cases["kept"]),
    }
    return pd.DataFrame(columns).rename(columns=lambda name: labels.message(f"siting.col_{name}"))


def _names(proposal: Proposal, language: str) -> dict[str, str]:
    labels = answer_labels(proposal, language)
    names = site_names(proposal.candidates, proposal.assessment.district, labels)
    return dict(zip(names.index.astype(str), names, strict=True))
