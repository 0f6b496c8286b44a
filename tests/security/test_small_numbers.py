"""Small counts of groups: what is shown of a withheld district tells of no fewer than allowed.

The reader of these tests is the strongest one: who knows the rule, the blocks, the residents of
every home, all that is made of the district (any figure is a function of the counts held against
here), how the groups lie in each other, and from elsewhere the whole district's count of each
group, where it is no small one itself.
"""

import csv
import json
import re
from dataclasses import replace
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from demo_part import part_of_demo
from effort import few
from scipy.optimize import linprog
from scipy.sparse import coo_array

from planner.app.server.settings import configuration
from planner.app.server.settings.configuration import SmallNumbers, read_configuration
from planner.app.server.sign_in import roles
from planner.app.session.answers import assessments
from planner.app.session.catalogue import DEMO, Entry
from planner.app.session.reader import permissions
from planner.cli import main
from planner.district import District, Scenario, builtin_kinds
from planner.district.corrections import steps
from planner.district.corrections.corrections import Corrections
from planner.errors import Finding, InputError
from planner.result import assess
from planner.siting import match_needs
from planner.sources import demo_district, read_district, write_district
from planner.sources.corrections import change_corrections, corrections_file
from planner.views.exports.analysis.gaps import write_gaps
from planner.views.exports.layers import FORMATS, layer_file
from planner.views.exports.siting.matching import write_matching
from planner.views.maps.parts.homes import home_places
from planner.views.words.labels import Labels

CRS = "EPSG:32650"
AGES = ["pop_0_14", "pop_15_64", "pop_65plus"]
"""Groups that add up to the residents."""
GROUPS = [*AGES, "pop_80plus", "pop_disabled", "pop_floating"]


def town(counts, community, people, subdistrict=("North", "North", "South", "South")) -> District:
    """Return homes in a row along a street, in communities of which two make a subdistrict."""
    count = len(people)
    names = sorted(set(community))
    demand = gpd.GeoDataFrame(
        {
            "demand_id": [f"h{i:03d}" for i in range(count)],
            "community_id": community,
            "population": np.asarray(people, dtype=float),
            **{name: np.asarray(column, dtype=float) for name, column in counts.items()},
        },
        geometry=[shapely.Point(20 * i, 5) for i in range(count)],
        crs=CRS,
    )
    ends = [(20 * min(np.flatnonzero(np.array(community) == name)) - 10) for name in names]
    edges = [*ends, 20 * count]
    communities = gpd.GeoDataFrame(
        {
            "community_id": names,
            "name": [f"Court {name}" for name in names],
            "subdistrict": [subdistrict[i % len(subdistrict)] for i in range(len(names))],
        },
        geometry=[shapely.box(a, -50, b, 50) for a, b in pairwise(edges)],
        crs=CRS,
    )
    streets = gpd.GeoDataFrame(
        {"street_id": ["s"]},
        geometry=[shapely.LineString([(-50, 0), (20 * count + 50, 0)])],
        crs=CRS,
    )
    facilities = gpd.GeoDataFrame(
        {"facility_id": ["c"], "kind": ["clinic"], "name": ["Clinic"]},
        geometry=[shapely.Point(60, 0)],
        crs=CRS,
    )
    layers = {
        "demand": demand,
        "communities": communities,
        "streets": streets,
        "facilities": facilities,
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())


def random_town(seed: int) -> District:
    """Return a town whose ages add up; a court may lack a group, a home the count of one."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(10, 26))
    people = rng.integers(0, rng.choice([12, 60, 300]), count)
    community = np.sort(rng.choice(list("abcd"), count)).tolist()
    lives_out = np.array(community) != "a"
    old = rng.binomial(people, rng.choice([0.05, 0.3, 0.9]))
    young = rng.binomial(people - old, rng.choice([0.1, 0.5]))
    counts = {
        "pop_0_14": young,
        "pop_15_64": people - old - young,
        "pop_65plus": old,
        "pop_80plus": rng.binomial(old, 0.3),
        "pop_disabled": rng.binomial(people, rng.choice([0.01, 0.05])) * lives_out,
        "pop_floating": rng.poisson(people * rng.choice([0.05, 0.3, 1.5])),
    }
    counts = {name: column.astype(float) for name, column in counts.items()}
    if seed % 3 == 0:
        counts["pop_disabled"][int(rng.integers(count))] = np.nan
    return town(counts, community, people)


class Attack:
    """What somebody can still believe of each count: a linear programme over all homes."""

    def __init__(self, real: District, shown: District) -> None:
        people = real.demand["population"].to_numpy()
        known = {g: ~np.isnan(real.demand[g].to_numpy()) for g in GROUPS}
        self._homes, self._number = len(people), {g: i for i, g in enumerate(GROUPS)}
        self._rows, self._values, self._under, self._most = [], [], [], []
        block = shown.withheld.block.to_numpy()
        for group in GROUPS:
            told = shown.demand[group].to_numpy()
            hidden = shown.withheld.homes[group].to_numpy()
            for home in np.flatnonzero(~hidden & known[group]):
                self._equal([(group, home)], told[home])
            seen = hidden & ~np.isnan(told)
            for each in np.unique(block[seen]):
                homes = np.flatnonzero(seen & (block == each))
                self._equal([(group, home) for home in homes], told[homes].sum())
            bound = AGES if group in AGES else [group]
            if all(self._is_large(real, each) for each in bound):  # then told elsewhere
                total = np.nansum(real.demand[group].to_numpy())
                self._equal([(group, home) for home in np.flatnonzero(known[group])], total)
        for home in range(self._homes):
            self._equal([(group, home) for group in AGES], people[home])
            self._under.append(
                [(self._at("pop_80plus", home), 1), (self._at("pop_65plus", home), -1)]
            )
        # a floating population may be more than the residents: nobody knows how many more
        most = np.tile(people, len(GROUPS)).reshape(len(GROUPS), -1)
        most[self._number["pop_floating"]] = np.inf
        self._bounds = [(0, None if np.isinf(each) else each) for each in most.ravel()]

    @staticmethod
    def _is_large(real: District, group: str) -> bool:
        table = real.demand[["population", group]].dropna()
        rest = (table["population"] - table[group]).sum()
        return table[group].sum() >= 5 and (rest >= 5 or rest < 0)

    def _at(self, group, home) -> int:
        return self._number[group] * self._homes + int(home)

    def _equal(self, cells, value) -> None:
        self._rows.append([(self._at(*cell), 1) for cell in cells])
        self._values.append(float(value))

    def _matrix(self, rows):
        entries = [(i, at, value) for i, row in enumerate(rows) for at, value in row]
        i, at, value = (np.array(each) for each in zip(*entries, strict=True))
        return coo_array((value, (i, at)), shape=(len(rows), self._homes * len(GROUPS))).tocsr()

    def believed(self, group, home) -> tuple[float, float]:
        """Return the least and the most that a home's count can be."""
        ends = []
        for sign in (1, -1):
            wanted = np.zeros(self._homes * len(GROUPS))
            wanted[self._at(group, home)] = sign
            found = linprog(
                wanted,
                A_eq=self._matrix(self._rows),
                b_eq=self._values,
                A_ub=self._matrix(self._under),
                b_ub=np.zeros(len(self._under)),
                bounds=self._bounds,
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return ends[0], ends[1]


@pytest.mark.long
@pytest.mark.parametrize("seed", few(range(12), 4))
def test_no_small_count_can_be_narrowed(seed):
    """Of every withheld small count as much stays open as the threshold, or as lives there."""
    real, threshold = random_town(seed), 5
    shown = real.withhold(threshold)
    people = real.demand["population"].to_numpy()
    attack, tried = Attack(real, shown), 0
    for group in GROUPS:
        counts = real.demand[group].to_numpy()
        rest = people - counts
        small = (counts < threshold) | ((rest >= 0) & (rest < threshold))
        cells = np.flatnonzero(small & (people > 0) & ~np.isnan(counts))
        assert shown.withheld.homes[group].to_numpy()[cells].all(), (group, cells)
        for home in cells[:: max(1, len(cells) // 4)]:
            least, most = attack.believed(group, home)
            tried += 1
            assert least - 1e-6 <= counts[home] <= most + 1e-6
            assert most - least >= min(threshold, people[home]) - 1e-6, (group, home, least, most)
    assert tried > 10


def test_the_attack_finds_what_is_shown_carelessly():
    """Without the second step, a community's count less those of its shown homes tells the rest."""
    old = np.array([20.0, 30.0, 2.0])
    real = town(
        {name: [0.0, 0.0, 0.0] for name in GROUPS}
        | {"pop_65plus": old, "pop_15_64": np.array([80.0, 70.0, 50.0]) - old},
        ["b"] * 3,
        [80, 70, 50],
    )
    shown = real.withhold(5)
    careless = shown.demand.assign(pop_65plus=[20.0, 30.0, 2.0])
    withheld = replace(
        shown.withheld, homes=shown.withheld.homes.assign(pop_65plus=[False] * 2 + [True])
    )
    told = replace(shown, demand=careless, withheld=withheld)
    assert Attack(real, told).believed("pop_65plus", 2) == pytest.approx((2, 2))


@pytest.mark.long
def test_a_block_is_not_told_apart_from_another_that_would_look_the_same():
    """For small counts there is another town that gives the very same figures, 5 away or more."""
    real = demo_district()
    shown = real.withhold(5)
    block = shown.withheld.block.to_numpy()
    people = real.demand["population"].to_numpy()
    counts = real.demand["pop_disabled"].to_numpy().astype(float)
    homes = np.flatnonzero((counts < 3) & (people >= 15))[::211][:12]
    assert len(homes) >= 8
    other = counts.copy()
    for home in homes:  # five people of the group move in, as many others move out
        inside = np.flatnonzero((block == block[home]) & (np.arange(len(block)) != home))
        inside = inside[~np.isin(inside, homes)]
        for _ in range(5):
            giver = inside[np.argmax(other[inside])]
            other[giver] -= 1
            other[home] += 1
    changed = replace(real, demand=real.demand.assign(pop_disabled=other.astype(int))).withhold(5)
    assert (other[homes] - counts[homes] == 5).all()
    same = block == changed.withheld.block.to_numpy()
    assert same.all()
    for group in real.groups:
        assert np.allclose(changed.demand[group], shown.demand[group], equal_nan=True, atol=1e-9)


@pytest.mark.long
def test_sums_are_kept_and_blocks_are_safe():
    real = demo_district()
    shown = real.withhold(5)
    assert shown.withheld.blocks > 150
    tables = [each.people().assign(b=shown.withheld.block.to_numpy()) for each in (real, shown)]
    before, after = (table.groupby("b").sum() for table in tables)
    assert np.allclose(before, after)
    for group in real.groups[1:]:
        assert before[group].min() >= 5
        assert (before["population"] - before[group]).min() >= 5
    assert real.withhold(5).withheld.block.equals(shown.withheld.block)
    assert shown.withhold(3) is shown
    with pytest.raises(InputError, match="withheld already"):
        shown.withhold(9)
    with pytest.raises(InputError):
        real.withhold(1)


@pytest.mark.long
def test_a_court_without_a_group_is_withheld_with_a_second_one():
    """Zero is small; and one court alone would be known from the whole."""
    people = [50] * 12
    disabled = [0, 0, 0, 4, 5, 6, 9, 9, 9, 5, 5, 5]
    real = town({"pop_disabled": disabled}, list("aaabbbcccddd"), people, ("North",) * 4)
    shown = real.withhold(5)
    gone = shown.withheld.gone["pop_disabled"].to_numpy().reshape(4, 3).all(axis=1)
    assert gone.tolist() == [True, True, False, False]
    result = assess(shown)
    league = result.league("community", "clinic").query("group == 'pop_disabled'")
    assert league["total"].isna().tolist() == [True, True, False, False]
    assert (
        league.loc[league["total"].isna(), ["covered", "uncovered", "share"]].isna().all(axis=None)
    )
    summary = result.summary().query("group == 'pop_disabled' and kind == 'clinic'")
    assert summary["population"].item() == 42  # of those who are counted, and a finding says so
    codes = [finding.code for finding in result.findings]
    assert "small_numbers.areas" in codes
    assert "analysis.group_missing" not in codes


@pytest.mark.long
def test_groups_that_add_up_are_withheld_together():
    """Women of a court where few men live would be the residents less the men."""
    people = np.array([40, 40, 40, 40, 40, 40, 40, 40])
    men = np.array([1, 1, 20, 20, 20, 20, 20, 20])
    counts = {"pop_male": men, "pop_female": people - men, "pop_disabled": [9] * 8}
    shown = town(counts, list("aabbccdd"), people).withhold(5)
    gone = shown.withheld.gone
    assert gone["pop_male"].any()
    assert gone["pop_male"].equals(gone["pop_female"])
    assert not gone["pop_disabled"].any()


@pytest.mark.long
def test_what_was_found_of_exact_counts_is_not_told():
    """Two homes that are equal in every column, of which each would be half of their sum."""
    people, disabled = [300.0] * 6, [3, 3, 0, 9, 9, 400]
    alike = town({"pop_disabled": disabled}, list("aaaaab"), people)
    homes = alike.demand.copy()
    homes.loc[1, "geometry"] = homes.loc[0, "geometry"]
    quotes = Finding("tables.about_figures", {"file": "a", "column": "b", "count": 1, "value": "3"})
    other = Finding("sources.decoded", {"file": "a", "encoding": "gbk"})
    real = alike.with_layers(demand=homes)
    real = replace(real, findings=(*real.findings, quotes, other))
    before = {finding.code for finding in real.findings}
    assert {"district.same_homes", "district.group_exceeds"} <= before
    differ = homes.assign(pop_disabled=[2, 4, 0, 9, 9, 400])
    told = [
        {each for each in shown.withhold(5).findings if each.code.startswith("district.")}
        for shown in (real, real.with_layers(demand=differ))
    ]
    assert told[0] == told[1], "whether the counts are equal is not told"
    assert "district.group_exceeds" not in {each.code for each in told[0]}
    kept = {each.code: each for each in real.withhold(5).findings}
    assert kept["tables.about_figures"].params["value"] == "…"
    assert kept["sources.decoded"] == other


# ---- what leaves the program


def small_cells(real: District) -> dict[str, set[str]]:
    """Return the ids of homes with few of a group, by group."""
    demand = real.demand
    return {g: set(demand["demand_id"][demand[g].between(0, 4)]) for g in real.groups[1:]}


@pytest.mark.long
def test_files_hold_no_withheld_count(tmp_path):
    real = part_of_demo(4)
    shown = real.withhold(5)
    result = assess(shown)
    groups = real.groups[1:]
    result.write(tmp_path / "all")
    write_district(shown, tmp_path / "all" / "workspace.gpkg")
    write_gaps(result, result.gaps("clinic", group="pop_disabled"), tmp_path / "gaps")
    write_matching(match_needs(result, "clinic", group="pop_disabled"), tmp_path / "matching")
    for kind in FORMATS:
        (tmp_path / f"demand.{kind}").write_bytes(layer_file(shown, "demand", kind))
    seen = 0
    for file in tmp_path.rglob("*.gpkg"):
        for layer, _ in pyogrio.list_layers(file):
            table = pyogrio.read_dataframe(file, layer=layer)
            if "demand_id" in table:
                seen += 1
                counted = [
                    name for name in (*groups, "needs", "unserved", "amount") if name in table
                ]
                assert table[counted].isna().all(axis=None), (file, layer)
            assert not {"use", "block"} & set(table.columns)
            for name in set(groups) & set(table.columns):
                assert not table[name].between(0, 5, inclusive="neither").any(), (file, layer, name)
    assert seen >= 4
    for name in ("demand.csv", "all/demand.csv", "matching/homes.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        labels = Labels("en")
        heads = {*groups, *(labels.group(g) for g in groups), "Need", "Needs", "Unserved"}
        columns = [head for head in rows[0] if head in heads]
        assert columns, (name, list(rows[0]))
        assert all(row[column] == "" for row in rows for column in columns), name
    for name in ("demand.geojson", "all/demand.geojson"):
        features = json.loads((tmp_path / name).read_text(encoding="utf-8"))["features"]
        assert all(each["properties"].get(g) is None for each in features for g in groups)
    told = (tmp_path / "all" / "README.txt").read_text(encoding="utf-8")
    assert "counts of groups below 5 people are withheld" in told
    again = read_district(tmp_path / "all" / "workspace.gpkg")
    assert "small_numbers.homes" in {finding.code for finding in again.findings}


@pytest.mark.long
def test_popups_of_homes_say_that_the_count_is_withheld():
    real = part_of_demo(2)
    shown = real.withhold(5)
    for language, word in (("en", "withheld"), ("zh", "已隐去")):
        homes = home_places(shown, "pop_disabled", Labels(language)).arguments
        assert homes.count(word) == len(shown.demand)
    assert "withheld" not in home_places(shown, "population", Labels("en")).arguments


@pytest.mark.long
def test_the_command_withholds(tmp_path, capsys, small_demo):
    said = ["assess", "demo", "--withhold-below", "5", "--out", str(tmp_path), "--language", "en"]
    with pytest.raises(SystemExit) as stopped:
        main([*said, "--json"])
    assert not stopped.value.code
    given = json.loads(capsys.readouterr().out)
    assert "small_numbers.homes" in {finding["code"] for finding in given["findings"]}
    demand = read_district(tmp_path / "workspace.gpkg").demand
    assert demand["pop_disabled"].isna().all()
    assert demand["population"].notna().all()


# ---- the server


def configured(tmp_path, text: str):
    file = tmp_path / "server.toml"
    file.write_text(text, encoding="utf-8")
    return read_configuration(file)


def test_the_configuration_names_roles_and_workspaces(tmp_path):
    assert configured(tmp_path, "[server]\n").small_numbers is None
    said = configured(tmp_path, "[small_numbers]\n").small_numbers
    assert said == SmallNumbers(5, ("viewer",), ("*",))
    assert said.threshold_for("viewer", "east.gpkg") == 5
    assert said.threshold_for("editor", "east.gpkg") == 0
    assert said.threshold_for(None, "east.gpkg") == 5
    said = configured(
        tmp_path,
        '[small_numbers]\nthreshold = 10\nroles = ["viewer", "editor"]\nfiles = ["East*.gpkg"]\n',
    ).small_numbers
    assert said.threshold_for("editor", "east-2.gpkg") == 10
    assert said.threshold_for("viewer", DEMO) == 0
    for wrong in ("threshold = 1", 'roles = ["nobody"]', "roles = []", "files = []", "people = 3"):
        with pytest.raises(InputError):
            configured(tmp_path, f"[small_numbers]\n{wrong}\n")


@pytest.mark.parametrize(("role", "withheld"), [("viewer", 5), ("editor", 0), (None, 5)])
def test_the_role_decides(tmp_path, monkeypatch, role, withheld):
    file = tmp_path / "server.toml"
    file.write_text("[small_numbers]\n", encoding="utf-8")
    monkeypatch.setenv(configuration.VARIABLE, str(file))
    monkeypatch.setattr(permissions, "role", lambda: role)
    assert permissions.withheld_below("east.gpkg") == withheld
    assert roles.Role.__args__[::-1] == configuration.ROLES


@pytest.mark.long
def test_answers_of_a_viewer_are_no_editor_s():
    """The shared answers tell the entry of a viewer from that of an editor."""
    whole, few = Entry(DEMO), Entry(DEMO, withheld=5)
    assert assessments.district(whole).withheld is None
    assert assessments.district(few).withheld.threshold == 5
    question = assessments.Question(few, "gb50180-2018")
    assert question.assessment().district is assessments.district(few)
    after = assessments.after(question, assessments.changes_text(Scenario("")))
    assert after.district.withheld is assessments.district(few).withheld


@pytest.mark.long
def test_what_is_kept_beside_a_workspace_counts_nobody(tmp_path, caplog, capfd):
    """Corrections, scenarios, and what is written to the log while a workspace is read."""
    workspace = write_district(part_of_demo(2), tmp_path / "east.gpkg")
    with caplog.at_level("DEBUG"):
        real = read_district(workspace)
        result = assess(real.withhold(5))
        result.gaps("clinic", group="pop_disabled")
        facility = str(real.facilities["facility_id"].iloc[0])
        step = steps.edit(real, facility, {"capacity": 40.0}, "2026-01-01T00:00:00Z")
        change_corrections(workspace, Corrections().sign, lambda none: none.do(step))
    out, err = capfd.readouterr()
    kept = corrections_file(workspace).read_text(encoding="utf-8")
    assert facility in kept
    assert not re.search("pop_|population|demand", kept)
    assert not re.search("pop_[a-z]+", out + err + caplog.text)
    with pytest.raises(InputError):
        steps.edit(real, facility, {"pop_disabled": 3.0}, "2026-01-01T00:00:00Z")
