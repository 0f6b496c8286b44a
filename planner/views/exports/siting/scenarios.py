"""Scenarios side by side, as files: a workbook, a table and a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from planner.views.escaping import safe
from planner.views.exports.files import write_text, write_workbook
from planner.views.tables.siting.scenarios import scenarios_table
from planner.views.words.labels import Labels
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.scenario_comparison import ScenarioComparison

_COLOURS = ("#9ca3af", "#0f766e", "#c2410c", "#1d4ed8", "#7c3aed", "#a16207")
_BAR, _GAP, _LEFT, _WIDE = 16, 14, 260, 520


def write_scenarios_workbook(
    found: ScenarioComparison, names: Sequence[str], file: Path, language: str = "en"
) -> Path:
    """Write what scenarios bring and cost into a workbook and return its file."""
    write_workbook(scenarios_table(found, names, language), file)
    return file


def write_scenarios_picture(
    found: ScenarioComparison, names: Sequence[str], file: Path, language: str = "en"
) -> Path:
    """Write the shares within the limit, a bar for each kind and scenario, as an SVG picture."""
    write_text(scenarios_svg(found, names, language), file)
    return file


def scenarios_svg(found: ScenarioComparison, names: Sequence[str], language: str = "en") -> str:
    """Return the picture as SVG text."""
    labels = answer_labels(found, language)
    kinds = found.assessment.district.kinds
    rows = found.table[found.table["measure"] == "share"].set_index(["kind", "scenario"])
    lows, highs = (
        found.table[found.table["measure"] == end].set_index(["kind", "scenario"])["value"]
        for end in ("share_low", "share_high")
    )
    rows = rows.assign(low=lows, high=highs).reset_index()
    district = labels.text(found.assessment.district.name)
    title = f"{district} · {labels.message('scenarios.picture_title')}"
    parts = [_text(16, 26, title, size=16, weight="600")]
    top = 44
    for number, name in enumerate(names):
        parts.append(_rect(16, top, 12, 12, _colour(number)))
        parts.append(_text(34, top + 11, name))
        top += 18
    top += 12
    for kind, own in rows.groupby("kind", sort=False):
        middle = top + len(own) * _BAR / 2 + 5
        parts.append(_text(_LEFT - 10, middle, labels.kind(str(kind), kinds), anchor="end"))
        for _, row in own.iterrows():
            parts += _bar(top, row, labels)
            top += _BAR
        top += _GAP
    credit = found.assessment.district.attribution
    parts.append(_text(16, top + 12, credit, size=11, colour="#4b5563"))
    height = top + 28
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDE + 90}" height="{height}" '
        f'font-family="Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _bar(top: float, row: pd.Series, labels: Labels) -> list[str]:
    """Return the bar of a share and its figure: what is certain of a range, a dash of nothing."""
    value, figure = row["value"], "–"
    if not pd.isna(value):
        figure = labels.percent(value)
    elif not pd.isna(row["low"]):
        value, figure = row["low"], labels.percent_range(row["low"], row["high"])
    width = 0.0 if pd.isna(value) else value * _WIDE
    return [
        _rect(_LEFT, top, _WIDE, _BAR - 3, "#f3f4f6"),
        _rect(_LEFT, top, width, _BAR - 3, _colour(row["scenario"])),
        _text(_LEFT + _WIDE + 8, top + 11, figure, size=12),
    ]


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width:.1f}" height="{height}" fill="{colour}"/>'


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int = 13,
    weight: str = "400",
    anchor: str = "start",
    colour: str = "#1f2937",
) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour}">{safe(words)}</text>'
    )
