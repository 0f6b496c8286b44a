"""A plan that has nothing about the workspace that is asked for says what it is about."""

from collections.abc import Callable
from pathlib import Path

from planner.plan import Plan, Proposal
from planner.plan.store.places import plan_beside
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import quiet_sentences


def test_an_agenda_tells_of_what_the_plan_is_instead(
    plan: Plan, complete: Callable[..., Proposal]
) -> None:
    assert plan.agenda(None, "city.gpkg").elsewhere == plan.elsewhere("city.gpkg") == ()
    complete(plan)
    complete(plan, workspace="")
    agenda = plan.agenda(None, "city.gpkg")
    assert sorted(agenda.elsewhere) == sorted(plan.elsewhere("city.gpkg")) == ["", "town.gpkg"]
    assert plan.agenda(None, "town.gpkg").elsewhere == plan.agenda().elsewhere == ()
    for language in ("en", "zh"):
        labels = Labels(language)
        (said,) = quiet_sentences(labels, agenda)
        assert "town.gpkg" in said
        assert labels.message("plan_words.nothing_to_talk_about") not in said


def test_another_plan_beside_a_workspace_is_found(tmp_path: Path) -> None:
    workspace, file = tmp_path / "city.gpkg", tmp_path / "plan.sqlite"
    assert plan_beside(workspace, None) is None
    file.touch()
    assert plan_beside(workspace, None) == file
    assert plan_beside(workspace, tmp_path / "other.sqlite") == file
    assert plan_beside(workspace, file.parent / "." / file.name) is None
