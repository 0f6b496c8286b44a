"""How many homes change side of a limit where points are snapped to nodes, as peers do.

``python benchmarks/network/node_snapping.py EXTRACT.osm.pbf``
"""

import sys
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from planner.network import WalkNetwork

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "network"))
from small_extract import walk_lines


def main() -> None:
    net = WalkNetwork.from_lines(walk_lines(Path(sys.argv[1])))
    rng = np.random.default_rng(0)
    chosen = rng.integers(0, len(net.coords), 2012)
    xy = net.coords[chosen] + rng.normal(0, 40, (2012, 2))
    nodes = cKDTree(net.node_xy).query(xy)[1]
    exact, rough = net.snap(xy), net.at_nodes(nodes)
    first, rest = np.arange(12), np.arange(12, 2012)
    ours = net.nearest(exact.take(first), exact.take(rest)).distance_m
    theirs = net.nearest(rough.take(first), rough.take(rest)).distance_m
    both = np.isfinite(ours) & np.isfinite(theirs)
    print(f"{both.sum()} homes, mean error {np.abs(ours[both] - theirs[both]).mean():.1f} m")
    for limit in (300, 500, 800, 1000):
        flips = ((ours <= limit) != (theirs <= limit))[both].sum()
        print(f"{limit} m: {flips} change side, {flips / both.sum():.1%}")


if __name__ == "__main__":
    main()
