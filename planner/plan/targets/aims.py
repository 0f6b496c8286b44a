"""Targets of coverage by year, and limits of what departments may spend, as they are kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Self

from planner.district.kinds import DEPARTMENTS
from planner.errors import InputError
from planner.plan.proposals.proposal import YEARS, plain_text

LEVELS = ("district", "subdistrict", "community")
MEASURES = ("people", "communities")
"""Of what a target tells the share: of people, or of communities that reach a share of theirs."""

MOST_YEARS = 50
"""So many years a target may rise."""

_MOST_WORD = 40
_TEXTS = ("workspace", "area", "note", "currency", "created_by")
_FOLLOWING = ("id", "version", "deleted", "created_by", "created_at", "changed_at")


@dataclass(frozen=True)
class _Row:
    """What targets and limits both have.

    Parameters
    ----------
    id, version
        Its id, and how often it was changed.
    workspace
        Name of the workspace that it is about.
    year
        The year by whose end it holds.
    note
        Why it is set, and by whose word.
    created_by, created_at, changed_at
        Who set it and when; when it was changed last.
    deleted
        Whether it was put aside; nothing is ever taken out.
    """

    id: str = ""
    version: int = 0
    deleted: bool = False
    workspace: str = ""
    year: int = 0
    note: str = ""
    created_by: str = ""
    created_at: str = ""
    changed_at: str = ""

    def to_row(self) -> dict[str, Any]:
        """Return it as the database keeps it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Return what a row of the database holds."""
        return cls(**{each.name: row[each.name] for each in fields(cls)})


@dataclass(frozen=True)
class Target(_Row):
    """A share that is to be within the limit by the end of a year, and perhaps more in later ones.

    Parameters
    ----------
    kind, group
        Kind of facility, and whose share, a column of ``demand``; empty for the total.
    level, area
        One of :data:`LEVELS`, and its area: a subdistrict's name or a ``community_id``, empty for
        the district.
    measure
        One of :data:`MEASURES`.
    share
        The share asked for by the end of `year`, 0 to 1.
    step, years
        What is asked for more each year after that, and in how many years in all something is
        asked: 0 and 1 for a target of one year.
    reached
        For communities: from which share of its own people a community counts.

    Examples
    --------
    >>> Target(kind="clinic", year=2027, share=0.4, step=0.2, years=5).goals()
    {2027: 0.4, 2028: 0.6, 2029: 0.8, 2030: 1.0, 2031: 1.0}
    """

    kind: str = ""
    group: str = ""
    level: str = "district"
    area: str = ""
    measure: str = "people"
    share: float = 1.0
    step: float = 0.0
    years: int = 1
    reached: float = 1.0

    def goals(self) -> dict[int, float]:
        """Return the share that is asked for by the end of each year."""
        return {
            self.year + number: min(round(self.share + number * self.step, 9), 1.0)
            for number in range(self.years)
        }


ONE_LIMIT_OF = ("workspace", "department", "year", "currency")
"""Of what there is one limit: a department's money of a year, in a district and a unit."""


@dataclass(frozen=True)
class Limit(_Row):
    """What a department may spend in a year.

    Parameters
    ----------
    department
        A key of :data:`planner.district.kinds.DEPARTMENTS`.
    amount, currency
        How much, and what one unit of it is, as of :class:`planner.plan.Proposal`.
    """

    department: str = ""
    amount: float = 0.0
    currency: str = ""


class Aim(NamedTuple):
    """How rows of a layer are read, checked and merged.

    Parameters
    ----------
    kind
        Its class.
    letter
        With which ids begin.
    editable, together
        Fields that may be edited, and those of which nobody may change one while somebody changes
        another: the share of one person and the year of another would be nobody's target.
    check
        Refuses values that cannot stand.
    """

    kind: type[Target] | type[Limit]
    letter: str
    editable: tuple[str, ...]
    together: tuple[str, ...]
    check: Callable[[Mapping[str, Any]], None]

    def checked(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a row once each can stand; texts without blanks around them.

        Raises
        ------
        InputError
            ``plan.bad_value``, ``plan.unknown_department``.
        """
        found = dict(row)
        for name, value in found.items():
            if isinstance(value, str):
                found[name] = plain_text(name, value)
                if name not in _TEXTS and len(found[name]) > _MOST_WORD:
                    raise _bad(name, value)
        if not _whole(found["year"], *YEARS):
            raise _bad("year", found["year"])
        self.check(found)
        return {name: float(v) if name in _NUMBERS else v for name, v in found.items()}


_NUMBERS = ("share", "step", "reached", "amount")


def _bad(name: str, value: object) -> InputError:
    return InputError("plan.bad_value", field=name, value=str(value)[:40])


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(value: object, low: float, high: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and low <= value <= high


def _check_target(row: Mapping[str, Any]) -> None:
    level, measure = row["level"], row["measure"]
    fits = {
        "kind": bool(row["kind"]),
        "level": level in LEVELS,
        "area": bool(row["area"]) is (level != "district"),
        # of one community no communities can be counted
        "measure": measure in MEASURES and (measure, level) != ("communities", "community"),
        "share": _number(row["share"], 1e-9, 1),
        "years": _whole(row["years"], 1, MOST_YEARS),
        "step": _number(row["step"], 0, 1) and (row["step"] > 0) is (row["years"] != 1),
        "reached": _number(row["reached"], 1e-9, 1),
    }
    for name, well in fits.items():
        if not well:
            raise _bad(name, row[name])


def _check_limit(row: Mapping[str, Any]) -> None:
    if row["department"] not in DEPARTMENTS:
        known = ", ".join(DEPARTMENTS)
        raise InputError("plan.unknown_department", name=row["department"], known=known)
    if not _number(row["amount"], 0, 1e15):
        raise _bad("amount", row["amount"])


def _aim(kind: type[Target] | type[Limit], letter: str, check: Callable[..., None]) -> Aim:
    editable = tuple(each.name for each in fields(kind) if each.name not in _FOLLOWING)
    return Aim(kind, letter, editable, tuple(n for n in editable if n != "note"), check)


AIMS: dict[str, Aim] = {
    "target": _aim(Target, "T", _check_target),
    "limit": _aim(Limit, "L", _check_limit),
}
"""By the name under which the trail tells of them."""
