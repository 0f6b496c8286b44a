"""Layers that whoever holds a district changes in place: refused, never half heeded."""

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import shapely
from towns import town

from planner import assess, write_district
from planner.errors import InputError

pytestmark = pytest.mark.skipif(
    int(pd.__version__.split(".")[0]) < 3, reason="pandas tells of it from 3 on only"
)


def _people(district):
    district.demand.loc[0, "population"] = 99.0


def _column(district):
    district.demand["population"] = 7.0


def _row_gone(district):
    table = district.facilities
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas warns of what it will no longer take one day
        table.drop(index=table.index[0], inplace=True)


def _text(district):
    district.facilities.loc[0, "kind"] = "library"


def _moved(district):
    table = district.facilities
    table.loc[0, "geometry"] = shapely.transform(table.geometry.iloc[0], lambda xy: xy + 5.0)


def _group_added(district):
    district.demand["pop_0_14"] = 1.0


CHANGES = [
    (_people, "demand"),
    (_column, "demand"),
    (_group_added, "demand"),
    (_row_gone, "facilities"),
    (_text, "facilities"),
    (_moved, "facilities"),
]


@pytest.mark.long
@pytest.mark.parametrize(("change", "layer"), CHANGES)
def test_what_was_changed_in_place_is_refused_until_it_is_checked(change, layer, tmp_path):
    district = town()
    assess(district)
    change(district)
    others = {"demand", "facilities"} - {layer}
    other = others.pop()
    for work in (
        lambda: assess(district),
        lambda: write_district(district, tmp_path / "town.gpkg"),
        lambda: district.with_layers(**{other: getattr(district, other)}),
        lambda: assess(district.with_defaults(currency="EUR")),
    ):
        with pytest.raises(InputError) as refused:
            work()
        assert refused.value.code == "district.changed_in_place"
        assert f"with_layers({layer}=district.{layer})" in str(refused.value)
    anew = district.with_layers(**{layer: getattr(district, layer)})
    assess(anew)
    assert write_district(anew, tmp_path / "town.gpkg").is_file()


def _judged(district):
    """Return the people of whom it is known how far the nearest facility is."""
    table = assess(district).summary()
    return table.loc[table["group"] == "population", "uncovered"].sum()


@pytest.mark.long
def test_what_is_checked_anew_counts():
    district = town()
    before = _judged(district)
    district.demand["population"] = district.demand["population"] * 2
    assert _judged(district.with_layers(demand=district.demand)) == 2 * before > 0


def test_reading_a_layer_changes_nothing():
    district = town()
    table = district.demand
    taken = table[table["population"] > 0].copy()
    taken["population"] = 0.0
    table.sort_values("population").reset_index()
    table["population"].to_numpy().sum()
    np.asarray(table.geometry)
    table.to_crs(4326)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table.__dict__.pop("_item_cache", None)
        table.sindex.query(table.geometry.iloc[0])
    assert district.untouched() is district


def test_what_the_same_values_are_written_over_is_no_change():
    district = town()
    district.demand["population"] = district.demand["population"].copy()
    assert district.untouched() is district


def test_a_district_is_packed_as_it_was_checked():
    """As it goes to another process, or is copied whole: nothing is packed twice."""
    district = town()
    for packed in (pickle.loads(pickle.dumps(district)), copy.deepcopy(district)):
        assert packed.untouched() is packed
        assert packed.demand.equals(district.demand)
        _people(packed)
        with pytest.raises(InputError):
            packed.untouched()
    assert district.untouched() is district
    assert district.__getstate__()["checked"] is None
    _people(district)
    with pytest.raises(InputError):
        pickle.dumps(district)
