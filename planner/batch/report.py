"""The report of a league: the ranking and its map, the lowest of every kind, who has no results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, cast

import pandas as pd

from planner import __version__
from planner.analysis.coverage.levels import Level
from planner.batch.leagues import League, failure_words, find_league
from planner.batch.proposed_sites import find_proposed_sites
from planner.batch.results import Results
from planner.reports.content import Block, Columns, Figure, Form, Part, Style, table_of
from planner.reports.parts.drawing import HEIGHT_MM, WIDTH_MM, picture_of
from planner.reports.parts.provenance import ODBL
from planner.reports.report import Report
from planner.views.plots.leagues import league_needs_number, plot_league
from planner.views.plots.sheet import Paper
from planner.views.tables.analysis.leagues import PER_CENT, POINTS
from planner.views.tables.analysis.proposed_sites import (
    SHARES,
    brought_by_sites,
    sites_of_districts,
)
from planner.views.words.analysis.leagues import (
    area_names,
    credits_of,
    kind_word,
    labels_of,
    missing_word,
    rank_word,
    sites_title,
    standard_word,
    unranked_words,
)
from planner.views.words.catalogue import PAPER
from planner.views.words.labels import Labels
from planner.views.words.shares import percent_figures, without_telling

LOWEST = 3
"""So many areas of each kind are told, those with the lowest shares."""


def league_report(
    results: Results,
    found: League,
    level: Level,
    group: str | None = None,
    *,
    language: str = "en",
    form: Form | None = None,
    at: dt.datetime | None = None,
) -> Report:
    """Make the report of a league, to be written as Word, Excel or one page of HTML.

    Parameters
    ----------
    results
        Of the run.
    found
        Of :func:`planner.batch.find_league`: the areas that are ranked.
    level, group
        By which it was asked; the other kinds are told of the same.
    language
        ``"en"`` or ``"zh"``.
    form
        Fields of the papers of a bureau.
    at
        When it is made; now where not given.
    """
    labels, fields = found.labels(language, PAPER), form or Form()
    made = at or dt.datetime.now()
    parts = (
        _ranking(found, labels, fields),
        _lowest(results, level, group, labels),
        *_new_sites(results, found, labels),
        _absent(results, labels),
        _provenance(results, labels, made),
    )
    title = labels.message("leagues.report_title", kind=kind_word(found.areas, labels))
    return Report(title, parts, fields, labels, made, (found.title(labels),))


def _ranking(found: League, labels: Labels, form: Form) -> Part:
    """Return the ranked areas, their map, and what must be known of them."""
    frame = found.for_readers(labels)
    said = found.title(labels)
    points = [labels.message(f"leagues.col_{name}") for name in POINTS]
    styles: dict[str, Style] = {f"{labels.column(name)} (%)": "percent" for name in PER_CENT}
    styles |= dict.fromkeys(points, "tenth")
    # the title tells the limit, which is that of all
    told = frame.drop(columns=labels.column("limit_m"))
    table = table_of(
        labels.message("leagues.sheet_ranking"),
        said,
        told,
        Columns(styles=styles),
        # rank, its range and the name say whose a row is
        keys=4,
    )
    number = form.map_number
    paper = Paper(WIDTH_MM, HEIGHT_MM, number, title=False)
    needs = bool(number) or league_needs_number(found.areas, labels.language)
    note = form.map_line(labels) if needs else ""
    picture = picture_of(plot_league, found.areas, labels, paper)
    blocks: tuple[Block, ...] = (*found.notes(labels), Figure(said, picture, note), table)
    return Part("ranking", labels.message("leagues.part_ranking"), blocks)


def _lowest(results: Results, level: Level, group: str | None, labels: Labels) -> Part:
    """Return the areas with the lowest shares of every kind that is judged."""
    asked = results.questions()
    asked = asked[asked["is_total"] if group is None else asked["group"] == group]
    rows: list[dict[str, Any]] = []
    others, areas = 0, []
    for kind in dict.fromkeys(asked["kind"]):
        found = find_league(results, level, str(kind), group)
        others += found.others
        areas.append(found.areas[["rank", "rank_best"]])
        rows += _lowest_of(found, labels)
    share = f"{labels.column('share')} (%)"
    frame = pd.DataFrame(rows).reindex(columns=list(_headings(labels).values()))
    inside = _headings(labels)["district"]
    # districts lie in none
    frame = frame if (frame[inside] != "").any() else frame.drop(columns=inside)
    ends = _headings(labels)["ends"]
    frame = frame if (frame[ends] != "").any() else frame.drop(columns=ends)
    limit = labels.column("limit_m")
    table = table_of(
        labels.message("leagues.sheet_lowest"),
        labels.message("leagues.caption_lowest"),
        frame,
        Columns(styles={share: "percent", limit: "whole"}),
        keys=2,
        most=len(frame),
    )
    notes = [labels.message("leagues.lowest_others", count=others)] if others else []
    notes += unranked_words(pd.concat(areas), labels)
    return Part("lowest", labels.message("leagues.part_lowest"), (table, *notes))


def _lowest_of(found: League, labels: Labels) -> Iterator[dict[str, Any]]:
    """Yield the rows of the areas of a kind that rank last, the lowest first."""
    ranked = found.areas[found.areas["rank"].notna()]
    last = ranked.sort_values("rank", ascending=False, kind="stable").head(LOWEST)
    told = without_telling(last)
    heads = _headings(labels)
    shares = percent_figures(told["share"].astype("float64"))
    for name, share, row in zip(
        area_names(last), shares, told.itertuples(index=False), strict=True
    ):
        record = cast("Any", row)
        inside = (record.district_name or record.district) if "name" in last else ""
        yield {
            heads["kind"]: kind_word(last, labels),
            heads["area"]: name,
            heads["district"]: inside,
            heads["limit"]: record.limit_m,
            heads["share"]: share,
            heads["ends"]: labels.percent_range(record.share_low, record.share_high)
            if record.share_low < record.share_high
            else "",
            heads["uncovered"]: record.uncovered,
            heads["unknown"]: record.unknown,
            heads["rank"]: rank_word(record, labels),
        }


def _headings(labels: Labels) -> dict[str, str]:
    """Return the headings of the table of the lowest."""
    return {
        "kind": labels.column("kind"),
        "area": labels.message("leagues.col_area"),
        "district": labels.message("leagues.col_district_name"),
        "limit": labels.column("limit_m"),
        "share": f"{labels.column('share')} (%)",
        "ends": labels.message("app.share_range"),
        "uncovered": labels.column("uncovered"),
        "unknown": labels.column("unknown"),
        "rank": labels.message("leagues.col_rank"),
    }


def _new_sites(results: Results, found: League, labels: Labels) -> Iterator[Part]:
    """Yield what new sites bring in the districts of a league, where the run sought any."""
    kind = str(found.areas["kind"].iloc[0])
    proposed = find_proposed_sites(results, kind, found.areas)
    if proposed is None:
        return
    say, words = labels.message, labels_of(proposed.districts, labels.language, labels.door)
    brought = brought_by_sites(proposed.districts, words)
    # a proven gap of hundredths of a per cent is given as it is, shares in tenths
    styles: dict[str, Style] = {say(f"leagues.col_{name}"): "percent" for name in SHARES}
    styles[say("leagues.col_gap")] = "given"
    blocks: list[Block] = [
        table_of(
            say("leagues.sheet_sites"),
            sites_title(proposed.districts, words),
            brought.drop(columns=say("leagues.col_district")),
            Columns(styles=styles),
            most=len(brought),
        ),
        say("leagues.sites_note"),
    ]
    if len(proposed.sites):
        each = sites_of_districts(proposed.sites, proposed.districts, words)
        sheet = say("leagues.sheet_each_site")
        told = each.drop(columns=say("leagues.col_district"))
        places: dict[str, Style] = {say(f"siting.col_{name}"): "given" for name in ("lon", "lat")}
        blocks.append(table_of(sheet, sheet, told, Columns(styles=places), keys=2))
    if proposed.others:
        blocks.append(say("leagues.sites_others", count=proposed.others))
    yield Part("new_sites", say("leagues.part_sites"), tuple(blocks))


def _absent(results: Results, labels: Labels) -> Part:
    """Return the districts without results, and why."""
    states = results.districts()
    blocks: list[Block] = []
    if told := missing_word(states, labels):
        blocks.append(told)
    failures = failure_words(results.failures(), labels)
    heads = [labels.message(f"leagues.col_{name}") for name in ("district", "reason")]
    if failures:
        sheet = labels.message("leagues.sheet_absent")
        caption = labels.message("leagues.caption_absent")
        frame = pd.DataFrame(failures, columns=heads)
        blocks.append(table_of(sheet, caption, frame, Columns(), most=len(frame)))
    if not blocks:
        blocks.append(labels.message("leagues.all_done", count=len(states)))
    return Part("absent", labels.message("leagues.part_absent"), tuple(blocks))


def _provenance(results: Results, labels: Labels, at: dt.datetime) -> Part:
    """Return whose the data are, by which standards they are judged, and what made the figures."""
    rows = results.summary().drop(columns="geometry")
    done = rows.drop_duplicates(["province", "district"])
    counts = done.groupby(["standard", "demand_unit"], sort=True).size()
    heads = [labels.message(f"leagues.col_{name}") for name in ("standard", "unit", "districts")]
    standards = pd.DataFrame(
        [
            (standard_word(standard, labels), Labels(labels.language, unit).column("total"), count)
            for (standard, unit), count in zip(map(_pair, counts.index), counts, strict=True)
        ],
        columns=heads,
    )
    table = table_of(
        labels.message("leagues.sheet_standards"),
        labels.message("leagues.caption_standards"),
        standards,
        Columns(),
        keys=2,
    )
    names = credits_of(rows, labels)
    blocks: list[Block] = [table]
    blocks += [labels.message("reports.credits", names=each) for each in names]
    if any(ODBL in each.casefold() for each in rows["attribution"]):
        blocks.append(labels.message("reports.odbl"))
    made = {"at": labels.date(at.date()), "version": __version__}
    blocks.append(labels.message("reports.made", **made))
    if results.product() != __version__:
        blocks.append(labels.message("leagues.assessed_by", version=results.product()))
    return Part("provenance", labels.message("leagues.part_sources"), tuple(blocks))


def _pair(key: Any) -> tuple[str, str]:
    standard, unit = key
    return str(standard), str(unit)
