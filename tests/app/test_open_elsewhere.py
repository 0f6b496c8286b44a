"""A workspace that another program has open, as QGIS does, is read as it is now."""

import os
import sqlite3

import pytest
from towns import town

from planner import write_district
from planner.app.session.catalogue import catalogue
from planner.sources.workspace.state import state_of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.gpkg"
    write_district(town(), path)
    return path


@pytest.mark.long
def test_what_another_program_saved_is_another_state_while_it_has_the_file_open(file):
    before = catalogue(file.parent)["a.gpkg"]
    editor = sqlite3.connect(file)
    try:
        editor.execute("PRAGMA journal_mode=WAL")
        held = catalogue(file.parent)["a.gpkg"]
        size, changed = file.stat().st_size, file.stat().st_mtime_ns
        editor.execute("UPDATE gpkg_contents SET description = 'closed'")
        editor.commit()
        assert (file.stat().st_size, file.stat().st_mtime_ns) == (size, changed)
        saved = catalogue(file.parent)["a.gpkg"]
        assert len({before, held, saved}) == 3
        assert catalogue(file.parent)["a.gpkg"] == saved
    finally:
        editor.close()


def test_another_file_of_the_same_size_and_time_is_another_state(file):
    before, told = state_of(file), file.stat()
    other = file.with_name("b.gpkg")
    other.write_bytes(file.read_bytes())
    os.utime(other, ns=(told.st_atime_ns, told.st_mtime_ns))
    other.replace(file)
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns)
    assert state_of(file) != before
