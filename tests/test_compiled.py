"""Whether a kernel must be compiled is known before it is called."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from effort import few

from planner.compiled import kernel

CODE = """if True:
    import sys
    from pathlib import Path
    import example
    from planner.compiled import is_compiled

    print(is_compiled(example.doubled), end=" ")
    assert example.doubled(2) == 4
    print(is_compiled(example.doubled))
"""
SOURCE = """
from planner.compiled import kernel


@kernel
def doubled(x):
    return {} * x
"""


def said(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=folder,
        env=os.environ
        | {
            "PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parents[1])]),
            "NUMBA_CACHE_DIR": str(folder / "kept"),
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.mark.long
def test_a_kernel_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text(SOURCE.format(2), encoding="utf-8")
    assert said(tmp_path) == "False True"
    assert said(tmp_path) == "True True"
    source.write_text(SOURCE.format("2 "), encoding="utf-8")
    assert said(tmp_path) == "False True"


PART = """
from planner.compiled import kernel

TIMES = {times}


@kernel
def many(x):
    return {of} * x
"""
WHOLE = """
import part
from planner.compiled import kernel
from part import TIMES, many


@kernel
def doubled(x):
    return {many}(x) * TIMES
"""


@pytest.mark.long
@pytest.mark.parametrize("many", few(["many", "part.many"], 1))
def test_what_a_kernel_takes_from_other_files_changes_it_too(tmp_path: Path, many: str) -> None:
    part = tmp_path / "part.py"
    (tmp_path / "example.py").write_text(WHOLE.format(many=many), encoding="utf-8")
    part.write_text(PART.format(times=1, of=2), encoding="utf-8")
    assert said(tmp_path) == "False True"
    assert said(tmp_path) == "True True"
    part.write_text(PART.format(times=2, of="1 "), encoding="utf-8")
    assert said(tmp_path) == "False True"  # numba alone would go on with what it has
    (tmp_path / "example.py").write_text(WHOLE.format(many=many) + "\n", encoding="utf-8")
    assert said(tmp_path) == "False True"


@pytest.mark.long
def test_programs_of_an_older_source_are_removed(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    for text in ("2", "2 ", " 2"):
        source.write_text(SOURCE.format(text), encoding="utf-8")
        said(tmp_path)
    assert len(list((tmp_path / "kept").rglob("*.nbc"))) == 1


def test_who_compiles_beside_others_hands_nobody_a_program_of_other_types(tmp_path: Path) -> None:
    """Two processes write at once: the one knew of nothing while the other had not written yet."""
    source = tmp_path / "example.py"
    source.write_text("def total(values):\n    return values[0] + values[1]\n", encoding="utf-8")
    said_of = importlib.util.spec_from_file_location("example_of_two", source)
    example = importlib.util.module_from_spec(said_of)
    said_of.loader.exec_module(example)
    whole, halves = np.array([1, 2]), np.array([0.5, 0.25])
    one, other, third = (kernel(example.total) for _ in range(3))
    one_file, other_file = one._cache._cache_file, other._cache._cache_file
    write = one_file._save_data

    def late(name: str, data: object) -> None:
        other_file._load_index = dict
        assert other(halves) == 0.75
        write(name, data)

    one_file._save_data = late
    assert one(whole) == 3
    assert third(halves) == 0.75
    assert third(whole) == 3
