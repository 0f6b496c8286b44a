"""Searches in the background: what they tell, and that nothing of a cancelled one is kept."""

import threading
from dataclasses import replace

import pytest
from street_town import crowded_street

from planner.app.server import programs
from planner.app.session.answers.budget import BudgetQuestion, remedies
from planner.app.session.answers.links import warm_up
from planner.app.session.answers.one_stop import OneStopQuestion, one_stop_proposal
from planner.app.session.answers.proposals import SiteQuestion, against_links, proposal
from planner.app.session.answers.relocations import RelocationQuestion, relocation
from planner.app.session.catalogue import catalogue
from planner.app.session.jobs import compiling
from planner.app.session.jobs.search_limits import search_limits
from planner.app.session.jobs.tickets import CancelledError, Ticket
from planner.location import warming
from planner.location.limits import Limits
from planner.network.links import candidates
from planner.siting.costs import builtin_costs, costs_toml
from planner.sources import write_district

STANDARD = "gb50180-2018"


def questions(folder):
    """Return each search and a question about a street of clinics."""
    write_district(crowded_street(), folder / "street.gpkg")
    entry = catalogue(folder)["street.gpkg"]
    here = {"entry": entry, "standard": STANDARD, "group": "population"}
    clinics = {**here, "kind": "clinic", "places": "shared"}
    return {
        "siting": (
            proposal,
            SiteQuestion(**clinics, objective="coverage", most=3),
        ),
        "moving": (
            relocation,
            RelocationQuestion(**clinics, aim="coverage", moves=3, closing=0),
        ),
        "one-stop": (
            one_stop_proposal,
            OneStopQuestion(
                **here,
                kinds=("police_room", "clinic"),
                budget=777.0,
                most=3,
                places="shared",
                fitting=True,
            ),
        ),
        "budget": (remedies, BudgetQuestion(**here, kinds=("clinic",), budget=77.0)),
    }


@pytest.mark.long
@pytest.mark.parametrize("page", ["siting", "moving", "one-stop", "budget"])
def test_nothing_of_a_cancelled_search_is_kept_and_the_whole_is_shared(page, tmp_path):
    make, asked = questions(tmp_path)[page]
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
    tell = search_limits(ticket, 4.0).progress
    told = []
    for seconds in (1.0, 0.2, 3.0, 9.0):
        tell(Progress("search", seconds, 1, 1.0, 2.0))
        told.append(ticket.fraction)
    assert told == [0.25, 0.25, 0.75, 1.0]
    assert search_limits(None, 4.0) == Limits(4.0)


def limits_of(ticket: Ticket) -> Limits:
    """Return the limits of a search of four seconds."""
    return search_limits(ticket, 4.0)


@pytest.fixture
def being_compiled(monkeypatch) -> threading.Event:
    """Programs are being compiled beside the server until this is set."""
    done = threading.Event()
    monkeypatch.setattr(programs, "are_compiled_now", lambda: not done.is_set())
    monkeypatch.setattr(compiling, "LOOK_S", 0.01)
    return done


@pytest.mark.parametrize(
    ("which", "ready"),
    [(warming, lambda ticket: search_limits(ticket, 4.0)), (candidates, warm_up)],
)
def test_programs_that_are_being_compiled_are_waited_for(being_compiled, monkeypatch, which, ready):
    monkeypatch.setattr(which, "is_compiled", lambda: False)
    work = threading.Thread(target=ready, args=(Ticket(),))
    work.start()
    work.join(0.3)
    assert work.is_alive()
    being_compiled.set()
    work.join(60)
    assert not work.is_alive()


@pytest.mark.parametrize("ready", [limits_of, warm_up])
def test_who_no_longer_waits_does_not_wait_for_programs_either(being_compiled, monkeypatch, ready):
    for which in (warming, candidates):
        monkeypatch.setattr(which, "is_compiled", lambda: False)
    ticket = Ticket()
    ticket.stop()
    with pytest.raises(CancelledError):
        ready(ticket)


@pytest.mark.parametrize("ready", [limits_of, warm_up])
def test_programs_that_are_there_are_not_waited_for(being_compiled, monkeypatch, ready):
    for which in (warming, candidates):
        monkeypatch.setattr(which, "is_compiled", lambda: True)
    ready(Ticket())
    assert programs.are_compiled_now()


@pytest.mark.long
def test_moves_and_links_cost_what_the_work_says(tmp_path):
    costs = builtin_costs()
    dear = costs_toml(replace(costs, site_fixed=2 * costs.site_fixed, open_internal=999.0))
    asked = questions(tmp_path)
    make, moving = asked["moving"]
    plain, priced = make(moving), make(replace(moving, prices=dear))
    assert plain.moves == priced.moves
    assert priced.cost > plain.cost > 0
    free = dict.fromkeys(costs.link_fixed, 0.0)
    gratis = costs_toml(replace(costs, link_fixed=free, link_per_m=free))
    beside = against_links(replace(asked["siting"][1], prices=gratis))
    links = beside[beside["what"] == "link"]
    assert (links["cost"] == 0).all()
