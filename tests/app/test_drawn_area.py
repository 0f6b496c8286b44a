"""An area that a browser sends: held against the address, kept in it, and read back."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from towns import town

from planner.app.session.choices import MOST_CHARACTERS
from planner.app.widgets import drawn_area
from planner.errors import InputError
from planner.views.maps.base.degrees import in_degrees


@pytest.fixture(scope="module")
def district():
    return town()


def sent(district, polygon) -> list[list[float]]:
    ring = shapely.get_coordinates(in_degrees([polygon], district.crs)[0])
    return [[y, x] for x, y in ring.tolist()]


def test_an_area_comes_back_from_the_address_to_the_metre(district):
    x, y = district.communities.geometry.iloc[0].centroid.coords[0]
    square = shapely.box(x - 100, y - 60, x + 100, y + 60)
    outline = drawn_area._outline(district, sent(district, square))
    again = drawn_area._read(drawn_area._written(outline))
    assert again.symmetric_difference(square).area < 0.01 * square.area


def test_many_corners_are_made_few_enough_for_an_address(district):
    x, y = district.communities.geometry.iloc[0].centroid.coords[0]
    turns = np.linspace(0, 2 * math.pi, 300, endpoint=False)
    wavy = shapely.Polygon(
        [(x + (900 + 60 * math.sin(9 * t)) * math.cos(t), y + 800 * math.sin(t)) for t in turns]
    )
    outline = drawn_area._outline(district, sent(district, wavy))
    assert len(drawn_area._written(outline)) <= MOST_CHARACTERS
    assert outline.symmetric_difference(wavy).area < 0.05 * wavy.area


@pytest.mark.parametrize(
    "corners",
    [
        "not a list",
        [[1.0, 2.0]] * 2,
        [[1.0, 2.0]] * 5,
        [[1.0, 2.0]] * 501,
        [[25.0, 115.0], [25.0, float("nan")], [25.1, 115.0]],
        [[25.0, 115.0], ["x", 3], [25.1, 115.0]],
        [[25.0, 115.0], [95.0, 115.1], [25.1, 115.0]],
        [[25.0, 115.0], None, [25.1, 115.0]],
    ],
)
def test_what_is_no_outline_is_refused(district, corners):
    with pytest.raises(InputError) as refused:
        drawn_area._outline(district, corners)
    assert refused.value.code == "measures.area_drawn"


@pytest.mark.parametrize("text", ["", "1.2", "a.b.c.d.e", "1.2.3.4.5.!", "0.0.0.0.0.0", "z" * 60])
def test_an_address_that_tells_no_area_gives_none(text):
    assert drawn_area._read(text) is None


def test_a_page_tells_the_figures_of_the_area_of_its_address(open_app, district):
    shape = district.communities.geometry.iloc[0]
    text = drawn_area._written(shapely.Polygon(shape.exterior.coords))
    app = open_app("coverage", district="town.gpkg", kind="clinic", lang="en", drawn=text)
    assert not app.exception, app.exception
    assert [each for each in app.get("download_button") if "area" in str(each.proto.label)]
    assert text in app.query_params["drawn"]
    wrong = open_app("coverage", district="town.gpkg", kind="clinic", lang="en", drawn="1.2")
    assert not wrong.exception
    assert "drawn" not in wrong.query_params


def test_what_was_read_of_one_assessment_is_not_said_of_it_beside_another(monkeypatch, district):
    monkeypatch.setattr(drawn_area, "st", SimpleNamespace(session_state={}))
    monkeypatch.setattr(drawn_area, "area_figures", lambda result, *_, **__: result)
    monkeypatch.setattr(drawn_area, "area_card", lambda figures, *_, **__: f"only {figures}")
    monkeypatch.setattr(drawn_area, "compared_card", lambda figures, *_: f"both {figures}")
    context = SimpleNamespace(labels=SimpleNamespace(language="en"), district=lambda: district)
    square = shapely.box(0, 0, 100, 100)

    def card(**results: str) -> str:
        return drawn_area._card(
            context, drawn_area.Reading(results, "population", "clinic"), square
        )

    today, draft = "today's", "the draft's"
    assert card(today=today) == "only today's"
    assert card(today=today, draft=draft).startswith("both")
    assert card(draft=today) == "only today's"
