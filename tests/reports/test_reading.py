"""A report reads as one language and as one document: names of places, partners, caveats."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from planner import assess, demo_district
from planner.reports.briefing import briefing
from planner.reports.content import Table
from planner.reports.document import Paper
from planner.reports.report import report
from planner.siting import propose
from planner.siting.candidates import PlaceOptions
from planner.siting.departments.buildings import shared_buildings
from planner.siting.departments.departments import department_of, who_must_act
from planner.views.tables.siting.departments import departments_table, matters_table
from planner.views.words.labels import Labels
from planner.views.words.siting.proposals import spending

AT = dt.datetime(2026, 11, 27, 9, 30)
PARTS = ["summary", "coverage", "gaps"]


@pytest.fixture(scope="module")
def result():
    return assess(demo_district())


@pytest.fixture(scope="module")
def acting(result):
    return who_must_act(result, links=0)


@pytest.fixture(scope="module")
def english(result, acting):
    return report(result, at=AT, parts=PARTS, departments=acting)


def texts(told):
    for part in told.parts:
        for block in part.blocks:
            if isinstance(block, Table):
                yield from (cell for row in block.rows for cell in row if isinstance(cell, str))
            elif isinstance(block, str):
                yield block


@pytest.mark.long
@pytest.mark.parametrize("asked", [{"at": "Su 22:00"}, {}])
def test_that_the_benchmark_knows_no_hour_is_told_where_one_is_asked(asked):
    told = report(assess(demo_district(), **asked), at=AT, parts=["coverage"])
    said = [each for each in texts(told) if each.startswith("The benchmark knows no hour")]
    assert len(said) == bool(asked)


@pytest.mark.long
def test_places_are_called_as_they_are_in_english(english):
    said = "\n".join(texts(english))
    assert "Old Pontoon Community" in said
    assert "古浮桥社区" not in said
    assert "Sanjiang" in english.title


@pytest.mark.long
def test_partners_of_the_same_gaps_stand_in_one_row(acting):
    rows = matters_table(acting)
    assert rows["Gaps or buildings"].sum() < acting.talks["count"].sum()
    gates = rows[(rows["Department"] == "Health") & (rows["About"] == "gates in walls")]
    assert gates["Talks to"].iloc[0] == "Housing and urban-rural development, Civil affairs"
    keys = ["department", "reason", "kinds", "count", "people", "gap_id", "site_id"]
    assert len(rows) == len(acting.talks.drop_duplicates(keys))


@pytest.mark.long
def test_the_workbook_has_every_matter_and_a_document_says_how_many_it_shows(english, acting):
    table = next(t for _, t in english.tables() if t.name == "Matters to settle")
    assert len(table.rows) == len(matters_table(acting)) > table.most
    document = Document(BytesIO(english.docx()))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"The first {table.most} of {len(table.rows)} rows" in said


def test_a_price_of_several_facilities_does_not_stand_beside_one(acting):
    several = next(t for t in english_gaps(acting) if t[1] > 1)
    assert several[0] == f"build here ({several[2]} facilities)"


def english_gaps(acting):
    from planner.views.words.siting.departments import count_word, mend_word

    labels = Labels("en")
    for row in acting.gaps.itertuples():
        if row.remedy == "build" and row.sites_low < row.sites_high:
            count = count_word(row.sites_low, row.sites_high, labels)
            yield mend_word(row, labels), row.sites_high, count


@pytest.mark.long
def test_shared_buildings_are_spoken_of_only_where_they_are_listed(result, acting, english):
    spoken = "could share a building"
    assert spoken in "\n".join(texts(english))
    short = report(result, at=AT, parts=["summary"], departments=acting)
    assert spoken not in "\n".join(texts(short))


def test_buildings_that_save_money_come_first_and_the_rest_by_what_a_second_department_gains(
    result, acting, english
):
    rows = acting.buildings
    saves = (rows["saved"] > 0).to_numpy()
    assert 0 < saves.sum() < len(rows)
    assert saves[: saves.sum()].all()
    for part in (rows[saves], rows[~saves]):
        assert part["shared"].is_monotonic_decreasing
    assert rows["rank"].tolist() == [*range(1, len(rows) + 1)]
    # by what they are ranked stands in the table, and how many save in the findings
    table = next(t for _, t in english.tables() if t.name == "Shared buildings")
    heading = english.labels.message("departments.col_shared")
    (place,) = [n for n, each in enumerate(table.columns) if each.heading == heading]
    assert [row[place] for row in table.rows] == rows["shared"].round().tolist()
    saving = english.labels.message("departments.may_save", saving=int(saves.sum()))
    assert saving in english.parts[0].blocks
    # whom each serves still belongs to its row
    owners = {
        kind: department_of(result.district, kind, acting.duties) for kind in result.district.kinds
    }
    made = shared_buildings(
        result, acting.gaps, owners, acting.group, PlaceOptions(costs=acting.costs)
    )
    people = result.district.demand["population"].to_numpy()
    served = [sum(people[homes].sum() for homes in each.values()) for each in made.homes]
    assert made.table["gained"].tolist() == pytest.approx(served)


def test_the_price_of_a_facility_is_told_with_its_floor_area_and_why_a_site_has_another(
    result, acting
):
    (kind,) = ("clinic",)
    sites = propose(result, kind, 2, where=["candidates"], max_iterations=50)
    told = report(
        result, at=AT, departments=acting, proposals=[sites], parts=["summary", "gaps", "siting"]
    )
    table = next(
        t for _, t in told.tables() if t.name == told.labels.message("reports.sheet_new_facilities")
    )
    area = result.rule(kind).floor_area_m2
    row = next(row for row in table.rows if row[0] == told.labels.kind(kind))
    assert row[1:] == (area, acting.costs.site(area))
    said = [block for part in told.parts for block in part.blocks if isinstance(block, str)]
    (why,) = [each for each in said if "the two differ" in each]
    assert f"{area:,.0f} m²" in why
    assert f"{acting.costs.site(area):,.0f} (" in why
    # what they cost together stands in the findings, who decided how many beside it
    together, number = spending(sites, told.labels)
    assert f"{sites.sites['cost'].sum():,.0f} (" in together
    assert together in told.parts[0].blocks
    assert number in said
    assert "set beforehand" in number
    found = spending(replace(sites, goal="everyone"), told.labels)[1]
    limited = replace(sites, options=replace(sites.options, budget=900.0))
    assert len({number, found, spending(limited, told.labels)[1]}) == 3
    assert "900" in spending(limited, told.labels)[1]


@pytest.mark.long
def test_what_nobody_has_verified_of_prices_is_never_cut_from_a_briefing(acting):
    made = briefing(acting, "en", at=AT.date())
    assert any(each.startswith("Prices are placeholders") for each in made.unknown)
    assert any(each.startswith("Who does what is assumed") for each in made.unknown)
    assert "copy" not in "\n".join(made.unknown)
    assert "Old Pontoon Community" in "\n".join(made.finding)


def test_departments_have_the_least_price_in_a_document(english, acting):
    table = next(t for _, t in english.tables() if t.name == "Departments")
    headings = [column.heading for column in table.columns[: table.deciding]]
    assert headings[-1].startswith("Price at least")
    assert set(departments_table(acting).columns) == {each.heading for each in table.columns}


def test_a_small_table_stays_on_one_page_and_a_long_one_may_turn_it():
    def kept(rows):
        paper = Paper("en")
        paper.table(["No.", "Matter"], rows)
        document = Document(BytesIO(paper.written("T", AT)))
        *body, last = document.tables[0].rows[1:]
        assert not last.cells[0].paragraphs[0].paragraph_format.keep_with_next
        return all(row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in body)

    assert kept([["1", "short"]] * 7)
    assert not kept([["1", "short"]] * 30)
    assert not kept([["1", "long " * 60]] * 7)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_dictionary_says_what_every_figure_of_coverage_and_gaps_tells(
    result, acting, language
) -> None:
    told = report(result, at=AT, parts=["coverage", "gaps"], departments=acting, language=language)
    listed = told.labels.column("kind"), told.labels.message("reports.col_limit")
    bare = [
        (table.name, column.heading)
        for part in told.parts
        if part.name in ("coverage", "gaps")
        for table in part.tables()
        for column in table.columns
        if column.is_figure and not column.meaning and column.heading not in listed
    ]
    plain = {
        told.labels.message(f"reports.col_{name}")
        for name in ("rank", "communities", "having", "benchmark", "points")
    }
    assert [each for each in bare if each[1] not in plain] == []
