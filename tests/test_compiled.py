"""Whether a kernel must be compiled is known before it is called."""

import os
import subprocess
import sys
from pathlib import Path

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


def test_a_kernel_is_compiled_once_and_again_when_it_changes(tmp_path: Path) -> None:
    source = tmp_path / "example.py"
    source.write_text(SOURCE.format(2), encoding="utf-8")
    assert said(tmp_path) == "False True"
    assert said(tmp_path) == "True True"
    source.write_text(SOURCE.format("2 "), encoding="utf-8")
    assert said(tmp_path) == "False True"
