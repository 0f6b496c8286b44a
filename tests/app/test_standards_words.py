"""Every standard that ships is shown in the reader's language, whatever it asks for."""

import re
from types import SimpleNamespace

import pytest

from planner.app.pages.standards import page
from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.district.standards.files import builtin_standards
from planner.views.words.labels import Labels

RAW = {"assumption", "secondary", "official", "walk", "straight", "community", "subdistrict"}
"""Words of the files, which are no words for readers."""


@pytest.mark.parametrize("name", builtin_standards())
def test_the_table_of_a_standard_has_no_word_of_its_file(name, monkeypatch):
    shown = {}
    monkeypatch.setattr(page.own_standards, "offered", builtin_standards)
    monkeypatch.setattr(page, "_pick", lambda *_, **__: name)
    monkeypatch.setattr(page, "_download", lambda *_: None)
    draw = lambda _context, table, key, **_: shown.update({key: table})  # noqa: E731
    monkeypatch.setattr(page, "tables", SimpleNamespace(draw=draw, TALL=1, WHOLE=1))
    page._list(Context(Labels("zh"), Entry("demo"), "gb50180-2018"))
    table = shown["standards_rules"]
    cells = {str(cell) for column in table for cell in table[column]}
    assert not cells & RAW
    standard = builtin_standards()[name]
    assert len(table) == len(standard.rules or standard.areas)
    assert not [name for name in table if re.fullmatch("[a-z_]+", str(name))]
