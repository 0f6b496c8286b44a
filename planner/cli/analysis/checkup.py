"""``planner audit`` and ``planner checkup``: each clause by area, and a score with its card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.levels import LevelOption, level_of
from planner.cli.shared.option_groups import GroupsQuestion
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from planner.analysis.assessment import Assessment
    from planner.analysis.compliance.checkup import Checkup


@verb
def audit(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    level: LevelOption = "community",
    question: GroupsQuestion,
    kinds: options.KindsFile = None,
    out: Annotated[Path | None, options.optional("FILE", "Write all clauses as CSV.")] = None,
) -> None:
    """Judge each area by each clause of a standard: met or not, and by how much.

    Prints how many areas meet each clause; --json and --out have every area.
    """
    from planner.analysis.compliance.audit import audit as audit_areas
    from planner.cli.shared.tables import records
    from planner.views.exports.files import write_csv
    from planner.views.tables.analysis.checkups import clauses_table

    chosen = level_of(level)
    result = assessed(console, workspace, standard, question, kinds=kinds)
    rows = audit_areas(result, chosen)
    if out is not None:
        write_csv(clauses_table(result, rows, console.labels.language), out)
    files = [] if out is None else [out]
    console.give(_head(console, result, chosen) | {"clauses": records(rows), "files": files})
    console.show(_clauses(console, result, rows))
    _end(console, result, files, question)


@verb
def checkup(
    console: Console,
    *,
    workspace: options.Workspace,
    standard: options.Standard = options.DEFAULT_STANDARD,
    level: LevelOption = "community",
    weights: Annotated[
        Path | None, options.optional("FILE", "Weights of your own, a TOML file.")
    ] = None,
    area: Annotated[str | None, options.optional("CODE", "Show the card of this area.")] = None,
    question: GroupsQuestion,
    kinds: options.KindsFile = None,
    links: Annotated[
        bool, typer.Option("--links", help="Try connections between streets as remedies (slower).")
    ] = False,
    out: Annotated[
        Path | None,
        options.optional(
            "DIR", "Write scores, clauses, remedies and cards to print to this folder."
        ),
    ] = None,
) -> None:
    """Give each area a score of 0 to 100 with its parts, what is missing and a remedy.

    Prints the scores, the best first; with --area what is good and missing there. With --out also a
    card for each area that prints on one page.
    """
    from planner.analysis.compliance.checkup import checkup as check_up
    from planner.cli.shared.tables import records
    from planner.views.exports.analysis.checkups import write_checkup
    from planner.views.words.analysis.checkups import weights_word

    chosen = level_of(level)
    result = assessed(console, workspace, standard, question, kinds=kinds)
    made = check_up(result, weights, chosen)
    card = None if area is None else made.card(area, links=links)
    lines = _lines(console, made, area, links=links) if area is not None else []
    files = write_checkup(made, out, console.labels.language, links=links) if out else []
    scores = made.scores.rename_axis("area_id").reset_index()
    remedies = made.remedies(links=links) if card is None else card.remedies
    head = _head(console, result, chosen)
    head["findings"] += console.findings_json(made.findings, result.district.kinds)
    console.give(
        head
        | {
            "weights": vars(made.weights),
            "scores": records(scores),
            "parts": records(made.parts if card is None else card.parts),
            "remedies": records(remedies),
            "files": files,
        }
    )
    shown: list[str | Table] = [*lines] if lines else [_scores(console, made)]
    console.show(*shown, weights_word(console.labels, made.weights))
    console.show_findings(made.findings, result.district.kinds)
    _end(console, result, files, question)


def _head(console: Console, result: Assessment, level: str) -> dict[str, Any]:
    from planner.cli.shared.tables import district_json

    return {
        "district": district_json(result.district),
        "standard": result.standard.id,
        "level": level,
        "groups": list(result.groups),
        "at": result.question.asked_at,
        "service": result.question.service,
        "findings": console.findings_json(result.findings, result.district.kinds),
    }


def _clauses(console: Console, result: Assessment, rows: pd.DataFrame) -> Table:
    """Return one row for each clause: in how many areas it is met, missed and not known."""
    from planner.cli.shared.tables import fold_headings, table
    from planner.views.words.analysis.checkups import group_word, kinds_word, requirement_word, word

    labels = console.labels
    headings = [labels.column("kind"), word(labels, "col_requirement"), labels.column("group")]
    headings += [word(labels, f"areas_{name}") for name in ("met", "missed", "open")]
    grid = table(f"{result.district.name} · {labels.standard(result.standard)}", headings, 3)
    for key, areas in rows.groupby(["kind", "requirement", "group"], sort=False):
        kind, requirement, group = map(str, key)
        met = areas["met"]
        counts = (met.eq(True).sum(), met.eq(False).sum())
        unknown = int((met.isna() & areas["attained_low"].notna()).sum())
        grid.add_row(
            kinds_word(labels, kind, result),
            requirement_word(labels, requirement),
            group_word(labels, group),
            *(labels.number(int(count)) for count in (*counts, unknown)),
        )
    fold_headings(grid)
    return grid


def _scores(console: Console, made: Checkup) -> Table:
    from planner.cli.shared.tables import fold_headings, records, table
    from planner.views.words.analysis.checkups import score_words, word

    labels, result = console.labels, made.assessment
    headings = [labels.column("area_id"), labels.column("name"), word(labels, "score")]
    headings += [labels.group(result.groups[0])]
    headings += [word(labels, f"col_{name}") for name in ("met", "missed", "open")]
    grid = table(f"{result.district.name} · {labels.standard(result.standard)}", headings, 2)
    ranked = made.scores.sort_values("rank", kind="stable", na_position="last")
    for row in records(ranked.rename_axis("area_id").reset_index()):
        counts = (labels.number(row[name]) for name in ("residents", "met", "missed", "open"))
        grid.add_row(row["area_id"], row["name"], score_words(labels, row), *counts)
    fold_headings(grid)
    return grid


def _lines(console: Console, made: Checkup, area: str, *, links: bool) -> list[str]:
    """Return the card of an area as lines."""
    from planner.views.words.analysis.checkups import (
        build_note,
        remedy_word,
        score_words,
        word,
    )

    labels, kinds = console.labels, made.assessment.district.kinds
    card = made.card(area, links=links)
    score = score_words(labels, made.scores.loc[area].to_dict())
    lines = [f"{card.name or area} · {word(labels, 'score')} {score}"]
    for name in ("missing", "good", "unknown"):
        found = getattr(card, name)
        lines.append(word(labels, name, count=len(found)))
        lines += [f"- {labels.finding(finding, kinds)}" for finding in found]
    lines.append(word(labels, "remedies"))
    for row in card.remedies.to_dict("records"):
        lines.append(f"- {remedy_word(labels, row, made.assessment)}")
    if tried := build_note(labels, card.remedies):
        lines.append(tried)
    return lines


def _end(console: Console, result: Assessment, files: list[Path], question: GroupsQuestion) -> None:
    from planner.views.words.ranges import spread_words

    limits = {group for rule in result.standard.rules.values() for group in rule.limits}
    left = [each for each in (question.group or [])[1:] if each not in limits]
    if left:
        first, *_ = result.groups
        names = [console.labels.group(each) for each in (first, *left)]
        told = {"group": names[0], "others": ", ".join(names[1:])}
        console.show(console.labels.message("checkup.groups_not_judged", **told))

    console.show(*spread_words(result, result.groups[0], console.labels))
    if not all(rule.verified for rule in result.standard.rules.values()):
        console.show(console.labels.message("checkup.unverified"))
    finish(console, result.district, files, of=result)
