"""Rows of a table joined to communities by their code or name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from planner.arrays import I64

CODE_DIGITS = 12
"""Digits of a community in the codes that statistics use (统计用区划代码)."""

_ENDINGS = re.compile(
    r"(?:社区居民委员会|社区居委会|居民委员会|居委会|社区村|社区|村民委员会|村委会|村|"
    r"\s+community)$",
    re.IGNORECASE,
)
_SUGGESTED = 3
_MOST_SOUGHT = 200


@dataclass(frozen=True, eq=False)
class Joined:
    """Which community each row of a table is.

    Parameters
    ----------
    community
        Row of the communities, (n,), −1 where it is none of them.
    how
        ``"code"``, ``"name"``, ``"stem"`` (the name without its ending) or empty, (n,).
    suggestions
        Of each row, names that are alike, empty for rows that are joined.
    """

    community: I64
    how: tuple[str, ...]
    suggestions: tuple[tuple[str, ...], ...]


def folded_name(name: str) -> str:
    """Return a name without width, case, spaces and brackets.

    Examples
    --------
    >>> folded_name("赣江 社区（新）"), folded_name("East Side")
    ('赣江社区新', 'eastside')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s()\[\]·.,、\-_]+", "", text)


def stem(name: str) -> str:
    """Return a name without the words that say what it is of.

    Examples
    --------
    >>> stem("赣江社区居委会"), stem("赣江社区"), stem("East Community")
    ('赣江', '赣江', 'east')
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    bare = _ENDINGS.sub("", plain)
    return folded_name(bare or plain)


def join(
    codes: Sequence[str],
    names: Sequence[str],
    subdistricts: Sequence[str],
    communities: gpd.GeoDataFrame,
) -> Joined:
    """Join rows to communities: by code, else by name, else by the name without its ending.

    A name that several communities bear joins none of them unless the subdistrict tells which.

    Parameters
    ----------
    codes, names, subdistricts
        Of each row, empty where it has none.
    communities
        With ``community_id``, ``name`` and perhaps ``subdistrict``.
    """
    ids = communities["community_id"].astype(str).tolist()
    own = [str(name) for name in _column(communities, "name")]
    above = [folded_name(str(name)) for name in _column(communities, "subdistrict")]
    by_code = _unique([_code(key) for key in ids])
    by_name = [
        _unique(list(zip(map(fold, own), above, strict=True))) | _unique(list(map(fold, own)))
        for fold in (folded_name, stem)
    ]
    found, how = [], []
    for code, name, subdistrict in zip(codes, names, subdistricts, strict=True):
        at, way = by_code.get(_code(code), -1) if code else -1, "code"
        for keys, fold, called in zip(by_name, (folded_name, stem), ("name", "stem"), strict=True):
            if at < 0 and name:
                key = fold(name)
                at = keys.get((key, folded_name(subdistrict)), keys.get(key, -1))
                way = called
        found.append(at)
        how.append(way if at >= 0 else "")
    return Joined(np.array(found, dtype=np.int64), tuple(how), _suggested(names, found, own))


def _code(text: str) -> str:
    """Return a code; figures of more digits than a community's are cut where only zeros follow."""
    plain = unicodedata.normalize("NFKC", str(text)).strip()
    if plain.isdigit() and len(plain) > CODE_DIGITS and not plain[CODE_DIGITS:].strip("0"):
        return plain[:CODE_DIGITS]
    return plain


def _column(table: gpd.GeoDataFrame, name: str) -> list[object]:
    return table[name].fillna("").tolist() if name in table else [""] * len(table)


def _unique(keys: Sequence[object]) -> dict[object, int]:
    """Return the row of each key that stands once."""
    seen: dict[object, int] = {}
    for row, key in enumerate(keys):
        seen[key] = -1 if key in seen else row
    return {key: row for key, row in seen.items() if row >= 0 and key != ""}


def _suggested(
    names: Sequence[str], found: Sequence[int], own: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return names alike of the rows that joined nothing, of the first two hundred."""
    sought = [row for row, at in enumerate(found) if at < 0 and names[row]][:_MOST_SOUGHT]
    by_stem: dict[str, list[str]] = {}
    for name in own:
        by_stem.setdefault(stem(name), []).append(name)
    result: list[tuple[str, ...]] = [()] * len(names)
    for row in sought:
        alike = difflib.get_close_matches(stem(names[row]), by_stem, n=_SUGGESTED, cutoff=0.5)
        result[row] = tuple(name for each in alike for name in by_stem[each])[:_SUGGESTED]
    return tuple(result)
