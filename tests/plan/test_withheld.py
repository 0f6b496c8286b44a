"""What a plan keeps of groups is told nowhere to whom small counts are withheld from."""

import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from kept_counts import COUNT, GROUP, SHARE, keep_counts, text_of, told_counts, with_counts

import planner
from planner.cli.plan.app import GROUPS, VERBS
from planner.errors import InputError
from planner.plan import ConflictError, Plan, open_plan
from planner.plan.withheld import BY_TODAY
from planner.reports.report import report
from planner.reports.request import JointWork
from planner.views.tables.plan.plan import brought_table, proposals_table
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.brought import brings_sentence

TOWN, FILE = "town.gpkg", "plan.sqlite"
WITHHOLD = "PLANNER_WITHHOLD_BELOW"


@pytest.fixture
def here(written_part: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(written_part, tmp_path / TOWN)
    monkeypatch.chdir(tmp_path)
    for name in ("PLANNER_DATABASE_URL", "PLANNER_CONFIG", WITHHOLD):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def ids(here: Path, run) -> dict[str, str]:
    """Propose clinics for one group, in all states, with counts that nothing else has."""
    district = planner.read_district(Path(TOWN))
    spots = [district.demand.geometry.iloc[n] for n in (0, 20, 40, 60)]
    for spot in spots:
        place = ("--x", spot.x, "--y", spot.y, "--department", "health", "--year", 2028)
        code, _, err = run("plan", "add", TOWN, "--kind", "clinic", *place, "--group", GROUP)
        assert code == 0, err
    with open_plan(FILE) as plan:
        draft, asked, decided, part = (each.id for each in plan.proposals())
        beside = plan.get(part).shape
        assert beside is not None
        place = ("--x", beside.x, "--y", beside.y, "--department", "civil_affairs")
        code, _, err = run("plan", "add", TOWN, "--kind", "elderly_care", *place, "--group", GROUP)
        assert code == 0, err
        other = plan.proposals()[-1].id
        code, _, err = run("plan", "combine", TOWN, part, other, "--group", GROUP)
        assert code == 0, err
        house = plan.proposals()[-1].id
        for own in (draft, asked, decided, part, other, house):
            keep_counts(plan, own)
        for own in (asked, decided):
            plan.step(own, "submit")
            plan.step(own, "take_up")
        for needed in plan.case(decided).waiting_for:
            plan.review(decided, "support", "fits", needed.department)
        plan.step(decided, "approve")
        plan.review(asked, "object", "too far", "planning")
        values = {"kind": "clinic", "workspace": TOWN, "year": 2029, "step": 0.2, "years": 2}
        target = plan.set_target(group=GROUP, share=SHARE, by_today=True, **values).id
        plan.export("whole.plan")
    return {
        "draft": draft,
        "asked": asked,
        "decided": decided,
        "house": house,
        "part": part,
        "target": target,
    }


READING = {
    "open": "",
    "list": "",
    "show": "{house}",
    "agenda": f"{TOWN} --group {GROUP} --out agenda.docx",
    "years": f"{TOWN} --group {GROUP} --out years",
    "compare": f"{TOWN} --group {GROUP} --budget 3000 --steps 2",
    "trail": "",
    "verify": "",
    "scenario": f"decided.json --workspace {TOWN}",
    "target list": f"{TOWN} --group {GROUP}",
    "limit list": f"--workspace {TOWN}",
}
"""Verbs that only read, with what they are asked."""

WRITING = {
    "propose": f"{TOWN} decided.json --group {GROUP}",
    "add": f"{TOWN} --kind clinic --x 1 --y 1",
    "combine": f"{TOWN} {{draft}} {{part}}",
    "edit": "{draft} --year 2030",
    "recompute": f"{TOWN} {{draft}} --group {GROUP}",
    "submit": "{draft}",
    "take-up": "{draft}",
    "send-back": "{draft} --why 'too dear'",
    "approve": "{asked}",
    "reject": "{asked} --why 'too dear'",
    "reopen": "{asked} --why 'again'",
    "withdraw": "{draft} --why 'no need'",
    "start": "{decided}",
    "opened": f"{TOWN} {{decided}} --source seen",
    "supersede": "{house} {draft} --why 'one for both'",
    "put-aside": "{draft} --why twice",
    "review": "{asked} object --department planning --why 'no land'",
    "answer": "R-0000-0000 yes",
    "consult": "{asked} housing",
    "comment": "{asked} seen",
    "document": "{asked} Minutes https://example.org/m.pdf",
    "backup": "a.backup",
    "export": "a.plan",
    "restore": "whole.plan --plan new.sqlite",
    "import": "whole.plan",
    "target set": f"{TOWN} --kind clinic --year 2030 --more 10% --group {GROUP}",
    "target edit": "{target} --year 2031 --why later",
    "target put-aside": "{target} --why 'no longer'",
    "limit set": "health --year 2028 --amount 500",
    "limit edit": "L-0000-0000 --amount 1 --why cut",
    "limit put-aside": "L-0000-0000 --why cut",
}
"""Verbs that write, in an order in which most of them may."""


def asked_of(verb: str, given: str, ids: dict[str, str]) -> list[str]:
    return ["plan", *verb.split(), *shlex.split(given.format(**ids))]


def test_every_verb_of_the_plan_is_tried() -> None:
    groups = {f"{group} {name}" for group, (verbs, _) in GROUPS.items() for name in verbs}
    assert {*READING, *WRITING} == {*VERBS, *groups}


def test_no_verb_tells_kept_counts_where_small_ones_are_withheld(
    run, here: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {*here.iterdir()}
    shown = run("plan", "show", ids["house"])[1] + run("plan", "trail", "--json")[1]
    told = run("plan", "target", "list", TOWN)[1]
    assert len(told_counts(shown)) > 5
    assert told_counts(told)
    monkeypatch.setenv(WITHHOLD, "5")
    for verb, given in READING.items():
        for form in ([], ["--json"]):
            for made in {*here.iterdir()} - before:
                shutil.rmtree(made) if made.is_dir() else made.unlink()
            code, out, err = run(*asked_of(verb, given, ids), *form)
            assert code == 0, (verb, err)
            assert not told_counts(out + err), (verb, form, told_counts(out + err))
            for made in {*here.rglob("*")} - before:
                assert not made.is_file() or not told_counts(text_of(made)), (verb, made.name)
    for verb, given in WRITING.items():
        code, out, err = run(*asked_of(verb, given, ids), "--json")
        assert not told_counts(out + err), (verb, told_counts(out + err))
        assert code != 1 or verb == "import", (verb, err)
    assert not (here / "a.plan").exists()
    assert not (here / "a.backup").exists()


@pytest.mark.parametrize("how", ["option", "environment"])
def test_no_report_tells_kept_counts_where_small_ones_are_withheld(
    run, here: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    asked = ["report", TOWN, "--plan", FILE, "--group", GROUP, "--part", "plan"]
    if how == "environment":
        monkeypatch.setenv(WITHHOLD, "5")
    else:
        code, _, err = run(*asked, "--out", "all.xlsx")
        assert code == 0, err
        assert told_counts(text_of(here / "all.xlsx"))
        asked += ["--withhold-below", "5"]
    files = [here / f"paper.{form}" for form in ("xlsx", "docx", "html")]
    code, _, err = run(*asked, *(part for file in files for part in ("--out", file)))
    assert code == 0, err
    for file in files:
        assert not told_counts(text_of(file)), (file.name, told_counts(text_of(file)))
        assert ids["draft"] in text_of(file)
    assert "withheld" in text_of(files[2])


def test_a_library_gets_no_kept_counts_beside_a_district_without_small_ones(
    here: Path, ids: dict[str, str]
) -> None:
    result = planner.assess(planner.read_district(Path(TOWN)).withhold(5), groups=[GROUP])
    labels = Labels.of(result)
    with open_plan(FILE) as plan:
        work = JointWork.of(plan, result, TOWN)
        made = report(result, parts=["plan"], group=GROUP, work=work)
        agenda = plan.agenda(result, TOWN)
        hidden = plan.without_groups()
        told = [str(agenda), hidden.table().to_csv(), str(hidden.trail()), str(hidden.targets())]
        told += [proposals_table(work.cases, labels, result.district.kinds).to_csv()]
        told += [str(list(agenda_points(labels, agenda, result.district)))]
        assert told_counts(plan.table().to_csv())
    found = told_counts("\n".join([*told, str(made.parts)]))
    assert not found, found


def test_who_reads_no_counts_may_edit_and_loses_none(here: Path, ids: dict[str, str]) -> None:
    own = ids["draft"]
    with open_plan(FILE) as plan:
        hidden = plan.without_groups()
        read = hidden.get(own)
        assert read.figures is not None
        assert read.figures.withheld
        edited = hidden.edit(read, title="Clinic of the north")
        assert edited.figures is not None
        assert edited.figures.gained() is None
        kept = plan.get(own).figures
        assert kept is not None
        assert (kept.gained(), kept.withheld) == (COUNT, False)
        # what is computed anew takes the place of what was read without counts
        result = planner.assess(planner.read_district(Path(TOWN)), groups=[GROUP])
        hidden.recompute(hidden.get(own), result, TOWN)
        anew = plan.get(own).figures
        assert anew is not None
        assert not anew.withheld
        assert anew.gained() not in (None, COUNT)
        target = hidden.target(ids["target"])
        hidden.edit_target(target, year=2031, why="later")
        assert (plan.target(target.id).share, plan.target(target.id).year) == (SHARE, 2031)
        assert plan.verify() == ()


def test_sums_of_which_small_counts_were_taken_out_are_not_kept(
    here: Path, ids: dict[str, str]
) -> None:
    withheld = planner.assess(planner.read_district(Path(TOWN)).withhold(5), groups=[GROUP])
    with open_plan(FILE) as plan:
        plan.recompute(ids["draft"], withheld, TOWN)
        kept = plan.get(ids["draft"]).figures
        assert kept is not None
        assert kept.withheld
        assert kept.gained() is None
        assert not kept.changes_nothing
        assert "withheld" in brings_sentence(Labels("en"), plan.get(ids["draft"]))
        assert all(row.covered_after is None for row in kept.rows if row.group == GROUP)


def test_what_two_people_changed_is_told_without_counts(here: Path, ids: dict[str, str]) -> None:
    with open_plan(FILE) as plan:
        hidden = plan.without_groups()
        read = hidden.get(ids["draft"])
        plan.edit(ids["draft"], year=2031, why="later")
        with pytest.raises(ConflictError) as met:
            hidden.edit(read, year=2033, why="later still")
        assert [each.field for each in met.value.conflicts] == ["year"]
        assert not told_counts(str(met.value.theirs))
        target = hidden.target(ids["target"])
        plan.edit_target(ids["target"], share=0.9, why="more")
        with pytest.raises(ConflictError) as met:
            hidden.edit_target(target, share=0.8, why="less")
        assert not told_counts(str(met.value.conflicts) + str(met.value.theirs))
        with pytest.raises(ConflictError) as met:
            plan.edit_target(replace(target, share=SHARE), share=0.8, why="less")
        assert told_counts(str(met.value.conflicts))


def test_a_file_that_comes_in_is_told_without_counts(here: Path, ids: dict[str, str]) -> None:
    with open_plan("other.sqlite") as other:
        other.restore("whole.plan")
        result = planner.assess(planner.read_district(Path(TOWN)), groups=[GROUP])
        other.recompute(ids["draft"], result, TOWN)
        other.edit_target(ids["target"], share=0.9, why="more")
        other.export("theirs.plan")
    with open_plan(FILE) as plan:
        keep_counts(plan, ids["draft"])
        plan.edit_target(ids["target"], share=0.8, why="less")
        whole, hidden = plan.merge("theirs.plan"), plan.without_groups().merge("theirs.plan")
    assert told_counts(str(whole.conflicts))
    assert {(each.row_id, each.conflict.field) for each in hidden.conflicts} == {
        (each.row_id, each.conflict.field) for each in whole.conflicts
    }
    assert not told_counts(str(hidden))


def test_a_damaged_trail_is_read_without_counts_too(file_plan: Plan) -> None:
    values = {"kind": "clinic", "workspace": TOWN, "year": 2029, "group": GROUP}
    target = file_plan.set_target(share=0.6, by_today=True, **values)
    with file_plan.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE plan_trail SET after = '[1]'")
    hidden = file_plan.without_groups()
    assert [entry["after"] for entry in hidden.trail(target.id)] == [None]
    assert hidden.verify()


def test_a_share_that_somebody_said_is_told(file_plan: Plan) -> None:
    values = {"kind": "clinic", "workspace": TOWN, "year": 2029, "group": GROUP}
    said = file_plan.set_target(share=0.95, **values)
    counted = file_plan.set_target(share=0.6, by_today=True, **values)
    before = file_plan.set_target(share=2 / 7 + 0.2, **values)  # as older versions kept it
    everybody = file_plan.set_target(share=2 / 7, **{**values, "group": ""})
    told = {each.id: each.share for each in file_plan.without_groups().targets()}
    assert (told[said.id], told[everybody.id]) == (0.95, 2 / 7)
    assert told[counted.id] != told[counted.id]
    assert told[before.id] != told[before.id]
    deeds = [entry["deed"] for entry in file_plan.trail(counted.id)]
    assert deeds == [BY_TODAY]


def test_that_nothing_changes_for_a_group_is_withheld_too(here: Path, ids: dict[str, str]) -> None:
    """A zero is a small number: nobody of the group gains where it would be told."""
    with open_plan(FILE) as plan:
        made = plan.get(ids["draft"])
    assert made.figures is not None
    nobody = replace(made.figures, rows=())
    assert nobody.gained() == 0
    assert nobody.changes_nothing
    hidden = nobody.without_groups()
    assert hidden.gained() is None
    assert not hidden.changes_nothing
    labels = Labels("en")
    told = brings_sentence(labels, replace(made, figures=hidden))
    assert told == "Nothing is told of what it brings: small counts are withheld."
    rows = brought_table(labels, with_counts(made.figures).without_groups())
    assert rows.select_dtypes("number").isna().all(axis=None)


def test_a_file_of_the_plan_is_refused(file_plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        file_plan.without_groups().export(tmp_path / "a.plan")
    assert refused.value.code == "plan.file_has_counts"
