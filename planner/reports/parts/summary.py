"""The summary: what was found, in sentences that state it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.analysis.coverage.spacing import wide_ranges
from planner.analysis.measures.completeness import all_of, completeness
from planner.reports.content import Part
from planner.reports.request import ReportRequest
from planner.sources.files.kind_records import counts_told
from planner.views.words.analysis.overview import finding_sentences, mean_kinds, unknown_sentence
from planner.views.words.extent import age_sentence, origin_sentences
from planner.views.words.siting.departments import answer_sentences
from planner.views.words.siting.proposals import answer, spending

FEW = 1.0
"""What a withheld count is ranked as: more than nothing."""


def summary(request: ReportRequest) -> Part:
    """Return the findings: what most lack and where, what else, who must act, what is built."""
    lines = list(_findings(request))
    lines += _of_the_data(request)
    if request.result.judged_kinds:
        lines += answer_sentences(
            request.departments, request.language, listed="gaps" in request.told
        )
    for proposal in request.proposals:
        lines += answer(proposal, request.language)[:2]
        lines += spending(proposal, request.labels)[:1]
    return Part("summary", request.say("summary"), tuple(lines))


def ranked(request: ReportRequest) -> pd.DataFrame:
    """Return the judged kinds, the one that most are known to lack first."""
    rows = request.summary
    order = rows.fillna({"uncovered": FEW, "unknown": FEW})
    order = order.sort_values(["uncovered", "unknown"], ascending=False, kind="stable")
    return rows.loc[order.index]


def _findings(request: ReportRequest) -> Iterator[str]:
    """Yield the sentences on coverage, the kind that most lack first."""
    rows, labels = ranked(request), request.labels
    if rows.empty:
        yield request.say("nothing_to_judge", standard=labels.standard(request.result.standard))
        return
    first = rows.iloc[0]
    league = request.judged(request.result.league("community", str(first["kind"])))
    for said in finding_sentences(request.result, first, league, labels):
        yield said.replace("**", "")
    yield request.say("share_within", share=labels.rate(first.to_dict()))
    yield from _all_kinds(request, first)
    if told := unknown_sentence(first, labels):
        yield told
    kind = str(first["kind"])
    ranges = wide_ranges(request.result.range_notes(request.group), kind)
    for each in (*ranges, *counts_told(request.result.findings, kind)):
        yield labels.finding(each, request.result.district.kinds)
    if without := request.result.kinds_without_data:
        names = labels.text(", ").join(map(request.kind, without))
        yield labels.message("departments.not_judged", kinds=names)
    others = [
        request.say("kind_share", kind=request.kind(str(row["kind"])), share=labels.rate(row))
        for row in rows.iloc[1:].to_dict("records")
    ]
    if others:
        yield request.say("others", kinds=labels.text(", ").join(others))


def _all_kinds(request: ReportRequest, first: pd.Series) -> Iterator[str]:
    """Yield the figures that the briefing begins with beside the share of the first kind."""
    labels, judged = request.labels, len(request.result.judged_kinds)
    if judged > 1:
        whole = completeness(request.result, request.group).iloc[-1]
        share = labels.share(whole["share"], all_of(whole))
        mean = mean_kinds(whole, labels)
        yield request.say("all_near", share=share, mean=mean, count=labels.number(judged))
    elif pd.notna(first["median_distance_m"]):
        metres = labels.metres(first["median_distance_m"])
        yield request.measured("median_is", [str(first["kind"])], metres=metres)


def _of_the_data(request: ReportRequest) -> Iterator[str]:
    """Yield of when the data are, and what is not known of who counted the residents."""
    district, labels = request.result.district, request.labels
    if ages := age_sentence(district, labels):
        yield ages
    yield from origin_sentences(district, labels)
