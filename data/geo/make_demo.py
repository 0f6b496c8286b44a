"""Make the demo district: ``python data/geo/make_demo.py`` writes demo.gpkg and demo_truth.csv.

Beside them it writes demo_made_by.txt, the sum of the scripts that made them.

Everything in it is invented: a river town in the manner of southern Jiangxi, drawn by the steps in
`demo/`. The same seed always gives the same layers; another seed gives another town with gaps
planted elsewhere.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import Point

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from demo.blocks import Building, Town, build, clear_of_streets, houses_along  # noqa: E402
from demo.landscape import Frame, Landscape, make_landscape  # noqa: E402
from demo.names import DISTRICT, RIVERS, NamePool  # noqa: E402
from demo.people import communities_layer, demand_layer  # noqa: E402
from demo.places import candidate_layer, facility_layer, fill_up, make_board  # noqa: E402
from demo.plan import Block, Plan, make_plan  # noqa: E402
from demo.plants import (  # noqa: E402
    Garden,
    cut_off_blocks,
    near_gaps,
    places_off_the_map,
    plant_all,
    truth_table,
)
from demo.shapes import on_grid, polygons  # noqa: E402
from demo.streets import street_layer  # noqa: E402
from demo.walk import Walk  # noqa: E402

from planner.district import District, Source, builtin_kinds  # noqa: E402

CRS = "EPSG:4547"
"""CGCS2000, 3-degree Gauss-Krüger, central meridian 114° E."""
ORIGIN = (604_000, 2_838_000)
"""Easting and northing of the middle of the town: open country in truth."""
TIMESTAMP = "2026-01-01T00:00:00Z"
DATE = "2026-01-01"


def build_demo(seed: int = 1) -> tuple[District, pd.DataFrame]:
    """Return the demo district of a seed and its table of planted gaps.

    Parameters
    ----------
    seed
        1 is the district that ships.

    Returns
    -------
    tuple of District and pandas.DataFrame
        The truth table has one row a gap: kind, cause (``none_near``, ``barrier``, ``closed``,
        ``full``, ``data``), the question under which it is one, place, residents, the facility that
        nearly serves it and the remedy.
    """
    rng = np.random.default_rng(seed)
    frame = Frame.of(seed, rng)
    land = make_landscape(frame)
    plan = make_plan(land, rng, NamePool(rng))
    town = build(plan, rng, south_deg=float(rng.uniform(-9, -3)))
    islands = cut_off_blocks(plan, town, land, rng)
    streets = street_layer(town.roads, land, [lane for _, lanes in islands for lane in lanes])
    for road in plan.roads:
        if road.name_en.endswith(("Hill Road", "Pass Road", "Xikeng Road")):
            town.buildings += houses_along(road.line, rng, share=0.42)
    forbidden = shapely.union_all([land.water.buffer(8), land.railway.buffer(22)])
    drawn = [*town.roads, *[r for r in plan.roads if r.level != "ground"]]
    town.buildings = clear_of_streets(town.buildings, drawn, forbidden)
    barriers = [*(wall for _, wall in town.walls), land.railway, *land.rivers.values()]
    walk = Walk(streets, barriers)
    town.buildings = _reached(town.buildings, walk, {number for number, _ in islands})
    off_map = places_off_the_map(streets, land, rng)
    town.buildings += [house for _, houses in off_map for house in houses]
    demand = demand_layer(town.buildings, land, rng)
    communities, demand = communities_layer(plan, land, demand, rng)

    board = make_board(walk, streets, demand, town, land, rng)
    garden = Garden(board, land, rng)
    plant_all(garden, town, islands, off_map)
    fill_up(board, rng, near_gaps(garden))

    gates, gate_ids = _gates(plan, town)
    layers = {
        "communities": communities,
        "facilities": facility_layer(board, communities, rng),
        "streets": streets,
        "demand": demand.drop(columns=["block"]),
        "candidates": candidate_layer(board, rng),
        "barriers": _barriers(plan, town, land),
        "gates": gates,
        "context": _context(town, land),
    }
    truth = truth_table(garden, gate_ids)
    shifted = {name: _at_origin(table) for name, table in layers.items()}
    truth[["x", "x1", "x2"]] = (truth[["x", "x1", "x2"]] + ORIGIN[0]).round(2)
    truth[["y", "y1", "y2"]] = (truth[["y", "y1", "y2"]] + ORIGIN[1]).round(2)
    credit = "Demo district, synthetic: not a real place"
    sources = [
        Source(name, f"synthetic, make_demo.py seed {seed}", DATE, "CC0-1.0", credit)
        for name in shifted
    ]
    name = DISTRICT if seed == 1 else f"{DISTRICT} {seed}"
    district = District.from_layers(
        name, shifted, sources=sources, synthetic=True, complete=builtin_kinds()
    )
    return district, truth


def _reached(buildings: list[Building], walk: Walk, cut_off: set[int]) -> list[Building]:
    """Leave out homes that no street leads to, but for the blocks that are cut off on purpose."""
    places = walk.place(shapely.get_coordinates([b.shape.centroid for b in buildings]))
    ok = (places.edge >= 0) & walk.main[places.edge]
    return [
        b
        for b, fine in zip(buildings, ok, strict=True)
        if fine or b.block in cut_off or not b.homes
    ]


def _at_origin(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    moved = [on_grid(shape) for shape in table.geometry.translate(*ORIGIN)]
    return table.set_geometry(gpd.GeoSeries(moved, index=table.index, crs=CRS))


def _barriers(plan: Plan, town: Town, land: Landscape) -> gpd.GeoDataFrame:
    frame = land.extent.buffer(100)
    rows = [
        (name, RIVERS[name], "water", shape.intersection(frame))
        for name, shape in land.rivers.items()
    ]
    rows.append(("三江铁路", "Sanjiang Railway", "railway", land.railway.intersection(frame)))
    for block, wall in town.walls:
        own = plan.blocks[block]
        rows.append((f"{own.name}围墙", f"{own.name_en} Wall", "wall", wall))
    table = pd.DataFrame(rows, columns=["name", "name_en", "kind", "geometry"])
    table.insert(0, "barrier_id", [f"b{i:03d}" for i in range(1, len(table) + 1)])
    return gpd.GeoDataFrame(table.assign(source="synthetic"), geometry="geometry")


def _gates(plan: Plan, town: Town) -> tuple[gpd.GeoDataFrame, dict[int, str]]:
    kept = [i for i, gate in enumerate(town.gates) if gate.state != "none"]
    ids = {i: f"gate{number:04d}" for number, i in enumerate(kept, start=1)}
    gates = [town.gates[i] for i in kept]
    named = [_gate_names(gate.at, plan.blocks[gate.block]) for gate in gates]
    table = {
        "gate_id": list(ids.values()),
        "name": [names[0] for names in named],
        "name_en": [names[1] for names in named],
        "open": [gate.state == "open" for gate in gates],
        "source": "synthetic",
    }
    return gpd.GeoDataFrame(table, geometry=[gate.at for gate in gates]), ids


def _gate_names(at: Point, block: Block) -> tuple[str, str]:
    """Return what people call a gate: the side it lies on and the compound it leads into."""
    middle = block.shape.centroid
    turn = np.degrees(np.arctan2(at.y - middle.y, at.x - middle.x))
    zh, en = [("东", "East"), ("北", "North"), ("西", "West"), ("南", "South")][
        round(turn / 90) % 4
    ]
    return f"{block.name}{zh}门", f"{block.name_en} {en} Gate"


def _context(town: Town, land: Landscape) -> gpd.GeoDataFrame:
    near = land.boundary.buffer(450)
    shapely.prepare(near)
    bank = land.water.buffer(22).difference(land.water).intersection(near)
    banks = [part for part in polygons(bank) if part.area > 100]
    rows = [("green", shape) for shape in [*banks, *town.greens]]
    rows += [("water", shape.intersection(land.extent)) for shape in land.rivers.values()]
    rows.append(("rail", land.railway.intersection(land.extent)))
    rows += [("building", b.shape) for b in town.buildings if near.intersects(b.shape)]
    table = pd.DataFrame(rows, columns=["kind", "geometry"])
    return gpd.GeoDataFrame(table.assign(name=""), geometry="geometry")


def fingerprint() -> str:
    """Return a sum over the scripts that make the demo, whatever ends their lines."""
    scripts = [HERE / "make_demo.py", *sorted((HERE / "demo").glob("*.py"))]
    told = hashlib.sha256()
    for script in scripts:
        told.update(script.name.encode() + script.read_text(encoding="utf-8").encode())
    return told.hexdigest()


def main() -> None:
    """Write demo.gpkg and demo_truth.csv, and by which scripts they were made."""
    from planner.sources import write_district

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=HERE / "demo.gpkg")
    options = parser.parse_args()
    district, truth = build_demo(options.seed)
    write_district(district, options.out, timestamp=TIMESTAMP)
    table = options.out.with_name(options.out.stem + "_truth.csv")
    truth.to_csv(table, index=False, encoding="utf-8-sig", lineterminator="\n")
    made_by = options.out.with_name(options.out.stem + "_made_by.txt")
    made_by.write_text(fingerprint() + "\n", encoding="utf-8")
    print(f"{district!r}\n{len(truth)} planted gaps -> {options.out}, {table}")


if __name__ == "__main__":
    main()
