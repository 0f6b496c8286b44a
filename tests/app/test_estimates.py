"""How long work is said to take, before and while it is done."""

import time

import pytest

from planner.app.session import background
from planner.app.session.answers import assessments, links
from planner.app.session.answers.assessments import Question
from planner.app.session.answers.links import LinkQuestion
from planner.app.session.catalogue import catalogue
from planner.app.session.context import Context
from planner.app.session.jobs import compiling, estimates, jobs
from planner.app.session.jobs.tickets import CancelledError, Ticket
from planner.views.words.labels import Labels


@pytest.fixture(autouse=True)
def nothing_learned(monkeypatch):
    monkeypatch.setattr(estimates, "_learned", {})


def test_twice_the_size_takes_twice_as_long_and_this_machine_teaches():
    first = estimates.seconds("gaps", 1_000_000)
    assert estimates.seconds("gaps", 2_000_000) == pytest.approx(2 * first)
    assert estimates.seconds("something else", 1_000_000) == 0.0
    estimates.learn("gaps", 1_000, 5.0)
    assert estimates.seconds("gaps", 2_000) == pytest.approx(10.0)
    estimates.learn("gaps", 1_000, 0.01)  # over before it began: found in the cache
    assert estimates.seconds("gaps", 2_000) == pytest.approx(10.0)


def told(monkeypatch, size: int, is_compiling: bool = False, spent_s: float = 0.0) -> str:
    monkeypatch.setattr(compiling, "is_going", lambda: is_compiling)
    context = Context(Labels("en"), None, "")
    job = jobs.Job(lambda _ticket: None, size=size, began=time.monotonic() - spent_s)
    return background._told(context, ("gaps", 1), job, "Looking")


def test_what_is_foretold_is_shown_until_it_is_spent(monkeypatch):
    assert told(monkeypatch, 2_000_000) == "Looking (0 s of about 40 s)"
    assert told(monkeypatch, 20_000) == "Looking (0 s of about 1 s)"
    assert told(monkeypatch, 0) == "Looking (0 s)"
    late = told(monkeypatch, 2_000_000, spent_s=50.0)
    assert late == "Looking (50 s; about 40 s were expected)"
    assert "programs are being compiled" in told(monkeypatch, 0, True)


def test_what_a_search_takes_of_any_size_is_not_taken_for_its_size():
    always = estimates.seconds("remedies", 1)
    assert always > 1.0
    estimates.learn("remedies", 300, always)  # on a village: all of it would take as long
    assert estimates.seconds("remedies", 40_000) == pytest.approx(always, abs=0.1)


@pytest.mark.long
@pytest.mark.parametrize("page", ["gaps", "budget", "checkup"])
def test_a_page_foretells_how_long_it_takes(open_app, monkeypatch, page):
    asked, joined = {}, jobs.join

    def heard(key, work, size=0):
        asked[background._kind_of(key)] = size
        return joined(key, work, size)

    monkeypatch.setattr(jobs, "join", heard)
    assert not open_app(page, district="town.gpkg", lang="en").exception
    foretold = {work: estimates.seconds(work, size) for work, size in asked.items()}
    assert foretold
    assert all(foretold.values()), foretold


class Stopped(Ticket):
    """A ticket of work that nobody waits for from the second look on."""

    looks = 0

    def check(self) -> None:
        self.looks += 1
        if self.looks > 1:
            raise CancelledError


def test_distances_and_links_end_where_nobody_waits_and_keep_no_part(workspaces):
    entry = catalogue(workspaces)["town.gpkg"]
    with pytest.raises(CancelledError):
        assessments.assessment(Question(entry, "gb50180-2018", at="Tu 03:17"), Stopped())
    question = LinkQuestion(entry, "gb50180-2018", kind="", group="population")
    for search in (links.ranked_links, links.links_in_sequence):
        with pytest.raises(CancelledError):
            search(question, Stopped())
        assert search(question, Ticket()) is not None
