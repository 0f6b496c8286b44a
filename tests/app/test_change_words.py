"""A change is called what it is: a gate that is opened, or streets that are connected."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from towns import town

from planner.app.session.catalogue import Entry
from planner.app.session.context import Context
from planner.app.widgets.change_words import facility_name, sentence
from planner.district.scenarios.changes import apply_scenario
from planner.district.scenarios.scenario import (
    AddService,
    Connect,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    Scenario,
)
from planner.views.words.labels import Labels
from planner.views.words.places import place_words, places_of


@pytest.fixture(scope="module")
def gated():
    """The town with a shut gate that has a name, one without, and an open one."""
    district = town()
    rows = {
        "gate_id": ["g1", "g2", "g3"],
        "name": ["North gate", "", "South gate"],
        "open": [False, False, True],
    }
    places = [shapely.Point(x, 50.0) for x in (0.0, 100.0, 200.0)]
    gates = gpd.GeoDataFrame(rows, geometry=places, crs=district.crs)
    return district.with_layers(gates=gates)


@pytest.mark.parametrize(
    ("x", "name", "told"),
    [
        (0.0, "North gate", "Open the gate: North gate"),
        (100.0, "", "Open the gate: g2"),
        (200.0, "South gate", "Connect: at South gate, 20 m"),
        (110.0, "", "Connect: Connection (90 m west of South gate), 20 m"),
    ],
)
def test_a_gate_opened_is_called_a_gate_opened(gated, x, name, told):
    context = Context(Labels("en"), Entry("town.gpkg", None), "gb50180-2018")
    assert sentence(context, Connect(x, 40.0, x, 60.0, name=name), gated) == told


def test_a_new_facility_is_told_by_what_was_there_before(gated):
    change = Open("new-1", "clinic", 0.0, 60.0, name="New clinic")
    after = apply_scenario(gated, Scenario("", [change]))
    context = Context(Labels("en"), Entry("town.gpkg", None), "gb50180-2018")
    told = sentence(context, change, after, gated)
    assert "North gate" in told
    assert "at New clinic" not in told


def test_a_facility_without_a_name_is_called_by_its_place_and_not_by_its_id(gated):
    context = Context(Labels("en"), Entry("town.gpkg", None), "gb50180-2018")
    facilities = gated.facilities.assign(name="")
    nameless = gated.with_layers(facilities=facilities)
    own = facilities["facility_id"].iloc[0]
    change = Move(own, 100.0, 40.0)
    (place,) = places_of(nameless, facilities.iloc[:1], context.labels)
    kind = context.labels.kind(facilities["kind"].iloc[0], gated.kinds)
    told = sentence(context, change, nameless)
    (there,) = place_words(nameless, np.array([(100.0, 40.0)]), context.labels)
    assert told == f"Move: {place} ({kind}), to: {there}"
    assert facility_name(context, own, gated)[0] == gated.facilities["name"].iloc[0]
    assert facility_name(context, "none", gated) == ("none", "")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (ExtendHours("f", "Mo-Fr 08:00-20:00"), "周一至周五 08:00-20:00"),
        (AddService("f", "meals"), "助餐"),
        (Enlarge("f", capacity=80.0, capacity_residents=900.0), "扩至每日 80 人次、可服务 900 人"),
    ],
)
def test_a_change_of_a_facility_says_to_what(gated, change, told):
    context = Context(Labels("zh"), Entry("town.gpkg", None), "gb50180-2018")
    facilities = gated.facilities.assign(facility_id=["f", *gated.facilities["facility_id"][1:]])
    assert told in sentence(context, change, gated.with_layers(facilities=facilities))
