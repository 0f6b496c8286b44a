"""What a change costs with the index, against computing everything anew with scipy.

    python benchmarks/network/bench_index.py [nodes ...]

Streets are synthetic, of mean degree 2.8, with one facility to 500 nodes.
"""

import sys
from time import process_time

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from planner.network import Positions, WalkNetwork
from planner.network.links.scores import score_links
from planner.network.nearest.index import NearestIndex

CHANGES = 300
LINKS = 20_000


def streets(nodes, seed=0):
    """Random places joined by the Delaunay edges of a spanning tree and the shortest others."""
    rng = np.random.default_rng(seed)
    side = np.sqrt(nodes) * 80.0
    xy = rng.uniform(0, side, (nodes, 2))
    triangles = Delaunay(xy).simplices
    pairs = np.sort(
        np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [0, 2]]])
    )
    pairs = np.unique(pairs[:, 0].astype(np.int64) * nodes + pairs[:, 1])
    uv = np.column_stack([pairs // nodes, pairs % nodes]).astype(np.int32)
    length = np.hypot(*(xy[uv[:, 0]] - xy[uv[:, 1]]).T)
    weight = rng.permutation(len(uv)) + 1
    tree = minimum_spanning_tree(coo_array((weight, tuple(uv.T)), (nodes, nodes))).tocoo()
    in_tree = np.zeros(len(uv), bool)
    in_tree[np.searchsorted(pairs, tree.row.astype(np.int64) * nodes + tree.col)] = True
    others = np.flatnonzero(~in_tree)
    chosen = rng.choice(others, int(1.4 * nodes) - int(in_tree.sum()), replace=False)
    in_tree[chosen] = True
    return xy, uv[in_tree], length[in_tree]


def timed(act, arguments):
    """Milliseconds of each call."""
    took = []
    for argument in arguments:
        begin = process_time()
        act(*argument)
        took.append((process_time() - begin) * 1000)
    return np.array(took)


def assert_exact(index, network, homes, places):
    """The index, after all its changes, equals the network's answer for the same sources."""
    anew = network.nearest(Positions.concatenate(*(places[s] for s in sorted(places))), homes)
    found = index.distances(homes)
    np.testing.assert_array_equal(found.distance_m, anew.distance_m)
    np.testing.assert_array_equal(found.source, np.array([*sorted(places), -1])[anew.source])


def main():
    sizes = [int(x) for x in sys.argv[1:]] or [100_000, 1_000_000]
    print("| nodes | change | median ms | 95 % ms | scipy, all anew, ms | ratio |")
    print("|---|---|---|---|---|---|")
    for nodes in sizes:
        xy, uv, length = streets(nodes)
        rng = np.random.default_rng(1)
        network = WalkNetwork.from_edges(xy, uv, length)
        side = xy.max()
        sources = network.snap(rng.uniform(0, side, (nodes // 500, 2)))
        homes = network.snap(rng.uniform(0, side, (100_000, 2)))
        spots = network.snap(rng.uniform(0, side, (3 * CHANGES, 2)))
        index = NearestIndex(network, sources)
        with index.trial():
            index.remove(index.add(spots.take([0])))

        graph = coo_array((length, tuple(uv.T)), (nodes, nodes)).tocsr()
        begin = process_time()
        dijkstra(graph, directed=False, indices=uv[sources.edge, 0], min_only=True)
        scipy_ms = (process_time() - begin) * 1000

        places = [spots.take([i]) for i in range(len(spots))]
        chosen = rng.choice(len(sources), CHANGES, replace=len(sources) < CHANGES)
        rows = {"add": timed(index.add, [(p,) for p in places[:CHANGES]])}
        rows["move"] = timed(index.move, zip(chosen, places[CHANGES:], strict=False))
        added = range(len(sources), len(sources) + CHANGES)
        rows["remove what was added"] = timed(index.remove, [(s,) for s in added])
        near = [network.snap(p.xy + 60.0) for p in places[:CHANGES]]
        rows["add a link"] = timed(
            index.add_link,
            [(a, b, 5.0) for a, b in zip(places, near, strict=False) if b.edge[0] >= 0],
        )
        links = range(len(rows["add a link"]))
        rows["remove a link"] = timed(index.remove_link, [(k,) for k in links])
        view = index.watch(homes)
        rows["add, 100,000 homes followed"] = timed(index.add, [(p,) for p in places[:CHANGES]])
        del view
        for name, took in rows.items():
            print(
                f"| {nodes:,} | {name} | {np.median(took):.3f} | {np.quantile(took, 0.95):.3f} "
                f"| {scipy_ms:.0f} | {scipy_ms / np.median(took):,.0f} |",
                flush=True,
            )
        there = {s: sources.take([s]) for s in range(len(sources))}
        there |= dict(zip(chosen.tolist(), places[CHANGES:], strict=False))
        again = range(len(sources) + CHANGES, len(sources) + 2 * CHANGES)
        there |= dict(zip(again, places, strict=False))
        assert_exact(index, network, homes, there)

        ends = rng.uniform(0, side, (LINKS, 2))
        a, b = network.snap(ends), network.snap(ends + rng.normal(0, 60, ends.shape))
        crow = np.hypot(*(a.join_xy - b.join_xy).T)
        span = np.where(np.isfinite(crow), crow, 0.0)
        score_links(index, a.take([0]), b.take([0]), span[:1], homes, np.ones(len(homes)), 500.0)
        begin = process_time()
        gains = score_links(index, a, b, span, homes, np.ones(len(homes)), 500.0)
        took = (process_time() - begin) * 1000
        print(
            f"| {nodes:,} | score {LINKS:,} links, 100,000 homes, 500 m | {took:.0f} in all, "
            f"{(gains > 0).sum():,} gain | | {scipy_ms * LINKS:,.0f} "
            f"| {scipy_ms * LINKS / took:,.0f} |"
        )


if __name__ == "__main__":
    main()
