"""A bureau's own Word document as a template: opened with care, its fields filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.oxml import serialize_part_xml
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from planner.errors import InputError
from planner.reports.official_layout import MARGINS_MM, printable
from planner.sources.untrusted.word_documents import checked_document


def opened(template: str | Path | bytes, fields: Mapping[str, str]) -> Any:
    """Return the document of a template, its fields filled in, once it is seen to mean no harm.

    Raises
    ------
    InputError
        ``reports.bad_template``, and as
        :func:`planner.sources.untrusted.word_documents.checked_document`.
    """
    name = "template.docx" if isinstance(template, bytes) else str(template)
    try:
        content = template if isinstance(template, bytes) else Path(template).read_bytes()
        document = Document(checked_document(content, name))
        if document.element.find(qn("w:body")) is None:
            raise InputError("reports.bad_template", file=name)
        _name_properties(document)
        _give_pages(document)
        _fill_in(document, fields)
        return document
    except InputError:
        raise
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        raise InputError("reports.bad_template", file=name) from error


def _name_properties(document: Any) -> None:
    """Name the relation to the file's properties as Word does, so that they are not made twice.

    LibreOffice names it otherwise, python-docx knows Word's name alone, and of two parts of one
    name Word says that the file is damaged.
    """
    for relation in document.part.package.rels.values():
        if relation.reltype.endswith("/relationships/metadata/core-properties"):
            relation._reltype = RELATIONSHIP_TYPE.CORE_PROPERTIES


def _give_pages(document: Any) -> None:
    """Give the last pages a size and margins where a template leaves them to the program.

    Raises
    ------
    ValueError
        Where the margins leave no room for text.
    """
    document.element.body.get_or_add_sectPr()
    last = document.sections[-1]
    if last.page_width is None or last.page_height is None:
        last.page_width, last.page_height = Mm(210), Mm(297)
    for edge, width in MARGINS_MM.items():
        if getattr(last, f"{edge}_margin") is None:
            setattr(last, f"{edge}_margin", Mm(width))
    if last.page_width - last.left_margin - last.right_margin < Mm(_NARROWEST_MM):
        raise ValueError(last.page_width)


_NARROWEST_MM = 20
"""Width of a text that tables and pictures can stand in."""

_FIELD = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_TEXT = qn("w:t")


def _fill_in(document: Any, fields: Mapping[str, str]) -> None:
    """Put the fields where a template names them between double braces, wherever that is."""
    for part in document.part.package.iter_parts():
        if "wordprocessingml" not in part.content_type:
            continue
        if isinstance(part, XmlPart):
            _fill_in_text(part.element, fields)
        elif b"{{" in part.blob and part.content_type.endswith("+xml"):
            # notes and comments, which python-docx passes on as they are
            root = parse_xml(part.blob)
            _fill_in_text(root, fields)
            part._blob = serialize_part_xml(root)


def _fill_in_text(root: Any, fields: Mapping[str, str]) -> None:
    """Fill in the fields of all paragraphs of a part; those of text boxes and tables are its too.

    Word breaks a name into runs as it likes. What is filled in stands in the run where the name
    begins and has its looks; pictures and all else of the paragraph stay.
    """
    for paragraph in root.iter(qn("w:p")):
        nodes = [node for node in paragraph.iter(_TEXT) if _paragraph_of(node) is paragraph]
        letters = [(node, place) for node in nodes for place in range(len(node.text or ""))]
        whole = "".join(node.text or "" for node in nodes)
        # from the last to the first, so that the places of those before stay what they are
        for found in reversed(list(_FIELD.finditer(whole))):
            if found[1] in fields:
                _replace(letters[found.start() : found.end()], printable(fields[found[1]]))


def _paragraph_of(node: Any) -> Any:
    """Return the paragraph that a text is of: the nearest, where text boxes stand in others."""
    return next(node.iterancestors(qn("w:p")))


def _replace(letters: Sequence[tuple[Any, int]], value: str) -> None:
    """Put a value in the place of some letters, each told by its text and its place there."""
    first = letters[0][0]
    taken: dict[Any, list[int]] = {}
    for node, place in letters:
        taken.setdefault(node, []).append(place)
    for node, places in taken.items():
        before, after = node.text[: places[0]], node.text[places[-1] + 1 :]
        node.text = before + (value if node is first else "") + after
        node.set(qn("xml:space"), "preserve")
