"""By what a facility is known again where a list that is imported anew gives its id to another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd

__all__ = ["KNOWN_BY", "SAME_PLACE_M", "Namesakes", "is_another", "marks_of", "same_value"]

KNOWN_BY = ("name", "kind", "x", "y")
"""Fields by which a facility is known again."""

SAME_PLACE_M = 100.0
"""A facility that stands this near is where it was, metres."""


def marks_of(row: Mapping[str, Any]) -> dict[str, str | float | None]:
    """Return by what a row of ``facilities`` is known again."""
    place = row["geometry"]
    return {
        "name": str(row["name"]),
        "kind": str(row["kind"]),
        "x": round(float(place.x), 2),
        "y": round(float(place.y), 2),
    }


def same_value(a: Any, b: Any) -> bool:
    """Return whether two values of a field are the same; numbers within half a centimetre are."""
    if isinstance(a, str) or isinstance(b, str):
        return str(a or "") == str(b or "")
    missing = [value is None or math.isnan(value) for value in (a, b)]
    return all(missing) if any(missing) else abs(a - b) < 0.005


Spots = Sequence[tuple[float, float]]


class Namesakes:
    """Where the facilities of a list stand that share name and kind.

    Parameters
    ----------
    facilities
        The layer ``facilities``.
    """

    def __init__(self, facilities: gpd.GeoDataFrame) -> None:
        self._spots: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
        columns = (facilities[name] for name in ("facility_id", "name", "kind"))
        xy = zip(facilities.geometry.x, facilities.geometry.y, strict=True)
        for own, name, kind, spot in zip(*columns, xy, strict=True):
            self._spots.setdefault((name, kind), {})[own] = spot

    def of(self, row: Mapping[str, Any]) -> Spots:
        """Return where others stand that have the name and kind of a row."""
        alike = self._spots.get((row["name"], row["kind"]), {})
        return [spot for own, spot in alike.items() if own != row["facility_id"]]


def is_another(now: Mapping[str, Any], *told: Mapping[str, Any], namesakes: Spots = ()) -> bool:
    """Whether a facility is another than the one that was told, in any of its states.

    Of name, kind and place two must be the same: a facility may be renamed, move, or change its
    kind, but not two of these at once. Where neither has a name, kind and place must both be the
    same. Where others bear its name and kind, as in a list that calls all of a kind alike, its
    place must be the same, and none of them may stand nearer to it.

    Parameters
    ----------
    now
        The facility that has the id.
    told
        Fields of :data:`KNOWN_BY` as they were, and as they may be since.
    namesakes
        Where others of its name and kind stand, of :class:`Namesakes`.

    Examples
    --------
    >>> clinic = {"name": "East", "kind": "clinic", "x": 0.0, "y": 0.0}
    >>> is_another(clinic | {"name": "West"}, clinic), is_another(clinic | {"x": 900.0}, clinic)
    (False, False)
    >>> is_another(clinic | {"name": "West", "x": 900.0}, clinic)
    True
    >>> is_another(clinic | {"x": 900.0}, clinic, namesakes=[(10.0, 0.0)])
    True
    """

    def near(each: Mapping[str, Any]) -> bool:
        spot = [float(each[name] or 0.0) for name in ("x", "y")]
        away_m = math.dist(spot, [float(now[name]) for name in ("x", "y")])
        nearer = any(math.dist(spot, other) < away_m for other in namesakes)
        return away_m <= SAME_PLACE_M and not nearer

    here = any(near(each) for each in told)
    if namesakes and not here:
        return True
    marks = [any(same_value(now["kind"], each.get("kind")) for each in told), here]
    if now["name"] or any(each.get("name") for each in told):
        marks.append(any(same_value(now["name"], each.get("name")) for each in told))
    return sum(marks) < 2
