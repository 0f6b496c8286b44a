"""What opens at a candidate site: the change of a scenario that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.district.scenarios.scenario import Change, Open, OpenInternal

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment


def opening(
    assessment: Assessment, kind: str, site: Any, facility_id: str, *, shared: bool = False
) -> Change:
    """Return the change that opens a facility of a kind at a candidate site.

    Parameters
    ----------
    assessment
        Whose question, hour and service, the facility meets.
    kind
        What is opened.
    site
        A row of :func:`planner.siting.candidate_sites`.
    facility_id
        Id of a new facility.
    shared
        Whether other new facilities are in the same building.
    """
    if site.origin == "internal":
        return OpenInternal(site.facility_id)
    question = assessment.question
    known = site.origin != "premises" and not pd.isna(site.floor_area_m2)
    return Open(
        facility_id,
        kind,
        float(site.geometry.x),
        float(site.geometry.y),
        name=site.name if isinstance(site.name, str) else "",
        floor_area_m2=float(site.floor_area_m2) if known else None,
        opening_hours="24/7" if question.at is not None else "",
        services=question.service or "",
        building=str(site.site_id) if shared or site.origin == "premises" else "",
    )
