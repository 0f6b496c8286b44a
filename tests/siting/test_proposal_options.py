"""Options of a proposal, its full answer, and what it refuses."""

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from street_town import X, Y, covered, crowded_street, frame

import planner
from planner.analysis.people import people_in
from planner.district import District, Scenario, builtin_kinds
from planner.district.scenarios.scenario import Open
from planner.errors import InputError
from planner.siting import (
    against_links,
    before_after,
    budget_curve,
    candidate_sites,
    coverage_curve,
    phases,
    reasons,
)
from planner.siting.costs import builtin_costs
from planner.siting.proposals.curves import even_phases
from planner.siting.proposals.options import community_area

pytestmark = pytest.mark.usefixtures("small_demo")


def opened(result, sites):
    changes = [Open(f"n{n}", "clinic", p.x, p.y) for n, p in enumerate(sites.geometry)]
    return result.apply(Scenario("try", changes))


def choices(proposal, most):
    sites = proposal.candidates
    for count in range(1, most + 1):
        for rows in itertools.combinations(range(len(sites)), count):
            yield sites.iloc[list(rows)]


@pytest.mark.long
def test_required_sites_are_taken_and_forbidden_ones_not(result):
    free = planner.propose(result, "clinic", 2)
    best = free.sites["site_id"].iloc[0]
    without = planner.propose(result, "clinic", 2, forbidden=[best])
    assert best not in set(without.candidates["site_id"])
    other = next(s for s in free.candidates["site_id"] if s not in set(free.sites["site_id"]))
    forced = planner.propose(result, "clinic", 2, fixed=[other])
    assert other in set(forced.sites["site_id"])
    best_with = max(
        covered(opened(result, sites))
        for sites in choices(free, 2)
        if other in set(sites["site_id"])
    )
    assert forced.gained == best_with - covered(result)
    assert coverage_curve(forced, 2)["gained"].iloc[1] == forced.gained
    assert other not in set(forced.alternatives(1.0)["site_id"])


@pytest.mark.long
def test_sites_keep_their_distance(result):
    free = planner.propose(result, "clinic", 3)
    apart = planner.propose(result, "clinic", 3, apart_m=900.0)
    x = np.sort(apart.sites.geometry.x.to_numpy())
    assert (np.diff(x) >= 900).all()
    assert (np.diff(np.sort(free.sites.geometry.x.to_numpy())) < 900).any()
    tried = [
        covered(opened(result, sites)) - covered(result)
        for sites in choices(free, 3)
        if len(sites) == 1 or (np.diff(np.sort(sites.geometry.x)) >= 900).all()
    ]
    assert apart.gained == apart.bound == max(tried)
    swaps = apart.alternatives(1.0)
    place = apart.candidates.set_index("site_id").geometry
    for row in swaps.itertuples():
        kept = [s for s in apart.sites["site_id"] if s != row.site_id]
        assert (abs(place.loc[kept].x - place.loc[row.instead].x) >= 900).all()


@pytest.mark.long
def test_a_backup_counts_the_second_facility(result):
    proposal = planner.propose(result, "clinic", 2, backup=0.5)
    people = result.district.people()["population"].to_numpy()

    def counted(assessment) -> float:
        open_to_all = assessment.district.open_facilities()
        at = open_to_all.geometry[open_to_all["kind"] == "clinic"].x.to_numpy()
        homes = assessment.district.demand.geometry.x.to_numpy()
        times = (abs(homes[:, None] - at[None, :]) <= 300).sum(axis=1)
        return float(people @ (0.5 * (times >= 1) + 0.5 * (times >= 2)))

    # the unit's own clinic is among the places: opening it is the same as building there
    tried = [counted(opened(result, s)) - counted(result) for s in choices(proposal, 2)]
    assert proposal.objective == pytest.approx(max(tried))
    assert proposal.bound == pytest.approx(max(tried))
    assert proposal.gained == covered(proposal.after) - covered(result)
    assert proposal.backed_up >= 0


def test_a_floor_is_kept_or_the_nearest_is_told(result):
    proposal = planner.propose(result, "clinic", 2, floor=0.5)
    total = result.district.people()["population"].sum()
    assert covered(proposal.after) >= 0.5 * total
    assert proposal.gained == proposal.objective == covered(proposal.after) - covered(result)
    with pytest.raises(InputError, match=r"In community All \(1\) a share of 100.0%"):
        planner.propose(result, "clinic", 2, floor={"1": 1.0}, forbidden=["s4"])
    with pytest.raises(InputError, match="multiplied by 0"):
        planner.propose(result, "clinic", 1, floor=0.75)
    with pytest.raises(InputError, match="no demand lies in it"):
        planner.propose(result, "clinic", 1, floor={"nowhere": 0.1})


def two_ends(told: float):
    """The street as two communities, of which the second counts so many of a group at each home."""
    street = crowded_street(complete=["clinic"])
    west, east = (shapely.box(X + a, Y - 50, X + b, Y + 50) for a, b in ((-50, 2000), (2000, 4050)))
    areas = street.communities.iloc[[0, 0]].assign(
        community_id=["1", "2"], name=["West", "East"], geometry=[west, east]
    )
    far = street.demand.geometry.x >= X + 2000
    homes = street.demand.assign(
        community_id=np.where(far, "2", "1"), pop_65plus=np.where(far, told, 4.0)
    )
    district = street.with_layers(communities=areas, demand=homes)
    return planner.assess(district, groups=["population", "pop_65plus"])


def test_no_floor_is_asked_of_a_community_that_does_not_tell_the_group():
    untold = two_ends(np.nan)
    for floor in ({"2": 0.5}, {"1": 0.2, "2": 0.5}):
        with pytest.raises(InputError) as refused:
            planner.propose(untold, "clinic", 1, group="pop_65plus", floor=floor)
        assert refused.value.code == "siting.floor_not_told"
        assert refused.value.params["areas"] == "East (2)"
    asked = [{"floor": 0.2}, {"objective": "worst_first"}]
    for one in asked:
        found = planner.propose(untold, "clinic", 1, group="pop_65plus", **one)
        told = {each.code: each.params for each in found.findings}
        assert told["siting.communities_not_told"]["areas"] == "East (2)"
    # nobody of the group is something that is known
    with pytest.raises(InputError, match="no demand lies in it"):
        planner.propose(two_ends(0.0), "clinic", 1, group="pop_65plus", floor={"2": 0.5})
    for one in asked:
        found = planner.propose(two_ends(0.0), "clinic", 1, group="pop_65plus", **one)
        assert "siting.communities_not_told" not in {each.code for each in found.findings}


def test_no_floor_is_asked_of_a_community_whose_counts_are_withheld():
    street = crowded_street(complete=["clinic"])
    ends = [X - 50, X + 1000, X + 2000, X + 3000, X + 4050]
    areas = street.communities.iloc[[0] * 4].assign(
        community_id=list("1234"),
        name=list("ABCD"),
        geometry=[shapely.box(a, Y - 50, b, Y + 50) for a, b in itertools.pairwise(ends)],
    )
    at = np.searchsorted(ends, street.demand.geometry.x) - 1
    few = np.where(at == 3, 0.0, 20.0)
    few[-1] = 3.0
    homes = street.demand.assign(community_id=np.array(list("1234"))[at], pop_65plus=few)
    district = street.with_layers(communities=areas, demand=homes).withhold(10)
    result = planner.assess(district, groups=["population", "pop_65plus"])
    hidden = np.isnan(people_in(result, "community", "pop_65plus"))
    assert hidden.any()
    assert not hidden.all()
    for own in np.array(list("1234"))[hidden]:
        with pytest.raises(InputError) as refused:
            planner.propose(result, "clinic", 1, group="pop_65plus", floor={own: 0.5})
        assert refused.value.code == "siting.floor_not_told"
    found = planner.propose(result, "clinic", 1, group="pop_65plus", floor=0.01)
    told = {each.code: each.params for each in found.findings}
    assert told["siting.communities_not_told"]["count"] == hidden.sum()


def test_the_curve_against_money(result):
    proposal = planner.propose(result, "clinic", 2)
    curve = budget_curve(proposal)
    assert curve["budget"].is_monotonic_increasing
    assert (curve["cost"] <= curve["budget"]).all()
    assert (curve["gained"] <= curve["bound"]).all()
    everyone = planner.propose(result, "clinic", objective="everyone")
    assert curve["gained"].iloc[-1] == everyone.gained
    for row in curve.itertuples():
        same = planner.propose(result, "clinic", budget=row.budget)
        assert same.gained == row.gained
    assert (
        budget_curve(proposal, [60.0])["marginal"].iloc[0]
        == budget_curve(proposal, [60.0])["gained"].iloc[0]
    )
    with pytest.raises(InputError, match="must rise"):
        budget_curve(proposal, [100.0, 50.0])


def test_reasons_add_up_to_what_is_gained(result):
    proposal = planner.propose(result, "clinic", 2)
    table = reasons(proposal)
    assert table["serves"].sum() == proposal.gained
    assert (table["walked_m"] > 300).all()
    assert (table["walks_m"] <= 300).all()
    assert all(sum(row.community_residents) == row.serves for row in table.itertuples())
    assert set(table["cause"]) == {"none_near"}
    other = planner.propose(result, "clinic", 1, limit_m=250.0)
    assert set(reasons(other)["cause"]) == {""}


@pytest.mark.long
def test_before_and_after_by_group_are_a_new_assessment(result):
    proposal = planner.propose(result, "clinic", 2)
    table = before_after(proposal).set_index(["level", "group"])
    for group in ("population", "pop_65plus"):
        change = covered(proposal.after, group) - covered(result, group)
        assert table.loc[("district", group), "covered_change"] == change
        assert table.loc[("community", group), "covered_change"] == change


@pytest.mark.long
def test_sites_beside_links_for_the_money():
    demo = planner.assess(planner.demo_district())
    proposal = planner.propose(demo, "clinic", 2)
    table = against_links(proposal, 3)
    links = demo.links(["clinic"], None, 3)
    assert sorted(table["gained"][table["what"] == "link"]) == sorted(links["gain"])
    assert table["per_unit"].is_monotonic_decreasing
    assert (table["what"] == "site").sum() == len(proposal.sites)
    usual = builtin_costs()
    dear = dataclasses.replace(usual, link_fixed=dict.fromkeys(usual.link_fixed, 7000.0))
    priced = against_links(dataclasses.replace(proposal, costs=dear), 3)
    assert (priced["cost"][priced["what"] == "link"] >= 7000.0).all()


def test_places_within_a_community_by_name(result):
    area = community_area(result.district, ["All"])
    inside = candidate_sites(result, "clinic", ["homes"], within=area)
    assert len(inside)
    with pytest.raises(InputError, match="no community 'None such'"):
        community_area(result.district, ["None such"])


def test_a_name_that_several_communities_bear_is_refused_and_its_full_name_is_not():
    district = planner.demo_district()
    layer = district.communities
    ids = layer["community_id"].tolist()[:2]
    first, second = (layer["community_id"] == each for each in ids)
    layer = layer.assign(name=layer["name"].where(~(first | second), "幸福社区"))
    layer = layer.assign(subdistrict=layer["subdistrict"].where(~second, "别街道"))
    told = dataclasses.replace(district, communities=layer)
    with pytest.raises(InputError) as error:
        community_area(told, ["幸福社区"])
    assert error.value.code == "siting.several_communities"
    assert all(each in error.value.params["choices"] for each in ids)
    assert community_area(told, ["别街道/幸福社区"]).equals(community_area(told, [ids[1]]))
    both = community_area(told, ids)
    assert both.area == pytest.approx(layer[first | second].area.sum(), rel=1e-6)


def test_years_share_the_sites(result):
    proposal = planner.propose(result, "clinic", 3)
    table = phases(proposal, even_phases(len(proposal.sites), 2))
    assert table["sites"].tolist() == [2, 3]


def bad_sites(result, **columns) -> gpd.GeoDataFrame:
    return candidate_sites(result, "clinic").assign(**columns)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"new": 0}, "at least 1"),
        ({"new": 0, "objective": "distance"}, "number of sites is 0"),
        ({"new": 99, "objective": "distance"}, "99 sites are asked for, but only 6"),
        ({"new": 99, "objective": "everyone"}, "99 sites are asked for, but only 6"),
        ({"new": 1.5}, "whole number"),
        ({"new": None}, "how many sites"),
        ({"new": None, "objective": "farthest"}, "how many new sites"),
        ({"fixed": ["s0"], "forbidden": ["s0"]}, "s0 are both required and forbidden"),
        ({"fixed": ["nowhere"]}, "'nowhere'"),
        ({"fixed": ["s0", "s1"]}, "2 sites are required"),
        ({"fixed": ["s0", "s1"], "new": 2, "apart_m": 2000.0}, "both required, but nearer"),
        ({"apart_m": -1.0}, "least distance"),
        ({"apart_m": float("nan")}, "least distance"),
        ({"apart_m": 100.0, "objective": "distance"}, "no effect"),
        ({"floor": 0.5, "objective": "everyone"}, "no effect"),
        ({"budget": 100.0, "objective": "farthest"}, "no effect"),
        ({"budget": -5.0}, "budget is -5"),
        ({"budget": float("nan")}, "budget is nan"),
        ({"backup": 2.0}, "from 0 to 1"),
        ({"floor": -0.1}, "floor"),
        ({"limit_m": float("nan")}, "limit is nan"),
        ({"limit_m": -1.0}, "limit is -1"),
        ({"share": 2.0, "objective": "everyone", "new": None}, "share"),
        ({"objective": "everyone", "new": 1}, "takes at least"),
        ({"objective": "everyone", "new": None, "budget": 20.0}, "costs at least"),
        ({"objective": "everyone", "new": 3, "budget": 20.0}, "not both"),
    ],
)
def test_bad_questions_say_which_and_the_nearest(result, options, words):
    with pytest.raises(InputError, match=words):
        planner.propose(result, **{"kind": "clinic", "new": 1, **options})


def test_prices_that_cannot_be_are_refused(result):
    for value in (-1.0, np.nan):
        with pytest.raises(InputError, match="price of site"):
            planner.propose(result, "clinic", 1, sites=bad_sites(result, cost=value))


def test_places_that_reach_nobody_say_so(result):
    sites = bad_sites(result).iloc[[0]]
    lonely = sites.set_geometry(result.district.facilities.geometry.iloc[[0]].values, crs=sites.crs)
    with pytest.raises(InputError, match="within its reach"):
        planner.propose(result, "clinic", 1, sites=lonely)


def test_negative_residents_never_reach_a_solver(street):
    demand = street.demand.assign(population=-1.0)
    with pytest.raises(InputError, match="population"):
        type(street).from_layers(
            "Street", {**street.layers, "demand": demand}, complete=builtin_kinds()
        )


def test_no_swap_costs_more_than_the_budget(result):
    bought = planner.propose(result, "clinic", budget=130.0)
    price = bought.candidates.set_index("site_id")["cost"]
    assert bought.cost + price.max() - price.min() > 130.0
    swaps = bought.alternatives(1.0)
    assert len(swaps)
    for row in swaps.itertuples():
        assert bought.cost - price[row.site_id] + price[row.instead] <= 130.0


def test_a_curve_of_fewer_sites_than_are_required_is_empty(result):
    ids = planner.propose(result, "clinic", 3).sites["site_id"]
    forced = planner.propose(result, "clinic", 3, fixed=list(ids))
    curve = coverage_curve(forced, 2)
    assert curve.empty
    assert curve.columns.equals(coverage_curve(forced, 3).columns)


def test_required_sites_beside_which_no_other_is_of_use_are_told_as_such(result):
    # one place reaches every home that any place does: that is no lack of places
    free = planner.propose(result, "clinic", 1)
    sites = free.candidates[free.candidates["site_id"] == free.sites["site_id"].iloc[0]]
    beside = sites.assign(site_id="beside").set_geometry(sites.translate(0.5, 0))
    both = pd.concat([sites, beside], ignore_index=True)
    required = both["site_id"].iloc[0]
    with pytest.raises(InputError) as refused:
        planner.propose(result, "clinic", 2, sites=both, fixed=[required])
    assert refused.value.code == "siting.required_suffice"
    assert refused.value.params["fixed"] == 1
    with pytest.raises(InputError) as refused:
        planner.propose(result, "clinic", 2, sites=both, fixed=[required], objective="worst_first")
    assert (refused.value.params["fixed"], refused.value.params["p"]) == (1, 2)
    one = planner.propose(result, "clinic", 1, sites=both, fixed=[required])
    assert coverage_curve(one, 2)["sites"].tolist() == [1]


def test_a_budget_that_leaves_nothing_beside_a_required_site_is_answered_with_it(result):
    free = planner.propose(result, "clinic", 3)
    required = free.sites["site_id"].iloc[0]
    price = float(free.sites["cost"].iloc[0])
    asked = {"fixed": [required], "budget": price}
    for objective in ("coverage", "distance", "worst_first"):
        alone = planner.propose(result, "clinic", 3, objective=objective, **asked)
        assert (alone.sites["site_id"].tolist(), alone.cost) == ([required], price)
    curve = budget_curve(planner.propose(result, "clinic", 3, fixed=[required]))
    assert curve.loc[0, ["budget", "sites", "gained"]].tolist() == [price, 1, alone.gained]
    assert curve["gained"].is_monotonic_increasing
    assert len(curve) > 1


def test_places_that_are_given_are_read_in_their_own_crs(result):
    sites = planner.propose(result, "clinic", 2).candidates
    usual = planner.propose(result, "clinic", 2, sites=sites, max_iterations=200)
    degrees = planner.propose(
        result, "clinic", 2, sites=sites.to_crs("EPSG:4326"), max_iterations=200
    )
    assert degrees.gained == usual.gained > 0
    for given, code in (
        (sites.drop(columns=["cost", "required"]), "siting.sites_lack"),
        (sites.set_crs(None, allow_override=True), "district.no_crs"),
    ):
        with pytest.raises(InputError) as refused:
            planner.propose(result, "clinic", 1, sites=given)
        assert refused.value.code == code


def test_a_curve_goes_on_where_sites_that_keep_apart_bring_nobody_by_one_more():
    # the place in the middle serves all but a few; those around it, too near to it, serve all
    ends = [(400, 0), (-400, 0), (0, 400)]

    def at(x: float, y: float) -> shapely.Point:
        return shapely.Point(X + x, Y + y)

    homes = [at(0.625 * x, 0.625 * y) for x, y in ends] + [at(620, 0)]
    layers = {
        "communities": frame([shapely.box(X - 900, Y - 900, X + 900, Y + 900)], community_id=["1"],
                             name=["All"]),
        "streets": frame(
            [shapely.LineString([at(0, 0), at(2 * x, 2 * y)]) for x, y in ends],
            street_id=["a", "b", "c"],
        ),
        "facilities": frame([at(0, 790)], facility_id=["f"], name=["F"], kind=["clinic"]),
        "demand": frame(homes, demand_id=list("abcd"), community_id="1",
                        population=[100.0, 100.0, 100.0, 30.0]),
        "candidates": frame([at(x, y) for x, y in [(0, 0), *ends]], candidate_id=list("mewn")),
    }  # fmt: skip
    result = planner.assess(District.from_layers("Star", layers, complete=builtin_kinds()))
    proposed = planner.propose(result, "clinic", 4, apart_m=450, max_iterations=300)
    curve = coverage_curve(proposed, 4, max_iterations=300)
    assert curve["gained"].tolist()[:3] == [300.0, 300.0, 330.0]
    assert curve["marginal"].tolist()[:3] == [300.0, 0.0, 30.0]
