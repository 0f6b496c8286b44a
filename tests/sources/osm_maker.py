"""Write small OpenStreetMap extracts, in metres around a corner in Ganzhou."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from xml.sax.saxutils import quoteattr

LON, LAT = 114.93, 25.85


def degrees(x: float, y: float) -> tuple[float, float]:
    return LON + x / (111_320 * math.cos(math.radians(LAT))), LAT + y / 110_800


class Extract:
    def __init__(self) -> None:
        self.nodes: dict[int, tuple[float, float, dict[str, str]]] = {}
        self.ways: dict[int, tuple[list[int], dict[str, str]]] = {}
        self.relations: dict[int, tuple[list[tuple[str, int, str]], dict[str, str]]] = {}

    def node(self, x: float, y: float, **tags: str) -> int:
        number = len(self.nodes) + 1
        self.nodes[number] = (x, y, tags)
        return number

    def way(self, nodes: list[int], tags: dict[str, str]) -> int:
        number = 1000 + len(self.ways)
        self.ways[number] = (nodes, tags)
        return number

    def line(self, *points: tuple[float, float], **tags: str) -> int:
        return self.way([self.node(*point) for point in points], tags)

    def box(self, x: float, y: float, width: float, height: float, **tags: str) -> int:
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        nodes = [self.node(*corner) for corner in corners]
        return self.way([*nodes, nodes[0]], tags)

    def relation(self, members: list[tuple[str, int, str]], tags: dict[str, str]) -> int:
        number = 9000 + len(self.relations)
        self.relations[number] = (members, tags)
        return number

    def area(self, x: float, y: float, width: float, height: float, **tags: str) -> int:
        """Add an administrative area."""
        ring = self.box(x, y, width, height)
        tags = {"type": "boundary", "boundary": "administrative", **tags}
        return self.relation([("way", ring, "outer")], tags)

    def street(self, *points: tuple[float, float], **tags: str) -> int:
        return self.line(*points, **{"highway": "residential", **tags})

    def elements(self) -> list[dict[str, object]]:
        """Return Overpass' JSON elements."""
        found: list[dict[str, object]] = []
        for i, (x, y, tags) in self.nodes.items():
            lon, lat = degrees(x, y)
            found.append({"type": "node", "id": i, "lat": lat, "lon": lon, "tags": tags})
        for i, (nodes, tags) in self.ways.items():
            found.append({"type": "way", "id": i, "nodes": nodes, "tags": tags})
        for i, (members, tags) in self.relations.items():
            rows = [{"type": t, "ref": r, "role": role} for t, r, role in members]
            found.append({"type": "relation", "id": i, "members": rows, "tags": tags})
        return found

    def write(self, path: Path) -> Path:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
        for i, (x, y, tags) in self.nodes.items():
            lon, lat = degrees(x, y)
            lines += [f'<node id="{i}" version="1" lat="{lat:.9f}" lon="{lon:.9f}">', *_tags(tags)]
            lines.append("</node>")
        for i, (nodes, tags) in self.ways.items():
            stamp = "2026-03-01T00:00:00Z"
            lines.append(f'<way id="{i}" version="1" timestamp="{stamp}">')
            lines += [*(f'<nd ref="{node}"/>' for node in nodes), *_tags(tags), "</way>"]
        for i, (members, tags) in self.relations.items():
            lines.append(f'<relation id="{i}" version="1">')
            lines += [f'<member type="{t}" ref="{r}" role="{role}"/>' for t, r, role in members]
            lines += [*_tags(tags), "</relation>"]
        text = "\n".join([*lines, "</osm>"])
        if path.suffix == ".gz":
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text, encoding="utf-8")
        return path


def _tags(tags: dict[str, str]) -> list[str]:
    return [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]


def town(margin: int = 6) -> Extract:
    """Return a district of 2 × 2 km with streets up to 250 m × margin beyond it."""
    span = range(-margin, 9 + margin)
    extract = Extract()
    for number, (x, y) in enumerate([(0, 0), (1000, 0), (0, 1000), (1000, 1000)]):
        extract.area(x, y, 1000, 1000, admin_level="10", name=f"社区{number + 1}")
    extract.area(0, 0, 1000, 2000, admin_level="8", name="西街道")
    extract.area(1000, 0, 1000, 2000, admin_level="8", name="东街道")
    tags = {"admin_level": "6", "name": "章贡区", "name:en": "Zhanggong"}
    extract.area(0, 0, 2000, 2000, **tags)
    grid = {(i, j): extract.node(i * 250, j * 250) for i in span for j in span}
    for k in span:
        extract.way([grid[i, k] for i in span], {"highway": "residential"})
        extract.way([grid[k, j] for j in span], {"highway": "residential"})
    for i in range(8):
        for j in range(8):
            extract.box(i * 250 + 30, j * 250 + 30, 40, 20, building="yes")
    extract.node(500, 510, amenity="clinic", name="Clinic")
    extract.node(-900, 510, amenity="library", name="Library across the border")
    extract.line((-2000, 1110), (4000, 1110), waterway="river", name="赣江")
    return extract
