"""Windows of people who are signed in at a dashboard of their own."""

import secrets
from pathlib import Path

import pytest
from dashboard_server import Server, start

pytest.importorskip("authlib", reason="sign-in needs community-planner[server]")
from oidc_server import CLIENT, CLIENT_SECRET, Provider
from playwright.sync_api import TimeoutError as TooLate

TRIES = 4
COOKIE_SECRET = "cookie-secret-" + secrets.token_hex(20)


def served(home: Path, folder: Path, provider: Provider, people: str) -> Server:
    """Start a server on a folder; `people` is what its configuration says of the plan's."""

    def config(port: int) -> tuple[Path, str]:
        file = home / "server.toml"
        url = f"http://127.0.0.1:{port}"
        file.write_text(
            f"""
            [auth]
            server_metadata_url = "{provider.url}/.well-known/openid-configuration"
            client_id = "{CLIENT}"
            client_secret = "{CLIENT_SECRET}"
            cookie_secret = "{COOKIE_SECRET}"
            redirect_uri = "{url}/oauth2callback"
            editors = ["@planning.example"]
            viewers = ["wang@bureau.example", "group:planners"]
            {people}
            """,
            encoding="utf-8",
        )
        file.chmod(0o600)
        return file, url

    return start(home, folder, config=config)


class Window:
    """The window of one who is signed in.

    Streamlit draws elements anew whenever it likes: each is found in the moment of its use.
    """

    def __init__(
        self, windows, server: Server, who: str, district: str, language: str = "en", height=1000
    ) -> None:
        self.page = windows.lend(server.url).new_page()
        self.page.set_default_timeout(60_000)
        self.page.set_viewport_size({"width": 1366, "height": height})
        self.url, self.district, self.language = server.url, district, language
        self.open("plan")
        # who is not signed in yet is asked in the language of the browser
        self.page.get_by_role("button", name="Sign in").or_(
            self.page.get_by_role("button", name="登录")
        ).click()
        self.page.get_by_role("link", name=who).click()
        self.page.wait_for_url(f"{server.url}/**")

    def open(self, path: str) -> None:
        mark = "&" if "?" in path else "?"
        where = f"lang={self.language}&district={self.district}"
        self.page.goto(f"{self.url}/{path}{mark}{where}")

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def open_form(self, key: str):
        """Open what stands behind a button and return it."""
        button = self.page.locator(f'[class*="st-key-{key}"] button').first
        inside = self.page.locator("[data-testid=stPopoverBody]")
        button.wait_for()
        # a page that is still being drawn may draw the box anew that is typed into
        self.page.wait_for_timeout(300)
        self.page.get_by_test_id("stStatusWidget").wait_for(state="hidden")
        self._button = button
        self._in_sight()
        button.click()
        inside.wait_for()
        self._in_sight()
        return inside

    def _in_sight(self) -> None:
        """Scroll to the button whose form is open, which opens below it.

        What is drawn late above a form pushes it out of sight; a reader scrolls the page then.
        """
        self._button.evaluate("button => button.scrollIntoView({block: 'center'})")

    def step(self, key: str, button: str, **texts: str) -> None:
        """Open what stands behind a button, fill it in, and send it."""
        inside = self.open_form(key)
        for label, text in texts.items():
            if label == "choose":
                self._click(inside.get_by_text(text, exact=True))
            else:
                inside.get_by_label(label.replace("_", " ")).fill(text)
        send = inside.get_by_role("button", name=button).last
        self._click(send)
        if not texts:
            self._press_again(inside, send)

    def _press_again(self, inside, send) -> None:
        """Press a button without a form to fill in until what it stands in is gone.

        A button that is drawn anew between press and release takes neither: then nothing runs,
        the page stays as it is, and a reader presses again.
        """
        for _ in range(TRIES):
            try:
                inside.wait_for(state="hidden", timeout=15_000)
            except TooLate:
                if self.page.get_by_test_id("stStatusWidget").is_hidden() and send.is_visible():
                    self._click(send)
            else:
                return

    def _click(self, target) -> None:
        """Click into an open form, after each try wherever it is by then."""
        for _ in range(TRIES - 1):
            try:
                target.click(timeout=10_000)
            except TooLate:
                self._in_sight()
            else:
                return
        target.click()
