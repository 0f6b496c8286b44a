"""A planner's objective in plain words, posed as a siting problem on arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array, hstack

from planner.analysis.notes.groups import group_notes
from planner.analysis.people import people_of
from planner.arrays import F64, I64, Bool
from planner.errors import InputError
from planner.location.covering.max_coverage import max_coverage
from planner.location.limits import Limits
from planner.location.results import Siting
from planner.siting.proposals.communities import checked_floor, shares_not_told
from planner.siting.proposals.options import SiteOptions
from planner.siting.walks import facilities_within, keeps, uncovered

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

Objective = Literal["coverage", "everyone", "distance", "farthest", "worst_first"]
OBJECTIVES: tuple[Objective, ...] = ("coverage", "everyone", "distance", "farthest", "worst_first")
"""What :func:`planner.siting.proposals.proposing.propose` can aim at."""

FARTHER = 2.0
"""Times the longest walk that is charged for a home without any way, in the total of all walks."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is sited for whom, under which limits. Made by :func:`planner.siting.propose`.

    Parameters
    ----------
    assessment, kind, group, limit_m
        The district as it is, what is sited, whose residents count, and how far they may walk.
    sites, distances
        Places to choose from, and the metres from each home to each of them.
    new
        Most sites; None where something else decides.
    options
        What else is asked for.
    conflicts
        (pairs, 2) places of which only one may be chosen.
    """

    assessment: Assessment
    kind: str
    group: str
    limit_m: float
    sites: gpd.GeoDataFrame
    distances: csr_array
    new: int | None
    options: SiteOptions
    conflicts: I64

    @cached_property
    def people(self) -> F64:
        """Residents of each home."""
        return people_of(self.assessment, self.group)

    @property
    def existing_m(self) -> F64:
        """Metres from each home to the nearest facility that counts today."""
        return _floats(self.assessment.distances[self.kind])

    @property
    def required(self) -> I64:
        """Places that must be among the chosen."""
        return np.flatnonzero(self.sites["required"].to_numpy(dtype=bool))

    @property
    def cost(self) -> F64:
        """Price of each place."""
        return _floats(self.sites["cost"])


def most_covered(task: Task, limits: Limits) -> Siting:
    """Bring the most residents within the limit."""
    missed = uncovered(task.assessment, task.kind, task.limit_m) & (task.people > 0)
    if not missed.any() and not task.options.backup:
        raise _all_covered(task)
    if task.options.backup or task.options.floor is not None:
        return _most_with_today(task, limits)
    if not keeps(task.distances, task.limit_m)[missed].nnz:
        raise InputError("siting.nobody_reachable", kind=task.kind)
    return max_coverage(
        keeps(task.distances, task.limit_m)[missed],
        task.people[missed],
        task.new,
        fixed=task.required,
        cost=None if task.options.budget is None else task.cost,
        budget=task.options.budget,
        conflicts=task.conflicts,
        limits=limits,
    )


def _most_with_today(task: Task, limits: Limits) -> Siting:
    """Gain the most where those count too who are served today: for a backup or a floor."""
    today = task.existing_m
    rows = ~np.isnan(today) & (task.people > 0)
    near = [today <= task.limit_m]
    if task.options.backup:
        near.append(facilities_within(task.assessment, task.kind, task.limit_m) >= 2)
    near = [column for column in near if column[rows].any()]
    columns = csr_array(np.column_stack(near).astype(np.int32)) if near else None
    places = keeps(task.distances, task.limit_m)
    covers = places if columns is None else csr_array(hstack([places, columns]))
    people = task.people[rows]
    area = task.assessment.district.demand["community_id"].to_numpy(dtype=object)[rows]
    floor = None
    if task.options.floor is not None:
        floor = checked_floor(task.assessment, task.kind, task.group, task.options.floor)
    found = max_coverage(
        covers[rows],
        people,
        **_choice(task, covers.shape[1] - len(task.sites)),
        conflicts=task.conflicts,
        backup=task.options.backup,
        area=None if floor is None else area.astype(str),
        floor=floor,
        limits=limits,
    )
    first = near[0][rows] if near else np.zeros(len(people), dtype=np.bool_)
    second = near[1][rows] if len(near) > 1 else np.zeros(len(people), dtype=np.bool_)
    base = float(people @ ((1 - task.options.backup) * first + task.options.backup * second))
    return replace(
        found,
        objective=max(found.objective - base, 0.0),
        bound=max(found.bound - base, found.objective - base, 0.0),
    )


def _all_covered(task: Task) -> InputError:
    """Return the error where nobody is beyond the limit, of those of whom it is told."""
    told = "told" if group_notes(task.assessment.district, task.group) else "all"
    return InputError(f"siting.{told}_covered", kind=task.kind, group=task.group)


def everyone(task: Task, limits: Limits) -> Siting:
    """Bring in all, or a share, of those beyond the limit who can be reached, most cheaply."""
    from planner.location.set_covering.set_cover import set_cover

    covers = keeps(task.distances, task.limit_m)
    missed = uncovered(task.assessment, task.kind, task.limit_m) & (task.people > 0)
    reachable = missed & (np.diff(covers.indptr) > 0)
    if not reachable.any():
        if not missed.any():
            raise _all_covered(task)
        raise InputError("siting.nobody_reachable", kind=task.kind)
    if task.new is not None and task.options.budget is not None:
        raise InputError("siting.everyone_one_limit")
    found = set_cover(
        covers[reachable],
        task.cost if task.options.budget is not None else None,
        share=task.options.share,
        weight=task.people[reachable],
        fixed=task.required,
        limits=limits,
    )
    if task.options.budget is not None and found.objective > task.options.budget * (1 + 1e-9):
        raise InputError(
            "siting.everyone_over_budget",
            budget=f"{task.options.budget:g}",
            least=f"{found.bound:g}",
            enough=f"{found.objective:g}",
        )
    if task.new is not None and len(found.sites) > task.new:
        raise InputError(
            "siting.everyone_too_few",
            new=task.new,
            least=int(np.ceil(found.bound - 1e-6)),
            enough=len(found.sites),
        )
    return found


def least_walking(task: Task, limits: Limits) -> Siting:
    """Shorten the residents' total walk the most."""
    from planner.location.median.p_median import p_median

    distances, kept = _with_existing(task)
    return p_median(
        distances[kept],
        task.people[kept],
        **_choice(task, 1),
        penalty_m=FARTHER * max(float(distances.data.max()), 1.0),
        limits=limits,
    )


def shortest_farthest(task: Task, limits: Limits) -> Siting:
    """Shorten the longest walk the most."""
    from planner.location.center import p_center

    distances, kept = _with_existing(task)
    if task.new is None:
        raise InputError("siting.count_needed", objective="farthest")
    return p_center(
        distances[kept],
        task.new + 1,
        fixed=[*task.required, len(task.sites)],
        limits=limits,
    )


def worst_first(task: Task, limits: Limits) -> Siting:
    """Raise the share covered of the worst-off community first, then the total."""
    today = task.existing_m
    community = task.assessment.district.demand["community_id"].to_numpy(dtype=object)
    untold = shares_not_told(task.assessment, task.kind, task.group)
    kept = ~np.isnan(today) & (task.people > 0) & (community != "") & ~np.isin(community, untold)
    if not kept.any():
        raise InputError("siting.no_community_told", kind=task.kind, group=task.group)
    column = csr_array((today <= task.limit_m).astype(np.int32)[:, None])
    covers = csr_array(hstack([keeps(task.distances, task.limit_m), column]))
    return max_coverage(
        covers[kept],
        task.people[kept],
        **_choice(task, 1),
        conflicts=task.conflicts,
        area=community[kept],
        equity=True,
        limits=limits,
    )


SOLVERS: dict[Objective, Callable[[Task, Limits], Siting]] = {
    "coverage": most_covered,
    "everyone": everyone,
    "distance": least_walking,
    "farthest": shortest_farthest,
    "worst_first": worst_first,
}


def solved(task: Task, objective: Objective, limits: Limits) -> Siting:
    """Solve a task, and word what the solver refuses as the planner asked it.

    Raises
    ------
    InputError
        As :func:`planner.propose` says. The solver counts today's facilities among the fixed sites,
        which nobody asked for; no message may tell of those.
    """
    try:
        return SOLVERS[objective](task, limits)
    except InputError as error:
        raise _reworded(task, error) from error


def _reworded(task: Task, error: InputError) -> InputError:
    """Return an error of the solver in terms of the task."""
    if error.code == "covering.floor_out_of_reach":
        layer = task.assessment.district.communities.set_index("community_id")["name"]
        area = str(error.params["area"])
        name = str(layer.get(area, ""))
        named = f"{name} ({area})" if name else area
        return InputError("siting.floor_out_of_reach", **{**error.params, "area": named})
    if error.code == "covering.all_covered":
        required = len(task.required)
        wanted = error.params["p"] - (error.params["fixed"] - required)
        return InputError("siting.required_suffice", kind=task.kind, fixed=required, p=wanted)
    if error.code == "covering.nothing_coverable":
        return InputError("siting.nobody_reachable", kind=task.kind)
    if error.code in ("location.too_few_sites", "location.none_found"):
        counted = {name: error.params[name] - 1 for name in ("p", "least") if name in error.params}
        return InputError(error.code, **{**error.params, **counted})
    return error


def _floats(values: pd.Series) -> F64:
    array: F64 = values.to_numpy(dtype=np.float64)
    return array


def _choice(task: Task, standing: int) -> dict[str, Any]:
    """Return how many may be chosen, what must be, and for how much.

    `standing` columns follow those of the places: they stand for today's facilities, which are
    there in any case and cost nothing.
    """
    places, money = len(task.sites), task.options.budget
    return {
        "p": None if task.new is None else task.new + standing,
        "fixed": [*task.required, *range(places, places + standing)],
        "cost": None if money is None else np.append(task.cost, np.zeros(standing)),
        "budget": money,
    }


def _with_existing(task: Task) -> tuple[csr_array, Bool]:
    """Return the distances with a last column for today's facilities, and the rows that count.

    A place that is no nearer than today's facilities is of no use to a home and is left out.
    """
    part = task.distances.tocoo()
    today = task.existing_m
    useful = ~(part.data >= today[part.row])
    served = np.flatnonzero(np.isfinite(today))
    row = np.concatenate([part.row[useful], served])
    column = np.concatenate([part.col[useful], np.full(served.size, len(task.sites))])
    metres = np.concatenate([part.data[useful], today[served]])
    shape = (part.shape[0], part.shape[1] + 1)
    table = csr_array(coo_array((metres, (row, column)), shape=shape))
    kept = ~np.isnan(today) & (task.people > 0) & (np.diff(table.indptr) > 0)
    if not kept.any():
        raise InputError("siting.nobody_reachable", kind=task.kind)
    return table, kept
