"""Kinds of parts that a Word document may have, and what may lead to which.

Word goes by what a part is declared to be and by the relation that leads to it. Both are on lists
of what text, pictures and looks need: programs, controls and documents in documents are on none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGE = "application/vnd.openxmlformats-package."
MAIN = f"{_WORD}document.main+xml"
RELATIONS = f"{_PACKAGE}relationships+xml"

_PICTURES = tuple(
    f"image/{kind}"
    for kind in (
        "png", "jpeg", "jpg", "gif", "bmp", "tiff", "tif", "x-emf", "x-wmf", "emf", "wmf",
        "svg+xml", "vnd.ms-photo",
    )
)  # fmt: skip
_FONTS = (f"{_OFFICE}obfuscatedFont", "application/x-fontdata", "application/x-font-ttf")

LED: dict[str, tuple[str, ...]] = {
    "officeDocument": (MAIN,),
    "core-properties": (f"{_PACKAGE}core-properties+xml",),
    "extended-properties": (f"{_OFFICE}extended-properties+xml",),
    "custom-properties": (f"{_OFFICE}custom-properties+xml",),
    "thumbnail": _PICTURES,
    "classificationlabels": ("application/vnd.ms-office.classificationlabels+xml",),
    "styles": (f"{_WORD}styles+xml",),
    "stylesWithEffects": ("application/vnd.ms-word.stylesWithEffects+xml",),
    "settings": (f"{_WORD}settings+xml",),
    "webSettings": (f"{_WORD}webSettings+xml",),
    "fontTable": (f"{_WORD}fontTable+xml",),
    "numbering": (f"{_WORD}numbering+xml",),
    "footnotes": (f"{_WORD}footnotes+xml",),
    "endnotes": (f"{_WORD}endnotes+xml",),
    "header": (f"{_WORD}header+xml",),
    "footer": (f"{_WORD}footer+xml",),
    "comments": (f"{_WORD}comments+xml",),
    "commentsExtended": (f"{_WORD}commentsExtended+xml",),
    "commentsIds": (f"{_WORD}commentsIds+xml",),
    "commentsExtensible": (f"{_WORD}commentsExtensible+xml",),
    "people": (f"{_WORD}people+xml",),
    "glossaryDocument": (f"{_WORD}document.glossary+xml",),
    "theme": (f"{_OFFICE}theme+xml",),
    "themeOverride": (f"{_OFFICE}themeOverride+xml",),
    "customXml": ("application/xml",),
    "customXmlProps": (f"{_OFFICE}customXmlProperties+xml",),
    "image": _PICTURES,
    "hdphoto": _PICTURES,
    "font": _FONTS,
    "chart": (f"{_OFFICE}drawingml.chart+xml",),
    "chartUserShapes": (f"{_OFFICE}drawingml.chartshapes+xml",),
    "chartStyle": ("application/vnd.ms-office.chartstyle+xml",),
    "chartColorStyle": ("application/vnd.ms-office.chartcolorstyle+xml",),
    "diagramData": (f"{_OFFICE}drawingml.diagramData+xml",),
    "diagramLayout": (f"{_OFFICE}drawingml.diagramLayout+xml",),
    "diagramQuickStyle": (f"{_OFFICE}drawingml.diagramStyle+xml",),
    "diagramColors": (f"{_OFFICE}drawingml.diagramColors+xml",),
    "diagramDrawing": ("application/vnd.ms-office.drawingml.diagramDrawing+xml",),
}
"""Relations that are taken, and the kinds of parts that each may lead to."""

_KINDS = frozenset((RELATIONS, *(kind for kinds in LED.values() for kind in kinds)))
_RELATION = re.compile(
    r"http://(?:schemas\.openxmlformats\.org/(?:office[Dd]ocument|package)/2006"
    r"|purl\.oclc\.org/ooxml/officeDocument|schemas\.microsoft\.com/office/20\d\d(?:/\d\d)?)"
    r"/relationships/(?:metadata/)?([A-Za-z-]+)"
)
_TEXT_ENDINGS = {"rels": (RELATIONS,), "svg": ("image/svg+xml",)}


def declared_kinds(types: ElementTree.Element, parts: Iterable[str]) -> dict[str, str]:
    """Return the kinds that a document declares its parts to be, by their names or endings."""
    by_part: dict[str, str] = {}
    by_ending: dict[str, str] = {}
    for each in types:
        kind = str(each.get("ContentType", ""))
        if "PartName" in each.attrib:
            by_part[str(each.get("PartName")).lstrip("/").lower()] = kind
        elif "Extension" in each.attrib:
            by_ending[str(each.get("Extension")).lower()] = kind
    kinds = {}
    for part in parts:
        ending = part.rpartition(".")[2].lower()
        kinds[part] = by_part.get(part.lower()) or by_ending.get(ending, "")
    return kinds


def is_taken(kind: str, ending: str) -> bool:
    """Return whether a part of a kind is taken under a name that ends so.

    Examples
    --------
    >>> is_taken(MAIN, "xml"), is_taken(MAIN, "doc"), is_taken("application/rtf", "rtf")
    (True, False, False)
    """
    if kind not in _KINDS:
        return False
    if ending in _TEXT_ENDINGS:
        return kind in _TEXT_ENDINGS[ending]
    is_text = kind.endswith("xml") and kind not in (RELATIONS, "image/svg+xml")
    return is_text == (ending == "xml") and kind not in (RELATIONS, "image/svg+xml")


def is_related(relation: str) -> bool:
    """Return whether a relation is one of those that are taken."""
    return _name(relation) in LED


def leads_to(relation: str, kind: str) -> bool:
    """Return whether a relation may lead to a part of a kind."""
    return kind in LED.get(_name(relation), ())


def _name(relation: str) -> str:
    found = _RELATION.fullmatch(relation)
    return found[1] if found else ""
