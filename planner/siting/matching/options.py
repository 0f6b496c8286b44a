"""What else a matching is asked for: how much is needed, and which places take part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypedDict

import pandas as pd

__all__ = ["MatchKeywords", "MatchOptions", "Room"]

Room = Literal["capacity_residents", "capacity"]
"""Column of ``facilities`` that tells the room: residents, or people a day."""


class MatchKeywords(TypedDict, total=False):
    """The fields of :class:`MatchOptions` as keywords."""

    need_per_resident: float | str | pd.Series
    partners: bool
    internal: bool
    limit_m: float | None
    capacity: float | None
    room: Room | None


@dataclass(frozen=True)
class MatchOptions:
    """What else a matching is asked for.

    Parameters
    ----------
    need_per_resident
        Share of the group's residents who need a place, or, where room is told in people a day,
        visits of one resident on an average day. One number, a column of ``demand``, or a Series
        by ``demand_id``.
    partners, internal
        Whether partner facilities, and those internal to units, take part.
    limit_m
        Longest way, metres; that of the standard for each kind where none is given.
    capacity
        Room of places that do not tell it, in the unit of the need; ``inf`` for unlimited. None:
        it is unknown, and so are the residents whom only such a place could serve. This is how
        :func:`planner.analysis.measures.floating_catchments.access_scores` takes it: from nothing
        to no bound.
    room
        Column of ``facilities`` that tells the room: ``"capacity_residents"`` (residents) or
        ``"capacity"`` (people a day). None: the first that any of the places tells.
    """

    need_per_resident: float | str | pd.Series = 1.0
    partners: bool = True
    internal: bool = False
    limit_m: float | None = None
    capacity: float | None = None
    room: Room | None = None
