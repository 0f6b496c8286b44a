"""A report as one HTML file: it needs nothing else, and prints."""

from __future__ import annotations

import base64
from importlib import resources

from planner.reports.content import Block, Cell, Column, Figure, Part, Points, Table, shown
from planner.reports.manuscript import Manuscript
from planner.reports.widths import Piece, pieces
from planner.reports.word import Numbers, has_sums, left_out, sum_words
from planner.views.escaping import safe
from planner.views.maps.parts.palettes import COVERAGE
from planner.views.words.credits import credit_html

LETTERS = 120.0
"""Letters of a table that fit side by side, on the screen and on A4."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def written(report: Manuscript) -> str:
    """Return a report as an HTML document."""
    labels = report.labels
    style = resources.files("planner.reports").joinpath("page.css").read_text(encoding="utf-8")
    style += "".join(
        f"td.c{number}{{background:{colour}}}" for number, colour in enumerate(COVERAGE.colours)
    )
    headings = report.headings()
    links = "".join(
        f'<li><a href="#{part.name}">{safe(heading)}</a></li>'
        for heading, part in zip(headings, report.parts, strict=True)
    )
    day = labels.message("reports.dated", at=labels.date(report.at.date()))
    about = (*report.form.lines(labels), day, *report.remarks)
    numbers = Numbers()
    body = "".join(
        _part(report, heading, part, numbers)
        for heading, part in zip(headings, report.parts, strict=True)
    )
    language = "zh-CN" if labels.language == "zh" else labels.language
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{safe(report.title)}</title><style>{style}</style></head>\n<body>"
        f"<h1>{safe(report.title)}</h1>"
        f"{''.join(f'<p class=about>{safe(line)}</p>' for line in about)}"
        f'<nav aria-label="{safe(labels.message("reports.contents"))}"><ol>{links}</ol></nav>\n'
        f"<main>{body}</main></body></html>\n"
    )


def _part(report: Manuscript, heading: str, part: Part, numbers: Numbers) -> str:
    blocks = "".join(_block(report, part, block, numbers) for block in part.blocks)
    return f'<section id="{part.name}"><h2>{safe(heading)}</h2>\n{blocks}</section>\n'


def _block(report: Manuscript, part: Part, block: Block, numbers: Numbers) -> str:
    if isinstance(block, Table):
        if not block.in_documents:
            return ""
        numbers.table += 1
        return _table(report, block, numbers.table)
    if isinstance(block, Figure):
        numbers.figure += 1
        return _figure(report, block, numbers.figure)
    if isinstance(block, Points):
        points = "".join(f"<li>{safe(each)}</li>" for each in block.points)
        return f"<p>{safe(block.said)}</p>\n<ul>{points}</ul>\n"
    text = credit_html(block) if part.name == "provenance" else safe(block)
    return f"<p>{text}</p>\n"


def _figure(report: Manuscript, figure: Figure, number: int) -> str:
    labels = report.labels
    caption = labels.message("reports.figure", number=number, caption=figure.caption)
    below = f"<br>{safe(figure.note)}" if figure.note else ""
    picture = base64.b64encode(figure.png).decode("ascii")
    return (
        f'<figure><img alt="{safe(figure.caption)}" src="data:image/png;base64,{picture}">'
        f"<figcaption>{safe(caption)}{below}</figcaption></figure>\n"
    )


def _table(report: Manuscript, table: Table, number: int) -> str:
    """Return a table, in pieces where it is wider than a page."""
    labels, on_paper = report.labels, table.on_paper()
    caption = labels.message("reports.table", number=number, caption=table.caption)
    found = pieces(table, labels, LETTERS)
    made = []
    for place, piece in enumerate(found, start=1):
        of = {"part": place, "parts": len(found)}
        said = (
            caption if len(found) == 1 else labels.message("reports.piece", caption=caption, **of)
        )
        made.append(_piece(report, table, on_paper, piece, said))
    note = left_out(table, report)
    return "".join(made) + (f'<p class="note">{safe(note)}</p>\n' if note else "")


def _piece(report: Manuscript, table: Table, on_paper: Table, piece: Piece, caption: str) -> str:
    columns = [on_paper.columns[place] for place in piece.places]
    head = "".join(
        f'<th scope="col"{" class=n" if column.is_figure else ""}>{safe(column.heading)}</th>'
        for column in columns
    )
    rows = "".join(
        "<tr>"
        + "".join(
            _cell(row[place], column, report)
            for place, column in zip(piece.places, columns, strict=True)
        )
        + "</tr>\n"
        for row in on_paper.rows
    )
    sums = _sums(report, table, piece) if has_sums(table, piece.places) else ""
    return (
        f"<table><caption>{safe(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{rows}{sums}</tbody></table>\n"
    )


def _cell(cell: Cell, column: Column, report: Manuscript) -> str:
    classes = ["n"] if column.is_figure else []
    if column.style == "percent" and not isinstance(cell, str):
        classes.append(f"c{COVERAGE.of(cell / 100)}")
    named = f' class="{" ".join(classes)}"' if classes else ""
    return f"<td{named}>{safe(shown(cell, column, report.labels))}</td>"


def _sums(report: Manuscript, table: Table, piece: Piece) -> str:
    cells = "".join(
        f"<td{' class=n' if table.columns[place].is_figure else ''}>{safe(word)}</td>"
        for place, word in zip(piece.places, sum_words(table, piece.places, report), strict=True)
    )
    return f'<tr class="sum">{cells}</tr>\n'
