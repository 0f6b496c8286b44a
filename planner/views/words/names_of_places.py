"""Names of places as a reader of another language reads them, where the data has them so.

A layer keeps in ``name`` what stands on the door. What it is called in English stands beside it in
``name_en`` (``name:en`` of OpenStreetMap), and is what a page in English shows. It is put in where
a text is shown and nowhere before: what is computed, kept and exported knows places by ``name``.

Only names that hold a letter of another script than Latin are put in: a page in English needs no
other, and a community called "1" or a facility called "Park" would be found in figures and words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

import pandas as pd

from planner.district import LAYERS, District
from planner.views.escaping import Escaped, safe
from planner.views.words.columns import COLUMNS

SAID_IN = {"en": "_en"}
"""How columns of names in a language end."""

DISTRICTS = {"en": {"示例区 · 三江 (synthetic)": "Sanjiang, demo district (synthetic)"}}
"""What districts that come with the program are called in a language."""

IDS = frozenset(
    each for name, said in COLUMNS.items() if name.endswith("_id") for each in (name, said)
)
"""Columns of ids, by name and by heading: what stands in them is a key, whatever it looks like."""

_LATIN = ("LATIN", "FULLWIDTH LATIN", "MODIFIER", "FEMININE ORD", "MASCULINE ORD", "MICRO SIGN")
_JOINED_BEHIND = re.compile(r"\\?[-‐‑'’·.]\w")
_JOINED_BEFORE = re.compile(r"\w\\?[-‐‑'’·.]\Z")


class PlaceNames:
    """What places are called in the reader's language, put into texts.

    Parameters
    ----------
    names
        By the name that the data has; those of Latin letters alone are left out.
    own
        Whether the data's own name follows in brackets, by which a place is found again there.

    Examples
    --------
    >>> names = PlaceNames({"古浮桥": "Old Pontoon", "古浮桥社区": "Old Pontoon Community"})
    >>> names.of("古浮桥社区, 20 m"), names.of("古浮桥社区中心")
    ('Old Pontoon Community, 20 m', '古浮桥社区中心')
    >>> names.with_own.of("古浮桥")
    'Old Pontoon (古浮桥)'
    >>> PlaceNames({"甲&乙": "A&B"}).in_html.of("<b>甲&amp;乙</b>")
    '<b>A&amp;B</b>'
    """

    def __init__(self, names: Mapping[str, str], *, own: bool = False) -> None:
        self._names = {name: said for name, said in names.items() if _of_other_script(name)}
        self._own = own
        # of two names the longer is tried first, since one may begin with the other
        self._lengths = sorted({len(name) for name in self._names}, reverse=True)
        self._letters = frozenset(next(_other_letters(name)) for name in self._names)
        signs = "".join(map(re.escape, sorted({name[0] for name in self._names})))
        self._begins = re.compile(rf"(?<!\w)[{signs}]") if signs else None
        self._escaped: dict[Callable[[str], str], PlaceNames] = {}

    @classmethod
    def of_district(cls, district: District, language: str) -> PlaceNames:
        """Return the names that a district has in a language.

        What is called by several, or by some not at all, stays as it is, whole: no shorter name in
        it is put in either. So does what is also the word for one of its kinds.
        """
        ending, found = SAID_IN.get(language), dict[str, set[str]]()
        if district.name in DISTRICTS.get(language, {}):
            found[district.name] = {DISTRICTS[language][district.name]}
        for layer in LAYERS if ending else ():
            table = getattr(district, layer)
            for column in (each for each in table if f"{each}{ending}" in table):
                for own, said in _pairs(table[column], table[f"{column}{ending}"]):
                    found.setdefault(own, set()).add(said)
        kinds = {kind.name(language) for kind in district.kinds.values()}
        return cls(
            {
                own: next(iter(said)) if len(said) == 1 and "" not in said else own
                for own, said in found.items()
                if own not in kinds
            }
        )

    def __bool__(self) -> bool:
        return bool(self._names)

    def may_be_in(self, text: str) -> bool:
        """Whether some name may stand in a text, looked for quickly."""
        return not self._letters.isdisjoint(text)

    def of(self, text: str) -> str:
        """Return a text with the names in it, each that stands by itself, in the language.

        What was escaped is searched for escaped names, and what is put in is escaped alike.
        """
        if isinstance(text, Escaped):
            return Escaped(self.escaped(text.by)._put(text), text.by)
        return self._put(text)

    def escaped(self, by: Callable[[str], str]) -> PlaceNames:
        """Return the same for texts in which a function made all names safe."""
        if by not in self._escaped:
            names = {by(name): by(said) for name, said in self._names.items()}
            self._escaped[by] = PlaceNames(names, own=self._own)
        return self._escaped[by]

    @property
    def in_html(self) -> PlaceNames:
        """The same for HTML, whose texts :func:`planner.views.escaping.safe` made safe."""
        return self.escaped(safe)

    @cached_property
    def with_own(self) -> PlaceNames:
        """The same, the data's own names in brackets."""
        return PlaceNames(self._names, own=True)

    def in_cells(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with the names in its texts; ids stay as they are.

        Columns are written by their place: a name may be no string, or stand there twice.
        """
        done = table.copy()
        for place, name in enumerate(table.columns):
            if name in IDS or pd.api.types.is_numeric_dtype(table.dtypes.iloc[place]):
                continue
            cells = list(table.iloc[:, place])
            said = [self.of(cell) if isinstance(cell, str) else cell for cell in cells]
            if any(new is not old and new != old for new, old in zip(said, cells, strict=True)):
                done.isetitem(place, pd.Series(said, dtype=object).to_numpy())
        return done

    def _put(self, text: str) -> str:
        if self._begins is None or not self.may_be_in(text):
            return text
        done, parts = 0, []
        for begin in self._begins.finditer(text):
            start = begin.start()
            name = self._name_at(text, start) if start >= done else ""
            if name:
                said = self._names[name]
                both = self._own and said != name
                stays = both and _in_brackets(text[:start], said)
                put_in = name if stays else f"{said} ({name})" if both else said
                parts += [text[done:start], put_in]
                done = start + len(name)
        return "".join([*parts, text[done:]])

    def _name_at(self, text: str, start: int) -> str:
        """Return the longest name that stands at a place by itself, as a word of its script."""
        if _goes_on_before(text, start):
            return ""
        for length in self._lengths:
            end = start + length
            if text[start:end] in self._names and not _goes_on_behind(text, end):
                return text[start:end]
        return ""


def _pairs(names: pd.Series, said: pd.Series) -> set[tuple[str, str]]:
    """Return names with what they are called; with nothing where that is missing or no English."""
    return {
        (own, each if isinstance(each, str) and not _of_other_script(each) else "")
        for own, each in zip(names, said, strict=True)
        if isinstance(own, str) and own
    }


def _other_letters(text: str) -> Iterator[str]:
    """Yield the letters of a text that are of another script than Latin."""
    for sign in text:
        letter = sign > "\x7f" and sign.isalpha()
        if letter and not unicodedata.name(sign, "").startswith(_LATIN):
            yield sign


def _of_other_script(text: str) -> bool:
    return next(_other_letters(text), None) is not None


def _is_mark(sign: str) -> bool:
    """Whether a sign belongs to the letter before it, as vowels of Devanagari and Thai do."""
    return bool(sign) and (unicodedata.category(sign)[0] == "M" or sign in "\u200c\u200d")


def _goes_on_before(text: str, start: int) -> bool:
    before = text[max(start - 3, 0) : start]
    return _is_mark(before[-1:]) or _JOINED_BEFORE.search(before) is not None


def _goes_on_behind(text: str, end: int) -> bool:
    """Whether a word goes on where a name ends: with a letter or mark, or joined to the next."""
    sign = text[end : end + 1]
    letter = sign.isalnum() or sign == "_" or _is_mark(sign)
    return letter or _JOINED_BEHIND.match(text, end) is not None


def _in_brackets(before: str, said: str) -> bool:
    """Whether a name stands in the brackets behind what it is called, put there before."""
    rest = before.removesuffix("(")
    return rest != before and rest.removesuffix("\\").rstrip().endswith(said)
