"""What a whole country takes: districts of several sizes measured, each taken for all of them.

``python benchmarks/batch/country.py city.gpkg`` assesses a part of the demo, the demo and the given
workspaces, each in a process of its own, and prints processor seconds, memory and bytes, and what
``--districts`` of that size take. What a process takes before and after its districts is measured
by calling the same again, with nothing left to do, and taken off.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from bench_batch import part

from planner.sources import demo_district, read_district, write_district


class Spent(NamedTuple):
    """Processor seconds of a process, and the most memory that it held, in MB."""

    seconds: float
    mb: float


def spent(workspace: Path, into: Path, also: list[str]) -> Spent:
    """Run the verb and return what it took."""
    asked = [word for question in also for word in ("--also", question)]
    command = [sys.executable, "-m", "planner", "batch", str(workspace), "--into", str(into)]
    process = subprocess.Popen([*command, *asked], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{workspace}: {process.returncode}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def size(folder: Path) -> float:
    """Return the MB of all files of a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("workspaces", nargs="*", type=Path)
    asked.add_argument("--districts", type=int, default=2850)
    asked.add_argument("--also", action="append", default=[])
    given = asked.parse_args()
    rows, totals = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = {"part": part(0, 4), "demo": demo_district()}
        for called, district in made.items():
            write_district(district, folder / f"{called}.gpkg")
        files = [*(folder / f"{called}.gpkg" for called in made), *given.workspaces]
        # what is compiled stays out of the figures
        spent(files[0], folder / "warm", given.also)
        for file in files:
            into = folder / "results" / file.stem
            whole, again = spent(file, into, given.also), spent(file, into, given.also)
            seconds = whole.seconds - again.seconds
            homes, communities = (
                len(getattr(read_district(file), layer)) for layer in ("demand", "communities")
            )
            kept, results = file.stat().st_size / 1e6, size(into)
            rows.append(
                f"| {file.stem} | {homes:,} | {communities} | {seconds:.1f} | {whole.mb:,.0f} "
                f"| {kept:.1f} | {results:.1f} |"
            )
            many = given.districts
            totals.append(
                f"| {file.stem} | {many * seconds / 3600:.0f} | {many * kept / 1000:.0f} "
                f"| {many * results / 1000:.0f} |"
            )
    print("| district | homes | communities | processor s | MB held | workspace MB | results MB |")
    print("|---|---|---|---|---|---|---|", *rows, sep="\n")
    print(f"\n| {given.districts} like it | processor hours | workspaces GB | results GB |")
    print("|---|---|---|---|", *totals, sep="\n")


if __name__ == "__main__":
    main()
