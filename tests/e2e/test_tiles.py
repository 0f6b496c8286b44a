"""Online tiles by configuration, from a tile server on the loopback address."""

import base64
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from dashboard_server import start

from planner.views.maps.base.raster import points_image

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=3)]

TILE = base64.b64decode(
    points_image(np.zeros((1, 2)), np.zeros(1, dtype=np.int64), ["#88aacc"])[0].partition(",")[2]
)
WANTED = """() => {
    const map = plannerMaps()[0], zoom = Math.round(map.getZoom());
    const place = map.project(map.getCenter(), zoom).divideBy(256).floor();
    return [zoom, place.x, place.y].join("/");
}"""
KEY = "secret-0123456789"


@pytest.fixture
def tile_server():
    asked = Counter()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked[self.path] += 1
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(TILE)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_tiles_are_asked_for_and_drawn_beneath_our_layers(
    windows, tile_server, tmp_path, monkeypatch
):
    address, asked = tile_server
    monkeypatch.setenv("PLANNER_TILES", address + "/{z}/{x}/{y}?tk={key}")
    monkeypatch.setenv("PLANNER_TILES_KEY", KEY)
    monkeypatch.setenv("PLANNER_TILES_ATTRIBUTION", "© Test tiles")
    running = start(tmp_path, tmp_path)
    context = windows.lend(running.url)
    try:
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.goto(f"{running.url}/coverage?lang=en&kind=clinic")
        inside = page.frame_locator("iframe").first
        inside.locator("body[data-drawn]").wait_for(state="attached")
        inside.locator(".leaflet-tile-loaded").first.wait_for(state="attached")
        frame = next(each for each in page.frames if "map_files.map" in each.url)
        page.wait_for_timeout(1000)
        assert f"/{frame.evaluate(WANTED)}?tk={KEY}" in asked
        depth = "name => getComputedStyle(plannerMaps()[0].getPane(name)).zIndex"
        depths = [
            int(frame.evaluate(depth, name))
            for name in ("tilePane", "planner-area", "planner-frame", "markerPane")
        ]
        assert depths == sorted(set(depths))
        assert "© Test tiles" in inside.locator(".leaflet-control-attribution").inner_text()
        count = "() => document.querySelectorAll('.leaflet-tile').length"
        assert frame.evaluate(count) > 0
        inside.locator(".leaflet-control-layers-toggle").hover(force=True)
        inside.get_by_text("Online map").click()
        page.wait_for_timeout(500)
        assert frame.evaluate(count) == 0
    finally:
        windows.take_back(context)
        running.stop()
    said = []
    while not running.lines.empty():
        said.append(running.lines.get())
    assert KEY not in "".join(said)
