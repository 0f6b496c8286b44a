"""Addresses that somebody made up: every page, every choice that its address carries."""

from pathlib import Path

import pytest
from effort import few, tries
from streamlit.testing.v1 import AppTest
from towns import town

from planner.app import main
from planner.app.session import background, choices
from planner.sources import write_district

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"
PAGES = {leaf.path: leaf for leaves in main.PAGES.values() for leaf in leaves}
HOSTILE = {
    "path": "../../../etc/passwd",
    "markup": "<script>alert(1)</script>[x](javascript:alert(1))",
    "number": "1e308",
    "small": "-1",
    "nan": "nan",
    "digits": "9" * 400,
    "long": "x" * 10_000,
    "unicode": "\u202e\u0000\ufeff\U0001f600٣۴",
    "list": "a,,b;c|d\n",
    "quote": "'; DROP TABLE x; --",
    "format": "{0.__class__}%s%n$(id)`id`",
}

SEEN = few(PAGES, len(HOSTILE))
"""Pages of which each is asked for one of these in an ordinary run, and for all in a long one."""

# a district that is not there is the demo
pytestmark = pytest.mark.usefixtures("small_demo")


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("workspaces")
    write_district(town(), folder / "town.gpkg")
    return folder


@pytest.fixture
def opened(workspaces, tmp_path, monkeypatch):
    """Return a function that opens a page, and the names of the choices that it asked for."""
    asked: set[str] = set()
    own = choices.own

    def noted(name: str) -> str:
        asked.add(name)
        return own(name)

    monkeypatch.setattr(choices, "own", noted)
    monkeypatch.setattr(background, "PATIENCE_S", 100.0)
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "scenarios"))

    def open_page(page: str, query: dict[str, str]) -> AppTest:
        monkeypatch.setattr(main, "PAGES", {"explore": (PAGES[page],)})
        app = AppTest.from_file(str(SCRIPT), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return open_page, asked


def unforeseen(app: AppTest) -> list[str]:
    """Return the errors of a page that nobody foresaw; those have a number for the log."""
    wrong = [error.value for error in app.error if "number" in error.value and "log" in error.value]
    return [*wrong, *(each.value for each in app.exception)]


def turn(page: str) -> list[str]:
    """Return the values that are tried on a page: some in an ordinary run, so that all have one."""
    names, first = list(HOSTILE), SEEN.index(page)
    return [names[(first + n) % len(names)] for n in range(tries(1, len(names)))]


def test_every_value_has_its_turn():
    assert {what for page in SEEN for what in turn(page)} == set(HOSTILE)


@pytest.mark.long
@pytest.mark.parametrize("page", SEEN)
def test_made_up_choices_break_no_page(opened, page):
    """Each hostile value stands in every choice of the page at once, and then in the district."""
    open_page, asked = opened
    base = {"district": "town.gpkg", "lang": "en"}
    first = open_page(page, base)
    assert not unforeseen(first)
    names = sorted(asked - {"district", "lang"})
    for what in turn(page):
        value = HOSTILE[what]
        app = open_page(page, {**base, **dict.fromkeys(names, value)})
        assert not unforeseen(app), what
        shown = " ".join(str(each.value) for each in (*app.markdown, *app.error))
        assert "root:" not in shown, what
        assert not unforeseen(open_page(page, {"district": value, "lang": value})), what


@pytest.mark.long
def test_what_is_unforeseen_is_seen(opened, monkeypatch):
    """A test of the test: a page that breaks is noticed."""
    open_page, _ = opened

    def crash(_: object, __: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(main.PageEntry, "draw", crash)
    app = open_page("kinds", {"district": "town.gpkg", "lang": "en"})
    assert unforeseen(app)
