"""Targets and limits of a plan, read."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import select

from planner.errors import InputError
from planner.plan.queries import Queries
from planner.plan.store.tables import LAYERS
from planner.plan.store.trail import replayed
from planner.plan.targets.aims import AIMS, Limit, Target
from planner.plan.withheld import CountedShares

Kept = TypeVar("Kept", Target, Limit)


class AimQueries(Queries):
    """What is read of targets and limits.

    Parameters
    ----------
    store
        Where they are kept.
    """

    def targets(self, workspace: str = "", *, put_aside: bool = False) -> list[Target]:
        """Return the targets of a workspace, or all, the earliest year first."""
        found = self._aims("target", Target, workspace, put_aside)
        if self.withheld is None or not found:
            return found
        shares = self._counted_shares()
        return [self._shown_target(each, shares) for each in found]

    def _shown_target(self, target: Target, shares: CountedShares | None = None) -> Target:
        """Return a target as it is told: without a share that was counted, where withheld."""
        if self.withheld is None or not self.withheld(target.workspace):
            return target
        return (shares or self._counted_shares()).shown(target)

    def limits(self, workspace: str = "", *, put_aside: bool = False) -> list[Limit]:
        """Return the limits of budgets that hold for a workspace, or all, the earliest year first.

        A limit that names no workspace is of a department's spending in all of them, and so holds
        for each.
        """
        found = self._aims("limit", Limit, "", put_aside)
        return [each for each in found if not workspace or each.workspace in ("", workspace)]

    def target(self, target_id: str, version: int | None = None) -> Target:
        """Return a target as it is, or as it was at a version.

        Raises
        ------
        InputError
            ``plan.no_such_row``, ``plan.no_such_version``.
        """
        return self._shown_target(self._aim("target", Target, target_id, version))

    def limit(self, limit_id: str, version: int | None = None) -> Limit:
        """Return a limit as it is, or as it was at a version.

        Raises
        ------
        InputError
            ``plan.no_such_row``, ``plan.no_such_version``.
        """
        return self._aim("limit", Limit, limit_id, version)

    def _aims(self, layer: str, kind: type[Kept], workspace: str, put_aside: bool) -> list[Kept]:
        columns = LAYERS[layer].c
        asked = select(LAYERS[layer])
        if not put_aside:
            asked = asked.where(columns.deleted.is_(False))
        if workspace:
            asked = asked.where(columns.workspace == workspace)
        asked = asked.order_by(columns.year, columns.created_at, columns.id)
        with self.store.reading() as connection:
            return [kind.from_row(dict(row)) for row in connection.execute(asked).mappings()]

    def _aim(self, layer: str, kind: type[Kept], own: str, version: int | None) -> Kept:
        if version is not None:
            return kind.from_row(self._as_of(layer, own, version))
        table = LAYERS[layer]
        with self.store.reading() as connection:
            found = connection.execute(select(table).where(table.c.id == own)).mappings().first()
        if found is None:
            raise InputError("plan.no_such_row", id=own[:40])
        return kind.from_row(dict(found))

    def _as_of(self, layer: str, own: str, version: int) -> dict[str, Any]:
        told = [
            entry
            for entry in self._entries(own)
            if entry["layer"] == layer and entry["version"] <= version and entry["applies"]
        ]
        if not told or told[-1]["version"] != version:
            raise InputError("plan.no_such_version", id=own[:40], version=version)
        return {"id": own, **replayed(told)[layer, own]}


assert set(AIMS) <= set(LAYERS)
