"""The report: one telling in three forms, the same figures in each, and as the library has them."""

import datetime as dt
import html.parser
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from demo_part import part_of_demo
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from effort import few
from people_words import PEOPLE
from python_calamine import CalamineWorkbook

from planner import assess
from planner.analysis.measures.equity import equity
from planner.district import Open, find_standard
from planner.district.standards.checking import checked
from planner.errors import InputError
from planner.plan import open_plan
from planner.reports.content import Form, Points, shown
from planner.reports.report import PARTS, report
from planner.reports.request import JointWork
from planner.siting import propose
from planner.siting.costs import builtin_costs
from planner.views.escaping import safe
from planner.views.plots import equity as plots_equity
from planner.views.plots import links
from planner.views.plots.targets import plot_path
from planner.views.words.plan.targets import budget_sentence, path_outline
from planner.views.words.siting.prices import prices_in_words

AT = dt.datetime(2026, 11, 27, 9, 30)


@pytest.fixture(scope="module")
def result():
    # tests/test_cli_report.py and the docs' examples report on the whole demo
    return assess(part_of_demo(3), "gb50180-2018")


@pytest.fixture(scope="module")
def acting(result):
    return result.departments()


@pytest.fixture(scope="module")
def reports(result, acting):
    sites = [propose(result, "clinic", 2)]
    parts = [name for name in PARTS if name not in ("maps", "plan")]
    asked = {"proposals": sites, "departments": acting, "parts": parts, "at": AT}
    return {language: report(result, language=language, **asked) for language in ("en", "zh")}


@pytest.fixture(params=["en", "zh"])
def told(request, reports):
    return reports[request.param]


@pytest.fixture(scope="module")
def documents(reports):
    """The reports as Word documents, written once."""
    return {language: each.docx() for language, each in reports.items()}


@pytest.fixture
def document(told, documents):
    return Document(BytesIO(documents[told.labels.language]))


class Tables(html.parser.HTMLParser):
    """The tables of a page: caption and rows of cells."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables, self.inside = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append(["", []])
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")
        if tag in ("td", "th", "caption"):
            self.inside = tag

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""

    def handle_data(self, data):
        if self.inside == "caption":
            self.tables[-1][0] += data
        elif self.inside:
            self.tables[-1][1][-1][-1] += data


def pieces_of(told, found):
    """Put the pieces of each table of a document together again."""
    keys, whole = {table.caption: table.keys for _, table in told.tables()}, {}
    for caption, rows in found:
        name = next(each for each in keys if each in caption)
        if name in whole:
            # a row of sums stands only below the columns that have some
            rows = rows + [[""] * len(rows[0])] * (len(whole[name]) - len(rows))
            whole[name] = [a + b[keys[name] :] for a, b in zip(whole[name], rows, strict=True)]
        else:
            whole[name] = rows
    return whole


def word_tables(told, document):
    body, caption, found = document.element.body, "", []
    tables = {table._tbl: table for table in document.tables}
    for element in body:
        if element in tables:
            rows = [[cell.text for cell in row.cells] for row in tables[element].rows]
            found.append((caption, rows))
        else:
            caption = "".join(node.text or "" for node in element.iter(qn("w:t")))
    # below all tables there is one for those who sign
    *found, (said, ((_, *names), *_)) = found
    assert said == told.labels.message("reports.sign_here")
    assert names == [
        told.labels.message(f"reports.{name}")
        for name in ("prepared_by", "reviewed_by", "approved_by")
    ]
    return pieces_of(told, found)


def expected(told, table):
    """Return the cells of a table as documents must show them."""
    on_paper = table.on_paper()
    cells = [
        [shown(*pair, told.labels) for pair in zip(row, on_paper.columns, strict=True)]
        for row in on_paper.rows
    ]
    return [[column.heading for column in on_paper.columns], *cells]


def without_sums(told, rows, table):
    return rows[:-1] if table.has_sums else rows


@pytest.mark.long
def test_word_and_page_show_every_figure_of_every_table(told, document):
    word, page = word_tables(told, document), pieces_of(told, Tables(told.html()).tables)
    shown_tables = [table for _, table in told.tables() if table.in_documents]
    assert len(shown_tables) >= 12
    for table in shown_tables:
        rows = expected(told, table)
        assert without_sums(told, word[table.caption], table) == rows
        assert without_sums(told, page[table.caption], table) == rows


@pytest.mark.long
def test_the_workbook_holds_every_figure_of_every_table(told):
    book = CalamineWorkbook.from_filelike(BytesIO(told.xlsx()))
    for name, (_, table) in zip(book.sheet_names[1:-1], told.tables(), strict=True):
        rows = book.get_sheet_by_name(name).to_python()
        assert rows[2] == [column.heading for column in table.columns]
        assert [tuple(row) for row in rows[3:]] == list(table.rows), name


@pytest.mark.long(but=1)
def test_figures_of_the_workbook_are_written_in_the_digits_that_word_shows(told):
    book = zipfile.ZipFile(BytesIO(told.xlsx()))
    sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    cell = r'<c(?![^>]*t="s")[^>]*>(?:<f>.*?</f>)?<v>(.*?)</v>'
    figures = [each for sheet in sheets for each in re.findall(cell, sheet)]
    assert sum("." in each for each in figures) > 100
    assert not [each for each in figures if each.endswith(".0") or len(each.partition(".")[2]) > 9]
    percents = {
        shown(row[place], column, told.labels)
        for _, table in told.tables()
        for place, column in enumerate(table.columns)
        if column.style == "percent"
        for row in table.rows
        if not isinstance(row[place], str)
    }
    assert {each.removesuffix(".0") for each in percents} <= set(figures)


@pytest.mark.long(but=1)
def test_sums_are_formulas_that_follow_the_filter_and_the_same_in_documents(told, document):
    summed = next(table for _, table in told.tables() if table.has_sums)
    book = zipfile.ZipFile(BytesIO(told.xlsx()))
    names = [name for name in book.namelist() if "worksheets/sheet" in name]
    sheets = [book.read(name).decode() for name in names]
    formulas = [
        each for sheet in sheets for each in re.findall(r"<f>(.*?)</f>(?:<v>(.*?)</v>)", sheet)
    ]
    places = [n for n, column in enumerate(summed.columns) if column.summed]
    sums = [summed.sums()[place] for place in places]
    assert all(formula.startswith("SUBTOTAL(109,") for formula, _ in formulas)
    assert [float(value) for _, value in formulas] == sums
    last = word_tables(told, document)[summed.caption][-1]
    assert [last[place] for place in places] == [told.labels.number(each) for each in sums]


def test_figures_are_those_of_the_library(told, result):
    labels = told.labels
    kinds = next(t for _, t in told.tables() if t.name == labels.message("reports.sheet_kinds"))
    summary = result.summary()
    rows = summary[(summary["group"] == "population") & summary["judged"]]
    figures = {labels.kind(row.kind): row for row in rows.itertuples()}
    assert len(kinds.rows) == len(figures)
    for name, limit, total, covered, beyond, unknown, share, *_ in kinds.rows:
        row = figures[name]
        assert (limit, total) == (row.limit_m, round(row.population))
        assert (covered, beyond, unknown) == (row.covered, row.uncovered, row.unknown)
        assert labels.number(share, 1) + "%" == labels.percent(row.share)


@pytest.mark.long
def test_two_reports_of_the_same_differ_in_nothing_but_the_date(result, acting):
    asked = {"parts": ["summary", "coverage", "maps", "gaps"], "departments": acting}
    one, two = (report(result, at=AT, **asked) for _ in range(2))
    parts = ("word/document.xml", "xl/worksheets/sheet3.xml")
    for made, part in zip(("docx", "xlsx"), parts, strict=True):
        read = [zipfile.ZipFile(BytesIO(getattr(each, made)())).read(part) for each in (one, two)]
        assert read[0] == read[1]
    assert one.xlsx() == two.xlsx()
    assert one.html() == two.html()
    asked["parts"].remove("maps")  # they tell no date
    days = (AT, AT + dt.timedelta(days=1))
    plain, later = (report(result, at=at, **asked).html() for at in days)
    assert later.replace("November 28, 2026", "November 27, 2026") == plain


def test_the_document_has_contents_captions_with_fields_and_repeated_headings(told, document):
    instructions = [node.text for node in document.element.iter(qn("w:instrText"))]
    marks = {node.get(qn("w:name")) for node in document.element.iter(qn("w:bookmarkStart"))}
    pages = [each.split()[1] for each in instructions if "PAGEREF" in each]
    assert len(pages) == len(told.parts) + 1
    assert set(pages) <= marks
    shown_tables = [table for _, table in told.tables() if table.in_documents]
    assert sum("SEQ Table" in each for each in instructions) == len(shown_tables)
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table.rows[0].cells[0].paragraphs[0].paragraph_format.keep_with_next
        assert sum(column.width for column in table.columns) <= 170.5 * 36_000
    for paragraph in document.paragraphs:
        if paragraph.style.name in ("Caption", "Heading 1"):
            assert paragraph.paragraph_format.keep_with_next


@pytest.mark.long
def test_maps_have_captions_and_say_that_they_are_for_internal_use(result):
    for form in (Form(), Form(map_number="GS 1")):
        told = report(result, at=AT, parts=["maps"], form=form)
        figures = list(told.figures())
        drawn = [figure for figure in figures if figure.note]
        assert (len(drawn), len(figures)) == (5, 6)
        line = form.map_line(told.labels)
        assert ("GS 1" in line) == bool(form.map_number)
        document = Document(BytesIO(told.docx()))
        assert len(document.inline_shapes) == len(figures)
        # the number of the maps stands below the title, too
        times = len(drawn) + bool(form.map_number)
        assert [each.text for each in document.paragraphs].count(line) == times
        assert told.html().count("data:image/png;base64,") == len(figures)
        pictures = zipfile.ZipFile(BytesIO(told.xlsx())).namelist()
        assert sum("media/image" in name for name in pictures) == len(figures)


@pytest.mark.long
def test_links_and_the_spread_of_walks_are_drawn_for_what_most_lack(result, monkeypatch):
    seen = {}
    for module, name in ((links, "plot_links"), (plots_equity, "plot_lorenz")):
        plot = getattr(module, name)

        def draw(*about, plot=plot, name=name, **how):
            seen[name] = about[1]
            return plot(*about, **how)

        monkeypatch.setattr(module, name, draw)
    told = report(result, at=AT, parts=["maps"])
    summary = result.summary()
    most = summary[(summary["group"] == "population") & summary["judged"]]
    kind = most.sort_values("uncovered", ascending=False)["kind"].iloc[0]
    assert seen["plot_lorenz"] == kind
    assert seen["plot_links"].equals(result.links([kind], "population", 8))
    figures = list(told.figures())
    gini = equity(result, [kind]).loc[0, "gini"]
    assert figures[-1].caption.endswith(f"Gini coefficient {gini:.3f}")
    assert not figures[-1].note


def test_the_page_needs_nothing_else(told):
    page = told.html()
    assert not re.findall(
        r'(?:src|href)="(?!#|data:|https://opendatacommons|https://creative)', page
    )
    assert "<script" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_text_that_looks_like_a_formula_stays_text(result, acting):
    told = report(
        result, at=AT, parts=["summary"], departments=acting, form=Form(issuing_unit="=1+1")
    )
    names = told.parts[1].blocks
    book = zipfile.ZipFile(BytesIO(told.xlsx()))
    texts = book.read("xl/sharedStrings.xml").decode()
    assert "=1+1" in texts
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert names


def test_fields_of_a_bureau_stand_in_all_forms(result):
    form = Form("审图号 1", "12/2026", "Bureau of <Planning>", "internal")
    told = report(result, at=AT, parts=[], form=form)
    word = "\n".join(each.text for each in Document(BytesIO(told.docx())).paragraphs)
    texts = zipfile.ZipFile(BytesIO(told.xlsx())).read("xl/sharedStrings.xml").decode()
    for line in form.lines(told.labels):
        assert line in word
        assert line.replace("<", "&lt;").replace(">", "&gt;") in texts
        assert line.replace("<", "&lt;").replace(">", "&gt;") in told.html()


@pytest.mark.long
def test_a_template_keeps_its_pages_and_has_its_fields_filled_in(result, acting, tmp_path):
    own = Document()
    own.add_paragraph("Cover of {{issuing_unit}}: {{title}}")
    own.sections[0].header.paragraphs[0].text = "No. {{document_number}}"
    own.styles["Normal"].font.name = "Own font"
    own.save(tmp_path / "own.docx")
    form = Form("", "12/2026", "The bureau")
    told = report(result, at=AT, parts=["summary"], departments=acting, form=form)
    made = Document(BytesIO(told.docx(tmp_path / "own.docx")))
    assert made.paragraphs[0].text == f"Cover of The bureau: {told.title}"
    assert made.sections[0].header.paragraphs[0].text == "No. 12/2026"
    assert made.styles["Normal"].font.name == "Own font"
    assert any(told.headings()[0] == each.text for each in made.paragraphs)
    (tmp_path / "bad.docx").write_text("no document")
    with pytest.raises(InputError) as error:
        told.docx(tmp_path / "bad.docx")
    assert error.value.code == "uploads.no_document"


@pytest.mark.long
def test_parts_are_told_in_their_order_and_never_without_provenance(result):
    told = report(result, at=AT, parts=["data", "summary"])
    assert [part.name for part in told.parts] == ["summary", "data", "provenance"]
    with pytest.raises(InputError) as error:
        report(result, parts=["weather"])
    assert error.value.code == "reports.unknown_part"
    assert set(PARTS) >= {"summary", "standard", "coverage", "gaps", "siting", "plan"}


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_says_who_checked_a_limit_and_what_the_others_rest_on(result, language):
    gb = find_standard("gb50180-2018")
    ticked = checked(gb, ["clinic"], "Li Wei", dt.date(2026, 11, 3), "second printing")
    judged = replace(result, standard=ticked)
    for asked in (result, judged):
        told = report(asked, language=language, parts=["standard"], at=AT)
        labels = told.labels
        name = labels.message("reports.sheet_evidence")
        [table] = [table for _, table in told.tables() if table.name == name]
        rows = {row[0]: row[1:] for row in table.rows}
        assert list(rows) == [labels.kind(kind) for kind in asked.judged_kinds]
        rests = labels.message("standards.basis_assumption")
        assert rows[labels.kind("police_room")][0] == rests
        clinic = rows[labels.kind("clinic")]
        if asked is judged:
            official = labels.message("standards.basis_official")
            assert clinic == (official, "second printing", "Li Wei", labels.date("2026-11-03"))
        else:
            assert clinic[0] == labels.message("standards.basis_secondary")
            assert clinic[2:] == ("–", "–")


@pytest.fixture(scope="module")
def estimated_acting(estimated):
    return estimated.departments()


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_estimated_demand_is_never_called_people(estimated, estimated_acting, language):
    parts = [name for name in PARTS if name != "maps"]
    told = report(estimated, language=language, at=AT, parts=parts, departments=estimated_acting)
    words = [told.title, *told.remarks]
    for part in told.parts:
        if part.name == "provenance":
            continue
        words += [part.heading, *(block for block in part.blocks if isinstance(block, str))]
        for table in part.tables():
            words += [table.caption, *(column.heading for column in table.columns)]
            words += [column.meaning for column in table.columns]
    assert not [word for word in words if PEOPLE.search(word)]


@pytest.fixture(scope="module")
def estimated():
    """A part of the demo as a district that knows no residents: its homes have weights."""
    district = part_of_demo(3)
    demand = district.demand.drop(columns=district.groups)
    demand.insert(2, "weight", district.demand["population"] * 30.0)
    gone = [name for name in district.communities if str(name).startswith("pop")]
    sources = tuple(
        replace(source, unit="floor_area_m2") if source.layer == "demand" else source
        for source in district.sources
    )
    communities = district.communities.drop(columns=gone)
    made = replace(district, demand=demand, communities=communities, sources=sources)
    return assess(made, "gb50180-2018")


@pytest.mark.long
def test_small_numbers_that_are_withheld_are_withheld_in_all_forms():
    hidden = assess(part_of_demo(3).withhold(30), "gb50180-2018")
    told = report(hidden, at=AT, group="pop_low_income", parts=["coverage"])
    word = told.labels.message("small_numbers.withheld")
    communities = next(
        t for _, t in told.tables() if t.name == told.labels.message("reports.sheet_all")
    )
    assert any(word in row for row in communities.rows)
    assert word in zipfile.ZipFile(BytesIO(told.xlsx())).read("xl/sharedStrings.xml").decode()


def test_a_department_that_answers_for_no_judged_kind_has_no_count(told):
    name = told.labels.message("reports.sheet_departments")
    table = next(each for _, each in told.tables() if each.name == name)
    assert {row[1] for row in table.rows if isinstance(row[1], str)} == {"–"}
    assert sum(isinstance(row[1], float) for row in table.rows) >= 3


@pytest.fixture(scope="module")
def work(result, tmp_path_factory):
    """A plan with one proposal, two targets and a limit."""
    target = str(tmp_path_factory.mktemp("plan") / "plan.sqlite")
    with open_plan(target) as plan:
        place = result.district.facilities.geometry.iloc[0]
        steps = [Open("n", "clinic", place.x + 300.0, place.y)]
        plan.propose(steps, assessment=result, workspace="demo", figures=False, department="health")
        plan.set_target(kind="clinic", year=2028, share=0.99, workspace="demo")
        plan.set_target(kind="no_such", year=2028, share=0.5, workspace="demo")
        limit = {"department": "health", "year": 2028, "amount": 500.0}
        plan.set_limit(**limit, workspace="demo", currency="CNY 10,000")
        return JointWork.of(plan, result, "demo", AT.date())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_targets_are_told_with_the_path_against_them(result, work, language):
    told = report(result, at=AT, parts=["plan"], work=work, language=language)
    part, labels = told.parts[0], told.labels
    known, unknown = work.paths
    for path in (known, unknown):
        outline = path_outline(labels, path, AT.date(), result.district)
        assert Points.of(outline) in part.blocks
        said, first, *_ = outline.split("\n")
        paragraphs = [each.text for each in Document(BytesIO(told.docx())).paragraphs]
        assert paragraphs[paragraphs.index(said) + 1] == f"• {first}"
        assert f"<p>{safe(said)}</p>\n<ul><li>{safe(first)}</li>" in told.html()
        book = CalamineWorkbook.from_filelike(BytesIO(told.xlsx()))
        lines = [row[0] for row in book.get_sheet_by_index(0).to_python()]
        assert lines[lines.index(said) + 1] == f"• {first}"
    assert budget_sentence(labels, work.budgets[0]) in part.blocks
    # of what nothing is known there is nothing to draw
    assert [figure.note for figure in told.figures()] == [""]
    axes = plot_path(result, known, language=language).axes[0]
    reached = next(line for line in axes.lines if line.get_drawstyle() == "steps-post")
    assert reached.get_ydata().tolist() == [stand.low for stand in known.stands]
    asked = next(line for line in axes.lines if line.get_marker() == "D")
    assert (asked.get_xdata().tolist(), asked.get_ydata().tolist()) == ([2028], [0.99])


@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_a_house_and_its_parts_are_not_added_up_and_objections_are_told(result, tmp_path, language):
    place = result.district.facilities.geometry.iloc[0]
    with open_plan(str(tmp_path / "plan.sqlite")) as plan:
        own = {"assessment": result, "workspace": "demo", "figures": False, "year": 2028}
        steps = [Open("n", kind, place.x + 300.0, place.y) for kind in ("clinic", "police_room")]
        parts = [plan.propose([step], **own)[0].id for step in steps]
        house = plan.combine(parts, result, "demo", title="House").id
        plan.step(parts[0], "submit")
        plan.review(parts[0], "object", "no land there", "planning")

        def told() -> list[Points]:
            work = JointWork.of(plan, result, "demo", AT.date())
            part = report(result, at=AT, parts=["plan"], work=work, language=language).parts[0]
            return [each for each in part.blocks if isinstance(each, Points)]

        drafted, objections = told()
        plan.step(house, "submit")
        handed_in = told()[0]
    ends = {"en": ("until it is handed in", "in the place of"), "zh": ("只计后者", "只计前者")}
    for points, end in zip((drafted, handed_in), ends[language], strict=True):
        (line,) = points.points
        assert end in line
        assert all(each in line for each in (house, *parts))
    assert ["no land there" in each and parts[0] in each for each in objections.points] == [True]


@pytest.mark.parametrize(
    ("language", "limited"), few([("en", False), ("zh", False), ("en", True), ("zh", True)], 2)
)
def test_a_plan_of_other_workspaces_is_not_called_empty(result, tmp_path, language, limited):
    place = result.district.facilities.geometry.iloc[0]
    with open_plan(str(tmp_path / "plan.sqlite")) as plan:
        steps = [Open("n", "clinic", place.x + 300.0, place.y)]
        plan.propose(steps, assessment=result, workspace="city.gpkg", figures=False)
        if limited:
            plan.set_limit(department="health", year=2028, amount=9.0, currency="EUR")
        work = JointWork.of(plan, result, "demo", AT.date())
    told = report(result, at=AT, parts=["plan"], work=work, language=language)
    said, nothing = told.parts[0].blocks[0], told.labels.message("reports.no_plan")
    assert said != nothing
    assert "city.gpkg" in said
    assert "1" in said


@pytest.mark.long
def test_fields_are_filled_in_wherever_a_template_has_them(result):
    own = Document()
    own.settings.odd_and_even_pages_header_footer = True
    section = own.sections[0]
    places = {
        "even header": section.even_page_header,
        "first footer": section.first_page_footer,
        "nested table": own.add_table(1, 1).cell(0, 0).add_table(1, 1).cell(0, 0),
    }
    for name, place in places.items():
        place.paragraphs[0].text = f"{name}: {{{{document_number}}}}"
    # Word breaks a name into runs as it likes, with other looks, and a picture may stand beside it
    split = own.add_paragraph("before ")
    for text in ("{{ti", "t", "le}} and ", "{{ date }}, {{unknown}}"):
        split.add_run(text)
    split.runs[1].bold = True
    picture = BytesIO(plot_lorenz_png(result))
    split.add_run().add_picture(picture)
    box = parse_xml(
        f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:rect><v:textbox>"
        "<w:txbxContent><w:p><w:r><w:t>box: {{issuing_unit}}</w:t></w:r></w:p></w:txbxContent>"
        "</v:textbox></v:rect></w:pict></w:r>"
    )
    split._p.append(box)
    note = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:id='2'><w:p><w:r><w:t>note: {{{{title}}}}"
        "</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    uri = PackURI("/word/footnotes.xml")
    part = OpcPart(uri, kind, note.encode(), own.part.package)
    own.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    buffer = BytesIO()
    own.save(buffer)
    # a value that looks like a field is none
    told = report(result, at=AT, parts=[], form=Form("", "12/2026 {{title}}", "The bureau"))
    made = told.docx(buffer.getvalue())
    with zipfile.ZipFile(BytesIO(made)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if "xml" in name}
    texts = {
        name: "".join(re.findall(r"<w:t(?: [^>]*)?>(.*?)</w:t>", text))
        for name, text in parts.items()
    }
    whole = "\n".join(texts.values())
    for name in places:
        assert f"{name}: 12/2026 {{{{title}}}}" in whole
    assert f"note: {told.title}" in texts["word/footnotes.xml"]
    body = Document(BytesIO(made))
    filled = next(each for each in body.paragraphs if each.text.startswith("before "))
    assert filled.text == f"before {told.title} and November 27, 2026, {{{{unknown}}}}"
    assert [run.bold for run in filled.runs if told.title in run.text] == [True]
    assert len(filled._p.findall(f".//{qn('w:drawing')}")) == 1
    assert "box: The bureau" in whole


def plot_lorenz_png(result) -> bytes:
    figure = plots_equity.plot_lorenz(result, "clinic")
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=40)
    return buffer.getvalue()


@pytest.mark.long
def test_prices_that_are_used_are_listed_with_all_their_digits(result, reports):
    own = replace(builtin_costs(), site_per_m2=0.02849, currency="CNY 10,000", verified=True)
    told = report(result, at=AT, parts=["gaps"], costs=own)
    listed = next(t for _, t in told.tables() if t.name == "Prices")
    assert [row[1] for row in listed.rows] == [
        price.value for price in prices_in_words(own, told.labels)
    ]
    word = Document(BytesIO(told.docx()))
    assert "0.02849" in [row[1] for row in word_tables(told, word)[listed.caption]]
    book = CalamineWorkbook.from_filelike(BytesIO(told.xlsx()))
    assert 0.02849 in [row[1] for row in book.get_sheet_by_name("Prices").to_python()]
    assert told.labels.message("siting.unverified_costs") not in told.html()
    # the gaps are told with these prices, and what has no prices lists none
    gaps = next(t for _, t in told.tables() if t.name == told.labels.message("reports.sheet_gaps"))
    usual = next(t for _, t in reports["en"].tables() if t.name == gaps.name)
    assert gaps.rows != usual.rows
    assert all(t.name != "Prices" for _, t in report(result, at=AT, parts=["data"]).tables())
    # sites that were looked for with other prices say with which
    sites = propose(result, "clinic", 1, costs=own, max_iterations=20)
    told = report(result, at=AT, parts=["gaps", "siting"], proposals=[sites])
    lists = [t for _, t in told.tables() if t.name.startswith("Prices")]
    assert len(lists) == 2
    assert lists[1].name == told.labels.message(
        "reports.sheet_prices_of", kind="Community health station (clinic)"
    )


@pytest.mark.long
def test_the_number_below_which_counts_are_withheld_is_told(result):
    def told_by(result):
        told = report(result, at=AT, parts=[])
        name = told.labels.message("reports.sheet_parameters")
        return dict(next(t for _, t in told.tables() if t.name == name).rows)

    hidden = assess(part_of_demo(3).withhold(30), "gb50180-2018")
    assert "30" in told_by(hidden)["Counts of groups that are withheld"]
    assert "Counts of groups that are withheld" not in told_by(result)


@pytest.mark.long
def test_signs_that_no_document_may_hold_are_left_out_of_all_texts(result, tmp_path):
    form = Form(document_number="\x01No. 7\ud800", issuing_unit="Bureau\x0b of\x00 works")
    district = replace(result.district, name="Town\x0b\x07 A")
    told = report(replace(result, district=district), at=AT, form=form, parts=["coverage"])
    texts = "\n".join(each.text for each in Document(BytesIO(told.docx())).paragraphs)
    assert "Bureau of works" in texts
    assert "No. 7" in texts
    assert "Town A" in texts
    own = Document()
    own.add_paragraph("{{issuing_unit}}")
    own.save(tmp_path / "own.docx")
    filled = Document(BytesIO(told.docx(tmp_path / "own.docx")))
    assert filled.paragraphs[0].text == "Bureau of works"


@pytest.mark.long
def test_shares_that_would_tell_a_withheld_count_are_withheld_in_every_table():
    hidden = assess(part_of_demo(3).withhold(120), "gb50180-2018")
    group = "pop_low_income"
    rows = hidden.summary()
    rows = rows[(rows["group"] == group) & rows["judged"]]
    counts = rows[["covered", "uncovered", "unknown"]]
    told = report(hidden, at=AT, group=group, parts=["coverage", "summary"])
    labels, word = told.labels, told.labels.message("small_numbers.withheld")
    tables = {table.name: table for _, table in told.tables()}
    groups = tables[labels.message("reports.sheet_groups")]
    by_kind = {row[0]: row for row in groups.rows}
    few = counts.isna().any(axis=1).to_numpy()
    assert few.any()
    own = hidden.groups.index(group) + 1
    for kind, is_few in zip(rows["kind"], few, strict=True):
        shown_there = by_kind[labels.kind(kind, hidden.district.kinds)][own]
        assert (shown_there == word) == is_few
    for row, is_few in zip(rows.to_dict("records"), few, strict=True):
        assert (labels.rate(row) == word) == is_few
