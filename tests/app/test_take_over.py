"""Plans and single steps are taken over into What if: told, and asked for where a draft stands."""

import pytest
from streamlit.testing.v1 import AppTest

from planner.app.widgets.take_over import renamed
from planner.district import Scenario
from planner.district.scenarios.scenario import Close, Move, Open


def draw(before: int, kind: str = "clinic") -> None:
    """Draw the button for one new facility, over a draft of some changes."""
    import os
    from pathlib import Path

    import streamlit as st

    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.app.session.drafts import current
    from planner.app.widgets import take_over
    from planner.district import Scenario
    from planner.district.scenarios.scenario import Open
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    context = Context(Labels("en"), entry, "gb50180-2018")
    home = context.district().demand.geometry.iloc[0]
    crs = context.district().crs.to_string()
    if before and "begun" not in st.session_state:
        st.session_state["begun"] = True
        new = Open("new-1", "library", home.x, home.y)
        current.change(context, lambda draft: draft.do(new))
    change = Open("new-1", kind, home.x, home.y)
    take_over.draw(context, Scenario("", (change,), crs), "try", kind="clinic")


@pytest.fixture
def pressed(workspaces, scenarios, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    monkeypatch.setenv("PLANNER_SCENARIOS", str(scenarios))

    def press(before: int, key: str) -> tuple[AppTest, list[str], str]:
        app = AppTest.from_function(draw, args=(before,), default_timeout=120).run()
        assert not app.exception
        app.button(key=key).click().run()
        assert not app.exception
        draft = app.session_state["planner_drafts"]["town.gpkg"].draft.current
        return app, [change.kind for change in draft.changes], app.success[0].value

    return press


def test_without_a_draft_one_click_takes_the_plan_over_and_tells_it(pressed):
    app, kinds, told = pressed(0, "try_take")
    assert kinds == ["clinic"]
    assert told.replace("\\", "") == "The scenario now holds 1 change."
    assert app.session_state["planner_choices"]["kind"] == "clinic"
    assert app.session_state["planner_destination"] == "what-if"
    assert app.session_state["planner_choices"]["work_view"] == "draw"  # on its map


@pytest.mark.parametrize(
    ("way", "kinds"),
    [("add", ["library", "clinic"]), ("replace", ["clinic"]), ("new", ["clinic"])],
)
def test_a_draft_that_stands_there_is_asked_for(pressed, scenarios, way, kinds):
    app, made, told = pressed(1, f"try_take_{way}")
    assert made == kinds
    assert "1" in told
    draft = app.session_state["planner_drafts"]["town.gpkg"]
    # a new one stands under an address of its own, and the old one is kept under its
    assert len(list(scenarios.glob("*.json"))) == (2 if way == "new" else 1)
    assert app.session_state["planner_choices"]["work"] == draft.id
    # what is said to be kept is there to be compared
    kept = [(each.name, len(each.changes)) for each in draft.draft.kept]
    assert kept == ([("The scenario before", 1)] if way == "new" else [])
    if way == "add":
        changes = app.session_state["planner_drafts"]["town.gpkg"].draft.current.changes
        assert [change.facility_id for change in changes] == ["new-1", "new-1-2"]


def test_a_new_one_that_does_not_fit_leaves_the_old_draft_open(workspaces, scenarios, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    monkeypatch.setenv("PLANNER_SCENARIOS", str(scenarios))
    app = AppTest.from_function(draw, args=(1, "no such kind"), default_timeout=120).run()
    app.button(key="try_take_new").click().run()
    assert not app.exception
    assert "no such kind" in app.warning[0].value
    draft = app.session_state["planner_drafts"]["town.gpkg"].draft.current
    assert [change.kind for change in draft.changes] == ["library"]
    assert "planner_destination" not in app.session_state


def test_changes_of_a_renamed_facility_follow_it():
    before = Scenario("", (Open("new-1", "clinic", 0.0, 0.0), Open("new-1-2", "clinic", 9.0, 0.0)))
    after = renamed(
        (Open("new-1", "library", 1.0, 0.0), Move("new-1", 2.0, 0.0), Close("f")), before
    )
    assert [change.facility_id for change in after] == ["new-1-3", "new-1-3", "f"]
