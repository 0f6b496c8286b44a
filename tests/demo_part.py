"""A part of the demo district, for what the size of a district does not matter to."""

from planner.district import District
from planner.sources import demo_district


def part_of_demo(communities: int) -> District:
    """Return the demo's layers about its first communities: they fill every table and map."""
    demo = demo_district()
    first = demo.communities.head(communities)
    about = first.union_all().buffer(400)
    demand = demo.demand[demo.demand["community_id"].isin(first["community_id"])]
    layers = {name: table[table.intersects(about)] for name, table in demo.layers.items()}
    return demo.with_layers(**{**layers, "communities": first, "demand": demand})
