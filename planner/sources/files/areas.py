"""Areas of a file of polygons, called as its own column of names says."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from planner.errors import Finding
from planner.sources.tables.guessing import filled_columns
from planner.sources.tables.values.numbers import is_blank
from planner.sources.vector.reading import read_vector


def read_areas(path: str | Path) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Return the areas of a file, their names in a column ``name``, and what was seen.

    Parameters
    ----------
    path
        A file of polygons. Names are taken from the column that means the name of a community
        by its header, as in an import: 名称, ``NAME`` or ``Name`` of a KML file; one that is empty
        is passed over for one that is not.

    Raises
    ------
    MissingFileError, InputError
        Of :func:`planner.sources.vector.reading.read_vector`.
    """
    table, findings = read_vector(path)
    cells = pd.DataFrame(table.drop(columns=table.geometry.name))
    columns = filled_columns("communities", cells)
    header = next((each for each, role in columns.items() if role == "name"), None)
    if header is not None:
        names = [str(cell).strip() for cell in cells[header].mask(cells[header].map(is_blank), "")]
        table = table.assign(name=names)
    return table, findings
