"""Places where a choice builds several rooms, each as if the place were its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from planner.analysis.assessment import Assessment
from planner.district import Open
from planner.errors import Finding
from planner.plan.proposals.proposal import Proposal
from planner.siting.change_prices import AT_CANDIDATE_M, candidate_areas_m2
from planner.siting.findings import built_at


@dataclass(frozen=True)
class _Room:
    """A facility at a place, and the floor area that it needs."""

    kind: str
    needed_m2: float


def shared_places(
    assessment: Assessment,
    actions: pd.DataFrame,
    planned: Sequence[Proposal],
    apart: Mapping[str, float],
) -> Iterator[Finding]:
    """Tell of places that a choice offers to several kinds, or beside what the plan builds there.

    The search takes each by itself: whether all have room in one building it does not ask.

    Parameters
    ----------
    assessment
        The district as it is; of its candidates the floor areas are asked.
    actions
        Of a :class:`planner.plan.coordination.compromise.compromise.Choice`.
    planned
        The proposals that it carries out, those that stand in every choice too.
    apart
        By id of an action, what it costs in a building of its own.

    Yields
    ------
    ``plan.place_paid_once`` where what is offered at one place shares the price of its building;
    ``plan.place_too_small`` where the place is known to have less floor area than they need,
    ``plan.place_shared`` where its area is not known; nothing where all have room.
    """
    offered = actions[(actions["of"] == "offer") & (actions["remedy"] == "build")]
    sites = [
        built_at(str(kind), str(own))
        for kind, own in zip(offered["kinds"], offered["id"], strict=True)
    ]
    for site, rows in offered.groupby(np.array(sites, dtype=object), sort=False):
        x, y, name = (rows[column].iloc[0] for column in ("x", "y", "name"))
        rooms = [_Room(kind, assessment.standard.least_m2(kind)) for kind in rows["kinds"]]
        spot = shapely.Point(x, y)
        rooms += _built_there(assessment, planned, spot)
        if len(rooms) < 2:
            continue
        needed = sum(each.needed_m2 for each in rooms)
        area = float(candidate_areas_m2(assessment.district, [spot])[0])
        told = {
            "name": name or site,
            "kinds": ", ".join(each.kind for each in rooms),
            "needed_m2": round(needed),
        }
        cost, alone = (
            round(float(sum(costs)), 1) for costs in (rows["cost"], rows["id"].map(apart))
        )
        if cost < alone:
            yield Finding("plan.place_paid_once", {**told, "cost": cost, "alone": alone})
        if np.isnan(area):
            yield Finding("plan.place_shared", told)
        elif area < needed * (1 - 1e-9):
            yield Finding("plan.place_too_small", {**told, "area_m2": round(area)})


def _built_there(
    assessment: Assessment, planned: Sequence[Proposal], spot: shapely.Point
) -> list[_Room]:
    """Return the rooms of the plan at a place: as large as it says, and as the standard asks."""
    steps = [step for each in planned for step in each.changes if isinstance(step, Open)]
    return [
        _Room(step.kind, max(step.floor_area_m2 or 0.0, assessment.standard.least_m2(step.kind)))
        for step in steps
        if spot.dwithin(shapely.Point(step.x, step.y), AT_CANDIDATE_M)
    ]
