"""Files whose places are wrong, said otherwise, or of a datum without a known shift."""

import json

import pandas as pd
import pytest
from effort import few
from grid_town import (
    ALL,
    CRS,
    Files,
    boundaries,
    covered,
    facilities,
    finding,
    line,
    streets,
    with_rows,
)

import planner
from planner.errors import InputError
from planner.sources import read_district, write_district
from planner.sources.checks.severity import severity


def test_facilities_that_all_lie_far_away_are_refused(tmp_path):
    far = facilities((10_050, 0), (10_150, 0))
    with pytest.raises(InputError) as caught:
        Files(tmp_path, {"facilities": far}).district()
    assert caught.value.code == "sources.all_left_out"
    assert (caught.value.params["layer"], caught.value.params["count"]) == ("facilities", 2)


def test_one_of_them_far_away_is_left_out_and_told(tmp_path):
    town = Files(tmp_path, {"facilities": facilities((50, 0), (10_150, 0))}).district()
    assert covered(town) == ALL
    assert finding(town, "sources.left_out_far")["count"] == 1


@pytest.mark.long
def test_streets_of_a_whole_city_are_left_out_by_rule_and_make_no_figure_wrong(tmp_path):
    wide = with_rows(streets(), line((0, 5000), (100, 5000)), line((0, 6000), (100, 6000)))
    town = Files(tmp_path, {"streets": wide}).district()
    assert covered(town) == ALL
    assert finding(town, "sources.lines_left_out_far")["count"] == 2
    assert severity("sources.lines_left_out_far") == "decided"
    assert severity("sources.left_out_far") == "harmful"


@pytest.mark.long
@pytest.mark.parametrize("name", ["fid", "FID"])
@pytest.mark.parametrize("values", few([[7, 7], ["a", "b"], [2.5, None]], 2))
def test_a_column_called_fid_is_a_column_as_others_are(tmp_path, name, values):
    table = boundaries()
    table[name] = values
    town = Files(tmp_path, {"boundaries": table}).district()
    assert covered(town) == ALL
    again = read_district(write_district(town, tmp_path / "town.gpkg"))
    assert covered(again) == ALL
    assert again.communities["community_id"].tolist() == ["c1", "c2"]
    assert name not in again.communities
    kept = again.communities[f"source_{name}"]
    assert [None if pd.isna(value) else value for value in kept] == values


@pytest.mark.long
def test_a_datum_without_a_known_shift_is_told(tmp_path):
    path = tmp_path / "boundaries.gpkg"
    boundaries().to_crs("EPSG:2383").to_file(path)
    town = Files(tmp_path, {"boundaries": path}).district()
    assert covered(town) == ALL
    assert "Xian 1980" in finding(town, "sources.unknown_shift")["crs"]


@pytest.mark.long
def test_known_datums_need_no_word(tmp_path):
    for crs in (CRS, "EPSG:4490", "EPSG:4549"):
        path = tmp_path / f"{crs[5:]}.gpkg"
        boundaries().to_crs(crs).to_file(path)
        town = Files(tmp_path, {"boundaries": path}).district()
        assert "sources.unknown_shift" not in {each.code for each in town.findings}


@pytest.mark.long
def test_metric_geojson_without_a_member_for_its_crs_takes_the_one_that_is_said(tmp_path):
    document = json.loads(boundaries().to_crs(CRS).to_json(drop_id=True))
    document.pop("crs", None)
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    town = Files(tmp_path, {"boundaries": path}).district(crs=CRS)
    assert covered(town) == ALL
    assert town.communities["community_id"].tolist() == ["c1", "c2"]


@pytest.mark.long
def test_a_standard_with_a_kind_that_nobody_knows_is_refused_by_name(tmp_path):
    file = tmp_path / "own.toml"
    lines = ['id = "t"', 'en = "T"', 'zh = "T"', 'source = "s"', "[[rule]]", 'kind = "spaceport"']
    file.write_text("\n".join([*lines, "limit_m = 500"]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        planner.assess(Files(tmp_path).district(), file)
    assert "spaceport" in str(caught.value.params)
