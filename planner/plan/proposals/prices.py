"""Which price a proposal keeps once what is to be done becomes another.

A price by a list is of what was to be done when it was made, as figures are: where that becomes
another, the list's price is forgotten, and told anew by :func:`list_price`. What somebody answers
for is nobody's to take away: it stays, and whoever reads it is told what it was given for.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.district.scenarios.scenario import Connect, ExtendHours
from planner.errors import Finding
from planner.plan.proposals.changes import WAYS, work_told
from planner.plan.proposals.one_house import JOINED, JOINED_UNVERIFIED
from planner.plan.proposals.proposal import MEASURE, PRICE, Proposal, edited_fields
from planner.plan.store.trail import not_told
from planner.siting.change_prices import own_price, prices_of, unit_of_price, way_m
from planner.siting.costs import Costs, builtin_costs, check_currency

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import District
    from planner.district.scenarios.scenario import Change

LISTED = ("verified", "unverified", JOINED, JOINED_UNVERIFIED)
"""Sources of a price that say that it is by a list, or of what a list and others say of parts."""

SITE = "site:"
"""Before the file of sites where a price is a site's own: found by the tool, as that of a list."""

AMOUNT = ("cost", "cost_high", "currency")
FORGOTTEN: dict[str, Any] = {"cost": None, "cost_high": None, "currency": "", "cost_source": ""}
SUM_FORGOTTEN = "forget_sum"
"""The deed of the trail by which a house loses the sum of its parts, since one became another."""

SUM_TURNS_ON = ("cost", "cost_high", "currency", "kinds", "geometry", "changes")
"""What of a part the sum of its house is made of."""

DONE = tuple(name for name in MEASURE if name not in ("known_by", "crs"))
"""What is to be done, as far as a price turns on it."""


def is_listed(row: Mapping[str, Any]) -> bool:
    """Whether the price of a row is by a list of prices."""
    return row["cost"] is not None and _is_found(row["cost_source"])


def _is_found(source: str) -> bool:
    """Whether a source of a price says that the tool found it, and nobody wrote it."""
    return source in LISTED or source.startswith(SITE)


def with_given(draft: Proposal, values: Mapping[str, Any]) -> Proposal:
    """Return a draft with the values that somebody gave.

    An amount that somebody gives is no list's: the range and source that the draft had are not of
    it, and go unless they are given too.

    Parameters
    ----------
    draft
        What the tool made.
    values
        Fields of :data:`planner.plan.proposals.proposal.EDITABLE`.

    Raises
    ------
    InputError
        ``plan.unknown_field``.
    """
    given = edited_fields(values)
    if "cost" in given:
        given = {"cost_high": None, "cost_source": "", **given}
    elif _is_found(draft.cost_source) and (
        "cost_high" in given or given.get("currency", draft.currency) != draft.currency
    ):
        given = {"cost_source": "", **given}
    return replace(draft, **given)


def price_after(
    start: Mapping[str, Any], wanted: Mapping[str, Any], given: Collection[str]
) -> dict[str, Any]:
    """Return what an edit makes of a price by a list, as fields to be written beside it.

    Parameters
    ----------
    start, wanted
        The row as it was read, and as somebody wants it.
    given
        The fields that somebody gave.
    """
    if not is_listed(start):
        return {}
    told = any(wanted[name] != start[name] for name in AMOUNT)
    becomes_another = any(wanted[name] != start[name] for name in DONE)
    if told or (becomes_another and "cost" in given):
        # an amount that somebody wrote is not the list's any more, nor is the list's range its
        unsaid = "cost_source" not in given and _is_found(wanted["cost_source"])
        own: dict[str, Any] = {"cost_source": ""} if unsaid else {}
        of_list = "cost" in given and "cost_high" not in given
        return {**own, "cost_high": None} if of_list else own
    return dict(FORGOTTEN) if becomes_another else {}


def list_price(proposal: Proposal, about: Assessment, costs: Costs | None = None) -> dict[str, Any]:
    """Return the price of a proposal by a list, as fields; none where some of it has no price.

    Parameters
    ----------
    proposal
        What is to be done.
    about
        Its workspace as it is.
    costs
        The list; that which ships where none is given.

    Raises
    ------
    InputError
        ``siting.other_currency``.
    """
    prices = costs or builtin_costs()
    check_currency(prices, about.district.money)
    steps, district = proposal.changes, about.district
    cost = math.fsum(_prices(proposal, about, prices))
    unit = unit_of_price(district, steps, prices)
    # a sum in two units is none
    if math.isnan(cost) or not steps or unit is None:
        return dict(FORGOTTEN)
    source = price_source(district, steps, prices)
    return {**FORGOTTEN, "cost": cost, "currency": unit, "cost_source": source}


def _prices(proposal: Proposal, about: Assessment, prices: Costs) -> list[float]:
    """Return the price of each change: of a way, that of the work that is proposed.

    What the way crosses in the data tells another work where a barrier is missing there, and a
    footbridge is not built for the price of a path.
    """
    found = prices_of(about, proposal.changes, prices)
    if proposal.action not in WAYS:
        return found
    for number, step in enumerate(proposal.changes):
        if isinstance(step, Connect):
            work = work_told(about.district, proposal.action, step)
            found[number] = prices.link(work, way_m(about.district, step))
    return found


def price_source(district: District, steps: Sequence[Change], prices: Costs) -> str:
    """Return who says what some changes cost: the file of a site that tells its own, or the list.

    Parameters
    ----------
    district, steps
        The place, and what is done in it.
    prices
        The list of prices.
    """
    told = [source.source for source in district.sources if source.layer == "candidates"]
    if told and len(steps) == 1 and own_price(district, steps[0]) is not None:
        return f"{SITE}{told[0]}"
    return "verified" if prices.verified else "unverified"


def site_fault(district: District, proposal: Proposal) -> Finding | None:
    """Return that the data say something else by now of what a proposal costs by their word.

    Parameters
    ----------
    district
        Its workspace as it is.
    proposal
        One whose price is that of a candidate site; nothing is said of others.

    Returns
    -------
    Finding or None
        ``plan.site_priced_otherwise``, or ``plan.site_without_price`` where no site with a price is
        listed there any more.
    """
    same = proposal.crs in ("", district.crs.to_string())
    if not proposal.cost_source.startswith(SITE) or proposal.cost is None or not same:
        return None
    told = [own_price(district, step) for step in proposal.changes]
    now = next((each for each in told if each is not None), None)
    named = {
        "proposal": proposal.title or proposal.id,
        "cost": proposal.cost,
        "currency": proposal.currency,
    }
    if now is None:
        return Finding("plan.site_without_price", named)
    unit = str(district.money)
    if math.isclose(now, proposal.cost, rel_tol=1e-9) and unit == proposal.currency:
        return None
    return Finding("plan.site_priced_otherwise", {**named, "now": now, "unit": unit})


def site_faults(district: District, proposals: Iterable[Proposal]) -> tuple[Finding, ...]:
    """Return :func:`site_fault` of each of which there is one."""
    found = (site_fault(district, each) for each in proposals)
    return tuple(each for each in found if each is not None)


def prices_of_a_year(proposals: Iterable[Proposal]) -> tuple[Finding, ...]:
    """Return that a list's price of longer hours is that of one year, where it is counted once.

    Parameters
    ----------
    proposals
        What is counted; nothing is said of a price that somebody gave.
    """
    listed = [
        each
        for each in proposals
        if each.cost is not None
        and each.cost_source in ("verified", "unverified")
        and any(isinstance(step, ExtendHours) for step in each.changes)
    ]
    found = []
    for unit in dict.fromkeys(each.currency for each in listed):
        own = [each for each in listed if each.currency == unit]
        cost = math.fsum(each.cost or 0.0 for each in own)
        told = {"count": len(own), "cost": round(cost, 2), "currency": unit}
        found.append(Finding("plan.prices_of_a_year", told))
    return tuple(found)


def priced_as(proposal: Proposal, entries: Iterable[Mapping[str, Any]]) -> Proposal | None:
    """Return a proposal as it was when it had its price, where it is to be another since.

    Parameters
    ----------
    proposal
        As it is.
    entries
        Its entries of the trail, in their order.

    Returns
    -------
    Proposal or None
        For one whose price was forgotten, as it was when it had one last; None where the price is
        of what is to be done, or there never was one.
    """
    row, last = not_told("proposal"), None
    for entry in entries:
        if entry["layer"] != "proposal" or not entry["applies"]:
            continue
        before, row = row, {**row, **entry["after"]}
        if not entry["after"].keys() & set(PRICE):
            continue
        if row["cost"] is not None:
            last = row
        elif not any(before.get(name) != row[name] for name in DONE):
            # taken away by somebody, not forgotten with what it was of
            last = None
    if last is None:
        return None
    own = proposal.to_row()
    if all(last[name] == own[name] for name in DONE):
        return None
    return Proposal.from_row({"id": proposal.id, **last})
