"""Classes of streets in words."""

from __future__ import annotations

from planner.errors import messages
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels

MORE_CLASSES = {
    "bridleway": N_("bridle path"),
    "corridor": N_("corridor"),
    "platform": N_("station platform"),
    "crossing": N_("street crossing"),
    "elevator": N_("lift"),
    "road": N_("road of unknown class"),
}
"""Classes that street files do not name, as OpenStreetMap calls them."""


def class_word(street_class: str, labels: Labels) -> str:
    """Return the name of a class of street, as files of streets are told theirs.

    One that is not known stays as it is; ``…_link`` is a slip road.

    Examples
    --------
    >>> class_word("primary_link", Labels("en")), class_word("footway", Labels("zh"))
    ('main road (slip road)', '人行道、步道')
    """
    name = street_class.removesuffix("_link")
    code = f"tables.street_class_{name}"
    if code not in messages() and name not in MORE_CLASSES:
        return street_class
    word = labels.message(code) if code in messages() else labels.text(MORE_CLASSES[name])
    return word if name == street_class else labels.text("{street} (slip road)", street=word)
