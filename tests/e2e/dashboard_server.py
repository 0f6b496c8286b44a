"""The dashboard's server on the loopback address, in a process of its own."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 60


@dataclass
class Server:
    url: str
    process: subprocess.Popen
    port: int
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)
    said: list[str] = field(default_factory=list)
    stopped: bool = False
    reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            self.lines.put(line)
        self.process.stdout.close()

    def end(self) -> None:
        """Stop it where no test has, and fail where it has ended by itself."""
        if not self.stopped:
            self.stop()

    def stop(self) -> int:
        """Stop as Ctrl+C does and return the exit code."""
        code = self.process.poll()
        assert code is None, f"the server ended by itself ({code}): {''.join(self.said)}"
        self.stopped = True
        self.process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        try:
            return self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # the server's fault handler then tells where each of its threads stands
            self.process.send_signal(signal.SIGABRT)
            self.process.wait()
            self.reader.join()
            raise AssertionError(f"the server did not stop: {''.join(self.said)}") from None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    folder: Path,
    data: Path,
    language: str = "en",
    config: Callable[[int], tuple[Path, str]] | None = None,
) -> Server:
    """Start a server; `config` is given its port and writes a file, for which address it tells."""
    port = free_port()
    file, url = config(port) if config else (None, f"http://127.0.0.1:{port}")
    call = f"serve(data={str(data)!r}, port={port}, language={language!r}"
    call += f", config={str(file)!r})" if file else ")"
    process = subprocess.Popen(
        [sys.executable, "-c", f"from planner.app.server.serve import serve; {call}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    server = Server(url, process, port)
    try:
        while server.lines.get(timeout=START_SECONDS).strip() != server.url:
            assert process.poll() is None
    except (queue.Empty, AssertionError):
        process.kill()
        process.wait()
        raise
    return server
