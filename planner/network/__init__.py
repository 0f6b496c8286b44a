"""Walking distances on a street network: arrays in, arrays out."""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "Barriers": "planner.network.barriers",
        "ChangedNetwork": "planner.network.links.networks",
        "HinderedNetwork": "planner.network.hindered",
        "ISLAND_M": "planner.network.islands",
        "Islands": "planner.network.islands",
        "Nearest": "planner.network.distances",
        "NearestIndex": "planner.network.nearest.index",
        "Path": "planner.network.distances",
        "Positions": "planner.network.positions",
        "SAME_PLACE_M": "planner.network.places",
        "ServiceAreas": "planner.network.areas",
        "TargetView": "planner.network.nearest.target_view",
        "Tile": "planner.network.tiles.tile",
        "TiledNetwork": "planner.network.tiles.tiled_network",
        "WalkNetwork": "planner.network.walk_network",
        "edge_seconds": "planner.network.weights",
        "merge_places": "planner.network.places",
        "score_links": "planner.network.links.scores",
        "service_areas": "planner.network.areas",
        "tobler_factor": "planner.network.weights",
        "warm_up": "planner.network.warming",
        "with_links": "planner.network.links.networks",
        "without_edges": "planner.network.links.networks",
    },
)
