"""What an import in the browser can be told of streets and kinds, and that it is done and told."""

from pathlib import Path

import pytest
from osm_maker import town
from streamlit.testing.v1 import AppTest

from planner import read_district
from planner.app.pages.data import import_rules
from planner.app.server.reading import importer, jobs
from planner.errors import Finding


def form(file: str) -> None:
    """Draw the form of an import by itself; runs as a script of its own."""
    import os
    from pathlib import Path

    from planner.app.pages.data import upload
    from planner.app.server.reading.jobs import Job
    from planner.app.session.catalogue import catalogue
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    entry = catalogue(Path(os.environ["PLANNER_DATA"]))["town.gpkg"]
    context = Context(Labels("en"), entry, "gb50180-2018")
    given = upload.Upload(Path(file).parent, Path(file), "choose", Job.__new__(Job))
    upload._options(context, given)


def rough_town():
    """A town with a way that crosses a street without a common point, and a stub by the clinic."""
    extract = town()
    extract.street((125, 10), (125, 490))
    extract.street((125, 490.4), (125, 700))
    extract.node(620, 530, amenity="library", name="Reading room")
    extract.line((600, 532), (640, 532), highway="footway", name="Stub")
    return extract


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    return rough_town().write(tmp_path / "rough.osm")


def imported(extract: Path, **options: object) -> tuple[dict, object]:
    out = extract.parent / "made.gpkg"
    request = {"do": "import", "file": str(extract), "out": str(out), "buffer_m": 1500.0}
    answer = importer._import(request | options, lambda **_: None)
    return {each["code"]: each["params"] for each in answer["findings"]}, read_district(out)


def test_the_form_hands_its_rules_to_the_import(extract, workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    asked = []
    monkeypatch.setattr(jobs, "start", lambda request, *_: asked.append(request))
    app = AppTest.from_function(form, args=(str(extract),), default_timeout=60).run()
    assert not app.exception
    app.checkbox(key="add_join").check()
    app.number_input(key="add_join_gap").set_value(1.5)
    app.number_input(key="add_island").set_value(0.0)
    app.multiselect(key="add_complete").select("police_room")
    next(each for each in app.button if each.label == "Import").click().run()
    assert not app.exception
    (request,) = asked
    told = {name: request[name] for name in ("join_m", "island_m", "complete")}
    assert told == {"join_m": 1.5, "island_m": 0.0, "complete": ["police_room"]}


def test_untouched_rules_are_those_of_the_command(extract, workspaces, monkeypatch):
    monkeypatch.setenv("PLANNER_DATA", str(workspaces))
    asked = []
    monkeypatch.setattr(jobs, "start", lambda request, *_: asked.append(request))
    app = AppTest.from_function(form, args=(str(extract),), default_timeout=60).run()
    next(each for each in app.button if each.label == "Import").click().run()
    assert asked[0]["join_m"] is None
    assert asked[0]["island_m"] == 2000.0
    assert asked[0]["complete"] == []


@pytest.mark.long
def test_streets_are_joined_only_where_asked_and_either_is_told(extract):
    found, plain = imported(extract)
    assert found["sources.unjoined"]["crossings"] == 2
    assert found["sources.unjoined"]["gaps"] == 1
    assert "sources.joined" not in found
    found, joined = imported(extract, join_m=0.5)
    assert found["sources.joined"] == {"crossings": 2, "tees": 0, "gaps": 1, "metres": 0.5}
    assert "sources.unjoined" not in found
    assert len(joined.streets) > len(plain.streets)


@pytest.mark.long
def test_the_rule_on_loose_pieces_is_kept_with_the_workspace_and_told(extract):
    found, district = imported(extract, island_m=2000.0)
    assert district.island_m == 2000.0
    assert found["sources.islands_moved"]["facilities"] == 1
    assert "Reading room" in found["sources.islands_moved"]["ids"]
    found, district = imported(extract, island_m=0.0)
    assert district.island_m == 0.0
    assert "sources.islands_moved" not in found


def test_kinds_that_are_listed_whole_and_those_without_data(extract):
    found, district = imported(extract, complete=["police_room"])
    assert district.data_state("police_room") == "complete"
    without = found["district.kinds_without_data"]["kinds"].split(", ")
    assert "police_room" not in without
    assert "labour_office" in without


def test_effects_of_rules_come_first():
    codes = ["sources.not_filled", "sources.joined", "osm.scaled", "sources.islands_moved"]
    ordered = import_rules.effects_first([Finding(code, {}) for code in codes])
    assert [each.code for each in ordered] == [codes[1], codes[3], codes[0], codes[2]]
