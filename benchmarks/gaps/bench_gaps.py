"""Seconds to find all gaps of the demo district: the first time, and once its ground is known."""

from time import perf_counter

import planner
from planner.analysis.gaps.patches import land_of


def main() -> None:
    result = planner.assess(planner.demo_district())
    result.gaps()  # compiles the kernels
    for capacity in (False, True):
        fresh = planner.assess(planner.demo_district())
        start = perf_counter()
        land_of(fresh.reach)
        ground = perf_counter()
        gaps = fresh.gaps(capacity=capacity)
        end = perf_counter()
        what = "with capacity" if capacity else "distance"
        print(
            f"{what}: ground {ground - start:.2f} s, then {len(gaps)} gaps of "
            f"{gaps['kind'].nunique()} kinds {end - ground:.2f} s"
        )


if __name__ == "__main__":
    main()
