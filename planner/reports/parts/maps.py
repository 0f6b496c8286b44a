"""Maps and charts of a report: coverage of what most lack, its gaps, links and proposed sites."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.links.links import anybody_gains, best_links
from planner.analysis.measures.equity import equity
from planner.reports.content import Block, Figure, Part
from planner.reports.parts.drawing import drawn
from planner.reports.parts.summary import ranked
from planner.reports.request import ReportRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

MOST_MAPS = 3
"""Kinds whose coverage is drawn at most, those that most lack."""

MOST_LINKS = 8
"""Links that are drawn at most, those that bring most."""


def maps(request: ReportRequest) -> Part:
    """Return the maps; one is said to be for internal use where it has no approval number."""
    from planner.views.plots.coverage import plot_coverage
    from planner.views.plots.fonts import NO_FONT, chinese_font
    from planner.views.plots.gaps import plot_gaps
    from planner.views.plots.proposals import plot_before_after, plot_sites

    result, group = request.result, request.group
    kinds = [str(kind) for kind in ranked(request)["kind"]]
    blocks: list[Block] = []
    if request.language == "zh" and chinese_font() is None:
        blocks.append(request.labels.finding(NO_FONT))
    if not kinds:
        blocks.append(request.say("no_maps"))
    else:
        blocks.append(request.say("maps_note"))
    blocks += [
        drawn(
            request, _caption(request, "coverage", kind), plot_coverage, result, kind, group=group
        )
        for kind in kinds[:MOST_MAPS]
    ]
    if kinds:
        found, caption = _gaps(request, kinds[0])
        if len(found):
            blocks.append(drawn(request, caption, plot_gaps, result, found, group=group))
        blocks += [*_links(request, kinds[0]), *_spread(request, kinds[0])]
    for proposal in request.proposals:
        blocks.append(
            drawn(request, _caption(request, "sites", proposal.kind), plot_sites, proposal)
        )
        blocks.append(
            drawn(
                request,
                _caption(request, "before_after", proposal.kind),
                plot_before_after,
                proposal,
            )
        )
    return Part("maps", request.say("part_maps"), tuple(blocks))


def _gaps(request: ReportRequest, kind: str) -> tuple[gpd.GeoDataFrame, str]:
    """Return the gaps of a kind and their caption, with their ranks where a table has these."""
    if "gaps" not in request.told:
        found = find_gaps(request.result, kind, group=request.group)
        return found, _caption(request, "gaps", kind)
    found = request.departments.gaps
    found = found.assign(rank=range(1, len(found) + 1))
    return found[found["kind"] == kind], _caption(request, "gaps_ranked", kind)


def _links(request: ReportRequest, kind: str) -> Iterator[Block]:
    """Yield the map of links that would bring most nearer to a kind, or that none can."""
    from planner.views.plots.links import plot_links

    result, group = request.result, request.group
    # no link shortens a straight line: that no map of them follows is told
    if result.standard.measure_of(kind) == "straight":
        yield request.say("no_links_straight", kind=request.kind(kind))
        return
    # links are measured on everyone's walk: of another walk there are none to show
    if result.district.walking is None and anybody_gains(result, [kind], group):
        links = best_links(result, [kind], group, MOST_LINKS)
        if len(links):
            yield drawn(
                request, _caption(request, "links", kind), plot_links, result, links, group=group
            )


def _spread(request: ReportRequest, kind: str) -> Iterator[Figure]:
    """Yield how evenly distances to a kind are spread, where that can be told."""
    from planner.views.plots.equity import plot_lorenz

    result, group = request.result, request.group
    gini = float(equity(result, [kind], groups=[group])["gini"].iloc[0])
    if math.isfinite(gini):
        told = request.labels.message(
            "plots.gini",
            group=_caption(request, "spread", kind),
            gini=request.labels.number(gini, 3),
        )
        yield drawn(request, told, plot_lorenz, result, kind, is_map=False, group=group)


def _caption(request: ReportRequest, name: str, kind: str) -> str:
    group = request.labels.group(request.group)
    return request.say(f"map_{name}", kind=request.kind(kind), group=group)
