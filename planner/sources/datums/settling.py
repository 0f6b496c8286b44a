"""Layers whose datum nobody says, settled by where they fit; those that look shifted are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
import shapely

from planner.district.mainland_china import in_mainland_china
from planner.errors import Finding, InputError
from planner.sources.datums.declared import NAMES, POINTS, moved_by
from planner.sources.datums.minority import minority
from planner.sources.datums.recognition import DATUMS, SURE, Ground, Recognition, recognise
from planner.sources.datums.shifts import SHIFTED, Shifted, shifted, unshifted
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told

FEW_SPOTS = 10
"""A layer of fewer places, which cannot tell its datum, follows the other layers of its import."""

FOLLOWS = -4.0
"""Least log odds, against the best, of the datum that such a layer follows the others into."""

FAR_M = 3_000.0
"""Points farther than this from every street lie elsewhere; their datum is not at fault."""


GROUND = "datums.ground_shifted"
"""Code of the finding that the streets lie in another datum than places beside them."""


@dataclass(frozen=True, eq=False)
class Settled:
    """What came of the datum of one layer of points.

    Parameters
    ----------
    reading
        The layer in WGS 84; as it was read where there is a fault.
    found
        How it fits in each datum, None where there was nothing to ask.
    fault
        Why it cannot be taken as it is, None where it can.
    """

    reading: Reading
    found: Recognition | None = None
    fault: InputError | None = None


def ground_of(streets: Reading, areas: gpd.GeoDataFrame) -> Ground:
    """Return what is known to lie right; homes stand beside lanes on which nobody walks as well."""
    lines = streets.table.geometry
    if streets.left_out is not None:
        lines = pd.concat([lines, streets.left_out.geometry.to_crs(lines.crs)], ignore_index=True)
    return Ground(lines, areas)


def all_settled(readings: Mapping[str, Reading], ground: Ground) -> dict[str, Reading]:
    """Return the layers of an import, those of points settled; see :func:`settled`."""
    result = dict(readings)
    for layer, each in each_settled(readings, ground).items():
        if each.fault is not None:
            raise each.fault
        result[layer] = each.reading
    return result


def each_settled(readings: Mapping[str, Reading], ground: Ground) -> dict[str, Settled]:
    """Return what came of each layer of points of an import; see :func:`settled`."""
    points = {key: each for key, each in readings.items() if key.partition(":")[0] in POINTS}
    found = {layer: _recognised(reading, ground) for layer, reading in points.items()}
    others = {layer: each for layer, each in found.items() if each is not None and each.sure}
    result = {}
    for layer, reading in points.items():
        rest = [each for name, each in others.items() if name != layer]
        try:
            taken = _settled(_against_said(reading, ground), found[layer], rest)
            taken = _with_ground(_with_minority(taken, found[layer], ground), ground)
            result[layer] = Settled(taken, found[layer])
        except InputError as fault:
            result[layer] = Settled(reading, found[layer], fault)
    return _ground_told_once(result)


def _ground_told_once(result: dict[str, Settled]) -> dict[str, Settled]:
    """Return layers of which the one that tells it most surely says that the ground is shifted.

    It is one cause, told of all files that show it.
    """
    told = {
        layer: note
        for layer, each in result.items()
        for note in each.reading.findings
        if note.code == GROUND
    }
    if len(told) < 2:
        return result
    first = max(told, key=lambda layer: float(told[layer].params["odds"]))
    files = ", ".join(dict.fromkeys(str(note.params["file"]) for note in told.values()))
    once = replace(told[first], params={**told[first].params, "file": files})
    for layer in told:
        each = result[layer]
        rest = [note for note in each.reading.findings if note.code != GROUND]
        findings = (*rest, once) if layer == first else tuple(rest)
        result[layer] = replace(each, reading=replace(each.reading, findings=findings))
    return result


def settled(reading: Reading, ground: Ground) -> Reading:
    """Return a layer of points in WGS 84 with what was found of its datum.

    Where nothing is said of the datum it is recognised and converted; where it is said, or lies in
    the CRS, and another fits far better, that is told and nothing moves. A layer of few places that
    does not tell follows the other layers of its import, where these agree surely and it is not
    against it; that is told. So are rows that surely lie in another datum than the others of their
    layer. Outside mainland China there is nothing to settle.

    Raises
    ------
    InputError
        ``datums.not_sure`` where nothing is said and no datum fits much better than the others.
    """
    found = _recognised(reading, ground)
    taken = _settled(_against_said(reading, ground), found, [])
    return _with_ground(_with_minority(taken, found, ground), ground)


def _recognised(reading: Reading, ground: Ground) -> Recognition | None:
    """Return how a layer fits, None where there is nothing to ask."""
    table = reading.table
    if table.empty or not in_china(table):
        return None
    found = recognise(table, ground)
    return None if min(fit.street_m for fit in found.fits) > FAR_M else found


def _settled(reading: Reading, found: Recognition | None, others: list[Recognition]) -> Reading:
    if found is None:
        return reading
    table, datum = reading.table, found.datum
    params = {"file": reading.source.source, **_told(found)}
    if reading.datum_known:
        if not found.sure or datum == "wgs84":
            return reading
        note = Finding("datums.looks_shifted", params)
        return replace(reading, findings=(*reading.findings, note))
    code = "datums.converted_as_recognised"
    if not found.sure:
        datum = _followed(found, others)
        if not datum:
            raise InputError("datums.not_sure", **params)
        code = "datums.converted_as_others"
    if datum == "wgs84":
        code = "datums.recognised" if found.sure else "datums.taken_as_others"
        note = Finding(code, params)
    else:
        table, note = moved_by(table, datum, reading.source.source, code, **_told(found))
    mapping = None if reading.mapping is None else replace(reading.mapping, datum=datum)
    findings = (*reading.findings, note)
    return replace(reading, table=table, findings=findings, mapping=mapping, datum_known=True)


def _against_said(reading: Reading, ground: Ground) -> Reading:
    """Tell where a layer, converted as a person or the file said, fits far better otherwise.

    It is held against the ground as it was before; once converted wrongly it fits in no datum.
    """
    said = _converted_from(reading) if reading.datum_known else None
    if said not in SHIFTED:
        return reading
    found = _recognised(_moved_into(reading, said), ground)
    if found is None or not found.sure or found.datum == said:
        return reading
    params = {"file": reading.source.source, "said": NAMES[said], **_told(found)}
    note = Finding("datums.said_otherwise", params)
    return replace(reading, findings=(*reading.findings, note))


def _with_ground(reading: Reading, ground: Ground) -> Reading:
    """Return a settled layer that tells where the ground is what lies in a shifted datum.

    Streets drawn from a Chinese web map, and homes that were surveyed, are apart by as much as the
    other way round. So the layer is moved into each shifted datum: where it fits far better there
    than where it was, the streets are in that datum, or the layer was converted twice.
    """
    if {finding.code for finding in reading.findings} & set(WRONG):
        return reading
    # boundaries may lie with the places or with the streets: only streets are asked
    streets = Ground(ground.streets, ground.communities.iloc[:0])
    fits = {datum: _recognised(_moved_into(reading, datum), streets) for datum in SHIFTED}
    better = {
        datum: found
        for datum, found in fits.items()
        if found is not None and found.sure and found.datum == "wgs84"
    }
    if not better:
        return reading
    datum = max(better, key=lambda each: better[each].fits[0].log_odds)
    params = {
        "file": reading.source.source,
        "datum": NAMES[datum],
        "odds": round(better[datum].log_odds, 1),
        "spots": better[datum].spots,
    }
    note = Finding(GROUND, params)
    return replace(reading, findings=(*reading.findings, note))


def _moved_into(reading: Reading, datum: str) -> Reading:
    """Return a layer with its places where a shifted datum has them."""
    there: Shifted = "bd09" if datum == "bd09" else "gcj02"
    return replace(reading, table=shifted(reading.table, there))


WRONG = ("datums.looks_shifted", "datums.said_otherwise")
"""Findings that a whole layer lies in another datum than it was taken in."""


def _with_minority(reading: Reading, found: Recognition | None, ground: Ground) -> Reading:
    """Return a settled layer that tells which of its rows lie in another datum than the others."""
    codes = {finding.code for finding in reading.findings}
    taken = _converted_from(reading)
    if found is None or codes & set(WRONG) or taken is None:
        return reading
    part = minority(reading.table, ground, taken)
    if part is None:
        return reading
    table = reading.table
    names = table[table.columns[0]].tolist() if not reading.rows else list(reading.rows)
    params = {
        "file": reading.source.source,
        "datum": NAMES[part.datum],
        "taken": NAMES[taken],
        "count": len(part.rows),
        "spots": part.spots,
        "rows": rows_told(names[at] for at in part.rows),
        "odds": round(part.log_odds, 1),
    }
    note = Finding("datums.part_in_another", params)
    return replace(reading, findings=(*reading.findings, note))


def _converted_from(reading: Reading) -> str | None:
    """Return the datum that a layer was converted from, None where its rows say several."""
    named = {name: datum for datum, name in NAMES.items()}
    moves = [f.params for f in reading.findings if f.code.startswith("datums.converted_as_")]
    if not moves:
        return "wgs84"
    (first, *others) = moves
    whole = not others and first["count"] == len(reading.table)
    return named[str(first["datum"])] if whole else None


def _followed(found: Recognition, others: list[Recognition]) -> str:
    """Return the datum that the other layers are surely in, where a small layer may follow."""
    datums = {each.datum for each in others}
    if found.spots >= FEW_SPOTS or len(datums) != 1:
        return ""
    (datum,) = datums
    own = next(fit for fit in found.fits if fit.datum == datum)
    return datum if own.log_odds - found.fits[0].log_odds >= FOLLOWS else ""


def moved(reading: Reading, datum: str) -> Reading:
    """Return a layer out of the shifted datum that was said of it, told."""
    table, note = moved_by(reading.table, datum, reading.source.source, "datums.converted_as_given")
    lines = reading.left_out
    if lines is not None and len(lines):
        shifted: Shifted = "bd09" if datum == "bd09" else "gcj02"
        lines = unshifted(lines, shifted)
    return replace(reading, table=table, findings=(*reading.findings, note), left_out=lines)


def in_china(table: gpd.GeoDataFrame) -> bool:
    """Return whether the middle of a layer lies in mainland China, where datums are shifted."""
    west, south, east, north = table.total_bounds
    middle = gpd.GeoSeries([shapely.Point((west + east) / 2, (south + north) / 2)], crs=table.crs)
    place = middle.to_crs(4326).iloc[0]
    return in_mainland_china(place.x, place.y)


def _told(found: Recognition) -> dict[str, str | int | float]:
    """Return how a layer fits, for sentences."""
    told: dict[str, str | int | float] = {
        "best": NAMES[found.datum],
        "spots": found.spots,
        "odds": round(found.log_odds, 1),
        "least": round(SURE),
    }
    for fit in found.fits:
        told[f"{fit.datum}_m"] = round(fit.street_m)
        told[f"{fit.datum}_percent"] = round(100 * fit.inside)
    assert all(f"{datum}_m" in told for datum in DATUMS)
    return told
