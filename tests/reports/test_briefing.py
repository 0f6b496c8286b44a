"""The briefing: its figures are those of the tables, in Word as in HTML, and it fits one page."""

import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.ops
from docx import Document
from effort import few
from people_words import PEOPLE
from towns import town

import planner
from planner.analysis.data_check import check_data
from planner.analysis.data_check.border import border_effect
from planner.analysis.measures.completeness import all_of, completeness
from planner.analysis.notes.standards import OF_CHINA
from planner.cli import main
from planner.errors import Finding, InputError
from planner.reports.briefing import (
    LOW_MM,
    MAP,
    MOST_LETTERS,
    REMEDIES,
    Briefing,
    _map_mm,
    briefing,
    briefing_docx,
    briefing_html,
)
from planner.siting.departments.departments import Departments, who_must_act
from planner.sources import write_district
from planner.views.plots.fonts import chinese_font
from planner.views.tables.siting.departments import gaps_table
from planner.views.words.catalogue import PAPER
from planner.views.words.labels import Labels
from planner.views.words.provenance import range_line

AT = dt.datetime(2026, 11, 27, 9, 0)


@pytest.fixture(scope="module")
def found() -> Departments:
    return who_must_act(planner.assess(town(), "gb50180-2018"))


@pytest.fixture(scope="module")
def made(found) -> Briefing:
    return briefing(found, at=AT.date())


def word_texts(data: bytes) -> list[str]:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(each.text for each in document.paragraphs), *cells]


@pytest.mark.long
def test_it_tells_what_most_lack_in_the_figures_of_the_summary(found, made):
    result = found.assessment
    rows = result.summary()
    rows = rows[(rows["group"] == "population") & rows["judged"]]
    worst = rows.sort_values("uncovered", ascending=False, kind="stable").iloc[0]
    assert f"{worst['uncovered']:,.0f} of" in made.finding[0]
    assert result.district.kinds[worst["kind"]].name("en") in made.finding[0]
    assert 1 <= len(made.finding) <= 2
    assert "**" not in "".join(made.finding)
    whole = completeness(result).iloc[-1]
    values = [value for value, _ in made.figures]
    assert values[0] == f"{whole['share']:.1%}"
    assert whole["kinds_high"] > whole["kinds"]
    assert values[1].startswith(f"{whole['kinds']:.1f}–{whole['kinds_high']:.1f} of")
    assert len(values) == 3


@pytest.mark.long
def test_remedies_are_the_first_rows_of_who_must_act(found, made):
    heading, columns, rows = made.remedies
    table = gaps_table(found).head(REMEDIES)
    assert str(len(found.gaps)) in heading
    assert len(rows) == len(table) > 0
    for shown, told in zip(rows, table.to_dict("records"), strict=True):
        named = dict(zip(columns, shown, strict=True))
        assert named["Place"] == told["Place"]
        assert named["Who does it"] == told["Who does it"]
        assert named[columns[-1]] == told[columns[-1]]
        assert float(named["Beyond limit"].replace(",", "")) == told["Beyond limit"]


@pytest.mark.long
def test_word_and_html_say_the_same(made):
    page = re.sub(r"<style>.*?</style>|<[^>]*>", "\n", briefing_html(made), flags=re.DOTALL)
    texts = "\n".join(word_texts(briefing_docx(made, AT)))
    said = [made.title, *made.finding, *(each for pair in made.figures for each in pair)]
    said += [cell for row in made.remedies[2] for cell in row] + list(made.unknown)
    for each in said:
        assert each in texts
        assert each.replace("'", "&#x27;").replace('"', "&quot;") in page or each in page


def test_the_html_asks_for_nothing_outside(made):
    page = briefing_html(made)
    assert 'src="data:image/png;base64,' in page
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", page)
    assert "size: A4" in page


@pytest.mark.long
def test_two_runs_give_the_same_file(found, made):
    again = briefing(found, at=AT.date())
    assert briefing_html(again) == briefing_html(made)
    first, second = (zipfile.ZipFile(io.BytesIO(briefing_docx(each, AT))) for each in (made, again))
    for name in first.namelist():
        assert first.read(name) == second.read(name), name


@pytest.mark.long
@pytest.mark.skipif(chinese_font() is None, reason="this machine has no Chinese font")
def test_in_chinese_nothing_of_the_document_is_english(found):
    chinese = briefing(found, "zh", at=AT.date())
    assert "简报" in chinese.title
    for line in (*chinese.finding, *chinese.unknown, chinese.caption, chinese.remedies[0]):
        assert re.search(r"[一-鿿]", line), line
    assert "内部使用" in "".join(text.get_text() for text in chinese.map.texts)
    numbered = briefing(found, "zh", number="GS(2026)1号")
    assert "GS(2026)1号" in "".join(text.get_text() for text in numbered.map.texts)


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_estimated_demand_is_never_called_people(language):
    estimated = town("weight")
    made = briefing(who_must_act(planner.assess(estimated, "gb50180-2018")), language)
    page = re.sub(r"<style>.*?</style>|<[^>]*>", "\n", briefing_html(made), flags=re.DOTALL)
    names = [*estimated.communities["name"], *estimated.facilities["name"]]
    for name in filter(None, names):
        page = page.replace(name, "")
    assert not PEOPLE.search(page), PEOPLE.search(page)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_limit_that_is_assumed_and_rules_of_elsewhere_are_never_left_out(found, language):
    assert any(rule.basis == "assumption" for rule in found.assessment.standard.rules.values())
    unknown = "\n".join(briefing(found, language).unknown)
    assert Labels(language).kind("police_room") in unknown
    elsewhere = replace(found.assessment)
    vars(elsewhere)["findings"] = (Finding(OF_CHINA, {"standard": "gb50180-2018"}),)
    told = "\n".join(briefing(replace(found, assessment=elsewhere), language).unknown)
    assert ("rules of China" if language == "en" else "中国") in told


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_data_say_against_a_figure_is_among_what_is_not_known(found, language):
    doubted = replace(found.assessment)
    near = Finding("district.facilities_near", {"count": 1, "metres": 100, "names": "f1, f2"})
    vars(doubted)["findings"] = (*found.assessment.findings, near)
    told = "\n".join(briefing(replace(found, assessment=doubted), language).unknown)
    assert Labels(language, door=PAPER).finding(near) in told


def test_long_texts_take_room_of_the_map_so_that_the_page_stays_one(found, made):
    mm = 25.4 * made.map.get_figheight()
    assert mm == pytest.approx(_map_mm(*made.finding, *made.unknown, *made.sources))
    assert _map_mm("a" * MOST_LETTERS) == MAP.height_mm == _map_mm("字" * (MOST_LETTERS // 2))
    lower = _map_mm("a" * MOST_LETTERS, "b" * 105)
    assert lower == pytest.approx(MAP.height_mm - 4.5)
    assert _map_mm("a" * MOST_LETTERS * 9) == LOW_MM < lower


def test_where_nothing_is_judged_there_is_no_briefing(found):
    result = found.assessment
    nothing = replace(result, standard=replace(result.standard, rules={}))
    with pytest.raises(InputError, match="nothing to tell"):
        briefing(replace(found, assessment=nothing))


def test_the_verb_writes_word_or_html(tmp_path, capsys):
    workspace = write_district(town(), tmp_path / "town.gpkg")
    for name in ("brief.docx", "brief.html"):
        out = tmp_path / name
        assert _exit("brief", workspace, "--out", out) == 0
        assert out.stat().st_size > 20_000
    assert "Briefing on" in capsys.readouterr().out
    assert _exit("brief", workspace, "--out", tmp_path / "brief.txt") == 2


def _exit(*arguments: object) -> object:
    """Return the exit code of the command."""
    with pytest.raises(SystemExit) as ended:
        main([str(each) for each in arguments])
    return ended.value.code


def test_signs_that_no_document_may_hold_are_left_out(made):
    first, *more = made.remedies[2]
    rows = (("\x0bPlace\x00", *first[1:]), *more)
    odd = replace(made, title="Town\x07 A", remedies=(*made.remedies[:2], rows))
    texts = word_texts(briefing_docx(odd, AT))
    assert {"Town A", "Place"} <= set(texts)


def test_a_share_whose_counts_are_withheld_in_part_is_withheld():
    hidden = planner.assess(town().withhold(2), "gb50180-2018")
    labels, whole = Labels("en"), completeness(hidden).iloc[-1]
    assert labels.share(whole["share"], all_of(whole)) == f"{whole['share']:.1%}"
    part = whole.where(whole.index != "unknown")
    assert labels.share(whole["share"], all_of(part)) == labels.message("small_numbers.withheld")


def test_a_range_whose_ends_are_told_alike_is_one_figure():
    row = {"covered": 53_160.0, "uncovered": 46_835.0, "unknown": 5.0, "share": 0.53163}
    ends = {"share_low": 0.53160, "share_high": 0.53165}
    for language in ("en", "zh"):
        said = range_line(row | ends, Labels(language))
        assert said.count("53.2%") == 1
    wide = range_line(row | ends | {"share_high": 0.54}, Labels("en"))
    assert "between 53.2%" in wide
    assert "54.0%" in wide


def _border_lines(district, language="en") -> list[str]:
    made = briefing(who_must_act(planner.assess(district, "gb50180-2018")), language)
    words = {"en": "may be served from beyond", "zh": "可能由界外设施服务"}
    return [line for line in made.unknown if words[language] in line]


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_data_that_ends_at_the_border_is_told_where_it_touches_the_figures(language):
    district = town()
    codes = {each.code for each in check_data(district).problems}
    effect = border_effect(planner.assess(district, "gb50180-2018"))
    ends = {"data_check.border_streets", "data_check.border_facilities"} & codes
    assert (effect.streets, effect.facilities) == tuple(
        f"data_check.border_{name}" in codes for name in ("streets", "facilities")
    )
    assert ends
    assert effect.homes > 0
    (line,) = _border_lines(district, language)
    assert str(effect.homes) in line


@pytest.mark.long
def test_a_border_beyond_which_all_is_known_is_not_told():
    district = town()
    union = shapely.union_all(district.communities.geometry.to_numpy())
    west, south, east, north = union.bounds
    ring = shapely.box(west - 250, south - 250, east + 250, north + 250).exterior
    legs = [
        shapely.LineString([spot, shapely.ops.nearest_points(ring, spot)[0]])
        for spot in shapely.points(
            [(x, y) for x in np.arange(west, east + 1, 50.0) for y in (south, north)]
            + [(x, y) for x in (west, east) for y in np.arange(south, north + 1, 50.0)]
        )
    ]
    streets = gpd.GeoDataFrame(
        {"street_id": [f"x{n}" for n in range(len(legs) + 1)]},
        geometry=[shapely.LineString(ring.coords), *legs],
        crs=district.crs,
    )
    outside = district.facilities.iloc[:1].assign(
        facility_id="outside", geometry=[shapely.Point(west - 200, south - 200)]
    )
    wider = district.with_layers(
        streets=pd.concat([district.streets, streets], ignore_index=True),
        facilities=pd.concat([district.facilities, outside], ignore_index=True),
    )
    effect = border_effect(planner.assess(wider, "gb50180-2018"))
    assert (effect.streets, effect.facilities, effect.homes) == (False, False, 0)
    assert _border_lines(wider) == []


def test_a_border_far_from_all_who_lack_something_is_not_told():
    """All who lack a kind live farther from the border than its limit."""
    district = town()
    union = shapely.union_all(district.communities.geometry.to_numpy())
    wide = district.communities.iloc[[0]].assign(geometry=[shapely.buffer(union, 5000)])
    homes = district.demand.assign(community_id=wide["community_id"].iloc[0])
    effect = border_effect(
        planner.assess(district.with_layers(communities=wide, demand=homes), "gb50180-2018")
    )
    assert effect.facilities
    assert effect.homes == 0
