"""How many residents a link, or a new facility, would bring within the limit: exact counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.district.kinds import kinds_named
from planner.errors import InputError
from planner.network import WalkNetwork
from planner.network.links.candidates import LinkCandidates
from planner.network.links.scores import score_links
from planner.network.nearest.index import NearestIndex
from planner.network.nearest.target_view import TargetView

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = ["LinkGains", "checked_kinds"]


_ROUNDED_M = 1.0
"""More than the rounding of a link and of both its ends to millimetres, metres."""


class _Known(NamedTuple):
    """What some links gain, (n, kinds) float64, NaN where that was not counted."""

    links: LinkCandidates | None
    gains: F64


_KNOWN: WeakKeyDictionary[Assessment, dict[tuple[tuple[str, ...], str | None], _Known]] = (
    WeakKeyDictionary()
)


class LinkGains:
    """The streets of an assessment on which links are tried and opened.

    Parameters
    ----------
    assessment
        What is judged; it is not changed. Facilities of which the question leaves it open
        whether they count do not.
    kinds
        Of :func:`checked_kinds`.
    group
        People column that is counted and whose limits apply, the total by default.
    homes
        (h,) whether each home counts, all by default.
    watch
        Called before each kind; what it raises ends the work.

    Attributes
    ----------
    kinds
        As given.
    residents
        (h,) float64, how many each home counts; an unknown number counts none.

    Raises
    ------
    InputError
        ``analysis.unknown_group`` where the assessment does not count the group.
    """

    def __init__(
        self,
        assessment: Assessment,
        kinds: Sequence[str],
        group: str | None = None,
        homes: Bool | None = None,
        watch: Callable[[], object] | None = None,
    ) -> None:
        self._watch = watch or (lambda: None)
        reach = assessment.reach
        plain_walk_only(reach)
        network = reach.streets.network
        self.kinds = tuple(kinds)
        people = people_of(assessment, group)
        self.residents = people if homes is None else np.where(homes, people, 0.0)
        self._homes = reach.streets.on_network(reach.homes)
        self._limits = [assessment.limit_m(kind, group) or 0.0 for kind in kinds]
        places = reach.streets.on_network(reach.places)
        self._known = _Known(None, np.empty((0, len(self.kinds))))
        self._shared = _KNOWN.setdefault(assessment, {}) if homes is None else None
        self._asked = (self.kinds, group)
        self._network = network
        self._index: list[NearestIndex] = []
        self._view: list[TargetView] = []
        for kind in kinds:
            self._watch()
            index = NearestIndex(network, places.take(reach.counting(kind, if_unknown=False)))
            self._index.append(index)
            self._view.append(index.watch(self._homes))

    @cached_property
    def _loss_m(self) -> float:
        """By how much a walk may be shorter than the straight line, with what is opened so far."""
        return shortened_m(self._network)

    def of(self, links: LinkCandidates) -> F64:
        """Return the residents whom each link alone brings within the limit, (n, kinds) float64."""
        gains = [self._of_kind(number, links) for number in range(len(self.kinds))]
        return np.column_stack(gains) if gains else np.zeros((len(links), 0))

    def _of_kind(self, number: int, links: LinkCandidates) -> F64:
        self._watch()
        return score_links(
            self._index[number],
            links.a,
            links.b,
            links.length_m,
            self._homes,
            self.residents,
            self._limits[number],
        )

    def of_rows(self, links: LinkCandidates, rows: I64) -> F64:
        """Return what :meth:`of` says of some of the links, each counted once as the streets are.

        Only of links that lie near one that was opened since is it counted anew.
        """
        if self._known.links is not links:
            kept = None if self._shared is None else self._shared.get(self._asked)
            if kept is None or kept.links is not links:
                kept = _Known(links, np.full((len(links), len(self.kinds)), np.nan))
                if self._shared is not None:
                    self._shared[self._asked] = kept
            self._known = kept
        gains = self._known.gains
        for number in range(len(self.kinds)):
            new = rows[np.isnan(gains[rows, number])]
            if new.size:
                gains[new, number] = self._of_kind(number, links.take(new))
        return gains[rows]

    def gained(self, links: LinkCandidates, row: int, kinds: Bool) -> I64:
        """Return whom a link brings within the limit of some kinds, chosen by a mask.

        Each as home times number of kinds plus kind, ascending.
        """
        gained = [np.empty(0, np.int64)]
        a, b = links.a.take([row]), links.b.take([row])
        length_m = float(links.length_m[row])
        for number in np.flatnonzero(kinds):
            index, view, limit_m = self._index[number], self._view[number], self._limits[number]
            with index.trial():
                index.add_link(a, b, length_m)
                changed = view.changed
                after = view.of(changed).distance_m <= limit_m
            before = view.of(changed).distance_m <= limit_m
            gained.append(changed[after & ~before].astype(np.int64) * len(self.kinds) + number)
        return np.sort(np.concatenate(gained))

    def people(self, gained: I64) -> F64:
        """Return how many live in the home of each entry of :meth:`gained`."""
        return np.asarray(self.residents[gained // len(self.kinds)])

    def open(self, links: LinkCandidates, row: int) -> None:
        """Open a link for good: what is asked later is asked of the streets with it."""
        a, b = links.a.take([row]), links.b.take([row])
        ends = np.concatenate([a.join_xy, b.join_xy])
        loss_m = self._loss_m + max(float(np.hypot(*(ends[1] - ends[0])) - links.length_m[row]), 0)
        self._loss_m = loss_m + _ROUNDED_M
        # others that are asked the same go on with what is known without the link
        self._shared = None
        self._known = _Known(self._known.links, self._known.gains.copy())
        for number, index in enumerate(self._index):
            before = index.label >> 32
            index.add_link(a, b, float(links.length_m[row]))
            nearer = np.flatnonzero(index.label[: len(before)] >> 32 < before)
            self._forget(number, np.concatenate([ends, _corners(index, nearer)]))

    def _forget(self, number: int, changed_xy: F64) -> None:
        """Forget what links gain of a kind where something changed that their gain rests on.

        A link's gain rests on homes that can be reached within the limit over it, and on the
        corners within the limit of these homes: on nothing beyond twice the limit from its ends.
        """
        from scipy.spatial import cKDTree

        known = self._known
        if known.links is None:
            return
        tree = cKDTree(changed_xy)
        most_m = 2 * self._limits[number] + self._loss_m
        low, high = changed_xy.min(axis=0) - most_m, changed_xy.max(axis=0) + most_m
        for ends in (known.links.a.join_xy, known.links.b.join_xy):
            # most links of a city lie nowhere near
            about = np.flatnonzero(((ends >= low) & (ends <= high)).all(axis=1))
            near = tree.query(ends[about], distance_upper_bound=most_m)[0] < np.inf
            known.gains[about[near], number] = np.nan


def _corners(index: NearestIndex, inner: I64) -> F64:
    """Return where some nodes of an index lie; ends of links are left out."""
    order = index.network.graph.order
    return np.asarray(index.network.node_xy[order[inner[inner < len(order)]]])


def shortened_m(network: WalkNetwork) -> float:
    """Return by how much all walks can at most be shorter than they are drawn, metres.

    Examples
    --------
    >>> shortened_m(WalkNetwork.from_edges([(0, 0), (300, 400)], [(0, 1)]))
    0.0
    >>> shortened_m(WalkNetwork.from_edges([(0, 0), (300, 400)], [(0, 1)], length_m=[450]))
    50.0
    """
    drawn_m = shapely.length(network.lines())
    return float(np.maximum(drawn_m - network.edge_length_mm / 1000, 0.0).sum())


def checked_kinds(assessment: Assessment, kinds: Sequence[str] | None) -> list[str]:
    """Return the kinds to judge links by: those given, or all with a limit on the walk.

    Raises
    ------
    InputError
        ``analysis.unknown_kind``; ``links.not_judged`` where the standard has no limit
        for a kind; ``links.no_data`` where there is no data on any of its kinds;
        ``links.straight`` where it measures as the crow flies, which no link shortens.
    """
    standard = assessment.standard
    walked = [k for k in assessment.judged_kinds if standard.measure_of(k) == "walk"]
    wanted = walked if kinds is None else list(kinds_named(kinds))
    for kind in wanted:
        if assessment.rule(kind) is None:
            known = ", ".join(walked)
            raise InputError("links.not_judged", kind=kind, known=known)
    if not wanted and not assessment.judged_kinds:
        raise InputError("links.no_data", standard=standard.id)
    if not wanted or not set(wanted) <= set(walked):
        raise InputError("links.straight", standard=standard.id)
    return wanted
