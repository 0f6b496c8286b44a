"""Which streets of a file one walks on by the walk rules, which not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.arrays import Bool
from planner.errors import Finding, InputError
from planner.sources.files.streets.fast_roads import are_walls
from planner.sources.files.streets.states import PRIVATE_VALUES
from planner.sources.osm.rules import SHUT, WalkRules, walk_rules
from planner.sources.tables.values.dates import DATE_KEYS
from planner.sources.tables.values.numbers import cell_text, is_blank

PRIVATE_PLACES = "sources.private_places"
"""Tells whom it concerns that nobody walks on private streets."""

NOT_WALKED_PLACES = "sources.not_walked_places"
"""Tells it of all other streets on which nobody walks."""

_WORDS = 10


def walked(
    table: gpd.GeoDataFrame,
    file: str,
    words: Mapping[str, pd.Series],
    classes: pd.Series | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[Finding]]:
    """Return the rows that one walks on by the walk rules, the others, how many and why.

    Parameters
    ----------
    table
        Streets whose columns are called as keys of OpenStreetMap, in a metric CRS.
    file
        Its name.
    words
        What the file says of ``access`` and ``foot`` in its own words, for the rows of the table.
    classes
        The same of the class.

    Returns
    -------
    The streets that are walked; lines of the others with ``code``, the finding that tells whom it
    concerns, and ``wall``, whether they stop people; and findings.

    Raises
    ------
    InputError
        ``sources.nothing_walked`` where none is left.
    """
    why, private = verdicts(table)
    out = why != ""
    code = np.where(private, PRIVATE_PLACES, NOT_WALKED_PLACES)[out]
    told_of = {"code": code, "wall": are_walls(table[out])}
    left = gpd.GeoDataFrame(told_of, geometry=table.geometry.to_numpy()[out], crs=table.crs)
    if not out.any():
        return table, left, []
    own = dict(words) if classes is None else {**words, "highway": classes}
    reasons = Counter(_own_words(row, why[row], own) for row in np.flatnonzero(out).tolist())
    told = "; ".join(f"{word}: {count}" for word, count in reasons.most_common())
    params = {"file": file, "count": int(out.sum()), "km": _km(table, out), "reasons": told}
    if out.all():
        raise InputError("sources.nothing_walked", **params)
    findings = [Finding("sources.not_walked", params)]
    if private.any():
        findings.append(_private(table, file, private, words))
    return table[~out], left, findings


def verdicts(
    table: gpd.GeoDataFrame, without: Container[str] = ()
) -> tuple[npt.NDArray[np.object_], Bool]:
    """Return why nobody walks on a street by its columns, and whether it is private alone.

    Parameters
    ----------
    table
        Streets whose columns are called as keys of OpenStreetMap.
    without
        Ids of walk rules that are not asked.

    Returns
    -------
    The tags by which a rule decided, of each row, empty where one walks; and for which rows it is
    their being private alone.
    """
    texts = _texts(table, walk_rules())
    why = np.full(len(table), "", dtype=object)
    private = np.zeros(len(table), bool)
    if texts:
        cases = list(zip(*(text.str.casefold().tolist() for text in texts.values()), strict=True))
        found = {
            case: _verdict(dict(zip(texts, case, strict=True)), without) for case in set(cases)
        }
        why[:] = [found[case][0] for case in cases]
        private[:] = [found[case][1] for case in cases]
    return why, private


def shuts(key: str, text: str) -> bool:
    """Return whether a tag by itself shuts a street to people on foot; :func:`walked` reads it.

    Examples
    --------
    >>> shuts("closed", "yes"), shuts("closed", "是"), shuts("status", "planned")
    (True, False, False)
    """
    return key in _keys(walk_rules()) and bool(_verdict({key: text.casefold()})[0])


def _own_words(row: int, reason: str, words: Mapping[str, pd.Series]) -> str:
    """Return a reason with the words of the file before it, where these are others.

    Examples
    --------
    >>> _own_words(0, "highway=motorway", {"highway": pd.Series(["高速公路"])})
    '高速公路 (highway=motorway)'
    >>> _own_words(0, "highway=motorway", {"highway": pd.Series(["motorway"])})
    'highway=motorway'
    """
    told = dict(part.split("=", 1) for part in reason.split(", ") if "=" in part)
    own = [str(words[key].iloc[row]) for key in told if key in words]
    others = [word for word in own if word and word.casefold() not in told.values()]
    return f"{', '.join(others)} ({reason})" if others else reason


def opened(table: gpd.GeoDataFrame, file: str, rows: Bool, words: pd.Series) -> list[Finding]:
    """Tell of streets that are walked because a person said so of a word that shuts them else."""
    if not rows.any():
        return []
    params = {
        "file": file,
        "count": int(rows.sum()),
        "km": _km(table, rows),
        "words": _most(words[rows]),
    }
    return [Finding("sources.streets_opened", params)]


def _private(
    table: gpd.GeoDataFrame, file: str, private: Bool, words: Mapping[str, pd.Series]
) -> Finding:
    """Tell how much of the streets is left out as private, by the words of the file."""
    texts = pd.Series("", table.index, dtype=object)
    for column, own in words.items():
        is_so = table[column].map(_text).str.casefold().isin(PRIVATE_VALUES)
        texts = texts.mask((texts == "") & is_so, own)
    most = _most(texts[private])
    params = {"file": file, "count": int(private.sum()), "km": _km(table, private), "words": most}
    return Finding("sources.private_streets", params)


def _verdict(tags: Mapping[str, str], without: Container[str] = ()) -> tuple[str, bool]:
    """Return why nobody walks on a street, empty where one does, and whether as it is private.

    It is for this alone where it would be walked if it were the public's.

    Examples
    --------
    >>> _verdict({"highway": "service", "access": "private"})
    ('access=private', True)
    >>> _verdict({"highway": "motorway", "access": "private"})
    ('highway=motorway', False)
    >>> _verdict({"highway": "service", "access": "no"})
    ('access=no', False)
    """
    rules = walk_rules()
    # each row of a file of streets is one, also where nothing tells its class
    given = {"highway": "road"} | {key: value for key, value in tags.items() if value}
    rule = rules.rule(given)
    if rule is None or rule.decision or rule.id in without:
        return "", False
    open_to_all = {
        key: value
        for key, value in given.items()
        if not (key in ("access", "foot", "service") and value in PRIVATE_VALUES)
    }
    other = rules.rule(open_to_all)
    walks = other is None or other.decision
    return rule.said(given), walks and rule.id in SHUT and open_to_all != given


def _keys(rules: WalkRules) -> frozenset[str]:
    """Return the keys that are asked of a file of streets.

    States and dates stand in the class by now, as the file or a person means its words.
    """
    read = DATE_KEYS | {"status", "construction"}
    return rules.keys() - read - {"railway", "public_transport", "man_made"}


def _texts(table: gpd.GeoDataFrame, rules: WalkRules) -> dict[str, pd.Series]:
    """Return what the table says of each key that the walk rules ask for."""
    keys = _keys(rules)
    return {
        name: _each_once(table[column])
        for column in table.columns.drop(table.geometry.name)
        if (name := str(column).casefold()) in keys
    }


def _each_once(cells: pd.Series) -> pd.Series:
    """Return the texts of cells, of cells that are the same made once.

    Cells of several types are made one by one: True, 1 and 1.0 count as the same, and read not so.
    """
    if cells.dtype == object and pd.api.types.infer_dtype(cells, skipna=False) != "string":
        return cells.map(_text)
    number, known = pd.factorize(cells, use_na_sentinel=False)
    texts = np.array([_text(cell) for cell in known], dtype=object)
    return pd.Series(texts[number] if len(cells) else texts, index=cells.index, dtype=object)


def _text(cell: object) -> str:
    return "" if is_blank(cell) else cell_text(cell)


def _km(table: gpd.GeoDataFrame, rows: Bool) -> float:
    return round(float(shapely.length(table.geometry.to_numpy()[rows]).sum()) / 1000, 1)


def _most(words: pd.Series) -> str:
    counts = Counter(word for word in words if word)
    return "; ".join(f"{word}: {count}" for word, count in counts.most_common(_WORDS)) or "–"
