"""Sources, kinds and communities of a district once a layer came from another file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import geopandas as gpd
import numpy as np

from planner.district import District, KindRecord
from planner.district.records import with_complete
from planner.errors import Finding, InputError
from planner.sources.checks.finding_layers import layer_of
from planner.sources.files.communities import in_communities
from planner.sources.files.kind_records import named_together, records_of
from planner.sources.tables.reading import Reading
from planner.sources.update.change import Mode
from planner.sources.update.households import HOUSEHOLDS_STAY
from planner.sources.update.redrawn import REDRAWN

_OF_STREETS = (
    "sources.cut_streets",
    "sources.hanging_places",
    "sources.hanging_streets",
    "sources.inner_junctions",
    "sources.joined",
    "sources.loose_streets",
    "sources.unjoined",
)
"""What is found anew of all streets, those that stay among them."""


def homes_in(
    district: District, communities: gpd.GeoDataFrame
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding]]:
    """Return homes with the communities that they belong to now, nothing where these stay.

    A home that lay in the community to which it belongs goes by its place; one that somebody gave
    to another keeps that one as long as it is there.
    """
    homes = district.demand
    own = homes["community_id"].to_numpy(dtype=object)
    placed = homes.drop(columns="community_id")
    lay = in_communities(placed, district.communities)[0]["community_id"].to_numpy(dtype=object)
    lies = in_communities(placed, communities)[0]["community_id"].to_numpy(dtype=object)
    known = np.isin(own, communities["community_id"].astype(str).to_numpy(dtype=object))
    now = np.where((own != lay) & known, own, lies)
    moved = now != own
    if not moved.any():
        return {}, []
    amount = float(homes[district.groups[0]].to_numpy(dtype=np.float64)[moved].sum())
    params = {"count": int(moved.sum()), "amount": round(amount), "outside": int((now == "").sum())}
    note = Finding("update.homes_moved", params)
    return {"demand": homes.assign(community_id=now)}, [note]


def with_source(
    district: District,
    layer: str,
    reading: Reading,
    notes: list[Finding],
    *,
    rows_stay: bool,
    kept: bool,
) -> District:
    """Return the district with the file among its sources, and what was found in it.

    Parameters
    ----------
    district, layer, reading
        As it was, and the file of the layer.
    notes
        What was found of the layer beside the reading.
    rows_stay
        Whether rows of former files stay: their sources and all that was found of them do too.
    kept
        Whether values of them stay: the sources do, and what was found of no file.
    """
    files = {source.source for source in district.sources if source.layer == layer}
    sources = [s for s in district.sources if rows_stay or kept or s.layer != layer]
    if layer == "demand" and not rows_stay:
        sources = [replace(s, unit="") if s.layer == layer else s for s in sources]
    findings = [
        finding
        for finding in district.findings
        if rows_stay or not _is_past(finding, district, layer, files if kept else None)
    ]
    anew = {"update.kept_values", "sources.gates_cut", HOUSEHOLDS_STAY}
    anew = {*_OF_STREETS} if layer == "streets" else anew
    findings = [f for f in findings if f.code not in anew or layer_of(f, district) != layer]
    told = tuple(dict.fromkeys([*findings, *reading.findings, *notes]))
    sources = list(dict.fromkeys([*sources, reading.source]))
    return replace(district, sources=tuple(sources), findings=told)


def _is_past(finding: Finding, district: District, layer: str, files: set[str] | None) -> bool:
    """Whether a finding is about rows that are replaced; with files given, about these alone."""
    if finding.code == REDRAWN:  # what was asked of an area before stays of other ground
        return False
    if layer == "demand" and finding.code.startswith("population."):
        return True
    if layer == "communities" and finding.code == HOUSEHOLDS_STAY:
        return files is None  # else households may be among what is kept
    about = layer_of(finding, district) == layer
    return about and (files is None or finding.params.get("file") in files)


def recorded(
    district: District,
    table: gpd.GeoDataFrame,
    reading: Reading,
    mode: Mode,
    complete: tuple[str, ...],
    entered: Collection[str] = (),
) -> tuple[District, list[Finding]]:
    """Return the district with who tells of each kind since when, and what is known no longer.

    Of a kind whose rows are all taken for facilities of other kinds, which stay what they are where
    rows are added, the list tells nothing: else there would be none, although it has some.

    Parameters
    ----------
    district, reading, mode
        As it was, the file of facilities and how it is taken.
    table
        The facilities as they are going to be, without corrections.
    complete
        Kinds of which the file was said to list all.
    entered
        Kinds that were entered by hand.
    """
    every, source = list(dict.fromkeys(reading.table["kind"])), reading.source
    left, records = set(table["kind"]), dict(district.records)
    listed = [kind for kind in every if kind in left or kind in entered]
    passed = [kind for kind in every if kind not in listed]
    complete = tuple(kind for kind in complete if kind not in passed)
    anew = records_of([reading], listed)
    told = []
    if passed:
        count = int(reading.table["kind"].isin(passed).sum())
        params = {"file": source.source, "kinds": ", ".join(passed), "count": count}
        told.append(Finding("update.kinds_passed", params))
    again = [
        kind
        for kind, record in records.items()
        if mode == "replace" and kind in listed and record.complete and kind not in complete
    ]
    for kind in listed:
        before, now = records.get(kind, KindRecord()), anew[kind]
        if mode == "append" and before.source:
            both = named_together((before.source, now.source))
            records[kind] = replace(before, source=both, date=now.date)
        else:
            records[kind] = now
    had = set(district.facilities["kind"])
    vanished = [kind for kind in records if kind in had - left and kind not in complete]
    for kind in vanished:
        del records[kind]
    if again:
        told.append(Finding("update.complete_again", {"kinds": ", ".join(again)}))
    if vanished:
        count = int(district.facilities["kind"].isin(vanished).sum())
        params = {"file": source.source, "kinds": ", ".join(vanished), "count": count}
        told.append(Finding("update.kinds_vanish", params))
    for kind in complete:
        if kind not in district.kinds:
            known = ", ".join(district.kinds)
            raise InputError("district.unknown_complete", kind=kind, known=known)
    records = with_complete(records, complete, source.source, source.date)
    return replace(district, records=records), told


def other_kinds(district: District, layer: str, reading: Reading) -> tuple[str, ...]:
    """Return the kinds of facilities that are there and that a file of facilities does not list."""
    if layer != "facilities":
        return ()
    listed = set(reading.table["kind"].astype(str))
    return tuple(
        k for k in dict.fromkeys(district.facilities["kind"].astype(str)) if k not in listed
    )


def others_kept(
    district: District, kinds: tuple[str, ...], reading: Reading, complete: tuple[str, ...]
) -> list[Finding]:
    """Tell of the kinds that stay although a file that replaces does not list them."""
    stay = [kind for kind in kinds if kind not in complete]
    if not stay:
        return []
    count = int(district.facilities["kind"].isin(stay).sum())
    params = {"file": reading.source.source, "kinds": ", ".join(stay), "count": count}
    return [Finding("update.others_kept", params)]


def kinds_recorded_anew(before: District, after: District, mode: Mode) -> list[str]:
    """Return the kinds of which something else is recorded.

    Of a file that adds it counts only that all are listed: that it was read again is no change.
    """

    def told(district: District, kind: str) -> KindRecord | None:
        record = district.records.get(kind)
        if record is None or mode == "replace":
            return record
        return KindRecord(complete=record.complete)

    kinds = dict.fromkeys([*before.records, *after.records])
    return [kind for kind in kinds if told(before, kind) != told(after, kind)]
