"""The standard and its reading: limits, how they are measured, and whether they were checked."""

from __future__ import annotations

import pandas as pd

from planner.analysis.notes.standards import OF_ELSEWHERE
from planner.district.standards.checking import clauses
from planner.reports.content import Block, Part, Table, table_of
from planner.reports.request import ReportRequest
from planner.views.words.standards import assumed_limits, clauses_table


def standard(request: ReportRequest) -> Part:
    """Return the standard, its limits by kind with clause and state, and what was asked beside."""
    rules, labels = request.result.standard, request.labels
    blocks: list[Block] = [
        request.say("standard", standard=labels.standard(rules)),
        request.say("source_of_standard", source=labels.text(rules.source)),
        *assumed_limits(request.result, labels),
        request.say("measured", measure=labels.value(rules.measure)),
        *labels.asked(request.result),
        *(labels.finding(each) for each in request.result.findings if each.code in OF_ELSEWHERE),
    ]
    if request.result.judged_kinds:
        blocks += [_limits(request), _evidence(request)]
    unread = [kind for kind in request.result.judged_kinds if not rules.rules[kind].verified]
    if unread:
        whole = len(unread) == len(request.result.judged_kinds)
        code = (
            "unverified" if not whole else "all_unverified" if len(unread) > 1 else "one_unverified"
        )
        blocks.append(request.say(f"{code}_clauses", count=labels.number(len(unread))))
    others = [request.kind(kind) for kind in request.result.kinds if kind not in rules.rules]
    if others:
        blocks.append(request.say("without_limit", kinds=labels.text(", ").join(others)))
    return Part("standard", request.say("part_standard"), tuple(blocks))


def _limits(request: ReportRequest) -> Table:
    labels, result = request.labels, request.result
    yes, no = labels.message("data_check.yes"), labels.message("data_check.no")
    rules = {kind: result.standard.rules[kind] for kind in result.judged_kinds}
    limit = request.say("col_limit")
    frame = pd.DataFrame(
        {
            labels.column("kind"): [request.kind(kind) for kind in rules],
            limit: [result.limit_m(kind, request.group) for kind in rules],
            labels.column("measure"): [
                labels.value(result.standard.measure_of(kind)) for kind in rules
            ],
            labels.column("clause"): [labels.text(rule.clause) for rule in rules.values()],
            request.say("col_checked"): [yes if rule.verified else no for rule in rules.values()],
        }
    )
    meanings = {
        limit: labels.message("provenance.limit_m"),
        request.say("col_checked"): labels.message("provenance.verified"),
    }
    columns = request.columns(meanings=meanings)
    return table_of(request.say("sheet_limits"), request.say("caption_limits"), frame, columns)


def _evidence(request: ReportRequest) -> Table:
    """Return what each limit rests on, and who checked it: a reader signs for these, too."""
    rows = clauses(request.result.standard)
    # in the order of the table before it
    judged = rows.set_index("clause_id", drop=False).loc[list(request.result.judged_kinds)]
    told = clauses_table(judged, request.labels)
    wanted = ("kind", "basis", "read_in", "verified_by", "verified_on")
    frame = told[[request.labels.message(f"standards.field_{name}") for name in wanted]]
    frame = frame.replace("", "–").rename(columns={frame.columns[0]: request.labels.column("kind")})
    return table_of(
        request.say("sheet_evidence"), request.say("caption_evidence"), frame, request.columns()
    )
