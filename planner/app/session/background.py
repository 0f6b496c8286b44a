"""Long work in the background: its progress on the page, and a button that ends the wait.

A page asks for a value with :func:`value`. Work that is over within a moment is simply returned.
Longer work shows how far it is and a button to cancel; meanwhile the page answers to everything
else. The work is shared: who asks for the same joins it, and it goes on as long as one of them
waits. What it returns is kept by :mod:`planner.app.session.answers.cache`. Searches of the solvers
tell their progress and can be cancelled, see :func:`searched`; other work is :func:`worked_out`.
What is kept already waits for nothing, and a search that is asked otherwise ends the one before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from planner.app.session.answers.cache import is_known
from planner.app.session.context import Context
from planner.app.session.jobs import compiling, estimates, jobs
from planner.app.session.jobs.jobs import Job
from planner.app.session.jobs.tickets import CancelledError, Ticket

T = TypeVar("T")

PATIENCE_S = 0.8
"""Work that is over within this time shows nothing."""

LOOK_S = 0.5
"""So often the page looks whether the work is over."""

_CANCELLED = "working_cancelled"
_ASKED = "working_asked"


def value(
    context: Context,
    key: Hashable,
    work: Callable[[Ticket], T],
    words: str,
    *,
    can_stop: bool = False,
    size: int = 0,
    patience_s: float = 0.0,
    there: bool = False,
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
        How much there is to do, of :func:`planner.app.session.jobs.estimates.size_of`: foretells
        how long it takes. 0 foretells nothing.
    patience_s
        Seconds to wait before anything is drawn, where more than usual: what is over soon after
        saves the page to be drawn twice.
    there
        Whether what the work makes was made before and is kept. It is taken at once: no turn is
        waited for behind other work.

    Raises
    ------
    Exception
        What the work raised.
    """
    place = st.empty()
    given_up: set[Hashable] = st.session_state.setdefault(_CANCELLED, set())
    if there:
        given_up.discard(key)
        return work(Ticket())
    if key in given_up:
        _offer_again(context, key, place, can_stop)
        return None
    job = jobs.join(key, work, size)
    if job.over.wait(max(PATIENCE_S, patience_s)):
        made: T | None = _result(context, key, job, place, can_stop)
        return made
    with place.container():
        _watch(context, key, job, words, can_stop)
    return None


def is_given_up(key: Hashable) -> bool:
    """Whether the reader waits no more for what was asked for with :func:`value`."""
    return key in st.session_state.get(_CANCELLED, set())


def begin(key: Hashable, work: Callable[[Ticket], T]) -> None:
    """Begin work that the reader will probably ask for next with :func:`value`, and draw nothing.

    Where something that was asked for is being done, nothing is begun that nobody asked for.

    Parameters
    ----------
    key, work
        As of :func:`value`; what the work makes must be kept by the cache of answers.
    """
    if not jobs.is_busy():
        jobs.join(key, work)


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
    there = is_known(search, question)
    if not there:  # a page that asks several in turn has the first of them by now
        _leave_earlier(key)
    work = partial(search, question)
    return value(context, key, work, words, can_stop=True, size=size, there=there)


def worked_out(
    context: Context, make: Callable[..., T], *question: Hashable, words: str, size: int = 0
) -> T | None:
    """Return what is made of a question; as :func:`searched`, for work that cannot be stopped."""

    def work(_ticket: Ticket) -> T:
        return make(*question)

    there = is_known(make, *question)
    return value(context, (_function(make), *question), work, words, size=size, there=there)


def _leave_earlier(key: tuple[str, Hashable]) -> None:
    """Wait no more for what this window last asked of the same search, where it asks otherwise."""
    asked: dict[str, Hashable] = st.session_state.setdefault(_ASKED, {})
    before = asked.get(key[0])
    if before is not None and before != key:
        jobs.leave_key(before)
    asked[key[0]] = key


def _function(make: Callable[..., object]) -> str:
    return f"{make.__module__}.{make.__qualname__}"


def _result(context: Context, key: Hashable, job: Job, place: Any, can_stop: bool) -> Any:
    jobs.fetch(key, job)
    if isinstance(job.error, CancelledError):
        _offer_again(context, key, place, can_stop)
        return None
    if job.error is not None:
        raise job.error
    if job.size and not compiling.is_going():
        estimates.learn(_kind_of(key), job.size, job.took_s)
    return job.value


def _watch(context: Context, key: Hashable, job: Job, words: str, can_stop: bool) -> None:
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


def _told(context: Context, key: Hashable, job: Job, words: str) -> str:
    """Return what is being done, for how long, how long in all it may take, and what delays it."""
    spent = time.monotonic() - job.began
    # while programs are compiled nobody knows how long it takes: what was learned is without that
    expected = 0.0 if compiling.is_going() else estimates.seconds(_kind_of(key), job.size)
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


def _leave(key: Hashable, job: Job, can_stop: bool) -> None:
    """No longer wait; work that heeds its ticket stops if nobody else waits."""
    st.session_state.setdefault(_CANCELLED, set()).add(key)
    jobs.leave(job, stop=can_stop)


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
