"""The administrative areas that an OpenStreetMap extract holds, to choose a district from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely

from planner.sources.osm.boundaries import admin_areas, street_points
from planner.sources.osm.extracts import read_osm_file

LEAST_SHARE = 0.002
"""Areas that hold less of the extract's street points than this are not worth choosing."""


@dataclass(frozen=True)
class BoundaryChoice:
    """An area that a district can be made of.

    Parameters
    ----------
    id
        What ``boundary`` of :func:`planner.sources.from_osm` takes, such as ``"relation/34914"``.
    name
        Its name in the extract.
    level
        OpenStreetMap's admin_level; the larger, the smaller the area.
    share
        Share of the extract's street points that lie in it, 0–1.
    """

    id: str
    name: str
    level: int
    share: float


def boundary_choices(path: str | Path) -> list[BoundaryChoice]:
    """Return the areas that an extract holds whole, coarse levels first, then by streets.

    Parameters
    ----------
    path
        An OpenStreetMap file, as for :func:`planner.sources.from_osm`.

    Raises
    ------
    MissingFileError, InputError
        Where the file cannot be read as OpenStreetMap data.
    """
    data = read_osm_file(path)
    points = street_points(data)
    found = []
    for area in admin_areas(data):
        if area.shape is None or not len(points):
            continue
        shapely.prepare(area.shape)
        inside = shapely.intersects_xy(area.shape, points[:, 0], points[:, 1])
        share = float(inside.mean())
        if share >= LEAST_SHARE:
            found.append(BoundaryChoice(area.id, area.name, area.level, share))
    return sorted(found, key=lambda area: (area.level, -area.share, area.name))
