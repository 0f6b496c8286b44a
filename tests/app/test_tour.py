"""The tour of the demo: offered once, from page to page with its settings, stopped, begun anew."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from planner.app import main
from planner.app.session.answers.gaps import GapQuestion, linked_gap
from planner.app.session.answers.links import LinkQuestion, ranked_links
from planner.app.session.catalogue import Entry
from planner.app.widgets import tour

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"


@pytest.fixture
def app(scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PLANNER_SCENARIOS", str(scenarios))
    monkeypatch.delenv("PLANNER_DATA", raising=False)
    opened = AppTest.from_file(str(SCRIPT), default_timeout=120)
    opened.query_params["lang"] = "en"
    return opened.run()


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button}


def address(app: AppTest, name: str) -> str:
    """Return a value of the query string; it comes as a list from some versions of Streamlit."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]


def told(app: AppTest) -> str:
    return "\n".join(each.value for each in app.markdown)


@pytest.mark.journey(one_in=2)
def test_the_tour_goes_from_page_to_page(app):
    assert "tour_start" in keys(app)
    app.button(key="tour_start").click().run()
    seen = []
    for number, step in enumerate(tour.STEPS, start=1):
        assert not app.exception
        assert not app.error
        assert f"{number}/{len(tour.STEPS)}" in told(app)
        assert "tour_resume" not in keys(app), f"step {number} is not on its page"
        seen.append(step.path)
        for name, value in {**step.settings, "tour": str(number)}.items():
            if value:
                assert address(app, name) == value, (step.code, name)
        if number < len(tour.STEPS):
            app.button(key="tour_next").click().run()
    assert seen == ["coverage", "gaps", "links", "siting", "budget", "what-if", "what-if"]
    app.button(key="tour_back").click().run()
    assert "6/7" in told(app)
    app.button(key="tour_stop").click().run()
    assert "tour_stop" not in keys(app)
    app.button(key="tour_sidebar").click().run()
    assert "1/7" in told(app)


@pytest.mark.long
def test_the_offer_is_made_until_it_is_refused(app):
    app.button(key="tour_no").click().run()
    assert "tour_start" not in keys(app)
    assert address(app, "tour") == tour.OFF


def test_no_number_of_an_address_breaks_the_tour(scenarios, monkeypatch):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(scenarios))
    for number in ("0", "99", "-1", "x", "٣"):
        opened = AppTest.from_file(str(SCRIPT), default_timeout=120)
        opened.query_params["tour"] = number
        opened.run()
        assert not opened.exception
        assert not opened.error


@pytest.mark.long
def test_the_gate_of_the_third_step_mends_the_gap_of_the_second():
    by_code = {step.code: step.settings for step in tour.STEPS}
    here = {"entry": Entry("demo"), "standard": tour.STANDARD}
    here |= {"kind": "clinic", "group": "population"}
    gap = linked_gap(GapQuestion(**here), by_code["gap"]["gap"]).iloc[0]
    assert gap["cause"] == by_code["gap"]["gap_cause"]
    link = ranked_links(LinkQuestion(**here)).iloc[int(by_code["gate"]["link"]) - 1]
    assert link["work"] == "open_gate"
    assert gap["gate"] == link["gate_name"]


def test_every_step_has_a_page():
    paths = {leaf.path for leaves in main.PAGES.values() for leaf in leaves}
    assert {step.path for step in tour.STEPS} <= paths
