"""The page of proposed sites, run by Streamlit without a browser."""

import re

import pytest

import planner
from planner.app.session.errors import markdown
from planner.app.widgets import map_view
from planner.views.maps.base.bounds import proposal_bounds
from planner.views.words.ranges import proposal_rows


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture(scope="module")
def proposal():
    return planner.propose(planner.assess(planner.demo_district()), "clinic", 2)


@pytest.mark.long
def test_the_page_says_what_the_library_says(open_app, proposal):
    app = open_app("siting", district="demo", kind="clinic", sites="2", lang="en")
    assert not app.exception
    assert metrics(app)["Residents gained"] == f"{proposal.gained:,.0f}"
    assert metrics(app)["From the best possible"] == "0%"
    assert app.dataframe[0].value["Gained"].tolist() == proposal.sites["gained"].tolist()
    assert any("no other choice" in text.value for text in app.markdown)
    # where each is stands beside its name, in one column
    assert "Place" not in app.dataframe[0].value
    for site in app.dataframe[0].value["Site"]:
        assert re.fullmatch(r"Candidate site \d+, .+", site)


@pytest.mark.long
def test_a_question_travels_in_the_address(open_app):
    app = open_app("siting", district="demo", kind="police_room", objective="everyone", lang="zh")
    assert not app.exception
    assert app.selectbox(key="pick_objective").value == "everyone"
    assert app.selectbox(key="pick_kind").value == "police_room"
    assert any("已证明" in text.value for text in app.markdown)


@pytest.mark.long
def test_a_budget_of_nothing_is_nothing_and_no_limit_is_an_empty_box(open_app):
    app = open_app("siting", district="street.gpkg", kind="clinic", lang="en", budget="0")
    assert app.number_input(key="input_budget").value == 0.0
    assert "least" in app.error[0].value or "0" in app.error[0].value
    free = open_app("siting", district="street.gpkg", kind="clinic", lang="en")
    assert free.number_input(key="input_budget").value is None
    assert not free.error


@pytest.mark.long
def test_a_small_budget_buys_less_and_too_small_a_one_says_so(open_app, proposal):
    app = open_app("siting", district="demo", kind="clinic", sites="2", lang="en")
    app.number_input(key="input_budget").set_value(300.0).run()
    assert not app.exception
    gained = float(metrics(app)["Residents gained"].replace(",", ""))
    assert 0 < gained <= proposal.gained
    assert float(metrics(app)["Cost (10,000 yuan)"].replace(",", "")) <= 300
    app.number_input(key="input_budget").set_value(1.0).run()
    assert not app.exception
    assert any("too small" in error.value for error in app.error)


@pytest.mark.long
def test_the_sites_become_the_scenario_of_what_if(open_app, proposal):
    app = open_app("siting", district="demo", kind="clinic", sites="2", lang="en")
    next(button for button in app.button if button.label == "Take over into What if").click().run()
    assert not app.exception
    works = app.session_state["planner_drafts"]
    scenario = works["demo"].draft.current
    assert [change.kind for change in scenario.changes] == ["clinic", "clinic"]


def test_every_view_of_the_answer_is_drawn(open_app, proposal):
    for view in (
        "why",
        "before_after",
        "curve",
        "money",
        "phases",
        "alternatives",
        "firm",
        "links",
    ):
        app = open_app("siting", district="demo", kind="clinic", sites="2", show=view, lang="en")
        assert not app.exception
        assert not app.error, view
        assert app.selectbox(key="pick_show").value == view
        if view == "why":
            site = proposal.sites.iloc[0]
            told = f"serves {site['serves']:,.0f} residents of"
            assert any(told in text.value for text in app.markdown)


@pytest.mark.long
def test_options_reach_the_solver(open_app):
    result = planner.assess(planner.demo_district())
    free = planner.propose(result, "clinic", 2)
    best = free.sites["site_id"].iloc[0]
    app = open_app("siting", district="demo", kind="clinic", sites="2", forbidden=best, lang="en")
    assert not app.exception
    other = planner.propose(result, "clinic", 2, forbidden=[best])
    assert metrics(app)["Residents gained"] == f"{other.gained:,.0f}"
    app = open_app("siting", district="demo", kind="clinic", sites="2", floor="90", lang="en")
    assert any("a share of" in error.value for error in app.error)


def test_existing_facilities_can_be_moved(open_app):
    found = planner.relocate(planner.assess(planner.demo_district()), "clinic", 2, closing=1)
    app = open_app(
        "siting", district="demo", kind="clinic", question="move", moves="2", closing="1", lang="en"
    )
    assert not app.exception
    assert metrics(app)["Residents on balance"] == f"+{found.net:,.0f}"
    assert len(app.dataframe[0].value) == 3
    next(button for button in app.button if button.label == "Take over into What if").click().run()
    assert not app.exception
    scenario = app.session_state["planner_drafts"]["demo"].draft.current
    assert sorted(change.do for change in scenario.changes) == ["close", "move", "move"]
    for view in ("worth", "closings"):
        app = open_app("siting", district="demo", kind="clinic", question="move", moving=view)
        assert not app.exception
        assert not app.error


def test_moving_nothing_says_so(open_app):
    app = open_app("siting", district="demo", kind="clinic", question="move", moves="0", lang="en")
    assert not app.exception
    assert any("Neither a move nor a closing" in error.value for error in app.error)


@pytest.mark.long
def test_each_figure_opens_what_it_rests_on(open_app, proposal):
    app = open_app("siting", district="demo", kind="clinic", sites="2", lang="en")
    before, after = (row["share"] for row in proposal_rows(proposal))
    told = [text.value for text in app.markdown]
    assert any(markdown(f"{before:.1%} → {after:.1%}") in text for text in told)
    captions = [caption.value for caption in app.caption]
    limits = [text for text in captions if "not yet checked against the official text" in text]
    assert len(limits) >= 3
    assert any(markdown("Unknown: 18") in text for text in captions)
    assert any("which nobody has verified" in text for text in captions)


@pytest.mark.long
def test_the_map_looks_at_the_answer_and_stays_for_another_view_of_it(
    open_app, proposal, monkeypatch
):
    looked = []
    monkeypatch.setattr(map_view, "show", lambda *_, look_at=None, **__: looked.append(look_at))
    app = open_app("siting", district="demo", kind="clinic", sites="2", lang="en")
    app.selectbox(key="pick_show").set_value("why").run()
    assert looked == [proposal_bounds(proposal)] * 2
    app.selectbox(key="pick_sites").set_value("3").run()
    assert looked[2] != looked[1]
