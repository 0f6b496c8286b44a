"""Tables, standards, scenarios and corrections with hostile content, and a disk that is full."""

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from effort import few
from steps import steps_of
from towns import town

import planner
from planner import write_district
from planner.app.session.catalogue import catalogue
from planner.app.session.errors import markdown
from planner.district import District, Scenario, read_kinds
from planner.district.checklists import read_checklists
from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import Correction, Corrections
from planner.district.weights import read_weights
from planner.errors import InputError, PlannerError
from planner.siting.costs import read_costs
from planner.sources import read_demand, read_district
from planner.sources.corrections import corrections_file, read_corrections

TOML = {
    "deep": "a = " + "[" * 50_000 + "]" * 50_000,
    "open": "[" * 100_000,
    "digits": "a = " + "9" * 5000,
    "beyond any fraction": "a = 1" + "0" * 400,
    "digits of sixteen": "a = 0x" + "f" * 400,
    "dotted": ".".join(["a"] * 20_000) + " = 1",
    "dotted table": "[" + ".".join(["a"] * 20_000) + "]",
    "long": "# " + "x" * 3_000_000,
    "binary": b"\x00\xff\xfe",
}
CORRECTION = (
    '{"format": "planner-corrections", "version": 2, "crs": "", "steps": [{"do": "edit", '
    '"facility_id": "f1", "at": "2026-01-01", "new": {"capacity": 5}, "old": {}}]}'
)
JSON = {
    "deep": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "digits": '{"version": ' + "9" * 5000 + "}",
    "no number": '{"format": "x", "changes": [NaN]}',
    "beyond any fraction": CORRECTION.replace("5", "1" + "0" * 400),
    "a deed that is a list": '{"format": "planner-scenario", "version": 1, '
    '"changes": [{"do": []}]}',
    "endless": '{"crs": Infinity}',
    "null": "null",
    "binary": b"\x00\xff\xfe",
}
TABLES = {
    "a very large number": "lon,lat,population\n1,2,1e308\n1,2,1e308\n",
    "a number of many digits": f"lon,lat,population\n1,2,{'9' * 5000}\n",
    "an exponent of many digits": f"lon,lat,population\n1,2,1e{'9' * 200}\n",
    "no number": "lon,lat,population\ninf,nan,inf\n",
    "less than none": "lon,lat,population\n1,2,-1e308\n",
    "off the globe": "lon,lat,population\n1e308,2,3\n",
    "a NUL": "lon,lat,population\n1,2,3\x00\n",
}


def bytes_of(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


@pytest.mark.parametrize("case", list(TOML))
@pytest.mark.parametrize("reader", [read_kinds, read_weights, read_checklists, read_costs])
def test_texts_of_ones_own_that_are_none(tmp_path, case, reader):
    file = tmp_path / "own.toml"
    file.write_bytes(bytes_of(TOML[case]))

    def read() -> None:
        with pytest.raises(InputError) as error:
            reader(file)
        assert len(str(error.value)) < 500

    assert steps_of(read) < 1_000_000


@pytest.mark.parametrize("case", [case for case in JSON if case != "binary"])
def test_scenarios_that_are_none(case):
    with pytest.raises(InputError) as error:
        Scenario.from_json(JSON[case])
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("case", list(JSON))
def test_corrections_that_are_none(tmp_path, case):
    workspace = tmp_path / "town.gpkg"
    corrections_file(workspace).write_bytes(bytes_of(JSON[case]))
    with pytest.raises(PlannerError) as error:
        read_corrections(workspace)
    assert len(str(error.value)) < 500


@pytest.mark.long
@pytest.mark.parametrize("case", list(JSON))
def test_corrections_that_are_none_close_one_district_only(tmp_path, case):
    write_district(town(), tmp_path / "town.gpkg")
    corrections_file(tmp_path / "town.gpkg").write_bytes(bytes_of(JSON[case]))
    found = catalogue(tmp_path)
    assert set(found) == {"demo", "town.gpkg"}
    assert found["town.gpkg"].corrections.startswith("unreadable")


@pytest.mark.long
@pytest.mark.parametrize("places", [1, 50])
def test_the_work_of_very_many_corrections_grows_as_their_number(places):
    few, many = (_steps_of_corrections(count, places) for count in (600, 1200))
    assert many < 2.2 * few


def _steps_of_corrections(count: int, places: int) -> int:
    here = town()
    x, y = here.demand.geometry.iloc[0].coords[0]
    new = {"kind": "clinic", "status": "existing", "ownership": "public"}
    made = [
        Correction("add", f"n{n}", "2026-01-01", new | {"x": x + n % places, "y": y}, {})
        for n in range(count)
    ]
    made += [
        Correction("edit", f"n{n}", "2026-01-02", {"name": str(n)}, {"name": ""})
        for n in range(count)
    ]
    corrections = Corrections(tuple(made), crs=here.crs.to_string())
    after: list[District] = []
    taken = steps_of(lambda: after.append(apply_corrections(here, corrections)))
    assert len(after[0].facilities) == count + 2
    assert after[0].facilities["name"].iloc[-1] == str(count - 1)
    return taken


@pytest.mark.long
@pytest.mark.parametrize("case", list(TABLES))
def test_tables_with_numbers_that_are_none(tmp_path, case):
    file = tmp_path / "homes.csv"
    file.write_text(TABLES[case], encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_demand(file)
    assert "homes.csv" in str(error.value)


def test_a_workspace_with_a_number_beyond_all_counts(tmp_path):
    sound = town()
    district = replace(sound, demand=sound.demand.assign(population=1e308))
    with pytest.raises(InputError) as error:
        read_district(write_district(district, tmp_path / "town.gpkg"))
    assert error.value.code == "district.too_large"


@pytest.mark.parametrize(
    "text",
    ["© http://evil.example/a", "https://evil.example", "www.evil.example", "mail me@evil.example"],
)
def test_addresses_in_names_and_credits_become_no_links(text):
    shown = markdown(text).replace("\\", "")
    for start in ("http://", "https://", "www.", "me@evil"):
        assert start not in shown
    assert shown.replace("\u2060", "") == text


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from planner.errors import PlannerError
from planner.sources import demo_district, write_district
district = demo_district()
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
try:
    write_district(district, sys.argv[1])
except PlannerError as error:
    print(error.code)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="a limit on files is POSIX's")
@pytest.mark.parametrize("most", few([0, 5_000, 100_000], 2))
def test_a_file_that_cannot_grow_leaves_the_old_one_whole(tmp_path, most):
    """Writing fails in the middle, as on a disk that fills up."""
    file = write_district(town(), tmp_path / "town.gpkg")
    before = file.read_bytes()
    ran = subprocess.run(
        [sys.executable, "-c", FULL.replace("{most}", str(most)), str(file)],
        env=os.environ | {"PYTHONPATH": str(Path(planner.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.stdout.strip() in ("sources.disk_full", "sources.cannot_write"), ran.stderr[-2000:]
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["town.gpkg"]


CLOSED = """
import os, sys
from planner.errors import PlannerError
from planner.sources import demo_district, write_district
district = demo_district()
write_district(district, sys.argv[2])  # loads what writing needs, before root steps down
if os.getuid() == 0:
    os.setuid(65534)
try:
    write_district(district, sys.argv[1])
except PlannerError as error:
    print(error.code)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="folder modes are POSIX's")
def test_a_folder_in_which_nothing_may_be_written(tmp_path):
    folder = tmp_path / "closed"
    file = write_district(town(), folder / "town.gpkg")
    before = file.read_bytes()
    folder.chmod(0o555)
    if os.getuid() == 0:  # the process gives that up, and must still come in
        for parent in folder.parents:
            if parent == Path(tempfile.gettempdir()):
                break
            parent.chmod(parent.stat().st_mode | 0o055)
    ran = subprocess.run(
        [sys.executable, "-c", CLOSED, str(file), str(tmp_path / "open.gpkg")],
        env=os.environ | {"PYTHONPATH": str(Path(planner.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    folder.chmod(0o755)
    assert ran.stdout.strip() == "sources.no_permission", ran.stderr[-2000:]
    assert file.read_bytes() == before
    assert [each.name for each in folder.iterdir()] == ["town.gpkg"]
