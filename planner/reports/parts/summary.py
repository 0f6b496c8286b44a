"""The summary: what was found, in sentences that state it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.analysis.coverage.spacing import wide_ranges
from planner.reports.asked import Asked
from planner.reports.content import Part
from planner.views.words.departments import answer_sentences
from planner.views.words.proposals import answer
from planner.views.words.shares import all_counted

MOST_PLACES = 3
"""Communities that a sentence names at most."""

FEW = 1.0
"""What a withheld count is ranked as: more than nothing."""


def summary(asked: Asked) -> Part:
    """Return the findings: what most lack and where, what else, who must act, what is built."""
    lines = list(_findings(asked))
    if asked.result.judged_kinds:
        lines += answer_sentences(asked.departments, asked.language)
    for proposal in asked.proposals:
        lines += answer(proposal, asked.language)[:2]
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
    said = {
        "kind": asked.kind(str(first["kind"])),
        "limit": labels.metres(first["limit_m"]),
        "uncovered": labels.count(first["uncovered"]),
        "total": labels.count(float(all_counted(first))),
        "group": labels.group(asked.group),
        "share": labels.rate(first.to_dict()),
    }
    if first["uncovered"] == 0:
        yield asked.say("all_near", **said)
    else:
        yield asked.say("most_lacking", **said)
        if places := _places(asked, str(first["kind"])):
            yield asked.say("most_of_them", places=places)
    if first["unknown"] != 0:
        yield asked.say("unknown_count", unknown=labels.count(first["unknown"]))
    if asked.group == asked.result.groups[0]:
        for each in wide_ranges(asked.result.findings, str(first["kind"])):
            yield labels.finding(each, asked.result.district.kinds)
    others = [
        asked.say("kind_share", kind=asked.kind(str(row["kind"])), share=labels.rate(row))
        for row in rows.iloc[1:].to_dict("records")
    ]
    if others:
        yield asked.say("others", kinds=labels.text(", ").join(others))


def _places(asked: Asked, kind: str) -> str:
    """Return the communities where most lack a kind, empty where there is only one community."""
    table = asked.judged(asked.result.league("community", kind))
    if table["area_id"].nunique() < 2:
        return ""
    rows = table[table["uncovered"] > 0]
    rows = rows.sort_values("uncovered", ascending=False, kind="stable").head(MOST_PLACES)
    named = [
        asked.say("place", name=name or area, uncovered=asked.labels.count(uncovered))
        for area, name, uncovered in zip(
            rows["area_id"], rows["name"], rows["uncovered"], strict=True
        )
    ]
    return asked.labels.text(", ").join(named)
