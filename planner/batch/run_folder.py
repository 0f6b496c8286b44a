"""The folder of a run, read: which districts were done or failed, and one table of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyarrow import dataset

from planner.batch.run_files import FAILURES, RUN
from planner.batch.tables import CRS, PARTITIONS, partition
from planner.documents import parse_kept
from planner.errors import InputError, MissingFileError
from planner.sources.kept_files import read_kept
from planner.sources.tables.text import read_listed

FORMAT, VERSION = "planner-batch", 1
_MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class RunFolder:
    """What a run left in its folder.

    Parameters
    ----------
    folder
        Where its results are kept.
    resumed
        Districts that had been done before and were not assessed again.
    """

    folder: Path
    resumed: int = 0

    @cached_property
    def _run(self) -> dict[str, Any]:
        file = self.folder / RUN
        if not file.is_file():
            raise MissingFileError("batch.no_results", file=str(self.folder))
        refusals = ("batch.no_results", "batch.newer_results")
        text = read_kept(file, _MOST_BYTES).text
        found: dict[str, Any] = parse_kept(text, FORMAT, VERSION, refusals, str(self.folder))
        return found

    def districts(self) -> pd.DataFrame:
        """Return all districts that the run is of.

        Returns
        -------
        DataFrame
            ``province``, ``district``, ``workspace``, ``key`` (empty where no job could be made)
            and ``state``: ``"done"``, ``"failed"``, or ``"missing"`` where the run was ended first.
        """
        table = pd.DataFrame(self._run["districts"])[["province", "district", "workspace", "key"]]
        # failures are written when all districts were tried
        otherwise = "failed" if (self.folder / FAILURES).is_file() else "missing"
        done = [
            bool(key) and all(partition(self.folder, name, key).exists() for name in PARTITIONS)
            for key in table["key"]
        ]
        return table.assign(state=np.where(done, "done", otherwise).tolist())

    def failures(self) -> pd.DataFrame:
        """Return the districts without results: where they lie, the code and sentence of why."""
        file = self.folder / FAILURES
        columns = ["province", "district", "workspace", "code", "sentence", "params"]
        if not file.is_file():
            return pd.DataFrame(columns=columns)
        # a table with headings only has no cells to read
        return read_listed(file).reindex(columns=columns)

    def product(self) -> str:
        """Return the version of this program that made the results."""
        return str(self._run.get("product", ""))

    def _read(self, name: str, kind: str | None = None, *, shapes: bool = True) -> Any:
        """Return one table of all districts that are done, in the order of the run."""
        keys = [each["key"] for each in self._run["districts"] if each["key"]]
        files = [partition(self.folder, name, key) for key in keys]
        there = [file for file in files if file.exists()]
        if not there:
            raise InputError("batch.nothing_done", file=str(self.folder))
        # tables without rows say nothing of the types of their columns, which the others do; texts
        # are short or long ones, by how the table of a district came to be
        schemas = list(map(pq.read_schema, there))
        schema = pa.unify_schemas(schemas, promote_options="permissive")
        typical = next((each for each in schemas if each.equals(schema)), schemas[0])
        columns = [each for each in schema.names if shapes or each != "geometry"]
        asked = None if kind is None else dataset.field("kind") == kind
        whole = dataset.dataset(there, schema=schema).to_table(columns, filter=asked)
        told = {b"pandas": (typical.metadata or {}).get(b"pandas", b"{}")}
        table = whole.replace_schema_metadata(told).to_pandas()
        if not shapes:
            return table
        return gpd.GeoDataFrame(table, geometry=shapely.from_wkb(table["geometry"]), crs=CRS)
