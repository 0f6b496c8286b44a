"""Figures of a proposal: its sites, coverage before and after, what more sites bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import geopandas as gpd
import pandas as pd

from planner.views.plots import marks
from planner.views.plots.coverage import draw_coverage, figures_line
from planner.views.plots.ground import map_axes
from planner.views.plots.sheet import (
    INK,
    LARGE,
    NORMAL,
    Paper,
    Sheet,
    data_notes,
    map_notes,
    sheet_words,
)
from planner.views.words.places import site_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment
    from planner.views.words.labels import Labels


class Sited(Protocol):
    """Sites for a kind: a :class:`planner.siting.Proposal`."""

    @property
    def assessment(self) -> Assessment:
        """The district as it is."""

    @property
    def after(self) -> Assessment:
        """The district with the sites."""

    @property
    def kind(self) -> str:
        """What is sited."""

    @property
    def group(self) -> str:
        """Whose walk counts."""

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites: ``rank``, ``site_id``, ``gained``, name and point."""

    def homes(self) -> gpd.GeoDataFrame:
        """Return the homes brought within the limit."""


GAINED = "#0f766e"
GAP_MM = 4.0


def plot_sites(proposal: Sited, *, language: str = "en", paper: Paper | None = None) -> Figure:
    """Return a map of proposed sites, numbered, and of the homes that they bring near.

    Parameters
    ----------
    proposal
        Of :func:`planner.propose`.
    language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    """
    assessment, size = proposal.assessment, paper or Paper()
    words = sheet_words(assessment, language, proposal.group)
    labels, district = words.labels, assessment.district
    title = labels.message(
        "plots.sites",
        kind=labels.kind(proposal.kind, district.kinds),
        district=words.drawn(labels.text(district.name), assessment.standard.id),
    )
    notes = map_notes(assessment, words, proposal.group, size.number)
    notes.insert(0, labels.message("plots.gains_are", group=labels.group(proposal.group)))
    subtitle = figures_line(assessment, proposal.kind, proposal.group, labels)
    sheet = Sheet(words, size, title, subtitle, notes)
    axes = map_axes(sheet, district)
    rows = marks.facilities(axes, assessment, proposal.kind, labels)
    homes = proposal.homes().geometry
    style: dict[str, Any] = {"marker": "o", "markerfacecolor": GAINED, "markeredgecolor": "#ffffff"}
    axes.plot(
        homes.x, homes.y, linestyle="none", markersize=2.8, markeredgewidth=0.25, zorder=5, **style
    )
    if len(homes):
        rows.append((marks.sign(**style), labels.message("siting.layer_homes")))
    names = site_names(proposal.sites, district, labels)
    for site in proposal.sites.itertuples():
        marks.numbered(axes, site.geometry.x, site.geometry.y, site.rank, marks.SITE, "D")
        told = labels.message(
            "plots.site_row",
            number=site.rank,
            place=names[site.site_id],
            count=labels.count(site.gained),
        )
        rows.append((marks.sign(marker="D", color=marks.SITE), told))
    sheet.legend(rows)
    return sheet.finished()


def plot_before_after(
    proposal: Sited, *, language: str = "en", paper: Paper | None = None
) -> Figure:
    """Return two maps of coverage side by side: today, and with the sites of a proposal."""
    before, size = proposal.assessment, paper or Paper(width_mm=250.0)
    words = sheet_words(before, language, proposal.group)
    labels, district = words.labels, before.district
    title = labels.message(
        "plots.before_after",
        kind=labels.kind(proposal.kind, district.kinds),
        district=words.drawn(labels.text(district.name), before.standard.id),
    )
    notes = map_notes(before, words, proposal.group, size.number)
    subtitle = labels.text("; ").join([*labels.asked(before), labels.standard(before.standard)])
    sheet = Sheet(words, size, title, subtitle, notes)
    left, bottom, width, height = sheet.room_mm
    each, head = (width - GAP_MM) / 2, 11.0
    rows: list[marks.Row] = []
    for number, (assessment, heading) in enumerate(
        ((before, "plots.before"), (proposal.after, "plots.after"))
    ):
        room = (left + number * (each + GAP_MM), bottom, each, height - head)
        axes = map_axes(sheet, assessment.district, room)
        summary = assessment.summary()
        asked = (summary["kind"] == proposal.kind) & (summary["group"] == proposal.group)
        row = summary[asked].iloc[0]
        share = labels.rate(row.to_dict())
        told = labels.text("{name}: {value}", name=labels.message(heading), value=share)
        axes.set_title(told, fontsize=LARGE - 2, color=INK, loc="left")
        signs = draw_coverage(axes, assessment, proposal.kind, proposal.group, labels)
        rows += [sign for sign in signs if sign[1] not in {word for _, word in rows}]
        if number:
            for site in proposal.sites.itertuples():
                marks.numbered(axes, site.geometry.x, site.geometry.y, site.rank, marks.SITE, "D")
    rows.append((marks.sign(marker="D", color=marks.SITE), labels.message("siting.layer_sites")))
    sheet.legend(rows, below_mm=head)
    return sheet.finished()


def plot_curve(
    proposal: Sited,
    curve: pd.DataFrame,
    *,
    language: str = "en",
    paper: Paper | None = None,
) -> Figure:
    """Return bars of what 1, 2, … sites bring, under lines that nothing can exceed.

    Parameters
    ----------
    proposal, curve
        The proposal, and its :func:`planner.siting.proposals.curves.coverage_curve`.
    language, paper
        As of :func:`planner.views.plots.coverage.plot_coverage`.
    """
    assessment, size = proposal.assessment, paper or Paper(width_mm=140.0, height_mm=90.0)
    words = sheet_words(assessment, language, proposal.group)
    labels, district = words.labels, assessment.district
    title = labels.message(
        "plots.curve",
        kind=labels.kind(proposal.kind, district.kinds),
        district=words.drawn(labels.text(district.name), assessment.standard.id),
    )
    subtitle = labels.text("; ").join(
        [*labels.asked(assessment), labels.standard(assessment.standard)]
    )
    sheet = Sheet(
        words, size, title, subtitle, data_notes(assessment, words, proposal.group), legend=False
    )
    axes = sheet.chart_axes()
    _bars(axes, curve, labels)
    axes.set_xlabel(labels.message("siting.col_sites"), fontsize=NORMAL, color=INK)
    axes.set_ylabel(labels.message("siting.col_gained"), fontsize=NORMAL, color=INK)
    rows = [
        (marks.area_sign(facecolor=GAINED), labels.message("siting.col_gained")),
        (
            marks.sign(marker="_", markersize=10, color=marks.SITE),
            labels.message("siting.col_bound"),
        ),
    ]
    axes.legend(
        [sign for sign, _ in rows],
        [word for _, word in rows],
        loc="upper left",
        frameon=False,
        fontsize=NORMAL,
        ncols=2,
    )
    return sheet.finished()


def _bars(axes: Axes, curve: pd.DataFrame, labels: Labels) -> None:
    """Draw a bar for each number of sites with its figure, and the line nothing can exceed."""
    counts, gained = curve["sites"].to_numpy(), curve["gained"].to_numpy()
    axes.bar(counts, gained, width=0.6, color=GAINED)
    axes.plot(counts, curve["bound"], linestyle="none", marker="_", markersize=17, color=marks.SITE)
    top = float(max(curve["bound"].max(), 1.0)) * 1.15
    axes.set_ylim(0, top)
    axes.set_xticks(counts, [labels.number(count) for count in counts])
    ticks = axes.get_yticks()
    axes.set_yticks([each for each in ticks if each <= top])
    axes.set_yticklabels([labels.number(each) for each in ticks if each <= top])
    for count, value, bound in zip(counts, gained, curve["bound"], strict=True):
        axes.text(
            count,
            max(value, bound) + top * 0.02,
            labels.number(value),
            fontsize=NORMAL,
            color=INK,
            ha="center",
        )
