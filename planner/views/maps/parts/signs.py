"""The signs of a legend and the words beside them, HTML styled by the map's own style sheet.

A row may belong to a layer: where the reader switches that off, the dashboard's map hides the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.views.escaping import safe
from planner.views.maps.base.assets import layer_id


def row(sign: str, words: str, layer: str = "") -> str:
    """Return a row of a legend.

    Parameters
    ----------
    sign
        HTML of one of the signs below.
    words
        Plain text.
    layer
        Seed of the layer that the row explains, as
        :func:`planner.views.maps.parts.marks.mark_group` was given; empty for one that always
        stands.
    """
    of = f' data-layer="{layer_id(layer)}"' if layer else ""
    return f'<div class="pl-row"{of}>{sign}<span>{safe(words)}</span></div>'


def section(heading: str, rows: Iterable[str], layer: str = "") -> str:
    """Return rows below a heading; of a layer, as for :func:`row`."""
    of = f' data-layer="{layer_id(layer)}"' if layer else ""
    return f"<section{of}><h2>{safe(heading)}</h2>{''.join(rows)}</section>"


def cell(sign: str) -> str:
    """Return a sign in the middle of the column of signs, such as an icon."""
    return f'<span class="pl-cell">{sign}</span>'


def swatch(colour: str) -> str:
    """Return the sign of an area."""
    return f'<span class="pl-swatch" style="background:{colour}"></span>'


def dot(colour: str, size: float, rim: str = "") -> str:
    """Return the sign of a point, `size` pixels wide, with a coloured rim where one is given."""
    style = f"width:{size:g}px;height:{size:g}px;background:{colour}"
    style += f";border:2px solid {rim}" if rim else ""
    return cell(f'<span class="pl-dot" style="{style}"></span>')


def sized(colour: str, size: float, words: str) -> str:
    """Return a row with a point."""
    return row(dot(colour, size), words)


def mark_sign(style: Mapping[str, Any]) -> str:
    """Return the sign of a point as its mark is drawn, from the mark's own style."""
    size = min(2.0 * float(style["radius"]), 15.0)
    filled = style.get("fill", True) and style.get("fillOpacity", 1) > 0
    inside = str(style.get("fillColor", "")) if filled else "transparent"
    rim = str(style["color"])
    return dot(inside or "transparent", size, "" if rim == "#ffffff" else rim)


def line(style: Mapping[str, Any]) -> str:
    """Return the sign of a line as its mark is drawn, from the mark's own style."""
    kind = "dashed" if style.get("dashArray") else "solid"
    width = min(float(style["weight"]), 4.0)
    return f'<span class="pl-stroke" style="border-top:{width:g}px {kind} {style["color"]}"></span>'


def unknown_ring() -> str:
    """Return the sign of homes of which something is not known."""
    return cell('<span class="pl-dot pl-ring"></span>')


def paragraph(words: str) -> str:
    """Return a sentence of a legend."""
    return f"<p>{safe(words)}</p>"
