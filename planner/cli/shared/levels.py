"""The level of areas that a verb speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from planner.analysis.coverage.levels import Level

LEVELS: dict[str, Level] = {
    "community": "community",
    "subdistrict": "subdistrict",
    "district": "district",
}
LevelOption = Annotated[
    str, typer.Option(metavar="LEVEL", help="community, subdistrict or district.")
]


def level_of(level: str) -> Level:
    """Return the level that is named.

    Raises
    ------
    InputError
        ``analysis.unknown_level``.
    """
    from planner.errors import InputError

    if level not in LEVELS:
        raise InputError("analysis.unknown_level", level=level)
    return LEVELS[level]
