"""A plan that has nothing about the workspace that is asked for says what it is about."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.plan import Plan, Proposal
from planner.plan.store.counts import proposals_by_workspace
from planner.plan.store.places import plan_beside
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import quiet_sentences


@pytest.mark.long
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


def test_proposals_are_counted_by_workspace_without_what_a_plan_is_made_of(
    file_plan: Plan, complete: Callable[..., Proposal], tmp_path: Path
) -> None:
    plan, file = file_plan, Path(file_plan.store.place)
    assert proposals_by_workspace(file) == {}
    complete(plan)
    away = complete(plan)
    complete(plan, workspace="")
    assert proposals_by_workspace(file) == {"town.gpkg": 2, "": 1}
    assert proposals_by_workspace(file) == Counter(each.workspace for each in plan.proposals())
    plan.put_aside(away, "twice")
    assert proposals_by_workspace(file) == {"town.gpkg": 1, "": 1}
    odd = tmp_path / "odd.sqlite"
    odd.write_bytes(b"no database" * 100)
    assert proposals_by_workspace(odd) == proposals_by_workspace(tmp_path / "none.sqlite") == {}
    assert not (tmp_path / "none.sqlite").exists()
