"""Ranges of the share, each against an assessment of the changed town."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from measured_towns import STANDARD, STRAIGHT, random_town

import planner
from planner.analysis.measures.uncertainty import loose_pieces, uncertainty
from planner.district.standards.standards import Rule, Standard


def share(town, standard=STANDARD, kind="clinic", **question):
    table = planner.assess(town, standard, **question).summary().set_index(["kind", "group"])
    return table.loc[(kind, "population")]


def found(result, cause, kind="clinic"):
    table = uncertainty(result).set_index(["kind", "group", "cause"])
    return table.loc[(kind, "population", cause)]


def scaled(factor):
    rules = {k: Rule(k, rule.limit_m * factor) for k, rule in STANDARD.rules.items()}
    return Standard(**{**vars(STANDARD), "rules": rules})


@pytest.mark.long
def test_limits_ten_per_cent_shorter_and_longer():
    town = random_town(0)
    row = found(planner.assess(town, STANDARD), "limit")
    assert row["share"] == share(town)["share"]
    assert row["share_low"] == share(town, scaled(0.9))["share"]
    assert row["share_high"] == share(town, scaled(1.1))["share"]
    assert row["matters"] == (row["share_high"] - row["share_low"] >= 0.01)


def test_speed_counts_where_the_standard_speaks_of_time():
    result = planner.assess(random_town(0), STANDARD)
    metres, minutes = found(result, "speed"), found(result, "speed", "police_room")
    assert metres["share_low"] == metres["share_high"] == metres["share"]
    limits = found(result, "limit", "police_room")
    assert minutes["share_low"] == limits["share_low"] < limits["share_high"]


def test_a_group_is_as_sure_of_its_speed_as_its_own_limit_turns_on_it():
    metres = Rule("clinic", 250.0, limits={"pop_65plus": 180.0}, limits_s={"pop_65plus": 150.0})
    seconds = Rule("police_room", 250.0, 208.0, limits={"pop_65plus": 180.0})
    rules = {rule.kind: rule for rule in (metres, seconds)}
    mixed = Standard(**{**vars(STANDARD), "rules": rules})
    table = uncertainty(planner.assess(random_town(0), mixed), change=0.5)
    speed = table[table["cause"] == "speed"].set_index(["kind", "group"])
    ranged = (speed["share_low"] < speed["share_high"]).to_dict()
    assert ranged == {
        ("clinic", "population"): False,
        ("clinic", "pop_65plus"): True,
        ("police_room", "population"): True,
        ("police_room", "pop_65plus"): False,
    }


@pytest.mark.long
def test_doors_on_the_street_and_ways_around_corners():
    town = random_town(0)
    result = planner.assess(town, STANDARD)
    row = found(result, "access")
    reach = result.reach
    on_street = [
        layer.set_geometry(
            list(shapely.points(np.where(np.isnan(at.join_xy), at.xy, at.join_xy)))
        ).set_crs(town.crs)
        for layer, at in ((town.demand, reach.homes), (town.facilities, reach.places))
    ]
    moved = town.with_layers(demand=on_street[0], facilities=on_street[1])
    assert row["share_high"] == pytest.approx(share(moved)["share"], abs=0.02)
    assert row["share_low"] <= row["share"] <= row["share_high"]
    assert row["share_low"] < row["share_high"]


@pytest.mark.long
def test_a_loose_street_is_joined_where_it_comes_near():
    town = dataclasses.replace(random_town(0), island_m=0.0)
    result = planner.assess(town, STANDARD)
    pieces = loose_pieces(result)
    assert len(pieces) == 1
    piece = pieces.iloc[0]
    assert piece["homes"] == 3
    assert piece["residents"] == town.demand["population"].iloc[1:4].sum()
    assert piece["length_m"] == 180
    assert piece["gap_m"] == 20
    assert piece[["x1", "y1", "x2", "y2"]].tolist() == [740, 100, 720, 100]
    row = found(result, "pieces", "police_room")
    street = town.streets.iloc[[0]].assign(street_id="joint", ascent_m=0.0, descent_m=0.0)
    street["geometry"] = [shapely.LineString([(720, 100), (740, 100)])]
    mended = town.with_layers(
        streets=pd.concat(
            [
                cut_at(town.streets, shapely.Point(720, 100)),
                street,
            ],
            ignore_index=True,
        )
    )
    assert share(mended, kind="police_room")["share"] in (row["share_low"], row["share_high"])


def cut_at(streets, point):
    """The streets, the one through a point cut there."""
    hit = int(np.argmin(shapely.distance(streets.geometry.to_numpy(), point)))
    line = streets.geometry.iloc[hit]
    (x1, y1), (x2, y2) = line.coords
    first, second = streets.iloc[[hit]].copy(), streets.iloc[[hit]].copy()
    first["geometry"] = [shapely.LineString([(x1, y1), (point.x, point.y)])]
    second["geometry"] = [shapely.LineString([(point.x, point.y), (x2, y2)])]
    second["street_id"] = "cut"
    return pd.concat([streets.drop(index=streets.index[hit]), first, second], ignore_index=True)


def test_a_joint_crosses_no_barrier_and_is_not_too_long():
    town = random_town(0)
    assert loose_pieces(planner.assess(town, STANDARD), join_within_m=10.0)["gap_m"].isna().all()
    wall = town.streets.iloc[[0]][["geometry"]].assign(barrier_id="w", kind="wall")
    wall["geometry"] = [shapely.LineString([(730, -500), (730, 1500)])]
    walled = planner.assess(town.with_layers(barriers=wall), STANDARD)
    assert loose_pieces(walled)["gap_m"].isna().all()
    assert found(walled, "pieces")["share_low"] == found(walled, "pieces")["share_high"]


def test_the_unknown_are_told_apart():
    town = random_town(0)
    result = planner.assess(town, STANDARD, at="Su 22:00")
    row, expected = found(result, "unknown"), share(town, at="Su 22:00")
    assert row["share_low"] == expected["share_low"]
    assert row["share_high"] == expected["share_high"]
    assert row["unknown"] == expected["unknown"] > town.demand["population"].iloc[0]


def test_straight_lines_need_no_street():
    table = uncertainty(planner.assess(random_town(0), STRAIGHT))
    still = table[table["cause"].isin(["access", "pieces"])]
    assert (still["share_low"] == still["share_high"]).all()
    assert not still["matters"].any()


@pytest.mark.parametrize("at", [None, "Sa 10:00"])
def test_shares_stay_shares_and_ranges_hold_the_figure(at):
    table = uncertainty(planner.assess(random_town(1), STANDARD, at=at))
    shares = table[["share", "share_low", "share_high"]].dropna()
    assert len(shares) > 0
    assert shares.stack().between(0, 1).all()
    assert (shares["share_low"] <= shares["share"]).all()
    assert (shares["share"] <= shares["share_high"]).all()


def test_without_people_there_is_no_share():
    town = random_town(0)
    result = planner.assess(town.with_layers(demand=town.demand.assign(pop_65plus=0.0)), STANDARD)
    table = uncertainty(result, groups=["pop_65plus"])
    assert table[["share", "share_low", "share_high"]].isna().all(axis=None)
    assert not table["matters"].any()
