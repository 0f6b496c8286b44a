"""Tags of ground on which nobody lives: green, that of industry, schools, graves and the like."""

from __future__ import annotations

GREEN = {
    "leisure": ("park", "garden", "golf_course", "nature_reserve", "pitch"),
    "landuse": (
        "forest",
        "grass",
        "meadow",
        "recreation_ground",
        "village_green",
        "cemetery",
        "orchard",
        "vineyard",
    ),
    "natural": ("wood", "scrub", "grassland", "heath"),
}
"""What is drawn green behind the map."""

OTHER_GROUND = {
    "landuse": (
        "allotments",
        "cemetery",
        "commercial",
        "construction",
        "depot",
        "education",
        "farmyard",
        "garages",
        "greenhouse_horticulture",
        "harbour",
        "industrial",
        "institutional",
        "landfill",
        "military",
        "port",
        "quarry",
        "railway",
        "religious",
        "retail",
        "winter_sports",
    ),
    "amenity": (
        "college",
        "grave_yard",
        "hospital",
        "kindergarten",
        "monastery",
        "place_of_worship",
        "prison",
        "school",
        "university",
    ),
    "leisure": ("park", "pitch", "sports_centre", "stadium", "marina", "golf_course"),
    "aeroway": ("aerodrome",),
    "tourism": ("zoo", "theme_park", "camp_site"),
}
"""Ground whose buildings are no homes."""
