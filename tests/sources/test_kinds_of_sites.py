"""Sites of a list are for the kinds that it names, in words as people write them."""

import geopandas as gpd
import pytest
import shapely
from places import CRS, X, Y

import planner
from planner.errors import InputError
from planner.siting import candidate_sites
from planner.sources.files.points import read_candidates

SAID = {
    "clinic": "clinic",
    "clinic;library": "clinic;library",
    "clinic；library": "clinic;library",
    "Clinic, library": "clinic;library",
    "诊所": "clinic",
    "社区卫生服务站、图书室": "clinic;library",
    "Community health station (clinic) / police_room": "clinic;police_room",
    "school": "school",
    "卫生服务站 图书室": "clinic;library",
    "图书室和警务室": "library;police_room",
    "Police room": "police_room",
    "不限": "",
    "": "",
}


def sites(tmp_path, cells):
    lines = [f'c{at},{X + at},{Y},"{cell}"' for at, cell in enumerate(cells)]
    file = tmp_path / "sites.csv"
    file.write_text("\n".join(["candidate_id,x,y,kinds", *lines, ""]), encoding="utf-8")
    return file


def test_words_between_any_marks_are_the_kinds_of_a_site(tmp_path):
    reading = read_candidates(sites(tmp_path, SAID), crs=CRS)
    assert reading.table["kinds"].tolist() == list(SAID.values())
    (told,) = [f.params for f in reading.findings if f.code == "tables.kinds_of_words"]
    assert "诊所 → clinic (1)" in told["kind_words"]
    assert "police_room →" not in told["kind_words"]


@pytest.mark.long
@pytest.mark.parametrize("cell", ["咖啡馆", "clinic;咖啡馆", "clinc"])
def test_a_word_that_is_no_kind_is_no_silent_ban(tmp_path, cell):
    with pytest.raises(InputError) as refused:
        read_candidates(sites(tmp_path, [cell, "clinic"]), crs=CRS)
    assert refused.value.code in ("sources.unknown_kind", "tables.rows_do_not_fit")
    assert cell.split(";")[-1] in str(refused.value.params)


@pytest.mark.long
def test_a_site_in_words_is_offered():
    def table(shapes, **columns):
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)

    district = planner.from_frames(
        communities=table([shapely.box(X - 50, Y - 50, X + 900, Y + 50)], name=["East"]),
        streets=table([shapely.LineString([(X, Y), (X + 800, Y)])]),
        facilities=table([shapely.Point(X, Y)], kind=["clinic"]),
        demand=table([shapely.Point(X + 700, Y)], population=[10]),
        candidates=table([shapely.Point(X + 600, Y)], kinds=["卫生服务站，图书室"]),
    )
    found = candidate_sites(planner.assess(district), "clinic", ["candidates"])
    assert len(found) == 1
