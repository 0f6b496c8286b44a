"""What is withheld in a district, and tables without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from planner.arrays import I64

Table = TypeVar("Table", bound=pd.DataFrame)

_JUDGED = ("covered", "uncovered", "complete", "incomplete")
_OPEN = {"share": np.nan, "share_low": 0.0, "share_high": 1.0}
_COUNTS = ("covered", "uncovered", "complete", "incomplete", "unknown", "unreachable")


@dataclass(frozen=True, eq=False)
class Withheld:
    """What is withheld in a district.

    Parameters
    ----------
    threshold
        People of a group below whom a count is withheld.
    homes
        Whether a home's count of a group is withheld, bool, index ``demand_id``, columns groups.
    gone
        Whether it is in no total either, since it is withheld for the whole community; as `homes`.
    block
        Number of each home's block, −1 for none, int64, index ``demand_id``.
    """

    threshold: int
    homes: pd.DataFrame
    gone: pd.DataFrame
    block: pd.Series

    @property
    def blocks(self) -> int:
        """How many blocks have several homes."""
        return int((self.block[self.block >= 0].value_counts() > 1).sum())

    @property
    def groups(self) -> list[str]:
        """Groups that the rule is kept for."""
        return list(self.homes.columns)

    def areas(
        self, areas: Sequence[str], area_of: I64, homes: pd.Series, *, whole: bool
    ) -> pd.DataFrame:
        """Return whether the count of a group is withheld for an area.

        Parameters
        ----------
        areas, area_of, homes
            Ids of areas; of each home the position of its area in them, −1 for none, and its id,
            shape (n,).
        whole
            Whether all homes of the area must be withheld, or some.

        Returns
        -------
        DataFrame
            bool, index `areas`, columns groups.
        """
        inside = area_of >= 0
        lost = self.gone.reindex(homes, fill_value=False).to_numpy(dtype=np.bool_)[inside]
        hidden = np.zeros((len(areas), lost.shape[1]), dtype=np.int64)
        np.add.at(hidden, area_of[inside], lost)
        count = np.bincount(area_of[inside], minlength=len(areas))[:, None]
        found = (hidden == count) & (count > 0) if whole else hidden > 0
        return pd.DataFrame(found, index=list(areas), columns=self.groups)

    def left_out(self, people: pd.DataFrame) -> pd.DataFrame:
        """Return the residents of the homes whose people of a group are in no total.

        Parameters
        ----------
        people
            By ``demand_id`` the residents and the groups of each home, residents first.

        Returns
        -------
        DataFrame
            float64, index and columns of `people`; 0 in the column of residents, of which all are
            told.
        """
        residents = people.iloc[:, 0].fillna(0.0).to_numpy(dtype=np.float64)
        gone = self.gone.reindex(index=people.index, columns=people.columns, fill_value=False)
        return gone.astype("float64").mul(residents, axis=0)

    def without_small(
        self, table: pd.DataFrame, hidden: pd.DataFrame, left_out: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Return a table of counted people without what is withheld.

        Parameters
        ----------
        table
            A row for each area (``area_id``) and group (``group``), with the columns of
            :func:`planner.analysis.coverage.population_within.count_people` or of
            :func:`planner.analysis.measures.completeness.completeness`.
        hidden
            Areas whose count is withheld, see :meth:`areas`.
        left_out
            The same table of the residents of :meth:`left_out`, where some may be in no total: a
            count of 0 where these are not would say that nobody of the group is among them.
        """
        result, is_group = table.copy(), table["group"].isin(self.groups).to_numpy()
        place = hidden.index.get_indexer(pd.Index(table["area_id"]))
        column = hidden.columns.get_indexer(pd.Index(table["group"]))
        lost = is_group & hidden.to_numpy()[place, column]
        figures = table.select_dtypes("float").columns
        result.loc[lost, figures] = np.nan
        counts = [name for name in _COUNTS if name in table]
        few = self.few(result[counts]).to_numpy(dtype=np.bool_) & is_group[:, None]
        result[counts] = result[counts].mask(few)
        if left_out is None:
            return result
        untrue = ((result[counts] == 0) & (left_out[counts] > 0)).to_numpy() & is_group[:, None]
        result[counts] = result[counts].mask(untrue)
        # nobody, or everybody, of those who are told: the share of all may be any
        ends = pd.DataFrame(untrue, columns=counts).reindex(columns=_JUDGED, fill_value=False)
        open_share = ends.any(axis=1).to_numpy()
        for name, end in _OPEN.items():
            if name in result:
                result[name] = result[name].mask(open_share, end)
        return result

    def few(self, counts: Any) -> Any:
        """Return which counts stand for somebody, but for fewer than the threshold.

        They are estimates, since what is known of whole blocks is no less than the threshold: they
        are left out because nobody can rely on them, and not since they would tell anything. 0
        only says that nobody at all lives there.
        """
        return (counts > 0) & (counts < self.threshold)

    def without_few(self, table: Table, more: Sequence[str] = ()) -> Table:
        """Return a table with a column for each group, and some more, without small counts."""
        columns = [name for name in (*self.groups, *more) if name in table]
        shown = table.copy()
        shown[columns] = table[columns].mask(self.few(table[columns]))
        return shown

    def without_homes(self, table: Table, counted: Mapping[str, Sequence[str]]) -> Table:
        """Return a table of homes without their withheld counts.

        Parameters
        ----------
        table
            With a column ``demand_id``; a home may have several rows.
        counted
            By group the columns that count its people.
        """
        shown = table.copy()
        for group, columns in counted.items():
            if group in self.homes:
                hidden = self.homes[group].reindex(table["demand_id"], fill_value=False)
                for name in columns:
                    shown[name] = (
                        table[name].astype("float64").mask(hidden.to_numpy(dtype=np.bool_))
                    )
        return shown
