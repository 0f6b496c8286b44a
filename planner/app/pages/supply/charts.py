"""Charts of the week, of load, of equity and of ranges; Streamlit brings what draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from planner.views.maps.parts.palettes import COVERAGE, NO_DATA

INK = "#134e4a"
ACCENT = "#c2410c"
PALE = "#94a3b8"
LOAD_COLOURS = ("#2a8a80", "#98cfc0", "#f6f1e4", "#f4813f", "#7a0a12")
LOADS = (0, 0.5, 1, 1.5, 2)
"""From which load each of these; the last for all that is more."""

_SHARES = alt.Scale(domain=[0, 0.25, 0.5, 0.75, 1], range=list(COVERAGE.colours))
_WHOLE = alt.Scale(domain=[0, 1])


def week_heat(table: pd.DataFrame, days: Sequence[str], words: Mapping[str, str]) -> alt.LayerChart:
    """Return seven rows of 24 hours, coloured and lettered by the share covered.

    Parameters
    ----------
    table
        A row for each hour of the week.
    days
        Names of the weekdays, Monday first.
    words
        Names of the columns ``hour_of_day``, ``day``, ``share_low``, ``share_high``,
        ``facilities_open`` and ``facilities_unknown``.
    """
    counts = ("facilities_open", "facilities_unknown")
    base = alt.Chart(table).encode(
        x=alt.X(
            "hour_of_day:O",
            title=words["hour_of_day"],
            axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "day:O",
            sort=list(days),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelOverlap=False),
        ),
        tooltip=[
            alt.Tooltip("day:N", title=words["day"]),
            alt.Tooltip("hour_of_day:O", title=words["hour_of_day"]),
            *(_figure(name, words, ".1%") for name in ("share_low", "share_high")),
            *(_figure(name, words) for name in counts),
        ],
    )
    legend = alt.Legend(title=words["share_low"], format=".0%", orient="right")
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color("share_low:Q", scale=_SHARES, legend=legend)
    )
    letters = (
        base.transform_calculate(percent="round(100 * datum.share_low)")
        .mark_text(fontSize=11)
        .encode(
            text="percent:Q",
            color=alt.condition(
                "datum.share_low > 0.75", alt.value("#ffffff"), alt.value("#1f2937")
            ),
        )
    )
    return _layered(240, cells, letters)


def week_strips(
    table: pd.DataFrame, kinds: Sequence[str], words: Mapping[str, str], days: Sequence[str]
) -> alt.Chart:
    """Return a strip of 168 hours for each kind, in the order given; as :func:`week_heat`."""
    named = ", ".join(f"'{day}'" for day in days)
    strips: alt.Chart = (
        alt.Chart(table)
        .transform_calculate(until="datum.hour + 1")
        .mark_rect()
        .encode(
            x=alt.X(
                "hour:Q",
                title=None,
                scale=alt.Scale(domain=[0, 168], nice=False),
                axis=alt.Axis(
                    values=[24 * day + 12 for day in range(7)],
                    labelExpr=f"[{named}][floor(datum.value / 24)]",
                    ticks=False,
                    domain=False,
                    grid=False,
                ),
            ),
            x2="until:Q",
            y=alt.Y(
                "kind:O",
                sort=list(kinds),
                title=None,
                axis=alt.Axis(ticks=False, domain=False, labelLimit=260, labelOverlap=False),
            ),
            color=alt.Color("share_low:Q", scale=_SHARES, legend=None),
            tooltip=[
                alt.Tooltip("kind:N", title=words["kind"]),
                alt.Tooltip("day:N", title=words["day"]),
                alt.Tooltip("hour_of_day:O", title=words["hour_of_day"]),
                _figure("share_low", words, ".1%"),
                _figure("share_high", words, ".1%"),
            ],
        )
        .properties(height=24 * len(kinds) + 40)
        .configure_view(stroke=None)
    )
    return strips


def load_map(
    table: pd.DataFrame, communities: Mapping[str, Any], words: Mapping[str, str], column: str
) -> alt.LayerChart:
    """Return the facilities over the communities' outlines, sized by residents.

    Parameters
    ----------
    table
        A row for each facility, with ``x`` and ``y`` in metres, and its load in words in ``told``.
    communities
        GeoJSON in metres.
    words
        Names of ``name``, ``residents_high`` and `column`.
    column
        Load that colours them: ``"load_high"`` or ``"relative_load"``.
    """
    features = alt.InlineData(
        values=dict(communities), format=alt.JsonDataFormat(type="json", property="features")
    )
    ground = alt.Chart(features).mark_geoshape(fill="#f1f5f4", stroke="#b8c4c1")
    scale = alt.Scale(domain=list(LOADS), range=list(LOAD_COLOURS), clamp=True)
    # JSON has no infinity: a place without room would be drawn as one of which nothing is known
    drawn = table.assign(**{column: table[column].clip(upper=LOADS[-1])})
    places = (
        alt.Chart(drawn)
        .mark_circle(opacity=0.9, stroke="#475569", strokeWidth=0.6)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            size=alt.Size(
                "residents_high:Q",
                scale=alt.Scale(range=[30, 420], zero=True),
                legend=alt.Legend(title=words["residents_high"], tickCount=3),
            ),
            color=alt.condition(
                f"isValid(datum.{column})",
                alt.Color(f"{column}:Q", scale=scale, legend=alt.Legend(title=words[column])),
                alt.value(NO_DATA),
            ),
            tooltip=[
                alt.Tooltip("name:N", title=words["name"]),
                _figure("residents_high", words, ",.0f"),
                alt.Tooltip("told:N", title=words[column]),
            ],
        )
    )
    layers: alt.LayerChart = _layered(430, ground, places).project(type="identity", reflectY=True)
    return layers


def lorenz_chart(table: pd.DataFrame, people: str, metres: str) -> alt.LayerChart:
    """Return a Lorenz curve under the diagonal of equal shares."""
    axis = alt.Axis(format=".0%", tickCount=5)
    curve = (
        alt.Chart(table)
        .mark_area(line={"color": INK}, color=INK, opacity=0.12)
        .encode(
            x=alt.X("people:Q", title=people, axis=axis, scale=_WHOLE),
            y=alt.Y("value:Q", title=metres, axis=axis, scale=_WHOLE),
        )
    )
    equal = pd.DataFrame({"people": [0.0, 1.0], "value": [0.0, 1.0]})
    diagonal = (
        alt.Chart(equal)
        .mark_line(color=PALE, strokeDash=[5, 4])
        .encode(x=alt.X("people:Q", title=people), y=alt.Y("value:Q", title=metres))
    )
    return _layered(340, curve, diagonal)


def range_chart(
    table: pd.DataFrame, causes: Sequence[str], words: Mapping[str, str]
) -> alt.LayerChart:
    """Return a bar from the lowest to the highest share for each cause, the figure as a line."""
    base = alt.Chart(table).encode(
        y=alt.Y(
            "cause:O",
            sort=list(causes),
            title=None,
            axis=alt.Axis(ticks=False, domain=False, labelLimit=300),
        ),
        tooltip=[
            alt.Tooltip("cause:N", title=words["cause"]),
            *(_figure(name, words, ".1%") for name in ("share", "share_low", "share_high")),
        ],
    )
    axis = alt.Axis(format=".0%", tickCount=10)
    bars = base.mark_bar(height=12, cornerRadius=3).encode(
        x=alt.X("share_low:Q", title=words["share"], axis=axis, scale=_WHOLE),
        x2="share_high:Q",
        color=alt.condition("datum.matters", alt.value(ACCENT), alt.value(PALE)),
    )
    figures = base.mark_tick(color=INK, thickness=3, height=22).encode(
        x=alt.X("share:Q", title=words["share"], axis=axis)
    )
    return _layered(38 * len(causes) + 50, bars, figures)


def _figure(name: str, words: Mapping[str, str], pattern: str | None = None) -> alt.Tooltip:
    tooltip = alt.Tooltip(f"{name}:Q", title=words[name])
    return tooltip if pattern is None else tooltip.format(pattern)


def _layered(height: int, *layers: alt.Chart) -> alt.LayerChart:
    """Return layers above one another, without a frame around them; `height` in pixels."""
    drawn: alt.LayerChart = (
        alt.LayerChart(layer=list(layers)).properties(height=height).configure_view(stroke=None)
    )
    return drawn
