"""Where sites may stand, and where they are looked for when nobody lists any."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import planner
from planner.district import District
from planner.siting import walks
from planner.siting.budget import best_mix
from planner.siting.buildable import nodes_on_ground
from planner.siting.candidates import candidate_sites

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0

UNSUITED = {
    "bridge": {"bridge": True},
    "tunnel": {"tunnel": True},
    "viaduct": {"layer": 1},
    "pier": {"highway": "pier"},
    "platform": {"highway": "platform"},
    "trunk": {"highway": "trunk"},
    "corridor": {"highway": "corridor"},
}


def frame(shapes, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def at(metres: float, up: float = 0.0) -> shapely.Point:
    return shapely.Point(X + metres, Y + up)


def town(*, covered_by: str = "", **changed: object) -> District:
    """A street of nine pieces of 100 m; the fifth, from 400 to 500 m, is made something else."""
    pieces = [shapely.LineString([at(100.0 * n), at(100.0 * n + 100)]) for n in range(9)]
    columns = {"bridge": [False] * 9, "tunnel": [False] * 9, "layer": [0] * 9}
    columns["highway"] = ["residential"] * 9
    for name, value in changed.items():
        columns[name][4] = value
    homes = np.arange(10, 900, 40.0)
    layers = {
        "communities": frame(
            [shapely.box(X - 50, Y - 50, X + 950, Y + 50)], community_id=["1"], name=["All"]
        ),
        "streets": frame(pieces, street_id=[f"s{n}" for n in range(9)], **columns),
        "facilities": frame(
            [at(0)], facility_id=["a"], name=["A"], kind=["clinic"], ownership=["public"]
        ),
        "demand": frame(
            [at(metres) for metres in homes],
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id="1",
            population=10.0 + np.arange(len(homes)) % 3,
        ),
    }
    if covered_by:
        area = shapely.box(X + 350, Y - 40, X + 550, Y + 40)
        layers["context"] = frame([area], kind=[covered_by])
    return District.from_layers("Row", layers)


def places(district: District, **options: object) -> list[int]:
    sites = candidate_sites(planner.assess(district), "clinic", ["streets"], **options)
    return sorted(round(x - X) for x in sites.geometry.x)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("what", UNSUITED)
def test_no_site_where_nothing_can_stand(what):
    assert {400, 500} <= set(places(town(), spacing_m=1.0))
    assert set(places(town(**UNSUITED[what]), spacing_m=1.0)) == {
        *range(0, 400, 100),
        *range(600, 1000, 100),
    }


@pytest.mark.parametrize("road", ["primary", "footway"])
def test_only_where_a_road_comes_out_of_a_tunnel_is_a_cutting(road):
    # a tunnel of two pieces from 0 to 400 m; streets end 20 m above its middle and its end
    lines = [[(-100, 0), (0, 0)], [(0, 0), (200, 0)], [(200, 0), (400, 0)], [(400, 0), (500, 0)]]
    lines += [[(100, 20), (200, 20)], [(410, 20), (520, 20)]]
    streets = frame(
        [shapely.LineString([at(*end) for end in line]) for line in lines],
        street_id=list("abcdef"),
        highway=["primary", road, road, "primary", "residential", "residential"],
        tunnel=[False, True, True, False, False, False],
    )
    district = town().with_layers(streets=streets)
    found = nodes_on_ground(district) - (X, Y)
    ends = {round(x) for x, y in found if round(y) == 20}
    assert {100, 200, 520} <= ends
    assert (410 in ends) == (road == "footway")


@pytest.mark.long(but=1)
@pytest.mark.parametrize("what", ["bridge", "tunnel", "viaduct"])
def test_no_site_is_named_after_what_lies_over_or_under_it(what):
    def named(district):
        streets = district.streets.assign(name=[f"Street {n}" for n in range(9)])
        over = district.with_layers(streets=streets)
        return candidate_sites(planner.assess(over), "clinic", ["grid"], spacing_m=20.0)["name"]

    assert "Street 4" in set(named(town()))
    assert "Street 4" not in set(named(town(**UNSUITED[what])))


def test_no_site_in_water():
    assert not {400, 500} & set(places(town(covered_by="water"), spacing_m=1.0))
    result = planner.assess(town(covered_by="water"))
    grid = candidate_sites(result, "clinic", ["grid"], spacing_m=20.0)
    lake = shapely.box(X + 350, Y - 40, X + 550, Y + 40)
    assert len(grid)
    assert not shapely.within(grid.geometry.to_numpy(), lake).any()


def test_no_site_inside_a_building():
    """A way through a station hall or a shopping centre is no junction at which to build."""
    assert not {400, 500} & set(places(town(covered_by="building"), spacing_m=1.0))
    assert {300, 600} <= set(places(town(covered_by="building"), spacing_m=1.0))


@pytest.mark.long
def test_without_candidates_places_are_taken_along_the_streets_and_it_is_said():
    result = planner.assess(town())
    found = planner.propose(result, "clinic", 1, limit_m=200.0)
    assert set(found.candidates["origin"]) == {"streets"}
    assert [each.code for each in found.findings] == ["siting.along_streets"]
    assert "along the streets" in str(found.findings[0])
    with pytest.raises(planner.InputError, match="no place to choose from"):
        planner.propose(result, "clinic", 1, where=["candidates"])
    moved = planner.relocate(result, "clinic", 1, limit_m=200.0)
    assert [each.code for each in moved.findings] == ["siting.along_streets"]
    shared = planner.propose_one_stop(result, ["clinic"], 500.0)
    assert [each.code for each in shared.findings] == ["siting.along_streets"]
    mix = best_mix(result, 500.0, ["clinic"], links=0)
    assert [each.code for each in mix.findings] == ["siting.along_streets"]


@pytest.mark.long
def test_least_walking_looks_at_every_junction():
    """With one place a square the best of the street would be missed and called the best."""
    result = planner.assess(town())
    found = planner.propose(
        result, "clinic", 1, objective="distance", where=["streets"], spacing_m=800.0
    )
    assert len(found.candidates) == 10
    people = result.district.people()["population"].to_numpy()
    homes = shapely.get_coordinates(result.district.demand.geometry.to_numpy())[:, 0] - X
    walks = {site: people @ np.minimum(homes, abs(homes - site)) for site in range(0, 1000, 100)}
    assert found.optimal
    assert found.objective == pytest.approx(min(walks.values()))
    assert (
        len(planner.propose(result, "clinic", 1, where=["streets"], spacing_m=800.0).candidates) < 4
    )


@pytest.mark.long
def test_links_of_kinds_without_any_facility_are_not_asked_for():
    """Nothing is open that a link could bring anybody nearer to; sites are still found."""
    result = planner.assess(town())
    none = planner.assess(
        town()
        .with_layers(facilities=result.district.facilities.assign(kind="sports"))
        .with_complete(["clinic"])
    )
    mix = best_mix(none, 2000.0, ["clinic"])
    assert set(mix.actions["remedy"]) == {"build"}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("at_once", [1, 60, 10**6])
def test_only_distances_that_matter_are_kept_however_many_are_measured_at_once(
    monkeypatch, at_once
):
    result = planner.assess(town())
    sites = candidate_sites(result, "clinic", ["streets"], spacing_m=1.0)
    matter = np.linspace(50.0, 600.0, len(result.district.demand))
    matter[3] = np.inf
    whole = walks.site_distances(result, sites, "clinic").toarray()
    monkeypatch.setattr(walks, "AT_ONCE", at_once)
    kept = walks.site_distances(result, sites, "clinic", matter_m=matter)
    expected = np.where(whole <= matter[:, None], whole, 0.0)
    assert kept.shape == whole.shape
    np.testing.assert_array_equal(kept.toarray(), expected)


def test_nothing_is_built_in_the_cutting_before_a_tunnel():
    plain = town(tunnel=True)
    streets = plain.streets.copy()
    # the piece before the tunnel is cut 12 m from its mouth, and the one after it 30 m from it
    lines = streets.geometry.tolist()
    lines[3] = shapely.LineString([at(300), at(388)])
    lines[5] = shapely.LineString([at(530), at(600)])
    streets = streets.set_geometry(lines, crs=CRS)
    more = streets.iloc[[0, 0]].assign(street_id=["in", "out"])
    more = more.set_geometry(
        [shapely.LineString([at(388), at(400)]), shapely.LineString([at(500), at(530)])], crs=CRS
    )
    cut = plain.with_layers(streets=gpd.GeoDataFrame(pd.concat([streets, more]), crs=CRS))
    metres = set(np.round(nodes_on_ground(cut)[:, 0] - X).tolist())
    assert {300.0, 530.0} <= metres
    assert not {388.0, 400.0, 500.0} & metres
