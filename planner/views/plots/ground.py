"""The ground of a map: water, green, buildings, streets, boundaries, scale and north."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from planner.arrays import F64, Shapes
from planner.views.maps.base.basemap import SHORE, WATER, street_class
from planner.views.plots.sheet import INK, NORMAL, RIM, SMALL, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planner.district import District


GREEN, BUILDING = "#e5eed9", "#ddd4c7"
_STREETS = {"major": (1.1, "#b39a66"), "medium": (0.8, "#c3b392"), "minor": (0.45, "#d3c9b6")}
"""Width in points and colour; paths are left out, a map on paper is too small for them."""

_AREAS, _LINES, _MARKS = 2, 3, 6
"""Order of drawing: areas of results, what lies over them, marks."""


def map_axes(
    sheet: Sheet, district: District, room_mm: tuple[float, float, float, float] | None = None
) -> Axes:
    """Return axes of a map with the ground drawn; one unit is a metre, north is up.

    Parameters
    ----------
    sheet, district
        Where, and what is drawn.
    room_mm
        Left, bottom, width, height; all the room of the sheet where none is given.
    """
    axes = blank_axes(sheet, district.communities.total_bounds, room_mm)
    _land(axes, district)
    _streets(axes, district)
    _water(axes, district)
    _boundaries(axes, district)
    return axes


def blank_axes(
    sheet: Sheet,
    bounds: Sequence[float] | F64,
    room_mm: tuple[float, float, float, float] | None = None,
) -> Axes:
    """Return axes of a map without a ground: its frame, the scale and the arrow that points north.

    Parameters
    ----------
    sheet, room_mm
        As of :func:`map_axes`.
    bounds
        West, south, east and north of what is to be seen, metres.
    """
    room = room_mm or sheet.room_mm
    axes = sheet.axes(*room)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor("#f7f5ef")
    for spine in axes.spines.values():
        spine.set_color(RIM)
        spine.set_linewidth(0.6)
    _frame(axes, bounds, room[2] / room[3])
    metres_a_mm = (axes.get_xlim()[1] - axes.get_xlim()[0]) / room[2]
    scale_bar(sheet, axes, metres_a_mm)
    north_arrow(sheet, axes, metres_a_mm)
    return axes


def draw_areas(axes: Axes, shapes: Iterable[Any], **style: Any) -> None:
    """Draw polygons, their holes left open, in one style."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = shapely.get_rings(_parts(shapes, dimension=2))
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    if not len(vertices):
        return
    first = np.r_[True, ring[1:] != ring[:-1]]
    codes = np.full(len(vertices), Path.LINETO, dtype=Path.code_type)
    codes[first], codes[np.r_[first[1:], True]] = Path.MOVETO, Path.CLOSEPOLY
    patch = PathPatch(Path(vertices, codes), **{"zorder": _AREAS, "linewidth": 0.0, **style})
    # the frame is set already: add_patch would look at every corner to find what it must hold
    axes.add_artist(patch)


def draw_lines(axes: Axes, shapes: Iterable[Any], **style: Any) -> None:
    """Draw lines in one style."""
    from matplotlib.collections import LineCollection

    parts = _parts(shapes, dimension=1)
    vertices, part = shapely.get_coordinates(parts, return_index=True)
    if len(vertices):
        lines = np.split(vertices, np.flatnonzero(np.diff(part)) + 1)
        axes.add_collection(LineCollection(lines, **{"zorder": _LINES, **style}), autolim=False)


def write_number(axes: Axes, x: float, y: float, text: str, **style: Any) -> None:
    """Write a figure on the map with a white rim, so that it is read on any colour."""
    from matplotlib.patheffects import withStroke

    rim = withStroke(linewidth=2.0, foreground="#ffffff")
    given = {"fontsize": NORMAL, "color": INK, "zorder": _MARKS + 2, "ha": "center", "va": "center"}
    axes.text(x, y, text, path_effects=[rim], clip_on=True, **{**given, **style})


def scale_bar(sheet: Sheet, axes: Axes, metres_a_mm: float) -> None:
    """Draw a bar of a round length in the lower left corner."""
    from matplotlib.patches import Rectangle

    (west, east), (south, _) = axes.get_xlim(), axes.get_ylim()
    length = round_length((east - west) / 4)
    x, y, height = west + 4 * metres_a_mm, south + 4 * metres_a_mm, 1.2 * metres_a_mm
    for part, colour in enumerate((INK, "#ffffff")):
        axes.add_patch(
            Rectangle(
                (x + part * length / 2, y),
                length / 2,
                height,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.5,
                zorder=_MARKS + 3,
            )
        )
    labels = sheet.words.labels
    told = (
        labels.metres(length)
        if length < 1000
        else labels.message("plots.km", km=labels.number(length / 1000))
    )
    for place, text in ((x, "0"), (x + length, told)):
        write_number(axes, place, y + 2.1 * metres_a_mm, text, fontsize=SMALL, va="bottom")


def round_length(most: float) -> float:
    """Return the largest of 1, 2 or 5 by a power of ten that is not above a length.

    Examples
    --------
    >>> round_length(740.0), round_length(2100.0)
    (500.0, 2000.0)
    """
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(each * power for each in (1, 2, 5) if each * power <= most))


def north_arrow(sheet: Sheet, axes: Axes, metres_a_mm: float) -> None:
    """Draw the arrow that points north in the upper right corner."""
    from matplotlib.patches import Polygon

    x = axes.get_xlim()[1] - 5 * metres_a_mm
    y = axes.get_ylim()[1] - 12 * metres_a_mm
    half, height = 1.7 * metres_a_mm, 6.0 * metres_a_mm
    for side, colour in ((-1, INK), (1, "#ffffff")):
        axes.add_patch(
            Polygon(
                [(x, y + height), (x + side * half, y), (x, y + height / 4)],
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.5,
                zorder=_MARKS + 3,
            )
        )
    letter = sheet.words.labels.text("N")
    write_number(axes, x, y + height + 0.4 * metres_a_mm, letter, va="bottom")


def _frame(axes: Axes, bounds: Sequence[float] | F64, ratio: float) -> None:
    """Set the part of the plane that is seen: the communities, and what the room adds at sides."""
    west, south, east, north = bounds
    width, height = (east - west) * 1.06, (north - south) * 1.06
    width, height = max(width, height * ratio), max(height, width / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    axes.set_xlim(x - width / 2, x + width / 2)
    axes.set_ylim(y - height / 2, y + height / 2)


def _land(axes: Axes, district: District) -> None:
    context = district.context
    for kind, colour in (("green", GREEN), ("building", BUILDING)):
        draw_areas(axes, context.geometry[(context["kind"] == kind).to_numpy()], color=colour)
    rail = context.geometry[(context["kind"] == "rail").to_numpy()]
    draw_lines(axes, rail, color="#6b7280", linewidth=0.7, linestyle=(0, (4, 2)))


def _streets(axes: Axes, district: District) -> None:
    streets = district.streets
    classes = streets["highway"].map(
        {tag: street_class(tag) for tag in streets["highway"].unique()}
    )
    for name, (width, colour) in reversed(_STREETS.items()):
        draw_lines(
            axes, streets.geometry[(classes == name).to_numpy()], color=colour, linewidth=width
        )


def _water(axes: Axes, district: District) -> None:
    for layer in (district.context, district.barriers):
        water = layer.geometry[(layer["kind"] == "water").to_numpy()]
        draw_areas(
            axes, water, facecolor=WATER, edgecolor=SHORE, linewidth=0.4, zorder=_LINES + 0.5
        )
        draw_lines(axes, water, color=SHORE, linewidth=0.9, zorder=_LINES + 0.5)


def _boundaries(axes: Axes, district: District) -> None:
    draw_lines(
        axes,
        shapely.boundary(district.communities.geometry.to_numpy()),
        color=RIM,
        linewidth=0.5,
        alpha=0.7,
        zorder=_LINES + 1,
    )


def _parts(shapes: Iterable[Any], dimension: int) -> Shapes:
    """Return the single lines (1) or polygons (2) of shapes, without empty ones."""
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    found: Shapes = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    return found
