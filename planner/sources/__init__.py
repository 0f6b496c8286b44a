"""Everything that reads or writes: OpenStreetMap, vector files, tables, the workspace."""

from importlib import import_module
from typing import Any

_HOMES = {
    "Reading": "planner.sources.reading",
    "check": "planner.sources.audit",
    "demo_district": "planner.sources.workspace",
    "from_files": "planner.sources.files",
    "from_osm": "planner.sources.osm",
    "metric_crs": "planner.sources.projection",
    "read_boundaries": "planner.sources.vector",
    "read_demand": "planner.sources.tables",
    "read_district": "planner.sources.workspace",
    "read_facilities": "planner.sources.tables",
    "write_district": "planner.sources.workspace",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use (PEP 562)."""
    if name not in _HOMES:
        message = f"module 'planner.sources' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
