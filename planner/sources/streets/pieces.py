"""The rows of streets for the pieces that they are split into, and how far each is walked."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool, Objects, Shapes

_CM = 0.01


def split_table(streets: gpd.GeoDataFrame, pieces: Shapes, origin: I64) -> gpd.GeoDataFrame:
    """Return the rows of a table of streets for their pieces.

    A walked length is shared out in proportion to the lines, so that pieces of a street that is
    walked longer than drawn are so too, and what is taken off the line is off the length.

    Parameters
    ----------
    streets
        A table with ``street_id``.
    pieces, origin
        Of :func:`planner.sources.streets.noding.node_lines`.

    Examples
    --------
    >>> from planner.sources.streets.noding import node_lines
    >>> cross = shapely.from_wkt(["LINESTRING (0 0, 2 0, 8 0)", "LINESTRING (2 0, 2 5)"])
    >>> columns = {"street_id": ["a", "b"], "length_m": [12.0, None]}
    >>> table = gpd.GeoDataFrame(columns, geometry=cross)
    >>> split_table(table, *node_lines(cross))["length_m"].tolist()
    [3.0, 9.0, nan]
    """
    table = pd.DataFrame(streets.drop(columns=streets.geometry.name)).iloc[origin]
    number = pd.Series(origin).groupby(origin).cumcount().to_numpy() + 1
    cut = pd.Series(origin).duplicated(keep=False).to_numpy()
    ids = table["street_id"].to_numpy(dtype=object)
    table["street_id"] = [
        f"{key}/{n}" if split else key for key, n, split in zip(ids, number, cut, strict=True)
    ]
    metres = pd.Series(shapely.length(pieces))
    if "length_m" in table:
        whole = shapely.length(streets.geometry.to_numpy())[origin]
        part = np.asarray(shapely.length(pieces), dtype=np.float64)
        table["length_m"] = walked_lengths(table["length_m"], whole, part, cut)
    share = (metres / metres.groupby(origin).transform("sum")).to_numpy()
    for column in table.columns.intersection(["ascent_m", "descent_m"]):
        table[column] = table[column] * np.where(cut, share, 1.0)
    result = gpd.GeoDataFrame(table, geometry=pieces, crs=streets.crs)
    return result.reset_index(drop=True)


def walked_lengths(given: pd.Series, before: F64, after: F64, cut: Bool | None = None) -> Objects:
    """Return the walked length of lines that have become longer or shorter, in proportion.

    Parameters
    ----------
    given
        ``length_m`` (n,) of the lines as they were, empty where the line counts as it is drawn.
        What is no number stays as it is, so that who reads the layer is told of it.
    before, after
        Metres drawn (n,), once and now.
    cut
        Which are pieces (n,) of a line; others stay to the digit where they are as long as before.
    """
    values = pd.to_numeric(given, errors="coerce").to_numpy(dtype=np.float64)
    changed = np.abs(after - before) > _CM
    if cut is not None:
        changed |= cut
    changed &= before > 0
    times = np.divide(after, before, out=np.ones(len(before)), where=changed)
    kept = np.isnan(values) | ~changed
    return np.where(kept, given.to_numpy(), values * times)
