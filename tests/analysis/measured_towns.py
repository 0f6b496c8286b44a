"""A town with everything that measures must cope with, at random."""

from functools import cache

import geopandas as gpd
import numpy as np
import shapely

from planner.district import District, builtin_kinds
from planner.district.standards.standards import Rule, Standard

CRS = "EPSG:32650"
SIZE = 7
STEP = 120.0
HOURS = ["24/7", "Mo-Fr 08:00-18:00", "Sa,Su 09:00-17:00", "", "ask the porter", "24/7"]
KINDS = ["clinic"] * 6 + ["police_room"] * 3 + ["library"] * 2

STANDARD = Standard(
    id="test",
    en="Test",
    zh="测试",
    source="made up",
    rules={
        "clinic": Rule("clinic", 300.0),
        "police_room": Rule("police_room", 420.0, limit_s=350.0),
        "bathhouse": Rule("bathhouse", 500.0),
    },
)
STRAIGHT = Standard(**{**vars(STANDARD), "id": "straight", "measure": "straight"})


def lines() -> list[shapely.LineString]:
    """A grid of streets with a river through it (one bridge), and a loose street beside it."""
    found = []
    for i in range(SIZE):
        for j in range(SIZE):
            x, y = i * STEP, j * STEP
            if i + 1 < SIZE and (i != 2 or j == 0):
                found.append([(x, y), (x + STEP, y)])
            if j + 1 < SIZE:
                found.append([(x, y), (x, y + STEP)])
    east = STEP * (SIZE - 1)
    found.append([(east + 20, 100), (east + 200, 100)])
    return [shapely.LineString(line) for line in found]


def random_town(seed: int, **changed) -> District:
    """Homes of known and unknown people, one far from any street, facilities known in part.

    Columns of the facilities may be set otherwise.
    """
    return _made(seed, **changed) if changed else _as_it_is(seed)


@cache
def _as_it_is(seed: int) -> District:
    return _made(seed)


def _made(seed: int, **changed) -> District:
    rng = np.random.default_rng(seed)
    streets, side = lines(), STEP * (SIZE - 1)
    homes = rng.uniform(0, side, (70, 2)).round(2)
    homes[0] = (-900, -900)
    homes[1:4] = [(side + 60, 104), (side + 120, 93), (side + 190, 110)]
    people = rng.integers(1, 60, 70).astype(float)
    old = np.where(rng.random(70) < 0.1, np.nan, np.floor(people * rng.uniform(0, 0.5, 70)))
    places = rng.uniform(0, side, (len(KINDS), 2)).round(2)
    places[1] = places[0]
    capacity = rng.integers(5, 80, len(KINDS)).astype(float)
    capacity[2] = np.nan
    columns = {
        "facility_id": [f"f{n}" for n in range(len(KINDS))],
        "kind": KINDS,
        "ownership": ["internal" if n == 4 else "public" for n in range(len(KINDS))],
        "capacity": capacity,
        "opening_hours": rng.choice(HOURS, len(KINDS)),
        **changed,
    }
    west = homes[:, 0] < side / 2
    rise = rng.uniform(0, 8, len(streets)).round(1)

    def frame(shapes, **values) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(values, geometry=list(shapes), crs=CRS)

    layers = {
        "streets": frame(
            streets,
            street_id=[f"s{n}" for n in range(len(streets))],
            ascent_m=rise,
            descent_m=rise[::-1].copy(),
        ),
        "communities": frame(
            [shapely.box(-50, -50, side / 2, side + 50), shapely.box(side / 2, -50, 2000, 900)],
            community_id=["1", "2"],
            name=["West", "East"],
            subdistrict=["A", "B"],
        ),
        "demand": frame(
            shapely.points(homes),
            demand_id=[f"d{n}" for n in range(70)],
            community_id=np.where(west, "1", "2"),
            population=people,
            pop_65plus=old,
        ),
        "facilities": frame(shapely.points(places), **columns),
    }
    return District.from_layers("Random", layers, complete=builtin_kinds())
