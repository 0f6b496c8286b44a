"""The one cache of answers: computed once, shared meanwhile, bounded, no failure kept."""

import threading
import time

import pytest

from planner.app.session.answers import cache
from planner.app.session.answers.assessments import Question, assessment
from planner.app.session.answers.cache import Cache, answer
from planner.app.session.answers.gaps import GapQuestion
from planner.app.session.catalogue import Entry


def test_an_answer_is_computed_once_for_all_who_ask_meanwhile():
    kept, calls, found = Cache(), [], []

    def make() -> object:
        calls.append(1)
        time.sleep(0.05)
        return object()

    threads = [threading.Thread(target=lambda: found.append(kept.get("a", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [1]
    assert len(set(map(id, found))) == 1


def test_other_questions_do_not_wait():
    kept, begun, go_on = Cache(), threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go_on.wait(10)
        return "slow"

    thread = threading.Thread(target=kept.get, args=("slow", slow))
    thread.start()
    assert begun.wait(10)
    assert kept.get("quick", lambda: "quick") == "quick"
    go_on.set()
    thread.join()
    assert kept.get("slow", pytest.fail) == "slow"


def test_what_fails_is_not_kept_and_the_next_computes_it():
    kept = Cache()
    with pytest.raises(ZeroDivisionError):
        kept.get("a", lambda: 1 / 0)
    assert kept.size == 0
    assert kept.get("a", lambda: 2) == 2
    assert kept.get("a", lambda: 3) == 2


def test_what_was_asked_for_the_longest_ago_goes_first():
    kept = Cache(most=10)
    for key in ("a", "b", "c"):
        kept.get(key, lambda: "first", size=3)
    kept.get("a", pytest.fail, size=3)
    kept.get("d", lambda: "first", size=4)
    assert kept.size == 10
    assert kept.get("b", lambda: "again", size=3) == "again"
    assert kept.size <= 10
    assert kept.get("d", pytest.fail, size=4) == "first"


def test_an_answer_larger_than_all_is_kept_alone():
    kept = Cache(most=2)
    kept.get("small", lambda: 1)
    assert kept.get("large", lambda: 2, size=9) == 2
    assert kept.get("large", pytest.fail, size=9) == 2
    assert kept.size == 9


def test_a_ticket_is_no_part_of_the_question(monkeypatch):
    monkeypatch.setattr(cache, "SHARED", Cache())
    calls = []

    @answer()
    def double(number: int, more: int = 0, _ticket: object = None) -> int:
        calls.append(number)
        return 2 * number + more

    assert double(2, _ticket=object()) == double(2, 0, object()) == double(number=2) == 4
    assert double(2, 1) == 5
    assert calls == [2, 2]


def test_every_page_shares_one_assessment_of_a_moment(workspaces):
    from planner.app.session.catalogue import catalogue

    entry = catalogue(workspaces)["town.gpkg"]
    plain = Question(entry, "gb50180-2018", "Su 22:00")
    gaps = GapQuestion(entry, "gb50180-2018", "Su 22:00", kind="clinic", group="population")
    assert gaps.assessment() is plain.assessment() is assessment(plain)
    assert Question(Entry("demo"), "gb50180-2018") != plain
