from dataclasses import replace

import pyogrio
import pytest

from planner.district import Scenario
from planner.district.scenarios.changes import apply_scenario
from planner.district.scenarios.scenario import Convert
from planner.errors import InputError
from planner.sources import demo_district, read_district, write_district
from planner.sources.workspace.demo import demo_file


@pytest.mark.long
def test_a_workspace_is_read_with_kinds_of_ones_own(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[tea]\nen = "Tea house"\nzh = "茶馆"\n', encoding="utf-8")
    district = read_district(demo_file(), kinds=own)
    assert district.kinds["tea"].zh == "茶馆"
    assert "tea" not in demo_district().kinds
    assert "pharmacy" in read_district(demo_file(), kinds="everyday").kinds
    facilities = district.facilities.copy()
    facilities.loc[0, "kind"] = "tea"
    file = write_district(district.with_layers(facilities=facilities), tmp_path / "tea.gpkg")
    assert read_district(file).kinds["tea"].en == "Tea house"


def test_an_unknown_kind_in_a_file_says_what_to_do(tmp_path):
    district = demo_district()
    facilities = district.facilities.copy()
    facilities.loc[2, "kind"] = "tea"
    with pytest.raises(InputError, match="describe your own kind in a kinds file"):
        district.with_layers(facilities=facilities)


def listed(complete=()):
    district = demo_district()
    records = {
        kind: replace(own, complete=kind in complete) for kind, own in district.records.items()
    }
    return replace(district, records=records)


def test_of_a_kind_that_a_gis_took_out_of_a_workspace_nothing_is_known(tmp_path):
    file = write_district(listed(["library"]), tmp_path / "edited.gpkg")
    # a GIS changes the layer and leaves what is told of kinds as it is
    rows = pyogrio.read_dataframe(file, layer="facilities")
    left = rows[~rows["kind"].isin(["clinic", "library"])]
    pyogrio.write_dataframe(left, file, layer="facilities")
    found = read_district(file)
    assert [found.data_state(kind) for kind in ("clinic", "library")] == ["none", "complete"]
    assert found.data_state("police_room") == "listed"


def test_of_a_kind_whose_last_facility_a_scenario_closed_there_is_none_in_a_file_too(tmp_path):
    district = listed()
    closing = [
        Convert(each, "library")
        for each in district.facilities.query("kind == 'clinic'")["facility_id"]
    ]
    after = apply_scenario(district, Scenario("none", closing))
    assert after.data_state("clinic") == "listed"
    found = read_district(write_district(after, tmp_path / "none.gpkg"))
    assert found.data_state("clinic") == "listed"
    again = read_district(write_district(found, tmp_path / "again.gpkg"))
    assert again.data_state("clinic") == "listed"
