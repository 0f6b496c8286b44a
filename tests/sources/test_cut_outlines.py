"""Facilities whose outline an extract does not hold whole are named."""

from pathlib import Path

import pytest
from osm_maker import town

from planner.sources.osm.district import from_osm


def told(extract, folder: Path) -> list[str]:
    district = from_osm(extract.write(folder / "a.osm"), "章贡区")
    return [
        str(each.params["facilities"])
        for each in district.findings
        if each.code == "osm.outlines_cut"
    ]


@pytest.mark.long
@pytest.mark.parametrize(("x", "tells"), [(600, True), (9000, False)])
def test_an_outline_that_lacks_points_is_told_where_it_lies_in_the_area(tmp_path, x, tells):
    extract = town()
    way = extract.box(x, 610, 40, 20, amenity="library", name="Cut")
    assert told(extract, tmp_path) == []
    del extract.nodes[extract.ways[way][0][2]]
    assert told(extract, tmp_path) == [f"Cut (way/{way})"] * tells


@pytest.mark.long
def test_a_relation_that_lacks_an_outline_is_told(tmp_path):
    extract = town()
    half = extract.line((600, 610), (640, 610), (640, 630))
    other = extract.way([extract.ways[half][0][-1], extract.ways[half][0][0]], {})
    tags = {"type": "multipolygon", "amenity": "library"}
    whole = extract.relation([("way", half, "outer"), ("way", other, "outer")], tags)
    assert told(extract, tmp_path) == []
    del extract.ways[other]
    assert told(extract, tmp_path) == [f"relation/{whole}"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("lost", [False, True])
def test_a_way_that_repeats_the_tags_of_its_relation_is_not_told_beside_it(tmp_path, lost):
    extract = town()
    library = {"amenity": "library"}
    half = extract.line((600, 610), (640, 610), (640, 630), **library)
    other = extract.way([extract.ways[half][0][-1], extract.ways[half][0][0]], {})
    members = [("way", half, "outer"), ("way", other, "outer")]
    whole = extract.relation(members, {"type": "multipolygon", **library})
    if lost:
        del extract.ways[other]
    assert told(extract, tmp_path) == [f"relation/{whole}"] * lost


@pytest.mark.long
@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "library", "type": "multipolygon"},
        {"amenity": "library", "disused": "yes"},
        {"disused:amenity": "library"},
        {"amenity": "library", "name": "A (planned)"},
    ],
)
def test_an_open_way_of_what_is_gone_or_to_come_is_not_told(tmp_path, tags):
    extract = town()
    way = extract.line((600, 610), (640, 610), (640, 630), **tags)
    assert told(extract, tmp_path) == [f"way/{way}"] * ("type" in tags)
