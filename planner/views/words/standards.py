"""Standards in words: fields, values, what two of them ask differently."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.district import AreaTarget
from planner.views.words.labels import Labels


def field_word(field: str, labels: Labels) -> str:
    """Return the name of a field of a rule, ``limits_m.pop_65plus`` and the like included."""
    name, _, group = field.partition(".")
    text = labels.message(f"standards.field_{name}")
    return f"{text}: {labels.group(group)}" if group else text


def value_word(value: Any, labels: Labels) -> str:
    """Return a value of a rule; a dash where there is none."""
    if value is None or value == "" or (isinstance(value, dict | tuple) and not value):
        return "–"
    if isinstance(value, bool):
        return labels.message(f"standards.{'yes' if value else 'no'}")
    if isinstance(value, float | int):
        return f"{value:.10g}"
    if isinstance(value, dict):
        parts = (f"{labels.group(group)} {number:g}" for group, number in value.items())
        return labels.text(", ").join(parts)
    if isinstance(value, tuple):
        return labels.text(", ").join(_area_word(target, labels) for target in value)
    return labels.value(str(value)) if labels.value(str(value)) != value else labels.text(value)


def _area_word(target: AreaTarget, labels: Labels) -> str:
    kinds = labels.text(", ").join(map(labels.kind, target.kinds))
    each = labels.message(f"standards.per_{target.per}", count=f"{target.count:g}")
    return f"{kinds} {target.m2:g} m² {each}"


def difference_rows(found: pd.DataFrame, labels: Labels) -> list[tuple[str, str, str, str]]:
    """Return what two standards ask differently in words: kind, field and both values."""
    return [
        (
            labels.kind(row["kind"]) if row["kind"] else labels.message("standards.whole"),
            field_word(row["field"], labels),
            value_word(row["first"], labels),
            value_word(row["second"], labels),
        )
        for row in found.to_dict("records")
    ]
