"""Coverage by kind, group, subdistrict and community, beside the benchmark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from planner.analysis.compliance.benchmarks import presence
from planner.analysis.measures.completeness import all_of, completeness
from planner.district.benchmarks import find_benchmark
from planner.district.defaults import NONE
from planner.reports.asked import Asked
from planner.reports.content import Block, Part, Style, Table, table_of
from planner.reports.parts.shares import percent, whole
from planner.views.tables.assessment import LEAGUE_COLUMNS, league_table
from planner.views.words.provenance import definition_rows
from planner.views.words.shares import COUNTED, all_counted, percent_figures


def coverage(asked: Asked) -> Part:
    """Return who is within the limits, by what is judged, by whom, and where."""
    blocks: list[Block] = []
    if asked.result.judged_kinds:
        blocks += [_kinds(asked), asked.say("share_note")]
        if len(asked.result.groups) > 1:
            blocks.append(_groups(asked))
    if asked.result.district.usual.benchmark != NONE:
        blocks += _benchmark(asked)
    if asked.result.judged_kinds:
        if len(asked.result.league("subdistrict")):
            blocks.append(_areas(asked, "subdistrict"))
        blocks += [_communities(asked), _all_figures(asked)]
    return Part("coverage", asked.say("part_coverage"), tuple(blocks))


def _kinds(asked: Asked) -> Table:
    """Return the figures of the district, the kind that most lack first."""
    labels, rows = asked.labels, asked.summary
    rows = rows.sort_values("uncovered", ascending=False, kind="stable").reset_index(drop=True)
    total = all_counted(rows)
    names = ("total", "covered", "uncovered", "unknown")
    share, low, high = (asked.say(f"col_{name}") for name in ("share", "share_low", "share_high"))
    frame = pd.DataFrame(
        {
            labels.column("kind"): [asked.kind(str(kind)) for kind in rows["kind"]],
            asked.say("col_limit"): rows["limit_m"],
            labels.column("total"): whole(total),
            **{labels.column(name): whole(rows[name]) for name in names[1:]},
            share: percent(rows["share"], total, asked),
            low: percent(rows["share_low"], total, asked),
            high: percent(rows["share_high"], total, asked),
            labels.column("facilities"): rows["facilities"],
        }
    )
    meanings = {labels.column(name): _meaning(asked, name) for name in (*names, "facilities")}
    meanings |= {share: _meaning(asked, "share"), low: _meaning(asked, "share_low")}
    meanings |= {high: _meaning(asked, "share_high")}
    styles: dict[str, Style] = dict.fromkeys((share, low, high), "percent")
    group = labels.group(asked.group)
    return table_of(
        asked.say("sheet_kinds"),
        asked.say("caption_kinds", group=group),
        frame,
        asked.columns(styles=styles, meanings=meanings),
    )


def _meaning(asked: Asked, name: str) -> str:
    return asked.labels.message(f"provenance.{name}")


def _groups(asked: Asked) -> Table:
    """Return the share within the limit of each group."""
    labels, rows = asked.labels, asked.result.summary()
    frame = pd.DataFrame({labels.column("kind"): map(asked.kind, asked.result.judged_kinds)})
    for group in asked.result.groups:
        own = rows[rows["group"] == group].set_index("kind").reindex(asked.result.judged_kinds)
        heading = asked.say("share_of", name=labels.group(group))
        frame[heading] = percent(own["share"], all_counted(own), asked).to_numpy()
    return _of_shares(asked, "groups", frame)


def _areas(asked: Asked, level: str) -> Table:
    """Return the share within the limit of each kind in each subdistrict."""
    rows = asked.judged(asked.result.league("subdistrict"))
    frame = pd.DataFrame({asked.labels.column(level): rows["name"].drop_duplicates().to_list()})
    _beside(asked, frame, rows, asked.result.judged_kinds)
    return _of_shares(asked, "subdistricts", frame)


def _beside(asked: Asked, frame: pd.DataFrame, rows: pd.DataFrame, kinds: Sequence[str]) -> None:
    """Put the shares of each kind beside areas, which stand in the order of the rows."""
    for kind in kinds:
        own = rows[rows["kind"] == kind]
        heading = asked.say("share_of", name=asked.kind(kind))
        frame[heading] = percent(own["share"], all_counted(own), asked).to_numpy()


def _communities(asked: Asked) -> Table:
    """Return the communities, those where most lack a kind first, with their shares by kind."""
    labels, result = asked.labels, asked.result
    rows = asked.judged(result.league("community"))
    areas = rows.drop_duplicates("area_id")
    told = completeness(result, asked.group).reindex(areas["area_id"]).reset_index(drop=True)
    all_kinds, lacking = asked.say("col_all_kinds"), asked.say("col_lacking")
    frame = pd.DataFrame(
        {
            labels.column("community_id"): areas["area_id"].to_list(),
            labels.column("name"): areas["name"].to_list(),
            labels.column("subdistrict"): areas["subdistrict"].to_list(),
            # beside those who lack a kind all people would tell those who lack none
            labels.column("total"): whole(all_of(told)),
            lacking: whole(told["incomplete"]),
            all_kinds: percent(told["share"], all_of(told), asked),
        }
    )
    _beside(asked, frame, rows, result.judged_kinds)
    frame = frame.assign(_lacking=told["incomplete"].fillna(0.0))
    frame = frame.sort_values("_lacking", ascending=False, kind="stable").drop(columns="_lacking")
    styles: dict[str, Style] = dict.fromkeys(map(str, list(frame)[5:]), "percent")
    meanings = dict.fromkeys(styles, _meaning(asked, "share"))
    meanings |= {labels.column("total"): _meaning(asked, "total")}
    meanings |= {lacking: asked.say("means_lacking"), all_kinds: asked.say("means_all_kinds")}
    return table_of(
        asked.say("sheet_communities"),
        asked.say("caption_communities", group=labels.group(asked.group)),
        frame,
        asked.columns(styles=styles, meanings=meanings, summed=(labels.column("total"), lacking)),
        keys=2,
        # of one community the table of the kinds tells the same
        in_documents=len(frame) > 1,
    )


def _of_shares(asked: Asked, name: str, frame: pd.DataFrame) -> Table:
    styles: dict[str, Style] = dict.fromkeys(map(str, list(frame)[1:]), "percent")
    meanings = dict.fromkeys(map(str, list(frame)[1:]), _meaning(asked, "share"))
    caption = asked.say(f"caption_{name}", group=asked.labels.group(asked.group))
    columns = asked.columns(styles=styles, meanings=meanings)
    return table_of(asked.say(f"sheet_{name}"), caption, frame, columns)


def _benchmark(asked: Asked) -> list[Block]:
    """Return the share of communities that have a kind inside beside the benchmark's."""
    mark = find_benchmark(asked.result.district.usual.benchmark)
    rows, labels = presence(asked.result), asked.labels
    rows = rows[rows["benchmark"].notna()].reset_index(drop=True)
    none = labels.value("data_none")
    share, target = asked.say("col_presence"), asked.say("col_benchmark")
    points = asked.say("col_points")
    known = rows["share"].notna()
    frame = pd.DataFrame(
        {
            labels.column("kind"): [asked.kind(str(kind)) for kind in rows["kind"]],
            asked.say("col_communities"): rows["communities"],
            asked.say("col_having"): rows["having"].astype("float64"),
            share: percent_figures(rows["share"]).astype(object).where(known, none),
            target: (rows["benchmark"] * 100).round(1),
            points: (rows["difference"] * 100).round(1).astype(object).where(known, none),
            asked.say("col_missing"): rows["missing"],
        }
    )
    styles: dict[str, Style] = {share: "percent", target: "percent", points: "tenth"}
    missing = dict.fromkeys((asked.say("col_having"), asked.say("col_missing")), none)
    reached = int((rows["difference"] >= 0).sum())
    return [
        asked.say(
            "benchmark",
            name=mark.name(asked.language),
            reached=labels.number(reached),
            compared=labels.number(int(known.sum())),
            source=labels.text(mark.source),
        ),
        *([] if asked.result.question.plain else [labels.message("checkup.benchmark_any_hour")]),
        table_of(
            asked.say("sheet_benchmark"),
            asked.say("caption_benchmark", name=mark.name(asked.language)),
            frame,
            asked.columns(
                styles=styles,
                missing=missing,
                meanings={
                    share: asked.say("means_presence"),
                    asked.say("col_missing"): asked.say("means_missing"),
                },
            ),
        ),
    ]


def _all_figures(asked: Asked) -> Table:
    """Return every figure of the communities, for the workbook alone."""
    frame = league_table(asked.result, "community", asked.language)
    styles: dict[str, Style] = {}
    headings = dict(zip(LEAGUE_COLUMNS, frame, strict=True))
    counts = all_counted(frame.rename(columns={headings[name]: name for name in COUNTED}))
    for heading, style in frame.attrs["styles"].items():
        if style == "percent":
            styles[heading] = "percent"
            frame[heading] = percent(frame[heading] / 100, counts, asked)
        elif style == "metres":
            styles[heading] = "tenth"
    rows = definition_rows(asked.labels)
    meanings = {
        headings[each["column"]]: each["meaning"] for each in rows if each["column"] in headings
    }
    columns = asked.columns(styles=styles, meanings=meanings)
    return table_of(
        asked.say("sheet_all"), asked.say("caption_all"), frame, columns, in_documents=False
    )
