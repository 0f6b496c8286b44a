"""Sign-in against an OpenID Connect provider on the loopback address, in a browser."""

import json
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from dashboard_server import Server, start
from effort import tries

pytest.importorskip("authlib", reason="sign-in needs community-planner[server]")
from oidc_server import CLIENT, CLIENT_SECRET, Provider
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

pytestmark = [pytest.mark.browser, pytest.mark.journey]

COOKIE = "_streamlit_user"
COOKIE_SECRET = "cookie-secret-" + secrets.token_hex(20)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def guarded(chromium, provider, workspaces, tmp_path_factory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("guarded")

    def config(port: int) -> tuple[Path, str]:
        file = folder / "server.toml"
        url = f"http://127.0.0.1:{port}"
        file.write_text(
            f"""
            [auth]
            server_metadata_url = "{provider.url}/.well-known/openid-configuration"
            client_id = "{CLIENT}"
            client_secret = "{CLIENT_SECRET}"
            cookie_secret = "{COOKIE_SECRET}"
            redirect_uri = "{url}/oauth2callback"
            editors = ["@planning.example", "group:planners"]
            viewers = ["wang@bureau.example"]
            """,
            encoding="utf-8",
        )
        file.chmod(0o600)
        return file, url

    running = start(folder, workspaces, config=config)
    yield running
    running.end()
    said = "".join(running.said)
    assert CLIENT_SECRET not in said
    assert COOKIE_SECRET not in said


class Person:
    """A window, and everything that the server sent into it."""

    def __init__(self, windows, server: Server, lang: str = "en") -> None:
        self.context = windows.lend(server.url)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.server = server
        self.lang = lang
        self.sent: list[bytes] = []
        self.errors: list[str] = []
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._keep))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)

    def _keep(self, frame) -> None:
        self.sent.append(frame if isinstance(frame, bytes) else frame.encode())

    def _heard(self, message) -> None:
        address = message.location.get("url", "")
        probe = address.endswith(("/_stcore/health", "/host-config", "/favicon.ico"))
        if message.type == "error" and not probe:
            self.errors.append(message.text)

    def open(self, path: str = "coverage") -> None:
        mark = "&" if "?" in path else "?"
        self.page.goto(f"{self.server.url}/{path}{mark}lang={self.lang}")

    def button(self, name: str):
        return self.page.get_by_role("button", name=name)

    def sign_in(self, who: str, path: str = "coverage") -> None:
        self.open(path)
        self.button("Sign in").click()
        self.page.get_by_role("link", name=who).click()
        self.page.wait_for_url(f"{self.server.url}/**")

    def map_drawn(self) -> None:
        frame = self.page.frame_locator("iframe").first
        frame.locator("body[data-drawn]").wait_for(state="attached", timeout=90_000)


@pytest.fixture
def person(windows, guarded):
    made: list[Person] = []

    def new() -> Person:
        made.append(Person(windows, guarded))
        return made[-1]

    yield new
    for each in made:
        text = each.page.content()
        sent = b"".join(each.sent)
        for secret in (CLIENT_SECRET, COOKIE_SECRET):
            assert secret not in text
            assert secret not in each.page.url
            assert secret.encode() not in sent
        assert each.errors == []
        windows.take_back(each.context)


def status(url: str, cookie: str = "", method: str = "GET", body: bytes = b"") -> int:
    place = urlsplit(url)
    with closing(HTTPConnection(place.netloc, timeout=20)) as connection:
        connection.putrequest(method, f"{place.path}?{place.query}".rstrip("?"))
        if cookie:
            connection.putheader("Cookie", cookie)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        with suppress(OSError):  # what is too large is refused before all of it was sent
            connection.send(body)
        return connection.getresponse().status


def test_nothing_of_the_data_is_sent_before_sign_in(person, guarded, workspaces):
    stranger = person()
    stranger.open("coverage?district=hostile.gpkg&kind=clinic")
    stranger.button("Sign in").wait_for()
    stranger.page.wait_for_timeout(1500)
    assert stranger.page.locator("iframe").count() == 0
    assert stranger.page.get_by_test_id("stSidebar").count() == 0
    sent = b"".join(stranger.sent)
    assert b"Please sign in" in sent
    for word in ("hostile", "GB 50180", "三江", "Demo district", "Coverage rate", "map_files.map"):
        assert word.encode() not in sent


def test_files_of_the_map_and_downloads_need_a_sign_in_that_has_not_ended(person, guarded):
    asked: list[str] = []
    editor = person()
    editor.page.on("request", lambda request: asked.append(request.url))
    editor.sign_in("editor")
    editor.map_drawn()
    base = next(url for url in asked if "/base-" in url)
    frame = next(url for url in asked if "/component/" in url and "index.html" in url)
    media = next(url for url in asked if f"{guarded.url}/media/" in url)
    jar = editor.context.cookies()
    assert next(each for each in jar if each["name"] == COOKIE)["httpOnly"]
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in jar)
    for url in (base, frame, media):
        assert status(url) == 401, url
        assert status(url, cookies) == 200, url
        assert status(url.replace("/component/", "//component/")) != 200
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/upload_file/a/b"):
        assert status(guarded.url + path, method="PUT" if "upload" in path else "GET") == 401
    assert status(f"{guarded.url}/_stcore/health") == 200

    # after sign-out no window and no copy of the cookie counts
    other = editor.context.new_page()
    other.set_default_timeout(60_000)
    other.goto(f"{guarded.url}/kinds?lang=en")
    other.get_by_test_id("stDataFrame").wait_for()
    component = f"{guarded.url}/component/planner.app.server.map_files.map/index.html"
    assert status(component, cookies) == 200
    editor.button("Sign out").click()
    editor.button("Sign in").wait_for()
    assert status(component, cookies) == 401
    other.get_by_test_id("stSidebarNavLink").first.click()
    other.get_by_role("button", name="Sign in").wait_for()


def last_tab(page) -> None:
    """Open the last tab once what is in it is drawn: a page that grows goes back to the first."""
    page.get_by_test_id("stTextInput").last.wait_for(state="attached")
    page.wait_for_timeout(1000)
    page.get_by_role("tab").last.click()


def test_an_editor_may_upload_and_a_viewer_may_look(person, guarded):
    editor, viewer = person(), person()
    for who, someone in (("editor", editor), ("viewer", viewer)):
        someone.sign_in(who, "standards?kind=police_room")
        assert "/standards" in someone.page.url, "sign-in forgot the page"
        assert "kind=police_room" in someone.page.url, "sign-in forgot the settings"
        last_tab(someone.page)
    editor.page.get_by_test_id("stFileUploader").wait_for()
    editor.page.get_by_text("李编辑 · may edit").wait_for()
    viewer.page.get_by_text("王查看 · may look").wait_for()
    viewer.page.get_by_test_id("stDataFrame").last.wait_for()
    assert viewer.page.get_by_test_id("stFileUploader").count() == 0
    # nor can a viewer send a large file past the page
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in viewer.context.cookies())
    url = f"{guarded.url}/_stcore/upload_file/session/file"
    assert status(url, cookies, "PUT", b"x" * (3 * 2**20)) == 413
    assert status(url, cookies, "PUT", b"x") == 403  # Streamlit asks for its own token


def test_a_group_of_the_provider_may_edit(person):
    member = person()
    member.sign_in("member", "help")
    member.page.get_by_text("赵组员 · may edit").wait_for()


@pytest.mark.parametrize("who", ["unproven", "stranger"][: tries(1, 2)])
def test_who_is_on_no_list_is_refused(person, guarded, who):
    refused = person()
    refused.sign_in(who)
    refused.page.get_by_text("is not on the list").wait_for()
    assert refused.page.locator("iframe").count() == 0
    assert refused.page.evaluate("() => window.__ran") is None
    assert "三江".encode() not in b"".join(refused.sent)
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in refused.context.cookies())
    assert (
        status(f"{guarded.url}/component/planner.app.server.map_files.map/index.html", cookies)
        == 403
    )
    refused.button("Sign out").click()
    refused.button("Sign in").wait_for()


def _cookie(secret: str, **claims: object) -> str:
    return create_signed_value(secret, COOKIE, json.dumps(claims)).decode()


FALSE = ["forged", "expired", "unsigned", "without a time"]


@pytest.mark.parametrize("how", FALSE)
def test_a_false_or_old_cookie_is_refused(person, guarded, how):
    claims: dict[str, object] = {
        "origin": guarded.url,
        "is_logged_in": True,
        "email": "li@planning.example",
        "sub": "editor",
        "iat": time.time() - (86400 if how == "expired" else 0),
    }
    if how == "without a time":
        del claims["iat"]
    value = _cookie("x" * 40 if how == "forged" else COOKIE_SECRET, **claims)
    if how == "unsigned":
        value = value.rpartition(".")[0] + ".AAAA"
    url = f"{guarded.url}/component/planner.app.server.map_files.map/index.html"
    good = _cookie(COOKIE_SECRET, **claims | {"iat": time.time()})
    assert status(url, f"{COOKIE}={good}") in (200, 404)  # there is none before a page names it
    assert status(url, f"{COOKIE}={value}") == 401
    if how not in FALSE[: tries(1, len(FALSE))]:
        return
    someone = person()
    someone.context.add_cookies([{"name": COOKIE, "value": value, "url": guarded.url}])
    someone.open()
    someone.button("Sign in").wait_for()


def test_a_token_signed_with_another_key_signs_nobody_in(person, provider):
    provider.forge = True
    try:
        someone = person()
        someone.sign_in("editor")
        someone.button("Sign in").wait_for()
    finally:
        provider.forge = False


def test_the_callback_sends_to_no_other_place(guarded):
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "/x/../component/"):
        request = Request(
            f"{guarded.url}/oauth2callback?state=x",
            headers={"Cookie": f"planner_after_sign_in={place}"},
        )
        with urlopen(request, timeout=20) as response:
            assert re.fullmatch(rf"{guarded.url}/", response.url)
