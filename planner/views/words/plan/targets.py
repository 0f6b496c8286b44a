"""Targets, limits of budgets and lead times in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from planner.district import District, Kinds, Standard
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.aims import Limit, Target
from planner.plan.targets.budgets import Budget, Elsewhere, Twice, Whole
from planner.plan.targets.lead_times import LeadTimes
from planner.plan.targets.path import Goal, Path, Stand
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.plan.proposals import currency_word, proposal_name

MOST_DIGITS, SAME_SHARE = 4, 1e-9
"""Digits of a share in per cent at most, and shares that differ by binary digits alone."""

MOST_IDS = 5
"""So many ids a sentence names; of longer lists it says how many more there are."""


def area_word(labels: Labels, target: Target, district: District | None = None) -> str:
    """Return the area of a target by name; its id where no district is given or it is gone."""
    if target.level == "district":
        return labels.message("plan_targets.whole_district")
    if target.level == "community" and district is not None:
        named = district.communities.set_index("community_id")["name"]
        return str(named.get(target.area, target.area))
    return target.area


def target_name(labels: Labels, target: Target, district: District | None = None) -> str:
    """Return a target in a few words, as a list to choose from names it."""
    goals = list(target.goals())
    years = str(goals[0]) if len(goals) == 1 else f"{goals[0]}–{goals[-1]}"
    parts = _parts(labels, target, district)
    return labels.message(f"plan_targets.short_{target.measure}", **parts, years=years)


def target_sentence(labels: Labels, target: Target, district: District | None = None) -> str:
    """Return what a target asks for."""
    parts = _parts(labels, target, district)
    said = labels.message(f"plan_targets.asks_{target.measure}", **parts)
    if target.years == 1:
        return said
    last, most = list(target.goals().items())[-1]
    return labels.message(
        "plan_targets.rising",
        said=said,
        step=labels.percent(target.step),
        last=last,
        most=share_asked_word(labels, most),
    )


def share_asked_word(labels: Labels, share: float, digits: int = 1) -> str:
    """Return a share that is asked for; of one that was counted, that it is withheld."""
    if math.isnan(share):
        return labels.message("plan_targets.share_withheld")
    return labels.percent(share, digits)


def _parts(labels: Labels, target: Target, district: District | None) -> dict[str, object]:
    """Return the words that name a target."""
    return {
        "kind": labels.kind(target.kind, None if district is None else district.kinds),
        "area": area_word(labels, target, district),
        "share": share_asked_word(labels, target.share),
        "reached": labels.percent(target.reached),
        "year": target.year,
        "group": labels.message("plan_targets.of_group", group=labels.group(target.group))
        if target.group
        else "",
    }


def stand_word(labels: Labels, stand: Stand, digits: int = 1) -> str:
    """Return a share, or the range it lies in."""
    if stand.low is None or stand.high is None:
        return labels.message("plan_targets.not_known")
    low, high = labels.percent(stand.low, digits), labels.percent(stand.high, digits)
    if low == high:
        return low
    return labels.message("plan_targets.range", low=low, high=high)


def goal_digits(labels: Labels, goal: Goal) -> int:
    """Return so many digits of per cent that what is asked and what stands are told apart.

    Missed by one resident in a thousand, both would else read the same.
    """
    shares = [share for share in (goal.stand.low, goal.stand.high) if share is not None]
    if goal.state == "met":
        return 1
    apart = [share for share in shares if abs(share - goal.share) > SAME_SHARE]
    for digits in range(1, MOST_DIGITS):
        asked = labels.percent(goal.share, digits)
        if all(labels.percent(share, digits) != asked for share in apart):
            return digits
    return MOST_DIGITS


def asked_word(labels: Labels, goal: Goal) -> str:
    """Return the share that a goal asks for, told apart from where it stands."""
    return share_asked_word(labels, goal.share, goal_digits(labels, goal))


def goal_stand_word(labels: Labels, path: Path, goal: Goal) -> str:
    """Return where a goal stands, of what, and that it is today where its year has passed."""
    said = stand_word(labels, goal.stand, goal_digits(labels, goal))
    if goal.stand.low is None:
        return said
    stand = share_word(labels, path, said)
    return labels.message("plan_targets.stand_today", stand=stand) if goal.by_today else stand


def amount_word(labels: Labels, path: Path, low: float | None, high: float | None) -> str:
    """Return how many people, or communities, or between how many."""
    if low is None or high is None:
        return ""
    least, most = labels.number(low), labels.number(high)
    count = least if least == most else labels.message("plan_targets.range", low=least, high=most)
    if path.unit == "communities":
        return labels.message("plan_targets.communities", count=count)
    # a target counts what is counted of its own group, whichever group the reader looks at
    return replace(labels, unit=path.unit).message("departments.people", count=count)


def goal_sentence(labels: Labels, path: Path, goal: Goal) -> str:
    """Return whether a goal is met, by how much it is missed, and when it is reached after all."""
    told = {
        "year": goal.year,
        "share": asked_word(labels, goal),
        "stand": stand_word(labels, goal.stand, goal_digits(labels, goal)),
        "lacking": amount_word(labels, path, goal.lacking_low, goal.lacking_high),
        "reached_in": goal.reached_in,
    }
    if goal.state == "unknown" and path.why_unknown:
        told["why"] = labels.message(f"plan_targets.why_{path.why_unknown}")
        return labels.message("plan_targets.goal_nothing", **told)
    late = "_late" if goal.state == "missed" and goal.reached_in is not None else ""
    past = "_past" if goal.by_today else ""
    return labels.message(f"plan_targets.goal_{goal.state}{past}{late}", **told)


def latest_sentence(labels: Labels, path: Path, today: date) -> str:
    """Return until when something must be approved to keep a missed target; empty where none is.

    Of the actions those are told that are quickest, slowest, and a new facility.
    """
    goal = path.first_missed
    if goal is None or goal.latest is None:
        return ""
    quickest = max(goal.latest, key=lambda action: goal.latest[action])  # type: ignore[index]
    named = dict.fromkeys(("build", quickest))
    comma = labels.message("plan_words.comma")
    told = comma.join(
        labels.message(
            "plan_targets.latest_of"
            if goal.latest[action] >= (today.year, today.month)
            else "plan_targets.latest_past",
            action=labels.message(f"plan_words.action_{action}"),
            year=goal.latest[action][0],
            month=goal.latest[action][1],
            months=path.lead_times.months[action],
        )
        for action in named
    )
    return labels.message("plan_targets.latest", year=goal.year, latest=told)


def path_sentences(
    labels: Labels, path: Path, today: date, district: District | None = None
) -> Iterator[str]:
    """Yield what a target asks, how the plan stands against it, and what must be done until when.

    Each year's goal is told; why nothing is known of any of them, once.
    """
    yield target_sentence(labels, path.target, district)
    for goal in path.goals[:1] if path.why_unknown else path.goals:
        yield goal_sentence(labels, path, goal)
    if latest := latest_sentence(labels, path, today):
        yield latest
    if path.too_soon:
        yield too_soon_sentence(labels, path, None if district is None else district.kinds)
    for name in ("misfits", "undated", "overdue", "waiting_unknown"):
        found = getattr(path, name)
        # what is left out may also be what would keep a target from being met
        if found and (path.state != "met" or name == "misfits"):
            count = labels.number(len(found))
            yield labels.message(f"plan_targets.{name}", count=count, ids=ids_word(labels, found))
    if path.waiting and path.with_waiting is not None:
        yield waiting_sentence(labels, path, path.with_waiting)
    yield residents_sentence(labels, path)
    if path.target.note:
        yield labels.message("plan_targets.why_set", note=path.target.note)


def waiting_sentence(labels: Labels, path: Path, then: Goal) -> str:
    """Return which open proposals would help a target, and whether all of them suffice."""
    return labels.message(
        f"plan_targets.waiting_{'open' if then.state == 'unknown' else then.state}",
        count=labels.number(len(path.waiting)),
        ids=ids_word(labels, path.waiting),
        year=then.year,
        stand=stand_word(labels, then.stand, goal_digits(labels, then)),
        share=asked_word(labels, then),
        lacking=amount_word(labels, path, then.lacking_low, then.lacking_high),
    )


def too_soon_sentence(labels: Labels, path: Path, kinds: Kinds | None = None) -> str:
    """Return which decided proposals count in a year before they are built, by name."""
    named = [
        labels.message(
            "plan_targets.too_soon_named",
            id=each.proposal.id,
            name=proposal_name(labels, each.proposal, kinds),
            counted=each.counted,
            year=each.approved[0],
            month=each.approved[1],
            built=each.built,
        )
        for each in path.too_soon
    ]
    count = labels.number(len(named))
    return labels.message("plan_targets.too_soon", count=count, names=ids_word(labels, named))


def ids_word(labels: Labels, ids: Sequence[str]) -> str:
    """Return the first ids of a list, and how many more there are."""
    told = labels.message("plan_words.comma").join(ids[:MOST_IDS])
    if len(ids) <= MOST_IDS:
        return told
    return labels.message(
        "plan_targets.and_more", ids=told, count=labels.number(len(ids) - MOST_IDS)
    )


def path_outline(labels: Labels, path: Path, today: date, district: District | None = None) -> str:
    """Return all of :func:`path_sentences`, one a line: what a target asks, and below it the rest.

    A meeting reads a target of five years line by line, and no paragraph of a dozen clauses.
    """
    return "\n".join(path_sentences(labels, path, today, district))


def share_word(labels: Labels, path: Path, share: str) -> str:
    """Return a share with of what it is, where that is of communities and not of people."""
    if path.unit != "communities":
        return share
    return labels.message("plan_targets.share_of_communities", share=share)


def residents_sentence(labels: Labels, path: Path) -> str:
    """Return of which year the counts are."""
    if path.residents == "grown":
        return labels.message("plan_targets.counts_grown")
    if path.residents:
        return labels.message("plan_targets.counts_of", year=path.residents)
    return labels.message("plan_targets.counts_today")


def judged_sentence(labels: Labels, standard: Standard) -> str:
    """Return by which standard targets are judged: they keep none of their own."""
    return labels.message("plan_targets.judged_by", standard=labels.standard(standard))


def lead_times_sentence(labels: Labels, times: LeadTimes) -> str:
    """Return the months of building that are assumed, action by action."""
    months = labels.message("plan_words.comma").join(
        labels.message(
            "plan_targets.lead_time",
            action=labels.message(f"plan_words.action_{action}"),
            months=value,
        )
        for action, value in times.months.items()
    )
    name = "lead_times" if times.verified else "lead_times_unverified"
    return labels.message(f"plan_targets.{name}", months=months)


def money_range(labels: Labels, low: float, high: float, currency: str) -> str:
    """Return a sum of money, or between which two it lies, with its unit."""
    least, most = money(low, labels), money(high, labels)
    amount = least if least == most else labels.message("plan_targets.range", low=least, high=most)
    unit = currency_word(labels, currency)
    return labels.message("plan_targets.money", amount=amount, unit=unit) if unit else amount


def price_word(labels: Labels, proposal: Proposal) -> str:
    """Return what a proposal costs, or between which two that lies, its unit apart; else a dash."""
    low, most = proposal.cost, proposal.cost_most
    return "–" if low is None or most is None else money_range(labels, low, most, "")


def limit_amount(labels: Labels, amount: float, currency: str, workspace: str) -> str:
    """Return how much a limit is, and of what together where it names no district."""
    told = money_range(labels, amount, amount, currency)
    return told if workspace else labels.message("plan_targets.of_all_districts", amount=told)


def limit_sentence(labels: Labels, limit: Limit) -> str:
    """Return whose limit, of which year, and how much."""
    return labels.message(
        "plan_targets.limit",
        department=labels.department(limit.department),
        year=limit.year,
        amount=limit_amount(labels, limit.amount, limit.currency, limit.workspace),
    )


def past_limit_sentences(labels: Labels, year: int, today: date) -> list[str]:
    """Return that the year of a limit has passed; nothing where it has not."""
    past = year < today.year
    return [labels.message("plan_targets.limit_past", year=year)] if past else []


def budget_sentence(labels: Labels, budget: Budget) -> str:
    """Return what is decided and asked for of a limit, and whether that is within it."""
    unit, unpriced = budget.limit.currency, budget.decided.unpriced + budget.asked.unpriced
    said = labels.message(
        "plan_targets.budget",
        limit=limit_sentence(labels, budget.limit),
        decided=money_range(labels, budget.decided.low, budget.decided.high, unit),
        asked=money_range(labels, budget.asked.low, budget.asked.high, unit),
        unpriced=labels.number(len(unpriced)),
        state=labels.message(f"plan_targets.state_{budget.state}"),
    )
    return with_houses(labels, said, budget.whole, budget.elsewhere, budget.twice)


def with_houses(
    labels: Labels, said: str, whole: Whole, elsewhere: Elsewhere, twice: Twice = ()
) -> str:
    """Return what is said of a limit, and which houses count there with rooms of others, or not.

    A house of several departments counts with the one that builds it, which both are told.

    Parameters
    ----------
    labels
        The language.
    said
        What goes before.
    whole, elsewhere, twice
        As of :class:`planner.plan.targets.budgets.Budget`.
    """
    comma = labels.message("plan_words.comma")
    for own, others in whole:
        names = comma.join(map(labels.department, others))
        told = labels.message("plan_targets.house_whole", house=own, departments=names)
        said = labels.message("plan_targets.and_house", said=said, house=told)
    for own, builder, year in elsewhere:
        told = labels.message(
            f"plan_targets.house_{'elsewhere' if year else 'undated'}",
            house=own,
            department=labels.department(builder),
            **({"year": year} if year else {}),
        )
        said = labels.message("plan_targets.and_house", said=said, house=told)
    for own, rivals in twice:
        told = labels.message("plan_targets.house_held", house=own, houses=comma.join(rivals))
        said = labels.message("plan_targets.and_house", said=said, house=told)
    return said
