"""Which kind of facility a tag makes, what no kind reads, and what is no kind at all."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from effort import few
from grid_town import (
    ALL,
    NOBODY,
    ROW_ONLY,
    Files,
    covered,
    extract,
    facilities,
    finding,
    from_extract,
)

from planner.district import builtin_kinds
from planner.errors import InputError
from planner.sources.files.facility_tags import kinds_by_tags, mark_insiders


def kinds_in(town):
    return sorted(town.facilities["kind"])


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("tags", "kind"),
    few(
        [
            ({"amenity": "clinic"}, "clinic"),
            ({"amenity": "doctors"}, "clinic"),
            ({"healthcare": "centre"}, "health_centre"),
            ({"amenity": "police"}, "police_station"),
            ({"amenity": "police", "police": "office"}, "police_room"),
            ({"amenity": "townhall"}, "service_centre"),
            ({"office": "government", "government": "social_security"}, "labour_office"),
        ],
        4,
    ),
)
def test_tags_of_an_extract(tmp_path, tags, kind):
    made = extract(None)
    made.node(50, 0, **tags)
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == [kind]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("tags", "told"),
    few(
        [
            ({"amenity": "hospital"}, "amenity=hospital 1"),
            ({"amenity": "hospital", "healthcare": "hospital"}, "amenity=hospital 1"),
            ({"amenity": "social_facility"}, "amenity=social_facility 1"),
            ({"office": "government"}, "office=government 1"),
            ({"amenity": "public_building"}, "amenity=public_building 1"),
        ],
        2,
    ),
)
def test_tags_near_those_of_a_kind_are_counted_and_no_kind(tmp_path, tags, told):
    made = extract((250, 0))
    made.node(50, 0, **tags)
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == ["clinic"]
    assert not town.has_data("health_centre")
    found = finding(town, "osm.tags_not_read")
    assert (found["count"], found["tags"]) == (1, told)


@pytest.mark.long
def test_tags_that_are_read_are_not_counted(tmp_path):
    town = from_extract(extract(), tmp_path)
    assert "osm.tags_not_read" not in {each.code for each in town.findings}


def exported(*spots, **columns):
    """Points as services export them: the tags are columns, ``type`` is that of the object."""
    table = facilities(*spots, type="node", **columns)
    return table.drop(columns=["kind", "facility_id"]).assign(
        **{"@id": [f"node/{n}" for n in range(len(table))]}
    )


@pytest.mark.long
def test_points_of_interest_are_known_by_their_tags_not_by_type_and_code(tmp_path):
    spots = ((50, 0), (50, 400), (450, 400), (0, 200))
    amenity = ["clinic", "hospital", "bench", "library"]
    town = Files(tmp_path, {"facilities": exported(*spots, amenity=amenity)}).district()
    assert kinds_in(town) == ["clinic", "library"]
    assert sorted(town.facilities["facility_id"]) == ["node/0", "node/3"]
    assert covered(town) == ALL
    assert finding(town, "sources.kinds_by_tags")["columns"] == "amenity"
    assert finding(town, "sources.rows_without_kind")["rows"] == "2, 3"


@pytest.mark.long
def test_classes_of_an_export_are_tags_too(tmp_path):
    table = exported((50, 0), (50, 400), code=2120, fclass=["clinic", "town_hall"])
    town = Files(tmp_path, {"facilities": table}).district()
    assert kinds_in(town) == ["clinic", "service_centre"]
    assert covered(town) == ALL


def test_a_file_of_no_kind_at_all_is_refused(tmp_path):
    table = exported((50, 0), amenity="bench")
    with pytest.raises(InputError) as caught:
        Files(tmp_path, {"facilities": table}).district()
    assert caught.value.code == "sources.no_kind_by_tags"


@pytest.mark.long
def test_a_hospital_among_clinics_serves_nobody_as_a_clinic(tmp_path):
    spots = ((50, 500), (50, 0))
    near = exported(*spots, amenity=["clinic", "hospital"])
    far_only = covered(Files(tmp_path, {"facilities": near}).district())
    alone = covered(Files(tmp_path, {"facilities": facilities((50, 500))}).district())
    assert far_only == alone
    assert far_only not in (NOBODY, ROW_ONLY)


@pytest.mark.parametrize("access", ["private", "Private", "yes", ""])
def test_a_private_facility_is_internal_by_its_tags_in_a_file_too(access):
    tags = pd.DataFrame({"amenity": ["clinic"], "access": [access]})
    table = gpd.GeoDataFrame(tags, geometry=[shapely.Point(0, 0)], crs=32650)
    table = table.assign(facility_id="f1")
    read, _ = kinds_by_tags(table, "tags.csv", builtin_kinds())
    codes = [each.code for each in mark_insiders(read, "tags.csv", ask_access=True)]
    private = access.lower() == "private"
    assert ("ownership" in read and read["ownership"].tolist() == ["internal"]) == private
    assert codes == ["sources.facilities_of_insiders"] * private
    told = table.assign(ownership="partner")
    codes = [each.code for each in mark_insiders(told, "tags.csv", ask_access=True)]
    assert told["ownership"].tolist() == ["partner"]
    assert codes == ["sources.insiders_stated"] * private


@pytest.mark.long
@pytest.mark.parametrize(
    ("tags", "kinds"),
    few(
        [
            ({"amenity": "clinic;pharmacy"}, ["clinic"]),
            ({"amenity": "Clinic; library"}, ["clinic", "library"]),
            ({"amenity": "library", "healthcare": "clinic"}, ["clinic", "library"]),
            ({"amenity": "clinic", "healthcare": "centre"}, ["health_centre"]),
            ({"amenity": "doctors;dentist", "healthcare": "doctor"}, ["clinic"]),
            ({"amenity": "police", "police": "checkpoint"}, ["police_room"]),
            (
                {"amenity": "community_centre;police", "police": "office"},
                ["police_room", "service_station"],
            ),
        ],
        3,
    ),
)
def test_an_object_of_several_kinds_is_a_facility_of_each(tmp_path, tags, kinds):
    made = extract(None)
    made.node(50, 0, **tags)
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == kinds
    assert town.facilities["facility_id"].is_unique
    assert town.facilities["source"].nunique() == 1
    told = [each.params for each in town.findings if each.code == "osm.several_kinds"]
    assert [each["count"] for each in told] == [1] * (len(kinds) > 1)
    assert all(kind in told[0]["facilities"] for kind in kinds if told)


def test_a_building_of_two_kinds_is_neithers_own_floor_area(tmp_path):
    made = extract(None)
    made.box(40, 5, 10, 10, building="public", amenity="library;community_centre")
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == ["library", "service_station"]
    assert town.facilities["floor_area_m2"].isna().all()
    assert finding(town, "osm.floor_areas_shared")["count"] == 2


@pytest.mark.long
@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "clinic", "healthcare": "veterinary"},
        {"amenity": "veterinary", "healthcare": "clinic"},
        {"amenity": "clinic;veterinary"},
        {"amenity": "clinic", "healthcare:speciality": "veterinary"},
    ],
)
def test_a_clinic_for_animals_is_none_and_is_told(tmp_path, tags):
    made = extract((250, 0))
    made.node(50, 0, **tags)
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == ["clinic"]
    assert "veterinary" in finding(town, "osm.tags_not_read")["tags"]


@pytest.mark.long
def test_a_value_of_a_list_that_is_no_kind_is_told(tmp_path):
    made = extract(None)
    made.node(50, 0, amenity="clinic;hospital")
    town = from_extract(made, tmp_path)
    assert kinds_in(town) == ["clinic"]
    assert finding(town, "osm.tags_not_read")["tags"] == "amenity=hospital 1"


@pytest.mark.long
def test_specialists_among_clinics_are_told_by_their_speciality(tmp_path):
    made = extract(None)
    made.node(50, 0, **{"amenity": "doctors", "healthcare:speciality": "ophthalmology"})
    made.node(250, 0, **{"amenity": "doctors", "healthcare:speciality": "general;dermatology"})
    town = from_extract(made, tmp_path)
    told = finding(town, "osm.specialists")
    assert (told["count"], told["specialities"]) == (1, "ophthalmology 1")


@pytest.mark.long
def test_specialists_are_told_by_any_tag_and_by_their_names(tmp_path):
    made = extract(None)
    for place, tags in enumerate(
        [{"healthcare": "dentist"}, {"clinic": "cosmetic"}, {"name": "幸福口腔诊所"},
         {"name": "Happy Animal Clinic"}, {"name": "幸福诊所"}, {"healthcare": "clinic"},
         {"clinic": "community"}]
    ):  # fmt: skip
        made.node(50 + 50 * place, 0, **{"amenity": "clinic", **tags})
    town = from_extract(made, tmp_path)
    told = finding(town, "osm.specialists")
    assert told["count"] == 3
    assert set(told["specialities"].split(", ")) == {"dentist 1", "cosmetic 1", "口腔 1"}
    left = finding(town, "sources.facilities_for_animals")
    assert (left["count"], "Happy Animal Clinic" in left["facilities"]) == (1, True)


@pytest.mark.long
def test_a_clinic_mapped_as_a_point_and_as_a_building_beside_it_is_told(tmp_path):
    made = extract(None)
    made.node(50, 0, amenity="clinic", name="East Clinic")
    made.box(60, 2, 10, 10, amenity="clinic", name="East Clinic", building="yes")
    made.node(250, 0, amenity="clinic", name="West Clinic")
    made.node(280, 0, amenity="clinic", name="West Clinic")
    told = finding(from_extract(made, tmp_path), "osm.facilities_twice")
    assert told["count"] == 1
    assert told["facilities"].startswith("East Clinic (")


@pytest.mark.long
@pytest.mark.parametrize(
    ("tags", "doubtful"),
    few([({"opening_date": "soon"}, True), ({"description": "停业"}, True),
     ({"temporary": "yes"}, True), ({"note": "closed down?"}, True),
     ({"note": "Back door closed at night"}, False), ({"note": "North gate closed"}, False),
     ({"note": "closed in the evening"}, False), ({"note": "Closed in May 2021"}, True),
     ({"note": "now closed"}, True),
     ({"start_date": "before 1990"}, False)], 5),
)  # fmt: skip
def test_facilities_that_may_be_gone_by_free_words_are_told(tmp_path, tags, doubtful):
    town = from_extract(extract(**tags), tmp_path)
    assert covered(town) == ALL
    codes = {each.code for each in town.findings}
    assert ("sources.facilities_doubtful" in codes) == doubtful
    file = Files(tmp_path, {"facilities": exported((50, 0), amenity="clinic", **tags)}).district()
    assert covered(file) == ALL
    told = {"sources.facilities_doubtful", "sources.dates_unread"}
    assert bool(told & {each.code for each in file.findings}) == doubtful


@pytest.mark.long
@pytest.mark.parametrize(
    ("tags", "ownership"),
    few([({"military": "yes"}, "internal"), ({"operator:type": "military"}, "internal"),
     ({"military": "no"}, "public"), ({"operator:type": "private"}, "public")], 2),
)  # fmt: skip
def test_clinics_of_the_military_are_not_the_publics(tmp_path, tags, ownership):
    town = from_extract(extract(**tags), tmp_path)
    assert town.facilities["ownership"].tolist() == [ownership]
    file = Files(tmp_path, {"facilities": exported((50, 0), amenity="clinic", **tags)}).district()
    assert file.facilities["ownership"].tolist() == [ownership]


@pytest.mark.long
@pytest.mark.parametrize(
    ("tags", "status", "unread"),
    [
        ({"closed": "yes"}, "closed", False),
        ({"mobile": "yes"}, "closed", False),
        ({"not:amenity": "clinic"}, "closed", False),
        ({"building": "construction"}, "planned", False),
        ({"closed": "是"}, "existing", True),
        ({"closed": "yes", "说明": "停用"}, "closed", True),
    ],
)
def test_tags_of_a_state_count_in_a_file_as_in_an_extract(tmp_path, tags, status, unread):
    """And a column that is read is not told to be unread."""
    table = exported((50, 0), (250, 0), amenity="clinic")
    for key, value in tags.items():
        table[key] = [value, ""]
    town = Files(tmp_path, {"facilities": table}).district()
    assert town.facilities["status"].tolist() == [status, "existing"]
    told = [f.params["columns"] for f in town.findings if f.code == "tables.states_unread"]
    assert told == [list(tags)[-1]] * unread


def test_a_row_of_tags_of_several_kinds_is_a_facility_of_each(tmp_path):
    table = exported(
        (50, 0), (50, 400), amenity=["clinic;library", "clinic"], healthcare=["", "veterinary"]
    )
    town = Files(tmp_path, {"facilities": table}).district()
    assert kinds_in(town) == ["clinic", "library"]
    assert sorted(town.facilities["facility_id"]) == ["node/0", "node/0/library"]
    assert finding(town, "tables.several_kinds")["count"] == 1
    assert finding(town, "sources.rows_without_kind")["count"] == 1
