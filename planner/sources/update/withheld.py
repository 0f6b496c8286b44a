"""What an update would change, without the counts of groups, for who must not see small ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.district.layers import GROUP_PREFIX
from planner.district.plausibility.layers import implausible, without_figures
from planner.errors import Finding
from planner.sources.update.change import LayerChange


def without_groups(change: LayerChange) -> LayerChange:
    """Return a change whose sums and values of groups are left out, which is told.

    Of a home, and of what differs between two sums, a count is nearly always small: so all of them
    are, whatever they are. So is what was found by counts of groups: of what can hardly be so, that
    is told which is found without them. What the change would write stays as it is.
    """
    figures = tuple(
        replace(each, before=np.nan, after=np.nan) if _is_group(each.name) else each
        for each in change.figures
    )
    changed = change.changed.copy()
    of_groups = changed["column"].map(_is_group).to_numpy(dtype=bool)
    changed[["old", "new"]] = changed[["old", "new"]].astype(object)
    changed.loc[of_groups, ["old", "new"]] = None
    hidden = of_groups.any() or any(_is_group(each.name) for each in change.figures)
    told = (Finding("update.groups_withheld"),) if hidden else ()
    findings = (*_without_groups(change), *told)
    return replace(change, figures=figures, changed=changed, findings=findings)


def _without_groups(change: LayerChange) -> list[Finding]:
    layers = change.after.layers
    homes = layers["demand"]
    bare = homes.drop(columns=[name for name in homes if _is_group(name)])
    found = set(implausible({**layers, "demand": bare}))
    told: list[Finding] = []
    for each in change.findings:
        told += [each] if each in found else without_figures([each])
    return told


def _is_group(column: object) -> bool:
    return str(column).startswith(GROUP_PREFIX)
