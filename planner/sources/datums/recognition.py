"""In which datum places were written down: each is tried against what is known to lie right.

Homes and facilities stand beside streets, at a distance that hardly varies within one layer; moved
by some hundred metres they lie anywhere. So their distances to the nearest street, read in each
datum, are weighed by how much likelier they are beside streets than at random places nearby. What
lies inside the communities, in the community that a column names, or near a known place of the same
name is weighed as well. All weights are natural logarithms of odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import F64, I64, Bool
from planner.district.transformers import transformer
from planner.sources.datums.shifts import SHIFTED, to_wgs84

DATUMS = ("wgs84", *SHIFTED)
"""Datums that are tried; CGCS2000 differs from WGS 84 by less than a metre."""

SURE = 8.0
"""Least log odds of the best datum against the second with which it is taken for sure."""

LEAST_SPOTS = 3
"""Spots that it takes to be sure; fewer may fit by chance."""

_CELL_M = 30.0
_BLOCK_M = 150.0
_MOST_SPOTS = 400
_NEARBY = 16
_NEARBY_M = (60.0, 300.0)
_REACH_M = 400.0
EDGES_M = np.concatenate([[0.0], np.geomspace(0.5, _REACH_M, 28)])
_MEDIANS_M, _SPREADS = (0.7, 3.0, 5.0, 8.0, 12.0, 17.0, 25.0), (0.2, 0.45, 0.8)
_STRAY = 0.1
_FEW_OUTSIDE, _SOME_OUTSIDE = 0.02, 0.1
_INSIDE, _INSIDE_SOME, _INSIDE_MOST = 1.0, 0.3, 14.0
_NAMED, _NAMED_MOST, _NAMED_SHARE = 1.5, 20.0, 0.6
_PLACE_M, _PLACE_MOST = 60.0, 5.0


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known to lie right, all in one CRS in metres.

    Parameters
    ----------
    streets
        Lines.
    communities
        Areas with ``community_id``, ``name`` and perhaps ``subdistrict``.
    places
        Points with a ``name``, None where none are known.
    """

    streets: gpd.GeoSeries
    communities: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None = None

    @cached_property
    def street_tree(self) -> shapely.STRtree:
        """The streets by place."""
        return shapely.STRtree(self.streets.to_numpy())

    @cached_property
    def area(self) -> shapely.Geometry:
        """All communities as one."""
        whole = shapely.union_all(self.communities.geometry.to_numpy())
        shapely.prepare(whole)
        return whole

    @cached_property
    def named_areas(self) -> dict[str, list[shapely.Geometry]]:
        """Areas by the names and ids that a table may call them."""
        found: dict[str, list[shapely.Geometry]] = {}
        for column in ("community_id", "name", "subdistrict"):
            if column not in self.communities:
                continue
            names = self.communities[column].fillna("").astype(str).str.strip()
            for name, shape in zip(names, self.communities.geometry, strict=True):
                if name:
                    found.setdefault(name, []).append(shape)
        return found


@dataclass(frozen=True)
class Fit:
    """How a layer lies when it is read in one datum.

    Parameters
    ----------
    datum
        One of :data:`DATUMS`.
    log_odds
        Weight of all that was compared.
    street_m
        Median distance to the nearest street, metres.
    inside
        Share inside the communities.
    named
        Share inside the community that a column names, NaN where no column does.
    """

    datum: str
    log_odds: float
    street_m: float
    inside: float
    named: float


@dataclass(frozen=True)
class Recognition:
    """In which datum a layer fits best, and how sure that is.

    Parameters
    ----------
    fits
        Of each datum, the best one first.
    spots
        Places compared, those within 30 m of one another taken for one.
    """

    fits: tuple[Fit, ...]
    spots: int

    @property
    def datum(self) -> str:
        """The datum that fits best."""
        return self.fits[0].datum

    @property
    def log_odds(self) -> float:
        """Log odds of the best datum against the second."""
        return self.fits[0].log_odds - self.fits[1].log_odds

    @property
    def sure(self) -> bool:
        """Whether the best datum may be taken without asking."""
        return self.spots >= LEAST_SPOTS and self.log_odds >= SURE


def recognise(table: gpd.GeoDataFrame, ground: Ground, *, seed: int = 0) -> Recognition:
    """Return in which datum a layer of points was written down.

    Parameters
    ----------
    table
        Points, as they were read; those within 30 m of one another count once, and of more than
        400 spots as many are drawn.
    ground
        What is known to lie right.
    seed
        Of the places drawn.
    """
    rng = np.random.default_rng(seed)
    metric = ground.communities.crs
    degrees = shapely.get_coordinates(table.geometry.to_crs(4326).to_numpy())
    project = transformer(4326, metric).transform
    places = {}
    for datum in DATUMS:
        lon, lat = degrees[:, 0], degrees[:, 1]
        if datum in SHIFTED:
            lon, lat = to_wgs84(lon, lat, "bd09" if datum == "bd09" else "gcj02")
        places[datum] = np.column_stack(project(lon, lat))
    rows = spots_of(places["wgs84"], rng)
    places = {datum: xy[rows] for datum, xy in places.items()}
    share = block_shares(places["wgs84"])
    odds = dict.fromkeys(DATUMS, 0.0)
    distances = {datum: street_m(xy, ground) for datum, xy in places.items()}
    inside = {d: shapely.intersects_xy(ground.area, xy) for d, xy in places.items()}
    named = named_in(table.iloc[rows], places, ground)
    for part in (
        _beside_streets(places, distances, ground, rng),
        inside_weights(inside, share),
        _in_named(named, share),
        _near_places(table.iloc[rows], places, ground),
    ):
        for datum, value in part.items():
            odds[datum] += value
    fits = [
        Fit(
            datum,
            odds[datum],
            float(np.median(distances[datum])),
            float(inside[datum].mean()),
            float(named[datum].mean()) if named else float("nan"),
        )
        for datum in DATUMS
    ]
    return Recognition(tuple(sorted(fits, key=lambda fit: -fit.log_odds)), len(rows))


def spots_of(xy: F64, rng: np.random.Generator) -> I64:
    """Return a row for each spot, in the order of the table."""
    known = np.flatnonzero(np.isfinite(xy).all(axis=1))
    again = pd.DataFrame(np.floor(xy[known] / _CELL_M)).duplicated().to_numpy()
    rows: I64 = known[~again]
    if len(rows) > _MOST_SPOTS:
        rows = np.sort(rng.choice(rows, _MOST_SPOTS, replace=False))
    return rows


def block_shares(xy: F64) -> F64:
    """Return of each place its share in a block of 150 m: neighbours repeat one another."""
    blocks = np.floor(xy / _BLOCK_M)
    _, block, size = np.unique(blocks, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / size[block.ravel()])


def street_m(xy: F64, ground: Ground) -> F64:
    """Return the distance of each place to the nearest street, metres."""
    points = shapely.points(xy)
    _, found = ground.street_tree.query_nearest(points, return_distance=True, all_matches=False)
    return np.asarray(found, dtype=np.float64)


def _beside_streets(
    places: dict[str, F64],
    distances: dict[str, F64],
    ground: Ground,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Return how much likelier the distances to streets are than those of places nearby."""
    reached = np.all([found <= _REACH_M for found in distances.values()], axis=0)
    if not reached.any():
        return {}
    anywhere = nearby(np.concatenate([xy[reached] for xy in places.values()]), ground, rng)
    beside = beside_streets()
    weights = np.log((1 - _STRAY) * beside / anywhere + _STRAY)
    result = {}
    for datum, found in distances.items():
        bins = np.histogram(found[reached], EDGES_M)[0]
        likely = weights @ bins
        top = max(0.0, float(likely.max()))
        # of all distances that a layer may keep, and none at all
        total = np.exp(likely - top).sum() + np.exp(-top)
        result[datum] = top + float(np.log(total / (len(likely) + 1)))
    return result


def nearby(xy: F64, ground: Ground, rng: np.random.Generator) -> F64:
    """Return the share of distances to streets in each bin of places drawn near those given."""
    angle = rng.uniform(0, 2 * np.pi, (len(xy), _NEARBY))
    radius = np.sqrt(rng.uniform(_NEARBY_M[0] ** 2, _NEARBY_M[1] ** 2, angle.shape))
    moved = xy[:, None] + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    counts = np.histogram(street_m(moved.reshape(-1, 2), ground), EDGES_M)[0] + 1.0
    return np.asarray(counts / counts.sum())


@cache
def beside_streets() -> F64:
    """Return the share of distances in each bin for layers that keep about one distance."""
    from statistics import NormalDist

    log_edges = np.log(np.maximum(EDGES_M, 1e-3))
    rows = []
    for median in _MEDIANS_M:
        for spread in _SPREADS:
            normal = NormalDist(float(np.log(median)), spread)
            below = np.asarray([normal.cdf(float(edge)) for edge in log_edges])
            below[0] = 0.0
            shares = np.diff(below) + 1e-6
            rows.append(shares / shares.sum())
    return np.asarray(rows)


def inside_weights(inside: dict[str, Bool], share: F64) -> dict[str, float]:
    """Weigh the blocks inside the communities, where in some datum nearly all are."""
    outside = {datum: 1.0 - float(found.mean()) for datum, found in inside.items()}
    least = min(outside.values())
    if least > _SOME_OUTSIDE:
        return {}  # a list of more than the district: its edge is nowhere
    weight = _INSIDE if least <= _FEW_OUTSIDE else _INSIDE_SOME
    blocks = {datum: weight * float((share * found).sum()) for datum, found in inside.items()}
    best = max(blocks.values())
    return {datum: max(value - best, -_INSIDE_MOST) for datum, value in blocks.items()}


def named_in(
    table: gpd.GeoDataFrame, places: dict[str, F64], ground: Ground
) -> dict[str, Bool] | None:
    """Return whether each place lies in the area that a column names; None where no column does."""
    best: dict[str, Bool] | None = None
    most = 0.0
    for column in table.columns.drop(table.geometry.name):
        if pd.api.types.is_numeric_dtype(table[column]):
            continue
        words = table[column].fillna("").astype(str).str.strip()
        areas = [ground.named_areas.get(word) for word in words]
        known = np.asarray([area is not None for area in areas])
        if known.mean() < 0.5 or words[known].nunique() < 2:
            continue
        held = {
            datum: np.asarray(
                [
                    area is not None and any(shapely.intersects_xy(one, x, y) for one in area)
                    for area, (x, y) in zip(areas, xy, strict=True)
                ]
            )
            for datum, xy in places.items()
        }
        agreed = max(float(found.mean()) for found in held.values())
        if agreed > most:
            best, most = held, agreed
    return best


def _in_named(named: dict[str, Bool] | None, share: F64) -> dict[str, float]:
    """Weigh the blocks that lie in the area that a column names, where in some datum most do."""
    if named is None or max(float(found.mean()) for found in named.values()) < _NAMED_SHARE:
        return {}
    blocks = {datum: _NAMED * float((share * found).sum()) for datum, found in named.items()}
    best = max(blocks.values())
    return {datum: max(value - best, -_NAMED_MOST) for datum, value in blocks.items()}


def _near_places(
    table: gpd.GeoDataFrame, places: dict[str, F64], ground: Ground
) -> dict[str, float]:
    """Weigh how near rows lie to the known places of their name."""
    if ground.places is None or "name" not in table:
        return {}
    known = ground.places.drop_duplicates("name", keep=False).set_index("name").geometry
    rows = np.flatnonzero(table["name"].isin(known.index).to_numpy())
    if not rows.size:
        return {}
    there = shapely.get_coordinates(known.loc[table["name"].iloc[rows]].to_numpy())
    result = {}
    for datum, xy in places.items():
        away = np.hypot(*(xy[rows] - there).T) / _PLACE_M
        result[datum] = -float(np.minimum(away, _PLACE_MOST).sum())
    return result
