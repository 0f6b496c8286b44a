"""Reads a part of a workbook's archive, block by block, so that a large sheet is never held."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

_BLOCK = 1 << 20

Start = Callable[[str, dict[str, str]], None]


def parse(
    book: zipfile.ZipFile,
    part: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Give the elements of a part to what notes them; yield after each block.

    Parameters
    ----------
    book, part
        The archive, and which part of it.
    start, end, text
        Called for the beginning and end of each element, and for the text in it.

    Raises
    ------
    xml.parsers.expat.ExpatError
        Where the part is no XML.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield
    parser.Parse(b"", True)
    yield


def elements(book: zipfile.ZipFile, part: str, *only: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the names and attributes of a part's elements, in their order.

    Parameters
    ----------
    book, part
        As of :func:`parse`.
    only
        Names of those that are asked, all where none is given.
    """
    seen: list[tuple[str, dict[str, str]]] = []

    def start(name: str, told: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if not only or plain in only:
            seen.append((plain, told))

    for _ in parse(book, part, start):
        yield from seen
        seen.clear()


def holds(book: zipfile.ZipFile, part: str, *words: bytes) -> bool:
    """Return whether one of some words stands in a part, which is quicker than to parse it."""
    before, longest = b"", max(map(len, words))
    with book.open(part) as file:
        while block := file.read(_BLOCK):
            read = before + block
            if any(word in read for word in words):
                return True
            before = block[-longest:]
    return False
