"""Everything that reads or writes: OpenStreetMap, vector files, tables, the workspace."""

from planner.public_names import on_first_use

__all__, __getattr__, __dir__ = on_first_use(
    __name__,
    {
        "Allowance": "planner.sources.tables.set_aside",
        "Intake": "planner.sources.files.intake",
        "LayerChange": "planner.sources.update.change",
        "Reading": "planner.sources.tables.reading",
        "Residents": "planner.sources.population.options",
        "TableMapping": "planner.sources.tables.mapping",
        "check": "planner.sources.checks.district",
        "demo_district": "planner.sources.workspace.demo",
        "from_files": "planner.sources.files.district",
        "from_frames": "planner.sources.files.frames",
        "from_osm": "planner.sources.osm.district",
        "metric_crs": "planner.sources.projection",
        "read_boundaries": "planner.sources.files.shapes",
        "read_demand": "planner.sources.files.points",
        "read_district": "planner.sources.workspace.reading",
        "read_facilities": "planner.sources.files.points",
        "read_update": "planner.sources.update.update",
        "undo_update": "planner.sources.update.taking",
        "with_elevation": "planner.sources.elevation",
        "write_defaults": "planner.sources.update.defaults",
        "write_district": "planner.sources.workspace.writing",
        "write_update": "planner.sources.update.taking",
    },
)
