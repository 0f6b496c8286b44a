"""A Word document by the rules of official papers: fonts, margins, page numbers, tables.

The Chinese form follows GB/T 9704-2012 (layout of official documents of party and government
organs): A4, margins of clause 5.2, title in 小标宋 of size 2 (22 pt), text in 仿宋 of size 3
(16 pt), headings in 黑体 and 楷体. Where a machine lacks a font, Word takes the nearest it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}
"""GB/T 9704-2012, clause 5.2: edges of an A4 page."""

FONTS: dict[str, dict[str, tuple[str, float]]] = {
    "zh": {
        "Title": ("方正小标宋简体", 22),
        "Heading 1": ("黑体", 16),
        "Heading 2": ("楷体_GB2312", 16),
        "Normal": ("仿宋_GB2312", 16),
        "Table": ("仿宋_GB2312", 12),
    },
    "en": {
        "Title": ("Calibri", 22),
        "Heading 1": ("Calibri", 15),
        "Heading 2": ("Calibri", 13),
        "Normal": ("Calibri", 11),
        "Table": ("Calibri", 10),
    },
}
"""Font and size, points, of each style by language."""

BRIEF_MARGINS_MM = {"top": 16, "bottom": 14, "left": 20, "right": 20}
"""Of a briefing, which is one page."""

BRIEF_SIZES: dict[str, float] = {
    "Title": 17,
    "Heading 1": 11.5,
    "Heading 2": 10.5,
    "Normal": 10,
    "Table": 8.5,
}
"""Points, likewise."""

LATIN = "Times New Roman"
"""For Latin letters and figures in a Chinese document."""


class Paper:
    """A document that is written from top to bottom.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``: decides on fonts and indents.
    brief
        Whether all must fit on one page: smaller letters, narrower edges, no number of the page.
    """

    def __init__(self, language: str, *, brief: bool = False) -> None:
        fonts = FONTS[language]
        self._fonts = (
            {name: (font, BRIEF_SIZES[name]) for name, (font, _) in fonts.items()}
            if brief
            else fonts
        )
        self._language, self._brief = language, brief
        margins = BRIEF_MARGINS_MM if brief else MARGINS_MM
        self.text_mm = 210 - margins["left"] - margins["right"]
        self._document: Any = Document()
        for section in self._document.sections:
            section.page_width, section.page_height = Mm(210), Mm(297)
            for edge, width in margins.items():
                setattr(section, f"{edge}_margin", Mm(width))
            if brief:
                section.header_distance = section.footer_distance = Mm(6)
            else:
                _number_pages(section.footer.paragraphs[0])
        for name in ("Title", "Heading 1", "Heading 2", "Normal"):
            style = self._document.styles[name]
            self._dress(style, *self._fonts[name])
            if brief:
                form = style.paragraph_format
                form.space_before = Pt(7 if name.startswith("Heading") else 0)
                form.space_after, form.line_spacing = Pt(3), 1.0
        # the usual title has a coloured line below it, which official papers have not
        title = self._document.styles["Title"].element.get_or_add_pPr()
        for line in title.findall(qn("w:pBdr")):
            title.remove(line)

    def _dress(self, style: Any, font: str, size: float) -> None:
        latin = LATIN if self._language == "zh" else font
        style.font.name, style.font.size = latin, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)

    def title(self, text: str) -> None:
        """Write the title, in the middle."""
        self._document.add_paragraph(text, "Title").alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, text: str, level: int = 1) -> None:
        """Write a heading, which stays with what follows it."""
        self._document.add_heading(text, level)

    def paragraph(self, text: str) -> None:
        """Write a paragraph; in Chinese its first line is indented by two characters."""
        written = self._document.add_paragraph(text)
        if self._language == "zh" and not self._brief:
            written.paragraph_format.first_line_indent = Pt(2 * self._fonts["Normal"][1])

    def numbered(self, lines: Iterable[str]) -> None:
        """Write lines, each with its number."""
        for number, line in enumerate(lines, start=1):
            self.paragraph(f"{number}. {line}")

    def picture(self, png: bytes, described: str) -> None:
        """Write a picture as wide as the text.

        Parameters
        ----------
        png
            The picture.
        described
            What it shows, for who cannot see it.
        """
        shown = self._document.add_picture(BytesIO(png), width=Mm(self.text_mm))
        properties = shown._inline.docPr
        properties.set("descr", described)
        self._document.paragraphs[-1].paragraph_format.space_after = Pt(2)

    def figures(self, told: Sequence[tuple[str, str]]) -> None:
        """Write figures side by side, each large over what it is."""
        table = self._document.add_table(1, len(told))
        for cell, (value, name) in zip(table.rows[0].cells, told, strict=True):
            for text, size, bold in ((value, 18, True), (name, self._fonts["Table"][1], False)):
                first = text is value
                paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
                run = paragraph.add_run(text)
                run.bold, run.font.size = bold, Pt(size)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.paragraph_format.space_after = Pt(0)

    def small(self, text: str) -> None:
        """Write a paragraph in the letters of tables."""
        paragraph = self._document.add_paragraph()
        paragraph.add_run(text).font.size = Pt(self._fonts["Table"][1])
        paragraph.paragraph_format.space_after = Pt(1)

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float] | None = None,
    ) -> None:
        """Write a table whose headings are repeated on each page.

        Parameters
        ----------
        headings, rows
            Texts of the cells.
        widths
            Shares of the page's width by column; alike where none are given.
        """
        table = self._document.add_table(1, len(headings), "Table Grid")
        table.autofit = False
        self._fill(table.rows[0].cells, headings, bold=True)
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for row in rows:
            cells = table.add_row()
            self._fill(cells.cells, row)
            whole = OxmlElement("w:cantSplit")
            cells._tr.get_or_add_trPr().append(whole)
        shares = widths or [1.0] * len(headings)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.text_mm * share / sum(shares))
            for cell in column.cells:
                cell.width = Mm(self.text_mm * share / sum(shares))

    def _fill(self, cells: Sequence[Any], texts: Sequence[str], *, bold: bool = False) -> None:
        for cell, text in zip(cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.bold, run.font.size = bold, Pt(self._fonts["Table"][1])
            form = cell.paragraphs[0].paragraph_format
            form.first_line_indent, form.space_before, form.space_after = Pt(0), Pt(2), Pt(2)
            if self._brief:
                form.space_before = form.space_after = Pt(0.5)

    def written(self, title: str, at: dt.datetime) -> bytes:
        """Return the document as a .docx file.

        Parameters
        ----------
        title
            As the file's properties call it.
        at
            When it was made; nothing else in the file tells a time.
        """
        properties = self._document.core_properties
        properties.title, properties.author = title, ""
        properties.created = properties.modified = at
        properties.comments = ""
        buffer = BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()


def _number_pages(paragraph: Any) -> None:
    """Write the number of the page into a footer, in the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = text
        run._r.append(part)
