"""The siting problems on arrays, in one place: arrays in, an answer with its bound out.

They know no district, no street and no language. :mod:`planner.siting.proposals` and
:mod:`planner.siting.relocation` pose them for a district.
"""

from planner.siting.allocation import Allocation, allocate
from planner.siting.center import p_center
from planner.siting.coverage import max_coverage
from planner.siting.covering import set_cover
from planner.siting.median import p_median
from planner.siting.one_stop_sites import OneStop, one_stop
from planner.siting.relocation_problem import move_to_cover, move_to_shorten
from planner.siting.results import Progress, ProgressCallback, Siting

__all__ = [
    "Allocation",
    "OneStop",
    "Progress",
    "ProgressCallback",
    "Siting",
    "allocate",
    "max_coverage",
    "move_to_cover",
    "move_to_shorten",
    "one_stop",
    "p_center",
    "p_median",
    "set_cover",
]
