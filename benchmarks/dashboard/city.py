"""Make a large made-up city: python benchmarks/dashboard/city.py FILE.gpkg [SEED]

About 100 000 homes in 300 communities of 20 subdistricts, 3 000 facilities, and streets in a grid
with gaps on both sides of a river with a few bridges. The same seed gives the same city. It is for
measuring only, and says that it is made up.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from planner.district import District, Source, builtin_kinds
from planner.sources import write_district

CRS = "EPSG:4547"
ORIGIN = np.array([590_000.0, 2_830_000.0])
"""South-west corner of the city, metres."""

ACROSS, UP = 20, 15
"""Communities from west to east and from south to north."""
SIDE_M = 620.0
"""Width of a community."""
PARTS = (5, 4)
"""Subdistricts from west to east and from south to north; 4 by 3 or 4 by 4 communities each."""
BLOCK_M = 88.0
RIVER_M = 170.0
BRIDGES = 9
HOMES = 100_000
FACILITIES = 3_000
CANDIDATES = 600
BUILDINGS = 12_000

_FIRST = "明德长青双溪云岭桂花青石望江竹影书院石榴永丰新安安居和顺丹霞百花樟树兴业振兴东阳"
SECOND = "园里桥门坊湾塘岗巷亭洲坡井苑台"
_SUBDISTRICTS = "江口文昌站前西岸东洲南山北门凤鸣翠湖广福河套虎岗金星锦绣康宁莲塘梅林平安泉水宝塔"
FIRST = [_FIRST[start : start + 2] for start in range(0, len(_FIRST), 2)]
SUBDISTRICTS = [_SUBDISTRICTS[start : start + 2] for start in range(0, 40, 2)]
SHARES = {
    "convenience_outlet": 0.22, "clinic": 0.11, "canteen": 0.1, "sports": 0.1,
    "service_station": 0.09, "cultural_station": 0.08, "police_room": 0.07,
    "volunteer_point": 0.06, "elderly_care": 0.05, "library": 0.04, "health_centre": 0.02,
    "labour_office": 0.02, "bathhouse": 0.015, "police_station": 0.01, "service_centre": 0.01,
    "cultural_centre": 0.005,
}  # fmt: skip


def build_city(seed: int = 1) -> District:
    """Return the city of a seed as a district in :data:`CRS`."""
    rng = np.random.default_rng(seed)
    shores = _river()
    streets = _streets(rng, shores)
    communities = _communities(rng)
    demand = _homes(rng, streets, shores, communities)
    totals = demand.groupby("community_id")[["population", "pop_65plus", "pop_0_14"]].sum()
    communities = communities.join(totals, on="community_id").fillna(0.0)
    communities["households"] = (communities["population"] / 2.8).round()
    water = gpd.GeoDataFrame({"kind": ["water"], "name": ["明江"]}, geometry=[shores], crs=CRS)
    layers = {
        "communities": communities,
        "streets": streets,
        "demand": demand,
        "facilities": _facilities(rng, demand),
        "candidates": _candidates(rng, demand),
        "barriers": water.assign(barrier_id="b1"),
        "context": pd.concat([water, _buildings(rng, demand), _parks(rng)], ignore_index=True),
    }
    source = f"synthetic, city.py seed {seed}"
    credit = "Large city, synthetic: not a real place"
    sources = [Source(name, source, "2026-01-01", "CC0-1.0", credit) for name in layers]
    return District.from_layers("大城 · 明江 (synthetic)", layers, sources=sources, synthetic=True)


def _river() -> shapely.Polygon:
    x = np.linspace(-2000.0, ACROSS * SIDE_M + 2000.0, 160)
    y = 0.47 * UP * SIDE_M + 620.0 * np.sin(x / 1900.0) + 190.0 * np.sin(x / 610.0 + 1.0)
    line = shapely.LineString(np.column_stack([x, y]) + ORIGIN)
    river: shapely.Polygon = line.buffer(RIVER_M / 2, cap_style="flat")
    return river


def _streets(rng: np.random.Generator, river: shapely.Polygon) -> gpd.GeoDataFrame:
    """Return a jittered grid with gaps; of the streets over the river a few stay, as bridges."""
    across, up = int(ACROSS * SIDE_M // BLOCK_M) + 1, int(UP * SIDE_M // BLOCK_M) + 1
    column, row = np.meshgrid(np.arange(across), np.arange(up), indexing="ij")
    nodes = np.column_stack([column.ravel(), row.ravel()]) * BLOCK_M
    nodes = nodes + rng.normal(0.0, 7.0, nodes.shape) + ORIGIN
    number = np.arange(across * up).reshape(across, up)
    pairs, classes, names = [], [], []
    for ends, lines, word in (
        ((number[:-1], number[1:]), np.broadcast_to(np.arange(up), (across - 1, up)), "路"),
        ((number[:, :-1], number[:, 1:]), np.arange(across)[:, None] + 0 * row[:, 1:], "街"),
    ):
        pairs.append(np.column_stack([ends[0].ravel(), ends[1].ravel()]))
        classes.append(lines.ravel())
        names.append(_street_names(rng, int(lines.max()) + 1, word)[lines.ravel()])
    pair, line = np.concatenate(pairs), np.concatenate(classes)
    highway = np.select([line % 16 == 8, line % 8 == 4], ["primary", "secondary"], "residential")
    shapes = shapely.linestrings(nodes[pair])
    shapely.prepare(river)
    wet = shapely.intersects(river, shapes)
    minor = highway == "residential"
    kept = ~(minor & (rng.random(len(pair)) < 0.13)) & ~(wet & minor)
    crossing = np.flatnonzero(wet & ~minor & (np.arange(len(pair)) >= len(pairs[0])))
    lines = np.unique(line[crossing])
    bridging = lines[np.linspace(0, len(lines) - 1, BRIDGES).astype(int)]
    bridge = wet & np.isin(line, bridging) & (np.arange(len(pair)) >= len(pairs[0]))
    kept = (kept & ~wet) | bridge
    return gpd.GeoDataFrame(
        {
            "street_id": [f"s{each:05d}" for each in range(int(kept.sum()))],
            "name": np.concatenate(names)[kept],
            "highway": highway[kept],
            "bridge": bridge[kept],
            "layer": bridge[kept].astype(int),
        },
        geometry=shapes[kept],
        crs=CRS,
    )


def _street_names(rng: np.random.Generator, count: int, word: str) -> npt.NDArray[np.object_]:
    stems = rng.permutation([a + b for a in FIRST for b in ("", *SECOND)])[:count]
    return np.array([stem + word for stem in stems], dtype=object)


def _communities(rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return areas that share their corners, numbered by subdistrict."""
    column, row = np.meshgrid(np.arange(ACROSS + 1), np.arange(UP + 1), indexing="ij")
    corners = np.stack([column, row], axis=-1) * SIDE_M + rng.normal(0, 55.0, (*column.shape, 2))
    corners += ORIGIN
    names = rng.permutation([a + b for a in FIRST for b in SECOND])
    rows = []
    for number, (i, j) in enumerate(np.ndindex(ACROSS, UP)):
        part = (i * PARTS[0] // ACROSS) * PARTS[1] + j * PARTS[1] // UP
        ring = [corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]]
        rows.append((f"9909{part:02d}{number:06d}", f"{names[number]}社区", part, ring))
    return gpd.GeoDataFrame(
        {
            "community_id": [each[0] for each in rows],
            "name": [each[1] for each in rows],
            "subdistrict": [f"{SUBDISTRICTS[each[2]]}街道" for each in rows],
        },
        geometry=[shapely.Polygon(each[3]) for each in rows],
        crs=CRS,
    )


def _homes(
    rng: np.random.Generator,
    streets: gpd.GeoDataFrame,
    river: shapely.Polygon,
    communities: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Return homes along the streets, denser towards the middle."""
    lines = streets.geometry.to_numpy()[~streets["bridge"].to_numpy()]
    middle = shapely.get_coordinates(shapely.centroid(lines))
    centre = ORIGIN + np.array([ACROSS, UP]) * SIDE_M / 2
    away = np.hypot(*(middle - centre).T) / (UP * SIDE_M / 2)
    chance = np.exp(-0.9 * away**2) * rng.uniform(0.4, 1.6, len(lines))
    chosen = rng.choice(len(lines), size=int(HOMES * 1.1), p=chance / chance.sum())
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)[chosen]
    along = rng.random(len(chosen))[:, None]
    way = ends[:, 1] - ends[:, 0]
    side = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
    away_m = rng.choice([-1.0, 1.0], len(chosen)) * rng.uniform(9.0, 30.0, len(chosen))
    places = ends[:, 0] + along * way + side * away_m[:, None]
    points = shapely.points(places)
    dry = points[~shapely.intersects(river, points)]
    tree = shapely.STRtree(communities.geometry.to_numpy())
    home, community = tree.query(dry, predicate="within")
    homes, community = dry[home][:HOMES], community[:HOMES]
    people = np.maximum(1.0, rng.gamma(1.3, 7.0, len(homes)).round())
    return gpd.GeoDataFrame(
        {
            "demand_id": [f"d{each:06d}" for each in range(len(homes))],
            "community_id": communities["community_id"].to_numpy()[community],
            "population": people,
            "pop_65plus": rng.binomial(people.astype(int), 0.17).astype(float),
            "pop_0_14": rng.binomial(people.astype(int), 0.14).astype(float),
        },
        geometry=homes,
        crs=CRS,
    )


def _facilities(rng: np.random.Generator, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kinds = builtin_kinds()
    names = list(SHARES)
    share = np.array(list(SHARES.values()))
    kind = rng.choice(names, FACILITIES, p=share / share.sum())
    stems = rng.choice([a + b for a in FIRST for b in SECOND], FACILITIES)
    return gpd.GeoDataFrame(
        {
            "facility_id": [f"f{each:05d}" for each in range(FACILITIES)],
            "name": [stem + kinds[each].zh for stem, each in zip(stems, kind, strict=True)],
            "kind": kind,
            "status": rng.choice(["existing", "planned"], FACILITIES, p=[0.97, 0.03]),
            "ownership": rng.choice(["public", "internal"], FACILITIES, p=[0.96, 0.04]),
            "capacity": rng.integers(5, 60, FACILITIES).astype(float),
            "opening_hours": rng.choice(
                ["Mo-Fr 08:30-17:30", "Mo-Su 08:00-18:00", "24/7"], FACILITIES, p=[0.5, 0.4, 0.1]
            ),
        },
        geometry=_near(rng, demand, FACILITIES),
        crs=CRS,
    )


def _candidates(rng: np.random.Generator, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "candidate_id": [f"c{each:04d}" for each in range(CANDIDATES)],
            "name": [f"备选点 {each:04d}" for each in range(CANDIDATES)],
            "cost": rng.integers(40, 300, CANDIDATES).astype(float),
            "floor_area_m2": rng.integers(60, 600, CANDIDATES).astype(float),
        },
        geometry=_near(rng, demand, CANDIDATES),
        crs=CRS,
    )


def _near(
    rng: np.random.Generator, demand: gpd.GeoDataFrame, count: int
) -> npt.NDArray[np.object_]:
    """Return places beside as many homes, of which no two share one."""
    rows = rng.choice(len(demand), count, replace=False)
    beside: npt.NDArray[np.object_] = shapely.points(
        shapely.get_coordinates(demand.geometry.to_numpy()[rows]) + rng.normal(0, 2.0, (count, 2))
    )
    return beside


def _buildings(rng: np.random.Generator, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = rng.choice(len(demand), BUILDINGS, replace=False)
    x, y = shapely.get_coordinates(demand.geometry.to_numpy()[rows]).T
    width, depth = rng.uniform(5.0, 14.0, (2, BUILDINGS))
    shapes = shapely.box(x - width, y - depth / 2, x + width, y + depth / 2)
    return gpd.GeoDataFrame(
        {"kind": ["building"] * BUILDINGS, "name": ""}, geometry=shapes, crs=CRS
    )


def _parks(rng: np.random.Generator) -> gpd.GeoDataFrame:
    x, y = (rng.random((60, 2)) * [ACROSS * SIDE_M, UP * SIDE_M] + ORIGIN).T
    shapes = shapely.buffer(shapely.points(x, y), rng.uniform(60.0, 260.0, 60), quad_segs=5)
    return gpd.GeoDataFrame({"kind": ["green"] * 60, "name": ""}, geometry=shapes, crs=CRS)


def main() -> None:
    """Write the city and say what is in it."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    began = time.perf_counter()
    city = build_city(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    file = write_district(city, Path(sys.argv[1]))
    counts = ", ".join(f"{len(layer):,} {name}" for name, layer in city.layers.items())
    print(f"{file}: {counts}; {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
