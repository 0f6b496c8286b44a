"""Prices that name yuan are taken in yuan only, whatever a district's prices are in."""

import geopandas as gpd
import pytest
import shapely
from effort import few
from places import CRS, X, Y

import planner
from planner.district.defaults import YUAN, Money
from planner.errors import InputError
from planner.sources import read_update, write_district
from planner.sources.checks.severity import severity
from planner.sources.files.points import read_candidates
from planner.sources.tables.values.money import money_named, of_money
from planner.views.words.labels import Labels

HEADERS = {
    "造价(万元)": "120",
    "造价(元)": "1200000",
    "造价(千元)": "1200",
    "投资（亿元）": "0.012",
}
CELLS = ("120万元", "1200000元", "120万", "约120万元")


def of_prices(header, cell, currency):
    """A street with a site of which a header or cell says in what its price is."""
    sites = gpd.GeoDataFrame(
        {"candidate_id": ["a", "b"], header: [cell, cell]},
        geometry=[shapely.Point(X, Y), shapely.Point(X + 100, Y)],
        crs=CRS,
    )
    return planner.from_frames(**town(), candidates=sites, currency=currency)


def town():
    def table(shape, **columns):
        return gpd.GeoDataFrame(columns, geometry=[shape], crs=CRS)

    return {
        "communities": table(shapely.box(X - 50, Y - 50, X + 400, Y + 50), name=["East"]),
        "streets": table(shapely.LineString([(X, Y), (X + 300, Y)])),
        "facilities": table(shapely.Point(X, Y), kind=["clinic"]),
        "demand": table(shapely.Point(X + 50, Y), population=[10]),
    }


@pytest.mark.long
@pytest.mark.parametrize(("header", "cell"), [*HEADERS.items(), *(("cost", c) for c in CELLS)])
def test_a_price_that_names_yuan_is_taken_in_ten_thousand_of_them_only(tmp_path, header, cell):
    file = tmp_path / "sites.csv"
    file.write_text(f"candidate_id,x,y,{header}\na,{X},{Y},{cell}\n", encoding="utf-8")
    reading = read_candidates(file, crs=CRS)
    assert reading.table["cost"].tolist() == pytest.approx([120.0])
    kept = {each.code for each in of_money(reading.findings, YUAN)}
    assert "tables.prices_in_yuan" not in kept
    for money in (Money("EUR", 1000), Money("CNY", 1000), Money("CNY")):
        with pytest.raises(InputError) as refused:
            of_money(reading.findings, money)
        assert refused.value.code == "tables.prices_of_other_money"
        assert refused.value.params["district"] == str(money)


@pytest.mark.long
def test_a_district_in_another_money_is_not_made_of_them():
    with pytest.raises(InputError) as refused:
        of_prices("造价(万元)", "120", "EUR 1,000")
    assert refused.value.code == "tables.prices_of_other_money"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("header", "currency"),
    few([
        ("cost (EUR)", None), ("造价(欧元)", None), ("造价（€）", None),
        ("cost (¥)", None), ("cost (CNY)", None), ("cost (USD)", "EUR"), ("造价(美元)", "EUR"),
        ("Cost (US$)", "EUR"), ("cost (£)", "EUR"), ("造价(英镑)", "EUR"),
        ("造价(日圆)", "EUR"), ("造价(港元)", "EUR"),
        ("cost (EUR)", "EUR 1,000"), ("造价(万欧元)", "EUR 1,000"), ("cost (EUR 1,000)", "EUR"),
        ("cost (HK$)", "USD"), ("cost (¥)", "USD"), ("造价(人民币万元)", "EUR"),
        ("造价(日元)", "CNY"),
    ], 8),
)  # fmt: skip
def test_prices_of_another_currency_than_the_districts_are_refused(header, currency):
    with pytest.raises(InputError) as refused:
        of_prices(header, "120", currency)
    assert refused.value.code == "tables.prices_of_other_currency"
    for language in ("en", "zh"):
        assert refused.value.params["unit"] in Labels(language).finding(refused.value.finding)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("header", "currency"),
    few([
        ("cost (EUR)", "EUR"), ("造价(欧元)", "EUR"), ("cost (€)", "EUR"),
        ("cost (k€, 2020)", "EUR 1,000"),
        ("cost (EUR 1,000)", "EUR 1,000"), ("造价(万美元)", "USD 10,000"), ("造价(日元)", "JPY"),
        ("cost (¥)", "JPY"), ("cost (¥)", "CNY"), ("cost ($)", "HKD"),
        ("cost (thousand euros)", "EUR 1,000"),
        ("造价(人民币万元)", None), ("cost (CNY 10,000)", None),
    ], 6),
)  # fmt: skip
def test_prices_in_the_districts_own_currency_are_read(header, currency):
    district = of_prices(header, "120", currency)
    assert district.candidates["cost"].tolist() == [120.0, 120.0]
    assert not [each for each in district.findings if each.code.startswith("tables.")]


@pytest.mark.long
@pytest.mark.parametrize(
    ("header", "currency"),
    few([
        ("造价欧元", "EUR"), ("cost EUR", "EUR"), ("cost_eur", "EUR"), ("cost €", "EUR"),
        ("造价万欧元", "EUR 10,000"), ("cost in thousand EUR", "EUR 1,000"),
        ("cost kEUR", "EUR 1,000"), ("cost EUR 1,000", "EUR 1,000"), ("造价万元", None),
        ("总投资 万元", None), ("EUR price", "EUR"),
    ], 5),
)  # fmt: skip
def test_a_header_without_brackets_is_one_of_prices_with_its_unit(header, currency):
    district = of_prices(header, "120", currency)
    assert district.candidates["cost"].tolist() == [120.0, 120.0]
    for other in ("GBP", "USD 1,000"):
        with pytest.raises(InputError) as refused:
            of_prices(header, "120", other)
        assert refused.value.code.startswith("tables.prices_of_other")


@pytest.mark.parametrize("cell", ["120 EUR", "€120", "120欧元", "120美元"])
def test_a_cell_in_another_currency_is_no_price(cell):
    with pytest.raises(InputError) as refused:
        of_prices("cost", cell, None)
    assert refused.value.code == "sources.not_a_number"


def test_a_currency_is_told_where_the_district_has_none(monkeypatch):
    monkeypatch.setattr("planner.district.district.in_mainland_china", lambda *_: False)
    [found] = [f for f in of_prices("cost (EUR)", "120", None).findings if "prices" in f.code]
    assert (found.code, found.params["unit"]) == ("tables.prices_in_currency", "EUR")
    assert severity(found.code) == "harmful"


def test_prices_without_a_unit_are_in_the_districts():
    district = of_prices("cost", "120", "EUR 1,000")
    assert district.candidates["cost"].tolist() == [120.0, 120.0]


@pytest.mark.long
def test_where_no_currency_is_known_what_they_were_read_in_is_told(monkeypatch):
    monkeypatch.setattr("planner.district.district.in_mainland_china", lambda *_: False)
    found = [f for f in of_prices("造价(元)", "1200000", None).findings if "yuan" in f.code]
    assert [each.params["unit"] for each in found] == ["元"]


@pytest.mark.long
def test_an_update_refuses_them_too(tmp_path):
    workspace = tmp_path / "a.gpkg"
    write_district(of_prices("cost", "90", "EUR 1,000"), workspace)
    file = tmp_path / "sites.csv"
    file.write_text(f"candidate_id,x,y,造价(万元)\na,{X},{Y},80\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_update(workspace, "candidates", file, "replace", crs=CRS)
    assert refused.value.code == "tables.prices_of_other_money"


@pytest.mark.parametrize(
    ("header", "many", "strange"),
    [
        ("cost (£'000)", 1000, False), ("cost (£000)", 1000, False),
        ("cost (EUR 000s)", 1000, False),
        ("cost (EUR) thousand", 1000, False), ("cost (1.000 EUR)", 1000, False),
        ("cost (Mill. EUR)", 1_000_000, False), ("cost (tausend EUR)", 1000, False),
        ("cost (INR lakh)", 100_000, False), ("cost (INR crore)", 10_000_000, False),
        ("cost (EUR, 10% VAT)", 1, False), ("cost (AUD incl. 10% GST)", 1, False),
        ("cost (EUR 2024-10)", 1, False), ("cost (EUR, 10/2024)", 1, False),
        ("cost (EUR/m2)", 1, True), ("cost (EUR per m²)", 1, True), ("cost (EUR per sqm)", 1, True),
        ("造价(欧元/平方米)", 1, True), ("cost (EUR dutzend)", 1, True), ("cost (EUR)", 1, False),
        ("造价(万美元)", 10_000, False), ("cost (€k, 2020)", 1000, False),
    ],
)  # fmt: skip
def test_scales_beside_a_currency_are_read_or_told(header, many, strange):
    notes = {each.code: each.params for each in money_named(header, [], "a.csv")}
    assert notes["tables.prices_in_currency"]["many"] == str(many)
    assert ("tables.unit_not_known" in notes) == strange
