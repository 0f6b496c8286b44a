"""What fills a block: lanes, walls with gates, rows of houses, sheds, parks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.affinity import rotate, scale
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from demo.plan import Plan, Road
from demo.shapes import box_at, extend, halve, largest, lines, polygons, rectangle_in

WALL_M = 11.0
"""A compound's wall stands this far inside the middle of the streets around it."""
GATE_HALF_M = 1.5
"""Where a gate is shut, the path ends this far on either side of it."""


@dataclass
class Building:
    """A building; `homes` tells whether people live there."""

    shape: Polygon
    use: str
    storeys: int
    homes: bool
    block: int


@dataclass
class Gate:
    """A place where a path could pass the wall: ``open``, ``shut``, or ``none`` (bare wall).

    `inside` and `outside` are the ends of the walkable pieces on its two sides.
    """

    at: Point
    state: str
    block: int
    inside: Point
    outside: Point


@dataclass
class Town:
    """Everything built: what the layers are made from."""

    roads: list[Road] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    walls: list[tuple[int, LineString]] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    greens: list[Polygon] = field(default_factory=list)
    ways_out: dict[int, list[Road]] = field(default_factory=dict)
    """For each open block of rows the paths that lead from its lanes to the streets."""
    lanes: dict[int, list[Road]] = field(default_factory=dict)
    """For each open block of rows its lanes."""


@dataclass(frozen=True)
class Site:
    """A block about to be filled: its number and shape, and what the filling needs to know."""

    number: int
    shape: Polygon
    rng: np.random.Generator = field(repr=False)
    south_deg: float
    streets: BaseGeometry = field(repr=False)

    @property
    def yard(self) -> Polygon:
        """What a wall around the block would enclose; empty where a street leads through it."""
        yard = largest(self.shape.buffer(-WALL_M, join_style="mitre"))
        return Polygon() if self.streets.intersects(yard.buffer(-1)) else yard

    @property
    def facing_deg(self) -> float:
        """The block's own direction where it is near south, else south."""
        corners = np.asarray(self.shape.minimum_rotated_rectangle.exterior.coords)[:3]
        side = corners[1] - corners[0]
        own = (np.degrees(np.arctan2(side[1], side[0])) + 45) % 90 - 45
        return float(own if abs(own - self.south_deg) < 22 else self.south_deg)


def build(plan: Plan, rng: np.random.Generator, south_deg: float) -> Town:
    """Fill every block of the plan.

    Parameters
    ----------
    plan
        Roads and blocks.
    rng
        Source of chance.
    south_deg
        How far rows of houses are turned from facing due south.
    """
    town = Town(roads=list(plan.roads))
    streets = shapely.union_all([road.line for road in plan.roads if road.level == "ground"])
    shapely.prepare(streets)
    for number, block in enumerate(plan.blocks):
        south = south_deg + rng.normal(0, 3)
        _FILL[block.use](town, Site(number, block.shape, rng, south, streets))
    return town


def _slab_rows(
    room: Polygon, angle: float, rng: np.random.Generator
) -> tuple[list[LineString], list[LineString], list[Polygon]]:
    """Return lanes along the rows, lanes across them, and the houses, within the room."""
    centre = room.centroid
    level = rotate(room, -angle, origin=centre)
    x0, y0, x1, y1 = level.bounds
    depth = rng.uniform(11, 13.5)
    pitch = rng.uniform(50, 60)
    rows = max(round((y1 - y0 - 6) / pitch), 1)
    ys = y0 + (np.arange(rows) + 0.5) * (y1 - y0) / rows
    columns = max(round((x1 - x0) / rng.uniform(95, 125)), 1)
    xs = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns + rng.uniform(-6, 6)
    lanes = [part for y in ys for part in lines(level.intersection(LineString([(x0, y), (x1, y)])))]
    across = [
        part
        for x in xs
        for part in lines(
            level.intersection(LineString([(x, max(y0, ys[0] - 14)), (x, min(y1, ys[-1] + 14))]))
        )
    ]
    blocked = shapely.union_all([line.buffer(3.0) for line in [*lanes, *across]])
    houses = []
    for y in ys:
        for shift in (-1, 1):
            at = y + shift * (depth / 2 + 6.5)
            x = x0 + rng.uniform(2, 8)
            while x < x1 - 20:
                width = float(rng.choice([26, 38, 50, 62], p=[0.08, 0.3, 0.37, 0.25]))
                for tried in sorted({width, 38.0, 26.0}, reverse=True):
                    house = box_at(x + tried / 2, at, tried, depth, 0)
                    if tried <= width and level.contains(house) and not house.intersects(blocked):
                        houses.append(house)
                        x += tried + rng.uniform(7, 12)
                        break
                else:
                    x += 6
    lanes, across, houses = (
        [rotate(shape, angle, origin=centre) for shape in shapes]
        for shapes in (lanes, across, houses)
    )
    return lanes, across, houses


def _ways_out(paths: list[LineString], site: Site) -> list[LineString]:
    """Return for each end of a path the way straight on to the street outside."""
    ways = []
    for line in paths:
        for reverse in (False, True):
            xy = np.asarray(line.coords)[:: -1 if reverse else 1]
            ahead = (xy[-1] - xy[-2]) / np.hypot(*(xy[-1] - xy[-2]))
            ray = LineString([xy[-1], xy[-1] + ahead * 75])
            hits = shapely.get_coordinates(ray.intersection(site.shape.exterior))
            if not len(hits):
                continue
            out = min(hits, key=lambda hit, end=xy[-1]: np.hypot(*(hit - end)))
            if np.hypot(*(out - xy[-1])) > 4 and site.streets.distance(Point(out)) < 0.1:
                ways.append(extend(LineString([xy[-1], out]), 0.3))
    return ways


def _slabs(town: Town, site: Site) -> None:
    """Build rows of the 1990s and 2000s, open to the streets on all sides."""
    room = largest(site.shape.buffer(-13))
    if room.area < 2500:
        return _park(town, site)
    lanes, across, houses = _slab_rows(room, site.facing_deg, site.rng)
    storeys = int(site.rng.choice([5, 6, 7]))
    town.buildings += [Building(house, "slab", storeys, True, site.number) for house in houses]
    ways = _ways_out([*across, *lanes], site)
    keep = site.rng.permutation(len(ways))[: max(2, int(0.55 * len(ways)))]
    inner = [Road(line, "service") for line in across] + [Road(line, "footway") for line in lanes]
    outward = [Road(ways[i], "service") for i in keep]
    town.lanes[site.number], town.ways_out[site.number] = inner, outward
    town.roads += [*inner, *outward]
    return None


def _walled(town: Town, site: Site) -> None:
    """Build a superblock behind a wall: one or two gates stand open, others are shut."""
    rng, yard = site.rng, site.yard
    if yard.area < 6000:
        return _slabs(town, site)
    room = largest(yard.buffer(-6))
    lanes, across, houses = _slab_rows(room, site.facing_deg, rng)
    wall = LineString(yard.exterior.coords)
    town.walls.append((site.number, wall))
    storeys = int(rng.choice([6, 8, 11, 18], p=[0.3, 0.3, 0.28, 0.12]))
    town.buildings += [Building(house, "estate", storeys, True, site.number) for house in houses]
    town.roads += [Road(line, "service", access="private") for line in across]
    town.roads += [Road(line, "footway", access="private") for line in lanes]
    ways = _ways_out(across, site)
    far = _ways_out(lanes, site)
    chosen = [*ways, *[far[i] for i in rng.permutation(len(far))[:2]]]
    order = list(rng.permutation(len(chosen)))
    opened = 1 if yard.area < 42_000 else 2
    for rank, i in enumerate(order):
        state = "open" if rank < opened else ("shut" if rng.random() < 0.55 else "none")
        _gate(town, site.number, wall, chosen[i], state)
    return None


def _gate(town: Town, number: int, wall: LineString, way: LineString, state: str) -> None:
    hits = shapely.get_coordinates(way.intersection(wall))
    if not len(hits):
        return
    at = Point(hits[-1])
    middle = way.project(at)
    end = way.length - 0.3
    inside, outside = way.interpolate(middle - GATE_HALF_M), way.interpolate(middle + GATE_HALF_M)
    if state == "open":
        town.roads.append(Road(way, "service"))
    else:
        town.roads.append(Road(_stretch(way, 0, middle - GATE_HALF_M), "service", access="private"))
        if state == "shut":
            town.roads.append(Road(_stretch(way, middle + GATE_HALF_M, way.length), "service"))
        else:
            outside = way.interpolate(end)
    town.gates.append(Gate(at, state, number, inside, outside))


def _stretch(line: LineString, start_m: float, end_m: float) -> LineString:
    return shapely.ops.substring(line, start_m, end_m)


def _old(town: Town, site: Site) -> None:
    """Grow an old town: crooked lanes, blind alleys, a house on every plot."""
    waiting, pieces = [site.shape], []
    lanes = []
    while waiting:
        piece = waiting.pop()
        if piece.area < 4200 * site.rng.uniform(0.7, 1.5):
            pieces.append(piece)
            continue
        halves, cuts = halve(piece, site.rng, turn_deg=10, bend_m=5)
        if len(halves) == 1:
            pieces.append(piece)
            continue
        waiting += halves
        lanes += cuts
    town.roads += [Road(cut, "footway" if cut.length < 60 else "pedestrian") for cut in lanes]
    for piece in pieces:
        _plots(town, site, piece, 600.0)


def _plots(town: Town, site: Site, piece: Polygon, plot_m2: float) -> None:
    rng = site.rng
    room = largest(piece.buffer(-3.2))
    alley = Polygon()
    if room.area > 1800 and rng.random() < 0.5:
        _, cuts = halve(piece, rng, turn_deg=8, bend_m=3)
        for cut in cuts:
            blind = _stretch(cut, 0, cut.length * rng.uniform(0.4, 0.62))
            town.roads.append(Road(blind, "footway"))
            alley = blind.buffer(2.2)
    waiting = polygons(room.difference(alley)) if not room.is_empty else []
    while waiting:
        plot = waiting.pop()
        if plot.area > plot_m2 * rng.uniform(0.8, 1.6):
            halves, _ = halve(plot, rng, turn_deg=6, bend_m=0)
            if len(halves) > 1:
                waiting += halves
                continue
        house = rectangle_in(plot, rng.uniform(0.6, 1.6))
        if house.area > 45 and rng.random() < 0.94:
            town.buildings.append(
                Building(house, "house", int(rng.choice([2, 3, 4])), True, site.number)
            )


def _village(town: Town, site: Site) -> None:
    """Grow a village: a knot of lanes at a corner of the block, fields behind."""
    corner = Point(
        site.shape.exterior.coords[int(site.rng.integers(len(site.shape.exterior.coords) - 1))]
    )
    core = largest(site.shape.intersection(corner.buffer(site.rng.uniform(110, 170))))
    if core.area > 6000:
        _old(town, replace(site, shape=core))


def _works(town: Town, site: Site) -> None:
    """Build a factory behind its wall: sheds, a few roads, one gate."""
    _compound(town, site, homes=False)


def _unit(town: Town, site: Site) -> None:
    """Build a work unit (danwei): the sheds at one end, the workers' houses at the other."""
    _compound(town, site, homes=True)


def _compound(town: Town, site: Site, *, homes: bool) -> None:
    rng, yard = site.rng, site.yard
    room = largest(yard.buffer(-6))
    if room.area < 8000:
        return _slabs(town, site)
    town.walls.append((site.number, LineString(yard.exterior.coords)))
    halves, cuts = halve(room, rng, turn_deg=2, bend_m=0)
    spine = [_stretch(cut, 4, cut.length - 4) for cut in cuts]
    town.roads += [Road(line, "service", access="private") for line in spine]
    for half in halves:
        if homes and half is halves[0]:
            _workers_rows(town, site, half, room, spine)
        else:
            _sheds(town, site, half)
    ways = _ways_out(spine, site) or _shortest_way(spine, site)
    wall = LineString(yard.exterior.coords)
    for rank, i in enumerate(rng.permutation(len(ways))):
        _gate(town, site.number, wall, ways[i], "open" if rank == 0 else "shut")
    return None


def _workers_rows(
    town: Town, site: Site, half: Polygon, room: Polygon, spine: list[LineString]
) -> None:
    part = largest(half.buffer(-3))
    lanes, across, houses = _slab_rows(part, site.facing_deg, site.rng)
    town.buildings += [Building(house, "unit", 5, True, site.number) for house in houses]
    joins = [p for line in across for p in lines(extend(line, 12).intersection(room))]
    lanes = [p for line in lanes for p in lines(extend(line, 4).intersection(room))]
    town.roads += [Road(line, "service", access="private") for line in joins]
    town.roads += [Road(line, "footway", access="private") for line in lanes]
    _join(town, [*joins, *lanes], spine)


def _sheds(town: Town, site: Site, half: Polygon) -> None:
    rng, waiting = site.rng, [half]
    while waiting:
        plot = waiting.pop()
        pieces, _ = halve(plot, rng, turn_deg=1, bend_m=0)
        if plot.area > 7000 and len(pieces) == 2:
            waiting += pieces
            continue
        shed = rectangle_in(plot, rng.uniform(5, 8))
        if shed.area > 200 and rng.random() < 0.9:
            town.buildings.append(Building(shed, "shed", 1, False, site.number))


def _join(town: Town, paths: list[LineString], spine: list[LineString]) -> None:
    """Lead the workers' lanes to the compound's road."""
    if not paths or not spine:
        return
    road = shapely.union_all(spine)
    nearest = min(paths, key=road.distance)
    if nearest.distance(road) > 0:
        way = shapely.shortest_line(nearest, road)
        town.roads.append(Road(extend(way, 0.3), "service", access="private"))


def _shortest_way(spine: list[LineString], site: Site) -> list[LineString]:
    """Return the way to the nearest street where no path leads straight on to one."""
    ends = [Point(end) for line in spine for end in (line.coords[0], line.coords[-1])]
    ways = [extend(shapely.shortest_line(end, site.streets), 0.3) for end in ends]
    return sorted(ways, key=lambda way: way.length)[:1]


def _commerce(town: Town, site: Site) -> None:
    """Build shops and offices around a yard."""
    _big_houses(town, site, "commerce", 2600)


def _school(town: Town, site: Site) -> None:
    """Build a school: a few long houses beside the sports ground."""
    room = largest(site.shape.buffer(-14))
    ground = scale(room, 0.42, 0.42)
    if ground.area > 300:
        town.greens.append(ground)
    _big_houses(town, site, "school", 2400, keep_free=ground)


def _big_houses(
    town: Town, site: Site, use: str, plot_m2: float, keep_free: Polygon | None = None
) -> None:
    waiting = [largest(site.shape.buffer(-9))]
    while waiting:
        plot = waiting.pop()
        if plot.area < 350:
            continue
        halves, _ = halve(plot, site.rng, turn_deg=2, bend_m=0)
        if plot.area > plot_m2 * 1.6 and len(halves) == 2:
            waiting += halves
            continue
        house = rectangle_in(plot, site.rng.uniform(4, 7))
        if house.area > 120 and not (keep_free is not None and house.intersects(keep_free)):
            town.buildings.append(
                Building(house, use, int(site.rng.integers(2, 7)), False, site.number)
            )


def _park(town: Town, site: Site) -> None:
    """Lay out a park with a path through it."""
    green = largest(site.shape.buffer(-8))
    if green.area < 300:
        return
    town.greens.append(green)
    if site.shape.area > 6000:
        _, cuts = halve(site.shape, site.rng, turn_deg=15, bend_m=9)
        town.roads += [Road(cut, "footway") for cut in cuts]


def _field(_town: Town, _site: Site) -> None:
    """Leave farmland as it is."""


def _hill(town: Town, site: Site) -> None:
    """Let woods grow; the few houses stand along the hill roads."""
    green = site.shape.buffer(-12)
    town.greens += [part for part in polygons(green) if part.area > 500]


_FILL: dict[str, Callable[[Town, Site], None]] = {
    "old": _old, "slabs": _slabs, "walled": _walled, "works": _works, "unit": _unit,
    "commerce": _commerce, "school": _school, "park": _park, "field": _field, "village": _village,
    "hill": _hill,
}  # fmt: skip


STREET_HALF_M = {"primary": 13.0, "secondary": 10.0, "tertiary": 7.5, "unclassified": 5.0,
                 "residential": 5.5, "living_street": 3.2, "pedestrian": 2.2}  # fmt: skip


def clear_of_streets(
    buildings: list[Building], roads: list[Road], forbidden: BaseGeometry
) -> list[Building]:
    """Return the buildings that stand on no street, no water and no railway."""
    shapes = np.array([b.shape for b in buildings])
    half = np.array([STREET_HALF_M.get(road.highway, 1.6) for road in roads])
    tree = shapely.STRtree(shapes)
    _, hit = tree.query([road.line for road in roads], predicate="dwithin", distance=half)
    shapely.prepare(forbidden)
    bad = shapely.intersects(forbidden, shapes)
    bad[hit] = True
    a, b = tree.query(shapes, predicate="intersects")
    bad[b[a < b]] = True
    return [building for building, drop in zip(buildings, bad, strict=True) if not drop]


def houses_along(
    line: LineString, rng: np.random.Generator, *, share: float, use: str = "hamlet"
) -> list[Building]:
    """Return farmhouses along a country road, on both sides."""
    houses = []
    for at in np.arange(20, line.length - 20, 24.0):
        for side in (-1, 1):
            if rng.random() > share:
                continue
            a, b = (np.array(line.interpolate(at + d).coords[0]) for d in (-5, 5))
            ahead = (b - a) / np.hypot(*(b - a))
            x, y = (a + b) / 2 + np.array([-ahead[1], ahead[0]]) * side * rng.uniform(12, 22)
            turn = float(np.degrees(np.arctan2(ahead[1], ahead[0])) + rng.normal(0, 8))
            house = box_at(x, y, rng.uniform(10, 15), rng.uniform(8, 11), turn)
            houses.append(Building(house, use, 2, True, -1))
    return houses


def hamlet(at: Point, rng: np.random.Generator, count: int) -> list[Building]:
    """Return a handful of houses around a yard."""
    houses = []
    for i in range(count):
        angle = 2 * np.pi * i / count + rng.normal(0, 0.12)
        x, y = at.x + 22 * np.cos(angle), at.y + 22 * np.sin(angle)
        house = box_at(x, y, rng.uniform(10, 14), rng.uniform(8, 10), np.degrees(angle) + 90)
        houses.append(Building(house, "hamlet", 2, True, -2))
    return houses
