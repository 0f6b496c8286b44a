"""Streets that were downloaded as a table of texts are read again as they were."""

import pandas as pd
import pytest

import planner
from planner.district.layers import LAYERS
from planner.errors import InputError
from planner.views.exports.layers import layer_file

FIGURES = [c.name for c in LAYERS["streets"].columns if c.dtype not in ("str", "bool")]


@pytest.fixture(scope="module")
def district():
    demo = planner.demo_district()
    streets = demo.streets.head(600).copy()
    streets.loc[streets.index[:7], ["length_m", "width_m", "ascent_m"]] = [3210.5, 2.25, 4.0]
    return demo.with_layers(streets=streets)


def read_again(district, folder, kind, change=lambda table: table):
    files = {}
    for layer, ending in {"communities": "geojson", "facilities": "csv", "streets": kind}.items():
        files[layer] = folder / f"{layer}.{ending}"
        files[layer].write_bytes(layer_file(district, layer, ending))
    if kind == "csv":
        table = change(pd.read_csv(files["streets"], dtype=object))
        table.to_csv(files["streets"], index=False)
    return planner.from_files("t", boundaries=files.pop("communities"), island_m=0, **files)


def test_figures_and_empty_cells_are_read_as_from_a_map_layer(district, tmp_path):
    tables = [read_again(district, tmp_path, kind).streets for kind in ("csv", "geojson")]
    told = [name for name in FIGURES if tables[0][name].notna().any()]
    assert {"length_m", "width_m", "ascent_m"} <= set(told)
    for name in told:
        text, layer = (table[name].dropna().sort_values().to_numpy() for table in tables)
        assert text == pytest.approx(layer, abs=0.011), name


def test_a_word_among_the_figures_is_named_with_its_row(district, tmp_path):
    def worded(table):
        table.loc[3, "width_m"] = "wide"
        return table

    with pytest.raises(InputError, match="'width_m' holds 'wide'"):
        read_again(district, tmp_path, "csv", worded)
