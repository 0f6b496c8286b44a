"""The report of a league, in the three forms of reports."""

import io

import docx
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from planner.batch import find_league, league_report, run
from planner.batch.report import LOWEST
from planner.cli import app
from planner.reports.content import Figure, Table

GROUPS = ["population"]


@pytest.fixture(scope="module")
def found(made, tmp_path_factory):
    """Results of the three towns and of a file that is no workspace."""
    folder = tmp_path_factory.mktemp("report")
    broken = folder / "broken.gpkg"
    broken.write_bytes(b"no GeoPackage")
    return run([made, broken], folder / "results", groups=GROUPS)


def made_of(found, language="en", level="district"):
    league = find_league(found, level, "clinic")
    return league, league_report(found, league, level, language=language)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_tells_the_ranking_the_lowest_who_is_absent_and_the_sources(found, language):
    league, report = made_of(found, language)
    labels = report.labels
    parts = {part.name: part for part in report.parts}
    assert list(parts) == ["ranking", "lowest", "absent", "provenance"]
    ranking, absent = next(parts["ranking"].tables()), next(parts["absent"].tables())
    headings = [column.heading for column in ranking.columns]
    shares = [row[headings.index(f"{labels.column('share')} (%)")] for row in ranking.rows]
    assert shares == pytest.approx((league.areas["share"] * 100).tolist(), abs=0.06)
    assert set(league.notes(labels)) <= set(parts["ranking"].blocks)
    assert any(isinstance(block, Figure) and block.png for block in parts["ranking"].blocks)
    assert [row[0] for row in absent.rows] == ["broken"]
    assert "broken.gpkg" in absent.rows[0][1]
    assert any("River Town survey" in str(block) for block in parts["provenance"].blocks)


@pytest.mark.long
def test_the_lowest_are_those_that_rank_last(found):
    _, report = made_of(found)
    table = next(report.parts[1].tables())
    clinics = [row for row in table.rows if row[0] == report.labels.kind("clinic")]
    assert [row[1] for row in clinics] == ["Town 1", "Town 2", "Town 3"][:LOWEST]
    kinds = set(found.questions()["kind"])
    assert len(table.rows) == LOWEST * len(kinds)
    # of communities it is told in which district they lie
    _, within = made_of(found, level="community")
    table = next(within.parts[1].tables())
    clinics = [row for row in table.rows if row[0] == report.labels.kind("clinic")]
    assert clinics[0][1:3] == ("East", "Town 1")


def test_the_command_writes_all_forms_with_the_same_figures(found, tmp_path):
    files = [tmp_path / f"league.{ending}" for ending in ("docx", "xlsx", "html")]
    given = ["league", str(found.folder), "--kind", "clinic"]
    for file in files:
        given += ["--report", str(file)]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    word = docx.Document(io.BytesIO(files[0].read_bytes()))
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {"Town 3", "Town 2", "Town 1", "30.0", "broken"} <= cells
    assert len(word.inline_shapes) == 1
    book = CalamineWorkbook.from_filelike(io.BytesIO(files[1].read_bytes()))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    values = {value for sheet in sheets for row in sheet for value in row}
    assert {"Town 1", 30.0, "broken"} <= values
    page = files[2].read_text("utf-8")
    assert "Town 1" in page
    assert "data:image/png" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["--report", "league.pdf"], ".docx, .xlsx, .html"),
        (["--report", "league.html", "--template", "own.docx"], "Word"),
    ],
)
def test_what_no_report_can_be_is_refused_before_anything_is_written(found, given, words):
    failed = CliRunner().invoke(app, ["league", str(found.folder), "--kind", "clinic", *given])
    assert failed.exit_code == 2
    assert words in " ".join(failed.output.split())


@pytest.mark.long
def test_nothing_is_told_of_absent_districts_where_all_are_done(results):
    league = find_league(results, "district", "clinic")
    report = league_report(results, league, "district")
    absent = report.parts[2]
    assert absent.blocks == ("All 3 districts have results.",)
    assert not any(isinstance(block, Table) for block in absent.blocks)
