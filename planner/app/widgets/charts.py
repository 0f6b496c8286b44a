"""Charts as Vega-Lite specifications; Streamlit brings what draws them, so no server is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.views.maps.palettes import COVERAGE, NO_DATA

Spec = dict[str, Any]

INK = "#134e4a"
ACCENT = "#c2410c"
PALE = "#94a3b8"
LOAD_COLOURS = ("#2a8a80", "#98cfc0", "#f6f1e4", "#f4813f", "#7a0a12")
"""Load 0, ½, 1, 1½ and 2 or more."""

_PLAIN = {"view": {"stroke": None}}


def week_heat(days: Sequence[str], words: Mapping[str, str]) -> Spec:
    """Return seven rows of 24 hours, coloured and lettered by the share covered.

    Parameters
    ----------
    days
        Names of the weekdays, Monday first.
    words
        Names of the columns ``hour_of_day``, ``day``, ``share_low``, ``share_high``,
        ``facilities_open`` and ``facilities_unknown``.
    """
    x = {
        "field": "hour_of_day",
        "type": "ordinal",
        "title": words["hour_of_day"],
        "axis": {"labelAngle": 0, "ticks": False, "domain": False},
    }
    y = {
        "field": "day",
        "type": "ordinal",
        "sort": list(days),
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelOverlap": False},
    }
    shares = [_field(name, words, ".1%") for name in ("share_low", "share_high")]
    counts = [_field(name, words) for name in ("facilities_open", "facilities_unknown")]
    tooltip = [
        {"field": "day", "title": words["day"]},
        {"field": "hour_of_day", "title": words["hour_of_day"]},
        *shares,
        *counts,
    ]
    scale = {"domain": [0, 0.25, 0.5, 0.75, 1], "range": list(COVERAGE.colours)}
    colour = {
        "field": "share_low",
        "type": "quantitative",
        "scale": scale,
        "legend": {"title": words["share_low"], "format": ".0%", "orient": "right"},
    }
    cells = {"mark": {"type": "rect", "stroke": "#ffffff"}, "encoding": {"color": colour}}
    letters = {
        "transform": [{"calculate": "round(100 * datum.share_low)", "as": "percent"}],
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {
            "text": {"field": "percent", "type": "quantitative"},
            "color": {
                "condition": {"test": "datum.share_low > 0.75", "value": "#ffffff"},
                "value": "#1f2937",
            },
        },
    }
    encoding = {"x": x, "y": y, "tooltip": tooltip}
    return {"height": 240, "encoding": encoding, "layer": [cells, letters], "config": _PLAIN}


def week_strips(kinds: Sequence[str], words: Mapping[str, str], days: Sequence[str]) -> Spec:
    """Return a strip of 168 hours for each kind, in the order given."""
    named = ", ".join(f"'{day}'" for day in days)
    axis = {
        "values": [24 * day + 12 for day in range(7)],
        "labelExpr": f"[{named}][floor(datum.value / 24)]",
        "ticks": False,
        "domain": False,
        "grid": False,
    }
    encoding = {
        "x": {"field": "hour", "type": "quantitative", "title": None, "axis": axis,
              "scale": {"domain": [0, 168], "nice": False}},
        "x2": {"field": "until"},
        "y": {"field": "kind", "type": "ordinal", "sort": list(kinds), "title": None,
              "axis": {"ticks": False, "domain": False, "labelLimit": 260, "labelOverlap": False}},
        "color": {
            "field": "share_low",
            "type": "quantitative",
            "scale": {"domain": [0, 0.25, 0.5, 0.75, 1], "range": list(COVERAGE.colours)},
            "legend": None,
        },
        "tooltip": [
            {"field": "kind", "title": words["kind"]},
            {"field": "day", "title": words["day"]},
            {"field": "hour_of_day", "title": words["hour_of_day"]},
            _field("share_low", words, ".1%"),
            _field("share_high", words, ".1%"),
        ],
    }  # fmt: skip
    return {
        "height": 24 * len(kinds) + 40,
        "transform": [{"calculate": "datum.hour + 1", "as": "until"}],
        "mark": {"type": "rect"},
        "encoding": encoding,
        "config": _PLAIN,
    }


def load_map(communities: Mapping[str, Any], words: Mapping[str, str], column: str) -> Spec:
    """Return the facilities over the communities' outlines, sized by residents.

    Parameters
    ----------
    communities
        GeoJSON in metres.
    words
        Names of ``name``, ``residents_high`` and `column`.
    column
        Load that colours them: ``"load_high"`` or ``"relative_load"``.
    """
    ground = {
        "data": {"values": communities, "format": {"type": "json", "property": "features"}},
        "mark": {"type": "geoshape", "fill": "#f1f5f4", "stroke": "#b8c4c1"},
    }
    colour = {
        "condition": {
            "test": f"isValid(datum.{column})",
            "field": column,
            "type": "quantitative",
            "scale": {
                "domain": [0, 0.5, 1, 1.5, 2],
                "range": list(LOAD_COLOURS),
                "clamp": True,
            },
            "legend": {"title": words[column]},
        },
        "value": NO_DATA,
    }
    places = {
        "mark": {"type": "circle", "opacity": 0.9, "stroke": "#475569", "strokeWidth": 0.6},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "size": {
                "field": "residents_high",
                "type": "quantitative",
                "scale": {"range": [30, 420], "zero": True},
                "legend": {"title": words["residents_high"], "tickCount": 3},
            },
            "color": colour,
            "tooltip": [
                {"field": "name", "title": words["name"]},
                _field("residents_high", words, ",.0f"),
                _field(column, words, ".2f"),
            ],
        },
    }
    return {
        "height": 430,
        "projection": {"type": "identity", "reflectY": True},
        "layer": [ground, places],
        "config": _PLAIN,
    }


def lorenz_chart(people: str, metres: str) -> Spec:
    """Return a Lorenz curve under the diagonal of equal shares."""
    axis = {"format": ".0%", "tickCount": 5}
    curve = {
        "mark": {"type": "area", "line": {"color": INK}, "color": INK, "opacity": 0.12},
        "encoding": {
            "x": {"field": "people", "type": "quantitative", "title": people, "axis": axis,
                  "scale": {"domain": [0, 1]}},
            "y": {"field": "value", "type": "quantitative", "title": metres, "axis": axis,
                  "scale": {"domain": [0, 1]}},
        },
    }  # fmt: skip
    diagonal = {
        "data": {"values": [{"people": 0, "value": 0}, {"people": 1, "value": 1}]},
        "mark": {"type": "line", "color": PALE, "strokeDash": [5, 4]},
        "encoding": {
            "x": {"field": "people", "type": "quantitative"},
            "y": {"field": "value", "type": "quantitative"},
        },
    }
    return {"height": 340, "layer": [curve, diagonal], "config": _PLAIN}


def range_chart(causes: Sequence[str], words: Mapping[str, str]) -> Spec:
    """Return a bar from the lowest to the highest share for each cause, the figure as a line."""
    y = {
        "field": "cause",
        "type": "ordinal",
        "sort": list(causes),
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelLimit": 300},
    }
    tooltip = [
        {"field": "cause", "title": words["cause"]},
        *(_field(name, words, ".1%") for name in ("share", "share_low", "share_high")),
    ]
    x = {
        "type": "quantitative",
        "title": words["share"],
        "axis": {"format": ".0%", "tickCount": 10},
    }
    bar = {
        "mark": {"type": "bar", "height": 12, "cornerRadius": 3},
        "encoding": {
            "x": {"field": "share_low", **x, "scale": {"domain": [0, 1]}},
            "x2": {"field": "share_high"},
            "color": {
                "condition": {"test": "datum.matters", "value": ACCENT},
                "value": PALE,
            },
        },
    }
    figure = {
        "mark": {"type": "tick", "color": INK, "thickness": 3, "height": 22},
        "encoding": {"x": {"field": "share", **x}},
    }
    encoding = {"y": y, "tooltip": tooltip}
    return {
        "height": 38 * len(causes) + 50,
        "encoding": encoding,
        "layer": [bar, figure],
        "config": _PLAIN,
    }


def _field(name: str, words: Mapping[str, str], pattern: str | None = None) -> Spec:
    field: Spec = {"field": name, "title": words[name], "type": "quantitative"}
    return field if pattern is None else {**field, "format": pattern}
