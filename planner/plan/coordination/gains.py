"""Whom each proposal brings within a limit by itself, home by home, each computed once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import csc_array, csr_array, hstack

from planner.analysis.assessment import Assessment
from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.district import Open
from planner.errors import Finding
from planner.plan.coordination.fitting import Misfit, carried_out, misfits
from planner.plan.proposals.listed import kept_beside
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import done, together
from planner.siting.walks import keeps, site_distances, uncovered

_NOBODY: I64 = np.zeros(0, dtype=np.int64)
AT_ONCE = 400
"""Places whose ways are measured at once."""


class Gains:
    """Whom proposals bring within a limit on top of what there is today, each by itself.

    A proposal whose content is as it was is not measured again.

    Parameters
    ----------
    assessment
        The workspace as it is.
    group
        Whose residents count, judged by its own limit; the total where none is given.

    Raises
    ------
    InputError
        Where no home tells the group, or its counts are withheld.
    """

    def __init__(self, assessment: Assessment, group: str | None = None) -> None:
        self.assessment = assessment
        self.group = group or assessment.groups[0]
        self.kinds = tuple(assessment.judged_kinds)
        self.people: F64 = people_of(assessment, self.group)
        self._beyond = {
            kind: uncovered(assessment, kind, self.limit_m(kind)) for kind in self.kinds
        }
        self._known: dict[str, dict[str, I64]] = {}
        self._fitting: dict[str, Finding | None] = {}
        # one of these serves all who look at a plan, and what is half measured is a wrong figure
        self._lock = threading.RLock()
        self._signs: dict[tuple[str, int], str] = {}
        self._all: tuple[tuple[str, ...], Assessment] | None = None
        self._at: dict[tuple[str, bytes], float] = {}

    def limit_m(self, kind: str) -> float:
        """Return the limit of a judged kind for the group, metres."""
        limit_m = self.assessment.limit_m(kind, self.group)
        assert limit_m is not None, "only kinds that are judged are asked for"
        return limit_m

    def beyond(self, kind: str) -> Bool:
        """Return which homes are beyond the limit today."""
        return self._beyond[kind]

    def misfits(self, proposals: Iterable[Proposal]) -> list[Misfit]:
        """Return the proposals that cannot be carried out on the workspace, each by itself."""
        asked = list(proposals)
        # the streets may have a way once it opened: what was known of it before says nothing
        # and somebody may have said since that what is listed beside it is another
        signs = [
            f"{self._sign(each)} {each.awaits_streets} {sorted(kept_beside([each]))}"
            for each in asked
        ]
        with self._lock:
            known = self._fitting
            fresh = {s: each for s, each in zip(signs, asked, strict=True) if s not in known}
            odd = misfits(self.assessment.district, list(fresh.values()))
            why = {id(each.proposal): each.reason for each in odd}
            known |= {sign: why.get(id(each)) for sign, each in fresh.items()}
        reasons = [(each, self._fitting[sign]) for each, sign in zip(asked, signs, strict=True)]
        return [Misfit(each, reason) for each, reason in reasons if reason is not None]

    def of(self, proposals: Sequence[Proposal], kind: str) -> csr_array:
        """Return which homes (rows) each proposal (columns) brings within the limit of a kind.

        Raises
        ------
        InputError
            Where a proposal's changes cannot be made to the workspace.
        """
        with self._lock:
            self._measure(proposals)
        brought = [self._known[self._sign(each)].get(kind, _NOBODY) for each in proposals]
        homes = np.concatenate([_NOBODY, *brought])
        ends = np.cumsum([0, *map(len, brought)])
        shape = len(self.people), len(brought)
        return csc_array((np.ones(len(homes)), homes, ends), shape=shape).tocsr()

    def by_all(self, proposals: Sequence[Proposal], kind: str) -> Bool:
        """Return which homes beyond the limit today are within it once all that fits is done.

        In the order of their years, as the joint plan carries them out.
        """
        signs = tuple(sorted(f"{each.counts_from} {self._sign(each)}" for each in proposals))
        with self._lock:
            if self._all is None or self._all[0] != signs:
                ordered = sorted(
                    proposals, key=lambda each: (each.counts_from or 9999, each.created_at, each.id)
                )
                fitting, _ = carried_out(self.assessment.district, ordered)
                self._all = signs, done(self.assessment, together("all", fitting))
            after = self._all[1]
        metres = after.distances[kind].to_numpy(dtype=np.float64)
        return np.asarray(self._beyond[kind] & (metres <= self.limit_m(kind)), dtype=bool)

    def at(self, points: Sequence[shapely.Point], kind: str) -> F64:
        """Return how many people a new facility of a kind at each point would bring near."""
        keys = [(kind, point.wkb) for point in points]
        fresh = {key: point for key, point in zip(keys, points, strict=True) if key not in self._at}
        if fresh:
            # two who ask at once measure the same twice, and keep the same
            places = list(fresh.values())
            sites = gpd.GeoDataFrame(geometry=places, crs=self.assessment.district.crs)
            brought = np.asarray(self._new(sites, kind).T @ self.people, dtype=np.float64)
            self._at |= dict(zip(fresh, brought.tolist(), strict=True))
        return np.array([self._at[key] for key in keys], dtype=np.float64)

    def _sign(self, proposal: Proposal) -> str:
        """Return the sign of a proposal's content, made once for each version that is kept."""
        if not proposal.version:
            return proposal.content_sign
        key = proposal.id, proposal.version
        if key not in self._signs:
            self._signs[key] = proposal.content_sign
        return self._signs[key]

    def _new(self, sites: gpd.GeoDataFrame, kind: str) -> csr_array:
        """Return whom new facilities at sites bring within the limit."""
        limit_m, missed = self.limit_m(kind), self._beyond[kind].astype(np.float64)
        parts = []
        for start in range(0, len(sites), AT_ONCE):
            some = sites.iloc[start : start + AT_ONCE]
            near = keeps(site_distances(self.assessment, some, kind, limit_m), limit_m)
            parts.append(csr_array(near.multiply(missed[:, None])))
        return csr_array(hstack(parts, format="csr"))

    def _measure(self, proposals: Iterable[Proposal]) -> None:
        signs = [(self._sign(each), each) for each in proposals]
        fresh = {sign: each for sign, each in signs if sign not in self._known}
        plain = self.assessment.question.plain and self.assessment.profile is None
        opening = {
            sign: each
            for sign, each in fresh.items()
            if plain and each.changes and all(isinstance(step, Open) for step in each.changes)
        }
        made: dict[str, dict[str, I64]] = {sign: {} for sign in opening}
        for kind in self.kinds:
            spots = [
                (sign, shapely.Point(step.x, step.y))
                for sign, each in opening.items()
                for step in each.changes
                if isinstance(step, Open) and step.kind == kind
            ]
            if spots:
                points = [point for _, point in spots]
                sites = gpd.GeoDataFrame(geometry=points, crs=self.assessment.district.crs)
                found = self._new(sites, kind).tocsc()
                found.eliminate_zeros()
                for number, (sign, _) in enumerate(spots):
                    own = found.indices[found.indptr[number] : found.indptr[number + 1]]
                    # a second of the kind in the same proposal brings its own on top
                    made[sign][kind] = np.union1d(made[sign].get(kind, _NOBODY), own)
        for sign, each in fresh.items():
            if sign not in opening:
                made[sign] = self._by_a_new_assessment(each)
        # whole or not at all: after an error nothing of it is known
        self._known |= made

    def _by_a_new_assessment(self, proposal: Proposal) -> dict[str, I64]:
        if not proposal.changes:
            return {}
        after = done(self.assessment, together(proposal.id, [proposal]))
        found = {}
        for kind in self.kinds:
            metres = after.distances[kind].to_numpy(dtype=np.float64)
            gained = self._beyond[kind] & (metres <= self.limit_m(kind))
            if gained.any():
                found[kind] = np.flatnonzero(gained)
        return found
