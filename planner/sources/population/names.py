"""Rows of a table joined to communities: as a person said, by their code, or by name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from planner.arrays import I64, Bool
from planner.district.identity.names import subdistrict_stem
from planner.errors import InputError

CODE_DIGITS = 12
"""Digits of a community in the codes that statistics use (统计用区划代码)."""

_ENDINGS = re.compile(
    r"(?:社区居民委员会|社区居委会|居民委员会|居委会|社区村|社区|村民委员会|村委会|村|"
    r"\s+community)$",
    re.IGNORECASE,
)
_WAYS = ("said", "code", "name", "stem")
_UNSAID, _OUT = -2, -1
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
        ``"said"`` by a person, ``"code"``, ``"name"``, ``"stem"`` (the name without its ending),
        ``"out"`` where a person said that it is none, or empty, (n,).
    suggestions
        Of each row, names that are alike, empty for rows that are joined.
    keys
        What a person calls each row who says which community it is, (n,).
    """

    community: I64
    how: tuple[str, ...]
    suggestions: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]

    def counts(self) -> Bool:
        """Return which rows count, (n,): of a community's rows the one that is surest to be it.

        What a person said is surest, then a code, a name, and one without its ending; of equals
        the first counts.
        """
        sure = np.array(
            [_WAYS.index(way) if way in _WAYS else len(_WAYS) for way in self.how], dtype=int
        )
        order = np.lexsort((np.arange(len(sure)), sure))
        best: dict[int, int] = {}
        for row in order.tolist():
            best.setdefault(int(self.community[row]), row)
        best.pop(-1, None)
        result = np.zeros(len(sure), dtype=bool)
        result[list(best.values())] = True
        return result

    def repeats(self) -> list[tuple[int, int]]:
        """Return the rows that tell a community again, each with the row of it that counts."""
        counts = self.counts()
        first = {int(self.community[row]): row for row in np.flatnonzero(counts).tolist()}
        again = np.flatnonzero((self.community >= 0) & ~counts).tolist()
        return [(row, first[int(self.community[row])]) for row in again]


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
    *,
    said: Mapping[str, str] | None = None,
    before: Mapping[str, str] | None = None,
) -> Joined:
    """Join rows to communities: by code, else by name, else by the name without its ending.

    A name that several communities bear joins none of them unless the subdistrict tells which; a
    row of another subdistrict than that of the community joins it by its code only. What a person
    said of a row goes before all of these.

    Parameters
    ----------
    codes, names, subdistricts
        Of each row, empty where it has none.
    communities
        With ``community_id``, ``name`` and perhaps ``subdistrict``.
    said
        Which community a row is, by its name, by ``subdistrict/name``, or by its code where it has
        no name; see :func:`called` for what the community is called. Empty where it is none.
    before
        The same as said of an earlier file: what names no community any more is not heeded.

    Raises
    ------
    InputError
        ``population.said_unknown`` where `said` names none of the communities, or several.
    """
    ids = communities["community_id"].astype(str).tolist()
    answers = _answers(before or {}, communities, strict=False)
    answers |= _answers(said or {}, communities, strict=True)
    keys = _keys(codes, names, subdistricts)
    own = [str(name) for name in _column(communities, "name")]
    above = [subdistrict_stem(str(name)) for name in _column(communities, "subdistrict")]
    by_code = _unique([_code(key) for key in ids])
    by_name = [
        _unique(list(zip(map(fold, own), above, strict=True))) | _unique(list(map(fold, own)))
        for fold in (folded_name, stem)
    ]
    found, how = [], []
    for key, code, name, subdistrict in zip(keys, codes, names, subdistricts, strict=True):
        answer = answers.get(key, answers.get(name or code, _UNSAID))
        if answer != _UNSAID:
            found.append(answer)
            how.append("said" if answer >= 0 else "out")
            continue
        at, way = by_code.get(_code(code), -1) if code else -1, "code"
        for rows, fold, by in zip(by_name, (folded_name, stem), ("name", "stem"), strict=True):
            if at < 0 and name:
                own_key, over = fold(name), subdistrict_stem(subdistrict)
                at = rows.get((own_key, over), rows.get(own_key, -1))
                if at >= 0 and over and above[at] and over != above[at]:
                    at = -1  # a namesake
                way = by
        found.append(at)
        how.append(way if at >= 0 else "")
    suggested = _suggested(
        names, [0 if way == "out" else at for at, way in zip(found, how, strict=True)], own
    )
    return Joined(np.array(found, dtype=np.int64), tuple(how), suggested, tuple(keys))


def named_otherwise(
    names: Sequence[str],
    subdistricts: Sequence[str],
    joined: Joined,
    communities: gpd.GeoDataFrame,
) -> list[tuple[int, int]]:
    """Return the rows whose name is another community than their code, and which that is.

    Parameters
    ----------
    names, subdistricts, joined, communities
        As of :func:`join`, and what it returned.
    """
    by_name = join([""] * len(names), names, subdistricts, communities).community
    coded = np.array([way == "code" for way in joined.how], dtype=bool)
    rows = np.flatnonzero(coded & (by_name >= 0) & (by_name != joined.community))
    return [(row, int(by_name[row])) for row in rows.tolist()]


def called(communities: gpd.GeoDataFrame) -> list[str]:
    """Return what each community is called by who says that a row is this one.

    That is its name; of communities that share one, the subdistrict before it, else the code.

    Examples
    --------
    >>> table = {"community_id": ["1", "2", "3"], "name": ["甲", "乙", "乙"]}
    >>> called(gpd.GeoDataFrame({**table, "subdistrict": ["东", "东", "西"]}))
    ['甲', '东/乙', '西/乙']
    """
    names = [str(name) for name in _column(communities, "name")]
    above = [str(name) for name in _column(communities, "subdistrict")]
    whole = _keys([""] * len(names), names, above)
    ids = communities["community_id"].astype(str).tolist()
    count = Counter(map(folded_name, whole))
    return [
        key if key and count[folded_name(key)] == 1 else own
        for key, own in zip(whole, ids, strict=True)
    ]


def _keys(codes: Sequence[str], names: Sequence[str], subdistricts: Sequence[str]) -> list[str]:
    """Return what rows are called: the name, with the subdistrict where several bear it."""
    count = Counter(names)
    return [
        (f"{over}/{name}" if over and count[name] > 1 else name) if name else code
        for code, name, over in zip(codes, names, subdistricts, strict=True)
    ]


def _answers(
    said: Mapping[str, str], communities: gpd.GeoDataFrame, *, strict: bool
) -> dict[str, int]:
    """Return the community that each key was said to be, −1 for none of them."""
    if not said:
        return {}
    names = [str(name) for name in _column(communities, "name")]
    above = [str(name) for name in _column(communities, "subdistrict")]
    full = [f"{over}/{name}" for over, name in zip(above, names, strict=True)]
    known: dict[object, int] = {}
    for texts in (communities["community_id"].astype(str).tolist(), full, names):
        known |= _unique([folded_name(text) for text in texts])
    found: dict[str, int] = {}
    for key, answer in said.items():
        at = _OUT if not answer.strip() else known.get(folded_name(answer), _UNSAID)
        if at == _UNSAID and strict:
            raise InputError("population.said_unknown", name=key, value=answer)
        if at != _UNSAID:
            found[key] = at
    return found


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
