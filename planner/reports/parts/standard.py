"""The standard and its reading: limits, how they are measured, and whether they were checked."""

from __future__ import annotations

import pandas as pd

from planner.analysis.notes.standards import OF_ELSEWHERE
from planner.district.standards.checking import clauses
from planner.reports.asked import Asked
from planner.reports.content import Block, Part, Table, table_of
from planner.views.words.standards import assumed_limits, clauses_table


def standard(asked: Asked) -> Part:
    """Return the standard, its limits by kind with clause and state, and what was asked beside."""
    rules, labels = asked.result.standard, asked.labels
    blocks: list[Block] = [
        asked.say("standard", standard=labels.standard(rules)),
        asked.say("source_of_standard", source=labels.text(rules.source)),
        *assumed_limits(asked.result, labels),
        asked.say("measured", measure=labels.value(rules.measure)),
        *labels.asked(asked.result),
        *(labels.finding(each) for each in asked.result.findings if each.code in OF_ELSEWHERE),
    ]
    if asked.result.judged_kinds:
        blocks += [_limits(asked), _evidence(asked)]
    unread = [kind for kind in asked.result.judged_kinds if not rules.rules[kind].verified]
    if unread:
        whole = len(unread) == len(asked.result.judged_kinds)
        code = (
            "unverified" if not whole else "all_unverified" if len(unread) > 1 else "one_unverified"
        )
        blocks.append(asked.say(f"{code}_clauses", count=labels.number(len(unread))))
    others = [asked.kind(kind) for kind in asked.result.kinds if kind not in rules.rules]
    if others:
        blocks.append(asked.say("without_limit", kinds=labels.text(", ").join(others)))
    return Part("standard", asked.say("part_standard"), tuple(blocks))


def _limits(asked: Asked) -> Table:
    labels, result = asked.labels, asked.result
    yes, no = labels.message("data_check.yes"), labels.message("data_check.no")
    rules = {kind: result.standard.rules[kind] for kind in result.judged_kinds}
    limit = asked.say("col_limit")
    frame = pd.DataFrame(
        {
            labels.column("kind"): [asked.kind(kind) for kind in rules],
            limit: [result.limit_m(kind, asked.group) for kind in rules],
            labels.column("measure"): [
                labels.value(result.standard.measure_of(kind)) for kind in rules
            ],
            labels.column("clause"): [labels.text(rule.clause) for rule in rules.values()],
            asked.say("col_checked"): [yes if rule.verified else no for rule in rules.values()],
        }
    )
    meanings = {
        limit: labels.message("provenance.limit_m"),
        asked.say("col_checked"): labels.message("provenance.verified"),
    }
    columns = asked.columns(meanings=meanings)
    return table_of(asked.say("sheet_limits"), asked.say("caption_limits"), frame, columns)


def _evidence(asked: Asked) -> Table:
    """Return what each limit rests on, and who checked it: a reader signs for these, too."""
    rows = clauses(asked.result.standard)
    # in the order of the table before it
    judged = rows.set_index("clause_id", drop=False).loc[list(asked.result.judged_kinds)]
    told = clauses_table(judged, asked.labels)
    wanted = ("kind", "basis", "read_in", "verified_by", "verified_on")
    frame = told[[asked.labels.message(f"standards.field_{name}") for name in wanted]]
    frame = frame.replace("", "–").rename(columns={frame.columns[0]: asked.labels.column("kind")})
    return table_of(
        asked.say("sheet_evidence"), asked.say("caption_evidence"), frame, asked.columns()
    )
