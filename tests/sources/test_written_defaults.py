"""Standard, benchmark and currency of a workspace are changed, the rest of the file stays."""

import sqlite3
from contextlib import closing

import geopandas as gpd
import pytest
from places import small_district

from planner.district import Defaults
from planner.errors import InputError
from planner.sources import read_district, write_defaults, write_district


@pytest.fixture
def workspace(tmp_path):
    return write_district(small_district(), tmp_path / "city.gpkg")


def rows(path, table):
    with closing(sqlite3.connect(path)) as data:
        return data.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.long
def test_what_is_said_is_kept_and_layers_stay(workspace):
    streets, sources = rows(workspace, "streets"), rows(workspace, "provenance")
    said = Defaults("15-minute", "none", "EUR 1000")
    assert write_defaults(workspace, said, Defaults()) == Defaults()
    read = read_district(workspace)
    assert read.defaults == Defaults("15-minute", "none", "EUR 1,000")
    assert rows(workspace, "streets") == streets
    assert rows(workspace, "provenance") == sources
    assert write_defaults(workspace, Defaults()) == read.defaults
    assert read_district(workspace).defaults == Defaults()


def test_who_looks_at_something_old_is_told_and_writes_nothing(workspace):
    write_defaults(workspace, Defaults("15-minute"))
    before = workspace.read_bytes()
    with pytest.raises(InputError) as told:
        write_defaults(workspace, Defaults("td-t-1062-2021"), Defaults())
    assert told.value.code == "update.defaults_changed"
    for unit in ("many euros", "EUR 10,00", "EUR 1,0,0", "EUR 1,"):
        with pytest.raises(InputError):
            write_defaults(workspace, Defaults(currency=unit))
    assert workspace.read_bytes() == before


def told_of(district):
    told = [each.params for each in district.findings if each.code == "update.prices_before_unit"]
    return [{name: each[name] for name in each if name != "prices"} for each in told]


@pytest.mark.long
def test_prices_stand_through_another_unit_and_that_is_told(tmp_path):
    plain = small_district()
    sites = gpd.GeoDataFrame(
        {"candidate_id": ["a", "b"], "cost": [75.0, None]},
        geometry=list(plain.demand.geometry[:1]) * 2,
        crs=plain.crs,
    )
    priced = plain.with_layers(candidates=sites).judged_by(
        Defaults("", "", "CNY 10,000"), first=True
    )
    assert told_of(priced) == []
    path = write_district(priced, tmp_path / "priced.gpkg")
    assert told_of(read_district(path)) == []
    write_defaults(path, Defaults(currency="EUR"))
    expected = {"count": 1, "before": "CNY 10,000", "unit": "EUR"}
    changed = read_district(path)
    assert told_of(changed) == [expected]
    assert told_of(priced.judged_by(Defaults("", "", "EUR"))) == [expected]
    # it stays with the standard, with a third unit, and while a site keeps the price that it had
    assert told_of(changed.with_defaults(standard="15-minute")) == [expected]
    third = changed.with_defaults(currency="USD")
    assert told_of(third) == [expected | {"unit": "USD"}]
    assert told_of(changed.with_layers(candidates=sites)) == [expected]
    assert told_of(changed.with_layers(candidates=sites.assign(cost=[9.0, 8.0]))) == []
    write_defaults(path, Defaults(currency="CNY 10,000"))
    assert told_of(read_district(path)) == []


def test_a_price_given_in_another_unit_stays_told_once_the_first_is_back():
    """300 euros were read as 3 million yuan, without a word."""
    plain = small_district()
    spot = list(plain.demand.geometry[:1])

    def sites(*costs, ids="abc"):
        own = list(ids[: len(costs)])
        table = {"candidate_id": own, "cost": list(costs)}
        return gpd.GeoDataFrame(table, geometry=spot * len(costs), crs=plain.crs)

    yuan, euro = (Defaults("", "", each) for each in ("CNY 10,000", "EUR"))
    priced = plain.with_layers(candidates=sites(75.0, 80.0)).judged_by(yuan, first=True)
    abroad = priced.judged_by(euro)
    assert told_of(abroad.judged_by(yuan)) == []
    more = abroad.with_layers(candidates=sites(75.0, 80.0, 300.0))
    back = more.judged_by(yuan)
    assert told_of(back) == [{"count": 3, "before": "EUR", "unit": "CNY 10,000"}]
    # the same amounts under other ids are no new prices
    renamed = abroad.with_layers(candidates=sites(75.0, 80.0, ids="xy"))
    assert told_of(renamed) == told_of(abroad)
