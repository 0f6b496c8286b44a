"""Workbooks of the old form (.xls, .et), read by a process that may end over them.

Their cells say their place in numbers, and the library that reads them makes room from the first
to the last before anybody can look: a file of 6 kB may ask for 137 GB, and a library that is
refused memory ends its process. So that process is none of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from planner.errors import InputError, messages
from planner.sources.tables.workbooks.marks import SeenSheet, Shown

MOST_MB, MOST_SECONDS = 4000, 120.0
"""Memory and time that reading one may take. A whole one of 65,536 rows takes a tenth of it."""


def old_sheet(path: Path, target: str, sheet: str) -> SeenSheet:
    """Return the sheet of a workbook that is chosen, as a person sees it.

    Parameters
    ----------
    path, target, sheet
        As :func:`planner.sources.tables.workbooks.excel.read_sheet`.

    Raises
    ------
    InputError
        As there; ``tables.workbook_too_much`` where it takes more memory or time than it may.
    """
    request = json.dumps([str(path.absolute()), target, sheet]).encode() + b"\n"
    paths = [each for each in sys.path if each and Path(each).is_absolute()]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "planner.sources.tables.workbooks.old_form_reader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Timer(MOST_SECONDS, process.kill)
    with process:
        try:
            late.start()
            process.stdin.write(request)
            process.stdin.flush()
            said = process.stdout.read()
        except BrokenPipeError:
            said = b""
        finally:
            late.cancel()
            process.kill()  # it has said all it had to say
    answer: dict[str, Any] = json.loads(said) if said.endswith(b"}\n") else {}
    if "error" in answer and answer["error"] in messages():
        raise InputError(answer["error"], **answer["params"])
    if "rows" not in answer:
        raise InputError("tables.workbook_too_much", file=path.name, most=MOST_MB)
    merges = [((a, b), (c, d)) for (a, b), (c, d) in answer["merges"]]
    cells = {name: Shown(*answer[name]) for name in ("as_shown", "unclear")}
    return SeenSheet(**answer | {"merges": merges, **cells})
