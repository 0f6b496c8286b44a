"""The server's configuration file: what it may say, checked when the server starts.

The file is named by ``planner serve --config`` or by ``PLANNER_CONFIG``. Secrets may stand in the
environment instead; no message here ever tells a value.
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from planner.district.small_numbers.small_numbers import DEFAULT_THRESHOLD
from planner.documents import parse_toml
from planner.errors import Finding, InputError, MissingFileError
from planner.plan.people import People, checked_people

VARIABLE = "PLANNER_CONFIG"
SECRETS = {"client_secret": "PLANNER_CLIENT_SECRET", "cookie_secret": "PLANNER_COOKIE_SECRET"}
"""Keys of ``[auth]`` that the environment may hold instead, and under which name."""

LEAST_SECRET = 32
"""Characters that the cookie secret must have."""

ROLES = ("viewer", "editor")
"""What a person may be; see :mod:`planner.app.server.sign_in.roles`."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")
CALLBACK = "oauth2callback"


@dataclass(frozen=True)
class Auth:
    """Who signs people in, and who of them may do what.

    Parameters
    ----------
    server_metadata_url, client_id, client_secret, redirect_uri
        The OpenID Connect provider and this server as its client.
    cookie_secret
        What the sign-in cookie is signed with.
    scope
        What is asked of the provider.
    session_hours
        Hours after which people sign in anew.
    group_claim
        Claim of the identity token that lists a person's groups.
    editors, viewers
        Who may upload and correct, and who may look: e-mail addresses, ``@domain``,
        ``group:name``, or ``*`` for everybody who can sign in.
    """

    server_metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    redirect_uri: str
    scope: str = "openid email profile"
    session_hours: float = 12.0
    group_claim: str = "groups"
    editors: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server over HTTPS."""
        return self.redirect_uri.startswith("https://")

    def for_streamlit(self) -> dict[str, Any]:
        """Return the secrets that ``st.login`` reads; they are handed over in memory only."""
        return {
            "auth": {
                "server_metadata_url": self.server_metadata_url,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "cookie_secret": self.cookie_secret,
                "redirect_uri": self.redirect_uri,
                "client_kwargs": {"scope": self.scope},
            }
        }


@dataclass(frozen=True)
class SmallNumbers:
    """From whom small counts of groups are withheld, and in which workspaces.

    Parameters
    ----------
    threshold
        People of a group below whom a count is withheld.
    roles
        Roles that do not get it.
    files
        Names of workspaces, ``*`` and ``?`` standing for any; ``demo`` is the demo district.
    """

    threshold: int = DEFAULT_THRESHOLD
    roles: tuple[str, ...] = ("viewer",)
    files: tuple[str, ...] = ("*",)

    def threshold_for(self, role: str | None, file: str) -> int:
        """Return the threshold that holds for a role and a workspace, 0 where all is shown.

        Who has no role gets no more than a viewer.
        """
        named = any(fnmatchcase(file.casefold(), each.casefold()) for each in self.files)
        return self.threshold if named and self.is_for(role) else 0

    def is_for(self, role: str | None) -> bool:
        """Whether counts are withheld from a role in any workspace."""
        return self.threshold > 0 and (role or "viewer") in self.roles


@dataclass(frozen=True)
class Configuration:
    """What the file says; None where it says nothing.

    Parameters
    ----------
    file
        The file.
    address, port, data, language
        As the options of ``planner serve``; `data` is relative to the file.
    scenarios
        Folder that scenarios are kept in.
    hosts
        Names under which browsers reach the server, besides those of this machine and of the
        sign-in's ``redirect_uri``.
    base_path
        Path below which a reverse proxy offers the dashboard, without slashes around it.
    uploads, upload_limit_mb
        Whether data may be uploaded, and how large a file may be; None where nothing is said.
    import_memory_mb, import_minutes
        Memory and time that the reading of one file may take; None where nothing is said.
    tiles
        Online map tiles, as the map reads them.
    small_numbers
        Small counts of groups that are withheld, None for none.
    auth
        Sign-in, None where everybody who reaches the server may do everything.
    plan_people
        Who of those that sign in has which roles in the joint plan, by an entry like those of
        ``editors``.
    findings
        What who runs the server should know of the file.
    """

    file: Path | None = None
    address: str | None = None
    port: int | None = None
    data: Path | None = None
    scenarios: Path | None = None
    language: str | None = None
    hosts: tuple[str, ...] = ()
    base_path: str = ""
    uploads: bool | None = None
    upload_limit_mb: int | None = None
    import_memory_mb: int | None = None
    import_minutes: float | None = None
    tiles: Mapping[str, Any] = field(default_factory=dict)
    small_numbers: SmallNumbers | None = None
    auth: Auth | None = None
    plan_people: People = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Key:
    """What a key must hold: a type, its name in messages, and a test with its wording."""

    kind: type | tuple[type, ...]
    word: str
    fits: Any = None
    rule: str = ""


def _within(low: float, high: float) -> _Key:
    whole = isinstance(low, int)
    return _Key(
        int if whole else (int, float),
        "number",
        lambda value: low <= value <= high,
        f"{low} … {high}",
    )


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    )


def _is_person(entry: str) -> bool:
    return entry == "*" or bool(
        re.fullmatch(r"group:\S.*|[^@\s:]*@[^@\s]+\.[^@\s.]+|[^@\s:]*@localhost", entry)
    )


_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*\.?", re.IGNORECASE)


def _are_people(value: list[Any]) -> bool:
    return all(isinstance(entry, str) and _is_person(entry) for entry in value)


_URL = _Key(str, "text", _is_url, "https://…")
_FILLED = _Key(str, "text", lambda value: bool(value.strip()), "…")
_PEOPLE = _Key(
    list, "list", _are_people, '"name@example.org", "@example.org", "group:planners", "*"'
)
_HOSTS = _Key(
    list,
    "list",
    lambda value: all(isinstance(name, str) and _HOST.fullmatch(name) for name in value),
    '"planner.example.org"',
)
_ROLES = _Key(
    list,
    "list",
    lambda value: bool(value) and all(role in ROLES for role in value),
    ", ".join(f'"{role}"' for role in ROLES),
)
_FILES = _Key(
    list,
    "list",
    lambda value: bool(value) and all(isinstance(name, str) and name.strip() for name in value),
    '"east-district.gpkg", "*"',
)
_BASE = _Key(str, "text", re.compile(r"/?([\w.~-]+(/[\w.~-]+)*)?/?").fullmatch, "planning/map")

TABLES: dict[str, dict[str, _Key]] = {
    "server": {
        "address": _FILLED,
        "port": _within(1, 65535),
        "data": _FILLED,
        "scenarios": _FILLED,
        "language": _Key(str, "text", lambda value: value in ("en", "zh"), '"en", "zh"'),
        "hosts": _HOSTS,
        "base_path": _BASE,
        "uploads": _Key(bool, "switch"),
        "upload_limit_mb": _within(1, 4096),
        "import_memory_mb": _within(512, 1_000_000),
        "import_minutes": _within(0.1, 1440.0),
    },
    "small_numbers": {
        "threshold": _within(2, 1000),
        "roles": _ROLES,
        "files": _FILES,
    },
    "auth": {
        "server_metadata_url": _URL,
        "client_id": _FILLED,
        "client_secret": _FILLED,
        "cookie_secret": _Key(
            str, "text", lambda value: len(value) >= LEAST_SECRET, f"≥ {LEAST_SECRET} …"
        ),
        "redirect_uri": _Key(
            str,
            "text",
            lambda value: _is_url(value) and value.endswith(f"/{CALLBACK}"),
            f"https://…/{CALLBACK}",
        ),
        "scope": _Key(str, "text", lambda value: "openid" in value.split(), '"openid email …"'),
        "session_hours": _within(0.1, 720.0),
        "group_claim": _FILLED,
        "editors": _PEOPLE,
        "viewers": _PEOPLE,
    },
}
"""Every table with keys of its own; ``[tiles]`` is the map's, ``[plan]`` the plan's."""

_NEEDED = ("server_metadata_url", "client_id", "client_secret", "cookie_secret", "redirect_uri")


def current() -> Configuration:
    """Return the configuration that ``PLANNER_CONFIG`` names, an empty one where it names none."""
    named = os.environ.get(VARIABLE)
    return _read_once(named) if named else Configuration()


@cache
def _read_once(file: str) -> Configuration:
    return read_configuration(file)


def read_configuration(file: str | Path) -> Configuration:
    """Read and check a configuration file.

    Raises
    ------
    MissingFileError
        Where there is no such file.
    InputError
        Where it is no TOML, or a key is unknown, missing or of the wrong kind; the message names
        the file, the line and the key, never what was written there.
    """
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
        said = parse_toml(text)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MissingFileError("app_permissions.no_file", file=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line \d+, column \d+", str(error))
        where = place.group() if place else "?"
        raise InputError("app_permissions.no_toml", file=str(file), where=where) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("app_permissions.unreadable", file=str(file)) from error
    return _checked(_File(path, text), said)


class _File:
    """A file that can say where a key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._lines = text.splitlines()

    def line(self, table: str, key: str = "") -> int:
        """Return the line of a key in a table, or of the table's heading; 1 where it is unclear."""
        heading, inside = 1, False
        wanted = re.compile(rf"\s*\"?{re.escape(key or table)}\"?\s*[.=]")
        for number, line in enumerate(self._lines, 1):
            if found := re.match(r"\s*\[+\s*\"?([\w-]+)", line):
                inside = found[1] == table
                heading = number if inside else heading
            elif (inside or not key) and wanted.match(line):
                return number
        return heading

    def wrong(self, code: str, table: str, key: str = "", **more: object) -> InputError:
        """Return the error to raise for a key."""
        return InputError(
            f"app_permissions.{code}",
            file=str(self.path),
            line=self.line(table, key),
            key=f"{table}.{key}" if key else table,
            **more,
        )


def _checked(file: _File, said: dict[str, Any]) -> Configuration:
    known = (*TABLES, "tiles", "plan")
    for name, table in said.items():
        if name not in known:
            raise file.wrong("unknown_key", name, known=", ".join(f"[{each}]" for each in known))
        if not isinstance(table, Mapping):
            raise file.wrong("wrong_kind", name, kind=f"[{name}]")
    people = checked_people(said.get("plan", {}), str(file.path))["people"]
    for entry in people:
        if not _is_person(entry):
            raise file.wrong("does_not_fit", "plan", "people", rule=_PEOPLE.rule)
    server, tiles = _table(file, said, "server"), dict(said.get("tiles", {}))
    home = file.path.resolve().parent
    folders = {name: home / server.pop(name) for name in ("data", "scenarios") if name in server}
    if "data" in folders and not folders["data"].is_dir():
        raise file.wrong("no_folder", "server", "data")
    server["hosts"] = tuple(server.get("hosts", ()))
    if "base_path" in server:
        server["base_path"] = server["base_path"].strip("/")
    auth = _auth(file, said, server.get("base_path", ""))
    few = _table(file, said, "small_numbers")
    few |= {key: tuple(few[key]) for key in ("roles", "files") if key in few}
    return Configuration(
        file=file.path.resolve(),
        tiles=tiles,
        small_numbers=SmallNumbers(**few) if "small_numbers" in said else None,
        auth=auth,
        plan_people=people,
        findings=_findings(file, said),
        **folders,
        **server,
    )


def _table(file: _File, said: Mapping[str, Any], name: str) -> dict[str, Any]:
    table: dict[str, Any] = dict(said.get(name, {}))
    keys = TABLES[name]
    for key, value in table.items():
        if key not in keys:
            raise file.wrong("unknown_key", name, key, known=", ".join(keys))
        asked = keys[key]
        if not isinstance(value, asked.kind) or (
            isinstance(value, bool) and asked.kind is not bool
        ):
            raise file.wrong(f"needs_{asked.word}", name, key)
        if asked.fits is not None and not asked.fits(value):
            raise file.wrong("does_not_fit", name, key, rule=asked.rule)
    return table


def _auth(file: _File, said: Mapping[str, Any], base_path: str) -> Auth | None:
    if "auth" not in said:
        return None
    from_environment = {
        key: os.environ[name] for key, name in SECRETS.items() if name in os.environ
    }
    table = _table(file, {"auth": {**said["auth"], **from_environment}}, "auth")
    for key in _NEEDED:
        if key not in table:
            raise file.wrong("missing_key", "auth", missing=key)
    for key in ("editors", "viewers"):
        table[key] = tuple(table.get(key, ()))
    if not table["editors"] and not table["viewers"]:
        raise file.wrong("nobody", "auth")
    wanted = f"/{base_path}/{CALLBACK}" if base_path else f"/{CALLBACK}"
    if urlsplit(table["redirect_uri"]).path != wanted:
        raise file.wrong("does_not_fit", "auth", "redirect_uri", rule=f"https://…{wanted}")
    return Auth(**table)


def _findings(file: _File, said: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Tell of a file with secrets that other users of the machine can read."""
    secret = any(key in said.get("auth", {}) for key in SECRETS)
    if secret and os.name != "nt" and stat.S_IMODE(file.path.stat().st_mode) & 0o077:
        return (Finding("app_permissions.readable_by_others", {"file": str(file.path)}),)
    return ()
