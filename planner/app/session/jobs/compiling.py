"""The compiled programs: prepared in the background, and whether they are being compiled now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache

from planner.app.server import programs
from planner.app.session.jobs.tickets import Ticket

LOOK_S = 0.2
"""So often work looks whether its programs are there."""

_one_at_a_time = threading.Lock()
_held_back = threading.Event()


def warm_up() -> threading.Thread:
    """Prepare the distance kernels in the background, once for the life of the server."""
    with _one_at_a_time:
        return _warm_up()


def hold_back() -> None:
    """Let pages that come do without them until they are prepared for another reason."""
    _held_back.set()


def begin() -> None:
    """Prepare the distance kernels unless that is held back, since the first map needs none."""
    if not _held_back.is_set():
        warm_up()


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
    if not _warm_up.cache_info().currsize or not warm_up().is_alive():
        return False
    from planner.network import warming

    return not warming.is_compiled()


def is_going() -> bool:
    """Whether any programs are being compiled: those, or beside the server those of other pages."""
    return first_is_going() or programs.are_compiled_now()


def wait_for(is_compiled: Callable[[], bool], ticket: Ticket | None = None) -> None:
    """Wait while the programs that work needs are being compiled beside the server.

    Compiled here a second time, they would hold up every other page.

    Parameters
    ----------
    is_compiled
        Whether they are there.
    ticket
        Of the work, None for no watch.

    Raises
    ------
    CancelledError
        Where nobody waits any longer.
    """

    def is_waiting() -> bool:
        return programs.are_compiled_now() and not is_compiled()

    if not is_waiting():
        return
    # the pages of a reader whose searches all wait here would wait with them
    with nullcontext() if ticket is None else ticket.set_aside():
        while is_waiting():
            if ticket is not None:
                ticket.check()
            time.sleep(LOOK_S)
