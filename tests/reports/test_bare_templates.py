"""Templates that leave to a program what Word would write: pages, margins, styles of a kind."""

import datetime as dt
import re
import zipfile
from io import BytesIO
from itertools import product

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from effort import tries
from matplotlib.figure import Figure

from planner.errors import InputError
from planner.reports.document import Paper
from planner.reports.official_layout import MARGINS_MM, STYLES
from planner.sources.untrusted.word_documents import checked_document

SECTION = rb"<w:sectPr.*?</w:sectPr>"
NAMES = [*(each for each in STYLES if each != "Normal"), "Table Grid"]
KINDS = [WD_STYLE_TYPE.CHARACTER, WD_STYLE_TYPE.TABLE]


def saved(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_section(written: bytes) -> bytes:
    """Return an ordinary document whose last section is written otherwise."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(saved(Document()))) as before, zipfile.ZipFile(changed, "w") as to:
        for name in before.namelist():
            text = before.read(name)
            if name == "word/document.xml":
                text, found = re.subn(SECTION, written, text, flags=re.DOTALL)
                assert found == 1
            to.writestr(name, text)
    return changed.getvalue()


def drawn() -> bytes:
    figure, buffer = Figure(figsize=(1, 1)), BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def all_written(template: bytes, *, brief: bool = False):
    """Write one of everything into a template, and return what becomes of it."""
    paper = Paper("en", template, {}, brief=brief)
    paper.title("The title")
    paper.contents("Contents", ["First"])
    paper.heading("First")
    paper.heading("Below it", 2)
    paper.caption("Table 1: all", 1, "Table")
    paper.table(["a", "b"], [["1", "2"]])
    paper.paragraph("Text.")
    paper.picture(drawn(), "A picture")
    made = paper.written("The title", dt.datetime(2026, 1, 2))
    checked_document(made, "made.docx")
    return Document(BytesIO(made))


@pytest.mark.long
@pytest.mark.parametrize(
    "section",
    [
        b"",
        b"<w:sectPr/>",
        b'<w:sectPr><w:pgSz w:w="11906"/></w:sectPr>',
        b'<w:sectPr><w:pgMar w:top="1440"/></w:sectPr>',
    ],
)
def test_pages_without_a_size_are_a4(section):
    made = all_written(with_section(section))
    last = made.sections[-1]
    assert abs(last.page_width - Mm(210)) < Mm(0.1)
    assert abs(last.left_margin - Mm(MARGINS_MM["left"])) < Mm(0.1)
    widths = [column.width for column in made.tables[0].columns]
    assert abs(sum(widths) - Mm(210 - MARGINS_MM["left"] - MARGINS_MM["right"])) < Mm(0.5)


@pytest.mark.long
def test_a_size_of_its_own_stays():
    own = b'<w:sectPr><w:pgSz w:w="8391" w:h="11906"/><w:pgMar w:left="567"/></w:sectPr>'
    last = all_written(with_section(own)).sections[-1]
    assert abs(last.page_width - Mm(148)) < Mm(0.1)
    assert abs(last.left_margin - Mm(10)) < Mm(0.1)


@pytest.mark.long
@pytest.mark.parametrize(
    "section",
    [
        b'<w:sectPr><w:pgSz w:w="wide" w:h="1"/></w:sectPr>',
        b'<w:sectPr><w:pgSz w:w="2000" w:h="9000"/><w:pgMar w:left="1500"/></w:sectPr>',
    ],
)
def test_pages_that_hold_no_text_are_refused_in_words(section):
    with pytest.raises(InputError) as error:
        Paper("en", with_section(section))
    assert error.value.code == "reports.bad_template"


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "kind", "brief"),
    [
        (name, kind, bool(brief))
        for count, (name, kind) in enumerate(product(NAMES, KINDS))
        for brief in (count % 2, 1 - count % 2)[: tries(1, 2)]
    ],
)
def test_a_name_that_is_of_letters_or_tables_is_no_style_of_paragraphs(name, kind, brief):
    own = Document()
    own.styles[name].delete()
    own.styles.add_style(name, kind)
    made = all_written(saved(own), brief=brief)
    told = {each.text: each.style.name for each in made.paragraphs}
    wanted = {"The title": "Title", "First": "Heading 1", "Below it": "Heading 2"}
    assert {text: told[text] for text in wanted} == {
        text: f"{style} 2" if style == name else style for text, style in wanted.items()
    }
    assert made.styles[name].type == kind


def test_rows_have_texts_and_letters_of_their_own_and_are_not_made_cell_by_cell(monkeypatch):
    filled = []
    fill = Paper._fill
    monkeypatch.setattr(
        Paper, "_fill", lambda *about, **how: filled.append(1) or fill(*about, **how)
    )
    paper = Paper("en")
    rows = [["a", "1\n2"], ["", "3"], ["x" * 400, "\x0b4"]]
    paper.table(["Name", "Count"], rows, figures=[False, True])
    assert len(filled) == 2
    body = paper._document.tables[-1].rows[1:]
    texts = [[cell.text for cell in row.cells] for row in body]
    assert texts == [["a", "1\n2"], ["", "3"], ["x" * 400, "4"]]
    held = [row._tr.trPr is not None for row in body]
    assert held == [False, True, False]
    empty, beside = (cell.paragraphs[0] for cell in body[1].cells)
    (height,) = empty._p.pPr.iter(qn("w:sz"))
    assert height.get(qn("w:val")) == str(int(beside.runs[0].font.size.pt * 2))
    assert beside.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert len({cell.width for row in body for cell in row.cells}) == 1
