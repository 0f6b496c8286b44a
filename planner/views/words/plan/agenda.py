"""The agenda of a joint meeting in words: what to talk about, and what to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

from planner.district import District, Kinds
from planner.plan.coordination.agenda import Agenda
from planner.plan.coordination.fitting import Misfit
from planner.plan.coordination.house_faults import Hindered
from planner.plan.coordination.matters import Matter
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.budgets import spending_of
from planner.plan.workflow.reviews import Case
from planner.views.words.gaps import place_word
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.plan.basis import basis_words
from planner.views.words.plan.proposals import (
    consultation_sentence,
    currency_word,
    departments_words,
    kinds_words,
    moved_sentence,
    proposal_name,
    review_sentence,
)
from planner.views.words.plan.targets import (
    lead_times_sentence,
    limit_amount,
    money_range,
    path_outline,
)

COUNTS = ("together", "sum", "alone", "beyond", "left", "kept")
"""Figures of a matter that count people, or what stands for them."""


MOST_SETTLED = 10
"""So many of what was decided or opened are named, those that changed last."""

MOST_OF = {"gap": 10, "duplicate": 30, "shared_building": 30, "overtaken": 30, "same_place": 30}
"""So many matters of a sort are listed, those about most people; of others all."""


def talk_sentence(
    labels: Labels,
    matter: Matter,
    named: Mapping[str, Proposal] | None = None,
    kinds: Kinds | None = None,
) -> str:
    """Return what a matter is about.

    Parameters
    ----------
    labels
        The language, and what is counted.
    matter
        The matter.
    named
        The proposals that it is about, by id; those that are not there are told by their id.
    kinds
        Of the district, for the names of kinds of its own.
    """

    def called(own: str) -> str:
        proposal = (named or {}).get(own)
        if proposal is None:
            return own
        name = proposal_name(labels, proposal, kinds)
        return labels.message("plan_words.called", id=own, name=name)

    def amount(value: float) -> str:
        return labels.message("departments.people", count=labels.number(value))

    comma = labels.message("plan_words.comma")
    told = dict(matter.told)
    params: dict[str, object] = {
        "proposals": comma.join(map(called, matter.proposals)),
        "first": called(matter.proposals[0]) if matter.proposals else "",
        "others": comma.join(map(called, matter.proposals[1:])),
        "kinds": kinds_words(labels, matter.kinds, kinds),
        "people": amount(matter.people),
        "place": place_word(SimpleNamespace(**told["where"]), labels) if "where" in told else "",
        "currency": currency_word(labels, str(told.get("currency", ""))),
        **{name: amount(float(told[name])) for name in COUNTS if name in told},
    }
    code = f"plan_words.talk_{matter.code}"
    if matter.code == "gap" and params["left"] != params["beyond"]:
        code += "_left"
    params |= _money_words(labels, matter) if "limit_id" in told else {}
    if "person_years" in told:
        params |= {"early": told["early"], "late": told["late"]}
        years = amount(float(told["person_years"]))
        params["years"] = labels.message("plan_words.person_years", people=years)
        unknown = labels.message("plan_words.prices_unknown")
        params["prices"] = "" if told["priced"] else unknown
    if "metres" in told:
        params["metres"] = labels.metres(float(told["metres"]))
    if told.get("saved") is not None:
        code += "_saved"
        params["saved"] = money(float(told["saved"]), labels)
    if told.get("measured") is False:
        code += "_unmeasured"
    if told.get("changed"):
        code += "_changed"
    for name in ("changed", "ended", "twice"):
        params[name] = comma.join(told.get(name, ()))
    return labels.message(code, **params)


def _money_words(labels: Labels, matter: Matter) -> dict[str, object]:
    """Return what a limit is, what is spent against it, and by how much it is passed."""
    told, unit = matter.told, matter.told["currency"]
    amount = limit_amount(labels, told["limit"], unit, told["workspace"])
    count = labels.number(told["unpriced"])
    return {
        "limit": labels.message("plan_targets.limit_of_year", year=told["year"], amount=amount),
        "cost": money_range(labels, told["cost_low"], told["cost_high"], unit),
        "over": money_range(labels, told["over_low"], told["over_high"], unit),
        "unpriced": labels.message("plan_words.and_unpriced", count=count)
        if told["unpriced"]
        else "",
    }


def matter_sentence(
    labels: Labels,
    matter: Matter,
    named: Mapping[str, Proposal] | None = None,
    kinds: Kinds | None = None,
) -> str:
    """Return whom a matter concerns, what it is about, and what is suggested to be decided."""
    departments = departments_words(labels, matter.departments)
    return labels.message(
        "plan_words.matter_row",
        departments=departments or labels.message("plan_words.nobody"),
        talk=talk_sentence(labels, matter, named, kinds),
        decide=labels.message(f"plan_words.decide_{matter.code}"),
    )


def overrun_sentences(
    labels: Labels, overruns: Sequence[Matter], named: Mapping[str, Proposal]
) -> list[str]:
    """Return which limits are passed, or may be, see :meth:`planner.plan.joint.Joint.overruns`."""
    return [matter_sentence(labels, each, named) for each in overruns]


def agenda_points(
    labels: Labels, agenda: Agenda, district: District | None = None
) -> Iterator[tuple[str, list[str]]]:
    """Yield the points of an agenda that have something under them: heading and lines.

    A line that says several things breaks into the first and, below it, the others.

    Parameters
    ----------
    labels
        The language, and what is counted.
    agenda
        The agenda.
    district
        That it is about, for the names of its communities and of kinds of its own, which are told
        by their ids without it.
    """
    kinds = None if district is None else district.kinds
    cases: dict[str, Sequence[Case]] = {
        "to_decide": agenda.to_decide,
        "to_answer": agenda.to_answer,
        "to_review": agenda.to_review,
        "to_take_up": agenda.to_take_up,
    }
    for name, found in cases.items():
        lines = [line for case in found for line in _lines(labels, name, case, kinds)]
        if lines:
            yield labels.message(f"plan_words.point_{name}"), lines
    if agenda.hindered:
        lines = [_hindered_line(labels, each, kinds) for each in agenda.hindered]
        yield labels.message("plan_words.point_hindered"), lines
    if agenda.targets:
        lines = [path_outline(labels, each, agenda.today, district) for each in agenda.targets]
        lines.append(lead_times_sentence(labels, agenda.targets[0].lead_times))
        yield labels.message("plan_words.point_targets"), lines
    if agenda.matters:
        yield labels.message("plan_words.point_matters"), list(_matter_lines(labels, agenda, kinds))
    if lines := _settled_lines(labels, agenda, kinds):
        yield labels.message("plan_words.point_settled"), lines
    if agenda.opened_ways:
        lines = [_named(labels, each, kinds) for each in agenda.opened_ways]
        yield labels.message("plan_words.point_opened_ways"), lines
    if agenda.misfits:
        lines = misfit_lines(labels, agenda.misfits, kinds)
        yield labels.message("plan_words.point_misfits"), lines


def _settled_lines(labels: Labels, agenda: Agenda, kinds: Kinds | None) -> list[str]:
    """Return how much was decided and opened, the names of the latest, and what years moved."""
    lines = []
    for name, found in {"decided": agenda.decided, "opened": agenda.opened}.items():
        if not found:
            continue
        names = labels.message("plan_words.comma").join(
            _dated(labels, each, kinds) for each in found[:MOST_SETTLED]
        )
        count, more = labels.number(len(found)), len(found) - MOST_SETTLED
        line = labels.message(f"plan_words.settled_{name}", count=count, names=names)
        if more > 0:
            told = {"said": line, "count": labels.number(more)}
            line = labels.message("plan_words.settled_more", **told)
        lines.append(_with_cost(labels, line, found))
    moved = [said for each in agenda.opened if (said := moved_sentence(labels, each, kinds))]
    return [*lines, *moved[:MOST_SETTLED]]


def _with_cost(labels: Labels, said: str, found: Sequence[Proposal]) -> str:
    """Return what is decided or opened with its money, in each unit apart, and what has none."""
    units = dict.fromkeys(each.currency for each in found if each.cost is not None)
    if not units:
        return said
    sums = [spending_of(found, unit) for unit in units]
    words = [
        money_range(labels, each.low, each.high, unit)
        for each, unit in zip(sums, units, strict=True)
    ]
    count = sum(each.cost is None for each in found)
    unpriced = labels.message("plan_words.and_unpriced", count=labels.number(count))
    cost = labels.message("plan_words.comma").join(words)
    told = {"said": said, "cost": cost, "unpriced": unpriced if count else ""}
    return labels.message("plan_words.settled_cost", **told)


def _dated(labels: Labels, own: Proposal, kinds: Kinds | None) -> str:
    """Return a proposal by name, with the year that it is planned for, or the day it opened."""
    opened = own.status == "opened" and own.changed_at
    when = labels.message("plan_words.year_open") if own.year is None else str(own.year)
    name = {"id": own.id, "name": proposal_name(labels, own, kinds)}
    return labels.message(
        "plan_words.settled_name",
        proposal=labels.message("plan_words.called", **name),
        when=labels.date(own.changed_at[:10]) if opened else when,
    )


def _matter_lines(labels: Labels, agenda: Agenda, kinds: Kinds | None) -> Iterator[str]:
    """Yield the sentences of the matters to talk about, see :func:`listed_matters`."""
    yield from (line for line, _ in listed_matters(labels, agenda, kinds))


def listed_matters(
    labels: Labels, agenda: Agenda, kinds: Kinds | None = None
) -> Iterator[tuple[str, Matter | None]]:
    """Yield the matters to talk about with their sentences, and of each sort how many more.

    In a city's plan pairs of proposals come in thousands, and no meeting goes through them: what
    is about most people is listed, and once that is decided, what is left of the rest.
    """
    listed = Counter[str]()
    for each in agenda.matters:
        listed[each.code] += 1
        if listed[each.code] <= MOST_OF.get(each.code, len(agenda.matters)):
            yield matter_sentence(labels, each, agenda.named, kinds), each
    for code, most in MOST_OF.items():
        if listed[code] > most:
            count = labels.number(listed[code] - most)
            yield labels.message(f"plan_words.more_{code}", count=count), None


def misfit_lines(
    labels: Labels, misfits: Sequence[Misfit], kinds: Kinds | None = None
) -> list[str]:
    """Return which proposals no longer fit the data, each with the reason."""
    return [
        labels.message(
            "plan_words.misfit_row",
            id=each.proposal.id,
            name=proposal_name(labels, each.proposal, kinds),
            reason=labels.finding(each.reason),
        )
        for each in misfits
    ]


def _lines(labels: Labels, point: str, case: Case, kinds: Kinds | None) -> list[str]:
    own = case.proposal
    name = {"id": own.id, "name": proposal_name(labels, own, kinds)}
    if point == "to_answer":
        told = [review_sentence(labels, case, review) for review in case.unanswered]
        return [labels.message("plan_words.unanswered_row", **name, said=each) for each in told]
    if point == "to_review":
        needed = [each for each in case.waiting_for if each.need == "needed"]
        asked = [consultation_sentence(labels, each) for each in needed]
        return [labels.message("plan_words.waiting_row", **name, asked=each) for each in asked]
    return [_named(labels, own, kinds)]


def _hindered_line(labels: Labels, held: Hindered, kinds: Kinds | None) -> str:
    """Return a house that cannot go on by name, and below it what is to be done first."""
    faults = [labels.finding(each, kinds) for each in held.faults]
    return "\n".join([_named(labels, held.case.proposal, kinds), *faults])


def _named(labels: Labels, own: Proposal, kinds: Kinds | None) -> str:
    """Return a proposal by name, with what a meeting must know of it to take it up."""
    comma = labels.message("plan_words.comma")
    about = [
        labels.department(own.department) if own.department else "–",
        kinds_words(labels, own.kinds, kinds),
        labels.message("plan_words.year_open") if own.year is None else str(own.year),
        _price(labels, own),
        "" if own.action == "outreach" else _brought(labels, own),
    ]
    name = {"id": own.id, "name": proposal_name(labels, own, kinds)}
    return labels.message("plan_words.case_row", **name, about=comma.join(filter(None, about)))


def _price(labels: Labels, own: Proposal) -> str:
    if own.cost is None or own.cost_most is None:
        return labels.message("plan_words.no_price")
    return money_range(labels, own.cost, own.cost_most, own.currency)


def _brought(labels: Labels, own: Proposal) -> str:
    """Return what a proposal brings by its own figures, and by what that was counted."""
    gained = own.figures.gained() if own.figures else None
    if own.figures is None or gained is None:
        return labels.message("plan_words.case_brings_unknown")
    counted = replace(labels, unit=str(own.figures.asked["unit"]))
    people = counted.message("departments.people", count=labels.number(gained))
    basis = basis_words(labels, own.figures)
    return labels.message("plan_words.case_brings", gained=people, basis=basis)
