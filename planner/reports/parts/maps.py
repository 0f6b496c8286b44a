"""Maps of a report: coverage of what most lack, its gaps, and proposed sites."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from planner.analysis.gaps.gaps import find_gaps
from planner.reports.asked import Asked
from planner.reports.content import Block, Figure, Part
from planner.reports.parts.summary import ranked

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_MAPS = 3
"""Kinds whose coverage is drawn at most, those that most lack."""

WIDTH_MM, HEIGHT_MM, DPI = 156.0, 88.0, 150
"""As wide as the text of a page."""


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
    blocks += [
        _drawn(asked, "coverage", kind, plot_coverage, result, kind, group=group)
        for kind in kinds[:MOST_MAPS]
    ]
    found = find_gaps(result, kinds[0], group=group) if kinds else None
    if found is not None and len(found):
        blocks.append(_drawn(asked, "gaps", kinds[0], plot_gaps, result, found, group=group))
    for proposal in asked.proposals:
        blocks.append(_drawn(asked, "sites", proposal.kind, plot_sites, proposal))
        blocks.append(_drawn(asked, "before_after", proposal.kind, plot_before_after, proposal))
    return Part("maps", asked.say("part_maps"), tuple(blocks))


def _drawn(
    asked: Asked, name: str, kind: str, draw: Callable[..., Any], *about: object, **how: object
) -> Figure:
    """Return a map with its caption, which stands below it and not on it."""
    from planner.views.plots.sheet import Paper

    paper = Paper(WIDTH_MM, HEIGHT_MM, asked.form.map_number, title=False)
    with warnings.catch_warnings():
        # that there is no Chinese font is said once, in words
        warnings.simplefilter("ignore", UserWarning)
        drawn = draw(*about, language=asked.language, paper=paper, **how)
    buffer = BytesIO()
    drawn.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    caption = asked.say(f"map_{name}", kind=asked.kind(kind), group=asked.labels.group(asked.group))
    return Figure(caption, buffer.getvalue())
