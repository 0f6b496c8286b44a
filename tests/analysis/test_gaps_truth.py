"""Every planted gap of the demo district is found with its cause; so are those of other towns."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from effort import tries

import planner
from planner.analysis.assessment import Assessment
from planner.district import District
from planner.result import assess

GEO = Path(__file__).resolve().parents[2] / "data" / "geo"


class Answers:
    """The gaps of a district under each question, asked once.

    Loose blocks are gaps where nobody joins the streets past them, so those are asked of the
    district as it is drawn.
    """

    def __init__(self, district: District) -> None:
        self.district = district
        self.drawn = dataclasses.replace(district, island_m=0.0)
        self.assessments: dict[tuple[str, str, bool], Assessment] = {}
        self.tables: dict[tuple[object, ...], pd.DataFrame] = {}

    def gaps(self, row):
        loose = row.remedy == "map_link"
        question = (row.at, row.service, loose)
        if question not in self.assessments:
            self.assessments[question] = assess(
                self.drawn if loose else self.district,
                at=row.at or None,
                service=row.service or None,
            )
        key = (*question, row.question, row.kind)
        if key not in self.tables:
            self.tables[key] = self.assessments[question].gaps(
                row.kind, capacity=row.question == "capacity"
            )
        return self.tables[key]

    def of(self, row) -> pd.Series:
        """Return the gap that holds most of a planted one's people."""
        table = self.gaps(row)
        gap_of = pd.Series(
            np.repeat(table.index, table["demand_ids"].str.count(";") + 1),
            index=";".join(table["demand_ids"]).split(";"),
        )
        homes = row.demand_ids.split(";")
        assert set(homes) <= set(gap_of.index), f"{row.gap_id}: homes in no gap"
        people = self.district.people().loc[homes].iloc[:, 0]
        return table.loc[people.groupby(gap_of[homes]).sum().idxmax()]


def read_truth() -> pd.DataFrame:
    return pd.read_csv(GEO / "demo_truth.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return Answers(planner.read_district(GEO / "demo.gpkg"))


@pytest.mark.long(but=1)
@pytest.mark.parametrize("row", list(read_truth().itertuples()), ids=lambda row: row.gap_id)
def test_planted_gap_is_found_with_its_cause(answers, row):
    gap = answers.of(row)
    assert gap["cause"] == row.cause
    assert gap[f"share_{row.cause}"] > 0.5
    homes = answers.district.demand.set_index("demand_id").geometry[row.demand_ids.split(";")]
    ground = shapely.union_all(answers.gaps(row).geometry.to_numpy())
    assert shapely.dwithin(ground, homes.to_numpy(), 0.01).all()
    assert row.community_id in gap["communities"].split(";")
    if row.facility_id and row.cause != "data":
        assert gap["facility_id"] == row.facility_id
    if row.barrier:
        assert gap["barrier"] == row.barrier


REMEDIES = {
    "build": "build",
    "open_internal": "open_internal",
    "open_gate": "link",
    "new_gate": "link",
    "footbridge": "link",
    "longer_hours": "longer_hours",
    "add_service": "add_service",
    "enlarge": "enlarge",
    "map_link": "map_streets",
    "map_street": "map_streets",
}


@pytest.mark.long(but=3)
@pytest.mark.parametrize("row", list(read_truth().itertuples()), ids=lambda row: row.gap_id)
def test_planted_gap_is_given_its_remedy(answers, row):
    assert answers.of(row)["remedy"] == REMEDIES[row.remedy]


@pytest.mark.long(but=1)
@pytest.mark.parametrize("kind", ["clinic", "police_room", "cultural_centre"])
def test_everybody_not_covered_is_in_one_gap(answers, kind):
    assessment = assess(answers.district, at="Su 22:00")
    gaps = assessment.gaps(kind)
    summary = assessment.summary().set_index(["kind", "group"])
    for group in assessment.groups:
        row = summary.loc[(kind, group)]
        assert gaps[group].sum() == pytest.approx(row["uncovered"] + row["unknown"])
    assert gaps["unknown"].sum() == pytest.approx(summary.loc[(kind, "population"), "unknown"])
    homes = ";".join(gaps["demand_ids"]).split(";")
    assert len(homes) == len(set(homes)) == gaps["homes"].sum()
    shares = gaps[[f"share_{c}" for c in ("none_near", "barrier", "closed", "full", "data")]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert gaps["population"].is_monotonic_decreasing


@pytest.mark.long
def test_polygons_are_clean_and_hold_their_homes(answers):
    gaps = assess(answers.district).gaps()
    assert gaps.geometry.is_valid.all()
    assert set(gaps.geom_type) <= {"Polygon", "MultiPolygon"}
    assert (gaps.area > 20).all()
    at = answers.district.demand.set_index("demand_id").geometry
    for _, of_kind in gaps.groupby("kind"):
        shapes = of_kind.geometry.to_numpy()
        one, other = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
        assert shapely.area(shapely.intersection(shapes[one], shapes[other])).sum() < 0.01
    for gap in gaps.head(60).itertuples():
        homes = at[gap.demand_ids.split(";")].to_numpy()
        assert shapely.dwithin(gap.geometry, homes, 0.01).all()
        if gap.geometry.geom_type == "Polygon":
            assert 4 * np.pi * gap.geometry.area / gap.geometry.length**2 > 0.02


def test_a_gap_inside_a_walled_compound_ends_at_its_wall(answers):
    planted = [row for row in read_truth().itertuples() if row.barrier == "wall"]
    walls = answers.district.barriers.set_index("barrier_id").geometry
    for row in planted:
        gap = answers.of(row)
        compound = shapely.polygons(shapely.get_coordinates(walls[gap["barrier_id"]]))
        homes = answers.district.demand.set_index("demand_id").geometry[row.demand_ids.split(";")]
        if shapely.contains(compound, homes.to_numpy()).all() and gap["homes"] == len(homes):
            assert shapely.difference(gap["geometry"], compound).area < 1.0


@pytest.mark.parametrize("seed", range(20260, 20260 + tries(0, 2)))
def test_gaps_of_another_town_get_their_causes(seed):
    sys.path.insert(0, str(GEO))
    try:
        from make_demo import build_demo
    finally:
        sys.path.remove(str(GEO))
    district, truth = build_demo(seed=seed)
    answers = Answers(district)
    right = [answers.of(row)["cause"] == row.cause for row in truth.itertuples()]
    assert np.mean(right) >= 0.95, truth["gap_id"][~np.array(right)].tolist()
