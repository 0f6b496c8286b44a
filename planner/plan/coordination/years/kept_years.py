"""Years of the joint plan as they were carried out, so that an edit costs its own and later."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from planner.analysis.assessment import Assessment
from planner.district import Scenario
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.together import done as carry_out
from planner.plan.proposals.together import together

MOST = 12
"""Years that are kept; those asked for the longest ago go first."""


class Years:
    """Assessments at the end of years, kept by all that is carried out until then.

    What is edited for a year leaves the years before it as they are. One of these serves all who
    look at a plan on one assessment.
    """

    def __init__(self) -> None:
        self._after: OrderedDict[tuple[str, ...], Assessment] = OrderedDict()
        self._lock = threading.Lock()

    def after(
        self, before: Assessment, done: tuple[str, ...], year: str, proposals: Sequence[Proposal]
    ) -> tuple[tuple[str, ...], Assessment]:
        """Return a year carried out on top of the one before, and all that is done by its end.

        Parameters
        ----------
        before, done
            The assessment before it, and signs of what is carried out in it.
        year, proposals
            What is done in it.
        """
        now = (*done, year, *(each.content_sign for each in proposals))
        with self._lock:
            known = self._after.get(now)
            if known is not None:
                self._after.move_to_end(now)
                return now, known
        steps = together(year, proposals)
        made = carry_out(before, Scenario(year, steps.changes, steps.crs))
        with self._lock:
            self._after[now] = made
            while len(self._after) > MOST:
                self._after.popitem(last=False)
        return now, made
