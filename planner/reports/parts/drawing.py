"""A map or chart of a report: drawn for the width of its text, with its caption."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

from planner.reports.content import Figure
from planner.reports.request import ReportRequest

if TYPE_CHECKING:
    from collections.abc import Callable

WIDTH_MM, HEIGHT_MM, DPI = 156.0, 78.0, 200
"""As wide as the text of a page, and two of a height that stands on one."""


def drawn(
    request: ReportRequest,
    caption: str,
    draw: Callable[..., Any],
    *about: object,
    is_map: bool = True,
    **how: object,
) -> Figure:
    """Return a map or chart with its caption, which stands below it and not on it.

    Parameters
    ----------
    request, caption
        Words, and the caption without its number.
    draw, about, how
        A function of :mod:`planner.views.plots`, and what it is told.
    is_map
        Whether it is a map, which has an approval number or lacks one.
    """
    from planner.views.plots.sheet import Paper

    paper = Paper(WIDTH_MM, HEIGHT_MM, request.form.map_number, title=False)
    picture = picture_of(draw, *about, language=request.language, paper=paper, **how)
    note = request.form.map_line(request.labels) if is_map and _needs_number(request) else ""
    return Figure(caption, picture, note)


def picture_of(draw: Callable[..., Any], *about: object, **how: object) -> bytes:
    """Return what a function of :mod:`planner.views.plots` draws as a picture for documents."""
    with warnings.catch_warnings():
        # that there is no Chinese font is said once, in words
        warnings.simplefilter("ignore", UserWarning)
        made = draw(*about, **how)
    buffer = BytesIO()
    made.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def _needs_number(request: ReportRequest) -> bool:
    """Whether a map has or lacks an approval number."""
    from planner.views.plots.sheet import needs_number

    return needs_number(request.result.district, request.language) or bool(request.form.map_number)
