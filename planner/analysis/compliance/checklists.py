"""What facilities should have and have, and who is covered by each line of service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.analysis.assessment import Assessment
from planner.analysis.compliance.premises import inside
from planner.analysis.coverage.levels import Level
from planner.analysis.coverage.population_within import share_of_known
from planner.analysis.hours.rules import OPEN, SHUT, UNKNOWN
from planner.analysis.people import people_in, people_of
from planner.arrays import F64, I8, I64
from planner.district import District
from planner.district.checklists import (
    Checklist,
    ServiceLine,
    builtin_checklists,
    builtin_lines,
    meant_services,
    one_service,
)
from planner.errors import InputError


def checklist_table(district: District, checklist: str | Checklist) -> pd.DataFrame:
    """Return what each open facility has of a checklist.

    Parameters
    ----------
    district
        Its open facilities of the checklist's kinds are looked at.
    checklist
        A checklist, or the id of a built-in one: ``"six_in_one"``, ``"six_in_place"``.

    Returns
    -------
    DataFrame
        Index ``facility_id``: ``name``, ``kind``, a nullable boolean for each item, missing where
        the facility tells nothing; ``have`` and ``of`` items, ``share`` (NaN where it tells
        nothing).

    Raises
    ------
    InputError
        ``checkup.unknown_checklist`` for an id that is not known.
    """
    asked = _find(checklist)
    facilities = district.open_facilities()
    facilities = facilities[facilities["kind"].isin(asked.kinds)]
    told = _told(facilities, asked.column)
    table = pd.DataFrame(
        {"name": facilities["name"].to_numpy(), "kind": facilities["kind"].to_numpy()},
        index=pd.Index(facilities["facility_id"], name="facility_id"),
    )
    known = np.array([bool(words) for words in told], dtype=bool)
    for item in asked.items:
        names = {one_service(word) for word in (item.id, item.en, item.zh, *item.words)}
        has = pd.array([bool(words & names) for words in told], dtype="boolean")
        has[~known] = pd.NA
        table[item.id] = has
    ids = [item.id for item in asked.items]
    table["have"] = table[ids].sum(axis=1).astype("int64")
    table["of"] = len(ids)
    table["share"] = (table["have"] / table["of"]).where(known).astype("float64")
    return table


def completeness(
    assessment: Assessment, checklist: str | Checklist, level: Level = "community"
) -> pd.DataFrame:
    """Return how complete the facilities inside each area are.

    Returns
    -------
    DataFrame
        Index ``area_id``: ``name``, ``subdistrict``, ``facilities`` inside the boundary,
        ``unknown`` ones that tell nothing, ``complete`` ones, mean ``share`` of those that tell
        (NaN without any), its range ``share_low``–``share_high`` if the others had nothing or
        everything, and ``missing``, items that at least one lacks, separated by ``;``.
    """
    asked = _find(checklist)
    areas, _ = assessment.areas(level)
    table = checklist_table(assessment.district, asked)
    places = inside(assessment, level).of_kinds(assessment.district.facilities["kind"], asked.kinds)
    ids = assessment.district.facilities["facility_id"].to_numpy(dtype=object)[places.facility]
    rows = table.loc[ids]
    share = rows["share"].to_numpy(dtype=np.float64)
    told = ~np.isnan(share)
    count, known = places.total(np.ones_like(share)), places.total(told.astype(np.float64))
    sums = places.total(np.nan_to_num(share))
    items = [item.id for item in asked.items]
    lacks = np.column_stack(
        [places.total(rows[item].eq(False).fillna(False).to_numpy(np.float64)) for item in items]
    )
    with np.errstate(invalid="ignore"):
        figures: dict[str, npt.NDArray[Any]] = {
            "facilities": count.astype(np.int64),
            "unknown": (count - known).astype(np.int64),
            "complete": places.total((share == 1).astype(np.float64)).astype(np.int64),
            "share": share_of_known(sums, known - sums, count - known),
            "share_low": sums / count,
            "share_high": (sums + count - known) / count,
        }
    missing = [";".join(np.array(items)[row > 0]) for row in lacks]
    return areas.assign(**figures, missing=missing)


def line_coverage(
    assessment: Assessment,
    level: Level = "district",
    lines: Mapping[str, ServiceLine] | None = None,
) -> pd.DataFrame:
    """Return who is covered by each line of service.

    A line is served by the facilities of its kinds, and by those of other judged kinds that offer
    one of its services. Each is judged by the limit of its own kind. A facility of another kind
    that tells nothing of its services may serve the line: what turns on it is not known. Where the
    standard judges a kind of the line of which no source tells, or none of the line's own kinds
    though one may stand somewhere, nobody is known to be without: who is near none of the others
    is not known.

    Parameters
    ----------
    assessment
        What is judged; its question holds.
    level
        Of the areas.
    lines
        Kinds and services by line; the eight built-in ones where none are given.

    Returns
    -------
    DataFrame
        One row for each area and line: ``area_id``, ``name``, ``subdistrict``, ``line``,
        ``kinds`` judged (separated by ``;``), ``total`` people, and for ``any`` (at least one of
        the line's facilities within its limit) and ``all`` (one of every judged kind of the line;
        no kind stands in for another): ``covered_any``, ``unknown_any``, ``share_any`` of those
        known with its range ``share_any_low``–``share_any_high`` if the unknown were all without
        or all near, and the same of ``all``. ``share_any`` is NaN where nobody is known to be
        without: of those known it would be the whole by construction. NaN where an area's people
        are not told or withheld, where the standard judges no kind that could serve the line, and
        in the columns of ``all`` where it judges none of the line's own kinds.
    """
    areas, area_of = assessment.areas(level)
    people = people_of(assessment)
    total = people_in(assessment, level)
    untold = np.isnan(total)
    tables = []
    for line in (builtin_lines() if lines is None else lines).values():
        kinds = _kinds_of(assessment, line)
        open_end = _open_end(assessment, line, kinds)
        some = _any(assessment, line, kinds, open_end)
        every = _joined([assessment.within(kind) for kind in kinds], together=True)
        columns: dict[str, Any] = {"line": line.id, "kinds": ";".join(kinds)}
        columns["total"] = total
        for name, within in (("any", some), ("all", every)):
            columns |= _count(name, within, area_of, people, len(areas))
        if open_end:
            columns["share_any"] = np.nan
        # of an area that does not tell its people, nobody can say that none of them is near
        columns |= {
            figure: np.where(untold, np.nan, values)
            for figure, values in columns.items()
            if figure not in ("line", "kinds")
        }
        tables.append(areas.assign(**columns).rename_axis("area_id").reset_index())
    table = pd.concat(tables, ignore_index=True)
    order = np.argsort(np.tile(np.arange(len(areas)), len(tables)), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _find(checklist: str | Checklist) -> Checklist:
    if isinstance(checklist, Checklist):
        return checklist
    known = builtin_checklists()
    if checklist not in known:
        raise InputError("checkup.unknown_checklist", checklist=checklist, known=", ".join(known))
    return known[checklist]


def _told(facilities: pd.DataFrame, column: str) -> list[set[str]]:
    """Return the words in a column of each facility; none where it tells nothing."""
    if column not in facilities:
        return [set()] * len(facilities)
    texts = facilities[column].astype(object).where(facilities[column].notna(), "")
    return [meant_services(text) for text in texts]


def _kinds_of(assessment: Assessment, line: ServiceLine) -> list[str]:
    """Return the judged kinds of a line, own kinds that name it included."""
    own = _own_kinds(assessment, line)
    return [kind for kind in assessment.judged_kinds if kind in own]


def _own_kinds(assessment: Assessment, line: ServiceLine) -> set[str]:
    """Return all kinds of a line, own kinds that name it included."""
    table = assessment.district.kinds
    builtin = {kind for each in builtin_lines().values() for kind in each.kinds}
    named = {key for key, kind in table.items() if kind.line == line.id}
    return set(line.kinds) | (named - builtin)


def _open_end(assessment: Assessment, line: ServiceLine, kinds: Sequence[str]) -> bool:
    """Whether who is near none of the judged facilities may be near another of the line's own.

    So it is where a kind that the standard judges has no data, any of them for a line that has no
    kinds of its own and is served by what others offer; and, where the standard judges none of
    the line's own kinds, unless each is known to have no facility.
    """
    own, silent = _own_kinds(assessment, line), assessment.kinds_without_data
    if silent and (not own or not own.isdisjoint(silent)):
        return True
    district = assessment.district
    present = set(district.open_facilities()["kind"])
    return not kinds and any(kind in present or not district.has_data(kind) for kind in own)


def _any(
    assessment: Assessment, line: ServiceLine, kinds: Sequence[str], open_end: bool
) -> pd.Series | None:
    reach = assessment.reach
    offers = _offers(_told(assessment.district.facilities, "services"), line.services)
    found = [assessment.within(kind) for kind in kinds]
    if open_end:
        index = assessment.distances.index
        found.append(pd.Series(pd.NA, index=index, dtype="boolean"))
    for kind in assessment.judged_kinds:
        if kind in kinds:
            continue
        sure = reach.counting(kind, if_unknown=False) & (offers == OPEN)
        hoped = reach.counting(kind, if_unknown=True) & (offers != SHUT)
        if hoped.any():
            limit_m, measure = assessment.limit_m(kind) or 0.0, reach.measure_of(kind)
            near, best = (reach.nearest(rows, measure).distance_m for rows in (sure, hoped))
            within = pd.Series(near <= limit_m, index=assessment.distances.index, dtype="boolean")
            unknown = np.isnan(near) | ((near > limit_m) & (best <= limit_m))
            found.append(within.mask(unknown))
    return _joined(found, together=False)


def _offers(told: Sequence[set[str]], services: Sequence[str]) -> I8:
    wanted = {one_service(service) for service in services}
    states = [OPEN if words & wanted else SHUT if words else UNKNOWN for words in told]
    return np.array(states, dtype=np.int8)


def _joined(found: Sequence[pd.Series], *, together: bool) -> pd.Series | None:
    """Return the and, or the or, of nullable booleans; None of none."""
    if not found:
        return None
    joined = found[0]
    for each in found[1:]:
        joined = (joined & each) if together else (joined | each)
    return joined


def _count(
    name: str,
    within: pd.Series | None,
    area_of: I64,
    people: F64,
    count: int,
) -> dict[str, Any]:
    columns = [f"{figure}_{name}" for figure in ("covered", "unknown", "share")]
    columns += [f"share_{name}_{end}" for end in ("low", "high")]
    if within is None:
        return dict.fromkeys(columns, np.nan)
    covered = within.fillna(False).to_numpy(dtype=np.bool_)
    unknown = within.isna().to_numpy()
    sums = [_sums(area_of, people * each, count) for each in (covered, unknown)]
    everyone = _sums(area_of, people, count)
    with np.errstate(invalid="ignore"):
        share = share_of_known(sums[0], everyone - sums[0] - sums[1], sums[1])
        low, high = sums[0] / everyone, (sums[0] + sums[1]) / everyone
    return dict(zip(columns, (*sums, share, low, high), strict=True))


def _sums(area_of: I64, values: F64, count: int) -> F64:
    chosen = area_of >= 0
    sums = np.bincount(area_of[chosen], weights=values[chosen], minlength=count)
    return np.asarray(sums, dtype=np.float64)
