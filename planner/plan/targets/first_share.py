"""What a target asks for first that asks for more than there is today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.analysis.assessment import Assessment
from planner.errors import InputError
from planner.plan.coordination.years.years import joint_plan
from planner.plan.targets.aims import AIMS, Target
from planner.plan.targets.lead_times import builtin_lead_times
from planner.plan.targets.paths import paths


def more_than_today(assessment: Assessment, values: Mapping[str, Any], step: float | None) -> float:
    """Return today's share and a step more, 1 at the most.

    Parameters
    ----------
    assessment
        The workspace as it is.
    values
        Fields of :class:`planner.plan.targets.aims.Target`, without ``share``.
    step
        How much more.

    Raises
    ------
    InputError
        ``plan.needs_share`` where there is no step, or today's share is not known for sure.
    """
    if step is None:
        raise InputError("plan.needs_share")
    asked = AIMS["target"].checked(Target(**{**values, "share": 1.0, "years": 1}).to_row())
    target = Target.from_row(asked)
    today = joint_plan(assessment, [])
    (path,) = paths([target], today, [], builtin_lead_times(), target.year)
    stand = path.stands[0]
    if stand.low is None or stand.high is None or stand.high - stand.low > 1e-9:
        raise InputError("plan.needs_share")
    return min(stand.low + step, 1.0)
