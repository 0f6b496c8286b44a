"""Maps of gaps, links and proposed sites for notebooks: offline, with their legend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import folium
import geopandas as gpd

from planner.views.maps import gaps as gap_maps
from planner.views.maps import links as link_maps
from planner.views.maps.base import drawing
from planner.views.maps.base.assets import OfflineMap, stable_ids
from planner.views.maps.base.basemap import base_map
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.proposals import proposal_groups, proposal_legend

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.siting.proposals.proposal import Proposal


def gaps_map(
    assessment: Assessment, gaps: gpd.GeoDataFrame, *, group: str | None = None, language: str = "en"
) -> OfflineMap:
    """Return a map of gaps in the colours of their causes, with the facilities of their kinds.

    Parameters
    ----------
    assessment, gaps
        What was judged, and gaps of :func:`planner.analysis.gaps.gaps.find_gaps`.
    group
        Whom the tooltips tell of; the total where none is given.
    language
        ``"en"`` or ``"zh"``.
    """
    drawn = gap_maps.gap_groups(assessment, gaps, language, group=group)
    links = "link_work" in gaps and bool((gaps["link_work"] != "").any())
    legend = gap_maps.legend_html(gaps, language, links=links)
    kinds = [kind for kind in dict.fromkeys(gaps["kind"]) if kind in assessment.kinds]
    shown = [
        facility_group(assessment.district, kind, language, question=assessment.question)
        for kind in kinds[:1]
        if len(kinds) == 1
    ]
    return _map(assessment, [*drawn, *shown], legend, language)


def links_map(
    assessment: Assessment, links: gpd.GeoDataFrame, *, language: str = "en"
) -> OfflineMap:
    """Return a map of links to open, numbered by rank, in the colours of the work.

    Parameters
    ----------
    assessment, links
        What was judged, and links of :func:`planner.analysis.links.links.best_links`.
    language
        ``"en"`` or ``"zh"``.
    """
    drawn = link_maps.link_groups(assessment, links, language)
    return _map(assessment, drawn, link_maps.legend_html(links, language), language)


def proposal_map(proposal: Proposal, *, language: str = "en") -> OfflineMap:
    """Return a map of proposed sites, the homes that they bring near, and facilities of the kind.

    Parameters
    ----------
    proposal
        Of :func:`planner.propose`.
    language
        ``"en"`` or ``"zh"``.
    """
    assessment = proposal.assessment
    shown = facility_group(
        assessment.district, proposal.kind, language, question=assessment.question
    )
    drawn = [shown, *proposal_groups(proposal, language)]
    return _map(assessment, drawn, proposal_legend(proposal, language), language)


def _map(
    assessment: Assessment, drawn: Iterable[folium.FeatureGroup], legend: str, language: str
) -> OfflineMap:
    result = base_map(assessment.district, language=language)
    for each in drawn:
        result.add_child(each)
    result.add_child(folium.LayerControl(position="bottomleft", collapsed=True))
    if legend:
        card = drawing.panel("bottomright", {"legend": legend}, "legend", "pl-card pl-legend")
        result.add_child(card)
    stable_ids(result, "map")
    return result
