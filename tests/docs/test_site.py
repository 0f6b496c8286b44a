"""The documentation as a site: built offline, no link of it leads nowhere, all names are in it."""

import os
import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from inspect import isclass, isfunction
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MISSING = [name for name in ("mkdocs", "material", "mkdocstrings_handlers") if not find_spec(name)]


@pytest.mark.skipif(bool(MISSING), reason=f"the extra docs is not installed: {MISSING}")
def test_the_site_is_built_offline_without_a_link_that_leads_nowhere(tmp_path):
    # whoever asks a proxy that is none is told so at once: nothing may be fetched
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | nowhere | {"PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    pages = {page.name: page.read_text(encoding="utf-8") for page in tmp_path.glob("*.html")}
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
