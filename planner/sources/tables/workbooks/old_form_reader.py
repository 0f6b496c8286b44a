"""The process of its own in which a workbook of the old form is read.

Run as ``python -m planner.sources.tables.workbooks.old_form_reader``: what to read as one line of
JSON on stdin, its cells as one line of JSON on stdout. It ends when stdin is closed.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.sources.own_process import end_with_parent
from planner.sources.tables.workbooks.excel import sheet_as_seen
from planner.sources.tables.workbooks.old_form import MOST_MB
from planner.sources.tables.workbooks.old_form_marks import old_form_marks


def main() -> None:
    """Read the workbook that stdin names; write its cells on stdout as JSON."""
    _hold()
    path, target, sheet = json.loads(sys.stdin.buffer.readline())
    end_with_parent()
    try:
        data = Path(path).read_bytes()
        read = sheet_as_seen(
            BytesIO(data), Path(path), target, sheet, lambda chosen: old_form_marks(data, chosen)
        )
        answer: dict[str, Any] = read._asdict()
    except InputError as error:
        answer = {"error": error.code, "params": dict(error.params)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()


def _hold() -> None:
    """Ask the kernel to refuse this process more memory, and core dumps; POSIX only."""
    if sys.platform == "win32":
        return
    import resource

    for limit, most in ((resource.RLIMIT_DATA, MOST_MB * 1_000_000), (resource.RLIMIT_CORE, 0)):
        soft, hard = resource.getrlimit(limit)
        said = [each for each in (soft, hard, most) if each != resource.RLIM_INFINITY]
        resource.setrlimit(limit, (min(said), hard))


if __name__ == "__main__":
    main()
