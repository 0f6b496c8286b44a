"""Where demand is an estimate, nothing that a reader meets calls it people."""

import io
import json
import re
import string
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
from demo_part import part_of_demo
from effort import few, tries
from people_words import PEOPLE

import planner
from planner.analysis.compliance.checkup import checkup
from planner.analysis.links.links import best_links, link_sequence
from planner.analysis.links.map_work import map_work
from planner.analysis.measures.supply import load
from planner.cli import main
from planner.district import DEMAND_UNITS, District
from planner.errors import InputError, messages
from planner.reports.report import report
from planner.siting.one_stop_sites.proposals import propose_one_stop
from planner.siting.relocation.relocate import relocate
from planner.sources import write_district
from planner.views.exports.analysis.assessment import write_outputs
from planner.views.exports.analysis.checkups import write_checkup
from planner.views.exports.analysis.gaps import write_gaps
from planner.views.exports.analysis.links import write_links
from planner.views.exports.files import reader_columns
from planner.views.exports.siting.comparisons import write_comparison
from planner.views.exports.siting.matching import write_matching
from planner.views.exports.siting.one_stop import write_one_stop
from planner.views.exports.siting.proposals import write_proposal
from planner.views.exports.siting.relocations import write_relocation
from planner.views.words.catalogue import catalogue
from planner.views.words.labels import Labels

UNIT_BRACES = {"demand", "Demand", "demand_unit", "demand_one"}
RIGHT = {
    "analysis.homes_without_street": "has a sentence of its own for estimates",
    "analysis.homes_cut_off": "has a sentence of its own for estimates",
    "analysis.cycleways_left_out": "tells who may walk, and counts nobody",
    "analysis.compare_units": "asks for a population",
    "analysis.outside_communities": "has a sentence of its own for estimates",
    "analysis.round_corners": "has a sentence of its own for estimates",
    "analysis.unmapped_ground": "has a sentence of its own for estimates",
    "checkup.residents_": "not judged where residents are not known",
    "checkup.unit_residents": "is the unit of a clause that is not judged then",
    "checkup.area_residents_": "not judged where residents are not known",
    "analysis.spread_demand": "is said of residents that were spread, never of an estimate",
    "update.households_stay": "is said of newer residents, never of an estimate",
    "update.added_to_spread": "is said of residents that were spread, never of an estimate",
    "views.group_": "names a group of residents, where residents are counted",
    "app_overview.near_known_group": "is said of a group of residents",
    "app.layer_totals": "names a file of residents",
    "app.layer_cells": "names a file of residents",
    "app.layer_raster": "names a file of residents",
    "app_plan.capacity_residents": "names the unit of a place's room",
    "plan.room_in_": "names the unit of a place's room",
    "app_data.": "asks for residents, which may be added",
    "app_files.": "asks for residents",
    "app_permissions.": "tells of users",
    "app_what_if.kept_note": "tells of users",
    "cli.layer_option": "names an option",
    "cli.missing_option": "asks for residents",
    "datums.": "tells of a file with residents",
    "district.": "tells of columns of a file",
    "small_numbers.": "tells of counts of groups, which are people beside any estimate",
    "tables.": "tells of columns of a file",
    "templates.": "tells what to fill in",
    "sources.": "asks for residents, or tells of columns of a file",
    "measures.value_spread": "is said of residents that were spread, never of an estimate",
    "matching.spread_needs": "is said of residents that were spread, never of an estimate",
    "provenance.range_spread": "is said of residents that were spread, never of an estimate",
    "provenance.counts_": "is said of residents, never of an estimate",
    "population.": "tells of files with residents",
    "osm.": "says that residents are not known, or asks for them",
    "gaps.left_out": "tells who may walk, and counts nobody",
    "links.work_settle_way": "tells who may walk, and counts nobody",
    "links.along_": "tells who may walk, and counts nobody",
    "app_what_if.did_settle_way": "tells who may walk, and counts nobody",
    "plan.no_way_to_settle": "tells who may walk, and counts nobody",
    "plan_words.action_settle_way": "tells who may walk, and counts nobody",
    "location.": "is said of arrays by the solvers",
    "standards.": "is what a standard says",
    "matching.service_": "is the name of a service",
    "matching.no_room_told": "names a column",
    "estimated.": "is what is said instead",
    "browser.": "is what is said instead of a sentence that is judged itself",
    "paper.": "is what is said instead of a sentence that is judged itself",
}
"""Sentences that may speak of residents whatever is counted, by how their code begins."""

UNIT = "floor_area_m2"


def braces(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@cache
def variants() -> dict[str, str]:
    begin = "estimated."
    roles = ("noun.", "heading.", "amount.", "one.")
    found = {c.removeprefix(begin): s for c, s in messages().items() if c.startswith(begin)}
    return {code: sentence for code, sentence in found.items() if not code.startswith(roles)}


def test_each_variant_stands_for_a_sentence_and_needs_nothing_that_it_has_not():
    for code, sentence in variants().items():
        if code.startswith("text."):
            assert braces(sentence) <= braces(code) | UNIT_BRACES, code
        else:
            assert braces(sentence) <= braces(messages()[code]) | UNIT_BRACES, code


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_sentence_about_people_has_one_about_estimates(language):
    chinese = catalogue("zh")
    called = []
    for code, sentence in messages().items():
        if code.startswith(tuple(RIGHT)):
            continue
        said = variants().get(code, sentence)
        said = said if language == "en" else chinese[said]
        if PEOPLE.search(re.sub(r"\{[^{}]*\}", "", said)):
            called.append(f"{code}: {said}")
    assert not called, "\n".join(called)


@pytest.mark.parametrize("unit", DEMAND_UNITS[1:])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_unit_is_named(unit, language):
    labels = Labels(language, unit)
    said = [
        labels.message("siting.answer", sites=2, gained="1,200", limit="300 m"),
        labels.message("siting.col_cost_per_resident"),
        labels.group("weight"),
        labels.column("total"),
    ]
    assert not [text for text in said if PEOPLE.search(text) or "{" in text]
    assert "1,200" in said[0]
    if unit != "weight":
        assert ("m²" in said[0] or "平方米" in said[0]) == (unit == "floor_area_m2")


def test_residents_stay_residents():
    said = Labels("en").message("siting.answer", sites=2, gained="1,200", limit="300 m")
    assert said == "2 sites bring 1,200 residents within 300 m."
    table = pd.DataFrame(columns=["residents", "cost_per_resident", "capacity_residents"])
    assert list(reader_columns(table, "residents")) == list(table)
    assert list(reader_columns(table, UNIT)) == ["demand", "cost_per_unit", "capacity_residents"]


def estimated(district: District, unit: str) -> District:
    """Return a district that knows no residents: its homes have weights, thirty for each."""
    demand = district.demand.drop(columns=district.groups)
    demand.insert(2, "weight", district.demand["population"] * 30.0)
    gone = [name for name in district.communities if str(name).startswith("pop")]
    sources = tuple(
        replace(source, unit=unit) if source.layer == "demand" else source
        for source in district.sources
    )
    communities = district.communities.drop(columns=gone)
    return replace(district, demand=demand, communities=communities, sources=sources)


@pytest.fixture(scope="module")
def result():
    # every verb and file has something to say of three communities
    district = estimated(part_of_demo(3), UNIT)
    assert district.demand_unit == UNIT
    return planner.assess(district)


def texts(file: Path) -> dict[str, str]:
    """Return what a file says to its readers, by where: headings, cells that are words, text."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as packed:
            return {name: packed.read(name).decode("utf-8-sig") for name in packed.namelist()}
    if file.suffix == ".gpkg":
        told = {}
        for name in pyogrio.list_layers(file)[:, 0]:
            table = pyogrio.read_dataframe(file, layer=name, read_geometry=False)
            words = table.select_dtypes(exclude="number").astype(str).to_csv(index=False)
            told[f"{name} columns"] = "\n".join(re.sub("_", " ", str(each)) for each in table)
            told[f"{name} cells"] = words
        return told
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".html":
        text = re.sub(r"(?s)<style.*?</style>|window\.plannerLayers = .*?\}\)\(\);", " ", text)
    return {"": text}


def calls_it_people(folder: Path) -> list[str]:
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        for where, text in texts(file).items():
            for line in text.splitlines():
                told = line.replace("capacity_residents", "").replace("capacity residents", "")
                for word in PEOPLE.finditer(told):
                    around = told[max(word.start() - 60, 0) : word.end() + 60]
                    found.append(f"{file.name} {where}: {around}")
    return found


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "zh"][: tries(1, 2)])
def test_no_file_calls_an_estimate_people(result, language, tmp_path):
    write_outputs(result, tmp_path / "assess", language)
    gaps = result.gaps("clinic", links=2)
    write_gaps(result, gaps, tmp_path / "gaps", language)
    links = best_links(result, ["clinic"], count=3)
    steps = link_sequence(result, ["clinic"], None, 2)
    write_links(result, links, steps, map_work(result.reach), tmp_path / "links", language)
    proposal = planner.propose(result, "clinic", 2)
    write_proposal(proposal, tmp_path / "sites", language)
    shared = propose_one_stop(result, ["clinic", "police_room"], 500.0)
    write_one_stop(shared, tmp_path / "one_stop", language)
    write_relocation(relocate(result, "clinic", 1), tmp_path / "moves", language)
    matching = planner.match_needs(result, "sports", limit_m=800.0, need_per_resident=0.001)
    write_matching(matching, tmp_path / "matching", language)
    after = result.apply(planner.Scenario("two", proposal.changes()))
    write_comparison(planner.compare(result, after), tmp_path / "changes", language)
    write_checkup(checkup(result, level="subdistrict"), tmp_path / "cards", language)
    told = ["summary", "standard", "coverage", "gaps", "siting", "data", "method"]
    made = report(result, language=language, proposals=[proposal], parts=told)
    made.write(tmp_path / "report.html")
    told = calls_it_people(tmp_path)
    assert not told, "\n".join(told[:40])


VERBS = (
    "check W",
    "assess W",
    "gaps W --kind clinic",
    "links W --kind clinic --count 2",
    "site W --kind clinic --new 1 --why --curve 2",
    "relocate W --kind clinic --moves 1 --curve 1 --missed-least 2",
    "one-stop W --budget 400 --kind clinic --kind police_room",
    "mix W --budget 100 --kind clinic --links 2",
    "match W --kind sports --limit 800 --need 0.001",
    "audit W --level subdistrict",
    "checkup W --level subdistrict",
    "measure W load --kind clinic",
    "measure W redundancy --kind clinic",
    "measure W equity --kind clinic",
)


@pytest.fixture(scope="module")
def file(result, tmp_path_factory):
    return write_district(result.district, tmp_path_factory.mktemp("town") / "estimated.gpkg")


@pytest.mark.long
@pytest.mark.parametrize("verb", few(VERBS, 7))
def test_no_verb_calls_an_estimate_people(file, verb, read_once, capsys):
    arguments = [str(file) if word == "W" else word for word in verb.split()]
    with pytest.raises(SystemExit) as end:
        main([*arguments, "--language", "en"])
    said = capsys.readouterr()
    assert end.value.code == 0, said.err
    wrong = [line for line in (said.out + said.err).splitlines() if PEOPLE.search(line)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_json_tells_the_unit(file, capsys):
    with pytest.raises(SystemExit):
        main(["assess", str(file), "--json"])
    assert json.loads(capsys.readouterr().out)["district"]["demand_unit"] == UNIT


@pytest.mark.long
def test_room_for_residents_is_not_set_against_an_estimate(result):
    facilities = result.district.facilities.assign(capacity_residents=10.0)
    told = planner.assess(replace(result.district, facilities=facilities))
    rows = load(told)
    assert rows["room_residents"].isna().all()
    assert (rows["full_low"] == 0).all()
    counted = part_of_demo(3)
    known = planner.assess(replace(counted, facilities=facilities))
    assert (load(known)["full_low"] > 0).any()
    with pytest.raises(InputError) as refused:
        planner.match_needs(told, "sports", limit_m=800.0)
    assert refused.value.code == "matching.estimated_need"
    sentence = Labels("en").error(refused.value)
    assert told.demand_unit not in ("residents", "weight")  # else the word is the code
    assert told.demand_unit not in sentence
    assert planner.match_needs(told, "sports", limit_m=800.0, need_per_resident=0.001).flows().size
