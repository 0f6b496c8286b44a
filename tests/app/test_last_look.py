"""What changed since the last look: kept on the server, told once, gone when it was seen."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from towns import town

from planner.app.pages.overview.last_look import Look, Looks, changes
from planner.sources import write_district
from planner.sources.kept_files import LOCK

WORK = "a" * 26


def look(share: float, data: str = "1", rules: str = "r") -> Look:
    return Look(
        "2026-01-01T08:00:00+00:00",
        data,
        rules,
        {"population": {"share:clinic": share, "people": 10.0}},
    )


def test_a_look_is_read_as_it_was_kept(tmp_path):
    looks = Looks(tmp_path / "deep")
    assert looks.last("", "town.gpkg", "gb") is None
    looks.keep("", "town.gpkg", "gb", look(0.5))
    assert looks.last("", "town.gpkg", "gb") == look(0.5)
    assert looks.last("", "town.gpkg", "other") is None
    assert looks.last(WORK, "town.gpkg", "gb") is None
    looks.keep(WORK, "town.gpkg", "gb", look(0.7))
    assert looks.last("", "town.gpkg", "gb") == look(0.5)
    kept = [file.suffix for file in (tmp_path / "deep").iterdir() if file.name != LOCK]
    assert kept == [".json", ".json"]


def test_who_is_no_path(tmp_path):
    looks = Looks(tmp_path / "inside")
    looks.keep("../../outside", "town.gpkg", "gb", look(0.5))
    assert [file.name for file in tmp_path.rglob("*.json")] == ["looks-everybody.json"]


def test_a_broken_file_holds_nothing(tmp_path):
    looks = Looks(tmp_path)
    (tmp_path / "looks-everybody.json").write_text("{", encoding="utf-8")
    assert looks.last("", "town.gpkg", "gb") is None
    (tmp_path / "looks-everybody.json").write_text(
        json.dumps({"town.gpkg\ngb": {"other": 1}}), encoding="utf-8"
    )
    assert looks.last("", "town.gpkg", "gb") is None


@pytest.mark.parametrize(
    ("before", "now", "causes"),
    [
        (look(0.5), look(0.6, data="2"), ("data",)),
        (look(0.5), look(0.6, rules="s"), ("rules",)),
        (look(0.5), look(0.6), ("program",)),
    ],
)
def test_changes_say_what_and_why(before, now, causes):
    found = changes(before, now, "population")
    assert found is not None
    assert found.causes == causes
    assert found.figures == (("share:clinic", 0.5, 0.6),)


def test_what_looks_the_same_is_no_change():
    assert changes(look(0.5), look(0.50001, data="2"), "population") is None
    assert changes(look(0.5), look(0.6), "pop_65plus") is None


def buttons(app: AppTest) -> list[str]:
    return [button.key for button in app.button]


def test_the_overview_tells_what_changed_until_it_was_seen(open_app, workspaces: Path, tmp_path):
    file = workspaces / "changing.gpkg"
    write_district(town(), file)
    app = open_app("overview", district=file.name, lang="en")
    assert not app.exception
    assert "whats_new_seen" not in buttons(app)

    smaller = town()
    rows = smaller.facilities
    write_district(smaller.with_layers(facilities=rows[rows["kind"] != "clinic"]), file)
    app = open_app("overview", district=file.name, lang="en")
    told = "\n".join(each.value for each in app.markdown)
    assert "Changed since the last look" in told
    assert "the data of the district" in told
    assert "30\\.0%" in told
    app.button(key="whats_new_seen").click().run()
    assert "whats_new_seen" not in buttons(app)
    app = open_app("overview", district=file.name, lang="en")
    assert "whats_new_seen" not in buttons(app)
    file.unlink()
