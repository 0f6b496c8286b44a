"""What changed since the last look: kept on the server, told once, gone when it was seen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from towns import town

from planner.app.pages.overview.last_look import Look, Looks, OtherLookError, changes
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


def test_the_second_window_sees_what_the_first_kept(tmp_path):
    looks, asked = Looks(tmp_path), ("", "town.gpkg", "gb")
    looks.keep(*asked, look(0.5))
    before = looks.last(*asked)
    looks.keep(*asked, look(0.6, data="2"), before)
    with pytest.raises(OtherLookError) as error:
        looks.keep(*asked, look(0.7, data="3"), before)
    assert error.value.theirs == look(0.6, data="2")
    assert looks.last(*asked) == look(0.6, data="2")
    looks.keep(*asked, look(0.6, data="2"), before)  # both saw the same
    looks.keep(*asked, look(0.7, data="3"), error.value.theirs)
    assert looks.last(*asked) == look(0.7, data="3")


def test_a_clock_that_goes_back_keeps_no_look_from_being_kept(tmp_path):
    looks, asked = Looks(tmp_path), ("", "town.gpkg", "gb")
    ahead = replace(look(0.5), when="2099-01-01T08:00:00+00:00")
    looks.keep(*asked, ahead)
    looks.keep(*asked, look(0.6), ahead)
    assert looks.last(*asked) == look(0.6)


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


@pytest.mark.long
def test_a_made_up_work_in_the_address_makes_no_file(open_app, workspaces: Path, scenarios: Path):
    file = workspaces / "made-up.gpkg"
    write_district(town(), file)
    for letter in "ab":
        app = open_app("overview", district=file.name, lang="en", work=letter * 26)
        assert not app.exception
    assert [each.name for each in scenarios.glob("looks-[ab]*")] == []
    assert (scenarios / "looks-everybody.json").is_file()
    file.unlink()


@pytest.fixture
def met(open_app, workspaces: Path):
    """Press "seen" in two windows that were shown other figures; return the second."""
    file = workspaces / "seen.gpkg"
    asked = {"district": file.name, "lang": "en"}
    write_district(town(), file)
    open_app("overview", **asked)
    rows = town().facilities
    write_district(town().with_layers(facilities=rows[rows["kind"] != "clinic"]), file)
    first = open_app("overview", **asked)
    homes = town().demand
    more = homes.assign(population=2 * homes["population"])
    write_district(town().with_layers(demand=more), file)
    second = open_app("overview", **asked)
    first.button(key="whats_new_seen").click().run()
    second.button(key="whats_new_seen").click().run()
    assert not second.exception
    yield second
    file.unlink()


def people_seen(scenarios: Path) -> set[float]:
    kept = json.loads((scenarios / "looks-everybody.json").read_text(encoding="utf-8"))
    [look] = [each for key, each in kept.items() if key.startswith("seen.gpkg")]
    return {look["figures"]["population"]["people"], look["figures"]["population"]["share:clinic"]}


def test_the_second_window_sees_both_looks_and_can_leave_the_others(met, scenarios):
    assert [each for each in buttons(met) if "conflict" in each] == [
        "look_conflict_theirs",
        "look_conflict_mine",
    ]
    before = people_seen(scenarios)
    assert any("Nothing was overwritten" in each.value for each in met.warning)
    met.button(key="look_conflict_theirs").click().run()
    assert "whats_new_seen" in buttons(met), "what changed since theirs is told"
    assert people_seen(scenarios) == before


@pytest.mark.long
def test_the_second_window_can_put_its_look_in_the_others_place(met, scenarios):
    before = people_seen(scenarios)
    met.button(key="look_conflict_mine").click().run()
    assert not {"whats_new_seen", "look_conflict_mine"} & set(buttons(met))
    assert people_seen(scenarios) != before


@pytest.mark.long
def test_the_overview_opens_where_nothing_can_be_kept(open_app, tmp_path):
    (tmp_path / "scenarios").write_text("a file in the folder's place", encoding="utf-8")
    app = open_app("overview", district="town.gpkg", lang="en")
    assert not app.exception
    assert not app.error
    assert app.warning
