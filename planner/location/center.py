"""The p-center: sites that keep the longest walk shortest, with proof."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import numpy.typing as npt
from scipy import sparse

from planner.arrays import F64, I8, I64
from planner.errors import InputError
from planner.location.inputs import FIXED, FORBIDDEN, Table, amounts, candidate_kinds, site_count
from planner.location.limits import LimitKeywords, Limits, given_limits
from planner.location.median.state import Nearest
from planner.location.results import Siting
from planner.location.search import Search
from planner.location.set_covering.problem import Cover
from planner.location.set_covering.set_cover import solve as cover

__all__ = ["p_center"]


def p_center(
    distances: object,
    p: int,
    *,
    weight: object = None,
    fixed: Collection[int] = (),
    forbidden: Collection[int] = (),
    lexicographic: bool = False,
    limits: Limits | None = None,
    **keywords: Unpack[LimitKeywords],
) -> Siting:
    """Choose at most p sites so that nobody's walk is longer than need be.

    A bisection over the distances asks at each whether p sites cover everyone within it.

    Parameters
    ----------
    distances
        Demand × candidate in metres: CSR, in which what is not stored is out of reach, or dense,
        in which inf is.
    p
        Sites at most, the fixed ones among them.
    weight
        (demand,) residents; demand without residents does not count. None counts every demand.
    fixed, forbidden
        Candidates that must be, or must not be, chosen.
    lexicographic
        Among the choices with the shortest longest walk, look for the one with the least total
        walking, for as long as the time allows. ``objective`` and ``bound`` remain those of the
        longest walk; the last line of ``log`` holds those of the total.
    limits, **keywords
        When to stop, as a :class:`planner.location.limits.Limits` or its fields; 10 s by default.

    Returns
    -------
    Siting
        ``objective`` is the longest walk in metres; ``assignment`` is each demand's nearest site.

    Raises
    ------
    InputError
        ``location.…`` for what cannot be used; ``.out_of_reach_of_all`` where somebody
        reaches no candidate, ``.too_few_sites`` where p sites cannot reach everyone,
        ``.none_found`` where the search ended before it knew.

    Notes
    -----
    Minieka, E. (1970), The m-center problem, SIAM Review 12.

    Examples
    --------
    >>> from planner.location import p_center
    >>> best = p_center([[0, 100, 300], [100, 0, 200], [300, 200, 0]], 1)
    >>> best.sites.tolist(), best.objective, best.optimal
    ([1], 200.0, True)
    """
    search = Search(given_limits(limits, keywords, 10.0))
    table = Table.of(distances)
    residents = amounts(weight, table.shape[0], "weight", fill=1.0)
    if not residents.any():
        raise InputError("location.no_weight")
    kinds = candidate_kinds(fixed, forbidden, table.shape[1])
    count, _ = site_count(p, None, np.ones(len(kinds)), kinds)
    problem = _Problem(table, residents > 0, kinds, count)
    problem.bisect(search)
    stopped = search.stopped
    if lexicographic and stopped == "optimal":
        return _with_least_walking(problem, residents, search)
    return search.answer(assignment=problem.nearest(search.best)[1], stopped=stopped)


@dataclass(frozen=True, eq=False)
class _Problem:
    """A p-center, checked."""

    table: Table
    counts: npt.NDArray[np.bool_]
    kinds: I8
    p: int

    def nearest(self, sites: I64) -> tuple[F64, I64]:
        """Each demand's walk to the nearest of these sites, and that site; inf and −1 for none."""
        from planner.location.median.kernels import all_nearest_two

        n, m = self.table.shape
        near = Nearest.none(n, m)
        near.is_open[sites] = True
        all_nearest_two(self.table.rows, np.full(n, np.inf), near)
        return near.first_m, near.first.astype(np.int64)

    def bisect(self, search: Search) -> None:
        """Narrow the longest walk between what can be had and what is proven too short."""
        least = self.nearest(np.flatnonzero(self.kinds != FORBIDDEN))[0][self.counts]
        if np.isinf(least).any():
            raise InputError(
                "location.out_of_reach_of_all",
                count=int(np.isinf(least).sum()),
                row=int(np.flatnonzero(self.counts)[np.argmax(least)]),
            )
        search.proved(least.max())
        self._try(self._spread(), search)
        radii = np.unique(self.table.metres)
        radii = radii[radii >= least.max()]
        # the longest walk is one of the distances: halve what is left of them, asking each time
        # how many sites cover everyone within the middle one
        low, high = 0, int(np.searchsorted(radii, search.objective))
        while low < high and not search.stopped:
            middle = (low + high) // 2 if high < len(radii) else len(radii) - 1
            needed = self._cover(float(radii[middle]), search)
            if needed.objective <= self.p:
                self._try(needed.best, search)
                high = min(middle, int(np.searchsorted(radii, search.objective)))
            elif needed.bound > self.p:
                low = middle + 1
                if low == len(radii):
                    raise InputError(
                        "location.too_few_sites",
                        p=self.p,
                        least=int(np.ceil(needed.bound - 1e-6)),
                    )
                search.proved(radii[low])
            else:
                break
            search.report("exact")
        search.report("exact", always=True)
        if search.sites is None:
            raise InputError("location.none_found", p=self.p, seconds=search.seconds)

    def _try(self, sites: I64, search: Search) -> None:
        search.found(sites, float(self.nearest(sites)[0][self.counts].max()))

    def _spread(self) -> I64:
        """Serve, again and again, the demand farthest from all sites (Gonzalez 1985)."""
        table = self.table
        sites = np.flatnonzero(self.kinds == FIXED)
        while len(sites) < self.p:
            walk = np.where(self.counts, self.nearest(sites)[0], -1.0)
            row = int(np.argmax(walk))
            near = table.site[table.start[row] : table.start[row + 1]]
            near = near[self.kinds[near] != FORBIDDEN]
            if walk[row] <= 0 or near[0] in sites:
                break
            sites = np.append(sites, near[0])
        return sites.astype(np.int64)

    def _cover(self, radius: float, search: Search) -> Search:
        """Ask how many sites cover everyone within the radius, until p is above or below it."""
        table = self.table
        row, inside = table.row_of, table.metres <= radius
        matrix = sparse.csr_array(
            (np.ones(int(inside.sum()), np.int32), (row[inside], table.site[inside])),
            shape=table.shape,
        )
        within = sparse.csr_array(matrix[self.counts])
        n, m = within.shape
        all_rows = Cover(within, np.ones(n), float(n), True, np.ones(m), np.arange(m))
        asked = search.followed(gap=0.0, progress=None)
        asked.enough = lambda: asked.objective <= self.p or asked.bound > self.p
        cover(all_rows.decided(self.kinds == FIXED, self.kinds == FORBIDDEN), asked)
        return asked


def _with_least_walking(problem: _Problem, residents: F64, search: Search) -> Siting:
    """Keep the longest walk and look for the least total walking."""
    from planner.location.median.p_median import solve
    from planner.location.median.problem import Problem

    table, radius = problem.table, search.objective
    row, inside = table.row_of, table.metres <= radius
    near = Table.sorted(row[inside], table.site[inside], table.metres[inside], table.shape)
    walk = problem.nearest(search.best)[0]
    total = float(residents[problem.counts] @ walk[problem.counts])
    with np.errstate(divide="ignore"):
        # whoever is left unserved costs more than all the walking of the plan that is known
        cap = np.where(problem.counts, (total + 1.0) / residents, 1.0) + radius
    median = Problem(
        near, residents, cap, problem.kinds, np.ones(table.shape[1]), problem.p, np.inf
    )
    second = search.followed()
    second.found(search.best, total)
    solve(median, second)
    search.take(second)
    return search.answer(assignment=problem.nearest(search.best)[1])
