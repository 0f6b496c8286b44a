"""The area that a reader draws on a map: kept in the address, and its figures told.

The browser sends the corners. They are held against what an address can carry, written into it as
whole metres, and read back from there, so that links, other pages and a reload show the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.analysis.measures.areas import area_figures
from planner.app.session import choices
from planner.app.session.context import Context
from planner.app.widgets import downloads
from planner.district import District
from planner.errors import InputError
from planner.views.maps.base.degrees import in_degrees, in_metres
from planner.views.maps.parts.area_card import area_card, compared_card
from planner.views.tables.analysis.areas import area_table

DRAWN = "drawn"
"""Name of the choice that the address carries."""

MOST_CORNERS = 500
"""Corners that a browser may send."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_KEPT = "drawn_area_card"


@dataclass(frozen=True, eq=False)
class Reading:
    """What the figures of an area are read of.

    Parameters
    ----------
    results
        One assessment, or several by what they are called, such as before and after.
    group
        Who is counted where kinds are listed.
    kind
        The kind that the map shows, empty where it shows several.
    """

    results: Mapping[str, Assessment]
    group: str
    kind: str = ""

    @classmethod
    def of(cls, result: Assessment, group: str, kind: str = "") -> Reading:
        """Return a reading of one assessment."""
        return cls({"": result}, group, kind)


def take(context: Context, corners: Any) -> None:
    """Take over the corners that a browser sends, degrees, latitude first; none clear the area.

    Raises
    ------
    InputError
        ``measures.area_drawn`` where they are no outline.
    """
    choices.bring(DRAWN, _written(_outline(context.district(), corners)) if corners else "")


def shown(context: Context, reading: Reading) -> dict[str, Any] | None:
    """Return the outline and the figures of the area for the map's script, None where none is."""
    polygon = _polygon(context)
    if polygon is None:
        return None
    ring = shapely.get_coordinates(in_degrees([polygon], context.district().crs)[0])
    return {
        "ring": [[round(y, 6), round(x, 6)] for x, y in ring.tolist()],
        "html": _card(context, reading, polygon),
    }


def file(context: Context, reading: Reading, key: str) -> None:
    """Draw the button for the figures of the area, all kinds and groups, where there is one."""
    polygon = _polygon(context)
    if polygon is None or len(reading.results) != 1:
        return
    (result,) = reading.results.values()

    def table() -> pd.DataFrame:
        return area_table(area_figures(result, polygon), context.labels, result.district.kinds)

    name = f"{context.stem}-area.csv"
    downloads.file(downloads.table(context.word("areas.download"), name, table), f"{key}_area")


def _polygon(context: Context) -> shapely.Polygon | None:
    """Return the area that the address tells, None for none; one that cannot be read is refused."""
    text = choices.under(DRAWN, context.entry.id, [choices.own(DRAWN)])
    polygon = _read(text) if text else None
    if text and polygon is None:
        choices.settle(DRAWN, [""], "")
    return polygon


def _card(context: Context, reading: Reading, polygon: shapely.Polygon) -> str:
    """Return the figures as HTML, worked out once while the same is shown."""
    names = tuple(reading.results)  # one assessment, and the same one beside another, differ
    key = (polygon.wkt, reading.group, reading.kind, context.labels.language, names)
    results = list(reading.results.values())
    kept = st.session_state.get(_KEPT)
    if kept and kept[0] == key and all(a is b for a, b in zip(kept[1], results, strict=True)):
        return str(kept[2])
    kinds = context.district().kinds
    figures = {
        name: area_figures(result, polygon, kinds=_kinds(result, reading))
        for name, result in reading.results.items()
    }
    if len(figures) == 1:
        html = area_card(
            next(iter(figures.values())),
            context.labels,
            kinds,
            kind=reading.kind,
            group=reading.group,
        )
    else:
        html = compared_card(figures, context.labels, kinds, reading.kind, reading.group)
    st.session_state[_KEPT] = (key, results, html)
    return html


def _kinds(result: Assessment, reading: Reading) -> list[str]:
    if reading.kind:
        return [reading.kind]
    return result.judged_kinds or result.kinds


def _outline(district: District, corners: Any) -> shapely.Polygon:
    """Return the polygon of corners that a browser sends, simple enough for an address."""
    if not isinstance(corners, list) or not 3 <= len(corners) <= MOST_CORNERS:
        raise InputError("measures.area_drawn")
    try:
        places = [(float(lat), float(lon)) for lat, lon in corners]
    except (TypeError, ValueError):
        raise InputError("measures.area_drawn") from None
    if not all(abs(lat) < 90 and abs(lon) <= 180 for lat, lon in places):  # NaN too
        raise InputError("measures.area_drawn")
    metres = np.array([in_metres(lon, lat, district.crs) for lat, lon in places])
    if not np.isfinite(metres).all():
        raise InputError("measures.area_drawn")
    polygon = shapely.Polygon(metres)
    apart_m = max(1.0, math.sqrt(polygon.envelope.area) / 400)
    while len(_written(polygon)) > choices.MOST_CHARACTERS:
        ring = polygon.exterior.simplify(apart_m, preserve_topology=False)
        polygon = shapely.Polygon(ring.coords if len(ring.coords) > 3 else ())
        apart_m *= 1.5
    if polygon.is_empty or _read(_written(polygon)) is None:
        raise InputError("measures.area_drawn")
    return polygon


def _written(polygon: shapely.Polygon) -> str:
    """Return a polygon as text: whole metres, each corner the difference from the one before."""
    if polygon.is_empty:
        return ""
    whole = np.rint(shapely.get_coordinates(polygon)[:-1]).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return ".".join(_in_base(value) for value in steps.ravel().tolist())


def _read(text: str) -> shapely.Polygon | None:
    """Return the polygon of a text, None where it is none."""
    try:
        steps = [int(each, len(_DIGITS)) for each in text.split(".")]
    except ValueError:
        return None
    if len(steps) < 6 or len(steps) % 2 or max(map(abs, steps)) > 10**8:
        return None
    polygon = shapely.Polygon(np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0))
    return polygon if polygon.envelope.area > 0 else None


def _in_base(value: int) -> str:
    left, digits = abs(value), ""
    while left or not digits:
        left, digit = divmod(left, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if value < 0 else digits
