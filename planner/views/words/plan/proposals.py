"""The departments' plan in words: statuses, actions, steps, and what an entry of the trail says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import shapely

from planner.district import Kinds
from planner.district.defaults import YUAN
from planner.plan.exchange.contradictions import Contradiction
from planner.plan.exchange.merging import Merged
from planner.plan.proposals.figures import Figures
from planner.plan.proposals.one_house import (
    JOINED,
    JOINED_UNVERIFIED,
    area_asked,
    beside,
    changed_parts,
    ended_parts,
    other_rooms,
)
from planner.plan.proposals.prices import SITE
from planner.plan.proposals.proposal import Proposal
from planner.plan.proposals.statuses import AGREED, OPEN
from planner.plan.workflow.reviews import Case, Consultation, Review
from planner.views.words.labels import Labels
from planner.views.words.plan.basis import basis_words, counting
from planner.views.words.plan.made_titles import made_title


def word(labels: Labels, group: str, name: str) -> str:
    """Return the word for a status, action, deed, position, need or role.

    Parameters
    ----------
    labels
        The language.
    group
        ``"status"``, ``"action"``, ``"deed"``, ``"position"``, ``"need"``, ``"role"``, ``"via"``.
    name
        Its name in the plan.
    """
    return labels.message(f"plan_words.{group}_{name}")


def status_word(labels: Labels, proposal: Proposal) -> str:
    """Return the word for a proposal's status; of a way that opened, that the plan counts it."""
    name = "opened_way" if proposal.awaits_streets else proposal.status
    return word(labels, "status", name)


def means_sentence(labels: Labels, proposal: Proposal, *, gone: bool = False) -> str:
    """Return the one sentence that says what a proposal's status means for it.

    Parameters
    ----------
    labels
        The language.
    proposal
        The proposal.
    gone
        Whether it opened and the data have not what it did.
    """
    if gone:
        return status_sentence(labels, "opened_gone")
    return status_sentence(labels, "opened_way" if proposal.awaits_streets else proposal.status)


def status_sentence(labels: Labels, status: str) -> str:
    """Return the one sentence that says what a status means, and who acts next."""
    return labels.message(f"plan_words.means_{status}")


def year_of(labels: Labels, year: int | None) -> str:
    """Return the year that something is planned for, or that it is open."""
    if year is None:
        return labels.message("plan_words.year_open")
    return labels.message("plan_words.in_year", year=year)


def kinds_words(labels: Labels, kinds: Iterable[str], table: Kinds | None = None) -> str:
    """Return kinds by name, those of a district's own where its table is given."""
    return labels.message("plan_words.comma").join(labels.kind(kind, table) for kind in kinds)


def departments_words(labels: Labels, departments: Iterable[str]) -> str:
    """Return departments by name."""
    return labels.message("plan_words.comma").join(map(labels.department, departments))


def payer_words(labels: Labels, department: str, others: str) -> str:
    """Return who pays, with whom rooms of others are built at that price.

    Parameters
    ----------
    labels
        The language.
    department
        Who proposed it; empty for nobody.
    others
        Those whose rooms a house builds too, joined by ``;``.
    """
    own = labels.department(department) if department else "–"
    if not others:
        return own
    names = departments_words(labels, others.split(";"))
    return labels.message("plan_words.payer_of_house", department=own, others=names)


def proposal_name(labels: Labels, proposal: Proposal, table: Kinds | None = None) -> str:
    """Return what a proposal is called: its title, else what it does and for which kinds.

    A title that the tool made, and that nobody changed since, is told in the reader's language.
    """
    if proposal.title:
        return made_title(labels, proposal, what_done(labels, proposal, table)) or proposal.title
    return what_done(labels, proposal, table)


def what_done(labels: Labels, proposal: Proposal, table: Kinds | None = None) -> str:
    """Return what a proposal does and for which kinds."""
    action = word(labels, "action", proposal.action)
    kinds = kinds_words(labels, proposal.kinds, table)
    return labels.message("plan_words.name", action=action, kinds=kinds) if kinds else action


def currency_word(labels: Labels, currency: str) -> str:
    """Return what one unit of a proposal's cost is."""
    return labels.money_word() if currency == str(YUAN) == str(labels.money) else currency


def cost_heading(labels: Labels, units: Collection[str]) -> str:
    """Return the heading of costs; with their unit where all are in one."""
    if len(units) != 1:
        return labels.message("plan_words.col_cost")
    (unit,) = (currency_word(labels, each) for each in units)
    return labels.message("plan_words.col_cost_in", money=unit)


def cost_source_word(labels: Labels, source: str) -> str:
    """Return who says what a proposal costs: a list of prices, or what somebody wrote."""
    if source in ("verified", "unverified", JOINED, JOINED_UNVERIFIED):
        return labels.message(f"plan_words.source_{source}")
    if not source.startswith(SITE):
        return source
    told = labels.text(source.removeprefix(SITE))
    return labels.message("plan_words.source_site", source=told)


def house_sentences(
    labels: Labels,
    proposal: Proposal,
    singles: Iterable[Proposal],
    house: Proposal | None = None,
    rivals: Sequence[Proposal] = (),
) -> list[str]:
    """Return what a house takes in, and that it has no price; or in which house a proposal is.

    Parameters
    ----------
    labels
        The language.
    proposal
        The proposal.
    singles
        Those that it takes in, where it is a house.
    house
        The house that it is about, of :meth:`planner.plan.Plan.house_about`; None for none.
    rivals
        Houses that hinder one another about it, of :meth:`planner.plan.Plan.rivals_of`.
    """
    comma = labels.message("plan_words.comma")
    them, told = list(singles), []
    names = [
        labels.message("plan_words.called", id=each.id, name=proposal_name(labels, each))
        for each in them
    ]
    if names:
        told.append(labels.message("plan_words.joined_of", proposals=comma.join(names)))
        # what one place takes from them is seen beside what the house brings
        told += _singles_bring(labels, them)
        told += _parts_sentences(labels, proposal, them)
        if proposal.cost is None:
            priced = all(each.cost is not None for each in them)
            alike = priced and len({each.currency for each in them}) == 1
            code = "price_to_compute" if alike else "no_price_of"
            told.append(labels.message(f"plan_words.{code}", proposals=comma.join(names)))
    if rivals:
        ids = [
            labels.message("plan_words.called", id=each.id, name=proposal_name(labels, each))
            for each in rivals
        ]
        code = "rivals_of_house" if proposal.made_of else "rivals_of_part"
        told.append(labels.message(f"plan_words.{code}", houses=comma.join(ids)))
    elif house is not None:
        own = labels.message("plan_words.called", id=house.id, name=proposal_name(labels, house))
        status = status_word(labels, house)
        told.append(
            labels.message(f"plan_words.{_about(proposal, house)}", house=own, status=status)
        )
    return told


def _about(part: Proposal, house: Proposal) -> str:
    """Return by which sentence a part is told of its house."""
    if house.status in OPEN:
        return "joined_in"
    if house.status not in AGREED:
        return "given_back"
    # two offices that did not know of each other may have gone on with both
    return "built_too" if part.status in (*OPEN, *AGREED) else "built_in"


def _singles_bring(labels: Labels, singles: Iterable[Proposal]) -> list[str]:
    """Return what proposals bring by themselves: their sum only where all are counted alike.

    Gains by another standard, question or unit do not add up: then each is told with its own.
    """
    found = [
        (each, each.figures, each.figures.gained() if each.figures else None) for each in singles
    ]
    counted = [(own, of, gained) for own, of, gained in found if of and gained is not None]
    if len(counted) < len(found):
        return []

    def amount(of: Figures, gained: float) -> str:
        return counting(labels, of).message("departments.people", count=labels.number(gained))

    first = counted[0][1]
    if len({of.basis for _, of, _ in counted}) == 1:
        gained = amount(first, sum(each for *_, each in counted))
        return [labels.message("plan_words.singles_bring", gained=gained)]
    each = [
        labels.message(
            "plan_words.single_brings",
            id=own.id,
            gained=amount(of, gained),
            basis=basis_words(labels, of),
        )
        for own, of, gained in counted
    ]
    apart = labels.message("plan_words.comma").join(each)
    return [labels.message("plan_words.singles_bring_apart", each=apart)]


def _parts_sentences(labels: Labels, house: Proposal, parts: Sequence[Proposal]) -> list[str]:
    """Return what became of the parts of a house since it was made of them."""
    comma = labels.message("plan_words.comma")
    known, told = {each.id: each for each in parts}, {}
    if house.status in OPEN:
        told["parts_ended"] = ended_parts(house, known)
        told["parts_changed"] = changed_parts(house, known)
        told["rooms_differ"] = other_rooms(house, parts)
    told["parts_beside"] = beside(house, known)
    if house.status == "opened":
        told["parts_opened"] = [each.id for each in parts if each.status == "opened"]
    if house.status in ("withdrawn", "rejected", "superseded"):
        own = [each for each in parts if each.superseded_by == house.id]
        told["gives_back"] = [each.id for each in own if each.status == "superseded"]
    said = [
        labels.message(f"plan_words.{code}", proposals=comma.join(ids))
        for code, ids in told.items()
        if ids
    ]
    asked = area_asked(house, parts)
    if asked is not None and house.floor_area_m2 is not None:
        areas = {"asked": labels.number(asked), "own": labels.number(house.floor_area_m2)}
        said.append(labels.message("plan_words.area_asked", **areas))
    return said


def field_word(labels: Labels, name: str) -> str:
    """Return what a field of a proposal, or of what is said of it, is called."""
    return labels.message(f"plan_words.field_{name}")


def value_word(labels: Labels, name: str, value: Any) -> str:
    """Return the value of a field as people read it; what is no word or number as it is kept."""
    if value in (None, "", [], {}):
        return labels.message("plan_words.nothing")
    if name in ("status", "action", "need", "position"):
        return word(labels, name, str(value))
    if name == "department":
        return labels.department(str(value))
    if name == "kinds":
        return kinds_words(labels, value)
    if name == "geometry":
        return str(shapely.from_wkb(value).wkt)
    if isinstance(value, float):
        return labels.number(value, 2)
    return str(value)[:200]


def review_sentence(labels: Labels, case: Case, review: Review) -> str:
    """Return what a department says, for which content, and what it was answered."""
    says = labels.message(
        f"plan_words.says_{review.position}",
        department=labels.department(review.department),
        by=review.by,
        at=labels.date(review.at[:10]),
        reason=review.reason,
    )
    parts = [says]
    if review.overruled:
        return labels.paragraph([says, labels.message("plan_words.says_overruled")])
    if not case.is_current(review):
        parts.append(labels.message("plan_words.says_before"))
    if review.answer:
        parts.append(
            labels.message("plan_words.answered", by=review.answered_by, answer=review.answer)
        )
    elif review.position != "support":
        parts.append(labels.message("plan_words.not_answered", id=review.id))
    return labels.paragraph(parts)


def contradiction_sentence(labels: Labels, told: Contradiction) -> str:
    """Return what a department said otherwise in two offices, and which of it stands."""
    stands, other = (word(labels, "position", each) for each in told.positions)
    department = labels.department(told.department)
    return labels.message(
        "plan_words.contradiction",
        id=told.proposal_id,
        department=department,
        stands=stands,
        other=other,
    )


def import_sentences(labels: Labels, merged: Merged) -> list[str]:
    """Return what two offices said or decided without knowing of each other, a sentence each."""
    ended = [
        labels.message(
            "plan_words.ended_by_house",
            id=each.proposal_id,
            house=each.house_id,
            status=word(labels, "status", each.status),
        )
        for each in merged.ended
    ]
    late = [
        labels.message(
            "plan_words.objected_late",
            id=each.proposal_id,
            status=word(labels, "status", each.status),
            department=labels.department(each.department),
            position=word(labels, "position", each.position),
        )
        for each in merged.objected
    ]
    said = [contradiction_sentence(labels, each) for each in merged.contradictions]
    return [*said, *late, *ended]


def asked_sentences(labels: Labels, case: Case) -> list[str]:
    """Return how it stands with each department that was asked: what is needed first."""
    found = []
    for asked, state in case.asked_states:
        if state == "answered":
            said = case.positions[asked.department]
            told = {
                "at": labels.date(said.at[:10]),
                "position": word(labels, "position", said.position),
            }
            name = labels.department(asked.department)
            found.append(labels.message("plan_words.asked_answered", department=name, **told))
        elif state == "missed":
            name = labels.department(asked.department)
            found.append(labels.message("plan_words.asked_missed", department=name))
        else:
            found.append(consultation_sentence(labels, asked))
    return found


def moved_sentence(labels: Labels, proposal: Proposal, table: Kinds | None = None) -> str:
    """Return that a proposal opened in another year than planned, and of which year its money is.

    Empty where it did not.
    """
    if not proposal.opened_elsewhen:
        return ""
    own = {"id": proposal.id, "name": proposal_name(labels, proposal, table)}
    told = {"opened": proposal.opened_in, "proposal": labels.message("plan_words.called", **own)}
    if proposal.year is None:
        return labels.message("plan_words.opened_no_year", **told)
    return labels.message("plan_words.opened_moved", year=proposal.year, **told)


def consultation_sentence(labels: Labels, asked: Consultation) -> str:
    """Return whose answer is needed or wished, and until when."""
    return labels.message(
        f"plan_words.asked_{asked.need}_{'until' if asked.due else 'open'}",
        department=labels.department(asked.department),
        **({"due": labels.date(asked.due)} if asked.due else {}),
    )


def entry_cells(labels: Labels, entry: Mapping[str, Any]) -> list[str]:
    """Return an entry of the trail as cells: number, time, person, what, about what, why."""
    person = entry["actor"]
    if entry["login"] not in ("", entry["actor"]):
        person = labels.message("plan_words.person", name=person, login=entry["login"])
    if entry["via"] == "alone":
        person = labels.message("plan_words.alone", name=person)
    return [
        str(entry["number"]),
        entry["at"][:19].replace("T", " "),
        person,
        word(labels, "deed", entry["deed"]),
        entry["proposal_id"],
        labels.message("plan_words.comma").join(
            field_word(labels, name)
            for name in entry["after"]
            # what its parts are by now stands beside their ids
            if name not in (*_FOLLOWING, "made_of")
        )
        if entry["before"]
        else "",
        entry["why"],
    ]


_FOLLOWING = ("version", "changed_at", "status", "answered_at", "answered_by", "content_sign")
"""Fields that follow from what was done, which the entry tells in words."""
