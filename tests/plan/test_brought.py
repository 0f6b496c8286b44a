"""What proposals bring in words: by which standard, and why it is not told."""

from dataclasses import replace

import pytest
import shapely
from street_town import X, Y, crowded_street, frame

import planner
from planner.district import Connect, Kinds, Open, Scenario
from planner.plan import Plan
from planner.plan.coordination.meeting.one_building import same_places
from planner.plan.proposals.figures import Figures
from planner.views.tables.plan.plan import proposals_table
from planner.views.words.labels import Labels
from planner.views.words.plan.brought import (
    bases,
    bases_sentence,
    brings_sentence,
    no_data_sentence,
)

OTHER = "15-minute"


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


@pytest.fixture(scope="module")
def other():
    return planner.assess(crowded_street(), OTHER)


def clinic(plan: Plan, result, metres: float, kind: str = "clinic"):
    (made,) = plan.propose([Open("n", kind, X + metres, Y)], assessment=result)
    return made


@pytest.mark.long
def test_gains_by_two_standards_name_theirs_and_are_no_sum(file_plan: Plan, result, other) -> None:
    one, two = clinic(file_plan, result, 3200.0), clinic(file_plan, other, 3200.0)
    labels = Labels("en")
    table = proposals_table(file_plan.cases(), labels, Kinds({}))
    names = [labels.standard(each.standard) for each in (result, other)]
    assert table["Counted with"].tolist() == names
    assert len(set(names)) == 2
    found = bases(labels, [one, two])
    assert (found, "2 standards" in bases_sentence(labels, found)) == (names, True)
    assert bases_sentence(labels, bases(labels, [one, one])).count(names[0]) == 1
    assert file_plan.table()["standard"].tolist() == [result.standard.id, OTHER]
    gained = one.figures.gained()
    assert gained > 0
    (matter,) = same_places([one, replace(one, id="P-2")])
    assert matter.people == 2 * gained
    for basis in ("standard_sign", "data_sign"):
        figures = replace(one.figures, **{basis: "another"})
        (matter,) = same_places([one, replace(one, id="P-2", figures=figures)])
        assert matter.people == gained


def test_a_kind_that_the_standard_does_not_judge_says_so(file_plan: Plan, result) -> None:
    free = next(kind for kind in result.kinds if kind not in result.judged_kinds)
    told = {}
    for language in ("en", "zh"):
        labels = Labels(language)
        told[language] = brings_sentence(labels, clinic(file_plan, result, 3200.0, free))
        assert labels.kind(free) in told[language]
        assert labels.standard(result.standard) in told[language]
    assert "has no limit for" in told["en"]
    steps = [Open("n", "clinic", X + 3200, Y), Open("m", free, X + 3200, Y)]
    (both,) = file_plan.propose(steps, assessment=result)
    said = brings_sentence(Labels("en"), both)
    assert f"Not in it: {Labels('en').kind(free)}" in said
    assert said.startswith("Brings ")


@pytest.mark.long
def test_another_question_and_what_brings_nothing_say_so(file_plan: Plan, result) -> None:
    asked = planner.assess(crowded_street(), at="Su 22:00", groups=["pop_65plus"])
    said = brings_sentence(Labels("en"), clinic(file_plan, asked, 3200.0))
    assert "Only what is open" in said
    assert "65 and over" in said
    (way,) = file_plan.propose([Connect(X, Y, X + 60, Y)], assessment=result)
    assert (way.figures.rows, "changes no coverage" in brings_sentence(Labels("en"), way)) == (
        (),
        True,
    )
    blank = file_plan.add(department="health", kinds=["clinic"])
    assert "does not say yet what exactly is built" in brings_sentence(Labels("en"), blank)


@pytest.mark.long
def test_of_a_kind_of_which_nothing_is_told_the_gain_is_not_known(file_plan: Plan) -> None:
    town = crowded_street()
    own = replace(town.kinds["police_room"], id="tea_room", department="culture")
    result = planner.assess(replace(town, kinds=town.kinds | {"tea_room": own}))
    made = clinic(file_plan, result, 3200.0, "tea_room")
    assert {row.kind for row in made.figures.rows} == {"tea_room"}
    assert made.figures.gained() is None
    assert file_plan.table()["gained"].isna().tolist() == [True]
    for language, none in (("en", "changes no coverage"), ("zh", "不改变")):
        assert none not in brings_sentence(Labels(language), made)
    assert replace(made.figures, rows=()).gained() == 0.0


@pytest.mark.long
def test_figures_kept_without_rows_are_not_known_until_computed_anew(plan: Plan, result) -> None:
    """An older version kept no row of what it could not tell, which is no 0."""
    (way,) = plan.propose([Connect(X, Y, X + 60, Y)], assessment=result)
    kept = way.figures.to_json()
    assert Figures.from_json(kept) == way.figures
    assert (way.figures.gained(), kept.pop("unknown_told")) == (0.0, True)
    old = Figures.from_json(kept)
    assert (old.to_json(), old.rows, old.gained()) == (kept, (), None)
    made = plan.edit(way, figures=old, note="moved")
    assert plan.table()["gained"].isna().tolist() == [True]
    for language, none, asks in (("en", "no coverage", "anew"), ("zh", "没有变化", "重新计算")):
        said = brings_sentence(Labels(language), made)
        assert (none in said, asks in said) == (False, True)
        assert proposals_table(plan.cases(), Labels(language), Kinds({})).isna().any(axis=None)
    assert plan.edit(made.id, title="Path").figures == old
    again = plan.recompute(made.id, result)
    assert (again.figures.gained(), plan.table()["gained"].tolist()) == (0.0, [0.0])


def interrupted(complete=("clinic",)):
    """The street of clinics with a piece missing, so that a way over it brings some near."""
    halves = [((X, Y), (X + 2350, Y)), ((X + 2450, Y), (X + 4200, Y))]
    lines = [shapely.LineString(each) for each in halves]
    return crowded_street(complete).with_layers(streets=frame(lines, street_id=["s", "t"]))


OVER = Connect(X + 2350, Y, X + 2450, Y)


@pytest.mark.long
def test_a_way_tells_what_it_brings_for_the_kinds_that_are_known(plan: Plan) -> None:
    """Any kind of the standard without data made it all "nothing is told"."""
    result = planner.assess(interrupted())
    (way,) = plan.propose([OVER], assessment=result)
    gained = way.figures.gained()
    known = planner.compare(result, result.apply(Scenario("", (OVER,)))).summary()
    own = known[(known["kind"] == "clinic") & (known["group"] == "population")]
    assert gained == own["covered_change"].item() > 0
    assert {row.kind for row in way.figures.rows} == {"clinic"}
    assert set(way.figures.no_data) == set(result.kinds_without_data) != set()
    assert plan.table()["gained"].tolist() == [gained]
    kept = Figures.from_json(way.figures.to_json())
    assert kept == way.figures
    for language, nothing in (("en", "Nothing is known for"), ("zh", "无从得知")):
        labels = Labels(language)
        said = brings_sentence(labels, way)
        assert labels.number(gained) in said
        assert nothing in said
        beside = no_data_sentence(labels, [way, replace(way, figures=None)])
        for kind in way.figures.no_data:
            assert labels.kind(kind) in said
            assert labels.kind(kind) in beside
    assert no_data_sentence(labels, [replace(way, figures=None)]) == ""


@pytest.mark.long
def test_a_way_that_changes_no_known_kind_says_of_which_nothing_is_known(plan: Plan) -> None:
    result = planner.assess(interrupted())
    (way,) = plan.propose([Connect(X, Y, X + 60, Y)], assessment=result)
    assert (way.figures.rows, way.figures.gained()) == ((), 0.0)
    said = brings_sentence(Labels("en"), way)
    assert "changes no coverage" in said
    assert "Nothing is known for" in said


@pytest.mark.long
def test_what_has_no_data_or_is_withheld_brings_nothing_that_is_told(plan: Plan) -> None:
    town = interrupted()
    result = planner.assess(town)
    (free,) = plan.propose([Open("n", "police_room", X + 3200, Y)], assessment=result)
    assert (free.figures.gained(), free.figures.no_data) == (None, ("police_room",))
    assert "no source tells" in brings_sentence(Labels("en"), free)
    steps = [Open("n", "police_room", X + 3200, Y), Open("m", "clinic", X + 3200, Y)]
    (both,) = plan.propose(steps, assessment=result)
    assert both.figures.gained() > 0
    assert "Nothing is known for" in brings_sentence(Labels("en"), both)
    hidden = planner.assess(town.withhold(10**6), groups=["pop_65plus"])
    (way,) = plan.propose([OVER], assessment=hidden)
    assert way.figures.gained() is None
    assert "small counts are withheld" in brings_sentence(Labels("en"), way)
    none = result.standard.rules["police_room"]
    only = planner.assess(town, replace(result.standard, rules={"police_room": none}))
    (way,) = plan.propose([OVER], assessment=only)
    assert way.figures.gained() is None
    assert "no source tells" in brings_sentence(Labels("en"), way)
