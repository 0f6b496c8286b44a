"""Two hosts and a scheduler with TLS, one host lost in mid-run: the bytes of one process.

``python benchmarks/batch/several_hosts.py`` makes districts as ``bench_batch.py``
does and certificates by ``openssl``, assesses all of them in one process, and again by a worker on
each of two hosts, of which the second is lost once a third of the districts are done: its processes
are killed or, with ``--loss unplugged``, its cable is pulled. The hosts are private network
namespaces where the system permits them, else ``--hosts addresses``: 127.0.0.2 and 127.0.0.3. It
prints what was told on the way and a table, and ends with 1 where a byte differs or somebody
without a certificate of this CA is let in. Dask is set up by ``docs/dask.yaml.example``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench_batch import part

from planner.sources import write_district

EXAMPLE = Path(__file__).parents[2] / "docs" / "dask.yaml.example"
PORT = 8786
QUESTION = ("--group", "population", "--also", "siting", "--new", "1", "--steps", "200")
"""The search ends by steps and not by seconds, so that all machines find the same."""
UNSHOWN = ("--dashboard-address", "127.0.0.1:0")
"""Dask's pages, which would not be encrypted, are nobody else's."""
SHARE_BEFORE_LOSS = 1 / 3


@dataclass
class Host:
    """An address of its own, and how a process is started there."""

    address: str
    enter: list[str] = field(default_factory=list)
    cable: str = ""


def need(*command: str) -> None:
    """Run a command that must not fail."""
    subprocess.run(command, check=True, capture_output=True)


def certificates(folder: Path) -> None:
    """Make a CA and one certificate of it, by the commands of docs/batch.md."""
    folder.mkdir()
    ca, ca_key, request = folder / "ca.pem", folder / "ca-key.pem", folder / "request.pem"
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    days = ("-days", "30")
    need("openssl", "req", "-x509", *new, *days, "-subj", "/CN=planner batch",
         "-keyout", str(ca_key), "-out", str(ca))  # fmt: skip
    need("openssl", "req", *new, "-subj", "/CN=host",
         "-keyout", str(folder / "key.pem"), "-out", str(request))  # fmt: skip
    need("openssl", "x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key),
         "-CAcreateserial", *days, "-out", str(folder / "cert.pem"))  # fmt: skip


def configured(tls: Path) -> dict[str, str]:
    """Return an environment in which Dask is set up by the example, with these certificates."""
    file = tls / "dask.yaml"
    text = EXAMPLE.read_text(encoding="utf-8").replace("/etc/planner/tls", str(tls))
    file.write_text(text, encoding="utf-8")
    return os.environ | {"DASK_CONFIG": str(file)}


def private() -> list[str]:
    """Return the command that runs another with a network of its own; empty where none may."""
    for command in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        script = "ip link set lo up && ip link add trial0 type veth peer name trial1"
        tools = all(map(shutil.which, ("unshare", "nsenter", "ip")))
        if tools and not subprocess.run([*command, "sh", "-c", script], check=False).returncode:
            return command
    return []


@contextmanager
def namespaces() -> Iterator[tuple[str, list[Host]]]:
    """Give the scheduler's address and two hosts, each a network with a cable to this one."""
    scheduler = "10.9.0.1"
    need("ip", "link", "set", "lo", "up")
    need("ip", "addr", "add", f"{scheduler}/32", "dev", "lo")
    holders: list[subprocess.Popen[bytes]] = []
    try:
        hosts = []
        for number in (1, 2):
            # it is asked to say when it has its own network, which this one's cable leads into
            holder = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", "echo; exec sleep 3600"], stdout=subprocess.PIPE
            )
            holders.append(holder)
            if holder.stdout is None or not holder.stdout.readline():
                raise RuntimeError("no network of its own for a host")
            pid, cable = str(holder.pid), f"host{number}"
            inside = ["nsenter", "--net", f"--target={pid}"]
            need("ip", "link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", pid)
            need("ip", "addr", "add", f"10.9.{number}.1/24", "dev", cable)
            need("ip", "link", "set", cable, "up")
            need(*inside, "ip", "addr", "add", f"10.9.{number}.2/24", "dev", "cable")
            need(*inside, "ip", "link", "set", "lo", "up")
            need(*inside, "ip", "link", "set", "cable", "up")
            need(*inside, "ip", "route", "add", "default", "via", f"10.9.{number}.1")
            hosts.append(Host(f"10.9.{number}.2", inside, cable))
        yield scheduler, hosts
    finally:
        for holder in holders:
            holder.kill()
            holder.wait()


@contextmanager
def addresses() -> Iterator[tuple[str, list[Host]]]:
    """Give two addresses of this machine."""
    yield "127.0.0.1", [Host("127.0.0.2"), Host("127.0.0.3")]


@contextmanager
def started(
    command: Sequence[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Give a process, in a group of its own with all that it starts; ended at the end."""
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def planner(*words: str) -> list[str]:
    return [sys.executable, "-m", "planner", "batch", *words]


def dask(*words: str) -> list[str]:
    return [sys.executable, "-m", "dask", *words]


def turned_away(scheduler: str, ca: Path) -> str:
    """Return what a scheduler says to who has no certificate; empty where it lets one in."""
    context = ssl.create_default_context(cafile=str(ca))
    context.check_hostname = False
    try:
        with (
            socket.create_connection((scheduler, PORT), timeout=10) as plain,
            context.wrap_socket(plain) as secured,
        ):
            # in TLS 1.3 a side learns from the first answer that it is not wanted
            secured.recv(1)
    except ssl.SSLError as error:
        return str(error.reason)
    return ""


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files of results by their names."""
    found = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in found
        if not file.name.startswith(".")
    }


def done(folder: Path) -> int:
    return len(list((folder / "summary").glob("*.parquet")))


def lose(host: Host, worker: subprocess.Popen[bytes], loss: str) -> None:
    """Kill all processes of a host, or pull its cable."""
    if loss == "killed":
        os.killpg(worker.pid, signal.SIGKILL)
    else:
        need("ip", "link", "set", host.cable, "down")


def work_of(client: Any) -> dict[str, tuple[int, float]]:
    """Return the districts that each host did, and the seconds that it worked on them."""
    found: dict[str, tuple[int, float]] = {}
    for task in client.get_task_stream():
        if not str(task["key"]).startswith("district-"):
            continue
        host = str(urlsplit(task["worker"]).hostname)
        spent = sum(each["stop"] - each["start"] for each in task["startstops"])
        districts, seconds = found.get(host, (0, 0.0))
        found[host] = districts + 1, seconds + spent
    return found


@dataclass
class Shown:
    """What is shown of one run on several hosts."""

    seconds: float
    lost_after_s: float
    lost_at: int
    told: str
    returncode: int
    work: dict[str, tuple[int, float]]


def on_hosts(
    scheduler: str, hosts: Sequence[Host], tls: Path, workspaces: Path, into: Path, loss: str
) -> Shown:
    """Assess all districts on the hosts, and lose the last of these on the way."""
    address, environment, log = f"tls://{scheduler}:{PORT}", configured(tls), tls.parent
    distributed: Any = import_module("distributed")
    security = distributed.Security(
        require_encryption=True,
        tls_ca_file=str(tls / "ca.pem"),
        tls_client_cert=str(tls / "cert.pem"),
        tls_client_key=str(tls / "key.pem"),
    )
    with (
        started(scheduler_at(address), environment, log / "scheduler.log"),
        started(worker_on(hosts[0], address), environment, log / "first.log"),
        started(worker_on(hosts[1], address), environment, log / "second.log") as second,
        distributed.Client(address, security=security, timeout="60s") as client,
    ):
        client.wait_for_workers(len(hosts), timeout=60)
        client.get_task_stream()
        begun = time.perf_counter()
        command = planner(str(workspaces), "--into", str(into), *QUESTION, "--scheduler", address)
        with started(command, environment, log / "batch.log") as run:
            wanted = SHARE_BEFORE_LOSS * len(list(workspaces.glob("*.gpkg")))
            while done(into) < wanted and run.poll() is None:
                time.sleep(0.1)
            lost_at, lost_after_s = done(into), time.perf_counter() - begun
            lose(hosts[-1], second, loss)
            run.wait()
            seconds = time.perf_counter() - begun
        told = (log / "batch.log").read_text(encoding="utf-8")
        return Shown(seconds, lost_after_s, lost_at, told, run.returncode, work_of(client))


def scheduler_at(address: str) -> list[str]:
    return dask("scheduler", "--host", address, *UNSHOWN)


def worker_on(host: Host, scheduler: str) -> list[str]:
    own = ("--host", host.address, "--worker-port", "8788", "--nanny-port", "8789")
    size = ("--nworkers", "1", "--nthreads", "1", "--memory-limit", "2GiB")
    return [*host.enter, *dask("worker", scheduler, *own, *size, *UNSHOWN)]


def let_in(scheduler: str, tls: Path, workspaces: Path, folder: Path) -> list[str]:
    """Ask a scheduler in ways that it must refuse, tell what came of it, return who was let in."""
    stranger = folder / "stranger"
    certificates(stranger)
    shutil.copy(tls / "ca.pem", stranger / "ca.pem")
    address = f"tls://{scheduler}:{PORT}"
    asked = {
        "no certificate": dict(os.environ),
        "a certificate of another CA": configured(stranger),
    }
    in_all_the_same = []
    with started(scheduler_at(address), configured(tls), folder / "refuses.log"):
        end = time.monotonic() + 60
        while not (reason := answer_of(scheduler, tls / "ca.pem")) and time.monotonic() < end:
            time.sleep(0.2)
        print(f"without a certificate the scheduler says: {reason or 'nothing'}")
        if reason in ("", "let in"):
            in_all_the_same.append("no certificate")
        for who, environment in asked.items():
            command = planner(str(workspaces), "--into", str(folder / "none"), *QUESTION)
            tried = subprocess.run(
                [*command, "--scheduler", address],
                env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            print(f"with {who}: {tried.stderr.strip().splitlines()[-1]}")
            if not tried.returncode:
                in_all_the_same.append(who)
    return in_all_the_same


def answer_of(scheduler: str, ca: Path) -> str:
    """Return what a scheduler says to who has no certificate; empty while it is not there."""
    try:
        return turned_away(scheduler, ca) or "let in"
    except OSError:
        return ""


def shown(given: argparse.Namespace, scheduler: str, hosts: Sequence[Host], folder: Path) -> int:
    """Show all of it, print it, and return the exit code."""
    workspaces, one, several = folder / "workspaces", folder / "one", folder / "several"
    workspaces.mkdir()
    for number in range(given.districts):
        write_district(part(number, given.communities), workspaces / f"d{number:04}.gpkg")
    certificates(folder / "tls")
    wrong = let_in(scheduler, folder / "tls", workspaces, folder)
    begun = time.perf_counter()
    subprocess.run(
        planner(str(workspaces), "--into", str(one), *QUESTION), check=True, capture_output=True
    )
    alone = time.perf_counter() - begun
    found = on_hosts(scheduler, hosts, folder / "tls", workspaces, several, given.loss)
    print(f"told on the way:\n{found.told.replace(str(folder), '…').rstrip()}\n")
    equal = files_of(one) == files_of(several)
    lost = hosts[-1].address
    print(f"| {given.districts} districts | districts | seconds |\n|---|---|---|")
    print(f"| one process | {given.districts} | {alone:.0f} |")
    print(f"| two hosts, one lost | {done(several)} | {found.seconds:.0f} |")
    for host in hosts:
        count, spent = found.work.get(host.address, (0, 0.0))
        note = f", {given.loss} after {found.lost_after_s:.0f} s" if host.address == lost else ""
        print(f"| {host.address}{note} | {count} | {spent:.0f} |")
    print(f"{len(files_of(one))} files, {'the same bytes' if equal else 'NOT THE SAME BYTES'}")
    if done(several) == found.lost_at:
        print("all was done before the host was lost: ask for more districts")
        return 1
    return int(bool(found.returncode or wrong or not equal))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--districts", type=int, default=8)
    asked.add_argument("--communities", type=int, default=4)
    asked.add_argument("--hosts", choices=("namespaces", "addresses"), default="")
    asked.add_argument("--loss", choices=("killed", "unplugged"), default="killed")
    asked.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if not shutil.which("openssl"):
        print("openssl is not here, which makes the certificates: nothing was shown.")
        return 2
    if given.hosts != "addresses" and not given.inside:
        command = private()
        if command:
            again = [sys.executable, *sys.argv, "--hosts", "namespaces", "--inside"]
            return subprocess.run([*command, *again], check=False).returncode
        if given.hosts == "namespaces" or given.loss == "unplugged":
            print("This system permits no network namespaces, or lacks unshare, nsenter or ip.")
            return 2
    print(f"hosts: {'network namespaces' if given.inside else 'addresses of this machine'}")
    with (
        tempfile.TemporaryDirectory() as folder,
        namespaces() if given.inside else addresses() as (scheduler, hosts),
    ):
        return shown(given, scheduler, hosts, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
