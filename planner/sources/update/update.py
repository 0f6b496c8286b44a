"""A newer file of a layer: read and held against a workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from planner.arrays import Bool
from planner.district import LAYERS, District, group_columns
from planner.district.corrections.corrections import Corrections
from planner.district.layers import BUFFER_M
from planner.errors import Finding, InputError
from planner.sources.corrections import read_corrections
from planner.sources.datums.outlines import barriers_shifted, boundaries_shifted
from planner.sources.files.district import cut_streets
from planner.sources.files.intake import Intake
from planner.sources.files.streets.fast_roads import barriers_of_roads, made_of_streets, with_roads
from planner.sources.kept_files import sign_of
from planner.sources.streets.gates import cut_at_gates
from planner.sources.streets.layer import finish_streets
from planner.sources.streets.left_out import LeftOut, left_out_findings, not_walked
from planner.sources.streets.walls import Walls
from planner.sources.tables.frames import frame
from planner.sources.tables.reading import Reading
from planner.sources.tables.values.money import of_money
from planner.sources.update.change import UPDATED, LayerChange, Mode
from planner.sources.update.comparison import Compared, as_stored, changes, compare, merged
from planner.sources.update.gates import streets_at, with_findings_of_streets
from planner.sources.update.households import households_stay
from planner.sources.update.moved_network import moved_network
from planner.sources.update.newer import kept_mappings, read_newer
from planner.sources.update.origins import (
    homes_in,
    kinds_recorded_anew,
    other_kinds,
    others_kept,
    recorded,
    with_source,
)
from planner.sources.update.redrawn import told_of_redrawn
from planner.sources.update.scaled import scaled_columns
from planner.sources.update.told import (
    added_to_spread,
    columns_that_move,
    figures,
    found_in_layers,
    hands,
    names_of_others,
    new_rows,
    seen,
    told_of_hands,
    undecided_rows,
)
from planner.sources.workspace.reading import read_district


def read_update(
    workspace: str | Path,
    layer: str,
    file: Any,
    mode: Mode,
    *,
    intake: Intake | None = None,
    crs: Any = None,
    facility_columns: Mapping[str, str] | None = None,
    gate_words: Mapping[str, bool] | None = None,
    same: Mapping[str, str] | None = None,
    as_listed: Mapping[str, str] | None = None,
    apart: bool = False,
    keep_other_kinds: bool | None = None,
    complete: Iterable[str] = (),
    join_streets: bool | float | None = None,
) -> LayerChange:
    """Read a newer file of a layer and tell what it would change; nothing is written.

    The file is read as an import reads it; what its columns and words meant in the last file,
    kept beside the workspace, goes before what is guessed. Rows are matched by id where ids are
    kept, by kind and name, and by kind and place; they keep their ids, and so corrections and
    scenarios hold. A new row never gets the id of another. One that stands within
    :data:`~planner.district.identity.doubles.ALIKE_M` of a facility of its kind that was added by
    hand or by the joint plan is to be decided, whatever they are called: else both would count.

    Parameters
    ----------
    workspace
        The workspace file.
    layer
        One of :data:`planner.sources.update.change.UPDATED`.
    file
        A map layer, table or workbook, or a table in memory.
    mode
        ``"replace"``: rows that the file does not list go; ``"append"``: its new rows are added,
        and nothing else changes.
    intake, crs, facility_columns, gate_words, complete
        As of :func:`planner.sources.from_files`.
    join_streets
        As there; None: as the streets of the workspace were, which is told.
    same
        Of rows that may be several: by row of the file, as its user counts, the id of the row that
        it is, or an empty text where it is another one. Of a facility that was added by hand, what
        was entered goes before what the file says. Where a row stands for facilities of several
        kinds, one of them is called ``"5/clinic"``.
    as_listed
        The same, of rows that are facilities added by hand, or of which the kind was entered: what
        the file says goes before what was entered.
    apart
        Whether all other rows of which nobody said it are other ones.
    keep_other_kinds
        Whether facilities of kinds that the file does not list stay when it replaces; None: they
        do where there are some, since a list that lacks them is probably that of one department.
        This is told.

    Returns
    -------
    LayerChange
        To be looked at, and given to :func:`planner.sources.write_update`.

    Raises
    ------
    MissingFileError, InputError
        Where workspace or file cannot be read, or the layer cannot be as the file has it;
        ``update.not_added`` where `as_listed` names what was not added by hand;
        ``update.other_kind`` where `same` names what was entered as another kind than the row's.
    """
    path, complete = Path(workspace), tuple(complete)
    if mode not in get_args(Mode):
        raise InputError("update.unknown_mode", mode=mode)
    if layer not in UPDATED:
        raise InputError("update.unknown_layer", layer=layer, known=", ".join(UPDATED))
    version = sign_of(path) if path.is_file() else ""
    district = read_district(path, corrections=False)
    corrections = read_corrections(path)
    how = intake or Intake()
    given = file if isinstance(file, str | Path) else frame(file, layer)
    reading = read_newer(
        district,
        layer,
        given,
        how,
        list(kept_mappings(path, layer).values()),
        crs=crs,
        facility_columns=facility_columns,
        gate_words=gate_words,
    )
    reading = replace(reading, findings=of_money(reading.findings, district.money))
    how.on_reading(reading)
    if layer == "demand":
        _check_unit(district, reading, mode)
    others = other_kinds(district, layer, reading) if mode == "replace" else ()
    keeps = bool(others) and keep_other_kinds is not False
    said = _said_once(same or {}, as_listed or {})
    compared = compare(district, layer, reading, corrections, said, keep_other_kinds=keeps)
    _refuse_other_kinds(compared, reading, (as_listed or {}).values())
    then = _believing(corrections, compared, as_listed or {})
    table, kept, lost = merged(compared, layer, reading)
    typed = _typed(district, layer, table)
    changed, matched = changes(compared, layer, typed, reading)
    stored = getattr(district, layer)
    of_kinds = [*typed["kind"].unique(), *complete] if keeps else None
    gone = _gone(compared, mode, of_kinds) & ~_of_streets(layer, stored)
    # the file was believed of what was added by hand, and says now that it is not there any more
    then = _dropping(then, layer, stored[gone])
    if mode == "append":
        final, kept, lost = _joined(stored, typed.iloc[len(compared.both) :]), {}, {}
        as_stored(final, stored, layer)
    else:
        staying = ~gone
        staying[compared.found.of[compared.both]] = False
        final = _joined(typed, stored[staying])
        as_stored(final, stored, layer)
    rows_stay = mode == "append" or len(final) > len(typed)
    final, notes, left_out = _finished(district, layer, final, reading, join_streets)
    tables, told = {layer: final}, seen(compared, matched, kept, stored, reading, mode)
    told += scaled_columns(reading.source.source, changed, matched)
    if layer == "streets":
        fresh = reading.table.iloc[compared.new]
        told += moved_network(reading.source.source, stored[gone], fresh)
    if layer == "demand" and mode == "append":
        fresh = typed.iloc[len(compared.both) :]
        told += added_to_spread(district, fresh, reading.source.source)
    told += households_stay(district, layer, final, reading.source.source)
    kept_with_it = ("update.kept_values", "update.added_to_spread", "update.households_stay")
    notes += [each for each in told if each.code in kept_with_it]
    walls, more = _walls_of(district, layer, reading, mode)
    tables, notes = tables | walls, [*notes, *more]
    if layer == "communities":
        homes, more = homes_in(district, final)
        other = told_of_redrawn(district, final, reading.source.source, lost)
        tables, told, notes = tables | homes, [*told, *other, *more], [*notes, *other]
    shifted = _shifted(district, layer, final, reading.source.source)
    notes, told = [*notes, *shifted], [*told, *shifted]
    if layer in ("gates", "barriers"):
        after_it = {"gates": district.gates, "barriers": district.barriers, layer: final}
        streets, found, more = streets_at(district, after_it["gates"], after_it["barriers"])
        tables, notes, told = tables | streets, [*notes, *found], [*told, *more]
    made = with_source(district, layer, reading, notes, rows_stay=rows_stay, kept=bool(kept))
    if layer == "facilities":
        entered = set().union(*compared.kinds_by_hand.values())
        made, more = recorded(made, final, reading, mode, complete, entered)
        told += more
        told += others_kept(district, others, reading, complete) if keeps else []
    recorded_anew = kinds_recorded_anew(district, made, mode)
    after = made.with_layers(**tables)
    if layer != "streets" and "streets" in tables:
        after = with_findings_of_streets(after)
    more = left_out_findings(after, left_out)
    after = replace(after, findings=tuple(dict.fromkeys([*after.findings, *more])))
    goes_before = (as_listed or {}).values()
    done = hands(then, compared, district, after, goes_before) if layer == "facilities" else []
    told += told_of_hands(done)
    told += found_in_layers(district, after)
    # a row that goes while what was entered of it by hand holds takes no facility away
    stays = {each["id"] for each in done if each["state"] == "unlisted"}
    leaves = gone & ~stored[LAYERS[layer].key].isin(stays).to_numpy()
    change = LayerChange(
        workspace=path,
        layer=layer,
        mode=mode,
        new=new_rows(compared, reading, layer),
        gone=stored[leaves].reset_index(drop=True),
        changed=changed,
        matched=matched,
        undecided=undecided_rows(compared, reading, layer).iloc[: 0 if apart else None],
        names=names_of_others(compared, layer),
        added=tuple(compared.entered) if layer == "facilities" else (),
        kept=kept,
        figures=tuple(figures(district, after, layer, then)),
        corrections=pd.DataFrame(done, columns=["id", "name", "state"]),
        reading=reading,
        findings=tuple(told),
        other_kinds=others,
        keep_other_kinds=keeps,
        after=after,
        written=tuple(tables),
        version=version,
        corrections_sign=corrections.sign,
        corrections_then=then,
        columns_change=mode == "replace" and any(columns_that_move(stored, reading, kept)),
        records_change=bool(recorded_anew),
        replaced=_replaced(district, after, layer, reading),
    )
    if not recorded_anew or change.layers_change:
        return change
    params = {"file": reading.source.source, "kinds": ", ".join(recorded_anew)}
    return replace(change, findings=(*told, Finding("update.records_only", params)))


def _shifted(district: District, layer: str, final: gpd.GeoDataFrame, file: str) -> list[Finding]:
    """Tell where newer boundaries or barriers look shifted beside what the workspace has."""
    if layer == "communities":
        places = [district.demand, district.facilities]
        return boundaries_shifted(final, places, district.streets.geometry, file)
    return barriers_shifted(final, district.streets, file) if layer == "barriers" else []


def _said_once(same: Mapping[str, str], as_listed: Mapping[str, str]) -> dict[str, str]:
    """Return what was said of rows, of none of them twice."""
    for row in same.keys() & as_listed.keys():
        raise InputError("update.said_twice", id=as_listed[row], row=row)
    return {**same, **as_listed}


def _refuse_other_kinds(compared: Compared, reading: Reading, as_listed: Collection[str]) -> None:
    """Refuse that a row is one whose kind was entered by hand and is another than the row's.

    What was entered would go before it: nothing of the row's kind would be there, although the list
    has one. Where the list goes before, it is of the row's kind.
    """
    found = compared.found
    for row in np.flatnonzero(found.how == "said").tolist():
        owner = int(found.of[row])
        own = (
            str(compared.old["facility_id"].iloc[owner]) if owner in compared.kinds_by_hand else ""
        )
        kind = str(reading.table["kind"].iloc[row]) if own else ""
        if own and own not in as_listed and kind not in compared.kinds_by_hand[owner]:
            raise InputError("update.other_kind", row=compared.called[row], id=own, kind=kind)


def _believing(
    corrections: Corrections, compared: Compared, as_listed: Mapping[str, str]
) -> Corrections:
    """Return the corrections with what was said of facilities added by hand that the file has."""
    if wrong := [own for own in as_listed.values() if own not in compared.entered]:
        raise InputError("update.not_added", id=wrong[0])
    of = compared.found.of[compared.found.of >= compared.stored]
    ids = compared.old["facility_id"].iloc[of].astype(str) if len(of) else []
    said = dict.fromkeys(ids, False) | dict.fromkeys(as_listed.values(), True)
    return corrections.believing(said, _now())


def _dropping(corrections: Corrections, layer: str, gone: gpd.GeoDataFrame) -> Corrections:
    """Return the corrections with what becomes of facilities added by hand whose rows go."""
    if layer != "facilities":
        return corrections
    return corrections.dropping(set(gone["facility_id"]), _now())


def _gone(compared: Compared, mode: Mode, kinds: list[str] | None) -> Bool:
    """Return which rows of the layer go, of some kinds or of all; none where a file is added."""
    return compared.gone(kinds) if mode == "replace" else np.zeros(compared.stored, dtype=bool)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _of_streets(layer: str, stored: gpd.GeoDataFrame) -> Bool:
    """Return which rows were made of streets, of which a list of barriers says nothing."""
    if layer != "barriers":
        return np.zeros(len(stored), dtype=bool)
    return made_of_streets(stored)


def _walls_of(
    district: District, layer: str, reading: Reading, mode: Mode
) -> tuple[dict[str, gpd.GeoDataFrame], list[Finding]]:
    """Return the barriers with those that the fast roads of newer streets are."""
    if layer != "streets":
        return {}, []
    areas = shapely.union_all(district.communities.geometry.to_numpy())
    metres = BUFFER_M if district.buffer_m is None else district.buffer_m
    roads = barriers_of_roads(reading, areas, metres, district.crs)
    before = district.barriers
    old = made_of_streets(before)
    if mode == "replace":
        before = before[~old].reset_index(drop=True)
    elif old.any():
        roads["barrier_id"] = [f"{key}/{int(old.sum())}" for key in roads["barrier_id"]]
    walls, told = with_roads(before, roads, reading.source.source)
    return walls or ({"barriers": before} if mode == "replace" and old.any() else {}), told


def _joined(first: gpd.GeoDataFrame, second: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    filled = [table for table in (first, second) if len(table)] or [first]
    both = pd.concat(filled, ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=first.crs)


def _typed(district: District, layer: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer checked, its values of the types that it has."""
    tables = {layer: table}
    if layer == "communities":  # to which of these homes belong is asked later, see homes_in
        tables["demand"] = district.demand.assign(community_id="")
    typed: gpd.GeoDataFrame = getattr(district.with_layers(**tables), layer)
    return typed


def _check_unit(district: District, reading: Reading, mode: Mode) -> None:
    """Refuse to add residents to an estimate, or the other way round."""
    counted = group_columns(list(map(str, reading.table.columns)))[:1]
    if mode == "append" and counted and counted != district.groups[:1]:
        raise InputError("update.other_unit", found=counted[0], expected=district.groups[0])


def _finished(
    district: District,
    layer: str,
    table: gpd.GeoDataFrame,
    reading: Reading,
    join_streets: bool | float | None,
) -> tuple[gpd.GeoDataFrame, list[Finding], list[LeftOut]]:
    """Return streets joined as an import has them, what was found, and what was left out."""
    if layer != "streets":
        return table, [], []
    before = [f.params for f in district.findings if f.code == "sources.joined"]
    if join_streets is None:
        join_streets = float(before[0]["metres"]) if before else False
    metres = BUFFER_M if district.buffer_m is None else district.buffer_m
    known = table["cut"].fillna(False).astype(bool).to_numpy() if "cut" in table else False
    table = table.assign(cut=cut_streets(table, district.communities, metres) | known)
    table, cuts, told = cut_at_gates(table, district.gates, district.barriers)
    shut = district.gates[~district.gates["open"].to_numpy(dtype=bool)]
    xy = np.vstack([np.column_stack([shut.geometry.x, shut.geometry.y]), cuts]).astype(np.float64)
    walls = Walls.of(district.barriers, district.gates)
    cut = xy if len(xy) else None
    table, notes, left_out = finish_streets(table, join=join_streets, shut=cut, walls=walls)
    return table, [*told, *notes], [*not_walked(reading.left_out, district.crs), *left_out]


def _replaced(district: District, after: District, layer: str, reading: Reading) -> tuple[str, ...]:
    """Return the files of a layer that are none of its sources any more, and the file read now."""
    stay = {source.source for source in after.sources}
    before = {source.source for source in district.sources if source.layer == layer}
    return tuple(sorted((before - stay) | {reading.source.source}))
