"""Gaps of known cause, planted: at least two of each of the five causes.

Each planter looks for a place where its cause holds by a clear margin, sets up the facility that
nearly serves the homes there, reserves the place (no later facility of that kind may mend it),
and writes a row of the truth table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from demo.blocks import Building, Gate, Town, hamlet
from demo.landscape import Landscape
from demo.places import LIMIT_M, MARGIN_M, SERVICES, Board
from demo.plan import Plan
from demo.shapes import lines

APART_M = 380.0
"""Planted gaps lie at least this far from each other."""


@dataclass
class Garden:
    """The planted gaps so far."""

    board: Board
    land: Landscape
    rng: np.random.Generator
    rows: list[dict[str, Any]] = field(default_factory=list)
    centres: list[np.ndarray] = field(default_factory=list)

    @property
    def home_xy(self) -> np.ndarray:
        """Coordinates of the homes."""
        return self.board.home_places.xy

    def far(self, gap: np.ndarray) -> bool:
        """Tell whether a gap would lie far from all others."""
        centre = self.home_xy[gap].mean(axis=0)
        return all(np.hypot(*(centre - other)) > APART_M for other in self.centres)

    def plant(self, kind: str, cause: str, gap: np.ndarray, **known: Any) -> None:
        """Write down a gap and keep later facilities of its kind away from it."""
        xy = self.home_xy[gap]
        centre = np.average(xy, axis=0, weights=self.board.people[gap])
        self.centres.append(centre)
        if cause != "data":
            self.board.reserved.append((kind, gap, cause == "none_near"))
        self.rows.append(
            {
                "gap_id": f"g{len(self.rows) + 1:02d}", "kind": kind, "cause": cause,
                "question": "distance", "at": "", "service": "", "community_id": "",
                "x": centre[0], "y": centre[1],
                "radius_m": np.ceil(np.hypot(*(xy - centre).T).max()) + 5,
                "residents": int(self.board.people[gap].sum()), "facility": -1, "barrier": "",
                "remedy": "", "gate": -1, "x1": np.nan, "y1": np.nan, "x2": np.nan, "y2": np.nan,
                "gap": gap, "note": "", **known,
            }
        )  # fmt: skip


def cut_off_blocks(
    plan: Plan, town: Town, land: Landscape, rng: np.random.Generator, count: int = 2
) -> list[tuple[int, list[LineString]]]:
    """Take away the ways out of some blocks: faults of the map, not of the town.

    Returns
    -------
    list of tuple
        Number of the block and its lanes, which now hang on nothing.
    """
    inner = land.boundary.buffer(-250)
    fit = [
        number
        for number in town.lanes
        if 14_000 < plan.blocks[number].shape.area < 34_000
        and inner.contains(plan.blocks[number].shape)
        and len(town.lanes[number]) >= 3
    ]
    chosen: list[int] = []
    for number in rng.permutation(fit).tolist():
        at = plan.blocks[number].shape
        if all(at.distance(plan.blocks[other].shape) > 900 for other in chosen):
            chosen.append(number)
        if len(chosen) == count:
            break
    islands = []
    for number in chosen:
        gone = {id(road) for road in (*town.lanes[number], *town.ways_out[number])}
        town.roads = [road for road in town.roads if id(road) not in gone]
        noded = shapely.unary_union([road.line for road in town.lanes[number]], grid_size=0.01)
        islands.append((number, lines(noded)))
    return islands


def places_off_the_map(
    streets: gpd.GeoDataFrame, land: Landscape, rng: np.random.Generator, count: int = 2
) -> list[tuple[Point, list[Building]]]:
    """Build hamlets where no street is mapped within the reach of a home."""
    x0, y0, x1, y1 = land.boundary.bounds
    x, y = np.meshgrid(np.arange(x0, x1, 20), np.arange(y0, y1, 20))
    spots = shapely.points(x.ravel(), y.ravel())
    spots = spots[shapely.contains(land.boundary.buffer(-60), spots)]
    spots = spots[~shapely.intersects(land.water.buffer(60), spots)]
    tree = shapely.STRtree(streets.geometry.to_numpy())
    _, gap = tree.query_nearest(spots, return_distance=True, all_matches=False)
    order = np.argsort(-gap, kind="stable")
    found: list[tuple[Point, list[Building]]] = []
    for i in order[gap[order] > 277]:
        if all(spots[i].distance(other) > 120 for other, _ in found):
            found.append((spots[i], hamlet(spots[i], rng, int(rng.integers(6, 9)))))
        if len(found) == count:
            break
    if not found:
        raise RuntimeError("every place of this town has a street near it")
    return found


def plant_all(
    garden: Garden, town: Town, islands: list[tuple[int, list[LineString]]],
    off_map: list[tuple[Point, list[Building]]],
) -> None:  # fmt: skip
    """Plant every gap; raise where the town has no place for one."""
    _islands(garden, islands, ["clinic", "service_station"])
    _off_map(garden, off_map)
    rail = garden.land.railway
    rivers = shapely.union_all([garden.land.rivers[name] for name in ("西江", "东江", "三江")])
    creek = garden.land.rivers["桃溪"]
    near, wide = ("clinic", "service_station", "elderly_care"), ("police_room", "cultural_station")
    plants = [
        *((_gate, _from(near, i), (town, "shut")) for i in range(3)),
        *((_gate, _from(near, i), (town, "none")) for i in (2, 0)),
        *((_across, _from(near, i) + wide, (town, rail, "railway", 75.0, 85.0)) for i in (0, 1)),
        *((_across, _from(wide, i), (town, rivers, "water", 75.0, 330.0)) for i in (0, 1)),
        *((_none_near, _from(near, i), ()) for i in (0, 2)),
        (_none_near_but_internal, _from(near, 1), ()),
        (_closed, ("clinic",), ("Su 22:00", "Mo-Sa 08:00-18:00")),
        (_closed, ("police_room",), ("Su 22:00", "Mo-Su 08:00-20:00")),
        (_closed, ("service_station",), ("Sa 10:00", "Mo-Fr 08:30-12:00,14:00-17:30")),
        (_lacking, ("clinic",), ("rehabilitation",)),
        (_lacking, ("service_station",), ("floating_population",)),
        (_full, ("elderly_care", "service_station", "clinic"), ()),
        (_full, ("clinic", "service_station", "elderly_care"), ()),
    ]
    for planter, kinds, how in plants:
        if not any(planter(garden, kind, *how) for kind in kinds):
            raise RuntimeError(f"the town has no place for {planter.__name__} {how} of {kinds}")
    for kind in near:  # a creek gap where the town has one
        if _across(garden, kind, town, creek, "water", 40.0, 70.0):
            break


def _from(kinds: tuple[str, ...], first: int) -> tuple[str, ...]:
    return kinds[first:] + kinds[:first]


def _islands(garden: Garden, islands: list[tuple[int, list[LineString]]], kinds: list[str]) -> None:
    board = garden.board
    blocks = board.homes["block"].to_numpy()
    for (number, lanes), kind in zip(islands, kinds, strict=True):
        edge = board.home_places.edge
        gap = np.flatnonzero((blocks == number) & (edge >= 0) & ~board.walk.main[edge])
        spots = np.flatnonzero(board.free(kind) & (board.gate < 0))
        near = board.straight[np.ix_(spots, gap)].max(axis=1)
        spot = int(spots[int(np.argmin(near))])
        facility = board.put(kind, spot)
        main = list(board.walk.lines[board.walk.main])
        tree = shapely.STRtree(main)
        ends = [Point(xy) for lane in lanes for xy in (lane.coords[0], lane.coords[-1])]
        end = min(ends, key=lambda at: at.distance(main[int(tree.nearest(at))]))
        link = shapely.shortest_line(end, main[int(tree.nearest(end))])
        garden.plant(
            kind, "data", gap, facility=facility, remedy="map_link", **_link(link),
            note="the lanes are mapped but hang on nothing: every kind is out of reach",
        )  # fmt: skip


def _link(link: LineString) -> dict[str, float]:
    (x1, y1), (x2, y2) = link.coords[0], link.coords[-1]
    return {"x1": x1, "y1": y1, "x2": x2, "y2": y2}


def _off_map(garden: Garden, off_map: list[tuple[Point, list[Building]]]) -> None:
    for at, _ in off_map:
        away = np.hypot(*(garden.home_xy - (at.x, at.y)).T)
        gap = np.flatnonzero((away < 60) & (garden.board.home_places.edge < 0))
        if not len(gap):
            raise RuntimeError("a hamlet off the map has a street near it")
        garden.plant(
            "service_centre", "data", gap, remedy="map_street",
            note="no street is mapped within 250 m: the distance is unknown for every kind",
        )  # fmt: skip


def _gate(garden: Garden, kind: str, town: Town, state: str) -> bool:
    """Plant homes behind a wall whose gate towards the facility is shut, or missing."""
    board, limit = garden.board, LIMIT_M[kind]
    blocks = board.homes["block"].to_numpy()
    free = board.free(kind)
    best: tuple[float, Any] = (0.0, None)
    for spot in np.flatnonzero((board.gate >= 0) & board.inside & free):
        gate = town.gates[board.gate[spot]]
        here = np.flatnonzero(blocks == gate.block)
        if gate.state != state or not len(here) or not garden.far(here):
            continue
        walked, straight = board.walked[spot, here], board.straight[spot, here]
        gap = here[(walked > limit + MARGIN_M) & (straight <= limit - 5)]
        left = (walked > limit) & ~np.isin(here, gap)
        people = board.people[gap].sum()
        if people < 130 or left.any() or not board.clear(kind, gap):
            continue
        after = _after_link(board, spot, gap, gate.inside, gate.outside)
        rival = _best_rival(board, town, gate, spot, gap, limit)
        if (after <= limit - 5).all() and rival <= 0.6 * people and people > best[0]:
            best = (people, (spot, gate, gap))
    if best[1] is None:
        return False
    spot, gate, gap = best[1]
    facility = board.put(kind, int(spot))
    shut = state == "shut"
    garden.plant(
        kind, "barrier", gap, facility=facility, barrier="wall",
        remedy="open_gate" if shut else "new_gate", gate=board.gate[spot] if shut else -1,
        **_link(LineString([gate.inside, gate.outside])),
        note="the compound's gate towards the facility is shut"
        if shut else "the wall has no gate towards the facility",
    )  # fmt: skip
    return True


def _after_link(board: Board, spot: int, gap: np.ndarray, a: Point, b: Point) -> np.ndarray:
    """Return the walks from a spot to homes once its side `b` is linked with theirs, `a`."""
    ends = board.walk.place(np.array([[a.x, a.y], [b.x, b.y]]))
    at = board.walk.place(board.spots[[spot]])
    to_link = board.walk.distances(at, ends.take(np.array([1])))[0, 0]
    onward = board.walk.distances(ends.take(np.array([0])), board.home_places.take(gap))[0]
    return np.minimum(board.walked[spot, gap], to_link + a.distance(b) + onward)


def _best_rival(
    board: Board, town: Town, gate: Gate, spot: int, gap: np.ndarray, limit: float
) -> float:
    """Return the residents whom the best other gate of the block would bring in."""
    others = [
        g for g in town.gates if g.block == gate.block and g is not gate and g.state != "open"
    ]
    brought = [
        board.people[gap][_after_link(board, spot, gap, g.inside, g.outside) <= limit].sum()
        for g in others
    ]
    return max(brought, default=0.0)


def _across(
    garden: Garden, kind: str, town: Town, barrier: BaseGeometry, name: str, near_m: float,
    longest_m: float,
) -> bool:  # fmt: skip
    """Plant homes across a river or the railway from the facility."""
    board, limit = garden.board, LIMIT_M[kind]
    nodes = board.walk.nodes
    node_points = shapely.points(nodes)
    close = np.flatnonzero(
        (shapely.distance(node_points, barrier) < near_m)
        & shapely.contains(garden.land.boundary, node_points)
    )
    yards = shapely.union_all([shapely.Polygon(wall) for _, wall in town.walls])
    close = close[~shapely.intersects(yards, node_points[close])]
    spots = np.flatnonzero(board.free(kind) & board.inside & (board.gate < 0))
    spots = spots[shapely.distance(shapely.points(board.spots[spots]), barrier) < near_m + 40]
    tree = shapely.STRtree(node_points[close])
    best: tuple[float, Any] = (0.0, None)
    for spot in spots:
        at = Point(board.spots[spot])
        b = node_points[close[int(tree.nearest(at))]]
        if b.distance(at) > 110:
            continue
        reach = close[tree.query(b, predicate="dwithin", distance=longest_m)]
        links = shapely.linestrings(
            np.stack([nodes[reach], np.broadcast_to([b.x, b.y], (len(reach), 2))], axis=1)
        )
        crosses = reach[shapely.crosses(links, barrier)]
        if not len(crosses):
            continue
        a = node_points[crosses[int(np.argmin(shapely.distance(node_points[crosses], b)))]]
        near = np.flatnonzero(
            (board.straight[spot] <= limit - 5) & (board.walked[spot] > limit + 60)
        )
        if not len(near):
            continue
        legs = shapely.linestrings(
            np.stack(
                [garden.home_xy[near], np.broadcast_to(board.spots[spot], (len(near), 2))], axis=1
            )
        )
        near = near[shapely.intersects(legs, barrier)]
        if not len(near):
            continue
        gap = near[_after_link(board, spot, near, a, b) <= limit - 5]
        people = board.people[gap].sum() if len(gap) else 0.0
        if people > max(best[0], 90) and garden.far(gap) and board.clear(kind, gap):
            best = (people, (spot, a, b, gap))
    if best[1] is None:
        return False
    spot, a, b, gap = best[1]
    facility = board.put(kind, int(spot))
    garden.plant(
        kind, "barrier", gap, facility=facility, barrier=name, remedy="footbridge",
        **_link(LineString([a, b])),
        note="near as the crow flies, the crossings are far",
    )  # fmt: skip
    return True


def _none_near(garden: Garden, kind: str) -> bool:
    """Plant homes with nothing of the kind within the limit even in a straight line."""
    board = garden.board
    edge = garden.land.boundary.exterior
    known = np.flatnonzero(board.home_places.edge >= 0)
    for i in garden.rng.permutation(known):
        at = garden.home_xy[i]
        gap = known[np.hypot(*(garden.home_xy[known] - at).T) < 125]
        if board.people[gap].sum() < 350 or Point(at).distance(edge) < 350:
            continue
        if garden.far(gap) and board.clear(kind, gap, straight=True):
            garden.plant(
                kind, "none_near", gap, remedy="build",
                note="nothing of the kind within the limit even in a straight line",
            )  # fmt: skip
            return True
    return False


def _none_near_but_internal(garden: Garden, kind: str) -> bool:
    """Plant a compound whose own facility does not count: it is shut to residents."""
    board = garden.board
    blocks = board.homes["block"].to_numpy()
    use = board.homes["use"].to_numpy()
    best: tuple[float, Any] = (0.0, None)
    for block in np.unique(board.yard):
        gap = np.flatnonzero(blocks == block)
        if (
            block < 0
            or not len(gap)
            or not garden.far(gap)
            or not board.clear(kind, gap, straight=True)
        ):
            continue
        spots = np.flatnonzero(board.yard == block)
        worst = board.walked[np.ix_(spots, gap)].max(axis=1)
        people = board.people[gap].sum() * (3.0 if use[gap[0]] == "unit" else 1.0)
        if worst.min() < LIMIT_M[kind] - 10 and people > best[0]:
            best = (people, (int(spots[int(np.argmin(worst))]), gap))
    if best[1] is None:
        return False
    spot, gap = best[1]
    facility = board.put(kind, spot, ownership="internal")
    garden.plant(
        kind, "none_near", gap, facility=facility, remedy="open_internal",
        note="nothing that counts within the limit; the unit has one of its own",
    )  # fmt: skip
    return True


def _served_alone(garden: Garden, kind: str, fewest: float) -> tuple[int, np.ndarray] | None:
    """Return a spot and the homes that it alone would serve, by a clear margin."""
    board, limit = garden.board, LIMIT_M[kind]
    spots = np.flatnonzero(board.free(kind) & board.inside & (board.gate < 0))
    for spot in garden.rng.permutation(spots):
        gap = np.flatnonzero(board.walked[spot] <= limit - 20)
        if (
            len(gap)
            and board.people[gap].sum() >= fewest
            and garden.far(gap)
            and board.clear(kind, gap)
        ):
            return int(spot), gap
    return None


def _closed(garden: Garden, kind: str, at: str, hours: str) -> bool:
    place = _served_alone(garden, kind, 700)
    if place is None:
        return False
    spot, gap = place
    facility = garden.board.put(kind, spot, hours=hours, services=";".join(SERVICES.get(kind, [])))
    garden.plant(
        kind, "closed", gap, facility=facility, question="hour", at=at, remedy="longer_hours",
        note=f"served on other days, but the only one within reach is shut at {at}",
    )  # fmt: skip
    return True


def _lacking(garden: Garden, kind: str, service: str) -> bool:
    place = _served_alone(garden, kind, 700)
    if place is None:
        return False
    spot, gap = place
    offered = ";".join(name for name in SERVICES[kind] if name != service)
    facility = garden.board.put(
        kind, spot, hours="24/7" if kind == "clinic" else "Mo-Su 08:30-17:30", services=offered
    )
    garden.plant(
        kind, "closed", gap, facility=facility, question="service", service=service,
        remedy="add_service", note="the only one within reach does not offer the service",
    )  # fmt: skip
    return True


def _full(garden: Garden, kind: str) -> bool:
    place = _served_alone(garden, kind, 1300)
    if place is None:
        return False
    spot, gap = place
    facility = garden.board.put(kind, spot, room=0.3, services=";".join(SERVICES[kind]))
    garden.plant(
        kind, "full", gap, facility=facility, question="capacity", remedy="enlarge",
        note="within reach, but it has room for less than a third of those it alone serves",
    )  # fmt: skip
    return True


def near_gaps(garden: Garden, within_m: float = 330.0) -> np.ndarray:
    """Return which homes lie around planted gaps but in none."""
    around = np.zeros(len(garden.home_xy), dtype=bool)
    for row in garden.rows:
        centre = np.array([row["x"], row["y"]])
        around |= np.hypot(*(garden.home_xy - centre).T) < row["radius_m"] + within_m
    return around


def truth_table(garden: Garden, gate_ids: dict[int, str]) -> pd.DataFrame:
    """Return the truth table, one row a planted gap."""
    homes = garden.board.homes
    rows = []
    for row in garden.rows:
        gap, gate, facility = row["gap"], int(row["gate"]), int(row["facility"])
        community = homes["community_id"].iloc[gap]
        rows.append(
            {
                **{
                    key: value
                    for key, value in row.items()
                    if key not in ("gap", "gate", "facility")
                },
                "community_id": community.value_counts(sort=True).index[0],
                "facility_id": f"f{facility + 1:04d}" if facility >= 0 else "",
                "gate_id": gate_ids.get(gate, ""),
                "demand_ids": ";".join(homes["demand_id"].iloc[gap]),
            }
        )
    order = ["gap_id", "kind", "cause", "question", "at", "service", "community_id", "x", "y",
             "radius_m", "residents", "facility_id", "barrier", "remedy", "gate_id", "x1", "y1",
             "x2", "y2", "note", "demand_ids"]  # fmt: skip
    return pd.DataFrame(rows)[order]
