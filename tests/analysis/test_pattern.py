"""Moran's I and LISA, against `esda`."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from effort import tries
from measured_towns import CRS, STANDARD, random_town

import planner
from planner.analysis.measures.pattern import lisa, local_moran, moran, morans_i, neighbour_weights
from planner.district import District
from planner.errors import InputError

SEED = 3
PERMUTATIONS = 9999


@pytest.fixture(scope="module")
def mosaic():
    """A town of 5 × 5 communities, one of them an island and one empty."""
    town = random_town(4)
    codes, shapes = [], []
    for i in range(5):
        for j in range(5):
            codes.append(f"{i}{j}")
            shapes.append(shapely.box(150 * i - 5, 150 * j - 5, 150 * i + 145, 150 * j + 145))
    codes.append("far")
    shapes.append(shapely.box(-1000, -1000, -800, -800))
    areas = gpd.GeoDataFrame({"community_id": codes, "name": codes}, geometry=shapes, crs=CRS)
    demand = town.demand.drop(columns="community_id")
    home = gpd.sjoin(demand, areas[["community_id", "geometry"]], predicate="within", how="left")
    home = home.drop(columns="index_right").fillna({"community_id": ""})
    return planner.assess(town.with_layers(communities=areas, demand=home), STANDARD)


def peer(values, a, b):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import esda
        from libpysal.weights import W

        near = {n: b[a == n].tolist() for n in range(len(values))}
        weights = W(near, silence_warnings=True)
        return (
            esda.Moran(values, weights, permutations=0),
            esda.Moran_Local(values, weights, permutations=0),
        )


def drawn_by_peer(values, a, b):
    """Return what esda says of its own draws; in a process of its own, where nothing is compiled.

    Compiling esda's draws takes 20 s, the draws themselves a tenth of one.
    """
    question = {"values": values.tolist(), "a": a.tolist(), "b": b.tolist()}
    question |= {"permutations": PERMUTATIONS, "seed": SEED}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name("esda_draws.py"))],
        input=json.dumps(question),
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return {name: np.array(value) for name, value in json.loads(done.stdout).items()}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_esda(seed):
    rng = np.random.default_rng(seed)
    n = 30
    upper = np.triu(rng.random((n, n)) < 0.15, 1)
    upper[np.arange(n - 1), np.arange(1, n)] = True
    a, b = np.nonzero(upper | upper.T)
    values = rng.random(n)
    whole, local = peer(values, a, b)
    weights = neighbour_weights(a, b, n)
    assert moran(values, weights) == pytest.approx(whole.I, abs=1e-9)
    np.testing.assert_allclose(local_moran(values, weights), local.Is, atol=1e-9)


@pytest.fixture(scope="module")
def gradient(mosaic):
    """The mosaic with its clinics in one corner, so that some neighbours are alike."""
    town = mosaic.district
    kept = town.facilities[town.facilities.geometry.x + town.facilities.geometry.y < 700]
    return planner.assess(town.with_layers(facilities=kept), STANDARD)


@pytest.mark.long
@pytest.mark.parametrize("town", ["gradient", "mosaic"][: tries(1, 2)])
def test_p_and_z_are_those_of_as_many_permutations_of_esda(town, request):
    """Both draw at random, each in its own way: two estimates of one figure."""
    result = request.getfixturevalue(town)
    found = morans_i(result, "clinic", permutations=PERMUTATIONS, seed=SEED)
    table = lisa(result, "clinic", permutations=PERMUTATIONS, seed=SEED)
    table = table[table["i"].notna()].reset_index(drop=True)
    shapes = table.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=1.0)
    draws = drawn_by_peer(table["share"].to_numpy(), a[a != b], b[a != b])

    def apart(p):
        """Five standard errors of the difference of two shares, each of as many draws."""
        return 5 * np.sqrt(2 * p * (1 - p) / PERMUTATIONS) + 2 / PERMUTATIONS

    assert found["i"] == pytest.approx(draws["i"], abs=1e-9)
    assert found["p"] == pytest.approx(draws["p"], abs=apart(draws["p"]))
    # the mean and the spread of the draws are each known to about one part in a hundred
    assert found["z"] == pytest.approx(draws["z"], abs=0.07 + 0.04 * abs(draws["z"]))
    np.testing.assert_allclose(table["i"], draws["local_i"], atol=1e-9)
    p = draws["local_p"]
    assert (np.abs(table["p"] - p) <= apart(p)).all()
    clear = np.abs(p - 0.05) > apart(p)
    names = np.array(["", "high-high", "low-high", "low-low", "high-low"])
    expected = np.where(p <= 0.05, names[draws["quadrant"]], "")
    assert clear.sum() > 15
    assert (table["cluster"].to_numpy() == expected)[clear].all()


@pytest.mark.long
def test_a_pattern_is_told_from_none(mosaic, gradient):
    assert morans_i(gradient, "clinic")["p"] < 0.01
    assert (lisa(gradient, "clinic")["cluster"] != "").any()
    assert morans_i(gradient, "clinic")["i"] > morans_i(mosaic, "clinic")["i"]


def test_alike_neighbours_stand_out_and_noise_does_not(mosaic):
    found = morans_i(mosaic, "clinic")
    assert found["communities"] + found["left_out"] == 26
    assert found["left_out"] >= 1
    assert 0 < found["p"] <= 0.5 + 1e-9
    assert found["expected"] == pytest.approx(-1 / (found["communities"] - 1))
    again = morans_i(mosaic, "clinic")
    assert found.equals(again)
    assert morans_i(mosaic, "clinic", seed=1)["i"] == found["i"]


def test_clusters_are_named_by_side(mosaic):
    table = lisa(mosaic, "clinic", significance=1.0)
    mean = table.loc[table["i"].notna(), "share"].mean()
    named = table[table["cluster"] != ""]
    assert len(named) == table["i"].notna().sum() > 10
    assert named["cluster"].str.startswith("high").eq(named["share"] > mean).all()
    assert table["p"].dropna().between(0, 1).all()
    assert (lisa(mosaic, "clinic", significance=0.0)["cluster"] == "").all()
    assert table.equals(lisa(mosaic, "clinic", significance=1.0))


def one_without():
    """Return 3 × 3 communities of one home each, a clinic beside all homes but the middle one."""
    cells = [(400.0 * (n % 3), 400.0 * (n // 3)) for n in range(9)]
    streets = [
        shapely.LineString([one, other])
        for one in cells
        for other in cells
        if one < other and np.hypot(*np.subtract(one, other)) == 400.0
    ]
    codes = [str(n) for n in range(9)]

    def frame(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    lacking = 4
    near = [n for n in range(9) if n != lacking]
    layers = {
        "streets": frame(streets, street_id=[f"s{n}" for n in range(len(streets))]),
        "communities": frame(
            [shapely.box(x - 200, y - 200, x + 200, y + 200) for x, y in cells],
            community_id=codes,
            name=codes,
        ),
        "demand": frame(
            [shapely.Point(x + 5, y) for x, y in cells],
            demand_id=codes,
            community_id=codes,
            population=[10.0] * 9,
        ),
        "facilities": frame(
            [shapely.Point(cells[n][0] + 9, cells[n][1]) for n in near],
            facility_id=[f"f{n}" for n in near],
            kind=["clinic"] * 8,
        ),
    }
    return planner.assess(District.from_layers("Nine", layers), STANDARD)


@pytest.mark.long
def test_what_most_rearrangements_show_too_is_no_cluster():
    """Eight communities wholly covered and one not: each draw of neighbours is as far out."""
    table = lisa(one_without(), "clinic").set_index("community_id")
    # the middle one's neighbours are covered in every draw; a corner has the one that is not
    # beside it in 3 of 8 draws, the middle of a side in 5 of 8
    assert table.loc["4", "p"] == 1.0
    assert table.loc["0", "p"] == pytest.approx(3 / 8, abs=0.06)
    assert table.loc["1", "p"] == pytest.approx(5 / 8, abs=0.06)
    assert (table["cluster"] == "").all()
    # the one without may stand in nine places, and no other gives the figure of the middle
    assert morans_i(one_without(), "clinic")["p"] == pytest.approx(1 / 9, abs=0.04)


def test_one_community_has_no_pattern():
    town = random_town(0)
    one = town.communities.iloc[[0]].assign(geometry=[shapely.box(-2000, -2000, 3000, 3000)])
    home = town.demand.assign(community_id="1")
    result = planner.assess(town.with_layers(communities=one, demand=home), STANDARD)
    found = morans_i(result, "clinic")
    assert found[["i", "expected", "z", "p"]].isna().all()
    assert found["left_out"] == 1
    assert lisa(result, "clinic")["i"].isna().all()


def test_equal_rates_have_no_pattern(mosaic):
    assert np.isnan(morans_i(mosaic, "bathhouse")["i"])


def test_bad_questions(mosaic):
    with pytest.raises(InputError, match="permutations"):
        morans_i(mosaic, "clinic", permutations=0)
    with pytest.raises(InputError, match="no limit"):
        lisa(mosaic, "library")


def test_where_all_touch_one_another_no_arrangement_stands_out(mosaic):
    """Three communities around a corner: z would be rounding noise."""
    town = random_town(4)
    shapes = [shapely.box(-5, -5, 200, 1000), shapely.box(200, -5, 1000, 400)]
    shapes.append(shapely.box(200, 400, 1000, 1000))
    areas = gpd.GeoDataFrame({"community_id": list("abc"), "name": list("abc")}, geometry=shapes)
    areas = areas.set_crs(town.crs)
    home = gpd.sjoin(town.demand.drop(columns="community_id"), areas[["community_id", "geometry"]])
    demand = home.drop(columns="index_right")
    district = town.with_layers(communities=areas, demand=demand)
    found = morans_i(planner.assess(district, STANDARD), "clinic", permutations=99)
    assert found["i"] == pytest.approx(found["expected"])
    assert np.isnan(found["z"])
    assert found["p"] == 1
