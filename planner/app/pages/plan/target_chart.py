"""The chart of a path against its target."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from planner.plan.targets.path import Path

HEIGHT = 260
PATH, ASKED = "#0f766e", "#b45309"


def path_table(path: Path) -> pd.DataFrame:
    """Return a row for each year: ``year``, ``low``, ``high`` of the path, and ``asked``."""
    goals = path.target.goals()
    rows = [
        {"year": each.year, "low": each.low, "high": each.high, "asked": goals.get(each.year)}
        for each in path.stands
    ]
    table = pd.DataFrame(rows, columns=["year", "low", "high", "asked"])
    return table.astype({"low": "float64", "high": "float64", "asked": "float64"})


def path_chart(path: Path, words: Mapping[str, str]) -> alt.LayerChart:
    """Return the path as a line in its range, under points of what is asked.

    Parameters
    ----------
    path
        The path and its target.
    words
        Names of ``year``, ``low``, ``high``, ``asked``, ``path`` and ``share``.
    """
    tip = [alt.Tooltip("year:O", title=words["year"])] + [
        alt.Tooltip(f"{name}:Q", title=words[name], format=".1%")
        for name in ("low", "high", "asked")
    ]
    base = alt.Chart(path_table(path)).encode(
        x=alt.X("year:O", title=words["year"], axis=alt.Axis(labelAngle=0)), tooltip=tip
    )
    base = base.properties(height=HEIGHT)
    axis = alt.Axis(format=".0%")
    share = alt.Scale(domain=[0, 1])
    colour = alt.Scale(domain=[words["path"], words["asked"]], range=[PATH, ASKED])
    legend = alt.Legend(title=None, orient="top")

    def in_colour(name: str) -> alt.Color:
        return alt.Color("named:N", scale=colour, legend=legend, title=words[name])

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", title=words["share"], scale=share, axis=axis)

    band = base.mark_area(color=PATH, opacity=0.2).encode(y=y("low"), y2="high:Q")
    line = base.transform_calculate(named=f"'{words['path']}'").mark_line(
        interpolate="step-after", point=True
    )
    asked = base.transform_calculate(named=f"'{words['asked']}'").mark_point(
        shape="diamond", filled=True, size=90
    )
    path_line = line.encode(y=y("low"), color=in_colour("path"))
    goals = asked.encode(y=y("asked"), color=in_colour("asked"))
    layers: alt.LayerChart = band + path_line + goals
    return layers
