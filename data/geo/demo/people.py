"""Residents in their buildings, and the communities drawn around them."""

from __future__ import annotations

from collections import defaultdict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point, Polygon
from shapely.ops import polygonize

from demo.blocks import Building
from demo.landscape import Landscape
from demo.names import COMMUNITIES, SUBDISTRICTS
from demo.plan import Plan, Zoning
from demo.shapes import GRID_M, on_grid

RESIDENTS = 120_000
COMMUNITY_COUNT = 30
GROUPS = ["pop_65plus", "pop_0_14", "pop_floating", "pop_disabled", "pop_low_income"]
SHARES = {
    "house": (0.21, 0.12, 0.14, 0.028, 0.05),
    "slab": (0.16, 0.15, 0.10, 0.022, 0.03),
    "unit": (0.25, 0.11, 0.05, 0.030, 0.05),
    "estate": (0.09, 0.20, 0.09, 0.012, 0.008),
    "hamlet": (0.30, 0.10, 0.02, 0.030, 0.09),
}
"""Share of each group of :data:`GROUPS` among the residents of each kind of building."""

CROWDING = {"house": 1.0, "slab": 1.0, "unit": 1.1, "estate": 0.85, "hamlet": 0.5}


def demand_layer(
    buildings: list[Building], land: Landscape, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """House the residents: one point a building within the boundary, without a community yet."""
    shapely.prepare(land.boundary)
    homes = [b for b in buildings if b.homes and land.boundary.contains(b.shape)]
    floor = np.array([b.shape.area * min(b.storeys, 10) * CROWDING[b.use] for b in homes])
    floor = floor * rng.uniform(0.8, 1.2, len(floor))
    people = np.maximum(np.round(floor / floor.sum() * RESIDENTS), 3).astype(int)
    columns = {}
    mood = defaultdict(lambda: rng.uniform(0.75, 1.3, len(GROUPS)))
    moods = np.array([mood[b.block] for b in homes])
    for i, group in enumerate(GROUPS):
        share = np.array([SHARES[b.use][i] for b in homes]) * moods[:, i]
        columns[group] = rng.binomial(people, share)
    return gpd.GeoDataFrame(
        {
            "demand_id": [f"d{i:05d}" for i in range(1, len(homes) + 1)],
            "community_id": "",
            "population": people,
            **columns,
            "use": [b.use for b in homes],
            "block": [b.block for b in homes],
            "source": "synthetic",
        },
        geometry=[on_grid(b.shape.centroid) for b in homes],
    )


def _faces(plan: Plan, land: Landscape) -> list[Polygon]:
    """Return the areas between streets, rivers and railway: what communities are made of."""
    edges = [*plan.major, *land.river_lines.values(), land.railway, land.boundary.exterior]
    noded = shapely.unary_union([on_grid(line) for line in edges], grid_size=GRID_M)
    return [
        face for face in polygonize(noded) if land.boundary.contains(face.representative_point())
    ]


def _neighbours(faces: list[Polygon]) -> dict[int, dict[int, float]]:
    a, b = shapely.STRtree(faces).query(faces, predicate="intersects")
    shared = shapely.length(shapely.intersection(np.array(faces)[a], np.array(faces)[b]))
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for i, j, length in zip(a.tolist(), b.tolist(), shared.tolist(), strict=True):
        if i != j and length > 1.0:
            near[i][j] = length
    return near


def _subdistrict(face: Polygon, zoning: Zoning, land: Landscape) -> int:
    at = face.representative_point()
    side = zoning.side(at)
    if side != "peninsula":
        return 3 if side == "west" else 4
    if zoning.zone(at) == "old" or land.frame.drawn(np.array([[at.x, at.y]]))[0, 1] > -120:
        return 0
    xy = land.frame.drawn(np.array([[at.x, at.y]]))[0]
    rail = land.frame.drawn(np.asarray(land.railway.coords))
    return 1 if xy[1] > np.interp(xy[0], rail[:, 0], rail[:, 1]) else 2


def _split(faces: np.ndarray, xy: np.ndarray, people: np.ndarray, count: int) -> np.ndarray:
    """Share faces out among `count` compact groups of about equal population."""
    seeds = xy[faces[[int(np.argmax(people[faces]))]]]
    while len(seeds) < count:
        far = np.min(np.hypot(*(xy[faces, None] - seeds).transpose(2, 0, 1)), axis=1)
        seeds = np.r_[seeds, xy[[faces[int(np.argmax(far * np.sqrt(people[faces] + 1)))]]]]
    push = np.zeros(count)
    for _ in range(120):
        away = ((xy[faces, None] - seeds) ** 2).sum(axis=2) + push
        member = np.argmin(away, axis=1)
        load = np.bincount(member, weights=people[faces], minlength=count)
        push += 9000 * (load / max(load.mean(), 1) - 1)
        for k in range(count):
            mine = faces[member == k]
            if people[mine].sum() > 0:
                seeds[k] = np.average(xy[mine], axis=0, weights=people[mine] + 1)
    return member


def _seats(share: np.ndarray, count: int) -> np.ndarray:
    """Give each subdistrict its number of communities, by largest remainder, three at least."""
    exact = share / share.sum() * count
    seats = np.maximum(np.floor(exact), 3).astype(int)
    while seats.sum() < count:
        seats[int(np.argmax(exact - seats))] += 1
    return np.minimum(seats, [len(names) for names in COMMUNITIES])


def _in_one_piece(
    label: np.ndarray, near: dict[int, dict[int, float]], people: np.ndarray
) -> np.ndarray:
    """Give faces cut off from their community to the neighbour with the longest common border."""
    label = label.copy()
    for _ in range(20):
        strays = []
        for k in np.unique(label):
            left = set(np.flatnonzero(label == k).tolist())
            parts = []
            while left:
                part, todo = set(), [min(left)]
                while todo:
                    i = todo.pop()
                    if i in part:
                        continue
                    part.add(i)
                    todo += [j for j in near[i] if j in left and j not in part]
                parts.append(part)
                left -= part
            parts.sort(key=lambda part: (-people[list(part)].sum(), -len(part)))
            strays += [i for part in parts[1:] for i in sorted(part)]
        if not strays:
            break
        for i in strays:
            border: dict[int, float] = defaultdict(float)
            for j, length in near[i].items():
                if label[j] != label[i]:
                    border[int(label[j])] += length
            if border:
                label[i] = max(sorted(border), key=lambda k: border[k])
    return label


def communities_layer(
    plan: Plan, land: Landscape, demand: gpd.GeoDataFrame, rng: np.random.Generator
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Draw communities along streets, rivers and railway; return them and the demand in them."""
    faces = _faces(plan, land)
    zoning = Zoning.of(land)
    home_face = shapely.STRtree(faces).query_nearest(demand.geometry.to_numpy(), all_matches=False)[
        1
    ]
    people = np.bincount(home_face, weights=demand["population"], minlength=len(faces))
    part = np.array([_subdistrict(face, zoning, land) for face in faces])
    near = _neighbours(faces)
    xy = np.array([face.centroid.coords[0] for face in faces])
    share = np.bincount(part, weights=people, minlength=5)
    count = _seats(share, COMMUNITY_COUNT)
    label = np.full(len(faces), -1)
    for s in range(5):
        mine = np.flatnonzero(part == s)
        label[mine] = s * 100 + _split(mine, xy, people, int(count[s]))
    label = _in_one_piece(label, near, people)
    rows, code = [], np.full(len(faces), "", dtype=object)
    for s in range(5):
        order = sorted(
            np.unique(label[label // 100 == s]), key=lambda k: -xy[label == k][:, 1].mean()
        )
        for number, k in enumerate(order, start=1):
            mine = np.flatnonzero(label == k)
            name, name_en = COMMUNITIES[s][number - 1]
            community_id = f"990702{s + 1:03d}{number:03d}"
            code[mine] = community_id
            rows.append(
                {
                    "community_id": community_id,
                    "name": f"{name}社区",
                    "name_en": f"{name_en} Community",
                    "subdistrict": SUBDISTRICTS[s][0],
                    "subdistrict_en": SUBDISTRICTS[s][1],
                    "geometry": shapely.coverage_union_all([faces[i] for i in mine]),
                }
            )
    demand = demand.assign(community_id=code[home_face])
    table = gpd.GeoDataFrame(rows, geometry="geometry")
    sums = demand.groupby("community_id")[["population", *GROUPS]].sum()
    table = table.merge(sums.reset_index(), on="community_id", how="left")
    size = pd.Series(rng.uniform(2.5, 3.1, len(table)))
    table["households"] = (table["population"] / size).round()
    columns = ["community_id", "name", "name_en", "subdistrict", "subdistrict_en", "population",
               "households", *GROUPS, "geometry"]  # fmt: skip
    return table[columns], demand


def nearest_community(communities: gpd.GeoDataFrame, at: Point) -> str:
    """Return the community that a place lies in, or the nearest one."""
    return str(communities["community_id"].iloc[int(communities.distance(at).argmin())])
