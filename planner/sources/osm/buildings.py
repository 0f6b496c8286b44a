"""What the tags of a building tell: whether people live in it, its storeys, who shares it."""

from __future__ import annotations

from planner.sources.osm.objects import Tags

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


def is_home(tags: Tags) -> bool | None:
    """Return whether people live in a building; None where the land around must decide.

    Examples
    --------
    >>> is_home({"building": "apartments", "shop": "bakery"})
    True
    >>> is_home({"building": "yes", "amenity": "school"})
    False
    >>> is_home({"building": "yes"}) is None
    True
    """
    kind = tags.get("building", "no")
    if any(tags.get(key, "no") != "no" for key in ("abandoned", "disused", "ruins", "demolished")):
        return False
    if kind in _HOMES:
        return True
    if kind != "yes":
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
        or tags.get("building") in _SHARED
        or "level" in tags
        or "addr:floor" in tags
    )


def levels(tags: Tags) -> float | None:
    """Return a building's storeys above ground, None where neither they nor a height are tagged.

    Examples
    --------
    >>> levels({"building:levels": "6"}), levels({"height": "12 m"}), levels({"building": "yes"})
    (6.0, 4.0, None)
    """
    for key, height in (("building:levels", 1.0), ("height", 3.0), ("building:height", 3.0)):
        text = tags.get(key, "").replace("m", "").replace(",", ".").strip()
        try:
            value = float(text) / height
        except ValueError:
            continue
        if 0 < value < 200:
            return max(round(value, 1), 1.0)
    return None
