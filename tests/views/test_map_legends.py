"""Legends name what their maps draw, and belong to its layers."""

import re
from dataclasses import replace

import geopandas as gpd
import pytest

from planner.views.maps.assessment import coverage_groups
from planner.views.maps.base.assets import layer_id
from planner.views.maps.data_check import problem_legend
from planner.views.maps.gaps import gap_groups
from planner.views.maps.gaps import legend_html as gaps_legend
from planner.views.maps.overview import completeness_legend
from planner.views.maps.parts.area_card import area_card, compared_card, size_word
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.gates import gate_groups, gates_legend
from planner.views.maps.parts.layers import layer_legend, picking_legend
from planner.views.maps.parts.legend import legend_html
from planner.views.tables.analysis.areas import area_table
from planner.views.words.labels import Labels

LAYER = re.compile(r'data-layer="([^"]+)"')


def test_rows_of_a_legend_belong_to_layers_that_are_drawn(result):
    drawn = {each.get_name() for each in coverage_groups(result, "clinic")}
    drawn.add(facility_group(result.district, "clinic").get_name())
    assert set(LAYER.findall(legend_html(result, "clinic"))) <= drawn


def test_gaps_and_shut_gates_are_named(result):
    gaps = result.gaps("clinic")
    labels = Labels.of(result, "en")
    gates = gpd.GeoDataFrame(
        {"gate_id": ["g1", "g2"], "name": ["", ""], "open": [False, True]},
        geometry=result.district.demand.geometry.to_numpy()[:2],
        crs=result.district.crs,
    )
    groups = [
        *gap_groups(result, gaps),
        *gate_groups(replace(result.district, gates=gates), labels),
    ]
    legend = gaps_legend(gaps) + gates_legend(labels)
    assert set(LAYER.findall(legend)) == {each.get_name() for each in groups}
    assert "Shut gates" in legend
    assert not groups[-1].show  # quiet until asked
    assert layer_id("gap-links") in gaps_legend(gaps, links=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_legends_of_the_data_page(result, language):
    labels, here = Labels.of(result, language), result.district
    shown = picking_legend(here.facilities, here.kinds, labels, chosen=True, wrong=True)
    kinds = set(here.facilities["kind"])
    assert shown.count("pl-row") == len(kinds) + 2
    assert "pl-stroke" in layer_legend("Streets", here.streets.geometry.iloc[0])
    assert "pl-swatch" in layer_legend("Communities", here.communities.geometry.iloc[0])
    assert problem_legend(labels, "twice").count("pl-row") == 2
    assert "pl-steps" in completeness_legend(labels, 9)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_card_of_an_area(result, language):
    labels, kinds = Labels.of(result, language), result.district.kinds
    shape = result.district.communities.geometry.iloc[0]
    table = result.area_figures(shape, kinds=["clinic"])
    card = area_card(table, labels, kinds, kind="clinic")
    total = table["total"].iloc[0]
    assert labels.number(total) in card
    assert card.count("<tr>") == 1 + len(result.groups)
    several = area_card(result.area_figures(shape), labels, kinds, group=result.groups[0])
    assert several.count("<tr>") == 1 + len(result.judged_kinds)
    both = compared_card({"A": table, "B": table}, labels, kinds, "clinic", result.groups[0])
    assert both.count("<tr>") == 3
    assert list(area_table(table, labels, kinds).iloc[:, 0].unique()) == [
        labels.kind("clinic", kinds)
    ]


def test_sizes_are_told_in_hectares_and_square_kilometres():
    labels = Labels("en")
    assert size_word(12_345.0, labels) == "1.2 ha"
    assert size_word(2_345_678.0, labels) == "2.35 km²"
