"""Marks of maps on paper: facilities, homes, numbered places; told apart by shape, not colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planner.arrays import F64, Bool
from planner.views.maps.parts.homes import undecided
from planner.views.maps.parts.legend import class_names, counted
from planner.views.maps.parts.palettes import BEYOND_M, UNREACHABLE
from planner.views.plots.ground import write_number
from planner.views.plots.sheet import INK, SMALL

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from planner.analysis.assessment import Assessment
    from planner.views.words.labels import Labels

Row = tuple["Artist", str]

FACILITY = {"marker": "s", "color": "#134e4a"}
SITE = "#b45309"


def sign(**style: Any) -> Artist:
    """Return the sign of a mark for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **{"linestyle": "none", "markersize": 5.0, **style})


def area_sign(**style: Any) -> Artist:
    """Return the sign of an area for a legend."""
    from matplotlib.patches import Patch

    return Patch(**{"edgecolor": "#94a3b8", "linewidth": 0.4, **style})


def facilities(axes: Axes, assessment: Assessment, kind: str, labels: Labels) -> list[Row]:
    """Draw the facilities of a kind, and return their signs: hollow ones do not count."""
    district = assessment.district
    own = district.facilities[(district.facilities["kind"] == kind).to_numpy()]
    counts = counted(own, assessment.question).to_numpy(dtype=np.bool_)
    rows: list[Row] = []
    edge: dict[str, Any] = {"marker": FACILITY["marker"], "markeredgewidth": 0.7}
    for these, inside, rim, word in (
        (counts, FACILITY["color"], "#ffffff", labels.kind(kind, district.kinds)),
        (~counts, "#ffffff", FACILITY["color"], _not_counted(assessment, labels)),
    ):
        if not these.any():
            continue
        style = {**edge, "markerfacecolor": inside, "markeredgecolor": rim}
        shapes = own.geometry.representative_point()[these]
        axes.plot(shapes.x, shapes.y, linestyle="none", markersize=4.4, zorder=6, **style)
        rows.append((sign(**{**style, "markeredgecolor": FACILITY["color"]}), word))
    return rows


def _not_counted(assessment: Assessment, labels: Labels) -> str:
    if assessment.question.plain:
        return labels.text("not counted: internal, planned or closed")
    return labels.text("not counted: internal, planned, closed, or not as asked")


def homes(axes: Axes, assessment: Assessment, kind: str, group: str, labels: Labels) -> list[Row]:
    """Draw homes beyond the limit and those of which it is not known; return their signs.

    All are alike large: a circle's size must not tell a count that is withheld.
    """
    district, limit_m = assessment.district, assessment.limit_m(kind, group)
    lived_in = np.nan_to_num(district.demand[group].to_numpy(dtype=np.float64)) > 0
    metres = assessment.distances[kind].to_numpy(dtype=np.float64)
    metres = np.where(undecided(assessment, kind, group), np.nan, metres)
    points = district.demand.geometry
    xy: F64 = np.column_stack([points.x, points.y])
    rows: list[Row] = []
    if limit_m is not None:
        rows += _beyond(axes, xy, lived_in, metres - limit_m, labels)
    else:
        rows += _nowhere(axes, xy, lived_in & np.isinf(metres), labels)
    unknown = lived_in & np.isnan(metres)
    if unknown.any():
        style = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": "#475569"}
        _points(axes, xy, unknown, 2.4, markeredgewidth=0.5, **style)
        rows.append((sign(**style), labels.text("Homes of which it is not known")))
    return rows


def _beyond(axes: Axes, xy: F64, lived_in: Bool, excess_m: F64, labels: Labels) -> list[Row]:
    """Draw homes beyond the limit by classes of metres, those that reach nothing as crosses."""
    rows: list[Row] = []
    whole = np.ceil(np.round(excess_m, 3))
    number = np.searchsorted(np.asarray(BEYOND_M.breaks), whole, side="left")
    beyond = lived_in & (excess_m > 0)
    names = class_names(BEYOND_M, labels, share=False)
    for each, (colour, name) in enumerate(zip(BEYOND_M.colours, names, strict=True)):
        these = beyond & (number == each) & np.isfinite(excess_m)
        if these.any():
            style = {"marker": "o", "markerfacecolor": colour, "markeredgecolor": "#ffffff"}
            _points(axes, xy, these, 2.8, markeredgewidth=0.25, **style)
            metres = labels.text("{metres} m", metres=name)
            words = labels.message("plots.beyond", metres=metres)
            rows.append((sign(**style), words))
    return rows + _nowhere(axes, xy, beyond & np.isinf(excess_m), labels)


def _nowhere(axes: Axes, xy: F64, these: Bool, labels: Labels) -> list[Row]:
    """Draw homes that reach nothing as crosses."""
    if not these.any():
        return []
    style = {"marker": "X", "markerfacecolor": UNREACHABLE, "markeredgecolor": "#ffffff"}
    _points(axes, xy, these, 3.4, markeredgewidth=0.25, **style)
    return [(sign(**style), labels.text("unreachable"))]


def _points(axes: Axes, xy: F64, these: Bool, size: float, **style: Any) -> None:
    axes.plot(xy[these, 0], xy[these, 1], linestyle="none", markersize=size, zorder=5, **style)


def numbered(axes: Axes, x: float, y: float, number: int, colour: str, marker: str = "o") -> None:
    """Draw a place with its number."""
    axes.plot(
        [x],
        [y],
        marker=marker,
        markersize=8.5,
        markerfacecolor=colour,
        markeredgecolor="#ffffff",
        markeredgewidth=0.9,
        zorder=8,
    )
    axes.text(
        x, y, str(number), fontsize=SMALL, color="#ffffff", ha="center", va="center_baseline",
        zorder=9, clip_on=True,
    )  # fmt: skip


__all__ = ["INK", "SITE", "area_sign", "facilities", "homes", "numbered", "sign", "write_number"]
