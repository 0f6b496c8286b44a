"""Answers that outlive the server: believed where they answer exactly this, else made anew."""

import logging
import os
import shutil
import subprocess
import sys
import threading
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
import shapely
from towns import town

from planner.app import preparation
from planner.app.server.map_files import hashed_files
from planner.app.session.answers import assessments, kept
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.cache import SHARED
from planner.app.session.catalogue import DEMO, Entry, catalogue
from planner.app.session.context import usual_standard
from planner.app.widgets import map_view
from planner.district import LAYERS, Open, Scenario
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import remove
from planner.sources import write_district
from planner.sources.corrections import put_corrections
from planner.sources.packed import DamagedError, unpack

WHATS = ("assessment", "base", "completeness", "district", "summary")


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """The folder of a server that has just begun to keep answers, and writes them at once."""
    monkeypatch.setattr(kept, "FIRST_MAP_S", 0.0)
    monkeypatch.setattr(kept, "QUIET_S", 0.0)
    SHARED.clear()
    kept.begin(tmp_path / "answers")
    yield tmp_path / "answers"
    kept.written()
    kept.end()
    SHARED.clear()


@pytest.fixture
def data(workspaces, tmp_path):
    """A folder of data of the test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(workspaces / "town.gpkg", folder / "town.gpkg")
    return folder


def asked(folder):
    """Return all that the first map needs of the town in a folder, as after a start."""
    found = asked_of(catalogue(folder)["town.gpkg"])
    kept.written()
    return found


def asked_of(entry):
    SHARED.clear()
    question = Question(entry, usual_standard(entry))
    result = question.assessment()
    whole = assessments.completeness(question, result.groups[0])
    base = (hashed_files().folder / map_view._base(entry)).read_bytes()
    return result, assessments.summary(question), whole, base


def same(one, other, joined_m=0.0):
    """Assert that two answers are the same in every value; where homes join, to `joined_m`."""
    for name in LAYERS:
        first, second = (each[0].district.layers[name] for each in (one, other))
        plain = [pd.DataFrame(each).drop(columns="geometry") for each in (first, second)]
        pd.testing.assert_frame_equal(*plain, check_exact=True)
        shapes = [shapely.to_wkb(each.geometry.to_numpy()) for each in (first, second)]
        assert (shapes[0] == shapes[1]).all()
        assert first.crs == second.crs
    assert one[0].district.findings == other[0].district.findings
    assert one[0].district.sources == other[0].district.sources
    assert list(one[0].district.kinds.items()) == list(other[0].district.kinds.items())
    for name in ("distances", "nearest", "best_distances"):
        frames = (getattr(each[0], name) for each in (one, other))
        pd.testing.assert_frame_equal(*frames, check_exact=True)
    for name in ("homes", "places"):
        first, second = (getattr(each[0].reach, name) for each in (one, other))
        for part in ("edge", "offset_mm", "access_mm", "xy"):
            np.testing.assert_array_equal(getattr(first, part), getattr(second, part))
        np.testing.assert_allclose(first.join_xy, second.join_xy, rtol=0, atol=joined_m)
    assert one[0].findings == other[0].findings
    assert one[0].groups == other[0].groups
    pd.testing.assert_frame_equal(one[1], other[1], check_exact=True)
    pd.testing.assert_frame_equal(one[2], other[2], check_exact=True)
    assert one[3] == other[3]


@pytest.fixture
def no_computing(monkeypatch):
    """Return a function after which nothing that the first map needs can be computed."""

    def never(*_given, **_named):
        raise AssertionError("made again")

    def forbid():
        for module, name in (
            (assessments, "assess"),
            (assessments, "read_district"),
            (assessments, "completeness_of"),
            (map_view, "base_rows"),
        ):
            monkeypatch.setattr(module, name, never)

    return forbid


def names(folder):
    return sorted(file.name.split("-")[0] for file in folder.glob("*.answer"))


def test_what_was_kept_is_what_is_computed(answers, data, no_computing):
    before = asked(data)
    assert names(answers) == sorted(WHATS)
    no_computing()
    after = asked(data)
    assert after[0] is not before[0]
    same(before, after)


def test_a_scenario_on_what_was_kept_is_that_on_what_is_computed(answers, data):
    before = asked(data)[0]
    after = asked(data)[0]
    opened = Scenario("more", [Open("new", "clinic", 390_700.0, 2_860_010.0)])
    results = [each.apply(opened).summary() for each in (before, after)]
    pd.testing.assert_frame_equal(*results, check_exact=True)


def test_only_this_user_may_read_what_is_kept(answers, data):
    asked(data)
    if os.name != "nt":
        assert answers.stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in answers.iterdir())


def test_a_changed_workspace_is_read_anew(answers, data, caplog):
    asked(data)
    changed = town()
    homes = changed.demand.assign(population=changed.demand["population"] + 1.0)
    write_district(changed.with_layers(demand=homes), data / "town.gpkg")
    with caplog.at_level(logging.INFO):
        after = asked(data)
    total = after[0].district.demand["population"].sum()
    assert total == pytest.approx(homes["population"].sum())
    assert "made of other data or by another program" in caplog.text
    assert names(answers) == sorted(WHATS)  # in the place of the old ones


def test_corrections_kept_beside_it_make_another_assessment(answers, data, no_computing):
    before = asked(data)
    facility = str(before[0].district.facilities["facility_id"].iloc[0])
    step = remove(before[0].district, facility, "2026-01-02T08:00:00+00:00")
    put_corrections(
        data / "town.gpkg", Corrections(crs=before[0].district.crs.to_string()).do(step)
    )
    after = asked(data)
    assert facility not in set(after[0].district.facilities["facility_id"])
    no_computing()
    same(after, asked(data))


def test_a_workspace_that_is_open_to_write_is_not_kept(answers, data):
    (data / "town.gpkg-wal").write_bytes(b"what another program wrote last")
    asked(data)
    assert not names(answers)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("damage", ["cut", "flipped", "none of ours", "empty"])
def test_a_damaged_file_is_told_and_passed_over(answers, data, caplog, what, damage):
    before = asked(data)
    (file,) = answers.glob(f"{what}-*.answer")
    content = bytearray(file.read_bytes())
    if damage == "cut":
        content = content[: len(content) * 2 // 3]
    elif damage == "flipped":
        content[-len(content) // 3] ^= 1
    else:
        content = bytearray(b"" if damage == "empty" else b"figures of another's making\n1 2 3")
    file.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        same(before, asked(data))
    assert f"{file.name} is not used, and computed anew" in caplog.text
    caplog.clear()
    same(before, asked(data))  # it was written anew
    assert not caplog.text


def test_the_answer_about_another_district_is_passed_over(answers, data):
    before = asked(data)
    mine = {file.name.split("-")[0]: file for file in answers.glob("*.answer")}
    other = data.parent / "other"
    other.mkdir()
    elsewhere = town()
    homes = elsewhere.demand.assign(population=elsewhere.demand["population"] * 3.0)
    write_district(elsewhere.with_layers(demand=homes), other / "town.gpkg")
    asked(other)
    for file in answers.glob("*.answer"):
        what = file.name.split("-")[0]
        if file != mine[what]:
            shutil.copy(file, mine[what])
    same(before, asked(data))


@pytest.mark.skipif(os.name == "nt", reason="users are known by other means there")
@pytest.mark.parametrize("who", ["file", "folder", "link"])
def test_what_others_may_have_written_is_passed_over(answers, data, caplog, who):
    before = asked(data)
    if who == "file":
        for file in answers.glob("*.answer"):
            file.chmod(0o666)
    elif who == "folder":
        answers.chmod(0o777)
    else:
        real = answers.with_name("real")
        answers.rename(real)
        answers.symlink_to(real)
    with caplog.at_level(logging.WARNING):
        same(before, asked(data))
    told = "it is a link" if who == "link" else "others may have written it"
    assert told in caplog.text


def test_a_link_in_place_of_the_folder_keeps_nothing(tmp_path, data, caplog):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with caplog.at_level(logging.WARNING):
        kept.begin(tmp_path / "link")
    asked(data)
    assert "No answers are kept in link" in caplog.text
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_that_cannot_be_written_is_told_and_changes_nothing(answers, data, caplog):
    answers.write_text("a file stands where the folder should be")
    with caplog.at_level(logging.WARNING):
        same(asked(data), asked(data))
    assert "cannot be kept" in caplog.text


def test_only_a_server_keeps_answers(tmp_path, data):
    kept.end()
    asked(data)
    assert not list(tmp_path.rglob("*.answer"))


def test_so_much_is_kept_and_no_more(answers, data, monkeypatch):
    asked(data)
    sizes = {file: file.stat().st_size for file in answers.glob("*.answer")}
    newest = max(sizes, key=lambda file: file.stat().st_mtime)
    for age, file in enumerate(sorted(sizes, key=lambda file: file != newest)):
        os.utime(file, (1e9 - age, 1e9 - age))
    most = sizes[newest] + 1
    monkeypatch.setattr(kept, "MOST_BYTES", most)
    kept._make_room(newest)
    assert list(answers.glob("*.answer")) == [newest]
    monkeypatch.setattr(kept, "MOST_OF_ONE", 10)
    newest.unlink()
    asked(data)
    assert not names(answers)


def test_nothing_stays_of_a_workspace_that_is_gone(answers, data):
    asked(data)
    (answers / "of nobody knows what.answer").write_bytes(b"\0\1\n")
    kept.begin(answers)
    assert names(answers) == sorted(WHATS)
    (data / "town.gpkg").unlink()
    kept.begin(answers)
    assert not names(answers)


def test_another_program_believes_none_of_it(answers, data, monkeypatch, caplog):
    before = asked(data)
    monkeypatch.setattr(kept, "_programs", lambda: "another release")
    with caplog.at_level(logging.INFO):
        same(before, asked(data))
    assert caplog.text.count("by another program") == len(WHATS)


def test_the_sign_of_the_program_is_that_of_its_files_and_libraries(monkeypatch):
    def sign():
        kept._programs.cache_clear()
        return kept._programs()

    before = sign()
    assert sign() == before
    with monkeypatch.context() as changed:
        real = kept.version
        changed.setattr(kept, "version", lambda name: real(name) + ("+" if name == "numba" else ""))
        assert sign() != before
    with monkeypatch.context() as changed:
        changed.setattr(kept, "_sources", lambda folder, within: iter([("/a.py", 1, 2)]))
        assert sign() != before
    assert sign() == before


def test_what_cannot_be_written_keeps_nothing_else_from_it(answers, data, caplog):
    def fails():
        raise ValueError("nobody foresaw it")

    kept._to_write.put(fails)
    asked(data)
    kept.written()
    assert names(answers) == sorted(WHATS)
    assert "An answer cannot be kept" in caplog.text


def test_two_servers_that_write_at_once_leave_whole_files(tmp_path):
    file = tmp_path / "both.answer"
    parts = {"rows": os.urandom(200_000)}
    faults: list[Exception] = []

    def write():
        for _ in range(20):
            kept._write(file, "sign", "nothing", lambda: parts)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for each in writers:
        each.start()
    while any(each.is_alive() for each in writers):
        if file.exists():
            try:
                assert unpack(file.read_bytes(), "sign") == parts
            except DamagedError as error:
                faults.append(error)
    assert not faults
    assert [each.name for each in tmp_path.iterdir()] == ["both.answer"]


@pytest.fixture(scope="module")
def demo_measured():
    """All that the first map needs of the demo, computed; no server keeps anything."""
    kept.end()
    found = asked_of(Entry(DEMO))
    SHARED.clear()
    return found


def test_what_comes_with_the_demo_is_what_is_computed(demo_measured, answers, no_computing):
    no_computing()
    found = asked_of(Entry(DEMO))  # else: python data/geo/measure_demo.py
    same(found, demo_measured, joined_m=1e-6)  # processors may round the last digit otherwise
    assert preparation.assessments.may_be_kept(Entry(DEMO))
    assert not names(answers)


def test_what_comes_with_the_demo_is_what_its_first_map_needs(demo_measured, monkeypatch, tmp_path):
    """Nothing less than a server that was just installed asks for, and nothing more."""
    SHARED.clear()
    monkeypatch.setattr(assessments, "assess", lambda *_given, **_how: demo_measured[0])
    file = tmp_path / "demo.answers"
    kept.ship(file, lambda: preparation.first_map(Entry(DEMO)))
    SHARED.clear()
    with ZipFile(file) as made, ZipFile(kept.demo_answers()) as carried:
        assert sorted(made.namelist()) == sorted(carried.namelist())
        assert sorted(name.split("-")[0] for name in made.namelist()) == sorted(WHATS)


def test_by_another_standard_the_demo_is_measured(answers, monkeypatch):
    measured = []
    given = assessments.assess
    monkeypatch.setattr(
        assessments, "assess", lambda *asked, **how: measured.append(1) or given(*asked, **how)
    )
    assessments.assessment(Question(Entry(DEMO), "complete-community-2020"))
    assert measured


def test_a_demo_whose_counts_are_withheld_is_none_that_came_along(answers, demo_measured):
    some = Entry(DEMO, withheld=30)
    assert not preparation.assessments.may_be_kept(some)
    groups = assessments.district(some).groups[1:]
    shown, all_of_it = (assessments.district(each).demand[groups] for each in (some, Entry(DEMO)))
    assert shown.isna().to_numpy().sum() > all_of_it.isna().to_numpy().sum()


@pytest.mark.parametrize("content", [b"", b"none of ours", b"cut", b"turned"])
def test_answers_of_the_demo_that_are_damaged_are_told(
    answers, monkeypatch, tmp_path, caplog, demo_measured, content
):
    whole = bytearray(kept.demo_answers().read_bytes())
    file = tmp_path / "demo.answers"
    if content == b"turned":  # a byte of what it holds
        whole[len(whole) // 2] ^= 1
    file.write_bytes({b"cut": whole[:-1000], b"turned": whole}.get(content, content))
    monkeypatch.setattr(kept, "demo_answers", lambda: file)
    with caplog.at_level(logging.WARNING):
        same(asked_of(Entry(DEMO)), demo_measured)
    assert "demo.answers is not used, and computed anew" in caplog.text
    kept.end()
    file.unlink()
    caplog.clear()
    same(asked_of(Entry(DEMO)), demo_measured)
    assert not caplog.text


PREPARED = """
import sys
from pathlib import Path
from planner.app import preparation
from planner.app.session.answers import kept
from planner.app.session.catalogue import catalogue
kept.FIRST_MAP_S = kept.QUIET_S = 0.0
kept.begin(Path(sys.argv[1]))
preparation.first_map(catalogue(Path(sys.argv[2]))[sys.argv[3]])
kept.written()
print("numba" in sys.modules)
"""


@pytest.mark.parametrize(("district", "measures"), [("town.gpkg", True), (DEMO, False)])
def test_a_later_start_needs_no_compiled_program_for_its_first_map(
    tmp_path, data, district, measures
):
    """Two processes one after the other, as a server that is started again; of the demo none."""
    told = [
        subprocess.run(
            [sys.executable, "-c", PREPARED, str(tmp_path / "answers"), str(data), district],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert told == [[str(measures)], ["False"]]


def test_a_start_with_answers_holds_the_programs_back_until_the_map_is_there(
    answers, data, monkeypatch
):
    asked(data)
    begun: list[str] = []
    compiling = preparation.compiling
    monkeypatch.setenv("PLANNER_SCENARIOS", str(answers.parent))
    monkeypatch.setattr(preparation, "first_entry", lambda: catalogue(data)["town.gpkg"])
    monkeypatch.setattr(compiling, "_held_back", threading.Event())
    monkeypatch.setattr(compiling, "_warm_up", lambda: begun.append("warm") or threading.Thread())

    def first_map(_entry):
        compiling.begin()
        begun.append("map")
        raise AssertionError("enough")

    monkeypatch.setattr(preparation, "first_map", first_map)
    with pytest.raises(AssertionError, match="enough"):
        preparation.prepare()
    assert begun == ["map"]
    for file in answers.glob("assessment-*"):
        file.unlink()
    monkeypatch.setattr(compiling, "_held_back", threading.Event())
    begun.clear()
    with pytest.raises(AssertionError, match="enough"):
        preparation.prepare()
    assert begun == ["warm", "warm", "map"]
