"""In which language the first page opens: what is set, then the browser's, then the server's."""

import ast
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from planner.app import main
from planner.app.server.settings.settings import settings


@pytest.mark.parametrize(
    ("given", "locale", "accepts", "server", "language"),
    [
        (None, "zh-CN", "en", "en_GB", "zh"),
        (None, None, "fr, zh-TW;q=0.9, en;q=0.8", "en_GB", "zh"),
        (None, "fr-FR", "fr-FR", "zh_CN", "en"),
        (None, None, "", "zh_CN", "zh"),
        ("en", "zh-CN", "zh-CN", "zh_CN", "en"),
    ],
)
def test_the_first_page_speaks_as_the_browser(
    monkeypatch, given, locale, accepts, server, language
):
    headers = {"Accept-Language": accepts} if accepts else {}
    context = SimpleNamespace(locale=locale, headers=headers)
    monkeypatch.setattr(main, "st", SimpleNamespace(context=context))
    monkeypatch.setattr(main.locale, "getlocale", lambda: (server, "UTF-8"))
    assert main._language(replace(settings(), language=given)) == language


def test_no_empty_box_says_in_english_that_one_is_to_choose():
    """Streamlit's own words, "Choose options", are said in no other language."""
    app = Path(main.__file__).parent
    calls = [
        (file.name, node)
        for file in app.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    empty = [each for each in calls if each[1].func.attr == "multiselect"]
    assert len(empty) >= 5
    without = [
        (name, node.lineno)
        for name, node in empty
        if "placeholder" not in {keyword.arg for keyword in node.keywords}
    ]
    assert without == []
