"""A proposal: what a department wants to do, where, at what price, and what it brings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from itertools import zip_longest
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from planner.district import Scenario
from planner.district.defaults import YUAN
from planner.district.scenarios.scenario import Change, read_changes
from planner.errors import InputError
from planner.plan.proposals.changes import ACTIONS, WAYS, taken_by
from planner.plan.proposals.figures import Figures
from planner.plan.proposals.origins import ORIGINS
from planner.plan.store.tables import canonical

MEASURE = (
    "action",
    "kinds",
    "facility_id",
    "changes",
    "known_by",
    "geometry",
    "crs",
)
"""What is to be built, one thing for edits that meet: a place of one and a kind of another is
neither's proposal."""

PRICE = ("cost", "cost_high", "currency", "cost_source")
"""What it costs, one thing for edits that meet: an amount of one in another's unit, above the other
end of the range or by another's source, is nobody's price."""

EDITABLE = (
    *MEASURE,
    "workspace",
    "title",
    "note",
    "department",
    "floor_area_m2",
    "cost",
    "cost_high",
    "currency",
    "cost_source",
    "funding",
    "year",
    "figures",
)
"""What may be edited; the rest follows from steps."""

WEIGHTY = (*MEASURE, "workspace", "department", "floor_area_m2", "cost", "cost_high", "year")
"""What a review was about: where one of these changes, it must be given anew."""

OWNER = "kind:"
"""What stands before a kind in ``known_by``, beside the ids of facilities: who answers for it."""

NEAR = "near:"
"""In ``known_by``, beside the ids of facilities: what a title that nobody typed was made of."""

BESIDE = "beside:"
"""In ``known_by``, before the ids of facilities of a kind that stand beside one that is built."""

COUNTED = (*MEASURE, "workspace")
"""What figures are of: where one of these changes, they are computed anew."""

MOST_SIGNS = 10_000
"""Signs that a text may have."""

YEARS = (1950, 2200)


@dataclass(frozen=True)
class Proposal:
    """One proposal as it is kept. Never changed; each step gives another.

    Parameters
    ----------
    id, version
        Its id, and how often it was changed.
    status
        One of :data:`planner.plan.proposals.statuses.STATUSES`.
    workspace
        Name of the workspace that it is about.
    title, note
        What people call it, and why it is wanted.
    department
        That which proposes it, a key of :data:`planner.district.kinds.DEPARTMENTS`.
    action
        One of :data:`planner.plan.proposals.changes.ACTIONS`.
    kinds
        Kinds of facilities that it is about.
    facility_id
        The existing facility that it changes, empty for none.
    changes, known_by, crs
        What it does to the district, see :class:`planner.Scenario`; `known_by` has also who answers
        for kinds, see :mod:`planner.plan.proposals.owners`, and what stands beside what is built,
        see :mod:`planner.plan.proposals.listed`.
    geometry
        Its place or line in the CRS, well-known binary as hexadecimal digits; empty for none.
    floor_area_m2
        Floor area, square metres; None where it is not known.
    cost, currency, cost_source
        Price, what one unit of it is, and who says so; None where it is not known.
    cost_high
        The most that it may cost, where `cost` is the least; None where `cost` is the price.
    year
        In which it is to be done; None where that is open.
    funding
        Who pays.
    origin
        What it was made from: one of :data:`planner.plan.proposals.origins.ORIGINS`.
    figures
        What it brings, as it was computed; None where it was not.
    superseded_by
        The proposal that took its place.
    made_of
        Ids of the proposals that it is to build in one house; they end once it is approved.
    part_signs
        What each of these was when the house was made of it, as its :attr:`content_sign`.
    opened_source
        By what it is known that it opened.
    created_by, created_at, changed_at
        Who made it and when; when it was changed last.
    deleted
        Whether it was put aside; nothing is ever taken out.
    """

    id: str = ""
    version: int = 0
    status: str = "draft"
    workspace: str = ""
    title: str = ""
    note: str = ""
    department: str = ""
    action: str = "build"
    kinds: tuple[str, ...] = ()
    facility_id: str = ""
    changes: tuple[Change, ...] = ()
    known_by: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    crs: str = ""
    geometry: str = ""
    floor_area_m2: float | None = None
    cost: float | None = None
    cost_high: float | None = None
    currency: str = ""
    cost_source: str = ""
    year: int | None = None
    funding: str = ""
    origin: str = "hand"
    figures: Figures | None = None
    superseded_by: str = ""
    made_of: tuple[str, ...] = ()
    part_signs: tuple[str, ...] = ()
    opened_source: str = ""
    created_by: str = ""
    created_at: str = ""
    changed_at: str = ""
    deleted: bool = False

    @cached_property
    def shape(self) -> BaseGeometry | None:
        """The place or line, in the CRS; None for none."""
        return shapely.from_wkb(self.geometry) if self.geometry else None

    @cached_property
    def content_sign(self) -> str:
        """A sign of what a review is about, :data:`WEIGHTY`; another once one of these changes."""
        # not the whole row: figures are large, and no review is about them
        weighty = {name: self._as_kept(name) for name in WEIGHTY}
        # who answers for a kind decides who is asked, what it is near how it is called, and what
        # stands beside it whether it is listed by now: none of these is what is to be built
        known = weighty["known_by"].items()
        weighty["known_by"] = {
            own: marks
            for own, marks in known
            if own != NEAR and not own.startswith((OWNER, BESIDE))
        }
        if weighty["cost_high"] is None:
            # what was said before prices had a range was said of the same content
            del weighty["cost_high"]
        if self.cost is not None and self.currency not in ("", str(YUAN)):
            # the same amount in another unit is another price
            weighty["currency"] = self.currency
        content = canonical(weighty)
        return hashlib.sha256(content.encode("utf-8")).hexdigest()[:32]

    @property
    def cost_most(self) -> float | None:
        """The most that it may cost: the price itself where that is no range."""
        return self.cost if self.cost_high is None else self.cost_high

    @property
    def can_be_counted(self) -> bool:
        """Whether it tells what exactly is built; a round to the door changes no coverage."""
        return bool(self.changes) or self.action == "outreach"

    @property
    def kinds_taken(self) -> tuple[str, ...]:
        """Kinds of which it turns a facility into another kind, as the facilities were known."""
        taken = taken_by(self.known_by, self.changes)
        return tuple(each for each in taken if each not in self.kinds)

    @property
    def awaits_streets(self) -> bool:
        """Whether it is a way that opened: it counts in the plan until the streets have it."""
        return self.status == "opened" and self.action in WAYS and not self.deleted

    @property
    def opened_in(self) -> int | None:
        """The year in which it opened, by the calendar of this place; None while it has not."""
        # nothing is edited once it opened, so that its last change is the opening; told in UTC
        if self.status != "opened" or not self.changed_at:
            return None
        return datetime.fromisoformat(self.changed_at).astimezone().year

    @property
    def opened_elsewhen(self) -> bool:
        """Whether it opened in another year than it was planned for, whose limit has its money."""
        return self.opened_in is not None and self.opened_in != self.year

    @property
    def counts_from(self) -> int | None:
        """The year by whose end it counts: for a way that opened, no later than it did."""
        opened = self.opened_in
        if opened is None or not self.awaits_streets:
            return self.year
        return opened if self.year is None else min(self.year, opened)

    def scenario(self) -> Scenario:
        """Return the proposal as a scenario, which does nothing for one that opens no way."""
        return Scenario(self.title or self.id, self.changes, self.crs, self.known_by)

    def to_row(self) -> dict[str, Any]:
        """Return the proposal as the database keeps it."""
        # signs of parts are kept beside their ids
        names = [each.name for each in fields(self) if each.name != "part_signs"]
        return {name: self._as_kept(name) for name in names}

    def _as_kept(self, name: str) -> Any:
        """Return a field as the database keeps it."""
        if name == "kinds":
            return list(self.kinds)
        if name == "made_of":
            pairs = zip_longest(self.made_of, self.part_signs, fillvalue="")
            return " ".join(f"{own}:{sign}" if sign else own for own, sign in pairs) or None
        if name == "changes":
            return written_changes(self.changes)
        if name == "known_by":
            return {key: dict(marks) for key, marks in self.known_by.items()}
        if name == "figures":
            return None if self.figures is None else self.figures.to_json()
        return getattr(self, name)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Proposal:
        """Return the proposal that a row of the database holds."""
        own = dict(row)
        own["kinds"] = tuple(own["kinds"])
        parts = [each.partition(":") for each in (own.get("made_of") or "").split()]
        own["made_of"] = tuple(part for part, _, _ in parts)
        own["part_signs"] = tuple(sign for _, _, sign in parts)
        own["changes"] = read_changes(own["changes"], own["id"])
        own["figures"] = Figures.from_json(own["figures"]) if own["figures"] else None
        return cls(**own)


def edited_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by field as :class:`Proposal` has them; refuse fields that are not edited.

    Raises
    ------
    InputError
        ``plan.unknown_field``.
    """
    unknown = [name for name in values if name not in EDITABLE]
    if unknown:
        raise InputError("plan.unknown_field", field=unknown[0][:40], known=", ".join(EDITABLE))
    found = dict(values)
    if isinstance(found.get("kinds"), str):
        found["kinds"] = [found["kinds"]]
    for name in ("kinds", "changes"):
        if name in found:
            found[name] = tuple(found[name])
    return found


def written_changes(changes: tuple[Change, ...]) -> list[dict[str, Any]]:
    """Return changes as the JSON of a scenario's file has them."""
    return list(json.loads(Scenario("", changes).to_json())["changes"])


def checked(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a row once each can stand; texts without blanks around them.

    Raises
    ------
    InputError
        ``plan.bad_value``, ``plan.unknown_action``, ``plan.unknown_department``.
    """
    from planner.district.kinds import DEPARTMENTS

    found = dict(row)
    for name, value in found.items():
        if isinstance(value, str):
            found[name] = plain_text(name, value)
        elif isinstance(value, dict | list):
            _refuse_odd_signs(name, canonical(value))
    if found.get("action", "build") not in ACTIONS:
        raise InputError(
            "plan.unknown_action", action=str(found["action"])[:40], known=", ".join(ACTIONS)
        )
    if found.get("department", "") not in ("", *DEPARTMENTS):
        known = ", ".join(DEPARTMENTS)
        raise InputError("plan.unknown_department", name=found["department"][:40], known=known)
    if found.get("origin", "hand") not in ORIGINS:
        raise InputError("plan.bad_value", field="origin", value=ascii(found["origin"][:40]))
    if found.get("geometry"):
        _refuse_odd_geometry(found["geometry"])
    for name in ("floor_area_m2", "cost", "cost_high"):
        if name in found:
            found[name] = _amount(name, found[name])
    _refuse_odd_range(found.get("cost"), found.get("cost_high"))
    year = found.get("year")
    whole = isinstance(year, int) and not isinstance(year, bool)
    if year is not None and not (whole and YEARS[0] <= year <= YEARS[1]):
        raise InputError("plan.bad_value", field="year", value=str(year)[:40])
    return found


def _refuse_odd_range(cost: float | None, cost_high: float | None) -> None:
    if cost_high is not None and (cost is None or cost_high < cost):
        raise InputError("plan.bad_value", field="cost_high", value=str(cost_high))


def plain_text(name: str, value: str) -> str:
    """Return a text that every database can keep.

    Raises
    ------
    InputError
        ``plan.bad_value`` for one that is too long or has signs that are no text.
    """
    text = value.strip()
    if len(text) > MOST_SIGNS and name != "geometry":
        raise InputError("plan.bad_value", field=name, value=ascii(text[:40]))
    _refuse_odd_signs(name, text)
    return text


def _refuse_odd_signs(name: str, text: str) -> None:
    try:
        text.encode("utf-8")
        odd = any(sign < " " and sign not in "\t\n\r" for sign in text)
    except UnicodeEncodeError:
        odd = True
    if odd:
        raise InputError("plan.bad_value", field=name, value=ascii(text[:40]))


def _refuse_odd_geometry(digits: str) -> None:
    try:
        shape = shapely.from_wkb(digits)
        odd = shape.geom_type not in ("Point", "LineString") or not shapely.is_valid(shape)
    except (shapely.errors.ShapelyError, TypeError, ValueError):
        odd = True
    if odd or digits != digits.lower():
        raise InputError("plan.bad_value", field="geometry", value=ascii(digits[:40]))


def _amount(name: str, value: Any) -> float | None:
    if value is None:
        return None
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value < 1e15:
        raise InputError("plan.bad_value", field=name, value=str(value)[:40])
    return float(value)
