import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from planner.district import LAYERS, District
from planner.district.scenarios.changes import apply_scenario
from planner.district.scenarios.scenario import Close, Convert, Scenario
from planner.errors import InputError

CRS = "EPSG:4547"
X, Y = 493_000.0, 2_860_000.0


def layers():
    return {
        "streets": gpd.GeoDataFrame(
            {"street_id": ["s1", "s2"]},
            geometry=[
                shapely.LineString([(X, Y), (X + 100, Y)]),
                shapely.LineString([(X + 100, Y), (X + 100, Y + 100)]),
            ],
            crs=CRS,
        ),
        "communities": gpd.GeoDataFrame(
            {"community_id": ["036000000001"], "name": ["赣江社区"], "population": [30.0]},
            geometry=[shapely.box(X - 9, Y - 9, X + 200, Y + 200)],
            crs=CRS,
        ),
        "demand": gpd.GeoDataFrame(
            {
                "demand_id": ["1", "2"],
                "community_id": ["036000000001"] * 2,
                "population": [10.0, 20.0],
                "pop_65plus": [1.0, None],
            },
            geometry=gpd.points_from_xy([X, X + 50], [Y, Y]),
            crs=CRS,
        ),
        "facilities": gpd.GeoDataFrame(
            {"facility_id": ["a", "b"], "kind": ["clinic", "library"]},
            geometry=gpd.points_from_xy([X, X + 50], [Y, Y]),
            crs=CRS,
        ),
        "gates": gpd.GeoDataFrame(
            {"gate_id": ["g"], "open": ["yes"]}, geometry=gpd.points_from_xy([X], [Y]), crs=CRS
        ),
    }


def build(layer=None, change=None, **columns):
    tables = layers()
    if layer:
        table = tables[layer].assign(**columns)
        tables[layer] = change(table) if change else table
    return District.from_layers("Here", tables)


def moved(shapes):
    return lambda table: table.set_geometry(gpd.GeoSeries(shapes, crs=table.crs))


POINT, LINE = shapely.Point(X, Y), shapely.LineString([(X, Y), (X + 1, Y)])
BOW = shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])

FAULTS = [
    ("missing_column", "streets", lambda t: t.drop(columns="street_id"), {"column": "street_id"}),
    ("empty_layer", "demand", lambda t: t.iloc[:0], {}),
    ("no_crs", "demand", lambda t: t.set_crs(None, allow_override=True), {}),
    ("mixed_crs", "demand", lambda t: t.to_crs(4548), {"expected": "EPSG:4547"}),
    ("not_metric", "demand", lambda t: t.to_crs(4326), {"crs": "EPSG:4326"}),
    ("not_metric", "demand", lambda t: t.to_crs(2263), {"crs": "EPSG:2263"}),
    ("wrong_geometry", "demand", moved([POINT, LINE]), {"row": 2, "found": "LineString"}),
    ("empty_geometry", "demand", moved([POINT, None]), {"row": 2}),
    ("empty_geometry", "demand", moved([shapely.Point(), POINT]), {"row": 1}),
    ("invalid_geometry", "communities", moved([BOW]), {"row": 1}),
    (
        "not_finite",
        "streets",
        moved([LINE, shapely.LineString([(X, Y), (np.inf, Y)])]),
        {"row": 2},
    ),
    ("duplicate_id", "demand", lambda t: t.assign(demand_id="1"), {"row": 2, "value": "1"}),
    ("missing_value", "facilities", lambda t: t.assign(kind=["clinic", None]), {"row": 2}),
    ("missing_value", "demand", lambda t: t.assign(population=[1, None]), {"row": 2}),
    ("missing_value", "gates", lambda t: t.assign(open=[None]), {"row": 1, "column": "open"}),
    ("missing_value", "gates", lambda t: t.assign(open=[""]), {"row": 1, "column": "open"}),
    ("negative", "demand", lambda t: t.assign(population=[1, -3]), {"row": 2, "value": -3.0}),
    ("negative", "demand", lambda t: t.assign(pop_65plus=[-1, 0]), {"row": 1}),
    ("not_a_number", "demand", lambda t: t.assign(population=["1", "x"]), {"row": 2}),
    ("not_a_choice", "facilities", lambda t: t.assign(status=["shut", ""]), {"row": 1}),
    ("not_a_choice", "streets", lambda t: t.assign(bridge=["maybe", "no"]), {"row": 1}),
    ("no_weight", "demand", lambda t: t.drop(columns="population"), {}),
    ("no_people", "demand", lambda t: t.assign(population=0), {"column": "population"}),
    ("unknown_community", "demand", lambda t: t.assign(community_id=["", "x"]), {"row": 2}),
    ("unknown_kind", "facilities", lambda t: t.assign(kind="spaceport"), {"kind": "spaceport"}),
]


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("code", "layer", "change", "params"), FAULTS)
def test_each_fault_names_its_place(code, layer, change, params):
    with pytest.raises(InputError) as error:
        build(layer, change)
    assert error.value.code == f"district.{code}"
    assert {key: error.value.params[key] for key in params} == params
    assert error.value.exit_code == 2
    words = str(error.value)
    assert "{" not in words
    assert layer in words


@pytest.mark.parametrize("name", [layer.name for layer in LAYERS.values() if layer.required])
def test_a_required_layer_is_missing(name):
    tables = layers()
    del tables[name]
    with pytest.raises(InputError, match=f"layer '{name}' is missing"):
        District.from_layers("Here", tables)


def test_web_mercator_metres_are_not_metres():
    tables = {name: table.to_crs(3857) for name, table in layers().items()}
    with pytest.raises(InputError, match="a metre of EPSG:3857 is 12% off"):
        District.from_layers("Here", tables)


def test_a_sound_district_gets_all_columns_with_their_types():
    district = build()
    assert district.facilities["status"].tolist() == ["existing"] * 2
    assert district.facilities["ownership"].tolist() == ["public"] * 2
    assert district.streets["bridge"].dtype == bool
    assert district.gates["open"].tolist() == [True]
    assert district.candidates.empty
    assert district.candidates.crs == district.crs
    assert district.groups == ["population", "pop_65plus"]
    assert district.findings == ()
    assert list(LAYERS) == list(district.layers)


@pytest.mark.long
def test_facilities_may_be_none_and_unknown_columns_stay():
    district = build("facilities", lambda t: t.iloc[:0])
    assert district.open_facilities().empty
    assert build("streets", surface="asphalt").streets["surface"].tolist() == ["asphalt"] * 2


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("given", "kept"), [("036", "036"), (36, "36"), (36.0, "36"), (" a ", "a"), (3.5, "3.5")]
)
def test_ids_become_text_as_they_stand(given, kept):
    assert build("demand", demand_id=pd.Series([given, "z"], dtype=object)).demand[
        "demand_id"
    ].tolist() == [kept, "z"]


def test_input_is_not_changed():
    tables = layers()
    before = {name: table.copy() for name, table in tables.items()}
    District.from_layers("Here", tables)
    assert all(before[name].equals(table) for name, table in tables.items())


def test_weights_stand_in_for_residents_and_make_no_control_total():
    district = build("demand", lambda t: t.drop(columns="population").assign(weight=[1000, 2000]))
    assert district.estimated
    assert district.groups == ["weight", "pop_65plus"]
    assert district.demand_unit == "weight"
    assert district.findings == ()


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("control", "told"), [(30, False), (31.4, False), (28.7, False), (40, True), (0, True)]
)
def test_control_totals_are_told_from_five_percent(control, told):
    findings = build("communities", population=[float(control)]).findings
    assert bool(findings) is told
    if told:
        assert dict(findings[0].params) == {
            "community": "赣江社区",
            "demand": 30,
            "control": control,
        }


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    ("of_group", "control", "told"),
    [([1.0, 2.0], 3.9, False), ([1.0, 2.0], 23.0, True), ([1.0, None], 23.0, False)],
)
def test_control_totals_of_groups_are_told_too(of_group, control, told):
    tables = layers()
    tables["demand"]["pop_65plus"] = of_group
    tables["communities"]["pop_65plus"] = [control]
    findings = District.from_layers("Here", tables).findings
    params = {"community": "赣江社区", "column": "pop_65plus", "demand": 3, "control": 23}
    assert [(each.code, dict(each.params)) for each in findings] == (
        [("district.group_control_total", params)] if told else []
    )


@pytest.mark.long
def test_only_existing_facilities_that_are_not_internal_are_open():
    district = build("facilities", status=["planned", "existing"])
    assert district.open_facilities()["facility_id"].tolist() == ["b"]
    assert build("facilities", ownership="internal").open_facilities().empty
    assert build().open_facilities("clinic")["facility_id"].tolist() == ["a"]


@pytest.mark.long
def test_with_layers_checks_and_leaves_the_old_district():
    district = build()
    changed = district.with_layers(facilities=district.facilities.iloc[:1])
    assert (len(changed.facilities), len(district.facilities)) == (1, 2)
    with pytest.raises(InputError, match="unknown facility kind"):
        district.with_layers(facilities=district.facilities.assign(kind="spaceport"))
    with pytest.raises(InputError, match="'nonsense' is missing"):
        district.with_layers(nonsense=district.facilities)


def test_of_a_kind_that_new_facilities_do_not_list_nothing_is_known_unless_all_are_listed():
    both = build("facilities", kind=["clinic", "library"])
    clinics = both.facilities.iloc[:1]
    fewer = both.with_layers(facilities=clinics)
    assert [fewer.data_state(kind) for kind in ("clinic", "library")] == ["listed", "none"]
    sure = both.with_complete(["library"]).with_layers(facilities=clinics)
    assert sure.data_state("library") == "complete"
    # listed again it is known again, and other layers tell nothing of kinds
    assert fewer.with_layers(facilities=both.facilities).data_state("library") == "listed"
    assert both.with_layers(streets=both.streets).records == both.records
    # what a scenario does to the last one is a figure: there are none then
    for change in (Close("b"), Convert("b", "clinic")):
        after = apply_scenario(both, Scenario("s", (change,)))
        assert after.data_state("library") == "listed"
