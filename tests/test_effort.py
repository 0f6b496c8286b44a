"""How many cases a test has in an ordinary run, and which tests a long run takes."""

from types import SimpleNamespace

import conftest
import effort
import pytest
from effort import few, tries


def test_few_takes_the_first_the_last_and_evenly_between(monkeypatch):
    monkeypatch.setattr(effort, "LONG", False)
    assert few(range(9), 3) == [0, 4, 8]
    assert few(range(10), 4) == [0, 3, 6, 9]
    assert few(range(9), 2) == [0, 8]
    assert few("abc", 1) == ["a"]
    assert few("abc", 3) == few("abc", 7) == ["a", "b", "c"]
    assert all(len(set(few(range(n), k))) == k for n in range(1, 40) for k in range(1, n + 1))
    others = ["other"]
    both = few(range(9), 2) + others
    assert both == [0, 8, "other"]
    assert isinstance(both, effort.Few)
    named = few([pytest.param(1, id="one"), pytest.param(2, marks=pytest.mark.long)], 1)
    assert [each.id for each in named] == ["one"]


def test_a_long_run_gets_all_cases(monkeypatch):
    monkeypatch.setattr(effort, "LONG", True)
    assert few(range(9), 2) == list(range(9))
    assert tries(3, 50) == 50


def of_a_run(monkeypatch, long, *marks, module=None):
    """Return whether a run takes a test of these marks."""
    left = []
    monkeypatch.setattr(conftest, "LONG", long)
    monkeypatch.setattr(conftest, "JOURNEYS", False)
    own = [mark.mark for mark in marks]
    item = SimpleNamespace(
        nodeid="tests/test_town.py::test_town",
        module=module or SimpleNamespace(),
        iter_markers=lambda name: [mark for mark in own if mark.name == name],
        get_closest_marker=lambda name: next((mark for mark in own if mark.name == name), None),
    )
    config = SimpleNamespace(
        getoption=lambda name: None,
        hook=SimpleNamespace(pytest_deselected=lambda items: left.extend(items)),
    )
    items = [Unlike(item)]
    conftest.pytest_collection_modifyitems(config, items)
    assert len(items) + len(left) == 1
    return bool(items)


class Unlike:
    """A test as it is collected: unlike its values, it can be a member of a set."""

    def __init__(self, values):
        self.__dict__.update(vars(values))


def test_a_long_run_takes_what_an_ordinary_one_takes_in_part(monkeypatch):
    of_few = pytest.mark.parametrize("page", few("abcd", 2))
    named = pytest.mark.parametrize(argnames="page", argvalues=few("abcd", 2))
    of_all = pytest.mark.parametrize("page", ["a", "b"])
    assert of_a_run(monkeypatch, True, of_few)
    assert of_a_run(monkeypatch, True, of_all, of_few)
    assert of_a_run(monkeypatch, True, named)
    assert not of_a_run(monkeypatch, True, of_all)
    assert not of_a_run(monkeypatch, True)
    assert of_a_run(monkeypatch, True, pytest.mark.long)
    assert of_a_run(monkeypatch, True, module=SimpleNamespace(tries=tries))


def test_an_ordinary_run_leaves_out_only_what_is_marked(monkeypatch):
    assert of_a_run(monkeypatch, False, pytest.mark.parametrize("page", few("abcd", 2)))
    assert of_a_run(monkeypatch, False, module=SimpleNamespace(tries=tries))
    assert not of_a_run(monkeypatch, False, pytest.mark.long)
    assert not of_a_run(monkeypatch, False, pytest.mark.journey)
    assert of_a_run(monkeypatch, False, pytest.mark.long(but=1)), "its first case"
    assert of_a_run(monkeypatch, True, pytest.mark.long(but=1))


def an_item(nodeid, marks):
    closest = next((mark for mark in marks if mark.name == "long"), None)
    return Unlike(SimpleNamespace(nodeid=nodeid, get_closest_marker=lambda _: closest))


def test_of_a_long_test_an_ordinary_run_takes_the_first_cases():
    marks = [pytest.mark.long(but=2).mark]
    items = [an_item(f"a.py::test_x[{case}]", marks) for case in "abc"]
    items += [an_item("a.py::test_y", marks), an_item("a.py::test_z", [pytest.mark.long.mark])]
    first = sorted(item.nodeid for item in conftest._first_cases(items))
    assert first == ["a.py::test_x[a]", "a.py::test_x[b]", "a.py::test_y"]


def journeys_taken(monkeypatch, word):
    """Return which of six like journeys, in two folders, and of one other a run takes."""
    monkeypatch.setattr(conftest, "LONG", False)
    monkeypatch.setattr(conftest, "JOURNEYS", True)
    left = []
    config = SimpleNamespace(
        getoption={"order": word}.get,
        hook=SimpleNamespace(pytest_deselected=lambda items: left.extend(items)),
    )
    like, other = pytest.mark.journey(one_in=3).mark, pytest.mark.journey.mark
    marks = {f"e2e/test_a.py::test_x[{case}]": like for case in "abcd"}
    marks |= {"e2e/test_b.py::test_y": like, "docs/test_c.py::test_z": like}
    marks |= {"e2e/test_a.py::test_other": other}
    items = [
        Unlike(
            SimpleNamespace(
                nodeid=nodeid,
                get_closest_marker=lambda name, own=mark: own if own.name == name else None,
            )
        )
        for nodeid, mark in marks.items()
    ]
    conftest.pytest_collection_modifyitems(config, items)
    taken = {item.nodeid for item in items}
    assert taken | {item.nodeid for item in left} == set(marks)
    return taken


def test_of_like_journeys_a_word_takes_a_share_and_all_words_together_take_all(monkeypatch):
    everything = journeys_taken(monkeypatch, None)
    assert len(everything) == 7
    each = [journeys_taken(monkeypatch, f"2026-11-{day:02}") for day in range(1, 31)]
    assert each[0] == journeys_taken(monkeypatch, "2026-11-01")
    assert set.union(*each) == everything
    for taken in each:
        assert "e2e/test_a.py::test_other" in taken
        assert "docs/test_c.py::test_z" in taken, "one of each folder at least"
        assert len(taken) == 1 + 1 + 2


def test_a_short_sample_of_the_long_tests_looks_into_a_share_of_the_files():
    files = [conftest.TESTS / "plan" / f"test_{number}.py" for number in range(400)]

    def looked_into(word, minutes, args=("tests",)):
        config = SimpleNamespace(
            getoption={"order": word, "minutes": minutes}.get,
            getini={"testpaths": ["tests"]}.get,
            args=list(args),
        )
        return {file for file in files if conftest._in_sample(config, file)}

    for whole in (looked_into(None, None), looked_into("a", None), looked_into(None, 1)):
        assert whole == set(files)
    assert looked_into("a", conftest.MINUTES_FOR_ALL) == set(files)
    assert looked_into("a", 1, ["tests/plan"]) == set(files), "who names files gets these"
    assert looked_into("a", 1) == looked_into("a", 1) != looked_into("b", 1)
    assert 20 < len(looked_into("a", 1)) < 60
    assert set.union(*(looked_into(str(day), 1) for day in range(200))) == set(files)
