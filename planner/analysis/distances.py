"""Distances as a table whose description is not poisoned by what cannot be reached."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


class DistanceColumn(pd.Series):
    """Metres to one kind: NaN where unknown, inf where none can be reached."""

    def describe(  # type: ignore[misc, override]  # final in the stubs only
        self, percentiles: list[float] | None = None
    ) -> pd.Series:
        """Describe the metres of those who can reach one; count the others apart.

        Returns
        -------
        Series
            As of :meth:`pandas.Series.describe`, and ``unreachable`` and ``unknown`` rows.

        Examples
        --------
        >>> found = Distances({"clinic": [100.0, 300.0, np.inf, np.nan]})["clinic"].describe()
        >>> found[["count", "mean", "max", "unreachable", "unknown"]].tolist()
        [2.0, 200.0, 300.0, 1.0, 1.0]
        """
        metres = pd.Series(self)
        told = metres.replace([np.inf, -np.inf], np.nan).describe(percentiles)
        told["unreachable"] = np.isinf(metres.to_numpy(dtype=np.float64)).sum()
        told["unknown"] = metres.isna().sum()
        return told


class Distances(pd.DataFrame):
    """Metres of homes (rows) to kinds (columns): NaN where unknown, inf where out of reach."""

    @property
    def _constructor_sliced(self) -> Any:
        return DistanceColumn

    def describe(  # type: ignore[misc, override]  # final in the stubs only
        self, percentiles: list[float] | None = None
    ) -> pd.DataFrame:
        """Describe each kind as :meth:`DistanceColumn.describe` does."""
        columns = {name: DistanceColumn(self[name]).describe(percentiles) for name in self.columns}
        return pd.DataFrame(columns)
