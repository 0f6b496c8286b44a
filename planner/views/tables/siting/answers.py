"""Why these sites: tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.tables.siting.comparisons import changes_without_telling
from planner.views.tables.siting.curves import shares_after
from planner.views.words.labels import Labels
from planner.views.words.money import money_figures
from planner.views.words.shares import percent_figures, points_between
from planner.views.words.siting.answers import option_names, site_names
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal


def before_after_table(changes: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a table of :func:`planner.siting.before_after` for people."""
    whole = labels.message("siting.whole_district")
    changes = changes_without_telling(changes)
    names = changes["name"].where(changes["name"] != "", changes["area_id"])
    columns = {
        "area": names.where(changes["level"] != "district", whole),
        "group": [labels.group(group) for group in changes["group"]],
        "before": percent_figures(changes["share_before"]),
        "after": percent_figures(changes["share_after"]),
        "points": points_between(changes["share_before"], changes["share_after"]),
        "residents": changes["covered_change"].round(),
    }
    return _headed(columns, labels)


def against_table(proposal: Proposal, rows: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.against_links` for people."""
    labels = answer_labels(proposal, language)
    say = labels.message
    kinds = [say(f"siting.what_{each}") for each in rows["what"]]
    return pd.DataFrame(
        {
            say("siting.col_what"): kinds,
            say("siting.col_site"): option_names(proposal, rows, labels),
            say("siting.col_gained_alone"): rows["gained"].round(),
            say("siting.col_cost"): money_figures(rows["cost"], 1),
            say("siting.col_per_unit"): money_figures(rows["per_unit"], 2),
        }
    )


def phase_table(proposal: Proposal, phases: pd.DataFrame, language: str = "en") -> pd.DataFrame:
    """Return a table of :func:`planner.siting.phases` for people."""
    labels, names = answer_labels(proposal, language), site_names(proposal)
    comma = "、" if language == "zh" else ", "
    columns = {
        "phase": phases["phase"],
        "opened": [comma.join(names[s] for s in ids.split(";")) for ids in phases["site_ids"]],
        "residents": phases["gained"].round(),
        "free": phases["free"].round(),
        "nesting": phases["nesting_cost"].round(),
    }
    return _headed(columns, labels)


def money_table(curve: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a curve of :func:`planner.siting.budget_curve` for people."""
    columns = {
        "budget": curve["budget"],
        "sites": curve["sites"],
        "gained": curve["gained"].round(),
        "bound": curve["bound"].round(),
        "per_unit": money_figures(curve["per_unit"], 2),
        **shares_after(curve, labels),
    }
    return _headed(columns, labels)


def _headed(columns: dict[str, Any], labels: Labels) -> pd.DataFrame:
    return pd.DataFrame(columns).rename(columns=lambda n: labels.message(f"siting.col_{n}"))
