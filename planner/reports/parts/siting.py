"""Sites that were looked for: what they bring, the proof in plain words, and why these."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.reports.asked import Asked
from planner.reports.content import Block, Part, Style, Table, table_of
from planner.siting.departments.prices import site_price
from planner.siting.proposals.answers import reasons
from planner.siting.proposals.proposal import Proposal
from planner.views.tables.proposals import sites_table
from planner.views.words.money import money
from planner.views.words.siting.answers import reason_sentences
from planner.views.words.siting.departments import currency_of
from planner.views.words.siting.proposals import answer, site_prices, spending


def siting(asked: Asked) -> Part:
    """Return each proposal with its proof, its sites, and whom each serves."""
    blocks: list[Block] = [] if asked.proposals else [asked.say("no_proposals")]
    for proposal in asked.proposals:
        blocks += [*answer(proposal, asked.language), *spending(proposal, asked.labels)]
        blocks.append(_sites(asked, proposal))
        blocks += reason_sentences(proposal, reasons(proposal), asked.language)
    notes = [each for made in asked.proposals for each in site_prices(made, asked.labels)]
    blocks += dict.fromkeys(notes)
    blocks += [each for made in asked.proposals for each in _usual(asked, made)]
    return Part("siting", asked.say("part_siting"), tuple(blocks))


def _usual(asked: Asked, proposal: Proposal) -> Iterator[str]:
    """Yield why a facility of the kind has another price in the list of gaps than at a site."""
    if "gaps" not in asked.told or proposal.kind not in asked.result.judged_kinds:
        return
    usual = site_price(asked.result, proposal.kind, asked.costs).low
    if np.allclose(proposal.sites["cost"], usual):
        return
    rule, labels = asked.result.rule(proposal.kind), asked.labels
    area = rule.floor_area_m2 if rule else None
    yield asked.say(
        "usual_price" if area else "usual_price_fixed",
        kind=asked.kind(proposal.kind),
        price=money(usual, labels),
        currency=currency_of(asked.costs, labels),
        area=labels.number(area or 0),
    )


def _sites(asked: Asked, proposal: Proposal) -> Table:
    kind, unknown = asked.kind(proposal.kind), asked.labels.text("unknown")
    frame = sites_table(proposal, asked.language)
    # a small amount keeps the digits that its table has: rounded once more it would be nothing
    money = [asked.labels.message(f"siting.col_{name}") for name in ("cost", "cost_per_resident")]
    styles: dict[str, Style] = dict.fromkeys(money, "given")
    counts = [asked.labels.message(f"siting.col_{name}") for name in ("gained", "alone", "serves")]
    missing = dict.fromkeys((each for each in frame if each not in counts), unknown)
    group = asked.labels.group(proposal.group)
    meanings = {
        asked.labels.message(f"siting.col_{name}"): asked.say(f"means_sites_{name}", group=group)
        for name in ("gained", "alone", "serves", "cost", "cost_per_resident", "floor_area")
    }
    columns = asked.columns(styles=styles, missing=missing, meanings=meanings)
    return table_of(
        asked.say("sheet_sites", kind=kind), asked.say("caption_sites", kind=kind), frame, columns
    )
