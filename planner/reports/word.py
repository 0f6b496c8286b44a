"""A report as a Word document."""

from __future__ import annotations

from pathlib import Path

from planner.reports.content import Block, Figure, Part, Points, Table, shown
from planner.reports.document import BLANK, RULED, Paper
from planner.reports.manuscript import Manuscript
from planner.reports.official_layout import Letters
from planner.reports.widths import Piece, pieces
from planner.views.words.labels import Labels


def written(report: Manuscript, template: str | Path | bytes | None = None) -> bytes:
    """Return a report as a .docx file: title, fields, contents, parts.

    Parameters
    ----------
    report
        What it says.
    template
        A .docx of a bureau's own.
    """
    labels = report.labels
    paper = Paper(labels.language, template, _fields(report))
    paper.title(report.title)
    for line in (*report.form.lines(labels), *_dated(report), *report.remarks):
        paper.paragraph(line)
    headings = report.headings()
    last = labels.message("reports.signatures")
    paper.contents(labels.message("reports.contents"), [*headings, last])
    numbers = Numbers()
    for heading, part in zip(headings, report.parts, strict=True):
        paper.heading(heading, new_page=_opens_with_figure(part))
        for block in part.blocks:
            _write(paper, report, block, numbers)
    _signatures(paper, report)
    return paper.written(report.title, report.at)


def _opens_with_figure(part: Part) -> bool:
    """Whether a figure comes before any table: then its heading begins a page.

    A figure takes half of one, and an office program may leave the heading behind before it.
    """
    shown_first = next((each for each in part.blocks if isinstance(each, Table | Figure)), None)
    return isinstance(shown_first, Figure)


def _signatures(paper: Paper, report: Manuscript) -> None:
    """Write room for those who sign, and for who issues it: no hand has signed or dated it yet."""
    say = report.labels.message
    names = ("prepared_by", "reviewed_by", "approved_by")
    day = say("reports.day_by_hand")
    paper.heading(say("reports.signatures"))
    paper.paragraph(say("reports.sign_here"))
    paper.table(
        [BLANK, *(say(f"reports.{name}") for name in names)],
        [
            [say("reports.signature"), *[f"{BLANK}\n{BLANK}"] * len(names)],
            [say("reports.signed_on"), *[day] * len(names)],
        ],
        (1.6, 3, 3, 3),
    )
    paper.at_the_right(say("reports.form_issuing_unit", value=report.form.issuing_unit or RULED))
    paper.at_the_right(say("reports.issued_on", day=day))


class Numbers:
    """How many tables and figures there were so far."""

    def __init__(self) -> None:
        self.table = self.figure = 0


def _fields(report: Manuscript) -> dict[str, str]:
    """Return what a template may ask for, by the name that it writes between double braces."""
    return {
        "title": report.title,
        "date": report.labels.date(report.at.date()),
        **vars(report.form),
    }


def _dated(report: Manuscript) -> list[str]:
    day = report.labels.date(report.at.date())
    return [report.labels.message("reports.dated", at=day)]


def _write(paper: Paper, report: Manuscript, block: Block, numbers: Numbers) -> None:
    if isinstance(block, Table):
        if block.in_documents:
            numbers.table += 1
            _table(paper, report, block, numbers.table)
    elif isinstance(block, Figure):
        numbers.figure += 1
        paper.picture(block.png, block.caption)
        caption = report.labels.message(
            "reports.figure", number=numbers.figure, caption=block.caption
        )
        paper.caption(caption, numbers.figure, "Figure", stays=bool(block.note))
        if block.note:
            paper.small(block.note)
    elif isinstance(block, Points):
        paper.points(block.said, block.points)
    else:
        paper.paragraph(block)


def _table(paper: Paper, report: Manuscript, table: Table, number: int) -> None:
    """Write a table, in pieces where it is wider than the page, and say what is left out."""
    labels, paper_table = report.labels, table.on_paper()
    caption = labels.message("reports.table", number=number, caption=table.caption)
    size, found = _sized(paper, table, labels)
    for place, piece in enumerate(found, start=1):
        of = {"part": place, "parts": len(found)}
        said = (
            caption if len(found) == 1 else labels.message("reports.piece", caption=caption, **of)
        )
        paper.caption(said, number if place == 1 else None, "Table")
        columns = [paper_table.columns[each] for each in piece.places]
        rows = [
            [
                shown(row[each], column, labels)
                for each, column in zip(piece.places, columns, strict=True)
            ]
            for row in paper_table.rows
        ]
        if has_sums(table, piece.places):
            rows.append(sum_words(table, piece.places, report))
        figures = [column.is_figure for column in columns]
        paper.table(
            [column.heading for column in columns],
            rows,
            piece.widths,
            figures=figures,
            letters=size,
        )
    if note := left_out(table, report):
        paper.small(note)


def _sized(paper: Paper, table: Table, labels: Labels) -> tuple[Letters, list[Piece]]:
    """Return the size of the letters of a table and its pieces: smaller ones where that saves some.

    Two pieces of a table must be read beside one another, which costs more than smaller letters.
    """
    usual, smaller = (pieces(table, labels, paper.letters(size)) for size in ("Tight", "Tightest"))
    return ("Tightest", smaller) if len(smaller) < len(usual) else ("Tight", usual)


def has_sums(table: Table, places: tuple[int, ...]) -> bool:
    """Whether some of these columns of a table have a sum."""
    return table.has_sums and any(table.columns[place].summed for place in places)


def sum_words(table: Table, places: tuple[int, ...], report: Manuscript) -> list[str]:
    """Return the row of sums as it is written: over all rows, shown or not."""
    sums, labels = table.sums(), report.labels
    words = [
        "" if sums[each] is None else shown(sums[each] or 0.0, table.columns[each], labels)
        for each in places
    ]
    words[0] = labels.message(f"reports.{'sum_known' if table.sums_lack(places) else 'sum'}")
    return words


def left_out(table: Table, report: Manuscript) -> str:
    """Return what documents do not show of a table, empty where they show all."""
    labels, on_paper = report.labels, table.on_paper()
    if len(on_paper.rows) < len(table.rows):
        return labels.message(
            "reports.more_rows",
            shown=labels.number(len(on_paper.rows)),
            all=labels.number(len(table.rows)),
        )
    if len(on_paper.columns) < len(table.columns):
        return labels.message("reports.more_columns")
    return ""
