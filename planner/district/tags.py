"""Which kinds of facilities an object's tags say: of lists of values each, of refinements one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_PEOPLE = {
    "amenity": frozenset(("clinic", "doctors", "hospital", "health_post")),
    "healthcare": frozenset(("centre", "clinic", "doctor", "hospital")),
}
"""Values by which both keys speak of one and the same place of medicine for people."""

_ANIMALS = frozenset(("veterinary", "veterinarian", "animal_hospital", "animal_clinic", "animal"))


def tag_values(value: str) -> tuple[str, ...]:
    """Return the values of a tag, parted by ``;`` and in small letters, each once.

    Examples
    --------
    >>> tag_values("Clinic; pharmacy"), tag_values("library")
    (('clinic', 'pharmacy'), ('library',))
    """
    if ";" not in value and value.islower():
        return (value,)
    parts = (part.strip().casefold() for part in value.split(";"))
    return tuple(dict.fromkeys(part for part in parts if part))


def is_for_animals(tags: Mapping[str, str]) -> bool:
    """Return whether a clinic or practice is a veterinary one.

    One that has a speciality for people beside is none.

    Examples
    --------
    >>> is_for_animals({"amenity": "clinic", "healthcare": "veterinary"})
    True
    >>> is_for_animals({"amenity": "clinic", "healthcare:speciality": "veterinary;general"})
    False
    >>> is_for_animals({"amenity": "clinic", "veterinary": "yes"})
    True
    """
    said = (*tag_values(tags.get("amenity", "")), *tag_values(tags.get("healthcare", "")))
    special = tag_values(tags.get("healthcare:speciality", ""))
    if tags.get("veterinary", "no") != "no":
        return not special or _ANIMALS.issuperset(special)
    return not _ANIMALS.isdisjoint(said) or (bool(special) and _ANIMALS.issuperset(special))


def fitting(
    rules: Iterable[tuple[str, Mapping[str, str]]], tags: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the kinds that tags say, the closest first, each once.

    A list of values says each of them, and different keys may speak of different things in one
    place. What only refines another tag is no second thing: ``police=office`` beside
    ``amenity=police``, ``healthcare=centre`` beside ``amenity=clinic``. The closest rule is that of
    the most tags, of those the one with the fewest that may have any value, then the first.

    Parameters
    ----------
    rules
        Kind and tags that must all hold (``"*"``: with any value), in order.
    tags
        Of an object.
    """
    told: dict[str, tuple[str, ...]] = {}
    found: list[tuple[int, int, int, str, dict[str, str]]] = []
    for place, (kind, wanted) in enumerate(rules):
        for key in wanted:
            if key not in told:
                told[key] = tag_values(tags[key]) if key in tags else ()
        if all(told[key] and (value == "*" or value in told[key]) for key, value in wanted.items()):
            whole = dict(wanted) | _refined(wanted, tags)
            free = list(wanted.values()).count("*")
            found.append((-len(whole), free, place, kind, whole))
    if not found:
        return ()
    if is_for_animals(tags):
        found = [each for each in found if not is_medical(each[-1])]
    kept: list[tuple[str, dict[str, str]]] = []
    for *_, kind, whole in sorted(found, key=lambda each: each[:3]):
        if not any(_says(closer, whole) for _, closer in kept):
            kept.append((kind, whole))
    return tuple(dict.fromkeys(kind for kind, _ in kept))


def _refined(wanted: Mapping[str, str], tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that those of a rule only refine."""
    found = {
        key: word
        for word in wanted
        for key in ("amenity", "office")
        if key not in wanted and word in tag_values(tags.get(key, ""))
    }
    if wanted.get("healthcare") in _PEOPLE["healthcare"] and "amenity" not in wanted:
        same = [v for v in tag_values(tags.get("amenity", "")) if v in _PEOPLE["amenity"]]
        if same:
            found["amenity"] = same[0]
    return found


def is_medical(wanted: Mapping[str, str]) -> bool:
    """Return whether tags are those of a practice, a clinic or a hospital."""
    return "healthcare" in wanted or wanted.get("amenity") in _PEOPLE["amenity"]


def _says(closer: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether a closer rule says all that another does."""
    return all(key in closer and value in ("*", closer[key]) for key, value in other.items())
