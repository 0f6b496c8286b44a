"""Residents told by cells of a grid, one kind judged, no subdistricts: what documents say of it."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
from demo_part import part_of_demo
from docx import Document
from docx.oxml.ns import qn
from effort import few
from matplotlib.text import Text
from test_spacing import STANDARD, grid_town
from towns import town

import planner
from planner.analysis.coverage.spacing import COARSE, wide_ranges
from planner.analysis.data_check import check_data
from planner.district import Source
from planner.errors import Finding
from planner.reports.briefing import _beyond, briefing
from planner.reports.content import shown
from planner.reports.report import report
from planner.siting import propose
from planner.siting.costs import builtin_costs
from planner.siting.departments.departments import who_must_act
from planner.views.plots import gaps as plots_gaps
from planner.views.words.extent import age_sentence, extent_sentence, origin_sentences
from planner.views.words.labels import Labels
from planner.views.words.siting.departments import department_word

AT = dt.datetime(2026, 11, 27, 9, 30)


@pytest.fixture(scope="module")
def result():
    return planner.assess(grid_town(200.0, 3), STANDARD)


@pytest.fixture(scope="module")
def told(result):
    # some thousandths of a unit for each resident
    costs = replace(builtin_costs(), site_fixed=0.4, site_per_m2=0.0)
    sites = [propose(result, "clinic", 1, where=["streets"], costs=costs)]
    return report(result, proposals=sites, at=AT)


def sentences(told, name):
    (part,) = (each for each in told.parts if each.name == name)
    return [block for block in part.blocks if isinstance(block, str)]


def table(told, name):
    heading = told.labels.message(f"reports.sheet_{name}", kind="Clinic")
    return next((each for _, each in told.tables() if each.name == heading), None)


@pytest.mark.long
def test_the_range_that_cells_leave_stands_where_the_share_does(result, told):
    (found,) = wide_ranges(result.findings, "clinic")
    assert found.code == COARSE
    assert wide_ranges(result.findings, "library") == ()
    said = told.labels.finding(found, result.district.kinds)
    assert said in sentences(told, "summary")
    # and only once where trust is spoken of, before what is not known
    assert sentences(told, "data").count(said) == 1
    assert sentences(told, "data")[0] == said
    made = briefing(who_must_act(result), at=AT.date())
    assert said in made.unknown


@pytest.mark.long
def test_a_briefing_of_one_kind_tells_it_three_ways(result):
    made = briefing(who_must_act(result), at=AT.date())
    row = result.summary().set_index("kind").loc["clinic"]
    values = [value for value, _ in made.figures]
    assert values == [
        f"{row['share']:.1%}",
        f"{row['uncovered']:,.0f}",
        Labels("en").metres(row["median_distance_m"]),
    ]


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_district_without_a_boundary_is_called_the_part_that_its_data_cover(language):
    place, labels = grid_town(200.0, 3), Labels(language)
    assert extent_sentence(place, labels) == ""
    outline = Finding("osm.area_of_residents", {"name": place.name, "homes": len(place.demand)})
    result = planner.assess(replace(place, findings=(*place.findings, outline)), STANDARD)
    said = extent_sentence(result.district, labels)
    area = place.communities.area.sum() / 1e6
    assert place.name in said
    assert str(len(place.demand)) in said
    assert f"{area:.1f}" in said
    assert report(result, at=AT, language=language, parts=[]).remarks[0] == said
    assert said in briefing(who_must_act(result), language, at=AT.date()).finding


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_of_when_the_data_are_stands_in_the_findings_and_in_the_briefing(language):
    place, labels = grid_town(200.0, 3), Labels(language)
    sources = (
        Source("streets", "roads.pbf", "2020-09-23"),
        Source("facilities", "clinics.csv", "2024-01"),
        Source("facilities", "old.csv"),
        Source("demand", "cells.csv", attribution="Somebody", read_on="2026-11-28"),
    )
    result = planner.assess(replace(place, sources=sources), STANDARD)
    age = age_sentence(result.district, labels)
    for day in ("2020-09-23", "2024-01", "2026-11-28"):
        assert labels.date(day) in age
    assert labels.message("provenance.some_undated") in age
    (origin,) = origin_sentences(result.district, labels)
    assert "Somebody" in origin
    assert "cells.csv" not in origin
    told = sentences(report(result, at=AT, language=language), "summary")
    made = briefing(who_must_act(result), language, at=AT.date())
    assert {age, origin} <= {*told}
    assert age in made.sources
    assert origin in made.unknown


def test_who_counted_residents_is_said_to_be_unknown_only_where_no_source_says():
    place, labels = grid_town(200.0, 3), Labels("en")
    said = {}
    for date, credit in (("", ""), ("2020", ""), ("2020", "Bureau")):
        own = replace(place, sources=(Source("demand", "cells.csv", date, attribution=credit),))
        said[date, credit] = origin_sentences(own, labels)
    assert said["2020", "Bureau"] == []
    assert "in which year" in said["", ""][0]
    assert "in which year" not in said["2020", ""][0]
    assert "cells.csv" in said["2020", ""][0]
    made_up = replace(place, synthetic=True, sources=(Source("demand", "cells.csv"),))
    assert origin_sentences(made_up, labels) == []
    many = tuple(Source("streets", f"{year}.pbf", str(year)) for year in (2022, 2019, 2024))
    spread = age_sentence(replace(place, sources=many), labels)
    assert spread == "Dates of the data: Streets: 2019 to 2024."


@pytest.mark.long
def test_the_figures_of_a_briefing_stand_in_the_report(result, told):
    said = "\n".join(sentences(told, "summary"))
    for value, _ in briefing(who_must_act(result), at=AT.date()).figures:
        assert value in said
    several = planner.assess(town(), "gb50180-2018")
    acting = who_must_act(several)
    summary = report(several, at=AT, departments=acting, parts=["summary"]).parts[0]
    for value, _ in briefing(acting, at=AT.date()).figures:
        assert value in "\n".join(map(str, summary.blocks))


def test_who_is_not_known_stands_beside_who_is_beyond():
    assert _beyond(601.0, 0.0, Labels("en")) == "601"
    assert _beyond(0.0, 2592.0, Labels("en")) == "0; 2,592 not known"
    assert _beyond(0.0, 2592.0, Labels("zh")) == "0；另有 2,592 未知"


@pytest.mark.long
def test_there_is_no_table_of_subdistricts_where_there_are_none(told):
    assert table(told, "subdistricts") is None
    assert all(each.rows for _, each in told.tables())


def test_a_small_price_for_a_resident_is_not_nothing(told):
    sites = next(each for _, each in told.tables() if each.caption.startswith("Proposed sites"))
    heading = told.labels.message("siting.col_cost_per_resident")
    place = [column.heading for column in sites.columns].index(heading)
    (row,) = sites.rows
    assert 0 < row[place] < 0.01
    assert float(shown(row[place], sites.columns[place], told.labels)) == row[place]


@pytest.mark.long
def test_gaps_on_the_map_have_the_numbers_of_the_table(result, monkeypatch):
    seen = []
    plot = plots_gaps.plot_gaps

    def spy(assessment, gaps, **how):
        seen.append(gaps)
        return plot(assessment, gaps, **how)

    monkeypatch.setattr(plots_gaps, "plot_gaps", spy)
    told = report(result, parts=["maps", "gaps"], at=AT)
    gaps = table(told, "gaps")
    place = [column.heading for column in gaps.columns].index(
        told.labels.message("departments.col_gap_id")
    )
    (drawn,) = seen
    assert len(drawn)
    for row in drawn.itertuples():
        assert gaps.rows[row.rank - 1][0] == row.rank
        assert gaps.rows[row.rank - 1][place] == row.gap_id
    # the legend and the signs have them too
    seventh = drawn.head(1).assign(rank=7)
    assert "7. " in words_of(plot(result, seventh))
    assert "1. " in words_of(plot(result, seventh.drop(columns="rank")))


def words_of(figure):
    return "\n".join(each.get_text() for each in figure.findobj(Text))


def test_facilities_that_are_counts_in_cells_are_told_beside_the_share(result):
    params = {"file": "grid.csv", "column": "healthcare", "kind": "clinic"}
    counted = Finding("sources.count_column_said", params)
    other = Finding("sources.count_column_said", params | {"kind": "library"})
    cells = replace(result)
    vars(cells)["findings"] = (*result.findings, counted, other)
    unsaid = Labels("en").finding(other, result.district.kinds)
    summary = sentences(report(cells, at=AT), "summary")
    unknown = briefing(who_must_act(cells), at=AT.date()).unknown
    for lines in (summary, unknown):
        assert any("healthcare" in line and "(clinic)" in line for line in lines), lines
        assert unsaid not in lines


def test_one_limit_that_nobody_checked_is_spoken_of_in_the_singular(told):
    (said,) = (each for each in sentences(told, "standard") if "official text" in each)
    assert said.startswith("The limit was not checked against the official text of its clause")


def test_an_empty_cell_is_no_higher_than_its_letters(told):
    document = Document(BytesIO(told.docx()))
    empty = [
        cell.paragraphs[0]
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        if not cell.text
    ]
    assert empty
    for paragraph in empty:
        size = paragraph._p.pPr.find(qn("w:rPr")).find(qn("w:sz"))
        assert int(size.get(qn("w:val"))) == round(2 * paragraph.runs[0].font.size.pt)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_department_without_a_task_has_no_row_of_dashes_and_is_named(language):
    layers = grid_town(200.0, 3).layers
    result = planner.assess(planner.District.from_layers("Grid", layers), "gb50180-2018")
    made = report(result, parts=["gaps"], language=language, at=AT)
    labels = made.labels
    rows = who_must_act(result).departments
    named = {each: department_word(each, labels) for each in rows["department"]}
    (name,) = rows.loc[rows["kinds"] != "", "department"]
    listed = table(made, "departments")
    words = [row[0] for row in listed.rows]
    assert named[name] in words
    idle = [each for each in named.values() if each not in words]
    assert len(idle) >= 3
    said = labels.message("reports.idle_departments", departments=labels.text(", ").join(idle))
    assert said in sentences(made, "gaps")
    for row in listed.rows:
        assert any(isinstance(cell, float) and cell for cell in row[1:]), row
        # without a gap of its own it has no price, which is not an unknown one
        assert labels.message("departments.price_unknown") not in row


@pytest.mark.parametrize("language", ["en", "zh"])
def test_ids_stand_in_the_workbook_and_their_count_in_the_text(result, language):
    gone = Finding("osm.gone_places", {"homes": 7, "facilities": 2, "ids": "89a8, 89b9/clinic"})
    remarked = replace(result)
    vars(remarked)["findings"] = (*result.findings, gone)
    made = report(remarked, parts=["data"], language=language, at=AT)
    said = made.labels.finding(gone)
    assert said in sentences(made, "data")
    assert "7" in said
    assert "89a8" not in made.html()
    sheet = table(made, "rows")
    assert not sheet.in_documents
    assert (said, "", "89a8, 89b9/clinic", "") in sheet.rows
    assert made.labels.message("reports.rows_listed", sheet=sheet.name) in sentences(made, "data")
    # every row with a problem is listed
    problems = check_data(remarked.district).problems
    assert len(problems)
    ids = [row[2] for row in sheet.rows]
    assert all(each in ids for problem in problems for each in problem.rows["id"] if each)
    # elsewhere the ids are told
    assert "89a8, 89b9/clinic" in Labels(language).finding(gone)


def test_a_single_community_is_listed_in_the_workbook_alone(result, told):
    assert len(result.district.communities) == 1
    listed = table(told, "communities")
    assert len(listed.rows) == 1
    assert not listed.in_documents
    assert listed.caption not in told.html()
    kinds = table(told, "kinds")
    assert kinds.in_documents
    assert kinds.caption in told.html()
    several = report(planner.assess(part_of_demo(3), "gb50180-2018"), at=AT, parts=["coverage"])
    assert table(several, "communities").in_documents
