"""How far the share moves with what is not known exactly: limits, speeds, doors, loose streets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.spread import SpreadHomes
from planner.analysis.distances.reach import AROUND_CORNERS, Reach, plain_walk_only
from planner.analysis.measures.week import count_cover
from planner.analysis.people import (
    few_of,
    limit_of,
    people_of,
    residents_left_out,
    untold_as_unknown,
)
from planner.arrays import F64, I32, I64
from planner.network import Positions, WalkNetwork, with_links, without_edges
from planner.sources.checks.district import barriers_of

MATTERS = 0.01
"""Width of a share's range from which on the share is to be shown with it."""

JOIN_WITHIN_M = 50.0
"""Widest gap over which a disconnected piece of street is taken to belong to the streets beside."""


def uncertainty(
    assessment: Assessment,
    kinds: Sequence[str] | None = None,
    *,
    groups: Sequence[str] | None = None,
    change: float = 0.1,
    join_within_m: float = JOIN_WITHIN_M,
) -> pd.DataFrame:
    """Return how the share covered moves with each thing that is not known exactly.

    Parameters
    ----------
    assessment, kinds, groups
        What is measured; all judged kinds and all groups where none are given.
    change
        Part by which limits and walking speeds are made smaller and larger, 0–1.
    join_within_m
        Widest gap over which a disconnected piece of street is joined, metres; see
        :func:`loose_pieces`.

    Returns
    -------
    DataFrame
        One row for each kind, group and cause: ``kind``, ``group``, ``cause``, ``share`` as
        assessed, the lowest and highest ``share_low`` and ``share_high`` under the cause, and
        whether the range ``matters`` (:data:`MATTERS` or wider; missing where no share is known or
        counts of the group are withheld). Causes: ``"limit"`` shorter and
        longer by `change`; ``"speed"`` the same, where the standard speaks of minutes (without
        effect on limits in metres); ``"access"`` the way from door to street: not counted at
        all, or around corners (√2 times the straight line); ``"pieces"`` every disconnected
        piece of street joined to the largest where it comes near; ``"unknown"`` all whose
        distance, or the hours and services it turns on, are unknown uncovered or covered;
        ``"spread"``, where residents were spread over homes: those lived at the worst or best homes
        that :mod:`planner.analysis.coverage.spread` allows.
        ``unknown`` counts these people, who are part of no other range.

    Raises
    ------
    InputError
        For an unknown kind or group, or a kind without a limit.
    """
    plain_walk_only(assessment.reach)
    variants = _Variants(assessment.reach, Joints.of(assessment.reach, join_within_m))
    spread = SpreadHomes.of(assessment.district.demand)
    rows = []
    for kind in assessment.judged_kinds if kinds is None else kinds:
        rule = assessment.rule(kind)
        other = list(variants.metres(kind))
        base = assessment.distances[kind].to_numpy(dtype=np.float64)
        best = assessment.best_distances[kind].to_numpy(dtype=np.float64)
        for group in groups or assessment.groups:
            limit_m = limit_of(assessment, kind, group)
            timed = rule is not None and rule.time_for(group) is not None
            people = people_of(assessment, group, untold=True)
            left_out, few = residents_left_out(assessment, group), few_of(assessment, group)
            whom = _Whom(people, left_out, few)
            as_counted = whom.shares(base, best, limit_m)
            around = [whom.share(base, best, limit_m * (1 + by)) for by in (-change, change)]
            shares = {
                "limit": around,
                "speed": around if timed else [],
                **{cause: [whom.share(*m, limit_m) for m in each] for cause, each in other},
                "unknown": [as_counted["share_low"], as_counted["share_high"]],
            }
            if spread is not None:
                shares["spread"] = _spread_ends(spread, people, base, limit_m)
            as_is, unknown = as_counted["share"], as_counted["unknown"]
            # where what is withheld may make it any share, no cause moves it so or so far
            told = (as_counted[name] for name in ("covered", "uncovered", "unknown"))
            withheld = np.isnan(sum(told))
            for cause, found in shares.items():
                ends = [] if withheld else [share for share in (as_is, *found) if share == share]
                low, high = (min(ends), max(ends)) if ends else (np.nan, np.nan)
                wide = high - low >= MATTERS if ends else pd.NA
                rows.append((kind, group, cause, as_is, low, high, wide, unknown))
    names = ("kind", "group", "cause", "share", "share_low", "share_high", "matters", "unknown")
    table = pd.DataFrame(rows, columns=list(names)).astype({"matters": "boolean"})
    return untold_as_unknown(assessment, table)


def loose_pieces(assessment: Assessment, *, join_within_m: float = JOIN_WITHIN_M) -> pd.DataFrame:
    """Return the pieces of street that are disconnected from the largest, and who lives on them.

    Parameters
    ----------
    assessment
        Its streets, homes and facilities are used.
    join_within_m
        Widest gap to the largest piece over which another is joined, metres.

    Returns
    -------
    DataFrame
        One row for each piece, those with most residents first: ``piece``, ``edges``,
        ``length_m``, ``homes``, ``residents`` (of the first group), ``facilities`` that count
        there, and, where a straight leg from one of its nodes reaches the largest piece without
        crossing a barrier: ``gap_m`` and its ends ``x1``, ``y1``, ``x2``, ``y2`` (NaN elsewhere).
    """
    plain_walk_only(assessment.reach)
    reach = assessment.reach
    network = reach.streets.network
    loose = Joints.of(reach, join_within_m)
    count = int(network.component.max()) + 1
    edge_piece = network.component[network.edge_uv[:, 0]]
    homes = reach.streets.on_network(reach.homes)
    places = reach.streets.on_network(
        reach.places.take(assessment.district.open_facilities().index)
    )

    def per_piece(edges: I32, values: F64 | None = None) -> F64:
        return np.bincount(edge_piece[edges], values, minlength=count).astype(np.float64)

    table = pd.DataFrame(
        {
            "edges": np.bincount(edge_piece, minlength=count),
            "length_m": np.bincount(edge_piece, network.edge_length_mm / 1000, count),
            "homes": per_piece(homes.edge[homes.known]).astype(np.int64),
            "residents": per_piece(homes.edge[homes.known], people_of(assessment)[homes.known]),
            "facilities": per_piece(places.edge[places.known]).astype(np.int64),
        },
        index=pd.RangeIndex(count, name="piece"),
    )
    ends = np.column_stack([loose.gap_m, loose.here.xy, loose.there.join_xy])
    columns = ["gap_m", "x1", "y1", "x2", "y2"]
    table = table.join(pd.DataFrame(ends, index=loose.piece, columns=columns))
    table = table.drop(index=_largest(network))
    order = ["residents", "length_m"]
    return table.sort_values(order, ascending=False, kind="stable").reset_index()


@dataclass(frozen=True, eq=False)
class Joints:
    """Where disconnected pieces of street come nearest to the largest piece.

    Parameters
    ----------
    piece
        (k,) component of each piece that has a joint.
    here, there
        (k,) its node, and the place on the largest piece.
    gap_m
        (k,) metres between them.
    """

    piece: I64
    here: Positions
    there: Positions
    gap_m: F64

    @classmethod
    def of(cls, reach: Reach, join_within_m: float) -> Joints:
        """Find the joints that are no longer than `join_within_m` and cross no barrier."""
        network = reach.streets.network
        main = _largest(network)
        edge_piece = network.component[network.edge_uv[:, 0]]
        nodes = np.unique(network.edge_uv[edge_piece != main])
        kept = np.flatnonzero(edge_piece == main)
        if not nodes.size:
            nowhere = network.at_nodes(nodes)
            return cls(nodes.astype(np.int64), nowhere, nowhere, np.zeros(0))
        rest = without_edges(network, np.flatnonzero(edge_piece != main)).network
        found = rest.snap(
            network.node_xy[nodes],
            max_access_m=join_within_m,
            barriers=barriers_of(reach.district),
        )
        near = np.flatnonzero(found.known)
        order = near[np.lexsort((found.access_mm[near], network.component[nodes[near]]))]
        piece, first = np.unique(network.component[nodes[order]], return_index=True)
        best = order[first]
        on_main = found.take(best)
        there = replace(on_main.at_streets(), edge=kept[on_main.edge])
        here = network.at_nodes(nodes[best])
        return cls(piece.astype(np.int64), here, there, on_main.access_mm / 1000)


@dataclass(frozen=True, eq=False)
class _Variants:
    """The streets as they are and with every joint made, and the homes and places on them."""

    reach: Reach
    joints: Joints

    def metres(self, kind: str) -> Iterator[tuple[str, list[tuple[F64, F64]]]]:
        """Yield each cause with the distances, and those if all that is unknown counts."""
        joined: list[tuple[F64, F64]] = []
        access: list[tuple[F64, F64]] = []
        if self.reach.measure_of(kind) == "walk":
            network, on_network = self.reach.streets.network, self.reach.streets.on_network
            homes, places = on_network(self.reach.homes), on_network(self.reach.places)
            for factor in (0.0, AROUND_CORNERS):
                doors = _with_access(homes, factor), _with_access(places, factor)
                access.append(self._nearest(kind, network, *doors))
            if len(self.joints.piece):
                changed = with_links(
                    network, self.joints.here, self.joints.there, self.joints.gap_m
                )
                both = changed.on_network(homes), changed.on_network(places)
                joined.append(self._nearest(kind, changed.network, *both))
        yield "access", access
        yield "pieces", joined

    def _nearest(
        self, kind: str, network: WalkNetwork, homes: Positions, places: Positions
    ) -> tuple[F64, F64]:
        sure, all_ = (
            network.nearest(
                places.take(self.reach.counting(kind, if_unknown=if_unknown)), homes
            ).distance_m
            for if_unknown in (False, True)
        )
        return sure, all_


def _with_access(positions: Positions, factor: float) -> Positions:
    """Return positions whose way to the street is so many times as long."""
    access_mm = np.rint(positions.access_mm * factor).astype(np.int32)
    return Positions(
        positions.edge, positions.offset_mm, access_mm, positions.xy, positions.join_xy
    )


def _largest(network: WalkNetwork) -> int:
    """Return the component with most metres of street."""
    piece = network.component[network.edge_uv[:, 0]]
    return int(np.argmax(np.bincount(piece, network.edge_length_mm)))


@dataclass(frozen=True, eq=False)
class _Whom:
    """Whom of a group shares are of.

    Parameters
    ----------
    people, left_out
        People of the group at each home, and residents whose people of it are withheld, (n,).
    few
        Which counts of them are withheld.
    """

    people: F64
    left_out: F64
    few: Callable[[Any], Any]

    def shares(self, sure_m: F64, best_m: F64, limit_m: float) -> dict[str, float]:
        """Return the counts and shares of :class:`planner.analysis.measures.week.Count`."""
        count, hidden = (
            count_cover(each, sure_m, best_m, limit_m) for each in (self.people, self.left_out)
        )
        return {name: float(value) for name, value in count.shares(hidden, self.few).items()}

    def share(self, sure_m: F64, best_m: F64, limit_m: float) -> float:
        """Return the share of those known."""
        return self.shares(sure_m, best_m, limit_m)["share"]


def _spread_ends(spread: SpreadHomes, people: F64, metres: F64, limit_m: float) -> list[float]:
    """Return the least and most share of those known, by where spread residents live."""
    known = people * ~np.isnan(metres)
    if not known.sum() > 0:
        return []
    within = metres <= limit_m
    together = np.zeros(len(known), np.int64)
    ends = spread.covered(together, known, within, within, 1)
    return [float(end[0] / known.sum()) for end in ends]
