"""TOML files of a district's rules: checklists, weights, profiles of walking, standards."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from planner.documents import parse_toml
from planner.errors import InputError, MissingFileError


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or not TOML.
    """
    try:
        return parse_toml(toml_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError("district.not_toml", file=path.name, reason=str(error)) from error


def toml_text(path: Path) -> str:
    """Return the text of a TOML file, not parsed yet.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or no text.
    """
    if not path.is_file():
        raise MissingFileError("district.missing_file", file=str(path))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("district.not_toml", file=path.name, reason=str(error)) from error
