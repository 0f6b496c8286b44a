"""What the pages show, run by Streamlit without a browser."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from planner.app.session.answers import assessments
from planner.app.session.answers.assessments import Question
from planner.app.session.catalogue import catalogue
from planner.errors import InputError


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def whole(app):
    """Return a page that nothing went wrong on."""
    assert not app.exception
    assert not app.error, [each.value for each in app.error]
    return app


def address(app) -> dict[str, str]:
    """Return the query string; a value comes as a list from some versions of Streamlit."""
    pairs = app.query_params.items()
    return {name: value if isinstance(value, str) else value[0] for name, value in pairs}


def test_figures_of_the_town(open_app):
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    assert not app.exception
    # homes at 50, 150 and 250 m along the street with an access leg of 10 m are within 300 m
    assert metrics(app) == {
        "Coverage rate": "30.0%",
        "Within limit": "30",
        "Beyond limit": "70",
        "Unknown": "10",
        "Median distance": "460 m",
        "Communities with none inside": "1 of 2",
    }
    assert not app.error


def test_the_table_lists_the_worst_community_first(open_app):
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    table: pd.DataFrame = app.dataframe[0].value
    assert list(table["name"]) == ["East", "West"]
    assert list(table["uncovered"]) == [50.0, 20.0]
    # of East more than a tenth is unknown: no share is told for the whole, but its range
    assert [share.strip("\u2007") for share in table["share"]] == ["0.0%–16.7%", "60.0%"]


def test_the_ranking_of_communities_says_what_it_ranks_by(open_app):
    app = open_app("overview", district="town.gpkg", lang="en")
    headings = (each.proto.columns for each in app.dataframe)
    ranking = next(each for each in headings if "Lack a kind" in each)
    assert "Coverage rate" not in ranking, "that is of one kind"
    assert "All kinds near" in ranking
    told = [tab.label for tab in app.tabs]
    assert "Communities, the most who lack a kind first" in told


def test_the_table_of_communities_says_what_it_ranks_by(open_app):
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    assert any("how many are beyond the limit" in text.value for text in app.caption)


@pytest.mark.long
def test_group_and_standard_change_the_figures(open_app):
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    app.selectbox(key="pick_group").select("pop_65plus").run()
    assert metrics(app)["Within limit"] == "3"
    app.selectbox(key="pick_standard").select("15-minute").run()
    assert metrics(app)["Coverage rate"] == "100.0%"
    assert address(app)["group"] == "pop_65plus"
    assert address(app)["standard"] == "15-minute"


def test_the_address_opens_what_its_sender_saw(open_app):
    sent = {
        "district": "town.gpkg",
        "standard": "15-minute",
        "kind": "library",
        "group": "pop_65plus",
        "lang": "zh",
    }
    app = open_app(**sent)
    assert {name: app.selectbox(key=f"pick_{name}").value for name in sent if name != "lang"} == {
        name: value for name, value in sent.items() if name != "lang"
    }
    assert address(app) == sent | {"click": "community"}


def test_language_switch_rewords_everything_and_keeps_the_choices(open_app):
    app = open_app(district="town.gpkg", kind="police_room", lang="en")
    app.segmented_control(key="pick_lang").select("zh").run()
    assert not app.exception
    assert "覆盖率" in metrics(app)
    assert app.selectbox(key="pick_kind").value == "police_room"
    assert app.selectbox(key="pick_kind").label == "设施类别"
    assert address(app)["lang"] == "zh"


def test_a_kind_without_a_rule_is_not_judged(open_app):
    app = open_app(district="town.gpkg", kind="canteen", lang="en")
    assert metrics(app) == {
        "Unknown": "10",
        "Median distance": "460 m",
        "Communities with none inside": "1 of 2",
        "Limit": "not judged",
    }
    assert not {"share", "uncovered"} & set(app.dataframe[0].value)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_estimates_are_never_called_residents(open_app, lang):
    app = open_app(district="estimated.gpkg", lang=lang)
    words = [part.value for part in (*app.markdown, *app.caption)]
    words += [str(column) for column in app.dataframe[0].value.columns]
    words += list(app.selectbox(key="pick_group").options)
    residents, estimated = ("Residents", "Estimated") if lang == "en" else ("居民数", "估算")
    assert any(estimated in word for word in words)
    assert residents not in app.selectbox(key="pick_group").options


def test_synthetic_places_and_credits_are_named(open_app):
    app = open_app(district="town.gpkg", lang="en")
    words = "\n".join(part.value for part in (*app.markdown, *app.caption))
    assert "this place is made up" in words
    assert "River Town survey" in words
    assert "secondary text" in words


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "Open the demo district"), ("zh", "打开示例区")]
)
def test_a_broken_file_says_so_and_shows_a_way_back(open_app, workspaces, lang, words):
    app = open_app(district="broken.gpkg", lang=lang)
    assert not app.exception
    assert len(app.error) == 1
    assert "broken" in app.error[0].value
    assert workspaces.name not in app.error[0].value
    assert words in [button.label for button in app.button]
    assert not app.metric


@pytest.mark.long
def test_the_address_names_ids_never_paths(open_app, workspaces):
    for asked in (str(workspaces / "town.gpkg"), "../town.gpkg", "notes.txt", "nowhere.gpkg"):
        app = open_app(district=asked, lang="en")
        assert app.selectbox(key="pick_district").value == "demo"
        assert address(app)["district"] == "demo"
        assert "no file here is called so" in app.warning[0].value


def test_shared_data_is_not_changed(open_app, workspaces):
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    entry = catalogue(workspaces)["town.gpkg"]
    question = Question(entry, "gb50180-2018")
    district = assessments.district(entry)
    layers = {name: layer.to_json() for name, layer in district.layers.items()}
    league = assessments.league(question, "community").copy()
    app.selectbox(key="pick_kind").select("police_room").run()
    app.segmented_control(key="pick_lang").select("zh").run()
    assert assessments.district(entry) is district
    assert {name: layer.to_json() for name, layer in district.layers.items()} == layers
    pd.testing.assert_frame_equal(assessments.league(question, "community"), league)


def test_a_broken_computation_tells_nothing_of_the_server(open_app, monkeypatch):
    def fail(*_):
        raise RuntimeError("secret of the server")

    monkeypatch.setattr(assessments, "assessment", fail)
    app = open_app(district="town.gpkg", lang="en")
    assert "not foreseen" in app.error[0].value
    assert "secret" not in app.error[0].value
    assert not app.exception


def test_what_breaks_on_a_later_choice_is_told_too(open_app, monkeypatch):
    def fail(*_):
        raise InputError("app.no_data_folder", file="gone")

    app = open_app(district="town.gpkg", lang="en")
    monkeypatch.setattr(assessments, "figures", fail)
    app.selectbox(key="pick_group").select("pop_65plus").run()
    assert "no folder gone" in app.error[0].value.replace("\\", "")
    assert not app.exception


def _other_page(page: str, name: str, language: str) -> None:
    """Draw one page by itself; runs as a script of its own."""
    import os
    from importlib import import_module
    from pathlib import Path

    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))[name]
    context = Context(Labels(language), entry, "gb50180-2018")
    import_module(f"planner.app.pages.{page}.page").page(context)


def run_page(page: str, language: str) -> AppTest:
    words = (page, "town.gpkg", language)
    return AppTest.from_function(_other_page, args=words, default_timeout=120).run()


def test_all_kinds_page_has_a_row_for_each_kind(monkeypatch, workspaces):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    app = run_page("kinds", "zh")
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value.set_index("kind")
    assert table.loc["社区卫生服务站", ["share", "covered", "limit"]].tolist() == [
        30.0,
        30.0,
        "300 米",
    ]
    assert table.loc["社区食堂", "limit"] == "不评判"


def test_data_page_names_every_layer_and_its_source(monkeypatch, workspaces):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    app = run_page("data", "en")
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value.set_index("layer")
    assert table.loc["Streets", ["rows", "source", "licence"]].tolist() == [1, "hand", "ODbL-1.0"]
    assert table.loc["Homes", "rows"] == 11


def test_a_profile_of_walking_changes_figures_and_says_whose_walk_it_is(open_app):
    app = open_app(district="town.gpkg", kind="clinic", lang="en", walk="wheelchair")
    assert not app.exception
    assert address(app)["walk"] == "wheelchair"
    # no street of the town tells anything that shuts it: the figures are everyone's
    assert metrics(app)["Within limit"] == "30"
    said = " ".join(each.value for each in app.markdown)
    assert "of 30 within the limit as everyone walks 0 are beyond it for this profile" in said
    assert "Whose walk" in [box.label for box in app.selectbox]
    app.multiselect(key="input_off_wheelchair").select("steps").run()
    assert not app.exception
    assert address(app)["off_wheelchair"] == "steps"
    app.selectbox(key="pick_walk").select("").run()
    assert not [each for each in app.markdown if "as everyone walks" in each.value]


def test_a_row_of_the_table_opens_its_community(open_app, monkeypatch):
    from planner.app.pages.coverage import area_table
    from planner.app.widgets import tables

    drawn: dict[str, dict] = {}
    shown = tables.draw

    def draw(context, table, key, **given):
        drawn[key] = given
        shown(context, table, key, **given)

    monkeypatch.setattr(tables, "draw", draw)
    app = open_app(district="town.gpkg", kind="clinic", lang="en")
    told = "A ticked row opens the community's figures."
    assert any(each.value.endswith(told) for each in app.caption)
    # the worst is the first row, and a row is known by where its page lies
    worst_first = {"addresses": ["c.360702001002", "c.360702001001"]}
    assert drawn["table_community"]["take"].keywords == worst_first

    def ticked() -> None:
        from types import SimpleNamespace

        import streamlit as st

        from planner.app.pages.coverage import area_table
        from planner.app.session import choices

        st.session_state["rows"] = SimpleNamespace(selection=SimpleNamespace(rows=[1]))
        area_table.open_row("rows", ["c.east", "c.west"])
        st.write(choices.choices()["place"])

    assert AppTest.from_function(ticked).run().markdown[0].value == "c.west"
    assert drawn["table_community"]["take"].func is area_table.open_row


def test_a_page_that_does_not_end_is_told():
    """A test of the tests: how ``tests/conftest.py`` waits for a page still ends."""
    with pytest.raises(RuntimeError, match="timed out"):
        AppTest.from_string("import time; time.sleep(1)").run(timeout=0.1)
