"""One-stop sites in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from planner.district import Kinds
from planner.views.words.labels import Labels
from planner.views.words.money import money
from planner.views.words.places import site_names
from planner.views.words.ranges import gains_unsure_words, spread_words
from planner.views.words.siting.prices import answer_labels, price_notes, priced_by_list, unverified

if TYPE_CHECKING:
    from planner.siting.one_stop_sites.answers import OneStopProposal


def sentences(proposal: OneStopProposal, language: str = "en") -> list[str]:
    """Return the answer in sentences: who is gained for what, the proof, the use of sharing."""
    labels = answer_labels(proposal, language)
    shown = partial(proposal.assessment.district.shown_count, proposal.group)
    lines = [
        labels.message(
            "one_stop.answer",
            buildings=labels.number(len(proposal.buildings)),
            facilities=labels.number(proposal.facilities),
            cost=money(proposal.cost, labels),
            gained=labels.count(shown(proposal.total)),
            residents=labels.count(shown(proposal.residents)),
        ),
        *gains_unsure_words(shown(proposal.gained_unsure), labels),
        *spread_words(proposal.assessment, proposal.group, labels, proposal.kinds),
        proof(proposal, labels),
    ]
    # a sum of which a part is withheld would be too small
    several = float(proposal.buildings["several"].sum(skipna=False))
    if not several <= 0:
        lines.append(labels.message("one_stop.several", several=labels.count(several)))
    short = too_small(proposal, language)
    notes = [labels.finding(each, proposal.assessment.district.kinds) for each in proposal.findings]
    return [*lines, *([short] if short else []), *notes]


def proof(proposal: OneStopProposal, labels: Labels) -> str:
    """Return in words how far the answer is from the best possible."""
    places = labels.number(len(proposal.places.table))
    if proposal.optimal:
        return labels.message("one_stop.proof_optimal", places=places)
    gap = labels.percent(proposal.gap, 2)
    return labels.message("one_stop.proof_gap", gap=gap, places=places)


def against(proposal: OneStopProposal, language: str = "en") -> str:
    """Return in a sentence what the same money brings with one kind in each building."""
    labels, other = answer_labels(proposal, language), proposal.separate
    more = proposal.total - other.total
    shown = partial(proposal.assessment.district.shown_count, proposal.group)
    total, hidden = labels.count(shown(other.total)), math.isnan(shown(other.total) + shown(more))
    share = more / other.total if other.total > 0 else float("inf")
    if proposal.objective <= other.siting.objective:
        saved = other.cost - proposal.cost
        if saved > 1e-9 * max(proposal.cost, 1.0):
            return labels.message(
                "one_stop.sharing_saves",
                total=total,
                cost=money(other.cost, labels),
                saved=money(saved, labels),
            )
        return labels.message("one_stop.sharing_brings_nothing", total=total)
    return labels.message(
        "one_stop.sharing_brings",
        total=total,
        more=labels.count(shown(more)),
        share="–" if hidden or math.isinf(share) else labels.percent(share),
    )


def building_prices(proposal: OneStopProposal, labels: Labels) -> list[str]:
    """Return what must be known of the prices of the buildings.

    The list names the price of a place for one kind; what each further kind adds is of the prices
    that are assumed.
    """
    told = priced_by_list(proposal.assessment.district)
    rows = proposal.buildings
    own = (rows["origin"] == "candidates") & rows["site_id"].isin(told)
    alone = ~rows["kinds"].str.contains(";", regex=False)
    notes = price_notes(own.to_numpy(dtype=bool), proposal.costs, labels)
    further = [] if alone.all() else unverified(proposal.costs, labels)
    return list(dict.fromkeys([*notes, *further]))


def too_small(proposal: OneStopProposal, language: str = "en") -> str:
    """Return in a sentence which buildings need more room than there is; empty for none."""
    labels, rows = answer_labels(proposal, language), proposal.buildings
    listed = rows["origin"] == "candidates"
    short = rows[listed & (rows["needed_m2"] > rows["floor_area_m2"] * (1 + 1e-9))]
    if short.empty:
        return ""
    names = labels.text(", ").join(site_names(short, proposal.assessment.district, labels))
    return labels.message("one_stop.needs_more", count=labels.number(len(short)), names=names)


def kinds_briefly(joined: str, kinds: Kinds, labels: Labels) -> str:
    """Return the first of the kinds that semicolons join, and how many more there are."""
    first, *more = joined.split(";")
    if not more:
        return labels.kind(first, kinds)
    kind, count = labels.kind(first, kinds), labels.number(len(more))
    return labels.message("one_stop.kinds_briefly", kind=kind, count=count)


def kinds_text(joined: str, kinds: Kinds, labels: Labels) -> str:
    """Return the names of kinds that semicolons join."""
    names: Sequence[str] = [labels.kind(kind, kinds) for kind in joined.split(";")]
    return labels.text(", ").join(names)
