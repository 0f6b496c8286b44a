"""The map of the compromise: what was decided and what the free choice does instead."""

import json
import re

import numpy as np
import pytest
import shapely
from effort import few
from street_town import X, Y, crowded_street
from test_coordination import at, decided

import planner
from planner.district import Connect
from planner.plan import Plan
from planner.siting.candidates import PlaceOptions
from planner.views.maps.base.assets import layer_id
from planner.views.maps.base.degrees import in_degrees
from planner.views.maps.compromise import compromise_groups, compromise_legend

LAYER = re.compile(r'data-layer="([^"]+)"')


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street(), groups=["population", "pop_65plus"])


def approved(plan: Plan, result, metres: float, **values: object):
    told = {"currency": "CNY 10,000", **values}
    return decided(plan, at(plan, result, metres, "clinic", **told))


@pytest.fixture
def compared(file_plan: Plan, result):
    """Decide a clinic that the free choice keeps, one it leaves out, and a way that stays."""
    approved(file_plan, result, 1500.0, cost=5.0)
    approved(file_plan, result, 30.0, cost=90.0)
    steps = [Connect(X + 2000, Y, X + 2600, Y)]
    (way,) = file_plan.propose(steps, assessment=result, figures=False, cost=1.0)
    decided(file_plan, file_plan.edit(way, currency="CNY 10,000"))
    places = PlaceOptions(where=["candidates", "internal"])
    found = file_plan.compare(result, kinds=["clinic"], places=places)
    return found, file_plan.decided()


def drawn(group) -> list:
    """Return the dots and lines of a layer, as they are sent to the browser: where, style, text."""
    sent = [json.loads(each.arguments.removeprefix(", ")) for each in group._children.values()]
    return [row for rows in sent for row in rows]


def layers_of(found, proposals, language="en") -> dict[str, list]:
    groups = compromise_groups(found, proposals, language)
    rows = {each.get_name(): drawn(each) for each in groups}
    return {name: rows[layer_id(f"compromise-{name}")] for name in ("both", "left_out", "instead")}


def degrees(rows, crs) -> list:
    """Return the places of rows with an x and a y as the browser gets them."""
    shapes = [shapely.Point(x, y) for x, y in rows[["x", "y"]].to_numpy()]
    points = shapely.get_coordinates(in_degrees(shapes, crs))[:, ::-1]
    return np.rint(points * 1e6).astype(int).tolist()


@pytest.mark.long
def test_each_action_stands_once_in_the_layer_of_its_choice(compared, result) -> None:
    found, proposals = compared
    layers, differences = layers_of(found, proposals), found.differences
    for name in ("left_out", "instead"):
        rows = differences[differences["change"] == name]
        assert [row[0] for row in layers[name]] == degrees(rows, result.district.crs)
        assert len(rows) > 0
    kept = set(found.decided.actions["id"]) - set(differences["id"])
    # the way stays in every choice and is drawn as one
    assert len(kept) == len(found.standing) == 1
    assert len(layers["both"]) == 2
    assert [row[1].get("radius") is None for row in layers["both"]] == [True, False]


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "words"),
    few(
        [
            ("en", ("Decided, left out by the free choice", "new facility", "10,000 yuan")),
            ("zh", ("已批准，自由选择不采用", "新建", "万元")),
        ],
        1,
    ),
)
def test_signs_and_layers_belong_together_and_say_what_it_is(compared, language, words) -> None:
    found, proposals = compared
    legend = compromise_legend(found, language)
    names = {each.get_name() for each in compromise_groups(found, proposals, language)}
    assert set(LAYER.findall(legend)) == names
    (first, *_) = layers_of(found, proposals, language)["left_out"]
    assert all(word in first[2] for word in words), first[2]
    # two signs that differ in more than colour
    assert "transparent" in legend


def test_a_name_that_tries_to_run_is_text(file_plan: Plan, result) -> None:
    approved(file_plan, result, 30.0, cost=90.0, title="<img src=x onerror=alert(1)>")
    found = file_plan.compare(result, kinds=["clinic"])
    told = str(layers_of_any(found, file_plan.decided()))
    assert "&lt;img" in told
    assert "<img" not in told


def layers_of_any(found, proposals) -> list:
    return [drawn(each) for each in compromise_groups(found, proposals)]
