"""Addresses and files that ask for too much: refused before it is made, and let go afterwards."""

import os
import threading
import time
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import pytest
import shapely
from own_loop import run
from steps import steps_of
from towns import town

from planner import assess
from planner.app.server.requests import upload_limit
from planner.app.server.requests.upload_limit import SMALL_BYTES, UploadLimit
from planner.app.session.answers.candidates import LEAST_SPACING_M, CandidateArea
from planner.app.session.jobs import jobs
from planner.app.session.jobs.tickets import Ticket
from planner.app.session.jobs.turns import Turns
from planner.app.session.reader import own_standards, shares
from planner.app.widgets import downloads
from planner.district import builtin_standards
from planner.errors import InputError
from planner.siting.candidates import candidate_sites, check_grid

CRS = "EPSG:32650"

# ---- a grid of very many places


@pytest.fixture(scope="module")
def here():
    return assess(town())


@pytest.fixture(scope="module")
def far_away(here):
    """Return a district in which a community has a part at the end of the world."""
    rows = here.district.communities.copy()
    far = shapely.box(10_000_000, 4_000_000, 10_000_001, 4_000_001)
    shape = rows.geometry.iloc[0]
    rows.loc[rows.index[0], "geometry"] = shapely.MultiPolygon([shape, far])
    return assess(here.district.with_layers(communities=gpd.GeoDataFrame(rows, crs=CRS)))


def peak_of(work) -> float:
    """Return the most memory that some work took, megabytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("spacing_m", [0.3, 1e-6, 1e-300, 5e-324])
def test_a_very_fine_grid_is_refused_before_it_is_made(here, spacing_m):
    def ask() -> None:
        with pytest.raises(InputError) as error:
            candidate_sites(here, "clinic", ["grid"], spacing_m=spacing_m)
        assert error.value.code == "siting.fine_grid"
        assert len(str(error.value)) < 400

    assert peak_of(ask) < 20
    assert steps_of(ask) < 100_000


def test_a_part_far_away_makes_no_grid_between(here, far_away):
    near, far = (
        candidate_sites(each, "clinic", ["grid"], spacing_m=100.0) for each in (here, far_away)
    )
    assert len(near)
    assert near["site_id"].tolist() == [i for i in far["site_id"] if i in set(near["site_id"])]
    assert peak_of(lambda: candidate_sites(far_away, "clinic", ["grid"], spacing_m=150.0)) < 20


def test_a_page_asks_for_fewer_places_than_the_library(here):
    area = CandidateArea("grid", 2.0)
    with pytest.raises(InputError) as error:
        area.options(here, "listed")
    assert error.value.code == "siting.fine_grid"
    check_grid(here.district, 2.0)
    assert CandidateArea("grid", 100.0).options(here, "listed").spacing_m == 100.0
    assert LEAST_SPACING_M >= 10


# ---- work that nobody fetches


@pytest.fixture
def windows(monkeypatch):
    """Return a function that asks for work from a window, as the page does."""
    monkeypatch.setattr(jobs, "_jobs", {})
    monkeypatch.setattr(jobs, "KEEP_S", 0.2)
    asking = {"window": ""}
    monkeypatch.setattr(jobs, "_session", lambda: asking["window"])
    monkeypatch.setattr(jobs, "reader", lambda: asking["reader"])

    def ask(window: str, key: str, work, reader: str = "") -> jobs.Job:
        asking["window"], asking["reader"] = window, reader or f"reader of {window}"
        return jobs.join(key, work)

    return ask


def until(what, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_nobody_fetches_is_let_go(windows):
    job = windows("a", "key", lambda _: "a value")
    until(lambda: "key" not in jobs._jobs)
    assert job.over.is_set()


def test_an_error_holds_nothing_of_what_the_work_had_made(windows):
    def fail(_: object) -> None:
        held = bytearray(1000)
        raise ValueError(len(held)) from KeyError("before")

    job = windows("a", "key", fail)
    job.over.wait(10)
    assert isinstance(job.error, ValueError)
    assert job.error.__traceback__ is None
    assert job.error.__cause__ is None
    assert "in fail" in job.error.__notes__[0], "the log still has its course"


def test_a_window_leaves_its_oldest_work_where_it_asks_for_more(windows):
    def wait(ticket: Ticket) -> None:
        while True:
            ticket.check()
            time.sleep(0.01)

    asked = [windows("a", str(n), wait) for n in range(jobs.MOST_OF_A_SESSION + 2)]
    other = windows("b", "other", wait)
    until(lambda: [job.over.is_set() for job in asked[:3]] == [True, True, False])
    assert not other.over.is_set()
    for job in (*asked, other):
        job.ticket.stop()
    for job in (*asked, other):
        assert job.over.wait(10)


def test_work_of_many_windows_takes_turns_and_has_an_end(windows, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 10)
    monkeypatch.setattr(jobs, "_turns", Turns(2, 1))
    go, at_once, most, lock = threading.Event(), [0], [0], threading.Lock()

    def count(_: object) -> None:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        go.wait(10)
        with lock:
            at_once[0] -= 1

    asked = [windows(f"w{n}", str(n), count) for n in range(10)]
    with pytest.raises(InputError) as error:
        windows("one more", "one more", count)
    assert error.value.code == "app_work.too_much_work"
    go.set()
    for job in asked:
        assert job.over.wait(10)
    assert most[0] == 2


def test_one_reader_with_many_windows_leaves_room_for_others(windows, monkeypatch):
    monkeypatch.setattr(jobs, "_turns", Turns(4, 2))
    go = threading.Event()
    begun: list[str] = []
    running: Counter[str] = Counter()
    at_once: list[int] = []

    def work(name: str):
        def wait(ticket: Ticket) -> None:
            begun.append(name)
            running[name] += 1
            at_once.append(running["wang"])
            try:
                while not go.wait(0.02):
                    ticket.check()
            finally:
                running[name] -= 1

        return wait

    wang = [windows(f"w{n}", f"wang {n}", work("wang"), "wang") for n in range(80)]
    li = windows("l", "li", work("li"), "li")
    until(lambda: "li" in begun)
    assert max(at_once) <= 2, "those that are left make room for others, never for a third"
    until(lambda: sum(not job.over.is_set() for job in wang) == jobs.MOST_OF_A_READER)
    assert all(not job.over.is_set() for job in wang[-jobs.MOST_OF_A_READER :])
    go.set()
    for job in (*wang, li):
        assert job.over.wait(10)
    assert li.error is None


def test_what_only_closed_windows_wait_for_makes_room(windows, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_WAITING", 6)
    monkeypatch.setattr(jobs, "_is_open", lambda window: window == "open")

    def wait(ticket: Ticket) -> None:
        while True:
            ticket.check()
            time.sleep(0.01)

    closed = [windows(f"w{n}", f"closed {n}", wait) for n in range(5)]
    kept = windows("open", "kept", wait)
    new = windows("open", "new", wait)
    until(lambda: all(job.over.is_set() for job in closed))
    assert not kept.over.is_set()
    assert not new.over.is_set()
    for job in (kept, new):
        job.ticket.stop()
        assert job.over.wait(10)


# ---- files that Streamlit keeps

MB = 1_000_000


class Uploads:
    """What a server keeps of uploads, behind the limit."""

    def __init__(self, role: str) -> None:
        self.kept: dict[str, dict[str, int]] = {}
        self.during = None
        may = role == "editor"
        self.limit = UploadLimit(self._inner, lambda _: may, 200 * MB, lambda: self.kept)

    async def _inner(self, scope, receive, send) -> None:
        if self.during is not None:
            self.during()
        _, _, _, session, file = scope["path"].split("/")
        size = dict(scope["headers"]).get(b"content-length", b"1")
        self.kept.setdefault(session, {})[file] = int(size)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    def put(self, session: str, file: str, size: int | None) -> int:
        headers = [] if size is None else [(b"content-length", str(size).encode())]
        path = f"/_stcore/upload_file/{session}/{file}"
        scope = {"type": "http", "method": "PUT", "path": path, "headers": headers}
        sent: list[dict] = []

        async def send(message) -> None:
            sent.append(message)

        async def receive() -> dict:
            raise AssertionError("the body is not looked at")

        run(self.limit(scope, receive, send))
        return sent[0]["status"]


@pytest.mark.long
def test_who_may_not_upload_fills_no_memory_with_small_files():
    server = Uploads("viewer")
    answers = [server.put("window", str(n), SMALL_BYTES) for n in range(30)]
    assert answers == [204] * 10 + [413] * 20
    assert server.put("other", "a", SMALL_BYTES) == 204
    server.kept.clear()  # the window was closed
    assert server.put("window", "b", SMALL_BYTES) == 204


def test_many_windows_of_viewers_fill_no_memory_and_leave_room_for_editors():
    server = Uploads("viewer")
    answers = [server.put(f"w{n}", "a", SMALL_BYTES) for n in range(150)]
    assert answers.count(204) == 100
    editor = Uploads("editor")
    editor.kept = server.kept
    assert editor.put("ed", "a", 200 * MB) == 204


def test_empty_files_count_too():
    server = Uploads("viewer")
    assert [server.put("w", str(n), 0) for n in range(80)].count(204) == upload_limit.MOST_FILES


@pytest.mark.parametrize("size", [None, 10**30])
def test_files_of_untold_or_absurd_size(size):
    assert Uploads("viewer").put("w", "a", size) == 413


def test_an_editor_keeps_a_few_files_at_once():
    server = Uploads("editor")
    assert [server.put("w", str(n), 200 * MB) for n in range(5)] == [204] * 3 + [413] * 2
    answers = [server.put(f"w{n}", "a", 200 * MB) for n in range(20)]
    assert answers.count(204) == upload_limit.LARGE_OF_ALL - 3


def test_ten_uploads_at_once_count_while_they_come():
    """What is on its way counts as what is kept; once it is over it counts no more."""
    server, go = Uploads("viewer"), threading.Event()
    server.during = lambda: go.wait(20)
    with ThreadPoolExecutor(12) as senders:
        coming = [senders.submit(server.put, "w", str(n), SMALL_BYTES) for n in range(12)]
        until(lambda: sum(each.done() for each in coming) == 2)
        go.set()
        answers = sorted(each.result() for each in coming)
    assert answers == [204] * 10 + [413] * 2
    assert server.limit._coming == {}


def test_what_streamlit_keeps_is_seen(monkeypatch):
    files = {"w": {"a": SimpleNamespace(data=b"12345")}}
    manager = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=files))
    monkeypatch.setattr(upload_limit.runtime, "exists", lambda: True)
    monkeypatch.setattr(upload_limit.runtime, "get_instance", lambda: manager)
    assert upload_limit.held_by_streamlit() == {"w": {"a": 5}}


# ---- what one reader leaves on the server


@pytest.fixture
def reader(monkeypatch):
    """Return a function that takes another reader's place."""
    who = {"sub": "wang"}
    monkeypatch.setattr(shares, "_left", {})
    monkeypatch.setattr(shares.permissions, "is_signed_in", lambda: True)
    monkeypatch.setattr(shares.permissions, "claims", lambda: dict(who))
    return lambda sub: who.update(sub=sub)


def test_a_reader_leaves_so_much_in_a_day_and_takes_nothing_from_others(reader, monkeypatch):
    for _ in range(3):
        shares.take("standards", 3)
    with pytest.raises(InputError) as error:
        shares.take("standards", 3)
    assert error.value.code == "app.share_used"
    shares.take("drafts", 3)
    reader("li")
    shares.take("standards", 3)
    reader("wang")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + shares.DAY_S + 1)
    shares.take("standards", 3)


def test_standards_of_all_stay_where_they_are_used(reader, tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_SCENARIOS", str(tmp_path))
    monkeypatch.setattr(own_standards, "_KNOWN", {})
    monkeypatch.setattr(own_standards, "MOST_FILES", 3)
    monkeypatch.setattr(own_standards.st, "session_state", {})
    base = builtin_standards()["15-minute"]
    made = []
    for number in range(3):
        made.append(own_standards.add(replace(base, id="ours", en=str(number))))
        file = tmp_path / "standards" / f"{made[-1]}.toml"
        os.utime(file, (number, number))
    monkeypatch.setattr(own_standards, "_KNOWN", {})
    assert own_standards.find(made[0]).en == "0"  # used now
    own_standards.add(replace(base, id="ours", en="3"))
    kept = {file.stem for file in (tmp_path / "standards").glob("*.toml")}
    assert made[0] in kept
    assert made[1] not in kept
    assert len(kept) == 3


def test_files_are_made_a_few_at_a_time(monkeypatch):
    """Who asks again and again keeps no thread that others need."""
    monkeypatch.setattr(downloads, "_making", [])
    go = threading.Event()

    def make() -> str:
        assert go.wait(20)
        return "a file"

    with ThreadPoolExecutor(20) as threads:
        asked = [threads.submit(downloads._in_turn, "wang", make) for _ in range(10)]
        until(lambda: sum(each.done() for each in asked) == 8)
        others = [threads.submit(downloads._in_turn, f"li {n}", make) for n in range(4)]
        until(lambda: sum(each.done() for each in others) == 2)
        go.set()
        errors = [each.exception() for each in (*asked, *others)]
    codes = {error.code for error in errors if error is not None}
    assert codes == {"app_work.files_in_making"}
    assert errors.count(None) == downloads.AT_ONCE
    assert downloads._in_turn("wang", make) == "a file"
