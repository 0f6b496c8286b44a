"""How long the command and the package take to start: best of five fresh processes each.

``python benchmarks/startup.py`` prints seconds beside the bar of each and exits with 1 over it.
"""

from __future__ import annotations

import subprocess
import sys
import time

ROUNDS = 5
CASES = {
    "python (for comparison)": (["-c", "pass"], None),
    "import planner": (["-c", "import planner"], 0.3),
    "planner --help": (["-m", "planner.cli", "--help"], 0.5),
    "planner standards": (["-m", "planner.cli", "standards"], None),
}


def seconds(arguments: list[str]) -> float:
    """Return the best wall time of a fresh process."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    """Print the table; return 1 where a bar is missed."""
    missed = 0
    for name, (arguments, bar) in CASES.items():
        took = seconds(arguments)
        missed += bar is not None and took > bar
        print(f"{name:<26} {took:6.3f} s" + (f"   bar {bar} s" if bar else ""))
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
