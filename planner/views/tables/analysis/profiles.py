"""Whom a profile of walking moves, by which rules, and on which streets, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from planner.analysis.profiles import SEVERAL, profile_effect, rule_effect, street_effect
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

_OWN = (
    *("rule", "asks", "effect", "on", "km", "km_both", "km_silent", "reason", "moved", "open"),
    *("moved_homes", "open_homes", "resting", "resting_homes", "most_resting"),
    *("within", "within_everyone", "within_at_best"),
)


def effect_table(assessment: Assessment, labels: Labels) -> pd.DataFrame:
    """Return whom the profile moves across the limit of each kind, by group.

    Of :func:`planner.analysis.profiles.profile_effect`, with words for headings and values.
    """
    return _worded(profile_effect(assessment), assessment, labels)


def rules_table(
    assessment: Assessment, labels: Labels, group: str | None = None, *, all_rows: bool = True
) -> pd.DataFrame:
    """Return whom each rule moves by itself, those that move most first.

    Parameters
    ----------
    assessment, labels
        What is told, and the words.
    group
        Only this group; all where none is given.
    all_rows
        Whether rules are listed that move nobody by themselves.
    """
    table = rule_effect(assessment)
    if group is not None:
        table = table[table["group"] == group].drop(columns="group")
    if not all_rows:
        table = table[table["moved_homes"] > 0].drop(columns=["resting", "resting_homes"])
    table = table.sort_values("moved", ascending=False, kind="stable")
    return _worded(table, assessment, labels)


def streets_table(assessment: Assessment, labels: Labels) -> pd.DataFrame:
    """Return on how much street each rule bites, how much does not tell, and why the rule is.

    Also how many homes within the limit of a kind, at most, rest on streets that do not tell.
    """
    table = street_effect(assessment)
    homes = rule_effect(assessment).groupby("rule")["resting_homes"].max()
    table.insert(7, "most_resting", table["rule"].map(homes).astype("Int64"))
    for name in ("km", "km_both", "km_silent"):
        table[name] = table[name].round(1)
    table["asks"] = table["asks"].map(labels.column)
    table["effect"] = [labels.message(f"profiles.effect_{each}") for each in table["effect"]]
    for name in ("reason", "source"):
        table[name] = table[name].map(labels.text)
    words = np.array([labels.message(f"profiles.{each}") for each in ("no", "yes")], dtype=object)
    for name in ("on", "verified"):
        table[name] = words[table[name].astype(int).to_numpy()]
    return table.rename(columns={name: _heading(str(name), labels) for name in table})


def _worded(table: pd.DataFrame, assessment: Assessment, labels: Labels) -> pd.DataFrame:
    table = table.copy()
    kinds = assessment.district.kinds
    table["kind"] = [labels.kind(each, kinds) for each in table["kind"]]
    if "group" in table:
        table["group"] = table["group"].map(labels.group)
    if "rule" in table:
        several = labels.message("profiles.several")
        table["rule"] = table["rule"].replace(SEVERAL, several)
    for name in table.columns.intersection(["total", *_OWN]):
        if pd.api.types.is_float_dtype(table[name]):
            table[name] = table[name].round(1)
    return table.rename(columns={name: _heading(str(name), labels) for name in table})


def _heading(name: str, labels: Labels) -> str:
    return labels.message(f"profiles.col_{name}") if name in _OWN else labels.column(name)
