"""Where a district's streets could be linked, across what, and by what kind of work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
import shapely

from planner.analysis.distances.streets import streets_of
from planner.analysis.links.obstacles import THROUGH_M, buildable, crossings, over
from planner.analysis.links.settling import BENT, settled
from planner.arrays import I64, Bool, Shapes, Texts
from planner.district import District
from planner.district.layers import BARRIER_KINDS
from planner.errors import InputError
from planner.network.islands import ISLAND_M, island_edges
from planner.network.links.candidates import LinkCandidates, link_candidates, walked_m
from planner.network.positions import Positions

__all__ = [
    "MAP_WORK",
    "SETTLE_WAY",
    "SPANNED",
    "WORKS",
    "LinkPlaces",
    "Search",
    "gates_to_open",
    "link_places",
    "no_places",
    "shut_gate_on",
]

MAP_WORK = "map_link"
"""A correction of the map: nothing that anybody builds, so that it is never ranked among links."""

SETTLE_WAY = "settle_way"
"""A cycleway is there that the import left out, since nobody says whether one may walk on it: to
settle that builds nothing, costs nothing, and is never bought in a budget."""

WORKS = (SETTLE_WAY, "open_gate", MAP_WORK, "path", "crossing", "new_gate", "footbridge")
"""Kinds of work, the least first."""

SPANNED = ("water", "railway", "motorway")
"""Kinds of barrier that take a footbridge."""

TOUCHING_M = 0.5
"""Streets this near to each other meet: that they do not join is a fault of the map, metres. The
import's ``--join-streets`` joins as far."""

BEFORE_M = 15.0
"""A shut gate in the crossed wall this near to the link is the one to open."""


class Search(NamedTuple):
    """What counts as near, as far on foot, and as one place.

    Parameters
    ----------
    max_gap_m
        Longest straight line between two streets, metres.
    bridge_m
        Longest footbridge over water, a railway or a motorway, metres.
    min_walk_m, min_detour
        Shortest walk between the two ends, in metres and as a multiple of the straight line.
    merge_m
        Links whose ends both lie within this walk of each other's lead between the same two
        places, metres.
    """

    max_gap_m: float = 80.0
    bridge_m: float = 350.0
    min_walk_m: float = 300.0
    min_detour: float = 2.0
    merge_m: float = 50.0


@dataclass(frozen=True, eq=False)
class LinkPlaces:
    """Links that could be made in a district.

    Parameters
    ----------
    links
        Both ends on the district's network.
    work
        (n,) kind of work, one of :data:`WORKS`.
    barrier, barrier_name
        (n,) kinds and names of the barriers that the link crosses, joined by ``;``.
    gate_id
        (n,) the shut gate to open, empty where there is none.
    stands_for
        (n,) row of the link that stands for each among those of the same work that lead between
        the same two places: the shortest; beside a fault of the map, that.
    """

    links: LinkCandidates
    work: Texts
    barrier: Texts
    barrier_name: Texts
    gate_id: Texts
    stands_for: I64

    def __len__(self) -> int:
        return len(self.links)

    @cached_property
    def effort(self) -> I64:
        """(n,) rank by kind of work, then by length: the lower, the easier."""
        work = pd.Categorical(self.work, categories=list(WORKS)).codes
        rank = np.empty(len(self), dtype=np.int64)
        rank[np.lexsort((self.links.length_m, work))] = np.arange(len(self))
        return rank

    @property
    def kept(self) -> I64:
        """Rows of the links that stand for themselves, ascending; map work is none of them."""
        own = self.stands_for == np.arange(len(self))
        return np.flatnonzero(own & (self.work != MAP_WORK))

    @property
    def choices(self) -> I64:
        """Rows that may be chosen, ascending: those kept, and what they stand for.

        A gate is where it is, so that of links through a shut one only the easiest may be.
        """
        own = self.stands_for == np.arange(len(self))
        same = (self.work == self.work[self.stands_for]) & (self.work != "open_gate")
        return np.flatnonzero((own | same) & (self.work != MAP_WORK))

    @property
    def unjoined(self) -> I64:
        """Rows at which two streets meet on the ground without joining, ascending: map work."""
        touching = self.links.length_m <= TOUCHING_M
        return np.flatnonzero(touching & (self.work == MAP_WORK))


_PLACES: WeakKeyDictionary[District, dict[Search, LinkPlaces]] = WeakKeyDictionary()


def link_places(district: District, search: Search = Search()) -> LinkPlaces:  # noqa: B008
    """Return all places of a district where a link could be made, found once for each search.

    Raises
    ------
    InputError
        ``links.bad_length`` where a length of the search is negative or no number.
    """
    for name, value in search._asdict().items():
        if not (np.isfinite(value) and value >= 0):
            raise InputError("links.bad_length", name=name, value=value)
    kept = _PLACES.setdefault(district, {})
    if search not in kept:
        kept[search] = _find(district, search)
    return kept[search]


def no_places(district: District) -> LinkPlaces:
    """Return no places at all, for who need not look for any."""
    none = np.empty(0, np.int64)
    nowhere = streets_of(district).network.at_nodes(none)
    texts: Texts = np.empty(0, object)
    links = LinkCandidates(streets_of(district).network, nowhere, nowhere, np.empty(0))
    return LinkPlaces(links, texts, texts, texts, texts, none)


def _find(district: District, search: Search) -> LinkPlaces:
    barriers = district.barriers
    wide = barriers["kind"].isin(SPANNED) & (barriers.geom_type.str.endswith("Polygon"))
    links = link_candidates(
        streets_of(district).network,
        max_gap_m=search.max_gap_m,
        min_walk_m=search.min_walk_m,
        min_detour=search.min_detour,
        spanned=barriers.geometry.to_numpy()[wide.to_numpy(dtype=bool)],
        max_span_m=search.bridge_m,
    )
    links = links.take(buildable(district, links))
    places = _classified(district, links, links.lines)
    ways, instead = _ways_to_settle(district, places)
    # a cycleway much longer than the straight link is a place beside it: what is built there is
    # shorter, and who is brought near differs
    straight = np.setdiff1d(np.arange(len(places)), np.concatenate([[], *instead]))
    beside = np.array([not len(rows) for rows in instead], dtype=np.bool_)
    places = _together(_taken(places, straight.astype(np.int64)), ways)
    apart = np.concatenate([np.zeros(len(straight), dtype=np.bool_), beside])
    by = np.arange(len(places), dtype=np.int64)
    for rows in (np.flatnonzero(~apart), np.flatnonzero(apart)):
        by[rows] = _merged(places, rows, search.merge_m)
        # beside a fault of the map nothing is built before it is mended; but beside a shut gate a
        # new one may bring more, since who comes from elsewhere is not led to the gate
        real = rows[places.work[by[rows]] != MAP_WORK]
        for work in np.unique(places.work[real].astype(str)):
            alike = real[places.work[real] == work]
            by[alike] = _merged(places, alike, search.merge_m)
    return replace(places, stands_for=by)


def _merged(places: LinkPlaces, rows: I64, merge_m: float) -> I64:
    """Return which of some rows stands for each of them."""
    return rows[places.links.take(rows).merged(places.effort[rows], merge_m)]


def _ways_to_settle(district: District, places: LinkPlaces) -> tuple[LinkPlaces, list[I64]]:
    """Return the cycleways to settle, each once, and the links that each stands in for.

    A way leads from where cycleways meet one street to where they meet another, and is as long as
    they are. It stands in for the links that are hardly shorter: what is there need not be built.
    """
    links = places.links
    # who is cut off by the map or by a shut gate waits for that first
    open_to = np.flatnonzero(~np.isin(places.work, (MAP_WORK, "open_gate")))
    found = settled(district, links.lines[open_to])
    rows, lines = open_to[found.known], found.lines[found.known]
    length_m, walk_m = found.length_m[found.known], found.walk_m[found.known]
    ends = shapely.get_coordinates(shapely.get_point(lines, [[0], [-1]]).ravel())
    at = links.network.snap(ends, max_access_m=TOUCHING_M)
    a = at.take(np.arange(len(rows))).at_streets()
    b = at.take(np.arange(len(rows), 2 * len(rows))).at_streets()
    straight_m = np.hypot(*(a.join_xy - b.join_xy).T)
    ways = LinkCandidates(links.network, a, b, np.fmax(length_m, straight_m))
    joined = np.flatnonzero(a.known & b.known)
    # what is no shorter than the walk of today brings nobody nearer
    joined = joined[walked_m(ways.take(joined)) > ways.length_m[joined]]
    classified = _classified(district, ways.take(joined), lines[joined], settles=True)
    fine = classified.work == SETTLE_WAY
    joined, classified = joined[fine], _taken(classified, np.flatnonzero(fine))
    ends = np.column_stack([a.edge, a.offset_mm, b.edge, b.offset_mm])[joined]
    _, first, of = np.unique(ends, axis=0, return_index=True, return_inverse=True)
    alike = walk_m[joined] <= BENT * links.length_m[rows[joined]]
    instead = [rows[joined[(of.ravel() == each) & alike]] for each in range(len(first))]
    return _taken(classified, first.astype(np.int64)), instead


def _taken(places: LinkPlaces, rows: I64) -> LinkPlaces:
    """Return some of the places, each of which stands for itself."""
    return LinkPlaces(
        places.links.take(rows),
        places.work[rows],
        places.barrier[rows],
        places.barrier_name[rows],
        places.gate_id[rows],
        np.arange(len(rows)),
    )


def _together(one: LinkPlaces, other: LinkPlaces) -> LinkPlaces:
    """Return the places of both, each of which stands for itself."""
    links = LinkCandidates(
        one.links.network,
        Positions.concatenate(one.links.a, other.links.a),
        Positions.concatenate(one.links.b, other.links.b),
        np.concatenate([one.links.length_m, other.links.length_m]),
    )
    return LinkPlaces(
        links,
        np.concatenate([one.work, other.work]),
        np.concatenate([one.barrier, other.barrier]),
        np.concatenate([one.barrier_name, other.barrier_name]),
        np.concatenate([one.gate_id, other.gate_id]),
        np.arange(len(links)),
    )


def _classified(
    district: District, links: LinkCandidates, lines: Shapes, *, settles: bool = False
) -> LinkPlaces:
    """Say of each link what it crosses and what is to be done; each stands for itself.

    Parameters
    ----------
    district, links
        The district, and links in it.
    lines
        Their courses: straight, or along the cycleways.
    settles
        Whether they lead along cycleways that are there.
    """
    row, barrier = crossings(district, lines)
    kinds = district.barriers["kind"].to_numpy(dtype=object)[barrier]
    names = district.barriers["name"].to_numpy(dtype=object)[barrier]
    weight = np.array([BARRIER_KINDS.index(kind) for kind in kinds], dtype=np.int64)
    order = np.lexsort((barrier, weight, row))
    row, barrier, kinds, names = row[order], barrier[order], kinds[order], names[order]
    crossed, spanned = np.zeros(len(links), bool), np.zeros(len(links), bool)
    crossed[row] = True
    spanned[row[np.isin(kinds, SPANNED)]] = True
    gate_id = gates_to_open(district, lines, row[~spanned[row]], barrier[~spanned[row]])
    gate_id[spanned] = ""
    apart, small = _apart(links, district.island_m)
    # streets that meet on the ground without joining: to join them is work at the map, no path
    touching = links.length_m <= TOUCHING_M
    # what a shut gate cuts off is no fault of the map, however small
    gated = gate_id != ""
    work = np.select(
        [
            (apart & small & ~gated) | ((apart | touching) & ~(spanned | crossed | gated)),
            gated,  # a cycleway that a shut gate stops is walked by nobody either
            np.full(len(links), settles),
            spanned,
            crossed,
            over(district, "road", lines) | over(district, "siding", lines),
        ],
        [MAP_WORK, "open_gate", SETTLE_WAY, "footbridge", "new_gate", "crossing"],
        "path",
    ).astype(object)
    return LinkPlaces(
        links,
        work,
        _joined(row, kinds, len(links)),
        _joined(row, names, len(links)),
        gate_id,
        np.arange(len(links)),
    )


def _apart(links: LinkCandidates, island_m: float | None) -> tuple[Bool, Bool]:
    """Return whether a link joins two pieces of street, and whether one of them is an island.

    An island is taken for a fault of the map: who lives there gets out, and only the way is not
    drawn. A larger piece, such as an island in the sea with a town on it, may truly have none.
    """
    network = links.network
    of_edge = network.component[network.edge_uv[:, 0]]
    small, _ = island_edges(network, ISLAND_M if island_m is None else island_m)
    a, b = links.a.edge, links.b.edge
    return of_edge[a] != of_edge[b], small[a] | small[b]


def shut_gate_on(district: District, line: shapely.LineString) -> str:
    """Return the shut gate that a course leads through, empty for none; see :func:`gates_to_open`.

    Over what takes a bridge no gate leads.
    """
    lines = np.array([line], dtype=object)
    row, barrier = crossings(district, lines)
    if district.barriers["kind"].iloc[barrier].isin(SPANNED).any():
        return ""
    return str(gates_to_open(district, lines, row, barrier)[0])


def gates_to_open(district: District, lines: Texts, row: I64, barrier: I64) -> Texts:
    """Return the shut gate that each link leads through, or that stands beside it in its wall."""
    gate_id = np.full(len(lines), "", dtype=object)
    shut = district.gates[~district.gates["open"].to_numpy(dtype=bool)]
    if shut.empty or not len(lines):
        return gate_id
    ids = shut["gate_id"].to_numpy(dtype=object)
    points = shut.geometry.to_numpy()
    tree = shapely.STRtree(points)
    beside, gate = tree.query(lines[row], predicate="dwithin", distance=BEFORE_M)
    walls = district.barriers.geometry.to_numpy()[barrier[beside]]
    in_wall = shapely.distance(points[gate], walls) <= THROUGH_M
    through, its = tree.query(lines, predicate="dwithin", distance=THROUGH_M)
    link = np.concatenate([row[beside[in_wall]], through])
    gate = np.concatenate([gate[in_wall], its])
    away = shapely.distance(lines[link], points[gate])
    farthest_first = np.lexsort((-gate, -away))
    gate_id[link[farthest_first]] = ids[gate[farthest_first]]
    return gate_id


def _joined(row: I64, words: Texts, count: int) -> Texts:
    """Return the words of each row, each once, joined by ``;``."""
    texts: dict[int, dict[str, None]] = {}
    for at, word in zip(row.tolist(), words.tolist(), strict=True):
        if word:
            texts.setdefault(at, {})[word] = None
    joined = np.full(count, "", dtype=object)
    joined[list(texts)] = [";".join(each) for each in texts.values()]
    return joined
