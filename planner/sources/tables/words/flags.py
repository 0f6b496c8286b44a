"""Yes and no as people write them in a column."""

from __future__ import annotations

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.arrays import Bool
from planner.errors import Finding
from planner.sources.tables.values.numbers import is_blank, plain_word

_COUNTED = 10


@cache
def _words() -> dict[str, Any]:
    text = (Path(__file__).parent / "flags.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def answers() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that say yes and those that say no, as of :func:`plain_word`.

    Examples
    --------
    >>> yes, no = answers()
    >>> "√" in yes, "无" in no
    (True, True)
    """
    return frozenset(_words()["yes"]), frozenset(_words()["no"])


def flags(column: pd.Series, file: str, name: str) -> tuple[Bool, list[Finding]]:
    """Return whether each cell of a column says yes (n,), and a finding on words not known.

    Parameters
    ----------
    column
        Cells as they came; the index is the row told. A number is yes unless 0, a blank is no.
    file
        Its name.
    name
        Column that it is: types of bridges, tunnels and steps say yes.

    Returns
    -------
    A word that is not known is taken as no, and told with its rows.

    Examples
    --------
    >>> says, notes = flags(pd.Series(["viaduct", "没有", "?", 1.0, None]), "a.shp", "bridge")
    >>> says.tolist(), notes[0].params["words"]
    ([True, False, False, True, False], '? (2)')
    """
    yes, no = answers()
    yes |= {*_words()["types"].get(name, ())}
    unknown: dict[str, list[str]] = {}
    says = np.zeros(len(column), bool)
    for place, (row, cell) in enumerate(column.items()):
        if isinstance(cell, bool | np.bool_ | int | float | np.number):
            says[place] = not is_blank(cell) and bool(cell)
            continue
        word = "" if is_blank(cell) else _plain(cell)
        says[place] = word in yes
        if word and word not in yes | no:
            unknown.setdefault(str(cell).strip(), []).append(str(row))
    if not unknown:
        return says, []
    counted = Counter({word: len(rows) for word, rows in unknown.items()})
    told = "; ".join(
        f"{word} ({', '.join(unknown[word][:5])})" for word, _ in counted.most_common(_COUNTED)
    )
    params = {"file": file, "column": name, "count": counted.total(), "words": told}
    return says, [Finding("sources.flag_words", params)]


def _plain(cell: object) -> str:
    text = plain_word(cell)
    return text[:-2] if text in ("1.0", "0.0") else text
