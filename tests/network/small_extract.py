"""A minimal reader of walkable lines from an OSM extract, for tests of the network alone."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import shapely
from pyproj import Transformer

NOT_WALKED = {"motorway", "motorway_link", "proposed", "construction", "raceway"}


def walk_lines(file: Path) -> np.ndarray:
    """LineStrings in metres (UTM zone 35N, elsewhere merely scaled), cut at junctions."""
    ways = []
    for way in osmium.FileProcessor(str(file)).with_locations():
        highway = way.tags.get("highway") if way.is_way() else None
        if highway and highway not in NOT_WALKED and len(way.nodes) > 1:
            spots = [(n.ref, n.lon, n.lat) for n in way.nodes if n.location.valid()]
            if len(spots) > 1:
                ways.append(spots)
    uses = Counter(ref for way in ways for ref, _, _ in way)
    to_metres = Transformer.from_crs(4326, 32635, always_xy=True)
    lines = []
    for way in ways:
        xy = np.column_stack(to_metres.transform(*np.array([spot[1:] for spot in way]).T))
        cuts = [0, *(i for i in range(1, len(way) - 1) if uses[way[i][0]] > 1), len(way) - 1]
        for a, b in pairwise(cuts):
            lines.append(shapely.LineString(xy[a : b + 1]))
    return np.array(lines, dtype=object)
