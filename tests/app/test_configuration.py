"""The server's configuration file, and what each sign-in may do."""

import os
import time
from pathlib import Path

import pytest

from planner.app.server import serve
from planner.app.server.requests.headers import tile_hosts
from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import Auth, Configuration, read_configuration
from planner.app.server.sign_in import roles
from planner.errors import InputError, MissingFileError, WorkError
from planner.views.maps.base.tiles import tiles_of

SECRET = "do-not-tell-" + "x" * 32
AUTH = {
    "server_metadata_url": '"https://id.example/.well-known/openid-configuration"',
    "client_id": '"planner"',
    "client_secret": f'"{SECRET}"',
    "cookie_secret": f'"{SECRET}"',
    "redirect_uri": '"https://planner.example/oauth2callback"',
    "editors": '["li@example.org", "@Planning.example", "group:planners"]',
    "viewers": '["*"]',
}


def written(folder: Path, text: str) -> Path:
    file = folder / "server.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def auth_table(**changed: str | None) -> str:
    keys = {**AUTH, **changed}
    return "[auth]\n" + "\n".join(f"{key} = {value}" for key, value in keys.items() if value)


def test_everything_that_may_be_said(tmp_path):
    (tmp_path / "workspaces").mkdir()
    said = read_configuration(
        written(
            tmp_path,
            """
            [server]
            address = "0.0.0.0"
            port = 8600
            data = "workspaces"
            scenarios = "kept"
            language = "zh"
            base_path = "/planning/map/"
            uploads = false
            upload_limit_mb = 50
            [tiles]
            provider = "tianditu"
            """
            + auth_table(redirect_uri='"https://planner.example/planning/map/oauth2callback"'),
        )
    )
    assert (said.address, said.port, said.language) == ("0.0.0.0", 8600, "zh")
    assert said.data == tmp_path / "workspaces"
    assert said.scenarios == tmp_path / "kept"
    assert said.base_path == "planning/map"
    assert (said.uploads, said.upload_limit_mb) == (False, 50)
    assert said.tiles == {"provider": "tianditu"}
    assert said.auth is not None
    assert said.auth.for_streamlit()["auth"]["cookie_secret"] == SECRET
    assert said.findings == ()
    assert SECRET not in repr(said)


def test_an_empty_file_leaves_everything_as_it_is(tmp_path):
    file = written(tmp_path, "# nothing yet\n")
    assert read_configuration(file) == Configuration(file=file)


@pytest.mark.parametrize(
    ("text", "code", "line", "key"),
    [
        ("[server]\nport = 8501\nprot = 1", "unknown_key", 3, "server.prot"),
        ("\n[sever]\nport = 1", "unknown_key", 2, "sever"),
        ("server = 3", "wrong_kind", 1, "server"),
        ('[server]\n\nport = "8501"', "needs_number", 3, "server.port"),
        ("[server]\nport = true", "needs_number", 2, "server.port"),
        ("[server]\nport = 70000", "does_not_fit", 2, "server.port"),
        ("[server]\nuploads = 1", "needs_switch", 2, "server.uploads"),
        ("[server]\naddress = 1", "needs_text", 2, "server.address"),
        ('[server]\nlanguage = "fr"', "does_not_fit", 2, "server.language"),
        ('[server]\ndata = "nowhere"', "no_folder", 2, "server.data"),
        ('[server]\nbase_path = "a//b?"', "does_not_fit", 2, "server.base_path"),
        (auth_table(client_id=None), "missing_key", 1, "auth"),
        (auth_table(editors='"li"'), "needs_list", 7, "auth.editors"),
        (auth_table(editors='["li"]'), "does_not_fit", 7, "auth.editors"),
        (auth_table(editors=None, viewers=None), "nobody", 1, "auth"),
        (auth_table(cookie_secret=f'"{SECRET[:20]}"'), "does_not_fit", 5, "auth.cookie_secret"),
        (
            auth_table(server_metadata_url='"http://id.example/x"'),
            "does_not_fit",
            2,
            "auth.server_metadata_url",
        ),
        (
            auth_table(redirect_uri='"https://planner.example/x/oauth2callback"'),
            "does_not_fit",
            6,
            "auth.redirect_uri",
        ),
        (auth_table(scope='"email"'), "does_not_fit", 9, "auth.scope"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_key(tmp_path, text, code, line, key):
    file = written(tmp_path, text)
    with pytest.raises(InputError) as error:
        read_configuration(file)
    assert error.value.code == f"app_permissions.{code}"
    assert error.value.params["line"] == line
    assert error.value.params["key"] == key
    assert f"line {line}" in str(error.value)
    assert SECRET[:20] not in str(error.value)


def test_bad_toml_and_missing_files(tmp_path):
    file = written(tmp_path, f'[auth]\nclient_secret = "{SECRET}\n')
    with pytest.raises(InputError) as error:
        read_configuration(file)
    assert error.value.params["where"].startswith("line 2")
    assert SECRET not in str(error.value)
    with pytest.raises(MissingFileError):
        read_configuration(tmp_path / "none.toml")


def test_the_environment_may_hold_the_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANNER_CLIENT_SECRET", "from the environment")
    monkeypatch.setenv("PLANNER_COOKIE_SECRET", "y" * 40)
    file = written(tmp_path, auth_table(client_secret=None, cookie_secret=None))
    file.chmod(0o644)
    said = read_configuration(file)
    assert said.auth is not None
    assert said.auth.client_secret == "from the environment"
    assert said.auth.cookie_secret == "y" * 40
    assert said.findings == ()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_with_secrets_that_others_can_read_is_told(tmp_path):
    file = written(tmp_path, auth_table())
    file.chmod(0o640)
    assert [each.code for each in read_configuration(file).findings] == [
        "app_permissions.readable_by_others"
    ]


def test_listening_to_all_without_sign_in_is_warned_of(tmp_path):
    codes = [each.code for each in serve.findings(Configuration(), "0.0.0.0")]
    assert codes == ["app_permissions.open_to_all"]
    assert serve.findings(Configuration(), "127.0.0.1") == []
    assert serve.findings(read_configuration(written(tmp_path, auth_table())), "0.0.0.0") == []


def test_what_sign_in_needs_is_named_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    said = read_configuration(written(tmp_path, auth_table()))
    with pytest.raises(WorkError, match=r"\.\[server\]"):
        serve.findings(said, "127.0.0.1")


@pytest.mark.parametrize(("address", "may"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_without_a_configuration_who_reaches_this_machine_only_may_do_everything(
    monkeypatch, address, may
):
    from planner.app.session.reader import permissions

    monkeypatch.delenv(configuration.VARIABLE, raising=False)
    monkeypatch.setattr("streamlit.get_option", lambda _name: address)
    assert permissions.may_upload() is may
    assert permissions.may_change() is may
    assert permissions.user_name() == ""


def rules(**changed: object) -> Auth:
    given = {
        "server_metadata_url": "https://id.example",
        "client_id": "planner",
        "client_secret": "s",
        "cookie_secret": "c",
        "redirect_uri": "https://planner.example/oauth2callback",
        "editors": ("li@example.org", "@planning.example", "group:planners"),
        "viewers": ("@bureau.example",),
    }
    return Auth(**given | changed)


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "LI@example.org"}, "editor"),
        ({"email": "other@example.org"}, None),
        ({"email": "wu@Planning.example"}, "editor"),
        ({"email": "wu@sub.planning.example"}, None),
        ({"email": "wu@evilplanning.example"}, None),
        ({"email": "wu@planning.example@bureau.example"}, "viewer"),
        ({"email": "wu@bureau.example"}, "viewer"),
        ({"email": "wu@bureau.example", "groups": ["planners"]}, "editor"),
        ({"groups": "planners"}, "editor"),
        ({"groups": ["planners2"]}, None),
        ({"groups": None}, None),
        ({"email": "li@example.org", "email_verified": False}, None),
        ({"email": "li@example.org", "email_verified": "false"}, None),
        ({"email": ["li@example.org"]}, None),
        ({}, None),
    ],
)
def test_who_may_do_what(claims, role):
    assert roles.role(rules(), {"iat": time.time(), "sub": "1", **claims}) == role
    anybody = roles.role(rules(viewers=("*",)), {"iat": time.time(), **claims})
    assert anybody == (role or "viewer")


@pytest.mark.parametrize("issued", [None, "now", True, 0, "in an hour", float("nan")])
def test_a_sign_in_without_a_good_time_counts_for_nothing(issued):
    stamp = time.time() + 3600 if issued == "in an hour" else issued
    assert not roles.alive(rules(), {"iat": stamp, "sub": "1"})


def test_a_sign_in_ends_with_its_hours_and_with_sign_out():
    auth = rules(session_hours=2.0)
    claims = {"iat": time.time() - 3600, "sub": "7", "nonce": "n", "email": "li@example.org"}
    assert roles.role(auth, claims) == "editor"
    assert not roles.alive(auth, claims | {"iat": time.time() - 7300})
    roles.end(auth, claims)
    assert roles.role(auth, claims) is None
    assert roles.role(auth, claims | {"nonce": "another"}) == "editor"


def test_tiles_of_the_configuration_may_be_loaded_and_nothing_else():
    own = ["https://{s}.tiles.example:8443/{z}/{x}/{y}.png?key=k"]
    assert tile_hosts(own) == ["https://*.tiles.example:8443"]
    assert tile_hosts(tiles_of({"service": "osm"}, {}).urls) == ["https://tile.openstreetmap.org"]
    assert tile_hosts(["https://a.example; script-src *"]) == []
