"""Facilities: where they stand and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point

from demo.blocks import Town
from demo.landscape import Landscape
from demo.names import FACILITY
from demo.people import nearest_community
from demo.shapes import on_grid
from demo.walk import Places, Walk
from planner.district import builtin_kinds, builtin_standards

STANDARD = "gb50180-2018"
LIMIT_M = {kind: rule.limit_m for kind, rule in builtin_standards()[STANDARD].rules.items()}
MARGIN_M = 25.0
"""Nothing planted hangs on less than this: a gap stays one whatever the last metre does."""

SHARE = {
    "clinic": 0.66, "service_station": 0.60, "elderly_care": 0.44, "police_room": 0.74,
    "cultural_station": 0.70, "police_station": 0.62, "service_centre": 0.80,
    "health_centre": 0.76, "cultural_centre": 0.55,
}  # fmt: skip
"""Share of residents that the facilities of a kind are to reach."""

NUMBER = {
    "labour_office": 28, "library": 21, "sports": 18, "canteen": 12, "bathhouse": 4,
    "convenience_outlet": 85, "volunteer_point": 19,
}  # fmt: skip
"""Number of facilities of each kind that no standard judges."""

VISITS_A_DAY = {
    "clinic": 0.012, "service_station": 0.006, "elderly_care": 0.008, "police_room": 0.002,
    "cultural_station": 0.010, "police_station": 0.001, "service_centre": 0.003,
    "health_centre": 0.006, "cultural_centre": 0.005, "labour_office": 0.003, "library": 0.006,
    "sports": 0.02, "canteen": 0.02, "bathhouse": 0.01, "convenience_outlet": 0.05,
    "volunteer_point": 0.002,
}  # fmt: skip
"""Visits a resident makes on an average day: what turns residents into people a day."""

AREA_M2 = {
    "clinic": (70, 260), "service_station": (60, 750), "elderly_care": (120, 700),
    "police_room": (18, 120), "cultural_station": (80, 900), "police_station": (700, 1600),
    "service_centre": (500, 1500), "health_centre": (1200, 2400), "cultural_centre": (1800, 5200),
    "labour_office": (40, 300), "library": (40, 400), "sports": (200, 2400), "canteen": (80, 420),
    "bathhouse": (90, 300), "convenience_outlet": (20, 160), "volunteer_point": (15, 90),
}  # fmt: skip
HOURS = {
    "clinic": {"24/7": 0.7, "Mo-Su 08:00-12:00,14:30-18:00": 0.13, "Mo-Sa 08:00-18:00": 0.12,
               "": 0.05},
    "health_centre": {"24/7": 0.9, "": 0.1},
    "police_station": {"24/7": 1.0},
    "police_room": {"24/7": 0.68, "Mo-Su 08:00-20:00": 0.18, "Mo-Fr 09:00-17:00": 0.1, "": 0.04},
    "service_station": {"Mo-Sa 08:30-12:00,14:00-17:30": 0.45, "Mo-Su 08:30-17:30": 0.25,
                        "Mo-Fr 08:30-12:00,14:00-17:30": 0.24, "": 0.06},
    "service_centre": {"Mo-Sa 08:30-17:30": 0.6, "Mo-Fr 09:00-17:00; Sa 09:00-12:00": 0.4},
    "labour_office": {"Mo-Fr 08:30-12:00,14:00-17:30": 0.92, "": 0.08},
    "library": {"Tu-Su 09:00-17:30": 0.45, "Mo-Su 09:00-21:00": 0.3, "Sa,Su 09:00-17:00": 0.2,
                "": 0.05},
    "cultural_centre": {"Tu-Su 09:00-21:00": 1.0},
    "cultural_station": {"Mo-Su 08:30-21:00": 0.6, "Mo-Fr 09:00-17:30": 0.33, "": 0.07},
    "elderly_care": {"Mo-Fr 08:00-18:00": 0.6, "Mo-Su 07:30-18:00": 0.34, "": 0.06},
    "sports": {"Mo-Su 06:00-22:00": 0.8, "": 0.2},
    "canteen": {"Mo-Su 06:30-09:00,11:00-13:00,17:00-19:00": 1.0},
    "bathhouse": {"Mo-Su 14:00-22:00": 1.0},
    "convenience_outlet": {"Mo-Su 07:00-22:30": 0.7, "24/7": 0.2, "": 0.1},
    "volunteer_point": {"Sa,Su 09:00-17:00": 0.5, "Mo-Fr 09:00-17:00": 0.4, "": 0.1},
}  # fmt: skip
"""Opening hours by kind and how often each is met; empty is unknown."""

SERVICES = {
    "clinic": ["medical_care", "prevention", "health_care", "rehabilitation", "health_education",
               "family_planning"],
    "service_station": ["social_assistance", "floating_population", "elderly_services",
                        "disability_services", "mediation", "certificates"],
    "service_centre": ["social_assistance", "certificates", "social_insurance", "employment",
                       "floating_population"],
    "labour_office": ["job_placement", "training", "pension_registration", "medical_insurance"],
    "elderly_care": ["meals", "day_care", "rehabilitation", "recreation"],
    "library": ["reading", "lending", "homework_room"],
    "health_centre": ["medical_care", "prevention", "health_care", "rehabilitation",
                      "health_education", "family_planning"],
}  # fmt: skip
IN_PLACE = ["body", "premises", "staff", "funds", "system", "work"]
CHECKED = ["labour_office", "service_station", "police_room", "clinic", "library"]
PUBLIC = ["tertiary", "residential", "living_street", "secondary", "pedestrian", "unclassified"]


@dataclass
class Board:
    """Homes, the spots where facilities could stand, and every walk between them."""

    walk: Walk
    homes: gpd.GeoDataFrame
    home_places: Places
    spots: np.ndarray
    inside: np.ndarray
    yard: np.ndarray
    """Block number of the compound whose yard a spot lies in, -1 on public streets."""
    gate: np.ndarray
    """Number of the gate that a spot faces, -1 for none."""
    walked: np.ndarray = field(repr=False)
    straight: np.ndarray = field(repr=False)
    taken: set[int] = field(default_factory=set)
    facilities: list[dict[str, Any]] = field(default_factory=list)
    reserved: list[tuple[str, np.ndarray, bool]] = field(default_factory=list)

    @property
    def people(self) -> np.ndarray:
        """Residents of each home."""
        return self.homes["population"].to_numpy(dtype=float)

    def free(self, kind: str) -> np.ndarray:
        """Return which spots a facility of this kind may take without mending a planted gap."""
        ok = self.yard < 0
        ok[list(self.taken)] = False
        limit = LIMIT_M.get(kind, 0.0) + MARGIN_M
        for reserved, gap, even_straight in self.reserved:
            if reserved == kind:
                measure = self.straight if even_straight else self.walked
                ok &= measure[:, gap].min(axis=1) > limit
        return ok

    def clear(self, kind: str, gap: np.ndarray, *, straight: bool = False) -> bool:
        """Tell whether no facility of the kind that stands already serves any of the homes."""
        stand = [f["spot"] for f in self.facilities if f["kind"] == kind and f["counts"]]
        measure = self.straight if straight else self.walked
        return not stand or measure[np.ix_(stand, gap)].min() > LIMIT_M[kind] + MARGIN_M

    def put(self, kind: str, spot: int, **known: Any) -> int:
        """Set up a facility; return its number."""
        status, ownership = known.get("status", "existing"), known.get("ownership", "public")
        counts = status == "existing" and ownership != "internal"
        self.facilities.append({"kind": kind, "spot": spot, "counts": counts, **known})
        self.taken.add(spot)
        return len(self.facilities) - 1


def make_board(
    walk: Walk, streets: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, town: Town, land: Landscape,
    rng: np.random.Generator,
) -> Board:  # fmt: skip
    """Find the spots along streets, in yards and before gates, and measure all walks."""
    ground = ~(streets["bridge"] | streets["tunnel"]) & (streets.length > 24)
    public = streets[ground & (streets["access"] != "private") & streets["highway"].isin(PUBLIC)]
    xy, yard, gate = [], [], []
    for line in public.geometry:
        xy.append(_beside(line, rng.choice([-1, 1])))
        yard.append(-1)
        gate.append(-1)
    private = streets[ground & (streets["access"] == "private") & (streets["highway"] == "service")]
    walls = [shapely.Polygon(wall) for _, wall in town.walls]
    owner = np.array([number for number, _ in town.walls])
    line_at, wall_at = shapely.STRtree(walls).query(private.geometry.to_numpy(), predicate="within")
    for i, w in zip(line_at.tolist(), wall_at.tolist(), strict=True):
        xy.append(_beside(private.geometry.iloc[i], 1, 5.0))
        yard.append(int(owner[w]))
        gate.append(-1)
    roads = shapely.STRtree(public.geometry.to_numpy())
    for number, g in enumerate(town.gates):
        if g.state == "open":
            continue
        line = public.geometry.iloc[int(roads.nearest(g.outside))]
        foot = line.interpolate(line.project(g.at))
        ahead = np.array([foot.x - g.at.x, foot.y - g.at.y])
        xy.append(tuple(np.array(foot.coords[0]) + ahead / max(np.hypot(*ahead), 1) * 8.0))
        yard.append(-1)
        gate.append(number)
    spots = np.round(np.array(xy), 2)
    yard, gate = np.array(yard), np.array(gate)
    points = shapely.points(spots)
    in_wall = np.zeros(len(spots), dtype=bool)
    in_wall[shapely.STRtree(points).query(walls, predicate="contains")[1]] = True
    ok = ((yard >= 0) == in_wall) & ~shapely.intersects(land.water.buffer(6), points)
    ok &= shapely.contains(land.boundary.buffer(900), points)
    spots, yard, gate = spots[ok], yard[ok], gate[ok]
    places = walk.place(spots)
    ok = (places.edge >= 0) & walk.main[places.edge]
    places, spots, yard, gate = places.take(ok), spots[ok], yard[ok], gate[ok]
    home_xy = shapely.get_coordinates(homes.geometry.to_numpy())
    home_places = walk.place(home_xy)
    walked = walk.distances(places, home_places, limit_m=1600).astype(np.float32)
    straight = np.hypot(*(spots[:, None, :] - home_xy[None]).transpose(2, 0, 1)).astype(np.float32)
    inside = shapely.contains(land.boundary, shapely.points(spots))
    return Board(walk, homes, home_places, spots, inside, yard, gate, walked, straight)


def _beside(line, side: int, away_m: float = 7.5) -> tuple[float, float]:
    a, b = (np.array(line.interpolate(line.length / 2 + d).coords[0]) for d in (-2, 2))
    ahead = (b - a) / np.hypot(*(b - a))
    return tuple((a + b) / 2 + np.array([-ahead[1], ahead[0]]) * side * away_m)


def fill_up(board: Board, rng: np.random.Generator, near_gaps: np.ndarray) -> None:
    """Set up ordinary facilities until each judged kind reaches its share of the residents.

    `near_gaps` marks homes around planted gaps: they are served first, so that a planted gap
    does not melt into an accidental one.
    """
    for kind, share in SHARE.items():
        cover = board.walked <= LIMIT_M[kind]
        served = np.zeros(len(board.homes), dtype=bool)
        for f in board.facilities:
            if f["kind"] == kind and f["counts"]:
                served |= cover[f["spot"]]
        weight = board.people * np.where(near_gaps, 2.5, 1.0)
        while (board.people * served).sum() < share * board.people.sum():
            free = np.flatnonzero(board.free(kind) & board.inside & (board.gate < 0))
            if not len(free):
                break
            tried = rng.choice(free, size=min(70, len(free)), replace=False)
            gain = (cover[tried] & ~served) @ weight
            best = int(tried[int(np.argmax(gain))])
            board.put(kind, best)
            served |= cover[best]
        outside = np.flatnonzero(board.free(kind) & ~board.inside & (board.gate < 0))
        for spot in rng.choice(outside, size=min(3, len(outside)), replace=False):
            board.put(kind, int(spot))
    for kind, number in NUMBER.items():
        free = np.flatnonzero(board.free(kind) & board.inside & (board.gate < 0))
        crowd = (board.straight[free] < 250) @ board.people + 50
        for spot in rng.choice(free, size=number, replace=False, p=crowd / crowd.sum()):
            partner = kind in ("canteen", "convenience_outlet", "sports") and rng.random() < 0.5
            board.put(kind, int(spot), ownership="partner" if partner else "public")
    _not_in_use(board, rng)
    _inside_units(board)


def _not_in_use(board: Board, rng: np.random.Generator) -> None:
    """Add a few facilities that are planned or closed: they serve nobody today."""
    for kind, status in [("clinic", "planned"), ("elderly_care", "planned"), ("library", "closed"),
                         ("service_station", "planned"), ("cultural_station", "closed"),
                         ("police_room", "closed"), ("elderly_care", "planned")]:  # fmt: skip
        spots = np.flatnonzero(board.free(kind) & board.inside & (board.gate < 0))
        board.put(kind, int(rng.choice(spots)), status=status)


def _inside_units(board: Board) -> None:
    """Give work units canteens, bathhouses and grounds of their own, shut to outsiders."""
    kinds = ["canteen", "bathhouse", "sports", "library", "canteen", "bathhouse"]
    use = board.homes.groupby("block")["use"].first()
    units = [b for b in np.unique(board.yard) if use.get(b) == "unit"] or list(
        np.unique(board.yard)[1:]
    )
    for number, block in enumerate(units[:10]):
        spots = [s for s in np.flatnonzero(board.yard == block) if s not in board.taken]
        for kind, spot in zip((kinds[number % 6], kinds[(number + 1) % 6]), spots, strict=False):
            board.put(kind, int(spot), ownership="internal")


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 in Chinese.

    Examples
    --------
    >>> chinese_number(9), chinese_number(11), chinese_number(20)
    ('九', '十一', '二十')
    """
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    told = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + digits[ones]
    return told.strip()


def facility_layer(
    board: Board, communities: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return the facilities layer: each with name, hours, services, floor area, capacity."""
    loads = _catchments(board)
    rows, seen = [], {}
    community = communities.set_index("community_id")
    department = {kind: builtin_kinds()[kind].department for kind in builtin_kinds()}
    for number, f in enumerate(board.facilities):
        kind = f["kind"]
        at = Point(board.spots[f["spot"]])
        home = community.loc[nearest_community(communities, at)]
        label, label_en = FACILITY[kind]
        count = seen[home.name, kind] = seen.get((home.name, kind), 0) + 1
        zh = (
            home["name"].removesuffix("社区")
            + label
            + (f"（{chinese_number(count)}）" if count > 1 else "")
        )
        en = (
            home["name_en"].removesuffix(" Community")
            + " "
            + label_en
            + (f" {count}" if count > 1 else "")
        )
        if f.get("ownership") == "internal":
            zh, en = f"{zh}（单位内部）", f"{en} (internal)"
        hours, odds = list(HOURS[kind]), list(HOURS[kind].values())
        low, high = AREA_M2[kind]
        capacity = np.ceil(
            max(loads[number], 400) * VISITS_A_DAY[kind] * f.get("room", rng.uniform(1.2, 2.0))
        )
        if "room" not in f and rng.random() < 0.05:
            capacity = np.nan
        rows.append(
            {
                "facility_id": f"f{number + 1:04d}", "name": zh, "name_en": en, "kind": kind,
                "status": f.get("status", "existing"), "ownership": f.get("ownership", "public"),
                "department": department[kind],
                "floor_area_m2": float(round(np.exp(rng.uniform(np.log(low), np.log(high))))),
                "capacity": capacity,
                "capacity_residents": np.round(capacity / VISITS_A_DAY[kind]),
                "opening_hours": f.get("hours", str(rng.choice(hours, p=odds))),
                "services": f.get("services", _some(SERVICES.get(kind, []), rng)),
                "in_place": _some(IN_PLACE, rng) if kind in CHECKED else "",
                "community_id": home.name if board.inside[f["spot"]] else "",
                "source": "synthetic",
                "geometry": on_grid(at),
            }
        )  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry")


def _some(words: list[str], rng: np.random.Generator) -> str:
    """Return all the words mostly, sometimes all but one or two, seldom nothing known."""
    if rng.random() < 0.05:
        return ""
    missing = int(rng.choice([0, 1, 2], p=[0.62, 0.26, 0.12])) if len(words) > 2 else 0
    left_out = set(rng.choice(words, size=missing, replace=False)) if missing else set()
    return ";".join(word for word in words if word not in left_out)


def _catchments(board: Board) -> np.ndarray:
    """Return the residents for whom each open facility is the nearest of its kind."""
    load = np.zeros(len(board.facilities))
    for kind in {f["kind"] for f in board.facilities}:
        numbers = [i for i, f in enumerate(board.facilities) if f["kind"] == kind and f["counts"]]
        walked = board.walked[[board.facilities[i]["spot"] for i in numbers]]
        nearest = np.argmin(walked, axis=0)
        reached = walked.min(axis=0) <= LIMIT_M.get(kind, 1000.0)
        load[numbers] = np.bincount(nearest[reached], board.people[reached], minlength=len(numbers))
    return load


def candidate_layer(board: Board, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return sites where facilities could be built, with their cost in 10 000 yuan."""
    free = np.array(
        [s for s in np.flatnonzero(board.inside & (board.yard < 0)) if s not in board.taken]
    )
    crowd = (board.straight[free] < 300) @ board.people + 200
    chosen = np.sort(rng.choice(free, size=90, replace=False, p=crowd / crowd.sum()))
    area = np.round(np.exp(rng.uniform(np.log(70), np.log(2600), len(chosen))), -1)
    price = rng.uniform(0.35, 0.75, len(chosen))
    small = "clinic;police_room;service_station;labour_office;library;elderly_care;cultural_station"
    kinds = np.select(
        [area < 130, area < 800],
        ["police_room;clinic;library;labour_office;volunteer_point", small],
        "",
    )
    table = {
        "candidate_id": [f"c{i:03d}" for i in range(1, len(chosen) + 1)],
        "name": [f"备选点 {i:03d}" for i in range(1, len(chosen) + 1)],
        "name_en": [f"Candidate site {i:03d}" for i in range(1, len(chosen) + 1)],
        "cost": np.round(30 + area * price),
        "floor_area_m2": area,
        "kinds": kinds,
        "required": False,
        "forbidden": rng.random(len(chosen)) < 0.04,
        "source": "synthetic",
    }
    return gpd.GeoDataFrame(table, geometry=shapely.points(board.spots[chosen]))
