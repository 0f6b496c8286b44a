"""Processes on other machines: encrypted or refused, looked over before, and told when lost."""

import contextlib
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

import pytest

from planner import __version__
from planner.batch import cluster, run
from planner.batch.cluster import look_over, seen, watched
from planner.batch.run_files import RUN
from planner.errors import InputError, WorkError

needs_dask = pytest.mark.skipif(
    find_spec("distributed") is None, reason="Dask is not installed (extra batch)"
)


SCHEDULER = """
import glob, os, time
import distributed

cluster = distributed.LocalCluster(
    n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp://"
)
print(cluster.scheduler_address, flush=True)
while not glob.glob({done!r}):
    time.sleep(0.02)
os._exit(1)
"""
"""A scheduler that is gone as soon as it has done a district."""


class Workers:
    """Workers that answer as they are told; each is asked so often."""

    def __init__(self, **answers):
        self.answers = {f"tls://{name}:8788": answer for name, answer in answers.items()}
        self.asked = 0

    def run(self, function, *args, on_error):
        self.asked += 1
        assert on_error == "return"
        return {
            worker: answer(*args) if callable(answer) else answer
            for worker, answer in self.answers.items()
        }


@pytest.fixture
def folder(tmp_path):
    (tmp_path / RUN).write_text("{}", encoding="utf-8")
    return tmp_path


@needs_dask
@pytest.mark.parametrize(
    ("address", "settings", "code"),
    [
        ("tls://127.0.0.1:9", {}, "batch.no_certificates"),
        ("tls://127.0.0.1:9", {"distributed.comm.tls.ca-file": "ca"}, "batch.no_certificates"),
        ("tcp://127.0.0.1:9", {"distributed.comm.require-encryption": True}, "batch.must_encrypt"),
    ],
)
def test_a_scheduler_is_not_asked_in_a_way_that_it_refuses(made, tmp_path, address, settings, code):
    import dask
    import distributed  # noqa: F401 - settings are changed that it must have made

    threads = set(threading.enumerate())
    with dask.config.set(settings), pytest.raises(InputError) as raised:
        run(made, tmp_path, groups=["population"], scheduler=address)
    assert raised.value.code == code
    # nothing is left that keeps the program waiting when it ends
    assert set(threading.enumerate()) <= threads


def test_workers_that_can_do_the_work_are_told_by_host(folder):
    found = look_over(Workers(a=seen, b=seen, c=OSError("no answer")), folder, [])
    assert found.code == "batch.workers"
    assert found.params == {"count": 3, "hosts": "a (1), b (1), c (1)"}
    assert str(found) == "3 workers do the work, by host: a (1), b (1), c (1)."
    assert look_over(Workers(), folder, []).code == "batch.no_workers_yet"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (lambda *_: ("0.0.1", "", ""), "batch.worker_version", __version__),
        (ModuleNotFoundError("No module named 'planner'"), "batch.worker_lacks", "No module"),
        (lambda *_: (__version__, "", ""), "batch.worker_blind", "does not see this run"),
        (lambda folder, _: (*seen(folder, [])[:2], "d1.gpkg"), "batch.worker_without_data", "d1"),
    ],
)
def test_a_worker_that_cannot_do_the_work_is_told_before(folder, monkeypatch, answer, code, says):
    monkeypatch.setattr(cluster, "SHARED_WITHIN_S", 0.0)
    with pytest.raises(WorkError, match=says) as raised:
        look_over(Workers(a=seen, b=answer), folder, [folder / RUN])
    assert raised.value.code == code
    assert raised.value.params["worker"] == "tls://b:8788"


def test_a_file_that_comes_late_is_waited_for(folder):
    late = iter([(__version__, "", ""), seen(folder, [])])
    workers = Workers(a=lambda *_: next(late))
    assert look_over(workers, folder, []).code == "batch.workers"
    assert workers.asked == 2


def test_a_workspace_that_nobody_sees_is_a_failure_of_its_own(folder):
    # told among the failures, as without workers
    assert look_over(Workers(a=seen), folder, [folder / "none.gpkg"]).code == "batch.workers"


@needs_dask
def test_who_joins_and_who_is_gone_is_told():
    import distributed

    class Cluster(distributed.LocalCluster):
        """One that can be closed though it heard twice that a worker is gone."""

        def _update_worker_status(self, op, msg):
            with contextlib.suppress(KeyError):
                super()._update_worker_status(op, msg)

    told, came = [], threading.Semaphore(0)

    def tell(finding):
        told.append(finding)
        came.release()

    with (
        Cluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as local,
        distributed.Client(local, set_as_default=False) as client,
    ):
        with watched(client, tell):
            for count in (1, 3, 2, 1, 0):
                local.scale(count)
                for _ in range(2 if count == 3 else 1):
                    assert came.acquire(timeout=30)
        local.scale(1)
        client.wait_for_workers(1, timeout=30)
    gone, joined, none = "batch.worker_gone", "batch.worker_joined", "batch.no_workers_left"
    assert [each.code for each in told] == [gone, joined, joined, gone, gone, none]
    assert [each.params["count"] for each in told] == [1, 2, 3, 2, 1, 0]


@pytest.mark.long
def test_workspaces_are_told_so_that_others_find_them(made, tmp_path, monkeypatch):
    monkeypatch.chdir(made)
    found = run("d1.gpkg", tmp_path, groups=["population"])
    assert found.districts()["workspace"].tolist() == [str(made / "d1.gpkg")]


@pytest.mark.long
@needs_dask
def test_two_runs_that_ask_the_same_of_one_scheduler_both_have_results(made, tmp_path):
    import distributed

    folders = [tmp_path / "one", tmp_path / "other"]
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
    ) as local:

        def into(folder):
            return run(
                made / "d1.gpkg",
                folder,
                groups=["population"],
                scheduler=local.scheduler_address,
            )

        with ThreadPoolExecutor(2) as both:
            found = list(both.map(into, folders))
    assert [each.districts()["state"].tolist() for each in found] == [["done"], ["done"]]


@pytest.mark.long
@needs_dask
def test_a_scheduler_that_is_lost_on_the_way_is_told_in_one_line(made, tmp_path, caplog):
    # with a worker of its own, ended as a host that is lost ends: without a word
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER.format(done=str(tmp_path / "results/summary/*.parquet")))
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    try:
        with pytest.raises(WorkError) as raised:
            run(made, tmp_path / "results", groups=["population"], scheduler=address)
    finally:
        process.kill()
        process.communicate()
    assert raised.value.code == "batch.scheduler_lost"
    assert "district-" not in str(raised.value)
    assert not [each for each in caplog.records if each.name == "distributed.client"]
    assert run(made, tmp_path / "results", groups=["population"]).resumed >= 1
