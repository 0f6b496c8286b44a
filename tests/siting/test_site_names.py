"""Sites that are made up carry the name of the nearest named street."""

import pytest

import planner
from planner.analysis.nearby import STREET_M
from planner.siting.candidates import candidate_sites

pytestmark = pytest.mark.usefixtures("small_demo")


@pytest.fixture(scope="module")
def demo():
    return planner.assess(planner.demo_district())


@pytest.mark.parametrize("where", ["streets", "grid"])
def test_sites_are_named_after_the_nearest_street(demo, where):
    sites = candidate_sites(demo, "clinic", [where], spacing_m=400.0)
    streets = demo.district.streets
    ground = ~(streets["bridge"] | streets["tunnel"]) & (streets["layer"].fillna(0) == 0)
    named = streets[(streets["name"] != "") & ground]
    for site in sites.itertuples():
        away = named.distance(site.geometry)
        near = set(named["name"][away <= away.min() + 1e-6]) if away.min() <= STREET_M else {""}
        assert site.name in near


def test_without_named_streets_sites_have_no_name(demo):
    district = demo.district
    nameless = planner.assess(district.with_layers(streets=district.streets.assign(name="")))
    assert (candidate_sites(nameless, "clinic", ["grid"], spacing_m=800.0)["name"] == "").all()
