"""The joint plan in words: years, what they cost, and what a compromise costs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from planner.analysis.coverage.spacing import share_ranges
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import misfit_lines
from planner.views.words.plan.in_data import gone_sentence
from planner.views.words.plan.proposals import moved_sentence, proposal_name
from planner.views.words.plan.targets import money_range
from planner.views.words.ranges import gains_unsure_words, spread_after_words

if TYPE_CHECKING:
    from planner.plan.coordination.compromise.compromise import Choice, Compromise
    from planner.plan.coordination.years.years import JointPlan

_YEARS = {"today": "plan_words.today", "open": "plan_words.year_open"}


def year_word(labels: Labels, year: str) -> str:
    """Return a year of the joint plan; today, and where it is open, in words."""
    return labels.message(_YEARS[year]) if year in _YEARS else year


def nothing_sentence(labels: Labels, joint: JointPlan) -> str:
    """Return that nothing is decided, or that nothing of it is still to be built."""
    left = "nothing_left_gone" if joint.gone else "nothing_left"
    return labels.message(f"plan_words.{'nothing_decided' if joint.costs.empty else left}")


def ranged_coverage(joint: JointPlan) -> pd.DataFrame:
    """Return the coverage with the ranges of shares that :func:`gained_notes` tells of.

    Where homes stand far apart, shares turn on where in their cells people live: no count of a row
    tells that, so that the ends of its share are those of the assessment of its year.
    """
    rows = joint.coverage.copy()
    state_of = dict(zip(joint.years, joint.after, strict=True))
    for (year, group), own in rows.groupby(["year", "group"], sort=False):
        for kind, told in share_ranges(state_of[str(year)].range_notes(str(group))).items():
            them = own.index[own["kind"] == kind]
            rows.loc[them, "share_low"] = rows.loc[them, "share_low"].clip(upper=told.low)
            rows.loc[them, "share_high"] = rows.loc[them, "share_high"].clip(lower=told.high)
    return rows


def cost_words(labels: Labels, cost: float, most: float, currency: str) -> str:
    """Return a cost, or between which two it lies; the least where a price is missing."""
    if math.isnan(cost) and ";" not in currency:
        return labels.message("plan_words.no_price")
    if math.isnan(cost):
        return labels.message("plan_words.several_units")
    if math.isnan(most):
        told = money_range(labels, cost, cost, currency)
        return labels.message("plan_words.at_least", cost=told)
    return money_range(labels, cost, most, currency)


def money_notes(labels: Labels, joint: JointPlan, group: str | None = None) -> list[str]:
    """Return what is counted in the tables of money, how sure it is, and what opened early."""
    return [
        labels.message("plan_words.money_note"),
        *gained_notes(labels, joint, group),
        *(moved_sentence(labels, each) for each in joint.ahead),
    ]


def gained_notes(labels: Labels, joint: JointPlan, group: str | None = None) -> list[str]:
    """Return what is not known of what the years gain, and between what shares lie.

    Parameters
    ----------
    labels
        The language.
    joint
        The joint plan.
    group
        Whose residents count; the total where none is given.
    """
    today, then = joint.after[0], joint.after[-1]
    counted = group or today.groups[0]
    rows = joint.money(counted)
    unsure, more, lost = (
        float(rows[name].iloc[-1]) if len(rows) else 0.0
        for name in ("gained_unsure", "gained_more", "lost_unsure")
    )
    return [
        *gains_unsure_words(unsure, labels, more, lost),
        *(labels.finding(each) for each in joint.findings),
        *spread_after_words(today, then, counted, labels),
    ]


def choice_title(labels: Labels, found: Compromise, own: str, title: str) -> str:
    """Return the title of what a choice does, that of a proposal in the reader's language.

    Parameters
    ----------
    labels
        The language.
    found
        The comparison.
    own, title
        Id and title of what it does, empty where it has none.
    """
    named = {each.id: each for each in found.proposals if each.title}
    return proposal_name(labels, named[own]) if own in named else title


def price_words(found: Compromise, amount: float, labels: Labels) -> str:
    """Return an amount in the unit of a comparison's prices."""
    return money_range(labels, amount, amount, found.currency)


def choice_cost(found: Compromise, amount: float, labels: Labels) -> str:
    """Return what a choice costs: the least, where some of what is decided has no price."""
    told = price_words(found, amount, labels)
    return labels.message("plan_words.at_least", cost=told) if found.unpriced else told


def compromise_sentences(found: Compromise, language: str = "en") -> list[str]:
    """Return what is decided beside the best for the same money: answer, proof, basis."""
    labels = Labels.of(found.assessment, language, found.group)
    say = labels.message

    def number(value: float) -> str:
        return say("departments.people", count=labels.number(value))

    budget = price_words(found, found.budget, labels)
    decided, completed, free = found.decided, found.completed, found.free
    own = {"gained": number(decided.gained), "cost": choice_cost(found, decided.cost, labels)}
    lines = [say("plan_words.compare_decided", **own)]
    lines += _unsure(decided, labels)
    if completed.bound > decided.gained:
        told = {"gained": number(completed.gained), "bound": number(completed.bound)}
        lines.append(say("plan_words.compare_completed", budget=budget, **told))
    told = {"gained": number(free.gained), "cost": choice_cost(found, free.cost, labels)}
    told["budget"] = budget
    if free.optimal:
        lines.append(say("plan_words.compare_free", **told))
    else:
        lines.append(say("plan_words.compare_free_bound", bound=number(free.bound), **told))
    if found.each_alone:
        lines.append(say("plan_words.compare_each_alone"))
    lines += [line for line in _unsure(free, labels) if line not in lines]
    if round(found.given_up_most) > 0:
        up, most = number(found.given_up), number(found.given_up_most)
        if completed.optimal and free.optimal:
            lines.append(say("plan_words.compare_gives_up_proven", given_up=up))
        else:
            lines.append(say("plan_words.compare_gives_up", given_up=up, most=most))
    else:
        lines.append(say("plan_words.compare_gives_up_nothing"))
    return [*lines, *_basis(found, labels)]


def _unsure(choice: Choice, labels: Labels) -> list[str]:
    """Return how many may gain or lose less or more than is counted."""
    return gains_unsure_words(choice.gained_unsure, labels, choice.gained_more, choice.lost_unsure)


def _rests_on(found: Compromise, labels: Labels) -> list[str]:
    """Return how many decided proposals are compared, and which money is outside of it."""
    say, opened = labels.message, found.opened
    lines = [say("plan_words.compare_rests", count=labels.number(found.compared))]
    if opened.proposals:
        known = len(opened.unpriced) < len(opened.proposals)
        low = opened.low if known else math.nan
        most = math.nan if opened.unpriced else opened.high
        cost = cost_words(labels, low, most, found.currency)
        count = labels.number(len(opened.proposals))
        lines.append(say("plan_words.compare_opened", count=count, cost=cost))
    return lines


def _basis(found: Compromise, labels: Labels) -> list[str]:
    """Return what is counted, at which prices, and what stays in every choice."""
    say = labels.message
    standard = labels.standard(found.assessment.standard)
    lines = [
        *_rests_on(found, labels),
        say("plan_words.compare_counted", group=labels.group(found.group), standard=standard),
        say("plan_words.compare_offered"),
        say(f"plan_words.compare_prices{'' if found.costs.verified else '_unverified'}"),
    ]
    if found.ranges:
        price = say(f"plan_words.price_{found.price}")
        count = labels.number(found.ranges)
        lines.append(say("plan_words.compare_ranges", count=count, price=price))
    counted = {"unpriced": found.unpriced, "standing": found.standing, "idle": found.idle}
    for name, ids in counted.items():
        if ids:
            lines.append(say(f"plan_words.compare_{name}", count=labels.number(len(ids))))
    if found.misfits:
        lines += [say("plan_words.point_misfits"), *misfit_lines(labels, found.misfits)]
    if told := gone_sentence(labels, found.gone):
        lines.append(told)
    kinds = found.assessment.district.kinds
    lines += [labels.finding(each, kinds) for each in found.findings]
    return [*lines, *spread_after_words(found.assessment, found.decided.after, found.group, labels)]
