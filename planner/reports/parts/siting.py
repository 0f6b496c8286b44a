"""Sites that were looked for: what they bring, the proof in plain words, and why these."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.reports.content import Block, Part, Style, Table, table_of
from planner.reports.request import ReportRequest
from planner.siting.departments.prices import site_price
from planner.siting.proposals.answers import reasons
from planner.siting.proposals.proposal import Proposal
from planner.views.tables.siting.proposals import sites_table
from planner.views.words.money import money
from planner.views.words.siting.answers import reason_sentences
from planner.views.words.siting.departments import currency_of
from planner.views.words.siting.proposals import answer, site_prices, spending


def siting(request: ReportRequest) -> Part:
    """Return each proposal with its proof, its sites, and whom each serves."""
    blocks: list[Block] = [] if request.proposals else [request.say("no_proposals")]
    for proposal in request.proposals:
        blocks += [*answer(proposal, request.language), *spending(proposal, request.labels)]
        blocks.append(_sites(request, proposal))
        blocks += reason_sentences(proposal, reasons(proposal), request.language)
    notes = [each for made in request.proposals for each in site_prices(made, request.labels)]
    blocks += dict.fromkeys(notes)
    blocks += [each for made in request.proposals for each in _usual(request, made)]
    return Part("siting", request.say("part_siting"), tuple(blocks))


def _usual(request: ReportRequest, proposal: Proposal) -> Iterator[str]:
    """Yield why a facility of the kind has another price in the list of gaps than at a site."""
    if "gaps" not in request.told or proposal.kind not in request.result.judged_kinds:
        return
    usual = site_price(request.result, proposal.kind, request.costs).low
    if np.allclose(proposal.sites["cost"], usual):
        return
    rule, labels = request.result.rule(proposal.kind), request.labels
    area = rule.floor_area_m2 if rule else None
    yield request.say(
        "usual_price" if area else "usual_price_fixed",
        kind=request.kind(proposal.kind),
        price=money(usual, labels),
        currency=currency_of(request.costs, labels),
        area=labels.number(area or 0),
    )


def _sites(request: ReportRequest, proposal: Proposal) -> Table:
    kind, unknown = request.kind(proposal.kind), request.labels.text("unknown")
    frame = sites_table(proposal, request.language)
    # a small amount keeps the digits that its table has: rounded once more it would be nothing
    money = [request.labels.message(f"siting.col_{name}") for name in ("cost", "cost_per_resident")]
    styles: dict[str, Style] = dict.fromkeys(money, "given")
    counts = [
        request.labels.message(f"siting.col_{name}") for name in ("gained", "alone", "serves")
    ]
    missing = dict.fromkeys((each for each in frame if each not in counts), unknown)
    group = request.labels.group(proposal.group)
    meanings = {
        request.labels.message(f"siting.col_{name}"): request.say(
            f"means_sites_{name}", group=group
        )
        for name in ("gained", "alone", "serves", "cost", "cost_per_resident", "floor_area")
    }
    columns = request.columns(styles=styles, missing=missing, meanings=meanings)
    return table_of(
        request.say("sheet_sites", kind=kind),
        request.say("caption_sites", kind=kind),
        frame,
        columns,
    )
