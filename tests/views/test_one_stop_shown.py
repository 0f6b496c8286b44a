"""One-stop sites in words, tables, layers and files."""

import dataclasses
import json

import geopandas as gpd
import pandas as pd
import pytest

import planner
from planner.district import Scenario
from planner.views.exports.siting import one_stop as exports
from planner.views.maps import one_stop as maps
from planner.views.tables.siting import one_stop as tables
from planner.views.words.siting import one_stop as words

pytestmark = pytest.mark.usefixtures("small_demo")

HOSTILE = "=1+1<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def proposal():
    district = planner.demo_district()
    named = district.candidates.assign(name=HOSTILE)
    result = planner.assess(district.with_layers(candidates=named), groups=["population"])
    kinds = ["service_station", "police_room", "clinic"]
    return planner.propose_one_stop(result, kinds, 1500.0, fitting=False)


@pytest.mark.long
@pytest.mark.parametrize(("language", "word"), [("en", "Proven"), ("zh", "已证明")])
def test_sentences_tell_the_figures_and_the_proof(proposal, language, word):
    text = " ".join(words.sentences(proposal, language))
    assert f"{proposal.total:,.0f}" in text
    assert f"{proposal.residents:,.0f}" in text
    assert word in text
    assert f"{proposal.separate.total:,.0f}" in words.against(proposal, language)


@pytest.mark.long
def test_what_is_too_small_is_told(proposal):
    rows = proposal.buildings
    short = (rows["needed_m2"] > rows["floor_area_m2"]) & (rows["origin"] == "candidates")
    assert short.any()
    assert words.too_small(proposal).startswith(f"{short.sum()} buildings need more")
    snug = planner.propose_one_stop(proposal.assessment, proposal.kinds, 300.0)
    assert words.too_small(snug) == ""


@pytest.mark.long
def test_tables_carry_every_building_and_kind(proposal):
    table = tables.buildings_table(proposal)
    assert table["Gains, all kinds"].tolist() == proposal.buildings["gained"].tolist()
    assert tables.kinds_table(proposal)["Facilities"].sum() == proposal.facilities
    assert tables.comparison_table(proposal)["Sharing buildings"].iloc[0] == proposal.total


def test_the_map_names_kinds_and_runs_no_name(proposal):
    html = "".join(
        str(child.arguments)
        for group in maps.one_stop_groups(proposal)
        for child in group._children.values()
    )
    assert "Police room" in html
    assert "<img src=x" not in html
    legend = maps.legend_html(proposal)
    assert "Building of several kinds" in legend
    assert "Police room" in legend


def test_files_hold_the_promise(proposal, tmp_path):
    files = exports.write_one_stop(proposal, tmp_path / "out", "en")
    assert [file.name for file in files] == list(exports.FILES)
    table = pd.read_csv(files[0])
    assert table["Gains, all kinds"].sum() == proposal.total
    assert not table["Building"].str.startswith("=").any()
    homes = gpd.read_file(files[1], layer="homes_gained")
    assert homes["population"].sum() == proposal.residents
    assert len(gpd.read_file(files[1], layer="buildings")) == len(proposal.buildings)
    assert Scenario.load(files[2]).changes == tuple(proposal.changes())
    assert json.loads(files[2].read_text(encoding="utf-8"))["name"].startswith("One-stop")
    page = files[3].read_text(encoding="utf-8")
    assert "<img src=x" not in page


@pytest.mark.parametrize(("dearer", "told"), [(147.0, "sharing saves 147"), (0.0, "does not pay")])
def test_at_equal_gains_the_cost_says_whether_sharing_pays(proposal, dearer, told):
    equal = dataclasses.replace(proposal)
    cost = proposal.cost + dearer
    equal.__dict__["separate"] = dataclasses.replace(
        proposal.separate, siting=proposal.siting, cost=cost
    )
    assert told in words.against(equal)
