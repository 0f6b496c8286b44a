"""Distances as a table whose description is not poisoned by what cannot be reached."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Distances(pd.DataFrame):
    """Metres of homes (rows) to kinds (columns): NaN where unknown, inf where out of reach."""

    def copy(self, deep: bool = True) -> Distances:  # type: ignore[misc]  # as below
        """Return a copy that describes itself the same way."""
        return Distances(super().copy(deep))

    def describe(  # type: ignore[misc, override]  # final in the stubs only
        self, percentiles: list[float] | None = None
    ) -> pd.DataFrame:
        """Describe the metres of those who can reach each kind; count the others apart.

        Returns
        -------
        DataFrame
            As of :meth:`pandas.DataFrame.describe`, and rows ``unreachable`` and ``unknown``.

        Examples
        --------
        >>> found = Distances({"clinic": [100.0, 300.0, np.inf, np.nan]}).describe()["clinic"]
        >>> found[["count", "mean", "max", "unreachable", "unknown"]].tolist()
        [2.0, 200.0, 300.0, 1.0, 1.0]
        """
        metres = pd.DataFrame(self)
        told = metres.replace([np.inf, -np.inf], np.nan).describe(percentiles)
        told.loc["unreachable"] = np.isinf(metres).sum()
        told.loc["unknown"] = metres.isna().sum()
        return told
