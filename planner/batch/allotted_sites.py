"""A number of new sites of one kind, allotted to the districts of a run where they bring most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from planner.batch.proposed_sites import DISTRICT, alike, within
from planner.batch.results import Results
from planner.errors import InputError
from planner.location.allotment import allot
from planner.views.exports.files import write_csv, write_text
from planner.views.exports.folders import write_files
from planner.views.exports.geojson import write_geojson
from planner.views.tables.analysis.allotted_sites import allotted_table
from planner.views.tables.analysis.proposed_sites import sites_of_districts
from planner.views.words.analysis.allotted_sites import about, notes, sentences
from planner.views.words.analysis.leagues import (
    credits_of,
    labels_of,
    missing_word,
    unranked_word,
)
from planner.views.words.catalogue import COMMAND
from planner.views.words.labels import Labels

FILES = ("allotment.csv", "sites.csv", "sites.geojson", "about.txt")
"""What :meth:`AllottedSites.write` makes."""

_SITE = ["kind", "count"]


@dataclass(frozen=True)
class AllottedSites:
    """How many new sites of a kind each district gets. Made by :func:`allot_sites`.

    Parameters
    ----------
    districts
        Districts that are counted and judged alike, in degrees: the columns of
        :meth:`planner.batch.results.Results.siting` with as many ``sites`` as the district gets,
        ``last`` (what the last of them adds) and ``next`` (what one more would add; NaN where so
        many were not looked at). Where most is gained first.
    sites
        Rows of :meth:`planner.batch.results.Results.curve_sites` of these, in their order.
    asked
        Sites that were to be allotted.
    bound
        No choice of so many among the places of these districts brings more.
    others
        Districts of another unit, standard, limit or group, which are not among these.
    cut_off
        Districts that get as many as were looked at, where more might bring more.
    states
        Of :meth:`planner.batch.results.Results.districts`.
    sought
        ``province`` and ``district`` of those in which sites of the kind were sought.
    """

    districts: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    asked: int
    bound: float
    others: int
    cut_off: int
    states: pd.DataFrame
    sought: pd.DataFrame

    @property
    def group(self) -> str:
        """Whose people are counted, the same in all of them."""
        return str(self.districts["group"].iloc[0])

    @property
    def count(self) -> int:
        """Sites that are allotted; fewer than asked where more bring nobody that is known of."""
        return int(self.districts["sites"].sum())

    @property
    def gained(self) -> float:
        """Residents brought within the limit by all of them."""
        return float(self.districts["gained"].sum())

    @property
    def gap(self) -> float:
        """Share by which the gain may be less than the best, 0 to 1."""
        return (self.bound - self.gained) / self.bound if self.bound > 0 else 0.0

    def labels(self, language: str = "en", door: str = COMMAND) -> Labels:
        """Return the words for what is counted, at a door of the product."""
        return labels_of(self.districts, language, door)

    def sentences(self, labels: Labels) -> list[str]:
        """Return the answer: what the sites bring together, and how near to the best that is."""
        return sentences(self.districts, self.asked, self.bound, labels)

    def notes(self, labels: Labels) -> list[str]:
        """Return what a reader must know of it."""
        absent = [
            missing_word(self.states, labels),
            unranked_word(self.states, self.sought, labels),
        ]
        told = notes(self.districts, self.others, self.cut_off, labels)
        return [*filter(None, absent), *told]

    def for_readers(self, labels: Labels) -> pd.DataFrame:
        """Return a row a district with headings in the language."""
        return allotted_table(self.districts, labels)

    def write(self, folder: str | Path, language: str = "en") -> list[Path]:
        """Write the districts, the sites and what they rest on into a folder: all or none.

        Raises
        ------
        InputError, WorkError
            As of :func:`planner.views.exports.folders.whole_folder`.
        """
        labels = self.labels(language)
        lines = [*self.sentences(labels), *self.notes(labels), *credits_of(self.districts, labels)]
        text = "".join(f"{line}\n" for line in lines)
        head = about(self.districts, self.asked, labels)
        return write_files(
            folder,
            FILES,
            [
                lambda file: write_csv(self.for_readers(labels), file),
                lambda file: write_csv(
                    sites_of_districts(self.sites, self.districts, labels), file
                ),
                lambda file: write_geojson(self.sites, head, file),
                lambda file: write_text(text, file, "utf-8-sig"),
            ],
        )


def allot_sites(
    results: Results,
    kind: str,
    new: int,
    *,
    province: str | None = None,
    areas: pd.DataFrame | None = None,
) -> AllottedSites:
    """Allot a number of new sites of a kind to districts so that they bring most together.

    What the best 1, 2, … sites of each district bring was sought by the run, asked with
    ``also=["curves"]``; a district gets no more than the run sought there.

    Parameters
    ----------
    results
        Of the run.
    kind
        A kind that is judged.
    new
        Sites at most, of all districts together.
    province
        Only districts of this one.
    areas
        Only districts that these ranked areas are, or lie in; all where none are given.

    Raises
    ------
    InputError
        ``batch.not_asked``, ``batch.unknown_kind``, ``leagues.no_district_there``,
        ``leagues.no_district_sited`` where of none it is known what sites would bring,
        ``location.bad_allotment`` for fewer than one site.
    """
    rows = results.curves()
    of_kind = rows[rows["kind"] == kind]
    if of_kind.empty:
        known = ", ".join(sorted(set(rows["kind"])))
        raise InputError("batch.unknown_kind", kind=kind, known=known)
    if province is not None:
        of_kind = of_kind[of_kind["province"] == province]
    of_kind = within(of_kind, areas)
    if of_kind.empty:
        raise InputError("leagues.no_district_there")
    today = of_kind[of_kind["count"] == 0]
    shown = alike(today)
    curves = within(of_kind, shown).sort_values([*DISTRICT, "count"])
    every = [each for _, each in curves.groupby(DISTRICT, sort=True, dropna=False)]
    # where it is not known what sites would bring, nobody can say whether one should go there
    steps = [each for each in every if each["reachable"].notna().all()]
    apart = [each for each in every if not each["reachable"].notna().all()]
    if not steps:
        raise InputError("leagues.no_district_sited", kind=kind)
    curve = [_figures(each) for each in steps]
    found = allot(
        [each["gained"].to_numpy(np.float64) for each in curve],
        [each["bound"].to_numpy(np.float64) for each in curve],
        [float(each["reachable"].iloc[0]) for each in steps],
        new,
        least=[int(each["required"].iloc[0]) for each in steps],
    )
    chosen = [_chosen(each, count) for each, count in zip(steps, found.counts, strict=True)]
    chosen += [_not_allotted(each) for each in apart]
    table = pd.concat(chosen).sort_values(
        "gained", ascending=False, na_position="last", kind="stable"
    )
    districts = table.reset_index(drop=True)
    return AllottedSites(
        districts,
        _sites(results.curve_sites(), districts),
        new,
        found.bound,
        len(today) - len(shown),
        int((districts["next"].isna() & districts["more"]).sum()),
        results.districts(),
        pd.DataFrame(rows.loc[rows["kind"] == kind, DISTRICT]).drop_duplicates(),
    )


def _figures(curve: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what 1, 2, … sites of a district bring, and the bound of it."""
    told = curve.set_index("count")[["gained", "bound"]]
    # where sites must be built nobody asked what fewer bring: no more than these do
    every = told.reindex(range(1, int(told.index.max()) + 1))
    return pd.DataFrame({"gained": every["gained"].fillna(0.0), "bound": every["bound"].bfill()})


def _chosen(curve: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    """Return the row of a number of sites, with what the last adds and one more would."""
    gained = curve["gained"].to_numpy(np.float64)
    row = curve[curve["count"] == count]
    at = int(np.flatnonzero(curve["count"] == count)[0])
    # when all who can be reached are, one more adds nobody, looked at or not
    done = gained[at] >= float(curve["reachable"].iloc[0])
    beyond = 0.0 if done and count else np.nan
    # where sites must be built, what the last of them adds to the others was not looked at
    follows = at > 0 and int(curve["count"].iloc[at - 1]) == count - 1
    return row.assign(
        sites=count,
        last=gained[at] - gained[at - 1] if follows else np.nan,
        next=gained[at + 1] - gained[at] if at + 1 < len(gained) else beyond,
        more=not done and curve["why_not"].iloc[0] == "",
    )


def _not_allotted(curve: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the row of a district that takes no part: how it is today, and why."""
    nothing = dict.fromkeys(("gained", "gained_unsure", "bound", "last", "next"), np.nan)
    return curve.iloc[[0]].assign(sites=pd.NA, more=False, **nothing)


def _sites(sites: gpd.GeoDataFrame, districts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites of the rows that are chosen, in the order of these."""
    columns = [*DISTRICT, *_SITE]
    order = pd.DataFrame(districts[columns]).assign(place=np.arange(len(districts)))
    placed = sites.merge(order, on=columns, how="inner", validate="many_to_one")
    return placed.sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
