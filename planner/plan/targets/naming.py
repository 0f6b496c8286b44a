"""Whether a target names what the workspace has, before it becomes one of the plan."""

from __future__ import annotations

from planner.analysis.assessment import Assessment
from planner.errors import InputError

_NAMED = 20


def check_named(assessment: Assessment, kind: str, level: str, area: str) -> None:
    """Refuse a kind or an area that the workspace does not have: a slip of the pen is no target.

    Parameters
    ----------
    assessment
        The workspace as it is.
    kind, level, area
        As of :class:`planner.plan.targets.aims.Target`.

    Raises
    ------
    InputError
        ``corrections.unknown_kind``, ``plan.unknown_area``.
    """
    kinds = assessment.district.kinds
    if kind not in kinds:
        raise InputError("corrections.unknown_kind", kind=kind, known=", ".join(kinds))
    if level == "district":
        return
    names, _ = assessment.areas(level)  # type: ignore[arg-type]
    if area not in set(names.index):
        known = ", ".join(map(str, names.index[:_NAMED])) + (", …" if len(names) > _NAMED else "")
        raise InputError("plan.unknown_area", area=area, known=known)
