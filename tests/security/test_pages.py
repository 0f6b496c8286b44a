"""Every page: names from files run and lead nowhere, and a viewer presses an editor's buttons."""

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from effort import few
from streamlit.testing.v1 import AppTest
from towns import town

from planner.app import main
from planner.app.server.reading import vetting
from planner.app.session import background, plan
from planner.district import District, Kind
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import edit
from planner.sources import read_district, write_district
from planner.sources.corrections import change_corrections

SCRIPT = Path(__file__).parents[2] / "app_streamlit.py"
PAGES = {leaf.path: leaf for leaves in main.PAGES.values() for leaf in leaves}
PARTS = [
    *((page, {}) for page in PAGES if page != "data"),
    *(("data", {"part": part}) for part in ("layers", "check", "kinds", "correct", "add", "take")),
]
IDS = [f"{page}-{more['part']}" if more else page for page, more in PARTS]
CHANGING = [each for each in PARTS if each[1] or each[0] in ("one-stop", "budget", "plan")]
"""Pages on which an editor has buttons that a viewer has not."""
OF_VIEWERS = [each for each in PARTS if each not in CHANGING]
TRAP = "[free](https://evil.example/x) ![i](https://evil.example/i) :red[a] <b>x</b>"
LIVE = re.compile(r"(?<!\\)\]\(https://evil|(?<!\\)<b>x|(?<!\\):red\[")


def trapped() -> District:
    """Return a town in which every name is live Markdown where nobody heeds it."""
    here = town()
    kinds = here.kinds | {"clinic": Kind("clinic", TRAP, TRAP)}
    named = {
        layer: getattr(here, layer).assign(name=TRAP)
        for layer in ("communities", "facilities", "streets")
    }
    named["facilities"]["department"] = named["facilities"]["services"] = TRAP
    sources = tuple(replace(each, source=TRAP, attribution=TRAP) for each in here.sources)
    return replace(here, name=TRAP, kinds=kinds, sources=sources, **named)


def trapped_in_english() -> District:
    """Return a town of harmless names, of which only what they are in English is live Markdown."""
    here = town()
    layers = ("communities", "facilities", "streets")
    named = {layer: getattr(here, layer).assign(name="茶亭", name_en=TRAP) for layer in layers}
    return here.with_layers(**named)


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(vetting, "vet", lambda _path: None)
    monkeypatch.setattr(background, "PATIENCE_S", 100.0)
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "scenarios"))
    monkeypatch.setattr(plan, "place", lambda: str(tmp_path / "plan.sqlite"))


@pytest.fixture(scope="module")
def trap(tmp_path_factory) -> Path:
    """Return a folder whose town is worked out once for all pages."""
    folder = tmp_path_factory.mktemp("trap")
    write_district(trapped(), folder / "town.gpkg")
    return folder


@pytest.fixture(scope="module")
def trap_in_english(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("trap_in_english")
    write_district(trapped_in_english(), folder / "town.gpkg")
    return folder


@pytest.fixture(scope="module")
def corrected(tmp_path_factory) -> Path:
    """Return a folder with a town that has corrections to take back and to do again."""
    folder = tmp_path_factory.mktemp("corrected")
    file = write_district(replace(town(), records={}), folder / "town.gpkg")
    step = edit(read_district(file), "f1", {"name": "Named"}, "2026-01-01T00:00:00+00:00")
    kept = Corrections(crs="EPSG:32650").do(step)
    kept = kept.do(replace(step, new={"name": "Undone"})).undo()
    change_corrections(file, "", lambda _: kept)
    return folder


def opened(monkeypatch, page: str, query: dict[str, str]) -> AppTest:
    monkeypatch.setattr(main, "PAGES", {"explore": (PAGES[page],)})
    app = AppTest.from_file(str(SCRIPT), default_timeout=120)
    for name, value in {"district": "town.gpkg", "lang": "en", **query}.items():
        app.query_params[name] = value
    app = app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    """Return all texts of a page that are drawn as Markdown."""
    bodies = (*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success)
    widgets = (*app.button, *app.checkbox, *app.selectbox, *app.toggle, *app.text_input, *app.tabs)
    expanders = [each.label for each in app.expander]
    helps = [str(getattr(each.proto, "help", "")) for each in (*bodies, *app.button)]
    return [*(each.value for each in bodies), *(each.label for each in widgets), *expanders, *helps]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("page", "more"), few(PARTS, 9), ids=few(IDS, 9))
def test_names_of_a_file_are_words_on_every_page(trap, monkeypatch, page, more):
    monkeypatch.setenv("PLANNER_DATA", str(trap))
    app = opened(monkeypatch, page, {"kind": "clinic", "fixing": "f1", **more})
    texts = shown(app)
    assert len(texts) > 5
    assert [text for text in texts if LIVE.search(text)] == []


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("page", "more"), few(PARTS, 8), ids=few(IDS, 8))
def test_english_names_of_a_file_are_words_on_every_page(trap_in_english, monkeypatch, page, more):
    monkeypatch.setenv("PLANNER_DATA", str(trap_in_english))
    app = opened(monkeypatch, page, {"kind": "clinic", "fixing": "f1", "place": "c.c1", **more})
    texts = shown(app)
    assert len(texts) > 5
    assert [text for text in texts if LIVE.search(text)] == []


def test_what_is_live_is_seen():
    assert LIVE.search(f"a {TRAP}")


def holds(folder: Path) -> dict[str, str]:
    """Return what lies in a folder, by name: sums of the content."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and ".lock" not in file.name
    }


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("page", "more"), few(OF_VIEWERS, 3) + CHANGING)
def test_a_viewer_who_presses_an_editors_buttons_changes_nothing(
    corrected, monkeypatch, page, more
):
    """A page that was drawn for an editor; by the time of the press its reader is a viewer."""
    monkeypatch.setenv("PLANNER_DATA", str(corrected))
    query = {"fixing": "f1", **more}
    monkeypatch.setenv("PLANNER_UPLOADS", "off")
    viewers = keys(opened(monkeypatch, page, query))
    monkeypatch.setenv("PLANNER_UPLOADS", "on")
    app = opened(monkeypatch, page, query)
    only = sorted(keys(app) - viewers)
    changes = more.get("part") in ("add", "correct", "kinds", "layers")
    # what these two find for the town can be proposed for the joint plan, and on its own page all
    assert bool(only) == (changes or page in ("one-stop", "budget", "plan"))
    before = holds(corrected)
    for key in only:
        monkeypatch.setenv("PLANNER_UPLOADS", "on")
        app = opened(monkeypatch, page, query)
        for box in app.multiselect:
            box.set_value(["library"])
        for box in app.text_input:
            if str(box.key).endswith("-name"):
                box.set_value("Theirs")
        button = next(each for each in app.button if str(each.key) == key)
        button.proto.disabled = False
        monkeypatch.setenv("PLANNER_UPLOADS", "off")
        button.click().run()
        assert not app.exception
        assert holds(corrected) == before, key
    with plan.opened() as joint:
        assert joint.proposals() == []
