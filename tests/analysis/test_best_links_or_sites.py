"""The best link beside the best new facility."""

import numpy as np
import pytest
from test_best_links import STANDARD, points, walled_town

import planner
from planner.analysis.distances.streets import join
from planner.analysis.links.link_or_site import compare_with_site
from planner.analysis.links.links import best_links
from planner.network.nearest.index import NearestIndex
from planner.sources import demo_district

pytestmark = pytest.mark.usefixtures("small_demo")


@pytest.mark.long
def test_by_hand():
    """The gate brings 180 residents to the clinic; a library on their street does as much."""
    table = compare_with_site(planner.assess(walled_town(), STANDARD)).set_index("kind")
    clinic, library = table.loc["clinic"], table.loc["library"]
    assert (clinic["gain_link"], clinic["work"]) == (180, "open_gate")
    assert (clinic["gain_site"], clinic["sites"], clinic["sites_from"]) == (180, 4, "demand")
    assert (library["gain_link"], library["work"]) == (0, "")
    assert np.isnan(library["x1"])
    assert library["gain_site"] == 180
    assert (library["x"], library["y"]) == (700, 40)


@pytest.mark.long
def test_only_candidates_that_allow_the_kind_are_tried():
    sites = points(
        [(800, 40), (890, 40), (950, 0)],
        candidate_id=["p", "q", "r"],
        kinds=["library", "clinic; library", ""],
        forbidden=[False, False, True],
    )
    result = planner.assess(walled_town(candidates=sites), STANDARD)
    table = compare_with_site(result, ["clinic", "library"]).set_index("kind")
    assert table["sites_from"].tolist() == ["candidates", "candidates"]
    assert table["sites"].tolist() == [1, 2]
    assert table.loc["clinic", "site_id"] == "q"
    assert table.loc["library", "site_id"] == "p"


@pytest.mark.long
def test_sites_are_judged_as_if_the_facility_stood_there():
    result = planner.assess(demo_district())
    kind = "clinic"
    (row,) = compare_with_site(result, [kind]).to_dict("records")
    reach, people = result.reach, result.district.people()["population"].to_numpy()
    sites = result.district.candidates
    if row["sites_from"] == "candidates":
        allowed = sites["kinds"].map(lambda text: not text or kind in text.split(";"))
        places = join(result.district, sites[allowed & ~sites["forbidden"]], reach.max_access_m)
    else:
        places = reach.homes
    index = NearestIndex(
        reach.streets.network, reach.places.take(reach.counting(kind, if_unknown=False))
    )
    limit = result.limit_m(kind)
    before = index.distances(reach.homes).distance_m <= limit
    view = index.watch(reach.homes)
    gains = []
    for site in range(len(places)):
        with index.trial():
            index.add(places.take([site]))
            gains.append(people[(view.nearest.distance_m <= limit) & ~before].sum())
    assert row["gain_site"] == pytest.approx(max(gains))
    assert row["sites"] == len(places)
    assert row["gain_link"] == best_links(result, [kind], count=1).iloc[0]["gain"]


def test_nothing_gains_where_all_are_served():
    doors = [(700, 41), (800, 41), (900, 41), (950, 0)]
    clinics = points(doors, facility_id=list("pqrs"), kind="clinic")
    result = planner.assess(walled_town(facilities=clinics), STANDARD)
    (row,) = compare_with_site(result, ["clinic"]).to_dict("records")
    assert (row["gain_link"], row["gain_site"], row["site_id"]) == (0, 0, "")
