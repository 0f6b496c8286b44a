"""Survey systems of mainland China by zone: CGCS2000, and Beijing 1954 and Xi'an 1980 before it."""

from __future__ import annotations

from dataclasses import dataclass

SYSTEMS = ("cgcs2000", "beijing54", "xian80")
"""The systems, the newest first."""

_ROWS = (
    # first EPSG code of each system; how many zones; number or meridian of the first; its step
    ((4513, 2401, 2349), 21, "zone3", 25, 1),
    ((4534, 2422, 2370), 21, "meridian3", 75, 3),
    ((4491, 21413, 2327), 11, "zone6", 13, 1),
    ((4502, 21453, 2338), 11, "meridian6", 75, 6),
)


@dataclass(frozen=True)
class Survey:
    """A Gauss-Krüger system of mainland China.

    Parameters
    ----------
    system
        One of :data:`SYSTEMS`.
    form
        ``"zone3"`` or ``"zone6"`` with the zone before the easting, ``"meridian3"`` or
        ``"meridian6"`` without it.
    number
        Of the zone, else its central meridian in degrees.
    """

    system: str
    form: str
    number: int


def survey_of(crs: str) -> Survey | None:
    """Return which survey system a code stands for, None where none.

    Examples
    --------
    >>> survey_of("EPSG:4526"), survey_of("EPSG:25832")
    (Survey(system='cgcs2000', form='zone3', number=38), None)
    """
    code = crs.upper().removeprefix("EPSG:")
    if not code.isdecimal():
        return None
    for firsts, count, form, start, step in _ROWS:
        for system, first in zip(SYSTEMS, firsts, strict=True):
            at = int(code) - first
            if 0 <= at < count:
                return Survey(system, form, start + at * step)
    return None


def same_zone(crs: str) -> dict[str, str]:
    """Return the codes of all systems for the zone of one of them, none where it is none.

    Examples
    --------
    >>> same_zone("EPSG:4526")
    {'cgcs2000': 'EPSG:4526', 'beijing54': 'EPSG:2414', 'xian80': 'EPSG:2362'}
    """
    own = survey_of(crs)
    if own is None:
        return {}
    firsts, _, _, start, step = next(row for row in _ROWS if row[2] == own.form)
    at = (own.number - start) // step
    return {s: f"EPSG:{first + at}" for s, first in zip(SYSTEMS, firsts, strict=True)}
