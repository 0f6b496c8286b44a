"""The agenda of a joint meeting in words: what to talk about, and what to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

from planner.district import District, Kinds
from planner.plan.coordination.fitting import Misfit
from planner.plan.coordination.house_faults import Hindered
from planner.plan.coordination.meeting.agenda import Agenda
from planner.plan.coordination.meeting.matter import Matter
from planner.plan.proposals.proposal import Proposal
from planner.plan.targets.budgets import spending_of
from planner.plan.workflow.reviews import Case
from planner.views.words.analysis.gaps import place_word
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.plan.basis import basis_words, counting
from planner.views.words.plan.brought import bases, bases_sentence
from planner.views.words.plan.called import Called
from planner.views.words.plan.elsewhere import elsewhere_sentence
from planner.views.words.plan.in_data import gone_sentence
from planner.views.words.plan.proposals import (
    consultation_sentence,
    currency_word,
    departments_words,
    kinds_words,
    moved_sentence,
    review_sentence,
    year_of,
)
from planner.views.words.plan.targets import (
    lead_times_sentence,
    limit_amount,
    money_range,
    path_outline,
    with_houses,
)

COUNTS = ("together", "sum", "alone", "beyond", "left", "kept")
"""Figures of a matter that count people, or what stands for them."""


MOST_SETTLED = 10
"""So many of what was decided or opened are named, those that changed last."""

MOST_OF = {
    "gap": 10,
    "duplicate": 30,
    "shared_building": 30,
    "one_place": 30,
    "overtaken": 30,
    "same_place": 30,
}
"""So many matters of a sort are listed, those about most people; of others all."""


def quiet_sentences(labels: Labels, agenda: Agenda) -> list[str]:
    """Return that there is nothing to talk about, or that the plan is about other workspaces."""
    if agenda.elsewhere:
        return [elsewhere_sentence(labels, agenda.elsewhere)]
    return [labels.message("plan_words.nothing_to_talk_about")] if agenda.is_quiet else []


class Point(NamedTuple):
    """A point of an agenda.

    Parameters
    ----------
    heading
        What it is.
    lines
        What is to be decided or known, one by one; what of it breaks into lines has further ones.
    notes
        How it is to be read: nothing of it is to be decided.
    matters
        What each line tells, where that is a matter; else empty.
    """

    heading: str
    lines: list[str]
    notes: list[str]
    matters: tuple[Matter, ...] = ()


def talk_sentence(
    labels: Labels,
    matter: Matter,
    named: Mapping[str, Proposal] | None = None,
    kinds: Kinds | None = None,
    called: Called | None = None,
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
    called
        Names of proposals with their places, in a text that tells each place once.
    """
    names, within = named or {}, (called or Called(labels, kinds)).within
    # in the order in which they are named: the first time a place is told
    said = {own: within(names[own]) if own in names else own for own in matter.proposals}

    def amount(value: float) -> str:
        return labels.message("departments.people", count=labels.number(value))

    comma = labels.message("plan_words.comma")
    told = dict(matter.told)
    params: dict[str, object] = {
        "proposals": comma.join(said.values()),
        "first": next(iter(said.values()), ""),
        "others": comma.join([*said.values()][1:]),
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
    sentence = labels.message(code, **params)
    houses = (told.get(name, ()) for name in ("whole", "elsewhere", "held"))
    return with_houses(labels, sentence, *houses)


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
    called: Called | None = None,
) -> str:
    """Return whom a matter concerns, what it is about, and what is suggested to be decided."""
    departments = departments_words(labels, matter.departments)
    return labels.message(
        "plan_words.matter_row",
        departments=departments or labels.message("plan_words.nobody"),
        talk=talk_sentence(labels, matter, named, kinds, called),
        decide=labels.message(f"plan_words.decide_{matter.code}"),
    )


def overrun_sentences(
    labels: Labels, overruns: Sequence[Matter], named: Mapping[str, Proposal]
) -> list[str]:
    """Return which limits are passed, or may be, see :meth:`planner.plan.joint.Joint.overruns`."""
    return [matter_sentence(labels, each, named) for each in overruns]


def agenda_points(
    labels: Labels, agenda: Agenda, district: District | None = None
) -> Iterator[Point]:
    """Yield the points of an agenda that have something under them.

    A line that says several things breaks into the first and, below it, the others. Where a
    proposal is named first its place is told, and by what gains are counted once for all of them.

    Parameters
    ----------
    labels
        The language, and what is counted.
    agenda
        The agenda.
    district
        That it is about, for its places and the names of its communities and of kinds of its own;
        without it communities and kinds are told by their ids, and no places.
    """
    # in their order, since what is told once is told in the first of them
    told = _Proposals.of(labels, agenda, district)

    def point(
        name: str, lines: list[str], notes: Sequence[str] = (), *, gains: bool = False
    ) -> Point:
        beside = [*notes, *(told.basis_once() if gains else ())]
        return Point(labels.message(f"plan_words.point_{name}"), lines, beside)

    for name in ("to_decide", "to_answer", "to_review", "to_take_up"):
        if lines := [line for case in getattr(agenda, name) for line in told.lines(name, case)]:
            yield point(name, lines, gains=name in ("to_decide", "to_take_up"))
    if agenda.hindered:
        yield point("hindered", [told.hindered(each) for each in agenda.hindered], gains=True)
    if agenda.targets:
        lines = [path_outline(labels, each, agenda.today, district) for each in agenda.targets]
        yield point("targets", lines, [lead_times_sentence(labels, agenda.targets[0].lead_times)])
    if agenda.matters:
        found, more = _matter_lines(labels, agenda, told.called, told.kinds)
        matters = tuple(matter for _, matter in found)
        yield point("matters", [line for line, _ in found], more)._replace(matters=matters)
    if lines := _settled_lines(labels, agenda, told.called, told.kinds):
        yield point("settled", lines)
    if agenda.opened_ways:
        lines = [told.proposal(each) for each in agenda.opened_ways]
        yield point("opened_ways", lines, gains=True)
    if agenda.misfits:
        yield point("misfits", misfit_lines(labels, agenda.misfits, told.kinds, told.called))


def _settled_lines(
    labels: Labels, agenda: Agenda, called: Called, kinds: Kinds | None
) -> list[str]:
    """Return how much was decided and opened, the names of the latest, and what years moved."""
    lines = []
    for name, found in {"decided": agenda.decided, "opened": agenda.opened}.items():
        if not found:
            continue
        names = labels.text("; ").join(
            _dated(labels, each, called) for each in found[:MOST_SETTLED]
        )
        count, more = labels.number(len(found)), len(found) - MOST_SETTLED
        line = labels.message(f"plan_words.settled_{name}", count=count, names=names)
        if more > 0:
            told = {"said": line, "count": labels.number(more)}
            line = labels.message("plan_words.settled_more", **told)
        lines.append(_with_cost(labels, line, found))
    moved = [said for each in agenda.opened if (said := moved_sentence(labels, each, kinds))]
    missing = gone_sentence(labels, agenda.gone, called)
    anew = [labels.finding(each) for each in agenda.repriced]
    return [*lines, *([missing] if missing else []), *anew[:MOST_SETTLED], *moved[:MOST_SETTLED]]


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


def _dated(labels: Labels, own: Proposal, called: Called) -> str:
    """Return a proposal by name, with the year that it is planned for, or the day it opened."""
    opened = own.status == "opened" and own.changed_at
    return labels.message(
        "plan_words.settled_name",
        proposal=called.within(own),
        when=labels.date(own.changed_at[:10]) if opened else year_of(labels, own.year),
    )


def _matter_lines(
    labels: Labels, agenda: Agenda, called: Called, kinds: Kinds | None
) -> tuple[list[tuple[str, Matter]], list[str]]:
    """Return the matters to talk about with their sentences, and of each sort how many more.

    In a city's plan pairs of proposals come in thousands, and no meeting goes through them: what
    is about most people is listed, and once that is decided, what is left of the rest.
    """
    listed, found = Counter[str](), []
    for each in agenda.matters:
        listed[each.code] += 1
        if listed[each.code] <= MOST_OF.get(each.code, len(agenda.matters)):
            found.append((matter_sentence(labels, each, agenda.named, kinds, called), each))
    more = [
        labels.message(f"plan_words.more_{code}", count=labels.number(listed[code] - most))
        for code, most in MOST_OF.items()
        if listed[code] > most
    ]
    return found, more


def misfit_lines(
    labels: Labels,
    misfits: Sequence[Misfit],
    kinds: Kinds | None = None,
    called: Called | None = None,
) -> list[str]:
    """Return which proposals no longer fit the data, each with the reason."""
    names = called or Called(labels, kinds)
    return [
        labels.message(
            "plan_words.misfit_row",
            reason=labels.finding(each.reason),
            **names.row(each.proposal),
        )
        for each in misfits
    ]


@dataclass
class _Proposals:
    """Proposals in lines of an agenda: what is told of each, and what once for all of them."""

    labels: Labels
    called: Called
    kinds: Kinds | None
    several: bool
    basis: str

    @classmethod
    def of(cls, labels: Labels, agenda: Agenda, district: District | None) -> _Proposals:
        here = [each for each in agenda.proposals if each.workspace == agenda.workspace]
        called = Called.at_places(labels, here, district)
        cases = (*agenda.to_decide, *agenda.to_take_up, *(each.case for each in agenda.hindered))
        counted = bases(labels, [*(case.proposal for case in cases), *agenda.opened_ways])
        kinds = None if district is None else district.kinds
        return cls(labels, called, kinds, len(counted) > 1, bases_sentence(labels, counted))

    def basis_once(self) -> list[str]:
        """Return by what gains are counted, the first time that it is asked."""
        told, self.basis = self.basis, ""
        return [told] if told else []

    def lines(self, point: str, case: Case) -> list[str]:
        """Return the lines of a proposal under one of the points of those that wait."""
        labels, say = self.labels, self.labels.message
        if point == "to_answer":
            own = self.called.row(case.proposal)
            said = [review_sentence(labels, case, review) for review in case.unanswered]
            return [say("plan_words.unanswered_row", **own, said=each) for each in said]
        if point == "to_review":
            own = self.called.row(case.proposal)
            needed = [each for each in case.waiting_for if each.need == "needed"]
            asked = [consultation_sentence(labels, each) for each in needed]
            return [say("plan_words.waiting_row", **own, asked=each) for each in asked]
        return [self.proposal(case.proposal, len(case.unanswered))]

    def hindered(self, held: Hindered) -> str:
        """Return a house that cannot go on, and below it what is to be done first."""
        faults = [self.labels.finding(each, self.kinds) for each in held.faults]
        return "\n".join([self.proposal(held.case.proposal), *faults])

    def proposal(self, own: Proposal, unanswered: int = 0) -> str:
        """Return a proposal by name, with what a meeting must know of it to take it up."""
        labels, say = self.labels, self.labels.message
        about = [
            labels.department(own.department) if own.department else "–",
            kinds_words(labels, own.kinds, self.kinds),
            year_of(labels, own.year),
            _price(labels, own),
            "" if own.action == "outreach" else self._brought(own),
            say("plan_words.case_unanswered", count=labels.number(unanswered))
            if unanswered
            else "",
        ]
        told = labels.text("; ").join(filter(None, about))
        return say("plan_words.case_row", **self.called.row(own), about=told)

    def _brought(self, own: Proposal) -> str:
        """Return what a proposal brings by its own figures; where they differ, by what counted."""
        gained = own.figures.gained() if own.figures else None
        if own.figures is None or gained is None:
            return self.labels.message("plan_words.case_brings_unknown")
        counted = counting(self.labels, own.figures)
        people = counted.message("departments.people", count=self.labels.number(gained))
        if (unsure := own.figures.gained_unsure()) > 0:
            told = {"gained": people, "count": self.labels.number(unsure)}
            people = self.labels.message("plan_words.case_unsure", **told)
        if (more := own.figures.gained_more()) > 0:
            told = {"gained": people, "count": self.labels.number(more)}
            people = self.labels.message("plan_words.case_more", **told)
        if no_data := own.figures.no_data:
            told = {"gained": people, "count": self.labels.number(len(no_data))}
            people = self.labels.message("plan_words.case_no_data", **told)
        if not self.several:
            return self.labels.message("plan_words.case_brings", gained=people)
        basis = basis_words(self.labels, own.figures)
        return self.labels.message("plan_words.case_brings_by", gained=people, basis=basis)


def _price(labels: Labels, own: Proposal) -> str:
    if own.cost is None or own.cost_most is None:
        return labels.message("plan_words.no_price")
    return money_range(labels, own.cost, own.cost_most, own.currency)
