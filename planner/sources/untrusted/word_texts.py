"""Texts of a Word document: what they show stands in them, and no address is asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

from planner.sources.untrusted.word_fields import LINKS, Story, UntakenFieldError

_CLICKED = frozenset((
    "a", "group", "line", "oval", "polyline", "rect", "roundrect", "shape", "shapetype",
))  # fmt: skip
"""Drawings that may lead somewhere when they are clicked on."""

_FETCHED = frozenset(("src", "href", "althref"))
_WITHIN = re.compile(r"(#.*|[A-Za-z_][A-Za-z0-9_]*|data:image/[a-z+]+;base64,.*)?", re.DOTALL)
"""What a picture is taken from: a mark or a relation of its part, or itself."""

_TOLD = frozenset((
    "alt", "descr", "instr", "name", "namespaceuri", "prefixMappings", "title", "tooltip",
    "uri", "val", "xpath",
))  # fmt: skip
"""Attributes that are words for readers or names for programs, and never fetched."""

_NAMES = (
    "http://schemas.openxmlformats.org/", "http://schemas.microsoft.com/",
    "http://purl.oclc.org/ooxml/", "http://www.w3.org/",
)  # fmt: skip
"""How the names of formats begin, which look like addresses."""

_LEADS = re.compile(r"://|^\s*[\\/]{2}|\bfile:|\bjavascript:", re.I)
_STYLED = re.compile(r"@import|url\(\s*[\"']?\s*(?![\s\"'#])", re.I)
_REFUSED = frozenset((
    "altChunk", "subDoc", "control", "object", "OLEObject", "mailMerge", "entryMacro",
    "exitMacro", "script", "foreignObject",
))  # fmt: skip
"""What runs, asks a data base, or holds another document."""

_CHANGES = frozenset(("ins", "del", "moveFrom", "moveTo", "Choice", "Fallback"))
_STORIES = frozenset(("txbxContent", "footnote", "endnote", "comment", "docPart"))
_RUN_TEXTS = frozenset(("t", "delText", "sym"))
_RUN_MARKS = frozenset(("tab", "br", "cr", "noBreakHyphen", "softHyphen", "ptab"))


class OutsideError(Exception):
    """Something that leads outside or runs; its text is what."""


def check_text(text: bytes, *, is_data: bool) -> None:
    """Refuse a text that shows or asks for what does not stand in it.

    Parameters
    ----------
    text
        The part.
    is_data
        Whether it is data of a program, in which addresses are names.

    Raises
    ------
    OutsideError
        Where it leads outside or runs something.
    UntakenFieldError
        Where a field is not taken.
    xml.etree.ElementTree.ParseError
        Where it is no XML.
    """
    stories, where = [Story()], [0]
    for event, name, node in _events(text):
        if event == "start":
            _check_node(name, node, is_data=is_data)
            if name in _CHANGES:
                where.append(id(node))
            if name in _STORIES:
                stories.append(Story())
            _begin(stories[-1], name, node, tuple(where))
            continue
        _end(stories[-1], name, node, tuple(where))
        if name in _STORIES:
            stories.pop().close()
        if name in _CHANGES:
            where.pop()
        if node.text and _STYLED.search(node.text) and name == "style":
            raise OutsideError(node.text.strip())
    stories[-1].close()


def _events(text: bytes) -> Iterator[tuple[str, str, ElementTree.Element]]:
    """Yield begins and ends of all tags, whatever name space they say they are of."""
    for event, node in ElementTree.iterparse(BytesIO(text), ("start", "end")):
        yield event, _local(node.tag), node


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _begin(story: Story, name: str, node: ElementTree.Element, where: tuple[int, ...]) -> None:
    attributes = {_local(key): value for key, value in node.attrib.items()}
    if name == "fldSimple":
        story.begin(where, attributes.get("instr", ""))
    elif name == "fldChar":
        kind = attributes.get("fldCharType", "")
        steps = {"begin": story.begin, "separate": story.separate, "end": story.end}
        if kind not in steps:
            raise UntakenFieldError(kind)
        steps[kind](where)


def _end(story: Story, name: str, node: ElementTree.Element, where: tuple[int, ...]) -> None:
    if name == "fldSimple":
        story.end(where)
    elif name in ("instrText", "delInstrText"):
        story.code(where, node.text or "")
    elif name in _RUN_TEXTS:
        story.other("?" if name == "sym" else node.text)
    elif name in _RUN_MARKS:
        story.other(None)


def _check_node(name: str, node: ElementTree.Element, *, is_data: bool) -> None:
    """Refuse a tag that runs, and attributes that name what is fetched."""
    if name in _REFUSED and not is_data:
        raise OutsideError(name)
    for key, value in node.attrib.items():
        told = _local(key)
        if told in _FETCHED:
            clicked = told == "href" and name in _CLICKED and value.lower().startswith(LINKS)
            outside = not clicked and not _WITHIN.fullmatch(value)
        else:
            named = is_data or told in _TOLD or value.startswith(_NAMES)
            outside = not named and _LEADS.search(value) is not None
        if outside or (not is_data and told not in _TOLD and _STYLED.search(value)):
            raise OutsideError(f"{name} {told}={value}")
