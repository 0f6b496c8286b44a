"""What a proposal brings tells how many may be near today, and how sure the shares are."""

import datetime as dt
import io
import re
from dataclasses import replace
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from effort import few
from rich.console import Console
from test_coordination import decided
from test_spacing import STANDARD, grid_town
from typer.testing import CliRunner

import planner
from planner.analysis.coverage.spacing import share_ranges
from planner.cli import app
from planner.cli.plan.years import _show_years
from planner.district import District, Enlarge, ExtendHours, Kinds, Move, Open, builtin_kinds
from planner.plan import Plan
from planner.plan.proposals.figures import Figures
from planner.reports.parts.joint_plan import _years
from planner.reports.request import ReportRequest
from planner.views.tables.plan.joint_plan import areas_table, choices_table, money_table
from planner.views.tables.plan.plan import brought_table, proposals_table
from planner.views.words.labels import Labels
from planner.views.words.plan.agenda import agenda_points
from planner.views.words.plan.brought import brings_sentence
from planner.views.words.plan.joint_plan import compromise_sentences, gained_notes

CRS = "EPSG:32650"
X, Y = 390_000.0, 2_860_000.0
UNSURE = "Of these, perhaps near today"
MORE = "Perhaps more"
SURER = {"en": "is no surer than that", "zh": "都不会比这更准确"}


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def result():
    """A street with a home every 100 m, at its start a clinic that does not tell its hours."""
    homes = [shapely.Point(X + metres, Y) for metres in np.arange(50, 1050, 100.0)]
    layers = {
        "communities": layer(
            [shapely.box(X - 50, Y - 50, X + 1050, Y + 50)], community_id=["1"], name=["Long"]
        ),
        "streets": layer([shapely.LineString([(X, Y), (X + 1000, Y)])], street_id=["s"]),
        "facilities": layer([shapely.Point(X, Y)], facility_id=["f"], kind=["clinic"]),
        "demand": layer(
            homes,
            demand_id=[f"d{n}" for n in range(len(homes))],
            community_id=["1"] * len(homes),
            population=[10.0] * len(homes),
        ),
    }
    district = District.from_layers("Town", layers, complete=builtin_kinds())
    return planner.assess(district, at="Su 22:00")


def proposed(plan: Plan, result, x: float = X + 400, y: float = Y, **told: str):
    """Propose a clinic: homes of 150 to 650 m gain; those to 250 m may have the old one."""
    values = {"year": 2027, "cost": 50.0, "currency": str(result.money)}
    (made,) = plan.propose([Open("n", "clinic", x, y, **told)], assessment=result, **values)
    return made


@pytest.mark.long
@pytest.mark.parametrize("hours", ["", "24/7"])
def test_a_proposal_tells_whom_it_may_not_bring(file_plan: Plan, result, hours) -> None:
    made = proposed(file_plan, result, opening_hours=hours)
    assert (made.figures.gained(), made.figures.gained_unsure()) == (60.0, 20.0)
    assert Figures.from_json(made.figures.to_json()) == made.figures
    labels = Labels("en")
    said = brings_sentence(labels, made)
    assert "Brings 60 residents" in said
    assert "Of 20 of these gains it is not known that they are any" in said
    assert ("New facilities count as open" in said) == (not hours)
    assert "20" in brings_sentence(Labels("zh"), made).replace("2026", "")
    assert file_plan.table()["gained_unsure"].tolist() == [20.0]
    assert proposals_table(file_plan.cases(), labels, Kinds({}))[UNSURE].tolist() == [20.0]
    assert brought_table(labels, made.figures)[UNSURE].tolist() == [20.0]


def test_where_all_is_known_nothing_is_added(file_plan: Plan, result) -> None:
    made = proposed(file_plan, planner.assess(result.district))
    assert made.figures.gained_unsure() == 0.0
    labels = Labels("en")
    assert brings_sentence(labels, made).count(".") == 1
    for table in (
        proposals_table(file_plan.cases(), labels, Kinds({})),
        brought_table(labels, made.figures),
    ):
        assert UNSURE not in table


def test_figures_kept_before_tell_as_far_as_they_can(file_plan: Plan, result) -> None:
    kept = proposed(file_plan, result, opening_hours="24/7").figures.to_json()
    for row in kept["rows"]:
        row.pop("gained_unsure")
    old = Figures.from_json(kept)
    assert (old.gained_unsure(), old.to_json()) == (20.0, kept)


@pytest.mark.long
def test_years_and_the_compromise_tell_it(file_plan: Plan, result) -> None:
    made = file_plan.step(proposed(file_plan, result), "submit")
    labels = Labels("en")
    points = agenda_points(labels, file_plan.agenda(result), result.district)
    lines = [line for point in points for line in point.lines]
    assert any("of 20 it is not known that they lack it today" in each for each in lines)
    file_plan.step(made.id, "take_up")
    for asked in file_plan.case(made.id).consultations:
        file_plan.consult(made.id, asked.department, "none", why="agreed")
    file_plan.step(made.id, "approve")
    joint = file_plan.joint(result)
    assert joint.money()[["gained", "gained_unsure"]].to_numpy().tolist() == [[60.0, 20.0]]
    assert money_table(joint.money(), labels, joint.costs)[UNSURE].tolist() == [20.0]
    told = " ".join(gained_notes(labels, joint))
    assert "Of 20 of these gains" in told
    assert "New facilities count as open" in told
    found = file_plan.compare(result)
    assert (found.decided.gained, found.decided.gained_unsure) == (60.0, 20.0)
    assert choices_table(found, labels)[UNSURE].iloc[0] == 20.0
    assert any("Of 20 of these gains" in each for each in compromise_sentences(found))


@pytest.mark.long
@pytest.mark.parametrize("language", few(["en", "zh"], 1))
def test_shares_that_are_ranges_are_told_as_such(file_plan: Plan, language) -> None:
    town = planner.assess(grid_town(200.0, 3), STANDARD)
    spot = town.district.demand.geometry.iloc[-1]
    made = proposed(file_plan, town, spot.x, spot.y)
    assert Figures.from_json(made.figures.to_json()) == made.figures
    assert SURER[language] in brings_sentence(Labels(language), made)
    decided(file_plan, made)
    joint = file_plan.joint(town)
    (line,) = gained_notes(Labels(language), joint)
    assert SURER[language] in line
    found = file_plan.compare(town)
    assert sum(SURER[language] in each for each in compromise_sentences(found, language)) == 1


def test_of_an_estimate_no_residents_are_told(file_plan: Plan, result) -> None:
    made = proposed(file_plan, result)
    asked = {**made.figures.asked, "unit": "weight"}
    said = brings_sentence(Labels("en"), replace(made, figures=replace(made.figures, asked=asked)))
    assert "20" in said
    assert not re.search(r"\bresidents?\b|people", said)


@pytest.mark.long
def test_verbs_show_it(tmp_path, result) -> None:
    from planner.sources.workspace.writing import write_district

    file, plan = tmp_path / "town.gpkg", ["--plan", str(tmp_path / "plan.sqlite")]
    write_district(result.district, file)
    new = ["--action", "build", "--kind", "clinic", "--x", str(X + 400), "--y", str(Y)]
    asked = ["--year", "2027", "--department", "health", "--at", "Su 22:00"]

    def output(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, *plan], env={"COLUMNS": "200"})
        assert done.exit_code == 0, done.output
        return " ".join(done.output.split())

    said = output("plan", "add", str(file), *new, *asked)
    assert "Of 20 of these gains" in said
    own = re.search(r"P-\w{4}-\w{4}", said).group()
    assert "Of 20 of these gains" in output("plan", "show", own, "--workspace", str(file))
    assert "Of these," in output("plan", "list")


def existing(file_plan: Plan, result, change):
    """Propose a change to a facility that is there."""
    values = {"year": 2027, "cost": 50.0, "currency": str(result.money)}
    (made,) = file_plan.propose([change], assessment=result, **values)
    return made


@pytest.mark.long
def test_what_is_there_of_unknown_hours_brings_a_range(file_plan: Plan, result) -> None:
    # the clinic of unknown hours has homes to 250 m; at 600 m it would have those of 350 to 850
    made = existing(file_plan, result, Move("f", X + 600, Y))
    figures = made.figures
    assert (figures.gained(), figures.gained_unsure()) == (0.0, 0.0)
    assert (figures.gained_more(), figures.lost_unsure()) == (60.0, 30.0)
    assert Figures.from_json(figures.to_json()) == figures
    labels = Labels("en")
    said = brings_sentence(labels, made)
    assert "Another 60 may gain" in said
    assert "Another 30 may lose" in said
    assert all(each in brings_sentence(Labels("zh"), made) for each in ("60", "30"))
    assert file_plan.table()["gained_more"].tolist() == [60.0]
    assert proposals_table(file_plan.cases(), labels, Kinds({}))[MORE].tolist() == [60.0]
    assert brought_table(labels, figures)[MORE].tolist() == [60.0]
    decided(file_plan, made)
    joint = file_plan.joint(result)
    told = joint.money()[["gained", "gained_more", "lost_unsure"]]
    assert told.to_numpy().tolist() == [[0.0, 60.0, 30.0]]
    assert money_table(joint.money(), labels, joint.costs)[MORE].tolist() == [60.0]
    assert "Another 60 may gain" in " ".join(gained_notes(labels, joint))
    found = file_plan.compare(result)
    assert choices_table(found, labels)[MORE].iloc[0] == 60.0
    assert any("Another 60 may gain" in each for each in compromise_sentences(found))


def test_more_room_or_hours_bring_no_range(file_plan: Plan, result) -> None:
    room = existing(file_plan, result, Enlarge("f", 900.0)).figures
    assert (room.gained(), room.gained_more(), room.lost_unsure()) == (0.0, 0.0, 0.0)
    hours = existing(file_plan, result, ExtendHours("f", "24/7")).figures
    assert (hours.gained(), hours.gained_unsure(), hours.gained_more()) == (30.0, 30.0, 0.0)


def test_figures_kept_before_tell_how_many_more(file_plan: Plan, result) -> None:
    kept = existing(file_plan, result, Move("f", X + 600, Y)).figures.to_json()
    for row in kept["rows"]:
        for name in ("gained_unsure", "gained_more", "lost_unsure"):
            row.pop(name)
    old = Figures.from_json(kept)
    assert (old.gained_more(), old.to_json()) == (30.0, kept)


def years_shown(joint) -> str:
    """Return what the terminal shows of the years."""
    shown: list[object] = []
    _show_years(SimpleNamespace(labels=Labels("en"), show=shown.append), joint, "population")
    out = io.StringIO()
    Console(width=120, file=out).print(*shown)
    return out.getvalue()


def test_the_table_of_years_shows_the_range_of_which_its_notes_tell(file_plan: Plan) -> None:
    town = planner.assess(grid_town(200.0, 3), STANDARD)
    spot = town.district.demand.geometry.iloc[-1]
    decided(file_plan, proposed(file_plan, town, spot.x, spot.y))
    joint = file_plan.joint(town)
    labels = Labels("en")
    for state in joint.after:
        for told in share_ranges(state.range_notes("population")).values():
            assert labels.percent_range(told.low, told.high) in years_shown(joint)
    at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    table = _years(ReportRequest(town, "en", "population", at), joint)
    assert any("At least" in each.heading for each in table.columns)


@pytest.mark.long
def test_where_hours_are_not_told_the_years_show_ranges_too(file_plan: Plan, result) -> None:
    decided(file_plan, existing(file_plan, result, Move("f", X + 600, Y)))
    joint = file_plan.joint(result)
    # 30 of 100 may be within the limit today, 60 once the clinic has moved
    assert "0.0%–30.0%" in years_shown(joint)
    assert "0.0%–60.0%" in years_shown(joint)
    table = areas_table(joint.areas(kind="clinic"), Labels("en"), Kinds({}))
    assert table[Labels("en").column("share_high")].tolist() == [30.0, 60.0]


@pytest.mark.long
def test_where_all_is_known_the_years_show_one_share(file_plan: Plan, result) -> None:
    known = planner.assess(result.district)
    decided(file_plan, proposed(file_plan, known))
    assert "–" not in years_shown(file_plan.joint(known))
