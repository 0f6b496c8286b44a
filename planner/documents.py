"""TOML and JSON of people's own: standards, kinds, weights, costs, scenarios, corrections.

The parsers of the standard library are right for honest text. Deep nesting ends them with a
RecursionError, numbers of thousands of digits with a plain ValueError, and keys of thousands of
parts take them minutes. Here all of that is an error of the text, as any other is.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from planner.errors import InputError

MOST_TOML = 2_000_000
MOST_JSON = 100_000_000
"""Characters that a text may have."""

MOST_DIGITS = 300
"""Of a whole number: one of more is beyond what any fraction can hold."""

_MANY_DIGITS = re.compile(rf"(?:\d_?){{{MOST_DIGITS},}}|0[xob][0-9a-fA-F_]{{250,}}")
_DEEP_KEY = re.compile(r"^(?:[^\n.=]*\.){30}[^\n=]*(?:=|\])", re.MULTILINE)


def parse_toml(text: str) -> dict[str, Any]:
    """Parse a TOML text.

    Raises
    ------
    tomllib.TOMLDecodeError
        Where it is no TOML, is too long, or nests or counts beyond what any of our files needs.

    Examples
    --------
    >>> parse_toml("a.b = 1")
    {'a': {'b': 1}}
    """
    if len(text) > MOST_TOML:
        raise tomllib.TOMLDecodeError(f"longer than {MOST_TOML} characters")
    if _DEEP_KEY.search(text):
        raise tomllib.TOMLDecodeError("a key of more than 30 parts")
    if _MANY_DIGITS.search(text):
        raise tomllib.TOMLDecodeError(f"a number of more than {MOST_DIGITS} digits")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError, OverflowError) as error:
        raise tomllib.TOMLDecodeError(str(error)) from None


def flag_of(table: Mapping[str, Any], key: str, file: str) -> bool:
    """Return whether an entry of a table is true, false where it is missing.

    Raises
    ------
    InputError
        ``district.no_flag`` where it is neither: "yes" is a text, and would count as false.

    Examples
    --------
    >>> flag_of({"verified": True}, "verified", "a.toml"), flag_of({}, "verified", "a.toml")
    (True, False)
    """
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise InputError("district.no_flag", file=file, entry=key, value=str(value)[:40])
    return value


def unread_entry(table: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """Return the first entry of a table that nobody reads, empty where all are read.

    A name that is misspelt, or an entry that a program does not have, counts for nothing; who wrote
    it believes that it does.

    Parameters
    ----------
    table
        What was parsed.
    known
        Names that are read: of a table within what it may hold in turn, else None.

    Examples
    --------
    >>> known = {"currency": None, "site": {"fixed": None}}
    >>> unread_entry({"curency": "EUR"}, known), unread_entry({"site": {"clinic": {}}}, known)
    ('curency', 'site.clinic')
    >>> unread_entry({"currency": "EUR", "site": {"fixed": 1}}, known)
    ''
    """
    for key, value in table.items():
        if key not in known:
            return str(key)
        inner = known[key]
        if inner is not None and isinstance(value, Mapping):
            found = unread_entry(value, inner)
            if found:
                return f"{key}.{found}"
    return ""


def parse_json(text: str) -> Any:
    """Parse a JSON text; numbers that are none (``NaN``, ``Infinity``) are not taken.

    Raises
    ------
    json.JSONDecodeError
        Where it is no JSON, is too long, or nests or counts beyond what can be read.

    Examples
    --------
    >>> parse_json('{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    """
    if len(text) > MOST_JSON:
        raise json.JSONDecodeError(f"longer than {MOST_JSON} characters", "", 0)
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_whole)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError, OverflowError) as error:
        raise json.JSONDecodeError(str(error), "", 0) from None


def parse_kept(text: str, name: str, version: int, refusals: tuple[str, str], file: str) -> Any:
    """Parse a JSON object of a format of ours, kept by this version or one before.

    Parameters
    ----------
    text
        The JSON text.
    name, version
        What its members ``format`` and ``version`` say, the latter at the most.
    refusals
        Codes of the errors: where it is something else, and where a newer version kept it.
    file
        Named in the errors.

    Raises
    ------
    InputError
        Of one of the two codes.
    """
    try:
        data = parse_json(text)
    except json.JSONDecodeError as error:
        raise InputError(refusals[0], file=file) from error
    if not isinstance(data, dict) or data.get("format") != name:
        raise InputError(refusals[0], file=file)
    kept = data.get("version")
    if not isinstance(kept, int) or kept > version:
        raise InputError(refusals[1], file=file, version=kept)
    return data


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise json.JSONDecodeError(f"a number of more than {MOST_DIGITS} digits", "", 0)
    return int(digits)


def _no_number(word: str) -> float:
    raise json.JSONDecodeError(f"{word} is no number", "", 0)


def is_number(value: object) -> bool:
    """Return whether a value that was parsed is a finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
