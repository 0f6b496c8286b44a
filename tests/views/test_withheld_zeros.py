"""Nobody is told to be covered, or beyond, where those of whom that is not known are withheld."""

import json
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

from planner import assess
from planner.analysis.measures.completeness import completeness
from planner.analysis.measures.groups import group_coverage
from planner.analysis.measures.uncertainty import uncertainty
from planner.analysis.measures.week import round_the_clock, week
from planner.cli import app
from planner.district import District
from planner.siting.proposals.proposing import propose
from planner.sources import write_district
from planner.views.words.labels import Labels
from planner.views.words.ranges import proposal_rows
from planner.views.words.shares import without_telling

CRS = "EPSG:32650"
GROUP = "pop_disabled"
STANDARD = "gb50180-2018"


def town(courts: dict[str, tuple[int, int]], homes: int) -> District:
    """Return courts of so many homes along a street, a clinic within 300 m of the first 18 homes.

    Of each court is given how many live in a home, and how many of them are of the group.
    """
    count = homes * len(courts)
    edges = [20 * homes * n - 10 for n in range(len(courts) + 1)]
    demand = {
        "demand_id": [f"h{n}" for n in range(count)],
        "community_id": np.repeat(list(courts), homes),
        "population": np.repeat([float(people) for people, _ in courts.values()], homes),
        GROUP: np.repeat([float(group) for _, group in courts.values()], homes),
    }
    spots = [shapely.Point(20 * n, 5) for n in range(count)]
    names = {"community_id": list(courts), "name": list(courts), "subdistrict": "North"}
    street = shapely.LineString([(-50, 0), (20 * count + 50, 0)])
    clinic = {"facility_id": ["c"], "kind": ["clinic"], "opening_hours": ["24/7"]}
    layers = {
        "demand": gpd.GeoDataFrame(demand, geometry=spots, crs=CRS),
        "communities": gpd.GeoDataFrame(
            names, geometry=[shapely.box(a, -50, b, 50) for a, b in pairwise(edges)], crs=CRS
        ),
        "streets": gpd.GeoDataFrame({"street_id": ["s"]}, geometry=[street], crs=CRS),
        "facilities": gpd.GeoDataFrame(clinic, geometry=[shapely.Point(60, 0)], crs=CRS),
    }
    return District.from_layers("Town", layers, complete=["clinic"])


# the first two courts are withheld, and all that are covered live in the first
NOBODY = town({"a": (50, 0), "b": (40, 1), "c": (50, 9), "d": (50, 9)}, 20)
# the last two are withheld, and all that are beyond live in the last
EVERYBODY = town({"a": (50, 9), "b": (50, 9), "c": (40, 0), "d": (50, 0)}, 5)
CASES = {"covered": NOBODY, "uncovered": EVERYBODY}


@pytest.fixture(params=CASES, scope="module")
def case(request):
    """The count that would be 0, and the district as it is and without small numbers."""
    real = CASES[request.param]
    return request.param, assess(real, STANDARD), assess(real.withhold(5), STANDARD)


def row(table):
    (found,) = table.query("group == @GROUP and kind == 'clinic'").to_dict("records")
    return found


def test_the_case_is_one_of_an_untrue_zero(case):
    name, real, shown = case
    people = real.summary().query("group == 'population' and kind == 'clinic'")
    assert people[name].item() > 0
    gone = shown.district.withheld.gone[GROUP]
    homes = shown.district.demand.set_index("demand_id")["population"]
    assert homes[gone].sum() > people[name].item()
    assert not gone.all()


def test_no_share_is_nothing_or_a_whole_for_what_is_withheld(case):
    name, _, shown = case
    labels = Labels("en")
    for table in (shown.summary(), shown.league("district"), shown.league("subdistrict")):
        found = row(table)
        assert np.isnan(found[name])
        assert np.isnan(found["share"])
        assert (found["share_low"], found["share_high"]) == (0.0, 1.0)
        assert labels.rate(found) == "withheld"
        told = row(without_telling(table))
        assert np.isnan([told[each] for each in ("share", "share_low", "share_high")]).all()
    whole = completeness(shown, GROUP).iloc[-1]
    assert np.isnan(whole["incomplete" if name == "uncovered" else "complete"])
    assert np.isnan(whole["share"])


def test_measures_say_it_neither(case):
    name, _, shown = case
    how = {"kinds": ["clinic"], "groups": [GROUP]}
    for table in (week(shown, **how), round_the_clock(shown, **how)):
        assert table[name].isna().all()
        assert table["share"].isna().all()
        assert (table["share_high"] - table["share_low"] == 1.0).all()
    timed = row(group_coverage(shown, **how))
    assert np.isnan([timed[each] for each in ("share", "share_in_time", "difference")]).all()
    assert uncertainty(shown, **how)[["share", "share_low", "share_high"]].isna().all(axis=None)


def test_a_proposal_says_it_neither():
    shown = assess(NOBODY.withhold(5), STANDARD)
    before, after = proposal_rows(propose(shown, "clinic", 1, group=GROUP, where=["homes"]))
    assert Labels("en").rate(before) == "withheld"
    assert 0 < after["share"] < 1, "what is known stays told"


def test_a_zero_that_is_true_stays():
    """None of those who are withheld is within the limit, so nobody at all is."""
    far = town({"a": (50, 9), "b": (50, 9), "c": (40, 0), "d": (50, 0)}, 20)
    clinic = far.facilities.assign(geometry=[shapely.Point(60, 4000)])
    shown = assess(far.with_layers(facilities=clinic).withhold(5), STANDARD)
    assert shown.district.withheld.gone[GROUP].any()
    found = row(shown.summary())
    assert found["covered"] + found["unknown"] in (0.0, found["population"])
    assert not np.isnan(found["covered"])


@pytest.mark.long
def test_the_terminal_and_json_withhold_it(tmp_path):
    file = write_district(NOBODY, tmp_path / "town.gpkg")
    asked = ["assess", str(file), "--standard", STANDARD, "--withhold-below", "5"]
    run = CliRunner().invoke(app, [*asked, "--group", GROUP, "--json", "--language", "en"])
    assert run.exit_code == 0, run.output
    rows = [
        each
        for each in json.loads(run.stdout)["summary"]
        if each["group"] == GROUP and each["kind"] == "clinic"
    ]
    assert [each["share"] for each in rows] == [None]
    assert [each["covered"] for each in rows] == [None]
    shown = CliRunner().invoke(app, [*asked, "--group", GROUP, "--language", "en"]).output
    assert "withheld" in shown
