"""One street layer: lines split at junctions, bridges and tunnels joined at their ends only."""

from __future__ import annotations

from collections import defaultdict

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from demo.landscape import Landscape
from demo.plan import RANK, Road
from demo.shapes import GRID_M, lines, on_grid

FIELDS = ["highway", "name", "name_en", "access", "level"]


def _pieces(roads: list[Road], land: Landscape) -> gpd.GeoDataFrame:
    """Split the roads on the ground at their junctions and tell each piece which road it is of."""
    wall_of_rail = land.railway.buffer(16)
    wet = land.water.buffer(3)
    kept = [
        Road(part, road.highway, road.name, road.name_en, road.level, road.access)
        for road in roads
        if road.level == "ground"
        for part in lines(on_grid(road.line.difference(wall_of_rail).difference(wet)))
    ]
    noded = lines(shapely.unary_union([road.line for road in kept], grid_size=GRID_M))
    tree = shapely.STRtree([road.line for road in kept])
    middles = shapely.line_interpolate_point(noded, 0.5, normalized=True)
    piece, road = tree.query(middles, predicate="dwithin", distance=0.05)
    best: dict[int, int] = {}
    for i, r in zip(piece.tolist(), road.tolist(), strict=True):
        if i not in best or RANK[kept[r].highway] < RANK[kept[best[i]].highway]:
            best[i] = r
    rows = [[getattr(kept[best[i]], field) for field in FIELDS] for i in range(len(noded))]
    return gpd.GeoDataFrame(pd.DataFrame(rows, columns=FIELDS), geometry=noded)


def _ends(lines_: list[LineString]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(line.coords[0], line.coords[-1]) for line in lines_]


def _degrees(lines_: list[LineString]) -> dict[tuple[float, float], int]:
    degree: dict[tuple[float, float], int] = defaultdict(int)
    for first, last in _ends(lines_):
        degree[first] += 1
        degree[last] += 1
    return degree


def _without_stubs(pieces: gpd.GeoDataFrame, shortest_m: float) -> gpd.GeoDataFrame:
    """Drop blind ends shorter than `shortest_m`: where lines were drawn a little too far."""
    degree = _degrees(list(pieces.geometry))
    blind = np.array([degree[a] == 1 or degree[b] == 1 for a, b in _ends(list(pieces.geometry))])
    return pieces[~(blind & (pieces.length < shortest_m))].reset_index(drop=True)


def _joined(pieces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join pieces of one road where nothing branches off between them."""
    shapes = list(pieces.geometry)
    keys = list(pieces[FIELDS].itertuples(index=False, name=None))
    at: dict[tuple[float, float], set[int]] = defaultdict(set)
    for i, (first, last) in enumerate(_ends(shapes)):
        at[first].add(i)
        at[last].add(i)
    degree = _degrees(shapes)
    gone: set[int] = set()
    for node in sorted(at):
        if degree[node] != 2 or len(at[node]) != 2:
            continue
        i, j = sorted(at[node])
        if keys[i] != keys[j]:
            continue
        a, b = list(shapes[i].coords), list(shapes[j].coords)
        a = a if a[-1] == node else a[::-1]
        b = b if b[0] == node else b[::-1]
        if a[0] == b[-1]:
            continue
        shapes[i] = LineString(a + b[1:])
        gone.add(j)
        at[b[-1]] = (at[b[-1]] - {j}) | {i}
    joined = pieces.set_geometry(shapes)
    return joined[[i not in gone for i in range(len(shapes))]].reset_index(drop=True)


def _crossings(roads: list[Road], nodes: np.ndarray) -> gpd.GeoDataFrame:
    """Return bridges and tunnels with their ends moved onto the nearest street ends."""
    tree = shapely.STRtree(shapely.points(nodes))
    rows = []
    for road in roads:
        if road.level == "ground":
            continue
        xy = np.asarray(on_grid(road.line).coords)
        for end in (0, -1):
            xy[end] = nodes[tree.nearest(shapely.Point(xy[end]))]
        rows.append([*(getattr(road, field) for field in FIELDS), LineString(xy)])
    table = pd.DataFrame(rows, columns=[*FIELDS, "geometry"])
    return gpd.GeoDataFrame(table, geometry="geometry")


def _main_part(pieces: gpd.GeoDataFrame) -> np.ndarray:
    """Return which pieces hang together with the largest part of the network."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_edges_from(_ends(list(pieces.geometry)))
    main = max(nx.connected_components(graph), key=len)
    return np.array([a in main for a, _ in _ends(list(pieces.geometry))])


def street_layer(roads: list[Road], land: Landscape, islands: list[LineString]) -> gpd.GeoDataFrame:
    """Return the streets layer.

    Parameters
    ----------
    roads
        Every drawn road and path.
    land
        For heights and water.
    islands
        Pieces that are to hang on nothing: planted faults of the map, kept as drawn.
    """
    inside = [r for r in roads if r.line.intersects(land.extent)]
    pieces = _pieces(inside, land)
    pieces = _joined(_without_stubs(_without_stubs(pieces, 1.2), 1.2))
    public = _ends(list(pieces.geometry[pieces["access"] != "private"]))
    nodes = np.unique(np.array(public).reshape(-1, 2), axis=0)
    pieces = pd.concat([pieces, _crossings(inside, nodes)], ignore_index=True)
    pieces = pieces[_main_part(pieces)].reset_index(drop=True)
    lost = gpd.GeoDataFrame(
        {
            f: [
                "footway" if f == "highway" else ("ground" if f == "level" else "") for _ in islands
            ]
            for f in FIELDS
        },
        geometry=[on_grid(line) for line in islands],
    )
    return _described(pd.concat([pieces, lost], ignore_index=True), land)


def _described(pieces: gpd.GeoDataFrame, land: Landscape) -> gpd.GeoDataFrame:
    bridge, tunnel = pieces["level"] == "bridge", pieces["level"] == "tunnel"
    climbs = np.array([_climb(line, land) for line in pieces.geometry])
    flat = (bridge | tunnel).to_numpy()
    steps = pieces["highway"] == "steps"
    table = pieces.assign(
        street_id=[f"s{i:05d}" for i in range(1, len(pieces) + 1)],
        foot="",
        bridge=bridge,
        tunnel=tunnel,
        steps=steps,
        layer=np.select([bridge, tunnel], [1, -1], 0),
        ascent_m=np.where(flat, 0.0, climbs[:, 0]).round(1),
        descent_m=np.where(flat, 0.0, climbs[:, 1]).round(1),
        signals=_signals(pieces),
        source="synthetic",
    )
    columns = ["street_id", "name", "name_en", "highway", "access", "foot", "bridge", "tunnel",
               "steps", "layer", "ascent_m", "descent_m", "signals", "source",
               "geometry"]  # fmt: skip
    return table[columns]


def _climb(line: LineString, land: Landscape) -> tuple[float, float]:
    at = np.linspace(0, line.length, max(int(line.length / 10), 1) + 1)
    rise = np.diff(land.elevation_m(shapely.get_coordinates(line.interpolate(at))))
    return float(rise[rise > 0].sum()), float(-rise[rise < 0].sum())


def _signals(pieces: gpd.GeoDataFrame) -> np.ndarray:
    """Count one signal on each main road piece that begins at a junction of main roads."""
    big = pieces["highway"].isin(["primary", "secondary"]).to_numpy()
    middling = big | (pieces["highway"] == "tertiary").to_numpy()
    ends = _ends(list(pieces.geometry))
    arms: dict[tuple[float, float], list[int]] = defaultdict(lambda: [0, 0])
    for i, pair in enumerate(ends):
        for node in pair:
            arms[node][0] += int(big[i])
            arms[node][1] += int(middling[i])
    lit = {node for node, (main, all_) in arms.items() if main >= 2 and all_ >= 3}
    return np.array([int(big[i] and ends[i][0] in lit) for i in range(len(ends))])
