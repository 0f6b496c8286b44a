"""The class of each street of a file as OpenStreetMap says it, by the words that bureaux write."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

import geopandas as gpd
import pandas as pd

from planner.errors import Finding
from planner.sources.files.streets.states import columns_beside
from planner.sources.osm.rules import walk_rules
from planner.sources.tables.values.numbers import cell_text, plain_word
from planner.sources.tables.words.states import SHUT, StateWord, counted
from planner.sources.tables.words.streets import street_words

_WORDS = 10
_USUAL = (
    "trunk_link primary_link secondary_link tertiary_link road bridleway living_street crossing "
    "unknown track_grade1 track_grade2 track_grade3 track_grade4 track_grade5"
)
"""Classes that no walk rule names, of OpenStreetMap and of Geofabrik's ``fclass``."""

_NOT_YET = ("construction", "proposed")


def with_classes(
    table: gpd.GeoDataFrame, file: str, said: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, list[Finding], list[StateWord]]:
    """Return streets with their class as OpenStreetMap says it, and what words mean.

    Of several classes in a cell, as OSMnx writes merged streets, one counts on which nobody walks,
    else steps, else the first. A word that is not known stays: one walks there, and it is told.

    Parameters
    ----------
    table
        Streets with ``highway``, as far as the file has it.
    file
        Its name.
    said
        What a person said of words: a class, ``"no"`` where nobody walks on what is called so, or
        nothing where the word is not known.
    """
    if "highway" not in table:
        return table, [], []
    given = {plain_word(word): name for word, name in said.items()}
    for column in columns_beside(table, "highway"):
        words = table[column].map(cell_text).map(_first)
        coming = words.map(lambda word: _class_words().get(word) or _to_come(word))
        table = table.assign(highway=table["highway"].mask(coming.isin(_NOT_YET), coming))
    cells = table["highway"].map(cell_text)
    of_cell = {cell: _deciding(cell, given) for cell in pd.unique(cells)}
    words = cells.map(of_cell)
    meant = {word: _meaning(word, given) for word in pd.unique(words)}
    classes = words.map(lambda word: meant[word] or word)
    strange = words[(words != "") & (words.map(meant) == "")]
    table = table.assign(highway=classes.mask(classes == "motorroad", "trunk"))
    only_motors = classes == "motorroad"
    if only_motors.any():
        own = table["motorroad"] if "motorroad" in table else pd.Series("", table.index)
        table["motorroad"] = own.mask(only_motors, "yes")
    listed = counted("street_class", words, meant)
    if strange.empty:
        return table, [], listed
    told = "; ".join(f"{word}: {count}" for word, count in Counter(strange).most_common(_WORDS))
    params = {"file": file, "count": len(strange), "words": told}
    return table, [Finding("sources.street_words", params)], listed


def _meaning(word: str, given: Mapping[str, str]) -> str:
    """Return the class that a word stands for, empty where nobody knows.

    Examples
    --------
    >>> _meaning("主干路", {}), _meaning("生活街巷", {}), _meaning("生活街巷", {"生活街巷": "no"})
    ('primary', '', 'no')
    """
    if word in given:
        return given[word]
    found = _class_words().get(word) or _to_come(word)
    return found or (word if word in _classes() else "")


def _words_in(cell: str) -> list[str]:
    """Return the classes in a cell.

    Examples
    --------
    >>> _words_in("['residential', 'service']"), _words_in("主干路")
    (['residential', 'service'], ['主干路'])
    """
    text = unicodedata.normalize("NFKC", cell).strip("[]() ")
    return [part.strip("'\" ").casefold() for part in re.split(r"[,;|、]", text)]


def _first(cell: str) -> str:
    return _words_in(cell)[0]


def _deciding(cell: str, given: Mapping[str, str]) -> str:
    """Return the class of a cell that decides whether and how one walks there.

    Examples
    --------
    >>> _deciding("footway;steps", {}), _deciding("residential;motorway", {})
    ('steps', 'motorway')
    >>> _deciding("residential;service", {})
    'residential'
    """
    words = _words_in(cell)
    if len(words) == 1:
        return words[0]
    classes = [_meaning(word, given) for word in words]
    shut = [word for word, name in zip(words, classes, strict=True) if name and not _walks(name)]
    steps = [word for word, name in zip(words, classes, strict=True) if name == "steps"]
    return (*shut, *steps, *words)[0]


@cache
def _walks(name: str) -> bool:
    """Return whether one walks on a class of which nothing else is told."""
    rule = walk_rules().rule({"highway": name})
    return name != SHUT and (rule is None or bool(rule.decision))


def _to_come(word: str) -> str:
    """Return the class of a street that is said to be planned or built, empty for another.

    Examples
    --------
    >>> _to_come("规划支路"), _to_come("在建主干路"), _to_come("支路(规划)"), _to_come("支路")
    ('proposed', 'construction', 'proposed', '')
    """
    inside = re.search(r"\(([^()]*)\)?$", word)
    for name, words in street_words()["coming"].items():
        if word.startswith(tuple(words)) or (inside and inside[1] in words):
            return name
    return ""


@cache
def _class_words() -> dict[str, str]:
    """Return the class by each word of ``words.toml``."""
    return {word: name for name, words in street_words()["class"].items() for word in words}


@cache
def _classes() -> frozenset[str]:
    """Return the classes of ``highway`` that the walk rules name, and the usual ones beside."""
    named = {
        value
        for rule in walk_rules().ways
        for value in (*rule.when.get("highway", ()), *rule.unless.get("highway", ()))
    }
    own = {"motorroad", SHUT, *_class_words().values(), *_USUAL.split()}
    return frozenset(named | own) - {"*"}
