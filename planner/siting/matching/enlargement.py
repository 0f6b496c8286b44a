"""Where more room helps most: exact gains of enlargements, alone and one after another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from planner.analysis.distances.one_place import ROOM
from planner.district.scenarios.scenario import Enlarge
from planner.errors import InputError
from planner.location.allocation.growth import Gain, Growth
from planner.siting.matching.flows import MatchedNeeds, price_of, priced
from planner.siting.matching.tables import place_table

if TYPE_CHECKING:
    from planner.district.scenarios.scenario import Change

_DUST = 1e-9
_ABOUT = ["facility_id", "name", "kind", "ownership", "capacity", "capacity_is"]
_COLUMNS = ["rank", *_ABOUT, "more", "serves", "settles", "used", "walk_m"]


class Enlargements:
    """What enlarging each place of a matching brings.

    Parameters
    ----------
    matching
        The needs and places as they are.
    """

    def __init__(self, matching: MatchedNeeds) -> None:
        self._matching = matching

    def alone(self, more: float, count: int) -> pd.DataFrame:
        """Return the places where more room helps most, each judged alone."""
        _check(more)
        growth = self._growth
        rows = [self._row(place, more, growth.gain(place, more)) for place in self._candidates]
        rows = sorted((row for row in rows if row["used"] > _DUST), key=_order)[:count]
        return _table(rows)

    def sequence(self, more: float, count: int) -> pd.DataFrame:
        """Return the places to enlarge one after another.

        The gain of an enlargement never grows by another one (places are substitutes for one
        another), so that an earlier gain bounds a later one and few need to be worked out again.
        """
        _check(more)
        growth = Growth.of(*self._flow)
        bounds = {
            place: self._row(place, more, self._growth.gain(place, more))
            for place in self._candidates
        }
        stale = set[int]()
        rows: list[dict[str, Any]] = []
        while bounds and len(rows) < count:
            best = min(bounds, key=lambda place: _order(bounds[place]))
            if best in stale:
                bounds[best] = self._row(best, more, growth.gain(best, more))
                stale.discard(best)
                continue
            if bounds[best]["used"] <= _DUST:
                break
            growth.take(best, more)
            room = bounds[best]["capacity"] + more
            rows.append(bounds[best])
            bounds[best] = {**bounds[best], "capacity": room}
            stale = set(bounds)
            self._grown[best] = room
        self._grown.clear()
        return _table(rows)

    def changes(self, sequence: pd.DataFrame) -> list[Change]:
        """Return the changes that make a sequence; a place that comes twice changes once."""
        more = sequence.groupby("facility_id", sort=False)["more"].sum()
        before = dict(zip(self._places["facility_id"], self._places["capacity"], strict=True))
        name = "capacity_residents" if self._matching.room == ROOM else "capacity"
        return [
            Enlarge(str(facility_id), **{name: round(float(before[facility_id] + extra), 6)})
            for facility_id, extra in more.items()
        ]

    @cached_property
    def _grown(self) -> dict[int, float]:
        """Room of places that a sequence has enlarged so far."""
        return {}

    @cached_property
    def _places(self) -> pd.DataFrame:
        return pd.DataFrame(place_table(self._matching).drop(columns="geometry"))

    @cached_property
    def _flow(self) -> tuple[Any, Any]:
        matching = self._matching
        return priced(matching.distances, matching.places.sure), matching.allocation

    @cached_property
    def _growth(self) -> Growth:
        return Growth.of(*self._flow)

    @cached_property
    def _candidates(self) -> list[int]:
        """Places of known, bounded room where one more unit changes anything."""
        found, places = self._matching.allocation, self._matching.places
        helps = (found.one_more_serves > 0) | (found.one_more_walk_m < -1e-6)
        return np.flatnonzero(helps & places.sure & np.isfinite(places.room)).tolist()

    def _row(self, place: int, more: float, gain: Gain) -> dict[str, Any]:
        matching, table = self._matching, self._growth.table
        unsure = ~matching.places.sure[table.site]
        settles = -float(gain.flow[unsure].sum())
        priced_m = float(table.metres @ gain.flow)
        walk_m = priced_m + settles * price_of(matching.distances)
        about = self._places.iloc[place]
        return {
            **{name: about[name] for name in _ABOUT},
            "capacity": self._grown.get(place, float(about["capacity"])),
            "more": float(more),
            "serves": _clean(gain.serves),
            "settles": _clean(settles),
            "used": _clean(gain.used),
            "walk_m": round(walk_m, 3),
        }


def _check(more: float) -> None:
    if not 0 < more < np.inf:
        raise InputError("matching.bad_more", value=more)


def _clean(amount: float) -> float:
    return 0.0 if abs(amount) < 1e-7 else amount


def _order(row: dict[str, Any]) -> tuple[float, float, float, str]:
    """Most served first, then most settled, then most walking saved."""
    return -round(row["serves"], 6), -round(row["settles"], 6), row["walk_m"], row["facility_id"]


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    ranked = [{"rank": number, **row} for number, row in enumerate(rows, start=1)]
    return pd.DataFrame(ranked, columns=_COLUMNS)
