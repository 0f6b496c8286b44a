"""Why a home lacks a kind of facility: the first of five causes that holds.

In this order:

``data``
    It cannot be told: no street is mapped near the home, or it (or every facility near it) hangs on
    a piece of street that joins no other, or a facility is nearer than the nearest street, so that
    the way between is not mapped, or two streets meet without joining where a way would lead to a
    facility within the limit; or the answer turns on hours, services or a capacity
    that are not known, or on what stands beyond the import.
``closed``
    A facility is within the limit, but does not count under the question asked: shut then, or
    without the service.
``full``
    A facility is within the limit and counts, but has no room for everybody (asked for only with
    ``capacity``).
``barrier``
    A facility is within the limit in a straight line but not on foot, and what lies between is to
    blame: a mapped barrier (with no way through it nearby) round which the detour is
    :data:`planner.analysis.gaps.diagnosis.DETOUR` or more; or, over a barrier or where streets
    are that roundabout, there is a place where one link would bring the home within the limit. A
    barrier beside a bridge, round which streets are hardly longer, keeps nobody away. With a
    profile of walking also where everyone would be within: steps, kerbs or slopes are to blame.
``none_near``
    None is within the limit in a straight line; or only one to which streets are longer than the
    limit though nothing lies between, so that no gate or path would mend it.

A link is the remedy only where one exists:
:func:`planner.analysis.links.one_link.mended_by_one_link` asks the same places with the same
thresholds as the search for links. Behind a barrier over which none leads one must build.

Facilities are those that exist and are not internal to a unit. A facility that is shut and behind
a barrier leaves a ``barrier``: longer hours alone would not do.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.arrays import F64, I64

CAUSES = ("none_near", "barrier", "closed", "full", "data")
NONE_NEAR, BARRIER, CLOSED, FULL, DATA = range(len(CAUSES))

REMEDIES = (
    "build",
    "open_internal",
    "link",
    "longer_hours",
    "add_service",
    "hours_and_service",
    "enlarge",
    "map_streets",
    "wider_extract",
    "finer_points",
    "ask",
    "survey_streets",
    "clear_way",
)
"""What would mend each home's lack: `wider_extract` where streets are cut off at the edge of the
data, `finer_points` where the centre of a coarse cell stands where no street leads (between rails,
in a river), `ask` for the hours, services or capacity not known. With a profile of walking
`survey_streets` where kerbs, slopes or surfaces are not known and decide, and `clear_way` where
what the profile's rules shut, such as steps, keeps away who would else be within the limit. Who
does each of the others stands in ``planner/siting/departments/duties.toml``."""

OF_PROFILES = ("survey_streets", "clear_way")
"""Remedies that only gaps under a profile of walking have."""

AT_THE_MAP = ("map_streets", "wider_extract")
"""Remedies that mend the map or the data and serve nobody who is not served today."""

_REMEDY = {name: number for number, name in enumerate(REMEDIES)}


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What n homes lack of one kind, and why.

    Parameters
    ----------
    uncovered, unknown
        (n,) float64, share (0–1) of each home's people who are not covered, and of whom it is not
        known whether they are.
    cause
        (n,) int64, number in :data:`CAUSES`; −1 where nobody lacks anything.
    remedy
        (n,) int64, number in :data:`REMEDIES`; −1 likewise.
    facility
        (n,) int64, row of the facility that nearly serves the home, −1 where there is none.
    crossing
        (p, 2) int64, home and row of a barrier that parts it from that facility.
    """

    uncovered: F64
    unknown: F64
    cause: I64
    remedy: I64
    facility: I64
    crossing: I64

    @property
    def lack(self) -> F64:
        """(n,) share of each home's people who are not known to be covered."""
        return self.uncovered + self.unknown


def remedy_number(name: str) -> int:
    """Return the number of a remedy in :data:`REMEDIES`."""
    return _REMEDY[name]
