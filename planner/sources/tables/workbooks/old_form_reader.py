"""The process of its own in which a workbook of the old form is read.

Run as ``python -m planner.sources.tables.workbooks.old_form_reader``: what to read as one line of
JSON on stdin, its cells as one line of JSON on stdout. It ends when stdin is closed.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from planner.errors import InputError
from planner.sources.tables.workbooks.excel import text_rows
from planner.sources.tables.workbooks.old_form import MOST_MB


def main() -> None:
    """Read the workbook that stdin names; write its cells on stdout as JSON."""
    _hold()
    path, target, sheet = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with Path(path).open("rb") as file:
            names, chosen, rows, merges = text_rows(file, Path(path), target, sheet)
        answer: dict[str, Any] = {"names": names, "chosen": chosen, "rows": rows, "merges": merges}
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


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(3)


if __name__ == "__main__":
    main()
