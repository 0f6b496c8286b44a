"""Needs matched with places: against the linear programme, by hand, and what is refused."""

import json
from dataclasses import replace

import gap_towns
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import few
from measured_towns import STANDARD, random_town
from scipy.optimize import linprog

import planner
from planner.district import Enlarge, Scenario
from planner.errors import InputError

FAR = 1e6
RESIDENTS = "capacity_residents"


def town(seed: int = 1, **changed):
    room = [40.0, 90.0, np.nan, 60.0, 25.0, 70.0, *[50.0] * 5]
    columns = {RESIDENTS: room, "opening_hours": ["24/7"] * 11, **changed}
    return random_town(seed, **columns)


def assessed(seed: int = 1, at: str | None = None, **changed):
    return planner.assess(town(seed, **changed), STANDARD, at=at)


def most(metres: np.ndarray, needs: np.ndarray, room: np.ndarray) -> tuple[float, float]:
    """Amount served and metres walked, by the linear programme over all pairs."""
    n, m = metres.shape
    i, j = np.nonzero(np.isfinite(metres))
    if not i.size:
        return 0.0, 0.0
    once, within = np.zeros((n, i.size)), np.zeros((m, i.size))
    once[i, np.arange(i.size)] = 1
    within[j, np.arange(i.size)] = 1
    found = linprog(
        metres[i, j] - FAR, A_ub=np.vstack([once, within]), b_ub=np.concatenate([needs, room])
    )
    served = float(found.x.sum())
    return served, float(metres[i, j] @ found.x)


def dense(found) -> np.ndarray:
    metres = np.full(found.distances.shape, np.inf)
    part = found.distances.tocoo()
    metres[part.row, part.col] = part.data
    return metres


def check_whole(found) -> None:
    """Needs go somewhere, no place takes more than its room, and tables agree."""
    total = found.summary()
    parts = total["served"] + total["unserved"] + total["unknown"]
    assert parts == pytest.approx(total["needs"])
    assert total["no_place"] + total["full"] == pytest.approx(total["unserved"])
    assert total["unknown_room"] + total["unknown_position"] == pytest.approx(total["unknown"])
    owned = [total[f"served_{whose}"] for whose in ("public", "partner", "internal")]
    assert sum(owned) == pytest.approx(total["served"])
    homes, places, flows = found.homes(), found.served, found.flows()
    rows = homes["served"] + homes["unserved"] + homes["unknown"]
    assert rows.to_numpy() == pytest.approx(homes["needs"].to_numpy())
    used = flows.groupby("facility_id")["amount"].sum().reindex(places["facility_id"])
    sure = places["used"].notna().to_numpy()
    assert used.fillna(0).to_numpy()[sure] == pytest.approx(places["used"].to_numpy()[sure])
    assert (places["used"][sure] <= places["capacity"][sure] + 1e-9).all()
    assert found.exchanges()["amount"].sum() == pytest.approx(total["served"])
    assert found.by_ownership()["used"].sum() == pytest.approx(total["served"])
    inside = found.assessment.district.demand["community_id"] != ""
    needed = found.needs[inside.to_numpy()].sum()
    assert found.communities()["needs"].sum() == pytest.approx(needed)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("seed", few(range(8), 3))
@pytest.mark.parametrize("rate", [1.0, 0.13])
def test_it_is_the_linear_programme_twice_once_without_and_once_with_the_unknown(seed, rate):
    found = planner.match_needs(assessed(seed), "clinic", need_per_resident=rate, internal=True)
    check_whole(found)
    needs = np.where(found.located, found.needs, 0.0)
    metres, sure = dense(found), found.places.sure
    assert 0 < (~sure).sum() < len(sure)
    certain, walked = most(metres[:, sure], needs, found.places.room[sure])
    total = found.summary()
    assert total["served"] == pytest.approx(certain)
    bounded = np.where(sure, found.places.room, needs.sum())
    at_most, _ = most(metres, needs, bounded)
    assert total["served"] + total["unknown_room"] == pytest.approx(at_most)
    if total["unknown_room"] == 0:
        flows = found.flows()
        assert flows["amount"] @ flows["distance_m"] == pytest.approx(walked, abs=1e-3)


@pytest.mark.long(but=1)
@pytest.mark.parametrize("seed", range(4))
def test_with_assumed_room_walking_is_least(seed):
    found = planner.match_needs(assessed(seed), "clinic", capacity=30.0)
    check_whole(found)
    needs = np.where(found.located, found.needs, 0.0)
    served, walked = most(dense(found), needs, found.places.room)
    flows, total = found.flows(), found.summary()
    assert total["served"] == pytest.approx(served)
    assert flows["amount"] @ flows["distance_m"] == pytest.approx(walked, abs=1e-3)
    assert total["unknown_room"] == 0
    assert total["unknown_position"] == found.needs[0] > 0
    assert total["places_assumed"] == 1


@pytest.mark.long
def test_unlimited_room_serves_everybody_within_the_limit():
    result = assessed(2, **{RESIDENTS: [np.nan] * 11, "capacity": [np.nan] * 11})
    found = planner.match_needs(result, "clinic", capacity=np.inf)
    check_whole(found)
    within = (result.distances["clinic"] <= 300).to_numpy()
    people = result.district.demand["population"].fillna(0).to_numpy()
    assert found.summary()["served"] == pytest.approx(people[within].sum())
    assert found.enlarge().empty
    nearest = found.homes().set_index("demand_id")["distance_m"].dropna()
    assert nearest.to_numpy() == pytest.approx(result.distances["clinic"][nearest.index])


def test_who_may_have_a_place_beyond_what_was_imported_is_not_left_out():
    """With room for all, a matching tells of whom it is not known as the coverage does."""
    near = replace(town(2, **{RESIDENTS: [np.nan] * 11, "capacity": [np.nan] * 11}), buffer_m=20.0)
    result = planner.assess(near, STANDARD)
    found = planner.match_needs(result, "clinic", capacity=np.inf)
    total, rows = found.summary(), result.summary().set_index(["kind", "group"])
    row = rows.loc[("clinic", "population")]
    assert total["unknown_place"] > 0
    for name, told in (("served", "covered"), ("unserved", "uncovered"), ("unknown", "unknown")):
        assert total[name] == pytest.approx(row[told])
    parts = total["unknown_room"] + total["unknown_place"] + total["unknown_position"]
    assert parts == pytest.approx(total["unknown"])
    assert "unknown_place" in set(found.homes()["why"])
    told = {each.code: each.params for each in found.findings}
    assert told["matching.perhaps_elsewhere"] == {"count": round(total["unknown_place"])}


def test_places_of_unknown_hours_may_serve():
    hours = ["24/7", "24/7", "24/7", "", "24/7", "24/7", *["24/7"] * 5]
    found = planner.match_needs(
        assessed(3, at="Su 22:00", opening_hours=hours), "clinic", capacity=20.0
    )
    check_whole(found)
    unsure = found.served[~found.served["counts"]]
    assert len(unsure) == 1
    assert unsure["used"].isna().all()
    assert unsure["perhaps"].sum() == pytest.approx(found.summary()["unknown_room"])


def test_partners_and_units_take_part_only_if_asked():
    whose = ["public", "partner", "partner", "public", "internal", "public", *["public"] * 5]
    result = assessed(1, ownership=whose)

    def owners(**asked) -> set[str]:
        return set(planner.match_needs(result, "clinic", **asked).by_ownership()["ownership"])

    assert owners() == {"public", "partner"}
    assert owners(partners=False) == {"public"}
    assert owners(internal=True) == {"public", "partner", "internal"}


def test_a_service_is_served_by_every_kind_that_offers_it():
    services = ["nursing", "", "nursing;meals", "meals", *["nursing"] * 2, *["meals"] * 3, "", ""]
    result = assessed(1, services=services)
    found = planner.match_needs(result, service="nursing", limit_m=400.0, capacity=30.0)
    check_whole(found)
    places = found.served.set_index("facility_id")
    assert set(places["kind"]) == {"clinic"}
    assert places.index[~places["counts"]].tolist() == ["f1"]
    meals = planner.match_needs(result, service="meals", limit_m=400.0, capacity=30.0)
    assert set(meals.served["kind"]) == {"clinic", "police_room"}


def test_a_rate_may_be_a_column_or_a_series():
    result = assessed(1)
    by_number = planner.match_needs(result, "clinic", need_per_resident=0.5)
    series = pd.Series(0.5, index=result.distances.index[::-1])
    by_series = planner.match_needs(result, "clinic", need_per_resident=series)
    assert by_series.summary() == by_number.summary()
    layer = result.district.demand.assign(rate=0.5)
    changed = planner.assess(result.district.with_layers(demand=layer), STANDARD)
    by_column = planner.match_needs(changed, "clinic", need_per_resident="rate")
    assert by_column.summary() == by_number.summary()


@pytest.mark.long(but=1)
@pytest.mark.parametrize("rate", [12, pd.Series(1.5, index=town(1).demand["demand_id"])])
def test_a_per_cent_is_refused_where_room_is_told_in_residents(rate):
    result = assessed(1)
    with pytest.raises(InputError, match="nobody takes more than one") as caught:
        planner.match_needs(result, "clinic", need_per_resident=rate)
    assert caught.value.code == "matching.need_above_one"
    assert planner.match_needs(result, "clinic", need_per_resident=1.0).needs.sum() > 0
    # visits of a day may be more than one, and where no place tells its room it is the asker's unit
    assert planner.match_needs(result, "clinic", need_per_resident=3.0, room="capacity")
    untold = assessed(1, **{RESIDENTS: [np.nan] * 11, "capacity": [np.nan] * 11})
    assert planner.match_needs(untold, "clinic", need_per_resident=3.0, capacity=50.0)


def test_people_a_day_are_told_where_nothing_else_is():
    found = planner.match_needs(planner.assess(random_town(1), STANDARD), "clinic")
    assert found.room == "capacity"
    assert "matching.every_day" in {each.code for each in found.findings}


def test_a_group_that_has_all_room_is_told():
    plain = gap_towns.town([(100, 0), (200, 0)], [{"at": (0, 0), RESIDENTS: 10.0}])
    two = plain.with_layers(demand=plain.demand.assign(pop_65plus=[4.0, 5.0]))
    result = planner.assess(two, gap_towns.LIMIT)
    # 9 of the group find room for 10, and 20 residents do not
    found = planner.match_needs(result, "clinic", group="pop_65plus")
    together = planner.match_needs(result, "clinic", group="population")
    assert (found.summary()["full"], together.summary()["full"]) == (0.0, 10.0)
    assert found.enlarge_sequence().empty
    (alone,) = (each for each in found.findings if each.code == "matching.group_alone")
    assert alone.params == {"group": "pop_65plus"}
    assert "matching.group_alone" not in {each.code for each in together.findings}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("seed", few(range(4), 2))
@pytest.mark.parametrize("room", ["capacity", RESIDENTS])
def test_enlargements_do_what_they_promise_once_they_are_made(seed, room):
    result = assessed(seed)

    def match(assessment):
        return planner.match_needs(assessment, "clinic", room=room)

    found = match(result)
    before = found.summary()
    for row in found.enlarge(12.5).to_dict("records"):
        change = Enlarge(row["facility_id"], **{room: row["capacity"] + 12.5})
        after = match(result.apply(Scenario("one", [change]))).summary()
        assert after["served"] - before["served"] == pytest.approx(row["serves"] + row["settles"])
        assert before["unserved"] - after["unserved"] == pytest.approx(row["serves"], abs=1e-6)
    steps = found.enlarge_sequence(12.5, count=4)
    after = match(result.apply(found.scenario(more=12.5, count=4))).summary()
    together = steps["serves"].sum() + steps["settles"].sum()
    assert after["served"] - before["served"] == pytest.approx(together)
    assert after["unserved"] == pytest.approx(before["unserved"] - steps["serves"].sum())


def test_the_sequence_is_the_best_step_each_time():
    found = planner.match_needs(assessed(1), "clinic", capacity=10.0)
    steps = found.enlarge_sequence(15.0, count=3)
    assert len(steps) == 3
    first = found.enlarge(15.0).iloc[0]
    assert steps.loc[0, ["facility_id", "serves"]].tolist() == [
        first["facility_id"],
        first["serves"],
    ]
    assert steps["serves"].is_monotonic_decreasing


def test_an_enlargement_in_residents_changes_people_a_day_in_proportion(tmp_path):
    result = assessed(1, capacity=[4.0, 9.0, np.nan, 6.0, 2.5, 7.0, *[5.0] * 5])
    scenario = Scenario("more", [Enlarge("f0", capacity_residents=80.0), Enlarge("f1", 18.0)])
    again = Scenario.load(scenario.save(tmp_path / "more.json"))
    assert again == scenario
    after = result.apply(again).district.facilities.set_index("facility_id")
    assert after.loc["f0", ["capacity", RESIDENTS]].tolist() == [8.0, 80.0]
    assert after.loc["f1", ["capacity", RESIDENTS]].tolist() == [18.0, 180.0]
    assert after.loc["f3", ["capacity", RESIDENTS]].tolist() == [6.0, 60.0]


def test_an_enlargement_that_says_nothing_is_refused():
    with pytest.raises(TypeError):
        Enlarge("f0")
    text = Scenario("x", [Enlarge("f0", 1.0)]).to_json()
    data = json.loads(text)
    del data["changes"][0]["capacity"]
    with pytest.raises(InputError) as caught:
        Scenario.from_json(json.dumps(data))
    assert caught.value.code == "district.scenario_change"


def test_tables_are_in_the_districts_crs():
    found = planner.match_needs(assessed(1), "clinic", capacity=30.0)
    crs = found.assessment.district.crs
    assert all(table.crs == crs for table in (found.served, found.homes(), found.exchanges()))
    lines = found.exchanges()
    places = found.served.set_index("facility_id").geometry
    ends = [shapely.get_point(line, -1) for line in lines.geometry]
    assert ends == [places[facility_id] for facility_id in lines["facility_id"]]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("matching.no_question", {"kind": None}),
        ("analysis.unknown_kind", {"kind": "martian"}),
        ("matching.unknown_service", {"service": "flying"}),
        ("analysis.unknown_group", {"group": "pop_martian"}),
        ("matching.bad_rate", {"need_per_resident": -0.1}),
        ("matching.bad_rate", {"need_per_resident": np.nan}),
        ("matching.no_rate_column", {"need_per_resident": "rate"}),
        ("matching.rate_of_people", {"need_per_resident": "population"}),
        ("matching.rate_lacks", {"need_per_resident": pd.Series({"nobody": 1.0})}),
        ("matching.no_place", {"kind": "bathhouse"}),
        ("matching.bad_capacity", {"capacity": -1.0}),
        ("matching.bad_capacity", {"capacity": np.nan}),
        ("matching.unknown_room", {"room": "floor_area_m2"}),
        ("measures.not_judged", {"kind": "library"}),
        ("measures.limit", {"limit_m": 0.0}),
    ],
)
def test_bad_input_is_refused(code, asked):
    with pytest.raises(InputError) as caught:
        planner.match_needs(assessed(1), **{"kind": "clinic", **asked})
    assert caught.value.code == code
    assert str(caught.value)


def test_places_that_all_keep_their_room_to_themselves_are_refused():
    result = assessed(1, **{RESIDENTS: [np.nan] * 11, "capacity": [np.nan] * 11})
    with pytest.raises(InputError, match="None of the") as caught:
        planner.match_needs(result, "clinic")
    assert caught.value.code == "matching.no_capacity"


@pytest.mark.parametrize("more", [0.0, -1.0, np.inf, np.nan])
def test_an_enlargement_is_more_than_nothing(more):
    with pytest.raises(InputError) as caught:
        planner.match_needs(assessed(1), "clinic").enlarge(more)
    assert caught.value.code == "matching.bad_more"


def test_of_residents_that_were_spread_it_is_told_how_many_may_be_near():
    here = town()
    everywhere = here.demand.assign(spread_from="all", spread_by="floor_area_m2")
    spread = planner.assess(here.with_layers(demand=everywhere), STANDARD)
    found, counted = (
        planner.match_needs(spread, "clinic"),
        planner.match_needs(assessed(), "clinic"),
    )
    assert [each for each in counted.findings if each.code == "matching.spread_needs"] == []
    (told,) = (each for each in found.findings if each.code == "matching.spread_needs")
    near = found.needs[np.diff(found.distances.indptr) > 0].sum()
    may = near + found.needs[~found.located].sum()
    everybody = found.needs.sum()
    assert told.params["needs"] == round(everybody)
    # no part of the homes is taken to hold more than twice its usual people
    assert told.params["low"] == round(max(0.0, everybody - 2 * (everybody - near)))
    assert told.params["high"] == round(min(everybody, 2 * may))
    assert told.params["low"] < near < told.params["high"]


def test_no_more_are_served_at_best_than_there_is_room_for():
    # homes far from any street may be near every place, which is full all the same
    far = town(1, capacity_residents=[5.0] * 11)
    demand = far.demand.copy()
    moved = demand.geometry.to_numpy().copy()
    moved[:3] = [shapely.Point(each.x + 20_000, each.y) for each in moved[:3]]
    found = planner.match_needs(
        planner.assess(far.with_layers(demand=demand.set_geometry(moved)), STANDARD), "clinic"
    )
    total = found.summary()
    room = float(found.places.room.sum())
    assert total["unknown"] > 0
    assert np.isfinite(room)
    assert total["served"] + total["unknown"] > room
    assert total["share_high"] == pytest.approx(room / total["needs"])
    assert total["share_low"] <= total["share_high"]
