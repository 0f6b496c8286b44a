"""Standards in words: fields, values, what two of them ask differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.notes.standards import OF_ABROAD, OF_CHINA, rules_of_elsewhere
from planner.district import AreaTarget, District, Standard
from planner.district.standards.standards import BASES
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels


def field_word(field: str, labels: Labels) -> str:
    """Return the name of a field of a rule, ``limits_m.pop_65plus`` and the like included."""
    name, _, group = field.partition(".")
    text = labels.message(f"standards.field_{name}")
    if not group:
        return text
    return labels.text("{name}: {value}", name=text, value=labels.group(group))


_PRESENCE = {"community": N_("in each community"), "subdistrict": N_("in each subdistrict")}
"""Where a rule asks for one of a kind, by the value in its file."""


def value_word(value: Any, labels: Labels, field: str = "") -> str:
    """Return a value of a field of a rule; a dash where there is none."""
    if field == "basis" and value:
        return basis_word(value, labels)
    if value is None or value == "" or (isinstance(value, dict | tuple) and not value):
        return "–"
    if isinstance(value, bool):
        return labels.message(f"standards.{'yes' if value else 'no'}")
    if isinstance(value, float | int):
        return f"{value:,.10g}"
    if isinstance(value, dict):
        parts = (f"{labels.group(group)} {number:g}" for group, number in value.items())
        return labels.text(", ").join(parts)
    if isinstance(value, tuple):
        return labels.text(", ").join(_target_word(target, labels) for target in value)
    if value in _PRESENCE:
        return labels.text(_PRESENCE[value])
    return labels.value(str(value)) if labels.value(str(value)) != value else labels.text(value)


def rules_words(district: District, standard: Standard, labels: Labels) -> list[str]:
    """Return in a short sentence that the rules are of another country, none where they are not."""
    codes = {OF_CHINA: "standards.rules_of_china", OF_ABROAD: "standards.rules_of_abroad"}
    found = rules_of_elsewhere(district, standard)
    return [labels.message(codes[each.code], country=standard.country) for each in found]


def assumed_limits(result: Assessment, labels: Labels) -> list[str]:
    """Return which judged limits stand in no text, a sentence or none: a reader signs for them."""
    rules = result.standard.rules
    kinds = [kind for kind in result.judged_kinds if rules[kind].basis == "assumption"]
    if not kinds:
        return []
    names = (labels.kind(kind, result.district.kinds) for kind in kinds)
    return [labels.message("reports.assumed_limits", kinds=labels.text(", ").join(names))]


def area_word(target: AreaTarget, labels: Labels) -> str:
    """Return how many square metres a target asks for how many, in words."""
    told = {"m2": f"{target.m2:g}", "count": f"{target.count:g}"}
    return labels.message(f"standards.per_{target.per}", **told)


def _target_word(target: AreaTarget, labels: Labels) -> str:
    kinds = labels.text(", ").join(map(labels.kind, target.kinds))
    return f"{kinds} {area_word(target, labels)}"


def difference_rows(found: pd.DataFrame, labels: Labels) -> list[tuple[str, str, str, str]]:
    """Return what two standards ask differently in words: kind, field and both values."""
    return [
        (
            labels.kind(row["kind"]) if row["kind"] else labels.message("standards.whole"),
            field_word(row["field"], labels),
            value_word(row["first"], labels, row["field"]),
            value_word(row["second"], labels, row["field"]),
        )
        for row in found.to_dict("records")
    ]


def basis_word(basis: str, labels: Labels) -> str:
    """Return what a figure of a standard rests on, in words."""
    return labels.message(f"standards.basis_{basis or 'unsaid'}")


def checked_sentence(rows: pd.DataFrame, labels: Labels) -> str:
    """Return how many of the clauses somebody checked, and what the others rest on.

    Parameters
    ----------
    rows
        Of :func:`planner.district.standards.checking.clauses`.
    labels
        The language.
    """
    left = rows[~rows["verified"].astype(bool)]
    counts = {"count": len(rows) - len(left), "all": len(rows)}
    said = [labels.message("standards.so_many_checked", **counts)]
    for basis in BASES:
        number = int((left["basis"] == basis).sum())
        if number:
            rest = basis_word(basis, labels)
            said.append(labels.message("standards.so_many_rest", count=number, basis=rest))
    return labels.paragraph(said)


def clauses_table(rows: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return the clauses of a standard in words: what is asked, on what it rests, who checked it.

    Parameters
    ----------
    rows
        Of :func:`planner.district.standards.checking.clauses`.
    labels
        The language.
    """
    told = [
        {
            "kind": labels.text(", ").join(map(labels.kind, row["kinds"].split(";"))),
            "asked": _asked_word(row, labels),
            "clause": labels.text(row["clause"]) if row["clause"] else "",
            "basis": basis_word("official" if row["verified"] else row["basis"], labels),
            "read_in": labels.text(row["read_in"]) if row["read_in"] else "",
            "verified": labels.message(f"standards.{'yes' if row['verified'] else 'no'}"),
            "verified_by": row["verified_by"],
            "verified_on": labels.date(row["verified_on"]) if row["verified_on"] else "",
        }
        for row in rows.to_dict("records")
    ]
    columns = ("kind", "asked", "verified", "basis", "clause", "read_in", "verified_by")
    table = pd.DataFrame(told, columns=[*columns, "verified_on"])
    return table.rename(columns={name: labels.message(f"standards.field_{name}") for name in table})


def _asked_word(row: Mapping[Any, Any], labels: Labels) -> str:
    """Return what a clause asks: a limit in metres, or an area for each so many."""
    if pd.notna(row["limit_m"]):
        return labels.metres(row["limit_m"])
    return area_word(AreaTarget((), row["m2"], per=row["per"], count=row["count"]), labels)
