"""What a newer file would change in a layer, as tables for people.

Each takes the change as plain values, see :mod:`planner.sources.update.described`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.district import Kinds
from planner.views.words.labels import Labels

Told = Mapping[str, Any]


def title(told: Told, labels: Labels) -> str:
    """Return one line that says what a file would change."""
    counts = {name: labels.number(count) for name, count in told["counts"].items()}
    layer = labels.message(f"app.layer_{told['layer']}")
    if told["mode"] == "append":
        there = labels.number(told["counts"]["changed"] + told["counts"]["unchanged"])
        params = {"new": counts["new"], "changed": counts["changed"], "there": there}
        return labels.message("update.title_append", layer=layer, **params)
    return labels.message("update.title", layer=layer, **counts)


def new_rows(told: Told, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return the rows that only the file has."""
    return _headed(_named(told["new"], ["row", "name", "kind", "id"], labels, kinds), labels)


def gone_rows(told: Told, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return the rows that go."""
    return _headed(_named(told["gone"], ["name", "kind", "id"], labels, kinds), labels)


def changed_rows(told: Told, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return a line for each value that differs: of which row, before, after, known by what."""
    rows = []
    for each in told["changed"]:
        moved = each["metres"] is not None
        place = labels.message("update.place")
        now = labels.message("update.moved", metres=labels.metres(each["metres"]))
        rows.append(
            {
                "name": each["name"],
                "column": place if moved else labels.column(each["column"]),
                "old": "" if moved else _value(each["old"], each["column"], labels, kinds),
                "new": now if moved else _value(each["new"], each["column"], labels, kinds),
                "how": labels.message(f"update.how_{each['how']}"),
                "id": each["id"],
            }
        )
    columns = ["name", "column", "old", "new", "how", "id"]
    return _headed(pd.DataFrame(rows, columns=columns), labels)


def undecided_rows(told: Told, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return the rows of which somebody has to say which they are."""
    rows = _named(told["undecided"], ["row", "name", "kind"], labels, kinds)
    rows["others"] = [
        labels.text(", ").join(other_word(other) for other in each["others"])
        for each in told["undecided"]
    ]
    rows["why"] = [labels.message(f"update.why_{each['why']}") for each in told["undecided"]]
    return _headed(rows, labels)


def other_word(other: Mapping[str, str]) -> str:
    """Return a row that another may be, by its id and name."""
    return f"{other['id']} {other['name']}".strip()


def figures(told: Told, labels: Labels, kinds: Kinds) -> pd.DataFrame:
    """Return counts and sums before and after."""
    rows = [
        {
            "what": _figure(each["name"], labels, kinds),
            "before": each["before"],
            "after": each["after"],
        }
        for each in told["figures"]
    ]
    return _headed(pd.DataFrame(rows, columns=["what", "before", "after"]), labels)


def corrections(told: Told, labels: Labels) -> pd.DataFrame:
    """Return what becomes of corrections by hand."""
    rows = [
        {**each, "state": labels.message(f"update.state_{each['state']}")}
        for each in told["corrections"]
    ]
    return _headed(pd.DataFrame(rows, columns=["id", "name", "state"]), labels)


def _named(
    rows: list[dict[str, Any]], columns: list[str], labels: Labels, kinds: Kinds
) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns)
    if not table["kind"].astype(bool).any():
        return table.drop(columns="kind")
    return table.assign(kind=[labels.kind(str(kind), kinds) for kind in table["kind"]])


def _figure(name: str, labels: Labels, kinds: Kinds) -> str:
    if name == "rows":
        return labels.message("update.rows")
    return labels.kind(name, kinds) if name in kinds else labels.column(name)


def _value(value: Any, column: str, labels: Labels, kinds: Kinds) -> str:
    if isinstance(value, bool):
        return labels.message("data_check.yes" if value else "data_check.no")
    if isinstance(value, int | float):
        return labels.number(value, _digits(float(value)))
    if column == "kind":
        return labels.kind(value, kinds)
    return labels.value(value) if value else "–"


def _digits(value: float) -> int:
    """Return the digits after the point that a figure is shown with: small ones are not nothing."""
    if value.is_integer():
        return 0
    return 1 if abs(value) >= 1 else 4


def _headed(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    return table.rename(
        columns=lambda name: (
            labels.column(name) if name == "kind" else labels.message(f"update.col_{name}")
        )
    )
