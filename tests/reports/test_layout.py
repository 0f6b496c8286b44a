"""Pages of a report in Word: contents that lead to the right page, room to sign, whole tables."""

import datetime as dt
import re
import shutil
import subprocess
from io import BytesIO

import pytest
from conftest import unavailable
from demo_part import part_of_demo
from docx import Document
from docx.oxml.ns import qn
from effort import few

from planner import assess
from planner.reports.content import Form
from planner.reports.document import Paper
from planner.reports.report import report

AT = dt.datetime(2026, 11, 27, 9, 30)


@pytest.fixture(scope="module")
def result():
    return assess(part_of_demo(3), "gb50180-2018")


def told(result, language, **form):
    parts = ["summary", "standard", "coverage"]
    return report(result, at=AT, language=language, parts=parts, form=Form(**form))


def test_chinese_letters_are_those_of_the_mainland():
    styles = Document(BytesIO(Paper("zh").written("Report", AT))).styles.element
    said = [each.get(qn("w:eastAsia")) for each in styles.iter(qn("w:lang"))]
    assert said
    assert set(said) == {"zh-CN"}


def pages_of(made: bytes, folder) -> list[str]:
    """Return the text of each page, as LibreOffice lays it out."""
    missing = [name for name in ("soffice", "pdftotext") if shutil.which(name) is None]
    if missing:
        unavailable(f"{' and '.join(missing)} not installed")
    file = folder / "made.docx"
    file.write_bytes(made)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    call = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", folder, file]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    call = ["pdftotext", "-layout", str(folder / "made.pdf"), "-"]
    text = subprocess.run(call, check=True, capture_output=True, timeout=60).stdout.decode()
    return text.split("\f")[:-1]


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_the_contents_tell_the_page_on_which_a_part_begins(result, language, tmp_path):
    made = told(result, language)
    first, *others = pages_of(made.docx(), tmp_path)
    headings = [*made.headings(), made.labels.message("reports.signatures")]
    numbers = []
    for heading in headings:
        line = next(each for each in first.splitlines() if each.startswith(heading))
        assert re.fullmatch(r" +\d+", line.removeprefix(heading)), line
        numbers.append(int(line.split()[-1]))
    assert numbers[0] == 1
    assert numbers[-1] > 1
    for heading, number in zip(headings, numbers, strict=True):
        page = first if number == 1 else others[number - 2]
        times = sum(each.strip() == heading for each in page.splitlines())
        assert times == 1, (heading, number)


@pytest.mark.long
def test_an_office_program_is_not_to_ask_on_opening_and_no_dots_lead_to_nothing(result):
    made = Document(BytesIO(told(result, "zh").docx()))
    assert made.settings.element.find(qn("w:updateFields")) is None
    assert not [node for node in made.element.iter() if node.get(qn("w:dirty"))]
    assert not [node for node in made.element.iter(qn("w:tab")) if node.get(qn("w:leader"))]
    marks = {node.get(qn("w:name")) for node in made.element.iter(qn("w:bookmarkStart"))}
    links = [node.get(qn("w:anchor")) for node in made.element.iter(qn("w:hyperlink"))]
    assert len(links) == 5
    assert set(links) <= marks


def test_only_headings_of_the_first_level_count_for_the_contents(tmp_path):
    paper = Paper("en")
    paper.contents("Contents", ["First", "Second"])
    for heading, level in (("First", 1), ("Below", 2), ("Second", 1)):
        paper.heading(heading, level)
    made = Document(BytesIO(paper.written("t", AT)))
    leads = {
        node.get(qn("w:anchor")): "".join(t.text for t in node.iter(qn("w:t")))
        for node in made.element.iter(qn("w:hyperlink"))
    }
    marked = {
        mark.get(qn("w:name")): each.text
        for each in made.paragraphs
        for mark in each._p.iter(qn("w:bookmarkStart"))
    }
    assert leads == marked


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "unit"),
    few([("en", ""), ("zh", ""), ("en", "The bureau"), ("zh", "The bureau")], 2),
)
def test_whoever_signs_writes_the_day_and_a_line_for_the_unit_always_stands(result, language, unit):
    made = told(result, language, issuing_unit=unit)
    document = Document(BytesIO(made.docx()))
    texts = [each.text for each in document.paragraphs]
    at = len(texts) - 1 - texts[::-1].index(made.labels.message("reports.signatures"))
    below, day = texts[at + 1 :], made.labels.date(AT.date())
    ruled = made.labels.message("reports.form_issuing_unit", value=unit or "_" * 20)
    assert below[1] == ruled
    cells = [cell.text for row in document.tables[-1].rows for cell in row.cells]
    assert not [each for each in (*below, *cells) if day in each or "2026" in each]
    by_hand = made.labels.message("reports.day_by_hand")
    assert cells.count(by_hand) == 3
    assert by_hand in below[2]
    # heading, sentence, table and lines are on one page
    kept = [*document.paragraphs[at:-1]]
    kept += [cell.paragraphs[0] for row in document.tables[-1].rows for cell in row.cells]
    assert all(each.paragraph_format.keep_with_next for each in kept)


def test_a_heading_with_little_below_it_stays_with_its_table():
    for said, stays in (("A gap is an area of homes.", True), ("A long tale. " * 30, None)):
        paper = Paper("en")
        paper.heading("Gaps")
        paper.paragraph(said)
        paper.caption("Table 1: gaps", 1, "Table")
        paper.table(["A"], [["1"]])
        paper.paragraph("What follows the table.")
        paper.table(["B"], [["1"]])
        made = Document(BytesIO(paper.written("t", AT)))
        kept = {each.text: each.paragraph_format.keep_with_next for each in made.paragraphs}
        assert kept[said.strip()] is stays if said.strip() in kept else kept[said] is stays
        assert kept["What follows the table."] is None


def test_several_paragraphs_below_a_heading_may_end_a_page():
    paper = Paper("en")
    paper.heading("Limits")
    for number in range(3):
        paper.paragraph(f"Said {number}.")
    paper.caption("Table 1: limits", 1, "Table")
    paper.table(["A"], [["1"]])
    made = Document(BytesIO(paper.written("t", AT)))
    kept = {each.text: each.paragraph_format.keep_with_next for each in made.paragraphs}
    assert [kept[f"Said {number}."] for number in range(3)] == [None] * 3
    assert kept["Limits"]


def test_no_page_has_a_single_row_of_a_long_table():
    paper = Paper("en")
    paper.table(["A", "B"], [[str(number), "x"] for number in range(20)])
    made = Document(BytesIO(paper.written("t", AT)))
    rows = made.tables[0].rows[1:]
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows]
    assert kept == [True, *[False] * 16, True, True, False]


@pytest.mark.long
def test_a_part_that_begins_with_a_figure_begins_a_page(result):
    made = report(result, at=AT, parts=["coverage", "maps"])
    kept = {
        each.text: each.paragraph_format.page_break_before
        for each in Document(BytesIO(made.docx())).paragraphs
    }
    coverage, maps, sources = made.headings()
    assert (kept[coverage], kept[maps], kept[sources]) == (None, True, None)


@pytest.mark.parametrize(("signs", "whole"), [(30, True), (60, False)])
def test_a_small_table_is_whole_unless_its_rows_are_high(signs, whole):
    paper = Paper("en")
    paper.table(["A", "B"], [[str(number), "x" * signs] for number in range(10)])
    made = Document(BytesIO(paper.written("t", AT)))
    rows = made.tables[0].rows[1:-1]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert all(kept) == whole


@pytest.mark.long
def test_two_maps_stand_on_a_page_also_below_their_heading(result, tmp_path):
    made = report(result, at=AT, language="zh", parts=["maps"])
    pages = pages_of(made.docx(), tmp_path)
    found = [re.findall(r"^ *图 ?(\d)", page, re.MULTILINE) for page in pages]
    first, *others = [number for number, each in enumerate(found) if each]
    assert [found[number] for number in (first, *others)] == [["1", "2"], ["3", "4"], ["5", "6"]]
    assert made.headings()[0] in pages[first].strip().splitlines()[0]
