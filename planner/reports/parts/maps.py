"""Maps and charts of a report: coverage of what most lack, its gaps, links and proposed sites."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.links.links import anybody_gains, best_links
from planner.analysis.measures.equity import equity
from planner.reports.asked import Asked
from planner.reports.content import Block, Figure, Part
from planner.reports.parts.drawing import drawn
from planner.reports.parts.summary import ranked

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

MOST_MAPS = 3
"""Kinds whose coverage is drawn at most, those that most lack."""

MOST_LINKS = 8
"""Links that are drawn at most, those that bring most."""


def maps(asked: Asked) -> Part:
    """Return the maps; one is said to be for internal use where it has no approval number."""
    from planner.views.plots.coverage import plot_coverage
    from planner.views.plots.fonts import NO_FONT, chinese_font
    from planner.views.plots.gaps import plot_gaps
    from planner.views.plots.proposals import plot_before_after, plot_sites

    result, group = asked.result, asked.group
    kinds = [str(kind) for kind in ranked(asked)["kind"]]
    blocks: list[Block] = []
    if asked.language == "zh" and chinese_font() is None:
        blocks.append(asked.labels.finding(NO_FONT))
    if not kinds:
        blocks.append(asked.say("no_maps"))
    else:
        blocks.append(asked.say("maps_note"))
    blocks += [
        drawn(asked, _caption(asked, "coverage", kind), plot_coverage, result, kind, group=group)
        for kind in kinds[:MOST_MAPS]
    ]
    if kinds:
        found, caption = _gaps(asked, kinds[0])
        if len(found):
            blocks.append(drawn(asked, caption, plot_gaps, result, found, group=group))
        blocks += [*_links(asked, kinds[0]), *_spread(asked, kinds[0])]
    for proposal in asked.proposals:
        blocks.append(drawn(asked, _caption(asked, "sites", proposal.kind), plot_sites, proposal))
        blocks.append(
            drawn(
                asked, _caption(asked, "before_after", proposal.kind), plot_before_after, proposal
            )
        )
    return Part("maps", asked.say("part_maps"), tuple(blocks))


def _gaps(asked: Asked, kind: str) -> tuple[gpd.GeoDataFrame, str]:
    """Return the gaps of a kind and their caption, with their ranks where a table has these."""
    if "gaps" not in asked.told:
        found = find_gaps(asked.result, kind, group=asked.group)
        return found, _caption(asked, "gaps", kind)
    found = asked.departments.gaps
    found = found.assign(rank=range(1, len(found) + 1))
    return found[found["kind"] == kind], _caption(asked, "gaps_ranked", kind)


def _links(asked: Asked, kind: str) -> Iterator[Figure]:
    """Yield the map of links that would bring most nearer to a kind, where there are any."""
    from planner.views.plots.links import plot_links

    result, group = asked.result, asked.group
    # links are measured on everyone's walk: of another walk there are none to show
    if result.district.walking is None and anybody_gains(result, [kind], group):
        links = best_links(result, [kind], group, MOST_LINKS)
        if len(links):
            yield drawn(
                asked, _caption(asked, "links", kind), plot_links, result, links, group=group
            )


def _spread(asked: Asked, kind: str) -> Iterator[Figure]:
    """Yield how evenly walks to a kind are spread, where that can be told."""
    from planner.views.plots.equity import plot_lorenz

    result, group = asked.result, asked.group
    gini = float(equity(result, [kind], groups=[group])["gini"].iloc[0])
    if math.isfinite(gini):
        told = asked.labels.message(
            "plots.gini",
            group=_caption(asked, "spread", kind),
            gini=asked.labels.number(gini, 3),
        )
        yield drawn(asked, told, plot_lorenz, result, kind, is_map=False, group=group)


def _caption(asked: Asked, name: str, kind: str) -> str:
    group = asked.labels.group(asked.group)
    return asked.say(f"map_{name}", kind=asked.kind(kind), group=group)
