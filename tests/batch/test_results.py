"""League tables of many districts: ranks among what is alike, ranges where not all is known."""

import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_towns import small_town

import planner
from planner.batch import find_league, open_results, run
from planner.batch.ranks import in_tables, with_change, with_ranks, with_what_compares
from planner.district import District

GROUPS = ["population"]


def areas(shares, lows=None, highs=None):
    ends = {"share_low": lows or shares, "share_high": highs or shares}
    return pd.DataFrame({"total": 100.0, "share": shares, **ends})


def test_equal_shares_have_one_rank():
    ranked = with_ranks(areas([0.5, 0.9, 0.5, 0.1]))
    assert ranked["rank"].tolist() == [2, 1, 2, 4]
    assert ranked["rank_best"].tolist() == [2, 1, 2, 4]
    assert ranked["rank_worst"].tolist() == [2, 1, 2, 4]


def test_ranges_leave_ranks_open_and_nothing_known_has_none():
    nan = float("nan")
    ranked = with_ranks(areas([0.5, 0.6, 0.9, nan], [0.4, 0.45, 0.9, 0.0], [0.7, 0.65, 0.9, 1.0]))
    # the last may be anywhere, so that each of the others may be one further down
    assert ranked["rank"].tolist()[:3] == [3, 2, 1]
    assert pd.isna(ranked["rank"].iloc[3])
    assert ranked["rank_best"].tolist() == [2, 2, 1, 1]
    assert ranked["rank_worst"].tolist() == [4, 4, 2, 4]
    assert set(ranked["ranked"]) == {4}


def test_who_is_surely_better_is_before_though_the_share_is_not_known():
    nan = float("nan")
    ranked = with_ranks(areas([0.9, nan, 0.1, nan], [0.9, 0.3, 0.1, 0.0], [0.9, 0.6, 0.1, 1.0]))
    assert ranked["rank"].tolist()[::2] == [1, 3]
    assert ranked["rank_best"].tolist() == [1, 2, 3, 1]
    inside = ranked.dropna(subset=["rank"])
    assert inside["rank"].between(inside["rank_best"], inside["rank_worst"]).all()


def test_what_is_withheld_has_no_rank_at_all():
    nan = float("nan")
    ranked = with_ranks(areas([0.5, nan, 0.9], [0.5, nan, 0.9], [0.5, nan, 0.9]))
    assert ranked[["rank", "rank_best", "rank_worst"]].iloc[1].isna().all()
    assert ranked["rank"].tolist()[::2] == [2, 1]
    assert set(ranked["ranked"]) == {2}


@pytest.mark.long
@pytest.mark.parametrize(("level", "rows"), [("district", 3), ("community", 6)])
def test_a_league_of_each_level(results, level, rows):
    league = results.league(level, "clinic")
    assert len(league) == rows
    assert league["rank"].is_monotonic_increasing
    assert league["share"].is_monotonic_decreasing
    assert set(league["table"]) == {1}


@pytest.mark.long
def test_change_against_an_earlier_run(made, results, tmp_path):
    district = planner.read_district(made / "d2.gpkg")
    clinics = district.facilities.index[district.facilities["kind"] == "clinic"]
    fewer = district.with_layers(facilities=district.facilities.drop(clinics[1:]))
    earlier = planner.write_district(fewer, tmp_path / "d2.gpkg")
    before = run([made / "d1.gpkg", earlier], tmp_path / "before", groups=GROUPS)
    league = results.league("district", "clinic", before=before).set_index("district")
    assert league.loc["d1", "share_change"] == 0
    assert pd.isna(league.loc["d3", "share_change"])
    # what each of the two says of itself
    share = {
        each: planner.assess(each, groups=GROUPS).summary().set_index("kind").loc["clinic", "share"]
        for each in (district, fewer)
    }
    assert league.loc["d2", "share_change"] == pytest.approx(share[district] - share[fewer])
    assert league.loc["d2", "share_change"] > 0


def test_texts_of_two_widths_are_read_as_one(results, tmp_path):
    folder = shutil.copytree(results.folder, tmp_path / "results")
    file = sorted((folder / "gaps").iterdir())[0]
    table = pq.read_table(file)
    narrow = [
        field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
        for field in table.schema
    ]
    changed = pa.schema(narrow, metadata=table.schema.metadata)
    assert changed != table.schema
    pq.write_table(table.cast(changed), file)
    pd.testing.assert_frame_equal(open_results(folder).gaps(), results.gaps())


def test_nothing_is_compared_across_limits():
    alike = {"province": "", "district": "a", "demand_unit": "residents", "measure": "distance"}
    now = areas([0.5]).assign(**alike, standard_sign="x", limit_m=500.0)
    states = pd.DataFrame({"province": [""], "district": ["a"], "state": ["done"]})
    told = {}
    for name, other in {
        "same": {},
        "limit": {"limit_m": 1000.0},
        "rules": {"standard_sign": "y"},
    }.items():
        before = in_tables(now.assign(share=0.2, **other))
        changed = with_what_compares(
            with_change(in_tables(now), before, "district"), before, "district", states
        )
        row = changed.iloc[0]
        told[name] = (row["compared"], row["differs"], pd.isna(row["rank_change"]))
        assert pd.isna(row["share_change"]) == (name != "same")
    assert told == {
        "same": ("same", "", False),
        "limit": ("other", "limit_m", True),
        "rules": ("other", "standard_sign", True),
    }


def test_ranks_are_compared_with_what_they_leave_open():
    names = {"district": ["a", "b", "c"], "province": "", "demand_unit": "residents"}
    alike = {**names, "measure": "walk", "standard_sign": "x", "limit_m": 500.0}
    first = in_tables(areas([0.9, 0.5, 0.1]).assign(**alike))
    # c is now before all, and of b nobody knows whether it is before a
    now = areas([0.6, 0.5, 0.95], lows=[0.6, 0.4, 0.95], highs=[0.6, 0.7, 0.95]).assign(**alike)
    changed = with_change(in_tables(now), first, "district").set_index("district")
    assert changed["rank_before"].to_dict() == {"a": 1, "b": 2, "c": 3}
    assert changed["rank_change"].to_dict() == {"a": -1, "b": -1, "c": 2}
    assert changed["rank_change_low"].to_dict() == {"a": -2, "b": -1, "c": 2}
    assert changed["rank_change_high"].to_dict() == {"a": -1, "b": 0, "c": 2}
    assert set(changed["ranked_before"]) == {3}


@pytest.mark.long
def test_what_is_new_gone_or_had_no_results_is_told(made, results, tmp_path):
    given = tmp_path / "earlier"
    given.mkdir()
    (given / "d2.gpkg").write_bytes(b"no GeoPackage")
    shutil.copy(made / "d1.gpkg", given / "old.gpkg")
    posts = planner.read_district(made / "d3.gpkg")
    # nobody tells of clinics there
    untold = District.from_layers(
        "Untold", {**posts.layers, "facilities": posts.facilities.assign(kind="police_room")}
    )
    planner.write_district(untold, given / "d3.gpkg")
    before = run(given, tmp_path / "before", groups=GROUPS)
    league = find_league(results, "district", "clinic", before=before)
    told = league.areas.set_index("district")["compared"].to_dict()
    assert told == {"d1": "new", "d2": "no_results", "d3": "unjudged"}
    assert league.gone is not None
    assert league.gone["district"].tolist() == ["old"]
    notes = "\n".join(league.notes(league.labels()))
    assert "1 area is not in the earlier run" in notes
    assert "1 area of the earlier run is not among these any more: Town 1" in notes
    assert "1 area lies in districts without results in the earlier run" in notes
    assert "1 area the earlier run has no such figures" in notes
    assert "version" not in notes
    # a run of another version says so
    file = before.folder / "run.json"
    file.write_text(file.read_text("utf-8").replace(planner.__version__, "0.0.1"), "utf-8")
    again = find_league(results, "district", "clinic", before=open_results(before.folder))
    assert "version 0.0.1 of this program" in "\n".join(again.notes(again.labels()))


def test_what_was_not_asked_for(results, tmp_path):
    with pytest.raises(planner.InputError, match="judge 'pub'"):
        results.league("district", "pub")
    with pytest.raises(planner.InputError, match="count 'pop_0_14'"):
        results.league("district", "clinic", "pop_0_14")
    with pytest.raises(planner.InputError, match="no level 'street'"):
        results.league("street", "clinic")
    with pytest.raises(planner.InputError, match="holds no results"):
        open_results(tmp_path)


@pytest.mark.long
def test_districts_are_told_on_which_remarks_say_that_figures_may_be_wrong(tmp_path):
    town = small_town(1)
    sound = town.communities.assign(population=[50.0, 51.0])
    more = sound.assign(population=sound["population"] * 2)
    for name, communities in (("sound", sound), ("doubtful", more)):
        district = town.with_layers(communities=communities)
        planner.write_district(district, tmp_path / f"{name}.gpkg")
    results = run(tmp_path, tmp_path / "results", groups=GROUPS)
    doubts = results.league("district", "clinic").set_index("district")["doubts"]
    assert doubts["doubtful"] == doubts["sound"] + len(more)
    assert results.in_doubt() == (doubts > 0).sum() >= 1


@pytest.mark.long
def test_homes_that_do_not_tell_a_group_put_that_groups_figures_in_doubt(tmp_path):
    """Half of a district's old people were not told, and it was ranked by the others' share."""
    town = small_town(1)
    old = [3.0] * len(town.demand)
    for name, told in (("told", old), ("untold", [None, *old[1:]])):
        district = town.with_layers(demand=town.demand.assign(pop_65plus=told))
        planner.write_district(district, tmp_path / f"{name}.gpkg")
    results = run(tmp_path, tmp_path / "results", groups=["population", "pop_65plus"])
    doubts = {
        group: results.league("district", "clinic", group).set_index("district")["doubts"]
        for group in ("population", "pop_65plus")
    }
    assert doubts["population"]["untold"] == doubts["population"]["told"]
    assert doubts["pop_65plus"]["untold"] == doubts["pop_65plus"]["told"] + 1
