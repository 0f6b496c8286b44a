"""Service areas beside OSMnx's way: ``python benchmarks/network/bench_service_areas.py [areas]``.

OSMnx's way is its isochrone example: a subgraph by ``networkx.ego_graph`` and the union of its
edges, each with a buffer. The streets are a jittered grid of 100 m with a mean degree of 2.8.
"""

import sys
from time import process_time

import networkx as nx
import numpy as np
import shapely

from planner.network import Barriers, WalkNetwork
from planner.network.areas import service_areas

LIMITS = (300.0, 500.0, 1000.0)
ACCESS_M = 40.0
PEER_AREAS = 50


def town(side=316, seed=0):
    """Streets of side × side crossings."""
    rng = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    x, y = np.meshgrid(np.arange(side) * 100.0, np.arange(side) * 100.0)
    xy = np.column_stack([x.ravel(), y.ravel()]) + rng.uniform(-30, 30, (side * side, 2))
    right = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    up = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    uv = np.vstack([right, up])
    return xy, uv[rng.random(len(uv)) < 0.7]


def peer_areas(graph, nodes):
    """Hulls of nodes, and unions of buffered edges, in seconds each."""
    hulls = buffered = 0.0
    for node in nodes:
        for limit in LIMITS:
            begin = process_time()
            part = nx.ego_graph(graph, node, radius=limit, distance="length")
            reached = shapely.points([(d["x"], d["y"]) for _, d in part.nodes(data=True)])
            shapely.convex_hull(shapely.union_all(reached))
            hulls += process_time() - begin
            begin = process_time()
            part = nx.ego_graph(graph, node, radius=limit, distance="length")
            edges = [d["geometry"] for _, _, d in part.edges(data=True)]
            shapely.union_all(shapely.buffer(edges, ACCESS_M))
            buffered += process_time() - begin
    return hulls, buffered


def main():
    areas = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    xy, uv = town()
    network = WalkNetwork.from_edges(xy, uv)
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((i, {"x": x, "y": y}) for i, (x, y) in enumerate(xy.tolist()))
    for (u, v), line, mm in zip(
        uv.tolist(), network.lines(), network.edge_length_mm.tolist(), strict=True
    ):
        for a, b in ((u, v), (v, u)):
            graph.add_edge(a, b, length=mm / 1000, geometry=line)
    rng = np.random.default_rng(1)
    sources = network.snap(rng.uniform(0, xy.max(), (areas, 2)))
    walls = shapely.linestrings([[(0, y), (32000, y)] for y in range(450, 31000, 1000)])
    variants = {
        "stretches only": {"polygons": False},
        "polygons": {"access_m": ACCESS_M},
        "polygons, one thread": {"access_m": ACCESS_M, "threads": 1},
        "polygons, barriers": {"access_m": ACCESS_M, "barriers": Barriers(walls)},
    }
    few = rng.choice(np.unique(uv), min(areas, PEER_AREAS), replace=False).tolist()
    hulls, buffered = (seconds * areas / len(few) for seconds in peer_areas(graph, few))
    print(f"{areas} areas x {len(LIMITS)} limits; OSMnx's way measured on {len(few)}, scaled up")
    print("| ours | s | OSMnx hull, s | ratio | OSMnx buffered, s | ratio |\n" + 6 * "|---" + "|")
    for name, options in variants.items():
        service_areas(network, sources.take([0]), LIMITS, **options)
        begin = process_time()
        service_areas(network, sources, LIMITS, **options)
        took = process_time() - begin
        print(
            f"| {name} | {took:.2f} | {hulls:.1f} | {hulls / took:.1f} "
            f"| {buffered:.1f} | {buffered / took:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
