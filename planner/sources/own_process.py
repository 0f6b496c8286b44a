"""Whether this process is ours: the command, the server, the reader of uploads; not a notebook.

In a process of our own, what libraries offer beyond our needs is switched off for good. Nothing
heavy is imported here: what is to be switched off asks to be called when it is loaded.

One that another process of ours starts ends with it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

_lock = threading.RLock()
_waiting: list[Callable[[], None]] = []
_claimed = False


def claim() -> None:
    """Say that this process is ours; what waits for that is called once."""
    global _claimed
    with _lock:
        _claimed = True
        while _waiting:
            _waiting.pop()()


def when_claimed(action: Callable[[], None]) -> None:
    """Call `action` as soon as the process is ours: now, later or never."""
    with _lock:
        _waiting.append(action)
        if _claimed:
            claim()


def end_with_parent() -> None:
    """End this process as soon as its stdin is closed: whoever started it is gone."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os._exit(3)

    threading.Thread(target=wait, daemon=True).start()
