"""Carriageways beside pavements that are ways of their own: not doubled, not lost, crossed."""

from pathlib import Path

import numpy as np
import pytest
from osm_maker import LAT, LON, Extract
from test_osm_streets import EVERYWHERE, graph_of, walk

from planner.sources.osm.extracts import read_osm_file
from planner.sources.osm.rules import walk_rules
from planner.sources.osm.streets import read_streets
from planner.sources.projection import metric_crs


def read(extract: Extract, tmp_path: Path):
    data = read_osm_file(extract.write(tmp_path / "a.osm"))
    streets, findings, _ = read_streets(
        data.projected(metric_crs(LON, LAT)), EVERYWHERE, walk_rules()
    )
    return streets, {finding.code: finding.params for finding in findings}


def street(
    highway: str, *, north: bool = True, south: bool = True, aside: int = 8, **tags: str
) -> Extract:
    """A carriageway of 300 m with pavements beside it that meet round its west end only."""
    extract = Extract()
    extract.line((-150, 0), (150, 0), highway=highway, sidewalk="separate", **tags)
    if north:
        extract.line((-160, 0), (-160, aside), (150, aside), highway="footway", footway="sidewalk")
    if south:
        extract.line(
            (-160, 0), (-160, -aside), (150, -aside), highway="footway", footway="sidewalk"
        )
    extract.line((150, aside), (150, 60), highway="footway")
    return extract


def test_a_busy_street_is_crossed_where_a_crossing_is_mapped_only(tmp_path):
    streets, told = read(street("primary"), tmp_path)
    assert "primary" not in set(streets["highway"])
    assert walk(streets, (150, 8), (150, -8)) == pytest.approx(636, rel=2e-3)
    assert not set(told) & {"osm.quiet_streets_crossed", "osm.carriageways_kept"}


def test_a_quiet_street_is_crossed_anywhere(tmp_path):
    streets, told = read(street("residential"), tmp_path)
    assert "residential" not in set(streets["highway"])
    assert walk(streets, (150, 8), (150, -8)) == pytest.approx(15 + 16 + 15, rel=2e-3)
    across = streets[streets["crossing"] == "informal"]
    assert len(across) == told["osm.quiet_streets_crossed"]["places"] == 10
    assert across.geometry.length.to_numpy() == pytest.approx(np.full(10, 16), rel=2e-3)
    assert not across[["bridge", "tunnel", "steps", "cut"]].to_numpy().any()
    assert across["kerb"].eq("").all()


@pytest.mark.parametrize(
    ("highway", "pavement", "walked"),
    [("secondary", False, True), ("secondary", True, False), ("motorway", False, False)],
)
def test_a_street_whose_path_must_be_used_is_walked_where_none_is_mapped(
    tmp_path, highway, pavement, walked
):
    extract = Extract()
    extract.line((-150, 0), (150, 0), highway=highway, foot="use_sidepath")
    extract.line((-150, 0), (-150, 90), highway="residential")
    if pavement:
        extract.line((-150, 8), (150, 8), highway="footway", footway="sidewalk")
    streets, told = read(extract, tmp_path)
    assert (highway in set(streets["highway"])) == walked
    assert ("osm.carriageways_kept" in told) == walked


@pytest.mark.parametrize("aside", [15, 22, 24, 28])
def test_a_quiet_street_that_is_left_out_is_crossed_however_far_its_pavements(tmp_path, aside):
    streets, told = read(street("residential", aside=aside), tmp_path)
    lost = "residential" not in set(streets["highway"])
    assert lost == ("osm.quiet_streets_crossed" in told) == (aside < 25)


def test_a_mapped_crossing_is_not_doubled(tmp_path):
    extract = street("residential")
    extract.line((10, 8), (10, -8), highway="footway", footway="crossing", kerb="lowered")
    _, told = read(extract, tmp_path)
    assert told["osm.quiet_streets_crossed"]["places"] == 9


def test_a_quiet_street_on_a_bridge_or_with_one_pavement_is_not_crossed(tmp_path):
    for extract in (street("residential", bridge="yes"), street("residential", south=False)):
        _, told = read(extract, tmp_path)
        assert "osm.quiet_streets_crossed" not in told


@pytest.mark.parametrize("highway", ["residential", "primary"])
def test_a_street_whose_pavements_nobody_mapped_is_not_lost(tmp_path, highway):
    streets, told = read(street(highway, north=False, south=False), tmp_path)
    kept = streets[streets["highway"] == highway]
    assert kept.geometry.length.sum() == pytest.approx(300, rel=2e-3)
    assert told["osm.carriageways_kept"] == {"ways": 1, "km": 0.3}


def test_a_street_beside_its_pavements_is_not_doubled(tmp_path):
    streets, _ = read(street("tertiary"), tmp_path)
    assert streets.geometry.length.sum() == pytest.approx(2 * (8 + 310) + 52, rel=2e-3)
    assert graph_of(streets).number_of_nodes() >= 4
