"""Names of places as a reader of another language reads them, where the data has them so.

A layer keeps in ``name`` what stands on the door. What it is called in English stands beside it in
``name_en`` (``name:en`` of OpenStreetMap), and is what a page in English shows. It is put in where
a text is shown and nowhere before: what is computed, kept and exported knows places by ``name``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from planner.district import LAYERS, District

SAID_IN = {"en": "_en"}
"""How columns of names in a language end."""

DISTRICTS = {"en": {"示例区 · 三江 (synthetic)": "Sanjiang, demo district (synthetic)"}}
"""What districts that come with the program are called in a language."""


class PlaceNames:
    """What places are called in the reader's language, put into texts.

    Parameters
    ----------
    names
        By the name that the data has.
    own
        Whether the data's own name follows in brackets, by which a place is found again there.

    Examples
    --------
    >>> names = PlaceNames({"古浮桥": "Old Pontoon", "古浮桥社区": "Old Pontoon Community"})
    >>> names.of("<b>古浮桥社区</b>, 20 m"), names.of("古浮桥社区中心")
    ('<b>Old Pontoon Community</b>, 20 m', '古浮桥社区中心')
    >>> names.with_own.of("古浮桥")
    'Old Pontoon (古浮桥)'
    """

    def __init__(self, names: Mapping[str, str], *, own: bool = False) -> None:
        self._names, self._own = dict(names), own
        # of two names the longer is tried first, since one may begin with the other
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._firsts = frozenset(name[0] for name in self._names)
        signs = "".join(map(re.escape, sorted(self._firsts)))
        self._begins = re.compile(rf"(?<!\w)[{signs}]") if signs else None

    @classmethod
    def of_district(cls, district: District, language: str) -> PlaceNames:
        """Return the names that a district has in a language.

        What is called by several stays as it is, whole: no shorter name in it is put in either.
        """
        ending, found = SAID_IN.get(language), dict[str, set[str]]()
        if district.name in DISTRICTS.get(language, {}):
            found[district.name] = {DISTRICTS[language][district.name]}
        for layer in LAYERS if ending else ():
            table = getattr(district, layer)
            for column in (each for each in table if f"{each}{ending}" in table):
                pairs = table[[column, f"{column}{ending}"]].dropna().drop_duplicates()
                for own, said in pairs.itertuples(index=False):
                    if own and said and own != said:
                        found.setdefault(str(own), set()).add(str(said))
        return cls({own: said.pop() if len(said) == 1 else own for own, said in found.items()})

    def __bool__(self) -> bool:
        return bool(self._names)

    def may_be_in(self, text: str) -> bool:
        """Whether some name may stand in a text, looked for quickly."""
        return not self._firsts.isdisjoint(text)

    def of(self, text: str) -> str:
        """Return a text with the names in it, each that stands by itself, in the language."""
        if self._begins is None:
            return text
        done, parts = 0, []
        for begin in self._begins.finditer(text):
            name = self._name_at(text, begin.start()) if begin.start() >= done else ""
            if name:
                said = self._names[name]
                both = self._own and said != name
                parts += [text[done : begin.start()], f"{said} ({name})" if both else said]
                done = begin.start() + len(name)
        return "".join([*parts, text[done:]])

    @cached_property
    def with_own(self) -> PlaceNames:
        """The same, the data's own names in brackets."""
        return PlaceNames(self._names, own=True)

    def in_cells(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with the names in its texts."""
        numbers = set(table.select_dtypes(["number", "bool"]))
        texts = [name for name in table if self and name not in numbers]
        return table.assign(
            **{
                str(name): [
                    self.of(cell) if isinstance(cell, str) else cell for cell in table[name]
                ]
                for name in texts
            }
        )

    def _name_at(self, text: str, start: int) -> str:
        """Return the longest name that stands at a place and ends where a word ends."""
        for length in self._lengths:
            end = start + length
            if text[start:end] in self._names and not re.match(r"\w", text[end : end + 1]):
                return text[start:end]
        return ""
