"""Which standards judge what there is data of, where the one that was chosen judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planner.district.standards.standards import Standard

if TYPE_CHECKING:
    from planner.district.district import District

MOST = 3
"""Standards that are named."""


def judging(district: District, known: Mapping[str, Standard]) -> dict[str, tuple[Standard, int]]:
    """Return standards that judge kinds of which there is data, with how many, by their ids.

    Those of another country come last, then those that judge fewer.

    Parameters
    ----------
    district
        The place, which knows of which kinds there is data and where it lies.
    known
        Standards to choose from, by id.
    """
    at_home = district.lies_in_mainland_china
    counts = {
        name: sum(district.has_data(kind) for kind in standard.rules)
        for name, standard in known.items()
    }

    def rank(name: str) -> tuple[bool, int]:
        return known[name].country == "CN" and not at_home, -counts[name]

    found = sorted((name for name in known if counts[name]), key=rank)
    return {name: (known[name], counts[name]) for name in found[:MOST]}
