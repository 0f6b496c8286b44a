"""Proposed sites on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from planner.views.escaping import safe
from planner.views.maps.parts import signs
from planner.views.maps.parts.badges import Badge
from planner.views.maps.parts.legend import facilities_legend
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.places import site_names
from planner.views.words.siting.prices import answer_labels

if TYPE_CHECKING:
    from planner.siting.proposals.proposal import Proposal

SITE = "site"
"""What a click on a proposed site is called; its id is its rank."""

_SITE = {"radius": 11, "color": "#ffffff", "weight": 2.5, "fillColor": "#b45309", "fillOpacity": 1}
_PLACE = {"radius": 4, "color": "#78716c", "weight": 1.2, "fillColor": "#ffffff", "fillOpacity": 1}
_HOME = {"radius": 3.5, "color": "#ffffff", "weight": 0.8, "fillColor": "#0f766e", "fillOpacity": 1}


def proposal_groups(proposal: Proposal, language: str = "en") -> list[folium.FeatureGroup]:
    """Return the layers of a proposal: places to choose from, homes gained, sites with numbers."""
    labels, crs = (
        answer_labels(proposal, language),
        proposal.assessment.district.crs,
    )
    say = labels.message
    chosen = set(proposal.sites["site_id"])
    names = site_names(proposal.candidates, proposal.assessment.district, labels)
    places = [
        Mark(row.geometry, _PLACE, safe(names[row.site_id]))
        for row in proposal.candidates.itertuples()
        if row.site_id not in chosen
    ]
    homes = [Mark(shape, _HOME) for shape in proposal.homes().geometry]
    sites = [
        Badge(
            row.geometry,
            row.rank,
            _SITE,
            f"<b>{row.rank}. {safe(names[row.site_id])}</b><br>"
            + safe(say("siting.tooltip", gained=labels.count(row.gained))),
            (SITE, str(row.rank)),
        )
        for row in proposal.sites.itertuples()
    ]
    layers: list[tuple[str, list[Mark], list[Badge]]] = [
        ("layer_places", places, []),
        ("layer_homes", homes, []),
        ("layer_sites", [], sites),
    ]
    return [
        mark_group(
            marks,
            crs,
            say(f"siting.{name}"),
            seed=name,
            show=name != "layer_places",
            badges=badges,
        )
        for name, marks, badges in layers
        if marks or badges
    ]


def sites_legend(proposal: Proposal, language: str = "en") -> str:
    """Return the signs of :func:`proposal_groups` as HTML."""
    labels = answer_labels(proposal, language)
    drawn = ((_SITE, "layer_sites"), (_HOME, "layer_homes"), (_PLACE, "layer_places"))
    return "".join(
        signs.row(signs.mark_sign(style), labels.message(f"siting.{name}"), name)
        for style, name in drawn
    )


def proposal_legend(proposal: Proposal, language: str = "en") -> str:
    """Return the signs of :func:`proposal_groups` and of the kind's facilities, as HTML."""
    labels = answer_labels(proposal, language)
    facilities = facilities_legend(proposal.assessment, proposal.kind, labels)
    return sites_legend(proposal, language) + facilities
