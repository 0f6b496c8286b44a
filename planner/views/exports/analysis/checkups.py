"""Check-ups as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.analysis.compliance.checkup import Checkup
from planner.views.exports.files import write_csv, write_notes
from planner.views.exports.folders import whole_folder
from planner.views.tables.analysis.checkups import clauses_table, remedies_table, scores_table
from planner.views.words.analysis.checkups import build_note, weights_word
from planner.views.words.labels import Labels
from planner.views.words.ranges import spread_words

FILES = ("checkup.csv", "clauses.csv", "remedies.csv", "cards.html", "checkup_notes.txt")
"""The files that :func:`write_checkup` makes."""


def write_checkup(
    made: Checkup, folder: str | Path, language: str = "en", *, links: bool = False
) -> list[Path]:
    """Write scores, clauses, remedies and a printable card of each area, all files or none.

    Parameters
    ----------
    made
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        ``"en"`` or ``"zh"``.
    links
        Whether links between streets are tried as remedies; that may take long.

    Returns
    -------
    list of Path
        The files of :data:`FILES`.
    """
    from planner.views.exports.analysis.card import cards_html

    with whole_folder(folder) as part:
        write_csv(scores_table(made, language), part / "checkup.csv")
        write_csv(clauses_table(made.assessment, made.parts, language), part / "clauses.csv")
        rows = made.remedies(links=links)
        write_csv(remedies_table(made, rows, language), part / "remedies.csv")
        page = cards_html(made, list(made.scores.index), language, links=links)
        (part / "cards.html").write_text(page, encoding="utf-8")
        write_notes(_notes(made, rows, language), part / "checkup_notes.txt")
    return [Path(folder) / name for name in FILES]


def _notes(made: Checkup, rows: pd.DataFrame, language: str) -> list[str]:
    """Return what scores and remedies are made of, what was found, and how sure the shares are."""
    result = made.assessment
    labels, kinds = Labels.of(result, language), result.district.kinds
    found = [labels.finding(each, kinds) for each in made.findings]
    spread = spread_words(result, result.groups[0], labels)
    tried = build_note(labels, rows)
    return [weights_word(labels, made.weights), *found, *spread, *filter(None, [tried])]
