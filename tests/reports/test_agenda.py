"""The agenda of a joint meeting as a Word document: what it tells, and how it is laid out."""

import datetime as dt
import shutil
import subprocess
from io import BytesIO

import pytest
from conftest import unavailable
from docx import Document
from docx.oxml.ns import qn

from planner import assess, demo_district
from planner.errors import Finding
from planner.plan.coordination.fitting import Misfit
from planner.plan.coordination.meeting.agenda import agenda_of
from planner.plan.coordination.meeting.matter import Matter
from planner.plan.proposals.proposal import Proposal
from planner.plan.workflow.reviews import Case, Consultation
from planner.reports.agenda import agenda_docx, departments
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points, matter_sentence

pytestmark = pytest.mark.usefixtures("small_demo")

AT = dt.datetime(2026, 11, 27, 9, 30)


@pytest.fixture(scope="module")
def result():
    return assess(demo_district(), "gb50180-2018")


def proposal(own: str, status: str, department: str) -> Proposal:
    return Proposal(own, 1, status, "demo", f"Clinic <{own}>", department=department)


@pytest.fixture(scope="module")
def agenda():
    asked = Consultation("A-1", 1, False, "P-2", "housing", "needed", "2026-12-24", "Li", "", "")
    cases = [
        Case(proposal("P-1", "under_review", "health")),
        Case(proposal("P-2", "submitted", "culture"), consultations=(asked,)),
    ]
    matter = Matter("same_place", ("health", "culture"), ("P-1", "P-2"), ("clinic",), 0.0)
    reason = Finding(
        "district.no_such_facility", {"scenario": "x", "number": 1, "facility_id": "f"}
    )
    odd = [Misfit(proposal("P-3", "approved", "health"), reason)]
    return agenda_of(cases, [matter], (7, "ab" * 32), misfits=odd)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_line_of_the_agenda_stands_beside_room_for_what_is_decided(agenda, result, language):
    labels = Labels(language)
    document = Document(BytesIO(agenda_docx(agenda, result, labels, AT)))
    points = list(agenda_points(labels, agenda))
    assert len(points) == 5
    tables = document.tables[1:-1]
    for point, table in zip(points, tables, strict=True):
        assert [row.cells[1].text for row in table.rows[1:]] == point.lines
        assert {row.cells[2].text.strip() for row in table.rows[1:]} == {""}
        assert any(point.heading in each.text for each in document.paragraphs)
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    heads = {"en": "Department present", "zh": "部门"}
    assert document.tables[-1].rows[0].cells[0].text == heads[labels.language]
    assert document.paragraphs[0].text.splitlines() == [
        labels.text(result.district.name),
        labels.message("reports.agenda_name"),
    ]
    present = [row.cells[0].text for row in document.tables[-1].rows[1:-1]]
    assert present == [labels.department(each) for each in departments(agenda)]
    assert departments(agenda) == ["culture", "health", "housing"]
    text = "\n".join(each.text for each in document.paragraphs)
    assert "ab" * 32 in text
    assert labels.standard(result.standard) in text
    assert labels.text(result.district.attribution) in text


def test_a_chinese_agenda_has_the_fonts_and_margins_of_official_papers(agenda, result):
    document = Document(BytesIO(agenda_docx(agenda, result, Labels("zh"), AT)))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    section = document.sections[0]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)


def test_the_same_agenda_is_the_same_file(agenda, result):
    one, two = (agenda_docx(agenda, result, Labels("en"), AT) for _ in range(2))
    parts = [Document(BytesIO(each)).element.xml for each in (one, two)]
    assert parts[0] == parts[1]


@pytest.mark.long
def test_an_office_program_opens_it(agenda, result, tmp_path):
    program = shutil.which("soffice")
    if program is None:
        unavailable("LibreOffice is not installed")
    file = tmp_path / "agenda.docx"
    file.write_bytes(agenda_docx(agenda, result, Labels("zh"), AT))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    call = [program, home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file]
    subprocess.run(call, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "agenda.pdf").read_bytes().startswith(b"%PDF")


def test_what_a_shared_building_saves_is_told_in_the_money_of_the_reader():
    told = {"kept": 5.0, "alone": 6.0, "saved": 24.0, "currency": "CNY 10,000", "metres": 91.0}
    matter = Matter("shared_building", ("health",), ("P-1", "P-2"), ("clinic",), 5.0, told)
    assert "24（万元）" in matter_sentence(Labels("zh"), matter)
    assert "CNY" not in matter_sentence(Labels("zh"), matter)


@pytest.mark.parametrize(
    ("language", "more"),
    [
        (
            "en",
            ["12 more pairs double each other, for fewer.", "1 more pair wants the same place."],
        ),
        ("zh", ["另有 12 对方案相互重复，涉及较少。", "另有 1 对方案想用同一地点。"]),
    ],
)
def test_of_thousands_of_pairs_those_about_most_are_listed_and_the_others_counted(language, more):
    def matter(code, number):
        told = {"sum": 9.0, "together": 5.0} if code == "duplicate" else {}
        pair = f"P-{number}", f"Q-{number}"
        return Matter(code, ("health",), pair, ("clinic",), float(100 - number), told)

    counts = {"duplicate": 42, "same_place": 31, "shared_building": 0}
    found = [matter(code, number) for code, count in counts.items() for number in range(count)]
    (point,) = agenda_points(Labels(language), agenda_of([], found, (7, "ab" * 32)))
    lines, notes = point.lines, point.notes
    assert [each.code for each in point.matters] == ["duplicate"] * 30 + ["same_place"] * 30
    assert notes == more
    assert len(lines) == 30 + 30
    assert "P-0" in lines[0]
    assert not any("P-31" in line for line in lines)
