"""The images of an office server and of many hosts: built and run where an engine works.

Without an engine each line of the files is done below a folder that stands for the image's
root. Not proven then: the two base images, that a dependency installs there (here those of the
tests' environment are taken), and that the kernel lets the user write nowhere else; what was
written is looked at instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from dashboard_server import free_port

ROOT = Path(__file__).parents[1]
DASHBOARD, BATCH = "Containerfile", "Containerfile.batch"
PORT = "8501"
START_S = 180
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform != "linux", reason="an image of Linux"),
]


def lines(file: str = DASHBOARD) -> list[tuple[str, str]]:
    """Return each instruction of an image with what it is told."""
    text = (ROOT / file).read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in told]


def sent() -> list[Path]:
    """Return the files that an engine sees: the last line of ``.dockerignore`` that fits counts."""
    rules = [r for r in (ROOT / ".dockerignore").read_text().splitlines() if r and r[0] != "#"]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    here = [ROOT / name for name in tracked if name] or [p for p in ROOT.rglob("*") if p.is_file()]

    def seen(name: str) -> bool:
        shown = True
        for rule in rules:
            wanted, path = rule.lstrip("!"), f"/{name}/"
            anywhere = wanted.startswith("**/") and f"/{wanted[3:]}/" in path
            if anywhere or wanted == "*" or path.startswith(f"/{wanted}/"):
                shown = rule.startswith("!")
        return shown

    return [file for file in here if file.is_file() and seen(file.relative_to(ROOT).as_posix())]


def surroundings() -> dict[str, str]:
    """Return this process's environment without how pip and Python are set up in it."""
    own = ("PIP_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


@dataclass
class Image:
    """A folder that stands for the image's root, and what its lines have set."""

    root: Path
    environment: dict[str, str] = field(default_factory=surroundings)
    told: dict[str, str] = field(default_factory=dict)

    def there(self, text: str) -> str:
        """Return a text with the image's own paths below the folder."""
        return re.sub(r"(?<![\w./])/(?=opt|src|srv)", f"{self.root}/", text)

    def done_from(self, told: str) -> None:
        if self.root.exists():
            self.root.rename(self.root.with_name("build"))
        self.root.mkdir()
        self.told.clear()
        # the interpreter of the base image
        self.environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    def done_copy(self, told: str) -> None:
        origin, target = told.split()[-2:]
        place = Path(self.there(target))
        if "--from=build" in told:
            shutil.copytree(self.root.with_name("build") / origin[1:], place, symlinks=True)
            return
        assert origin == "."
        for file in sent():
            copy = place / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)

    def done_env(self, told: str) -> None:
        name, _, value = told.partition("=")
        self.environment[name] = self.there(value).replace("$PATH", self.environment["PATH"])

    def done_run(self, told: str) -> None:
        if os.geteuid():
            told = re.sub(r"install -d -o \d+ -g \d+", "install -d", told)
        for part in told.split(" && "):
            self.shell(part)
            if " -m venv " in part:
                self._lend_dependencies(Path(self.there(part.split()[-1])))

    def shell(self, command: str, **how: object) -> None:
        offline = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
        done = subprocess.run(
            ["sh", "-c", self.there(command)],
            env=self.environment | offline,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    def _lend_dependencies(self, made: Path) -> None:
        """Show an environment the packages of this one, beside those it is given."""
        [packages] = made.glob("lib/python*/site-packages")
        (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def do(self, name: str, told: str) -> None:
        done = getattr(self, f"done_{name.lower()}", None)
        if done:
            done(told)
        else:
            self.told[name] = told


@contextlib.contextmanager
def running(image: Image) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start what ``CMD`` says on a port that is free; give the process and the port."""
    port = str(free_port())
    command = [image.there(word).replace(PORT, port) for word in json.loads(image.told["CMD"])]
    process = subprocess.Popen(
        command,
        env={key: v for key, v in image.environment.items() if not key.startswith("PLANNER_")},
        cwd=image.there(image.told["WORKDIR"]),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


def healthy(image: Image, port: str) -> bool:
    """Ask as ``HEALTHCHECK`` does."""
    command = image.told["HEALTHCHECK"].partition(" CMD ")[2].replace(PORT, port)
    return not subprocess.run(
        ["sh", "-c", command], env=image.environment, capture_output=True, check=False
    ).returncode


def test_every_step_does_what_it_says_and_the_server_answers(tmp_path: Path) -> None:
    image = Image(tmp_path / "root")
    for name, told in lines():
        image.do(name, told)
    assert image.told.keys() == {"USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", image.told["USER"])
    assert image.told["EXPOSE"] == PORT
    assert sorted(path.name for path in image.root.iterdir()) == ["opt", "srv"]
    installed = image.root / "opt/planner"
    [package] = installed.glob("lib/python*/site-packages/planner")
    before = {path: path.stat().st_mtime_ns for path in installed.rglob("*")}
    with running(image) as (process, port):
        assert not healthy(image, str(free_port()))
        end = time.monotonic() + START_S
        while not healthy(image, port):
            assert process.poll() is None
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.5)
        process.send_signal(signal.SIGTERM)  # an engine waits ten seconds, then kills
        # 0 as the first process of an image; elsewhere it passes the signal on once all is ended
        assert process.wait(timeout=10) in (0, -signal.SIGTERM)
    assert (package / "data/demo.gpkg").is_file()
    assert (package / "data/demo.answers").is_file()
    assert {path: path.stat().st_mtime_ns for path in installed.rglob("*")} == before


def test_the_image_of_many_hosts_runs_all_that_they_run(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    image = Image(tmp_path / "root")
    for name, told in lines(BATCH):
        image.do(name, told)
    # who asks it for health would ask a page that none of these has
    assert image.told.keys() == {"USER", "WORKDIR", "VOLUME", "CMD"}
    dashboard = dict(lines())
    assert image.told["USER"] == dashboard["USER"]
    image.shell(" ".join(json.loads(image.told["CMD"])))
    for role in ("scheduler", "worker"):
        image.shell(f"python -m dask {role} --version")
    image.shell("python -c 'import planner.batch; planner.batch.run'")


@pytest.mark.parametrize("base", ["", "/planning/map"])
def test_health_is_asked_where_the_server_answers(base: str) -> None:
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path == f"{base}/_stcore/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    image = Image(Path("/"))
    for name, told in lines():
        if name in ("ENV", "HEALTHCHECK"):
            image.do(name, told)
    image.environment = os.environ | {
        "PLANNER_HEALTH_PATH": image.environment["PLANNER_HEALTH_PATH"]
    }
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_address[1])
        assert healthy(image, port) == (not base)
        image.environment["PLANNER_HEALTH_PATH"] = f"{base}/_stcore/health"
        assert healthy(image, port)
        server.shutdown()
    assert asked == ["/_stcore/health", f"{base}/_stcore/health"]


def test_the_image_is_made_of_the_package_alone() -> None:
    names = {file.relative_to(ROOT).as_posix() for file in sent()}
    others = {name for name in names if not name.startswith("planner/")}
    carried = {"data/geo/demo.answers", "data/geo/demo.gpkg"}
    assert others == {"LICENSE", "README.md", "pyproject.toml", *carried}
    assert "planner/cli/__init__.py" in names
    assert not [name for name in names if "__pycache__" in name]


def engine() -> str | None:
    """Return an engine that works here."""
    for name in filter(shutil.which, ("podman", "docker")):
        if not subprocess.run([name, "info"], capture_output=True, check=False).returncode:
            return name
    return None


def test_the_image_of_many_hosts_is_built_and_runs() -> None:
    which = engine()
    if not which:
        pytest.skip("no engine for containers works on this machine; its steps are done by hand")
    name = "planner-batch-test"
    subprocess.run([which, "build", "-f", BATCH, "-t", name, "."], cwd=ROOT, check=True)
    for command in (["dask", "scheduler", "--version"], ["planner", "batch", "--help"]):
        subprocess.run([which, "run", "--rm", "--read-only", name, *command], check=True)


def test_the_image_is_built_and_answers(tmp_path: Path) -> None:
    which = engine()
    if not which:
        pytest.skip("no engine for containers works on this machine; its steps are done by hand")

    def ask(*words: str) -> str:
        done = subprocess.run([which, *words], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    ask("build", "-f", "Containerfile", "-t", "planner-image-test", ".")
    shut_in = ("--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL")
    name = ask("run", "-d", *shut_in, "planner-image-test")
    try:
        assert ask("exec", name, "id", "-u") == "10001"
        [health] = [told for line, told in lines() if line == "HEALTHCHECK"]
        end = time.monotonic() + START_S
        while True:
            with contextlib.suppress(subprocess.CalledProcessError):
                ask("exec", name, "sh", "-c", health.partition(" CMD ")[2])
                break
            assert time.monotonic() < end, ask("logs", name)
            time.sleep(1)
    finally:
        ask("rm", "-f", name)
