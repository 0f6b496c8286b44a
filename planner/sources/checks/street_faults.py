"""What is wrong with streets as they are now: joints, loose pieces, ways on which nobody walks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from planner.arrays import F64
from planner.errors import Finding
from planner.sources.files.streets.walks import verdicts
from planner.sources.osm.rules import SEPARATE, UNCLEAR
from planner.sources.streets.gates import cut_at_gates
from planner.sources.streets.joining import find_unjoined
from planner.sources.streets.layer import loose_findings
from planner.sources.streets.unjoined import unjoined_findings
from planner.sources.streets.walls import Walls

FOUND_ANEW = (
    "sources.inner_junctions",
    "sources.unjoined",
    "sources.loose_streets",
    "sources.cut_streets",
)
"""What an import tells and is found again of streets that were changed since."""

_NAMED = 5
_SAME_M = 0.001


@dataclass(frozen=True, eq=False)
class StreetFaults:
    """Faults of a layer of streets, looked for when somebody asks, once.

    Parameters
    ----------
    streets, gates, barriers
        Layers of a district.
    """

    streets: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be told of them."""
        walls = Walls.of(self.barriers, self.gates)
        unjoined = find_unjoined(self.streets, shut=shut_places(self.gates), walls=walls)
        return (
            *unjoined_findings(unjoined),
            *loose_findings(self.streets),
            *walked_all_the_same(self.streets),
            *gates_passed(self.streets, self.gates, self.barriers),
        )

    def in_place_of(self, told: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return findings without those that are no longer so, and with those that are new."""
        kept = [f for f in told if f.code not in FOUND_ANEW or f in self.findings]
        return (*kept, *(f for f in self.findings if f not in kept))


def shut_places(gates: gpd.GeoDataFrame) -> F64:
    """Return the places (n, 2) of gates that are shut, where streets end on purpose."""
    shut = gates.loc[~gates["open"].astype(bool)]
    return np.asarray(shapely.get_coordinates(shut.geometry.to_numpy()), dtype=np.float64)


def walked_all_the_same(streets: gpd.GeoDataFrame) -> Iterator[Finding]:
    """Tell of streets of a district on which nobody walks by their columns.

    An import leaves them out; who edits a workspace, or changes a layer, may have meant to shut
    them. Ways whose ``access`` is private are left in where people of the compound walk there, so
    that they say nothing here; no import keeps one whose ``foot`` is.

    Parameters
    ----------
    streets
        Layer ``streets``.
    """
    # what an import decided by tags that a workspace does not keep is not asked again
    why, private = verdicts(streets, without={*UNCLEAR, *SEPARATE})
    out = (why != "") & ~private
    if "foot" in streets:
        out |= verdicts(streets[["foot", "geometry"]], without={*UNCLEAR, *SEPARATE})[0] != ""
    if out.any():
        reasons = Counter(why[out].tolist()).most_common(_NAMED)
        metres = float(shapely.length(streets.geometry.to_numpy()[out]).sum())
        params = {
            "count": int(out.sum()),
            "km": round(metres / 1000, 1),
            "reasons": "; ".join(f"{reason}: {count}" for reason, count in reasons),
        }
        yield Finding("sources.walked_all_the_same", params)


def gates_passed(
    streets: gpd.GeoDataFrame, gates: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame
) -> Iterator[Finding]:
    """Tell of shut gates that a street of the district leads through all the same.

    An import cuts streets there; a workspace of before, or gates that were changed since, may not.
    A gate of an extract is a point of its street; what lies a hair's breadth beside is another's.
    """
    mapped = gates["gate_id"].astype(str).str.startswith("node/").to_numpy(dtype=bool)
    if mapped.any():
        from scipy.spatial import cKDTree  # a fifth of a second: not where nobody looks for it

        corners = cKDTree(shapely.get_coordinates(streets.geometry.to_numpy()))
        away, _ = corners.query(shapely.get_coordinates(gates.geometry.to_numpy()))
        gates = gates[~mapped | (away <= _SAME_M)]
    for finding in cut_at_gates(streets, gates, barriers)[2]:
        if finding.code == "sources.gates_cut":
            yield Finding("sources.gates_passed", finding.params)
