"""Targets and limits set, edited and put aside, by who approves or administers the plan."""

from __future__ import annotations

import math
from typing import Any, TypeVar

from sqlalchemy import select

from planner.errors import InputError
from planner.plan.discussion import Discussion
from planner.plan.proposals.merging import ConflictError, merge
from planner.plan.proposals.proposal import checked
from planner.plan.store.tables import LIMITS
from planner.plan.store.writing import Writing, new_id
from planner.plan.targets.aims import AIMS, ONE_LIMIT_OF, Limit, Target
from planner.plan.withheld import BY_TODAY
from planner.plan.workflow import guards
from planner.plan.workflow.guards import SETS_AIMS

Kept = TypeVar("Kept", Target, Limit)


class Setting(Discussion):
    """What is done to the targets and limits of a plan.

    Parameters
    ----------
    store, actor
        As of :class:`planner.plan.discussion.Discussion`.
    """

    def set_target(self, *, why: str = "", by_today: bool = False, **values: Any) -> Target:
        """Set a target.

        Parameters
        ----------
        why
            By whose word, which the trail keeps.
        by_today
            Whether its first share was counted from the data, which the trail keeps: of a group it
            is withheld from whom its counts are.
        **values
            Fields of :class:`planner.plan.targets.aims.Target`.

        Raises
        ------
        InputError
            ``plan.may_not``, ``plan.unknown_field``, ``plan.bad_value``.
        """
        return self._set("target", Target, values, why, BY_TODAY if by_today else "")

    def set_limit(self, *, why: str = "", **values: Any) -> Limit:
        """Set what a department may spend in a year, by fields of a limit; as :meth:`set_target`.

        Raises
        ------
        InputError
            Also ``plan.unknown_department``, and ``plan.limit_twice`` where there is one already.
        """
        return self._set("limit", Limit, values, why)

    def edit_target(self, base: Target | str, *, why: str = "", **values: Any) -> Target:
        """Change a target, with the reason.

        Parameters
        ----------
        base
            The target as it was read; or its id, which means as it is.
        why
            The reason.
        **values
            Fields of :class:`planner.plan.targets.aims.Target`.

        Raises
        ------
        ConflictError
            Where somebody else changed it since it was read; it tells all three values.
        InputError
            As :meth:`set_target`, and ``plan.needs_reason``, ``plan.put_aside``.
        """
        return self._shown_target(self._edit("target", Target, base, values, why))

    def edit_limit(self, base: Limit | str, *, why: str = "", **values: Any) -> Limit:
        """Change a limit, with the reason; as :meth:`edit_target`."""
        return self._edit("limit", Limit, base, values, why)

    def put_target_aside(self, base: Target | str, why: str, *, back: bool = False) -> Target:
        """Put a target out of sight, or take it back; the trail and every export have it.

        Raises
        ------
        ConflictError
            Where somebody else changed it since it was read.
        InputError
            ``plan.may_not``, ``plan.needs_reason``, ``plan.no_such_row``.
        """
        return self._shown_target(self._put_aside("target", Target, base, why, back))

    def put_limit_aside(self, base: Limit | str, why: str, *, back: bool = False) -> Limit:
        """Put a limit out of sight, or take it back; as :meth:`put_target_aside`."""
        return self._put_aside("limit", Limit, base, why, back)

    def _set(
        self, layer: str, kind: type[Kept], values: dict[str, Any], why: str, deed: str = ""
    ) -> Kept:
        aim, reason = AIMS[layer], str(checked({"why": why})["why"])
        guards.check_role(self.actor, SETS_AIMS)
        blank = kind(id=new_id(aim.letter), **_fields(layer, values))
        row = aim.checked(blank.to_row())

        def work(writing: Writing) -> Kept:
            _refuse_twice(writing, layer, row)
            told = {"created_by": self.actor.name, "created_at": writing.at}
            first = {"version": 1, "changed_at": writing.at}
            said = deed or f"set_{layer}"
            return kind.from_row(writing.add(layer, {**row, **told, **first}, said, reason))

        return self._write(work)

    def _edit(
        self, layer: str, kind: type[Kept], base: Kept | str, values: dict[str, Any], why: str
    ) -> Kept:
        aim, reason = AIMS[layer], self._reason(why, "edit")
        start = self._read(layer, kind, base).to_row()
        wanted = aim.checked({**start, **_fields(layer, values)})

        def work(writing: Writing) -> Kept:
            now = writing.row(layer, start["id"])
            if now["deleted"]:
                raise InputError("plan.put_aside", id=now["id"])
            read, mine, kept = (
                {name: row[name] for name in aim.editable} for row in (start, wanted, now)
            )
            ours, conflicts = merge(read, mine, kept, [aim.together])
            if conflicts:
                raise ConflictError(now["id"], conflicts, now)
            if all(now[name] == value for name, value in ours.items()):
                return kind.from_row(now)
            _refuse_twice(writing, layer, {**now, **ours})
            ours["changed_at"] = writing.at
            return kind.from_row(writing.change(layer, now["id"], ours, f"edit_{layer}", reason))

        return self._write(work)

    def _put_aside(
        self, layer: str, kind: type[Kept], base: Kept | str, why: str, back: bool
    ) -> Kept:
        reason = self._reason(why, "put_aside")
        start = self._read(layer, kind, base).to_row()

        def work(writing: Writing) -> Kept:
            now = writing.row(layer, start["id"])
            # nobody puts aside what they have not seen
            seen = {name: start[name] for name in AIMS[layer].editable}
            kept = {name: now[name] for name in AIMS[layer].editable}
            _, conflicts = merge({}, seen, kept)
            if conflicts:
                raise ConflictError(now["id"], conflicts, now)
            if back:
                _refuse_twice(writing, layer, now)
            values = {"deleted": not back, "changed_at": writing.at}
            deed = f"{'take_back' if back else 'put_aside'}_{layer}"
            if now["deleted"] is values["deleted"]:
                return kind.from_row(now)
            return kind.from_row(writing.change(layer, now["id"], values, deed, reason))

        return self._write(work)

    def _read(self, layer: str, kind: type[Kept], base: Kept | str) -> Kept:
        if isinstance(base, str):
            return self._aim(layer, kind, base, None)
        # read without its share: what was read is looked up, so that nobody else's edit is lost
        is_shown = isinstance(base, Target) and math.isnan(base.share)
        return self._aim(layer, kind, base.id, base.version) if is_shown else base

    def _reason(self, why: str, step: str) -> str:
        guards.check_role(self.actor, SETS_AIMS)
        reason = str(checked({"why": why})["why"])
        if not reason:
            raise InputError("plan.needs_reason", step=step)
        return reason


def _fields(layer: str, values: dict[str, Any]) -> dict[str, Any]:
    known = AIMS[layer].editable
    unknown = [name for name in values if name not in known]
    if unknown:
        raise InputError("plan.unknown_field", field=unknown[0][:40], known=", ".join(known))
    return values


def _refuse_twice(writing: Writing, layer: str, row: dict[str, Any]) -> None:
    """Refuse a second limit for a department, year and unit, of which none would hold."""
    if layer != "limit":
        return
    same = [LIMITS.c[name] == row[name] for name in ONE_LIMIT_OF]
    asked = select(LIMITS.c.id).where(*same, LIMITS.c.id != row["id"], LIMITS.c.deleted.is_(False))
    found = writing.connection.execute(asked).scalar()
    if found is not None:
        raise InputError("plan.limit_twice", id=found)
