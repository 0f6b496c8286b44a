"""Long work in the background: its progress on the page, and a button that ends the wait.

A page asks for a value with :func:`value`. Work that is over within a moment is simply returned.
Longer work shows how far it is and a button to cancel; meanwhile the page answers to everything
else. The work is shared: who asks for the same joins it, and it goes on as long as one of them
waits. What it returns is kept by :mod:`planner.app.session.answers.cache`. Searches of the solvers
tell their progress and can be cancelled, see :func:`searched`; other work is :func:`worked_out`.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from planner.app.session import compiling, estimates
from planner.app.session.context import Context
from planner.app.session.shares import reader
from planner.app.session.tickets import CancelledError, Ticket
from planner.app.session.turns import Turn, Turns
from planner.errors import InputError, PlannerError
from planner.location import warming
from planner.location.limits import Limits
from planner.location.results import Progress

T = TypeVar("T")

PATIENCE_S = 0.8
"""Work that is over within this time shows nothing."""

LOOK_S = 0.5
"""So often the page looks whether the work is over."""

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

_CANCELLED = "working_cancelled"


@dataclass(eq=False)
class _Job:
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


_jobs: dict[Hashable, _Job] = {}
_lock = threading.Lock()
_turns = Turns(AT_ONCE, AT_ONCE // 2)


def _without_frames(error: BaseException) -> BaseException:
    """Return an error with its course as a text: its frames hold all that the work had made."""
    if not isinstance(error, PlannerError | CancelledError):
        error.add_note("".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def _let_go(key: Hashable, job: _Job) -> None:
    """Forget work that is over; whoever still wants it asks the cache, or has it done anew."""
    with _lock:
        if _jobs.get(key) is job:
            del _jobs[key]


def value(
    context: Context,
    key: Hashable,
    work: Callable[[Ticket], T],
    words: str,
    *,
    can_stop: bool = False,
    size: int = 0,
    patience_s: float = 0.0,
) -> T | None:
    """Return what work makes, or draw how far it is and return None: then the page ends here.

    Parameters
    ----------
    context
        The reader's language.
    key
        What is asked for; equal keys share one piece of work.
    work
        Makes the value, in a thread of its own: it may call cached functions, and draws nothing.
        It may tell its progress to the ticket, and ends with :class:`CancelledError` (see
        :meth:`Ticket.check`) where the ticket says so.
    words
        What is being done, a sentence in the reader's language.
    can_stop
        Whether the work heeds the ticket. Where it does not, the button only ends the wait; the
        work goes on by itself, and what it finds is there when it is asked for again.
    size
        How much there is to do, of :func:`planner.app.session.estimates.size_of`: foretells how
        long it takes. 0 foretells nothing.
    patience_s
        Seconds to wait before anything is drawn, where more than usual: what is over soon after
        saves the page to be drawn twice.

    Raises
    ------
    Exception
        What the work raised.
    """
    place = st.empty()
    if key in st.session_state.setdefault(_CANCELLED, set()):
        _offer_again(context, key, place, can_stop)
        return None
    job = _joined(key, work, size)
    if job.over.wait(max(PATIENCE_S, patience_s)):
        made: T | None = _result(context, key, job, place, can_stop)
        return made
    with place.container():
        _watch(context, key, job, words, can_stop)
    return None


def begin(key: Hashable, work: Callable[[Ticket], T]) -> None:
    """Begin work that the reader will probably ask for next with :func:`value`, and draw nothing.

    Where something that was asked for is being done, nothing is begun that nobody asked for.

    Parameters
    ----------
    key, work
        As of :func:`value`; what the work makes must be kept by the cache of answers.
    """
    with _lock:
        busy = any(not job.over.is_set() for job in _jobs.values())
    if not busy:
        _joined(key, work)


def searched(
    context: Context, search: Callable[..., T], question: Hashable, words: str, *, size: int = 0
) -> T | None:
    """Return what a search finds, or draw its progress and return None: then the page ends here.

    Parameters
    ----------
    context
        The reader's language.
    search
        Called with the question and a ticket, which it heeds.
    question
        Equal questions share one search.
    words
        What is being done.
    size
        As of :func:`value`.
    """
    key = (_function(search), question)
    return value(context, key, partial(search, question), words, can_stop=True, size=size)


def worked_out(
    context: Context, make: Callable[..., T], *question: Hashable, words: str, size: int = 0
) -> T | None:
    """Return what is made of a question; as :func:`searched`, for work that cannot be stopped."""

    def work(_ticket: Ticket) -> T:
        return make(*question)

    return value(context, (_function(make), *question), work, words, size=size)


def search_limits(ticket: Ticket | None, seconds: float) -> Limits:
    """Return the limits of a solver that stops after some seconds, or when it is told to.

    Returns once the solver's programs are there, where they are being compiled.

    Parameters
    ----------
    ticket
        Told how much of the time is spent, and asked whether to stop; none for no watch.
    seconds
        Time limit of the solver.

    Raises
    ------
    CancelledError
        Where nobody waits any longer.
    """
    compiling.wait_for(warming.is_compiled, ticket)
    if ticket is None:
        return Limits(seconds)

    def progress(line: Progress) -> None:
        ticket.progress(max(line.seconds / seconds, ticket.fraction or 0.0))

    return Limits(seconds, progress=progress, cancel=ticket.cancelled)


def refuse_partial(ticket: Ticket | None) -> None:
    """Refuse what a search found that was told to stop, so that no cache keeps a part of it.

    Raises
    ------
    CancelledError
    """
    if ticket is not None:
        ticket.check()


def _function(make: Callable[..., object]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


def _joined(key: Hashable, work: Callable[[Ticket], T], size: int = 0) -> _Job:
    with _lock:
        job = _jobs.get(key)
        if job is None or job.over.is_set() or not job.ticket.go_on():
            _make_room(_session(), reader())
            job = _jobs[key] = _Job(work, size=size, readers={_session(): reader()})
            threading.Thread(target=job.run, args=(key,), name="working", daemon=True).start()
        job.waiting.add(_session())
        job.readers[_session()] = reader()
        return job


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


def _windows(job: _Job, whose: str) -> set[str]:
    """Return the windows of a reader that wait for a piece of work."""
    return {each for each in job.waiting if job.readers.get(each) == whose}


def _left_by(job: _Job, windows: set[str]) -> None:
    """Let windows wait no longer for a piece of work, which stops where none is left."""
    job.waiting -= windows
    if windows and not job.waiting:
        job.ticket.stop()


def _wanted(running: list[_Job]) -> list[_Job]:
    """Return the work that somebody waits for; what is left ends at its next look at the ticket."""
    return [job for job in running if job.waiting]


def _is_open(session: str) -> bool:
    """Whether a window is there; of one whose line was cut, the work is asked for again."""
    return not runtime.exists() or runtime.get_instance().is_active_session(session)


def _result(context: Context, key: Hashable, job: _Job, place: Any, can_stop: bool) -> Any:
    with _lock:
        if _jobs.get(key) is job:
            del _jobs[key]
        if job.later is not None:
            job.later.cancel()
    if isinstance(job.error, CancelledError):
        _offer_again(context, key, place, can_stop)
        return None
    if job.error is not None:
        raise job.error
    if job.size and not compiling.is_going():
        estimates.learn(_kind_of(key), job.size, job.took_s)
    return job.value


def _watch(context: Context, key: Hashable, job: _Job, words: str, can_stop: bool) -> None:
    """Draw how far the work is, again and again until it is over."""
    name = _name(key)

    @st.fragment(run_every=LOOK_S)
    def look() -> None:
        if job.over.is_set() or key in st.session_state[_CANCELLED]:
            st.rerun()
        told = _told(context, key, job, words)
        fraction = job.ticket.fraction
        with st.container(horizontal=True, vertical_alignment="center", key=f"working_{name}"):
            if fraction is None:
                st.markdown(f":material/hourglass_top: {told}")
            else:
                st.progress(fraction, told)
            st.button(
                context.word(f"app_work.{'cancel' if can_stop else 'stop_waiting'}"),
                key=f"working_stop_{name}",
                icon=":material/close:",
                on_click=_leave,
                args=(key, job, can_stop),
            )

    look()


def _told(context: Context, key: Hashable, job: _Job, words: str) -> str:
    """Return what is being done, for how long, how long in all it may take, and what delays it."""
    spent = time.monotonic() - job.began
    expected = estimates.seconds(_kind_of(key), job.size)
    number = context.labels.number
    if not expected:
        told = context.word("app_work.working", what=words, seconds=number(spent))
    else:
        expected = max(expected, 1.0)
        told = context.word(
            f"app_work.working_{'of' if expected > spent else 'longer'}",
            what=words,
            seconds=number(spent),
            expected=number(expected),
        )
    if compiling.is_going():
        told = f"{told} · {context.word('app_work.compiling')}"
    return told


def _kind_of(key: Hashable) -> str:
    """Return what kind of work a key asks for: the name of it, or of the function that does it."""
    return str(key[0]).rpartition(".")[2] if isinstance(key, tuple) and key else ""


def _leave(key: Hashable, job: _Job, can_stop: bool) -> None:
    """No longer wait; work that heeds its ticket stops if nobody else waits."""
    st.session_state.setdefault(_CANCELLED, set()).add(key)
    with _lock:
        job.waiting.discard(_session())
        if can_stop and not job.waiting:
            job.ticket.stop()


def _offer_again(context: Context, key: Hashable, place: Any, can_stop: bool) -> None:
    with place.container():
        code = "cancelled" if can_stop else "not_waited"
        st.info(context.word(f"app_work.{code}"), icon=":material/pause_circle:")
        st.button(
            context.word("app_work.go_on"),
            key=f"working_again_{_name(key)}",
            icon=":material/refresh:",
            on_click=lambda: st.session_state[_CANCELLED].discard(key),
        )


def _name(key: Hashable) -> str:
    return f"{hash(key) & 0xFFFFFFFF:08x}"


def _session() -> str:
    running = get_script_run_ctx()
    return running.session_id if running else ""
