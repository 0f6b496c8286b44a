"""Long work in the background: shared, told, cancelled, and its errors raised on the page."""

import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from planner.app.server import programs
from planner.app.session import background
from planner.app.session.answers import cache
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.session.jobs import compiling, jobs
from planner.app.session.jobs.tickets import CancelledError, Ticket
from planner.app.session.jobs.turns import Turn, Turns
from planner.views.words.labels import Labels

DONE = threading.Event()
CALLS: list[str] = []


def script():
    import streamlit as st
    from tests_working_jobs import JOBS

    from planner.app.session import background
    from planner.app.session.catalogue import Entry
    from planner.app.session.context import Context
    from planner.views.words.labels import Labels

    name = st.query_params.get("job", "quick")
    context = Context(Labels("en"), Entry("demo"), "gb50180-2018")
    try:
        found = background.value(context, ("test", name), JOBS[name], "Counting", can_stop=True)
    except ValueError as error:
        found = f"an error: {error}"
    st.markdown("nothing yet" if found is None else f"found {found}")


@pytest.fixture(autouse=True)
def named_jobs(monkeypatch):
    """Put the jobs where the script, run as text of its own, finds them."""
    import sys
    import types

    def patient(ticket):
        CALLS.append("patient")
        ticket.progress(0.4)
        while not DONE.is_set():
            ticket.check()
            time.sleep(0.01)
        return 7

    def broken(_):
        raise ValueError("no such thing")

    module = types.ModuleType("tests_working_jobs")
    module.JOBS = {"quick": lambda _: 3, "patient": patient, "broken": broken}
    monkeypatch.setitem(sys.modules, "tests_working_jobs", module)
    monkeypatch.setattr(background, "PATIENCE_S", 0.2)
    DONE.clear()
    CALLS.clear()
    jobs._jobs.clear()


def opened(job: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=30)
    app.query_params["job"] = job
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.info])


def wait_until(met) -> None:
    for _ in range(500):
        if met():
            return
        time.sleep(0.01)
    raise AssertionError


def test_quick_work_shows_nothing_but_its_value():
    app = opened("quick")
    assert said(app) == "found 3"
    assert not app.button


def test_an_answer_that_is_kept_waits_for_no_turn(monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "_turns", Turns(0, 0))

    @cache.answer()
    def counted(question, _ticket=None):
        asked.append(question)
        return 3

    assert not cache.is_known(counted, "homes")
    assert counted("homes") == 3
    assert cache.is_known(counted, "homes")
    assert not cache.is_known(counted, "streets")
    assert not cache.is_known(len, "homes"), "of what is not kept nothing is known"
    context = Context(Labels("en"), Entry("demo"), "gb50180-2018")
    assert background.searched(context, counted, "homes", "Counting") == 3
    assert background.worked_out(context, counted, "homes", words="Counting") == 3
    assert asked == ["homes"]
    assert not jobs._jobs


def test_a_search_that_is_asked_otherwise_ends_the_one_before():
    heard = threading.Event()

    def search(question, ticket):
        if question == "first":
            while not ticket.cancelled():
                time.sleep(0.01)
            heard.set()
        return question

    def page(asked):
        return background.searched(context, search, asked, "Counting")

    context = Context(Labels("en"), Entry("demo"), "gb50180-2018")
    assert page("first") is None
    assert page("second") == "second"
    assert heard.wait(5), "it took the turn of what is asked for now"


def test_a_page_that_asks_several_in_turn_leaves_none_of_them():
    begun = []

    @cache.answer()
    def search(question, _ticket):
        begun.append(question)
        while question == "second" and not DONE.is_set():
            _ticket.check()
            time.sleep(0.01)
        return question

    context = Context(Labels("en"), Entry("demo"), "gb50180-2018")
    assert background.searched(context, search, "first", "Counting") == "first"
    assert background.searched(context, search, "second", "Counting") is None
    # drawn again meanwhile, by a click on something else
    assert background.searched(context, search, "first", "Counting") == "first"
    time.sleep(0.1)  # while what was found is drawn
    assert background.searched(context, search, "second", "Counting") is None
    (job,) = (each for each in jobs._jobs.values() if not each.over.is_set())
    DONE.set()
    wait_until(job.over.is_set)
    assert background.searched(context, search, "second", "Counting") == "second"
    assert begun == ["first", "second"]


@pytest.mark.long
def test_long_work_is_told_and_its_value_comes_when_it_is_over():
    app = opened("patient")
    assert "nothing yet" in said(app)
    assert [button.label for button in app.button] == ["Cancel"]
    other = opened("patient")
    assert "nothing yet" in said(other)
    assert CALLS == ["patient"]
    DONE.set()
    job = next(iter(jobs._jobs.values()))
    wait_until(job.over.is_set)
    assert said(app.run()) == "found 7"


def test_cancelled_work_stops_and_can_be_begun_again():
    app = opened("patient")
    job = next(iter(jobs._jobs.values()))
    app.button[0].click().run()
    wait_until(job.over.is_set)
    assert isinstance(job.error, CancelledError)
    assert "cancelled" in said(app)
    DONE.set()
    app.button[0].click().run()
    assert said(app) == "found 7"


def test_work_that_another_waits_for_goes_on():
    ticket = Ticket()
    job = jobs.Job(lambda _: None, ticket, {"one", "two"})
    job.waiting.discard("one")
    assert not ticket.cancelled()
    ticket.progress(7)
    assert ticket.fraction == 1.0
    ticket.check()
    ticket.stop()
    with pytest.raises(CancelledError):
        ticket.check()


def test_an_error_is_raised_on_the_page_and_not_kept():
    assert said(opened("broken")) == "found an error: no such thing"
    assert not jobs._jobs


def test_work_that_has_not_heard_of_the_stop_goes_on():
    ticket = Ticket()
    ticket.stop()
    assert ticket.go_on()
    assert not ticket.cancelled()
    ticket.check()
    ticket.stop()
    assert ticket.cancelled()
    assert not ticket.go_on()
    with pytest.raises(CancelledError):
        ticket.check()


def test_what_waits_for_programs_keeps_no_other_page_of_its_reader_waiting(monkeypatch):
    """As after an installation, where two searches wait for theirs to be compiled."""
    compiled = threading.Event()
    monkeypatch.setattr(programs, "are_compiled_now", lambda: True)
    monkeypatch.setattr(compiling, "LOOK_S", 0.01)
    done: list[str] = []

    def search(ticket):
        compiling.wait_for(compiled.is_set, ticket)
        done.append("search")

    # all turns of one reader, and one more
    waiting = [jobs.Job(search) for _ in range(jobs.AT_ONCE // 2 + 1)]
    left = jobs.Job(search)
    page = jobs.Job(lambda _: done.append("page"))
    threads = []
    for number, job in enumerate((*waiting, left, page)):
        job.readers["window"] = "reader"
        thread = threading.Thread(target=job.run, args=(("test", number),))
        thread.start()
        threads.append(thread)
    assert page.over.wait(20.0)
    assert done == ["page"]
    left.ticket.stop()
    assert left.over.wait(20.0)
    assert isinstance(left.error, CancelledError)
    compiled.set()
    for thread in threads:
        thread.join(20.0)
    assert done == ["page", *["search"] * len(waiting)]
    assert not jobs._turns._taken


def test_a_turn_that_is_given_is_given_once():
    turns = Turns(1, 1)
    first, second = (Turn(turns, "reader", lambda: None) for _ in range(2))
    first.take()
    first.give()
    second.take()
    first.give()
    assert not turns.acquire("reader", 0.01)
    second.give()
    assert turns.acquire("reader", 0.01)
