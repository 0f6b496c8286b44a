"""Small counts of a group are in nothing that a verb prints or writes where they are withheld."""

from __future__ import annotations

import csv
import json

import pyogrio
import pytest
import typer
from demo_part import part_of_demo
from typer.testing import CliRunner

import planner
from planner.cli import app

GROUP, BELOW = "pop_disabled", 10
PEOPLE = (
    "gain",
    "total",
    "residents",
    "total_residents",
    "stranded",
    "alone_low",
    "alone_high",
    "lost",
)
ENDS = ("residents_low", "residents_high", "residents_within", "link_gain", "gained", "gain_site")
FULL = ("residents_at_full_low", "residents_at_full_high", "gain_link", "gained_unsure")
ALONE = ("cut_off", "link_gain")
MIXED = (
    "alone",
    "serves",
    "marginal",
    "free",
    "several",
    "before",
    "after",
    "promised",
    "promised_bound",
)
COUNTS = {*PEOPLE, *ALONE, *ENDS, *FULL, *MIXED}
"""Columns and fields that count people of the group that was asked for."""

TRIED = {
    "measure redundancy": ["measure", "redundancy"],
    "measure supply": ["measure", "supply"],
    "links": ["links", "--kind", "clinic", "--sites"],
    "mix": ["mix", "--budget", "500"],
    "one-stop": ["one-stop", "--budget", "500"],
    "site": ["site", "--kind", "clinic", "--new", "6", "--curve", "6", "--years", "3", "--why"],
    "relocate": ["relocate", "--kind", "clinic", "--moves", "2"],
    "gaps": ["gaps", "--kind", "clinic", "--links", "5"],
}
ELSEWHERE = {
    "allot": "tests/batch/test_withheld.py",
    "assess": "tests/security/test_small_numbers.py",
    "audit": "tests/analysis/test_areas_not_told.py",
    "batch": "tests/batch/test_withheld.py",
    "brief": "tests/reports/test_briefing.py",
    "check": "tests/district/test_withheld_findings.py",
    "checkup": "tests/analysis/test_areas_not_told.py",
    "compare": "tests/app/test_what_if.py",
    "departments": "tests/siting/test_departments.py",
    "league": "tests/batch/test_withheld.py",
    "match": "tests/security/test_small_numbers.py",
    "report": "tests/reports/test_withheld.py",
    "update": "tests/sources/test_update_withheld.py",
}
"""Verbs whose small counts other tests look for."""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A workspace in which few of a group live anywhere."""
    part = part_of_demo(4)
    made = tmp_path_factory.mktemp("few") / "part.gpkg"
    planner.write_district(part, made)
    return made


def counted(given):
    """Yield every count of people in what was read, with its name."""
    if isinstance(given, list):
        for each in given:
            yield from counted(each)
    if isinstance(given, dict):
        for name, value in given.items():
            if name in COUNTS or name.startswith(("gain_", "gained_")):
                if isinstance(value, dict):
                    yield from ((name, each) for each in value.values() if each is not None)
                    continue
                if value not in (None, ""):
                    yield name, float(value)
            else:
                yield from counted(value)


def rows_of(path):
    """Return the rows of a table, by layer of those that have several."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as opened:
            return list(csv.DictReader(opened))
    if path.suffix == ".gpkg":
        names = [name for name, _ in pyogrio.list_layers(path)]
        tables = [pyogrio.read_dataframe(path, layer=name, read_geometry=False) for name in names]
        return [table.astype(object).to_dict("records") for table in tables]
    return []


def few(found):
    return [(name, count) for name, count in found if 0 < count < BELOW]


@pytest.mark.parametrize("name", TRIED)
def test_no_count_below_the_threshold_is_told(name, file, tmp_path):
    command, *more = TRIED[name]
    what, more = (more[:1], more[1:]) if command == "measure" else ([], more)
    out = tmp_path / ("out.csv" if command == "measure" else "out")
    asked = [command, str(file), *what, "--group", GROUP, *more, "--json"]

    def told(*options):
        ran = CliRunner().invoke(app, [*asked, "--out", str(out), *options])
        assert ran.exit_code == 0, ran.output
        files = [out] if out.is_file() else sorted(out.glob("*"))
        written = [pair for path in files for pair in counted(rows_of(path))]
        return [*counted(json.loads(ran.stdout)), *written]

    assert few(told()), "nothing small to withhold"
    shown = told("--withhold-below", str(BELOW))
    assert shown
    assert not few(shown)


def test_every_verb_that_withholds_is_looked_at():
    verbs = typer.main.get_command(app).commands
    withholding = {
        name
        for name, verb in verbs.items()
        if any("--withhold-below" in each.opts for each in verb.params)
    }
    tried = {words[0] for words in TRIED.values()}
    assert withholding == tried | set(ELSEWHERE)


def test_whether_a_cause_matters_is_withheld_with_the_counts(file):
    asked = ["measure", str(file), "uncertainty", "--group", GROUP, "--kind", "clinic"]
    ran = CliRunner().invoke(app, [*asked, "--withhold-below", "10000", "--json"])
    assert ran.exit_code == 0, ran.output
    assert {row["matters"] for row in json.loads(ran.stdout)["rows"]} == {None}
    shown = CliRunner().invoke(app, [*asked, "--withhold-below", "10000"]).stdout
    (row,) = (line for line in shown.splitlines() if line.strip().startswith("the limit"))
    assert "withheld" in row
