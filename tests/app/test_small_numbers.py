"""Every page as somebody sees it from whom small counts of groups are withheld."""

from functools import cache

import pytest
from effort import few
from latin_words import latin_words, shown
from towns import town

from planner import assess
from planner.app.main import PAGES
from planner.app.server.settings import configuration
from planner.app.session.answers.cache import SHARED
from planner.district import builtin_standards
from planner.views.words.labels import Labels

ADDRESSES = [leaf.path for leaves in PAGES.values() for leaf in leaves]


@cache
def own_names() -> str:
    """Return names of the town's own, which stay as they are, and ids that commands ask for."""
    here = town()
    names = [source.source + source.attribution for source in here.sources]
    for layer in here.layers.values():
        names += [*layer.get("name", ()), *layer.get("subdistrict", ())]
    return " ".join([*names, here.name, *builtin_standards()])


def own(folder) -> str:
    """Return the names of the town, and of files in the folder that pages list."""
    return " ".join([own_names(), *(file.stem for file in folder.iterdir())])


PARTS = ("layers", "kinds", "correct", "update", "add", "take")


@pytest.fixture
def withheld(tmp_path, monkeypatch):
    """Let nobody upload, who is then a viewer, and withhold counts below 5 from viewers."""
    file = tmp_path / "server.toml"
    file.write_text("[server]\nuploads = false\n[small_numbers]\n", encoding="utf-8")
    monkeypatch.setenv(configuration.VARIABLE, str(file))
    SHARED.clear()
    yield
    SHARED.clear()


def said(app) -> str:
    kinds = (app.markdown, app.caption, app.metric, app.dataframe, app.error, app.warning)
    return "\n".join(str(each.value) for kind in kinds for each in kind)


TOLD = {"en": "Counts of groups below 5 are withheld", "zh": "低于 5 人的人群计数已隐去"}
SILENT = ("districts", "standards", "help")
"""Pages without counts."""

TURNS = [("zh", page) for page in ADDRESSES] + [
    ("en", page) for page in ADDRESSES if page not in SILENT
]
"""Each page in either language; a long run opens them all."""


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("language", "page"), few(TURNS, 9))
def test_each_page_says_that_counts_are_withheld(withheld, open_app, workspaces, page, language):
    asked = {"group": "pop_65plus", "kind": "clinic", "sites": "1"}
    app = open_app(page, district="town.gpkg", **asked, lang=language)
    assert not app.exception, app.exception
    assert not app.error, [each.value for each in app.error]
    assert (TOLD[language] in said(app)) == (page not in SILENT)
    if language == "zh":
        assert not latin_words(app, own(workspaces))
        assert not [each for each in shown(app) if "。 " in each]  # sentences have no blank between


def test_latin_words_are_seen_in_text_and_tables(open_app, workspaces):
    app = open_app("kinds", district="town.gpkg", lang="en")
    found = {each.partition(":")[0] for each in latin_words(app, own(workspaces))}
    assert {"Language", "Coverage", "Police", "judged"} <= found  # label, heading, cell, cell


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_data_page_holds_a_home_s_count(withheld, open_app, workspaces, part):
    app = open_app("data", district="town.gpkg", part=part, layer="demand", lang="zh")
    assert not app.exception, app.exception
    assert not latin_words(app, own(workspaces))
    for table in app.dataframe:
        counted = [name for name in table.value if str(name).startswith("pop_")]
        assert table.value[counted].isna().all(axis=None)


def test_who_may_change_data_sees_them(open_app):
    app = open_app("data", district="town.gpkg", part="layers", layer="demand", lang="en")
    assert "are withheld" not in said(app)
    assert any("pop_65plus" in table.value for table in app.dataframe)


@pytest.mark.long
@pytest.mark.parametrize(("language", "hidden"), [("en", "withheld"), ("zh", "已隐去")])
def test_a_key_figure_that_is_withheld_is_not_called_unknown(withheld, open_app, language, hidden):
    asked = {"group": "pop_65plus", "kind": "clinic", "lang": language}
    app = open_app("coverage", district="town.gpkg", **asked)
    figures = [each.value for each in app.metric]
    assert hidden in figures, figures  # one resident whose distance is not known
    assert not {"unknown", "未知"} & set(figures)


def test_columns_that_are_withheld_are_not_called_not_filled_in(withheld, open_app):
    app = open_app("data", district="town.gpkg", part="layers", layer="demand", lang="en")
    (caption,) = [each.value for each in app.caption if "The first" in each.value]
    filled, _, hidden = caption.partition("Withheld in all of these rows")
    assert "65" in hidden, caption
    assert "65" not in filled, caption


@pytest.mark.long
@pytest.mark.parametrize(("language", "hidden"), [("en", "withheld"), ("zh", "已隐去")])
def test_rings_around_a_place_say_that_a_count_is_withheld(withheld, open_app, language, hidden):
    home = town().demand.geometry.iloc[3]
    asked = {"group": "pop_65plus", "kind": "clinic", "place": f"w.{home.x},{home.y}"}
    app = open_app("coverage", district="town.gpkg", lang=language, **asked)
    assert not app.exception
    (rings,) = [each.value for each in app.caption if each.value.count("375") == 1]
    assert [hidden in line for line in rings.splitlines()] == [False, True, True], rings


@pytest.mark.long
@pytest.mark.parametrize(
    ("page", "name", "share"),
    [("kinds", "kind", "share"), ("overview", "name", "covered"), ("coverage", "name", "share")],
)
def test_no_share_stands_beside_a_count_that_is_withheld(withheld, open_app, page, name, share):
    asked = {"group": "pop_65plus", "kind": "clinic", "lang": "en"}
    hidden = assess(town().withhold(5), groups=["population", "pop_65plus"])
    rows = hidden.summary().query("group == 'pop_65plus' and kind == 'clinic'")
    assert rows["unknown"].isna().all()
    assert rows["share_low"].notna().all()  # else there would be nothing to hide
    areas = hidden.league("community", "clinic").query("group == 'pop_65plus'")
    gone = areas[["covered", "uncovered", "unknown"]].isna().any(axis=1)
    withheld_in = areas.loc[gone & areas["share_low"].notna(), "name"]
    assert len(withheld_in)
    app = open_app(page, district="town.gpkg", **asked)
    tables = [each.value for each in app.dataframe if {name, share} <= set(each.value)]
    told = withheld_in if page == "coverage" else [Labels("en").kind("clinic")]
    table = next(each for each in tables if set(told) <= set(each[name]))
    assert table.loc[table[name].isin(told), share].isna().all()
