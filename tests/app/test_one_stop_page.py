"""The page of one-stop sites, run by Streamlit without a browser."""

import pytest

import planner

pytestmark = pytest.mark.usefixtures("small_demo")

KINDS = ["service_station", "police_room", "clinic"]


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture(scope="module")
def proposal():
    result = planner.assess(planner.demo_district())
    return planner.propose_one_stop(result, KINDS, 800.0, time_limit_s=4.0)


def opened(open_app, **query):
    return open_app(
        "one-stop", district="demo", kinds=",".join(KINDS), budget="800", **{"lang": "en", **query}
    )


@pytest.mark.long
def test_the_page_says_what_the_library_says(open_app, proposal):
    app = opened(open_app)
    assert not app.exception
    shown = metrics(app)
    assert shown["Gains, all kinds"] == f"{proposal.total:,.0f}"
    assert shown["Different residents"] == f"{proposal.residents:,.0f}"
    assert shown["Buildings / facilities"] == f"{len(proposal.buildings)} / {proposal.facilities}"
    assert shown["Spent (10,000 yuan)"] == f"{proposal.cost:,.0f}"
    assert shown["Saved by sharing (10,000 yuan)"] == f"{proposal.saved:,.0f}"
    assert shown["From the best possible"] == "0%"
    tables = [frame.value for frame in app.dataframe]
    assert tables[0]["Gains, all kinds"].tolist() == proposal.buildings["gained"].tolist()
    assert tables[1]["One kind each"].iloc[0] == proposal.separate.total
    assert tables[2]["Sharing buildings"].sum() == proposal.total
    assert tables[3]["Residents today"].tolist() == proposal.overlap["before"].tolist()
    assert any("no other choice" in text.value for text in app.markdown)


@pytest.mark.long
def test_at_first_it_asks_for_the_kinds_that_residents_lack(open_app):
    app = open_app("one-stop", district="demo", lang="zh")
    assert not app.exception
    chosen = app.multiselect(key="input_kinds").value
    assert chosen == ["service_station", "police_room", "clinic", "elderly_care"]
    assert app.number_input(key="input_budget").value == 2000.0
    assert any("已证明" in text.value for text in app.markdown)


@pytest.mark.long
def test_the_question_travels_in_the_address(open_app):
    app = opened(open_app, buildings="2", fitting="no", places="shared")
    assert not app.exception
    assert metrics(app)["Buildings / facilities"].startswith("2 / ")
    assert app.toggle(key="input_fitting").value is False
    assert app.selectbox(key="pick_places").value == "shared"
    app.number_input(key="input_buildings").set_value(1).run()
    assert metrics(app)["Buildings / facilities"].startswith("1 / ")
    app.multiselect(key="input_kinds").set_value(["clinic"]).run()
    app.toggle(key="input_fitting").set_value(True).run()
    assert not app.exception
    query = app.query_params
    assert query["kinds"] == "clinic"
    assert query["buildings"] == "1"
    assert "fitting" not in query


@pytest.mark.long
def test_what_it_cannot_answer_it_says(open_app):
    app = open_app("one-stop", district="demo", kinds="clinic,castle,<b>", budget="800", lang="en")
    assert not app.exception
    assert any("castle" in caption.value for caption in app.caption)
    app.number_input(key="input_budget").set_value(1.0).run()
    assert not app.exception
    assert any("too small" in error.value for error in app.error)
    wrong = {"budget": "much", "buildings": "-3", "kinds": "clinic"}
    assert not open_app("one-stop", district="demo", lang="en", **wrong).exception


def test_the_buildings_become_the_scenario_of_what_if(open_app, proposal):
    app = opened(open_app)
    app.button(key="one_stop_take").click().run()
    assert not app.exception
    scenario = app.session_state["planner_drafts"]["demo"].draft.current
    assert list(scenario.changes) == proposal.changes()
