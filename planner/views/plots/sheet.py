"""The sheet that a figure is drawn on: title, figure, legend, and what must stand below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planner.views.plots.fonts import Lettering, lettering
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.widths import width_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from planner.analysis.assessment import Assessment
    from planner.district import District

INK, QUIET, RIM = "#1f2937", "#475569", "#334155"
DPI = 300
MM = 1 / 25.4
"""Inches."""

SMALL, NORMAL, LARGE = 6.5, 7.5, 11.0
"""Sizes of letters, points."""

EDGE_MM, LEGEND_MM, LINE_MM = 4.0, 50.0, 3.1
LEGEND_SIZES, LEGEND_UNITS = (NORMAL, 6.75, 6.0, 5.25), 32


@dataclass(frozen=True)
class Paper:
    """What a figure is drawn for.

    Parameters
    ----------
    width_mm, height_mm
        Size of the figure; at 300 dots an inch a figure of 180 mm has 2126 of them.
    number
        The approval number of a map (审图号), printed on it. A map in Chinese, or of a place in
        mainland China, is marked for internal use without one.
    title
        Whether title and subtitle stand on the figure; a document has a caption instead.
    """

    width_mm: float = 180.0
    height_mm: float = 125.0
    number: str = ""
    title: bool = True


class Sheet:
    """A figure with room for what is drawn, its legend and its notes.

    Parameters
    ----------
    labels
        Language, and what is counted.
    paper
        Size, approval number.
    title, subtitle
        What the figure shows, and of whom by what.
    notes
        Sentences below it.
    legend
        Whether there is a legend beside the figure.
    """

    def __init__(
        self,
        words: Lettering,
        paper: Paper,
        title: str,
        subtitle: str,
        notes: Sequence[str],
        *,
        legend: bool = True,
    ) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.words, self.paper = words, paper
        self.figure = Figure(
            figsize=(paper.width_mm * MM, paper.height_mm * MM), dpi=DPI, facecolor="#ffffff"
        )
        # a canvas of its own: no window and none of pyplot's state, so that threads can draw
        FigureCanvasAgg(self.figure)
        self._top_mm, self._bottom_mm = EDGE_MM, EDGE_MM
        if paper.title:
            self._title(title, subtitle)
        self._notes(notes)
        self.right_mm = EDGE_MM + (LEGEND_MM if legend else 0.0)

    @property
    def room_mm(self) -> tuple[float, float, float, float]:
        """Left, bottom, width and height of the room for what is drawn, millimetres."""
        width = self.paper.width_mm - EDGE_MM - self.right_mm
        height = self.paper.height_mm - self._top_mm - self._bottom_mm
        return EDGE_MM, self._bottom_mm, width, height

    def axes(
        self, left_mm: float, bottom_mm: float, width_mm: float, height_mm: float, **how: Any
    ) -> Axes:
        """Return axes at a place of the sheet."""
        paper = self.paper
        box = (
            left_mm / paper.width_mm,
            bottom_mm / paper.height_mm,
            width_mm / paper.width_mm,
            height_mm / paper.height_mm,
        )
        return self.figure.add_axes(box, **how)

    def chart_axes(self, left_mm: float = 16.0, bottom_mm: float = 11.0) -> Axes:
        """Return axes of a chart, with room for what stands at its left and below."""
        left, bottom, width, height = self.room_mm
        axes = self.axes(left + left_mm, bottom + bottom_mm, width - left_mm, height - bottom_mm)
        axes.tick_params(labelsize=NORMAL, colors=QUIET, length=2.5)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            axes.spines[side].set_color(QUIET)
        return axes

    def legend(self, rows: Sequence[tuple[Artist, str]], below_mm: float = 0.0) -> float:
        """Write the legend beside the figure, from `below_mm` down; return where it ends."""
        if not rows:
            return below_mm
        _, bottom, _, height = self.room_mm
        left = self.paper.width_mm - self.right_mm + 2.0
        axes = self.axes(left, bottom, LEGEND_MM - 2.0, height - below_mm)
        axes.set_axis_off()
        said = [self.words.drawn(text, "–") for _, text in rows]
        # letters are smaller where the rows would run off the sheet
        for size in LEGEND_SIZES:
            texts = [wrapped(text, int(LEGEND_UNITS * NORMAL / size)) for text in said]
            lines = sum(1.3 + LINE_MM * (text.count("\n") + 1) for text in texts)
            if lines * size / NORMAL <= bottom + height - below_mm - EDGE_MM:
                break
        axes.legend(
            handles=[sign for sign, _ in rows],
            labels=texts,
            loc="upper left",
            frameon=False,
            fontsize=size,
            borderaxespad=0.0,
            borderpad=0.0,
            handlelength=1.6,
            handleheight=1.0,
            handletextpad=0.7,
            labelspacing=0.5,
            labelcolor=INK,
        )
        return below_mm + lines * size / NORMAL

    def finished(self) -> Figure:
        """Return the figure, all of its texts in the fonts that have their letters."""
        from matplotlib.text import Text

        families = list(self.words.families)
        for axes in self.figure.axes:
            axes.tick_params(labelfontfamily=families)
        for text in self.figure.findobj(Text):
            text.set_fontfamily(families)
        return self.figure

    def _title(self, title: str, subtitle: str) -> None:
        paper = self.paper
        for text, size, colour, step_mm in (
            (title, LARGE, INK, 5.6),
            (subtitle, NORMAL, QUIET, 4.0),
        ):
            units = int(2.0 * (paper.width_mm - 2 * EDGE_MM) / (size * 0.3528))
            lines = wrapped(self.words.drawn(text, ""), units)
            if not lines:
                continue
            self.figure.text(
                EDGE_MM / paper.width_mm,
                1 - self._top_mm / paper.height_mm,
                lines,
                fontsize=size,
                color=colour,
                va="top",
                linespacing=1.25,
            )
            self._top_mm += step_mm * (lines.count("\n") + 1)
        self._top_mm += 1.5

    def _notes(self, notes: Sequence[str]) -> None:
        """Write the sentences below the figure, as many lines as they need."""
        paper = self.paper
        units = int(1.9 * (paper.width_mm - 2 * EDGE_MM) / (SMALL * 0.3528))
        lines = [wrapped(text, units) for note in notes if (text := self.words.drawn(note, ""))]
        if not lines:
            return
        whole = "\n".join(lines)
        self.figure.text(
            EDGE_MM / paper.width_mm,
            EDGE_MM / paper.height_mm,
            whole,
            fontsize=SMALL,
            color=QUIET,
            va="bottom",
            linespacing=1.25,
        )
        self._bottom_mm += LINE_MM * (whole.count("\n") + 1) + 1.5


def sheet_words(assessment: Assessment, language: str, group: str) -> Lettering:
    """Return the words of a figure about an assessment."""
    labels = Labels.of(assessment, language, group)
    names = PlaceNames.of_district(assessment.district, language)
    return lettering(replace(labels, names=names))


def map_notes(assessment: Assessment, words: Lettering, group: str, number: str) -> list[str]:
    """Return what stands below a map: credits, what is made up or estimated, approval number."""
    labels, notes = words.labels, data_notes(assessment, words, group)
    if number:
        notes.append(labels.message("plots.number", number=number))
    elif needs_number(assessment.district, labels.language):
        notes.append(labels.message("plots.internal"))
    return notes


def needs_number(district: District, language: str) -> bool:
    """Return whether a map needs an approval number, which the rules of China ask for.

    Source: 地图管理条例 (State Council Order 664, 2015), articles 15 and 22.
    """
    return language == "zh" or district.lies_in_mainland_china


def data_notes(assessment: Assessment, words: Lettering, group: str) -> list[str]:
    """Return whose data a figure rests on, and whether they are made up or estimated."""
    labels, district = words.labels, assessment.district
    notes = []
    credit = labels.text(district.attribution) if district.attribution else ""
    licences = dict.fromkeys(each.licence for each in district.sources if each.licence)
    told = [credit, *(each for each in licences if each not in credit)]
    if names := labels.text("; ").join(filter(None, told)):
        notes.append(labels.message("reports.credits", names=words.drawn(names, "–")))
    if district.synthetic:
        notes.append(labels.text("Synthetic data: this place is made up"))
    if assessment.unit_of(group) != "residents":
        notes.append(labels.text("Estimated demand, not counted people"))
    return notes


def wrapped(text: str, units: int) -> str:
    r"""Return a text in lines of so many units; a Chinese letter takes two.

    Examples
    --------
    >>> wrapped("one two three", 8)
    'one two\nthree'
    >>> wrapped("社区养老服务设施", 8)
    '社区养老\n服务设施'
    """
    lines, line, width = [], "", 0
    for word in _words(text):
        size = width_of(word)
        if line and width + size > units and word != " ":
            lines.append(line.rstrip())
            line, width = "", 0
        if line or word != " ":
            line, width = line + word, width + size
    return "\n".join([*lines, line.rstrip()])


_CLOSING = "，。；：、）》”！？％"
"""Never the first of a line."""


def _words(text: str) -> list[str]:
    """Return the pieces between which a line may end: words, spaces, Chinese letters."""
    found: list[str] = []
    for letter in text:
        wide = width_of(letter) == 2
        alone = letter == " " or (wide and letter not in _CLOSING)
        before = found[-1] if found else ""
        joins = before and before != " " and width_of(before[-1]) == 1 and not alone
        if (letter in _CLOSING and before and before != " ") or (joins and not wide):
            found[-1] += letter
        else:
            found.append(letter)
    return found
