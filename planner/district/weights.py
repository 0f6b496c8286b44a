"""Weights of the check-up score as data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.district.standards.files import quoted
from planner.district.toml_files import read_toml
from planner.errors import InputError
from planner.own_copies import shipped

_FILE = Path(__file__).parent / "weights.toml"
_TABLES = ("requirement", "kind", "group")
REQUIREMENTS = ("distance", "presence", "floor_area", "residents", "area")
"""What a clause of a standard may ask; see :func:`planner.analysis.compliance.audit.audit`."""


@dataclass(frozen=True)
class Weights:
    """What counts how much in the check-up score.

    Parameters
    ----------
    id, en, zh
        Identifier and names.
    requirement
        Points by requirement; one that is not named has none.
    kind, group
        How much a kind or group counts beside the others; 1 where it is not named.
    """

    id: str
    en: str
    zh: str
    requirement: Mapping[str, float]
    kind: Mapping[str, float] = field(default_factory=dict)
    group: Mapping[str, float] = field(default_factory=dict)

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


def weights_of(data: Mapping[str, Any], file: str) -> Weights:
    """Make weights of what a TOML file holds.

    Parameters
    ----------
    data
        ``id``, ``en``, ``zh`` and the tables ``requirement``, ``kind`` and ``group``.
    file
        Name by which errors call it.

    Raises
    ------
    InputError
        ``district.unknown_field``, ``missing_name``, ``not_a_weight`` for a weight below
        0 or no number, ``unknown_requirement``, ``all_zero`` where nothing counts.
    """
    for name in data:
        if name not in ("id", "en", "zh", *_TABLES):
            raise InputError("district.unknown_field", file=file, field=name)
    for name in ("en", "zh"):
        if not isinstance(data.get(name), str) or not data[name]:
            raise InputError("district.missing_name", file=file, field=name)
    tables = {name: _table(data.get(name, {}), name, file) for name in _TABLES}
    for name in tables["requirement"]:
        if name not in REQUIREMENTS:
            known = ", ".join(REQUIREMENTS)
            raise InputError("district.unknown_requirement", file=file, field=name, known=known)
    if not sum(tables["requirement"].values()) > 0:
        raise InputError("district.all_zero", file=file)
    return Weights(str(data.get("id", Path(file).stem)), data["en"], data["zh"], **tables)


def _table(values: Any, table: str, file: str) -> dict[str, float]:
    if not isinstance(values, Mapping):
        raise InputError("district.unknown_field", file=file, field=table)
    for name, value in values.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or value < 0
        ):
            raise InputError(
                "district.not_a_weight", file=file, field=f"{table}.{name}", value=value
            )
    return {str(name): float(value) for name, value in values.items()}


def read_weights(path: str | Path) -> Weights:
    """Read weights from a TOML file of the form of the built-in one.

    Raises
    ------
    MissingFileError, InputError
        Where the file is absent or not TOML; see also :func:`weights_of`.
    """
    path = Path(path)
    data = read_toml(path)
    return weights_of(data, path.name)


@shipped
def default_weights() -> Weights:
    """Return the weights that ship with the package."""
    return read_weights(_FILE)


def weights_toml(weights: Weights) -> str:
    """Return weights as TOML text that reads back as the same weights."""
    head = [f"{name} = {quoted(getattr(weights, name))}" for name in ("id", "en", "zh")]
    blocks = ["\n".join(head)]
    for name in _TABLES:
        lines = [f"{quoted(key)} = {value!r}" for key, value in getattr(weights, name).items()]
        blocks.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(blocks) + "\n"
