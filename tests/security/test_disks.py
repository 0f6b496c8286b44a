"""A disk that is really full, a folder that is read only, and names that are streams or links."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from effort import tries
from towns import town

from planner import read_district, write_district
from planner.app.server.reading import uploads
from planner.app.server.sign_in.signed_out import FILE, SignedOut
from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import DraftFiles
from planner.district.corrections.corrections import Corrections
from planner.district.corrections.steps import edit
from planner.district.scenarios.scenario import Close
from planner.errors import InputError, PlannerError, WorkError
from planner.sources.corrections import change_corrections, read_corrections

WORK = "c" * 26
AT = "2026-01-01T00:00:00+00:00"


def mounted(place: Path, *options: str) -> bool:
    place.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(place)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """Give a small disk of its own, of 2 MB."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root may mount a small disk; limits on files stand in for it elsewhere")
    place = tmp_path / "disk"
    if not mounted(place, "size=2m"):
        pytest.skip("this machine does not let root mount a disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path, left: int = 0) -> None:
    """Fill a disk but for some bytes."""
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    with (disk / "filler").open("r+b") as file:
        file.truncate(max((disk / "filler").stat().st_size - left, 0))


def edited(file: Path) -> Corrections:
    step = edit(read_district(file), "f1", {"name": "Other"}, AT)
    return Corrections(crs="EPSG:32650").do(step)


@pytest.mark.long
def test_stores_on_a_full_disk_tell_it_and_stay_as_they_were(disk):
    file = write_district(town(), disk / "town.gpkg")
    drafts, kept = DraftFiles(disk / "work"), edited(file)
    draft = Draft().do(Close("f1"))
    version = drafts.write(WORK, "town.gpkg", draft, "")
    change_corrections(file, "", lambda _: kept)
    before = {each: each.read_bytes() for each in disk.rglob("*.*") if each.is_file()}
    for left in [4096 * n for n in range(tries(3, 40))]:
        fill(disk, left)
        for write in (
            lambda: write_district(town(), file),
            lambda: drafts.write(WORK, "town.gpkg", _large(draft), version),
            lambda: change_corrections(file, kept.sign, _many),
        ):
            with pytest.raises(WorkError) as error:
                write()
            assert error.value.code in ("sources.disk_full", "sources.cannot_write")
        (disk / "filler").unlink()
        assert {each: each.read_bytes() for each in disk.rglob("*.*") if each.is_file()} == before
    assert len(read_district(file).streets) == 1
    assert read_corrections(file) == kept
    assert drafts.read(WORK, "town.gpkg") == (draft, version)


def _large(draft: Draft) -> Draft:
    for number in range(40):
        draft = draft.named(f"{number}" * 20_000).keep()
    return draft


def _many(kept: Corrections) -> Corrections:
    step = kept.steps[0]
    return Corrections((step,) * 4_999, crs=kept.crs)


def test_a_sign_out_on_a_full_disk_holds_until_the_restart(disk, caplog):
    (disk / "work").mkdir()
    out = SignedOut(disk / "work" / FILE, 3600.0)
    fill(disk)
    out.end("0" * 64, 2e9)
    assert out.is_out("0" * 64, 1e9)
    assert "not kept" in caplog.text


@pytest.mark.long
def test_a_folder_that_is_mounted_read_only(disk):
    file = write_district(town(), disk / "town.gpkg")
    kept = edited(file)
    DraftFiles(disk / "work").write(WORK, "town.gpkg", Draft(), "")
    again = ["mount", "-o", "remount,ro", str(disk)]
    assert subprocess.run(again, capture_output=True, check=False).returncode == 0
    for write in (
        lambda: write_district(town(), file),
        lambda: change_corrections(file, "", lambda _: kept),
        lambda: DraftFiles(disk / "work").write("d" * 26, "town.gpkg", Draft(), ""),
        lambda: uploads.new_folder(disk),
        lambda: uploads.publish(file, disk, "other"),
    ):
        with pytest.raises(WorkError):
            write()
    assert len(read_district(file).streets) == 1


NAMES = [
    "town.gpkg:stream",
    "town.gpkg::$DATA",
    "..\\..\\town.gpkg",
    "../../town.gpkg",
    "C:\\windows\\town.gpkg",
    "\\\\server\\share\\town.gpkg",
    "/etc/cron.d/town.gpkg",
    "con.gpkg",
    "lpt1.gpkg",
    "town.gpkg ",
    "town.gpkg.",
    "town\x00.gpkg",
    "town\u202egpkg.exe",
    ".gpkg",
    "a/b:c.gpkg",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_uploads_are_no_streams_devices_or_ways_out(tmp_path, name):
    folder = uploads.new_folder(tmp_path / "data")
    try:
        file = uploads.keep(b"content", name, folder, "source")
    except InputError as error:
        assert error.code == "uploads.unknown_ending"  # noqa: PT017 - one of two good ends
        return
    assert file.parent == folder / "source"
    assert file.resolve().is_relative_to(folder.resolve())
    assert not set(file.name) & set('<>:"/\\|?*\x00')
    assert file.stem.casefold() not in ("con", "lpt1", "")
    assert file.suffix == ".gpkg"


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_link_among_the_workspaces_gives_no_file_of_another_kind(tmp_path):
    secret = tmp_path / "planner.env"
    secret.write_text("PLANNER_COOKIE_SECRET=of the server", encoding="utf-8")
    (tmp_path / "data").mkdir()
    link = tmp_path / "data" / "town.gpkg"
    link.symlink_to(secret)
    with pytest.raises(PlannerError) as error:
        read_district(link)
    assert "of the server" not in str(error.value)
