"""The page of the report, run by Streamlit without a browser: ticks, and the files."""

from io import BytesIO

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from planner.app.widgets import downloads
from planner.views.words.labels import Labels

DOCX = downloads.MEDIA_TYPES[".docx"]


@pytest.fixture
def taken(monkeypatch):
    """The files that a page offers, by name."""
    found: dict[str, downloads.File] = {}

    def keep(each, key, *args, **how):
        found[each.name] = each

    monkeypatch.setattr(downloads, "file", keep)
    return found


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_ticked_parts_are_in_all_forms(open_app, taken, language):
    app = open_app("report", district="town.gpkg", lang=language, parts="summary;gaps")
    assert not app.exception
    assert not app.error
    assert [name.rsplit(".", 1)[1] for name in taken] == ["docx", "xlsx", "html"]
    word, book, page = (each.content() for each in taken.values())
    say = Labels(language).message
    wanted = [say("reports.summary"), say("reports.part_gaps"), say("reports.part_provenance")]
    headings = [
        each.text for each in Document(BytesIO(word)).paragraphs if each.style.name == "Heading 1"
    ]
    assert headings.pop() == say("reports.signatures")
    assert len(headings) == 3
    assert all(name in heading for name, heading in zip(wanted, headings, strict=True))
    assert all(name in page for name in wanted)
    assert say("reports.part_coverage") not in page
    sheets = CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names
    assert say("reports.sheet_gaps") in sheets
    assert say("reports.sheet_kinds") not in sheets


def test_fields_and_sites_go_into_the_report(open_app, taken):
    app = open_app(
        "report",
        district="town.gpkg",
        lang="en",
        parts="siting",
        site_kinds="clinic",
        sites="1",
        document_number="7/2026",
    )
    assert not app.exception
    page = next(each.content() for name, each in taken.items() if name.endswith(".html"))
    assert "Document number: 7/2026" in page
    assert "Proposed sites" in page


def test_a_table_is_offered_as_excel_beside_csv(tmp_path):
    import pandas as pd

    made = downloads.table("Table", "clinics.csv", lambda: pd.DataFrame({"Name": ["=1"], "n": [2]}))
    assert made.workbook is not None
    assert made.workbook.name == "clinics.xlsx"
    book = CalamineWorkbook.from_filelike(BytesIO(made.workbook.content()))
    assert book.get_sheet_by_index(0).to_python() == [["Name", "n"], ["=1", 2.0]]
    assert made.content().decode("utf-8-sig").splitlines() == ["Name,n", "'=1,2"]
    assert downloads.table("Table", "clinics.xlsx", pd.DataFrame).workbook is None


def template() -> bytes:
    own, buffer = Document(), BytesIO()
    own.add_paragraph("Cover: {{document_number}}")
    own.save(buffer)
    return buffer.getvalue()


def test_a_template_that_is_sent_is_used_and_what_is_none_is_refused(open_app, taken):
    asked = {"district": "town.gpkg", "lang": "en", "parts": "standard", "document_number": "7/26"}
    app = open_app("report", **asked)
    app.file_uploader("report_template").set_value(("own.docx", template(), DOCX)).run()
    assert not app.exception
    assert not app.error
    word = next(each.content() for name, each in taken.items() if name.endswith(".docx"))
    assert Document(BytesIO(word)).paragraphs[0].text == "Cover: 7/26"
    taken.clear()
    app.file_uploader("report_template").set_value(("macros.docx", b"macros", DOCX)).run()
    assert not app.exception
    assert "is no Word document" in app.error[0].value
    # a Word document without the template would be another one than was asked for
    assert [name.rsplit(".", 1)[1] for name in taken] == ["xlsx", "html"]
