"""Searches of the solvers in the background, with their progress and a real cancel."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from planner.app.session import background
from planner.app.session.background import Ticket
from planner.app.session.context import Context
from planner.location.results import Progress

T = TypeVar("T")


def watched(ticket: Ticket | None, seconds: float) -> dict[str, Any]:
    """Return ``progress`` and ``cancel`` of a solver that stops after some seconds.

    Parameters
    ----------
    ticket
        Told how much of the time is spent, and asked whether to stop; none for no watch.
    seconds
        Time limit of the solver.
    """
    if ticket is None:
        return {}

    def progress(line: Progress) -> None:
        ticket.progress(max(line.seconds / seconds, ticket.fraction or 0.0))

    return {"progress": progress, "cancel": ticket.cancelled}


def whole(ticket: Ticket | None) -> None:
    """Refuse what a search found that was told to stop, so that no cache keeps a part of it.

    Raises
    ------
    CancelledError
    """
    if ticket is not None:
        ticket.check()


def searched(
    context: Context, name: str, make: Callable[..., T], asked: Hashable, words: str
) -> T | None:
    """Return what a search finds, or draw its progress and return None: then the page ends here.

    Parameters
    ----------
    context
        The reader's language.
    name, asked
        What is asked for; equal questions share one search.
    make
        Called with `asked` and a ticket, which it heeds.
    words
        What is being done.
    """
    work = partial(make, asked)
    return background.value(context, (name, asked), work, words, can_stop=True)


def worked_out(
    context: Context, name: str, make: Callable[..., T], *asked: Hashable, words: str
) -> T | None:
    """Return what is made of a question; as :func:`searched`, for work that cannot be stopped."""

    def work(_ticket: Ticket) -> T:
        return make(*asked)

    return background.value(context, (name, *asked), work, words)
