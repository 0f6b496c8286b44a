"""New sites allotted to many districts, as tables for people."""

from __future__ import annotations

import pandas as pd

from planner.views.tables.analysis.proposed_sites import brought_by_sites
from planner.views.words.labels import Labels


def allotted_table(districts: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return how many sites each district gets and what they bring, with readers' headings.

    Parameters
    ----------
    districts
        Of :class:`planner.batch.allotted_sites.AllottedSites`.
    labels
        Words for the unit that they count.
    """
    table = brought_by_sites(districts, labels)
    beside = list(table).index(labels.message("siting.col_gained")) + 1
    for name in ("next", "last"):
        heading = labels.message(f"allot.col_{name}")
        table.insert(beside, heading, districts[name].astype("float64").round().to_numpy())
    return table
