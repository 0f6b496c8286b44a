"""The documentation as a site: built offline, no link of it leads nowhere, all names are in it."""

import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARK = "\u200b"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built where nothing can be fetched."""
    folder = tmp_path_factory.mktemp("site")
    # whoever asks a proxy that is none is told so at once: nothing may be fetched
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)],
        cwd=ROOT,
        env=os.environ | nowhere | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """Return where the site is served."""
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    folder = functools.partial(quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.long
def test_the_site_is_built_offline_without_a_link_that_leads_nowhere(site):
    pages = {page.name: page.read_text(encoding="utf-8") for page in site.glob("*.html")}
    assert {"index.html", "faq.html", "glossary.html", "reference.html"} <= set(pages)
    assert "盲区" in pages["glossary.html"]
    # a heading for each name, with its parameters
    assert 'id="planner.result.assess"' in pages["reference.html"]
    assert "max_access_m" in pages["reference.html"]
    for name, page in pages.items():
        fetched = re.findall(r'<(?:script|img)[^>]+src="(?:https?:)?//[^"]*', page)
        fetched += re.findall(
            r'<link[^>]+rel="(?:stylesheet|preconnect)"[^>]+href="(?:https?:)?//', page
        )
        assert not fetched, name
        assert not re.search(r":(?:func|class|mod|meth):<code>", page), name
    for sheet in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//", sheet.read_text("utf-8")), sheet


@pytest.mark.long
def test_chinese_words_are_words_of_the_search_and_chinese_pages_say_so(site):
    index = json.loads((site / "search/search_index.json").read_text("utf-8"))
    assert re.search(index["config"]["separator"], MARK)
    assert "trimmer" not in index["config"]["pipeline"]
    (glossary, *_) = [each for each in index["docs"] if each["location"] == "glossary.html"]
    assert f"{MARK}盲区{MARK}" in glossary["text"]
    assert '<html lang="zh-CN"' in (site / "your-data.zh-CN.html").read_text("utf-8")
    assert '<html lang="en"' in (site / "your-data.html").read_text("utf-8")


SEARCHED = {"盲区": "gaps.zh-CN.html", "选址": "siting.zh-CN.html", "OpenID": "server.html"}


@pytest.mark.browser
@pytest.mark.journey
def test_a_reader_finds_words_of_both_languages_and_nothing_outside_is_asked(browser, address):
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}/index.html")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    for asked, found in SEARCHED.items():
        hit = page.locator(f".md-search-result__link[href*='{found}']").first
        box.clear()
        box.press("End")
        hit.wait_for(state="detached")
        box.press_sequentially(asked)
        # the search listens to keys let go, and Chinese characters are put in without any
        box.press("End")
        hit.wait_for()
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
    page.close()


def test_the_reference_names_all_that_is_public():
    told = set(re.findall(r"^::: (\S+)$", (ROOT / "docs/reference.md").read_text(), re.M))
    public = set()
    for room in ("planner", "planner.plan", "planner.siting", "planner.location"):
        package = import_module(room)
        for name in package.__all__:
            each = getattr(package, name)
            if isclass(each) or isfunction(each):
                public.add(f"{each.__module__}.{each.__qualname__}")
    assert told == public


def test_every_page_of_the_docs_is_in_the_site():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert not [page.name for page in (ROOT / "docs").glob("*.md") if f": {page.name}" not in nav]
