"""A place over the internet, against a real HTTP server on loopback that speaks its protocols."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import osmnx
import pytest
import shapely
from osm_maker import degrees, town

from planner.errors import InputError, WorkError
from planner.sources.osm.district import from_osm

STATUS = "Connected as: 1\nCurrent time: now\nRate limit: 2\n\n2 slots available now.\n"


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.mode = "fine"
        self.queries: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *_args: object) -> None:
        return

    def send(self, text: str, status: int = 200, kind: str = "application/json") -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        address = urlparse(self.path)
        if address.path.endswith("/status"):
            self.send(STATUS, kind="text/plain")
            return
        name = parse_qs(address.query)["q"][0]
        self.send(json.dumps([PLACE] if name == "章贡区, 赣州" else []))

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.queries.append(parse_qs(self.rfile.read(size).decode())["data"][0])
        if self.server.mode == "busy":
            self.send("busy", 429, "text/plain")
        elif self.server.mode == "html":
            self.send("<html>maintenance</html>", 200, "text/html")
        elif self.server.mode == "refused":
            self.send("<html>bad request</html>", 400, "text/html")
        elif self.server.mode == "timeout":
            remark = "runtime error: Query timed out"
            self.send(json.dumps({"elements": [], "remark": remark}))
        else:
            stamp = {"timestamp_osm_base": "2026-05-01T00:00:00Z"}
            self.send(json.dumps({"osm3s": stamp, "elements": town().elements()}))


def square(x: float, y: float, size: float) -> list[list[float]]:
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return [list(degrees(*corner)) for corner in corners]


PLACE = {
    "osm_type": "relation",
    "osm_id": 9006,
    "lat": "25.85",
    "lon": "114.93",
    "importance": 0.5,
    "boundingbox": ["25.8", "25.9", "114.9", "115.0"],
    "class": "boundary",
    "type": "administrative",
    "name": "章贡区",
    "display_name": "章贡区, 赣州市, 江西省, 中国",
    "geojson": {"type": "Polygon", "coordinates": [square(0, 0, 2000)]},
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(osmnx.settings, "overpass_url", server.url + "/api")
    monkeypatch.setattr(osmnx.settings, "nominatim_url", server.url)
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.long
def test_a_place_by_name_passes_the_same_rules_as_a_file(service: Service, tmp_path) -> None:
    online = from_osm("章贡区, 赣州", buffer_m=480)
    file = from_osm(town().write(tmp_path / "town.osm"), "章贡区", buffer_m=480)
    assert online.name == "章贡区"
    assert set(online.communities["name"]) == {f"社区{i}" for i in (1, 2, 3, 4)}
    assert sorted(online.streets["street_id"]) == sorted(file.streets["street_id"])
    assert online.streets.length.sum() == pytest.approx(file.streets.length.sum())
    assert sorted(online.demand["demand_id"]) == sorted(file.demand["demand_id"])
    assert online.sources[1].date == "2026-05-01"
    assert online.sources[1].attribution == "© OpenStreetMap contributors"
    query = service.queries[0]
    assert "['highway']" in query
    # a list ("clinic;library") matches no single value: all values of the key are asked for
    assert "['amenity']" in query


def test_a_polygon(service: Service) -> None:
    district = from_osm(shapely.Polygon(square(0, 0, 1000)), buffer_m=300)
    assert set(district.communities["name"]) == {"社区1"}
    assert len(service.queries) == 1


@pytest.mark.long
def test_settings_are_restored(service: Service) -> None:
    def state() -> tuple[object, ...]:
        settings = osmnx.settings
        return (
            settings.use_cache,
            str(settings.cache_folder),
            settings.cache_only_mode,
            settings.requests_kwargs,
            settings.doh_url_template,
            settings.overpass_rate_limit,
            socket.getaddrinfo,
        )

    before = state()
    from_osm(shapely.Polygon(square(0, 0, 1000)), buffer_m=300)
    service.mode = "html"
    with pytest.raises(WorkError):
        from_osm(shapely.Polygon(square(0, 0, 1000)), buffer_m=300)
    assert state() == before


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("busy", "osm.server_busy"),
        ("html", "osm.server_nonsense"),
        ("refused", "osm.server_nonsense"),
        ("timeout", "osm.server_nonsense"),
    ],
)
def test_a_server_that_fails_is_told_at_once(service: Service, mode: str, code: str) -> None:
    service.mode = mode
    with pytest.raises(WorkError) as error:
        from_osm(shapely.Polygon(square(0, 0, 1000)), buffer_m=300)
    assert error.value.code == code
    assert "extract" in str(error.value)
    assert error.value.exit_code == 1


def test_a_server_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    monkeypatch.setattr(osmnx.settings, "overpass_url", url)
    monkeypatch.setattr(osmnx.settings, "nominatim_url", url)
    for source in (shapely.Polygon(square(0, 0, 1000)), "章贡区, 赣州"):
        with pytest.raises(WorkError) as error:
            from_osm(source)
        assert error.value.code == "osm.server_away"


@pytest.mark.long
def test_an_unknown_place(service: Service) -> None:
    with pytest.raises(InputError) as error:
        from_osm("Nowhere at all")
    assert error.value.code == "osm.no_place"
