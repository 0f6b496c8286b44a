import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

import planner
from planner.analysis.compliance.checkup import checkup
from planner.analysis.compliance.clauses import by_harm
from planner.analysis.compliance.remedies import EFFORT, remedies, smallest
from planner.analysis.compliance.scores import apportion, score_parts, score_range
from planner.district import AreaTarget, Rule, Standard, builtin_standards
from planner.district.weights import default_weights, weights_of
from planner.errors import InputError
from planner.views.words.analysis.checkups import score_words
from planner.views.words.labels import Labels

SHARE = st.floats(0, 1)


def standard(*rules):
    return Standard("own", "Own", "自定", "test", {rule.kind: rule for rule in rules})


def weights(requirement, **tables):
    return weights_of({"en": "w", "zh": "权", "requirement": requirement, **tables}, "w.toml")


def clauses(*rows):
    columns = ["requirement", "kind", "attained", "attained_low", "attained_high"]
    return pd.DataFrame(rows, columns=columns).assign(area_id="a", group="population")


def test_points_by_hand():
    # 60 points for two distances, one of double weight; 20 for one floor area; out of 80
    parts = score_parts(
        clauses(
            ("distance", "clinic", 0.5, 0.5, 0.5),
            ("distance", "library", 1.0, 1.0, 1.0),
            ("floor_area", "clinic", 0.25, 0.25, 0.25),
            ("residents", "clinic", np.nan, np.nan, np.nan),
        ),
        weights({"distance": 60, "floor_area": 20, "residents": 20}, kind={"clinic": 2}),
    )
    assert list(parts["max_points"]) == [50, 25, 25, 0]
    assert list(parts["points"]) == [25, 25, 6.2, 0]


def test_what_is_not_known_is_a_range_and_no_zero():
    audited = clauses(("distance", "clinic", 0.8, 0.8, 0.8), ("floor_area", "clinic", np.nan, 0, 1))
    by = weights({"distance": 50, "floor_area": 50})
    assert score_parts(audited, by)["points"].sum() == 80
    low_high = score_range(audited, by).loc["a"]
    assert list(low_high) == [40, 90]


@pytest.mark.parametrize(
    "ends", [(0.376, 0.376), (0.0, 0.69), (0.0, np.nan), (0.2, 0.4), (0.0, 0.0), (1.0, 1.0)]
)
def test_a_clause_without_points_leaves_the_score_within_its_range(ends):
    """Whatever more is known of it than nothing: its share is withheld, or its figure is not."""
    audited = clauses(("distance", "clinic", 0.9, 0.9, 0.9), ("area", "clinic", np.nan, *ends))
    by = weights({"distance": 50, "area": 50})
    assert score_parts(audited, by)["points"].sum() == 90
    assert list(score_range(audited, by).loc["a"]) == [45, 95]


def test_nothing_to_judge_has_no_score():
    audited = clauses(("floor_area", "clinic", np.nan, np.nan, np.nan))
    assert score_parts(audited, default_weights())["max_points"].sum() == 0
    assert score_range(audited, default_weights()).loc["a"].isna().all()


@pytest.mark.long
@settings(max_examples=tries(60, 1000), deadline=None)
@given(st.lists(st.tuples(SHARE, st.floats(0.01, 100), st.booleans()), min_size=1, max_size=25))
def test_parts_always_add_up_to_the_score(rows):
    kinds = [f"k{number}" for number in range(len(rows))]
    audited = clauses(
        *(
            ("distance" if far else "area", kind, share, share, share)
            for kind, (share, _, far) in zip(kinds, rows, strict=True)
        )
    )
    table = {kind: weight for kind, (_, weight, _) in zip(kinds, rows, strict=True)}
    by = weights({"distance": 60, "area": 10}, kind=table)
    parts = score_parts(audited, by)
    tenths = (parts[["max_points", "points", "lost"]] * 10).round().astype(int)
    assert np.allclose(parts[["max_points", "points", "lost"]] * 10, tenths)
    assert tenths["max_points"].sum() == 1000
    assert (tenths["points"] + tenths["lost"] == tenths["max_points"]).all()
    assert (tenths[["points", "lost"]] >= 0).all(axis=None)
    full = audited["attained"] == 1
    assert (tenths.loc[full, "lost"] == 0).all()
    score = tenths["points"].sum() / 10
    low_high = score_range(audited, by).loc["a"]
    assert low_high["score_low"] - 1e-9 <= score <= low_high["score_high"] + 1e-9
    assert score < 100 or (parts["lost"] == 0).all()


@given(st.lists(st.floats(0, 50), min_size=1, max_size=30))
def test_whole_numbers_add_up(exact):
    values = np.array(exact)
    whole = apportion(values, round(values.sum()))
    assert whole.sum() == round(values.sum())
    assert (np.abs(whole - values) < 1 + 1e-6).all()


# ---- the town


@pytest.mark.long
def test_the_scores_of_the_town(town):
    made = checkup(planner.assess(town, standard(Rule("clinic", 320.0))), weights({"distance": 1}))
    assert made.scores.loc["001", "score"] == pytest.approx(83.3)
    assert made.scores.loc["002", "score"] == 0
    assert list(made.scores["rank"]) == [1, 2]
    assert list(made.scores["residents"]) == [180, 67]
    east = made.scores.loc["002"]
    assert (east["score_low"], east["score_high"]) == (0, pytest.approx(10.5))
    card = made.card("001")
    assert card.parts["points"].sum() == pytest.approx(card.score)
    assert [finding.code for finding in card.missing] == ["checkup.distance_missed"]
    assert "83.3% live within 320 m where 100% is asked; 30 are missing" in str(card.missing[0])
    assert card.good == ()


def test_a_place_without_clauses_has_no_score(town):
    made = checkup(planner.assess(town, "blank"))
    assert made.scores["score"].isna().all()
    card = made.card("001")
    assert np.isnan(card.score)
    assert card.rank is None
    assert card.remedies.empty
    assert made.remedies().empty


@pytest.mark.long
def test_unknown_areas_are_refused(town):
    made = checkup(planner.assess(town))
    with pytest.raises(InputError, match="no area 'x'"):
        made.card("x")


@pytest.fixture(scope="module")
def demo_judged():
    gb = builtin_standards()["gb50180-2018"]
    areas = builtin_standards()["national-floor-area"].areas
    return planner.assess(planner.demo_district(), dataclasses.replace(gb, areas=areas))


@pytest.mark.long(but=1)
@pytest.mark.parametrize("level", ["community", "subdistrict", "district"])
def test_the_demo_adds_up_at_every_level(demo_judged, level):
    made = checkup(demo_judged, level=level)
    sums = made.parts.groupby("area_id")[["max_points", "points"]].sum()
    assert np.allclose(sums["max_points"], 100)
    assert np.allclose(sums["points"], made.scores["score"].reindex(sums.index))
    assert (made.scores["score_low"] <= made.scores["score"]).all()
    assert (made.scores["score"] <= made.scores["score_high"]).all()
    assert (made.scores[["met", "missed", "open"]].sum(axis=1) > 0).all()


# ---- remedies


def test_an_open_door_is_smaller_than_a_new_site(town):
    found = remedies(planner.assess(town, standard(Rule("clinic", 320.0))), "clinic")
    east = found[found["area_id"] == "002"].set_index("remedy")
    # the unit's own clinic at x = 950 reaches e and d; a home as a site the same, at the most
    assert (east.loc["open_internal", "gain"], east.loc["open_internal", "id"]) == (60, "clinic-2")
    assert east.loc["open_internal", "lacking"] == 60
    assert east.loc["build", "gain"] <= 60
    assert smallest(found).set_index("area_id").loc["002", "remedy"] == "open_internal"
    west = found[found["area_id"] == "001"].set_index("remedy")
    assert (west.loc["build", "gain"], west.loc["build", "lacking"]) == (30, 30)
    assert (
        list(found["remedy"])
        == sorted(found["remedy"], key=lambda remedy: (0, EFFORT.index(remedy)))
        or len(found["area_id"].unique()) > 1
    )


def test_longer_hours_and_one_more_service(town):
    facilities = town.facilities.copy()
    facilities["ownership"] = "public"
    facilities["opening_hours"] = ["24/7", "Mo-Fr 08:00-18:00", ""]
    facilities["services"] = ["vaccination", "vaccination", ""]
    district = town.with_layers(facilities=facilities)
    rules = standard(Rule("clinic", 320.0))
    late = remedies(planner.assess(district, rules, at="Su 22:00"), "clinic")
    east = late[late["area_id"] == "002"].set_index("remedy")
    assert (east.loc["extend_hours", "gain"], east.loc["extend_hours", "id"]) == (60, "clinic-2")
    facilities["services"] = ["vaccination", "x-ray", ""]
    district = town.with_layers(facilities=facilities)
    served = remedies(planner.assess(district, rules, service="vaccination"), "clinic")
    assert served.set_index(["area_id", "remedy"]).loc[("002", "add_service"), "gain"] == 60


def test_candidate_sites_are_taken_before_homes(town):
    candidates = gpd.GeoDataFrame(
        {
            "candidate_id": ["c1", "c2", "c3"],
            "kinds": ["clinic;library", "library", ""],
            "forbidden": [False, False, True],
        },
        geometry=[shapely.Point(450, 0), shapely.Point(440, 0), shapely.Point(450, 1)],
        crs=town.crs,
    )
    district = town.with_layers(candidates=candidates)
    found = remedies(planner.assess(district, standard(Rule("clinic", 320.0))), "clinic")
    built = found[found["remedy"] == "build"].set_index("area_id")
    assert (built.loc["001", "id"], built.loc["001", "gain"]) == ("c1", 30)
    # the candidate brings 20 there, a home 60
    assert (built.loc["002", "id"], built.loc["002", "gain"]) == ("", 60)


@pytest.mark.parametrize("measure", ["walk", "straight"])
def test_gains_are_those_of_the_changed_district(town, measure):
    rules = dataclasses.replace(standard(Rule("clinic", 320.0)), measure=measure)
    before = planner.assess(town, rules)
    for row in remedies(before, "clinic").itertuples():
        change = (
            planner.district.OpenInternal(row.id)
            if row.remedy == "open_internal"
            else planner.district.Open("new", "clinic", row.x, row.y)
        )
        after = before.apply(planner.Scenario("try", [change]))

        def covered(result, area=row.area_id):
            league = result.league()
            rows = (league["area_id"] == area) & (league["group"] == "population")
            return league[rows & (league["kind"] == "clinic")]["covered"].iloc[0]

        assert covered(after) - covered(before) == row.gain


def test_everybody_covered_needs_no_remedy(town):
    assert remedies(planner.assess(town, standard(Rule("clinic", 9000.0))), "clinic").empty


@pytest.mark.long
def test_two_targets_of_floor_area_for_the_same_kinds_keep_their_own_words(town):
    targets = (
        AreaTarget(("clinic",), 30.0, "households", 100.0, "a"),
        AreaTarget(("clinic",), 600.0, "households", 1000.0, "b"),
    )
    standard = Standard("two", "Two", "二", "made up", {}, areas=targets)
    homes = town.with_layers(communities=town.communities.assign(households=[100.0, 200.0]))
    judged = checkup(planner.assess(homes, standard))
    card = judged.card("001")
    told = [each.params for each in (*card.good, *card.missing, *card.unknown)]
    assert sorted((each["required"], each["count"]) for each in told) == [(30, 100), (600, 1000)]


def idle(made):
    """Return the findings of weights that count nothing, by what they are of."""
    told = (each for each in made.findings if each.code == "checkup.idle_weight")
    return {each.params["name"]: each for each in told}


@pytest.mark.long
def test_a_weight_of_what_nobody_knows_is_refused(town):
    usual = default_weights()
    for table, name in (("kind", "clinc"), ("kind", "clinic;clinc"), ("group", "65plus")):
        with pytest.raises(InputError) as refused:
            checkup(planner.assess(town), dataclasses.replace(usual, **{table: {name: 5.0}}))
        assert refused.value.params["name"] == name
    # weights are for many districts: one without the group, or a standard without the kind
    other = dataclasses.replace(usual, kind={"sports": 2.0}, group={"pop_80plus": 2.0})
    made = checkup(planner.assess(town), other)
    assert made.scores["score"].notna().any()
    told = idle(made)
    assert set(told) == {"sports", "pop_80plus"} - set(made.parts["kind"])
    assert "pop_80plus" in told
    assert "pop_80plus" in Labels("zh").finding(told["pop_80plus"], town.kinds)
    assert idle(checkup(planner.assess(town), usual)) == {}
    counted = dataclasses.replace(usual, group={"population": 2.0})
    assert idle(checkup(planner.assess(town), counted)) == {}


@pytest.mark.long
def test_who_may_be_ahead_or_behind_has_no_rank():
    """Else an area of which most is not known, with a score of 100, stands first in every list."""
    district = planner.demo_district()
    demand = district.demand.copy()
    area = district.communities["community_id"].iloc[0]
    lives = (demand["community_id"] == area).to_numpy()
    away = demand.geometry.translate(0, 50_000)  # no street near: the way is not known
    demand["geometry"] = demand.geometry.where(~lives | (np.arange(len(demand)) % 3 == 0), away)
    rules = standard(Rule("clinic", 5_000.0))
    made = checkup(planner.assess(district.with_layers(demand=demand), rules))
    assert made.scores.loc[area, "score_high"] - made.scores.loc[area, "score_low"] > 10
    assert made.scores["rank"].isna().tolist() == (made.scores.index == area).tolist()
    ranked = made.scores.index[made.scores["rank"].notna()]
    assert made.card(ranked[0], links=False).areas == len(ranked)
    assert made.card(area, links=False).rank is None
    (told,) = [each for each in made.findings if each.code == "checkup.no_rank"]
    assert told.params["count"] == 1
    labels = Labels("en")
    assert "(" in score_words(labels, made.scores.loc[area].to_dict())
    others = made.scores.drop(index=area)
    assert score_words(labels, others.iloc[0].to_dict()) == "100.0"


def test_clauses_of_which_none_is_known_to_be_met_or_missed_have_an_order():
    rows = pd.DataFrame(
        {
            "area_id": [""],
            "requirement": ["distance"],
            "of": [10.0],
            "met": pd.array([pd.NA], dtype="boolean"),
            "attained_low": [0.4],
        }
    )
    assert by_harm(planner.assess(planner.demo_district()), rows, "district")["harm"].item() > 0
