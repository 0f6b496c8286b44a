"""A notice stays where its page is drawn anew by itself, until it can have been read."""

from types import SimpleNamespace

import pytest

from planner.app.session import notices
from planner.errors import Finding
from planner.views.words.labels import Labels

told: list[str] = []


@pytest.fixture
def clock(monkeypatch):
    state, now = {}, [100.0]
    told.clear()
    monkeypatch.setattr(notices.st, "session_state", state)
    place = SimpleNamespace(
        success=lambda text, **_: told.append(text), warning=lambda text, **_: told.append(text)
    )
    monkeypatch.setattr(notices.st, "empty", lambda: place)
    monkeypatch.setattr(notices.time, "monotonic", lambda: now[0])
    return now


CONTEXT = SimpleNamespace(labels=Labels("en"))


def looked_at(*, whole: bool = True) -> int:
    """Draw the page once more, cut short where it is not whole; return how many notices it had."""
    before = len(told)
    notices.draw(CONTEXT, stays=True)
    if whole:
        notices.drawn()
    return len(told) - before


def test_a_notice_stays_as_long_as_it_takes_to_read(clock):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    assert looked_at() == 1
    clock[0] += notices.SEEN_S / 2
    assert looked_at() == 1
    clock[0] += notices.SEEN_S / 2
    assert looked_at() == 0


def test_a_page_that_was_cut_short_told_nothing(clock):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    assert looked_at(whole=False) == 1
    clock[0] += 10 * notices.SEEN_S
    assert looked_at() == 1


def test_a_newer_notice_takes_the_place_of_an_older_one(clock):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    looked_at()
    notices.leave(Finding("app_plan.done_take_up", {}), done=True)
    assert looked_at() == 1
    assert "Taken up" in told[-1]


def test_other_pages_tell_once(clock):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    notices.draw(CONTEXT)
    notices.draw(CONTEXT)
    assert len(told) == 1
