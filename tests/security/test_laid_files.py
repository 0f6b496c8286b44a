"""Files that somebody laid where the program keeps its own, and workspaces whose texts lie."""

import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
from towns import town

from planner import read_district, write_district
from planner.app.server import serve
from planner.app.server.reading import vetting
from planner.app.session.catalogue import catalogue
from planner.district.corrections.corrections import Corrections
from planner.errors import InputError, PlannerError
from planner.sources import check
from planner.sources.corrections import change_corrections, corrections_file, read_corrections
from planner.sources.kept_files import LOCK, locked, read_kept
from planner.views.words.labels import Labels

posix = pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return write_district(town(), tmp_path_factory.mktemp("good") / "town.gpkg")


@pytest.fixture
def workspace(good, tmp_path):
    return shutil.copy(good, tmp_path / "town.gpkg")


def within(seconds: float, work):
    """Return what work gives, and fail where it does not come back."""
    given = []
    thread = threading.Thread(target=lambda: given.append(work()), daemon=True)
    thread.start()
    thread.join(seconds)
    assert given, "it waits for ever"
    return given[0]


@posix
def test_a_pipe_beside_a_workspace_keeps_nobody_waiting(workspace):
    os.mkfifo(corrections_file(workspace))
    entries = within(10, lambda: catalogue(workspace.parent))
    assert set(entries) == {"demo", "town.gpkg"}
    with pytest.raises(InputError) as error:
        read_corrections(workspace)
    assert error.value.code == "sources.kept_no_file"


@pytest.mark.long
@posix
def test_a_link_to_itself_beside_a_workspace_is_this_ones_trouble(workspace):
    beside = corrections_file(workspace)
    beside.symlink_to(beside.name)
    assert set(catalogue(workspace.parent)) == {"demo", "town.gpkg"}
    with pytest.raises(InputError):
        read_district(workspace)


@posix
def test_names_that_no_page_can_write_are_left_out(good, tmp_path, caplog):
    shutil.copy(good, os.fsencode(tmp_path) + b"/\xc3\x28.gpkg")
    loop = tmp_path / "loop.gpkg"
    loop.symlink_to(loop.name)
    shutil.copy(good, tmp_path / "town.gpkg")
    for _ in range(2):
        assert set(catalogue(tmp_path)) == {"demo", "town.gpkg"}
    assert len([each for each in caplog.records if "left out" in each.message]) == 1


@pytest.mark.long
@posix
def test_a_name_so_long_that_nothing_can_lie_beside_it_is_read(good, tmp_path):
    name = "镇" * 80 + ".gpkg"
    shutil.copy(good, tmp_path / name)
    assert catalogue(tmp_path)[name].corrections == ""
    assert len(read_district(tmp_path / name).demand)


@posix
@pytest.mark.parametrize("target", ["/dev/zero", "/dev/tty", "folder"])
def test_devices_and_folders_are_no_kept_files(tmp_path, target):
    (tmp_path / "folder").mkdir()
    file = tmp_path / "a.json"
    file.symlink_to(tmp_path / target)
    assert within(10, lambda: refusal(file)) in ("sources.kept_no_file", "sources.cannot_read")


def refusal(file) -> str:
    try:
        read_kept(file, 1000)
    except InputError as error:
        return error.code
    return "it was read"


@posix
def test_a_link_in_place_of_the_corrections_tells_nothing_and_is_not_written_through(workspace):
    secret = workspace.parent / "planner.env"
    secret.write_text("PLANNER_COOKIE_SECRET=of the server", encoding="utf-8")
    corrections_file(workspace).symlink_to(secret)
    with pytest.raises(PlannerError) as error:
        read_district(workspace)
    assert "of the server" not in str(error.value)
    with pytest.raises(PlannerError):
        change_corrections(workspace, "", lambda kept: Corrections(crs=f"not {kept.crs}"))
    assert secret.read_text(encoding="utf-8") == "PLANNER_COOKIE_SECRET=of the server"


@posix
def test_a_link_in_place_of_the_lock_empties_no_other_file(tmp_path):
    secret = tmp_path / "planner.toml"
    secret.write_text("[auth]", encoding="utf-8")
    (tmp_path / LOCK).symlink_to(secret)
    with pytest.raises(PlannerError), locked(tmp_path / "a.json"):
        pytest.fail("it was locked")
    assert secret.read_text(encoding="utf-8") == "[auth]"


METADATA = {
    "findings": [[1], [{}], {"a": 1}, "x", [{"code": "osm.scaled", "params": [1]}], [{"code": 5}]],
    "kinds": [[1, 2], {"x": "abc"}, {"x": {"id": "x"}}, {"x": {"en": 2, "zh": None}}, 5],
    "island_m": [[1], "abc", True, -1, {"a": 1}],
    "records": [[1], {"clinic": "x"}, "x"],
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in METADATA.items() for value in values]
)
def test_metadata_of_other_types_end_in_a_message(workspace, key, value):
    with closing(sqlite3.connect(workspace)) as base:
        changed = base.execute(
            "UPDATE planner_metadata SET value = ? WHERE key = ?", (json.dumps(value), key)
        )
        assert changed.rowcount == 1
        base.commit()
    with pytest.raises(PlannerError) as error:
        check(read_district(workspace))
    for language in ("en", "zh"):
        assert Labels(language).finding(error.value.finding)


def test_kinds_of_a_workspace_bring_no_style_of_their_own(workspace):
    kind = {"id": "x", "en": "X", "zh": "X", "colour": "red;background:url(http://evil.example)"}
    with closing(sqlite3.connect(workspace)) as base:
        base.execute(
            "UPDATE planner_metadata SET value = ? WHERE key = 'kinds'", (json.dumps({"x": kind}),)
        )
        base.commit()
    assert read_district(workspace).kinds["x"].colour == "#475569"


def test_what_a_killed_server_left_half_written_goes_at_the_next_start(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path / "work"))
    parts = [
        tmp_path / "data" / ".town.gpkg.3530.part.gpkg",
        tmp_path / "data" / ".town.gpkg.3530.part.gpkg-journal",
        tmp_path / "data" / ".a.gpkg.corrections.json.0123abcd.part",
        tmp_path / "work" / ".signed-out.json.0123abcd.part",
        tmp_path / "work" / "standards" / ".s-a.toml.0123abcd.part",
    ]
    stay = [
        tmp_path / "data" / ".own.part.gpkg",
        tmp_path / "data" / "town.gpkg",
        tmp_path / "work" / ".new.json.0123abcd.part",
    ]
    for file in (*parts, *stay):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
        if file != stay[-1]:
            os.utime(file, (0, 0))
    serve._remove_parts(tmp_path / "data")
    assert {file for file in tmp_path.rglob("*") if file.is_file()} == set(stay)


def test_a_workspace_that_is_known_waits_for_no_other(good, tmp_path, monkeypatch):
    """Two files that take long hold both turns; each is read once, however many ask."""
    slow = [tmp_path / name for name in ("a.gpkg", "b.gpkg")]
    for file in slow:
        shutil.copy(good, file)
    go, read = threading.Event(), []

    def reading(path):
        read.append(path)
        go.wait(20)

    monkeypatch.setattr(vetting, "_read", reading)
    vetting.vouch(good)
    asking = [threading.Thread(target=vetting.vet, args=(file,)) for file in slow * 3]
    for each in asking:
        each.start()
    try:
        assert within(5, lambda: vetting.vet(good) or True)
    finally:
        go.set()
        for each in asking:
            each.join(20)
    assert sorted(read) == slow
