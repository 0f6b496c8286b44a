"""OpenStreetMap files with odd objects: each ends in a message that names the file."""

import osmium
import pytest
from osmium.osm.mutable import Node, Way

from planner.errors import InputError, PlannerError
from planner.sources import from_osm
from planner.sources.osm.extracts import read_osm_file

HEAD = "<?xml version='1.0'?>\n<osm version='0.6'>\n"
WAY = "<tag k='highway' v='footway'/>"
LONG = "x" * 50_000_000


def node(number: int, lat: str = "1.0", tags: str = "") -> str:
    return f"<node id='{number}' version='1' lat='{lat}' lon='1.0'>{tags}</node>\n"


def way(*refs: int, tags: str = WAY) -> str:
    points = "".join(f"<nd ref='{ref}'/>" for ref in refs)
    return f"<way id='1' version='1'>{points}{tags}</way>\n"


def bomb() -> str:
    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 9))
    return f"<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY a0 'aaaaaaaaaa'>{grown}]>\n<osm>"


LARGEST = 2**63 - 1
FILES = {
    "the largest id": HEAD + node(1) + node(LARGEST, "1.001") + way(1, LARGEST),
    "the smallest id": HEAD + node(1) + node(-(2**63), "1.001") + way(1, -(2**63)),
    "an id beyond": HEAD + node(1) + node(2**64, "1.001") + way(1, 2**64),
    "a way to the largest id": HEAD + node(1) + node(2, "1.001") + way(1, LARGEST),
    "a way to nowhere": HEAD + node(1) + node(2, "1.001") + way(1, 2**40),
    "no number": HEAD + node(1, "nan") + node(2, "1e308") + way(1, 2),
    "off the globe": HEAD + node(1, "95") + node(2, "500") + way(1, 2),
    "a NUL": HEAD + node(1, tags="<tag k='name' v='a&#0;b'/>"),
    "a very long tag": HEAD + node(1, tags=f"<tag k='name' v='{LONG}'/>"),
    "a level of a thousand digits": HEAD
    + f"<relation id='1' version='1'><tag k='admin_level' v='{'9' * 5000}'/></relation>",
    "a version beyond": HEAD + "<node id='1' version='99999999999' lat='1' lon='1'/>",
    "entities that grow": bomb() + node(1, tags="<tag k='name' v='&a8;'/>"),
    "another file": "<?xml version='1.0'?><!DOCTYPE osm [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    f"\n<osm version='0.6'>{node(1)}&x;",
    "a deleted object of many digits": HEAD
    + node(1)
    + node(2, "1.001")
    + way(1, 2)
    + f"<node action='delete' id='{'9' * 5000}' lat='1' lon='1' version='1'/>",
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("case", list(FILES))
def test_odd_objects_end_in_a_message(tmp_path, case):
    file = tmp_path / "city.osm"
    file.write_text(f"{FILES[case]}</osm>\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        from_osm(file)
    assert "city.osm" in str(error.value)
    assert len(str(error.value)) < 2000


@pytest.mark.parametrize("number", [LARGEST, 2**62, -(2**63)])
def test_ids_of_any_size_in_a_packed_file(tmp_path, number):
    file = tmp_path / "city.osm.pbf"
    writer = osmium.SimpleWriter(str(file))
    writer.add_node(Node(id=1, location=(1.0, 1.0), version=1))
    writer.add_node(Node(id=number, location=(1.001, 1.0), version=1))
    writer.add_way(Way(id=1, nodes=[1, number], tags={"highway": "footway"}, version=1))
    writer.close()
    assert read_osm_file(file).ref.tolist() == [1, number]


@pytest.mark.parametrize(
    "name",
    ["http://127.0.0.1:9/a.osm.pbf", "-", "", "/vsicurl/http://127.0.0.1:9/a.osm", "a.osm|id"],
)
def test_names_that_are_no_files(name):
    with pytest.raises(PlannerError):
        read_osm_file(name)
