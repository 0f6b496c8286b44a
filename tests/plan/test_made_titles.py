"""Titles that the tool makes are told in the language of whoever reads them."""

import json
import math

import pytest
from street_town import X, Y, crowded_street
from test_coordination import decided

import planner
from planner.analysis.nearby import Nearby
from planner.district import Open
from planner.plan import Plan, Proposal
from planner.plan.proposals import making
from planner.views.maps.compromise import compromise_groups
from planner.views.tables.plan.joint_plan import differences_table
from planner.views.words.labels import Labels
from planner.views.words.plan.made_titles import with_title
from planner.views.words.plan.proposals import proposal_name, what_done

SPOTS = {
    "landmark": Nearby("Mill Lane", "North Gate", 80.0, "w", "Old Town", "n", True),
    "community": Nearby("", "", math.nan, "", "Old Town", "n", True),
    "none": None,
}


@pytest.fixture(scope="module")
def result():
    return planner.assess(crowded_street())


def made(plan: Plan, result, language: str, spot: Nearby | None, name: str = "") -> Proposal:
    labels = Labels(language)
    (draft,) = making.drafts([Open("n", "clinic", X, Y, name)], result)
    told = with_title(labels, draft, what_done(labels, draft), spot)
    return plan.propose([told], assessment=result, figures=False)[0]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("name", ["", "Mill house"])
@pytest.mark.parametrize("spot", SPOTS)
def test_a_made_title_is_told_in_the_language_of_who_reads_it(
    plan: Plan, result, spot: str, name: str
) -> None:
    of = {
        language: plan.get(made(plan, result, language, SPOTS[spot], name).id)
        for language in ("en", "zh")
    }
    assert of["en"].title != of["zh"].title
    for language, own in of.items():
        for each in of.values():
            assert proposal_name(Labels(language), each) == own.title


@pytest.mark.long
def test_what_somebody_typed_stays_as_it_is(plan: Plan, result) -> None:
    own = made(plan, result, "en", SPOTS["landmark"])
    typed = plan.edit(own, title="Clinic")
    assert proposal_name(Labels("zh"), typed) == "Clinic"
    # reviews are of what is to be built, and not of how it is called
    assert typed.content_sign == own.content_sign
    assert proposal_name(Labels("zh"), plan.recompute(typed, result)) == "Clinic"
    back = plan.recompute(plan.edit(typed.id, title=own.title), result)
    assert proposal_name(Labels("zh"), back).startswith("新建设施")
    assert plan.verify() == ()


@pytest.mark.long
def test_a_comparison_calls_proposals_in_the_language_of_who_reads_it(
    file_plan: Plan, result
) -> None:
    kept = []
    for metres, cost in ((30.0, 90.0), (1500.0, 5.0)):
        labels = Labels("en")
        (draft,) = making.drafts([Open("n", "clinic", X + metres, Y)], result)
        titled = with_title(labels, draft, what_done(labels, draft), SPOTS["landmark"])
        priced = {"cost": cost, "currency": "CNY 10,000", "figures": False}
        kept += file_plan.propose([titled], assessment=result, **priced)
    for each in kept:
        decided(file_plan, each)
    found = file_plan.compare(result, kinds=["clinic"])
    for language in ("en", "zh"):
        labels = Labels(language)
        name = proposal_name(labels, kept[0])
        table = differences_table(found, labels, result.district.kinds)
        drawn = compromise_groups(found, file_plan.decided(), language)
        texts = [str(x.arguments) for each in drawn for x in each._children.values()]
        assert name in table.iloc[:, 1].tolist()
        assert any(json.dumps(name)[1:-1] in text or name in text for text in texts)
