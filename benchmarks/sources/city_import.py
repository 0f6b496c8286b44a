"""Processor time of importing a city of 117,000 street pieces and 800 squares, made up with a seed.

``python benchmarks/sources/city_import.py [--squares N] [--blocks N] [--profile]`` writes the
extract into a temporary folder and imports it in this process. The bar is 20 s of processor time.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import pstats
import tempfile
import time
from pathlib import Path

import numpy as np
import osmium

from planner.sources import from_osm

LON, LAT = -8.61, 41.15
BLOCK_M = 60.0
BAR_S = 20.0


def degrees(x: float, y: float) -> tuple[float, float]:
    return LON + x / (111_320 * math.cos(math.radians(LAT))), LAT + y / 111_100


def write_city(file: Path, blocks: int, squares: int, seed: int = 7) -> None:
    """Write streets on a grid, and squares in the blocks with footways from their outlines.

    A square has 24 to 60 corners, every third of them an entry joined to a corner of its block,
    one in four of the squares an arm that hides some entries from the others.
    """
    rng = np.random.default_rng(seed)
    writer = osmium.SimpleWriter(str(file))
    side = blocks + 1
    nodes: list[tuple[int, float, float]] = []

    def node(x: float, y: float) -> int:
        nodes.append((len(nodes) + 1, *degrees(x, y)))
        return len(nodes)

    grid = [[node(c * BLOCK_M, r * BLOCK_M) for c in range(side)] for r in range(side)]
    ways: list[tuple[list[int], dict[str, str]]] = []
    ways += [(row, {"highway": "residential", "name": f"R{i}"}) for i, row in enumerate(grid)]
    ways += [
        ([grid[r][c] for r in range(side)], {"highway": "residential", "name": f"C{c}"})
        for c in range(side)
    ]
    for block in rng.choice(blocks * blocks, squares, replace=False):
        r, c = divmod(int(block), blocks)
        x, y = (c + 0.5) * BLOCK_M, (r + 0.5) * BLOCK_M
        corners = int(rng.integers(24, 61))
        angle = np.linspace(0, 2 * math.pi, corners, endpoint=False)
        radius = rng.uniform(16, 24, corners)
        if rng.random() < 0.25:
            radius[corners // 3 : corners // 2] = 5.0
        ring = [
            node(x + float(far) * math.cos(a), y + float(far) * math.sin(a))
            for a, far in zip(angle, radius, strict=True)
        ]
        ways.append(([*ring, ring[0]], {"highway": "pedestrian", "area": "yes"}))
        for number in range(0, corners, 3):
            a = float(angle[number])
            end = grid[r + (math.sin(a) > 0)][c + (math.cos(a) > 0)]
            ways.append(([ring[number], end], {"highway": "footway"}))
    for number, lon, lat in nodes:
        writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat)))
    for number, (refs, tags) in enumerate(ways, start=1):
        writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--squares", type=int, default=800)
    parser.add_argument("--blocks", type=int, default=217)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "city.osm.pbf"
        write_city(file, given.blocks, given.squares)
        profile = cProfile.Profile()
        if given.profile:
            profile.enable()
        start = time.process_time()
        district = from_osm(file)
        seconds = time.process_time() - start
        profile.disable()
    across = district.streets["street_id"].str.contains("/x").sum()
    print(f"{len(district.streets)} pieces ({across} across {given.squares} squares)")
    print(f"{seconds:.1f} s of processor time; the bar is {BAR_S:.0f} s")
    if given.profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
