"""Seconds to read 100,000 facilities, and to check 5,000 communities, made up with a seed.

``python benchmarks/sources/large_lists.py [--rows N] [--communities N] [--profile csv|xlsx|check]``
writes a list of facilities as a bureau would (GBK text, and a workbook) into a temporary folder and
reads it in this process, then through the process in which the dashboard reads uploads, and prints
how often that told its progress. Then it checks a district of many communities. The bars are 10 s
for the text, 20 s for the workbook and 10 s for the check.
"""

from __future__ import annotations

import argparse
import cProfile
import math
import os
import pstats
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import xlsxwriter

from planner.analysis.data_check.check import check_data
from planner.app.server.reading.caps import Caps
from planner.app.server.reading.worker import Worker
from planner.district import District, builtin_kinds
from planner.sources import check
from planner.sources.files.points import read_facilities

LON, LAT, CRS = 114.93, 25.85, "EPSG:4547"
SIDE_M = 400.0
HEADERS = (
    "编号", "名称", "类别", "状态", "建筑面积(㎡)", "开放时间", "经度(WGS84)", "纬度(WGS84)",
)  # fmt: skip
WORDS = ("社区卫生服务站", "图书室", "派出所", "社区党群服务中心", "长者饭堂", "全民健身点")
STATES = ("在用", "正常", "在建", "停用")
HOURS = ("周一至周五 8:30-12:00,14:30-17:30", "24小时", "8:00—20:00", "", "周一至周日 9：00-17：00")
BARS_S = {"csv": 10.0, "xlsx": 20.0, "check": 10.0}


def facility_rows(count: int, seed: int = 7) -> list[list[object]]:
    """Return rows of a list, without headers."""
    rng = np.random.default_rng(seed)
    word, state = rng.integers(len(WORDS), size=count), rng.integers(len(STATES), size=count)
    hours, area = rng.integers(len(HOURS), size=count), rng.integers(20, 3000, count)
    east, north = rng.uniform(0, 0.25, count), rng.uniform(0, 0.25, count)
    return [
        [
            f"F{n:06d}",
            f"{WORDS[word[n]]}{n}",
            WORDS[word[n]],
            STATES[state[n]],
            f"约{area[n]}平方米" if n % 7 == 0 else f"{area[n]:,}",
            HOURS[hours[n]],
            round(LON + float(east[n]), 7),
            round(LAT + float(north[n]), 7),
        ]
        for n in range(count)
    ]


def write_lists(folder: Path, count: int) -> dict[str, Path]:
    """Write the list as text and as a workbook."""
    rows = facility_rows(count)
    text, book = folder / "设施.csv", folder / "设施.xlsx"
    lines = [",".join(HEADERS)]
    lines += [
        ",".join(f'"{cell}"' if "," in str(cell) else str(cell) for cell in row) for row in rows
    ]
    text.write_bytes("\r\n".join(lines).encode("gb18030"))
    with xlsxwriter.Workbook(book, {"constant_memory": True}) as made:
        sheet = made.add_worksheet("设施")
        sheet.write_row(0, 0, HEADERS)
        for at, row in enumerate(rows, start=1):
            sheet.write_row(at, 0, row)
    return {"csv": text, "xlsx": book}


def wide_district(count: int) -> District:
    """Return a district of square communities with a street, a home and a facility in each."""
    across = math.ceil(math.sqrt(count))
    at = np.array([(n % across, n // across) for n in range(count)], float) * SIDE_M
    squares = shapely.box(at[:, 0], at[:, 1], at[:, 0] + SIDE_M, at[:, 1] + SIDE_M)
    steps = np.arange(across + 1) * SIDE_M
    lines = [shapely.linestrings([(x, y), (x, y + SIDE_M)]) for x in steps for y in steps[:-1]]
    lines += [shapely.linestrings([(x, y), (x + SIDE_M, y)]) for y in steps for x in steps[:-1]]
    middle = shapely.points(at + SIDE_M / 2 + np.array([0.0, 150.0]))
    ids = [f"360702{n:06d}" for n in range(count)]
    layers = {
        "communities": {"community_id": ids, "name": [f"社区{n}" for n in range(count)]},
        "streets": {"street_id": [f"s{n}" for n in range(len(lines))]},
        "demand": {"demand_id": ids, "community_id": ids, "population": [100.0] * count},
        "facilities": {
            "facility_id": ids,
            "name": [f"卫生服务站{n}" for n in range(count)],
            "kind": ["clinic"] * count,
        },
    }
    shapes = {"communities": squares, "streets": lines, "demand": middle, "facilities": middle}
    tables = {
        layer: gpd.GeoDataFrame(columns, geometry=list(shapes[layer]), crs=CRS)
        for layer, columns in layers.items()
    }
    return District.from_layers("wide", tables)


def timed(name: str, work: Callable[[], object], bar: float | None = None) -> None:
    """Print the seconds of some work, and of a processor, those of processes that it began too."""
    start, used = time.perf_counter(), sum(os.times()[:4])
    work()
    seconds, own = time.perf_counter() - start, sum(os.times()[:4]) - used
    beside = "" if bar is None else f", bar {bar:.0f} s"
    print(f"{name}: {seconds:.1f} s ({own:.1f} s of a processor){beside}", flush=True)


def through_the_page(file: Path, folder: Path) -> None:
    """Look at a file and show how it is read, as the dashboard does."""
    told: list[float] = []
    caps = Caps(4096, 600.0)
    files = {"facilities": str(file)}
    for request in ({"do": "parts", "files": [str(file)]}, {"do": "preview", "files": files}):
        worker = Worker({**request, "file": str(file)}, folder, caps)
        answer = worker.run(lambda _code, share: told.append(share))
        assert answer is not None, worker.error
    print(f"  told its progress {len(told)} times", flush=True)


def main() -> None:
    """Print the figures, or a profile of one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--communities", type=int, default=5_000)
    parser.add_argument("--profile", choices=tuple(BARS_S))
    given = parser.parse_args()
    kinds = builtin_kinds()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = write_lists(folder, given.rows)
        works: dict[str, Callable[[], object]] = {
            form: lambda file=file: read_facilities(file, kinds) for form, file in files.items()
        }
        if given.profile != "check":
            read_facilities(write_lists_small(folder), kinds)
        district = wide_district(given.communities) if given.profile in (None, "check") else None
        if district is not None:
            works["check"] = lambda: (check(district), check_data(district))
        if given.profile:
            profile = cProfile.Profile()
            profile.runcall(works[given.profile])
            pstats.Stats(profile).sort_stats("cumulative").print_stats(40)
            return
        for what, work in works.items():
            timed(what, work, BARS_S[what])
        for form, file in files.items():
            timed(
                f"{form}, through the page",
                lambda file=file: through_the_page(file, folder),
                BARS_S[form],
            )


def write_lists_small(folder: Path) -> Path:
    """Write a list of ten rows, by which libraries are loaded before the clock starts."""
    small = folder / "small"
    small.mkdir()
    return write_lists(small, 10)["csv"]


if __name__ == "__main__":
    main()
