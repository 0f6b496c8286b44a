"""Figures for paper say what they show, in letters that the fonts have, and in grey too."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

import planner
from planner.errors import InputError
from planner.result import assess
from planner.siting.proposals.curves import coverage_curve
from planner.views.maps.parts.palettes import BEYOND_M, COVERAGE, DISTANCE_M, NO_DATA
from planner.views.plots import fonts
from planner.views.plots import week as week_plot
from planner.views.plots.coverage import plot_coverage
from planner.views.plots.equity import plot_lorenz
from planner.views.plots.gaps import HATCHES, plot_gaps
from planner.views.plots.ground import draw_areas, round_length
from planner.views.plots.links import STROKES, plot_links
from planner.views.plots.proposals import plot_before_after, plot_curve, plot_sites
from planner.views.plots.sheet import DPI, Paper
from planner.views.plots.week import plot_week


@pytest.fixture
def no_font(monkeypatch):
    """A machine without any font that has Chinese letters."""
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)


@pytest.fixture(scope="module")
def proposal(result):
    return planner.propose(result, "clinic", 2, where=["grid"], max_iterations=200)


def words(figure: Figure) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(Text))


def missing(figure: Figure) -> set[str]:
    """Letters that none of the fonts of their text has."""
    found = set()
    for text in figure.findobj(Text):
        known = fonts._letters(tuple(text.get_fontfamily()))
        found |= {letter for letter in text.get_text() if ord(letter) not in known}
    return found


def every(result, proposal, language: str) -> dict[str, Figure]:
    gaps = result.gaps("clinic")
    links = result.links(["clinic"], count=3)
    curve = coverage_curve(proposal, 2, max_iterations=200)
    return {
        "coverage": plot_coverage(result, "clinic", language=language),
        "gaps": plot_gaps(result, gaps, language=language),
        "links": plot_links(result, links, language=language),
        "lorenz": plot_lorenz(result, "clinic", language=language),
        "week": plot_week(result, ["clinic"], language=language),
        "sites": plot_sites(proposal, language=language),
        "before_after": plot_before_after(proposal, language=language),
        "curve": plot_curve(proposal, curve, language=language),
    }


@pytest.mark.skipif(fonts.chinese_font() is None, reason="this machine has no Chinese font")
def test_every_figure_is_chinese_in_letters_that_its_fonts_have(result, proposal):
    for name, figure in every(result, proposal, "zh").items():
        told = words(figure)
        assert any("一" <= letter <= "鿿" for letter in told), name
        assert not missing(figure), name
        assert "模拟数据" in told, name
        assert "OpenStreetMap" in told, name


@pytest.mark.long
def test_every_figure_credits_its_data_and_draws_without_a_warning(result, proposal):
    for name, figure in every(result, proposal, "en").items():
        figure.canvas.draw()
        told = words(figure)
        assert "© OpenStreetMap contributors; ODbL-1.0" in told, name
        assert "Synthetic data" in told, name
        assert figure.dpi == DPI


def test_a_map_tells_the_figures_of_the_table(result):
    told = words(plot_coverage(result, "clinic"))
    row = result.summary().set_index(["kind", "group"]).loc["clinic", "population"]
    assert f"{row['share']:.1%}" in told
    assert f"{row['uncovered']:,.0f} of {row['population']:,.0f} beyond the limit" in told
    league = result.league("community", "clinic")
    for share in league[league["group"] == "population"]["share"].dropna():
        assert f"{share:.0%}" in told or share in (0.0, 1.0)


def test_a_map_has_scale_and_north(result):
    told = words(plot_coverage(result, "clinic")).splitlines()
    assert "N" in told
    assert any(each.endswith((" m", " km")) and each[0].isdigit() for each in told)
    assert round_length(999.0) == 500.0


@pytest.mark.skipif(fonts.chinese_font() is None, reason="this machine has no Chinese font")
def test_a_chinese_map_is_for_internal_use_unless_it_has_its_number(result):
    assert "内部使用" in words(plot_coverage(result, "clinic", language="zh"))
    numbered = words(
        plot_coverage(result, "clinic", language="zh", paper=Paper(number="GS(2026)1号"))
    )
    assert "审图号：GS(2026)1号" in numbered
    assert "内部使用" not in numbered
    assert "内部" not in words(plot_coverage(result, "clinic"))


def test_a_map_of_a_place_in_china_is_for_internal_use_in_every_language(result, monkeypatch):
    assert result.district.lies_in_mainland_china
    assert "For internal use" in words(plot_coverage(result, "clinic"))
    numbered = plot_coverage(result, "clinic", paper=Paper(number="GS(2026)1"))
    assert "For internal use" not in words(numbered)
    # it is looked up once for each district
    monkeypatch.setitem(vars(result.district), "lies_in_mainland_china", False)
    assert "For internal use" not in words(plot_coverage(result, "clinic"))


def test_without_a_chinese_font_the_words_are_english_and_that_is_said(result, no_font):
    with pytest.warns(UserWarning, match="字体"):
        figure = plot_coverage(result, "clinic", language="zh")
    told = words(figure)
    assert "Coverage of" in told
    assert not missing(figure)


def test_the_number_of_a_gap_stands_where_its_name_says(result):
    gaps = result.gaps("clinic")
    figure = plot_gaps(result, gaps)
    demand = result.district.demand.set_index("demand_id")
    for number, ids in enumerate(gaps["demand_ids"].head(3), 1):
        homes = demand.loc[ids.split(";")]
        xy = shapely.get_coordinates(homes.geometry)
        middle = np.average(xy, axis=0, weights=homes["population"])
        nearest = xy[np.argmin(np.hypot(*(xy - middle).T))]
        (text,) = [each for each in figure.axes[0].texts if each.get_text() == str(number)]
        assert text.get_position() == pytest.approx(nearest)


def test_gaps_are_numbered_in_the_order_of_the_table(result):
    gaps = result.gaps("clinic")
    assert len(gaps) > 1
    told = words(plot_gaps(result, gaps)).replace("\n", " ")
    for number, count in enumerate(gaps["population"].head(3), 1):
        assert f"{number}. " in told
        assert f": {count:,.0f}" in told
    one = words(plot_gaps(result, gaps, named=1))
    assert f"{len(gaps) - 1:,} more gaps" in one


def test_what_is_withheld_is_not_told(town):
    group = "pop_65plus"
    result = assess(town.withhold(200), groups=[group])
    league = result.league("community", "clinic")
    assert league["total"].isna().any()
    told = words(plot_coverage(result, "clinic", group=group))
    for share in league.loc[league["total"].isna(), "share"].dropna():
        assert f"{share:.0%}" not in told
    assert "–" in told


def test_classes_are_told_apart_in_grey():
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for classes in (COVERAGE, DISTANCE_M, BEYOND_M):
        shades = [grey(colour) for colour in classes.colours]
        assert all(a - b > 10 for a, b in itertools.pairwise(shades))
    assert len(set(HATCHES.values())) == len(HATCHES)
    assert len({str(stroke) for stroke in STROKES.values()}) == len(STROKES)


def test_an_unknown_kind_or_group_is_refused(result):
    with pytest.raises(InputError, match="not part"):
        plot_coverage(result, "zoo")
    with pytest.raises(InputError, match="was not counted"):
        plot_coverage(result, "clinic", group="martians")


def test_results_and_proposals_plot_themselves(result, proposal):
    assert "Coverage" in words(result.plot("clinic"))
    assert "Gaps" in words(result.plot_gaps("clinic"))
    assert "1. " in words(proposal.plot())
    assert "With the sites" in words(proposal.plot(before_after=True))


@pytest.mark.long
def test_matplotlib_is_imported_when_a_figure_is_drawn_and_pyplot_never():
    code = (
        "import sys, planner, planner.result, planner.views.plots.coverage\n"
        "assert 'matplotlib' not in sys.modules, 'imported early'\n"
        "from planner.views.plots.fonts import chinese_font; chinese_font()\n"
        "assert 'matplotlib.pyplot' not in sys.modules, 'pyplot'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_areas_keep_their_holes_and_leave_the_frame():
    figure = Figure(figsize=(1, 1), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 300), ylim=(0, 300))
    axes.set_axis_off()
    block = shapely.box(0, 0, 100, 100) - shapely.box(30, 30, 70, 70)
    both = shapely.MultiPolygon([block, shapely.box(200, 200, 300, 300)])
    draw_areas(axes, [both, shapely.Point(1, 1), shapely.Polygon()], facecolor="#ff0000")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    seen = np.asarray(canvas.buffer_rgba())[::-1]
    assert seen[5, 5].tolist() == seen[90, 90].tolist() == [255, 0, 0, 255]
    assert seen[16, 16].tolist() == seen[50, 50].tolist() == [255, 255, 255, 255]
    # the frame holds what it held: nobody looks at each corner for it, which takes longest
    held = axes.dataLim.extents.tolist()
    draw_areas(axes, [shapely.box(0, 0, 9000, 9000)], facecolor="#ff0000")
    assert axes.dataLim.extents.tolist() == held


@pytest.mark.long
def test_grey_hours_of_the_week_are_named_where_there_are_some(result, monkeypatch):
    word = "no figure: not known in this hour, or withheld"
    assert word not in words(plot_week(result, ["clinic"])).replace("\n", " ")
    whole = week_plot.week(result, ["clinic"], groups=["population"])
    holes = whole.assign(share_low=whole["share_low"].where(whole["hour"] > 5))
    monkeypatch.setattr(week_plot, "week", lambda *_about, **_how: holes)
    figure = plot_week(result, ["clinic"])
    assert word in words(figure).replace("\n", " ")
    grey = [bar for bar in figure.axes[0].patches if to_hex(bar.get_facecolor()) == NO_DATA]
    assert len(grey) == 6


def test_a_community_whose_count_is_withheld_has_no_share_in_figures(result, monkeypatch):
    """Its colour tells a class; a figure would tell the count that the tables leave out."""
    written = []
    monkeypatch.setattr(
        "planner.views.plots.coverage.write_number",
        lambda axes, x, y, text, **style: written.append(text),
    )
    group = result.groups[0]
    league = type(result).league

    def few_beyond(self, level="community", kind=None):
        table = league(self, level, kind)
        rows = (table["group"] == group) & table["share"].notna()
        return table.assign(uncovered=table["uncovered"].mask(rows & (rows.cumsum() == 1)))

    plot_coverage(result, "clinic", group=group)
    before = written.count("–")
    written.clear()
    monkeypatch.setattr(type(result), "league", few_beyond)
    plot_coverage(result, "clinic", group=group)
    assert written.count("–") == before + 1


@pytest.mark.long
def test_a_legend_of_many_long_rows_stays_on_the_sheet(result):
    paper = Paper(156.0, 88.0, title=False)
    figure = plot_gaps(result, result.gaps(), language="en", paper=paper)
    FigureCanvasAgg(figure).draw()
    boxes = [
        text.get_window_extent()
        for axes in figure.axes
        if axes.get_legend()
        for text in axes.get_legend().get_texts()
    ]
    assert len(boxes) > 8
    assert min(box.y0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= figure.bbox.x1
