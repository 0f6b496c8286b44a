"""Figures beside the columns of a layer."""

from __future__ import annotations

import pandas as pd


def beside(layer: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Return a layer with figures joined by index; columns of the same names give way to them.

    A layer has such columns where it was read from files that an earlier assessment wrote.

    Examples
    --------
    >>> layer = pd.DataFrame({"name": ["East"], "share_clinic": [0.2]}, index=["a"])
    >>> beside(layer, pd.DataFrame({"share_clinic": [0.5]}, index=["a"])).to_dict("list")
    {'name': ['East'], 'share_clinic': [0.5]}
    """
    earlier = [name for name in figures if name in layer]
    return layer.drop(columns=earlier).join(figures)
