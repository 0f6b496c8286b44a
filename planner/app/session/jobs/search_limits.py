"""How long a search of a page may take, and that none is kept which was told to stop."""

from __future__ import annotations

from planner.app.session.jobs import compiling
from planner.app.session.jobs.tickets import Ticket
from planner.location import warming
from planner.location.limits import Limits
from planner.location.results import Progress


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
