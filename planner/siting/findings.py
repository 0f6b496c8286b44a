"""What a reader of a search's answer must know about the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from planner.errors import Finding
from planner.location.results import Siting

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.analysis.questions import Question

__all__ = ["built_at", "new_as_asked", "search_findings", "small_sites", "taken_twice"]


def search_findings(siting: Siting) -> tuple[Finding, ...]:
    """Return what must be known of how a search ended.

    A search that was crowded out by other work has seen less than its time limit promises; that
    is told, whatever it found.
    """
    if siting.stopped != "clock":
        return ()
    return (Finding("siting.crowded_out", {"seconds": f"{siting.seconds:.0f}"}),)


def new_as_asked(question: Question) -> Iterator[Finding]:
    """Tell what is taken of new facilities where an hour or a service is asked for.

    Parameters
    ----------
    question
        That of the assessment.

    Yields
    ------
    ``siting.new_open`` and ``siting.new_service``: a new one meets what is asked, at the price of
    any other.
    """
    if question.at is not None:
        yield Finding("siting.new_open", {})
    if question.service is not None:
        yield Finding("siting.new_service", {})


def small_sites(assessment: Assessment, chosen: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """Tell of listed places with less floor area than the standard asks of what is built there.

    A search takes the list's word that something may be built at a place. What it brings and costs
    there is that of a facility which would be too small.

    Parameters
    ----------
    assessment
        The district as it is, and the standard.
    chosen
        Kind and id of the candidate of each facility that is built; other ids are passed over.

    Yields
    ------
    ``siting.sites_too_small``, for each kind that has such places.
    """
    listed = assessment.district.candidates.drop_duplicates("candidate_id")
    listed = listed.set_index("candidate_id")
    small: dict[str, list[str]] = {}
    standard = assessment.standard
    for kind, own in dict.fromkeys(chosen):
        # no place is known to be smaller than nothing: an area that is not told is none of these
        area = float(listed["floor_area_m2"].get(own, np.nan))
        if area < standard.least_m2(kind) * (1 - 1e-9):
            small.setdefault(kind, []).append(f"{listed['name'].get(own) or own} ({area:g} m²)")
    for kind, told in small.items():
        params = {"kind": kind, "count": len(told), "needed_m2": f"{standard.least_m2(kind):g}"}
        yield Finding("siting.sites_too_small", {**params, "sites": "; ".join(told)})


class Built(Protocol):
    """What is done in a plan, as far as it is asked here."""

    action_id: str
    remedy: str
    kind: str
    name: str
    cost: float


def built_at(kind: str, action_id: str) -> str:
    """Return the id of the place where a facility is built, by the id of the action.

    Examples
    --------
    >>> built_at("clinic", "build:clinic:c012")
    'c012'
    """
    return action_id.removeprefix(f"build:{kind}:")


def taken_twice(
    assessment: Assessment, chosen: Sequence[Built], alone: Sequence[Built], *, listed: bool
) -> Iterator[Finding]:
    """Tell of places that several kinds take, in one building or each in one of its own.

    Parameters
    ----------
    assessment
        The district as it is.
    chosen
        What a plan does; ``action_id`` of what is built ends with the id of the place.
    alone
        The same, at the price of a building for each.
    listed
        Whether the district's own candidates were the places, so that their marks count.

    Yields
    ------
    ``siting.place_taken_twice`` or, where they share its building, ``siting.place_shared``, with
    the floor area that the kinds need by the standard and, where
    it is known, what the candidate has; ``siting.required_not_taken``.
    """
    candidates = assessment.district.candidates.set_index("candidate_id")
    inside: dict[str, list[Built]] = {}
    for action in chosen:
        if action.remedy == "build":
            inside.setdefault(built_at(action.kind, action.action_id), []).append(action)
    apart = {each.action_id: each.cost for each in alone}
    for site, actions in inside.items():
        if len(actions) < 2:
            continue
        needed = sum(assessment.standard.least_m2(each.kind) for each in actions)
        area = candidates["floor_area_m2"].get(site, np.nan)
        cost, own = (
            round(sum(costs), 1)
            for costs in ([a.cost for a in actions], [apart[a.action_id] for a in actions])
        )
        params = {
            "name": actions[0].name or site,
            "kinds": ", ".join(each.kind for each in actions),
            "cost": cost,
            "alone": own,
            "needed_m2": round(needed),
        }
        known = {"area_m2": round(float(area))} if np.isfinite(area) and area < needed else {}
        told = "place_shared" if cost < own else "place_taken_twice"
        yield Finding(f"siting.{'place_too_small' if known else told}", {**params, **known})
    if listed and len(candidates):
        wanted = candidates.index[candidates["required"].to_numpy(dtype=bool)]
        left = [str(each) for each in wanted if str(each) not in inside]
        if left:
            named = {"count": len(left), "ids": ", ".join(left[:5])}
            yield Finding("siting.required_not_taken", named)
