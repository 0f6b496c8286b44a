"""Whoever stops the server need not wait for what browsers do."""

import socket
from pathlib import Path

import pytest
import streamlit
from dashboard_server import start

pytestmark = pytest.mark.journey


def test_a_browser_that_takes_in_nothing_does_not_hold_the_server(tmp_path):
    """It asks for a file that fits into no buffer, and reads none of it."""
    files = Path(streamlit.__file__).with_name("static") / "static" / "js"
    largest = max(files.iterdir(), key=lambda each: each.stat().st_size)
    server = start(tmp_path, tmp_path)
    with socket.socket() as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        browser.connect(("127.0.0.1", server.port))
        asked = f"GET /static/js/{largest.name} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
        browser.sendall(asked.encode())
        assert browser.recv(15) == b"HTTP/1.1 200 OK"
        assert server.stop() == 0
