"""How many residents a link, or a new facility, would bring within the limit: exact counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from planner.analysis.distances.reach import plain_walk_only
from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.errors import InputError
from planner.network.links.candidates import LinkCandidates
from planner.network.links.scores import score_links
from planner.network.nearest.index import NearestIndex
from planner.network.nearest.target_view import TargetView

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

__all__ = ["LinkGains", "checked_kinds"]


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
        self._index: list[NearestIndex] = []
        self._view: list[TargetView] = []
        for kind in kinds:
            self._watch()
            index = NearestIndex(network, places.take(reach.counting(kind, if_unknown=False)))
            self._index.append(index)
            self._view.append(index.watch(self._homes))

    def of(self, links: LinkCandidates) -> F64:
        """Return the residents whom each link alone brings within the limit, (n, kinds) float64."""
        gains = []
        for index, limit_m in zip(self._index, self._limits, strict=True):
            self._watch()
            gains.append(
                score_links(
                    index, links.a, links.b, links.length_m, self._homes, self.residents, limit_m
                )
            )
        return np.column_stack(gains) if gains else np.zeros((len(links), 0))

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
        for index in self._index:
            index.add_link(a, b, float(links.length_m[row]))


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
    if isinstance(kinds, str):  # a kind, and not its letters
        kinds = [kinds]
    wanted = walked if kinds is None else list(dict.fromkeys(kinds))
    for kind in wanted:
        if assessment.rule(kind) is None:
            known = ", ".join(walked)
            raise InputError("links.not_judged", kind=kind, known=known)
    if not wanted and not assessment.judged_kinds:
        raise InputError("links.no_data", standard=standard.id)
    if not wanted or not set(wanted) <= set(walked):
        raise InputError("links.straight", standard=standard.id)
    return wanted
