"""``planner check``: is a workspace sound, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.cli import options
from planner.cli.console import Console, Findings
from planner.cli.verbs import verb
from planner.cli.workspace import finish, open_workspace

if TYPE_CHECKING:
    from planner.district import District


@verb
def check(
    console: Console,
    *,
    workspace: options.Workspace,
) -> None:
    """Check a workspace and say what is in it.

    Every layer, column, id and shape is checked; the first fault is named with its layer, row and
    column, and the exit code is 2. Then follows what to mend before believing the figures: places
    without a street, loose pieces of street, facilities inside barriers, columns not filled.
    """
    from planner.district import kind_notes
    from planner.sources import check as check_district
    from planner.sources.streets.layer import LOOSE_MUCH, loose_share

    district = open_workspace(workspace)
    show(console, district, (*check_district(district), *kind_notes(district)))
    loose = loose_share(district.streets)
    if loose >= LOOSE_MUCH:
        percent = round(100 * loose, 1)
        console.show(console.word("check_loose", file=workspace, percent=percent))
    else:
        console.show(console.word("check_good", file=workspace))


def show(console: Console, district: District, found: Findings) -> None:
    """Print a district's layers and sources, and what was found in it."""
    from planner.cli.tables import district_json, table

    findings = console.findings_json(found, district.kinds)
    console.give({**district_json(district), "findings": findings})
    title = f"{district.name} · {district.crs.to_string()}"
    grid = table(title, map(console.heading, ("layer", "rows")))
    for name, layer in district.layers.items():
        grid.add_row(name, console.labels.number(len(layer)))
    sources = table("", map(console.heading, ("layer", "source", "date", "licence")), 4)
    for source in district.sources:
        sources.add_row(source.layer, source.source, source.date, source.licence)
    console.show(grid, sources)
    finish(console, district)
    console.show_findings(found, district.kinds)
