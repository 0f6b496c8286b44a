"""Starting the server, what it offers, and that every word has its translation."""

import ast
import os
import re
import socket
import tomllib
from pathlib import Path

import pytest
from towns import town

import planner
from planner.app.server import serve
from planner.app.server.settings import settings as given
from planner.app.session.catalogue import catalogue
from planner.app.session.errors import markdown
from planner.errors import InputError, MissingFileError, WorkError, messages
from planner.sources import write_district
from planner.views.words.catalogue import catalogue as translations

APP = Path(planner.__file__).parent / "app"
TOP = Path(__file__).parents[2]


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_next_port_is_taken_where_the_usual_one_is_in_use(monkeypatch, taken_port):
    monkeypatch.setattr(serve, "PORT", taken_port)
    assert taken_port < serve.free_port() <= taken_port + serve.PORTS_TRIED


def test_a_port_that_was_asked_for_is_not_replaced(taken_port):
    with pytest.raises(WorkError) as error:
        serve.free_port(port=taken_port)
    assert error.value.code == "app.port_taken"


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(InputError) as error:
        serve.free_port("192.0.2.7", 8501)
    assert error.value.code == "app.bad_address"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"data": "no/such/folder"}, "app.no_data_folder"),
        ({"language": "fr"}, "app.unknown_language"),
    ],
)
def test_bad_options_are_refused_before_anything_starts(options, code):
    with pytest.raises(InputError) as error:
        serve.serve(**options)
    assert error.value.code == code


def test_addresses_to_type():
    assert serve.page_url("127.0.0.1", 8501) == "http://127.0.0.1:8501"
    assert serve.page_url("::", 80) == "http://[::1]:80"


def test_streamlit_knows_every_setting_and_tells_nobody():
    from streamlit import config

    known = {option.env_var for option in config.get_config_options().values()}
    settings = serve.environment()
    assert set(settings) <= known
    assert settings["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] == "false"
    assert settings["STREAMLIT_SERVER_ADDRESS"] == "127.0.0.1"


def test_both_ways_to_start_have_the_same_settings():
    here, top = (folder / ".streamlit" / "config.toml" for folder in (APP / "server", TOP))
    assert here.read_text(encoding="utf-8") == top.read_text(encoding="utf-8")


def _contrast(one: str, other: str) -> float:
    from colours import luminance

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_colours_have_the_contrast_of_wcag_aa():
    file = APP / "server" / ".streamlit" / "config.toml"
    theme = tomllib.loads(file.read_text(encoding="utf-8"))["theme"]
    for ground in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        for ink in (theme["textColor"], theme["primaryColor"], theme["linkColor"], "#4b5563"):
            assert _contrast(ink, ground) >= 4.5


def test_arguments_come_from_the_command_line_then_the_environment(monkeypatch):
    monkeypatch.setattr("sys.argv", ["main.py", "--other", "x", "--data", "a", "--language", "zh"])
    monkeypatch.setenv("PLANNER_DATA", "b")
    monkeypatch.delenv("PLANNER_SCENARIOS")
    assert given.settings() == given.Settings(Path("a"), "zh", Path("a") / "scenarios")
    monkeypatch.setattr("sys.argv", ["main.py"])
    monkeypatch.setenv("PLANNER_LANGUAGE", "xx")
    assert given.settings() == given.Settings(Path("b"), None, Path("b") / "scenarios")


def test_the_environment_goes_before_the_file_and_the_file_before_what_is_usual(
    monkeypatch, tmp_path
):
    monkeypatch.setattr("sys.argv", ["main.py"])
    for name in ("PLANNER_UPLOADS", "PLANNER_MAX_UPLOAD_MB"):
        monkeypatch.delenv(name, raising=False)
    plain = given.settings()
    assert (plain.uploads, plain.upload_limit_mb) == (None, given.UPLOAD_LIMIT_MB)
    file = tmp_path / "server.toml"
    file.write_text("[server]\nuploads = false\nupload_limit_mb = 7\n", encoding="utf-8")
    monkeypatch.setenv("PLANNER_CONFIG", str(file))
    assert (given.settings().uploads, given.settings().upload_limit_mb) == (False, 7)
    monkeypatch.setenv("PLANNER_UPLOADS", "on")
    monkeypatch.setenv("PLANNER_MAX_UPLOAD_MB", "9")
    assert (given.settings().uploads, given.settings().upload_limit_mb) == (True, 9)
    monkeypatch.setenv("PLANNER_UPLOADS", "perhaps")
    monkeypatch.setenv("PLANNER_MAX_UPLOAD_MB", "-1")
    assert (given.settings().uploads, given.settings().upload_limit_mb) == (False, 7)


def test_catalogue_offers_workspaces_only(workspaces):
    offered = list(catalogue(workspaces))
    assert offered[0] == "demo"
    assert {"broken.gpkg", "estimated.gpkg", "town.gpkg"} <= set(offered)
    assert all(name.endswith(".gpkg") for name in offered[1:])
    assert list(catalogue(None)) == ["demo"]
    with pytest.raises(MissingFileError):
        catalogue(workspaces / "nowhere")


def test_a_changed_file_is_another_entry(tmp_path):
    file = write_district(town(), tmp_path / "town.gpkg")
    (tmp_path / ".hidden.gpkg").touch()
    before = catalogue(tmp_path)
    os.utime(file, ns=(1, 1))
    assert list(before) == ["demo", "town.gpkg"]
    assert catalogue(tmp_path)["town.gpkg"] != before["town.gpkg"]


def _codes_used() -> set[str]:
    """Return the codes that the app's files hand to ``say`` or ``message`` as they stand."""
    used = set()
    for file in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= {node.value, node.value.removeprefix("app.")}
    return used


@pytest.mark.long
def test_every_word_is_used_and_translated():
    own = {
        code.removeprefix("app."): s for code, s in messages().items() if code.startswith("app.")
    }
    patterns = ("layer_", "level_", "download_", "section_", "uploader_", "select_")
    used = _codes_used()
    unused = {code for code in own if code not in used and not code.startswith(patterns)}
    assert not unused
    zh = translations("zh")
    assert not [code for code, sentence in own.items() if not zh.get(sentence)]
    for sentence in own.values():
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", zh[sentence]))


def test_markdown_shows_names_as_they_are():
    from markdown_it import MarkdownIt

    name = "<img src=x onerror=alert(1)> **a** [b](http://c) `d` :red[e] $f$ #1"
    html = MarkdownIt().render(markdown(name))
    assert "<img" not in html
    assert "<a" not in html
    assert "<strong" not in html
    assert "<code" not in html


def test_shifted_tiles_are_refused_before_the_server_starts(monkeypatch):
    monkeypatch.setenv("PLANNER_TILES", "https://wprd01.is.autonavi.com/{z}/{x}/{y}")
    with pytest.raises(InputError) as caught:
        serve.serve(port=1)
    assert caught.value.code == "tiles.shifted"
