"""What each of many links would bring by itself: the weight of places newly within a limit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.arrays import F64
from planner.errors import InputError
from planner.network.distances import limit_in
from planner.network.inputs import link_costs
from planner.network.nearest.index import NearestIndex
from planner.network.positions import Positions

__all__ = ["score_links"]


def score_links(
    index: NearestIndex,
    a: Positions,
    b: Positions,
    length_m: npt.ArrayLike,
    targets: Positions,
    weight: npt.ArrayLike,
    limit_m: float,
) -> F64:
    """Weight that each link alone would bring within the limit.

    Each link is judged by itself on the index as it stands (its other changes included) and the
    index is not changed. Exact: the same as :meth:`NearestIndex.add_link` and counting again.

    Parameters
    ----------
    index
        Sources and streets as they are. One of a network in seconds takes seconds for both
        ``length_m`` and ``limit_m``.
    a, b
        (n,) where the links begin and end; a link with an unknown end gains nothing.
    length_m
        (n,) metres from street to street.
    targets
        (t,) homes.
    weight
        (t,) their weights, such as residents.
    limit_m
        A target is served at this distance or less.

    Returns
    -------
    ndarray
        (n,) float64, the weight newly served.

    Raises
    ------
    InputError
        ``network.bad_link_length``, ``network.bad_shape``, ``network.bad_limit``.

    Notes
    -----
    A link helps only beyond its farther end, and only if it undercuts that end's own distance by
    more than nothing; from there one search per link runs over the nodes that it improves and no
    farther than the limit.
    """
    from planner.network.kernels.graph import places_by_node
    from planner.network.kernels.link_scores import link_scores

    network = index.network
    cost = link_costs(length_m)
    weights = np.ascontiguousarray(weight, np.float64)
    for name, given, wanted in (
        ("b", len(b), len(a)),
        ("length_m", cost.size, len(a)),
        ("weight", weights.size, len(targets)),
    ):
        if given != wanted:
            raise InputError(
                "network.bad_shape", name=name, expected=f"({wanted},)", found=(given,)
            )
    own = {"m": (limit_m, np.inf), "s": (np.inf, limit_m)}[network.unit]
    limit = limit_in(network, *own, name="limit")
    label = np.empty(len(targets), np.int64)
    offset, access = network.legs(targets)
    every = np.arange(len(targets), dtype=np.int32)
    index.write_labels((targets.edge, offset, access), every, label)
    # whoever is within the limit already gains from no link, and is left out of the search
    lacking = ((label >> 32) > limit) & targets.known & (weights != 0)
    far = np.flatnonzero(lacking)
    edge = targets.edge[far]
    start, member = places_by_node(len(network.node_xy), network.graph.ends, edge)
    gain = np.empty(len(a))
    link_scores(
        *index.state,
        a.edge,
        network.legs(a)[0],
        b.edge,
        network.legs(b)[0],
        cost,
        start,
        member,
        (edge, offset[far], access[far], weights[far]),
        limit,
        index.places.most_steps,
        gain,
    )
    return gain
