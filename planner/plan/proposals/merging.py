"""Two edits of one row that meet: fields merge by themselves, the same field is a conflict.

A three-way merge by field: *base* is what both had read, *ours* what we want, *theirs* what is kept
by now. A field that only one of us changed takes that value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from planner.errors import InputError


@dataclass(frozen=True)
class Conflict:
    """A field that two people gave different values.

    Parameters
    ----------
    field
        Its name; of fields that belong together, the first that differs.
    base, ours, theirs
        Its value before, the one that we want, and the one that is kept by now.
    """

    field: str
    base: Any
    ours: Any
    theirs: Any

    def each(self, change: Callable[[Any], Any]) -> Conflict:
        """Return the field with each of its values changed."""
        return Conflict(self.field, change(self.base), change(self.ours), change(self.theirs))


class ConflictError(InputError):
    """Somebody else changed the same fields since they were read; nothing is written.

    Parameters
    ----------
    row_id
        What was to be changed.
    conflicts
        The fields, with all three values.
    theirs
        The row as it is kept by now.
    """

    def __init__(
        self, row_id: str, conflicts: Iterable[Conflict], theirs: Mapping[str, Any]
    ) -> None:
        self.row_id, self.conflicts, self.theirs = row_id, tuple(conflicts), dict(theirs)
        names = ", ".join(each.field for each in self.conflicts)
        super().__init__("plan.conflict", id=row_id, fields=names)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.row_id, self.conflicts, self.theirs)


def merge(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    together: Iterable[Iterable[str]] = (),
) -> tuple[dict[str, Any], tuple[Conflict, ...]]:
    """Return the fields that we change on top of theirs, and those that both changed.

    Parameters
    ----------
    base, ours, theirs
        Values by field; those of `ours` that equal `base` are none of our changes.
    together
        Groups of fields; of none may somebody change one while somebody else changes another.

    Examples
    --------
    >>> base = {"cost": 10, "year": 2027}
    >>> merge(base, {"cost": 12, "year": 2027}, {"cost": 10, "year": 2028})
    ({'cost': 12}, ())
    >>> merge(base, {"cost": 12}, {"cost": 15, "year": 2027})
    ({}, (Conflict(field='cost', base=10, ours=12, theirs=15),))
    >>> theirs = {"cost": 10, "unit": "EUR"}
    >>> merge({"cost": 10, "unit": "CNY"}, {"cost": 12}, theirs, [("cost", "unit")])
    ({}, (Conflict(field='cost', base=10, ours=12, theirs=10),))
    """
    mine = {name: value for name, value in ours.items() if value != base.get(name)}
    others = {name for name in theirs if theirs[name] != base.get(name)}
    clashing = {name for name in mine if name in others and mine[name] != theirs[name]}
    for bound in map(set, together):
        moved = sorted(bound & others)
        if moved and any(theirs[name] != ours.get(name, base.get(name)) for name in moved):
            clashing |= bound & set(mine)
    conflicts = [
        Conflict(name, base.get(name), mine[name], theirs.get(name)) for name in sorted(clashing)
    ]
    wanted = {name: value for name, value in mine.items() if name not in clashing}
    return wanted, tuple(conflicts)
