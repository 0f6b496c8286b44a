"""One glyph per icon name of the kinds table, white on a disc of the kind's colour."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from planner.district import Kind

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_GREY = "#475569"


def names() -> list[str]:
    """Return the names of the glyphs, sorted."""
    folder = resources.files(__name__)
    return sorted(file.name[:-4] for file in folder.iterdir() if file.name.endswith(".svg"))


@cache
def glyph(name: str) -> str:
    """Return the shapes of a glyph in a box of 24 × 24; a dot for a name that is not known."""
    known = name if name in names() else "dot"
    source = resources.files(__name__).joinpath(f"{known}.svg").read_text(encoding="utf-8")
    found = _INNER.search(source)
    return found[1] if found else ""


PLANNED_RIMS = {"approved": "#a21caf", "in_construction": "#ea580c", "opened": "#1d4ed8"}
"""Colour of the rim by the state of what the joint plan decides."""


def planned_icon(kind: Kind, state: str, size: int = 26) -> str:
    """Return the sign of what the joint plan decides as inline SVG: square, with the state's rim.

    Parameters
    ----------
    kind
        Its kind.
    state
        One of :data:`PLANNED_RIMS`. What is approved stays hollow, since nothing stands there.
    size
        Width and height in pixels.
    """
    rim = PLANNED_RIMS[state]
    colour = kind.colour if _COLOUR.fullmatch(kind.colour) else _GREY
    inside, ink = ("#ffffff", colour) if state == "approved" else (colour, "#ffffff")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 36 36"><rect x="2.5" y="2.5" width="31" height="31" rx="4" '
        f'fill="{inside}" stroke="{rim}" stroke-width="5"/>'
        f'<g transform="translate(7.2 7.2) scale(.9)" fill="{ink}" color="{ink}">'
        f"{glyph(kind.icon)}</g></svg>"
    )


def icon(kind: Kind, *, counts: bool = True, size: int = 26) -> str:
    """Return a kind's marker as inline SVG.

    Parameters
    ----------
    kind
        The kind; its colour and icon are used.
    counts
        Whether the facility counts today; one that does not is drawn hollow, with a dashed rim.
    size
        Width and height in pixels.
    """
    colour = kind.colour if _COLOUR.fullmatch(kind.colour) else _GREY
    disc, rim, ink, dash = (
        (colour, "#ffffff", "#ffffff", "") if counts else ("#ffffff", colour, colour, "4 3")
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" '
        f'viewBox="0 0 36 36"><circle cx="18" cy="18" r="16" fill="{disc}" stroke="{rim}" '
        f'stroke-width="2.4" stroke-dasharray="{dash}"/>'
        f'<g transform="translate(7.2 7.2) scale(.9)" fill="{ink}" color="{ink}">'
        f"{glyph(kind.icon)}</g></svg>"
    )
