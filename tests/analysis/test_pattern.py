"""Moran's I and LISA, against `esda`."""

import warnings

import geopandas as gpd
import numpy as np
import pytest
import shapely
from measured_towns import CRS, STANDARD, random_town

import planner
from planner.analysis.measures.pattern import lisa, local_moran, moran, morans_i, neighbour_weights
from planner.errors import InputError


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
    assert table["p"].dropna().between(0, 0.51).all()
    assert (lisa(mosaic, "clinic", significance=0.0)["cluster"] == "").all()
    assert table.equals(lisa(mosaic, "clinic", significance=1.0))


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
