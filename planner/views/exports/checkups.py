"""Check-ups as files."""

from __future__ import annotations

from pathlib import Path

from planner.analysis.compliance.checkup import Checkup
from planner.views.exports.files import write_csv
from planner.views.exports.folders import whole_folder
from planner.views.tables.checkups import clauses_table, remedies_table, scores_table

FILES = ("checkup.csv", "clauses.csv", "remedies.csv", "cards.html")
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
    from planner.views.exports.card import cards_html

    with whole_folder(folder) as part:
        write_csv(scores_table(made, language), part / "checkup.csv")
        write_csv(clauses_table(made.assessment, made.parts, language), part / "clauses.csv")
        rows = made.remedies(links=links)
        write_csv(remedies_table(made, rows, language), part / "remedies.csv")
        page = cards_html(made, list(made.scores.index), language, links=links)
        (part / "cards.html").write_text(page, encoding="utf-8")
    return [Path(folder) / name for name in FILES]
