"""Words of walked ways by which nobody knows whether one may walk there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from planner.errors import Finding
from planner.sources.osm.doubts import names_former
from planner.sources.osm.lifecycle import former_keys
from planner.sources.osm.objects import Tags
from planner.sources.osm.rules import walk_rules

_TOLD = 20
_KNOWN: Mapping[str, frozenset[str]] = {
    "highway": frozenset(
        (
            "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
            "tertiary", "tertiary_link", "unclassified", "residential", "service", "road",
            "footway", "bridleway", "crossing", "turning_circle", "mini_roundabout", "minor",
            "trail", "footpath", "sidewalk",
        )
    ),
    "access": frozenset(
        ("yes", "permissive", "destination", "customers", "designated", "public", "unknown",
         "permission", "discouraged")
    ),
    "foot": frozenset(
        ("yes", "designated", "permissive", "destination", "customers", "official", "discouraged",
         "unknown", "public", "allowed", "limited")
    ),
}  # fmt: skip
"""Values of ways that are walked, beside those of which a walk rule speaks."""

_DOUBTFUL: tuple[tuple[Mapping[str, tuple[str, ...]], str], ...] = (
    ({"highway": ("trunk", "trunk_link"), "expressway": ("yes",)}, "expressway=yes"),
    ({"highway": ("trunk", "trunk_link"), "sidewalk": ("no", "none")}, "trunk with sidewalk=no"),
    ({"service": ("emergency_access",)}, "service=emergency_access"),
    ({"seasonal": ("winter", "dry_season")}, "seasonal"),
    (
        {
            "sac_scale": (
                "alpine_hiking", "demanding_alpine_hiking", "difficult_alpine_hiking",
            )
        },
        "sac_scale of alpine hiking",
    ),
    ({"impassable": ("yes",)}, "impassable=yes"),
    ({"passable": ("no",)}, "passable=no"),
    ({"pedestrian": ("no",)}, "pedestrian=no"),
    ({"military": ("yes",)}, "military=yes"),
)  # fmt: skip
"""Tags that shut walkers out in some places and not in others, where foot says nothing."""

_DOUBTFUL_KEYS = frozenset(key for wanted, _ in _DOUBTFUL for key in wanted)

_FORMER = tuple(former_keys("highway"))
_FORMER_KEYS = frozenset(_FORMER)
_PLANNED_NAME = re.compile(
    r"规划[一二三四五六七八九十\d]*[路街道]$|[(（](proposed|planned)[)）]", re.I
)


@cache
def _known(key: str) -> frozenset[str]:
    ruled = {
        value
        for rule in walk_rules().ways
        for condition in (rule.when, rule.unless)
        for value in condition.get(key, ())
    }
    return _KNOWN[key] | ruled


def doubts(tags: Tags) -> list[str]:
    """Return what of a walked way's tags leaves open whether one may walk there.

    Examples
    --------
    >>> doubts({"highway": "residential", "access": "school"}), doubts({"highway": "bus"})
    (['access=school'], ['highway=bus'])
    >>> doubts({"highway": "trunk", "expressway": "yes"}), doubts({"highway": "Primary"})
    (['expressway=yes'], [])
    """
    told = []
    for key in _KNOWN:
        # most ways say one word that is known, or nothing: the rest need not be asked of them
        if key not in tags or tags[key] in _known(key):
            continue
        if key == "access" and tags.get("foot") in ("yes", "designated", "permissive"):
            continue  # foot=* is the closer word
        parts = [part.strip() for part in tags[key].casefold().split(";")]
        told += [f"{key}={part}" for part in parts if part and part not in _known(key)]
    if tags.get("foot") is None and not _DOUBTFUL_KEYS.isdisjoint(tags):
        told += [
            word
            for wanted, word in _DOUBTFUL
            if all(tags.get(key) in values for key, values in wanted.items())
        ]
    if not _FORMER_KEYS.isdisjoint(tags):
        told += [
            f"{key}={tags[key]}" for key in _FORMER if tags.get(key) == tags.get("highway", "-")
        ]
    name = tags.get("name", "")
    return [*told, f"name={name}"] if names_former(name) or _PLANNED_NAME.search(name) else told


def words_told(ways: Mapping[str, Tags]) -> Iterator[Finding]:
    """Tell of walked ways, by id, whose words leave open whether one may walk there."""
    found = {name: words for name, tags in ways.items() if (words := doubts(tags))}
    count = Counter(word for words in found.values() for word in words)
    if count:
        listed = ", ".join(f"{word} {number}" for word, number in count.most_common(_TOLD))
        ids = ", ".join(list(found)[:_TOLD]) + (", …" if len(found) > _TOLD else "")
        yield Finding("osm.words_unknown", {"ways": len(found), "words": listed, "ids": ids})
