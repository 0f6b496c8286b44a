"""Independent answers: networkx on a graph into which the points are inserted as nodes."""

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from planner.network import Positions, WalkNetwork


def positions(edge, offset, access) -> Positions:
    n = len(edge)
    return Positions(edge, offset, access, np.zeros((n, 2)), np.zeros((n, 2)))


def split_graph(uv, length, places: dict[str, Positions], access=True) -> nx.Graph:
    """Streets cut at every position; positions hang on them as (name, row) by their legs."""
    graph = nx.Graph()

    def link(a, b, weight):
        if a != b and (not graph.has_edge(a, b) or graph[a][b]["weight"] > weight):
            graph.add_edge(a, b, weight=weight)

    cuts: dict[int, set[int]] = {e: set() for e in range(len(uv))}
    graph.add_nodes_from(int(x) for x in np.ravel(uv))
    for some in places.values():
        for e, o in zip(some.edge.tolist(), some.offset_mm.tolist(), strict=True):
            if e >= 0:
                cuts[e].add(o)
    for e, (u, v) in enumerate(np.asarray(uv).tolist()):
        whole = int(length[e])
        chain = [(u, 0), *(((e, o), o) for o in sorted(cuts[e])), (v, whole)]
        for (a, at), (b, to) in pairwise(chain):
            link(a, b, to - at)
    for name, some in places.items():
        for row in range(len(some)):
            graph.add_node((name, row))
            if some.edge[row] >= 0:
                spot = (int(some.edge[row]), int(some.offset_mm[row]))
                link((name, row), spot, int(some.access_mm[row]))
    return graph


def all_distances(uv, length, sources: Positions, targets: Positions):
    """(sources, targets) float64 millimetres, inf where there is no way or no position."""
    out = np.full((len(sources), len(targets)), np.inf)
    for s in range(len(sources)):
        if sources.edge[s] < 0:
            continue
        graph = split_graph(uv, length, {"s": sources.take([s]), "t": targets})
        found = nx.single_source_dijkstra_path_length(graph, ("s", 0))
        for t in range(len(targets)):
            if targets.edge[t] >= 0:
                out[s, t] = found.get(("t", t), np.inf)
    return out


@st.composite
def questions(draw):
    """A small multigraph with every awkwardness, and positions on it: net, sources, targets."""
    n = draw(st.integers(1, 9))
    lengths = st.sampled_from([0, 1, 2, 5, 5, 10, 10, 700_000_000]) | st.integers(0, 30)
    edges = draw(
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), lengths),
            min_size=1,
            max_size=16,
        )
    )
    uv = [edge[:2] for edge in edges]
    length = np.array([edge[2] for edge in edges])

    def some(most):
        rows = draw(
            st.lists(
                st.tuples(
                    st.integers(-1, len(edges) - 1),
                    st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0]),
                    st.sampled_from([0, 0, 1, 3]),
                ),
                max_size=most,
            )
        )
        edge = np.array([row[0] for row in rows], np.int32)
        part = np.array([row[1] for row in rows])
        offset = np.where(edge >= 0, np.rint(part * length[edge]), 0).astype(np.int32)
        return positions(edge, offset, np.array([row[2] for row in rows], np.int32))

    net = WalkNetwork.from_edges(np.zeros((n, 2)), uv, length / 1000)
    if draw(st.booleans()):
        net.prepare()
    return net, some(6), some(8)
