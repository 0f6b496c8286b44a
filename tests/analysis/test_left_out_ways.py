"""Cycleways that the import left out: links along them are nothing to build, gaps name them."""

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_best_links import CRS, STANDARD, points, walled_town

import planner
from planner.analysis.gaps.gaps import find_gaps
from planner.analysis.gaps.links import with_links
from planner.analysis.left_out_ways import left_out_along
from planner.analysis.links.links import (
    best_link_for,
    best_links,
    candidate_links,
    link_changes,
)
from planner.analysis.links.settling import settled
from planner.app.pages.what_if.clicks import read as made_by
from planner.app.widgets.change_words import sentence
from planner.app.widgets.map_view import Pick
from planner.district import Connect
from planner.errors import InputError
from planner.plan.coordination.ways import way_faults
from planner.plan.proposals.by_hand import Described
from planner.plan.proposals.changes import crosses_as_told
from planner.plan.proposals.making import by_hand, drafts
from planner.plan.proposals.proposal import Proposal
from planner.siting.budget import best_mix
from planner.siting.change_prices import work_of
from planner.siting.costs import builtin_costs
from planner.siting.departments.departments import duty_name, who_must_act
from planner.views.tables.analysis.links import links_table
from planner.views.words.analysis.links import left_out_word, work_word
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import word
from planner.views.words.siting.budget import remedy_words
from planner.views.words.siting.departments import mend_word

CYCLEWAY = shapely.LineString([(800, 0), (800, 40)])


def context(*ways, kind="cycleway", name="Corn Way"):
    sources = [f"osm:way/{n + 1}" for n in range(len(ways))]
    columns = {"kind": kind, "name": name, "source": sources}
    return gpd.GeoDataFrame(columns, geometry=list(ways), crs=CRS)


def assessed(*ways, gate=(40, 20), **told):
    gates = points([gate], gate_id=["g"], name=["North gate"], open=[False])
    town = walled_town(context=context(*ways, **told), gates=gates)
    return planner.assess(town, STANDARD)


@pytest.mark.long
def test_a_link_along_a_cycleway_is_to_be_settled_and_costs_nothing():
    result = assessed(CYCLEWAY)
    best = best_links(result).iloc[0]
    assert best["work"] == "settle_way"
    assert (best["left_out"], best["left_out_ways"]) == ("cycleway", "Corn Way (way/1)")
    assert best["gain"] == 180  # what the map withholds today is told all the same
    assert builtin_costs().link("settle_way", 40.0) == 0.0
    change = link_changes(best_links(result).iloc[[0]])[0]
    assert work_of(result.district, change) == "settle_way"
    told = links_table(result, best_links(result))
    assert told["Left out of the streets there"].str.contains("way/1").any()


HAIRPIN = shapely.LineString([(800, 0), (920, 5), (920, 35), (800, 40)])


def with_street(district, line):
    """Return a district in which a cycleway is a street by now, and nothing of it is left out."""
    streets = district.streets
    own = gpd.GeoDataFrame({"street_id": ["b"], "highway": ["cycleway"]}, geometry=[line], crs=CRS)
    return district.with_layers(
        streets=gpd.GeoDataFrame(pd.concat([streets, own], ignore_index=True), crs=CRS),
        context=district.context[district.context["kind"] != "cycleway"],
    )


def near_clinic(result):
    rows = result.summary().query("kind == 'clinic' and group == 'population'")
    return rows["covered"].sum()


@pytest.mark.long
def test_a_bent_cycleway_brings_whom_it_brings_once_it_is_a_street():
    result = assessed(HAIRPIN)
    links = best_links(result, ["clinic"], variants=True)
    (settles,) = links[links["work"] == "settle_way"].to_dict("records")
    assert settles["length_m"] == pytest.approx(HAIRPIN.length)
    assert settles["geometry"].equals_exact(HAIRPIN, 0.01)
    assert settles["left_out_ways"] == "Corn Way (way/1)"
    truth = planner.assess(with_street(result.district, HAIRPIN), STANDARD)
    (change,) = link_changes(links[links["work"] == "settle_way"])
    after = result.apply(planner.Scenario("", [change]))
    assert near_clinic(after) == near_clinic(truth)
    assert settles["gain"] == near_clinic(truth) - near_clinic(result) == 50
    assert work_of(result.district, change) == "settle_way"
    # what is built straight is another link: it brings more, and costs
    best = links.iloc[0]
    assert (best["work"], best["gain"]) == ("new_gate", 180)
    straight = Connect(800.0, 0.0, 800.0, 40.0)
    assert work_of(result.district, straight) == "new_gate"


def test_a_cycleway_beside_a_link_that_is_built_is_told_to_be_another_way():
    row = SimpleNamespace(left_out="cycleway", left_out_ways="Corn Way (way/1)", work="new_gate")
    assert "another way than this link" in left_out_word(row, Labels("en"))
    assert "走向不同" in left_out_word(row, Labels("zh"))


@pytest.mark.long
def test_a_gap_and_a_proposal_by_hand_are_of_the_cycleway_as_it_is():
    result = assessed(HAIRPIN)
    told = Described(x=800.0, y=0.0, x2=800.0, y2=40.0)
    made = by_hand(result, "settle_way", told)
    (way,) = made.changes
    assert way.length_m == pytest.approx(HAIRPIN.length, abs=0.001)
    assert (made.cost, made.action) == (0.0, "settle_way")
    for change in (pick(800.0, 0.0, 800.0, 40.0, result), way):
        work = work_of(result.district, change)
        assert work == ("settle_way" if change.length_m else "new_gate")
    assert pick(800.0, 0.0, 800.0, 40.0, assessed(CYCLEWAY)).length_m == 40.0
    links = best_link_for(result, ["b"], "clinic")
    assert links["work"].iloc[0] == "settle_way", "of equal gain the way that is there comes first"
    assert links["length_m"].iloc[0] == pytest.approx(HAIRPIN.length)


def pick(x1, y1, x2, y2, result):
    """Return the connection that two clicks of What if make."""
    clicks = [Pick("place", "", x, y, 1.0) for x, y in ((x1, y1), (x2, y2))]
    first = made_by(result.district, "connect", "", clicks[0], None)
    return made_by(result.district, "connect", "", clicks[1], first)


def test_a_cycleway_that_meets_no_street_brings_nobody_near():
    apart = shapely.LineString([(800, 5), (800, 35)])
    assert not (candidate_links(assessed(apart).district)["work"] == "settle_way").any()
    with pytest.raises(InputError, match="nothing to settle"):
        by_hand(assessed(apart), "settle_way", Described(x=800.0, y=0.0, x2=800.0, y2=40.0))


def test_cycleways_lead_on_where_they_meet_and_not_where_they_cross():
    parts = [[(800, 0), (800, 25), (820, 25)], [(820, 25), (820, 40)]]
    found = settled(assessed(*map(shapely.LineString, parts)).district, straight_link())
    assert found.length_m[0] == pytest.approx(60.0)
    crossing = [[(800, 0), (800, 30)], [(790, 20), (810, 20), (810, 40)]]
    layers = assessed(*map(shapely.LineString, crossing)).district
    assert not settled(layers, straight_link()).known.any(), "one may pass over the other"


def straight_link():
    return np.array([CYCLEWAY], dtype=object)


@pytest.mark.parametrize("length_m", [None, 270.4])
@pytest.mark.parametrize("opened", [False, True])
def test_a_cycleway_settled_in_newer_data_is_not_counted_on_top(length_m, opened):
    before = assessed(HAIRPIN).district
    way = Connect(800.0, 0.0, 800.0, 40.0, "", length_m)
    own = Proposal(
        id="P-1",
        action="settle_way",
        status="opened" if opened else "approved",
        changes=(way,),
        crs=before.crs.to_string(),
    )
    (fault,) = way_faults(before, [own])
    # kept by an earlier version, it is as long as the straight line
    assert (fault and fault.code) == (None if length_m else "plan.settled_too_short")
    (fault,) = way_faults(with_street(before, HAIRPIN), [own])
    in_data = opened and length_m
    assert fault.code == ("plan.way_in_data" if in_data else "plan.nothing_to_settle")
    shut = before.with_layers(context=before.context.iloc[:0])
    assert way_faults(shut, [own])[0].code == "plan.nothing_to_settle"


@pytest.mark.long
def test_without_a_record_nothing_is_said():
    result = planner.assess(walled_town(), STANDARD)
    assert (best_links(result)["left_out"] == "").all()
    assert "Left out of the streets there" not in links_table(result, best_links(result))
    assert "analysis.cycleways_left_out" not in {each.code for each in result.findings}


def test_a_way_that_is_shut_is_named_and_settles_no_work():
    result = assessed(CYCLEWAY, kind="shut")
    found = left_out_along(result.district, np.array([CYCLEWAY], dtype=object))
    assert found.iloc[0].tolist() == ["shut", "Corn Way (way/1)"]
    assert not (best_links(result)["work"] == "settle_way").any()


def test_a_shut_gate_on_the_cycleway_is_opened_first():
    assert best_links(assessed(CYCLEWAY, gate=(800, 20)))["work"].iloc[0] == "open_gate"


@pytest.mark.long
@pytest.mark.parametrize(
    ("ways", "along"),
    [
        ([[(0, 0), (40, 0)]], True),
        ([[(0, 3), (40, 3)]], True),
        ([[(0, 0), (20, 0)], [(20, 0), (40, 0)]], True),  # parts that meet lead on
        ([[(0, 0), (15, 0)], [(25, 0), (40, 0)]], False),  # 25 of 40 m would still be to build
        ([[(20, -50), (20, 50)]], False),  # it is crossed, no more
        ([[(0, 30), (40, 30)]], False),
    ],
)
def test_a_way_leads_along_a_link_where_it_leads_from_end_to_end(ways, along):
    layer = context(*map(shapely.LineString, ways))
    link = np.array([shapely.LineString([(0, 0), (40, 0)])], dtype=object)
    found = left_out_along(walled_town(context=layer), link)
    assert (found["left_out"].iloc[0] == "cycleway") is along


@pytest.mark.long
def test_a_budget_buys_no_word_on_the_map():
    assert best_mix(planner.assess(walled_town(), STANDARD), 50.0).cost > 0  # the gate
    with pytest.raises(InputError, match=r"siting\.no_remedy|No remedy"):
        best_mix(assessed(CYCLEWAY), 50.0)


@pytest.mark.long
def test_a_gap_names_the_cycleways_beside_it_and_the_map_is_its_duty():
    result = assessed(CYCLEWAY)
    gaps = with_links(result, find_gaps(result, "clinic"))
    gap = next(gaps.itertuples())
    assert gap.left_out_ways == "Corn Way (way/1)"
    assert gap.link_work == "settle_way"
    assert duty_name(gap) == "settle_way"
    told = who_must_act(result, gaps=find_gaps(result, "clinic")).gaps.iloc[0]
    assert told["actor"] == "planning"
    assert mend_word(told, Labels("en")) == "Settle whether people may walk on the cycleway"


@pytest.mark.long(but=1)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_joint_plan_and_what_if_call_it_what_it_is(language):
    result = assessed(CYCLEWAY)
    (draft,) = drafts(best_links(result).iloc[[0]], result)
    assert (draft.action, draft.cost, draft.department) == ("settle_way", 0.0, "planning")
    told = {"en": "settle whether people may walk", "zh": "确认行人可否走"}[language]
    assert told in word(Labels(language), "action", draft.action)
    context = SimpleNamespace(labels=Labels(language), word=Labels(language).message)
    assert told in sentence(context, draft.changes[0], result.district).casefold()
    (of_gap,) = drafts(with_links(result, find_gaps(result, "clinic")).iloc[[0]], result)
    assert of_gap.action == "settle_way"


@pytest.mark.long
def test_it_can_be_proposed_by_hand_only_where_there_is_something_to_settle():
    there, elsewhere = (
        Described(**dict(zip(("x", "y", "x2", "y2"), ends, strict=True)))
        for ends in ((800.0, 0.0, 800.0, 40.0), (300.0, 0.0, 300.0, 40.0))
    )
    result = assessed(CYCLEWAY)
    made = by_hand(result, "settle_way", there)
    assert (made.action, made.cost) == ("settle_way", 0.0)
    with pytest.raises(InputError) as error:
        by_hand(result, "settle_way", elsewhere)
    assert error.value.code == "plan.no_way_to_settle"
    built = by_hand(result, "path", there)
    assert built.action == "path"
    assert built.cost > 0, "a path that somebody wants built beside it is paid"
    assert not crosses_as_told(result.district, "path", built.changes)


@pytest.mark.long
def test_one_budget_calls_a_way_as_links_does():
    result = planner.assess(walled_town(), STANDARD)
    mix = best_mix(result, 500.0)
    ways = [
        word
        for word, row in zip(remedy_words(mix, Labels("en")), mix.ranked, strict=True)
        if mix.actions["remedy"].iloc[row] == "link"
    ]
    assert ways
    named = {work_word(work, Labels("en")) for work in best_links(result, count=50)["work"]}
    assert set(ways) <= named


def test_every_assessment_tells_the_metres_that_are_in_no_walk():
    told = [e for e in assessed(CYCLEWAY).findings if e.code == "analysis.cycleways_left_out"]
    assert [each.params["km"] for each in told] == [0.04]
