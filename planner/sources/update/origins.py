"""Sources, kinds and communities of a district once a layer came from another file."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np

from planner.district import District, KindRecord
from planner.district.records import with_complete
from planner.errors import Finding, InputError
from planner.sources.files.communities import in_communities
from planner.sources.tables.reading import Reading
from planner.sources.update.change import Mode

_OF_STREETS = (
    "sources.cut_streets",
    "sources.hanging_streets",
    "sources.joined",
    "sources.loose_streets",
    "sources.unjoined",
)
_OF_LAYER: dict[str, set[str]] = {
    "demand": {
        "sources.community_ids",
        "osm.area_of_residents",
        "osm.communities_with_rest",
        "osm.demand_left_out",
        "osm.homes_doubled",
        "osm.residents_from_buildings",
        "osm.residents_from_streets",
        "osm.scaled",
    },
    "facilities": {
        "corrections.applied",
        "corrections.lost",
        "corrections.stale",
        "osm.facilities_gone",
        "osm.facilities_left_out",
        "osm.floor_areas_estimated",
        "osm.floor_areas_shared",
        "osm.no_facilities",
        "osm.several_kinds",
        "osm.specialists",
    },
}
"""What was found of the rows of a layer that are replaced, and names no file."""


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
    stays: bool,
    added: bool,
) -> District:
    """Return the district with the file among its sources, and what was found in it."""
    before = [source for source in district.sources if source.layer == layer]
    sources = [source for source in district.sources if stays or source.layer != layer]
    if layer == "demand" and not added:
        sources = [replace(s, unit="") if s.layer == layer else s for s in sources]
    past = set() if stays else {source.source for source in before}
    codes = set(_OF_STREETS) if layer == "streets" else set()
    if not stays:
        codes |= _OF_LAYER.get(layer, set())
    findings = [
        finding
        for finding in district.findings
        if finding.code not in codes
        and str(finding.params.get("file", "")) not in past
        and not (layer == "demand" and not added and finding.code.startswith("population."))
    ]
    kept = tuple(dict.fromkeys([*findings, *reading.findings, *notes]))
    return replace(district, sources=(*sources, reading.source), findings=kept)


def recorded(
    district: District,
    table: gpd.GeoDataFrame,
    reading: Reading,
    mode: Mode,
    complete: tuple[str, ...],
) -> tuple[District, list[Finding]]:
    """Return the district with who tells of each kind since when, and what is known no longer."""
    listed, source = list(dict.fromkeys(reading.table["kind"])), reading.source
    left, records = set(table["kind"]), dict(district.records)
    told = []
    again = [
        kind
        for kind, record in records.items()
        if mode == "replace" and kind in listed and record.complete and kind not in complete
    ]
    for kind in listed:
        before = records.get(kind, KindRecord())
        if mode == "append" and before.source and before.source != source.source:
            both = f"{before.source}; {source.source}"
            records[kind] = replace(before, source=both, date=source.date)
        else:
            records[kind] = KindRecord(source.source, source.date)
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
