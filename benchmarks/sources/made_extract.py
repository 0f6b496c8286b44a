"""An extract of a given number of nodes, made up with a seed: a town as OpenStreetMap has it.

Most nodes are corners of buildings, as in an extract of a city that is well mapped. Streets share
nodes where they meet, lanes lead into the blocks, some blocks have a square, a wall with a gate, a
pond or a park, a railway and a river cross the town, trees and crossings are tagged nodes, and
facilities of several kinds stand as points and as buildings. Administrative areas of three levels
are relations that share their ways. Around them lies ground of :data:`MARGIN` blocks.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way

LON, LAT = 114.93, 25.85
BLOCK_M = 120.0
MARGIN = 14
"""Blocks beyond the areas: 1,680 m, more than the buffer that an import takes."""

_NODES_A_BLOCK = 127.0
_ROWS = 4
_USES = ("yes", "apartments", "residential", "house", "retail", "industrial")
_OFTEN = (0.55, 0.2, 0.1, 0.08, 0.05, 0.02)
FACILITIES = (
    {"amenity": "clinic"},
    {"amenity": "library"},
    {"amenity": "police"},
    {"amenity": "community_centre"},
    {"amenity": "school"},
    {"shop": "supermarket"},
    {"amenity": "pharmacy"},
)

Tags = dict[str, str]


def blocks_of(nodes: int) -> int:
    """Return of how many blocks a side a town has about so many nodes."""
    return max(2 * MARGIN + 49, round(math.sqrt(nodes / _NODES_A_BLOCK)))


class Town:
    """The objects of a town, block by block.

    Parameters
    ----------
    blocks
        Blocks a side.
    seed
        Of all that is drawn.
    """

    def __init__(self, blocks: int, seed: int = 7) -> None:
        self.blocks = blocks
        # communities a side, of 12 blocks each; half as many subdistricts
        self.parts = 2 * round((blocks - 2 * MARGIN) / 24.25)
        self._rng = np.random.default_rng(seed)
        self.xy: list[tuple[float, float]] = []
        self.node_tags: dict[int, Tags] = {}
        self.ways: list[tuple[list[int], Tags]] = []
        self.relations: list[tuple[list[tuple[str, int, str]], Tags]] = []
        self._streets()
        for row in range(blocks):
            for column in range(blocks):
                self._block(column, row)
        self._long_lines()
        self._areas()

    def _node(self, x: float, y: float, tags: Tags | None = None) -> int:
        self.xy.append((x, y))
        if tags:
            self.node_tags[len(self.xy)] = tags
        return len(self.xy)

    def _way(self, nodes: Iterable[int], tags: Tags) -> int:
        self.ways.append((list(nodes), tags))
        return len(self.ways)

    def _ring(self, corners: Iterable[tuple[float, float]], tags: Tags) -> int:
        ring = [self._node(x, y) for x, y in corners]
        return self._way([*ring, ring[0]], tags)

    def _streets(self) -> None:
        """Lay streets on a grid, bent between its corners, in ways of six blocks each."""
        side = self.blocks + 1
        self.corner = [
            [self._node(c * BLOCK_M, r * BLOCK_M) for c in range(side)] for r in range(side)
        ]
        for number in range(side):
            kind = "secondary" if number % 10 == 0 else "residential"
            for along in ((0, 1), (1, 0)):
                line: list[int] = []
                for at in range(side):
                    r, c = (number, at) if along == (0, 1) else (at, number)
                    line.append(self.corner[r][c])
                    if at == side - 1 or (at and at % 6 == 0):
                        name = f"{'东西'[along[0]]}{number}路{at // 6}段"
                        self._way(line, {"highway": kind, "name": name, "surface": "asphalt"})
                        line = [line[-1]]
                    if at < side - 1:
                        line += self._bends(c * BLOCK_M, r * BLOCK_M, along)

    def _bends(self, x: float, y: float, along: tuple[int, int]) -> list[int]:
        """Draw the points of a street between two corners; some are crossings."""
        found = []
        for step, off in zip(
            (0.15, 0.35, 0.5, 0.65, 0.85), self._rng.normal(0, 1.5, 5), strict=True
        ):
            crossing = step == 0.15 and self._rng.random() < 0.3
            tags = {"highway": "crossing", "crossing": "uncontrolled"} if crossing else None
            ahead, aside = step * BLOCK_M, float(off)
            dx, dy = (ahead, aside) if along == (0, 1) else (aside, ahead)
            found.append(self._node(x + dx, y + dy, tags))
        return found

    def _block(self, column: int, row: int) -> None:
        x, y = column * BLOCK_M, row * BLOCK_M
        sort = self._rng.random()
        if sort < 0.03:
            self._square(x, y, column, row)
        elif sort < 0.08:
            what = (
                {"leisure": "park", "name": f"园{column}-{row}"}
                if sort < 0.05
                else {"natural": "water"}
            )
            self._round(x + 60, y + 60, 45, 40, what)
        else:
            self._quarter(x, y, column, row)

    def _square(self, x: float, y: float, column: int, row: int) -> None:
        """Make a square of 24 to 48 corners, joined to the corners of its block by footways."""
        count = int(self._rng.integers(6, 13)) * 4
        ring = self._round(x + 60, y + 60, 35, count, {"highway": "pedestrian", "area": "yes"})
        for quarter, (c, r) in enumerate(((1, 1), (0, 1), (0, 0), (1, 0))):
            entry = self.ways[ring - 1][0][quarter * count // 4 + count // 8]
            self._way([entry, self.corner[row + r][column + c]], {"highway": "footway"})

    def _round(self, x: float, y: float, radius: float, count: int, tags: Tags) -> int:
        angles = np.linspace(0, 2 * math.pi, count, endpoint=False)
        far = self._rng.uniform(0.85, 1.1, count) * radius
        corners = zip(x + far * np.cos(angles), y + far * np.sin(angles), strict=True)
        return self._ring(((float(a), float(b)) for a, b in corners), tags)

    def _quarter(self, x: float, y: float, column: int, row: int) -> None:
        """Make rows of buildings along a lane into the block, walled in one block in four."""
        for line in range(_ROWS):
            for place in range(5):
                self._building(x + 14 + 20 * place, y + 12 + 27 * line)
        lane = [self._node(x + 60, y + 9.0 + 18 * step) for step in range(6)]
        lane = [self.corner[row][column], *lane]
        gated = self._rng.random() < 0.25
        if gated:
            self.node_tags[lane[1]] = {"barrier": "gate"}
            wall = [(x + 8, y + 9), (x + 112, y + 9), (x + 112, y + 112), (x + 8, y + 112)]
            around = [self._node(*corner) for corner in wall]
            self._way([around[0], lane[1], *around[1:], around[0]], {"barrier": "wall"})
            self._ring(wall, {"landuse": "residential", "name": f"小区{column}-{row}"})
        self._way(lane, {"highway": "service" if gated else "footway"})
        for at in self._rng.uniform(10, 110, (4, 2)).tolist():
            self._node(x + at[0], y + at[1], {"natural": "tree", "leaf_type": "broadleaved"})
        if self._rng.random() < 0.3:
            kind = int(self._rng.integers(len(FACILITIES)))
            self._node(x + 62, y + 116, {**FACILITIES[kind], "name": f"设施{column}-{row}"})

    def _building(self, x: float, y: float) -> None:
        """Make a building of four, six or eight corners; some are facilities or have a court."""
        w, h = self._rng.uniform(9, 16), self._rng.uniform(8, 18)
        sort = self._rng.random()
        corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        if sort > 0.4:
            corners[2:3] = [(x + w, y + h / 2), (x + w / 2, y + h / 2), (x + w / 2, y + h)]
        if sort > 0.85:
            corners[0:1] = [(x, y + h / 3), (x + w / 4, y + h / 3), (x + w / 4, y)]
        tags = {"building": str(self._rng.choice(_USES, p=_OFTEN))}
        drawn = self._rng.random()
        if drawn < 0.3:
            tags["building:levels"] = str(int(self._rng.integers(1, 20)))
        elif drawn < 0.5:
            tags |= {"addr:housenumber": str(int(drawn * 1000)), "addr:street": "文明大道"}
        if drawn > 0.998:
            kind = int(self._rng.integers(len(FACILITIES)))
            tags |= {**FACILITIES[kind], "name": f"楼{len(self.ways)}"}
        if 0.995 < drawn < 0.998:
            outer, inner = (
                self._ring(corners, {}),
                self._ring([(x + 2, y + 2), (x + 3, y + 2), (x + 3, y + 3)], {}),
            )
            members = [("w", outer, "outer"), ("w", inner, "inner")]
            self.relations.append((members, {"type": "multipolygon", **tags}))
        else:
            self._ring(corners, tags)

    def _long_lines(self) -> None:
        """Lead a railway and a river through the town, between the streets."""
        length = self.blocks * BLOCK_M
        for share, tags in (
            (0.4, {"railway": "rail"}),
            (0.6, {"waterway": "river", "name": "赣江"}),
        ):
            y = (round(share * self.blocks) + 0.02) * BLOCK_M
            line = [self._node(float(x), y) for x in np.arange(0, length, 40)]
            self._way(line, tags)

    def _areas(self) -> None:
        """Divide the ground inside the margin into communities, subdistricts and one district."""
        inner = (self.blocks - 2 * MARGIN) * BLOCK_M
        step, side = inner / self.parts, self.parts + 1
        start = MARGIN * BLOCK_M + 0.3 * BLOCK_M
        at = [
            [self._node(start + c * step, start + r * step) for c in range(side)]
            for r in range(side)
        ]
        flat = {}
        for r in range(side):
            for c in range(side):
                for dr, dc in ((0, 1), (1, 0)):
                    if r + dr < side and c + dc < side:
                        flat[r, c, dr] = self._way([at[r][c], at[r + dr][c + dc]], {})

        def area(left: int, low: int, size: int, level: str, name: str) -> None:
            right, high = left + size, low + size
            edges = [flat[low, c, 0] for c in range(left, right)]
            edges += [flat[high, c, 0] for c in range(left, right)]
            edges += [flat[r, left, 1] for r in range(low, high)]
            edges += [flat[r, right, 1] for r in range(low, high)]
            tags = {"type": "boundary", "boundary": "administrative"}
            members = [("w", edge, "outer") for edge in edges]
            self.relations.append((members, {**tags, "admin_level": level, "name": name}))

        area(0, 0, self.parts, "6", "合成区")
        for r in range(0, self.parts, 2):
            for c in range(0, self.parts, 2):
                area(c, r, 2, "8", f"街道{r // 2}-{c // 2}")
        for r in range(self.parts):
            for c in range(self.parts):
                area(c, r, 1, "10", f"社区{r}-{c}")

    def box(self, left: int, low: int, size: int) -> list[tuple[float, float]]:
        """Return the corners of so many communities a side, in degrees."""
        start = (MARGIN + 0.3) * BLOCK_M
        step = (self.blocks - 2 * MARGIN) * BLOCK_M / self.parts
        ends = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
        return [degrees(start + (left + a) * step, start + (low + b) * step) for a, b in ends]

    def write(self, file: Path) -> None:
        """Write the extract: nodes, ways, relations, each by their ids."""
        with osmium.SimpleWriter(str(file), overwrite=True) as writer:
            for number, xy in enumerate(self.xy, start=1):
                tags = self.node_tags.get(number, {})
                writer.add_node(Node(id=number, version=1, location=degrees(*xy), tags=tags))
            for number, (refs, tags) in enumerate(self.ways, start=1):
                writer.add_way(Way(id=number, version=1, nodes=refs, tags=tags))
            for number, (members, tags) in enumerate(self.relations, start=1):
                writer.add_relation(Relation(id=number, version=1, members=members, tags=tags))


def degrees(x: float, y: float) -> tuple[float, float]:
    return LON + x / (111_320 * math.cos(math.radians(LAT))), LAT + y / 110_800
