"""What is wrong with a district's data, and what is mended without a person."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from grid_town import (
    CRS,
    EAST,
    NORTH,
    SIDE,
    boundaries,
    facilities,
    frame,
    homes,
    line,
    point,
    streets,
    with_rows,
)

import planner
from planner.analysis.data_check import AS_PROBLEMS, MENDS, check_data, mend_data
from planner.district import District
from planner.errors import InputError
from planner.sources.ticks import Ticks, carry_ticks, change_ticks, read_ticks, ticks_file

FULL = {"opening_hours": "24/7", "capacity": 10.0, "floor_area_m2": 100.0}


def noded_streets(*more: shapely.Geometry) -> gpd.GeoDataFrame:
    """The grid in pieces of a block, with streets that lead 400 m beyond it on every side."""
    pieces = [
        piece
        for street in streets().geometry
        for piece in map(shapely.LineString, zip(street.coords, street.coords[1:], strict=False))
    ]
    middle = SIDE - 200
    out = [
        line((middle, 0), (middle, -400)),
        line((middle, SIDE), (middle, SIDE + 400)),
        line((0, middle), (-400, middle)),
        line((SIDE, middle), (SIDE + 400, middle)),
    ]
    lines = [*pieces, *out, *more]
    return frame(lines, street_id=[f"s{n}" for n in range(len(lines))], highway="residential")


def town(**layers: gpd.GeoDataFrame) -> District:
    """The town with all that is asked for: a clinic beyond the border, streets all around."""
    spots = [(50, 0), (300, SIDE + 100)]
    own = {
        "streets": noded_streets(),
        "communities": boundaries(),
        "demand": homes().assign(community_id=[f"c{1 + (n >= 15)}" for n in range(25)]),
        "facilities": facilities(*spots, name=["First", "Beyond"], **FULL),
    }
    return District.from_layers("Town", own | layers)


def places(*rows: tuple[tuple[float, float], str], **more: object) -> gpd.GeoDataFrame:
    """Clinics by place and name, and the one beyond the border."""
    spots = [*(spot for spot, _ in rows), (300, SIDE + 100)]
    names = [*(name for _, name in rows), "Beyond"]
    return facilities(*spots, name=names, **{**FULL, **more})


def found(district: District) -> dict[str, list[str]]:
    return {each.code: each.rows["id"].tolist() for each in check_data(district).problems}


@pytest.mark.long
def test_nothing_is_wrong_with_a_town_that_has_all():
    assert found(town(streets=noded_streets())) == {}


def test_streets_that_do_not_join_are_told_by_place_and_joined():
    loose = line((50, 50), (150, 50))  # crosses the street at x = 100
    broken = town(streets=noded_streets(loose))
    problem = check_data(broken).problems[0]
    assert (problem.code, problem.severity, problem.mend) == (
        "sources.unjoined",
        "wrong",
        "join_streets",
    )
    assert problem.rows["other"].tolist() == ["crossing"]
    at = problem.rows.geometry.iloc[0]
    assert at.distance(point(100, 50)) < 0.01
    mended = mend_data(broken)
    assert "sources.unjoined" not in found(mended.district)
    assert mended.changes["mend"].tolist() == ["join_streets"]
    assert len(mended.district.streets) == len(broken.streets) + 2
    assert mended.district.findings[-1].params == {"count": 1, "mends": "join_streets"}
    left = mend_data(broken, right=problem.keys())
    assert left.changes.empty, "ticked off as right, it stays"
    assert len(left.district.streets) == len(broken.streets)


@pytest.mark.long
def test_a_street_drawn_over_others_on_their_vertices_is_told_and_split():
    """As a planner draws it into the workspace, snapped onto each crossing."""
    drawn = line((0, 200), (100, 200), (200, 200), (SIDE, 200))
    kept = noded_streets()
    kept = kept[[not drawn.contains(each) for each in kept.geometry]].reset_index(drop=True)
    pieces = [*kept.geometry, drawn]
    names = [f"s{n}" for n in range(len(pieces))]
    whole = town(streets=frame(pieces, street_id=names, highway="residential"))
    told = {p.code: p for p in check_data(whole).problems}["sources.inner_junctions"]
    assert told.mend == "join_streets"
    assert set(told.rows["other"]) == {"inner"}
    count = told.finding.params["count"]
    assert count == len(told.rows) >= 2
    assert told.finding in planner.assess(whole).findings
    mended = mend_data(whole).district
    assert "sources.inner_junctions" not in found(mended)
    assert "sources.inner_junctions" not in {f.code for f in planner.assess(mended).findings}
    left = mend_data(whole, right=told.keys()[:1])
    assert len(left.changes) == len(mend_data(whole).changes) - 1
    (stays,) = [p for p in check_data(left.district).problems if p.code == told.code]
    assert stays.keys() == told.keys()[:1]


@pytest.mark.long
def test_a_street_that_hangs_on_nothing():
    alone = line((1000, 1000), (1500, 1000))
    told = found(town(streets=noded_streets(alone)))
    assert told == {"sources.loose_streets": [f"s{len(noded_streets())}"]}


@pytest.mark.long
def test_a_border_beyond_which_no_street_is_known():
    inside = noded_streets().iloc[:-4]
    told = {p.code: p for p in check_data(town(streets=inside)).problems}
    problem = told["data_check.border_streets"]
    assert problem.finding.params["percent"] == 100
    assert problem.rows.geometry.distance(boundaries().union_all().boundary).max() < 0.01


@pytest.mark.long
def test_no_facility_beyond_the_border():
    own = facilities((50, 0), **FULL)
    assert set(found(town(facilities=own))) == {"data_check.border_facilities"}


@pytest.mark.long
def test_facilities_that_are_the_same_are_told_and_one_stays():
    twice = places(((50, 0), "First"), ((50, 0), "First"), ((250, 0), "Other"))
    told = found(town(facilities=twice))
    assert told == {"district.same_facilities": ["f2"]}
    mended = mend_data(town(facilities=twice), ["drop_doubles"])
    assert mended.district.facilities["facility_id"].tolist() == ["f1", "f3", "f4"]
    assert mended.changes[["id", "other"]].to_numpy().tolist() == [["f2", "f1"]]
    problem = check_data(town(facilities=twice)).problems[0]
    assert mend_data(town(facilities=twice), right=problem.keys()).changes.empty


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("name", "kind", "away", "alike"),
    [
        ("红旗社区卫生站", "clinic", 90, True),
        ("红旗 社区卫生站（新）", "clinic", 60, True),
        ("红旗社区卫生站", "library", 90, False),
        ("红旗社区卫生站", "clinic", 120, False),
        ("红旗二社区卫生站", "clinic", 60, False),
        ("东风图书馆", "clinic", 60, False),
        ("东风图书馆", "clinic", 8, True),
        ("东风图书馆", "library", 8, False),
        ("东风图书馆", "clinic", 25, False),
        ("", "clinic", 25, True),
        ("", "clinic", 60, False),
    ],
)
def test_names_alike_near_each_other(name, kind, away, alike):
    both = places(
        ((100, 0), "红旗社区卫生站"), ((100 + away, 0), name), kind=["clinic", kind, "clinic"]
    )
    told = found(town(facilities=both))
    assert told == ({"data_check.facilities_alike": ["f2"]} if alike else {})


def test_facilities_far_off_in_the_middle_and_stacked():
    middle = boundaries().geometry.iloc[0].centroid
    spot = (middle.x - EAST, middle.y - NORTH)
    table = places(
        ((300, SIDE + 3_000), "Gone"),
        (spot, "Central"),
        ((400, 0), "First"),
        ((400, 0), "Second"),
        ((400, 0), "Third"),
        ((-60, 250), "Beside"),
    )
    told = found(town(facilities=table))
    assert told["data_check.facilities_outside"] == ["f1"]
    assert told["sources.facilities_without_street"] == ["f1"]
    assert told["data_check.facilities_at_middle"] == ["f2"]
    assert told["data_check.facilities_stacked"] == ["f3", "f4", "f5"]
    assert "data_check.facilities_alike" not in told


@pytest.mark.long
def test_a_facility_far_from_the_street_that_leads_to_it():
    table = places(((-150, 140), "Far"))
    problem = check_data(town(facilities=table)).problems[0]
    assert (problem.code, problem.rows["metres"].tolist()) == ("data_check.facilities_far", [150.0])


@pytest.mark.long
def test_columns_that_are_not_filled():
    table = places(((50, 0), "First"), opening_hours=["", "24/7"], capacity=[np.nan, 5.0])
    problems = check_data(town(facilities=table)).problems
    assert [(p.severity, p.rows["other"].tolist()) for p in problems] == [
        ("missing", ["opening_hours"]),
        ("missing", ["capacity"]),
    ]


def test_homes_outside_without_street_and_twice():
    table = with_rows(homes(), point(-20, 210), point(1200, 250), point(50, 10), population=100.0)
    table["demand_id"] = [f"d{n}" for n in range(len(table))]
    table["community_id"] = [*["c1"] * 10, *["c2"] * 15, "", "", "c1"]
    told = found(town(demand=table))
    assert told["sources.demand_outside"] == ["d25", "d26"]
    assert told["sources.demand_without_street"] == ["d26"]
    assert told["district.same_homes"] == ["d27"]


@pytest.mark.long
def test_a_group_larger_than_all():
    table = homes().assign(community_id="c1", pop_65plus=[120.0, *[10.0] * 24])
    table.loc[24, "community_id"] = "c2"
    assert found(town(demand=table)) == {"district.group_exceeds": ["d0"]}


def test_a_strip_that_two_communities_claim_is_given_to_one():
    borders = boundaries().geometry.tolist()
    wide = shapely.union(borders[0], shapely.box(EAST + 250, NORTH, EAST + 252, NORTH + 400))
    broken = town(communities=boundaries().set_geometry([wide, borders[1]], crs=CRS))
    problem = next(p for p in check_data(broken).problems if p.layer == "communities")
    assert (problem.code, problem.mend) == ("data_check.slivers_overlap", "clean_borders")
    assert problem.rows["metres"].tolist() == [2.0]
    mended = mend_data(broken, ["clean_borders"])
    assert found(mended.district) == {}
    total = mended.district.communities.geometry.area.sum()
    assert total == pytest.approx(shapely.union_all([wide, borders[1]]).area, abs=0.1)
    assert mend_data(broken, right=problem.keys()).changes.empty


@pytest.mark.long
def test_ground_that_two_communities_claim_waits_for_a_person():
    borders = boundaries().geometry.tolist()
    wide = shapely.union(borders[0], shapely.box(EAST + 250, NORTH, EAST + 360, NORTH + 400))
    broken = town(communities=boundaries().set_geometry([wide, borders[1]], crs=CRS))
    problem = next(p for p in check_data(broken).problems if p.layer == "communities")
    assert (problem.code, problem.mend) == ("district.communities_overlap", "")
    assert problem.finding.params["homes"] == 4
    mended = mend_data(broken)
    assert mended.changes.empty
    assert mended.district.communities.geometry.tolist() == broken.communities.geometry.tolist()


@pytest.mark.long
def test_a_gap_between_communities_is_closed_and_its_homes_belong_again():
    borders = boundaries().geometry.tolist()
    slit = shapely.box(EAST + 248, NORTH + 5, EAST + 249.9, NORTH + 405)
    shapes = [shapely.difference(each, slit) for each in borders]
    table = with_rows(homes(), point(249, 190), population=100.0)
    table["demand_id"] = [f"d{n}" for n in range(26)]
    table["community_id"] = [*["c1"] * 15, *["c2"] * 10, ""]
    table.loc[[10, 11, 12, 13, 14], "community_id"] = "c2"
    broken = town(communities=boundaries().set_geometry(shapes, crs=CRS), demand=table)
    told = {p.code: p for p in check_data(broken).problems}
    gap = told["data_check.slivers_hole"]
    assert (gap.finding.params["homes"], gap.mend) == (1, "clean_borders")
    assert told["sources.demand_outside"].rows["id"].tolist() == ["d25"]
    mended = mend_data(broken)
    assert mended.district.demand["community_id"].iloc[25] in ("c1", "c2")
    assert {"data_check.slivers_hole", "sources.demand_outside"}.isdisjoint(found(mended.district))
    assert mend_data(broken, right=gap.keys()).changes.empty


def test_a_hole_with_a_home_is_nobodys():
    borders = boundaries().geometry.tolist()
    pit = shapely.box(EAST + 20, NORTH + 190, EAST + 80, NORTH + 230)
    shapes = [shapely.difference(borders[0], pit), borders[1]]
    broken = town(communities=boundaries().set_geometry(shapes, crs=CRS))
    hole = next(p for p in check_data(broken).problems if p.code == "data_check.holes")
    assert (hole.finding.params["homes"], hole.mend) == (1, "")
    assert mend_data(broken).changes.empty


@pytest.mark.long
def test_a_community_without_residents():
    table = homes().assign(community_id="c1")
    assert found(town(demand=table)) == {"sources.communities_empty": ["c2"]}


@pytest.mark.long
def test_the_graver_comes_first_and_every_row_has_a_key():
    table = places(((50, 0), "First"), ((50, 0), "First"), capacity=[1.0, 1.0, np.nan])
    check = check_data(town(facilities=table))
    assert check.table()["severity"].tolist() == ["wrong", "missing"]
    assert check.table()["count"].tolist() == [1, 1]
    rows = check.rows()
    assert rows["key"].tolist() == [
        "district.same_facilities|f2|f1",
        "sources.not_filled|f3|capacity",
    ]
    assert rows.crs == check.district.crs
    left = check.without([rows["key"].iloc[0]])
    assert [each.code for each in left.problems] == ["sources.not_filled"]
    assert check_data(town()).rows().empty


@pytest.mark.long
def test_findings_of_the_short_check_are_problems_here():
    from planner.sources import check

    table = homes().assign(community_id="c1")
    own = {each.code for each in check(town(demand=table, facilities=facilities((50, 0))))}
    mine = set(found(town(demand=table, facilities=facilities((50, 0)))))
    assert own & AS_PROBLEMS
    assert own & AS_PROBLEMS <= mine


@pytest.mark.long
def test_the_short_check_does_not_look_again_for_what_is_found_row_by_row(monkeypatch):
    from planner.sources.checks import district as short

    table = homes().assign(community_id="")
    here = town(demand=table, facilities=facilities((50, 0), (50, 900)))
    whole = short.check(here)
    rest = [each for each in whole if each.code not in AS_PROBLEMS]
    assert len(rest) < len(whole)
    for name in ("find_unjoined", "outside_finding", "without_demand", "not_filled"):
        monkeypatch.setattr(short, name, lambda *_, name=name, **__: pytest.fail(name))
    assert short.check(here, without=AS_PROBLEMS) == rest


@pytest.mark.long
def test_a_mend_that_there_is_not():
    with pytest.raises(InputError) as error:
        mend_data(town(), ["polish"])
    assert error.value.code == "data_check.unknown_mend"
    assert mend_data(town(), list(MENDS)).changes.empty


def test_ticks_go_along_with_a_copy_each_with_its_time(tmp_path):
    workspace, copy = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    ticks_file(workspace).write_text(Ticks({"a|1|": "2026-01-01", "b|2|": "2"}).to_json(), "utf-8")
    carry_ticks(workspace, copy, ["a|1|", "c|3|"])
    assert read_ticks(copy) == Ticks({"a|1|": "2026-01-01"})
    ticks_file(copy).write_text(Ticks({"a|1|": "2027"}).to_json(), "utf-8")
    carry_ticks(workspace, copy, ["a|1|", "b|2|"])
    assert read_ticks(copy) == Ticks({"a|1|": "2027", "b|2|": "2"})


def test_ticks_are_kept_and_taken_back(tmp_path):
    workspace = tmp_path / "a.gpkg"
    assert read_ticks(workspace) == Ticks()
    change_ticks(workspace, ["a|1|", "b|2|"])
    first = read_ticks(workspace)
    assert set(first.at) == {"a|1|", "b|2|"}
    change_ticks(workspace, ["a|1|"], ["b|2|"])
    assert read_ticks(workspace).at == {"a|1|": first.at["a|1|"]}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format":"other"}', '{"format":"planner-checked","version":1,"ticks":[]}']
)
def test_ticks_that_are_none(tmp_path, text):
    workspace = tmp_path / "a.gpkg"
    ticks_file(workspace).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_ticks(workspace)
    assert error.value.code == "data_check.no_ticks"
    ticks_file(workspace).write_text('{"format":"planner-checked","version":2}', encoding="utf-8")
    with pytest.raises(InputError) as error:
        change_ticks(workspace, ["a"])
    assert error.value.code == "data_check.newer_ticks"


def test_a_narrow_gap_that_is_open_at_the_outer_border_is_told():
    west, east = boundaries().geometry.iloc[:2]
    x = east.bounds[0]
    cut = shapely.box(x - 1.5, east.bounds[1] - 9, x + 1.5, east.bounds[3] + 9)
    apart = boundaries().assign(geometry=[shapely.difference(g, cut) for g in (west, east)])
    told = {p.code: p for p in check_data(town(communities=apart)).problems}
    problem = told["data_check.open_gaps"]
    assert problem.finding.params["count"] == 1
    assert problem.rows["metres"].iloc[0] == pytest.approx(3, abs=0.1)
    assert "data_check.open_gaps" not in found(town())
