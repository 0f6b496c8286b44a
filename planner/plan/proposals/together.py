"""What several proposals do, as one scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from planner.district import Scenario
from planner.district.scenarios.scenario import Change
from planner.errors import InputError


class Doing(Protocol):
    """A proposal, as far as it says what is done and to what."""

    @property
    def changes(self) -> tuple[Change, ...]:
        """What it does."""

    @property
    def known_by(self) -> Mapping[str, Mapping[str, Any]]:
        """By what the facilities that it changes are known again."""

    @property
    def crs(self) -> str:
        """The CRS of its places."""


def together(name: str, proposals: Iterable[Doing]) -> Scenario:
    """Return what proposals do as one scenario, in their order.

    It is carried out on a district as it is today, since that is what the marks are of by which
    facilities are known again.

    Raises
    ------
    InputError
        ``plan.several_crs`` where they are about districts in different CRS.
    """
    doing = [each for each in proposals if each.changes]
    systems = {each.crs for each in doing if each.crs}
    if len(systems) > 1:
        raise InputError("plan.several_crs", found=", ".join(sorted(systems)))
    known: dict[str, Mapping[str, Any]] = {}
    for each in doing:
        known |= each.known_by
    steps = [step for each in doing for step in each.changes]
    return Scenario(name, steps, next(iter(systems), ""), known)
