"""One thing that departments should talk about, and what is suggested to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from planner.plan.proposals.proposal import Proposal

SUGGESTIONS = {
    "duplicate": "choose_one",
    "shared_building": "share",
    "one_place": "share_or_decide_place",
    "house_drafted": "hand_in_house",
    "one_house": "decide_house",
    "house_stuck": "combine_anew",
    "house_twice": "withdraw_all_but_one",
    "house_beside": "withdraw_one",
    "overtaken": "withdraw",
    "same_place": "decide_place",
    "contradiction": "withdraw_one",
    "gap": "take_up",
    "budget_over": "postpone",
    "budget_perhaps_over": "price",
    "budget_asked_over": "choose_within",
    "budget_perhaps_asked_over": "price",
    "exchange": "exchange_years",
}


@dataclass(frozen=True)
class Matter:
    """Something to talk about.

    Parameters
    ----------
    code
        One of the keys of :data:`SUGGESTIONS`.
    departments, proposals, kinds
        Whom it concerns, ids, and about what.
    people
        How many people it is about, by which matters are sorted.
    told
        Figures of its sentence.
    """

    code: str
    departments: tuple[str, ...]
    proposals: tuple[str, ...]
    kinds: tuple[str, ...]
    people: float
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def suggestion(self) -> str:
        """What is suggested to be decided."""
        return SUGGESTIONS[self.code]


def matter_of(
    code: str, proposals: Iterable[Proposal], kinds: Iterable[str], people: float, **told: Any
) -> Matter:
    """Return a matter about proposals, with the departments that propose them."""
    them = list(proposals)
    departments = tuple(dict.fromkeys(each.department for each in them if each.department))
    return Matter(code, departments, tuple(each.id for each in them), tuple(kinds), people, told)


def brought_by(proposals: Sequence[Proposal]) -> float:
    """Return the people that proposals bring as computed; the most of one where that is no sum."""
    figures = [each.figures for each in proposals if each.figures is not None]
    gained = [each.gained() or 0.0 for each in figures]
    return sum(gained) if len({each.basis for each in figures}) < 2 else max(gained)
