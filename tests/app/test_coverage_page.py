"""The page Coverage, run by Streamlit without a browser: places searched for, and clicks."""

import math
from types import SimpleNamespace

import pytest
from towns import EAST, NORTH, town

from planner.app.pages.coverage.place import _verdict
from planner.app.widgets import map_view
from planner.app.widgets.map_view import Pick
from planner.views.maps.base.bounds import bounds_of
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels


def searched(app, text: str):
    app.text_input(key="place_search").set_value(text).run()
    assert not app.exception
    return app


def place(app) -> str:
    return app.session_state["planner_choices"].get("place", "")


def test_a_community_that_is_searched_for_has_its_card_until_it_is_put_away(open_app):
    app = searched(open_app("coverage", district="demo", kind="clinic", lang="en"), "钟楼")
    assert place(app).startswith("c.")
    app.text_input(key="place_search").set_value("")
    app.button(key="place_back").click().run()
    assert not app.exception
    assert not place(app)


def test_the_map_goes_to_the_community_that_is_chosen_and_back(open_app, monkeypatch):
    seen = []
    monkeypatch.setattr(map_view, "show", lambda *_, look_at=None, **__: seen.append(look_at))
    community = town().communities
    app = open_app("coverage", district="town.gpkg", place=f"c.{community['community_id'].iloc[0]}")
    assert seen[-1] == bounds_of(community.iloc[:1])
    app.button(key="place_back").click().run()
    assert seen[-1] is None


def test_of_several_that_fit_another_can_be_picked(open_app):
    app = searched(open_app("coverage", district="demo", kind="clinic", lang="en"), "服务站")
    (offered,) = [each for each in app.button_group if "place_found" in (each.key or "")]
    assert len(offered.options) > 1
    first = place(app)
    offered.set_value(1).run()
    assert not app.exception
    assert place(app) != first


def test_what_is_nowhere_is_told_and_changes_nothing(open_app):
    app = searched(open_app("coverage", district="demo", kind="clinic", lang="en"), "Atlantis")
    assert [each.value for each in app.info if "Nothing of that name" in each.value]
    assert not place(app)


@pytest.mark.parametrize(
    ("pick", "clicks", "found"),
    [
        (Pick("community", "360702001001", EAST, NORTH, 1.0), "community", "c.360702001001"),
        (Pick("community", "360702001001", 390044, 2860010, 1.0), "walk", "w.390050.00,2860010.00"),
        (Pick("home", "d1", 390050, 2860010, 1.0), "community", "c.360702001001"),
        (Pick("home", "d1", 390050, 2860010, 1.0), "walk", "w.390150.00,2860010.00"),
        (Pick("facility", "c1", 390100, 2860090, 1.0), "community", "w.390100.00,2860090.00"),
        (Pick("place", "", 390100, 2860090, 1.0), "walk", "w.390100.00,2860090.00"),
    ],
    ids=["a community", "close to a home", "at a home", "a home", "a facility", "anywhere"],
)
def test_a_click_asks_about_what_it_means(open_app, monkeypatch, pick, clicks, found):
    asked = [pick]

    def show(*_, on_pick, **__):
        if asked:
            on_pick(asked.pop())

    monkeypatch.setattr(map_view, "show", show)
    app = open_app("coverage", district="town.gpkg", kind="clinic", lang="en", click=clicks)
    assert not app.exception
    assert place(app) == found


@pytest.mark.parametrize(
    ("judged_m", "best_m", "verdict"),
    [
        (300.0, 300.0, "within limit"),
        (750.0, 50.0, "not known"),
        (math.inf, 50.0, "not known"),
        (math.nan, math.nan, "not known"),
        (750.0, 301.0, "450 m too far"),
        (math.inf, math.inf, "cannot be reached"),
    ],
)
def test_a_place_is_judged_as_a_home_there(judged_m, best_m, verdict):
    labels = Labels("en", door=BROWSER)
    context = SimpleNamespace(labels=labels, word=labels.message)
    assert _verdict(context, judged_m, best_m, 300.0) == verdict
