"""What is told of a newer file before it is taken: rows, figures, corrections, what looks odd."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.district import LAYERS, District
from planner.district.corrections.applied import apply_corrections, ids_of_others
from planner.district.corrections.corrections import Corrections
from planner.district.layers import GROUP_PREFIX
from planner.errors import Finding
from planner.sources.tables.layout.running import numbers_rows
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import rows_told
from planner.sources.tables.values.numbers import blank
from planner.sources.tables.words.states import ORIGINAL
from planner.sources.update.change import Figure, Mode
from planner.sources.update.comparison import KEEPING, Compared, file_ids, running

SHIFTED_M = 50.0
"""Rows of both that lie apart by as much at the median were probably placed by another map."""

_FEW = 3
_NAMED = 5
_PLACES = ("facilities", "demand", "candidates", "gates")
_MADE = ("source", "community_id", "cut")
"""Columns that are made anew, or tell of a row's origin."""

_OF_LAYERS = "district."
"""How codes of what is found in the layers of a district begin, whatever they were read from."""


def new_rows(compared: Compared, reading: Reading, layer: str) -> gpd.GeoDataFrame:
    """Return the rows of a file that the layer has not, with their row and the id they get."""
    rows = reading.table.iloc[compared.new].reset_index(drop=True)
    own = rows.drop(columns=LAYERS[layer].key, errors="ignore")
    own = own.rename(columns={name: f"{name}_of_file" for name in ("row", "id") if name in own})
    own.insert(0, "row", compared.rows[compared.new])
    own.insert(1, "id", compared.ids[compared.new])
    return own


def undecided_rows(compared: Compared, reading: Reading, layer: str) -> pd.DataFrame:
    """Return the rows of a file of which somebody has to say which they are."""
    table, key = reading.table, LAYERS[layer].key
    ids = compared.old[key].astype(str).to_numpy(dtype=object)
    lines = [
        {
            "row": compared.called[each.row],
            "name": _cell(table, "name", each.row),
            "kind": _cell(table, "kind", each.row),
            "why": each.why,
            "others": "; ".join(ids[other] for other in each.others),
        }
        for each in sorted(compared.found.undecided, key=lambda each: each.row)
    ]
    return pd.DataFrame(lines, columns=["row", "name", "kind", "why", "others"])


def names_of_others(compared: Compared, layer: str) -> dict[str, str]:
    """Return the names by id of the rows that some row of the file may be."""
    ids = compared.old[LAYERS[layer].key].astype(str).to_numpy(dtype=object)
    others = {other for each in compared.found.undecided for other in each.others}
    return {str(ids[other]): _cell(compared.old, "name", other) for other in sorted(others)}


def _cell(table: pd.DataFrame, column: str, row: int) -> str:
    value = table[column].iloc[row] if column in table else None
    return "" if value is None or pd.isna(value) else str(value)


def seen(
    compared: Compared,
    matched: pd.DataFrame,
    kept: Mapping[str, int],
    stored: gpd.GeoDataFrame,
    reading: Reading,
    mode: Mode,
) -> list[Finding]:
    """Tell what a person should look at before the file is taken."""
    layer, file, found = reading.source.layer, reading.source.source, compared.found
    told = []
    if found.ids_in_both and not found.ids_count:
        params = {"file": file, "count": found.ids_in_both, "alike": found.ids_alike}
        told.append(Finding("update.ids_not_kept", params))
    elif other := _other_ids(compared, reading):
        first = ", ".join(f"{own} → {ours}" for own, ours in other[:_NAMED])
        ids = first + (", …" if len(other) > _NAMED else "")
        told.append(Finding("update.ids_stay", {"file": file, "count": len(other), "ids": ids}))
    sure = matched[matched["how"].isin(["id", "name", "said"])]["metres"]
    if layer in _PLACES and len(sure) >= _FEW and float(sure.median()) > SHIFTED_M:
        params = {"file": file, "count": len(sure), "metres": round(float(sure.median()))}
        told.append(Finding("update.all_moved", params))
    if mode == "append":
        groups = {name for name in (*stored, *reading.table) if name.startswith(GROUP_PREFIX)}
        one_sided = [n for n in sorted(groups) if not (n in stored and n in reading.table)]
        if layer == "demand" and one_sided:
            told.append(Finding("update.groups_differ", {"columns": ", ".join(one_sided)}))
        return told
    if layer == "demand" and (blank := _more_blank(stored, reading.table)):
        counts = ", ".join(f"{column} ({count})" for column, count in blank.items())
        told.append(Finding("update.groups_blank", {"file": file, "columns": counts}))
    if kept:
        columns = ", ".join(f"{column} ({count})" for column, count in kept.items())
        told.append(Finding("update.kept_values", {"file": file, "columns": columns}))
    numbers = [column for column in running(reading, layer) if column in stored]
    if numbers:
        told.append(Finding("update.running", {"file": file, "columns": ", ".join(numbers)}))
    fresh, lost = columns_that_move(stored, reading, kept)
    if fresh:
        told.append(Finding("update.columns_new", {"file": file, "columns": ", ".join(fresh)}))
    if lost:
        told.append(Finding("update.columns_go", {"file": file, "columns": ", ".join(lost)}))
    return told


def _other_ids(compared: Compared, reading: Reading) -> list[tuple[str, str]]:
    """Return the id in the file and in the workspace of rows of both that are called otherwise.

    A list that only numbers its rows has no ids; codes of communities grow with the rows too, and
    have more digits.
    """
    own = file_ids(reading, LAYERS[reading.source.layer].key)
    numbers = numbers_rows(own, compared.rows.tolist())
    if numbers and max(map(len, own)) <= max(map(len, compared.rows)):
        return []
    both = compared.both
    rows = both[(own[both] != "") & (compared.found.how[both] != "id")]  # by those of a file before
    pairs = zip(own[rows].tolist(), compared.ids[rows].tolist(), strict=True)
    return [(theirs, ours) for theirs, ours in pairs if theirs != ours]


def _more_blank(stored: pd.DataFrame, table: pd.DataFrame) -> dict[str, int]:
    """Return how many rows of a file tell no number of people, of columns that told more before."""
    counts = {}
    for column in table.columns.intersection(stored.columns):
        if column == "population" or str(column).startswith(GROUP_PREFIX):
            blank = int(table[column].isna().sum())
            if blank > int(stored[column].isna().sum()):
                counts[str(column)] = blank
    return counts


def columns_that_move(
    stored: gpd.GeoDataFrame, reading: Reading, kept: Mapping[str, int]
) -> tuple[list[str], list[str]]:
    """Return the columns with values that come and that go where a file replaces a layer."""
    layer = reading.source.layer
    numbers = running(reading, layer)
    fresh = [
        str(column)
        for column in reading.table.columns.drop(["geometry", LAYERS[layer].key], errors="ignore")
        if column not in stored
        and not str(column).endswith(ORIGINAL)
        and column not in numbers
        and not blank(reading.table[column]).all()
    ]
    lost = [
        str(column)
        for column in stored.columns.drop(["geometry", LAYERS[layer].key])
        if column not in reading.table
        and column not in kept
        and layer not in KEEPING
        and column not in _MADE
        and not blank(stored[column]).all()
        and not (stored[column].dtype == bool and not stored[column].any())
    ]
    return fresh, lost


def hands(
    corrections: Corrections,
    compared: Compared,
    district: District,
    after: District,
    as_listed: Iterable[str] = (),
) -> list[dict[str, str]]:
    """Return what becomes of each facility that was corrected by hand."""
    steps = [step for step in corrections.steps if step.do != "complete"]
    there = set(after.facilities["facility_id"])
    dropped = set(district.facilities["facility_id"]) - there
    holding = {step.facility_id for step in corrections.standing(there)}
    listed = {*compared.ids[compared.found.of >= compared.stored], *as_listed}
    names = dict(zip(district.facilities["facility_id"], district.facilities["name"], strict=True))
    names |= {step.facility_id: str(step.new["name"]) for step in steps if step.new.get("name")}
    added = {step.facility_id for step in steps if step.do == "add"}
    others = set(ids_of_others(after, corrections))
    removed = {step.facility_id for step in steps if step.do == "remove"}
    found = []
    for own in dict.fromkeys(step.facility_id for step in steps):
        state = "kept"
        if own in others:
            state = "other"
        elif own in listed:
            state = "listed" if own in holding else "as_listed"
        elif own in dropped and own in removed:
            state = "done"
        elif own in dropped and own in added:
            # the list had it, and which of the two goes before was said then
            state = "unlisted" if own in holding else "gone"
        elif own not in holding:
            continue  # the list went before it when it was taken, and has it still
        elif own not in there and own not in added:
            state = "done" if own in removed else "lost"
        found.append({"id": own, "name": names.get(own, ""), "state": state})
    return found


def told_of_hands(found: list[dict[str, str]]) -> list[Finding]:
    """Tell of corrections that have no facility any more, and of those that the file has now."""
    told = []
    for state in ("lost", "gone", "unlisted", "listed", "as_listed", "other"):
        ids = [each["id"] for each in found if each["state"] == state]
        if ids:
            params = {"count": len(ids), "ids": rows_told(ids)}
            told.append(Finding(f"update.corrections_{state}", params))
    return told


def figures(
    district: District, after: District, layer: str, corrections: Corrections
) -> Iterator[Figure]:
    """Yield counts and sums before and after."""
    sizes = [float(len(getattr(each, layer))) for each in (district, after)]
    yield Figure("rows", *sizes)
    if layer == "facilities":
        both = [apply_corrections(each, corrections) for each in (district, after)]
        counts = [each.open_facilities()["kind"].value_counts() for each in both]
        for kind in district.kinds:
            held = [float(each.get(kind, 0)) for each in counts]
            if any(held):
                yield Figure(kind, *held)
    if layer == "demand":
        for group in dict.fromkeys([*district.groups, *after.groups]):
            sums = [
                # what no home tells is not known, and not 0
                float(each.demand[group].sum(min_count=1)) if group in each.groups else np.nan
                for each in (district, after)
            ]
            yield Figure(group, *sums)


def found_in_layers(district: District, after: District) -> list[Finding]:
    """Tell what can hardly be so in the layers once the file is taken, and was not so before.

    An import tells it of a file; of what stood in the workspace before, that was told then.
    """
    known = set(district.findings)
    fresh = (each for each in after.findings if each not in known)
    return [each for each in fresh if each.code.startswith(_OF_LAYERS)]


def added_to_spread(district: District, fresh: pd.DataFrame, file: str) -> list[Finding]:
    """Tell that homes come on top of residents whom totals of areas told, and may be among them.

    Parameters
    ----------
    district
        The workspace as it is.
    fresh
        The homes of the file that are added.
    file
        Its name.
    """
    totals = [
        str(each.params["file"])
        for each in district.findings
        if each.code.startswith("population.spread_")
    ]
    if not totals or fresh.empty:
        return []
    told = {"file": file, "count": len(fresh), "totals": ", ".join(dict.fromkeys(totals))}
    told["residents"] = round(float(fresh["population"].sum()))
    return [Finding("update.added_to_spread", told)]
