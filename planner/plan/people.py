"""Who works on a plan, and what they may do.

Alone on a PC one person is everybody. Of a shared PostgreSQL database its login tells who somebody
is; the table ``[plan.logins]`` of the configuration that ``PLANNER_CONFIG`` names says what that
login may do::

    [plan.logins.li_wei]
    name = "李伟"
    department = "health"
    roles = ["planner", "reviewer"]

A login that is not listed may look.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from planner.district.kinds import DEPARTMENTS
from planner.documents import parse_toml
from planner.errors import InputError, MissingFileError
from planner.plan.store.author import Author, Via

if TYPE_CHECKING:
    from planner.plan.store.store import Store

Role = Literal["viewer", "planner", "reviewer", "approver", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
CONFIGURATION = "PLANNER_CONFIG"
"""Variable of the environment that names the configuration file."""

KEYS = ("name", "department", "roles")


@dataclass(frozen=True)
class Actor:
    """Somebody who works on a plan.

    Parameters
    ----------
    name
        As the trail calls them.
    roles
        Any of :data:`ROLES`.
    department
        Whose planner or reviewer they are, a key of :data:`planner.district.kinds.DEPARTMENTS`;
        empty for somebody who acts for every department.
    login, via
        As :class:`planner.plan.store.author.Author`.

    Examples
    --------
    >>> nurse = Actor("Li", frozenset({"reviewer"}), "health")
    >>> nurse.is_a("reviewer", "health"), nurse.is_a("reviewer", "culture")
    (True, False)
    """

    name: str
    roles: frozenset[Role]
    department: str = ""
    login: str = ""
    via: Via = "alone"

    def is_a(self, role: Role, department: str = "") -> bool:
        """Whether somebody has a role, for a department where one is named."""
        return role in self.roles and self.department in ("", department or self.department)

    @property
    def author(self) -> Author:
        """Who they are for the trail."""
        return Author(self.name, self.login, self.via)


def actor_of(store: Store) -> Actor:
    """Return who works on a plan through a verb or the library.

    Raises
    ------
    InputError
        Where the configuration cannot be read.
    """
    login = store.login()
    if not store.shared:
        return Actor(login, frozenset(ROLES), login=login)
    told = logins(os.environ.get(CONFIGURATION, "")).get(login)
    if told is None:
        return Actor(login, frozenset({"viewer"}), login=login, via="database")
    return Actor(
        str(told.get("name") or login),
        frozenset(told.get("roles", ("viewer",))),
        str(told.get("department", "")),
        login,
        "database",
    )


def logins(file: str) -> Mapping[str, Mapping[str, Any]]:
    """Return what a configuration file says of the database's logins, nothing without a file.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, or it names a role or a department that there is not.
    """
    if not file:
        return {}
    path = Path(file)
    try:
        said = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MissingFileError("plan.no_configuration", file=file) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("plan.bad_configuration", file=file, key="TOML") from error
    return checked_logins(said.get("plan", {}), file)


def checked_logins(plan: object, file: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the logins of the table ``[plan]`` of a configuration, once they are in order.

    Raises
    ------
    InputError
        ``plan.bad_configuration``, which names the key.
    """

    def wrong(key: str) -> InputError:
        return InputError("plan.bad_configuration", file=file, key=key)

    if not isinstance(plan, Mapping) or set(plan) - {"logins"}:
        raise wrong("plan")
    people = plan.get("logins", {})
    if not isinstance(people, Mapping):
        raise wrong("plan.logins")
    for login, told in people.items():
        key = f"plan.logins.{login}"
        if not isinstance(told, Mapping) or set(told) - set(KEYS):
            raise wrong(key)
        if not all(isinstance(told.get(name, ""), str) for name in ("name", "department")):
            raise wrong(key)
        if told.get("department", "") not in ("", *DEPARTMENTS):
            raise wrong(f"{key}.department")
        roles = told.get("roles", [])
        if not isinstance(roles, list) or any(role not in ROLES for role in roles):
            raise wrong(f"{key}.roles")
    return people
