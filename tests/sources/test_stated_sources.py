"""Sources are dated by what they state, never by the day of an import, and may be stated later."""

import os
import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import geopandas as gpd
import pytest
import shapely
from osm_maker import town

from planner.district import KindRecord, Source, builtin_kinds
from planner.district.provenance import checked_date, with_sources, with_stated, without
from planner.errors import InputError
from planner.sources import demo_district, from_osm, read_district, read_facilities, write_district
from planner.sources.files.kind_records import records_of
from planner.sources.update.sources import write_sources
from planner.sources.vector.reading import source_of
from planner.views.words.labels import Labels
from planner.views.words.provenance import data_lines, open_licences, source_date


def today() -> str:
    return datetime.now(UTC).date().isoformat()


GRID = "id,lon,lat,population,healthcare,libraries\na,116.0,25.0,100,1,0\nb,116.001,25.0,50,0,2\n"


@pytest.fixture
def grid(tmp_path):
    file = tmp_path / "grid.csv"
    file.write_text(GRID, encoding="utf-8")
    os.utime(file, (time.time(), 1_600_000_000))
    return file


def test_the_disks_date_of_a_file_is_no_date_of_its_figures(grid):
    before = today()
    made = source_of("demand", grid)
    assert (made.date, made.licence) == ("", "")
    # a run may last from one day to the next
    assert made.read_on in {before, today()}
    assert "2020" not in source_date(made, Labels("en"))
    assert source_date(made, Labels("en")).startswith("date not stated; read on ")
    assert "读入" in source_date(made, Labels("zh"))
    assert source_date(replace(made, date="2020"), Labels("en")) == "2020"


def test_a_file_of_overpass_states_its_date_and_licence(tmp_path):
    file = tmp_path / "export.geojson"
    said = "The data is from www.openstreetmap.org and made available under ODbL."
    head = f'"copyright": "{said}", "timestamp": "2024-03-05T10:00:00Z"'
    file.write_text(f'{{"type": "FeatureCollection", {head}, "features": []}}')
    made = source_of("facilities", file)
    assert (made.date, made.licence) == ("2024-03-05", "ODbL 1.0")
    assert made.attribution == "© OpenStreetMap contributors"
    other = tmp_path / "other.geojson"
    inside = '{"properties": {"timestamp": "2024-03-05"}}'
    other.write_text(f'{{"type": "FeatureCollection", "features": [{inside}]}}')
    assert source_of("facilities", other).date == ""


def test_an_extract_without_any_date_has_none(tmp_path):
    file = town().write(tmp_path / "town.osm")
    stamped = re.sub(r' timestamp="[^"]*"', "", file.read_text(encoding="utf-8"))
    file.write_text(stamped, encoding="utf-8")
    before = today()
    district = from_osm(file, "章贡区")
    streets = next(each for each in district.sources if each.layer == "streets")
    assert (streets.date, streets.licence) == ("", "ODbL 1.0")
    assert streets.read_on in {before, today()}


def test_a_kind_is_told_with_the_column_that_counts_it(grid):
    made = read_facilities(grid, builtin_kinds(), kind_columns={"clinic": "healthcare"})
    codes = {each.code: each.params for each in made.findings}
    assert codes["sources.count_column_said"]["column"] == "healthcare"
    told = records_of([made], ["clinic", "library"])
    assert told["clinic"].source == "grid.csv [healthcare]"
    assert told["library"].source == "grid.csv [libraries]"
    assert list(records_of([made], ["clinic"])) == ["clinic"]


def test_lists_of_one_kind_are_all_told_and_dated_only_where_they_agree(grid):
    made = read_facilities(grid, builtin_kinds(), kind_columns={"clinic": "healthcare"})
    second = replace(made, source=replace(made.source, source="second.csv", date="2024"))
    told = records_of([made, second], ["clinic"])["clinic"]
    assert told.source == "grid.csv [healthcare]; second.csv [healthcare]"
    assert told.date == ""
    same = replace(made, source=replace(made.source, date="2024"))
    assert records_of([same, second], ["clinic"])["clinic"].date == "2024"


@pytest.fixture
def district(tmp_path, grid):
    """A town of OpenStreetMap with facilities of a table."""
    file = town().write(tmp_path / "town.osm")
    made = from_osm(file, "章贡区")
    table = gpd.GeoDataFrame(made.facilities.drop(columns="kind_text", errors="ignore"))
    listed = tmp_path / "list.geojson"
    points = shapely.centroid(table.geometry.to_numpy())
    gpd.GeoDataFrame({"kind": ["clinic"]}, geometry=[points[0]], crs=made.crs).to_crs(4326).to_file(
        listed
    )
    return from_osm(file, "章贡区", facilities=listed)


def test_what_is_stated_fills_what_is_open_and_nothing_else(district):
    assert [each.source for each in without(district, "licence")] == ["list.geojson"]
    (line,) = open_licences(district, Labels("en"))
    assert "list.geojson" in line
    made = with_stated(district, lambda source: True, "licence", "MIT")
    assert {each.licence for each in made.sources} == {"MIT", "ODbL 1.0"}
    assert not open_licences(made, Labels("en"))
    assert with_stated(made, lambda source: True, "licence", "CC0") is None
    dated = with_stated(made, lambda s: s.layer == "facilities", "date", "2023-05")
    assert dated.records["clinic"].date == "2023-05"
    assert any("2023-05" in line for line in data_lines(dated, Labels("en")))
    for wrong in ("last year", "2023-13", "2023-05-32", "23"):
        with pytest.raises(InputError) as refused:
            with_stated(district, lambda source: True, "date", wrong)
        assert refused.value.code == "provenance.bad_date"


@pytest.mark.long
def test_it_is_kept_in_a_workspace_and_nobody_is_overwritten(district, tmp_path):
    file = write_district(district, tmp_path / "town.gpkg")
    held = read_district(file).sources
    assert [each.read_on for each in held] == [each.read_on for each in district.sources]
    said = tuple(replace(s, licence=s.licence or "CC0 1.0", date=s.date or "2022") for s in held)
    assert write_sources(file, said, held) == held
    now = read_district(file)
    assert now.sources == said
    assert now.records["clinic"].date == "2022"
    assert len(now.streets) == len(district.streets)
    with pytest.raises(InputError) as refused:
        write_sources(file, held, held)  # an old window
    assert refused.value.code == "update.sources_changed"
    with pytest.raises(InputError):
        write_sources(file, (replace(said[0], date="soon"), *said[1:]), said)
    assert read_district(file).sources == said


def test_an_older_workspace_has_no_day_of_reading():
    assert Source("demand", "a.csv", "2020").read_on == ""
    assert source_date(Source("demand", "a.csv"), Labels("en")) == "date not stated"


@pytest.mark.parametrize(
    ("told", "dates", "kept"),
    [
        ("a.csv [clinics]; c.csv", {"a.csv": "2022", "c.csv": ""}, ""),
        ("a.csv [clinics]; c.csv", {"a.csv": "2022", "c.csv": "2022"}, "2022"),
        ("b [2020].csv", {"b [2020].csv": "2021"}, "2021"),
        ("d.csv", {"a.csv": "2022"}, ""),
    ],
)
def test_a_kind_is_dated_by_all_lists_that_have_it(told, dates, kept):
    here = demo_district()
    sources = [Source("facilities", name) for name in dates]
    here = replace(here, sources=tuple(sources), records={"clinic": KindRecord(told, "")})
    now = with_sources(here, [replace(each, date=dates[each.source]) for each in sources])
    assert now.records["clinic"].date == kept


@pytest.mark.parametrize("date", ["2020-02-31", "2020-13", "20", "2020-1-1"])
def test_a_date_that_no_calendar_has_is_refused(date):
    with pytest.raises(InputError):
        checked_date(date)
