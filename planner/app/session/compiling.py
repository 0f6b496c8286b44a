"""The compiled programs: prepared in the background, and whether they are being compiled now."""

from __future__ import annotations

import threading
from functools import cache

from planner.app.server import programs

_one_at_a_time = threading.Lock()


def warm_up() -> threading.Thread:
    """Prepare the distance kernels in the background, once for the life of the server."""
    with _one_at_a_time:
        return _warm_up()


@cache
def _warm_up() -> threading.Thread:
    def prepare() -> None:
        from planner import network

        network.warm_up()

    thread = threading.Thread(target=prepare, name="warm-up", daemon=True)
    thread.start()
    return thread


def first_is_going() -> bool:
    """Whether the distance kernels are being compiled, as once after an installation.

    Where they are read from the disk, that is no compiling.
    """
    from planner.network import warming

    return warm_up().is_alive() and not warming.is_compiled()


def is_going() -> bool:
    """Whether any programs are being compiled: those, or beside the server those of other pages."""
    return first_is_going() or programs.are_compiled_now()
