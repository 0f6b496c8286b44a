"""Extracts as Overpass and editors write them give the figures of one written in order."""

import re

import pytest
from grid_town import (
    ALL,
    AT,
    CLINIC,
    HOMES,
    NOBODY,
    ROW_ONLY,
    covered,
    extract,
    finding,
    from_extract,
)
from osm_maker import degrees

from planner.errors import InputError
from planner.sources import check

PLATFORM = ((47, -15), (53, -15))


def rewritten(made, folder, change):
    """The extract with its text changed."""
    path = made.write(folder / "other.osm")
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def ways_first(text):
    ways = re.findall(r"<way .*?</way>\n", text, re.DOTALL)
    for way in ways:
        text = text.replace(way, "")
    return text.replace('<osm version="0.6">\n', '<osm version="0.6">\n' + "".join(ways))


def negative(text):
    return re.sub(r'(\bid|\bref)="(\d+)"', r'\1="-\2"', text)


@pytest.mark.long
@pytest.mark.parametrize(
    "change", [str, ways_first, negative], ids=["in order", "ways", "negative"]
)
def test_order_and_sign_of_ids_change_nothing(tmp_path, change):
    town = from_extract(rewritten(extract(), tmp_path, change), tmp_path)
    assert covered(town) == ALL
    assert len(town.streets) == 60
    assert not {f.code for f in town.findings} & {"sources.loose_streets", "sources.cut_streets"}


def drawn_anew(sign):
    """The two ways to the second row run through nodes that an editor has just drawn."""
    made = extract()
    for way in (1006, 1007):
        nodes, tags = made.ways[way]
        x = AT[way - 1006]
        new = made.node(x, 50)
        made.ways[way] = ([nodes[0], new, *nodes[1:]], tags)
    return made, (lambda text: re.sub(r'"(38|39)"', rf'"{sign}\1"', text))


def test_new_nodes_keep_a_way_whole(tmp_path):
    made, change = drawn_anew("-")
    town = from_extract(rewritten(made, tmp_path, change), tmp_path)
    assert covered(town) == ALL
    assert len(town.streets) == 60


@pytest.mark.long
@pytest.mark.parametrize("mark", ['action="delete"', 'visible="false"'])
def test_what_an_editor_deleted_does_not_count(tmp_path, mark):
    def clinic_gone(text):
        return text.replace('<node id="37"', f'<node {mark} id="37"')

    def ways_gone(text):
        return re.sub(r'<way id="(1006|1007)"', rf'<way {mark} id="\1"', text)

    town = from_extract(rewritten(extract(), tmp_path, clinic_gone), tmp_path)
    assert (len(town.facilities), covered(town)) == (0, NOBODY)
    town = from_extract(rewritten(extract(), tmp_path, ways_gone), tmp_path)
    assert covered(town) == ROW_ONLY


@pytest.mark.long
@pytest.mark.parametrize(
    "tags", [{"railway": "platform"}, {"public_transport": "platform"}, {"man_made": "pier"}]
)
def test_a_platform_nearest_to_the_clinic_does_not_catch_it(tmp_path, tags):
    made = extract((50, -20))
    made.line(*PLATFORM, **tags)
    town = from_extract(made, tmp_path, island_m=0)
    assert covered(town) == ALL
    assert finding(town, "sources.hanging_streets")["ids"].startswith("way/1012")


@pytest.mark.long
def test_a_stub_of_street_nearest_to_the_clinic_does_not_catch_it(tmp_path):
    made = extract((50, -20))
    made.line(*PLATFORM, highway="service")
    assert covered(from_extract(made, tmp_path, island_m=0)) == NOBODY
    town = from_extract(made, tmp_path)
    assert covered(town) == ALL
    (moved,) = [each for each in check(town) if each.code == "sources.islands_moved"]
    assert "First (node/37)" in moved.params["ids"]


@pytest.mark.long
@pytest.mark.parametrize(
    "tags", [{"end_date": "2020-01-01"}, {"opening_date": "2199"}, {"disused": "yes"}]
)
def test_a_street_that_is_gone_or_to_come_is_not_walked(tmp_path, tags):
    made = extract((50, -20))
    made.line((50, -20), (50, 0), highway="service", **tags)
    town = from_extract(made, tmp_path)
    assert not any("way/1012" in key for key in town.streets["street_id"])


@pytest.mark.long(but=1)
@pytest.mark.parametrize("kind", ["gate", "kissing_gate", "hampshire_gate"])
def test_a_gate_that_is_kept_locked_is_shut(tmp_path, kind):
    made = extract()
    made.node(10, 10, barrier=kind, locked="yes")
    assert from_extract(made, tmp_path).gates["open"].tolist() == [False]


@pytest.mark.long
def test_gates_and_streets_with_hours_are_told(tmp_path):
    made = extract()
    made.node(10, 10, barrier="gate", opening_hours="06:00-22:00")
    made.node(20, 10, barrier="gate", opening_hours="24/7")
    shut = {"barrier": "gate", "access": "no", "access:conditional": "yes @ (06:00-22:00)"}
    made.node(30, 10, **shut)
    made.line((0, 0), (90, 90), highway="footway", **{"foot:conditional": "no @ (22:00-06:00)"})
    params = finding(from_extract(made, tmp_path), "osm.hours_of_ways")
    assert (params["gates"], params["shut"], params["ways"]) == (1, 1, 1)
    assert params["ids"].split(", ")[0].startswith("node/")
    assert not [f for f in from_extract(extract(), tmp_path).findings if "hours" in f.code]


def test_streets_that_are_shut_but_at_certain_hours_are_told(tmp_path):
    made = extract()
    by_day = {"access": "no", "access:conditional": "yes @ (Mo-Fr 06:00-22:00; Sa 08:00-12:00)"}
    made.line((0, 0), (90, 90), highway="footway", **by_day)
    by_night = {"foot": "private", "foot:conditional": "no @ (22:00-06:00)"}
    made.line((0, 90), (90, 0), highway="footway", **by_night)
    params = finding(from_extract(made, tmp_path), "osm.hours_of_shut_ways")
    assert (params["ways"], params["ids"].count("way/")) == (1, 1)


@pytest.mark.long
@pytest.mark.parametrize(
    "tags", [{"oneway:foot": "yes"}, {"foot:backward": "no"}, {"conveying": "forward"}]
)
def test_streets_that_are_one_way_on_foot_are_told(tmp_path, tags):
    made = extract()
    made.line((0, 0), (90, 90), highway="footway", **tags)
    made.line((0, 90), (90, 0), highway="footway", oneway="yes")
    params = finding(from_extract(made, tmp_path), "osm.one_way_on_foot")
    assert (params["ways"], params["ids"].count("way/")) == (1, 1)


def test_a_square_that_shares_no_node_with_its_streets_is_told(tmp_path):
    made = extract()
    made.box(520, 0, 100, 100, highway="pedestrian", area="yes")
    town = from_extract(made, tmp_path)
    assert covered(town) == ALL
    found = finding(town, "sources.loose_streets")
    assert (found["pieces"], found["km"]) == (1, 0.4)


def test_residents_without_a_boundary_are_the_district(tmp_path):
    town = from_extract(
        extract(), tmp_path, boundary=None, buffer_m=100, name="Grid", datum="wgs84"
    )
    assert covered(town) == ALL
    assert len(town.demand) == len(HOMES)
    assert (town.name, town.communities["name"].tolist()) == ("Grid", ["Grid"])
    assert finding(town, "osm.area_of_residents") == {"name": "Grid", "homes": len(HOMES)}
    assert "osm.demand_left_out" not in {each.code for each in town.findings}


def test_far_streets_do_not_stretch_the_district_of_residents(tmp_path):
    made = extract()
    made.street((500, 500), (9000, 9000))
    town = from_extract(made, tmp_path, boundary=None, datum="wgs84")
    assert len(town.demand) == len(HOMES)
    assert town.communities.area.sum() < 2 * 1000**2


def far_away(folder, *metres):
    """Facilities of a file, each so far east of where the clinic stands."""
    spots = [degrees(CLINIC[0] + each, CLINIC[1]) for each in metres]
    rows = [f"f{n},clinic,{lon},{lat}" for n, (lon, lat) in enumerate(spots)]
    path = folder / "facilities.csv"
    path.write_text("\n".join(["id,kind,lon,lat", *rows]) + "\n", encoding="utf-8")
    return path


def test_facilities_of_a_file_far_from_the_extract(tmp_path):
    with pytest.raises(InputError) as caught:
        from_extract(extract(None), tmp_path, facilities=far_away(tmp_path, 10_000, 10_100))
    assert caught.value.code == "sources.all_left_out"
    town = from_extract(extract(None), tmp_path, facilities=far_away(tmp_path, 0, 10_000))
    assert covered(town) == ALL
    assert finding(town, "osm.facilities_left_out")["facilities"] == 1


@pytest.mark.long
def test_a_way_cut_by_the_edge_of_the_data_is_not_a_gap_of_the_map(tmp_path):
    made = extract()
    nodes = [made.node(x, 600) for x in (0, 200, 400)]
    made.way([*nodes, 99_999], {"highway": "residential"})
    town = from_extract(made, tmp_path)
    assert finding(town, "sources.cut_streets")["pieces"] == 1
    assert "sources.loose_streets" not in {each.code for each in town.findings}
    made.ways[max(made.ways)] = (nodes, {"highway": "residential"})
    town = from_extract(made, tmp_path)
    assert finding(town, "sources.loose_streets")["pieces"] == 1
