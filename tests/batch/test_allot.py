"""New sites allotted to many districts, from a run that asked what 1, 2, … of them bring."""

import json
import shutil
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from small_towns import small_town
from typer.testing import CliRunner

import planner
from planner.batch import allot_sites, run
from planner.batch.jobs import SitesAsked
from planner.cli import app
from planner.siting import propose

GROUPS = ["population"]
ASKED = SitesAsked(new=2, steps=300, seed=1)


KINDS = ("clinic", "police_station")
TOWNS = ("d1", "d2", "d3")


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Towns of which each has more people than the one before; all of the last are near a clinic.

    One place covers most of a town for police, two all of it.
    """
    folder = tmp_path_factory.mktemp("towns")
    for number, name in enumerate(TOWNS, start=1):
        base = small_town(number)
        crowded = base.demand.assign(population=base.demand["population"] * number)
        planner.write_district(base.with_layers(demand=crowded), folder / f"{name}.gpkg")
    return folder


@pytest.fixture(scope="module")
def found(towns, tmp_path_factory):
    into = tmp_path_factory.mktemp("curves")
    return run(towns, into, groups=GROUPS, also=["curves"], sites=ASKED)


@pytest.fixture(scope="module")
def gains(towns):
    """What the best 0, 1 and 2 sites of each kind bring, asked of each district by itself."""
    told = {}
    for name in TOWNS:
        assessed = planner.assess(planner.read_district(towns / f"{name}.gpkg"), groups=GROUPS)
        for kind in KINDS:
            best = [0.0]
            for number in (1, 2):
                if (name, kind) != ("d3", "clinic"):
                    proposed = propose(assessed, kind, number, max_iterations=300, seed=1)
                    assert proposed.optimal
                    best.append(proposed.gained)
            told[name, kind] = best
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_the_curves_are_those_of_each_district(found, gains, kind):
    assert found.failures().empty
    rows, sites = found.curves(), found.curve_sites()
    for district, curve in rows[rows["kind"] == kind].groupby("district"):
        known = dict(zip(curve["count"], curve["gained"], strict=True))
        expected = gains[district, kind]
        assert known == dict(list(enumerate(expected))[: len(known)])
        # looked at no further where more bring nobody
        assert expected[-1] == max(known.values()) <= curve["reachable"].iloc[0]
        today = curve["covered"].iloc[0]
        after = (today + curve["gained"]).tolist()
        assert curve["covered_after"].tolist() == pytest.approx(after)
        chosen = sites[(sites["district"] == district) & (sites["kind"] == kind)]
        # a place that adds nobody is none of the sites
        more = np.diff(list(known.values())) > 0
        many = dict(enumerate(np.cumsum(more).tolist(), start=1))
        assert chosen.groupby("count").size().to_dict() == many


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2, 3, 4, 6])
def test_sites_go_where_they_bring_most(found, gains, kind, number):
    allotted = allot_sites(found, kind, number)
    curves = {name: gains[name, kind] for name in TOWNS}
    best = max(
        sum(curve[n] for curve, n in zip(curves.values(), counts, strict=True))
        for counts in product(*(range(len(curve)) for curve in curves.values()))
        if sum(counts) <= number
    )
    assert allotted.gained == best == pytest.approx(allotted.bound)
    rows = allotted.districts
    got = dict(zip(rows["district"], rows["sites"], strict=True))
    assert allotted.count == sum(got.values()) == len(allotted.sites) <= number
    assert allotted.gained == sum(curves[name][n] for name, n in got.items())
    for row in rows.itertuples():
        curve = curves[row.district]
        assert row.covered_after - row.covered == pytest.approx(curve[row.sites])
        if row.sites:
            assert row.last == curve[row.sites] - curve[row.sites - 1]
        if row.sites + 1 < len(curve) and row.more:
            assert row.next == curve[row.sites + 1] - curve[row.sites]
    assert rows["gained"].is_monotonic_decreasing
    # who gets none where all are near one says so
    assert (rows.query("why_not != ''")["district"] == "d3").all()


def test_more_than_was_looked_at_is_told(towns, tmp_path):
    few = run(towns, tmp_path, groups=GROUPS, also=["curves"], sites=SitesAsked(new=1, steps=300))
    allotted = allot_sites(few, "police_station", 20)
    assert allotted.count == 3
    told = allotted.labels()
    open_ended = allotted.districts.query("more")
    assert allotted.cut_off == len(open_ended) > 0
    assert open_ended["next"].isna().all()
    # whatever more sites bring there, the bound has it
    assert allotted.bound >= allotted.districts["reachable"].sum() - 1e-9
    assert any("larger --new" in note for note in allotted.notes(told))
    assert any("20 were to be allotted" in line for line in allotted.sentences(told))


def test_figures_that_add_up_to_nothing_stay_apart(found, monkeypatch):
    rows = found.curves()
    rows.loc[rows["district"] == "d2", "standard_sign"] = "another"
    monkeypatch.setattr(type(found), "curves", lambda _: rows)
    allotted = allot_sites(found, "clinic", 3)
    assert set(allotted.districts["district"]) == {"d1", "d3"}
    assert allotted.others == 1
    told = allotted.notes(allotted.labels())
    assert any("1 more district is judged by another standard" in note for note in told)


def test_what_was_not_asked_or_is_not_there_is_refused(results, found):
    for given, code in (
        (lambda: allot_sites(results, "clinic", 1), "batch.not_asked"),
        (lambda: allot_sites(found, "library", 1), "batch.unknown_kind"),
        (lambda: allot_sites(found, "clinic", 1, province="Nowhere"), "leagues.no_district_there"),
        (lambda: allot_sites(found, "clinic", 0), "location.bad_allotment"),
    ):
        with pytest.raises(planner.InputError) as refused:
            given()
        assert refused.value.code == code


def test_the_command_tells_and_writes_them(found, tmp_path):
    given = ["allot", str(found.folder), "--kind", "police_station", "--new", "3"]
    done = CliRunner().invoke(app, [*given, "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    expected = allot_sites(found, "police_station", 3)
    assert (told["sites"], told["gained"], told["bound"]) == (3, expected.gained, expected.bound)
    assert len(told["places"]) == 3
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"allotment.csv", "sites.csv", "sites.geojson", "about.txt"}
    table = pd.read_csv(tmp_path / "out" / "allotment.csv")
    assert table["Gained"].sum() == round(expected.gained)
    places = gpd.read_file(tmp_path / "out" / "sites.geojson")
    assert places.geometry.geom_equals_exact(expected.sites.geometry, 1e-6).all()
    for language, word in (("en", "Proven"), ("zh", "已证明")):
        shown = CliRunner().invoke(app, [*given, "--language", language])
        assert shown.exit_code == 0, shown.output
        assert word in shown.output
        assert ("withheld" if language == "en" else "已隐去") not in shown.output


def test_what_must_be_built_counts_and_what_was_not_looked_at_takes_no_part(towns, tmp_path):
    folder = shutil.copytree(towns, tmp_path / "towns")
    first = planner.read_district(folder / "d1.gpkg")
    homes = first.demand.geometry.iloc[[0, 5, 9]]
    layer = gpd.GeoDataFrame(
        {"candidate_id": ["x", "y", "z"], "required": [True, True, False]},
        geometry=list(homes),
        crs=first.crs,
    )
    planner.write_district(first.with_layers(candidates=layer), folder / "d1.gpkg")
    few = run(folder, tmp_path / "few", groups=GROUPS, also=["curves"], sites=SitesAsked(new=1))
    told = allot_sites(few, "police_station", 3)
    out = told.districts.set_index("district").loc["d1"]
    assert out["why_not"] == "siting.too_many_required"
    assert pd.isna(out["sites"])
    assert pd.isna(out["gained"])
    assert any("1 district takes no part" in note for note in told.notes(told.labels()))
    more = run(folder, tmp_path / "more", groups=GROUPS, also=["curves"], sites=SitesAsked(new=3))
    with pytest.raises(planner.InputError) as refused:
        allot_sites(more, "police_station", 1)
    assert refused.value.code == "location.allotment_too_small"
    built = allot_sites(more, "police_station", 3).districts.set_index("district")
    assert built["sites"]["d1"] == 2
    # what the second of two that must be built adds was not looked at
    assert pd.isna(built["last"]["d1"])
    assert built["last"]["d3"] > 0


def test_a_site_is_counted_for_its_own_district_which_is_said(found):
    told = allot_sites(found, "police_station", 2)
    notes, sentences = told.notes(told.labels()), told.sentences(told.labels())
    assert any("counted for its own district alone" in note for note in notes)
    assert any("their own districts" in line for line in sentences)
