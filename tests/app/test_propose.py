"""Next steps are proposed for the joint plan: told, asked for where it has the same, guarded."""

import pytest
from streamlit.testing.v1 import AppTest

from planner.app.session import plan as shared_plan
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import proposal_name


def draw(page: str, choices: dict[str, str]) -> None:
    """Draw a page by itself; runs as a script of its own."""
    import importlib
    import os
    from pathlib import Path

    from planner.app.session import choices as state
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    for name, value in choices.items():
        state.choices().setdefault(name, value)
    drawn = importlib.import_module(f"planner.app.pages.{page}.page")
    drawn.page(Context(Labels("en"), entry, "gb50180-2018"))


@pytest.fixture
def open_page(workspaces, monkeypatch, scenarios):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))

    def opened(page: str, **choices: str) -> AppTest:
        app = AppTest.from_function(draw, args=(page, choices), default_timeout=120).run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def kept():
    """Return the proposals of the plan of this server."""

    def read():
        with shared_plan.opened() as plan:
            return plan.proposals()

    return read


def told(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.success, *app.warning)).replace("\\", "")


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    assert [each.value for each in app.error] == []
    return app


@pytest.mark.long
def test_a_new_one_in_a_gap_is_proposed_with_what_it_brings(open_page, kept):
    app = open_page("gaps", gap_kind="clinic", gap="clinic-01")
    press(app, "gap_propose_new")
    (made,) = kept()
    assert (made.status, made.action, made.kinds, made.origin) == (
        "draft",
        "build",
        ("clinic",),
        "gap",
    )
    assert (made.workspace, made.department) == ("town.gpkg", "health")
    assert made.figures.gained("population") == 50.0
    assert made.cost is not None
    assert made.title.startswith("new facility: Community health station (clinic), East")
    assert all(word in told(app) for word in (made.id, made.title, "Health", "draft"))
    assert proposal_name(Labels("en"), made) == made.title
    read = proposal_name(Labels("zh"), made)
    assert read.startswith("新建设施：社区卫生服务站")
    assert "new facility" not in read
    with shared_plan.opened() as plan:
        typed = plan.edit(made.id, title="Clinic of the east")
        assert proposal_name(Labels("zh"), typed) == "Clinic of the east"
        assert typed.content_sign == made.content_sign
        assert proposal_name(Labels("zh"), plan.edit(made.id, title=made.title)) == read
    press(app, "gap_propose_to_plan")
    assert app.session_state["planner_destination"] == "plan"
    assert app.session_state["planner_choices"]["proposal"] == made.id


@pytest.mark.long
def test_the_same_twice_is_asked_for_first(open_page, kept):
    app = open_page("gaps", gap_kind="clinic", gap="clinic-01")
    press(app, "gap_propose_outreach")
    (first,) = kept()
    assert first.action == "outreach"
    assert first.figures.gained() == 0
    press(app, "gap_propose_outreach")
    assert len(kept()) == 1
    assert first.id in told(app)
    press(app, "gap_propose_leave")
    assert told(app) == ""
    assert len(kept()) == 1
    press(app, "gap_propose_outreach")
    press(app, "gap_propose_still")
    assert [each.action for each in kept()] == ["outreach", "outreach"]
    # what became of a press is told where it was pressed only
    app.session_state["planner_choices"]["gap"] = "clinic-02"
    assert told(app.run()) == ""
    app.session_state["planner_choices"]["gap"] = "clinic-01"
    app.run()
    # a new one beside the round is something else
    press(app, "gap_propose_new")
    assert len(kept()) == 3


def draw_several() -> None:
    """Draw what proposes a scenario of two facilities and a way."""
    import os
    from pathlib import Path

    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.app.widgets import propose
    from planner.district import Connect, Open, Scenario
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    context = Context(Labels("zh"), entry, "gb50180-2018")
    x, y = (context.district().demand.geometry.iloc[5].coords[0])[:2]
    steps = (
        Open("n1", "clinic", x, y),
        Open("n2", "library", x + 50, y),
        Connect(x, y, x, y + 60),
    )
    crs = context.district().crs.to_string()
    about = context.assessment()
    propose.of_advice(context, Scenario("", steps, crs), "try", assessment=about, origin="site")


def test_of_several_parts_those_that_are_ticked_are_proposed(workspaces, monkeypatch, kept):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    app = AppTest.from_function(draw_several, default_timeout=120).run()
    assert not app.exception
    assert [box.value for box in app.checkbox] == [True] * 3
    app.checkbox[1].uncheck().run()
    press(app, "try_propose_chosen")
    # made at once, they stand in no order
    way, clinic = sorted(kept(), key=lambda each: each.action, reverse=True)
    assert (clinic.origin, clinic.action, way.action) == ("site", "build", "path")
    assert clinic.figures.gained("population") > 0
    assert clinic.title.startswith("新建设施：社区卫生服务站")
    assert clinic.id in told(app)
    assert way.id in told(app)
    app.checkbox[1].check().run()
    press(app, "try_propose_chosen")
    assert len(kept()) == 2
    press(app, "try_propose_others")
    assert sorted(each.kinds for each in kept()) == [(), ("clinic",), ("library",)]


def test_who_may_only_look_is_offered_nothing(open_page, kept, monkeypatch):
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    app = open_page("gaps", gap_kind="clinic", gap="clinic-01")
    assert not [each for each in app.button if "propose" in str(each.key)]


def test_a_press_that_was_drawn_before_the_role_was_lost_proposes_nothing(
    open_page, kept, monkeypatch
):
    app = open_page("gaps", gap_kind="clinic", gap="clinic-01")
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    app.button(key="gap_propose_new").click().run()
    assert not app.exception
    monkeypatch.setenv("PLANNER_UPLOADS", "on")
    assert kept() == []


def test_the_plan_itself_refuses_a_viewer_who_gets_as_far_as_a_press(open_page, kept, monkeypatch):
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    monkeypatch.setattr(shared_plan, "may_propose", lambda: True)
    app = open_page("gaps", gap_kind="clinic", gap="clinic-01")
    app.button(key="gap_propose_new").click().run()
    assert not app.exception
    assert any("may not do this" in each.value for each in app.error)
    assert kept() == []
