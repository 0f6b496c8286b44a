"""Fixtures shared by all tests."""

import dataclasses
import functools
import gc
import hashlib
import math
import os
import shutil
import struct
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest.doctest import DoctestModule
from effort import JOURNEYS, LONG, Few, tries

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # else each page starts and warms a process of its own
    "--disable-software-rasterizer",
    "--num-raster-threads=1",
    "--js-flags=--no-opt",  # a page is looked at for seconds: what is compiled best never pays
]
FIRST = {
    "network": (
        "tests/analysis/test_best_links.py::test_a_sequence_gains_what_all_its_links_gain_together",
        "tests/network/test_array_boundary.py",
        "tests/network/test_link_candidates.py::test_kernels_are_made_ready_on_a_place_that_uses_them",
        "tests/network/test_nearest_index.py",
        "tests/siting/test_proposals.py",
    ),
    "location": (
        "tests/location/test_allocation.py::test_serves_the_most_at_least_walking",
        "tests/location/test_cover_search.py",
        "tests/location/test_growth.py",
        "tests/location/test_limits.py::test_with_steps_and_a_seed_the_answer_is_that_of_every_machine",
    ),
}
"""Tests that compile nearly all kernels between them, for ``--first``: each part those of its own
package, so that two processes compile none twice. Proposals need both, and come last: by then the
other process has left its own on the disk."""
IN_BROWSER = ("tests/e2e/", "tests/views/test_maps.py")
LONGEST = ("tests/docs/test_printed", *IN_BROWSER, "tests/test_dependencies.py")
"""Files begun first, in this order, lest one of them is left to a single process while the others
are done; the commands that docs print keep one from the browser, of which two at once are
enough."""
WITHOUT_SERVER = ("clusters", "data_journey", "files_journey", "maps", "sign_in", "tiles")
"""Files of the browser that need no server, or start one of their own; the others share one."""
LONG_WALKS = ("eight_tasks",)
"""Journeys that the process walks whose others need no server of all."""
OWN_SERVER = ("joint_plan", "targets_and_compromise")
"""Long journeys at a server of their own, of which any process may walk each."""
TESTS = Path(__file__).parent
NAMED = (*((b"tries", b"few(", b"mark.long") if LONG else ()), b"mark.journey")
"""What a module names that holds a test of such a run: see ``pytest_collection_modifyitems``."""
MINUTES_FOR_ALL = 10
"""A sample of a long run that has so many minutes reads all modules; a shorter one, its share."""
LARGE = 1_000_000
"""Bytes of a workspace that is read once for many runs of verbs."""
READ: dict[tuple[object, ...], object] = {}
JUDGED: dict[tuple[object, ...], Any] = {}
STARTED: list[float] = []
"""When the first test of this process began: collecting is none of a sample's minutes."""

# the same examples in each ordinary run, so that a failure means a change; new ones in a long run
hypothesis.settings.register_profile("small", derandomize=True, deadline=None)
hypothesis.settings.register_profile("long", derandomize=False, print_blob=True, deadline=None)
hypothesis.settings.load_profile("long" if LONG else "small")


class OnlyWhatHolds:
    """Loads no module to find nothing in it that is run.

    Examples are looked for in modules that hold one, and what only a long run or one of journeys
    takes in modules that name it: each process would spend ten seconds on the others. A short
    sample of a long run looks into a part of these (:func:`_in_sample`). A plugin of its own, since
    a ``conftest.py`` is asked about files below its folder only, and examples stand in ``planner``.
    """

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[object], list[object]]:
        collectors = yield
        if not collectors:
            return collectors
        text, is_test = file_path.read_bytes(), TESTS in file_path.parents
        if (LONG or JOURNEYS) and not (is_test and any(word in text for word in NAMED)):
            return []
        if LONG and not _in_sample(parent.config, file_path):
            return []
        if not is_test and b">>>" in text:
            return collectors
        return [each for each in collectors if not isinstance(each, DoctestModule)]


def _in_sample(config: pytest.Config, file: Path) -> bool:
    """Return whether a long run looks into a file: into all, but in a sample of a few minutes.

    Reading all takes each process as long as some of the minutes that such a sample has.
    """
    minutes, word = config.getoption("minutes"), config.getoption("order")
    if not (minutes and word) or config.args != config.getini("testpaths"):
        return True
    name = f"{word} {file.relative_to(TESTS).as_posix()}"
    (place,) = struct.unpack(">I", hashlib.sha256(name.encode()).digest()[:4])
    return bool(place < 2**32 * minutes / MINUTES_FOR_ALL)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(OnlyWhatHolds())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--first", choices=list(FIRST), help="run those of a part of FIRST only")
    group = parser.getgroup("long run", "see tests/effort.py")
    group.addoption("--whole", action="store_true", help="the long tests too, with small numbers")
    group.addoption("--minutes", type=float, help="start no test of a long run after that time")
    told = "a word: the order of the tests of a long run, or which of like journeys are walked"
    group.addoption("--order", help=told)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that try more in a long run, in the order asked for; or those of FIRST.

    An ordinary run leaves out those that are marked as long, and journeys; a run of journeys all
    others, and where it is told a word the journeys that are not in turn.
    """
    items.sort(key=lambda item: _turn(item.nodeid))
    part = config.getoption("first")
    if part:
        items[:] = [item for item in items if item.nodeid.startswith(FIRST[part])]
        unknown = [n for n in FIRST[part] if not any(i.nodeid.startswith(n) for i in items)]
        if unknown:
            raise pytest.UsageError(f"no test has the name {', '.join(unknown)} of FIRST")
        return
    word = config.getoption("order")
    marked = {item for item in items if item.get_closest_marker("long")}
    first = _first_cases(items)
    journeys = {item for item in items if item.get_closest_marker("journey")}
    if not LONG:
        whole = config.getoption("whole")
        shown = [i for i in items if whole or i not in marked or i in first]
        kept = [i for i in shown if (i in journeys) == JOURNEYS]
        later = _not_in_turn(kept, word) if word else set()
        kept = [i for i in kept if i not in later]
        left = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in left])
        items[:] = kept
        return
    drawing = {i for i in items if getattr(getattr(i, "module", None), "tries", None) is tries}
    walking = {item for item in items if any(map(_of_few, item.iter_markers("parametrize")))}
    wanted = drawing | walking | marked | journeys
    longer = [item for item in items if item in wanted]
    config.hook.pytest_deselected(items=[i for i in items if i not in wanted])
    if word:
        longer.sort(key=lambda item: _place(item, word))
    items[:] = longer


def _turn(nodeid: str) -> int:
    """Return when a test's file is begun: those of LONGEST in its order, then all others."""
    places = (number for number, start in enumerate(LONGEST) if nodeid.startswith(start))
    return next(places, len(LONGEST))


def _place(item: pytest.Item, word: str) -> bytes:
    """Return where a test stands among others by a word."""
    return hashlib.sha256(f"{word} {item.nodeid}".encode()).digest()


def _not_in_turn(items: Iterable[pytest.Item], word: str) -> set[pytest.Item]:
    """Return the journeys that a run with a word leaves out, as ``mark.journey(one_in=3)`` says."""
    alike: defaultdict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        mark = item.get_closest_marker("journey")
        share = mark.kwargs.get("one_in", 1) if mark else 1
        folder = item.nodeid.partition("::")[0].rpartition("/")[0]
        alike[folder, share].append(item)
    later = set()
    for (_, share), those in alike.items():
        those.sort(key=lambda item: _place(item, word))
        later.update(those[math.ceil(len(those) / share) :])
    return later


def _first_cases(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Return the cases of which an ordinary run takes the first, as ``mark.long(but=1)`` says."""
    taken: Counter[str] = Counter()
    first = set()
    for item in items:
        mark = item.get_closest_marker("long")
        name = item.nodeid.partition("[")[0]
        if mark is not None and taken[name] < mark.kwargs.get("but", 0):
            taken[name] += 1
            first.add(item)
    return first


def _of_few(cases: pytest.Mark) -> bool:
    """Return whether an ordinary run takes only a part of the cases of a test."""
    return any(isinstance(each, Few) for each in (*cases.args, *cases.kwargs.values()))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Look for no garbage while tests are collected: nearly all that is made then lasts.

    It is not set aside for good: an older Hypothesis takes what is frozen for held by nobody. So
    each search through all of it takes a third of a second, and is made more seldom.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.set_threshold(5_000, 20, 50)
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share out files, but those of the browser in two parts that two processes go through.

    Browsers wait, for themselves and for their server: beside two of them there is work for
    other processes, and fewer browsers and servers are started and warmed. Of journeys these
    parts would be more than half of all: one gives some to the other, and both some to whoever has
    nothing to do, or a process would walk long after the others are done.
    """
    if config.getvalue("dist") != "loadfile":
        return None
    aside = (*WITHOUT_SERVER, *(LONG_WALKS if JOURNEYS else ()))
    from xdist.scheduler import LoadFileScheduling

    class InTwoParts(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = str(super()._split_scope(nodeid))
            if not file.startswith(IN_BROWSER) or any(name in file for name in OWN_SERVER):
                return file
            return f"in the browser, one server: {not any(name in file for name in aside)}"

    return InTwoParts(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.getoption("minutes")
    if not STARTED:
        STARTED.append(time.monotonic())
    if LONG and minutes and time.monotonic() - STARTED[0] > 60 * minutes:
        pytest.skip(f"this sample of the long run ends after {minutes:g} minutes")


def unavailable(why: str) -> None:
    """Skip what this machine has no means for; fail where the run must leave nothing out."""
    if os.environ.get("PLANNER_REQUIRE_ALL"):
        pytest.fail(f"{why}, and this run requires it")
    pytest.skip(why)


def _folder(variable: str, what: str) -> Path:
    folder = os.environ.get(variable)
    if not folder:
        unavailable(f"{variable} is not set: {what} is not here")
    return Path(str(folder))


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of real sample data, named by PLANNER_TEST_DATA."""
    return _folder("PLANNER_TEST_DATA", "the real sample data")


@pytest.fixture(scope="session")
def test_cases() -> Path:
    """Folder of awkward inputs that somebody met, named by PLANNER_TEST_CASES."""
    return _folder("PLANNER_TEST_CASES", "the folder of awkward inputs")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium or Chrome on this machine."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not found:
        unavailable("no Chromium is installed")
    return str(found)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[object]:
    """One headless browser for all tests; Playwright allows no second one in a process."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=LAUNCH)
        yield started
        started.close()


@pytest.fixture(scope="session", autouse=True)
def scanned_once() -> Iterator[None]:
    """Look for parts of Streamlit among all installed packages once, not each time a page runs."""
    try:
        from streamlit.components.v2 import manifest_scanner
    except ImportError:  # an older Streamlit, which does not look
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def main_module_kept() -> Iterator[None]:
    """Give back the main module that a page's run puts its own script in place of.

    A process that a later test spawns begins by running the file of the main module, and a page
    that was a function in a test has none by then: it ends before it has begun.
    """
    own = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = own


@pytest.fixture(scope="session", autouse=True)
def pages_waited_for() -> Iterator[None]:
    """Wait for the end of a page's run, instead of asking a thousand times a second for it."""
    from streamlit.testing.v1 import local_script_runner

    asked = local_script_runner.require_widgets_deltas

    def waited(runner: Any, timeout: float = 3) -> None:
        runner._script_thread.join(timeout)
        asked(runner, 0.1)  # which stops what has not ended, and says so

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", waited)
        yield


@pytest.fixture(scope="session", autouse=True)
def verbs_made_once() -> Iterator[None]:
    """Make the command with all its verbs once, as a process of its own does, for many runs."""
    from typer import main, testing

    made = functools.cache(main.get_command)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "get_command", made)
        patch.setattr(testing, "_get_command", made)
        yield


@pytest.fixture(scope="session", autouse=True)
def demo_read_once() -> Iterator[None]:
    """Read the demo district once in each process; whoever asks for it gets layers of its own."""
    from planner.sources.workspace import demo

    read = functools.cache(demo.read_district)

    def copied(path: Path) -> object:
        district = read(path)
        layers = {name: layer.copy() for name, layer in district.layers.items()}
        return dataclasses.replace(district, **layers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "read_district", copied)
        yield


@pytest.fixture(scope="session")
def plans_migrated_once() -> Iterator[None]:
    """Give new plans in files at once the tables that all migrations make, once in each process."""
    from sqlalchemy import create_engine, inspect

    from planner.plan.store import schema

    migrate = schema.migrate

    @functools.cache
    def tables() -> list[str]:
        with create_engine("sqlite://").connect() as made:
            migrate(made, schema.VERSIONS[-1])
            file: Any = made.connection.driver_connection
            return [
                line for line in file.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")
            ]

    def at_once(connection: Any, version: str) -> None:
        of_file = connection.dialect.name == "sqlite" and version == schema.VERSIONS[-1]
        if not of_file or inspect(connection).get_table_names():
            migrate(connection, version)
            return
        for line in tables():
            connection.exec_driver_sql(line)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "migrate", at_once)
        yield


@pytest.fixture(scope="session")
def written_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import planner

    file = tmp_path_factory.mktemp("written") / "demo.gpkg"
    return planner.write_district(planner.demo_district(), file)


@pytest.fixture(scope="module")
def demo(written_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo district as a workspace of the module's own."""
    return Path(shutil.copy2(written_demo, tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="session")
def written_part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from demo_part import part_of_demo

    import planner

    file = tmp_path_factory.mktemp("part") / "demo.gpkg"
    return planner.write_district(part_of_demo(3), file)


@pytest.fixture(scope="module")
def small_demo(written_part: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Let a third of the demo be ``demo`` where its size does not matter; return a copy of it.

    The dashboard keeps no answer on it for tests that ask the whole demo.
    """
    from planner.app.session.answers import cache
    from planner.sources.workspace import demo

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "SHARED", cache.Cache())
        patch.setattr(demo, "demo_file", lambda: written_part)
        yield Path(shutil.copy2(written_part, tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a street of four clinics as a workspace, for questions that have no answer."""
    from street_town import crowded_street

    import planner

    file = tmp_path_factory.mktemp("street") / "street.gpkg"
    return planner.write_district(crowded_street(), file)


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let verbs share what they read of a workspace as large as the demo; small ones are read.

    They share its assessment too, as all windows of the dashboard do.
    """
    import planner.sources
    from planner.cli.shared import workspace
    from planner.cli.shared.console import count_in

    read, assess = planner.sources.read_district, workspace.run

    def shared(path: Path, **options: object) -> object:
        lasting = path.is_file() and not any(path.parent.glob(f"{path.name}.*"))  # corrections
        if not lasting or path.stat().st_size < LARGE:
            return read(path, **options)
        state = path.stat()
        key = (path.name, state.st_mtime_ns, state.st_size, *sorted(options.items()))
        if key not in READ:
            READ[key] = read(path, **options)
        return READ[key]

    def judged(console: object, district: object, standard: str, **question: object) -> object:
        asked = (standard, *sorted(question.items()))
        lasting = any(district is each for each in READ.values())
        if not lasting or any(Path(str(each)).is_file() for each in (standard, *question.values())):
            return assess(console, district, standard, **question)
        key = (id(district), repr(asked))
        if key not in JUDGED:
            JUDGED[key] = assess(console, district, standard, **question)
        count_in(JUDGED[key].demand_unit)
        return JUDGED[key]

    monkeypatch.setattr(planner.sources, "read_district", shared)
    monkeypatch.setattr(workspace, "run", judged)


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, read_once: None
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command and answers its exit code, stdout and stderr."""
    from planner.cli import main

    monkeypatch.setenv("PLANNER_LANGUAGE", "en")

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return call
