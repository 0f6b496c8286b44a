"""How fast coordinates are converted, and how often their datum is recognised.

``python benchmarks/sources/datums.py speed`` times a million points.
``python benchmarks/sources/datums.py errors FOLDER [--rounds N] [--seed N]`` takes the extracts of
a folder (``*.osm.pbf``, ``*.osm.gz``, ``*.pbf``) and the demo, lays each at random places of China,
writes samples of 5 to 500 of their homes and facilities down in each datum and asks in which they
are. Each round is one sample at one place, asked in the three datums.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

from planner.district import District
from planner.sources import demo_district, from_osm
from planner.sources.datums.recognition import DATUMS, Ground, recognise
from planner.sources.datums.shifts import SHIFTED, from_wgs84, to_wgs84
from planner.sources.projection import metric_crs

SIZES = (5, 10, 20, 50, 200, 500)
CITIES = (
    (114.93, 25.85), (116.40, 39.91), (121.47, 31.23), (113.26, 23.13),
    (104.07, 30.66), (87.62, 43.82), (126.63, 45.75), (114.30, 30.60),
)  # fmt: skip


def speed(count: int = 1_000_000) -> None:
    """Print seconds for a million points and the largest error of the way back."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(98, 120, count), rng.uniform(30, 41, count)
    for datum in SHIFTED:
        there = from_wgs84(lon, lat, datum)
        start, used = time.perf_counter(), time.process_time()
        x, y = to_wgs84(*there, datum)
        seconds, own = time.perf_counter() - start, time.process_time() - used
        away = np.hypot((x - lon) * 111_320 * np.cos(np.radians(lat)), (y - lat) * 110_574)
        print(f"{datum}: {seconds:.2f} s ({own:.2f} s of a processor), error {away.max():.1e} m")


def towns(folder: Path) -> Iterator[tuple[str, District]]:
    """Yield the demo and the extracts of a folder that make a district."""
    yield "demo", demo_district()
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".pbf", ".osm.gz")):
            yield path.name.split(".")[0], from_osm(path, kinds="everyday")


def layers(town: District) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield homes, facilities of the district, and those beyond its border too."""
    yield "homes", town.demand
    area = shapely.union_all(town.communities.geometry.to_numpy())
    inside = shapely.intersects(area, town.facilities.geometry.to_numpy())
    yield "facilities", town.facilities[inside]
    if not inside.all():
        yield "facilities, border too", town.facilities


def laid(town: District, rng: np.random.Generator) -> tuple[Ground, np.ndarray]:
    """Return a town's ground at a random place of China, and how far it was moved."""
    lon, lat = np.asarray(CITIES[rng.integers(len(CITIES))]) + rng.uniform(-0.3, 0.3, 2)
    crs = metric_crs(lon, lat)
    there = np.asarray(Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat))
    west, south, east, north = town.communities.total_bounds
    by = there - np.array([(west + east) / 2, (south + north) / 2])
    areas = town.communities.set_geometry(moved(town.communities, by, crs))
    return Ground(moved(town.streets, by, crs), areas), by


def moved(table: gpd.GeoDataFrame, by: np.ndarray, crs: object) -> gpd.GeoSeries:
    """Return the shapes of a layer moved by metres."""
    shapes = shapely.transform(table.geometry.to_numpy(), lambda xy: xy + by)
    return gpd.GeoSeries(shapes, index=table.index, crs=crs)


def errors(folder: Path, rounds: int, seed: int) -> None:
    """Print a table: right, sure, and wrong though sure."""
    print("| place | layer | points | asked | right | sure | wrong and sure | least log odds |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, town in towns(folder):
        for label, table in layers(town):
            for size in SIZES:
                if size <= len(table):
                    row = asked(town, table, size, rounds, np.random.default_rng(seed))
                    print(f"| {name} | {label} | {size} | {row} |", flush=True)


def asked(
    town: District, table: gpd.GeoDataFrame, size: int, rounds: int, rng: np.random.Generator
) -> str:
    """Return a row of the table."""
    odds, sure = [], []
    for _ in range(rounds):
        ground, by = laid(town, rng)
        rows = table.iloc[rng.choice(len(table), size, replace=False)]
        degrees = moved(rows, by, ground.communities.crs).to_crs(4326)
        for datum in DATUMS:
            lon, lat = degrees.x.to_numpy(), degrees.y.to_numpy()
            if datum in SHIFTED:
                lon, lat = from_wgs84(lon, lat, datum)
            points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs=4326)
            found = recognise(points, ground)
            odds.append(found.log_odds if found.datum == datum else -found.log_odds)
            sure.append(found.sure)
    value, known = np.asarray(odds), np.asarray(sure)
    right = 100 * (value > 0).mean()
    wrong = int((known & (value <= 0)).sum())
    return f"{len(odds)} | {right:.1f} % | {100 * known.mean():.0f} % | {wrong} | {value.min():.1f}"


def main() -> None:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("speed", "errors"))
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    if given.what == "speed":
        speed()
    elif given.folder is None:
        parser.error("errors needs a folder of extracts")
    else:
        errors(given.folder, given.rounds, given.seed)


if __name__ == "__main__":
    main()
