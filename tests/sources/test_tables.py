import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from places import CRS, X, Y, layers

from planner.district import Kind, builtin_kinds
from planner.errors import InputError, MissingFileError
from planner.sources import read_demand, read_facilities
from planner.sources.files.points import read_candidates, read_gates
from planner.sources.tables.headers.columns import known_columns
from planner.sources.tables.values.numbers import number

KINDS = builtin_kinds()


@pytest.fixture
def table(tmp_path):
    def write(text, name="a.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(table, encoding):
    path = table(
        '编号,名称,经度,纬度,人口,65岁以上人口\n001,赣江,114.93,25.85,"1,234",５６\n',
        encoding=encoding,
    )
    reading = read_demand(path)
    row = reading.table.iloc[0]
    assert (row["demand_id"], row["name"]) == ("001", "赣江")
    assert (row["population"], row["pop_65plus"]) == (1234, 56)
    assert (row.geometry.x, row.geometry.y) == (114.93, 25.85)
    assert reading.table.crs.to_epsg() == 4326
    told = [f.code for f in reading.findings]
    assert told == (["sources.decoded"] if encoding.startswith("gb") else [])


@pytest.mark.long
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_blank_lines(table, delimiter):
    text = "id,lon,lat,population\n\n1,114,25,5\n,,,\n".replace(",", delimiter)
    assert len(read_demand(table(text)).table) == 1


@pytest.mark.long
def test_metres_need_a_crs_and_degrees_in_x_y_are_told(table):
    metres = table(f"id,X,Y,population\n1,{X},{Y},5\n")
    with pytest.raises(InputError, match="--crs"):
        read_demand(metres)
    assert read_demand(metres, crs=CRS).table.geometry.x.iloc[0] == X
    degrees = read_demand(table("id,x,y,population\n1,114.9,25.8,5\n"))
    assert [f.code for f in degrees.findings] == ["sources.xy_degrees"]


def test_lon_lat_with_a_metric_crs_for_other_files_stay_degrees(table):
    reading = read_demand(table("lon,lat,population\n114.9,25.8,5\n"), crs=CRS, to_crs=CRS)
    assert reading.table.crs.to_epsg() == 4547
    assert 590_000 < reading.table.geometry.x.iloc[0] < 591_000


HEAD = "id,lon,lat,population\n1,114,25,5\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "2,114,25,\n", "row 3, column population: the cell is empty"),
        (HEAD + "2,114,25,-4\n", "row 3, column population: -4.0 is less than 0"),
        (HEAD + "\n2,114,25,many\n", "row 4, column population: 'many' is not a number"),
        (HEAD + "2,114,,4\n", "row 3, column lat: the cell is empty"),
        (HEAD + "2,1 14,25x,4\n", "row 3, column lon: '1 14' is not a number"),
        (HEAD + "2,214,25,4\n", "row 3: longitude 214.0, latitude 25.0 is no place on the globe"),
        (HEAD + "1,114,25,4\n", "row 3: the demand_id '1' stands more than once"),
        (HEAD + "2,114,25,4,9\n", "row 3: the row has more cells than the header, which has 4"),
        ("id,lon,lat\n1,114,25\n", "no column of residents"),
        ("id,population\n1,5\n", "no coordinates.*Its columns: demand_id, population"),
        ("id,id,lon,lat\n1,2,3,4\n", "the header 'id' stands twice"),
        ("id,lon,lat,population\n", "holds no rows"),
        ("", "holds no rows"),
        ("a\x00b,c\n1,2\n", "not a text table"),
        ('id,lon\n"1"x,2\n', "not a table of comma-separated values"),
    ],
)
def test_bad_demand_names_row_and_column(table, text, message):
    with pytest.raises(InputError, match=message) as error:
        read_demand(table(text))
    assert "a.csv" in str(error.value)


def test_degrees_that_can_only_be_exchanged_are(table):
    reading = read_demand(table("id,lon,lat,population\n1,25,114,5\n"))
    spot = reading.table.geometry.iloc[0]
    assert (spot.x, spot.y) == (114, 25)
    assert [f.code for f in reading.findings] == ["tables.axes_turned"]


def test_a_binary_file_is_no_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xff\x00\x81\x00\xff\xff")
    with pytest.raises(InputError, match="not a text table"):
        read_demand(path)
    with pytest.raises(MissingFileError):
        read_demand(tmp_path / "none.csv")


@pytest.mark.long
@pytest.mark.parametrize(
    "word", ["clinic", "社区卫生服务站", "赣江卫生室", "Community health station (clinic)"]
)
def test_a_kind_column_of_ids_names_and_words(table, word):
    found = read_facilities(table(f"名称,类别,经度,纬度\nA,{word},114,25\n"), KINDS).table
    assert found["kind"].tolist() == ["clinic"]
    assert found["facility_id"].tolist() == ["2"]


@pytest.mark.long
def test_unknown_and_missing_kinds(table):
    with pytest.raises(
        InputError, match=r"row 3: unknown facility kind 'spaceport'.*service_centre"
    ):
        read_facilities(table("kind,lon,lat\nclinic,114,25\nspaceport,114,25\n"), KINDS)
    with pytest.raises(InputError, match="row 2, column kind: the cell is empty"):
        read_facilities(table("kind,lon,lat\n,114,25\n"), KINDS)
    with pytest.raises(InputError, match="says of no facility what kind it is"):
        read_facilities(table("name,lon,lat\na,114,25\n"), KINDS)
    plain = table("name,lon,lat\na,114,25\n")
    assert read_facilities(plain, KINDS, kind="library").table["kind"].tolist() == ["library"]
    with pytest.raises(InputError, match="Unknown facility kind 'spaceport'"):
        read_facilities(plain, KINDS, kind="spaceport")


COUNTS = "id,lon,lat,population,schools,jobs,healthcare\na,114,25,9,1,7,0\nb,114.1,25,9,2,7,3\n"


def test_count_columns_by_their_names(table):
    reading = read_facilities(table(COUNTS), KINDS)
    assert reading.table[["facility_id", "kind", "count"]].to_numpy().tolist() == [
        ["b/clinic", "clinic", 3]
    ]
    told = {f.code: f.params for f in reading.findings}
    assert told["sources.count_column"]["column"] == "healthcare"
    assert told["sources.column_needs_kind"]["column"] == "schools"
    assert told["sources.unused_columns"]["columns"] == "jobs"
    assert "population" not in reading.table


def test_count_columns_as_told_with_a_kind_of_ones_own(table):
    kinds = KINDS | {"school": Kind("school", "School", "学校")}
    reading = read_facilities(table(COUNTS), kinds, kind_columns={"library": "jobs"})
    assert sorted(reading.table["kind"]) == ["clinic", "library", "library", "school", "school"]
    assert reading.table["facility_id"].is_unique
    with pytest.raises(InputError, match="no column 'x'"):
        read_facilities(table(COUNTS), KINDS, kind_columns={"library": "x"})
    with pytest.raises(InputError, match="Unknown facility kind 'school'"):
        read_facilities(table(COUNTS), KINDS, kind_columns={"school": "schools"})


def test_the_real_grid(test_data):
    path = test_data / "spo_hexgrid.csv"
    demand = read_demand(path).table
    assert len(demand) == 323
    assert demand["demand_id"].iloc[0] == "89a8100c603ffff"
    assert demand["population"].iloc[0] == 1146
    facilities = read_facilities(path, KINDS, kind_columns={"clinic": "healthcare"}).table
    assert set(facilities["kind"]) == {"clinic"}
    assert (facilities["count"] > 0).all()


def test_points_and_areas_of_vector_files(tmp_path):
    path = tmp_path / "a.gpkg"
    areas = gpd.GeoDataFrame({"人口": [7]}, geometry=[shapely.box(X, Y, X + 9, Y + 9)], crs=CRS)
    areas.to_file(path)
    reading = read_demand(path)
    assert areas.geometry.iloc[0].contains(reading.table.geometry.iloc[0])
    assert [f.code for f in reading.findings] == ["sources.points_of_areas"]
    layers()["streets"].to_file(tmp_path / "b.gpkg")
    with pytest.raises(InputError, match="row 1: the geometry is a LineString where Point"):
        read_demand(tmp_path / "b.gpkg")


@pytest.mark.parametrize("crs", [CRS, 4326])
def test_wide_areas_of_residents_are_told_with_their_width(tmp_path, crs):
    shapes = [
        shapely.box(X, Y, X + 140, Y + 140),
        shapely.box(X, Y, X + 300, Y + 400),
        shapely.union(shapely.box(X, Y, X + 9, Y + 9), shapely.box(X + 600, Y, X + 609, Y + 9)),
    ]
    for at, told in ((slice(0, 1), []), (slice(0, 3), [(2, 609)]), (slice(0, 2), [(1, 500)])):
        path = tmp_path / f"{at.stop}.gpkg"
        areas = gpd.GeoDataFrame({"人口": [7] * len(shapes[at])}, geometry=shapes[at], crs=CRS)
        areas.to_crs(crs).to_file(path)
        notes = [f.params for f in read_demand(path).findings if f.code == "sources.wide_areas"]
        assert [n["count"] for n in notes] == [count for count, _ in told]
        for note, (_, across_m) in zip(notes, told, strict=True):
            assert note["across_m"] == pytest.approx(across_m, rel=0.01)


def test_candidates_and_gates(table):
    found = read_candidates(
        table('id,lon,lat,cost,required\na,114,25,"1,200",是\nb,114,25,,否\n')
    ).table
    assert found["cost"].iloc[0] == 1200
    assert found["required"].tolist() == [True, False]
    gates = read_gates(table("lon,lat,open\n114,25,\n114,25,no\n")).table
    assert gates["open"].tolist() == [True, False]


def test_a_header_that_is_the_columns_own_name_goes_first():
    assert known_columns("demand", ["pop", "population", "id"]) == {
        "population": "population",
        "id": "demand_id",
    }


@given(st.integers(0, 10**12))
def test_numbers_with_separators_and_full_width(value):
    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    assert number(f"{value:,}") == value
    assert number(f"{value:,}".translate(wide)) == value


@pytest.mark.parametrize("text", ["1,23", "1e999", "inf", "1_000", "12 34", "约120", "0x10"])
def test_what_is_no_number(text):
    assert number(text) is None
