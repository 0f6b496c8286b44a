"""What is planned once: a house and the single proposals that it takes in are not counted both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from planner.plan.proposals.one_house import (
    ended_parts,
    is_agreed_house,
    is_house,
    lacks_year,
)
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import OPEN


def open_houses(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the houses that are not decided yet, drafts too, in the one order of houses.

    That which is further on comes first, of two alike that which was made first.
    """
    return sorted(
        filter(is_house, proposals),
        key=lambda each: (-OPEN.index(each.status), each.created_at, each.id),
    )


def handed_in(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the open houses that were handed in: a draft is nobody's word yet."""
    return [each for each in open_houses(proposals) if each.status != "draft"]


def houses_with(part: str, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the open houses that are to take a proposal in, in the order of houses."""
    return [each for each in open_houses(proposals) if part in each.made_of]


def held_twice(proposals: Iterable[Proposal]) -> Mapping[str, tuple[Proposal, ...]]:
    """Return the houses of each proposal that several are to take in, by its id.

    Nobody makes a second house of it here, but another office that did not know of the first may.
    """
    return _sharing_a_part(open_houses(proposals))


def agreed_twice(proposals: Iterable[Proposal]) -> Mapping[str, tuple[Proposal, ...]]:
    """Return the houses of each proposal that several build that were agreed to, by its id.

    Two offices that did not know of each other may have approved one each: both count, and build
    the same. Of those that all opened there is nothing left to decide.
    """
    found = _sharing_a_part(filter(is_agreed_house, proposals))
    return {
        part: them for part, them in found.items() if any(each.status != "opened" for each in them)
    }


def _sharing_a_part(houses: Iterable[Proposal]) -> dict[str, tuple[Proposal, ...]]:
    """Return the houses of each part that is in several of them, by its id."""
    of: dict[str, tuple[Proposal, ...]] = {}
    for house in houses:
        for part in house.made_of:
            of[part] = (*of.get(part, ()), house)
    return {part: them for part, them in of.items() if len(them) > 1}


def rivals(proposal: Proposal, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the houses that hinder one another: of a part all, of a house the others.

    None for a part that one house takes in, and for a house whose parts are in no other.
    """
    twice = held_twice(proposals)
    found = {
        house.id: house
        for part in proposal.made_of or (proposal.id,)
        for house in twice.get(part, ())
        if house.id != proposal.id
    }
    return list(found.values())


def houses(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the houses that count in the place of their parts.

    These are the ones handed in of which each part is still open and in no other house. Of two that
    take the same proposal in none counts, since none can be approved before the other is withdrawn.
    Nor does one without a year while a part of it has one: nothing would count it in that year.
    """
    them = list(proposals)
    known, twice = {each.id: each for each in them}, held_twice(them)
    return [
        house
        for house in handed_in(them)
        if not ended_parts(house, known)
        and twice.keys().isdisjoint(house.made_of)
        and not lacks_year(house, [known[own] for own in house.made_of])
    ]


def guests_of(house: Proposal, known: Mapping[str, Proposal]) -> tuple[str, ...]:
    """Return the departments beside its own whose rooms a house builds.

    Parameters
    ----------
    house
        What is built by one department, which pays all of it.
    known
        Proposals by id, those that it takes in among them.
    """
    parts = [known[own] for own in house.made_of if own in known]
    others = dict.fromkeys(each.department for each in parts)
    return tuple(each for each in others if each and each != house.department)


def planned_once(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Return proposals without those that stand for the same building a second time.

    A house that was handed in counts for the single proposals that it takes in, which end with its
    approval. While it is a draft, or where it can no longer be approved, they count and it does
    not. It is asked of all proposals, also those that ended: parts that did are told by them.
    """
    counting = houses(proposals)
    own = {each.id for each in counting}
    within = {part for each in counting for part in each.made_of}
    return [
        each
        for each in proposals
        if each.id not in within and (each.id in own or not is_house(each))
    ]
