"""A proposal in its particulars: place, price, floor area, who pays, and whether figures hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from planner.district import District
from planner.plan.proposals.proposal import Proposal
from planner.views.words.labels import Labels
from planner.views.words.places import places_of
from planner.views.words.plan.prices import price_sentence

WRITTEN = ("funding", "note", "superseded_by", "opened_source")
"""Fields in which somebody wrote something, each a line."""

MOST_STALE = 8
"""Ids that are named of proposals whose figures are of another state."""


def detail_sentences(
    labels: Labels, proposal: Proposal, district: District | None = None
) -> list[str]:
    """Return place, price, floor area, who pays, note and what came of it, as far as told.

    Parameters
    ----------
    labels
        The language.
    proposal
        The proposal.
    district
        That it is about, for its place by streets; by its coordinates without it.
    """
    say = labels.message
    lines = []
    if place := place_sentence(labels, proposal, district):
        lines.append(place)
    if proposal.cost is not None:
        lines.append(price_sentence(labels, proposal))
    else:
        lines.append(say("plan_details.no_cost"))
    if proposal.floor_area_m2 is not None:
        area = labels.number(proposal.floor_area_m2)
        lines.append(say("plan_details.floor_area", area=area))
    lines += [
        say(f"plan_details.{name}", value=value)
        for name in WRITTEN
        if (value := getattr(proposal, name))
    ]
    made = {"by": proposal.created_by, "at": labels.date(proposal.created_at[:10])}
    origin = say(f"plan_details.of_{proposal.origin}")
    return [*lines, say("plan_details.made", **made, origin=origin)]


def place_sentence(labels: Labels, proposal: Proposal, district: District | None = None) -> str:
    """Return where a proposal is, see :func:`detail_sentences`; empty where it tells no place."""
    if proposal.shape is None:
        return ""
    if place := place_word_of(labels, proposal, district):
        return labels.message("plan_details.place", place=place)
    spot = proposal.shape.centroid
    x, y = (labels.number(each, 1) for each in (spot.x, spot.y))
    return labels.message("plan_details.place_numbers", x=x, y=y, crs=proposal.crs)


def place_word_of(labels: Labels, proposal: Proposal, district: District | None) -> str:
    """Return where a proposal is by the streets of its district; empty where one is not known."""
    if district is None:
        return ""
    return place_words_of(labels, [proposal], district).get(proposal.id, "")


def place_words_of(
    labels: Labels, proposals: Iterable[Proposal], district: District
) -> dict[str, str]:
    """Return where proposals of a district are by its streets, by id; those without a place not."""
    of_crs: dict[str, dict[str, BaseGeometry]] = {}
    for each in proposals:
        if each.shape is not None:
            of_crs.setdefault(each.crs, {})[each.id] = each.shape
    found: dict[str, str] = {}
    for crs, shapes in of_crs.items():
        spots = gpd.GeoDataFrame(geometry=list(shapes.values()), crs=crs or district.crs)
        places = places_of(district, spots.to_crs(district.crs), labels)
        found |= dict(zip(shapes, places, strict=True))
    return found


def of_other_data_sentence(labels: Labels, ids: Sequence[str]) -> str:
    """Return of which proposals of a list the figures are of other data; empty for none."""
    if not ids:
        return ""
    named = labels.message("plan_words.comma").join(ids[:MOST_STALE])
    more = " …" if len(ids) > MOST_STALE else ""
    count = labels.number(len(ids))
    return labels.message("plan_details.of_other_data", count=count, ids=f"{named}{more}")


def stale_sentence(labels: Labels, reasons: Sequence[str]) -> str:
    """Return that figures are of another state, and why; empty where they hold.

    Parameters
    ----------
    labels
        The language.
    reasons
        Of :meth:`planner.plan.Plan.stale`.
    """
    if not reasons:
        return ""
    said = labels.message("plan_words.comma").join(
        labels.message(f"plan_details.stale_{name}") for name in reasons
    )
    return labels.message("plan_details.stale", reasons=said)
