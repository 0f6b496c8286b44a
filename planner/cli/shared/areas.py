"""Areas that a verb is told: communities by id or name, or a polygon file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import shapely

    from planner.district import District


def area(district: District, given: list[str] | None) -> shapely.Geometry | None:
    """Return the area of some communities and polygon files, None where nothing is given.

    Raises
    ------
    InputError
        ``siting.unknown_community``, ``siting.several_communities``, and those
        of reading a vector file.
    """
    import shapely

    from planner.siting.proposals.options import community_area
    from planner.sources.osm.place import VECTOR_SUFFIXES
    from planner.sources.vector.reading import read_vector

    if not given:
        return None
    files = [text for text in given if text.lower().endswith(VECTOR_SUFFIXES)]
    named = [text for text in given if text not in files]
    parts = [community_area(district, named)] if named else []
    for file in files:
        table, _ = read_vector(file)
        parts.append(shapely.union_all(table.to_crs(district.crs).geometry.to_numpy()))
    return shapely.union_all(parts)
