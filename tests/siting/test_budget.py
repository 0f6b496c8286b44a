"""One budget over all remedies: the figure is that of a new assessment, the choice the best."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from demo_part import part_of_demo
from street_town import X, crowded_street, frame, on_street

import planner
from planner.district import Scenario
from planner.errors import InputError
from planner.siting.budget import best_mix


@pytest.fixture(scope="module")
def result():
    return planner.assess(planner.demo_district(), groups=["population"])


@pytest.fixture(scope="module")
def part():
    return planner.assess(part_of_demo(3), groups=["population"])


@pytest.fixture(scope="module")
def late():
    return planner.assess(planner.demo_district(), at="Su 22:00", groups=["population"])


def covered(assessment, kinds) -> float:
    table = assessment.summary().set_index("kind")
    return float(table.loc[list(kinds), "covered"].sum())


def test_the_figure_is_that_of_a_new_assessment_and_the_money_is_kept(part):
    kinds = ["clinic", "service_station"]
    mix = best_mix(part, 250.0, kinds, links=5)
    assert mix.cost <= 250.0
    assert mix.gained == covered(mix.after, kinds) - covered(part, kinds)
    assert mix.gained > 0
    assert set(mix.table["remedy"]) <= {"build", "open_internal", "link"}
    assert mix.table["cost"].sum() == pytest.approx(mix.cost)


def test_nobody_beyond_the_limit_is_no_matter_of_money(part):
    near = part.distances["clinic"].to_numpy() <= part.limit_m("clinic", "population")
    district = part.district
    homes = district.demand
    served = district.with_layers(demand=homes[near].reset_index(drop=True))
    counted = homes.assign(pop_65plus=np.where(near, 1.0, 0.0))
    part_told = homes.assign(pop_65plus=np.where(near, 1.0, np.nan))
    for layers, group, code in (
        (served, None, "siting.mix_all_covered"),
        (district.with_layers(demand=counted), "pop_65plus", "siting.mix_all_covered"),
        (district.with_layers(demand=part_told), "pop_65plus", "siting.mix_told_covered"),
    ):
        result = planner.assess(layers, groups=["population", "pop_65plus"])
        with pytest.raises(InputError) as refused:
            best_mix(result, 10.0, ["clinic"], group=group)
        assert refused.value.code == code


def test_where_no_money_helps_none_is_asked_for(part):
    with pytest.raises(InputError) as refused:
        best_mix(part, 1e6, ["clinic"], links=0, sites=part.district.candidates.iloc[:0])
    assert refused.value.code == "siting.no_remedy_at_all"


def test_a_remedy_of_use_to_the_group_is_a_matter_of_money():
    # the cheap place brings a home in which nobody of the group lives, the dear one all of it
    street = crowded_street()
    homes = street.demand
    at = homes.geometry.x.to_numpy() - X
    far = np.isclose(at, 3250.0)
    demand = homes.assign(pop_65plus=np.where(far, 50.0, 0.0))
    candidates = frame(
        [on_street(2650.0), on_street(3250.0)],
        candidate_id=["cheap", "dear"],
        name=["Cheap", "Dear"],
        cost=[50.0, 500.0],
    )
    result = planner.assess(
        street.with_layers(demand=demand, candidates=candidates),
        groups=["population", "pop_65plus"],
    )
    with pytest.raises(InputError) as refused:
        best_mix(result, 100.0, ["clinic"], group="pop_65plus", links=0)
    assert refused.value.code == "siting.no_remedy"
    assert best_mix(result, 1000.0, ["clinic"], group="pop_65plus", links=0).gained == 50.0


@pytest.mark.long
def test_every_action_brings_by_itself_what_it_promises(result):
    kinds = ["clinic", "service_station"]
    mix = best_mix(result, 250.0, kinds, links=3, tries=2)
    for remedy in ("build", "open_internal", "link"):
        row = mix.actions.index[mix.actions["remedy"] == remedy][0]
        after = result.apply(Scenario("one", [mix.changes[row]]))
        assert covered(after, kinds) - covered(result, kinds) == mix.actions.loc[row, "alone"]


def test_without_links_the_sum_is_exact_and_the_best_there_is(result):
    mix = best_mix(result, 130.0, ["elderly_care"], links=0)
    assert mix.promised == mix.gained == mix.siting.bound
    cheap = np.flatnonzero(mix.actions["cost"].to_numpy() <= 130.0)
    for pair in itertools.combinations(cheap[:12], 2):
        if mix.actions["cost"].iloc[list(pair)].sum() <= 130.0:
            after = result.apply(Scenario("pair", [mix.changes[row] for row in pair]))
            assert (
                covered(after, ["elderly_care"]) - covered(result, ["elderly_care"]) <= mix.gained
            )


@pytest.mark.long
def test_at_an_hour_longer_hours_are_among_the_remedies(late):
    mix = best_mix(late, 60.0, ["police_room"], links=0)
    assert (mix.table["remedy"] == "extend_hours").sum() == 5
    assert mix.gained == covered(mix.after, ["police_room"]) - covered(late, ["police_room"])


def test_for_a_service_adding_it_is_among_the_remedies():
    result = planner.assess(planner.demo_district(), service="rehabilitation")
    mix = best_mix(result, 20.0, ["clinic"], links=0)
    assert set(mix.table["remedy"]) == {"add_service"}
    assert mix.gained > 0


@pytest.mark.parametrize(
    ("budget", "words"), [(0.0, "above 0"), (float("nan"), "above 0"), (0.01, "Raise the budget")]
)
def test_a_budget_that_buys_nothing_says_so(result, budget, words):
    with pytest.raises(InputError, match=words):
        best_mix(result, budget, ["clinic"], links=0)


def test_other_kinds_are_refused(result):
    with pytest.raises(InputError, match="not part"):
        best_mix(result, 100.0, ["castle"])


def test_a_kind_that_is_not_judged_is_not_left_out_without_a_word(result):
    with pytest.raises(InputError) as error:
        best_mix(result, 100.0, ["clinic", "library"])
    assert (error.value.code, error.value.params["kind"]) == ("siting.no_limit", "library")


@pytest.mark.long
def test_it_tells_how_far_it_is_and_stops_when_asked(part):
    lines = []
    mix = best_mix(part, 250.0, ["clinic"], links=3, tries=5, progress=lines.append)
    assert lines
    assert lines[-1].objective <= mix.promised
    stopped = best_mix(part, 250.0, ["clinic"], links=3, cancel=lambda: True)
    assert stopped.swaps == 0
    assert stopped.cost <= 250.0


def test_kinds_measured_as_the_crow_flies_are_given_sites_and_no_links(part):
    standard = part.standard
    rules = {"clinic": replace(standard.rules["clinic"], measure="straight")}
    mixed = planner.assess(part.district, replace(standard, rules={**standard.rules, **rules}))
    mix = best_mix(mixed, 250.0, ["clinic"], links=3, tries=2)
    assert "link" not in set(mix.actions["remedy"])
