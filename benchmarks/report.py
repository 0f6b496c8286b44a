"""Time of the demo's report in all forms, from the assessment on: no more than 15 s.

Run as ``python benchmarks/report.py``; prints seconds by step, and ends with 1 where it is slower.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from planner import assess, demo_district
from planner.reports.report import FORMS, report

MOST_S = 15.0


def main() -> int:
    """Measure once with everything compiled, and return the exit code."""
    result = assess(demo_district())
    report(result, parts=["summary"])
    spent: dict[str, float] = {}
    began = last = time.perf_counter()
    made = report(assess(demo_district()))
    spent["made"] = time.perf_counter() - last
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            last = time.perf_counter()
            made.write(Path(folder) / f"report{form}")
            spent[form] = time.perf_counter() - last
    total = time.perf_counter() - began
    for step, seconds in spent.items():
        print(f"{step:8} {seconds:6.1f} s")
    print(f"{'total':8} {total:6.1f} s (limit {MOST_S:.0f} s)")
    return int(total > MOST_S)


if __name__ == "__main__":
    sys.exit(main())
