"""Rows of a layer that lie in another datum than the others: a list put together from two sources.

A layer is taken in one datum. Where it was put together from several lists a part of its rows may
lie in another, some hundred metres off, and no figure of the whole layer shows it. So each row is
asked by itself: beside streets as the layer was taken, beside streets in another datum, or beside
none. One row may fit another datum by chance; that a share of the rows does is weighed against
that none does (a mixture of three, its shares by maximum likelihood).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64, I64
from planner.district.transformers import transformer
from planner.sources.datums.recognition import (
    EDGES_M,
    SURE,
    Ground,
    beside_streets,
    block_shares,
    named_in,
    nearby,
    spots_of,
    street_m,
)
from planner.sources.datums.shifts import SHIFTED, from_wgs84, to_wgs84

_SHARES = np.asarray([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5])
_STRAYS = np.asarray([0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.45])
_NAMED, _NOT_NAMED = 1.9, 0.1
_LIKELY = 0.8
_LEAST_ROWS = 3


@dataclass(frozen=True, eq=False)
class Minority:
    """Rows that fit another datum far better than the one that their layer was taken in.

    Parameters
    ----------
    datum
        The datum they fit; one of :data:`planner.sources.datums.recognition.DATUMS`.
    rows
        Their places in the table, from 0; of places within 30 m of one another the first.
    spots
        How many places were asked.
    log_odds
        That a share of the rows lies in it, against that none does.
    """

    datum: str
    rows: I64
    spots: int
    log_odds: float


def minority(
    table: gpd.GeoDataFrame, ground: Ground, taken: str = "wgs84", *, seed: int = 0
) -> Minority | None:
    """Return the rows that lie in another datum than their layer, None where none surely do.

    Parameters
    ----------
    table
        Points, by now in WGS 84 or a CRS of the same datum.
    ground
        What is known to lie right.
    taken
        The datum out of which they were converted; ``wgs84`` where nothing moved.
    seed
        Of the places drawn.
    """
    rng = np.random.default_rng(seed)
    metric = ground.communities.crs
    degrees = shapely.get_coordinates(table.geometry.to_crs(4326).to_numpy())
    project = transformer(4326, metric).transform
    places = {taken: np.column_stack(project(degrees[:, 0], degrees[:, 1]))}
    for datum, (lon, lat) in _elsewhere(degrees, taken):
        places[datum] = np.column_stack(project(lon, lat))
    rows = spots_of(places[taken], rng)
    places = {datum: xy[rows] for datum, xy in places.items()}
    distances = {datum: street_m(xy, ground) for datum, xy in places.items()}
    # a row that is far from every street however it is read says nothing
    near = np.all([found <= EDGES_M[-1] for found in distances.values()], axis=0)
    if near.sum() < 2 * _LEAST_ROWS:
        return None
    rows, places = rows[near], {datum: xy[near] for datum, xy in places.items()}
    anywhere = nearby(np.concatenate(list(places.values())), ground, rng)
    fits = {
        datum: beside_streets()[:, _bins(found[near])] / anywhere[_bins(found[near])]
        for datum, found in distances.items()
    }
    named = named_in(table.iloc[rows], places, ground)
    if named is not None:
        fits = {d: fit * np.where(named[d], _NAMED, _NOT_NAMED) for d, fit in fits.items()}
    weight = block_shares(places[taken])
    others = (_weighed(fits[taken], fits[d], weight, d, rows) for d in places if d != taken)
    best = max(others, key=lambda each: each.log_odds)
    return best if best.log_odds >= SURE and len(best.rows) >= _LEAST_ROWS else None


def _elsewhere(degrees: F64, taken: str) -> Iterator[tuple[str, tuple[F64, F64]]]:
    """Yield where rows lie if they were written down in another datum than the one taken."""
    lon, lat = degrees[:, 0], degrees[:, 1]
    if taken in SHIFTED:
        lon, lat = from_wgs84(lon, lat, "bd09" if taken == "bd09" else "gcj02")
        yield "wgs84", (lon, lat)
    for datum in SHIFTED:
        if datum != taken:
            yield datum, to_wgs84(lon, lat, datum)


def _bins(distance_m: F64) -> I64:
    """Return the bin of each distance to a street."""
    at = np.searchsorted(EDGES_M, distance_m, side="right") - 1
    return np.clip(at, 0, len(EDGES_M) - 2).astype(np.int64)


def _weighed(own: F64, other: F64, weight: F64, datum: str, rows: I64) -> Minority:
    """Weigh that a share of the rows lies in another datum against that none does."""
    # all layers keep some one distance to streets, the same however its rows were written down
    share, stray = _SHARES[:, None, None], _STRAYS[None, :, None]
    alone = together = -np.inf
    likely = np.zeros(len(rows))
    for a, b in zip(own, other, strict=True):
        none = np.log((1 - stray[0]) * a + stray[0]) @ weight
        alone = max(alone, float(none.max()))
        rest = np.maximum(1 - share - stray, 0.0)
        mixed = rest * a + share * b + stray
        some = np.log(mixed) @ weight
        at = np.unravel_index(int(some.argmax()), some.shape)
        if some[at] > together:
            together = float(some[at])
            likely = _SHARES[at[0]] * b / mixed[at]
    return Minority(datum, rows[likely >= _LIKELY], len(rows), together - alone)
