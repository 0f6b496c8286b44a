"""Facilities that are for the people of a unit only, by their tags, operators and names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planner.sources.tables.words.name_notes import named_for_insiders, run_by_soldiers

_INTERNAL = (
    "private",
    "no",
    "employees",
    "staff",
    "members",
    "residents",
    "permit",
    "military",
    "students",
    "pupils",
)
_PUBLIC = frozenset(("yes", "public", "permissive", "customers"))
_MARKS = re.compile(r"[;,，；/|]")

INSIDER_KEYS = ("access", "military", "operator:type", "operator", "name")
"""Keys of tags that :func:`insiders_reason` asks."""


def insiders_reason(tags: Mapping[str, str]) -> str:
    """Return by which tag a facility is for the people of a unit only, or nothing.

    Of operators and names armies are known; where ``access`` lets the public in they shut nobody
    out.

    Examples
    --------
    >>> insiders_reason({"military": "yes"}), insiders_reason({"access": "yes"})
    ('military=yes', '')
    >>> insiders_reason({"operator": "Bundeswehr"}), insiders_reason({"name": "东街诊所（军队）"})
    ('operator=Bundeswehr', 'name=东街诊所（军队）')
    >>> insiders_reason({"operator": "Bundeswehr", "access": "yes"})
    ''
    """
    access = tags.get("access", "")
    if is_internal(access):
        return f"access={access}"
    if tags.get("military", "no") != "no":
        return f"military={tags['military']}"
    if tags.get("operator:type") == "military":
        return "operator:type=military"
    if not _PUBLIC.isdisjoint(_values(access)):
        return ""
    if run_by_soldiers(tags.get("operator", "")):
        return f"operator={tags['operator']}"
    return f"name={tags['name']}" if named_for_insiders(tags.get("name", "")) else ""


def is_internal(access: str) -> bool:
    """Return whether a value of ``access`` is that of a facility for the people of a unit only.

    Capitals and blanks do not matter. Of several values, parted by ``;`` or another mark, all must
    shut the public out: whom one of them lets in comes in.

    Examples
    --------
    >>> is_internal("Private"), is_internal("no; private"), is_internal("staff only")
    (True, True, True)
    >>> is_internal("employees;customers"), is_internal("")
    (False, False)
    """
    told = _values(access)
    return bool(told) and all(value in _INTERNAL for value in told)


def _values(access: str) -> list[str]:
    parts = (part.strip() for part in _MARKS.split(access.casefold()))
    return [value for part in parts if (value := re.sub(r"[\s_]+only$", "", part))]
