"""The check-up card (体检卡) of an area: one page of HTML that needs nothing else and prints."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

from planner.analysis.compliance.checkup import Card, Checkup
from planner.district import District, Source
from planner.views.escaping import safe
from planner.views.words.analysis.checkups import (
    build_note,
    kinds_word,
    remedy_word,
    requirement_word,
    score_word,
    weights_word,
    word,
)
from planner.views.words.credits import credit_html
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.provenance import source_date
from planner.views.words.ranges import spread_words

DATED = ("demand", "facilities", "streets")
"""Layers whose day a card tells."""

LISTED = {"good": 5, "missing": 9, "unknown": 3, "remedies": 7}
"""Lines of each list at most, so that a card fills no more than one A4 page."""


def card_html(
    made: Checkup,
    area_id: str,
    language: str = "en",
    *,
    links: bool = True,
    at: dt.date | None = None,
) -> str:
    """Return the card of one area as an HTML document; see :func:`cards_html`."""
    return cards_html(made, [area_id], language, links=links, at=at)


def cards_html(
    made: Checkup,
    area_ids: Sequence[str],
    language: str = "en",
    *,
    links: bool = False,
    at: dt.date | None = None,
) -> str:
    """Return the cards of areas as one HTML document, each on a page of its own when printed.

    Parameters
    ----------
    made
        The check-up.
    area_ids
        Ids of ``made.scores``.
    language
        ``"en"`` or ``"zh"``.
    links
        Whether links between streets are tried as remedies; about a fifth of a second for each
        area and kind.
    at
        The day that the cards bear; today by default.

    Raises
    ------
    InputError
        For an area or language that is not known.
    """
    district = made.assessment.district
    names = PlaceNames.of_district(district, language)
    labels = replace(Labels.of(made.assessment, language), names=names)
    style = (
        resources.files("planner.views.exports.analysis")
        .joinpath("card.css")
        .read_text(encoding="utf-8")
    )
    day = at or dt.datetime.now().date()
    cards = "".join(_card(made, made.card(area, links=links), labels, day) for area in area_ids)
    title = safe(f"{word(labels, 'card_title')} · {labels.text(district.name)}")
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{style}</style></head><body>{cards}</body></html>\n"
    )


def _card(made: Checkup, card: Card, labels: Labels, at: dt.date) -> str:
    steps = [remedy_word(labels, row, made.assessment) for row in card.remedies.to_dict("records")]
    none = "no_remedy" if made.assessment.judged_kinds else "no_remedy_known"
    advice = _lines(steps, "remedies", labels) or _note(safe(word(labels, none)))
    if tried := build_note(labels, card.remedies):
        advice += _note(safe(tried))
    return (
        f"<article>{_head(made, card, labels, at)}<h2>{safe(word(labels, 'remedies'))}</h2>{advice}"
        f"{_lists(made, card, labels)}{_parts(made, card, labels)}{_foot(made, labels)}</article>"
    )


def _lists(made: Checkup, card: Card, labels: Labels) -> str:
    """Return what is missing beside what is good and what is not known, each under its heading.

    A list that a column broke would go on below no heading. So each column holds whole lists, and
    is as wide as they are long: then both end at about the same height.
    """
    kinds = made.assessment.district.kinds
    columns = []
    for names in (("missing",), ("good", "unknown")):
        made_of, letters = "", 0
        for name in names:
            lines = [labels.finding(finding, kinds) for finding in getattr(card, name)]
            if lines:
                heading = safe(word(labels, name, count=len(lines)))
                made_of += f"<h2>{heading}</h2>{_lines(lines, name, labels)}"
                letters += len(heading) + sum(map(len, lines[: LISTED[name]]))
        if made_of:
            columns.append((made_of, letters))
    shown = "".join(f'<div style="flex-grow:{letters}">{each}</div>' for each, letters in columns)
    return f"<div class=columns>{shown}</div>" if shown else ""


def _head(made: Checkup, card: Card, labels: Labels, at: dt.date) -> str:
    district, group = made.assessment.district, made.assessment.groups[0]
    people = word(
        labels, "residents", count=labels.number(card.residents), group=labels.group(group)
    )
    places = [
        word(labels, "card_title"),
        labels.text(district.name) if card.area_id else "",
        card.subdistrict,
    ]
    facts = [people]
    if card.rank is not None and card.areas > 1:
        facts.append(word(labels, "rank_of", rank=card.rank, count=card.areas))
    bounds = (card.score_low, card.score_high)
    if not math.isnan(card.score) and bounds != (card.score, card.score):
        low, high = (score_word(labels, bound) for bound in bounds)
        facts.append(word(labels, "score_range", low=low, high=high))
    facts += [*map(str, labels.asked(made.assessment))]
    if math.isnan(card.score):
        shown = f"<small>{safe(word(labels, 'no_score'))}</small>"
        bar = ""
    else:
        shown = f"{safe(score_word(labels, card.score))}<small> / 100</small>"
        bar = f'<div class="bar"><i style="width:{card.score:.1f}%"></i></div>'
    kicker = safe(" · ".join(labels.place(each) for each in dict.fromkeys(places) if each))
    name = safe(labels.place(card.name) or card.area_id)
    return (
        f'<header><div><p class="kicker">{kicker}</p><h1>{name}</h1>'
        f"<p>{safe(' · '.join(facts))}</p>{_note(safe(_dates(district, labels, at)))}</div>"
        f'<p class="score">{shown}</p></header>{bar}'
    )


def _dates(district: District, labels: Labels, at: dt.date) -> str:
    """Return of which day the data are by their sources, and the card."""
    days: dict[str, list[str]] = {}
    for layer in DATED:
        if district.layers[layer].empty:
            continue
        own = [source for source in district.sources if source.layer == layer]
        for source in own or [Source(layer, "")]:
            layers = days.setdefault(source_date(source, labels), [])
            layers.append(labels.message(f"app.layer_{layer}"))
    told = [
        word(labels, "dated_layers", layers=labels.text(", ").join(dict.fromkeys(layers)), date=day)
        for day, layers in days.items()
    ]
    dates = labels.text("; ").join(told)
    return word(labels, "dated", dates=dates, at=labels.date(at))


def _lines(lines: list[str], name: str, labels: Labels) -> str:
    if not lines:
        return ""
    most = LISTED[name]
    shown = lines if len(lines) <= most else lines[:most]
    items = "".join(f"<li>{safe(labels.place(line))}</li>" for line in shown)
    more = len(lines) - len(shown)
    note = _note(safe(word(labels, "and_more", count=more))) if more else ""
    return f"<ul>{items}</ul>{note}"


def _note(text: str) -> str:
    return f'<p class="note">{text}</p>'


def _parts(made: Checkup, card: Card, labels: Labels) -> str:
    """Return the parts as a grid of kinds and requirements, whose sum is the score."""
    if card.parts["max_points"].sum() == 0:
        return ""
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for row in card.parts[card.parts["max_points"] > 0].to_dict("records"):
        kind, asked = str(row["kind"]), str(row["requirement"])
        for key in ((kind, asked), (kind, ""), ("", asked), ("", "")):
            kept, most = sums.get(key, (0.0, 0.0))
            sums[key] = (kept + row["points"], most + row["max_points"])
    requirements = [name for name in made.weights.requirement if ("", name) in sums]
    kinds = [kind for kind in dict.fromkeys(card.parts["kind"]) if (kind, "") in sums]
    order = {kind: rank for rank, kind in enumerate(made.assessment.judged_kinds)}
    kinds.sort(key=lambda kind: order.get(kind, len(order)))
    total = word(labels, "total")
    head = [
        labels.column("kind"),
        *(requirement_word(labels, name) for name in requirements),
        total,
    ]
    rows = ["".join(f"<th>{safe(text)}</th>" for text in head)]
    for kind in (*kinds, ""):
        name = safe(kinds_word(labels, kind, made.assessment) if kind else total)
        cells = (_cell(sums.get((kind, asked)), labels) for asked in (*requirements, ""))
        rows.append(f"<td>{name}</td>{''.join(cells)}")
    body = "".join(f"<tr>{row}</tr>" for row in rows[:-1])
    note = word(labels, "parts_note", score=score_word(labels, card.score))
    return (
        f"<h2>{safe(word(labels, 'parts'))}</h2><table>{body}"
        f'<tr class="total">{rows[-1]}</tr></table>{_note(safe(note))}'
    )


def _cell(sums: tuple[float, float] | None, labels: Labels) -> str:
    if sums is None:
        return "<td>–</td>"
    kept, most = (round(points, 1) for points in sums)
    full = ' class="full"' if kept == most else ""
    return f"<td{full}>{safe(f'{labels.number(kept, 1)} / {labels.number(most, 1)}')}</td>"


def _foot(made: Checkup, labels: Labels) -> str:
    standard, district = made.assessment.standard, made.assessment.district
    lines = [
        word(labels, "by_standard", standard=labels.standard(standard)),
        weights_word(labels, made.weights),
    ]
    rules = (rule.verified for rule in standard.rules.values())
    if not all((*rules, *(target.verified for target in standard.areas))):
        lines.append(word(labels, "unverified"))
    lines += spread_words(made.assessment, made.assessment.groups[0], labels)
    if district.synthetic:
        lines.append(word(labels, "synthetic"))
    notes = [safe(line) for line in lines]
    if district.attribution:
        notes.append(credit_html(labels.text(district.attribution)))
    return f"<footer>{''.join(map(_note, notes))}</footer>"
