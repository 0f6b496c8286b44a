"""The town plan: arterial roads, bridges, and the blocks that streets cut out of the land."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, substring

from demo.landscape import Landscape
from demo.names import NamePool
from demo.shapes import XY, extend, halve, lines, on_grid, polygons, smooth

BANK_M = 30.0
"""The riverside road lies this far from the water; the creek's paths lie at less than half."""
CREEK_BANK_M = 13.0
FLYOVER_M = 95.0
"""Bridges that pass over the riverside road come down this far from the water."""

RANK = {
    "primary": 0, "secondary": 1, "tertiary": 2, "unclassified": 3, "residential": 4,
    "living_street": 5, "service": 6, "pedestrian": 7, "track": 8, "footway": 9, "path": 10,
    "steps": 11,
}  # fmt: skip


@dataclass
class Road:
    """A drawn road before it is split at junctions; `level` tells bridges and tunnels apart."""

    line: LineString
    highway: str
    name: str = ""
    name_en: str = ""
    level: str = "ground"
    access: str = ""


@dataclass
class Block:
    """A piece of land between streets and what it is used for."""

    shape: Polygon
    zone: str
    use: str
    name: str = ""
    name_en: str = ""


@dataclass
class Plan:
    """Roads and blocks."""

    roads: list[Road]
    blocks: list[Block]
    major: list[LineString] = field(default_factory=list)
    """Lines that communities may have as borders."""


@dataclass(frozen=True)
class Arterial:
    """A hand-drawn main road. `over` says how it meets water, `rail` how it meets the railway."""

    zh: str
    en: str
    highway: str
    points: list[XY]
    over: str = "bank"
    rail: str = ""


ARTERIALS = [
    # the peninsula, north to south
    Arterial("中轴路", "Axis Road", "primary",
             [(10, 1360), (20, 900), (30, 300), (10, -160), (-30, -800), (-10, -1300), (20, -1900),
              (60, -2500), (0, -3100), (40, -3900)], rail="tunnel"),
    Arterial("西城路", "West City Road", "secondary",
             [(-560, 870), (-590, 400), (-610, -110), (-680, -800), (-740, -1225)]),
    Arterial("东城路", "East City Road", "secondary",
             [(520, 820), (560, 400), (590, -110), (660, -760), (690, -1350), (760, -2000),
              (700, -2650), (900, -3400)], rail="bridge"),
    Arterial("工业路", "Industry Road", "secondary",
             [(-2300, -3800), (-2050, -3000), (-1700, -2300), (-1230, -2020), (-600, -1960),
              (20, -1930), (760, -1990), (1500, -2500), (2300, -3500)]),
    Arterial("厂前路", "Works Road", "secondary",
             [(-740, -1940), (-760, -2500), (-900, -3100), (-800, -3800)]),
    # the peninsula, west to east, over the bridges
    Arterial("古城大道", "Old City Avenue", "primary",
             [(-3900, -650), (-3300, -350), (-2650, 60), (-2150, 190), (-1750, 60), (-1300, 20),
              (-600, -110), (0, -160), (600, -110), (1160, 10), (1600, 210), (2300, 330),
              (3100, 420),
              (4000, 300)], over="flyover"),
    Arterial("长征路", "Changzheng Road", "secondary",
             [(-2480, -930), (-2070, -830), (-1500, -770), (-680, -790), (0, -800), (660, -760),
              (1450, -560), (1830, -330),
              (2400, -100), (3000, -150), (4000, -500)]),
    Arterial("站前路", "Station Road", "secondary",
             [(-1560, -1190), (-740, -1225), (0, -1180), (690, -1220), (1300, -1400),
              (1930, -1180)]),
    Arterial("解放街", "Jiefang Street", "tertiary",
             [(-1180, 420), (-590, 400), (30, 380), (560, 400), (1020, 430)]),
    Arterial("书院街", "Academy Street", "tertiary",
             [(-700, 790), (-300, 830), (20, 850), (420, 830), (800, 800)]),
    # the west bank
    Arterial("西岸大道", "West Bank Avenue", "primary",
             [(-700, 4000), (-600, 3100), (-560, 2450), (-800, 1780), (-1180, 1180), (-1560, 640),
              (-1750, 60),
              (-1960, -420), (-2070, -830), (-2230, -1220), (-2500, -1650), (-3300, -2250),
              (-4100, -2700)],
             rail="bridge"),
    Arterial("桃溪路", "Taoxi Road", "secondary",
             [(-330, 1660), (-800, 1780), (-1350, 1650), (-1900, 1500), (-2600, 1700),
              (-3600, 2000)]),
    Arterial("云岭路", "Yunling Road", "tertiary",
             [(-1560, 640), (-2000, 1060), (-2150, 1520)]),
    # the east bank
    Arterial("东洲大道", "Dongzhou Avenue", "primary",
             [(650, 4000), (680, 3200), (640, 2500), (800, 1800), (1080, 1250), (1420, 720),
              (1600, 210),
              (1830, -330), (2250, -800), (3000, -1030), (4000, -1300)]),
    Arterial("凤鸣路", "Fengming Road", "secondary",
             [(2350, 3900), (2250, 2600), (2150, 1700), (2250, 1000), (2300, 330), (2400, -100),
              (2250, -800)]),
    Arterial("渔湾路", "Fisher Bay Road", "secondary",
             [(780, 1010), (1180, 1060), (1700, 1010), (2250, 1000), (3000, 1250), (3900, 1200)]),
    Arterial("三江大桥路", "Three Rivers Bridge Road", "primary",
             [(-3000, 3100), (-1600, 2500), (-600, 2080), (-200, 1990), (60, 1960), (420, 1930),
              (760, 1900), (1400, 1880), (2150, 1700),
              (3000, 2100), (3600, 2600)], over="flyover"),
]  # fmt: skip
LANES_IN_HILLS = [
    ("云岭盘山道", "Yunling Hill Road", "unclassified",
     [(-2150, 190), (-2330, 40), (-2230, -120), (-2440, -210), (-2330, -390), (-2560, -450),
      (-2480, -640), (-2690, -700), (-2600, -880), (-2500, -990)]),
    ("观音坳路", "Guanyin Pass Road", "unclassified",
     [(-2560, -450), (-2760, -330), (-2700, -130), (-2950, -60), (-2860, 110), (-3080, 160)]),
    ("西坑路", "Xikeng Road", "track",
     [(-2440, -210), (-2530, -100), (-2470, -30), (-2560, 60)]),
]  # fmt: skip
HILL_PATHS = [
    ("登云步道", "Dengyun Steps", [(-1960, -310), (-2040, -340), (-2180, -300), (-2330, -390)]),
    ("望江步道", "River View Steps", [(-1800, 40), (-1930, 20), (-2080, -60), (-2230, -120)]),
    ("云岭顶小径", "Yunling Summit Path", [(-2560, -450), (-2700, -400), (-2830, -300),
    (-2950, -240)]),
]  # fmt: skip
STEEP = 0.13
"""Paths steeper than this are stairs."""
PONTOON = [(800, 560), (1400, 800)]
"""A line across the east river; the bridge is its part between the riverside roads."""
TARGET_M2 = {
    "old": 13_000, "quarter": 30_000, "estate": 50_000, "industry": 62_000, "hill": 9e9,
    "field": 190_000,
}  # fmt: skip
USES = {
    "old": {"old": 0.84, "commerce": 0.07, "school": 0.04, "park": 0.05},
    "quarter": {"slabs": 0.56, "walled": 0.22, "school": 0.07, "commerce": 0.09, "park": 0.06},
    "estate": {"walled": 0.66, "slabs": 0.1, "school": 0.07, "commerce": 0.09, "park": 0.08},
    "industry": {"works": 0.5, "unit": 0.42, "slabs": 0.08},
    "hill": {"hill": 1.0},
    "field": {"field": 0.72, "village": 0.28},
}


@dataclass(frozen=True)
class Zoning:
    """Which part of town a place lies in."""

    land: Landscape
    sides: dict[str, BaseGeometry]

    @classmethod
    def of(cls, land: Landscape) -> Zoning:
        """Tell the three banks apart."""
        rivers = shapely.union_all([land.rivers[name] for name in ("西江", "东江", "三江")])
        dry = land.extent.buffer(200).difference(rivers)
        anchors = {"peninsula": (0, 0), "west": (-2200, 1000), "east": (2000, 900)}
        sides = {}
        for name, xy in anchors.items():
            at = Point(land.frame.place([xy], fixed=True)[0])
            sides[name] = next(part for part in polygons(dry) if part.contains(at))
        return cls(land, sides)

    def side(self, at: Point) -> str:
        """Return ``peninsula``, ``west`` or ``east``: the bank that is nearest."""
        return min(self.sides, key=lambda name: self.sides[name].distance(at))

    def zone(self, at: Point) -> str:
        """Return the zone, a key of :data:`USES`."""
        x, y = self.land.frame.drawn(np.array([[at.x, at.y]]))[0]
        steep = self.land.elevation_m(np.array([[at.x, at.y]]))[0] > 132
        side = self.side(at)
        if steep or (side == "west" and x < -2120 and -900 < y < 120):
            return "hill"
        if self.land.boundary.buffer(60).distance(at) > 0:
            return "field"
        if side == "peninsula":
            if y > -130:
                return "old"
            if y > -1290:
                return "quarter"
            return "industry" if abs(x) < 800 and y > -1960 else "quarter"
        return "estate" if side == "east" or y < 700 else "quarter"


def _bank(land: Landscape) -> BaseGeometry:
    """Return water with the strip up to the riverside roads, smoothed."""
    rivers = shapely.union_all([land.rivers[name] for name in ("西江", "东江", "三江")])
    wide = rivers.buffer(BANK_M + 40).buffer(-40)
    return wide.union(land.rivers["桃溪"].buffer(CREEK_BANK_M)).simplify(0.5)


def _meet(line: LineString, others: list[LineString]) -> LineString:
    """Return the line with its ends moved onto another road, where one is near."""
    xy = np.asarray(line.coords).copy()
    for end in (0, -1):
        at = Point(xy[end])
        other = min(others, key=at.distance)
        if 0 < at.distance(other) < 110:
            xy[end] = other.interpolate(other.project(at)).coords[0]
    return extend(LineString(xy), 0.3)


def _spans(part: LineString, whole: LineString, water: BaseGeometry) -> bool:
    """Tell whether a part of a road leads over water, with road before and behind it."""
    ends = [whole.project(Point(xy)) for xy in (part.coords[0], part.coords[-1])]
    return part.intersects(water) and min(ends) > 5 and max(ends) < whole.length - 5


def _arterial_roads(land: Landscape, bank: BaseGeometry) -> tuple[list[Road], list[LineString]]:
    """Return main roads in their ground, bridge and tunnel parts, and their whole lines."""
    frame = land.frame
    drawn = [smooth(frame.place(road.points, wobble=0.5), 25) for road in ARTERIALS]
    whole = [
        _meet(line, [*drawn[:i], *drawn[i + 1 :], *lines(bank.boundary)])
        for i, line in enumerate(drawn)
    ]
    roads: list[Road] = []
    big = shapely.union_all([land.rivers[name] for name in ("西江", "东江", "三江")])
    for road, line in zip(ARTERIALS, whole, strict=True):
        flyover = big.buffer(FLYOVER_M).union(land.rivers["桃溪"].buffer(CREEK_BANK_M))
        wet = flyover if road.over == "flyover" else bank
        crossings = [
            part for part in lines(line.intersection(wet)) if _spans(part, line, land.water)
        ]
        strip = land.railway.buffer(45, cap_style="flat")
        over_rail = [part for part in lines(line.intersection(strip)) if road.rail]
        bridges = [part.buffer(0.001, cap_style="flat") for part in crossings]
        ground = line.difference(shapely.union_all([*bridges, bank.buffer(-0.3)]))
        ground = ground.difference(land.railway.buffer(45 if road.rail else 20, cap_style="flat"))
        label = {"name": road.zh, "name_en": road.en}
        roads += [Road(part, road.highway, **label) for part in lines(ground) if part.length > 15]
        roads += [Road(part, road.highway, level="bridge", **label) for part in crossings]
        roads += [Road(part, road.highway, level=road.rail, **label) for part in over_rail]
    return roads, whole


def make_plan(land: Landscape, rng: np.random.Generator, names: NamePool) -> Plan:
    """Draw roads and cut the land into blocks."""
    bank = _bank(land)
    zoning = Zoning.of(land)
    roads, whole = _arterial_roads(land, bank)
    hill_roads = []
    for zh, en, highway, points in LANES_IN_HILLS:
        line = smooth(land.frame.place(points, wobble=0.4), 12)
        hill_roads.append(Road(_meet(line, whole + [r.line for r in hill_roads]), highway, zh, en))
    for zh, en, points in HILL_PATHS:
        line = _meet(
            smooth(land.frame.place(points, wobble=0.4), 12), whole + [r.line for r in hill_roads]
        )
        clear = line.difference(shapely.union_all(whole).buffer(0.01))
        line = extend(max(lines(clear), key=lambda part: part.length), 0.3)
        hill_roads += _path_and_steps(line, zh, en, land)
    dry = land.extent.difference(bank).difference(land.rail_strip)
    borders = [on_grid(line) for line in [*whole, *lines(dry.boundary)]]
    cells = [
        cell
        for cell in polygonize(shapely.unary_union(borders, grid_size=0.01))
        if dry.contains(cell.representative_point()) and cell.area > 400
    ]
    roads += _riverside(land, bank) + hill_roads + [_pontoon(land, bank)]
    blocks: list[Block] = []
    major = [road.line for road in roads if road.highway in ("primary", "secondary", "tertiary")]
    major += [*lines(bank.boundary), *lines(land.rail_strip.boundary)]
    for cell in cells:
        blocks_here, roads_here = _cut_up(cell, zoning, rng, names)
        blocks += blocks_here
        roads += roads_here
        major += [
            road.line
            for road in roads_here
            if road.highway in ("tertiary", "residential", "living_street")
        ]
    return Plan(roads, blocks, major)


def _path_and_steps(line: LineString, zh: str, en: str, land: Landscape) -> list[Road]:
    """Cut a hill path where it changes between a slope and a flight of steps."""
    roads: list[Road] = []
    for start in np.arange(0, line.length, 30.0):
        part = substring(line, start, min(start + 30.0, line.length))
        rise = abs(float(np.diff(land.elevation_m(np.asarray(part.coords)[[0, -1]]))[0]))
        highway = "steps" if rise / part.length > STEEP else "path"
        roads.append(Road(part, highway, zh, en))
    return roads


def _pontoon(land: Landscape, bank: BaseGeometry) -> Road:
    """Lay a footbridge of boats from the old town to the east bank."""
    line = LineString(land.frame.place(PONTOON, fixed=True))
    over = max(lines(line.intersection(bank)), key=lambda part: part.length)
    return Road(over, "footway", "古浮桥", "Old Pontoon Bridge", level="bridge")


def _riverside(land: Landscape, bank: BaseGeometry) -> list[Road]:
    town = land.boundary.buffer(200)
    creek = (
        land.rivers["桃溪"]
        .buffer(CREEK_BANK_M + 2)
        .difference(
            shapely.union_all([land.rivers[n] for n in ("西江", "东江", "三江")]).buffer(BANK_M + 8)
        )
    )
    west_of_town = np.array([[-5000, -4000], [-1950, -4000], [-1950, 4000], [-5000, 4000]])
    wild = creek.intersection(Polygon(land.frame.place(west_of_town, fixed=True)))
    edge = (
        bank.boundary.difference(wild).intersection(land.extent).difference(land.railway.buffer(20))
    )
    parts = [
        (edge.intersection(town).difference(creek), "secondary", "滨江路", "Riverside Road"),
        (edge.difference(town).difference(creek), "unclassified", "江堤路", "Levee Road"),
        (edge.intersection(creek), "footway", "桃溪步道", "Taoxi Walk"),
    ]
    return [
        Road(line, highway, zh, en)
        for shape, highway, zh, en in parts
        for line in lines(shapely.line_merge(shape) if shape.geom_type != "LineString" else shape)
        if line.length > 20
    ]


def _cut_class(area_m2: float, zone: str) -> str:
    if zone == "field":
        return "unclassified"
    if zone == "hill":
        return "path"
    if area_m2 > 170_000:
        return "tertiary"
    if zone == "old":
        return "residential" if area_m2 > 60_000 else "living_street"
    return "residential"


def _cut_up(
    cell: Polygon, zoning: Zoning, rng: np.random.Generator, names: NamePool
) -> tuple[list[Block], list[Road]]:
    """Halve a cell until its pieces have the size that its zone asks for."""
    waiting, blocks, roads = [cell], [], []
    while waiting:
        piece = waiting.pop()
        zone = zoning.zone(piece.representative_point())
        if piece.area < TARGET_M2[zone] * rng.uniform(0.75, 1.7):
            blocks.append(_block(piece, zone, rng, names))
            continue
        old = zone == "old"
        halves, cuts = halve(piece, rng, turn_deg=9 if old else 3, bend_m=9 if old else 3.5)
        if len(halves) == 1:
            blocks.append(_block(piece, zone, rng, names))
            continue
        waiting += halves
        highway = _cut_class(piece.area, zone)
        name, name_en = names.road(highway)
        roads += [Road(cut, highway, name, name_en) for cut in cuts]
    return blocks, roads


def _block(shape: Polygon, zone: str, rng: np.random.Generator, names: NamePool) -> Block:
    uses = USES[zone]
    use = str(rng.choice(list(uses), p=list(uses.values())))
    slim = shape.area / max(shape.length, 1) ** 2 < 0.035
    if (slim or shape.area < 5000) and zone in ("quarter", "estate", "industry"):
        use = "park"
    if use == "park" and shape.area > 45_000:
        use = "walled"
    name, name_en = "", ""
    if use == "walled":
        name, name_en = names.estate()
    elif use in ("works", "unit"):
        name, name_en = names.unit()
    return Block(shape, zone, use, name, name_en)
