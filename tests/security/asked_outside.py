"""Write down each name and address outside this machine that a process asks for."""

import os
import socket
from pathlib import Path

VARIABLE = "PLANNER_TEST_ASKED"
OWN = ("127.", "::1", "localhost", "0.0.0.0")


def install() -> None:
    """Watch this process from now on; the file is named by the environment."""
    log = Path(os.environ[VARIABLE])
    resolve, connect = socket.getaddrinfo, socket.socket.connect

    def note(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if name and not name.startswith(OWN) and name != socket.gethostname():
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{name}\n")

    def resolved(host, *rest, **more):
        note(host)
        return resolve(host, *rest, **more)

    def connected(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            note(address[0])
        return connect(self, address)

    socket.getaddrinfo = resolved
    socket.socket.connect = connected


def environment(folder: Path) -> tuple[dict[str, str], Path]:
    """Return the environment of a process that is watched, and the file that it writes."""
    folder.mkdir(parents=True, exist_ok=True)
    start = "import asked_outside\nasked_outside.install()\n"
    (folder / "sitecustomize.py").write_text(start, encoding="utf-8")
    log = folder / "asked.txt"
    log.touch()
    paths = [str(folder), str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    return {VARIABLE: str(log), "PYTHONPATH": os.pathsep.join(filter(None, paths))}, log
