"""The dashboard's server on the loopback address, in a process of its own."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

START_SECONDS = 120


@dataclass
class Server:
    url: str
    process: subprocess.Popen
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def stop(self) -> int:
        """Stop as Ctrl+C does and return the exit code."""
        self.process.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)
        return self.process.wait(timeout=20)


def start(folder: Path, data: Path, language: str = "en") -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    call = f"serve(data={str(data)!r}, port={port}, language={language!r})"
    process = subprocess.Popen(
        [sys.executable, "-c", f"from planner.app.serve import serve; {call}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    server = Server(f"http://127.0.0.1:{port}", process)

    def read() -> None:
        for line in process.stdout:
            server.lines.put(line)
        process.stdout.close()

    threading.Thread(target=read, daemon=True).start()
    try:
        while server.lines.get(timeout=START_SECONDS).strip() != server.url:
            assert process.poll() is None
    except (queue.Empty, AssertionError):
        process.kill()
        process.wait()
        raise
    return server
