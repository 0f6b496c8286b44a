"""What figures rest on, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.views.words.labels import Labels
from planner.views.words.provenance import data_lines, definition_rows, limit_line, range_line

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def figure_rows(assessment: Assessment) -> list[dict[str, Any]]:
    """Return for each kind and group the figures with what is not known, for programs."""
    names = ["kind", "group", "covered", "uncovered", "unknown", "share", "share_low", "share_high"]
    table = assessment.summary()[names].astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def provenance_table(assessment: Assessment, labels: Labels) -> pd.DataFrame:
    """Return all that the figures rest on as one table of three columns, to lie beside a table.

    Parameters
    ----------
    assessment
        Whose figures they are.
    labels
        Words of a language.

    Returns
    -------
    DataFrame
        One row for each fact: what it is about, the name, and what is to be known of it.
    """
    rows = [*_about(assessment, labels)]
    for each in definition_rows(labels):
        formula = f" [{each['formula']}]" if each["formula"] else ""
        rows.append(("definition", each["heading"], each["meaning"] + formula))
    for kind in assessment.kinds:
        name = labels.kind(kind, assessment.district.kinds)
        rows.append(("limit_m", name, limit_line(assessment, kind, labels)))
    for row in assessment.summary().to_dict("records"):
        name = labels.kind(str(row["kind"]), assessment.district.kinds)
        people = labels.group(str(row["group"]))
        rows.append(("unknown", f"{name} · {people}", range_line(row, labels)))
    rows += [("data", "", line) for line in data_lines(assessment.district, labels, None)]
    kinds = assessment.district.kinds
    rows += [("remark", "", labels.finding(each, kinds)) for each in assessment.findings]
    headings = [labels.message(f"provenance.col_{name}") for name in ("topic", "name", "text")]
    worded = [(labels.message(f"provenance.topic_{topic}"), *rest) for topic, *rest in rows]
    return pd.DataFrame(worded, columns=headings)


def _about(assessment: Assessment, labels: Labels) -> list[tuple[str, str, str]]:
    district, standard = assessment.district, assessment.standard
    rows = [
        ("district", district.name, district.attribution),
        ("standard", labels.standard(standard), standard.source),
    ]
    rows += [("question", "", sentence) for sentence in labels.asked(assessment)]
    if district.synthetic:
        rows.append(("remark", "", labels.text("Synthetic data: this place is made up")))
    if district.estimated:
        rows.append(("remark", "", labels.text("Estimated demand, not counted people")))
    return rows
