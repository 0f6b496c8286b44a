"""Columns that a layer may have: names that are words, one geometry, values that files can hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.errors import InputError

_NO_KINDS = {"m": "timedelta", "c": "complex"}
_LARGEST = np.iinfo(np.int64).max
_CONTROL = 32
"""Characters before the blank; one that is 0 ends a name where a file is written."""


def check_columns(layer: str, table: pd.DataFrame) -> None:
    """Refuse columns that later steps or files would stumble over, by name.

    Parameters
    ----------
    layer
        Name of the layer.
    table
        Its rows, with the geometry.

    Raises
    ------
    InputError
        Where a column's name is no text or stands twice, where there are no shapes or two columns
        of them,
        and where values are durations, complex numbers, whole numbers beyond 64 bits or text that
        UTF-8 cannot hold.
    """
    seen: set[str] = set()
    for name in table.columns:
        if not isinstance(name, str) or not _is_text(name) or _has_control(name):
            raise InputError("district.column_name", layer=layer, column=ascii(name))
        if name in seen:
            raise InputError("district.column_twice", layer=layer, column=name)
        seen.add(name)
    if not hasattr(table, "geometry"):
        raise InputError("district.no_shapes", layer=layer)
    shapes = table.geometry.name
    plain = pd.DataFrame(table)  # a GeoDataFrame looks after its geometry with every column
    for name in plain.columns:
        values = plain[name]
        if name == shapes:
            continue
        if str(values.dtype) == "geometry":
            raise InputError("district.second_geometry", layer=layer, column=name, first=shapes)
        _check_values(layer, name, values)


def _check_values(layer: str, name: str, values: pd.Series) -> None:
    """Refuse values that no file of ours can hold."""
    kind = getattr(values.dtype, "kind", "O")
    if kind in _NO_KINDS:
        raise InputError("district.column_type", layer=layer, column=name, dtype=_NO_KINDS[kind])
    if str(values.dtype) == "float16" or (kind == "u" and values.max() > _LARGEST):
        raise InputError("district.column_type", layer=layer, column=name, dtype=str(values.dtype))
    if kind != "O":
        return
    # all rows at once first: that a text cannot be written is rare, and looking for it slow
    if _all_text(values[values.notna()].tolist()):
        return
    wrong = [isinstance(value, str) and not _is_text(value) for value in values]
    if any(wrong):
        raise InputError("district.not_text", layer=layer, row=wrong.index(True) + 1, column=name)


def _all_text(values: list[object]) -> bool:
    """Return whether all values are text that can be written; other values are looked at apart."""
    try:
        return _is_text("".join(values))  # type: ignore[arg-type]
    except TypeError:
        return False


def _is_text(text: str) -> bool:
    """Return whether UTF-8 holds a text; half a surrogate pair it does not."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _has_control(name: str) -> bool:
    return any(ord(sign) < _CONTROL for sign in name)
