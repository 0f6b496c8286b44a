"""A plan written to a file, put back, and merged with that of another office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from planner.errors import InputError
from planner.plan.discussion import Discussion
from planner.plan.exchange.backup import restore_plan
from planner.plan.exchange.file import write_plan
from planner.plan.exchange.merging import Merged, Side, import_plan
from planner.plan.workflow import guards


class Backups(Discussion):
    """How a plan leaves its store, and how another comes in.

    Parameters
    ----------
    store
        Where the plan is kept.
    actor
        Who works on it.
    """

    def export(self, file: str | Path) -> Path:
        """Write the whole plan, trail and all, to one file: a backup, or for another office.

        Raises
        ------
        InputError
            ``plan.file_has_counts`` where counts of groups are withheld: the file has all of them,
            since its trail is sealed.
        WorkError
            Where the file cannot be written.
        """
        if self.withheld is not None:
            raise InputError("plan.file_has_counts")
        return write_plan(self.store, file)

    def restore(self, file: str | Path) -> int:
        """Put a backup into this plan, which must be empty; return how many entries it has.

        Raises
        ------
        InputError
            ``plan.may_not``, and as :func:`planner.plan.exchange.backup.restore_plan`.
        """
        guards.check_role(self.actor, ("administrator",))
        return restore_plan(self.store, self.actor.author, file)

    def merge(self, file: str | Path, take: Mapping[str, Side] | None = None) -> Merged:
        """Merge the plan of another office, as it exported it, into this one.

        Raises
        ------
        InputError
            ``plan.may_not``, and as :func:`planner.plan.exchange.merging.import_plan`.
        """
        guards.check_role(self.actor, ("administrator",))
        merged = import_plan(self.store, self.actor.author, file, take)
        if self.withheld is None:
            return merged
        shares = self._counted_shares()
        told = (
            (each, shares.shown_conflict(each.row_id, each.conflict)) for each in merged.conflicts
        )
        shown = tuple(replace(each, conflict=conflict) for each, conflict in told if conflict)
        return replace(merged, conflicts=shown)
