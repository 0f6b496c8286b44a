"""Walking distances on a street network: arrays in, arrays out."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Barriers": "planner.network.barriers",
    "Nearest": "planner.network.distances",
    "Path": "planner.network.distances",
    "Positions": "planner.network.positions",
    "WalkNetwork": "planner.network.walk_network",
    "warm_up": "planner.network.warming",
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
