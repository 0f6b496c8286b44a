"""Legends name what their maps draw, and belong to its layers."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from planner.district import District
from planner.district.standards.standards import Rule, Standard
from planner.result import assess
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.base.assets import layer_id
from planner.views.maps.data_check import problem_legend
from planner.views.maps.gaps import gap_groups
from planner.views.maps.gaps import legend_html as gaps_legend
from planner.views.maps.overview import completeness_legend
from planner.views.maps.parts.area_card import area_card, compared_card, size_word
from planner.views.maps.parts.facilities import facility_group
from planner.views.maps.parts.gates import gate_groups, gates_legend
from planner.views.maps.parts.homes import home_circles
from planner.views.maps.parts.layers import layer_legend, picking_legend
from planner.views.maps.parts.legend import legend_html
from planner.views.tables.analysis.areas import area_table
from planner.views.words.labels import Labels

LAYER = re.compile(r'data-layer="([^"]+)"')


def test_rows_of_a_legend_belong_to_layers_that_are_drawn(result):
    drawn = {each.get_name() for each in coverage_groups(result, "clinic")}
    drawn.add(facility_group(result.district, "clinic").get_name())
    assert set(LAYER.findall(legend_html(result, "clinic"))) <= drawn


@pytest.mark.parametrize(("all_m", "old_m"), [(500.0, 200.0), (200.0, 500.0)])
def test_the_legend_has_a_row_for_rings_of_homes_of_its_own_group(all_m, old_m):
    rules = {"clinic": Rule("clinic", all_m, limits={"pop_65plus": old_m})}
    asked = Standard("own", "Own", "自定", "made up", rules=rules)
    result = assess(_street_of_unsure_hours(), asked, at="Su 22:00")
    # within 500 m is one that is surely open, within 200 m only one that does not tell its hours
    for group, limit_m in (("population", all_m), ("pop_65plus", old_m)):
        legend = legend_html(result, "clinic", group)
        rings = home_circles(result, "clinic", group, Labels("en"))[1]
        assert bool(rings) == (limit_m == 200.0)
        assert ("Homes of which it is not known" in legend) == bool(rings)


def test_the_legend_names_unreachable_homes_only_where_some_of_the_group_live():
    result = assess(_street_of_unsure_hours(), at="Su 22:00")
    cut_off = result.distances.assign(clinic=[400.0, np.inf])
    result = replace(result, distances=cut_off)
    # in the second home nobody of 65 lives
    assert "unreachable" in legend_html(result, "clinic", "population")
    assert "unreachable" not in legend_html(result, "clinic", "pop_65plus")


def _street_of_unsure_hours():
    """A street of 1 km, a home between two clinics, and one at its end where nobody of 65 lives."""
    ground = {"crs": "EPSG:32650"}
    point = shapely.Point
    layers = {
        "communities": gpd.GeoDataFrame(
            {"community_id": ["1"], "name": ["A"]},
            geometry=[shapely.box(-50, -50, 1050, 50)],
            **ground,
        ),
        "streets": gpd.GeoDataFrame(
            {"street_id": ["s"]}, geometry=[shapely.LineString([(0, 0), (1000, 0)])], **ground
        ),
        "demand": gpd.GeoDataFrame(
            {
                "demand_id": ["h", "i"],
                "community_id": ["1", "1"],
                "population": [90.0, 20.0],
                "pop_65plus": [9.0, 0.0],
            },
            geometry=[point(400, 0), point(5, 0)],
            **ground,
        ),
        "facilities": gpd.GeoDataFrame(
            {
                "facility_id": ["sure", "unsure"],
                "kind": "clinic",
                "opening_hours": ["24/7", ""],
            },
            geometry=[point(0, 0), point(550, 0)],
            **ground,
        ),
    }
    return District.from_layers("Here", layers)


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
