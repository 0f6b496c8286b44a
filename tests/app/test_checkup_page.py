"""What the pages of the check-up and of the standards show, run without a browser."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from effort import few
from streamlit.testing.v1 import AppTest
from towns import town

from planner import assess, demo_district
from planner.analysis.compliance.checkup import checkup as checkup_of
from planner.app.pages.checkup import scores
from planner.app.pages.checkup.scores import card_height
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.checkup import checkup, checkup_card
from planner.app.session.catalogue import catalogue
from planner.app.session.reader import own_standards
from planner.district import District, builtin_kinds, builtin_standards
from planner.district.weights import default_weights, weights_toml
from planner.errors import InputError
from planner.sources import write_district
from planner.sources.kept_files import ChangedMeanwhileError
from planner.views.exports.analysis.card import card_html


def draw(name: str, language: str, standard: str) -> None:
    """Draw a page by itself; runs as a script of its own."""
    import importlib
    import os
    from pathlib import Path

    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    page = importlib.import_module(f"planner.app.pages.{name}.page")
    page.page(Context(Labels(language), entry, standard))


@pytest.fixture
def open_page(workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))

    def opened(name: str, language: str = "en", standard: str = "gb50180-2018") -> AppTest:
        args = (name, language, standard)
        app = AppTest.from_function(draw, args=args, default_timeout=120).run()
        assert not app.exception
        return app

    return opened


@pytest.mark.parametrize(
    ("language", "score", "clause"), [("en", "Score", "Requirement"), ("zh", "得分", "考核项")]
)
def test_scores_and_clauses_are_listed(open_page, language, score, clause):
    app = open_page("checkup", language)
    assert not app.error
    tables = [table.value for table in app.dataframe]
    assert score in tables[0]
    assert len(tables[0]) == 2
    assert any(clause in table for table in tables)
    for table in tables:
        assert not [heading for heading in table if "_" in str(heading)]


@pytest.mark.long
def test_weights_change_the_scores(open_page):
    app = open_page("checkup")
    before = app.dataframe[0].value["Score"].to_list()
    app.number_input(key="checkup_weight_residents").set_value(500.0).run()
    assert not app.exception
    assert app.dataframe[0].value["Score"].to_list() != before
    for name in default_weights().requirement:
        app.number_input(key=f"checkup_weight_{name}").set_value(0.0)
    app.run()
    assert "no requirement has any weight" in app.error[0].value


@pytest.mark.long
def test_a_weight_that_counts_nothing_is_told(open_page, monkeypatch):
    assert not [each for each in open_page("checkup").warning if "counts nothing" in each.value]
    own = replace(default_weights(), group={"pop_martian": 9.0})
    monkeypatch.setattr("planner.app.pages.checkup.weights.default_weights", lambda: own)
    told = [each.value for each in open_page("checkup").warning]
    assert any("martian counts nothing here" in each for each in told)


@pytest.mark.long
def test_a_card_is_made_once_for_all(workspaces):
    question = Question(catalogue(workspaces)["town.gpkg"], "gb50180-2018")
    asked = (question, "community", weights_toml(default_weights()))
    assert checkup(*asked) is checkup(*asked)
    html = checkup_card(*asked, "360702001001", "zh", False, dt.date(2026, 2, 28))
    assert "体检卡" in html
    assert "West" in html
    assert "2026年2月28日" in html
    later = checkup_card(*asked, "360702001001", "zh", False, dt.date(2026, 3, 1))
    assert "2026年3月1日" in later, "not the card of the day before"


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
def test_standards_are_listed_and_compared(open_page, language):
    app = open_page("standards", language)
    assert not app.error
    listed = app.dataframe[0].value
    assert "gb50180-2018" in listed["id"].to_list()
    assert "blank" not in listed["id"].to_list()
    assert app.dataframe[3].value.shape[1] == 4


def test_an_own_standard_is_judged_by(open_page):
    app = open_page("standards")
    key = next(each.key for each in app.text_input if str(each.key).startswith("standards_en_"))
    app.text_input(key=key).set_value("Ours").run()
    app.button(key="standards_use").click().run()
    assert not app.exception
    own = app.session_state["planner_choices"]["standard"]
    assert own_standards.find(own).en == "Ours"
    assert own_standards.find(own).rules == builtin_standards()["gb50180-2018"].rules
    judged = open_page("checkup", standard=own)
    assert not judged.error
    assert any("Ours" in each.value for each in judged.markdown)
    assert open_page("help", standard=own)


@pytest.mark.long
def test_an_empty_name_is_refused(open_page):
    app = open_page("standards")
    key = next(each.key for each in app.text_input if str(each.key).startswith("standards_en_"))
    app.text_input(key=key).set_value("").run()
    assert not app.exception
    assert "is missing" in app.error[0].value


def test_windows_never_write_over_each_others_standards(monkeypatch, tmp_path):
    monkeypatch.setattr(own_standards, "_KNOWN", {})
    monkeypatch.setattr(own_standards.st, "session_state", {})
    base = builtin_standards()["15-minute"]
    first, second = (own_standards.add(replace(base, id="ours", en=name)) for name in "AB")
    assert first != second
    assert [own_standards.find(own).en for own in (first, second)] == ["A", "B"]
    monkeypatch.setattr(own_standards, "_sum", lambda text, digits=16: "0" * digits)
    own_standards.add(replace(base, id="ours", en="A"))
    with pytest.raises(ChangedMeanwhileError):  # a text that was made to have the same sum
        own_standards.add(replace(base, id="ours", en="B"))


def test_own_standards_survive_a_restart(monkeypatch, tmp_path):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "kept"))
    monkeypatch.setattr(own_standards, "KEPT", 0)  # as after a restart, none is in memory
    monkeypatch.setattr(own_standards.st, "session_state", {})
    own = own_standards.add(replace(builtin_standards()["15-minute"], id="ours", en="Ours"))
    assert own_standards.find(own).en == "Ours"
    file = tmp_path / "kept" / "standards" / f"{own}.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed", encoding="utf-8")
    with pytest.raises(InputError):  # what it asked for is not what its name says
        own_standards.find(own)


@pytest.mark.parametrize("name", ["../x-01234567", "a/b-01234567", "x" * 60 + "-01234567", ""])
def test_an_id_of_a_standard_is_never_a_path(monkeypatch, tmp_path, name):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path))
    with pytest.raises(InputError):
        own_standards.find(name)


def test_unknown_standards_are_refused():
    with pytest.raises(InputError):
        own_standards.find("nobody-0123")


@pytest.mark.long
def test_a_range_of_the_score_has_the_decimals_of_the_score(open_page, monkeypatch):
    monkeypatch.setattr(scores, "_spans", lambda *_: [])  # of the town all is known
    (table, *_) = open_page("checkup", "zh").dataframe
    columns = json.loads(table.proto.columns)
    shown = {columns[name]["type_config"]["format"] for name in ("得分", "最低得分", "最高得分")}
    assert shown == {"%.1f"}


@pytest.mark.long
def test_a_district_of_one_community_is_not_ranked(open_app, workspaces):
    layers = dict(town().layers)
    whole = layers["communities"].dissolve().assign(community_id="360702001001", subdistrict="")
    layers["communities"] = whole
    layers["demand"] = layers["demand"].assign(community_id="360702001001")
    alone = District.from_layers("Alone", layers, complete=builtin_kinds())
    file = write_district(alone, workspaces / "alone.gpkg")
    try:
        app = open_app("checkup", district="alone.gpkg", lang="en")
        assert not app.exception
        assert "Rank" not in app.dataframe[0].value
        assert "checkup_area_community" not in app.session_state
        assert any("nothing is ranked" in each.value for each in app.caption)
    finally:
        file.unlink()
    app = open_app("checkup", district="town.gpkg", lang="en")
    assert "Rank" in app.dataframe[0].value


@pytest.mark.long
def test_one_subdistrict_of_several_communities_is_not_called_one_community(open_page):
    app = open_page("checkup")
    app.session_state["checkup_level"] = "subdistrict"
    app.run()
    assert not app.exception
    assert len(app.dataframe[0].value) == 1
    assert "Rank" not in app.dataframe[0].value
    assert not any("nothing is ranked" in each.value for each in app.caption)


HEADS = """() => [...document.querySelectorAll(".columns > *")].map(
  column => column.firstElementChild.matches("h2") && column.firstElementChild.offsetTop)"""


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_a_card_is_whole_in_its_frame(browser, language, tmp_path):
    """Beside the table, on a screen of 1366 pixels; the foot tells what the score rests on."""
    made = checkup_of(assess(demo_district()))
    tab = browser.new_page(viewport={"width": 538, "height": 400})
    for area in made.scores.index[:4]:
        file = tmp_path / "card.html"
        file.write_text(card_html(made, area, language, links=False), encoding="utf-8")
        tab.goto(file.as_uri())
        high = tab.evaluate("document.documentElement.scrollHeight")
        assert high <= card_height(made, language) < high + 300
        heads = tab.evaluate(HEADS)
        assert len(heads) == 2
        assert len(set(heads)) == 1, "both columns begin with a heading, at one height"
    tab.close()


@pytest.mark.long
@pytest.mark.parametrize(("area", "shown"), [(None, True), (600.0, False)])
def test_what_is_short_at_the_least_and_most_stands_there_where_it_is_not_known(
    tmp_path, monkeypatch, area, shown
):
    # the one sports ground stands in West, where 130 m² are asked for 50 residents
    here = town()
    facilities = here.facilities.assign(kind=["sports", "canteen"], floor_area_m2=[area, 600.0])
    write_district(here.with_layers(facilities=facilities), tmp_path / "town.gpkg")
    monkeypatch.setenv("PLANNER_DATA", str(tmp_path))
    drawn = []
    monkeypatch.setattr(scores.tables, "draw", lambda *given, **how: drawn.append((given, how)))
    args = ("checkup", "en", "national-floor-area")
    app = AppTest.from_function(draw, args=args, default_timeout=120).run()
    assert not app.exception
    ((_, table, _), how) = next(each for each in drawn if each[0][2] == "checkup_clauses")
    headings = ["Short by, at least", "Short by, at most"]
    assert [each for each in how["first"] if each in headings] == headings * shown
    if shown:
        west = table[table["Name"].eq("West") & table["Short by, at most"].notna()]
        assert west[headings].to_numpy().tolist() == [[0.0, 130.0]]
        assert west["Short by"].isna().all()
