"""Each rule of the import that leaves streets or walls out says which homes and facilities."""

import numpy as np
import pytest
import shapely
from grid_town import Files, extract, finding, from_extract, line, streets, with_rows

from planner.sources.streets.left_out import LeftOut, left_out_findings, named

BESIDE = (50, -20)
STREET = ((20, -24), (80, -24))


def whom(town, code):
    params = finding(town, code)
    return params["homes"], params["facilities"], params["ids"]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"railway": "platform"}, "sources.hanging_places"),
        ({"highway": "service", "access": "private"}, "osm.shut_places"),
        ({"highway": "cycleway"}, "osm.cycleway_places"),
        ({"highway": "trunk", "motorroad": "yes"}, "osm.fast_road_places"),
        ({"highway": "service", "end_date": "2019"}, "osm.gone_places"),
        ({"highway": "service", "sidewalk": "separate", "start_date": "2999"}, "osm.gone_places"),
        ({"highway": "service", "disused": "yes"}, "osm.gone_places"),
        ({"highway": "service", "abandoned": "yes"}, "osm.gone_places"),
    ],
)
def test_a_street_that_a_rule_leaves_out_names_whom_it_would_catch(tmp_path, tags, code):
    made = extract(BESIDE)
    made.line(*STREET, **tags)
    town = from_extract(made, tmp_path)
    assert whom(town, code) == (0, 1, "First (node/37)")
    assert {f.code for f in town.findings if f.code.endswith("_places")} == {code}


@pytest.mark.long
def test_the_length_of_streets_that_are_gone_is_told_and_that_of_former_rails_is_not(tmp_path):
    made = extract()
    made.line((20, -24), (120, -24), highway="service", end_date="2019")
    made.line((20, -30), (120, -30), railway="rail", end_date="2019")
    assert finding(from_extract(made, tmp_path), "osm.streets_gone") == {"km": 0.1}


def test_a_bridge_that_is_left_out_would_catch_nobody(tmp_path):
    made = extract(BESIDE)
    made.line(*STREET, highway="service", access="private", bridge="yes")
    assert not places(from_extract(made, tmp_path))


def places(town):
    return [f.code for f in town.findings if f.code.endswith("_places")]


@pytest.mark.long
def test_an_expressway_between_a_home_and_its_street_is_told(tmp_path):
    made = extract()
    made.line((10, 5), (90, 5), highway="trunk", motorroad="yes")
    homes, facilities, ids = whom(from_extract(made, tmp_path), "osm.fast_road_places")
    assert (homes, facilities, ids) == (1, 0, "d0")


@pytest.mark.long
def test_a_spur_that_is_no_wall_names_whom_it_lets_through(tmp_path):
    made = extract()
    made.line((10, 5), (90, 5), railway="rail", service="spur")
    assert whom(from_extract(made, tmp_path), "osm.track_places") == (1, 0, "d0")
    for how in ("walls", "open"):
        told = places(from_extract(made, tmp_path, lesser_tracks=how))
        assert told == (["osm.track_places"] if how == "open" else [])


@pytest.mark.long
def test_a_wall_without_a_gate_that_is_left_out_names_whom_it_encloses(tmp_path):
    made = extract()
    made.box(40, 5, 20, 10, barrier="fence")
    assert whom(from_extract(made, tmp_path), "osm.wall_places") == (1, 0, "d0")


@pytest.mark.long
def test_streets_of_a_file_on_which_nobody_walks_name_whom_they_would_catch(tmp_path):
    rows = with_rows(streets(), line((120, 12), (180, 12)), name="drive", highway="service")
    rows["access"] = ["no" if name == "drive" else "" for name in rows["name"]]
    town = Files(tmp_path, {"streets": rows}).district()
    assert whom(town, "sources.not_walked_places") == (1, 0, "d5")


@pytest.mark.long
def test_streets_that_are_left_out_far_from_everybody_are_told_of_nobody(tmp_path):
    made = extract()
    made.line((520, -600), (700, -600), highway="service", access="private")
    assert not places(from_extract(made, tmp_path))


@pytest.mark.long
def test_places_that_would_find_no_street_otherwise_are_told(tmp_path):
    town = from_extract(extract((50, -200)), tmp_path)
    x, south = town.streets.geometry.iloc[0].coords[0]
    across = shapely.LineString([(x - 500, south - 100), (x + 1000, south - 100)])
    rule = LeftOut("any.code", walls=np.array([across], dtype=object))
    (told,) = left_out_findings(town, [rule])
    assert (told.params["facilities"], told.params["homes"]) == (1, 0)
    assert not left_out_findings(town, [rule], max_access_m=150)


def test_the_first_places_are_named_and_the_rest_counted():
    told = named(["demand"] * 30, [""] * 30, [str(n) for n in range(30)])
    assert told.startswith("0, 1, 2")
    assert told.endswith("19, …")
