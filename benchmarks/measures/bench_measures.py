"""Processor seconds of an assessment with all its measures: the demo, and a synthetic city.

``python benchmarks/measures/bench_measures.py [nodes]`` prints what each measure takes beside the
time allowed for all of them. The city has about as many street nodes as asked for (100 000 where
none is named), 4 kinds, two groups of residents, 30 % of the streets taken away at random, sloping
streets, opening hours and capacities that are known in part.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

import planner
from planner.analysis.assessment import Assessment
from planner.analysis.measures.equity import equity
from planner.analysis.measures.floating_catchments import access_scores
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.pattern import lisa, morans_i
from planner.analysis.measures.redundancy import redundancy
from planner.analysis.measures.supply import load
from planner.analysis.measures.uncertainty import loose_pieces, uncertainty
from planner.analysis.measures.week import hours_covered, round_the_clock, week
from planner.district import District
from planner.network import warm_up

CRS = "EPSG:32650"
STEP = 90.0
KINDS = ("clinic", "police_room", "cultural_station", "service_centre")
HOURS = ("24/7", "Mo-Fr 08:00-18:00", "Mo-Sa 09:00-17:00", "Mo-Su 06:00-22:00", "", "by day")
ALLOWED_S = {"demo": 3.0, "city": 20.0}


def city(nodes: int, seed: int = 0) -> District:
    """A jittered grid of streets with homes beside them and N / 500 facilities of each kind."""
    rng = np.random.default_rng(seed)
    side = round(nodes**0.5)
    at = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), -1) * STEP
    at = at + rng.uniform(-25, 25, at.shape)
    pairs = [(at[:-1], at[1:]), (at[:, :-1], at[:, 1:])]
    lines = np.concatenate([np.stack(pair, 2).reshape(-1, 2, 2) for pair in pairs])
    lines = lines[rng.random(len(lines)) < 0.7]
    width = STEP * side

    def frame(shapes: Any, **columns: Any) -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)

    count, per_kind = nodes // 2, max(4, nodes // 500)
    homes = lines[rng.integers(0, len(lines), count)].mean(axis=1) + rng.uniform(
        -20, 20, (count, 2)
    )
    places = rng.uniform(0, width, (4 * per_kind, 2))
    cells = max(2, side // 20)
    edge = np.linspace(-100, width + 100, cells + 1)
    boxes = [
        shapely.box(edge[i], edge[j], edge[i + 1], edge[j + 1])
        for i in range(cells)
        for j in range(cells)
    ]
    codes = np.array([f"{number:05d}" for number in range(len(boxes))])
    cell = np.clip(np.searchsorted(edge, homes) - 1, 0, cells - 1)
    rise = rng.exponential(1.0, len(lines)).round(1)
    people = rng.integers(1, 60, count)
    layers = {
        "streets": frame(
            shapely.linestrings(lines),
            street_id=[f"s{number}" for number in range(len(lines))],
            ascent_m=rise,
            descent_m=rise[::-1].copy(),
        ),
        "communities": frame(
            boxes, community_id=codes, name=codes, subdistrict=[code[:3] for code in codes]
        ),
        "demand": frame(
            shapely.points(homes),
            demand_id=[f"d{number}" for number in range(count)],
            community_id=codes[cell[:, 0] * cells + cell[:, 1]],
            population=people.astype(float),
            pop_65plus=np.floor(people * rng.uniform(0, 0.4, count)),
        ),
        "facilities": frame(
            shapely.points(places),
            facility_id=[f"f{number}" for number in range(4 * per_kind)],
            kind=np.repeat(KINDS, per_kind),
            opening_hours=rng.choice(HOURS, 4 * per_kind),
            capacity=np.where(
                rng.random(4 * per_kind) < 0.1, np.nan, rng.integers(5, 60, 4 * per_kind)
            ),
        ),
    }
    return District.from_layers("City", layers)


def measures(result: Assessment) -> dict[str, Callable[[], Any]]:
    kinds = result.judged_kinds
    methods = ("2sfca", "e2sfca", "3sfca")
    return {
        "summary and leagues": lambda: [
            result.summary(),
            *(result.league(level) for level in ("community", "subdistrict")),
        ],
        "load and catchments": lambda: load(result),
        "2SFCA, E2SFCA, 3SFCA": lambda: [
            access_scores(result, kind, method=method) for kind in kinds for method in methods
        ],
        "redundancy": lambda: [redundancy(result, kind) for kind in kinds],
        "week of 168 hours": lambda: week(result),
        "always, 24 h": lambda: round_the_clock(result),
        "hours of each home": lambda: [hours_covered(result, kind) for kind in kinds],
        "groups, slopes": lambda: group_coverage(result),
        "equity": lambda: equity(result),
        "Moran's I, LISA": lambda: [
            each(result, kind) for kind in kinds for each in (morans_i, lisa)
        ],
        "uncertainty, pieces": lambda: [uncertainty(result), loose_pieces(result)],
    }


def told(name: str, call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = call()
    seconds = time.process_time() - start
    print(f"  {name:24s} {seconds:8.2f} s")
    return seconds, found


def run(name: str, district: District) -> None:
    print(f"{name}: {district}")
    total, result = told("assessment", lambda: planner.assess(district))
    total += sum(told(measure, call)[0] for measure, call in measures(result).items())
    allowed = ALLOWED_S[name]
    print(f"  {'all':24s} {total:8.2f} s, {total / allowed:.2f} of the {allowed:.0f} s allowed\n")


if __name__ == "__main__":
    warm_up()
    planner.assess(city(400))
    run("demo", planner.demo_district())
    run("city", city(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
