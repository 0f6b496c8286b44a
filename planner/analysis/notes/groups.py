"""What a reader of the figures of a group must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.district import District
from planner.errors import Finding


def group_notes(district: District, group: str) -> tuple[Finding, ...]:
    """Return where a group is not told, or is withheld, and so is in no count of it."""
    held_back = (f for f in district.findings if f.code == "small_numbers.areas")
    withheld = tuple(f for f in held_back if f.params["group"] == group)
    return (*missing_groups(district, [group]), *withheld)


def missing_groups(district: District, groups: Sequence[str]) -> Iterator[Finding]:
    """Tell of groups that some homes do not count, but for what is withheld."""
    missing = district.people()[list(groups)].isna().sum()
    if (withheld := district.withheld) is not None:
        missing = missing.sub(withheld.gone.sum(), fill_value=0)[list(groups)]
    for group, rows in missing[missing > 0].items():
        yield Finding("analysis.group_missing", {"group": group, "rows": int(rows)})
