"""Two windows on one What if address: nothing is lost, and the second writer chooses."""

import pytest

from planner.app.session.drafts.draft import Draft
from planner.app.session.drafts.files import DraftFiles
from planner.district.scenarios.scenario import Close, Move

NAME = "b" * 26


@pytest.fixture
def windows(open_app, scenarios):
    """Open one work of two steps in two windows."""
    work = Draft().do(Close("f1")).do(Move("f2", 500_300.0, 4_000_000.0))
    DraftFiles(scenarios).write(NAME, "town.gpkg", work, "")
    asked = {"district": "town.gpkg", "kind": "clinic", "lang": "en", "work": NAME}
    return open_app("what-if", **asked), open_app("what-if", **asked)


def press(app, key: str):
    next(button for button in app.button if button.key == key).click().run()
    assert not app.exception
    return app


def steps(scenarios, work_id: str = NAME) -> int:
    work, _ = DraftFiles(scenarios).read(work_id, "town.gpkg")
    return len(work.current.changes)


def conflict(app) -> list[str]:
    return [button.key for button in app.button if str(button.key).startswith("whatif_conflict")]


@pytest.mark.long
def test_the_second_writer_sees_both_and_nothing_is_overwritten(windows, scenarios):
    first, second = windows
    press(first, "whatif_undo")
    assert steps(scenarios) == 1
    press(second, "whatif_clear")
    assert steps(scenarios) == 1
    assert len(conflict(second)) == 3
    assert any("Another window changed" in warning.value for warning in second.warning)


@pytest.mark.long
def test_the_other_window_can_be_followed(windows, scenarios):
    first, second = windows
    press(first, "whatif_undo")
    press(press(second, "whatif_clear"), "whatif_conflict_theirs")
    assert not conflict(second)
    assert steps(scenarios) == 1
    press(second, "whatif_undo")
    assert steps(scenarios) == 0


def test_ones_own_can_take_its_place(windows, scenarios):
    first, second = windows
    press(first, "whatif_undo")
    press(press(second, "whatif_clear"), "whatif_conflict_mine")
    assert not conflict(second)
    assert steps(scenarios) == 0


@pytest.mark.long
def test_both_can_be_kept(windows, scenarios):
    first, second = windows
    press(first, "whatif_undo")
    press(press(second, "whatif_clear"), "whatif_conflict_both")
    assert not conflict(second)
    assert steps(scenarios) == 1
    said = second.query_params["work"]
    own = said if isinstance(said, str) else said[0]
    assert own != NAME
    assert steps(scenarios, own) == 0


@pytest.mark.long
def test_a_window_shows_what_the_other_did_when_it_is_drawn_again(windows, scenarios):
    first, second = windows
    press(first, "whatif_undo")
    second.run()
    assert not conflict(second)
    assert any("went on with this work" in each.value for each in second.warning)
    press(second, "whatif_undo")
    assert steps(scenarios) == 0
