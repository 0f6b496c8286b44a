"""``planner plan``: the whole way of a proposal on the command line."""

import json
import math
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from rich.cells import cell_len

from planner import demo_district
from planner.analysis.nearby import Nearby
from planner.cli.plan import years as cli_years
from planner.cli.plan.app import VERBS
from planner.cli.plan.listing import proposals_grid
from planner.cli.shared.console import Console
from planner.district import Open, Scenario, builtin_standards
from planner.plan import Proposal, open_plan
from planner.siting.judging import no_limit
from planner.sources import read_district, write_district
from planner.views.words.catalogue import BROWSER
from planner.views.words.labels import Labels
from planner.views.words.names_of_places import PlaceNames
from planner.views.words.plan.made_titles import with_title
from planner.views.words.plan.proposals import proposal_name, what_done

pytestmark = pytest.mark.usefixtures("small_demo", "plans_migrated_once")

SPOT = (604823.72, 2838247.52)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PLANNER_DATABASE_URL", raising=False)
    monkeypatch.delenv("PLANNER_CONFIG", raising=False)
    return tmp_path


def told(run, *arguments):
    code, out, err = run("plan", *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.long
def test_the_whole_way(run, here: Path) -> None:
    scenario = Scenario("one", [Open("n", "clinic", *SPOT, name="North gate")], "EPSG:4547")
    file = scenario.save(here / "one.json")
    made = told(run, "propose", "demo", file, "--year", 2027)["proposals"]
    own = made[0]["id"]
    assert (made[0]["title"], made[0]["department"], made[0]["status"]) == (
        "North gate",
        "health",
        "draft",
    )
    assert made[0]["figures"]["rows"][0]["covered_after"] > 0
    told(run, "submit", own)
    told(run, "take-up", own)
    code, out, err = run("plan", "approve", own)
    assert code == 2
    assert "planning" in err
    review = told(run, "review", own, "object", "--department", "planning", "--why", "no land")
    code, out, _ = run("plan", "open")
    assert "no land" in out
    assert review["id"] in out
    told(run, "answer", review["id"], "The school lends its yard.")
    told(run, "comment", own, "seen on site")
    told(run, "document", own, "Minutes", "https://example.org/m.pdf")
    told(run, "consult", own, "housing", "--need", "wished", "--due", "2927-03-31")
    assert told(run, "approve", own)["proposals"][0]["status"] == "approved"
    years = told(run, "years", "demo")
    assert years["years"] == ["today", "2027"]
    gained = {
        row["year"]: row["gained"]
        for row in years["coverage"]
        if (row["kind"], row["group"]) == ("clinic", "population")
    }
    assert (
        gained["2027"]
        == made[0]["figures"]["rows"][0]["covered_after"]
        - (made[0]["figures"]["rows"][0]["covered_before"])
    )
    again = told(run, "propose", "demo", file)["proposals"][0]["id"]
    matters = told(run, "agenda", "demo", "--no-gaps")["matters"]
    assert {each["code"] for each in matters} == {"duplicate", "overtaken", "same_place"}
    assert all(set(each["proposals"]) == {own, again} for each in matters)
    code, _, err = run("plan", "agenda", "demo", "--no-gaps", "--out", here / "agenda.txt")
    assert code == 2
    assert "agenda.txt" in err
    for language in ("en", "zh"):
        word = here / f"{language}.docx"
        code, out, _ = run(
            "plan", "agenda", "demo", "--no-gaps", "--language", language, "--out", word
        )
        assert len(Document(word).tables[1].rows) == 1 + len(matters)
        assert (code, own in out) == (0, True)
        code, out, _ = run("plan", "years", "demo", "--language", language)
        assert (code, "2027" in out) == (0, True)
    told(run, "put-aside", again, "--why", "entered twice")
    code, out, _ = run("plan", "show", own)
    assert code == 0
    for words in ("approved", "objects", "lends its yard", "seen on site", "m.pdf", "2027"):
        assert words in out
    assert told(run, "scenario", here / "decided.json", "--workspace", "demo")["changes"] == 1
    code, out, _ = run("plan", "scenario", here / "again.json", "--workspace", "demo")
    assert (code, f"by the plan it costs: {own}" in " ".join(out.split())) == (0, True)
    assert Scenario.load(here / "decided.json").changes[0].facility_id == f"{own}/clinic"
    assert told(run, "list", "--status", "approved")["proposals"][0]["gained"] > 0
    deeds = [entry["deed"] for entry in told(run, "trail", own)["trail"]]
    assert deeds[:3] == ["propose", "submit", "consult"]
    assert told(run, "verify")["in_order"] is True
    backup = told(run, "backup", here / "b")
    assert (
        told(run, "restore", here / "b", "--plan", here / "new.sqlite")["entries"]
        == backup["entries"]
    )
    assert told(run, "verify", "--plan", here / "new.sqlite")["head"] == backup["head"]


def test_what_decisions_bring_by_community_and_what_the_compromise_costs(run, here: Path) -> None:
    scenario = Scenario("one", [Open("n", "clinic", *SPOT, name="North gate")], "EPSG:4547")
    file = scenario.save(here / "one.json")
    own = told(run, "propose", "demo", file, "--year", 2027)["proposals"][0]["id"]
    for step in ("submit", "take-up"):
        told(run, step, own)
    told(run, "review", own, "support", "--department", "planning", "--why", "good")
    told(run, "approve", own)
    years = told(run, "years", "demo", "--out", here / "years")
    clinics = [row for row in years["areas"] if row["kind"] == "clinic"]
    gained = sum(row["gained"] for row in clinics if row["group"] == "population")
    money = years["money"][0]
    assert gained == money["gained"] > 0
    assert money["gained_per_cost"] == pytest.approx(money["gained"] / money["cost"])
    names = {Path(each).name for each in years["files"]}
    assert {"plan_communities.csv", "plan_communities_left_out.csv", "plan_money.csv"} <= names
    assert "2027" in (here / "years" / "plan_communities.csv").read_text("utf-8-sig")
    compared = told(run, "compare", "demo", "--kind", "clinic", "--steps", 200)
    assert compared["unpriced"] == []
    choices = {row["choice"]: row for row in compared["choices"]}
    assert choices["decided"]["gained"] == money["gained"]
    assert choices["free"]["bound"] >= choices["free"]["gained"] >= money["gained"]
    assert all(row["cost"] <= compared["budget"] + 1e-9 for row in choices.values())
    for language, word in (("en", "compromise"), ("zh", "折中")):
        asked = ("--kind", "clinic", "--steps", 200, "--language", language)
        code, out, _ = run("plan", "compare", "demo", *asked)
        assert (code, word in out) == (0, True)
        code, out, _ = run("plan", "years", "demo", "--language", language)
        assert code == 0
    code, _, err = run("plan", "compare", "demo", "--budget", 1)
    assert (code, "at least that" in err) == (2, True)


@pytest.mark.long
def test_two_offices_on_the_command_line(run, here: Path) -> None:
    made = told(
        run,
        "add",
        "demo",
        "--action",
        "outreach",
        "--kind",
        "clinic",
        "--x",
        SPOT[0],
        "--y",
        SPOT[1],
    )
    own = made["proposals"][0]["id"]
    told(run, "export", here / "a.plan")
    theirs = ("--plan", here / "theirs.sqlite")
    assert told(run, "import", here / "a.plan", *theirs)["added"] == [own]
    told(run, "edit", own, "--title", "ours", "--cost", 5)
    told(run, "edit", own, "--title", "theirs", "--year", 2028, *theirs)
    told(run, "export", here / "t.plan", *theirs)
    code, out, _ = run("plan", "import", here / "t.plan")
    assert code == 1
    assert "ours ours, theirs theirs" in out
    told(run, "import", here / "t.plan", "--take", f"{own}=theirs")
    (row,) = told(run, "list")["proposals"]
    assert (row["title"], row["cost"], row["year"]) == ("theirs", 5.0, 2028)
    code, _, err = run("plan", "edit", own, "--title", "old", "--version", 1)
    assert (code, "changed name of" in err) == (2, True)
    told(run, "submit", own)
    speak = ("review", own, "support", "--department", "planning", "--why", "good")
    code, _, err = run("plan", *speak, "--version", 1)
    assert (code, "cost" in err, "year" in err) == (2, True, True)
    version = told(run, "show", own)["proposal"]["version"]
    assert told(run, *speak, "--version", version)["position"] == "support"


@pytest.mark.long
def test_a_price_between_two_is_told_as_both(run, here: Path) -> None:
    place = ("--x", SPOT[0], "--y", SPOT[1])
    made = told(run, "add", "demo", "--action", "outreach", "--kind", "clinic", *place)
    own = made["proposals"][0]["id"]
    price = ("--cost", 60, "--cost-high", 90, "--currency", "CNY 10,000")
    told(run, "edit", own, *price)
    (row,) = told(run, "list")["proposals"]
    assert (row["cost"], row["cost_most"]) == (60.0, 90.0)
    for verb in (("list",), ("show", own)):
        code, out, _ = run("plan", *verb)
        assert (code, "60 to" in out, "yuan)" in out) == (0, True, True), out
    told(run, "edit", own, "--cost-high", 60)
    (row,) = told(run, "list")["proposals"]
    assert (row["cost"], row["cost_most"]) == (60.0, 60.0)
    assert "60.0 to" not in run("plan", "list")[1]


def test_what_is_built_is_edited_on_the_command_line(run, here: Path) -> None:
    file = Scenario("one", [Open("n", "clinic", *SPOT)], "EPSG:4547").save(here / "one.json")
    own = told(run, "propose", "demo", file)["proposals"][0]["id"]
    east = SPOT[0] + 50
    (made,) = told(run, "edit", own, "--x", east, "--y", SPOT[1])["proposals"]
    assert (made["changes"][0]["x"], made["figures"]) == (east, None)
    assert made["geometry"] == f"POINT ({east} {SPOT[1]})"
    (made,) = told(run, "edit", own, "--kind", "library")["proposals"]
    assert (made["kinds"], made["changes"][0]["kind"]) == (["library"], "library")
    assert made["changes"][0]["x"] == east
    code, _, err = run("plan", "edit", own, "--kind", "library", "--kind", "clinic")
    assert (code, "scenario" in err) == (2, True)
    code, _, err = run("plan", "edit", own, "--x", 5)
    assert (code, "x, y" in err) == (2, True)
    both = [Open("a", "library", *SPOT), Open("b", "clinic", *SPOT)]
    file = Scenario("two", both, "EPSG:4547").save(here / "two.json")
    (made,) = told(run, "edit", own, "--changes", file)["proposals"]
    assert made["kinds"] == ["library", "clinic"]
    assert made["geometry"] == f"POINT ({SPOT[0]} {SPOT[1]})"
    assert [each["facility_id"] for each in made["changes"]] == [f"{own}/library", f"{own}/clinic"]
    assert told(run, "verify")["in_order"] is True


def test_a_place_may_be_told_in_another_crs(run, here: Path) -> None:
    from planner.district.transformers import transformer

    lon, lat = transformer(demo_district().crs, "EPSG:4326").transform(*SPOT)
    round_ = ("add", "demo", "--action", "outreach", "--kind", "clinic")
    (made,) = told(run, *round_, "--x", lon, "--y", lat, "--crs", "EPSG:4326")["proposals"]
    x, y = (float(each) for each in made["geometry"][len("POINT (") : -1].split())
    assert (x, y) == pytest.approx(SPOT, abs=0.02)
    code, _, err = run("plan", *round_, "--x", lon, "--y", lat, "--crs", "EPSG:nowhere")
    assert (code, "nowhere" in err) == (2, True)


@pytest.mark.long
def test_what_waits_longest_comes_first_and_only_of_the_own_workspace(run, here: Path) -> None:
    file = Scenario("one", [Open("n", "clinic", *SPOT)], "EPSG:4547").save(here / "one.json")
    draft, late, early, ended = (
        told(run, "propose", "demo", file, "--year", 2027)["proposals"][0]["id"] for _ in range(4)
    )
    for own, due in ((late, "2099-03-01"), (early, "2099-02-01"), (ended, "2099-01-01")):
        told(run, "submit", own)
        told(run, "consult", own, "planning", "--due", due)
    told(run, "review", ended, "object", "--department", "housing", "--why", "no")
    told(run, "withdraw", ended, "--why", "twice")
    rows = told(run, "list")["proposals"]
    assert [each["id"] for each in rows] == [early, late, draft, ended]
    assert [each["proposal"]["id"] for each in told(run, "open")["waiting"]] == [early, late]
    assert len(told(run, "list", "--workspace", "demo")["proposals"]) == 4
    assert told(run, "list", "--workspace", "other.gpkg")["proposals"] == []


def test_a_decision_that_meets_another_content_is_told_in_words(run, here: Path) -> None:
    file = Scenario("one", [Open("n", "clinic", *SPOT)], "EPSG:4547").save(here / "one.json")
    own = told(run, "propose", "demo", file)["proposals"][0]["id"]
    told(run, "export", here / "a.plan")
    theirs = ("--plan", here / "theirs.sqlite")
    told(run, "import", here / "a.plan", *theirs)
    told(run, "submit", own)
    told(run, "edit", own, "--kind", "library", *theirs)
    told(run, "export", here / "t.plan", *theirs)
    code, out, _ = run("plan", "import", here / "t.plan")
    assert code == 1
    assert "status: before draft, ours submitted, theirs draft" in out
    assert "kinds: before" in out
    assert f"{own}" in out
    told(run, "import", here / "t.plan", "--take", f"{own}=ours")
    assert told(run, "show", own)["proposal"]["status"] == "submitted"


def test_a_plan_that_is_not_in_order_is_told_and_not_backed_up(run, here: Path) -> None:
    from sqlalchemy import text

    from planner.plan import open_plan

    told(run, "open")
    with open_plan(here / "plan.sqlite") as plan:
        plan.add(title="x")
        with plan.store.engine.begin() as connection:
            connection.execute(text("UPDATE plan_proposals SET title = 'y'"))
    code, out, _ = run("plan", "verify")
    assert code == 1
    assert "not what the trail leads to" in out
    code, _, err = run("plan", "backup", here / "b")
    assert (code, (here / "b").exists()) == (2, False)
    assert "not in order" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list",), "planner plan open"),
        (("show", "P-0"), "planner plan open"),
        (("import", "none"), "none"),
        (("open", "--plan", "no/plan.sqlite"), "folder"),
    ],
)
def test_what_is_not_there_is_told(run, here: Path, arguments, said: str) -> None:
    code, out, err = run("plan", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "\n" not in err.strip()


def test_no_option_names_who_somebody_is() -> None:
    from inspect import signature

    names = {name for function, _ in VERBS.values() for name in signature(function).parameters}
    assert not names & {"actor", "user", "as_user", "role", "roles", "login", "name"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_is_said_in_both_languages(run, here: Path, language: str) -> None:
    told(
        run,
        "add",
        "demo",
        "--action",
        "outreach",
        "--kind",
        "clinic",
        "--x",
        SPOT[0],
        "--y",
        SPOT[1],
    )
    for verb in (("open",), ("list",), ("trail",), ("verify",)):
        code, out, err = run("plan", *verb, "--language", language)
        assert (code, err) == (0, "")
        assert any("一" <= sign <= "鿿" for sign in out) is (language == "zh")


def test_targets_and_limits_on_the_command_line(run, here: Path) -> None:
    wanted = ("--kind", "clinic", "--year", 2040, "--share", "95%", "--note", "the mayor's word")
    kept = told(run, "target", "set", "demo", *wanted)
    own = kept["target"]["id"]
    assert "Why it was set: the mayor's word" in run("plan", "target", "list", "demo")[1]
    of_people = ("--kind", "clinic", "--year", 2040, "--share", "95%", "--reached", "80%")
    code, out, err = run("plan", "target", "set", "demo", *of_people)
    assert (code, out) == (2, "")
    assert "--communities" in err
    for slip in (("--kind", "nokind"), ("--kind", "clinic", "--community", "nowhere")):
        asked = ("target", "set", "demo", *slip, "--year", 2040, "--share", "95%")
        code, out, err = run("plan", *asked)
        assert (code, out) == (2, "")
        assert f"'{slip[-1]}'" in err
    rising = ("--communities", "--reached", "80%", "--more", "20%", "--years", 5, "--year", 2040)
    more = told(run, "target", "set", "demo", "--kind", "clinic", *rising)["target"]
    (today,) = {
        stand["low"]
        for each in told(run, "target", "list", "demo")["targets"]
        for stand in each["stands"][:1]
        if each["target"]["id"] == more["id"]
    }
    assert more["share"] == pytest.approx(today + 0.2)
    assert (more["step"], more["years"], more["measure"]) == (0.2, 5, "communities")
    months = here / "months.toml"
    actions = "build enlarge move footbridge share_premises convert path gate open_internal"
    rows = [f"{name} = 36" for name in (*actions.split(), "extend_hours", "add_service")]
    months.write_text("\n".join(rows), encoding="utf-8")
    shown = run("plan", "target", "list", "demo", "--standard", "15-minute")[1]
    assert "judged by 15-minute" in shown
    listed = told(run, "target", "list", "demo", "--lead-times", months)
    goals = {each["target"]["id"]: each["goals"][0] for each in listed["targets"]}
    assert goals[own]["state"] == "missed"
    assert goals[own]["latest"]["build"] == [2037, 12]
    grown = told(run, "target", "list", "demo", "--growth", "1%", "--population-year", 2026)[
        "targets"
    ]
    assert {each["residents"] for each in grown} == {"grown"}
    for language, word in (("en", "missed"), ("zh", "未达标")):
        code, out, _ = run("plan", "target", "list", "demo", "--language", language)
        assert (code, word in out) == (0, True)
    code, _, err = run("plan", "target", "edit", own, "--share", "90%")
    assert (code, "reason" in err) == (2, True)
    assert (
        told(run, "target", "edit", own, "--share", "1%", "--why", "x")["target"]["share"] == 0.01
    )
    code, _, err = run("plan", "target", "edit", own, "--version", 1, "--year", 2041, "--why", "x")
    assert (code, "Somebody else" in err) == (2, True)
    told(run, "target", "put-aside", more["id"], "--why", "one is enough")
    limit = told(
        run, "limit", "set", "health", "--year", 2040, "--amount", 10, "--workspace", "demo"
    )
    added = told(
        run,
        "add",
        "demo",
        "--action",
        "outreach",
        "--kind",
        "clinic",
        "--x",
        SPOT[0],
        "--y",
        SPOT[1],
    )
    proposal = added["proposals"][0]["id"]
    cost = ("--cost", 8, "--cost-high", 12, "--currency", limit["limit"]["currency"])
    told(run, "edit", proposal, "--year", 2040, *cost)
    (budget,) = told(run, "limit", "list", "--workspace", "demo")["limits"]
    assert (budget["state"], budget["over"]) == ("perhaps_asked_over", [0.0, 2.0])
    agenda = told(run, "agenda", "demo", "--no-gaps")
    assert [each["state"] for each in agenda["targets"]] == ["met"]
    assert [each["code"] for each in agenda["matters"]] == ["budget_perhaps_asked_over"]
    assumed = ("--lead-times", months, "--growth", "1%", "--population-year", 2026)
    grown = told(run, "agenda", "demo", "--no-gaps", *assumed)
    assert grown["lead_times"]["months"]["build"] == 36
    assert grown["targets"] == told(run, "target", "list", "demo", *assumed)["targets"]
    assert grown["targets"] != agenda["targets"]
    code, out, _ = run("plan", "agenda", "demo", "--no-gaps", *assumed, "--language", "zh")
    assert (code, "36" in out) == (0, True)
    code, _, err = run("plan", "agenda", "demo", "--no-gaps", "--growth", "1%")
    assert (code, "year" in err) == (2, True)
    for language, word in (("en", "may be over"), ("zh", "可能超出")):
        file = here / f"{language}.docx"
        options = ("--no-gaps", "--language", language, "--out", file)
        code, out, _ = run("plan", "agenda", "demo", *options)
        assert (code, word in out) == (0, True)
        cells = [row.cells[1].text for table in Document(file).tables[1:-1] for row in table.rows]
        assert any(word in cell for cell in cells)
        code, out, _ = run("plan", "limit", "list", "--language", language)
        assert (code, limit["limit"]["id"] in out) == (0, True)
    limit_id = limit["limit"]["id"]
    told(run, "limit", "edit", limit_id, "--amount", 20, "--why", "more")
    told(run, "limit", "put-aside", limit_id, "--why", "none")
    assert told(run, "limit", "list")["limits"] == []
    assert told(run, "verify")["in_order"] is True


def ready(run, cost: float) -> str:
    """Return the id of a round to the door that can be approved."""
    where = ("--x", SPOT[0], "--y", SPOT[1], "--department", "health", "--year", 2040)
    add = ("demo", "--action", "outreach", "--kind", "clinic", *where, "--cost", cost)
    own = told(run, "add", *add)["proposals"][0]["id"]
    for verb in ("submit", "take-up"):
        told(run, verb, own)
    for asked in told(run, "show", own)["consultations"]:
        told(run, "consult", own, asked["department"], "--need", "none", "--why", "agreed")
    return own


@pytest.mark.long
@pytest.mark.parametrize(("language", "said"), [("en", "over for sure"), ("zh", "肯定超出")])
def test_an_approval_says_which_limit_is_passed(run, here: Path, language: str, said: str) -> None:
    limit = ("health", "--year", 2040, "--amount", 10, "--workspace", "demo")
    told(run, "limit", "set", *limit)
    own = ready(run, 12)
    code, out, err = run("plan", "approve", own, "--language", language)
    assert (code, err) == (0, "")
    assert said in out
    assert own in out
    assert "12" in out


def test_a_limit_of_a_year_that_has_passed_is_told(run, here: Path) -> None:
    limit = ("plan", "limit", "set", "health", "--amount", 10, "--workspace", "demo", "--year")
    for year, past in ((2025, True), (2090, False)):
        code, out, _ = run(*limit, year)
        assert (code, f"{year} has passed" in out) == (0, past)
    code, out, _ = run(*limit, 2024, "--language", "zh")
    assert (code, "2024 年已过" in out) == (0, True)


def test_a_list_without_a_hit_and_a_scenario_without_a_change_say_so(run, here: Path) -> None:
    add = ("plan", "add", "demo", "--action", "outreach", "--kind", "clinic")
    code, _, err = run(*add, "--x", SPOT[0], "--y", SPOT[1])
    assert (code, err) == (0, "")
    for language, word in (("en", "is like that"), ("zh", "没有符合条件的方案")):
        code, out, _ = run("plan", "list", "--status", "approved", "--language", language)
        assert (code, word in " ".join(out.split())) == (0, True)
    code, _, err = run("plan", "list", "--status", "aproved")
    assert (code, "aproved" in err) == (2, True)
    code, out, _ = run("plan", "scenario", here / "decided.json")
    assert (code, "0 changes" in out) == (0, True)
    # a path names the same workspace as its file
    assert len(told(run, "list", "--workspace", here / "demo")["proposals"]) == 1


def test_more_each_year_without_a_number_of_years_is_refused(run, here: Path) -> None:
    asked = ("plan", "target", "set", "demo", "--kind", "clinic", "--year", 2030)
    code, _, err = run(*asked, "--share", "40%", "--more", "20%")
    assert (code, "how many years" in " ".join(err.split())) == (2, True)


def test_one_house_of_two_on_the_command_line(run, here: Path) -> None:
    room = Scenario("r", [Open("r", "police_room", *SPOT, name="Room")], "EPSG:4547")
    clinic = Scenario("c", [Open("c", "clinic", SPOT[0] + 60.0, SPOT[1], name="C")], "EPSG:4547")
    ids = [
        told(run, "propose", "demo", each.save(here / "one.json"))["proposals"][0]["id"]
        for each in (room, clinic)
    ]
    code, _, err = run("plan", "combine", "demo", ids[0])
    assert (code, "two proposals or more" in err) == (2, True)
    code, out, err = run("plan", "combine", "demo", *ids, "--site", ids[1], "--year", 2028)
    assert (code, err) == (0, "")
    for said in ("One house for: Room", "At places of their own", "sharing a house saves"):
        assert said in out
    (house,) = [each for each in told(run, "list")["proposals"] if each["id"] not in ids]
    shown = told(run, "show", house["id"])
    assert shown["proposal"]["made_of"] == ids
    assert told(run, "show", ids[0])["part_of"] == house["id"]
    code, out, _ = run("plan", "show", ids[0])
    assert f"({house['id']})" in out
    code, _, err = run("plan", "combine", "demo", *ids, "--x", 1.0)
    assert code == 2
    assert "x, y" in err
    for own in (*ids, house["id"]):
        told(run, "submit", own)
        told(run, "consult", own, "planning", "--due", "2099-01-01")
    assert [each["proposal"]["id"] for each in told(run, "open")["waiting"]] == [house["id"]]
    told(run, "review", ids[0], "object", "--department", "culture", "--why", "no water")
    told(run, "consult", house["id"], "culture")
    code, out, _ = run("plan", "open")
    asked = [line for line in out.splitlines() if "answer needed" in line]
    assert asked
    assert all(house["id"] in line for line in asked)
    assert "no water" in out
    told(run, "withdraw", house["id"], "--why", "no land")
    again = told(run, "combine", "demo", *ids, "--x", SPOT[0], "--y", SPOT[1], "--cost", 90)
    assert (again["proposals"][0]["cost"], again["proposals"][0]["year"]) == (90.0, None)


def test_a_house_for_two_kinds_costs_not_what_one_does(run, here: Path) -> None:
    place = ("--x", SPOT[0], "--y", SPOT[1])
    (made,) = told(run, "add", "demo", "--kind", "clinic", *place)["proposals"]
    steps = [Open(kind, kind, *SPOT) for kind in ("clinic", "library")]
    file = Scenario("house", steps, made["crs"]).save(here / "house.json")
    code, out, err = run("plan", "edit", made["id"], "--changes", file)
    assert (code, "no price until it is computed anew" in flat(out)) == (0, True), (out, err)
    assert told(run, "show", made["id"])["priced_as"]["kinds"] == ["clinic"]
    code, out, _ = run("plan", "recompute", "demo", made["id"])
    assert (code, "by a list of prices that nobody has checked" in flat(out)) == (0, True), out
    after = told(run, "show", made["id"])
    assert after["proposal"]["cost"] > made["cost"] > 0
    assert after["priced_as"] is None


@pytest.mark.long
def test_a_proposal_is_shown_as_its_page_has_it(run, here: Path) -> None:
    place = ("--x", SPOT[0], "--y", SPOT[1])
    about = ("--area", 120, "--funding", "District budget", "--note", "far away")
    (made,) = told(run, "add", "demo", "--kind", "clinic", *place, *about)["proposals"]
    shown = told(run, "show", made["id"])
    assert shown["stale"] == []
    assert [each["gained"] for each in shown["brings"]] == [
        row["covered_after"] - row["covered_before"] for row in made["figures"]["rows"]
    ]
    assert {"pop_65plus"} < {each["group"] for each in shown["brings"]}
    assert (shown["gained"], shown["brings"][0]["unit"]) == (
        shown["brings"][0]["gained"],
        "residents",
    )
    district = demo_district()
    street = shown["place"].removeprefix("in ").split(",")[0]
    assert street in set(district.streets["name"])
    code, out, _ = run("plan", "show", made["id"], "--language", "en")
    english = PlaceNames.of_district(district, "en").of(street)
    assert (code, english != street) == (0, True)
    for said in (english, "120 m²", "Paid by: District budget", "wanted: far away", "65 and over"):
        assert said in out
    assert street not in out
    assert "another state" not in out
    code, out, _ = run("plan", "show", made["id"], "--language", "zh")
    assert (code, street in out) == (0, True)
    standard = next(each for each in builtin_standards() if each != "gb50180-2018")
    other = ("--standard", standard)
    code, out, _ = run("plan", "show", made["id"], *other)
    assert (code, "another standard is chosen" in out) == (0, True)
    assert told(run, "show", made["id"], *other)["stale"] == ["standard"]


def test_kept_counts_of_groups_are_not_shown_where_small_ones_are_withheld(
    run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ("--x", SPOT[0], "--y", SPOT[1])
    (made,) = told(run, "add", "demo", "--kind", "clinic", *place)["proposals"]
    rows = made["figures"]["rows"]
    assert any(row["population"] for row in rows if row["group"] == "pop_65plus")
    monkeypatch.setenv("PLANNER_WITHHOLD_BELOW", "5")
    shown = told(run, "show", made["id"])
    counts = ("population", "covered_before", "covered_after", "unknown_before", "gained")
    for each in shown["brings"]:
        hidden = each["group"].startswith("pop_")
        assert hidden == all(each[name] is None for name in counts), each
    for row in shown["proposal"]["figures"]["rows"]:
        assert (row["population"] is None) == row["group"].startswith("pop_")
    assert shown["gained"] == rows[0]["covered_after"] - rows[0]["covered_before"]
    # where a group was what counted first, the list does not tell what it gained either
    group = ("--group", "pop_65plus")
    monkeypatch.delenv("PLANNER_WITHHOLD_BELOW")
    (made,) = told(run, "add", "demo", "--kind", "clinic", *place, *group)["proposals"]
    gains = [row["gained"] for row in told(run, "list")["proposals"] if row["id"] == made["id"]]
    assert gains[0] is not None
    monkeypatch.setenv("PLANNER_WITHHOLD_BELOW", "5")
    rows = {row["id"]: row["gained"] for row in told(run, "list")["proposals"]}
    assert [own for own, gained in rows.items() if gained is None] == [made["id"]]


@pytest.mark.long
def test_a_proposal_of_a_workspace_that_is_not_here_says_so(run, here: Path, street: Path) -> None:
    file = shutil.copyfile(street, here / "street.gpkg")
    spot = read_district(file).facilities.geometry.iloc[0]
    place = ("--x", spot.x, "--y", spot.y)
    (made,) = told(run, "add", file, "--kind", "clinic", *place)["proposals"]
    assert told(run, "show", made["id"])["stale"] == []
    away = file.rename(here / "moved.gpkg")
    shown = told(run, "show", made["id"])
    assert (shown["stale"], shown["place"]) == (None, "")
    code, out, _ = run("plan", "show", made["id"])
    assert (code, "no workspace street.gpkg" in flat(out), made["crs"] in out) == (0, True, True)
    (here / "sub").mkdir()
    there = away.rename(here / "sub" / "street.gpkg")
    assert told(run, "show", made["id"], "--workspace", there)["stale"] == []
    code, _, err = run("plan", "show", made["id"], "--workspace", "demo")
    assert (code, "street.gpkg" in err) == (2, True)


@pytest.mark.long
def test_places_have_their_english_names_in_english_and_their_own_in_chinese(
    run, here: Path
) -> None:
    district = demo_district()
    facilities = district.facilities
    named = facilities[facilities["name_en"].notna() & (facilities["kind"] == "clinic")].iloc[0]
    own, english = named["name"], PlaceNames.of_district(district, "en").of(named["name"])
    title = f"{own}, 无译名楼"
    place = ("--x", SPOT[0], "--y", SPOT[1])
    (made,) = told(run, "add", "demo", "--kind", "clinic", *place, "--title", title)["proposals"]
    told(run, "submit", made["id"])
    told(run, "take-up", made["id"])
    for verb in (("list",), ("show", made["id"]), ("agenda", "demo", "--no-gaps")):
        out = run("plan", *verb, "--language", "en")[1]
        assert (english[:10] in out, own in out, out.isascii()) == (True, False, False), verb
        assert own[:4] in run("plan", *verb, "--language", "zh")[1], verb
    for language, said in (("en", english), ("zh", own)):
        word = here / f"{language}.docx"
        run("plan", "agenda", "demo", "--no-gaps", "--language", language, "--out", word)
        document = Document(word)
        cells = [cell.text for table in document.tables for cell in table._cells]
        assert any(said in each and "无译名楼" in each for each in cells)
        heading = document.paragraphs[0].text
        assert ("Sanjiang" in heading) is (language == "en")
    assert told(run, "list")["proposals"][0]["title"] == title


def flat(text: str) -> str:
    return " ".join(text.split())


LISTED = {
    "status": "under_review",
    "awaits_streets": False,
    "department": "human_resources",
    "action": "build",
    "kinds": "clinic;library",
    "title": "A house beside the old market with a very long name of its own",
    "year": 2027,
    "cost": 60.0,
    "cost_most": 90.0,
    "currency": "CNY 10,000",
    "gained": 1234.0,
    "gained_unsure": 0.0,
    "gained_more": 0.0,
    "waiting": "planning;housing;education",
    "unanswered": "planning",
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [70, 80, 100, 120, 200])
def test_a_list_fits_its_terminal_and_no_id_or_figure_is_cut(width: int, language: str) -> None:
    console = Console(language)
    console.out.width = width
    blank = {"title": "", "waiting": "", "unanswered": "", "kinds": "", "year": float("nan")}
    rows = [{"id": f"P-1234-567{n}", **LISTED, **(blank if n else {})} for n in range(3)]
    grid, left_out = proposals_grid(console, rows)
    with console.out.capture() as said:
        console.out.print(grid)
    lines = [line for line in said.get().splitlines() if "P-1234" in line]
    assert len(lines) == 3
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert all(f"P-1234-567{n}" in line for n, line in enumerate(lines))
    assert "2027" in lines[0]
    assert "1,234" in lines[0]
    costs = [
        console.labels.message(f"plan_words.col_{name}", money="") for name in ("cost", "cost_in")
    ]
    lost = any(each.startswith((costs[0], costs[1][:2])) for each in left_out)
    assert ("60" in lines[0].replace("5670", "")) is not lost
    assert (bool(left_out), lost) == (width < 200, width < 80)
    rows[1]["currency"] = "EUR"
    mixed, left_out = proposals_grid(console, rows)
    with console.out.capture() as said:
        console.out.print(mixed)
    assert ("EUR" in said.get()) is not any(each == costs[0] for each in left_out)


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_names_that_differ_at_their_end_stay_apart_in_a_narrow_terminal(
    width: int, language: str
) -> None:
    console = Console(language)
    console.out.width = width
    name = {"en": "Candidate site for a house {}", "zh": "宝塔五街社区综合服务楼备选点 {}"}[
        language
    ]
    numbers = ("044", "060")
    rows = [
        {"id": f"P-1234-567{n}", **LISTED, "title": name.format(number)}
        for n, number in enumerate(numbers)
    ]
    grid, _ = proposals_grid(console, rows)
    with console.out.capture() as said:
        console.out.print(grid)
    lines = [line for line in said.get().splitlines() if "P-1234" in line]
    assert [number in line for number, line in zip(numbers, lines, strict=True)] == [True, True]
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    assert name.format("044") not in said.get()


@pytest.mark.long
def test_what_is_still_left_out_says_of_which_year_and_of_how_many(
    run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(run, "limit", "set", "health", "--year", 2040, "--amount", 90, "--workspace", "demo")
    run("plan", "approve", ready(run, 1))
    scenario = Scenario("one", [Open("n", "clinic", *SPOT)], "EPSG:4547").save(here / "one.json")
    own = told(run, "propose", "demo", scenario, "--year", 2027)["proposals"][0]["id"]
    for verb in ("submit", "take-up"):
        told(run, verb, own)
    for asked in told(run, "show", own)["consultations"]:
        told(run, "consult", own, asked["department"], "--need", "none", "--why", "agreed")
    told(run, "approve", own)
    years = told(run, "years", "demo")
    count = sum(row["group"] == "population" for row in years["left_out"])
    monkeypatch.setattr(cli_years, "MOST_LEFT_OUT", 1)
    for language, said in (("en", f"in this order: 1 of {count};"), ("zh", f"共 {count} 行")):
        code, out, _ = run("plan", "years", "demo", "--language", language)
        assert (code, said in out) == (0, True)
        assert ("at the end (2040)" if language == "en" else "期末仍未覆盖（2040）") in out


@pytest.mark.long
def test_hours_that_a_facility_has_are_not_proposed(run, here: Path, small_demo: Path) -> None:
    district = read_district(small_demo)
    row = district.facilities[district.facilities["opening_hours"].notna()].iloc[0]
    ask = ("plan", "add", "demo", "--action", "extend_hours", "--facility", row["facility_id"])
    code, _, err = run(*ask, "--hours", f" {row['opening_hours']} ")
    assert (code, "has these opening hours already" in err) == (2, True)
    code, _, err = run(*ask, "--hours", row["opening_hours"], "--language", "zh")
    assert (code, "不会带来任何改变" in err) == (2, True)


def test_why_is_said_to_be_needed_where_it_is(run, here: Path) -> None:
    for verb in ("review", "reject", "withdraw", "send-back", "supersede", "put-aside"):
        assert "which is needed" in run("plan", verb, "--help")[1]
    assert "which is needed" not in run("plan", "approve", "--help")[1]
    run("plan", "open")
    code, _, err = run("plan", "review", "P-1", "support", "--department", "planning")
    assert (code, "--why" in err) == (2, True)
    code, _, err = run(
        "plan", "review", "P-1", "support", "--department", "planning", "--language", "zh"
    )
    assert "步骤“发表部门意见”须写明理由（--why）" in err


def test_the_command_runs_as_a_module_and_again_in_a_process_of_its_own() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "planner", "plan", "list", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Usage: planner plan list" in said.stdout
    # as multiprocessing loads the main file of who starts it
    assert "main" in runpy.run_module("planner.__main__", run_name="__mp_main__")


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("language", "named"),
    [("en", ("Library or reading room", "15-minute city")), ("zh", ("图书室", "15 分钟生活圈"))],
)
def test_a_kind_that_is_not_judged_names_the_standards_that_do(
    run, here: Path, language: str, named: tuple[str, str]
) -> None:
    say = ("--language", language)
    for verb in (("site", "demo", "--kind", "library", "--new", 1),):
        code, _, err = run(*verb, *say)
        assert code == 2
        for each in (*named, "(15-minute)", "(td-t-1062-2021)", "--standard"):
            assert each in err
        assert "gb50180-2018" not in err
    browser = Labels(language, door=BROWSER).error(no_limit("library"))
    assert "--" not in browser
    assert named[1] in browser
    library = Scenario("l", [Open("l", "library", *SPOT)], "EPSG:4547").save(here / "l.json")
    code, out, _ = run("plan", "propose", "demo", library, *say)
    assert (code, "GB 50180-2018" in out) == (0, True)
    code, out, _ = run("plan", "propose", "demo", library, "--standard", "15-minute", *say)
    assert (code, "15" in out) == (0, True)


@pytest.mark.long
def test_where_the_plan_of_a_workspace_is_is_told(run, here: Path) -> None:
    """An empty plan, and one about other districts, said that there is nothing."""
    file = Scenario("one", [Open("n", "clinic", *SPOT)], "EPSG:4547").save(here / "one.json")
    town = here / "data" / "town.gpkg"
    town.parent.mkdir()
    write_district(demo_district(), town)
    told(run, "propose", "demo", file)
    beside = town.parent / "plan.sqlite"
    told(run, "propose", town, file, "--plan", beside)
    for verb, nothing in (
        ("agenda", "nothing_to_talk_about"),
        ("years", "nothing_decided"),
    ):
        more = ("--no-gaps",) if verb == "agenda" else ()
        assert told(run, verb, town, *more)["elsewhere"] == {
            "workspaces": ["demo"],
            "plan": str(beside),
        }
        for labels in (Labels("en"), Labels("zh")):
            words = ("plan", verb, town, *more, "--language", labels.language)
            said = run(*words)[1].replace("\n", "")
            assert labels.message("plan_words.elsewhere", count="1", names="demo") in said
            assert "plan.sqlite" in said
            if verb == "agenda":
                assert labels.message(f"plan_words.{nothing}") not in said
        for own in (("demo",), (town, "--plan", beside)):
            assert "elsewhere" not in told(run, verb, *own, *more)
    empty = here / "empty.sqlite"
    open_plan(empty).close()
    found = told(run, "years", town, "--plan", empty)["elsewhere"]
    assert found == {"workspaces": [], "plan": str(beside)}


def test_a_title_that_the_tool_made_is_listed_in_the_language_of_who_reads_it(
    run, here: Path
) -> None:
    labels = Labels("en")
    draft = Proposal(department="health", kinds=("clinic",))
    spot = Nearby("", "", math.nan, "", "Old Town", "n", True)
    titled = with_title(labels, draft, what_done(labels, draft), spot)
    row = {"department": "health", "kinds": ["clinic"], "title": titled.title}
    with open_plan(here / "plan.sqlite") as plan:
        own = plan.add(**row, known_by=titled.known_by)
    told = {each: run("plan", "list", "--language", each)[1] for each in ("en", "zh")}
    assert [("new facility" in each, "新建设施" in each) for each in told.values()] == [
        (True, False),
        (False, True),
    ]
    assert own.title in run("plan", "show", own.id)[1]
    assert proposal_name(Labels("zh"), own) in run("plan", "show", own.id, "--language", "zh")[1]


@pytest.mark.long
def test_a_list_says_which_gains_are_of_another_state_of_the_data(run, here: Path) -> None:
    file = here / "town.gpkg"
    district = demo_district()
    write_district(district, file)
    add = ("add", file, "--action", "build", "--kind", "clinic")
    (made,) = told(run, *add, "--x", SPOT[0], "--y", SPOT[1])["proposals"]
    assert [each["of_other_data"] for each in told(run, "list")["proposals"]] == [False]
    assert made["id"] not in run("plan", "list")[1].partition("was computed by other data")[2]
    more = district.demand.assign(population=district.demand["population"] + 1.0)
    write_district(district.with_layers(demand=more), file)
    assert [each["of_other_data"] for each in told(run, "list")["proposals"]] == [True]
    code, out, _ = run("plan", "list")
    said = " ".join(out.split())
    assert (code, "was computed by other data" in said) == (0, True)
    assert made["id"] in said.partition("was computed by other data")[2]
    file.unlink()
    assert [each["of_other_data"] for each in told(run, "list")["proposals"]] == [None]
