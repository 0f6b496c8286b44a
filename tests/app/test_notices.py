"""A notice that a page drew anew by itself took away is shown again; one that was read is not."""

from types import SimpleNamespace

import pytest

from planner.app.session import notices
from planner.errors import Finding
from planner.views.words.labels import Labels


@pytest.fixture
def clock(monkeypatch):
    state, now = {}, [100.0]
    monkeypatch.setattr(notices.st, "session_state", state)
    place = SimpleNamespace(success=lambda *_, **__: None, warning=lambda *_, **__: None)
    monkeypatch.setattr(notices.st, "empty", lambda: place)
    monkeypatch.setattr(notices.time, "monotonic", lambda: now[0])
    return now


def shown() -> None:
    notices.draw(SimpleNamespace(labels=Labels("en")))


@pytest.mark.parametrize(("after_s", "again"), [(1.0, True), (notices.SEEN_S + 1, False)])
def test_a_notice_stays_as_long_as_it_takes_to_read(clock, after_s, again):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    shown()
    clock[0] += after_s
    notices.again()
    assert notices.is_left() == again


def test_a_newer_notice_is_not_replaced_by_an_older_one(clock):
    notices.leave(Finding("app_plan.done_submit", {}), done=True)
    shown()
    newer = Finding("app_plan.done_take_up", {})
    notices.leave(newer)
    notices.again()
    assert notices.st.session_state[notices._NOTICE] == (newer, False)
