"""A sign of a district's data: equal for equal data, another as soon as a value differs."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import shapely

from planner.district.district import District
from planner.district.standards.standards import EVIDENCE, Standard

FIGURES_COME_FROM = ("communities", "demand", "facilities", "streets", "barriers")
"""Layers that decide who is covered; what is only drawn does not count."""

_SIGNS: WeakKeyDictionary[District, str] = WeakKeyDictionary()
_NAMES = ("id", "en", "zh", "source", "country")


def data_sign(district: District) -> str:
    """Return the sign of the layers that decide who is covered.

    The order of columns does not matter, that of rows does.

    Returns
    -------
    str
        The first 32 hexadecimal digits of a SHA-256.
    """
    # the same district is asked with each proposal, and all of its values are read for it
    if district not in _SIGNS:
        _SIGNS[district] = _sign(district)
    return _SIGNS[district]


def _sign(district: District) -> str:
    states = {kind: district.data_state(kind) for kind in district.kinds}
    told = hashlib.sha256(f"{district.crs.to_string()} {sorted(states.items())}".encode())
    for name in FIGURES_COME_FROM:
        layer = district.layers.get(name)
        if layer is None:
            continue
        told.update(f"\0{name}\0{len(layer)}".encode())
        told.update(b"".join(shapely.to_wkb(layer.geometry.to_numpy(), byte_order=1)))
        for column in sorted(set(layer.columns) - {layer.geometry.name}):
            told.update(f"\0{column}\0".encode())
            told.update(_bytes_of(layer[column]))
    return told.hexdigest()[:32]


def standard_sign(standard: Standard) -> str:
    """Return the sign of what a standard asks, whatever it is called and whoever checked it."""
    asked = {name: each for name, each in asdict(standard).items() if name not in _NAMES}
    asked["rules"] = {kind: _asked(rule) for kind, rule in asked["rules"].items()}
    asked["areas"] = [_asked(target) for target in asked["areas"]]
    text = json.dumps(asked, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def _asked(rule: dict[str, Any]) -> dict[str, Any]:
    """Return what a rule asks; as in plans that were made before, its mark stands for unchecked."""
    asked = {name: value for name, value in rule.items() if name not in EVIDENCE}
    return {**asked, "verified": False}


def _bytes_of(column: pd.Series) -> bytes:
    """Return the values of a column, missing ones alike whatever stands for them."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes()
    texts = column.astype(object).where(column.notna(), "").map(str)
    return "\x1f".join(texts).encode("utf-8", "surrogatepass")
