"""Walking distances on a street network: arrays in, arrays out."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Barriers": "planner.network.barriers",
    "ChangedNetwork": "planner.network.links",
    "Nearest": "planner.network.distances",
    "NearestIndex": "planner.network.nearest_index",
    "Path": "planner.network.distances",
    "Positions": "planner.network.positions",
    "ServiceAreas": "planner.network.areas",
    "TargetView": "planner.network.nearest_index",
    "WalkNetwork": "planner.network.walk_network",
    "edge_seconds": "planner.network.weights",
    "score_links": "planner.network.nearest_index",
    "service_areas": "planner.network.areas",
    "tobler_factor": "planner.network.weights",
    "warm_up": "planner.network.warming",
    "with_links": "planner.network.links",
    "without_edges": "planner.network.links",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Import a public name on first use (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'planner.network' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
