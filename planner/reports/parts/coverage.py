"""Coverage by kind, group, subdistrict and community, beside the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.benchmarks import presence
from planner.analysis.measures.completeness import all_of, completeness
from planner.district.benchmarks import find_benchmark
from planner.district.defaults import NONE
from planner.reports.content import Block, Part, Style, Table, table_of
from planner.reports.parts.shares import percent, whole
from planner.reports.request import ReportRequest
from planner.views.tables.analysis.assessment import LEAGUE_COLUMNS, league_table
from planner.views.words.provenance import definition_rows
from planner.views.words.shares import COUNTED, all_counted, percent_figures


def coverage(request: ReportRequest) -> Part:
    """Return who is within the limits, by what is judged, by whom, and where."""
    blocks: list[Block] = []
    if request.result.judged_kinds:
        blocks += [_kinds(request), request.say("share_note")]
        if len(request.result.groups) > 1:
            blocks.append(_groups(request))
    if request.result.district.usual.benchmark != NONE:
        blocks += _benchmark(request)
    if request.result.judged_kinds:
        if len(request.result.league("subdistrict")):
            blocks.append(_areas(request, "subdistrict"))
        blocks += [_communities(request), _all_figures(request)]
    return Part("coverage", request.say("part_coverage"), tuple(blocks))


def _kinds(request: ReportRequest) -> Table:
    """Return the figures of the district, the kind that most lack first."""
    labels, rows = request.labels, request.summary
    rows = rows.sort_values("uncovered", ascending=False, kind="stable").reset_index(drop=True)
    total = all_counted(rows)
    names = ("total", "covered", "uncovered", "unknown")
    share, low, high = (request.say(f"col_{name}") for name in ("share", "share_low", "share_high"))
    frame = pd.DataFrame(
        {
            labels.column("kind"): [request.kind(str(kind)) for kind in rows["kind"]],
            request.say("col_limit"): rows["limit_m"],
            labels.column("total"): whole(total),
            **{labels.column(name): whole(rows[name]) for name in names[1:]},
            share: percent(rows["share"], total, request),
            low: percent(rows["share_low"], total, request),
            high: percent(rows["share_high"], total, request),
            labels.column("facilities"): rows["facilities"],
        }
    )
    meanings = {labels.column(name): _meaning(request, name) for name in (*names, "facilities")}
    meanings |= {share: _meaning(request, "share"), low: _meaning(request, "share_low")}
    meanings |= {high: _meaning(request, "share_high")}
    styles: dict[str, Style] = dict.fromkeys((share, low, high), "percent")
    group = labels.group(request.group)
    return table_of(
        request.say("sheet_kinds"),
        request.say("caption_kinds", group=group),
        frame,
        request.columns(styles=styles, meanings=meanings),
    )


def _meaning(request: ReportRequest, name: str) -> str:
    return request.labels.message(f"provenance.{name}")


def _groups(request: ReportRequest) -> Table:
    """Return the share within the limit of each group."""
    labels, rows = request.labels, request.result.summary()
    shares: list[str] = []
    frame = pd.DataFrame({labels.column("kind"): map(request.kind, request.result.judged_kinds)})
    for group in request.result.groups:
        own = rows[rows["group"] == group].set_index("kind").reindex(request.result.judged_kinds)
        name = labels.group(group)
        # a share within another limit than that of the table of kinds stands beside its own
        if _own_limits(request.result, group):
            frame[request.say("limit_of", name=name)] = own["limit_m"].to_numpy()
        heading = request.say("share_of", name=name)
        frame[heading] = percent(own["share"], all_counted(own), request).to_numpy()
        shares.append(heading)
    return _of_shares(request, "groups", frame, shares)


def _own_limits(result: Assessment, group: str) -> bool:
    """Return whether a group is judged by another limit than everybody, of any kind."""
    return any(
        result.limit_m(kind, group) != result.limit_m(kind, result.groups[0])
        for kind in result.judged_kinds
    )


def _areas(request: ReportRequest, level: str) -> Table:
    """Return the share within the limit of each kind in each subdistrict."""
    rows = request.judged(request.result.league("subdistrict"))
    frame = pd.DataFrame({request.labels.column(level): rows["name"].drop_duplicates().to_list()})
    _beside(request, frame, rows, request.result.judged_kinds)
    return _of_shares(request, "subdistricts", frame)


def _beside(
    request: ReportRequest, frame: pd.DataFrame, rows: pd.DataFrame, kinds: Sequence[str]
) -> None:
    """Put the shares of each kind beside areas, which stand in the order of the rows."""
    for kind in kinds:
        own = rows[rows["kind"] == kind]
        heading = request.say("share_of", name=request.kind(kind))
        frame[heading] = percent(own["share"], all_counted(own), request).to_numpy()


def _communities(request: ReportRequest) -> Table:
    """Return the communities, those where most lack a kind first, with their shares by kind."""
    labels, result = request.labels, request.result
    rows = request.judged(result.league("community"))
    areas = rows.drop_duplicates("area_id")
    told = completeness(result, request.group).reindex(areas["area_id"]).reset_index(drop=True)
    all_kinds, lacking = request.say("col_all_kinds"), request.say("col_lacking")
    frame = pd.DataFrame(
        {
            labels.column("community_id"): areas["area_id"].to_list(),
            labels.column("name"): areas["name"].to_list(),
            labels.column("subdistrict"): areas["subdistrict"].to_list(),
            # beside those who lack a kind all people would tell those who lack none
            labels.column("total"): whole(all_of(told)),
            lacking: whole(told["incomplete"]),
            all_kinds: percent(told["share"], all_of(told), request),
        }
    )
    _beside(request, frame, rows, result.judged_kinds)
    frame = frame.assign(_lacking=told["incomplete"].fillna(0.0))
    frame = frame.sort_values("_lacking", ascending=False, kind="stable").drop(columns="_lacking")
    styles: dict[str, Style] = dict.fromkeys(map(str, list(frame)[5:]), "percent")
    meanings = dict.fromkeys(styles, _meaning(request, "share"))
    meanings |= {labels.column("total"): _meaning(request, "total")}
    meanings |= {lacking: request.say("means_lacking"), all_kinds: request.say("means_all_kinds")}
    return table_of(
        request.say("sheet_communities"),
        request.say("caption_communities", group=labels.group(request.group)),
        frame,
        request.columns(styles=styles, meanings=meanings, summed=(labels.column("total"), lacking)),
        keys=2,
        # of one community the table of the kinds tells the same
        in_documents=len(frame) > 1,
    )


def _of_shares(
    request: ReportRequest, name: str, frame: pd.DataFrame, shares: Sequence[str] | None = None
) -> Table:
    """Return a table of shares: those columns, or all but the first."""
    told = list(map(str, list(frame)[1:])) if shares is None else shares
    styles: dict[str, Style] = dict.fromkeys(told, "percent")
    meanings = dict.fromkeys(told, _meaning(request, "share"))
    caption = request.say(f"caption_{name}", group=request.labels.group(request.group))
    columns = request.columns(styles=styles, meanings=meanings)
    return table_of(request.say(f"sheet_{name}"), caption, frame, columns)


def _benchmark(request: ReportRequest) -> list[Block]:
    """Return the share of communities that have a kind inside beside the benchmark's."""
    mark = find_benchmark(request.result.district.usual.benchmark)
    rows, labels = presence(request.result), request.labels
    rows = rows[rows["benchmark"].notna()].reset_index(drop=True)
    none = labels.value("data_none")
    share, target = request.say("col_presence"), request.say("col_benchmark")
    points = request.say("col_points")
    known = rows["share"].notna()
    frame = pd.DataFrame(
        {
            labels.column("kind"): [request.kind(str(kind)) for kind in rows["kind"]],
            request.say("col_communities"): rows["communities"],
            request.say("col_having"): rows["having"].astype("float64"),
            share: percent_figures(rows["share"]).astype(object).where(known, none),
            target: (rows["benchmark"] * 100).round(1),
            points: (rows["difference"] * 100).round(1).astype(object).where(known, none),
            request.say("col_missing"): rows["missing"],
        }
    )
    styles: dict[str, Style] = {share: "percent", target: "percent", points: "tenth"}
    missing = dict.fromkeys((request.say("col_having"), request.say("col_missing")), none)
    reached = int((rows["difference"] >= 0).sum())
    return [
        request.say(
            "benchmark",
            name=mark.name(request.language),
            reached=labels.number(reached),
            compared=labels.number(int(known.sum())),
            source=labels.text(mark.source),
        ),
        *([] if request.result.question.plain else [labels.message("checkup.benchmark_any_hour")]),
        table_of(
            request.say("sheet_benchmark"),
            request.say("caption_benchmark", name=mark.name(request.language)),
            frame,
            request.columns(
                styles=styles,
                missing=missing,
                meanings={
                    share: request.say("means_presence"),
                    request.say("col_missing"): request.say("means_missing"),
                },
            ),
        ),
    ]


def _all_figures(request: ReportRequest) -> Table:
    """Return every figure of the communities, for the workbook alone."""
    frame = league_table(request.result, "community", request.language)
    styles: dict[str, Style] = {}
    headings = dict(zip(LEAGUE_COLUMNS, frame, strict=True))
    counts = all_counted(frame.rename(columns={headings[name]: name for name in COUNTED}))
    for heading, style in frame.attrs["styles"].items():
        if style == "percent":
            styles[heading] = "percent"
            frame[heading] = percent(frame[heading] / 100, counts, request)
        elif style == "metres":
            styles[heading] = "tenth"
    rows = definition_rows(request.labels)
    meanings = {
        headings[each["column"]]: each["meaning"] for each in rows if each["column"] in headings
    }
    columns = request.columns(styles=styles, meanings=meanings)
    return table_of(
        request.say("sheet_all"), request.say("caption_all"), frame, columns, in_documents=False
    )
