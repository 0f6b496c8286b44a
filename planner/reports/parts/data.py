"""The data check, and what it means for the trust that the figures deserve."""

from __future__ import annotations

from typing import Any

import pandas as pd

from planner.analysis.coverage.spacing import wide_ranges
from planner.analysis.notes.standards import OF_ELSEWHERE
from planner.reports.content import Block, Part, Table, table_of
from planner.reports.request import ReportRequest
from planner.views.tables.analysis.data_check import problems_table
from planner.views.words.shares import without_telling


def data(request: ReportRequest) -> Part:
    """Return how far figures can be trusted, what is wrong with the data, and what is not known."""
    labels, district = request.labels, request.result.district
    blocks: list[Block] = []
    if district.synthetic:
        blocks.append(labels.message("app.synthetic_note"))
    if district.estimated:
        blocks.append(labels.message("app.estimated_note"))
    first = wide_ranges(request.result.findings)
    blocks += [labels.finding(each, district.kinds) for each in first]
    blocks += _trust(request)
    found = request.data
    if found.problems:
        frame = problems_table(found, labels)
        columns = request.columns()
        caption = request.say("caption_problems")
        blocks.append(table_of(request.say("sheet_problems"), caption, frame, columns, keys=2))
    else:
        blocks.append(request.say("no_problems"))
    # what the table has row by row is not told twice, nor what stands above or with the standard
    listed = {*OF_ELSEWHERE, *(each.code for each in found.problems)}
    rest = [f for f in request.result.findings if f not in first and f.code not in listed]
    blocks += [labels.finding(each, district.kinds) for each in rest]
    if rows := _rows(request):
        blocks += [request.say("rows_listed", sheet=rows.name), rows]
    return Part("data", request.say("part_data"), tuple(blocks))


def _rows(request: ReportRequest) -> Table | None:
    """Return for the workbook alone which rows have a problem, and the ids that a remark names."""
    labels, kinds = request.labels, request.result.district.kinds
    columns = ("what", "layer", "id", "name")
    listed = [
        (labels.finding(each.finding, kinds), labels.message(f"app.layer_{each.layer}"), id_, name)
        for each in request.data.problems
        for id_, name in zip(each.rows["id"], each.rows["name"], strict=True)
        if id_
    ]
    codes = {each.code for each in request.data.problems}
    listed += [
        (labels.finding(each, kinds), "", each.params["ids"], "")
        for each in request.result.findings
        if each.code not in codes and isinstance(each.params.get("ids"), str)
    ]
    if not listed:
        return None
    headings = [labels.message(f"data_check.col_{name}") for name in columns]
    frame = pd.DataFrame(listed, columns=headings)
    told = request.say("sheet_rows"), request.say("caption_rows")
    return table_of(*told, frame, request.columns(), in_documents=False)


def _trust(request: ReportRequest) -> list[str]:
    """Return how wide the share of a kind may be at most, and of which kinds there is no data."""
    rows, labels, lines = without_telling(request.summary), request.labels, []
    width = rows["share_high"] - rows["share_low"]
    points = labels.number(float(width.max()) * 100, 1) if width.notna().any() else ""
    if points == labels.number(0, 1):
        lines.append(request.say("trust_exact"))
    elif points:
        row: Any = rows.iloc[int(width.fillna(-1.0).to_numpy().argmax())]
        lines.append(
            request.say(
                "trust_range",
                kind=request.kind(str(row["kind"])),
                low=labels.percent(row["share_low"]),
                high=labels.percent(row["share_high"]),
                points=points,
            )
        )
        if wide_ranges(request.result.findings, str(row["kind"])):
            lines.append(request.say("trust_beside_cells"))
    if without := request.result.kinds_without_data:
        names = labels.text(", ").join(map(request.kind, without))
        lines.append(request.say("trust_no_data", kinds=names))
    problems = request.data.problems
    if problems:
        rows_found = sum(len(each.rows) for each in problems)
        lines.append(
            request.say(
                "trust_problems",
                count=labels.number(len(problems)),
                rows=labels.number(rows_found),
            )
        )
    return lines
