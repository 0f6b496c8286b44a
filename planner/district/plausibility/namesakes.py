"""Facilities of one name and kind at two places: perhaps one that two lists place otherwise.

Lists of two offices, or a list and a map, give a facility ids of their own and places that lie a
walk apart; each counts, and nobody sees that there is one only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from planner.district.identity.doubles import ALIKE_M, doubles
from planner.district.identity.names import names_alike, plain_name
from planner.district.kinds import known_kinds
from planner.district.plausibility.communities import told_first
from planner.errors import Finding

MOST_PLACES = 3
"""A name that stands at more places is that of a chain, or says what all of a kind are called."""

_CHAINED_KEYS = frozenset(("shop", "craft"))
_CHAINED = frozenset(("pharmacy", "post_office", "parcel_locker", "recycling"))
"""Of these kinds shops of one name are branches, and not one."""

_AREA = re.compile(
    r"^(?:[^省]{2,7}(?:省|自治区))?(?:[^市]{1,6}市(?!场|民|政))?(?:.{1,6}?(?:(?<![社小园校景城新])区|县))?"
    r"(?:.{1,6}?(?:街道|镇|乡)(?!村))?"
)
"""The areas that an official name begins with: 赣州市章贡区解放街道."""


@cache
def _kind_words() -> re.Pattern[str]:
    """Return the words by which names say what a facility is and not which, the longest first."""
    usual = tomllib.loads(Path(__file__).with_name("usual_names.toml").read_text(encoding="utf-8"))
    own = (word for kind in known_kinds().values() for word in (kind.en, kind.zh, *kind.poi))
    words = {plain_name(word) for word in (*own, *usual["chinese"], *usual["english"])}
    longest = sorted(filter(None, words), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest)) + r"|[0-9一二三四五六七八九十甲乙丙丁]")


def _is_usual(plain: str) -> bool:
    """Return whether a plain name says only what a facility is: 卫生室, "Public Library".

    Examples
    --------
    >>> [_is_usual(plain_name(name)) for name in ("卫生室", "社区文化活动中心", "Public Library 2")]
    [True, True, True]
    >>> [_is_usual(plain_name(name)) for name in ("幸福社区卫生服务站", "Mill Lane Surgery")]
    [False, False]
    """
    return not _kind_words().sub("", plain)


@cache
def _chained() -> frozenset[str]:
    """Return the kinds of which several branches may bear one name."""
    return frozenset(
        kind.id
        for kind in known_kinds().values()
        for tags in kind.osm
        if not _CHAINED_KEYS.isdisjoint(tags) or tags.get("amenity") in _CHAINED
    )


def namesakes(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities of one name and kind that stand farther apart than doubles do.

    A name may lack the areas before it: 章贡区幸福卫生服务站 and 幸福卫生服务站 are one. Names of
    chains, and those that say what all of a kind are called, are none.

    Parameters
    ----------
    facilities
        Layer ``facilities``, in a CRS of metres.
    """
    there = _named(facilities)
    there = there[~there["kind"].isin(_chained())]
    xy = shapely.get_coordinates(shapely.centroid(there.geometry.to_numpy()))
    plain = [plain_name(name) for name in there["name"]]
    pairs = [
        (a, b, metres)
        for a, b in _of_one_name(plain, there["kind"].tolist())
        if (metres := float(np.hypot(*(xy[a] - xy[b])))) > ALIKE_M
    ]
    if pairs:
        names, ids = (there[column].to_numpy(dtype=object) for column in ("name", "facility_id"))
        told = [f"{names[a]} ({ids[a]}, {ids[b]}: {metres:,.0f} m)" for a, b, metres in pairs]
        params = {"count": len(pairs), "metres": round(ALIKE_M), "names": told_first(told)}
        yield Finding("district.facilities_apart", params)


def neighbours(facilities: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of facilities of one kind, alike in name, that stand by each other as doubles do.

    Rows equal in all but their id are told by themselves.

    Parameters
    ----------
    facilities
        Layer ``facilities``, in a CRS of metres.
    """
    there = _named(facilities).drop_duplicates(["kind", "name", "geometry"])
    if len(there) < 2:
        return
    xy = shapely.get_coordinates(shapely.centroid(there.geometry.to_numpy()))
    names, ids, kinds = (
        there[column].to_numpy(dtype=object) for column in ("name", "facility_id", "kind")
    )
    pairs = [
        (a, b, metres)
        for a, b, metres in zip(*(each.tolist() for each in doubles(xy, kinds, names)), strict=True)
        if names_alike(plain_name(names[a]), plain_name(names[b]))
    ]
    if pairs:
        told = [f"{names[a]} ({ids[a]}, {ids[b]}: {metres:,.0f} m)" for a, b, metres in pairs]
        params = {"count": len(pairs), "metres": round(ALIKE_M), "names": told_first(told)}
        yield Finding("district.facilities_near", params)


def _named(facilities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the facilities that count for the public and have a name."""
    counts = facilities["name"].fillna("").astype(str) != ""
    if "status" in facilities:
        counts &= facilities["status"] == "existing"
    if "ownership" in facilities:
        counts &= facilities["ownership"] != "internal"
    return facilities[counts]


def _of_one_name(plain: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of rows of one kind and name, written in full or without the areas before it."""
    short = {name: _without_area(name) for name in dict.fromkeys(plain)}
    in_full: dict[tuple[str, str], list[int]] = {}
    shortened: dict[tuple[str, str], list[int]] = {}
    for row, (kind, name) in enumerate(zip(kinds, plain, strict=True)):
        if not _is_usual(name):
            in_full.setdefault((kind, name), []).append(row)
            shortened.setdefault((kind, short[name]), []).append(row)
    found = {
        pair
        for rows in (*in_full.values(), *shortened.values())
        if len(rows) <= MOST_PLACES
        for pair in combinations(rows, 2)
    }
    return sorted((a, b) for a, b in found if _ends_as(plain[a], plain[b]))


def _without_area(name: str) -> str:
    """Return a plain name without the areas before it, whole where nothing of its own is left.

    Examples
    --------
    >>> _without_area("章贡区幸福社区卫生服务站"), _without_area("解放街道卫生服务中心")
    ('幸福社区卫生服务站', '解放街道卫生服务中心')
    """
    short = _AREA.sub("", name)
    return name if _is_usual(short) else short


def _ends_as(a: str, b: str) -> bool:
    return a.endswith(b) or b.endswith(a)
