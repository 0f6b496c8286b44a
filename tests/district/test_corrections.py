"""Corrections by hand: steps, undo, what the district becomes, and the file of them."""

import json
import math
from dataclasses import replace

import pytest
import shapely
from towns import EAST, NORTH, town

from planner.district.corrections.applied import apply_corrections
from planner.district.corrections.corrections import VERSION, Correction, Corrections
from planner.district.corrections.steps import add, complete, edit, remove, values_of
from planner.errors import InputError

AT = "2026-03-04T09:30:00+08:00"


def kept(*steps) -> Corrections:
    return Corrections(crs=town().crs.to_string()).do(*steps)


@pytest.mark.long
def test_an_edit_keeps_old_and_new_of_what_differs_only():
    step = edit(town(), "f1", {"name": "Clinic", "capacity": 40, "status": "closed"}, AT)
    assert step == Correction(
        "edit",
        "f1",
        AT,
        {"capacity": 40.0, "status": "closed"},
        {"capacity": None, "status": "existing"},
        {"name": "Clinic", "kind": "clinic", "x": EAST, "y": NORTH},
    )
    assert edit(town(), "f1", {"name": " Clinic ", "x": EAST, "y": NORTH}, AT) is None


@pytest.mark.long
def test_an_edit_changes_its_facility_and_nothing_else():
    before = town()
    step = edit(before, "f1", {"opening_hours": "24/7", "x": EAST + 70}, AT)
    after = apply_corrections(before, kept(step))
    assert values_of(after, "f1") == values_of(before, "f1") | {
        "opening_hours": "24/7",
        "x": EAST + 70,
    }
    assert values_of(after, "f2") == values_of(before, "f2")
    assert values_of(before, "f1")["opening_hours"] == ""
    rows = after.facilities.set_index("facility_id")["source"]
    assert rows.to_dict() == {"f1": "corrected 2026-03-04", "f2": ""}


@pytest.mark.long
def test_added_and_removed_facilities():
    before = town()
    new = add(before, {"kind": "library", "name": "馆", "x": EAST + 5, "y": NORTH + 6}, AT)
    assert new.facility_id == "hand-1"
    with_library = apply_corrections(before, kept(new))
    assert with_library.facilities["facility_id"].tolist() == ["f1", "f2", "hand-1"]
    row = with_library.facilities.iloc[2]
    assert (row["status"], row["ownership"], row["source"]) == (
        "existing",
        "public",
        "by hand 2026-03-04",
    )
    assert row.geometry.equals(shapely.Point(EAST + 5, NORTH + 6))
    assert math.isnan(row["capacity"])
    again = add(with_library, {"kind": "library", "x": EAST, "y": NORTH}, AT)
    assert again.facility_id == "hand-2"
    gone = remove(with_library, "f1", AT)
    assert gone.old["name"] == "Clinic"
    after = apply_corrections(before, kept(new, gone))
    assert after.facilities["facility_id"].tolist() == ["f2", "hand-1"]


@pytest.mark.long
def test_a_facility_can_be_added_where_there_is_none():
    empty = town().with_layers(facilities=town().facilities.iloc[:0])
    after = apply_corrections(empty, kept(add(empty, {"kind": "clinic", "x": 1, "y": 2}, AT)))
    assert after.facilities["kind"].tolist() == ["clinic"]


@pytest.mark.long
def test_provenance_and_findings_tell_of_corrections():
    before = town()
    steps = kept(edit(before, "f1", {"name": "Other"}, AT), remove(before, "f2", AT))
    after = apply_corrections(before, steps)
    assert after.sources[-1].source == "corrected by hand"
    assert (after.sources[-1].layer, after.sources[-1].date) == ("facilities", "2026-03-04")
    told = {finding.code: finding.params for finding in after.findings}
    assert told["corrections.applied"] == {
        "count": 2,
        "date": "2026-03-04",
        "edit": 1,
        "add": 0,
        "remove": 1,
    }
    assert apply_corrections(before, Corrections()) is before


@pytest.mark.long
def test_what_the_file_lost_or_changed_meanwhile_is_told():
    before = town()
    steps = kept(edit(before, "f1", {"capacity": 40}, AT), edit(before, "f2", {"name": "New"}, AT))
    table = before.facilities.copy()
    table.loc[table["facility_id"] == "f2", "name"] = "Renamed"
    later = before.with_layers(facilities=table[table["facility_id"] != "f1"])
    after = apply_corrections(later, steps)
    told = {finding.code: finding.params.get("ids") for finding in after.findings}
    assert told["corrections.lost"] == "f1"
    assert told["corrections.stale"] == "f2"
    assert after.facilities["name"].tolist() == ["New"]


def with_rows(district, *ids):
    """The facilities with these ids in turn: a list without ids whose rows changed their order."""
    return district.with_layers(facilities=district.facilities.assign(facility_id=list(ids)))


def others(district):
    (found,) = [f for f in district.findings if f.code == "corrections.others"]
    return found.params["ids"]


@pytest.mark.long
def test_corrections_do_not_hit_the_facility_that_has_the_id_by_now():
    before = town()
    for step in (
        remove(before, "f1", AT),
        edit(before, "f1", {"status": "closed"}, AT),
        edit(before, "f1", {"name": "Renamed", "x": EAST + 300}, AT),
    ):
        exchanged = with_rows(before, "f2", "f1")
        after = apply_corrections(exchanged, kept(step))
        assert others(after) == "f1"
        assert after.facilities.equals(exchanged.facilities)
        assert "corrections.applied" not in {f.code for f in after.findings}


@pytest.mark.long
def test_a_facility_that_was_renamed_or_moved_is_known_again():
    before = town()
    step = edit(before, "f1", {"capacity": 40}, AT)
    for changed in ({"name": "Other"}, {"geometry": shapely.Point(EAST + 900, NORTH)}):
        table = before.facilities.copy()
        for column, value in changed.items():
            table.loc[0, column] = value
        after = apply_corrections(before.with_layers(facilities=table), kept(step))
        assert after.facilities["capacity"].iloc[0] == 40


def test_an_added_facility_does_not_write_over_one_of_the_same_id():
    before = town()
    step = add(before, {"kind": "library", "name": "馆", "x": EAST, "y": NORTH}, AT)
    taken = with_rows(before, "f1", "hand-1")
    after = apply_corrections(taken, kept(step))
    assert others(after) == "hand-1"
    assert after.facilities.equals(taken.facilities)


@pytest.mark.long
def test_steps_of_before_are_read_and_kept_as_they_were():
    step = edit(town(), "f1", {"capacity": 1}, AT)
    text = json.loads(kept(step).to_json())
    assert text["steps"][0]["of"]["name"] == "Clinic"
    del text["steps"][0]["of"]
    old = Corrections.from_json(json.dumps(text))
    assert "of" not in json.loads(old.to_json())["steps"][0]
    assert apply_corrections(town(), old).facilities["capacity"].iloc[0] == 1


@pytest.mark.long
def test_corrections_applied_twice_are_those_applied_once():
    before = town()
    new = add(before, {"kind": "library", "x": EAST, "y": NORTH}, AT)
    steps = kept(new, edit(before, "f1", {"capacity": 9}, AT), remove(before, "f2", AT))
    once = apply_corrections(before, steps)
    twice = apply_corrections(once, steps)
    assert once.facilities.equals(twice.facilities)
    codes = {finding.code for finding in twice.findings}
    assert not codes & {"corrections.lost", "corrections.stale"}


def test_undo_and_redo():
    before = town()
    first, second = (edit(before, "f1", {"capacity": n}, AT) for n in (1, 2))
    made = kept(first, second)
    assert made.undo().steps == (first,)
    assert made.undo().undo().redo().redo() == made
    assert made.undo().do(first).undone == ()
    assert Corrections().undo() == Corrections()
    assert Corrections().redo() == Corrections()
    assert made.undo().sign == kept(first).sign != made.sign
    assert Corrections().sign == made.undo().undo().sign == ""


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "castle"}, "unknown_kind"),
        ({"kind": ""}, "unknown_kind"),
        ({"status": "ruined"}, "not_a_choice"),
        ({"capacity": -1}, "not_a_number"),
        ({"capacity": "many"}, "not_a_number"),
        ({"floor_area_m2": math.inf}, "not_a_number"),
        ({"x": None}, "needed"),
        ({"facility_id": "f9"}, "unknown_field"),
    ],
)
def test_values_that_cannot_stand_are_refused(values, code):
    with pytest.raises(InputError) as error:
        edit(town(), "f1", values, AT)
    assert error.value.code == f"corrections.{code}"


@pytest.mark.long
def test_a_facility_that_is_not_there_and_one_without_a_place():
    for wrong in (lambda: edit(town(), "f9", {}, AT), lambda: remove(town(), "f9", AT)):
        with pytest.raises(InputError) as error:
            wrong()
        assert error.value.code == "corrections.no_such_facility"
    with pytest.raises(InputError) as error:
        add(town(), {"kind": "clinic", "x": 1.0}, AT)
    assert error.value.code == "corrections.needed"


def test_another_crs_is_refused():
    step = edit(town(), "f1", {"capacity": 1}, AT)
    with pytest.raises(InputError) as error:
        apply_corrections(town(), Corrections((step,), crs="EPSG:4547"))
    assert error.value.code == "corrections.other_crs"


def test_the_text_comes_back_as_it_was():
    before = town()
    new = add(before, {"kind": "library", "name": "馆<b>", "x": 1.5, "y": 2.5}, AT)
    made = kept(new, edit(before, "f1", {"capacity": None, "name": "x"}, AT)).undo()
    assert Corrections.from_json(made.to_json()) == made


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data.update(format="scenario"), "not_corrections"),
        (lambda data: data.update(version=VERSION + 1), "newer"),
        (lambda data: data.update(steps="none"), "not_corrections"),
        (lambda data: data["steps"][0].update(do="burn"), "bad_step"),
        (lambda data: data["steps"][0].update(facility_id=3), "bad_step"),
        (lambda data: data["steps"][0]["new"].update(capacity="9"), "bad_step"),
        (lambda data: data["steps"][0]["new"].update(geometry="POINT"), "bad_step"),
        (lambda data: data["steps"][0]["new"].update(x=1.0), "bad_step"),
        (lambda data: data["steps"][0]["new"].update(name=["a"]), "bad_step"),
    ],
)
def test_broken_texts_are_refused(change, code):
    data = json.loads(kept(edit(town(), "f1", {"capacity": 1}, AT)).to_json())
    change(data)
    with pytest.raises(InputError) as error:
        Corrections.from_json(json.dumps(data), "own.json")
    assert error.value.code == f"corrections.{code}"
    assert "own.json" in str(error.value)
    with pytest.raises(InputError):
        Corrections.from_json("no JSON")


def test_a_kind_can_be_said_to_be_complete_and_taken_back():
    here = replace(town(), records={})
    free = next(kind for kind in here.kinds if not here.has_data(kind))
    step = complete(here, free, AT)
    assert step is not None
    kept = Corrections(crs=here.crs.to_string()).do(step)
    assert json.loads(kept.to_json())["version"] == 2
    again = Corrections.from_json(kept.to_json())
    assert again == kept
    after = apply_corrections(here, again)
    assert after.data_state(free) == "complete"
    assert after.facilities is here.facilities
    assert [f.code for f in after.findings if f.code.startswith("corrections.")] == [
        "corrections.said_complete"
    ]
    assert complete(after, free, AT) is None
    assert not apply_corrections(here, kept.undo()).has_data(free)
    bad = kept.to_json().replace(f'"kind": "{free}"', '"name": "x"')
    with pytest.raises(InputError, match="kind"):
        Corrections.from_json(bad)


def namesakes(*x: float):
    """Police rooms that all have one name, as bureaux list them, at x in turn."""
    table = town().facilities.iloc[[0] * len(x)].reset_index(drop=True)
    table = table.assign(
        facility_id=[f"r{number}" for number in range(1, len(x) + 1)],
        name="警务室",
        kind="police_room",
        geometry=[shapely.Point(EAST + each, NORTH) for each in x],
    )
    return town().with_layers(facilities=table)


@pytest.mark.long
@pytest.mark.parametrize("apart", [240.0, 40.0])
def test_of_facilities_of_one_name_the_one_at_the_place_is_meant(apart):
    before = namesakes(0.0, apart, 2 * apart)
    steps = kept(edit(before, "r1", {"status": "closed"}, AT), remove(before, "r2", AT))
    assert apply_corrections(before, steps).facilities["status"].tolist() == ["closed", "existing"]
    anew = namesakes(2 * apart, 0.0, apart)
    after = apply_corrections(anew, steps)
    assert others(after) == "r1, r2"
    assert after.facilities.equals(anew.facilities)


def as_listed():
    """The town of whose facilities nobody said that all are listed."""
    return replace(town(), records={}).with_layers(facilities=town().facilities)


def told_of(district, code: str) -> list[dict]:
    return [dict(finding.params) for finding in district.findings if finding.code == code]


@pytest.mark.long
def test_a_kind_of_which_no_listed_facility_is_left_is_no_data():
    before = as_listed()
    renamed = kept(edit(before, "f1", {"kind": "police_room"}, AT))
    after = apply_corrections(before, renamed)
    assert before.data_state("clinic") == "listed"
    assert (after.data_state("clinic"), after.data_state("police_room")) == ("none", "listed")
    assert told_of(after, "corrections.emptied_kinds") == [{"kinds": "clinic"}]
    gone = apply_corrections(before, kept(remove(before, "f1", AT)))
    assert gone.data_state("clinic") == "none"
    assert told_of(gone, "corrections.emptied_kinds") == [{"kinds": "clinic"}]
    # closed is what somebody knows of it, and whoever says that all are listed says that 0 is 0
    closed = apply_corrections(before, kept(edit(before, "f1", {"status": "closed"}, AT)))
    assert closed.data_state("clinic") == "listed"
    said = kept(remove(before, "f1", AT), complete(before, "clinic", AT))
    assert apply_corrections(before, said).data_state("clinic") == "complete"


@pytest.mark.long
def test_of_a_kind_that_only_hands_entered_it_is_told():
    before = as_listed()
    steps = kept(add(before, {"kind": "library", "x": EAST, "y": NORTH}, AT))
    after = apply_corrections(before, steps)
    assert told_of(after, "corrections.only_by_hand") == [{"kinds": "library", "count": 1}]
    assert after.records["library"].source == after.sources[-1].source
    assert after.records["library"].date == "2026-03-04"
    known = kept(add(before, {"kind": "clinic", "x": EAST, "y": NORTH}, AT))
    assert not told_of(apply_corrections(before, known), "corrections.only_by_hand")
