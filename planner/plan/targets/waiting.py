"""Open proposals that could help a target: which, and whether all of them together suffice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.analysis.assessment import Assessment
from planner.arrays import Bool
from planner.plan.coordination.fitting import carried_out
from planner.plan.coordination.gains import Gains
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import done, together
from planner.plan.targets.aims import Target


@dataclass(frozen=True)
class Waiting:
    """What open proposals would be for a target.

    Parameters
    ----------
    helpful
        Those that bring somebody in the area of the target within the limit, on top of what is
        decided.
    not_known
        Those of which that cannot be computed.
    after
        The district once all that help are done; None where none does.
    """

    helpful: tuple[str, ...]
    not_known: tuple[str, ...]
    after: Assessment | None


def waiting_for(target: Target, gains: Gains, hoped: Sequence[Proposal]) -> Waiting:
    """Return which open proposals help a target on top of what is decided.

    What a proposal would bring that cannot be carried out after what is decided, or after another
    that helps, is not known.

    Parameters
    ----------
    target
        What is asked.
    gains
        Whom proposals bring on top of the district with what is decided.
    hoped
        The open proposals that are planned in time.
    """
    state = gains.assessment
    odd = [each.proposal.id for each in gains.misfits(hoped)]
    fitting = [each for each in hoped if each.id not in odd]
    if not fitting:
        return Waiting((), tuple(odd), None)
    counted = gains.people * _lived_in(target, state)
    brought = np.asarray(gains.of(fitting, target.kind).T @ counted)
    helpful = [each for each, people in zip(fitting, brought.tolist(), strict=True) if people > 0]
    # of two that exclude one another the earlier is done
    by_year = sorted(helpful, key=lambda each: each.year or 9999)
    taken, left = carried_out(state.district, by_year)
    odd += [each.proposal.id for each in left]
    after = done(state, together(target.id, taken)) if taken else None
    return Waiting(tuple(each.id for each in taken), tuple(odd), after)


def _lived_in(target: Target, state: Assessment) -> Bool:
    """Return which homes are in the area of a target."""
    areas, area_of = state.areas(target.level)  # type: ignore[arg-type]
    if target.level == "district":
        return np.ones(len(area_of), dtype=bool)
    return np.asarray(area_of == areas.index.get_loc(target.area), dtype=bool)
