"""Small inputs that went wrong once, in the folder PLANNER_TEST_CASES: what each gives today.

Files of which something must be said first (a datum, a layer, a word) end in an error that names
it, or give the right figure; never a wrong one.
"""

import os
from pathlib import Path

import pytest

import planner
from planner.errors import InputError
from planner.sources import Allowance, Intake, from_files, from_osm, write_district

FOLDER = os.environ.get("PLANNER_TEST_CASES")
pytestmark = pytest.mark.skipif(
    not FOLDER, reason="PLANNER_TEST_CASES is not set: the folder of cases is not here"
)
CASES = Path(FOLDER or ".")
TOLD: dict[str, tuple[float | str, str]] = {
    "base": (1000.0, ""),
    "st_not_noded": (400.0, "sources.unjoined"),
    "st_isolated_one": (1000.0, "sources.islands_moved"),
    "st_highway_proposed": ("sources.nothing_walked", ""),
    "st_geomcoll": (1000.0, "sources.lines_taken"),
    "gate_closed": (1000.0, ""),
    "gate_closed_zh": (1000.0, ""),
    "com_fid": (1000.0, ""),
    "gj_4547_nomember_opt": (1000.0, ""),
    "gj_crs_2383": (1000.0, "sources.unknown_shift"),
    "gcj02_declared": (1000.0, "datums.converted_as_said"),
    "fac_10km_off": ("sources.all_left_out", ""),
    "overpass_pois": (2200.0, "sources.kinds_by_tags"),
    "geofabrik_roads": (0.0, "sources.not_walked"),
    "csv_title_row": (1000.0, "tables.header_below_titles"),
    "csv_sep_line": (1000.0, ""),
    "csv_bom_semicolon_deccomma": (1000.0, "tables.decimal_comma"),
    "zero_width_space": (1000.0, "tables.invisible_signs"),
    "fac_status_zh": (1000.0, "tables.words_taken"),
    "fac_kind_words": ("tables.ambiguous_kind", ""),
    "shp_trunc_en": (1000.0, ""),
    "shp_trunc_dem_zh": (1000.0, ""),
    "shp_wrong_cpg": (1000.0, "tables.wrong_cpg"),
    "xlsx": (1000.0, ""),
    "osm/fac_disused.osm": (0.0, "sources.facilities_gone"),
    "osm/fac_end_date.osm": (0.0, "sources.facilities_gone"),
    "osm/josm_deleted.osm": (0.0, ""),
    "osm/josm_negative.osm": (1000.0, ""),
    "osm/josm_new_path.osm": (400.0, ""),
    "osm/josm_new_path_positive.osm": (400.0, ""),
    "osm/loose_platform.osm": (1000.0, "sources.hanging_streets"),
    "osm/overpass_ways_first.osm": (1000.0, ""),
    "osm/plaza_noshare.osm": (900.0, "sources.loose_streets"),
}
"""People covered by a clinic, or the code of the error; and a finding that must be told."""


def district(case, **options):
    if case.endswith(".osm"):
        folder = CASES / "osm"
        return from_osm(CASES / case, folder / "com.geojson", demand=folder / "dem.csv")
    files = {
        path.stem.replace("bar", "barriers") if path.stem == "bar" else path.stem: path
        for folder in (CASES / "base", CASES / case)
        for path in sorted(folder.iterdir())
        if path.suffix in (".geojson", ".csv", ".shp", ".gpkg", ".xlsx")
    }
    if "all" in files:
        files = dict.fromkeys(("boundaries", "streets", "facilities", "demand"), files["all"])
    if case.endswith("_opt"):
        options["crs"] = "EPSG:4547"
    return from_files(case, **files, **options)


def covered(place):
    if not (place.open_facilities()["kind"] == "clinic").any():
        return 0.0
    summary = planner.assess(place, "gb50180-2018", groups=["population"]).summary()
    return float(summary.set_index("kind").loc["clinic", "covered"])


def test_every_case_of_the_folder_is_walked():
    here = {p.name for p in CASES.iterdir() if p.is_dir() and p.name != "osm"}
    here |= {f"osm/{p.name}" for p in (CASES / "osm").glob("*.osm")}
    assert set(TOLD) <= here
    assert len(here) >= len(TOLD)


@pytest.mark.long
@pytest.mark.parametrize("case", TOLD)
def test_a_case_gives_what_it_must(case, tmp_path):
    figure, told = TOLD[case]
    if isinstance(figure, str):
        with pytest.raises(InputError) as caught:
            district(case)
        assert caught.value.code == figure
        return
    place = district(case)
    assert covered(place) == figure
    write_district(place, tmp_path / "w.gpkg")
    codes = {f.code for f in (*place.findings, *planner.sources.check(place))}
    assert not told or told in codes


@pytest.mark.long
def test_layers_of_one_file_are_chosen():
    layers = {name: name for name in ("communities", "streets", "facilities", "demand")}
    assert covered(district("gpkg_many", intake=Intake(layers=layers))) == 1000.0


@pytest.mark.long
def test_words_in_doubt_are_told_and_others_set_aside():
    told = Intake(kind_words={"养老院": "elderly_care"})
    assert district("fac_kind_words", intake=told).facilities["kind"].tolist() == [
        "health_centre",
        "elderly_care",
        "library",
    ]
    aside = Intake(kind_words={"养老院": ""}, allowance=Allowance(rows=1))
    assert len(district("fac_kind_words", intake=aside).facilities) == 2


@pytest.mark.long
def test_joined_streets_give_the_right_figure():
    assert covered(district("st_not_noded", join_streets=True)) == 1000.0


@pytest.mark.long
@pytest.mark.parametrize("case", ["gate_closed", "gate_closed_zh"])
def test_a_gate_that_is_said_to_be_shut_is_shut(case):
    assert district(case).gates["open"].tolist() == [False]


def test_other_forms_of_files_never_give_a_wrong_figure():
    others = {p.name for p in CASES.iterdir() if p.is_dir() and p.name != "osm"} - set(TOLD)
    for case in sorted(others):
        try:
            place = district(case)
        except InputError:
            continue
        assert covered(place) == 1000.0, case


def test_a_standard_with_a_kind_that_nobody_knows_is_refused():
    with pytest.raises(InputError, match="hospital"):
        planner.assess(district("base"), CASES / "unknownkind.toml")
