"""Searches in the background: what they tell, and that nothing of a cancelled one is kept."""

import pytest

from planner.app.session import budget_store, one_stop_store, siting_store, solving
from planner.app.session.background import CancelledError, Ticket
from planner.app.session.catalogue import DEMO, catalogue
from planner.app.session.siting_store import Areas

STANDARD = "gb50180-2018"


def questions():
    """Return each store's function and a question that no other test asks."""
    entry = catalogue(None)[DEMO]
    kinds = ("police_room", "clinic")
    sites = siting_store.Asked(
        entry, STANDARD, "clinic", "population", "coverage", 9, "shared", 0.0
    )
    moved = siting_store.Moved(
        entry, STANDARD, "clinic", "population", "coverage", 4, 0, "shared", (), Areas()
    )
    shared = one_stop_store.Asked(entry, STANDARD, kinds, "population", 777.0, 3, "shared", True)
    remedies = budget_store.Asked(entry, STANDARD, ("clinic",), "population", "", 77.0)
    return {
        "siting": (siting_store.proposal, sites),
        "moving": (siting_store.relocation, moved),
        "one-stop": (one_stop_store.proposal, shared),
        "budget": (budget_store.mix, remedies),
    }


@pytest.mark.parametrize("page", ["siting", "moving", "one-stop", "budget"])
def test_nothing_of_a_cancelled_search_is_kept_and_the_whole_is_shared(page):
    make, asked = questions()[page]
    stopped = Ticket()
    stopped.stop()
    with pytest.raises(CancelledError):
        make(asked, stopped)
    ticket = Ticket()
    found = make(asked, ticket)
    assert 0 <= ticket.fraction <= 1
    assert make(asked) is found
    assert make(asked, stopped) is found


def test_progress_never_goes_back():
    from planner.location.results import Progress

    ticket = Ticket()
    tell = solving.watched(ticket, 4.0)["progress"]
    told = []
    for seconds in (1.0, 0.2, 3.0, 9.0):
        tell(Progress("search", seconds, 1, 1.0, 2.0))
        told.append(ticket.fraction)
    assert told == [0.25, 0.25, 0.75, 1.0]
    assert solving.watched(None, 4.0) == {}
