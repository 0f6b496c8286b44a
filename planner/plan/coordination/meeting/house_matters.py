"""What is to be talked about houses: to be decided, held up, or beside what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.plan.coordination.gains import Gains
from planner.plan.coordination.houses import agreed_twice, handed_in, held_twice, houses
from planner.plan.coordination.meeting.matter import Matter, brought_by, matter_of
from planner.plan.proposals.one_house import beside, changed_parts, ended_parts
from planner.plan.proposals.proposal import Proposal

HELD_HOUSES = ("house_stuck", "house_twice")
"""Matters about houses that cannot go on."""


def houses_to_decide(
    alive: Sequence[Proposal], proposals: Sequence[Proposal], gains: Gains | None = None
) -> Iterable[Matter]:
    """Yield the houses that are to take single proposals in, which end once they are approved."""
    known = {each.id: each for each in proposals}
    told = {each.id for each in alive}
    for house in (each for each in houses(proposals) if each.id in told):
        people = brought_by([house]) if gains is None else _brought_now(gains, house)
        singles = [known[own] for own in house.made_of if own in known]
        changed = tuple(changed_parts(house, known))
        seen = {"changed": changed, "measured": gains is not None}
        yield matter_of("one_house", (house, *singles), house.kinds, people, **seen)


def _brought_now(gains: Gains, house: Proposal) -> float:
    return sum(
        float((gains.of([house], kind).T @ gains.people)[0])
        for kind in gains.kinds
        if kind in house.kinds
    )


def houses_twice(proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield the houses that are to take the same proposal in, of which only one can be built.

    Those that were agreed to in two offices are among them.
    """
    parts_of: dict[tuple[str, ...], list[str]] = {}
    named: dict[str, Proposal] = {}
    for part, them in (*held_twice(proposals).items(), *agreed_twice(proposals).items()):
        named |= {each.id: each for each in them}
        parts_of.setdefault(tuple(each.id for each in them), []).append(part)
    for ids, parts in parts_of.items():
        both = [named[own] for own in ids]
        kinds = dict.fromkeys(kind for each in both for kind in each.kinds)
        most = max(brought_by([each]) for each in both)
        yield matter_of("house_twice", both, kinds, most, twice=tuple(parts))


def stuck_houses(proposals: Sequence[Proposal]) -> Iterable[Matter]:
    """Yield houses whose parts are not what their decision is, or was, to be about.

    Of one handed in a part is no longer open; beside one agreed to a part is built by itself.
    """
    known = {each.id: each for each in proposals}
    for house in proposals:
        if them := [known[own] for own in beside(house, known)]:
            yield matter_of("house_beside", (house, *them), house.kinds, brought_by([house]))
    for house in handed_in(proposals):
        if ended := ended_parts(house, known):
            yield matter_of(
                "house_stuck", (house,), house.kinds, brought_by([house]), ended=tuple(ended)
            )
