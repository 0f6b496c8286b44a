"""Fields of a Word document: those that count, date, name or lead within it are taken, no others.

Word works a field out when a document is opened, and some run programs, ask data bases or fetch
files. What a field does is told by its first word, which can be spread over many pieces or be made
up by a field within. So the code of a field is read as Word does, and taken only where its first
word is on a list and no reader can see another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

LINKS = ("http://", "https://", "mailto:", "#")
"""How an address begins that somebody may be led to who clicks on it."""

TAKEN = frozenset((
    "ADVANCE", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "BIBLIOGRAPHY", "BIDIOUTLINE",
    "CITATION", "COMMENTS", "CREATEDATE", "DATE", "DISPLAYBARCODE", "DOCPROPERTY",
    "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FORMCHECKBOX", "FORMDROPDOWN",
    "FORMTEXT", "HYPERLINK", "IF", "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM",
    "MERGEFIELD", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINTDATE",
    "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SET", "SHAPE", "STYLEREF",
    "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA", "TOC", "USERADDRESS",
    "USERINITIALS", "USERNAME", "XE", "=",
))  # fmt: skip
"""First words of the fields that are taken."""

_HOLDING = frozenset({"IF", "="})
"""Fields that may hold others in their code, such as that of the page: a condition, a sum."""

_FIRST = re.compile(r"\s*(=|[A-Za-z]+(?=[\s\\\"]|$))")
_FIRST_TO_ITS_END = re.compile(r"\s*(=|[A-Za-z]+(?=[\s\\\"]))")
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_SWITCH = re.compile(r"\\[A-Za-z*@#!]")
_WITH_VALUE = frozenset("lots*@#")
"""Switches of a link that a value follows: mark, tip, frame, and how it looks."""


class UntakenFieldError(Exception):
    """A field that is not taken; its text is the code."""


@dataclass
class _Open:
    """A field that has begun: where, its code so far, and whether its result has begun."""

    where: tuple[int, ...]
    code: str = ""
    is_shown: bool = False


@dataclass
class Story:
    """A text that fields begin and end in: a body, a note, a text box."""

    _open: list[_Open] = field(default_factory=list)

    def begin(self, where: tuple[int, ...], code: str | None = None) -> None:
        """Take the begin of a field, or a field that is told at once.

        Parameters
        ----------
        where
            The changes and alternatives that it is part of.
        code
            Its code, where it is told at once.

        Raises
        ------
        UntakenFieldError
            Where it stands in the code of one that cannot hold it.
        """
        outer = self._coding()
        if outer is not None:
            first = _FIRST_TO_ITS_END.match(outer.code)
            if first is None or first[1].upper() not in _HOLDING:
                raise UntakenFieldError(f"{outer.code}{{")
            # what the field within shows parts the words beside it
            outer.code += " "
        self._open.append(_Open(where, code or "", code is not None))
        if code is not None:
            check_code(code)

    def separate(self, where: tuple[int, ...]) -> None:
        """Take the end of a code, from which on a field shows its result."""
        last = self._last(where)
        if last.is_shown:
            raise UntakenFieldError(last.code)
        check_code(last.code)
        last.is_shown = True

    def end(self, where: tuple[int, ...]) -> None:
        """Take the end of a field."""
        last = self._last(where)
        if not last.is_shown:
            check_code(last.code)
        self._open.pop()

    def code(self, where: tuple[int, ...], text: str) -> None:
        """Take a piece of a code."""
        if not text.strip() and self._coding() is None:
            return
        last = self._last(where)
        if last.is_shown:
            raise UntakenFieldError(text)
        last.code += text

    def other(self, text: str | None) -> None:
        """Take what is no code: a code that it stands in has a word end there, or is not taken."""
        outer = self._coding()
        if outer is None:
            return
        if text and text.strip():
            raise UntakenFieldError(f"{outer.code}{text}")
        outer.code += " "

    def close(self) -> None:
        """Take the end of the text, where no field may be open."""
        if self._open:
            raise UntakenFieldError(self._open[-1].code)

    def _coding(self) -> _Open | None:
        """Return the field whose code is being told."""
        return self._open[-1] if self._open and not self._open[-1].is_shown else None

    def _last(self, where: tuple[int, ...]) -> _Open:
        """Return the field that is open; of one that changes tear apart readers see different."""
        if not self._open or self._open[-1].where != where:
            raise UntakenFieldError("{ }" if not self._open else self._open[-1].code)
        return self._open[-1]


def check_code(code: str) -> None:
    r"""Refuse a code whose first word is on no list, or a link that leads to a file.

    Raises
    ------
    UntakenFieldError
        Where it is not taken.

    Examples
    --------
    >>> check_code(r' TOC \o "1-3" ')
    >>> check_code("DDEAUTO cmd")
    Traceback (most recent call last):
    ...
    planner.sources.untrusted.word_fields.UntakenFieldError: DDEAUTO cmd
    """
    if not code.strip():
        return
    first = _FIRST.match(code)
    if first is None or first[1].upper() not in TAKEN:
        raise UntakenFieldError(code.strip())
    if first[1].upper() == "HYPERLINK" and not all(map(_leads, _addresses(code[first.end() :]))):
        raise UntakenFieldError(code.strip())


def _leads(address: str) -> bool:
    return not address or address.lower().startswith(LINKS)


def _addresses(code: str) -> list[str]:
    """Return the words of a link's code that are no switch and no value of one."""
    found, is_value = [], False
    for word in _WORD.finditer(code):
        if word[2] is not None and _SWITCH.fullmatch(word[2]):
            is_value = word[2][1].lower() in _WITH_VALUE
        else:
            if not is_value:
                found.append(word[1] if word[1] is not None else word[2])
            is_value = False
    return found
