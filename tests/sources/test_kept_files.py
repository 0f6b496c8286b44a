"""Files that several windows and programs keep together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from effort import tries

from planner.errors import InputError, WorkError
from planner.sources import kept_files
from planner.sources.kept_files import (
    NONE,
    ChangedMeanwhileError,
    clean,
    put_whole,
    read_kept,
    write_kept,
)

MOST = 100_000


def test_the_second_writer_sees_what_the_first_wrote(tmp_path):
    file = tmp_path / "new" / "a.json"
    first = write_kept(file, "one", NONE, MOST)
    assert read_kept(file, MOST) == first
    second = write_kept(file, "two", first.version, MOST)
    with pytest.raises(ChangedMeanwhileError) as error:
        write_kept(file, "three", first.version, MOST)
    assert error.value.theirs == second
    assert read_kept(file, MOST).text == "two"
    with pytest.raises(ChangedMeanwhileError):
        write_kept(file, "new", NONE, MOST)


def test_what_is_too_large_or_no_text_is_refused(tmp_path):
    file = tmp_path / "a.json"
    with pytest.raises(InputError, match="large"):
        write_kept(file, "x" * (MOST + 1), NONE, MOST)
    assert not file.exists()
    file.write_bytes(b"x" * (MOST + 1))
    with pytest.raises(InputError, match="large"):
        read_kept(file, MOST)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_kept(file, MOST)


ADDER = """
import sys
from planner.sources.kept_files import ChangedMeanwhileError, read_kept, write_kept
file, name, count, most = sys.argv[1], sys.argv[2], int(sys.argv[3]), 1_000_000
for number in range(count):
    while True:
        kept = read_kept(file, most)
        try:
            write_kept(file, f"{kept.text}{name}{number}\\n", kept.version, most)
        except ChangedMeanwhileError:
            continue
        break
"""


@pytest.mark.long
def test_no_writer_of_several_processes_loses_a_line(tmp_path):
    file, count = str(tmp_path / "lines.txt"), tries(25, 200)
    names = ["a", "b", "c", "d"]
    writers = [
        subprocess.Popen([sys.executable, "-c", ADDER, file, name, str(count)]) for name in names
    ]
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0, 0, 0]
    lines = read_kept(file, MOST).text.splitlines()
    assert sorted(lines) == sorted(f"{name}{number}" for name in names for number in range(count))
    for name in names:
        assert [line for line in lines if line[0] == name] == [f"{name}{n}" for n in range(count)]


WRITER = """
import sys
from planner.sources.kept_files import read_kept, write_kept
file, most = sys.argv[1], 10_000_000
while True:
    kept = read_kept(file, most)
    number = int(kept.text.split()[0]) + 1 if kept.text else 0
    write_kept(file, f"{number} " + "x" * 200_000 + f" {number}", kept.version, most)
    print(number, flush=True)
"""


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_killed_writer_leaves_a_whole_file_and_loses_nothing_acknowledged(tmp_path):
    file = tmp_path / "kept.txt"
    told = -1
    for turn in range(tries(4, 200)):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE, text=True
        )
        first = writer.stdout.readline()
        time.sleep(0.013 * (2 * turn % 7))  # few turns wait long, too
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read()
        writer.stdout.close()
        writer.wait()
        told = max(told, *(int(line) for line in (first + rest).split()))
        begin, middle, end = read_kept(file, 10_000_000).text.split()
        assert begin == end
        assert set(middle) == {"x"}
        assert int(begin) >= told


def test_a_write_cut_at_any_byte_leaves_the_old_file(tmp_path, monkeypatch):
    """What reaches the disk before a power loss is any beginning of what was written."""
    file = tmp_path / "a.json"
    put_whole(file, b"old")
    content = b'{"all": "of it"}'
    for cut in range(len(content) + 1):

        def lost(number: int, cut: int = cut) -> None:
            os.truncate(number, cut)
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(kept_files.os, "fsync", lost)
        with pytest.raises(WorkError):
            put_whole(file, content)
        assert file.read_bytes() == b"old"
        assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_content_and_name_are_flushed_before_it_is_acknowledged(tmp_path, monkeypatch):
    file, order = tmp_path / "a.json", []
    flush, rename = os.fsync, Path.replace

    def flushed(number: int) -> None:
        order.append("folder" if os.path.isdir(f"/proc/self/fd/{number}") else "content")  # noqa: PTH112
        flush(number)

    def renamed(self: Path, target: Path) -> Path:
        order.append("name")
        return rename(self, target)

    monkeypatch.setattr(kept_files.os, "fsync", flushed)
    monkeypatch.setattr(Path, "replace", renamed)
    put_whole(file, b"new")
    if Path("/proc/self/fd").is_dir():
        assert order == ["content", "name", "folder"]


def test_what_killed_writers_left_is_removed_and_nothing_else(tmp_path):
    old, fresh = tmp_path / ".a.json.0123abcd.part", tmp_path / ".b.json.89abcdef.part"
    other = tmp_path / "notes.part"
    for file in (old, fresh, other):
        file.write_text("x", encoding="utf-8")
    for file in (old, other):
        os.utime(file, (0, 0))
    assert clean(tmp_path) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == [fresh.name, other.name]
    assert clean(tmp_path / "missing") == 0


@pytest.mark.skipif(os.name == "nt", reason="needs /dev/full's kin")
def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path):
    """A limit on the size of files stands for a disk that is really full."""
    import resource

    file = tmp_path / "a.json"
    put_whole(file, b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(WorkError):
            put_whole(file, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert file.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
