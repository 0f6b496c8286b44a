"""Badly written files of the demo, read by the process that reads uploads, give the demo again."""

import pandas as pd
import pytest
from ugly_folder import (
    AMBIGUOUS_WORD,
    UNFIT_FACILITIES,
    UNFIT_HOMES,
    UNKNOWN_WORD,
    chinese_hours,
    write_ugly_folder,
)

from planner import assess, read_district
from planner.app.server.reading import importer
from planner.sources import demo_district
from planner.sources.files.intake import LAYER_OF_OPTION


def quiet(**_told: object) -> None:
    """Heed no progress."""


def shares(district) -> pd.DataFrame:
    table = assess(district).summary()
    whole = table[table["group"] == "population"].set_index("kind")
    return whole[["share", "covered", "uncovered", "unknown", "facilities"]]


def test_hours_are_written_as_a_list_says_them():
    assert (
        chinese_hours("Mo-Fr 08:30-12:00,14:00-17:30") == "周一至周五 8：30-12：00、14：00-17：30"
    )
    assert chinese_hours("24/7") == "24小时"


# in parts: tests/app/test_files_page.py, tests/sources/test_cells_as_shown.py
@pytest.mark.journey(one_in=2)
def test_ugly_files_are_shown_and_give_the_demos_own_figures(tmp_path):
    written = write_ugly_folder(tmp_path / "ugly")
    given = [str(file) for file in written.values()]
    parts = importer._parts({"files": given}, quiet)["parts"]
    used = {part["layer"]: part for part in parts if part["layer"]}
    assert set(used) == {*written, "context"}
    assert {layer: used[layer]["file"] for layer in written} == {
        layer: file.name for layer, file in written.items()
    }
    told = {
        "layers": {layer: part["name"] for layer, part in used.items() if part["name"]},
        "kind_words": {AMBIGUOUS_WORD: "elderly_care"},
        "datum": dict.fromkeys(used, "auto"),
    }
    files = {layer: part["path"] for layer, part in used.items()}
    shown = importer._preview({"files": files, **told}, quiet)["layers"]
    assert [layer for layer, answer in shown.items() if answer["error"]] == []
    assert [w["word"] for w in shown["facilities"]["words"] if not w["kind"]] == [UNKNOWN_WORD]
    datum = shown["facilities"]["datum"]
    assert (datum["known"], datum["sure"], datum["fits"][0]["datum"]) == (False, True, "gcj02")
    assert [f["code"] for f in shown["demand"]["findings"] if "datums" in f["code"]] == [
        "datums.converted_as_said"
    ]
    aside = {layer: answer["count_set_aside"] for layer, answer in shown.items()}
    expected = {"facilities": UNFIT_FACILITIES, "demand": UNFIT_HOMES}
    assert {layer: count for layer, count in aside.items() if count} == expected

    option = {layer: name for name, layer in LAYER_OF_OPTION.items()}
    request = {
        "files": {option[layer]: file for layer, file in files.items()},
        **told,
        "set_aside": "100%",
        "buffer_m": 1500.0,
        "out": str(tmp_path / "made.gpkg"),
    }
    importer._files(request, quiet)
    made, demo = read_district(tmp_path / "made.gpkg"), demo_district()
    pd.testing.assert_frame_equal(shares(made), shares(demo), atol=2e-4)
    assert round(float(shares(made).loc["clinic", "share"]), 3) == 0.665
    before = demo.facilities.set_index("facility_id")
    after = made.facilities.set_index("facility_id")
    assert set(after.index) == set(before.index)
    for column in ("kind", "status", "opening_hours"):
        said = before[column].str.replace("Sa,Su", "Sa-Su")
        assert after[column].to_dict() == said.to_dict(), column
