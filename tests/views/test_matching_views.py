"""Words, tables and map of needs matched with places."""

import re

import numpy as np
import pandas as pd
import pytest

import planner
from planner.views.exports.siting import matching as exports
from planner.views.maps.base.assets import self_contained_html
from planner.views.maps.matching import _radii, matching_groups, matching_legend, matching_map
from planner.views.tables.siting import matching as tables
from planner.views.words.labels import Labels
from planner.views.words.siting import matching as words


@pytest.fixture(scope="module")
def found():
    result = planner.assess(planner.demo_district())
    return planner.match_needs(result, "sports", limit_m=800.0, internal=True)


def drawn(groups) -> dict[str, list[tuple[str, str]]]:
    """Calls and arguments of each layer, by its name."""
    return {
        group.layer_name: [(each.call, each.arguments) for each in group._children.values()]
        for group in groups
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_are_in_the_language_and_keep_the_figures(found, language):
    labels, sums = Labels(language), found.summary()

    def heading(name):
        return words.say(labels, f"col_{name}")

    places = tables.places_table(found, language)
    assert places[heading("used")].sum() == pytest.approx(sums["served"])
    assert places[heading("share_used")].dropna().is_monotonic_decreasing
    communities = tables.communities_table(found, language)
    assert communities[heading("unserved")].sum() == pytest.approx(sums["unserved"])
    owners = tables.owners_table(found, language)
    assert set(owners[heading("ownership")]) == {
        words.say(labels, f"legend_{whose}") for whose in ("public", "partner", "internal")
    }
    homes = tables.homes_table(found, language)
    reasons = {words.say(labels, f"why_{why}") for why in ("no_place", "full", "unknown_position")}
    assert set(homes[heading("why")]) == reasons | {""}
    steps = found.enlarge_sequence(100.0)
    table = tables.enlargements_table(found, steps, language)
    assert table[heading("serves")].tolist() == steps["serves"].tolist()


def test_many_places_cover_little_of_the_map_and_few_are_large():
    def radii(rooms):
        return np.array(_radii(pd.DataFrame({"capacity": rooms, "used": 0.0})))

    assert radii([40.0]).tolist() == [15.0]
    assert radii([40.0, 10.0]).tolist() == [15.0, 7.5]
    many = radii([40.0] * 100)
    assert np.pi * (many**2).sum() == pytest.approx(12_000.0, rel=0.05)


def test_the_answer_names_every_figure(found):
    said, sums = words.answer(found), found.summary()
    for name in ("served", "needs", "no_place", "full", "unknown"):
        assert f"{sums[name]:,.0f}" in said


@pytest.mark.long
def test_a_picked_place_or_community_shows_its_own_lines_only(found):
    flows = found.exchanges()
    place, community = flows.loc[0, ["facility_id", "community_id"]]

    def lines(**picked) -> int:
        (layer,) = [
            calls
            for name, calls in drawn(matching_groups(found, **picked)).items()
            if name == "Who goes where"
        ]
        return layer[0][1].count('"lineCap"')

    assert lines() == len(flows)
    assert lines(place=place) == (flows["facility_id"] == place).sum()
    assert lines(community=community) == (flows["community_id"] == community).sum()
    assert "Homes of the picked place or community" in drawn(matching_groups(found, place=place))


def test_homes_and_places_are_all_drawn_and_full_ones_are_labelled(found):
    layers = drawn(matching_groups(found))
    homes = dict(layers["Homes by how they are served"])["circles"]
    assert len(re.findall(r"\[\d+,-?\d+,0\]", homes)) == len(found.homes())
    (labels,) = [arguments for _, arguments in layers["Share used"]]
    full = (found.served["share_used"] > 1 - 1e-9).sum()
    assert labels.count(r"100\u0025\u003c/b") == full > 0


def test_the_legend_names_what_is_drawn(found):
    legend = matching_legend(found, "zh")
    for word in ("自有", "合作单位", "单位内部", "附近没有设施", "附近设施已满"):
        assert word in legend
    for step in ("&lt; 20", "20–40", "≥ 80"):
        assert step in legend, "as on the map of coverage"


@pytest.mark.long
def test_names_run_nowhere():
    hostile = '<img src=x onerror="alert(1)">`${1}`{{ 7*7 }}'
    district = planner.demo_district()
    facilities = district.facilities.assign(name=hostile, department=hostile)
    communities = district.communities.assign(name=hostile)
    district = district.with_layers(facilities=facilities, communities=communities)
    found = planner.match_needs(planner.assess(district), "sports", limit_m=800.0)
    html = self_contained_html(matching_map(found), title="x")
    assert "<img src=x" not in html
    assert "${1}" not in html


def test_unbounded_room_is_missing_in_files_and_tables(tmp_path, found):
    unlimited = planner.match_needs(found.assessment, "clinic", capacity=np.inf)
    layer = exports.layers(unlimited)["places"]
    assert not np.isinf(layer["capacity"]).any()
    assert not np.isinf(tables.places_table(unlimited)["Room"]).any()
    exports.write_matching_layers(unlimited, tmp_path / "x.gpkg")
