"""Mappings kept beside a workspace, for the next file of the same shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from planner.documents import parse_json
from planner.errors import InputError
from planner.sources.kept_files import read_kept, write_kept
from planner.sources.tables.mapping import TableMapping

MAPPINGS = ".mappings.json"
"""Ending of the file beside a workspace that tells how its files were read."""

_FORMAT = "planner-mappings"
_VERSION = 1
_MOST_BYTES = 2_000_000


def write_mappings(file: str | Path, mappings: Mapping[str, TableMapping]) -> None:
    """Keep the mappings of an import, by layer, in a JSON file.

    Raises
    ------
    InputError, WorkError
        Where the file cannot be written, see :func:`planner.sources.kept_files.write_kept`.
    """
    before = read_kept(file, _MOST_BYTES)
    write_kept(file, mappings_text(mappings), before.version, _MOST_BYTES)


def mappings_text(mappings: Mapping[str, TableMapping]) -> str:
    """Return what :func:`write_mappings` writes."""
    document = {
        "format": _FORMAT,
        "version": _VERSION,
        "files": {layer: asdict(mapping) for layer, mapping in mappings.items()},
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def read_mappings(file: str | Path) -> dict[str, TableMapping]:
    """Return the mappings that a file keeps, by layer.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or is no file of mappings.
    """
    from planner.errors import MissingFileError

    path = Path(file)
    if not path.is_file():
        raise MissingFileError("sources.missing_file", file=str(path))
    try:
        document = parse_json(read_kept(path, _MOST_BYTES).text)
        if document["format"] != _FORMAT or document["version"] != _VERSION:
            raise InputError("tables.not_mappings", file=path.name, reason="format")
        return {layer: mapping_of(entry, path.name) for layer, entry in document["files"].items()}
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError("tables.not_mappings", file=path.name, reason=str(error)) from error


def mapping_of(entry: Mapping[str, Any], file: str) -> TableMapping:
    """Return a mapping of plain values, each of the type that it must have.

    Parameters
    ----------
    entry
        The fields of a :class:`TableMapping` by name.
    file
        What is named where they are none.

    Raises
    ------
    InputError
        ``tables.not_mappings``, or what is wrong with a value.
    """
    types = {
        each.name: type(getattr(TableMapping("demand"), each.name)) for each in fields(TableMapping)
    }
    for name, value in entry.items():
        if name not in types or type(value) is not types[name]:
            raise InputError("tables.not_mappings", file=file, reason=str(name))
        if isinstance(value, dict) and not all(isinstance(each, str) for each in value.values()):
            raise InputError("tables.not_mappings", file=file, reason=str(name))
    try:
        return TableMapping(**entry)
    except KeyError as error:
        raise InputError("tables.not_mappings", file=file, reason=f"layer {error}") from error
