"""What the tags of a building tell: whether people live in it, its storeys, who shares it."""

from __future__ import annotations

import datetime as dt
import re

from planner.sources.osm.lifecycle import building_state
from planner.sources.osm.objects import Tags

_FOOT_M = 0.3048
_FIGURES = re.compile(
    r"\d+(?:\.\d+)?(?:\s*[;+-]\s*\d+(?:\.\d+)?)*\s*(?:m|ft|feet|'|米|公尺|层|f|fl\.?|floors?|storeys?)?"
)

_FIGURE = re.compile(r"\d+(?:\.\d+)?")

_HOMES = (
    "apartments",
    "block",
    "bungalow",
    "cabin",
    "detached",
    "dormitory",
    "farm",
    "ger",
    "house",
    "houseboat",
    "hut",
    "residential",
    "semidetached_house",
    "static_caravan",
    "stilt_house",
    "terrace",
    "villa",
)
MIXED = ("mixed", "mixed_use")
"""Values of ``building`` of which a part may be homes."""

_SHARED = ("commercial", "mixed", "mixed_use", "office", "retail", "supermarket", "hotel")
_OTHER_USE = (
    "aeroway",
    "amenity",
    "craft",
    "government",
    "healthcare",
    "historic",
    "industrial",
    "leisure",
    "man_made",
    "military",
    "office",
    "power",
    "public_transport",
    "railway",
    "religion",
    "shop",
    "sport",
    "tourism",
)


WHOLE_HOUSES = frozenset(
    (
        "college",
        "courthouse",
        "fire_station",
        "hospital",
        "kindergarten",
        "monastery",
        "place_of_worship",
        "police",
        "prison",
        "school",
        "townhall",
        "university",
    )
)
"""Values of ``amenity`` of what mostly has a building for itself."""


def _kinds(tags: Tags) -> list[str]:
    return [part.strip() for part in tags.get("building", "no").casefold().split(";")]


def sort_of_home(tags: Tags) -> str:
    """Return the value of ``building`` by which a home is judged; of several the one of homes.

    Examples
    --------
    >>> sort_of_home({"building": "retail;Apartments"}), sort_of_home({"building": "yes"})
    ('apartments', 'yes')
    """
    kinds = _kinds(tags)
    return next((kind for kind in kinds if kind in _HOMES), kinds[0])


def not_lived_in(tags: Tags) -> str:
    """Return what of a building's tags says that nobody lives in it: gone, empty, underground.

    Examples
    --------
    >>> not_lived_in({"building": "apartments", "razed": "yes"})
    'razed=yes'
    >>> not_lived_in({"building": "apartments", "layer": "-1"}), not_lived_in({"building": "house"})
    ('layer=-1', '')
    """
    if reason := building_state(tags, dt.datetime.now(tz=dt.UTC).date()).reason:
        return reason
    if tags.get("location", "").casefold() in ("underground", "underwater"):
        return f"location={tags['location']}"
    if tags.get("residential", "").casefold() == "no":
        return "residential=no"
    return f"layer={tags['layer']}" if tags.get("layer", "").startswith("-") else ""


def is_home(tags: Tags) -> bool | None:
    """Return whether people live in a building; None where the land around must decide.

    Examples
    --------
    >>> is_home({"building": "apartments", "shop": "bakery"})
    True
    >>> is_home({"building": "Apartments;retail"})
    True
    >>> is_home({"building": "yes", "amenity": "school"})
    False
    >>> is_home({"building": "yes"}) is None, is_home({"building": "house", "start_date": "2999"})
    (True, False)
    """
    kinds = set(_kinds(tags))
    if not_lived_in(tags):
        return False
    if not kinds.isdisjoint(_HOMES):
        return True
    if kinds != {"yes"}:
        return False
    use = tags.get("building:use", tags.get("residential", ""))
    if use in ("residential", "yes") or "addr:flats" in tags or "building:flats" in tags:
        return True
    if use or any(tags.get(key, "no") != "no" for key in _OTHER_USE):
        return False
    return None


def is_shared(tags: Tags) -> bool:
    """Return whether what is tagged on a building has only a part of it.

    That is so where people live in it, where it is built for shops and offices, and where the tags
    say on which storey of several the facility lies.

    Examples
    --------
    >>> is_shared({"building": "apartments", "amenity": "clinic"})
    True
    >>> is_shared({"building": "yes", "amenity": "clinic", "level": "0"})
    True
    >>> is_shared({"building": "yes", "amenity": "clinic", "building:levels": "3"})
    False
    """
    return (
        is_home(tags) is True
        or not set(_kinds(tags)).isdisjoint(_SHARED)
        or "level" in tags
        or "addr:floor" in tags
    )


def levels(tags: Tags) -> float | None:
    """Return a building's storeys above ground, None where neither they nor a height are tagged.

    Of several figures (``6;8``, ``6-8``) the mean, of a loft beside them (``6+1``) the sum; without
    those below ``building:min_level``; heights in metres or feet, storeys also as ``6层``.

    Examples
    --------
    >>> levels({"building:levels": "6"}), levels({"height": "12 m"}), levels({"building": "yes"})
    (6.0, 4.0, None)
    >>> levels({"building:levels": "6;8"}), levels({"height": "60 ft"}), levels({"height": "5'6"})
    (7.0, 6.1, None)
    >>> levels({"building:levels": "5", "building:min_level": "3"})
    2.0
    >>> levels({"building:levels": "5", "building:min_level": "5"})
    5.0
    >>> levels({"building:levels": "6+1"})
    7.0
    >>> levels({"building:levels": "6层"}), levels({"height": "18米"})
    (6.0, 6.0)
    """
    for key, storey_m in (("building:levels", 1.0), ("height", 3.0), ("building:height", 3.0)):
        text = tags.get(key, "").casefold().replace(",", ".")
        feet = re.search(r"ft|feet|'", text) is not None and storey_m > 1
        if storey_m > 1 and re.search(r"层|f(?!t|eet)", text):
            continue
        if not _FIGURES.fullmatch(text.strip()):
            continue
        # a loft or an annex beside the storeys is added to them, others stand for one another
        sums = [sum(map(float, _FIGURE.findall(part))) for part in re.split("[;-]", text)]
        value = sum(sums) / len(sums) * (_FOOT_M if feet else 1.0) / storey_m
        below = tags.get("building:min_level", "")
        # where none would be left the storeys were counted from that level up
        if storey_m == 1.0 and below.isdecimal() and float(below) < value:
            value -= float(below)
        if 0 < value < 200:
            return max(round(value, 1), 1.0)
    return None
