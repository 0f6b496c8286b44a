"""Small towns that differ, for what the size of a district does not matter to."""

import shapely
from towns import EAST, NORTH, frame, town

from planner.district import District


def small_town(number: int) -> District:
    """Return the town of that number: it has as many clinics, and lies beside the one before.

    Each has another share of homes near a clinic, so that they rank.
    """
    base = town(name=f"Town {number}")
    clinics = frame(
        [shapely.Point(EAST + 450 * n, NORTH) for n in range(number)],
        facility_id=[f"c{n}" for n in range(number)],
        name=[f"Clinic {n}" for n in range(number)],
        kind=["clinic"] * number,
    )
    # few enough live off the street that the share of their community is still told
    demand = base.demand.assign(population=[10.0] * 10 + [1.0])
    layers = {**base.layers, "facilities": clinics, "demand": demand}
    beside = {
        name: table.set_geometry(table.translate(2000 * number)) for name, table in layers.items()
    }
    return base.with_layers(**beside)
