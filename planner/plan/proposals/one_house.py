"""Several proposals made one: all of their kinds in one house, at one place, at one price."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import shapely

from planner.district import District
from planner.district.scenarios.scenario import Change, Open
from planner.errors import InputError
from planner.plan.proposals.floor_areas import SAME_M2, known_in
from planner.plan.proposals.listed import kept_beside
from planner.plan.proposals.owners import kept_owners
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import AGREED, DECIDED, OPEN
from planner.siting.change_prices import candidate_areas_m2
from planner.siting.costs import Costs

JOINED, JOINED_UNVERIFIED = "joined", "joined_unverified"
"""Who says what a house costs: the proposals that it is made of, less what sharing saves by a list
of prices that somebody answers for, or by one that nobody has checked."""

Place = tuple[float, float]


def check_combinable(proposals: Sequence[Proposal], others: Iterable[Proposal]) -> None:
    """Refuse proposals of which no one house can be made.

    Parameters
    ----------
    proposals
        Those that are to be one.
    others
        The plan's other proposals about the district: of two houses that take the same proposal
        in, only one could be built.

    Raises
    ------
    InputError
        ``plan.combine_few``, ``plan.put_aside``, ``plan.combine_status``,
        ``plan.combine_house``, ``plan.combine_action``, ``plan.combine_districts``,
        ``plan.combine_kinds``, ``plan.combine_taken``.
    """
    if len(proposals) < 2:
        raise InputError("plan.combine_few")
    for each in proposals:
        if each.deleted:
            raise InputError("plan.put_aside", id=each.id)
        if each.status not in OPEN:
            raise InputError("plan.combine_status", id=each.id, status=each.status)
        if each.made_of:
            raise InputError("plan.combine_house", id=each.id, singles=", ".join(each.made_of))
        opens = all(isinstance(step, Open) for step in each.changes)
        if each.action != "build" or not each.kinds or not opens:
            raise InputError("plan.combine_action", id=each.id, action=each.action)
    for name in ("workspace", "crs"):
        found = sorted({getattr(each, name) for each in proposals})
        if len(found) > 1:
            raise InputError("plan.combine_districts", found=", ".join(found))
    _refuse_same_kinds(proposals)
    own = {each.id for each in proposals}
    for other in others:
        both = own.intersection(other.made_of)
        if both and is_house(other):
            raise InputError("plan.combine_taken", id=min(both), other=other.id)


def _refuse_same_kinds(proposals: Sequence[Proposal]) -> None:
    seen: dict[str, str] = {}
    for each in proposals:
        for kind in each.kinds:
            if kind in seen:
                raise InputError("plan.combine_kinds", id=each.id, other=seen[kind], kind=kind)
        seen |= dict.fromkeys(each.kinds, each.id)


def is_house(proposal: Proposal) -> bool:
    """Whether a proposal is to take others in, and is not decided or ended yet."""
    return bool(proposal.made_of) and proposal.status in OPEN and not proposal.deleted


def is_agreed_house(proposal: Proposal) -> bool:
    """Whether a proposal builds what others are for, and was agreed to."""
    return bool(proposal.made_of) and proposal.status in AGREED and not proposal.deleted


def builders_of(proposals: Iterable[Proposal]) -> dict[str, str]:
    """Return the house that was agreed to of each proposal that such a house builds, by ids."""
    agreed = filter(is_agreed_house, proposals)
    return {part: house.id for house in agreed for part in house.made_of}


def beside(house: Proposal, parts: Mapping[str, Proposal]) -> list[str]:
    """Return the parts that go on or opened by themselves beside a house that was agreed to.

    Here its approval ends them; two offices that did not know of each other may do both.
    """
    if not is_agreed_house(house):
        return []
    # once both stand there is nothing left to decide
    standing = () if house.status == "opened" else ("opened",)
    alive = [each for each in parts.values() if each.status in (*OPEN, *DECIDED, *standing)]
    ids = {each.id for each in alive if not each.deleted}
    return [own for own in house.made_of if own in ids]


def has_sum(house: Proposal) -> bool:
    """Whether the price of a house is the sum of its parts, and nobody's word beside."""
    return house.cost_source in (JOINED, JOINED_UNVERIFIED)


def lacks_year(house: Proposal, parts: Iterable[Proposal]) -> bool:
    """Whether a house has no year though a part of it has one: no limit would count it."""
    return house.year is None and any(each.year is not None for each in parts)


def ended_parts(house: Proposal, parts: Mapping[str, Proposal]) -> list[str]:
    """Return the parts of a house that are not open any more: it cannot be built of them."""
    alive = {own for own, each in parts.items() if each.status in OPEN and not each.deleted}
    return [own for own in house.made_of if own not in alive]


def changed_parts(house: Proposal, parts: Mapping[str, Proposal]) -> list[str]:
    """Return the parts of a house that are to be other than when it was made of them."""
    signs = zip(house.made_of, house.part_signs, strict=False)
    return [own for own, sign in signs if sign and own in parts and parts[own].content_sign != sign]


def signs_of_parts(house: Proposal, parts: Mapping[str, Proposal]) -> tuple[str, ...]:
    """Return what the parts of a house are now, once somebody looked at it anew.

    That of a part which the house does not build whole, or which is not known, stays.
    """
    before = zip_longest(house.made_of, house.part_signs, fillvalue="")
    return tuple(
        parts[own].content_sign if own in parts and not missing_kinds(house, parts[own]) else sign
        for own, sign in before
    )


def other_rooms(house: Proposal, parts: Iterable[Proposal]) -> list[str]:
    """Return the parts whose rooms are others in the house: in area, capacity, hours or services.

    What a part does not tell yet differs from nothing, and of a kind that the house does not build
    :func:`missing_kinds` tells.
    """
    # where only the whole of a house is told, no room of it has another area
    whole = house.floor_area_m2 is not None and known_in(house.changes) is None

    def rooms(proposal: Proposal, kinds: Iterable[str]) -> Counter[tuple[object, ...]]:
        opened = [x for x in proposal.changes if isinstance(x, Open) and x.kind in kinds]
        return Counter(
            (x.kind, None if whole else x.floor_area_m2, x.capacity, x.opening_hours, x.services)
            for x in opened
        )

    return [
        each.id
        for each in parts
        if each.changes
        and not missing_kinds(house, each)
        and rooms(each, each.kinds) != rooms(house, each.kinds)
    ]


def missing_kinds(house: Proposal, part: Proposal) -> list[str]:
    """Return the kinds of a part that a house does not build."""
    built = {step.kind for step in house.changes if isinstance(step, Open)}
    kept = built.intersection(house.kinds) if house.action == "build" else set()
    return [kind for kind in part.kinds if kind not in kept]


def with_place(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals whose place a house can take: those that tell what is built there."""
    return [each for each in proposals if each.changes and each.geometry]


def places(proposals: Sequence[Proposal], site: str | Place | None = None) -> dict[Place, str]:
    """Return where the house may stand, and whose place each is; empty for nobody's.

    The place of a proposal that does not tell yet what exactly is built there is none: that of a
    gap is in the middle of its homes.

    Parameters
    ----------
    proposals
        Those that are to be one.
    site
        Id of the one whose place it is, or coordinates; all of their places where none is given.

    Raises
    ------
    InputError
        ``plan.combine_site``, ``plan.combine_no_place``.
    """
    if isinstance(site, tuple):
        return {site: ""}
    known = with_place(proposals)
    if site is not None:
        known = [each for each in known if each.id == site]
        if not known:
            ids = ", ".join(each.id for each in proposals)
            raise InputError("plan.combine_site", id=site[:40], known=ids)
    if not known:
        raise InputError("plan.combine_no_place", id=proposals[0].id)
    spots = [(shapely.Point(each.shape.centroid), each.id) for each in known if each.shape]
    found: dict[Place, str] = {}
    for point, own in spots:
        found.setdefault((point.x, point.y), own)
    return found


def house_at(
    proposals: Sequence[Proposal], place: Place, host: str, costs: Costs, building: str
) -> Proposal:
    """Return the draft of a house for all kinds of several proposals, without department and id.

    What all of them say alike, such as year and funding, is the house's; what they say differently
    stays open. Rooms keep name, size, hours and capacity.

    Parameters
    ----------
    proposals
        Those that are to be one.
    place, host
        Where, and the id of the proposal whose place it is, which pays the whole price; the
        dearest does where it is nobody's.
    costs
        What sharing a house saves.
    building
        What the house is called in the changes.
    """
    x, y = place
    first = proposals[0]
    areas = [each.floor_area_m2 for each in proposals]
    known = [area for area in areas if area is not None]
    cost, cost_high, currency, source = joined_price(proposals, host, costs)
    return Proposal(
        workspace=first.workspace,
        action="build",
        kinds=tuple(kind for each in proposals for kind in each.kinds),
        changes=tuple(_rooms(proposals, x, y, building)),
        known_by={**kept_owners(proposals), **kept_beside(proposals)},
        crs=first.crs,
        geometry=shapely.Point(x, y).wkb_hex.lower(),
        floor_area_m2=math.fsum(known) if len(known) == len(areas) else None,
        cost=cost,
        cost_high=cost_high,
        currency=currency,
        cost_source=source,
        year=first.year if len({each.year for each in proposals}) == 1 else None,
        funding=first.funding if len({each.funding for each in proposals}) == 1 else "",
        origin="joint",
        made_of=tuple(each.id for each in proposals),
        part_signs=tuple(each.content_sign for each in proposals),
    )


def within_place(house: Proposal, district: District) -> Proposal:
    """Return a house with no more floor area than its place has, by the district's candidates.

    Each of several proposals for one building may tell the whole of it as its own: their sum is
    not there. How the house is shared out is then not known, and its rooms tell no area.

    Parameters
    ----------
    house
        As it was made of its parts.
    district
        That it is about; of a place that is none of its candidates it knows no area.
    """
    asked, place = known_in(house.changes), house.shape
    if asked is None or place is None:
        return house
    offered = float(candidate_areas_m2(district, [place])[0])
    if math.isnan(offered) or asked <= offered + SAME_M2:
        return house
    rooms = tuple(
        replace(step, floor_area_m2=None) if isinstance(step, Open) else step
        for step in house.changes
    )
    return replace(house, changes=rooms, floor_area_m2=offered)


def area_asked(house: Proposal, parts: Iterable[Proposal]) -> float | None:
    """Return the floor area of the parts of a house together where the house has less; else None.

    None, too, where one of them tells none.
    """
    areas = [each.floor_area_m2 for each in parts]
    known = [area for area in areas if area is not None]
    if house.floor_area_m2 is None or len(known) < len(areas):
        return None
    asked = math.fsum(known)
    return asked if asked > house.floor_area_m2 + SAME_M2 else None


def _rooms(proposals: Sequence[Proposal], x: float, y: float, building: str) -> Iterable[Change]:
    for each in proposals:
        told = [step for step in each.changes if isinstance(step, Open)]
        # the area of one that does not tell yet what is built is that of its room; of several
        # rooms nobody knows whose it is
        area = each.floor_area_m2 if len(each.kinds) == 1 else None
        rooms = told or [Open(f"new-{kind}", kind, x, y, floor_area_m2=area) for kind in each.kinds]
        for step in rooms:
            # a new id each: two sources may have called theirs alike
            own = f"{each.id}/{step.facility_id}"
            yield replace(step, facility_id=own, x=x, y=y, building=building)


def joined_price(
    proposals: Sequence[Proposal], host: str, costs: Costs
) -> tuple[float | None, float | None, str, str]:
    """Return the least price of a house, the most, its unit and its source; none where one lacks.

    Whose place it is pays the whole price, each further one its own less what sharing saves: the
    saving that the agenda tells.
    """
    units = {each.currency for each in proposals}
    if len(units) > 1 or any(each.cost is None for each in proposals):
        return None, None, "", ""
    kept = 1.0 - costs.one_stop_saving

    def total(prices: dict[str, float]) -> float:
        whole = host or max(prices, key=prices.__getitem__)
        parts = [price if own == whole else kept * price for own, price in prices.items()]
        # decimals are no binary numbers
        return round(math.fsum(parts), 6)

    low = total({each.id: each.cost or 0.0 for each in proposals})
    high = total({each.id: each.cost_most or 0.0 for each in proposals})
    sure = costs.verified and all(
        each.cost_source not in ("unverified", JOINED_UNVERIFIED) for each in proposals
    )
    source = JOINED if sure else JOINED_UNVERIFIED
    return low, high if high > low else None, units.pop(), source
