"""What a notebook shows: small tables in the language set, nothing withheld told; maps."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import unavailable
from demo_part import part_of_demo

import planner
from planner.district import Close, Connect, Open, Scenario, known_kinds
from planner.plan import open_plan
from planner.result import assess
from planner.views.notebooks.summaries import LANGUAGE, MOST_ROWS, html_of
from planner.views.words.labels import Labels

HOSTILE = '</td><img src=x onerror="window.__ran=1">'


@pytest.fixture(scope="module")
def proposal(result):
    return planner.propose(result, "clinic", 2, where=["grid"], max_iterations=50)


@pytest.fixture
def plan(tmp_path):
    with open_plan(str(tmp_path / "plan.sqlite")) as opened:
        for number in range(MOST_ROWS + 3):
            opened.add(title=f"<i>{number}</i>", department="health", action="outreach")
        yield opened


@pytest.fixture
def scenario():
    changes = [Open("f1", "clinic", 1.0, 2.0, name=HOSTILE), Close("f2"), Connect(0, 0, 1, 1)]
    return Scenario("<script>", changes)


def text(html: str) -> str:
    return re.sub(r"<[^>]+>", "|", html)


def test_each_shows_itself_small_and_needs_nothing_else(town, result, proposal, scenario, plan):
    for shown in (town, result, proposal, scenario, plan):
        html = shown._repr_html_()
        assert html == html_of(shown, "en")
        assert html.startswith("<div>")
        assert "<table>" in html
        assert len(html) < 12_000
        assert not re.search(r"<(?!/?(?:div|strong|table|thead|tbody|tr|th|td)\b)", html)
        assert "http" not in re.sub(r"&#\d+;", "", html)


def test_texts_of_files_show_as_themselves(scenario, plan):
    html = html_of(scenario)
    assert "&lt;script&gt;" in html
    assert "<img" not in html
    assert "&lt;i&gt;" in html_of(plan)
    assert "3 more rows." in html_of(plan)


def test_the_language_is_that_of_the_environment(monkeypatch, result, scenario):
    for asked, said in (("zh", "设施类别"), ("en", "Kind of facility"), ("fr", "Kind of facility")):
        monkeypatch.setenv(LANGUAGE, asked)
        assert said in result._repr_html_()
    assert "已关闭" in html_of(scenario, "zh")


def test_figures_are_those_of_the_summary_and_withheld_counts_stay_withheld(town, result):
    row = result.summary().set_index(["kind", "group"]).loc[("clinic", "population")]
    cells = f"|{row['covered']:,.0f}||{row['uncovered']:,.0f}||"
    assert cells in text(result._repr_html_())
    hidden = assess(town.withhold(200), groups=["pop_65plus"])
    summary = hidden.summary()
    told = text(hidden._repr_html_())
    assert "200" in told
    gone = summary["covered"].isna()
    assert told.count("withheld|") >= gone.sum()
    full = assess(town, groups=["pop_65plus"]).summary()
    for count in full.loc[gone.to_numpy(), "covered"]:
        assert f"|{count:,.0f}|" not in told


def test_what_is_no_result_is_refused():
    with pytest.raises(TypeError):
        html_of(known_kinds())


@pytest.fixture(scope="module")
def demo():
    return assess(part_of_demo(3))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_gaps_links_and_sites_are_explored_offline_with_their_legend(demo, language):
    links, sites = demo.links(count=3), planner.propose(demo, "clinic", 1, max_iterations=20)
    assert len(links)
    pages = {
        "gaps": (demo.explore_gaps("clinic", language=language), "gaps.layer"),
        "links": (demo.explore_links(links, language=language), "links.layer_gained"),
        "sites": (sites.explore(language=language), "siting.layer_sites"),
    }
    for name, (page, code) in pages.items():
        html = page.get_root().render()
        assert "pl-legend" in html, name
        word = Labels(language).message(code)
        assert word in html or word.encode("ascii", "backslashreplace").decode() in html, name
        assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', html), name


def test_maps_of_nothing_and_of_kinds_together_are_drawn_too(result):
    none = result.links(["clinic"], count=3)
    assert none.empty
    for page in (result.explore_links(none), result.explore_gaps("any")):
        assert page.get_root().render()


@pytest.mark.journey
def test_gaps_links_and_sites_are_coloured_by_a_column_in_classes():
    """GeoPandas' own ``explore``, in a process that has loaded nothing else before."""
    if not importlib.util.find_spec("mapclassify"):
        unavailable("mapclassify is not installed (the extra notebook)")
    code = """if True:
        import re
        import planner
        from demo_part import part_of_demo
        result = planner.assess(part_of_demo(3))
        sites = planner.propose(result, "clinic", 3, max_iterations=20).sites
        classes = dict(scheme="quantiles", k=2)
        for table, column in (
            (result.gaps("clinic"), "population"),
            (result.links(count=3), "length_m"),
            (sites, "gained"),
        ):
            page = table.explore(column=column, **classes).get_root().render()
            colours = set(re.findall(r'"fillColor": "(#[0-9a-f]{6})"', page))
            assert len(colours) >= 2, (column, colours)
    """
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
