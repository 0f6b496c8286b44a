"""Questions of a planner on the demo district, warm: the median and the longest of some runs.

python benchmarks/siting/bench_propose.py
"""

import time

import numpy as np

import planner
from planner.siting import against_links, before_after, coverage_curve, reasons, relocation_curve

RUNS = 5


def main():
    result = planner.assess(planner.demo_district())
    proposal = planner.propose(result, "clinic", 3)
    moved = planner.relocate(result, "clinic", 3)
    streets = {"where": ["candidates", "internal", "streets"]}
    questions = {
        "3 clinics": lambda: planner.propose(result, "clinic", 3),
        "3 clinics, anywhere along the streets": lambda: planner.propose(
            result, "clinic", 3, **streets
        ),
        "3 police rooms": lambda: planner.propose(result, "police_room", 3),
        "3 clinics, least walking": lambda: planner.propose(
            result, "clinic", 3, objective="distance"
        ),
        "3 clinics, a second facility counts": lambda: planner.propose(
            result, "clinic", 3, backup=0.3, apart_m=500.0
        ),
        "3 moves": lambda: planner.relocate(result, "clinic", 3),
        "all placed anew": lambda: planner.relocate(result, "clinic"),
        "curve of 0 to 5 moves and all": lambda: relocation_curve(moved),
        "curve of 1 to 10 sites": lambda: coverage_curve(proposal),
        "why": lambda: reasons(proposal),
        "before and after": lambda: before_after(planner.propose(result, "clinic", 3)),
        "sites or links": lambda: against_links(proposal),
    }
    print("| question | median s | longest s |")
    print("|---|---:|---:|")
    for name, ask in questions.items():
        ask()
        took = []
        for _ in range(RUNS):
            began = time.perf_counter()
            ask()
            took.append(time.perf_counter() - began)
        print(f"| {name} | {np.median(took):.2f} | {max(took):.2f} |", flush=True)


if __name__ == "__main__":
    main()
