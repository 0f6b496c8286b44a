"""What the joint plan decides, on the map of a year: each proposal by its state, with its year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import folium
import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from planner.analysis.assessment import Assessment
from planner.district import Kind
from planner.district.scenarios.scenario import Open
from planner.district.transformers import transformer
from planner.plan.coordination.years.years import JointPlan
from planner.plan.proposals.listed import gone
from planner.plan.proposals.proposal import Proposal
from planner.views.escaping import safe
from planner.views.maps.base.assets import stable_ids
from planner.views.maps.base.drawing import Drawing, places
from planner.views.maps.icons import PLANNED_RIMS, planned_icon
from planner.views.maps.parts import signs
from planner.views.maps.parts.marks import Mark, mark_group
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import departments_words, proposal_name, word, year_of
from planner.views.words.shares import without_telling

_SIZE = 30
_SAME_PLACE_M = 0.5


def shown_by(
    found: JointPlan, proposals: Iterable[Proposal], kind: str, year: str
) -> list[Proposal]:
    """Return what stands on the map of a year: for a kind, done by its end, and with a place.

    Parameters
    ----------
    found
        The joint plan.
    proposals
        What is decided, and what has opened.
    kind
        The kind that is shown; ways are for every kind.
    year
        One of the plan's years. Today only what has opened is there.
    """
    missing = opened_gone(found, proposals := list(proposals), kind)
    odd = {each.id for each in (*missing, *(it.proposal for it in found.misfits))}
    there = found.years[: found.years.index(year) + 1]
    return [
        each
        for each in proposals
        if each.shape is not None
        and each.id not in odd
        and (not each.kinds or kind in each.kinds)
        and (each.status == "opened" or _counts_from(each) in there)
    ]


def opened_gone(found: JointPlan, proposals: Iterable[Proposal], kind: str) -> list[Proposal]:
    """Return what opened for a kind and is in the data no more: none of its facilities is there.

    Parameters
    ----------
    found
        The joint plan.
    proposals
        What is decided, and what has opened.
    kind
        The kind that is shown.
    """
    own = [
        each
        for each in proposals
        if each.status == "opened"
        and kind in each.kinds
        and any(isinstance(step, Open) for step in each.changes)
    ]
    return gone(found.after[0].district, own)


def gone_note(missing: Sequence[Proposal], labels: Labels) -> str:
    """Return how many are left out by :func:`opened_gone`, as a row of the legend; else nothing."""
    if not missing:
        return ""
    count = labels.number(len(missing))
    return signs.paragraph(labels.message("plan_words.legend_opened_gone", count=count))


def _place(proposal: Proposal, crs: CRS) -> BaseGeometry | None:
    """Return a proposal's place in the CRS of the map: data made anew may be in another."""
    shape = proposal.shape
    if shape is None or not proposal.crs or CRS(proposal.crs) == crs:
        return shape
    change = transformer(CRS(proposal.crs), crs).transform
    moved: BaseGeometry = shapely.transform(shape, lambda xy: np.column_stack(change(*xy.T)))
    return moved


def _counts_from(proposal: Proposal) -> str:
    return "open" if proposal.counts_from is None else str(proposal.counts_from)


def planned_groups(
    proposals: Sequence[Proposal], kind: str, state: Assessment, labels: Labels
) -> list[folium.FeatureGroup]:
    """Return a layer for each state of proposals: squares where something stands, lines for ways.

    Parameters
    ----------
    proposals
        Of :func:`shown_by`.
    kind
        The kind that is shown.
    state
        The assessment at the end of the year.
    labels
        The language.
    """
    groups = []
    for status in _states(proposals):
        own = [each for each in proposals if each.status == status]
        points = [each for each in own if isinstance(each.shape, shapely.Point)]
        lines = [each for each in own if not isinstance(each.shape, shapely.Point)]
        style = {"color": PLANNED_RIMS[status], "weight": 6, "opacity": 0.9}
        crs = state.district.crs
        shapes = [(each, _place(each, crs)) for each in lines]
        marks = [Mark(shape, style, _tooltip(each, labels)) for each, shape in shapes if shape]
        name = _state_word(status, labels)
        group = mark_group(marks, crs, name, seed=_seed(status))
        if points:
            group.add_child(_squares(points, kind, status, state, labels))
            stable_ids(group, _seed(status))
        groups.append(group)
    return groups


def planned_legend(
    proposals: Sequence[Proposal], kind: str, state: Assessment, labels: Labels
) -> str:
    """Return the signs of :func:`planned_groups` as HTML, a row for each state; else nothing."""
    rows = [
        signs.row(
            signs.cell(planned_icon(_kind(state, kind), status, size=18)),
            _state_word(status, labels),
            _seed(status),
        )
        for status in _states(proposals)
    ]
    heading = labels.message("plan_words.legend_planned")
    return signs.section(heading, rows) if rows else ""


def drawn_apart(proposals: Sequence[Proposal], kind: str, state: Assessment) -> list[str]:
    """Return ids of the facilities that stand where a proposal is drawn: one sign a place."""
    facilities = state.district.facilities
    own = facilities[facilities["kind"] == kind]
    points = [_place(each, own.crs) for each in proposals if isinstance(each.shape, shapely.Point)]
    if own.empty or not points:
        return []
    at = gpd.GeoSeries(points, crs=own.crs).union_all()
    near = own.geometry.distance(at) <= _SAME_PLACE_M
    return [str(each) for each in own.loc[near, "facility_id"]]


def changed_areas(found: JointPlan, kind: str, group: str, year: str) -> list[str] | None:
    """Return the communities whose share is another than today, those that change most first.

    None of today itself, and where nothing changes: then each community tells its figure.
    """
    rows = found.areas(kind=kind)
    rows = without_telling(rows[rows["group"] == group])
    share = rows.pivot(index="area_id", columns="year", values="share")
    moved = (share[year] - share["today"]).abs()
    moved = moved[moved > 0].sort_values(ascending=False, kind="stable")
    return [str(each) for each in moved.index] or None


def figures_note(year: str, labels: Labels) -> str:
    """Return what the figures on the map of a year say, as a row of the legend."""
    if year == "open":
        return signs.paragraph(labels.message("plan_words.legend_figures_open"))
    return signs.paragraph(labels.message("plan_words.legend_figures", year=year))


def _states(proposals: Sequence[Proposal]) -> list[str]:
    there = {each.status for each in proposals}
    return [each for each in PLANNED_RIMS if each in there]


def _squares(
    proposals: Sequence[Proposal], kind: str, status: str, state: Assessment, labels: Labels
) -> Drawing:
    crs = state.district.crs
    at = places(gpd.GeoSeries([_place(each, crs) for each in proposals], crs=crs))
    rows = [
        [y, x, 0, _tooltip(each, labels), each.id]
        for (y, x), each in zip(at, proposals, strict=True)
    ]
    sign = planned_icon(_kind(state, kind), status, _SIZE)
    many = safe(labels.message("app_map.cluster", count="{count}"))
    many = many.replace("&#123;", "{").replace("&#125;", "}")
    return Drawing("markers", rows, [sign], _SIZE, [safe(_state_word(status, labels))], many)


def _tooltip(proposal: Proposal, labels: Labels) -> str:
    """Return which proposal it is, what is done, by which department, and by when."""
    when = year_of(labels, proposal.counts_from)
    department = departments_words(labels, filter(None, [proposal.department])) or "–"
    about = f"{word(labels, 'action', proposal.action)} · {department} · {when}"
    lines = [about, _state_word(proposal.status, labels), proposal.id]
    told = "<br>".join(safe(each) for each in lines)
    return f"<b>{safe(proposal_name(labels, proposal))}</b><br>{told}"


def _state_word(status: str, labels: Labels) -> str:
    return labels.message(f"plan_words.planned_{status}")


def _kind(state: Assessment, kind: str) -> Kind:
    kinds = state.district.kinds
    return kinds[kind] if kind in kinds else Kind(kind, kind, kind)


def _seed(status: str) -> str:
    return f"planned-{status}"
