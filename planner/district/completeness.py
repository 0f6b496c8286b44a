"""Of which kinds no source of a district tells, and of which nothing that counts."""

from __future__ import annotations

from collections.abc import Iterable

from planner.district.district import District
from planner.errors import Finding


def kind_notes(district: District) -> tuple[Finding, ...]:
    """Return of which kinds no source of a district tells: no data is not "none exists"."""
    without = [kind for kind in district.kinds if not district.has_data(kind)]
    found = (Finding("district.kinds_without_data", {"kinds": ", ".join(without)}),)
    return (*(found if without else ()), *none_counting(district, district.kinds))


def none_counting(district: District, kinds: Iterable[str]) -> tuple[Finding, ...]:
    """Tell of which kinds facilities are listed and none counts, unless all are said to be listed.

    A list of projects has what is planned: of what is there today it tells nothing. What a scenario
    shuts was open: then 0 is a figure.
    """
    counting = {*district.open_facilities()["kind"], *district.had_open}
    listed = district.facilities["kind"]
    mute = [
        kind
        for kind in kinds
        if district.data_state(kind) == "listed" and kind not in counting and (listed == kind).any()
    ]
    if not mute:
        return ()
    params = {"kinds": ", ".join(mute), "count": int(listed.isin(mute).sum())}
    return (Finding("district.kinds_none_counting", params),)
