"""The summary: what was found, in sentences that state it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.analysis.coverage.spacing import wide_ranges
from planner.analysis.measures.completeness import all_of, completeness
from planner.reports.asked import Asked
from planner.reports.content import Part
from planner.sources.files.kind_records import counts_told
from planner.views.words.analysis.overview import finding_sentences, mean_kinds, unknown_sentence
from planner.views.words.extent import age_sentence, origin_sentences
from planner.views.words.siting.departments import answer_sentences
from planner.views.words.siting.proposals import answer, spending

FEW = 1.0
"""What a withheld count is ranked as: more than nothing."""


def summary(asked: Asked) -> Part:
    """Return the findings: what most lack and where, what else, who must act, what is built."""
    lines = list(_findings(asked))
    lines += _of_the_data(asked)
    if asked.result.judged_kinds:
        lines += answer_sentences(asked.departments, asked.language, listed="gaps" in asked.told)
    for proposal in asked.proposals:
        lines += answer(proposal, asked.language)[:2]
        lines += spending(proposal, asked.labels)[:1]
    return Part("summary", asked.say("summary"), tuple(lines))


def ranked(asked: Asked) -> pd.DataFrame:
    """Return the judged kinds, the one that most are known to lack first."""
    rows = asked.summary
    order = rows.fillna({"uncovered": FEW, "unknown": FEW})
    order = order.sort_values(["uncovered", "unknown"], ascending=False, kind="stable")
    return rows.loc[order.index]


def _findings(asked: Asked) -> Iterator[str]:
    """Yield the sentences on coverage, the kind that most lack first."""
    rows, labels = ranked(asked), asked.labels
    if rows.empty:
        yield asked.say("nothing_to_judge", standard=labels.standard(asked.result.standard))
        return
    first = rows.iloc[0]
    league = asked.judged(asked.result.league("community", str(first["kind"])))
    for said in finding_sentences(asked.result, first, league, labels):
        yield said.replace("**", "")
    yield asked.say("share_within", share=labels.rate(first.to_dict()))
    yield from _all_kinds(asked, first)
    if told := unknown_sentence(first, labels):
        yield told
    kind = str(first["kind"])
    ranges = wide_ranges(asked.result.range_notes(asked.group), kind)
    for each in (*ranges, *counts_told(asked.result.findings, kind)):
        yield labels.finding(each, asked.result.district.kinds)
    if without := asked.result.kinds_without_data:
        names = labels.text(", ").join(map(asked.kind, without))
        yield labels.message("departments.not_judged", kinds=names)
    others = [
        asked.say("kind_share", kind=asked.kind(str(row["kind"])), share=labels.rate(row))
        for row in rows.iloc[1:].to_dict("records")
    ]
    if others:
        yield asked.say("others", kinds=labels.text(", ").join(others))


def _all_kinds(asked: Asked, first: pd.Series) -> Iterator[str]:
    """Yield the figures that the briefing begins with beside the share of the first kind."""
    labels, judged = asked.labels, len(asked.result.judged_kinds)
    if judged > 1:
        whole = completeness(asked.result, asked.group).iloc[-1]
        share = labels.share(whole["share"], all_of(whole))
        mean = mean_kinds(whole, labels)
        yield asked.say("all_near", share=share, mean=mean, count=labels.number(judged))
    elif pd.notna(first["median_distance_m"]):
        yield asked.say("median_is", metres=labels.metres(first["median_distance_m"]))


def _of_the_data(asked: Asked) -> Iterator[str]:
    """Yield of when the data are, and what is not known of who counted the residents."""
    district, labels = asked.result.district, asked.labels
    if ages := age_sentence(district, labels):
        yield ages
    yield from origin_sentences(district, labels)
