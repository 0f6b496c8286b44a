"""The demo district that ships with the package."""

from __future__ import annotations

from pathlib import Path

from planner.district import District
from planner.errors import MissingFileError
from planner.sources.workspace.reading import read_district


def demo_file() -> Path:
    """Return the path of the demo district's file.

    Raises
    ------
    MissingFileError
        Where neither the package nor a checkout of its source holds it.
    """
    package = Path(__file__).resolve().parents[2]
    places = (package / "data" / "demo.gpkg", package.parent / "data" / "geo" / "demo.gpkg")
    for place in places:
        if place.is_file():
            return place
    raise MissingFileError("sources.no_demo", file=str(places[0]))


def demo_answers() -> Path:
    """Return where the answers about the demo lie that travel with it, be there a file or not."""
    return demo_file().with_suffix(".answers")


def demo_district() -> District:
    """Read the demo district that travels with the package; the place is made up."""
    return read_district(demo_file())
