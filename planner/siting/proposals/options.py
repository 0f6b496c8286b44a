"""What a proposal may and may not ask for, checked before a solver sees it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import I64
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.district import District


Floor = float | Mapping[str, float]
"""Least share covered: of every community, or by ``community_id``."""

_GOOD_FOR = {
    "apart_m": ("coverage", "worst_first"),
    "backup": ("coverage",),
    "floor": ("coverage",),
    "budget": ("coverage", "everyone", "distance", "worst_first"),
    "share": ("everyone",),
}
"""The objectives for which each option has a meaning."""


class SiteKeywords(TypedDict, total=False):
    """The fields of :class:`SiteOptions` as keywords."""

    fixed: Collection[str]
    forbidden: Collection[str]
    apart_m: float
    backup: float
    floor: Floor | None
    budget: float | None
    share: float
    limit_m: float | None


@dataclass(frozen=True)
class SiteOptions:
    """What else a proposal is asked for.

    Parameters
    ----------
    fixed, forbidden
        ``site_id`` of places that must, and must not, be among the chosen; candidates that the
        layer marks as required must be, too.
    apart_m
        Least distance between new sites, metres as the crow flies; for ``"coverage"`` and
        ``"worst_first"``.
    backup
        Share of each resident, 0 to 1, that counts only once a second facility is within the
        limit, today's included; for ``"coverage"``.
    floor
        Least share of residents covered, 0 to 1, in every community, or by ``community_id``;
        for ``"coverage"``.
    budget
        Most that may be spent, in the currency of the prices.
    share
        Share that is to be served of those beyond the limit today whom a place can reach, for
        ``"everyone"``.
    limit_m
        A home is served within this distance; that of the standard where none is given.
    """

    fixed: Collection[str] = ()
    forbidden: Collection[str] = ()
    apart_m: float = 0.0
    backup: float = 0.0
    floor: Floor | None = None
    budget: float | None = None
    share: float = 1.0
    limit_m: float | None = None

    def __post_init__(self) -> None:
        # what can be gone through once only, such as a generator, is gone through here
        for name in ("fixed", "forbidden"):
            object.__setattr__(self, name, tuple(getattr(self, name)))

    def check(self, objective: str) -> None:
        """Refuse what an objective would not heed.

        Raises
        ------
        InputError
            ``siting.option_unused``.
        """
        for option in self._unheeded(objective):
            if getattr(self, option) != getattr(SiteOptions, option):
                known = ", ".join(_GOOD_FOR[option])
                raise InputError(
                    "siting.option_unused", option=option, objective=objective, known=known
                )

    def heeded(self, objective: str) -> SiteOptions:
        """Return the options without those that an objective would not heed."""
        unheeded = {name: getattr(SiteOptions, name) for name in self._unheeded(objective)}
        return replace(self, **unheeded)

    @staticmethod
    def _unheeded(objective: str) -> list[str]:
        return [option for option, known in _GOOD_FOR.items() if objective not in known]


def with_choices(
    sites: gpd.GeoDataFrame, fixed: Collection[str], forbidden: Collection[str]
) -> gpd.GeoDataFrame:
    """Return the places without those forbidden, and with those fixed marked ``required``.

    Raises
    ------
    InputError
        ``siting.fixed_and_forbidden``, ``siting.unknown_site``,
        ``siting.all_forbidden``, or ``location.bad_amount`` for a price that is
        missing or negative.
    """
    both = sorted(set(fixed) & set(forbidden))
    if both:
        raise InputError("siting.fixed_and_forbidden", sites=", ".join(both))
    ids = sites["site_id"]
    for option, wanted in (("fixed", fixed), ("forbidden", forbidden)):
        unknown = sorted(set(wanted) - set(ids))
        if unknown:
            raise InputError("siting.unknown_site", option=option, site=unknown[0])
    price = pd.to_numeric(sites["cost"], errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~(np.isfinite(price) & (price >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise InputError("siting.bad_cost", site=ids.iloc[row], value=sites["cost"].iloc[row])
    if not fixed and not forbidden:
        return sites
    kept = sites[~ids.isin(set(forbidden))].reset_index(drop=True)
    if kept.empty:
        raise InputError("siting.all_forbidden", count=len(sites))
    required = kept["required"].to_numpy(dtype=bool) | kept["site_id"].isin(set(fixed)).to_numpy()
    return gpd.GeoDataFrame(kept.assign(required=required))


def check_count(new: int | None, sites: gpd.GeoDataFrame) -> None:
    """Refuse a number of sites that cannot be had.

    Raises
    ------
    InputError
        ``location.bad_p``, ``location.too_many_sites`` or
        ``siting.too_many_required``.
    """
    if new is None:
        return
    if isinstance(new, bool) or new != int(new) or new < 1:
        raise InputError("location.bad_p", p=new)
    if new > len(sites):
        raise InputError("location.too_many_sites", p=new, count=len(sites))
    required = sites["site_id"][sites["required"].to_numpy(dtype=bool)]
    if len(required) > new:
        raise InputError(
            "siting.too_many_required",
            required=len(required),
            new=new,
            sites=", ".join(map(str, required)),
        )


def too_near(sites: gpd.GeoDataFrame, apart_m: float) -> I64:
    """Return the pairs of places nearer to one another than a distance, (pairs, 2) int64.

    Raises
    ------
    InputError
        ``siting.bad_apart``, or ``siting.required_too_near`` where two places
        that must both be chosen are such a pair.
    """
    if not 0 <= apart_m < np.inf:
        raise InputError("siting.bad_apart", value=apart_m)
    points = sites.geometry.to_numpy()
    if apart_m == 0 or not len(points):
        return np.empty((0, 2), dtype=np.int64)
    first, second = shapely.STRtree(points).query(points, "dwithin", distance=apart_m)
    near = first < second
    near[near] = shapely.distance(points[first[near]], points[second[near]]) < apart_m
    pairs = np.column_stack([first[near], second[near]]).astype(np.int64)
    required = sites["required"].to_numpy(dtype=bool)
    both = required[pairs].all(axis=1)
    if both.any():
        named = sites["site_id"].to_numpy()[pairs[both][0]]
        raise InputError("siting.required_too_near", apart=apart_m, first=named[0], second=named[1])
    return pairs


def community_area(district: District, communities: Collection[str]) -> shapely.Geometry:
    """Return the area of some communities, by id, by name or by ``subdistrict/name``.

    Raises
    ------
    InputError
        ``siting.unknown_community``, and ``siting.several_communities`` where several bear the
        name: they are told by id.
    """
    layer = district.communities
    rows = [row for named in communities for row in _community(layer, named)]
    return shapely.union_all(layer.geometry.to_numpy()[rows])


def _community(layer: gpd.GeoDataFrame, named: str) -> list[int]:
    """Return the row of a community: its id goes before a name."""
    ids, names = (layer[column].astype(str) for column in ("community_id", "name"))
    in_full = layer["subdistrict"].astype(str) + "/" + names if "subdistrict" in layer else names
    for told in (ids, names, in_full):
        rows = np.flatnonzero(told == named).tolist()
        if len(rows) > 1:
            which = [f"{ids.iloc[row]} ({in_full.iloc[row].strip('/')})" for row in rows]
            raise InputError("siting.several_communities", name=named, choices="; ".join(which))
        if rows:
            return rows
    raise InputError("siting.unknown_community", community=named)
