"""Extracts as tools write them: any order, negative ids, what editors marked as deleted."""

import bz2
import gzip

import numpy as np
import pytest

from planner.sources.osm.extracts import deleted_objects, read_osm_file

NODES = [
    '<node id="1" lat="25.85" lon="114.93"/>',
    '<node id="2" lat="25.86" lon="114.93"/>',
    '<node id="-7" lat="25.855" lon="114.93" action="modify"/>',
    '<node id="3" lat="25.85" lon="114.94"><tag k="amenity" v="clinic"/></node>',
]
WAYS = ['<way id="-1"><nd ref="1"/><nd ref="-7"/><nd ref="2"/><tag k="highway" v="path"/></way>']


def written(path, *parts):
    text = '<?xml version="1.0"?><osm version="0.6">' + "\n".join(parts) + "</osm>"
    packed = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)
    path.write_bytes(packed(text.encode()))
    return path


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
@pytest.mark.parametrize("order", ["nodes first", "ways first"])
def test_ways_find_their_nodes_in_any_order_and_with_negative_ids(tmp_path, ending, order):
    parts = [*NODES, *WAYS] if order == "nodes first" else [*WAYS, *NODES]
    data = read_osm_file(written(tmp_path / f"a{ending}", *parts))
    assert data.ref.tolist() == [1, -7, 2]
    assert data.whole.tolist() == [True]
    np.testing.assert_allclose(data.xy[:, 1], [25.85, 25.855, 25.86])
    assert data.way_id.tolist() == [-1]


def test_a_node_that_is_not_in_the_file_stays_missing(tmp_path):
    data = read_osm_file(written(tmp_path / "a.osm", *WAYS, *NODES[1:]))
    assert np.isnan(data.xy[:, 0]).tolist() == [True, False, False]


@pytest.mark.parametrize("mark", ['action="delete"', "action = 'delete'", 'visible="false"'])
def test_what_is_deleted_is_left_out(tmp_path, mark):
    gone = NODES[3].replace('id="3"', f'{mark} id="3"')
    kept = '<node id="4" lat="25.85" lon="114.95"><tag k="note" v="action=delete"/></node>'
    way = WAYS[0].replace("<way ", f"<way {mark} ")
    relation = f'<relation id="9" {mark}><tag k="type" v="multipolygon"/></relation>'
    data = read_osm_file(written(tmp_path / "a.osm", *NODES[:3], gone, kept, way, relation))
    assert data.node_id.tolist() == [4]
    assert not len(data.way_id)
    assert not data.relations


def test_a_mark_is_found_where_blocks_of_the_file_meet(tmp_path):
    file = written(tmp_path / "a.osm", *NODES, '<way  version="3"  action="delete" id="-12"/>')
    assert deleted_objects(file, block_bytes=64) == {("w", -12)}
