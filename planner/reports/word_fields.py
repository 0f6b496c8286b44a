"""What Word computes by itself in a document: numbers of pages, captions, links to headings."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn


def number_pages(paragraph: Any) -> None:
    """Write the number of the page into a footer, in the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write_field(paragraph, "PAGE", "1")


def write_field(paragraph: Any, instruction: str, shown: str) -> None:
    """Write a field, and what it shows until it is renewed."""
    _field_part(paragraph.add_run(), "begin")
    _instruction(paragraph.add_run(), instruction)
    _field_part(paragraph.add_run(), "separate")
    paragraph.add_run(shown)
    _field_part(paragraph.add_run(), "end")


def _field_part(run: Any, kind: str) -> None:
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    run._r.append(part)


def _instruction(run: Any, text: str) -> None:
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    run._r.append(part)


def leads_to(paragraph: Any, mark: str, text: str) -> None:
    """Write a text that leads to a mark of the document when it is clicked on."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), mark)
    link.append(paragraph.add_run(text)._r)
    paragraph._p.append(link)
