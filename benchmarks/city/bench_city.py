"""Processor seconds and memory of the verbs on a whole city, each in a process of its own.

    python benchmarks/city/bench_city.py FOLDER [verb …]

FOLDER is what ``make_city.py`` beside this file made. Results go to ``FOLDER/out/<verb>``, with
what ``--json`` prints. Programs that are not compiled yet are compiled within the figures: run it
twice after a change of compiled code. Beside each verb stands how long a fixed sum of numbers took
at that time, since one machine counts several times as fast as another, and as itself when busy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """A verb, its options, and the most processor seconds that it may take."""

    options: tuple[str, ...]
    bar_s: float


RUNS = {
    "import": Run(
        ("import", "{folder}/city.osm.pbf", "--boundary", "{folder}/communities.geojson",
         "--demand", "{folder}/homes.csv", "--out", "{out}/city.gpkg"), 20),
    "assess": Run(("assess", "{city}"), 5),
    "assess with files": Run(("assess", "{city}", "--out", "{out}"), 12),
    "gaps": Run(("gaps", "{city}", "--out", "{out}"), 15),
    "links": Run(("links", "{city}", "--out", "{out}"), 15),
    "one-stop": Run(("one-stop", "{city}", "--budget", "20000", "--out", "{out}"), 20),
    "mix": Run(("mix", "{city}", "--budget", "20000", "--out", "{out}/mix.json"), 20),
}  # fmt: skip


NUMBERS = 10_000_000
"""So many are added up in plain Python to tell the speed of the machine."""


class Spent(NamedTuple):
    """What a process took."""

    processor_s: float
    clock_s: float
    memory_mb: float


def spent(run: Run, folder: Path, out: Path) -> Spent:
    """Run a verb into an empty folder, and return what it took."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    city = folder / "out" / "import" / "city.gpkg"
    options = [each.format(folder=folder, city=city, out=out) for each in run.options]
    command = [sys.executable, "-m", "planner.cli", *options, "--json", "--language", "en"]
    began = time.perf_counter()
    with (out / "printed.json").open("wb") as printed:
        process = subprocess.Popen(command, stdout=printed)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    clock_s = time.perf_counter() - began
    return Spent(used.ru_utime + used.ru_stime, clock_s, used.ru_maxrss / 1024)


def yardstick_s() -> float:
    """Return the processor seconds in which plain Python adds :data:`NUMBERS` numbers up."""
    began, total = time.process_time(), 0
    for number in range(NUMBERS):
        total += number
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("verbs", nargs="*", metavar="verb", help=", ".join(RUNS))
    given = parser.parse_args()
    print("| verb | processor s | bar s | by the clock s | memory MB | sum s |")
    print("|---|---|---|---|---|---|", flush=True)
    for name in given.verbs or RUNS:
        took = spent(RUNS[name], given.folder, given.folder / "out" / name.replace(" ", "_"))
        figures = f"{took.processor_s:.1f} | {RUNS[name].bar_s:.0f} | {took.clock_s:.1f}"
        print(f"| {name} | {figures} | {took.memory_mb:.0f} | {yardstick_s():.2f} |", flush=True)


if __name__ == "__main__":
    main()
