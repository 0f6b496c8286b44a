"""A city of the size of a real one, on real streets.

    python benchmarks/city/make_city.py STREETS FOLDER [--seed N]

STREETS is a GeoParquet of straight pieces of street with a column ``highway``, in metres. Lanes
into compounds, walls around some of them, railways, water where nobody built, homes, residents and
facilities are drawn with a seed: the same seed gives the same city. FOLDER gets ``city.osm.pbf``,
``communities.geojson`` and ``homes.csv``, which ``planner import`` takes. It is for measuring only.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import osmium
import pandas as pd
import shapely

PIECES = 117_000
"""Pieces of street where people walk, once they are cut where others join."""
HOMES = 88_000
SIDE_M = 2_000.0
"""Width of a community."""
LEAST_HOMES = 40
"""A square with fewer homes is no community."""
WALL_M, WALLED = 45.0, 3_000
"""Half the width of a walled compound at the end of a lane, and how many there are."""
EMPTY_M, WATER_M2 = 250.0, 500_000.0
"""Cells of this width without a street are taken for water where they make up so much."""
RAILWAYS = 4
FACILITIES = {
    "service_centre": (60, {"amenity": "townhall"}),
    "service_station": (700, {"amenity": "community_centre"}),
    "health_centre": (120, {"healthcare": "centre"}),
    "clinic": (900, {"amenity": "clinic"}),
    "police_station": (130, {"amenity": "police"}),
    "police_room": (400, {"amenity": "police", "police": "office"}),
    "cultural_centre": (40, {"amenity": "arts_centre"}),
    "cultural_station": (300, {"amenity": "social_centre"}),
    "elderly_care": (500, {"amenity": "social_facility", "social_facility:for": "senior"}),
}
"""How many of each kind that GB 50180 judges, and how OpenStreetMap tags it."""

F64 = npt.NDArray[np.float64]


@dataclass
class Extract:
    """Nodes and ways on their way into a file."""

    xy: list[tuple[float, float]] = field(default_factory=list)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def node(self, x: float, y: float, tags: dict[str, str] | None = None) -> int:
        """Add a node in metres and return its id."""
        self.xy.append((x, y))
        if tags:
            self.node_tags[len(self.xy)] = tags
        return len(self.xy)

    def ring(self, places: Iterable[tuple[float, float]], tags: dict[str, str]) -> None:
        """Add a closed way."""
        refs = [self.node(*place) for place in places]
        self.ways.append(([*refs, refs[0]], tags))

    def write(self, file: Path, crs: object) -> None:
        """Write everything as an extract of OpenStreetMap, in degrees."""
        spots = gpd.points_from_xy(*np.array(self.xy).T, crs=crs).to_crs(4326)
        places = np.column_stack([spots.x, spots.y]).round(7)
        file.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(file)) as out:
            for number, (lon, lat) in enumerate(places.tolist(), start=1):
                tags = self.node_tags.get(number, {})
                out.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat), tags=tags))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                out.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))


def make_city(streets: Path, folder: Path, seed: int = 1) -> None:
    """Write the city of a seed into a folder."""
    rng = np.random.default_rng(seed)
    edges = gpd.read_parquet(streets)
    made = Extract()
    ends = add_streets(made, edges, rng)
    add_water(made, edges)
    add_railways(made, edges, rng)
    homes = add_homes(made, ends, rng)
    add_facilities(made, homes, rng)
    folder.mkdir(parents=True, exist_ok=True)
    made.write(folder / "city.osm.pbf", edges.crs)
    communities, owner = communities_of(homes, edges.crs)
    communities.to_crs(4326).to_file(folder / "communities.geojson")
    residents(homes[owner >= 0], edges.crs, rng).to_csv(folder / "homes.csv", index=False)


def add_streets(made: Extract, edges: gpd.GeoDataFrame, rng: np.random.Generator) -> F64:
    """Add the streets with lanes into compounds; return the lines that homes stand along."""
    ends = shapely.get_coordinates(edges.geometry.to_numpy()).reshape(-1, 2, 2)
    numbers: dict[tuple[float, float], int] = {}
    for x, y in ends.reshape(-1, 2).tolist():
        if (x, y) not in numbers:
            numbers[x, y] = made.node(x, y)
    walked = ~edges["highway"].str.startswith("motorway").to_numpy()
    quiet = walked & (shapely.length(edges.geometry.to_numpy()) > 40)
    # a lane is a piece of street, and cuts the one that it leaves in two
    lanes = (PIECES - int(walked.sum())) // 2
    beside = set(rng.choice(np.flatnonzero(quiet), lanes, replace=False).tolist())
    walled = set(rng.choice(sorted(beside), WALLED, replace=False).tolist())
    lines = [ends[quiet]]
    for row, (line, word) in enumerate(zip(ends.tolist(), edges["highway"], strict=True)):
        refs = [numbers[x, y] for x, y in line]
        if row in beside:
            along = float(rng.uniform(0.3, 0.7))
            start = ends[row, 0] + along * (ends[row, 1] - ends[row, 0])
            lane = add_lane(made, start, ends[row], row in walled, rng)
            refs.insert(1, lane[0])
            lines.append(np.array([[start, made.xy[lane[-1] - 1]]]))
        tags = {"highway": word, "name": f"Street {row // 6}"}
        made.ways.append((refs, tags))
    return np.concatenate(lines)


def add_lane(
    made: Extract, start: F64, line: F64, walled: bool, rng: np.random.Generator
) -> list[int]:
    """Add a lane that leaves a street square, some into a compound with a wall and a gate."""
    way = (line[1] - line[0]) / np.hypot(*(line[1] - line[0]))
    out = np.array([-way[1], way[0]]) * rng.choice([-1.0, 1.0])
    end = start + out * rng.uniform(50.0, 140.0)
    gate = end - out * WALL_M
    refs = [made.node(*start)]
    if walled:
        refs.append(made.node(*gate, {"barrier": "gate"}))
        corners = [gate + way * WALL_M, gate + way * WALL_M + out * 2 * WALL_M]
        corners += [corners[1] - way * 2 * WALL_M, gate - way * WALL_M]
        ring = [refs[1], *(made.node(*corner) for corner in corners), refs[1]]
        made.ways.append((ring, {"barrier": "wall"}))
    refs.append(made.node(*end))
    made.ways.append((refs, {"highway": "service"}))
    return refs


def add_water(made: Extract, edges: gpd.GeoDataFrame) -> None:
    """Add the ground in the middle of the city that no street crosses, as water."""
    middle = np.median(edges.geometry.centroid.get_coordinates().to_numpy(), axis=0)
    steps = np.arange(-60, 60) * EMPTY_M
    x, y = (grid.ravel() + at for grid, at in zip(np.meshgrid(steps, steps), middle, strict=True))
    cells = shapely.box(x, y, x + EMPTY_M, y + EMPTY_M)
    crossed = np.unique(edges.sindex.query(cells, predicate="intersects")[0])
    empty = shapely.union_all(np.delete(cells, crossed))
    for shape in shapely.get_parts(empty):
        if shape.area > WATER_M2:
            ring = shapely.get_coordinates(shapely.get_exterior_ring(shape.buffer(-20)))[:-1]
            made.ring(map(tuple, ring.tolist()), {"natural": "water", "name": "Lake"})


def add_railways(made: Extract, edges: gpd.GeoDataFrame, rng: np.random.Generator) -> None:
    """Add railways from one end of the city to the other."""
    west, south, east, north = edges.total_bounds
    for _ in range(RAILWAYS):
        from_y, to_y = rng.uniform(south + 0.3 * (north - south), north - 0.3 * (north - south), 2)
        x = np.linspace(west, east, 400)
        y = np.linspace(from_y, to_y, 400) + 300.0 * np.sin(x / 4_000.0)
        refs = [made.node(*place) for place in zip(x.tolist(), y.tolist(), strict=True)]
        made.ways.append((refs, {"railway": "rail"}))


def add_homes(made: Extract, lines: F64, rng: np.random.Generator) -> F64:
    """Add buildings along the streets, denser in the middle; return the middle of each."""
    middle = lines.mean(axis=1)
    away = np.hypot(*(middle - np.median(middle, axis=0)).T)
    chance = np.hypot(*(lines[:, 1] - lines[:, 0]).T) * np.exp(-away / 9_000.0)
    chosen = lines[rng.choice(len(lines), HOMES, p=chance / chance.sum())]
    way = chosen[:, 1] - chosen[:, 0]
    side = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    off = rng.choice([-1.0, 1.0], HOMES) * rng.uniform(9.0, 30.0, HOMES)
    places: F64 = chosen[:, 0] + rng.random((HOMES, 1)) * way + side * off[:, None]
    for x, y in places.round(2).tolist():
        corners = ((x - 6, y - 4), (x + 6, y - 4), (x + 6, y + 4), (x - 6, y + 4))
        made.ring(corners, {"building": "apartments"})
    return places


def add_facilities(made: Extract, homes: F64, rng: np.random.Generator) -> None:
    """Add facilities beside homes."""
    for kind, (count, tags) in FACILITIES.items():
        beside = homes[rng.choice(len(homes), count, replace=False)]
        for number, (x, y) in enumerate((beside + rng.normal(0, 15.0, (count, 2))).tolist()):
            made.node(x, y, {**tags, "name": f"{kind.replace('_', ' ').title()} {number + 1}"})


def communities_of(homes: F64, crs: object) -> tuple[gpd.GeoDataFrame, npt.NDArray[np.int64]]:
    """Return squares with homes as communities, and the community of each home, -1 for none."""
    cell = np.floor(homes / SIDE_M).astype(int)
    squares, owner, count = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    kept = count >= LEAST_HOMES
    number = np.where(kept, np.cumsum(kept) - 1, -1)
    x, y = squares[kept].T * SIDE_M
    names = [f"Community {each:03d}" for each in range(int(kept.sum()))]
    areas = {
        "community_id": [f"{each:06d}" for each in range(len(names))],
        "name": names,
        "subdistrict": [
            f"Subdistrict {a // 10_000:.0f}-{b // 10_000:.0f}" for a, b in zip(x, y, strict=True)
        ],
    }
    shapes = shapely.box(x, y, x + SIDE_M, y + SIDE_M)
    return gpd.GeoDataFrame(areas, geometry=shapes, crs=crs), number[owner.ravel()]


def residents(homes: F64, crs: object, rng: np.random.Generator) -> pd.DataFrame:
    """Return homes with their residents by age, as a table with degrees."""
    spots = gpd.points_from_xy(*homes.T, crs=crs).to_crs(4326)
    people = np.maximum(1, rng.gamma(1.3, 40.0, len(homes)).astype(int))
    return pd.DataFrame(
        {
            "demand_id": [f"d{each:06d}" for each in range(len(homes))],
            "lon": spots.x.round(7),
            "lat": spots.y.round(7),
            "population": people,
            "pop_65plus": rng.binomial(people, 0.17),
            "pop_0_14": rng.binomial(people, 0.14),
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("streets", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make_city(given.streets, given.folder, given.seed)


if __name__ == "__main__":
    main()
