"""A briefing of one A4 page: the finding, three figures, a map, remedies, what is not known."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.coverage.spacing import wide_ranges
from planner.analysis.data_check.border import border_effect
from planner.analysis.measures.completeness import all_of, completeness
from planner.analysis.notes.groups import group_notes
from planner.analysis.notes.standards import OF_ELSEWHERE
from planner.errors import InputError
from planner.reports.document import Paper as Document
from planner.reports.naming import named_texts
from planner.siting.departments.departments import Departments
from planner.sources.checks.severity import in_doubt
from planner.sources.files.kind_records import counts_told
from planner.views.escaping import safe
from planner.views.plots.coverage import plot_coverage
from planner.views.plots.sheet import Paper
from planner.views.tables.siting.departments import gaps_table
from planner.views.words.analysis.overview import finding_sentences, mean_kinds, most_lacking
from planner.views.words.catalogue import PAPER
from planner.views.words.extent import age_sentence, extent_sentence, origin_sentences
from planner.views.words.labels import Labels
from planner.views.words.measured import by_measure
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.provenance import open_licences, range_line
from planner.views.words.shares import all_counted
from planner.views.words.siting.departments import answer_sentences, caveats, currency_word, notes
from planner.views.words.standards import assumed_limits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REMEDIES = 5
"""The largest gaps, whose remedies are listed."""

MOST_NOTES = 5
"""So much of what is not known has room on the page; how much more there is, is said."""

MAP = Paper(width_mm=170.0, height_mm=88.0, title=False)
LOW_MM = 56.0
"""Least height of the map, which gives way to the texts so that the page stays one."""

MOST_LETTERS = 1200
"""So many letters of the finding, what is not known and the sources leave the map its height; a
Chinese sign is two."""

MM_A_LETTER = 4.5 / 105
"""By so much each further one makes it lower: a line of the smallest letters has 105."""

COLUMNS = (("place", 5.0), ("kind", 4.0), ("beyond", 2.7), ("remedy", 4.0), ("actor", 3.4))
"""Columns of the table of remedies and their widths; the price is the last one."""

FIGURES = ("beyond", "price")
"""Columns of it that are figures, and stand at the right."""


@dataclass(frozen=True, eq=False)
class Briefing:
    """What a briefing says. Made by :func:`briefing`.

    Parameters
    ----------
    title
        With the district's name.
    finding
        Two sentences at most: what is lacking most, how many lack it, and where. A third where
        no boundary was given: that the district is only what the data cover.
    figures
        Three: value, and what it is of.
    map, caption
        Coverage of the kind that is lacking most, and what it shows.
    remedies
        Heading of the table, its columns and rows: place, kind, who is beyond the limit, what
        would mend it, who does it, price.
    acting
        Who must act first, in a sentence.
    unknown
        What is not known, and what nobody has verified.
    sources
        By what the figures are known.
    language
        ``"en"`` or ``"zh"``.
    """

    title: str
    finding: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    map: Figure
    caption: str
    remedies: tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]
    acting: tuple[str, ...]
    unknown: tuple[str, ...]
    sources: tuple[str, ...]
    language: str

    def png(self) -> bytes:
        """Return the map as a picture of 300 dots an inch."""
        buffer = BytesIO()
        # without the name and version of what drew it, so that two runs give the same file
        self.map.savefig(buffer, format="png", metadata={"Software": None})
        return buffer.getvalue()


def briefing(
    found: Departments,
    language: str = "en",
    *,
    at: dt.date | None = None,
    number: str = "",
    labels: Labels | None = None,
) -> Briefing:
    """Return the briefing of an assessment.

    Parameters
    ----------
    found
        Who must act, of :func:`planner.siting.departments.departments.who_must_act`; with the
        assessment, and whom it counts.
    language
        ``"en"`` or ``"zh"``.
    at
        When it is made; today where not given.
    number
        The map's approval number (审图号); a Chinese map without one is marked for internal use.
    labels
        Words, in place of `language`, such as those of the browser.

    Raises
    ------
    InputError
        ``reports.nothing_judged`` where the standard judges no kind of which there is data.
    """
    result, group = found.assessment, found.group
    labels = replace(labels or Labels.of(result, language, group), door=PAPER)
    summary = result.summary()
    kind = most_lacking(result, summary, group)
    if not kind:
        raise InputError("reports.nothing_judged", standard=result.standard.id)
    row = summary[(summary["kind"] == kind) & (summary["group"] == group)].iloc[0]
    sentences = finding_sentences(result, row, result.league("community", kind), labels)
    name = labels.kind(kind, result.district.kinds)
    names = PlaceNames.of_district(result.district, labels.language)
    extent = extent_sentence(result.district, labels)
    finding = (*(each.replace("**", "") for each in sentences), *([extent] if extent else []))
    unknown = tuple(_unknown(found, row, labels))
    sources = tuple(_sources(result, labels, at or dt.datetime.now().date()))
    paper = replace(MAP, number=number, height_mm=_map_mm(*finding, *unknown, *sources))
    made = Briefing(
        labels.message("reports.briefing_title", district=labels.text(result.district.name)),
        finding,
        tuple(_figures(result, row, group, labels)),
        plot_coverage(result, kind, group=group, language=labels.language, paper=paper),
        labels.message("reports.map_of", kind=name, group=labels.group(group)),
        _remedies(found, labels),
        tuple(answer_sentences(found, labels.language)[:1]),
        unknown,
        sources,
        labels.language,
    )
    texts = {each.name: getattr(made, each.name) for each in fields(made) if each.name != "map"}
    return replace(made, **{name: named_texts(text, names) for name, text in texts.items()})


def _map_mm(*texts: str) -> float:
    """Return how high the map may be beside these texts, mm."""
    letters = sum(1 + (each > "⺀") for text in texts for each in text)
    return max(MAP.height_mm - MM_A_LETTER * max(letters - MOST_LETTERS, 0), LOW_MM)


def _figures(result: Assessment, row: Any, group: str, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield the figures that the overview begins with, in its words."""
    whole = completeness(result, group).iloc[-1]
    judged = len(result.judged_kinds)
    if judged == 1:
        yield from _figures_of_one(result, row, labels)
        return
    yield (
        labels.share(whole["share"], all_of(whole)),
        labels.message("reports.all_kinds_near"),
    )
    yield (
        labels.message("app_overview.of", part=mean_kinds(whole, labels), whole=judged),
        labels.message("reports.mean_kinds_near"),
    )
    yield _covered(result, row, labels)


def _figures_of_one(result: Assessment, row: Any, labels: Labels) -> Iterator[tuple[str, str]]:
    """Yield the figures of the one kind that is judged: of all kinds there is no more to tell."""
    yield _covered(result, row, labels)
    yield labels.count(row["uncovered"]), labels.column("uncovered")
    median = by_measure("reports.median_walk", result.standard, [str(row["kind"])], labels)
    yield labels.metres(row["median_distance_m"]), median


def _covered(result: Assessment, row: Any, labels: Labels) -> tuple[str, str]:
    """Return the share within the limit of a kind, and what it is of."""
    total = all_counted(row)
    share = labels.count(total) if pd.isna(total) else labels.rate(row.to_dict())
    name = labels.kind(row["kind"], result.district.kinds)
    return share, labels.message("reports.covered_by", kind=name)


def _remedies(
    found: Departments, labels: Labels
) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the remedies of the largest gaps, as the page *Who must act* tells them."""
    table = gaps_table(found, labels.language).head(REMEDIES)
    currency = currency_word(found, labels)
    names = _names()
    headings = tuple(labels.message(f"departments.col_{name}", currency=currency) for name in names)
    beyond, unknown = (
        labels.message(f"departments.col_{name}") for name in ("beyond", "not_known")
    )
    rows = tuple(
        tuple(
            _beyond(each[beyond], each[unknown], labels) if name == beyond else str(each[name])
            for name in headings
        )
        for each in table.to_dict("records")
    )
    total = labels.number(len(found.gaps))
    return labels.message("reports.remedies", count=len(rows), total=total), headings, rows


def _names() -> tuple[str, ...]:
    return (*(name for name, _ in COLUMNS), "price")


def _beyond(count: float, unknown: float, labels: Labels) -> str:
    """Return who is beyond the limit in a gap, and of how many more that is not known."""
    if unknown == 0:
        return labels.count(count)
    how = {"beyond": labels.count(count), "unknown": labels.count(unknown)}
    return labels.message("reports.beyond_and_unknown", **how)


def _unknown(found: Departments, row: Any, labels: Labels) -> Iterator[str]:
    """Yield what is not known, the weightiest first, and how much more there is to read."""
    result = found.assessment
    lines = []
    not_known = [range_line(row.to_dict(), labels)] if row["unknown"] != 0 else []
    if not row["verified"]:
        lines.append(labels.text("Limit not yet checked against the official text."))
    kinds = result.district.kinds
    ranges = wide_ranges(result.range_notes(found.group), str(row["kind"]))
    elsewhere = [each for each in result.findings if each.code in OF_ELSEWHERE]
    lines += [labels.finding(each, kinds) for each in group_notes(result.district, found.group)]
    # what may change a figure on this page, or nobody has verified of it, is never left out
    by_whose = [labels.finding(each, kinds) for each in elsewhere]
    # shares of facilities that are counts in cells turn on where in them these stand
    counts = counts_told(result.findings, str(row["kind"]))
    cells = [labels.finding(each, kinds) for each in (*ranges, *counts)]
    origin = origin_sentences(result.district, labels)
    border = _at_border(result, found.group, labels)
    first = [*not_known, *border, *by_whose, *assumed_limits(result, labels), *cells, *origin]
    first += caveats(found, labels.language, PAPER)
    # by what the data say of themselves figures may be wrong: one of it at least stands here
    told = [*ranges, *counts, *elsewhere]
    others = [each for each in result.findings if each not in told]
    doubts = [labels.finding(each, kinds) for each in in_doubt(others, found.group)]
    lines = [each for each in dict.fromkeys([*doubts, *lines]) if each not in first]
    lines += [each for each in notes(found, labels.language, PAPER) if each not in (*first, *lines)]
    room = max(MOST_NOTES - len(first), 1 if doubts else 0)
    more = len(lines) - room + len(others) - len(doubts)
    yield from [*lines[:room], *first]
    if more > 0:
        yield labels.message("reports.more_remarks", count=labels.number(more))


def _at_border(result: Assessment, group: str, labels: Labels) -> Iterator[str]:
    """Yield that the data ends at the border, where figures of the page may be too low by it."""
    found = border_effect(result, group)
    if not found.homes:
        return
    ends = "both" if found.streets and found.facilities else "streets"
    code = f"reports.border_{ends if found.streets else 'facilities'}"
    yield labels.message(code, homes=labels.number(found.homes))


def _sources(result: Assessment, labels: Labels, at: dt.date) -> Iterator[str]:
    """Yield by what the figures are known: standard, question, day, data."""
    from planner import __version__

    say = labels.message
    told = [
        *labels.asked(result),
        say("reports.standard", standard=labels.standard(result.standard)),
    ]
    yield labels.text("; ").join(told)
    yield say("reports.made", at=labels.date(at), version=__version__)
    if ages := age_sentence(result.district, labels):
        yield ages
    if result.district.synthetic:
        yield say("app.synthetic_note")
    if result.district.estimated:
        yield say("app.estimated_note")
    yield from open_licences(result.district, labels)
    if result.district.attribution:
        yield say("reports.credits", names=labels.text(result.district.attribution))


def briefing_docx(made: Briefing, at: dt.datetime) -> bytes:
    """Return a briefing as a .docx file.

    Parameters
    ----------
    made
        Of :func:`briefing`.
    at
        When it is made.
    """
    say = Labels(made.language).message
    paper = Document(made.language, brief=True)
    paper.title(made.title)
    paper.paragraph(_joined(made.finding, made.language))
    paper.figures(made.figures)
    paper.picture(made.png(), made.caption)
    paper.small(made.caption)
    heading, columns, rows = made.remedies
    paper.heading(heading)
    if rows:
        widths = (*(width for _, width in COLUMNS), 3.2)
        paper.table(columns, rows, widths, figures=[name in FIGURES for name in _names()])
    for line in made.acting:
        paper.small(line)
    if made.unknown:
        paper.heading(say("reports.not_known"))
        for line in made.unknown:
            paper.small(f"• {line}")
    paper.small(_joined(made.sources, made.language))
    return paper.written(made.title, at)


def briefing_html(made: Briefing) -> str:
    """Return a briefing as one HTML file that needs nothing else and prints on one A4 page."""
    say = Labels(made.language).message
    style = resources.files("planner.reports").joinpath("briefing.css").read_text(encoding="utf-8")
    figures = "".join(
        f"<div><strong>{safe(value)}</strong><span>{safe(name)}</span></div>"
        for value, name in made.figures
    )
    heading, columns, rows = made.remedies
    picture = base64.b64encode(made.png()).decode("ascii")
    unknown = "".join(f"<li>{safe(line)}</li>" for line in made.unknown)
    parts = [
        f"<h1>{safe(made.title)}</h1>",
        f'<p class="finding">{safe(_joined(made.finding, made.language))}</p>',
        f'<div class="figures">{figures}</div>',
        f'<figure><img alt="{safe(made.caption)}" src="data:image/png;base64,{picture}">',
        f"<figcaption>{safe(made.caption)}</figcaption></figure>",
        f"<h2>{safe(heading)}</h2>",
        _html_table(columns, rows) if rows else "",
        *(f"<p>{safe(line)}</p>" for line in made.acting),
        f"<h2>{safe(say('reports.not_known'))}</h2><ul>{unknown}</ul>" if unknown else "",
        f"<footer>{safe(_joined(made.sources, made.language))}</footer>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{made.language}"><head><meta charset="utf-8">'
        f"<title>{safe(made.title)}</title><style>{style}</style></head>"
        f"<body><article>{''.join(parts)}</article></body></html>\n"
    )


def _html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{safe(each)}</th>" for each in columns)
    styles = [' class="figure"' if name in FIGURES else "" for name in _names()]
    body = "".join(
        "<tr>"
        + "".join(f"<td{how}>{safe(cell)}</td>" for cell, how in zip(row, styles, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _joined(lines: Sequence[str], language: str) -> str:
    return ("" if language == "zh" else " ").join(lines)
