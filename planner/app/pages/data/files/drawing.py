"""A small picture of where the rows lie: boundaries, streets, and points by layer."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from planner.sources.files.lists import in_order, layer_of

WIDTH, HEIGHT = 460, 430
"""Pixels of the picture."""

COLOURS = {
    "homes": "#cbd5e1",
    "cells": "#94a3b8",
    "raster": "#94a3b8",
    "demand": "#64748b",
    "facilities": "#be185d",
    "gates": "#b45309",
    "candidates": "#1d4ed8",
    "changed": "#b45309",
    "gone": "#64748b",
    "new": "#be185d",
}
"""By layer, those below first."""

FURTHER = ("#7c3aed", "#0e7490", "#a16207", "#15803d")
"""Of the second list of a layer, the third, and so on; then anew."""

_MARGIN = 0.06
_RADIUS = {
    "facilities": 2.6,
    "gates": 2.0,
    "candidates": 2.4,
    "changed": 3.4,
    "gone": 3.4,
    "new": 3.4,
}
_SMALL = 1.4


def html(drawing: Mapping[str, Any], words: Mapping[str, str], title: str) -> str:
    """Return the picture with its legend, safe to be put into a page.

    Parameters
    ----------
    drawing
        Bounds, areas, lines and points in metres, of
        :func:`planner.sources.files.previews.preview`.
    words
        Name of each layer of points.
    title
        What the picture shows, for who cannot see it.
    """
    code = base64.b64encode(svg(drawing).encode("utf-8")).decode("ascii")
    signs = "".join(
        f'<span style="white-space:nowrap;margin-right:1rem">'
        f'<span style="color:{colour(layer)}">●</span> {escape(word)}</span>'
        for layer, word in words.items()
    )
    return (
        f'<img alt="{escape(title)}" width="{WIDTH}" height="{HEIGHT}" '
        f'style="max-width:100%;border:1px solid #d1d5db;border-radius:8px" '
        f'src="data:image/svg+xml;base64,{code}"><div style="font-size:.8rem">{signs}</div>'
    )


def colour(key: str) -> str:
    """Return the colour of a layer, or of one of its lists.

    Examples
    --------
    >>> colour("facilities"), colour("facilities:2")
    ('#be185d', '#7c3aed')
    """
    layer, _, number = key.partition(":")
    return FURTHER[(int(number) - 2) % len(FURTHER)] if number else COLOURS[layer]


def svg(drawing: Mapping[str, Any]) -> str:
    """Return the picture; places beyond its frame are cut off."""
    west, south, east, north = drawing["bounds"]
    span = max((east - west) / WIDTH, (north - south) / HEIGHT, 1e-9) * (1 + 2 * _MARGIN)
    left = (west + east) / 2 - span * WIDTH / 2
    top = (south + north) / 2 + span * HEIGHT / 2

    def spot(place: Sequence[float]) -> tuple[float, float]:
        return round((place[0] - left) / span, 1), round((top - place[1]) / span, 1)

    def path(lines: Iterable[Sequence[Sequence[float]]]) -> str:
        return "".join("M" + "L".join("{},{}".format(*spot(p)) for p in line) for line in lines)

    parts = [
        f'<path d="{path(drawing["lines"])}" fill="none" stroke="#cbd5e1" stroke-width=".7"/>',
        f'<path d="{path(drawing["areas"])}" fill="none" stroke="#0f766e" stroke-width="1.2"/>',
    ]
    points = drawing["points"]
    for key in (key for layer in COLOURS for key in in_order(points, layer)):
        radius = _RADIUS.get(layer_of(key), _SMALL)
        for place in points[key]:
            x, y = spot(place)
            parts.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour(key)}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f8fafc"/>{"".join(parts)}</svg>'
    )
