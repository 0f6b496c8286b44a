"""``planner import --show``: which communities the rows of a table of totals would join."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.shared.console import Console

if TYPE_CHECKING:
    from planner.sources import Intake, Reading, Residents

_COLUMNS = ("row", "name", "joins", "by", "population")
_MOST = 40


def _heeded_by_none(_reading: Reading) -> None:
    """Heed no reading: the files are shown by themselves."""


def shown_totals(
    console: Console,
    residents: Residents,
    boundaries: Path | None,
    how: Intake,
    crs: str | None,
) -> dict[str, Any]:
    """Print what each row of a table of totals would join, those first that join nothing.

    Without boundaries nothing can be joined, and nothing is printed. Returns the rows as JSON.

    Raises
    ------
    InputError
        As an import would.
    """
    from planner.cli.shared.tables import table
    from planner.district import builtin_kinds
    from planner.sources.files.shapes import read_boundaries
    from planner.sources.population.district import read_population
    from planner.sources.projection import metric_crs_for

    if boundaries is None:
        return {}
    areas = read_boundaries(boundaries, crs=crs, **how.options("communities"))
    communities = areas.table.to_crs(metric_crs_for(areas.table))
    quiet = replace(how, on_reading=_heeded_by_none)
    totals = read_population(residents, communities, areas.source, quiet, crs=crs)
    names = dict(zip(communities["community_id"], communities["name"], strict=True))
    rows = totals.rows if residents.totals is not None else totals.rows.iloc[:0]
    shown: list[dict[str, Any]] = []
    if len(rows):
        ordered = rows.assign(none=rows["community_id"] == "").sort_values(
            "none", ascending=False, kind="stable"
        )
        grid = table("", map(console.heading, _COLUMNS), 4)
        for row in ordered.head(_MOST).to_dict("records"):
            joins = names.get(row["community_id"], "")
            alike = console.word("alike", names=row["suggestions"]) if row["suggestions"] else "–"
            grid.add_row(
                str(row["row"]),
                row["name"] or row["code"],
                joins or alike,
                console.word(f"joined_by_{row['how']}") if joins or row["how"] == "out" else "–",
                console.labels.number(row["population"]),
            )
        console.show(grid)
        if len(ordered) > _MOST:
            console.show(console.word("more_rows", count=len(ordered) - _MOST))
        shown = [dict(zip(map(str, rows), row, strict=True)) for row in rows.to_numpy(dtype=object)]
    console.show_findings(totals.findings, builtin_kinds())
    findings = console.findings_json(totals.findings, builtin_kinds())
    return {"totals": {"rows": shown, "findings": findings}}
