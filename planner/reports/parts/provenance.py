"""Where all this comes from: sources with licence, parameters, version and fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.district.fingerprint import data_sign, standard_sign
from planner.network.islands import ISLAND_M
from planner.reports.content import Block, Part, Table, table_of
from planner.reports.request import ReportRequest
from planner.siting.costs import Costs
from planner.siting.departments.prices import site_price
from planner.views.words.money import money_figures
from planner.views.words.provenance import open_licences, source_date
from planner.views.words.siting.departments import currency_of
from planner.views.words.siting.prices import prices_in_words, unverified

ODBL = "odbl"

PRICED = frozenset(("summary", "gaps"))
"""Parts that tell what remedies cost."""


def provenance(request: ReportRequest) -> Part:
    """Return sources and credits, and all that is needed to make the same report again."""
    district = request.result.district
    blocks: list[Block] = []
    if district.sources:
        blocks.append(_sources(request))
        blocks += _kinds(request)
    if district.attribution:
        names = request.labels.text(district.attribution)
        blocks.append(request.say("credits", names=names))
    if any(ODBL in each.licence.casefold().replace("-", "") for each in district.sources):
        blocks.append(request.say("odbl"))
    blocks += open_licences(district, request.labels)
    blocks += [_parameters(request), *_prices(request), request.say("made", **_made(request))]
    return Part("provenance", request.say("part_provenance"), tuple(blocks))


def _made(request: ReportRequest) -> dict[str, str]:
    from planner import __version__

    return {"at": request.labels.date(request.at.date()), "version": __version__}


def _sources(request: ReportRequest) -> Table:
    labels, district = request.labels, request.result.district
    rows = [
        (
            labels.message(f"app.layer_{each.layer}"),
            labels.text(each.source) if each.source else labels.message("provenance.no_source"),
            source_date(each, labels),
            each.licence or labels.message("provenance.no_licence"),
            labels.text(each.attribution)
            if each.attribution
            else labels.message("provenance.no_attribution"),
        )
        for each in district.sources
    ]
    names = ("layer", "source", "date", "licence", "attribution")
    frame = pd.DataFrame(rows, columns=[request.say(f"col_{name}") for name in names])
    return table_of(
        request.say("sheet_sources"), request.say("caption_sources"), frame, request.columns()
    )


def _kinds(request: ReportRequest) -> Iterator[Table]:
    """Yield who tells of each kind, where that is more than the sources of the layer say."""
    labels, district = request.labels, request.result.district
    whole = {each.source for each in district.sources if each.layer == "facilities"}
    told = {kind: district.records[kind] for kind in district.kinds if kind in district.records}
    if len(whole) < 2 and {each.source for each in told.values()} <= whole:
        return
    counts = district.facilities["kind"].value_counts()
    rows = [
        (
            request.kind(kind),
            int(counts.get(kind, 0)),
            labels.text(each.source) if each.source else labels.message("provenance.no_source"),
            labels.date(each.date) if each.date else labels.message("provenance.no_date"),
            labels.value(f"data_{district.data_state(kind)}"),
        )
        for kind, each in told.items()
    ]
    headings = [labels.column("kind"), labels.column("facilities")]
    headings += [request.say("col_source"), request.say("col_date"), labels.column("data")]
    frame = pd.DataFrame(rows, columns=headings)
    caption = request.say("caption_told")
    yield table_of(request.say("sheet_told"), caption, frame, request.columns())


def _parameters(request: ReportRequest) -> Table:
    from planner import __version__

    result, labels = request.result, request.labels
    everyone = labels.message("profiles.everyone")
    profile = labels.profile(result.profile) if result.profile is not None else everyone
    groups = labels.text(", ").join(map(labels.group, result.groups))
    rows = [
        ("district", labels.text(result.district.name)),
        ("standard", f"{labels.standard(result.standard)} ({result.standard.id})"),
        ("groups", groups),
        ("group", labels.group(request.group)),
        ("profile", profile),
        ("max_access", labels.metres(result.max_access_m)),
        ("island", labels.metres(_island_m(request))),
        ("crs", result.district.crs.to_string()),
        ("data_sign", data_sign(result.district)),
        ("standard_sign", standard_sign(result.standard)),
        ("version", __version__),
    ]
    worded = [(request.say(f"param_{name}"), value) for name, value in rows]
    if result.district.withheld is not None:
        below = request.say("below", threshold=labels.number(result.district.withheld.threshold))
        worded.append((request.say("param_withheld"), below))
    worded += [(request.say("param_question"), line) for line in labels.asked(result)]
    names = [request.say("col_parameter"), request.say("col_value")]
    frame = pd.DataFrame(worded, columns=names)
    caption = request.say("caption_parameters")
    return table_of(request.say("sheet_parameters"), caption, frame, request.columns())


def _prices(request: ReportRequest) -> Iterator[Block]:
    """Yield the prices of what is told with some, and that nobody answers for them."""
    used: list[tuple[str, Costs]] = []
    if "gaps" in request.told and request.result.judged_kinds:
        yield _new_facilities(request)
    if PRICED & {*request.told}:
        used.append(("", request.costs))
    if "siting" in request.told:
        used += [(each.kind, each.costs) for each in request.proposals]
    told: list[Costs] = []
    for kind, costs in used:
        if costs not in told:
            told.append(costs)
            yield _price_list(request, costs, kind)
    yield from dict.fromkeys(each for costs in told for each in unverified(costs, request.labels))


def _price_list(request: ReportRequest, costs: Costs, kind: str) -> Table:
    rows = [(each.words, each.value) for each in prices_in_words(costs, request.labels)]
    currency = currency_of(costs, request.labels)
    price = request.labels.message("prices.col_price", currency=currency)
    frame = pd.DataFrame(rows, columns=[request.labels.message("prices.col_what"), price])
    end, of = ("_of", {"kind": request.kind(kind)}) if kind else ("", {})
    return table_of(
        request.say(f"sheet_prices{end}", **of),
        request.say(f"caption_prices{end}", **of),
        frame,
        request.columns(styles={price: "given"}),
    )


def _new_facilities(request: ReportRequest) -> Table:
    """Return what a new facility of each judged kind is priced at where no place is chosen yet."""
    result, labels = request.result, request.labels
    rules = {kind: result.rule(kind) for kind in result.judged_kinds}
    area = request.say("col_assumed_area")
    price = labels.message("prices.col_price", currency=currency_of(request.costs, labels))
    frame = pd.DataFrame(
        {
            labels.column("kind"): [request.kind(kind) for kind in rules],
            area: [(rule and rule.floor_area_m2) or np.nan for rule in rules.values()],
            price: [site_price(result, kind, request.costs).low for kind in rules],
        }
    )
    frame[price] = money_figures(frame[price], 1)
    return table_of(
        request.say("sheet_new_facilities"),
        request.say("caption_new_facilities"),
        frame,
        request.columns(
            styles={area: "given", price: "given"}, missing={area: request.say("no_area")}
        ),
    )


def _island_m(request: ReportRequest) -> float:
    own = request.result.district.island_m
    return ISLAND_M if own is None else own
