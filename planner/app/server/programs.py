"""Programs that only some pages need, compiled once after an installation, beside the server.

A process of its own compiles them and leaves them on the disk, where numba finds them: in a thread
of the server they would hold up every page meanwhile. ``python -m planner.app.server.programs``
does the same without a server.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil

_going = threading.Event()
_NICE = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10)
"""How far behind the server it stands."""


def compile_ahead() -> None:
    """Have them compiled, where they are not yet and the disk keeps them; returns when it is over.

    Where that fails, they are compiled when a page first needs them.
    """
    # numba is loaded for half a second: not before the first map is there
    from planner import compiled
    from planner.location import warming
    from planner.network.kernels.pieces import cut_pieces
    from planner.network.links import candidates

    if candidates.is_compiled() and warming.is_compiled():
        return
    if not compiled.is_kept(cut_pieces):
        return
    command = [sys.executable, "-P", "-s", "-m", __name__]
    process = subprocess.Popen(
        command,
        cwd=Path(__file__).parent,  # the folder where the server was started may go
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    atexit.register(process.terminate)
    with suppress(psutil.Error):  # it is over already
        psutil.Process(process.pid).nice(_NICE)
    _going.set()
    try:
        process.wait()
    finally:
        _going.clear()
        atexit.unregister(process.terminate)


def are_compiled_now() -> bool:
    """Whether that is under way."""
    return _going.is_set()


def main() -> None:
    """Compile them."""
    from planner.location import warming
    from planner.network.links import candidates

    candidates.warm_up()
    warming.warm_up()


if __name__ == "__main__":
    main()
