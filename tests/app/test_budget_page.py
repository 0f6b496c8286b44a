"""The page of one budget, run by Streamlit without a browser."""

import pytest
from street_town import crowded_street

import planner
from planner.siting.budget import best_mix
from planner.sources import write_district
from planner.views.words.siting.budget import mix_answer, mix_remarks, mix_sentences

pytestmark = pytest.mark.usefixtures("small_demo")

STREET = {"district": "street.gpkg", "kinds": "clinic", "budget": "100"}


def metrics(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


@pytest.fixture(scope="module")
def found(workspaces):
    """What the library finds on a street, which is a workspace of the page meanwhile."""
    file = write_district(crowded_street(), workspaces / "street.gpkg")
    yield best_mix(planner.assess(planner.read_district(file)), 100.0, ["clinic"])
    file.unlink()


@pytest.mark.long
def test_the_page_says_what_the_library_says(open_app, found):
    app = open_app("budget", **STREET, lang="en")
    assert not app.exception
    assert metrics(app)["Gains, all kinds"] == f"{found.gained:,.0f}"
    assert metrics(app)["Different residents"] == f"{found.residents:,.0f}"
    assert metrics(app)["Remedies"] == str(len(found.chosen))
    assert len(app.dataframe[0].value) == len(found.chosen)
    shares = app.dataframe[1].value
    assert shares["After"].iloc[0] > shares["Before"].iloc[0]


@pytest.mark.long
def test_a_moment_brings_longer_hours_and_a_wrong_one_says_so(open_app):
    app = open_app(
        "budget", district="demo", kinds="police_room", at="Su 22:00", budget="30", lang="en"
    )
    assert not app.exception
    assert "Open around the clock: Police room" in set(app.dataframe[0].value["Remedy"])
    app.text_input(key="input_at").set_value("whenever").run()
    assert not app.exception
    assert any("whenever" in error.value for error in app.error)


@pytest.mark.long
def test_what_is_chosen_becomes_the_scenario_of_what_if(open_app, found):
    app = open_app("budget", **STREET, lang="zh")
    next(button for button in app.button if button.label == "带入情景推演").click().run()
    assert not app.exception
    works = app.session_state["planner_drafts"]
    assert len(works["street.gpkg"].draft.current.changes) == len(found.chosen)


@pytest.mark.long
def test_the_cost_says_that_its_prices_are_unverified(open_app, found):
    app = open_app("budget", **STREET, lang="zh")
    captions = [caption.value for caption in app.caption]
    assert any("尚未经核实" in text for text in captions)
    count = f"共 {len(found.actions)} 项"
    assert any(count in text.value for text in app.markdown)


def test_what_the_answer_rests_on_stands_below_its_table(open_app, found):
    remarks = mix_remarks(found)
    assert remarks
    assert mix_sentences(found) == [*mix_answer(found), *remarks]
    app = open_app("budget", **STREET, lang="en")
    answer = next(each.value for each in app.markdown if "remedies for" in each.value)
    captions = [each.value.replace("\\", "") for each in app.caption]
    for remark in remarks:
        assert remark not in answer.replace("\\", "")
        assert remark in captions


@pytest.mark.parametrize(("budget", "asked"), [("100", "100"), ("", "300")])
def test_a_number_of_sites_is_asked_where_it_can_be_said(open_app, found, budget, asked):
    app = open_app("budget", **STREET | {"budget": budget, "kind": "library"}, lang="en")
    pointer = app.button(key="budget_to_siting")
    assert pointer.label.endswith(": Where to build")
    pointer.click().run()
    made = app.session_state["planner_choices"]
    assert made["budget"] == asked, "what is bare here is no limit there"
    assert made["kind"] == "clinic", "the kind that counts, not one looked at before"
    assert (made["question"], made["objective"]) == ("build", "coverage")
