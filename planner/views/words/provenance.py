"""What figures rest on, in words: definitions, limit and clause, data and their dates, unknowns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from planner.district import District, Source
from planner.district.provenance import without
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels
from planner.views.words.shares import all_counted

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district.standards.standards import Rule

_TINY = 1e-6

LAYERS = ("demand", "facilities", "streets")
"""Layers that a walking distance rests on."""


class Definition(NamedTuple):
    """A column of the tables: its name in the assessment, formula and meaning."""

    column: str
    formula: str

    def meaning(self, labels: Labels) -> str:
        """Return what it means, in the language of `labels`."""
        return labels.message(f"provenance.{self.column}")


DEFINITIONS = (
    Definition("total", "P = Σ p"),
    Definition("covered", N_("P_in = Σ p where d ≤ L")),
    Definition("uncovered", N_("P_out = Σ p where d > L")),
    Definition("unknown", "P_? = P − P_in − P_out"),
    Definition("share", "P_in / (P_in + P_out)"),
    Definition("share_low", "P_in / P"),
    Definition("share_high", "(P_in + P_?) / P"),
    Definition("unreachable", N_("P_∞ = Σ p where d = ∞")),
    Definition("mean_distance_m", N_("Σ p·d / Σ p where d < ∞")),
    Definition("median_distance_m", N_("least d with Σ p up to d ≥ half of Σ p where d < ∞")),
    Definition("distance_m", N_("d = a_home + way + a_facility")),
    Definition("communities_lacking", ""),
    Definition("communities_unknown", ""),
    Definition("facilities", ""),
    Definition("limit_m", "L"),
    Definition("verified", ""),
)
"""Figures of the tables of an assessment; p is people at a home, d its walking distance."""


def limit_line(assessment: Assessment, kind: str, labels: Labels) -> str:
    """Return the limit of a kind with its clause and whether that was checked, as a sentence.

    Groups that have a limit of their own are told with it.
    """
    rule = assessment.rule(kind)
    name = labels.kind(kind, assessment.district.kinds)
    if rule is None:
        return labels.message("provenance.no_limit", kind=name)
    state = labels.message(f"provenance.{'checked' if rule.verified else 'not_checked'}")
    return labels.message(
        "provenance.limit",
        kind=name,
        limit=_limits(assessment, rule, labels),
        measure=labels.value(assessment.standard.measure_of(kind)),
        standard=labels.standard(assessment.standard),
        clause=labels.text(rule.clause),
        state=state,
    )


def _limits(assessment: Assessment, rule: Rule, labels: Labels) -> str:
    own = [
        labels.message(
            "provenance.limit_of_group",
            group=labels.group(group),
            limit=labels.metres(rule.limit_for(group)),
        )
        for group in assessment.groups
        if rule.limit_for(group) != rule.limit_m
    ]
    return labels.text("; ").join([labels.metres(rule.limit_m), *own])


def data_lines(
    district: District, labels: Labels, layers: Iterable[str] | None = LAYERS
) -> list[str]:
    """Return source and date of layers, a line for each source; all layers where none are named."""
    wanted = list(district.layers) if layers is None else list(layers)
    together: dict[tuple[str, str], list[str]] = {}
    for name in wanted:
        if district.layers[name].empty:
            continue
        own = [source for source in district.sources if source.layer == name]
        for source in own or [Source(name, "")]:
            key = (source.source, source_date(source, labels))
            together.setdefault(key, []).append(labels.message(f"app.layer_{name}"))
    return [
        labels.message(
            "provenance.data",
            layers=labels.text(", ").join(names),
            source=source or labels.message("provenance.no_source"),
            date=date,
        )
        for (source, date), names in together.items()
    ]


def source_date(source: Source, labels: Labels) -> str:
    """Return the date of a source; where none is known that, and the day on which it was read."""
    if source.date:
        return labels.date(source.date)
    if source.read_on:
        return labels.message("provenance.read_on", day=labels.date(source.read_on))
    return labels.message("provenance.no_date")


def open_licences(district: District, labels: Labels) -> list[str]:
    """Return the sentence on sources whose licence nobody stated, none where all are stated."""
    files = [each.source for each in without(district, "licence")]
    if not files:
        return []
    names = labels.text(", ").join(labels.text(each) for each in files)
    return [labels.message("provenance.licence_open", sources=names)]


def range_line(row: Mapping[Any, Any], labels: Labels) -> str:
    """Return the unknown and the range of a row of the summary as a sentence."""
    if row.get("data") == "none":
        return labels.message("provenance.no_data")
    known = row["covered"] + row["uncovered"]
    # an end of the range would tell a count that is withheld
    if pd.isna(row["share_low"]) or pd.isna(all_counted(row)) or not known > 0:
        return labels.message("provenance.only_unknown", unknown=labels.count(row["unknown"]))
    low, high = labels.percent(row["share_low"]), labels.percent(row["share_high"])
    if low == high:
        return labels.message(
            "provenance.range_one", unknown=labels.count(row["unknown"]), share=low
        )
    by_unknown = row["unknown"] / (known + row["unknown"])
    spread = row["share_high"] - row["share_low"] > by_unknown + _TINY
    return labels.message(
        "provenance.range_spread" if spread else "provenance.range",
        unknown=labels.count(row["unknown"]),
        low=low,
        high=high,
    )


def lacking_word(row: Mapping[Any, Any], labels: Labels) -> str:
    """Return how many communities have none inside, both ends where of some it is not known."""
    least, unknown = row["communities_lacking"], row["communities_unknown"]
    if pd.isna(least) or not unknown > 0:
        return "–" if pd.isna(least) else labels.number(least)
    return f"{labels.number(least)}–{labels.number(least + unknown)}"


def definition_rows(labels: Labels) -> list[dict[str, str]]:
    """Return the figures of the tables: column, heading, formula and meaning."""
    return [
        {
            "column": each.column,
            "heading": labels.column(each.column),
            "formula": labels.text(each.formula),
            "meaning": each.meaning(labels),
        }
        for each in DEFINITIONS
    ]
