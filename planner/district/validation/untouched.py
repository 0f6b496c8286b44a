"""Whether the layers of a district still are those that were checked.

A layer is a table that whoever holds the district can change in place. What was reckoned of it
before is kept and would be mixed with what it says now, so it is asked before it is judged.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Checked:
    """A layer, and what it held when it was checked.

    Parameters
    ----------
    layer
        The very table that the district shares with whoever reads it.
    held
        Its values then. pandas copies a column that is written while another table shares it
        (copy-on-write, from pandas 3 on): the two share their memory until somebody writes.
    blocks
        Where pandas keeps the values, None where it does not say.
    """

    layer: gpd.GeoDataFrame
    held: gpd.GeoDataFrame
    blocks: tuple[Any, ...] | None

    @classmethod
    def of(cls, layer: gpd.GeoDataFrame) -> Checked:
        """Return a layer with what it holds now."""
        held = layer.copy(deep=False)
        return cls(layer, held, _blocks(layer))

    def is_untouched(self) -> bool:
        """Whether the layer holds what it held.

        Before pandas 3 values that were written in place are held too, so that only columns and
        rows which came or went are seen.
        """
        now, then = _blocks(self.layer), self.blocks
        # whatever writes makes new blocks; so does pandas itself now and then, then values decide
        told = now is not None and then is not None and len(now) == len(then)
        same = told and all(map(operator.is_, now or (), then or ()))
        return same or _equal(self.layer, self.held)


def touched(layers: Mapping[str, gpd.GeoDataFrame], checked: Mapping[str, Checked]) -> list[str]:
    """Return the names of layers that were changed in place since they were checked."""
    return [name for name in layers if not checked[name].is_untouched()]


def checked_layers(
    layers: Mapping[str, gpd.GeoDataFrame], before: Mapping[str, Checked] | None
) -> dict[str, Checked]:
    """Return layers with what they held when they were checked: those of before as then."""
    known = before or {}
    return {
        name: known[name] if name in known and known[name].layer is layer else Checked.of(layer)
        for name, layer in layers.items()
    }


def _blocks(layer: gpd.GeoDataFrame) -> tuple[Any, ...] | None:
    """Return what holds the values of a table; it is no public part of pandas, hence may lack."""
    blocks: tuple[Any, ...] | None = getattr(getattr(layer, "_mgr", None), "blocks", None)
    return blocks


def _equal(layer: gpd.GeoDataFrame, held: gpd.GeoDataFrame) -> bool:
    """Whether two tables have the same columns and rows with the same values."""
    if list(layer.columns) != list(held.columns) or not layer.index.equals(held.index):
        return False
    now, then = pd.DataFrame(layer), pd.DataFrame(held)
    return all(_same(now.iloc[:, column], then.iloc[:, column]) for column in range(now.shape[1]))


def _same(now: pd.Series, then: pd.Series) -> bool:
    if now.dtype != then.dtype:
        return False
    if isinstance(now.dtype, gpd.array.GeometryDtype):
        # a geometry is never changed itself: it is another, or the same
        return all(a is b for a, b in zip(np.asarray(now), np.asarray(then), strict=True))
    return now.equals(then)
