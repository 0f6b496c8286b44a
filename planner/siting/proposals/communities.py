"""Communities whose share of covered residents is not known, so that none can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.people import people_in, people_of
from planner.errors import Finding, InputError

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.proposals.options import Floor

_TOLD = 10


def shares_not_told(assessment: Assessment, kind: str, group: str) -> list[str]:
    """Return the communities of which no share can be told, by id.

    How many of the group live there is not told or withheld, or of none of them is it known how far
    they walk. Where nobody lives there is nothing to tell.
    """
    areas, area_of = assessment.areas("community")
    people = people_in(assessment, "community", group)
    metres = assessment.distances[kind].to_numpy(dtype=np.float64)
    known = (area_of >= 0) & ~np.isnan(metres) & (people_of(assessment, group) > 0)
    judged = np.bincount(area_of[known], minlength=len(areas)) > 0
    return [str(own) for own in areas.index[np.isnan(people) | ((people > 0) & ~judged)]]


def checked_floor(assessment: Assessment, kind: str, group: str, floor: Floor) -> dict[str, float]:
    """Return the floor of each community that has one, only of those of which a share can be told.

    Raises
    ------
    InputError
        ``siting.floor_not_told`` where one is named of which none can be.
    """
    untold = shares_not_told(assessment, kind, group)
    if isinstance(floor, Mapping):
        if named := [str(own) for own in floor if str(own) in untold and floor[own] > 0]:
            params = {"group": group, "kind": kind, "areas": _names(assessment, named)}
            raise InputError("siting.floor_not_told", **params)
        return {own: share for own, share in floor.items() if str(own) not in untold}
    areas, area_of = assessment.areas("community")
    lived_in = np.unique(area_of[(area_of >= 0) & (people_of(assessment, group) > 0)])
    ids = map(str, areas.index[lived_in])
    return {own: float(floor) for own in ids if own not in untold}


def passed_over(assessment: Assessment, kind: str, group: str) -> Iterator[Finding]:
    """Tell which communities nothing was asked of, since their share is not known."""
    if untold := shares_not_told(assessment, kind, group):
        params = {"group": group, "kind": kind, "count": len(untold)}
        yield Finding(
            "siting.communities_not_told", {**params, "areas": _names(assessment, untold)}
        )


def _names(assessment: Assessment, ids: list[str]) -> str:
    names = assessment.district.communities.set_index("community_id")["name"]
    told = [f"{names[own]} ({own})" if names.get(own) else own for own in ids[:_TOLD]]
    return ", ".join(told) + (", …" if len(ids) > _TOLD else "")
