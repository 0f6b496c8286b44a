"""Of a district whose demand is an estimate, a column of a group counts people all the same."""

import json
from dataclasses import replace

import pyogrio
import pytest
from demo_part import part_of_demo
from effort import few
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.siting.budget import best_mix
from planner.sources import write_district
from planner.views.exports.analysis.assessment import metadata
from planner.views.exports.siting.proposals import write_proposal
from planner.views.maps.parts.legend import figures_html
from planner.views.tables.analysis.assessment import league_table, summary_table
from planner.views.words.labels import Labels
from planner.views.words.siting.budget import mix_sentences
from planner.views.words.siting.proposals import answer

GROUP = "pop_65plus"


def floors():
    """A part of the demo with floor area instead of residents; those over 65 are counted."""
    demo = part_of_demo(3)
    demand = demo.demand.drop(columns=[name for name in demo.groups if name != GROUP])
    demand.insert(2, "weight", demo.demand["population"] * 30.0)
    sources = [
        replace(source, unit="floor_area_m2") if source.layer == "demand" else source
        for source in demo.sources
    ]
    gone = [name for name in demo.communities if str(name).startswith("pop")]
    communities = demo.communities.drop(columns=gone)
    return replace(demo, demand=demand, communities=communities, sources=tuple(sources))


@pytest.fixture(scope="module")
def result():
    return planner.assess(floors())


@pytest.mark.long
def test_the_unit_is_asked_of_the_group(result):
    assert result.groups == ("weight", GROUP)
    assert (result.unit_of("weight"), result.unit_of(GROUP)) == ("floor_area_m2", "residents")
    assert result.demand_unit == "floor_area_m2"
    assert planner.assess(floors(), groups=[GROUP]).demand_unit == "residents"


def test_a_table_with_both_says_by_row_what_it_counts(result):
    for table in (summary_table(result), league_table(result)):
        assert set(table["Group" if "Group" in table else "Counted group"]) == {
            "Estimated demand (m² of floor area)",
            "65 and over (residents)",
        }
        assert "Floor area" not in table
        assert "Number" in table
    alone = summary_table(result, group=GROUP)
    assert set(alone["Group"]) == {"65 and over"}
    assert "People" in alone
    assert "Floor area" in summary_table(result, group="weight")


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_sentences_maps_and_files_follow_the_group(result, language, tmp_path):
    said = {}
    for group in ("weight", GROUP):
        proposal = planner.propose(result, "clinic", 1, group=group, time_limit_s=2.0)
        mix = best_mix(result, 100.0, ["clinic"], group=group, links=0, time_limit_s=2.0)
        told = [*mix_sentences(mix, language), *answer(proposal, language)]
        told.append(figures_html(result, "clinic", group, language))
        said[group] = " ".join(map(str, told))
        write_proposal(proposal, tmp_path / group, language)
        file = next((tmp_path / group).glob("*.gpkg"))
        columns = {
            str(name)
            for layer, _ in pyogrio.list_layers(file)
            for name in pyogrio.read_info(file, layer=layer)["fields"]
        }
        assert ("cost_per_resident" in columns) == (group == GROUP)
    floor = "m² of floor area" if language == "en" else "m² 建筑面积"
    assert floor in said["weight"]
    assert floor not in said[GROUP]
    assert ("residents" if language == "en" else "居民") in said[GROUP]


def test_people_of_a_group_may_need_a_place_each(result):
    with pytest.raises(planner.InputError) as error:
        planner.match_needs(result, "sports", limit_m=800.0)
    assert error.value.code == "matching.estimated_need"
    found = planner.match_needs(result, "sports", group=GROUP, limit_m=800.0, capacity=1000.0)
    assert found.summary()["needs"] == floors().demand[GROUP].sum()


@pytest.mark.long
def test_json_names_the_unit_of_each_group(result, tmp_path):
    units = {"weight": "floor_area_m2", GROUP: "residents"}
    assert metadata(result, Labels.of(result))["group_units"] == units
    file = tmp_path / "floors.gpkg"
    write_district(floors(), file)
    said = CliRunner().invoke(app, ["assess", str(file), "--json", "--language", "en"])
    assert json.loads(said.stdout)["group_units"] == units
    few = CliRunner().invoke(app, ["assess", str(file), "--group", GROUP, "--language", "en"])
    assert "65 and over" in few.stdout
    assert "65 and over (residents)" not in few.stdout
