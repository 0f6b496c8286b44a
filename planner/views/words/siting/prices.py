"""Prices in words: what each is of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from planner.arrays import Bool
from planner.district import District
from planner.siting.change_prices import money_of
from planner.siting.costs import Costs
from planner.views.words.analysis.links import work_word
from planner.views.words.catalogue import COMMAND
from planner.views.words.labels import Labels

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment

PLAIN = ("site_fixed", "site_per_m2", "open_internal", "extend_hours", "add_service")
"""Prices of remedies that are no links."""


class Price(NamedTuple):
    """A price: what it is of in words, its name, and the figure; a saving is in per cent."""

    words: str
    name: str
    value: float


class Priced(Protocol):
    """An answer that rests on prices."""

    @property
    def assessment(self) -> Assessment:
        """What it is an answer about."""

    @property
    def group(self) -> str:
        """Column of the people counted."""

    @property
    def costs(self) -> Costs:
        """The prices."""


def answer_labels(found: Priced, language: str = "en", door: str = COMMAND) -> Labels:
    """Return the words for what an answer counts, and for what its sums of prices are in."""
    labels = Labels.of(found.assessment, language, found.group, door)
    made = getattr(found, "scenario", None)
    steps = made().changes if made else None
    return replace(labels, prices_in=money_of(found.assessment.district, found.costs, steps))


def unverified(costs: Costs, labels: Labels) -> list[str]:
    """Return that nobody answers for a list of prices; nothing where somebody does."""
    return [] if costs.verified else [labels.message("siting.unverified_costs")]


def priced_by_list(district: District) -> set[str]:
    """Return the ids of the candidates for which their list names a price."""
    listed = district.candidates
    return set(listed.loc[listed["cost"].notna(), "candidate_id"])


def price_notes(own: Bool, costs: Costs, labels: Labels) -> list[str]:
    """Return what must be known of prices: whose they are, and whether somebody answers for them.

    Parameters
    ----------
    own
        Whether what is built at each place costs what the list of candidates says, (n,).
    costs, labels
        The prices of all else, and the words.
    """
    notes = [labels.message("siting.own_costs")] if own.any() else []
    return notes if own.all() else [*notes, *unverified(costs, labels)]


def prices_in_words(costs: Costs, labels: Labels) -> list[Price]:
    """Return every price of a list, in the order in which people edit and read them."""

    def word(name: str, **params: str) -> str:
        return labels.message(f"prices.{name}", **params)

    rows = [Price(word(name), name, float(getattr(costs, name))) for name in PLAIN]
    for work in costs.link_fixed:
        told = work_word(work, labels)
        for table in ("link_fixed", "link_per_m"):
            figure = float(getattr(costs, table)[work])
            rows.append(Price(word(table, work=told), f"{table}.{work}", figure))
    return [*rows, Price(word("saving"), "saving", 100 * costs.one_stop_saving)]
