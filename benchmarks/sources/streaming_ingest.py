"""Time and memory of importing, cutting and assessing 2 million nodes, and on paper more.

    python benchmarks/sources/streaming_ingest.py [--nodes 2000000] [--folder FOLDER] [step …]

makes the extract of ``made_extract.py`` beside this file (once for a folder), and takes each step
in a process of its own: the import of all of it as one district, an assessment of its four kinds,
the import of one subdistrict by name, and four subdistricts cut by ``planner.batch``, the extract
in memory and on the disk. MB is the most memory that the process held, files that it had mapped
included; own MB the most without these, which the system takes back when others need it (Linux).
Then it tells what a province and the country take, by the method that it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from made_extract import Town, blocks_of

NODES_A_MB = 108_000
"""Nodes in a megabyte of Liechtenstein's extract; the made one has 280,000, its ids being dense."""

PAPER_MB = {"province": 60.0, "country": 1300.0}
BARS = {"import": (120.0, 2000.0), "assess": (20.0, None)}
NAME, AREAS = "街道1-1", 4


class Spent(NamedTuple):
    """What a process took."""

    clock_s: float
    processor_s: float
    memory_mb: float
    told: dict[str, float]


def make(file: Path, _folder: Path) -> None:
    """Make the extract of the number of nodes in its name, and the layer of districts beside it."""
    if not file.exists():
        town = Town(blocks_of(int(file.name.split(".")[0].split("-")[1])))
        town.write(file)
        areas = [
            {
                "type": "Feature",
                "properties": {"community_id": f"d{row}{column}", "name": f"D{row}{column}"},
                "geometry": {"type": "Polygon", "coordinates": [town.box(column, row, 2)]},
            }
            for row, column in ((2, 2), (2, 4), (4, 2), (4, 4))
        ]
        text = json.dumps({"type": "FeatureCollection", "features": areas})
        file.with_suffix(".areas.geojson").write_text(text, encoding="utf-8")
        counts = {"nodes": len(town.xy), "ways": len(town.ways), "relations": len(town.relations)}
        file.with_suffix(".json").write_text(json.dumps(counts), encoding="utf-8")


def imported(file: Path, folder: Path) -> None:
    """Import all of the extract as one district."""
    from planner.sources import from_osm, write_district

    write_district(from_osm(file), folder / "town.gpkg")


def assessed(_file: Path, folder: Path) -> dict[str, float]:
    """Assess the district for its four kinds."""
    import planner

    table = planner.assess(planner.read_district(folder / "town.gpkg")).summary()
    return {"kinds": float(table.loc[table["facilities"] > 0, "kind"].nunique())}


def one(large: int) -> Callable[[Path, Path], None]:
    """Return the import of one subdistrict by its name."""

    def work(file: Path, folder: Path) -> None:
        from planner.sources import from_osm, write_district
        from planner.sources.osm import stored_extract

        stored_extract.LARGE_BYTES = large
        write_district(from_osm(file, NAME), folder / f"one-{large}.gpkg")

    return work


def put_away(file: Path, _folder: Path) -> dict[str, float]:
    """Put the extract away on the disk."""
    from planner.sources.osm.stored_extract import StoredExtract

    with StoredExtract(file) as stored:
        return {"disk_mb": stored.disk_bytes / 1e6}


def districts(large: int) -> Callable[[Path, Path], dict[str, float]]:
    """Return the cutting of four subdistricts."""

    def work(file: Path, folder: Path) -> dict[str, float]:
        from planner.batch import cut
        from planner.sources.osm import stored_extract

        stored_extract.LARGE_BYTES = large
        with tempfile.TemporaryDirectory(dir=folder) as into:
            done = cut(file, file.with_suffix(".areas.geojson"), into)
            return {"districts": float(len(done.places))}

    return work


NEVER, ALWAYS = 10**15, 0
STEPS: dict[str, Callable[[Path, Path], dict[str, float] | None]] = {
    "make": make,
    "import": imported,
    "assess": assessed,
    "one district, in memory": one(NEVER),
    "one district, on the disk": one(ALWAYS),
    "put away": put_away,
    "four districts, in memory": districts(NEVER),
    "four districts, on the disk": districts(ALWAYS),
}


def own_memory(found: list[float], done: threading.Event) -> None:
    """Watch how much memory of its own this process holds, MB; Linux alone tells."""
    status = Path("/proc/self/status")
    while status.exists() and not done.wait(0.05):
        lines = status.read_text(encoding="ascii").splitlines()
        kb = next(line.split()[1] for line in lines if line.startswith("RssAnon"))
        found[0] = max(found[0], int(kb) / 1024)


def do(step: str, file: Path, folder: Path) -> None:
    """Take a step in this process, and print what it tells."""
    most, done = [0.0], threading.Event()
    watch = threading.Thread(target=own_memory, args=(most, done), daemon=True)
    watch.start()
    told = STEPS[step](file, folder) or {}
    done.set()
    watch.join()
    print(json.dumps({**told, "own_mb": most[0]}))


def spent(step: str, file: Path, folder: Path) -> Spent:
    """Take a step in a process of its own, and return what that took."""
    command = [sys.executable, __file__, "--do", step, str(file), "--folder", str(folder)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{step} failed")
    told = json.loads(printed.splitlines()[-1])
    clock_s = time.perf_counter() - began
    return Spent(clock_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, told)


def on_paper(took: dict[str, Spent], counts: dict[str, int]) -> None:
    """Print what a province and the country take by these figures."""
    away, cutting = took["put away"], took["four districts, on the disk"]
    own, inside = cutting.told["own_mb"], took["four districts, in memory"].told["own_mb"]
    print(
        f"\nOn paper: nodes = MB x {NODES_A_MB:,}. Seconds to put away and the disk grow with the "
        "nodes. Memory on the disk's side is that of the districts cut here and 32 bytes a member "
        "of a relation, one for 8 nodes as in Liechtenstein; else what the extract added here, "
        "a node."
    )
    for name, size in PAPER_MB.items():
        times = size * NODES_A_MB / counts["nodes"]
        members = size * NODES_A_MB / 8 * 32 / 1e6
        print(
            f"{name}, {size:.0f} MB, {size * NODES_A_MB / 1e6:.1f} M nodes: "
            f"put away in {away.processor_s * times:.0f} s, "
            f"disk {away.told['disk_mb'] * times / 1000:.1f} GB, "
            f"then {(cutting.processor_s - away.processor_s) / AREAS:.0f} s a district like these; "
            f"memory {own + members:.0f} MB, all in memory {own + (inside - own) * times:.0f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", metavar="step", help=", ".join(STEPS))
    parser.add_argument("--nodes", type=float, default=2e6)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--do", nargs=2, metavar=("STEP", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.do:
        do(given.do[0], Path(given.do[1]), given.folder)
        return
    with tempfile.TemporaryDirectory() as own:
        folder = given.folder or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"town-{int(given.nodes)}.osm.pbf"
        # in a process of its own: what this one held would count as held by those it starts
        spent("make", file, folder)
        counts = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        print(f"{counts}, {file.stat().st_size / 1e6:.1f} MB\n")
        print("| step | clock s | processor s | MB | own MB | bar |")
        print("|---|---|---|---|---|---|", flush=True)
        took = {}
        for step in given.steps or list(STEPS)[1:]:
            took[step] = now = spent(step, file, folder)
            seconds, memory = BARS.get(step, (None, None))
            bar = f"{seconds:.0f} s" if seconds else ""
            bar += f", {memory:.0f} MB" if memory else ""
            figures = f"{now.clock_s:.1f} | {now.processor_s:.1f} | {now.memory_mb:.0f}"
            print(f"| {step} | {figures} | {now.told['own_mb']:.0f} | {bar} |", flush=True)
        if set(STEPS) - {"make"} <= set(took):
            on_paper(took, counts)


if __name__ == "__main__":
    main()
