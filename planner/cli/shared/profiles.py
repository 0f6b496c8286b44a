"""What a profile of walking does, for the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from planner.cli.shared.tables import records, rows_table
from planner.views.tables.analysis.profiles import effect_table, rules_table, streets_table

if TYPE_CHECKING:
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.cli.shared.console import Console

ROWS = 20
"""Rows by rule that a terminal shows; the files and JSON have them all."""


def profile_tables(console: Console, result: Assessment) -> Iterator[Table]:
    """Yield whom the profile moves, by which rule, and its rules with their streets."""
    assert result.profile is not None
    labels, group = console.labels, result.groups[0]
    people = labels.group(group)
    effect = effect_table(result, labels)
    effect = effect[effect[labels.column("group")] == people]
    title = labels.message("profiles.effect_title", profile=labels.profile(result.profile))
    yield rows_table(f"{title} · {people}", effect.drop(columns=labels.column("group")), 1)
    by_rule = rules_table(result, labels, group, all_rows=False).head(ROWS)
    if not by_rule.empty:
        yield rows_table(f"{labels.message('profiles.rules_title')} · {people}", by_rule, 2)
    streets = streets_table(result, labels)
    told = [labels.column("source"), labels.message("profiles.col_reason")]
    yield rows_table(labels.message("profiles.streets_title"), streets.drop(columns=told), 4)


def profile_json(result: Assessment) -> dict[str, Any] | None:
    """Return what a profile does as JSON, None for everyone's walk."""
    from planner.analysis.profiles import profile_effect, rule_effect, street_effect

    if result.profile is None:
        return None
    return {
        "id": result.profile.id,
        "effect": records(profile_effect(result)),
        "by_rule": records(rule_effect(result)),
        "rules": records(street_effect(result)),
    }
