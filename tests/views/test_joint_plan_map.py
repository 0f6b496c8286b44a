"""The map of the joint plan: what is decided has signs of its own, by state, with its year."""

import re
from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import CRS

from planner import assess, demo_district
from planner.district.scenarios.scenario import Open
from planner.district.transformers import transformer
from planner.plan.coordination.years.years import joint_plan
from planner.plan.proposals.making import drafts
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.icons import planned_icon
from planner.views.maps.joint_plan import (
    changed_areas,
    drawn_apart,
    figures_note,
    gone_note,
    opened_gone,
    planned_groups,
    planned_legend,
    shown_by,
)
from planner.views.maps.parts.facilities import facility_group
from planner.views.words.labels import Labels


@pytest.fixture(scope="module")
def demo_assessment():
    return assess(demo_district(), "gb50180-2018")


@pytest.fixture(scope="module")
def decided(demo_assessment):
    """Return a clinic approved for 2027 and one in construction for 2028, each at a far home."""
    missed = (
        demo_assessment.within("clinic", demo_assessment.groups[0])
        .eq(False)
        .fillna(False)
        .to_numpy(dtype=bool)
    )
    homes = demo_assessment.district.demand.geometry[missed]
    made = []
    for number, (year, status) in enumerate([(2027, "approved"), (2028, "in_construction")]):
        home = homes.iloc[0 if number == 0 else -1]
        step = Open(f"new-{number}", "clinic", home.x, home.y)
        (draft,) = drafts([step], demo_assessment)
        told = {"id": f"P-{number}", "year": year, "status": status, "department": "health"}
        made.append(replace(draft, title=f"Site {number}", **told))
    return made


@pytest.fixture(scope="module")
def found(demo_assessment, decided):
    return joint_plan(demo_assessment, decided)


def html(groups) -> str:
    return " ".join(each.arguments for group in groups for each in group._children.values())


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("year", "there"), [("today", []), ("2027", ["P-0"]), ("2028", ["P-0", "P-1"])]
)
def test_what_is_done_by_a_year_stands_on_its_map(found, decided, year, there):
    assert [each.id for each in shown_by(found, decided, "clinic", year)] == there
    assert shown_by(found, decided, "police_room", year) == []


def test_each_state_has_its_sign_its_row_and_who_proposes_what_for_when(found, decided):
    state, labels = found.after[-1], Labels("en")
    there = shown_by(found, decided, "clinic", "2028")
    groups = planned_groups(there, "clinic", state, labels)
    assert [each.layer_name for each in groups] == ["approved", "in construction"]
    told = html(groups)
    for words in ("Site 0", "Health · 2027", "P-0", "Site 1", "Health · 2028", "P-1"):
        assert words in told
    legend = planned_legend(there, "clinic", state, labels)
    kind = state.district.kinds["clinic"]
    for status, group in zip(("approved", "in_construction"), groups, strict=True):
        assert planned_icon(kind, status, 18) in legend
        assert f'data-layer="{group.get_name()}"' in legend
    assert planned_legend([], "clinic", state, labels) == ""


def test_a_new_facility_of_the_plan_is_drawn_once_and_not_as_those_that_are_there(found, decided):
    state = found.after[-1]
    there = shown_by(found, decided, "clinic", "2028")
    apart = drawn_apart(there, "clinic", state)
    new = set(state.district.facilities["facility_id"]) - set(
        found.after[0].district.facilities["facility_id"]
    )
    assert set(apart) == new
    assert len(new) == 2
    drawn = html([facility_group(state.district, "clinic", without=apart)])
    assert not any(f'"{each}"' in drawn for each in new)
    assert all(f'"{each}"' in html([facility_group(state.district, "clinic")]) for each in new)


def test_figures_stand_where_a_share_changes_and_the_legend_says_which(found):
    group = found.after[0].groups[0]
    moved = changed_areas(found, "clinic", group, "2028")
    rows = found.areas(kind="clinic").query("group == @group and year == '2028' and gained > 0")
    assert moved
    assert set(moved) == set(rows["area_id"])
    assert changed_areas(found, "clinic", group, "today") is None
    layers = coverage_groups(found.after[-1], "clinic", group, labelled=moved)
    (labels,) = [each for each in layers if each.layer_name == "Figures and names"]
    names = found.after[0].district.communities.set_index("community_id")["name"]
    assert [name for name in names if name in html([labels])] == [
        name for each, name in names.items() if each in moved
    ]
    note = figures_note("2028", Labels("en"))
    assert "coverage rate at the end of 2028" in note
    assert "coverage rate at the end" not in figures_note("open", Labels("en"))


def test_a_place_in_another_crs_is_drawn_where_it_is(found, decided):
    state, labels = found.after[-1], Labels("en")
    own = state.district.crs
    to = transformer(own, CRS(4326)).transform
    way = shapely.LineString(
        [(decided[0].shape.x, decided[0].shape.y + far) for far in (0.0, 80.0)]
    )
    shapes = [decided[0].shape, way]
    moved = [shapely.transform(each, lambda xy: np.column_stack(to(*xy.T))) for each in shapes]
    here = [replace(decided[0], geometry=each.wkb_hex.lower(), crs=str(own)) for each in shapes]
    there = [replace(decided[0], geometry=each.wkb_hex.lower(), crs="EPSG:4326") for each in moved]
    for one, other in zip(here, there, strict=True):
        drawn = [
            coordinates(planned_groups([each], "clinic", state, labels)) for each in (one, other)
        ]
        assert drawn[0] == pytest.approx(drawn[1], abs=1e-5)
    assert drawn_apart(there[:1], "clinic", state) == drawn_apart(here[:1], "clinic", state) != []


def coordinates(groups) -> list[float]:
    """Return the degrees that layers are drawn at."""
    return [float(each) for each in re.findall(r"-?\d+\.\d{4,}", html(groups))]


def test_what_opened_and_is_gone_from_the_data_is_counted_and_not_drawn(found, decided):
    here = str(found.after[0].district.facilities["facility_id"].iloc[0])
    gone, there = (
        replace(each, status="opened", changes=(replace(each.changes[0], facility_id=own),))
        for each, own in zip(decided, ("P-9/clinic", here), strict=True)
    )
    assert shown_by(found, [gone, there], "clinic", "today") == [there]
    assert opened_gone(found, [gone, there], "clinic") == [gone]
    assert "1 proposal that opened" in gone_note([gone], Labels("en"))
    assert "1 个已启用" in gone_note([gone], Labels("zh"))
    assert gone_note([], Labels("en")) == ""
