"""Which column of a layer each header of a file means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from planner.district.layers import counts_nobody
from planner.sources.tables.headers.currencies import without_currency
from planner.sources.tables.headers.headers import PLACES, folded, read_header, words_of
from planner.sources.tables.headers.remarks import remark_of, year_of
from planner.sources.tables.headers.units import units_longest_first

_CUT_BYTES = 10
_CUT_ENCODINGS = ("utf-8", "gb18030")


def known_columns(layer: str, headers: Iterable[str], *, cut: bool = False) -> dict[str, str]:
    """Return the layer's column of each header that means one.

    A header that is a column's own name goes before one that only means it; of several that mean
    the same, the first counts, and of coordinates those whose datum is named.

    Parameters
    ----------
    layer
        Name of a layer.
    headers
        The headers of a file.
    cut
        Whether they may be cut at ten bytes, as in a Shapefile.

    Examples
    --------
    >>> known_columns("demand", ["编号", "经度", "人口", "65岁以上人口", "备注"])
    {'编号': 'demand_id', '经度': 'lon', '人口': 'population', '65岁以上人口': 'pop_65plus'}
    >>> known_columns("communities", ["community_", "subdistric"], cut=True)
    {'community_': 'community_id', 'subdistric': 'subdistrict'}
    """
    columns, words = words_of(layer), _folded_words(layer)
    names = list(headers)
    if "fclass" in map(folded, names):
        names = [name for name in names if folded(name) != "code"]  # a class, no id
    found: dict[str, str] = {}
    for name in names:
        # a name as long as a cut one is rather our own, cut, than a word that happens to be so long
        own = _cut(name, {each: (each,) for each in columns}) if cut else None
        column = name if name in columns else own or words.get(folded(name)) or _meant(name, words)
        if column is not None:
            found[name] = column
    if cut:
        for name in names:
            if name not in found and (column := _cut(name, columns)) is not None:
                found[name] = column
    return _first_of_each(found, columns)


@cache
def _folded_words(layer: str) -> Mapping[str, str]:
    """Return the column of each word of a layer, folded; its own name alone is no word."""
    columns = {column: line for column, line in words_of(layer).items() if len(line) > 1}
    return {folded(word): column for column, line in columns.items() for word in reversed(line)}


def _meant(name: str, words: Mapping[str, str]) -> str | None:
    """Return the column of a name with a unit, remark or datum about it."""
    header = read_header(name)
    column = words.get(header.plain)
    if column is not None or not header.plain:
        return column
    for unit in units_longest_first():
        rest = header.plain.removesuffix(unit)
        if rest != header.plain and rest in words:
            return words[rest]
    priced = words.get(folded(without_currency(name)))
    return priced if priced == "cost" else None


def _cut(name: str, columns: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the column whose word begins with a name that was cut at ten bytes.

    The last sign may have been cut in the middle and be gone.
    """
    plain = unicodedata.normalize("NFKC", name).casefold().rstrip("\ufffd?")

    def fits(word: str) -> bool:
        return any(
            len(word.encode(encoding)) > _CUT_BYTES
            and _CUT_BYTES - 3 < len(plain.encode(encoding)) <= _CUT_BYTES
            for encoding in _CUT_ENCODINGS
        ) and word.casefold().startswith(plain)

    meant = {column for column, words in columns.items() if any(map(fits, words))}
    return meant.pop() if len(meant) == 1 else None


def _first_of_each(
    found: Mapping[str, str], columns: Mapping[str, tuple[str, ...]]
) -> dict[str, str]:
    """Keep one header for each column: its own name, else the best word, else the latest, first."""
    order = {"wgs84": 0, "cgcs2000": 1, "gcj02": 2, "bd09": 3, "": 4}

    def rank(name: str) -> tuple[int, int, int, int, int]:
        column, header = found[name], read_header(name)
        datum = order[header.datum] if column in PLACES else 0
        plain = folded(name)
        line = [folded(word) for word in columns[column]]
        at = line.index(plain) if plain in line else len(line)
        # a remark makes it a part or an earlier state; of several years the last is today's
        return (datum, name != column, at, bool(remark_of(name, column)), -year_of(name))

    best: dict[str, str] = {}
    for name in found:
        column = found[name]
        if column not in best or rank(name) < rank(best[column]):
            best[column] = name
    return {name: column for name, column in found.items() if best[column] == name}


def same_meaning(
    layer: str, headers: Iterable[str], chosen: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return further headers that mean a column for which another was chosen.

    Examples
    --------
    >>> same_meaning("demand", ["人口", "常住人口"], {"常住人口": "population"})
    {'常住人口': ['人口']}
    """
    words = _folded_words(layer)
    further: dict[str, list[str]] = {}
    of_column = {column: name for name, column in chosen.items() if column}
    for name in headers:
        column = words.get(folded(name)) or _meant(name, words)
        if column in of_column and not chosen.get(name) and not counts_nobody(name):
            further.setdefault(of_column[column], []).append(name)
    return further
