"""A Word document by the rules of official papers: fonts, margins, page numbers, tables.

The Chinese form follows GB/T 9704-2012 (layout of official documents of party and government
organs): A4, margins of clause 5.2, title in 小标宋 of size 2 (22 pt), text in 仿宋 of size 3
(16 pt), headings in 黑体 and 楷体. Where a machine lacks a font, Word takes the nearest it has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import chain, count
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from planner.reports.grids import append_rows, narrow, rule, shrink, stays_with_table
from planner.reports.official_layout import (
    BRIEF_MARGINS_MM,
    BRIEF_SIZES,
    FONTS,
    LATIN,
    LETTERS_PER_MM,
    MARGINS_MM,
    PLAIN_MARGINS_MM,
    STYLES,
    Letters,
    printable,
)
from planner.reports.templates import opened
from planner.reports.word_fields import leads_to, number_pages, write_field

BULLET = "• "
"""What stands before each of several points."""

_POINT_MM = 5
"""By how much the lines of a point are set in."""

BLANK = "　" * 2
"""What stands where a hand writes."""

RULED = "_" * 20
"""Likewise in a line of text."""

_MARK = "_Toc"
"""How the marks of headings begin, as Word names them."""

_FEW, _OPENING = 2, 240
"""Paragraphs below a heading, and signs of them, that are few: a table is read with them.

More may end a page: nobody takes them for a heading that was left behind.
"""

_NUMBERS_MM = 110
"""Where the pages of the contents stand: near enough to be read with the headings, without dots."""


class Paper:
    """A document that is written from top to bottom.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``: decides on fonts and indents.
    template
        A .docx of one's own, or what such a file holds: its styles, margins, headers, footers and
        first pages are kept, and what is written follows them. ``{{title}}`` and other names
        between double braces are filled in.
    fields
        What is filled in, by name.
    brief
        Whether all must fit on one page: smaller letters, narrower edges, no number of the page.

    Raises
    ------
    InputError
        ``reports.bad_template``, and where it holds programs or leads outside.
    """

    def __init__(
        self,
        language: str,
        template: str | Path | bytes | None = None,
        fields: Mapping[str, str] | None = None,
        *,
        brief: bool = False,
    ) -> None:
        fonts = FONTS[language]
        self._fonts = {
            name: (font, BRIEF_SIZES[name]) for name, (font, _) in fonts.items() if brief
        } or fonts
        self._language, self._brief = language, brief
        self._own = template is not None
        self._marks, self._below_table = 0, False
        self._opening: list[Any] | None = None
        self._document: Any
        if template is None:
            self._document = Document()
            if language == "zh":
                self._speak_chinese()
            self._lay_out()
        else:
            self._document = opened(template, fields or {})
        self._styles = {name: self._style(name) for name in STYLES}
        if brief:
            self._tighten()

    def _speak_chinese(self) -> None:
        """Say that Chinese letters are those of the mainland, where 。 and ， stand at the left."""
        for language in self._document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")

    def _style(self, wanted: str) -> Any:
        """Return a style of paragraphs, that of the template where it has one of this name.

        A template may give the name to letters or lists, and two styles never have one name.
        """
        styles = self._document.styles
        for name in chain([wanted], (f"{wanted} {number}" for number in count(2))):
            if name not in styles:
                made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
                self._dress(made, *self._fonts[wanted])
                return made
            if styles[name].type == WD_STYLE_TYPE.PARAGRAPH:
                break
        if not self._own:
            self._dress(styles[name], *self._fonts[wanted])
        return styles[name]

    def _tighten(self) -> None:
        """Leave little room between paragraphs, so that all fits on one page."""
        for name in ("Title", "Heading 1", "Heading 2", "Normal"):
            form = self._styles[name].paragraph_format
            form.space_before = Pt(7 if name.startswith("Heading") else 0)
            form.space_after, form.line_spacing = Pt(3), 1.0

    def _lay_out(self) -> None:
        """Give the pages their size, margins and numbers, and the title no coloured line."""
        usual = MARGINS_MM if self._language == "zh" else PLAIN_MARGINS_MM
        margins = BRIEF_MARGINS_MM if self._brief else usual
        for section in self._document.sections:
            section.page_width, section.page_height = Mm(210), Mm(297)
            for edge, width in margins.items():
                setattr(section, f"{edge}_margin", Mm(width))
            if self._brief:
                section.header_distance = section.footer_distance = Mm(6)
            else:
                number_pages(section.footer.paragraphs[0])
        # the usual title has a coloured line below it, which official papers have not
        title = self._document.styles["Title"].element.get_or_add_pPr()
        for line in title.findall(qn("w:pBdr")):
            title.remove(line)

    @property
    def text_mm(self) -> float:
        """Width of the text."""
        last = self._document.sections[-1]
        return float((last.page_width - last.left_margin - last.right_margin) / Mm(1))

    def letters(self, size: Letters) -> float:
        """Return how many letters of a size of tables fit side by side."""
        tight = self._fonts["Tight"][1] / self._fonts[size][1]
        return self.text_mm * LETTERS_PER_MM[self._language] * tight

    def _dress(self, style: Any, font: str, size: float) -> None:
        latin = LATIN if self._language == "zh" else font
        style.font.name, style.font.size = latin, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), font)

    def title(self, text: str) -> None:
        """Write the title, in the middle."""
        written = self._document.add_paragraph(printable(text), self._styles["Title"])
        written.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """Write a heading, which stays with what follows it, or begins a page."""
        written = self._document.add_paragraph(printable(text), self._styles[f"Heading {level}"])
        written.paragraph_format.keep_with_next = True
        if new_page:
            written.paragraph_format.page_break_before = True
            written.paragraph_format.space_before = Pt(0)
        self._opening = []
        if level == 1:
            self._bookmark(written)

    def _bookmark(self, heading: Any) -> None:
        """Mark a heading of level 1, so that the contents lead to it."""
        self._marks += 1
        for end in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{end}")
            mark.set(qn("w:id"), str(self._marks))
            if end == "Start":
                mark.set(qn("w:name"), f"{_MARK}{self._marks}")
                heading._p.insert(1 if heading._p.pPr is not None else 0, mark)
            else:
                heading._p.append(mark)

    def contents(self, title: str, headings: Sequence[str]) -> None:
        """Write the contents: a line a heading that leads to it, and the number of its page.

        The number is a reference to the page of the heading, which an office program works out
        when it lays the pages out or prints them. A whole table of contents as one field would
        show nothing until Word has asked whether it may renew the document; and dots would lead
        to nothing where a program shows no number yet.

        Parameters
        ----------
        title
            What stands above them.
        headings
            Those that follow, in their order; sub-headings are not among them.
        """
        above = self._document.add_paragraph()
        above.add_run(printable(title)).bold = True
        above.paragraph_format.keep_with_next = True
        for number, text in enumerate(headings, start=1):
            line = self._document.add_paragraph()
            form = line.paragraph_format
            form.first_line_indent, form.space_after = Pt(0), Pt(0)
            form.tab_stops.add_tab_stop(Mm(min(self.text_mm, _NUMBERS_MM)), WD_TAB_ALIGNMENT.RIGHT)
            mark = f"{_MARK}{self._marks + number}"
            leads_to(line, mark, printable(text))
            line.add_run("\t")
            write_field(line, f" PAGEREF {mark} \\h ", "")

    def caption(self, text: str, number: int | None, kind: str, *, stays: bool = True) -> None:
        """Write the caption of a table or figure, its number as a field that Word renews.

        Parameters
        ----------
        text
            The caption, with its number.
        number
            The number, None where it continues a table.
        kind
            ``"Table"`` or ``"Figure"``: what is counted.
        stays
            Whether it stays with what follows: the table that it names, or what is said of a map.
        """
        self._keep_opening()
        written = self._spaced(self._document.add_paragraph(style=self._styles["Caption"]))
        written.alignment = WD_ALIGN_PARAGRAPH.CENTER
        written.paragraph_format.keep_with_next = stays
        written.paragraph_format.first_line_indent = Pt(0)
        plain = printable(text)
        before, found, after = plain.partition(str(number)) if number else (plain, "", "")
        written.add_run(before)
        if found:
            write_field(written, f" SEQ {kind} ", found)
            written.add_run(after)

    def paragraph(self, text: str) -> None:
        """Write a paragraph; in Chinese its first line is indented by two characters."""
        written = self._spaced(self._document.add_paragraph(printable(text)))
        if self._language == "zh" and not self._brief:
            written.paragraph_format.first_line_indent = Pt(2 * self._fonts["Normal"][1])
        if self._opening is not None:
            self._opening.append(written)

    def _keep_opening(self) -> None:
        """Keep a heading, and the little that is said below it, with its table or figure.

        Else the heading and a line or two would end a page, and what they are about begin the next.
        """
        said, self._opening = self._opening or [], None
        if len(said) <= _FEW and sum(len(each.text) for each in said) <= _OPENING:
            for each in said:
                each.paragraph_format.keep_with_next = True

    def at_the_right(self, text: str) -> None:
        """Write a line at the right, such as who issues a paper and when."""
        written = self._spaced(self._document.add_paragraph(printable(text)))
        written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        written.paragraph_format.keep_with_next = True  # who issues it and the date stay together
        stays_with_table(written)

    def points(self, said: str, points: Iterable[str]) -> None:
        """Write a paragraph, and below it point by point what more is said of the same."""
        self.paragraph(said)
        above = self._document.paragraphs[-1].paragraph_format
        for place, point in enumerate(points):
            # the first point begins on the page of what it is about; the others may turn it
            above.keep_with_next, above.space_after = place == 0, Pt(2)
            written = self._document.add_paragraph(f"{BULLET}{printable(point)}")
            above = written.paragraph_format
            above.left_indent, above.first_line_indent = Mm(_POINT_MM), -Mm(_POINT_MM)

    def _spaced(self, paragraph: Any) -> Any:
        """Give a paragraph that follows a table some room above it."""
        if self._below_table and not self._brief:
            paragraph.paragraph_format.space_before = Pt(8)
        self._below_table = False
        return paragraph

    def numbered(self, lines: Iterable[str]) -> None:
        """Write lines, each with its number."""
        for number, line in enumerate(lines, start=1):
            self.paragraph(f"{number}. {line}")

    def picture(self, png: bytes, described: str) -> None:
        """Write a picture as wide as the text, which stays with what is written below it.

        Parameters
        ----------
        png
            The picture.
        described
            What it shows, for who cannot see it.
        """
        self._keep_opening()
        shown = self._document.add_picture(BytesIO(png), width=Mm(self.text_mm))
        properties = shown._inline.docPr
        properties.set("descr", printable(described))
        form = self._document.paragraphs[-1].paragraph_format
        form.space_after, form.keep_with_next = Pt(2), True

    def figures(self, told: Sequence[tuple[str, str]]) -> None:
        """Write figures side by side, each large over what it is."""
        table = self._document.add_table(1, len(told))
        for cell, (value, name) in zip(table.rows[0].cells, told, strict=True):
            for text, size, bold in ((value, 18, True), (name, self._fonts["Table"][1], False)):
                first = text is value
                paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
                run = paragraph.add_run(printable(text))
                run.bold, run.font.size = bold, Pt(size)
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                paragraph.paragraph_format.space_after = Pt(0)

    def small(self, text: str) -> None:
        """Write a remark in the letters of tight tables, such as one below a table or figure."""
        paragraph = self._document.add_paragraph()
        paragraph.add_run(printable(text)).font.size = Pt(self._fonts["Tight"][1])
        paragraph.paragraph_format.space_after = Pt(1)
        if stays_with_table(paragraph):
            # what follows a table must not stand on its lower line
            paragraph.paragraph_format.space_before = Pt(4)

    def table(
        self,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        widths: Sequence[float] | None = None,
        *,
        figures: Sequence[bool] = (),
        letters: Letters = "Table",
    ) -> None:
        """Write a table whose headings are repeated on each page.

        Parameters
        ----------
        headings, rows
            Texts of the cells.
        widths
            Shares of the page's width by column; alike where none are given.
        figures
            Which columns are figures, and stand at the right.
        letters
            Size of its letters.
        """
        self._keep_opening()
        styles = self._document.styles
        has_grid = "Table Grid" in styles and styles["Table Grid"].type == WD_STYLE_TYPE.TABLE
        grid = styles["Table Grid"] if has_grid else None
        table = self._document.add_table(1, len(headings), grid)
        if grid is None:
            rule(table)
        table.autofit = False
        narrow(table)
        size = self._fonts[letters][1]
        right = list(figures) or [False] * len(headings)
        self._fill(table.rows[0].cells, headings, size, right, bold=True)
        # what stands below the headings must not begin on the next page
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        mark = OxmlElement("w:tblHeader")
        mark.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        body = table.add_row()
        self._fill(body.cells, ["-"] * len(headings), size, right)
        append_rows(table, rows, size)
        shares = widths or [1.0] * len(headings)
        for column, share in zip(table.columns, shares, strict=True):
            column.width = Mm(self.text_mm * share / sum(shares))
        exact = [column.width for column in table.columns]
        for line in table._tbl.tr_lst:
            for cell, width in zip(line.tc_lst, exact, strict=True):
                cell.width = width
        self._below_table = True

    def _fill(
        self,
        cells: Sequence[Any],
        texts: Sequence[str],
        size: float,
        right: Sequence[bool],
        *,
        bold: bool = False,
    ) -> None:
        for cell, text, is_figure in zip(cells, texts, right, strict=True):
            run = cell.paragraphs[0].add_run(printable(text))
            run.bold, run.font.size = bold, Pt(size)
            if not text:
                shrink(cell.paragraphs[0]._p, size)
            form = cell.paragraphs[0].paragraph_format
            if is_figure:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
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
        properties.title, properties.author = printable(title), ""
        properties.created = properties.modified = at
        properties.comments = ""
        buffer = BytesIO()
        self._document.save(buffer)
        return buffer.getvalue()
