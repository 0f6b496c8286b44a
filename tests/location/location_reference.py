"""Plain answers to small location problems, by looking at every set of sites."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy import sparse


def allowed_sets(
    m: int,
    p: int | None,
    fixed: list[int],
    forbidden: list[int],
    cost: np.ndarray | None = None,
    budget: float | None = None,
) -> Iterator[list[int]]:
    for k in range((m if p is None else p) + 1):
        for chosen in combinations(range(m), k):
            allowed = set(fixed) <= set(chosen) and not set(forbidden) & set(chosen)
            if allowed and (budget is None or cost[list(chosen)].sum() <= budget):
                yield list(chosen)


def as_csr(distances: np.ndarray) -> sparse.csr_array:
    """What is finite, stored; zeros too."""
    at = np.nonzero(np.isfinite(distances))
    return sparse.csr_array((distances[at], at), shape=distances.shape)


@st.composite
def tables(draw: Any, *, holes: bool, rows: int = 7, columns: int = 6) -> np.ndarray:
    """Distances of few demands and candidates, with many ties; inf where out of reach."""
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    metre = st.sampled_from([0.0, 1.0, 2.0, 2.5, 4.0, 7.25, 9.0, *([np.inf] * 3 if holes else [])])
    return np.array(draw(st.lists(metre, min_size=n * m, max_size=n * m))).reshape(n, m)


@st.composite
def choices(draw: Any, m: int) -> tuple[list[int], list[int]]:
    """Fixed and forbidden candidates; one at least is not forbidden."""
    kinds = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=m, max_size=m))
    fixed = [j for j in range(m) if kinds[j] == 1]
    forbidden = [j for j in range(m) if kinds[j] == 2]
    return fixed, forbidden[: m - 1 if not fixed else m]


def weights(n: int, least: float = 0.0) -> Any:
    values = [value for value in (0.0, 1.0, 3.0, 0.1, 12.5) if value >= least]
    return st.lists(st.sampled_from(values), min_size=n, max_size=n).map(np.array)


def random_graph(n: int, seed: int) -> np.ndarray:
    """Shortest paths of a random graph as OR-Library's p-median graphs are made."""
    random = np.random.default_rng(seed)
    order = random.permutation(n)
    u = np.concatenate([order[:-1], random.integers(0, n, n * n // 50)])
    v = np.concatenate([order[1:], random.integers(0, n, n * n // 50)])
    length = random.integers(1, 101, len(u)).astype(np.float64)
    matrix = np.full((n, n), np.inf)
    np.minimum.at(matrix, (u, v), length)
    matrix = np.minimum(matrix, matrix.T)
    np.fill_diagonal(matrix, 0.0)
    for k in range(n):
        matrix = np.minimum(matrix, matrix[:, k, None] + matrix[k])
    return matrix
