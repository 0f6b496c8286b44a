"""Pieces of work in threads of their own, each shared by all windows that wait for it.

Who asks for the same joins it, and it goes on as long as one window waits, see
:mod:`planner.app.session.background`.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.app.session.jobs.tickets import CancelledError, Ticket
from planner.app.session.jobs.turns import Turn, Turns
from planner.app.session.reader.shares import reader
from planner.errors import InputError, PlannerError

KEEP_S = 30.0
"""What nobody fetched is let go so long after it was made: its window was closed."""

MOST_OF_A_SESSION = 4
"""Pieces of work that one window may have asked for; the one asked for the longest ago is left."""

MOST_OF_A_READER = 12
"""Pieces of work that all windows of one reader may have asked for, likewise."""

MOST_WAITING = 64
"""Pieces of work of all windows that run or wait for their turn."""

AT_ONCE = max(4, 2 * (os.cpu_count() or 1))
"""Pieces of work that run at the same time, of one reader's half as many."""


@dataclass(eq=False)
class Job:
    """A piece of work, for whom it is done, and what came of it."""

    work: Callable[[Ticket], Any]
    ticket: Ticket = field(default_factory=Ticket)
    waiting: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    value: Any = None
    error: BaseException | None = None
    later: threading.Timer | None = None
    size: int = 0
    took_s: float = 0.0
    readers: dict[str, str] = field(default_factory=dict)
    """Whose the windows are that wait; the first is whose turn it takes."""

    def run(self, key: Hashable) -> None:
        """Do the work once its turn has come; what goes wrong is kept for who waits."""
        try:
            whose = next(iter(self.readers.values()), "")
            self.ticket.turn = turn = Turn(_turns, whose, self.ticket.check)
            turn.take()
            try:
                self.ticket.check()  # it may have been left while it waited
                began = time.monotonic()
                self.value = self.work(self.ticket)
                self.took_s = time.monotonic() - began
            finally:
                turn.give()
        except BaseException as error:  # noqa: BLE001 - told on the page of who waits
            self.error = _without_frames(error)
        finally:
            self.later = threading.Timer(KEEP_S, _let_go, (key, self))
            self.later.daemon = True
            self.later.start()
            self.over.set()


_jobs: dict[Hashable, Job] = {}
_lock = threading.Lock()
_turns = Turns(AT_ONCE, AT_ONCE // 2)


def _without_frames(error: BaseException) -> BaseException:
    """Return an error with its course as a text: its frames hold all that the work had made."""
    if not isinstance(error, PlannerError | CancelledError):
        error.add_note("".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _let_go(key: Hashable, job: Job) -> None:
    """Forget work that is over; whoever still wants it asks the cache, or has it done anew."""
    with _lock:
        if _jobs.get(key) is job:
            del _jobs[key]


def join(key: Hashable, work: Callable[[Ticket], Any], size: int = 0) -> Job:
    """Return the piece of work under a key, begun where none goes on, with this window waiting.

    Parameters
    ----------
    key
        What is asked for; equal keys share one piece of work.
    work
        Makes the value, in a thread of its own.
    size
        How much there is to do, see :func:`planner.app.session.jobs.estimates.size_of`.

    Raises
    ------
    InputError
        ``app_work.too_much_work`` where all windows together have enough to do.
    """
    with _lock:
        job = _jobs.get(key)
        if job is None or job.over.is_set() or not job.ticket.go_on():
            _make_room(_session(), reader())
            job = _jobs[key] = Job(work, size=size, readers={_session(): reader()})
            threading.Thread(target=job.run, args=(key,), name="working", daemon=True).start()
        job.waiting.add(_session())
        job.readers[_session()] = reader()
        return job


def is_busy() -> bool:
    """Whether something that was asked for is being done."""
    with _lock:
        return any(not job.over.is_set() for job in _jobs.values())


def fetch(key: Hashable, job: Job) -> None:
    """Forget a piece of work that is over: who asks next asks the cache, or has it done anew."""
    with _lock:
        if _jobs.get(key) is job:
            del _jobs[key]
        if job.later is not None:
            job.later.cancel()


def leave(job: Job, *, stop: bool) -> None:
    """Let this window wait no longer; where `stop`, the work ends if nobody else waits."""
    with _lock:
        job.waiting.discard(_session())
        if stop and not job.waiting:
            job.ticket.stop()


def leave_key(key: Hashable) -> None:
    """Let this window wait no longer for work that heeds its ticket, where it does."""
    with _lock:
        job = _jobs.get(key)
        if job is not None and _session() in job.waiting:
            _left_by(job, {_session()})


def _make_room(session: str, whose: str) -> None:
    """Leave what a window, or its reader, asked for the longest ago, where it is more than may be.

    What only windows wait for that are closed is left too, where all have enough to do.

    Raises
    ------
    InputError
        Where all windows together have enough to do.
    """
    running = [job for job in _jobs.values() if not job.over.is_set()]
    own = [job for job in running if session in job.waiting]
    for job in own[: max(len(own) - MOST_OF_A_SESSION + 1, 0)]:
        _left_by(job, {session})
    of_reader = [job for job in running if _windows(job, whose)]
    for job in of_reader[: max(len(of_reader) - MOST_OF_A_READER + 1, 0)]:
        _left_by(job, _windows(job, whose))
    if len(_wanted(running)) >= MOST_WAITING:
        for job in running:
            _left_by(job, {each for each in job.waiting if not _is_open(each)})
        if len(_wanted(running)) >= MOST_WAITING:
            raise InputError("app_work.too_much_work", most=MOST_WAITING)


def _windows(job: Job, whose: str) -> set[str]:
    """Return the windows of a reader that wait for a piece of work."""
    return {each for each in job.waiting if job.readers.get(each) == whose}


def _left_by(job: Job, windows: set[str]) -> None:
    """Let windows wait no longer for a piece of work, which stops where none is left."""
    job.waiting -= windows
    if windows and not job.waiting:
        job.ticket.stop()


def _wanted(running: list[Job]) -> list[Job]:
    """Return the work that somebody waits for; what is left ends at its next look at the ticket."""
    return [job for job in running if job.waiting]


def _is_open(session: str) -> bool:
    """Whether a window is there; of one whose line was cut, the work is asked for again."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _session() -> str:
    running = get_script_run_ctx()
    return running.session_id if running else ""
