"""A small town as the files that README and docs name, so that what they print can be run."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from unittest import mock

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import rasterio
import shapely

import planner
from planner.district import District, Open, Scenario, builtin_kinds, find_standard, write_standard
from planner.plan import discussion, drafting

CRS = "EPSG:4547"
WEST, SOUTH, SIDE, STEP = 604_000, 2_837_500, 2000, 250
KINDS = ("clinic", "library", "police_room", "service_station", "elderly_care", "sports")
NAMES = ("东风社区", "西湖社区", "南门社区", "北门社区")


def at(x: float, y: float) -> tuple[float, float]:
    return WEST + x, SOUTH + y


def frame(shapes: list, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, index=range(len(shapes)), geometry=shapes, crs=CRS)


def communities() -> gpd.GeoDataFrame:
    half = SIDE / 2
    corners = [(0, 0), (half, 0), (0, half), (half, half)]
    return frame(
        [shapely.box(*at(x, y), *at(x + half, y + half)) for x, y in corners],
        community_id=[f"36070200100{n}" for n in range(1, 5)],
        name=list(NAMES),
        subdistrict=["西街道", "东街道", "西街道", "东街道"],
        population=[400, 400, 400, 400],
        households=[150, 150, 150, 150],
    )


def streets() -> gpd.GeoDataFrame:
    steps = range(0, SIDE + 1, STEP)
    # lines join at their ends: each street is split where one may turn
    along = [shapely.LineString([at(x, y), at(x + STEP, y)]) for y in steps for x in steps[:-1]]
    up = [shapely.LineString([at(x, y), at(x, y + STEP)]) for x in steps for y in steps[:-1]]
    names = [f"S{n}" for n in range(len(along) + len(up))]
    return frame([*along, *up], street_id=names, name=names, highway="residential")


def homes() -> gpd.GeoDataFrame:
    spots = [(i * STEP + 60, j * STEP + 20) for i in range(8) for j in range(8)]
    return frame(
        [shapely.Point(at(*spot)) for spot in spots],
        demand_id=[f"d{n:05d}" for n in range(len(spots))],
        community_id=[f"36070200100{1 + (x > SIDE / 2) + 2 * (y > SIDE / 2)}" for x, y in spots],
        population=25,
        pop_65plus=5,
    )


def facilities() -> gpd.GeoDataFrame:
    """Return 40 facilities, whose ids are those that docs name."""
    rows = [(KINDS[n % len(KINDS)], 130 + 45 * n, 130 + (n % 5) * STEP) for n in range(40)]
    return frame(
        [shapely.Point(at(x, y)) for _, x, y in rows],
        facility_id=[f"f{n:04d}" for n in range(1, 41)],
        name=[f"设施{n}" for n in range(1, 41)],
        kind=[kind for kind, _, _ in rows],
        capacity=200.0,
        opening_hours="Mo-Fr 08:00-18:00",
        services="rehabilitation",
    )


def district() -> District:
    layers = {
        "communities": communities(),
        "streets": streets(),
        "demand": homes(),
        "facilities": facilities(),
    }
    return District.from_layers("Town", layers, complete=builtin_kinds())


def buildings() -> gpd.GeoDataFrame:
    return frame(
        [shapely.box(p.x - 8, p.y, p.x + 8, p.y + 14) for p in homes().geometry],
        use="residential",
        storeys=6,
        height=18.0,
    )


def degrees(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return layer.to_crs(4326)


def listed(layer: gpd.GeoDataFrame, **headers: str) -> pd.DataFrame:
    """Return points as rows of a list, under the headers of its own office."""
    there = degrees(layer)
    table = pd.DataFrame(there.drop(columns="geometry"))
    table["lon"], table["lat"] = there.geometry.x.round(7), there.geometry.y.round(7)
    return table.rename(columns=headers)


def extract(path: Path) -> None:
    """Write the streets, facilities and boundary as an extract."""
    number = iter(range(1, 100_000))
    points: dict[tuple[float, float], int] = {}
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", '<osm version="0.6">']
    ways: list[str] = []

    def node(xy: tuple[float, float], tags: str = "") -> int:
        if tags or xy not in points:
            own = next(number)
            lines.append(
                f'<node id="{own}" version="1" lat="{xy[1]:.7f}" lon="{xy[0]:.7f}">{tags}</node>'
            )
            if tags:
                return own
            points[xy] = own
        return points[xy]

    def way(shape: shapely.Geometry, tags: str) -> int:
        refs = [node((round(x, 7), round(y, 7))) for x, y in shape.coords]
        own = next(number)
        told = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        ways.append(f'<way id="{own}" version="1">{told}{tags}</way>')
        return own

    def tag(**told: str) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in told.items())

    for shape in degrees(streets()).geometry:
        way(shape, tag(highway="residential"))
    for row in degrees(facilities()).itertuples():
        if row.kind in ("clinic", "library"):
            node((row.geometry.x, row.geometry.y), tag(amenity=row.kind, name=row.name))
    for shape in degrees(buildings()).geometry:
        way(shape.exterior, tag(building="apartments"))
    relations = []
    for shape, name, level in [
        (communities().union_all(), "章贡区", "6"),
        *zip(communities().geometry, NAMES, "8888", strict=True),
    ]:
        (there,) = gpd.GeoSeries([shape], crs=CRS).to_crs(4326)
        ring = way(there.exterior, "")
        told = tag(type="boundary", boundary="administrative", name=name, admin_level=level)
        member = f'<member type="way" ref="{ring}" role="outer"/>'
        relations.append(f'<relation id="{next(number)}" version="1">{member}{told}</relation>')
    text = "\n".join([*lines, *ways, *relations, "</osm>"])
    xml = path.with_suffix(".osm")
    xml.write_text(text, encoding="utf-8")
    with osmium.SimpleWriter(str(path)) as writer:
        for each in osmium.FileProcessor(str(xml)):
            writer.add(each)
    xml.unlink()


def raster(path: Path, value: float, slope: float = 0.0) -> None:
    west, south, east, north = degrees(communities()).total_bounds
    cells = value + slope * np.add.outer(np.arange(40), np.arange(40))
    wide, high = (east - west + 0.02) / 40, (north - south + 0.02) / 40
    box = rasterio.Affine(wide, 0, west - 0.01, 0, -high, north + 0.01)
    with rasterio.open(
        path, "w", "GTiff", 40, 40, 1, "EPSG:4326", box, dtype="float32", nodata=-9999
    ) as file:
        file.write(cells.astype("float32"), 1)


def write_bureau_files(folder: Path, facilities: pd.DataFrame, residents: pd.DataFrame) -> None:
    """Write what a bureau hands over: a zipped Shapefile, and lists under Chinese headers."""
    headers = {"community_id": "代码", "name": "名称", "subdistrict": "街道"}
    named = communities()[[*headers, "geometry"]].rename(columns=headers)
    named.to_file(folder / "边界.shp", encoding="utf-8")
    parts = sorted(folder.glob("边界.*"))
    with zipfile.ZipFile(folder / "边界.zip", "w") as packed:
        for part in parts:
            packed.write(part, part.name)
            part.unlink()
    streets().to_file(folder / "道路.gpkg")
    words = {"demand_id": "编号", "lon": "经度", "lat": "纬度", "population": "人口"}
    people = residents[list(words)].rename(columns=words)
    for year in ("", "2025"):
        facilities.to_excel(folder / f"名录{year}.xlsx", index=False, engine="xlsxwriter")
        people.to_csv(folder / f"居民{year}.csv", index=False)


IDS = ("P-4F7K-92QD", "P-8S2T-6V3W", "P-1B2C-3D4E", "P-9X8Y-7Z6W", "P-5H6J-8K9M")
"""Proposals that docs name: a draft, one under review, two for one house, one that is decided."""


def write_plan(file: Path, workspace: Path) -> None:
    """Write the plan that docs go through, its proposals and its objection under their ids."""
    result = planner.assess(planner.read_district(workspace))
    ids = iter(IDS)
    kinds = ("clinic", "library", "police_room", "elderly_care", "clinic")
    with (
        mock.patch.object(drafting, "new_id", side_effect=ids),
        mock.patch.object(discussion, "new_id", side_effect=lambda letter: next(SAID[letter])),
        planner.open_plan(file) as plan,
    ):
        for number, kind in enumerate(kinds):
            spot = at(300.0 + 350 * number, 1700.0)
            step = Open("new", kind, *spot, f"{kind} {number}")
            plan.propose([step], assessment=result, workspace=workspace.name)
        for own in (IDS[1], IDS[4]):
            plan.step(own, "submit")
            plan.step(own, "take_up")
        plan.review(IDS[1], "object", "No land there.", "planning")
        for asked in plan.case(IDS[4]).waiting_for:
            plan.review(IDS[4], "support", "It fits.", asked.department)
        plan.step(IDS[4], "approve")


SAID = {
    "R": iter(("R-7HJK-M3NP", *(f"R-0000-000{n}" for n in range(9)))),
    "A": iter(f"A-0000-00{n}" for n in range(10, 90)),
}
"""Ids of reviews, the first of which docs name, and of consultations."""


def write_field(folder: Path) -> None:
    """Write every file that README and docs name as there already."""
    planner.write_district(district(), folder / "city.gpkg")
    (folder / "workspaces").mkdir()
    shutil.copy(folder / "city.gpkg", folder / "workspaces" / "wuchang.gpkg")
    degrees(communities()).to_file(folder / "communities.geojson")
    streets().to_crs(4490).to_file(folder / "streets.gpkg")
    communities().to_file(folder / "district.gpkg", layer="areas")
    streets().to_file(folder / "district.gpkg", layer="roads")
    buildings().to_file(folder / "buildings.gpkg")
    buildings().to_parquet(folder / "buildings.parquet")
    frame([shapely.box(*at(0, 0), *at(900, 900))], name=["A"]).to_crs(4326).to_file(
        folder / "catchments.geojson"
    )
    listed(homes()).to_csv(folder / "residents.csv", index=False)
    listed(facilities()).to_csv(folder / "facilities.csv", index=False)
    listed(facilities()).to_csv(folder / "offices.csv", index=False)
    listed(homes()).assign(healthcare=[int(n % 2 == 0) for n in range(64)]).to_csv(
        folder / "grid.csv", index=False
    )
    words = {"facility_id": "编号", "name": "名称", "kind": "类别", "lon": "经度", "lat": "纬度"}
    table = listed(facilities(), **words)[list(words.values())]
    table.loc[table["类别"].eq("elderly_care").idxmax(), "类别"] = "养老院"
    for name in ("list.xlsx", "list-2026.xlsx"):
        table.to_excel(folder / name, index=False, engine="xlsxwriter")
    plain = listed(facilities(), **words)[list(words.values())]
    plain.to_excel(folder / "名录2026.xlsx", index=False, engine="xlsxwriter")
    plain.to_excel(folder / "全部设施2026.xlsx", index=False, engine="xlsxwriter")
    write_bureau_files(folder, table, listed(homes()))
    totals = pd.DataFrame({"社区名称": NAMES, "人口": 500, "60岁以上": 90})
    totals.to_excel(folder / "人口.xlsx", index=False, engine="xlsxwriter")
    extract(folder / "city.osm.pbf")
    shutil.copy(folder / "city.osm.pbf", folder / "extract.osm.pbf")
    raster(folder / "worldpop.tif", 2.0)
    raster(folder / "dem.tif", 100.0, 3.0)
    write_standard(find_standard("gb50180-2018"), folder / "ours.toml")
    opens = [Open(f"new-{n}", "clinic", *at(300.0 + 500 * n, 1500.0)) for n in range(3)]
    Scenario("three clinics", opens, CRS).save(folder / "three-clinics.json")
    write_plan(folder / "plan.sqlite", folder / "city.gpkg")
    (folder / "growth.csv").write_text("社区名称,增长率\n东风社区,1%\n", encoding="utf-8")
