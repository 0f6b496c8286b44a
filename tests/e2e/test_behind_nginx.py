"""The dashboard behind nginx, run from the example in docs with its ports and paths changed."""

import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from dashboard_server import Server, free_port
from map_clicks import click_place

pytestmark = [pytest.mark.browser, pytest.mark.journey]

EXAMPLE = Path(__file__).parents[2] / "docs" / "nginx.conf.example"
MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/planner.conf;
}}
"""


@pytest.fixture(scope="module")
def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not found or not shutil.which("openssl"):
        if os.environ.get("PLANNER_REQUIRE_ALL"):
            pytest.fail("nginx and openssl are not installed, and this run requires them")
        pytest.skip("nginx and openssl are not both installed")
    return found


def changed(text: str, changes: dict[str, str]) -> str:
    """Return the example with a few words replaced; each must stand in it."""
    for old, new in changes.items():
        assert old in text, f"the example lacks: {old}"
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def proxied(nginx, server, tmp_path_factory) -> Iterator[tuple[Server, int, int]]:
    """Give the dashboard's server, and the ports at which nginx offers HTTPS and HTTP."""
    folder = tmp_path_factory.mktemp("nginx")
    secure, plain = free_port(), free_port()
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(["openssl", *request, *files], cwd=folder, check=True, capture_output=True)
    example = changed(
        EXAMPLE.read_text(encoding="utf-8"),
        {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
            "planner.example.org": "localhost",
            "/etc/ssl/planner/fullchain.pem": f"{folder}/cert.pem",
            "/etc/ssl/planner/privkey.pem": f"{folder}/key.pem",
            "127.0.0.1:8501": f"127.0.0.1:{server.port}",
        },
    )
    (folder / "planner.conf").write_text(example, encoding="utf-8")
    (folder / "main.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")
    call = [nginx, "-p", str(folder), "-c", str(folder / "main.conf"), "-e", "stderr"]
    process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        try:
            fetch(plain, "/")
            break
        except OSError:
            time.sleep(0.1)
    if process.poll() is not None:
        pytest.fail(f"nginx refused the example: {process.stderr.read()}")
    yield server, secure, plain
    process.terminate()
    process.wait(timeout=20)
    process.stderr.close()


def fetch(port: int, path: str, secure: bool = False) -> tuple[int, dict[str, str]]:
    trusting = ssl._create_unverified_context()
    connection = (
        HTTPSConnection("localhost", port, timeout=20, context=trusting)
        if secure
        else HTTPConnection("localhost", port, timeout=20)
    )
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


@pytest.mark.long
def test_plain_http_is_sent_to_https_and_inner_figures_are_hidden(proxied):
    _, secure, plain = proxied
    status, headers = fetch(plain, "/coverage?kind=clinic")
    assert status == 301
    assert headers["location"] == "https://localhost/coverage?kind=clinic"
    assert fetch(secure, "/_stcore/metrics", secure=True)[0] == 404


@pytest.mark.parametrize("path", ["/", "/component/planner.app.server.map_files.map/index.html"])
def test_the_headers_arrive_once_each(proxied, path):
    _, secure, _ = proxied
    status, headers = fetch(secure, path, secure=True)
    assert status == 200 or "component" in path  # the map's folder is made with the first map
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert "'unsafe-inline'" not in scripts
    assert ("'unsafe-eval'" in scripts) == ("component" in path)
    assert not re.search(r"nginx/\d", headers["server"])


@pytest.fixture(scope="module")
def trusting(browser):
    """Windows that take the certificate, which nobody signed."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, ignore_https_errors=True)
    yield context
    context.close()


def test_the_dashboard_works_through_it_and_breaks_no_policy(proxied, trusting):
    _, secure, _ = proxied
    page = trusting.new_page()
    page.set_default_timeout(60_000)
    said: list[str] = []

    def heard(message) -> None:
        probe = message.location.get("url", "").endswith(("/_stcore/health", "/host-config"))
        if (message.type == "error" and not probe) or "Content Security" in message.text:
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    url = f"https://localhost:{secure}"

    page.goto(f"{url}/what-if?lang=en&kind=clinic")
    drawn = page.frame_locator("iframe").first.locator("body[data-drawn]")
    drawn.wait_for(state="attached", timeout=90_000)
    page.wait_for_timeout(1500)
    frame = next(frame for frame in page.frames if "map_files.map" in frame.url)
    assert frame.locator(".pl-marker").count() > 10
    value = page.get_by_test_id("stMetric").filter(has_text="Within limit")
    before = value.get_by_test_id("stMetricValue").inner_text()
    click_place(frame, (25.66135, 115.0434))
    page.get_by_role("tab", name="Steps (1)").wait_for()
    page.wait_for_timeout(1000)
    after = value.get_by_test_id("stMetricValue").inner_text()
    assert int(after.replace(",", "")) > int(before.replace(",", ""))
    assert sockets
    assert all(address.startswith(f"wss://localhost:{secure}/") for address in sockets)

    page.goto(f"{url}/supply?lang=en")
    page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first.wait_for()
    page.goto(f"{url}/checkup?lang=en")
    page.locator("iframe").first.wait_for(timeout=90_000)
    page.wait_for_timeout(1500)
    assert page.evaluate("() => isSecureContext")
    assert said == []
    _a_script_inside_a_page_is_stopped(page)
    page.close()


def _a_script_inside_a_page_is_stopped(page) -> None:
    stopped = page.evaluate(
        """() => new Promise(done => {
            const image = document.createElement("div");
            image.innerHTML = '<img src="x:" onerror="window.__ran = 1">';
            document.body.append(image);
            setTimeout(() => done(window.__ran === undefined), 600);
        })"""
    )
    assert stopped, "the policy let an event handler inside a page run"
