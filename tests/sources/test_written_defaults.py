"""Standard, benchmark and currency of a workspace are changed, the rest of the file stays."""

import sqlite3
from contextlib import closing

import pytest
from places import small_district

from planner.district import Defaults
from planner.errors import InputError
from planner.sources import read_district, write_defaults, write_district


@pytest.fixture
def workspace(tmp_path):
    return write_district(small_district(), tmp_path / "city.gpkg")


def rows(path, table):
    with closing(sqlite3.connect(path)) as data:
        return data.execute(f"SELECT * FROM {table}").fetchall()


def test_what_is_said_is_kept_and_layers_stay(workspace):
    streets, sources = rows(workspace, "streets"), rows(workspace, "provenance")
    said = Defaults("15-minute", "none", "EUR 1000")
    assert write_defaults(workspace, said, Defaults()) == Defaults()
    read = read_district(workspace)
    assert read.defaults == Defaults("15-minute", "none", "EUR 1,000")
    assert rows(workspace, "streets") == streets
    assert rows(workspace, "provenance") == sources
    assert write_defaults(workspace, Defaults()) == read.defaults
    assert read_district(workspace).defaults == Defaults()


def test_who_looks_at_something_old_is_told_and_writes_nothing(workspace):
    write_defaults(workspace, Defaults("15-minute"))
    before = workspace.read_bytes()
    with pytest.raises(InputError) as told:
        write_defaults(workspace, Defaults("td-t-1062-2021"), Defaults())
    assert told.value.code == "update.defaults_changed"
    with pytest.raises(InputError):
        write_defaults(workspace, Defaults(currency="many euros"))
    assert workspace.read_bytes() == before
