"""``planner brief``: one page with the finding, a map, the remedies and what is not known."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Question, own_costs
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import assessed, finish, head
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.reports.briefing import Briefing

FORMS = (".docx", ".html")


@verb
def brief(
    console: Console,
    *,
    workspace: options.Workspace,
    costs: options.CostsFile = None,
    number: Annotated[
        str,
        options.optional(
            "NUMBER",
            "The map's approval number; a Chinese map without one is marked for internal use.",
        ),
    ] = "",
    standard: options.Standard = options.DEFAULT_STANDARD,
    question: Question,
    out: Annotated[
        Path,
        options.optional("FILE", "The Word document (.docx) or page to print (.html) to write."),
    ] = Path("brief.docx"),
) -> None:
    """Write a briefing of one A4 page: finding, figures, map, remedies, what is not known.

    The figures are those of the pages Overview and Who must act. The ending of FILE says which:
    .docx for Word, .html for a page that any browser prints or saves as PDF.
    """
    from planner.reports.briefing import briefing
    from planner.siting.departments.departments import who_must_act
    from planner.views.plots.fonts import NO_FONT, chinese_font

    if out.suffix.casefold() not in FORMS:
        raise InputError("reports.no_briefing", file=str(out))
    result = assessed(console, workspace, standard, question)
    found = who_must_act(result, group=question.group, costs=own_costs(costs))
    fontless = console.labels.language == "zh" and chinese_font() is None
    with warnings.catch_warnings():
        # said below, as all that a reader must know
        warnings.simplefilter("ignore", UserWarning)
        made = briefing(found, console.labels.language, number=number)
    _write(made, out)
    console.give({**head(result, group=found.group), **_as_json(made), "files": [out]})
    console.show(made.title, *made.finding)
    for value, name in made.figures:
        console.show(f"{name}: {value}")
    if fontless:
        console.show_findings([NO_FONT], result.district.kinds)
    finish(console, result.district, [out], found.group)


def _write(made: Briefing, out: Path) -> None:
    from planner.reports.briefing import briefing_docx, briefing_html

    word = out.suffix.casefold() == ".docx"
    try:
        if word:
            out.write_bytes(briefing_docx(made, dt.datetime.now()))
        else:
            out.write_text(briefing_html(made), encoding="utf-8")
    except OSError as error:
        raise InputError("reports.not_written", file=str(out)) from error


def _as_json(made: Briefing) -> dict[str, Any]:
    _, columns, rows = made.remedies
    return {
        "title": made.title,
        "finding": list(made.finding),
        "figures": [{"name": name, "value": value} for value, name in made.figures],
        "remedies": [dict(zip(columns, row, strict=True)) for row in rows],
        "acting": list(made.acting),
        "not_known": list(made.unknown),
    }
