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
