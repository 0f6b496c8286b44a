"""Covering instances: Manhattan from its file, and towns made up or cut out of real streets.

Every instance is a pair: CSR bool of demand × candidates, and float64 weights. Blocks are both
demand and candidates.
"""

import os
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

EARTH_M = 6_378_100.0


def folder():
    return Path(os.environ["PLANNER_TEST_DATA"])


def within(xy, reach):
    """Pairs of points no farther apart than a reach, each with itself."""
    pairs = cKDTree(xy).query_pairs(reach, output_type="ndarray")
    own = np.arange(len(xy))
    row = np.concatenate([pairs[:, 0], pairs[:, 1], own])
    column = np.concatenate([pairs[:, 1], pairs[:, 0], own])
    return csr_array((np.ones(len(row), bool), (row, column)), shape=(len(xy), len(xy)))


def blocks(name, reach_m):
    """Blocks of a file in latitude and longitude, covered along great circles."""
    lines = (folder() / "mclp" / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    first = next(i for i, line in enumerate(lines) if line.startswith("NODE_COORD")) + 1
    last = lines.index("DEMAND_SECTION")
    lat, lon = np.radians([[float(v) for v in line.split()] for line in lines[first:last]]).T
    weight = np.array(lines[last + 1 : last + 1 + len(lat)], float)
    xyz = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    return within(xyz, 2 * np.sin(reach_m / EARTH_M / 2)), weight


def new_york(reach_m=400.0):
    return blocks("NewYork", reach_m)


def kings(reach_m=800.0):
    return blocks("Kings", reach_m)


def best_known(name="NewYork"):
    """Best known objective of a file by number of sites."""
    text = (folder() / "mclp" / f"{name}_best_known.txt").read_text(encoding="utf-8")
    rows = [line.replace("f:", " ").split() for line in text.splitlines() if line.strip()]
    return {int(row[0].split("_")[1]): float(row[-1]) for row in rows}


def family(points, neighbours, bunched, seed=0):
    """Points, evenly or in bunches, with a reach that gives so many neighbours on average."""
    rng = np.random.default_rng([seed, points, neighbours, int(bunched)])
    xy = rng.uniform(0, 1, (points, 2))
    if bunched:
        bunches = points // 120
        centre, spread = rng.uniform(0, 1, (bunches, 2)), rng.uniform(0.015, 0.09, bunches)
        of = rng.integers(0, bunches, points)
        xy = centre[of] + rng.normal(size=(points, 2)) * spread[of, None]
    tree, low, high = cKDTree(xy), 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if tree.count_neighbors(tree, middle) > points * neighbours:
            high = middle
        else:
            low = middle
    return within(xy, high), np.round(rng.lognormal(4, 1, points))


def clustered(points=5000, seed=0):
    rng = np.random.default_rng(seed)
    centre, spread = rng.uniform(0, 10_000, (40, 2)), rng.uniform(150, 900, 40)
    of = rng.integers(0, 40, points)
    xy = centre[of] + rng.normal(size=(points, 2)) * spread[of, None]
    return within(xy, 450.0), np.round(rng.lognormal(5, 1, points))


def grid(side=60, seed=0):
    rng = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 100.0
    return within(xy, 401.0), rng.integers(1, 200, side * side).astype(float)


def scattered(points=8000, seed=0):
    rng = np.random.default_rng(seed)
    return within(rng.uniform(0, 10_000, (points, 2)), 400.0), np.round(rng.lognormal(4, 1, points))


def wuhan(points=6000, seed=0, reach_m=600.0):
    """Places along real streets, covered by walking."""
    import geopandas as gpd

    from planner.network import WalkNetwork

    rng = np.random.default_rng(seed)
    streets = gpd.read_parquet(folder() / "wuhan_streets.parquet").geometry
    streets = streets[streets.length > 0]
    middle = np.column_stack([streets.centroid.x, streets.centroid.y])
    centre = np.median(middle, axis=0)
    near = np.argsort(np.hypot(*(middle - centre).T))[:25_000]
    network = WalkNetwork.from_lines(streets.iloc[near].to_numpy())
    chosen = rng.choice(near, points, replace=False)
    at = network.snap(middle[chosen])
    table = network.matrix(at, at, cutoff_m=reach_m)
    covers = csr_array((np.ones(table.nnz, bool), table.indices, table.indptr), shape=table.shape)
    return covers, np.round(rng.lognormal(4, 1, points))
