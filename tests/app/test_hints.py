"""What a browser is told to fetch while the page starts."""

from pathlib import Path

import streamlit as st

from planner.app.server import map_files
from planner.app.server.requests.hints import FRAME, Hints, late_modules


def test_modules_of_a_component_are_hinted_at_and_those_of_the_page_are_not(tmp_path):
    scripts = tmp_path / "static" / "js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<script src="./static/js/index.1.js">', "utf-8")
    (scripts / "index.1.js").write_text("", "utf-8")
    (scripts / f"{FRAME}.2.js").write_text(
        'import{a}from"./index.1.js";import b from"./Late.3.js";import"./Other.4.js"', "utf-8"
    )
    (scripts / "Late.3.js").write_text('import c from"./Other.4.js"', "utf-8")
    (scripts / "Other.4.js").write_text("", "utf-8")
    assert sorted(late_modules(tmp_path)) == [f"{FRAME}.2.js", "Late.3.js", "Other.4.js"]
    told = Hints("city/plan", tmp_path).value()
    assert "</city/plan/static/js/Late.3.js>; rel=modulepreload" in told
    assert "index.1.js" not in told


def test_this_streamlit_has_the_module():
    assert late_modules(Path(st.__file__).parent / "static")


def test_another_streamlit_without_the_module_is_told_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(map_files, "is_served", lambda: False)
    assert Hints("", tmp_path).value() == ""


def test_files_of_the_map_are_hinted_at_once_they_are_served(tmp_path, monkeypatch):
    monkeypatch.setattr(map_files, "is_served", lambda: True)
    kept = map_files.hashed_files()
    kept.put("base", "json", "{}", fixed=True)  # of a district, and for who looks at it only
    told = Hints("", tmp_path).value().split(", ")
    assert len(told) == len(kept.of_every_map) > 5
    assert not any("/base-" in each for each in told)
    assert all(each.endswith("; rel=prefetch") for each in told)
    assert Hints("", tmp_path, open_to_all=False).value() == ""
