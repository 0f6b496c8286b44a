"""Location problems on arrays: arrays in, an answer with its bound out.

They know no district, no street and no language; :mod:`planner.siting` poses them for a district.
"""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "Allocation": "planner.location.allocation.allocate",
        "Allotment": "planner.location.allotment",
        "Limits": "planner.location.limits",
        "OneStop": "planner.location.one_stop_sites.one_stop",
        "Progress": "planner.location.results",
        "ProgressCallback": "planner.location.results",
        "Siting": "planner.location.results",
        "allocate": "planner.location.allocation.allocate",
        "allot": "planner.location.allotment",
        "max_coverage": "planner.location.covering.max_coverage",
        "move_to_cover": "planner.location.relocation",
        "move_to_shorten": "planner.location.relocation",
        "one_stop": "planner.location.one_stop_sites.one_stop",
        "p_center": "planner.location.center",
        "p_median": "planner.location.median.p_median",
        "set_cover": "planner.location.set_covering.set_cover",
    },
)
