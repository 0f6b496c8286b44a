"""The processes of Dask that do the work: reached, looked over before it begins, and watched."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from planner import __version__
from planner.batch.run_files import RUN
from planner.errors import Finding, InputError, WorkError

Told = Callable[[Finding], None]
"""Told what must be known while the work goes on, by a thread of Dask's too."""


SHARED_WITHIN_S = 5.0
"""So late a file that was just written on one machine may be seen on another that shares it."""

HEARD_WITHIN_S = 5.0
"""So long a scheduler may take to tell what it is asked to tell."""


@contextmanager
def connected(distributed: Any, scheduler: str | None, workers: int, retries: int) -> Iterator[Any]:
    """Give a client of a scheduler, or of processes that are started on this machine.

    Parameters
    ----------
    distributed
        The package, which not everybody has.
    scheduler
        Its address; where none is given, so many `workers` are started here.
    workers, retries
        As of :func:`planner.batch.run`.

    Raises
    ------
    InputError
        ``batch.no_certificates``, ``batch.must_encrypt``.
    WorkError
        ``batch.no_scheduler``, ``batch.no_processes``.
    """
    if scheduler is None:
        opened = _started_here(distributed, workers, retries)
    else:
        opened = _client(distributed, scheduler)
    with opened as client:
        yield client


@contextmanager
def _client(distributed: Any, scheduler: str) -> Iterator[Any]:
    """Connect to a scheduler, by what Dask's configuration says of certificates."""
    config = import_module("dask").config
    try:
        # a client that is refused for want of them keeps the program waiting for a minute; who has
        # them loaded by a program of the own names them nowhere
        if not config.get("distributed.client.security-loader", None):
            named = distributed.Security().get_connection_args("client")
            encrypted = scheduler.startswith(("tls://", "wss://"))
            if encrypted and named["ssl_context"] is None:
                raise InputError("batch.no_certificates", address=scheduler)
            if not encrypted and named["require_encryption"]:
                raise InputError("batch.must_encrypt", address=scheduler)
        client = distributed.Client(scheduler, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        if isinstance(error, InputError):
            raise
        reason = str(error) or type(error).__name__
        raise WorkError("batch.no_scheduler", address=scheduler, reason=reason) from error
    with _without_log("distributed.client"), client:
        yield client


@contextmanager
def _without_log(name: str) -> Iterator[None]:
    """Keep quiet what Dask logs of its calls: what comes of them is told."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _started_here(distributed: Any, workers: int, retries: int) -> Iterator[Any]:
    """Start a scheduler with its workers on this machine."""
    # a worker that dies is started again, and its district tried again as often as any
    settings = {
        "distributed.scheduler.allowed-failures": retries,
        # nothing is shown by HTTP of what goes on here
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with ExitStack() as started:
        started.enter_context(import_module("dask").config.set(settings))
        try:
            # encrypted with a key of this run: nobody else on the machine may send it work
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                # shared by those that run, not by as many as there are cores
                memory_limit=1 / workers,
                processes=True,
                dashboard_address="127.0.0.1:0",
                security=True,
                protocol="tls://",
            )
            started.enter_context(cluster)
            client = distributed.Client(cluster, set_as_default=False)
        except (ImportError, OSError, RuntimeError) as error:
            reason = str(error) or type(error).__name__
            raise WorkError("batch.no_processes", reason=reason) from error
        yield started.enter_context(client)


def look_over(client: Any, folder: Path, workspaces: Sequence[Path]) -> Finding:
    """Tell which workers are there to do the work, each of which can.

    One that cannot would have each of its districts fail, some of many: it is told before.

    Raises
    ------
    WorkError
        ``batch.worker_version``, ``batch.worker_lacks``, ``batch.worker_blind`` or
        ``batch.worker_without_data`` for the first that cannot.
    """
    until = time.monotonic() + SHARED_WITHIN_S
    here = seen(folder, workspaces)
    while True:
        answers: dict[str, Any] = client.run(seen, folder, workspaces, on_error="return")
        found = [_unfit(each, answers[each], here, folder) for each in sorted(answers)]
        unfit = next(filter(None, found), None)
        if unfit is None:
            return _shared_out(answers)
        # what is shared may come late
        sees_no_file = unfit.code in ("batch.worker_blind", "batch.worker_without_data")
        if not sees_no_file or time.monotonic() > until:
            raise WorkError(unfit.code, **unfit.params)
        time.sleep(0.5)


def _shared_out(workers: Iterable[str]) -> Finding:
    """Return how many workers there are on each host."""
    hosts = Counter(str(urlsplit(each).hostname) for each in workers)
    if not hosts:
        return Finding("batch.no_workers_yet", {})
    by_host = ", ".join(f"{host} ({count})" for host, count in sorted(hosts.items()))
    return Finding("batch.workers", {"count": hosts.total(), "hosts": by_host})


def seen(folder: Path, workspaces: Sequence[Path]) -> tuple[str, str, str]:
    """Return what a process has: the version of this program, the sign of the run, what it lacks.

    The sign is that of the run in the folder, and empty without one; what it lacks is the first
    workspace that it does not see.
    """
    sign = ""
    with suppress(OSError):
        sign = hashlib.sha256((folder / RUN).read_bytes()).hexdigest()
    lacks = next((str(each) for each in workspaces if not each.exists()), "")
    return __version__, sign, lacks


def _unfit(worker: str, answer: Any, here: tuple[str, str, str], folder: Path) -> Finding | None:
    """Return why a worker cannot do what this process asks of it; None where it can."""
    # whoever does not answer is lost, which is told when the scheduler finds out
    if isinstance(answer, OSError):
        return None
    if isinstance(answer, Exception):
        reason = f"{type(answer).__name__}: {answer}"
        return Finding("batch.worker_lacks", {"worker": worker, "reason": reason})
    version, sign, lacks = answer
    if version != here[0]:
        params = {"worker": worker, "here": version, "asked": here[0]}
        return Finding("batch.worker_version", params)
    if sign != here[1]:
        return Finding("batch.worker_blind", {"worker": worker, "folder": str(folder)})
    if lacks and not here[2]:
        return Finding("batch.worker_without_data", {"worker": worker, "file": lacks})
    return None


@contextmanager
def watched(client: Any, told: Told) -> Iterator[None]:
    """Tell which workers are gone, and which have joined, as long as the work goes on."""
    heard, begun, ended = threading.Event(), f"watched-{secrets.token_hex(4)}", False
    there: set[str] = set()

    def heed(event: tuple[float, Any]) -> None:
        said = event[1] if isinstance(event[1], dict) else {}
        action, worker = said.get("action"), said.get("worker", "")
        if action == begun:
            heard.set()
        elif ended:
            return
        elif action == "remove-worker" and worker in there:
            there.discard(worker)
            left = {"worker": worker, "count": len(there)}
            told(Finding("batch.worker_gone" if there else "batch.no_workers_left", left))
        elif action == "add-worker" and worker not in there:
            there.add(worker)
            told(Finding("batch.worker_joined", {"worker": worker, "count": len(there)}))

    client.subscribe_topic("all", heed)
    # until it is heard what is said, somebody could be gone without a word
    until = time.monotonic() + HEARD_WITHIN_S
    while not heard.is_set() and time.monotonic() < until:
        client.log_event("all", {"action": begun})
        heard.wait(0.1)
    there |= set(client.scheduler_info(n_workers=-1)["workers"])
    try:
        yield
    finally:
        # those that end because the work is done are not lost
        ended = True
        client.unsubscribe_topic("all")
