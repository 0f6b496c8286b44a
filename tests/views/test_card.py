import dataclasses
import datetime as dt
import re
from html.parser import HTMLParser

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import planner
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.checkup import checkup
from planner.district import AreaTarget, District, Rule, Source, Standard, builtin_kinds
from planner.errors import InputError
from planner.result import assess
from planner.views.exports.analysis.card import LISTED, card_html, cards_html
from planner.views.exports.analysis.checkups import FILES, write_checkup
from planner.views.tables.analysis.checkups import clauses_table, scores_table
from planner.views.words.analysis.checkups import build_note
from planner.views.words.labels import Labels

CRS = "EPSG:32650"


def points(rows, **columns):
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(xy) for xy in rows], crs=CRS)


@pytest.fixture(scope="module")
def made():
    streets = gpd.GeoDataFrame(
        {"street_id": ["s"]}, geometry=[shapely.LineString([(0, 0), (1000, 0)])], crs=CRS
    )
    communities = gpd.GeoDataFrame(
        {"community_id": ["001", "002"], "name": ["<b>West</b>", "East"], "households": [50, 60]},
        geometry=[shapely.box(-100, -100, 500, 700), shapely.box(500, -100, 1100, 700)],
        crs=CRS,
    )
    layers = {
        "streets": streets,
        "communities": communities,
        "demand": points(
            [(50, 10), (350, 10), (650, 10), (950, 10), (800, 600)],
            demand_id=list("abcde"),
            community_id=["001", "001", "002", "002", "002"],
            population=[100, 50, 20, 40, 7],
        ),
        "facilities": points(
            [(50, 0), (950, 0)],
            facility_id=["c1", "c2"],
            name=["First", "Inner & Co"],
            kind=["clinic", "clinic"],
            ownership=["public", "internal"],
            floor_area_m2=[80.0, None],
        ),
    }
    standard = Standard(
        "own",
        "Own",
        "自定",
        "test",
        {"clinic": Rule("clinic", 320.0, floor_area_m2=120.0, clause="local")},
        areas=(AreaTarget(("clinic",), 30.0),),
    )
    return checkup(assess(District.from_layers("Town", layers, complete=builtin_kinds()), standard))


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.said = [], []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.said.append(data)


def said(page):
    parser = Text()
    parser.feed(page)
    assert parser.open == []
    return parser.said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Check-up card", "The smallest remedy, by kind", "How the score is made up"]),
        ("zh", ["体检卡", "各类设施最省的补救", "得分构成"]),
    ],
)
def test_a_card_says_score_parts_and_remedy(made, language, words):
    text = "\n".join(said(card_html(made, "002", language)))
    for word in words:
        assert word in text
    assert f"{made.scores.loc['002', 'score']:.1f}" in text
    assert "Inner & Co" in text
    assert {"en": "Residents: 67", "zh": "居民：67"}[language] in text
    assert "http" not in card_html(made, "002", language)


def test_the_grid_of_parts_adds_up_to_the_score(made):
    page = card_html(made, "001", "en")
    kept = re.findall(r"<td[^>]*>([\d.]+) / ([\d.]+)</td>", page)
    total = kept[-1]
    assert float(total[0]) == made.scores.loc["001", "score"]
    assert float(total[1]) == 100
    rows = made.parts[made.parts["area_id"] == "001"]
    assert rows["points"].sum() == pytest.approx(float(total[0]))


def test_each_column_of_a_card_begins_with_a_heading_and_holds_whole_lists(made):
    page = card_html(made, "001", "en")
    columns = page.split("<div class=columns>")[1].split('<div style="flex-grow:')[1:]
    assert len(columns) == 2
    for column, name in zip(columns, ("What is missing", "What is good"), strict=True):
        assert re.match(rf'\d+"><h2>{name}', column)
    assert columns[0].count("<ul>") == columns[0].count("</ul>") == 1


def test_names_from_files_stay_text(made):
    assert "<b>West" not in card_html(made, "001", "en")
    assert "<b>West</b>" in said(card_html(made, "001", "en"))


def test_many_cards_are_one_document(made):
    page = cards_html(made, ["001", "002"], "zh")
    assert page.count("<article>") == 2
    assert page.count("<html") == 1


def test_lists_are_cut_to_fit_a_page(made):
    assert set(LISTED) == {"good", "missing", "unknown", "remedies"}
    assert sum(LISTED.values()) <= 26


def test_a_card_without_a_score_says_so(made):
    blank = checkup(assess(made.assessment.district, "blank"))
    page = card_html(blank, "001", "en")
    assert "nothing to judge" in page
    assert "<table" not in page


def test_unknown_areas_and_languages_are_refused(made):
    with pytest.raises(InputError, match="no area"):
        card_html(made, "x", "en")
    with pytest.raises(InputError):
        card_html(made, "001", "fr")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_have_headings_in_the_language(made, language):
    scores = scores_table(made, language)
    clauses = clauses_table(made.assessment, made.parts, language)
    plain = clauses_table(made.assessment, audit(made.assessment), language)
    assert len(clauses) == len(plain) == len(made.parts)
    assert scores["Name" if language == "en" else "名称"].iloc[0] == "<b>West</b>"
    for heading in (*scores, *clauses):
        assert "_" not in heading
        assert any("一" <= sign <= "鿿" for sign in heading) == (language == "zh")
    found = "As it is" if language == "en" else "现状"
    assert clauses[found].iloc[0] == 100


def test_files_are_written_whole(made, tmp_path):
    files = write_checkup(made, tmp_path / "out", "zh")
    assert [file.name for file in files] == list(FILES)
    table = pd.read_csv(tmp_path / "out" / "checkup.csv", dtype={"编码": str})
    assert len(table) == 2
    assert (tmp_path / "out" / "cards.html").read_text(encoding="utf-8").count("<article>") == 2


@pytest.mark.long
def test_the_card_of_the_demo_is_in_one_language():
    demo = planner.demo_district()
    found = checkup(planner.assess(demo), level="community")
    area = str(found.scores.index[0])
    zh, en = (card_html(found, area, language, links=False) for language in ("zh", "en"))
    assert "三江（虚构）" in zh
    assert "synthetic" not in zh
    own = demo.communities.set_index("community_id").loc[area]
    assert own["name"] in zh
    assert own["name"] not in en
    assert own["name_en"] in en


@pytest.mark.long
def test_a_card_says_where_a_new_one_was_tried(made, tmp_path):
    labels = Labels.of(made.assessment, "en")
    note = build_note(labels, pd.DataFrame({"remedy": ["reopen", "build"]}))
    assert "at up to 60 homes of the area" in note
    assert build_note(labels, pd.DataFrame({"remedy": ["reopen"]})) == ""
    assert build_note(labels, pd.DataFrame()) == ""
    lacking = dataclasses.replace(
        made.assessment.district,
        facilities=made.assessment.district.facilities.iloc[:1],
    )
    poorer = checkup(assess(lacking, made.assessment.standard))
    builds = {
        area: "build" in set(poorer.card(area).remedies.get("remedy", ()))
        for area in poorer.scores.index
    }
    assert any(builds.values())
    for area, built in builds.items():
        assert (note in card_html(poorer, area)) == built
    write_checkup(poorer, tmp_path / "out")
    assert note in (tmp_path / "out" / "checkup_notes.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Facilities: March 5, 2024. Card of November 30, 2026."),
        ("zh", "设施：2024年3月5日。出具日期：2026年11月30日。"),
    ],
)
def test_a_card_bears_the_days_of_its_data_and_its_own(made, language, told):
    sources = [Source("facilities", "Register", date="2024-03-05")]
    dated = dataclasses.replace(made.assessment.district, sources=tuple(sources))
    later = checkup(assess(dated, made.assessment.standard), made.weights)
    page = card_html(later, "002", language, at=dt.date(2026, 11, 30))
    text = "\n".join(said(page))
    assert told in text
    assert ("date not stated" if language == "en" else "未注明日期") in text
    assert dt.date.today().strftime("%Y") in card_html(later, "002", language)
