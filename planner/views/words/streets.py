"""Classes of streets in words."""

from __future__ import annotations

from planner.views.words.labels import N_, Labels

CLASSES = {
    "motorway": N_("motorway"),
    "trunk": N_("trunk road"),
    "primary": N_("main road"),
    "secondary": N_("secondary road"),
    "tertiary": N_("branch road"),
    "unclassified": N_("minor road"),
    "residential": N_("residential street"),
    "living_street": N_("street with priority for walkers"),
    "pedestrian": N_("pedestrian street"),
    "service": N_("access road"),
    "footway": N_("footway"),
    "path": N_("path"),
    "track": N_("field track"),
    "steps": N_("stairs"),
    "cycleway": N_("cycle track"),
    "bridleway": N_("bridle path"),
    "corridor": N_("corridor"),
    "platform": N_("station platform"),
    "crossing": N_("street crossing"),
    "elevator": N_("lift"),
    "road": N_("road of unknown class"),
}
"""Classes as OpenStreetMap calls them; ``…_link`` is a slip road."""


def class_word(street_class: str, labels: Labels) -> str:
    """Return the name of a class of street; one that is not known stays as it is.

    Examples
    --------
    >>> class_word("primary_link", Labels("en")), class_word("footway", Labels("zh"))
    ('main road (slip road)', '人行道')
    """
    name = street_class.removesuffix("_link")
    if name not in CLASSES:
        return street_class
    word = labels.text(CLASSES[name])
    return word if name == street_class else labels.text("{street} (slip road)", street=word)
