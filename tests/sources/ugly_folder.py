"""A folder of files as a bureau gets them, made from the demo: the same district, written badly.

``python tests/sources/ugly_folder.py FOLDER`` writes it. Titles over merged cells, total rows,
GBK text, a Shapefile whose names are cut and whose encoding nobody tells, figures as ``1,234`` and
``约120平方米``, coordinates of map services with and without a header that says so, degrees with
minutes and seconds, survey coordinates, words in the place of kinds, statuses and hours in plain
Chinese, and a few rows that do not fit at all. What can be read is the demo again.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import xlsxwriter

from planner.district import District
from planner.sources import demo_district
from planner.sources.datums.shifts import from_wgs84

PICTURE = "![x](http://outside.invalid/x.png)"
"""What a browser would ask an outside server for, where a name were taken for more than text."""

UNKNOWN_WORD, AMBIGUOUS_WORD = f"自助售货机{PICTURE}", "养老院"
"""A word of the list that means no kind, and one that may mean two: here day care."""

UNFIT_FACILITIES, UNFIT_HOMES = 3, 2
"""Rows that were added and do not fit: a place is missing, a word is unknown."""

_KINDS = {
    "bathhouse": "公共浴室",
    "canteen": "长者饭堂",
    "clinic": "社区卫生服务站",
    "convenience_outlet": "便民网点",
    "cultural_centre": "文化活动中心",
    "cultural_station": "文化活动室",
    "elderly_care": AMBIGUOUS_WORD,
    "health_centre": "社区卫生服务中心",
    "labour_office": "劳动保障所",
    "library": "图书室",
    "police_room": "警务室",
    "police_station": "派出所",
    "service_centre": "街道党群服务中心",
    "service_station": "社区党群服务中心",
    "sports": "全民健身点",
    "volunteer_point": "新时代文明实践站",
}
_STATUS = {"existing": "在用", "planned": "在建", "closed": "停用"}
_OWNERSHIP = {"public": "公办", "partner": "民办", "internal": "内部"}
_DAYS = {"Mo": "一", "Tu": "二", "We": "三", "Th": "四", "Fr": "五", "Sa": "六", "Su": "日"}


def write_ugly_folder(folder: Path, district: District | None = None) -> dict[str, Path]:
    """Write the files; return them by the layer of a district that each is."""
    here = district or demo_district()
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "communities": _boundaries(here, folder),
        "streets": _streets(here, folder),
        "facilities": _facilities(here, folder / "设施名录2024.xlsx"),
        "demand": _homes(here, folder / "居民点人口.csv"),
        "barriers": _barriers(here, folder / "河流铁路围墙.geojson"),
        "gates": _gates(here, folder / "小区大门.xlsx"),
        "candidates": _sites(here, folder / "备选地块.csv"),
    }


def _boundaries(here: District, folder: Path) -> Path:
    """Write a zipped Shapefile in GBK without a .cpg; its names are cut at ten bytes."""
    own = here.communities
    table = gpd.GeoDataFrame(
        {
            "社区代码": own["community_id"],
            "社区名称": own["name"],
            "所属街道": own["subdistrict"],
            "常住人口数": own["population"].astype(int),
            "居民户数": own["households"].astype(int),
        },
        geometry=own.geometry,
        crs=own.crs,
    )
    table.columns = [*(_cut(name) for name in table.columns[:-1]), "geometry"]
    shape = folder / "bj.shp"
    pyogrio.write_dataframe(table, shape, encoding="GBK")
    target = folder / "社区边界.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(folder.glob("bj.*")):
            if part.suffix != ".cpg":
                archive.write(part, f"边界/{part.name}")
            part.unlink()
    return target


def _cut(name: str) -> str:
    return name.encode("gbk")[:10].decode("gbk", errors="ignore")


def _streets(here: District, folder: Path) -> Path:
    """Write a GeoPackage of two layers: lines on which people walk, and green areas.

    What a compound's lanes say of ``access`` is left out: the file holds what is walked.
    """
    target = folder / "道路.gpkg"
    target.unlink(missing_ok=True)
    names = {"street_id": "编号", "name": "道路名称", "highway": "道路等级", "bridge": "桥梁"}
    names |= {"tunnel": "隧道", "steps": "台阶"}
    kept = [*names, "layer", "ascent_m", "descent_m", "signals", "link", "geometry"]
    pyogrio.write_dataframe(here.streets[kept].rename(columns=names), target, layer="道路中心线")
    pyogrio.write_dataframe(here.context.head(50), target, layer="绿地", append=True)
    return target


def _degrees(table: gpd.GeoDataFrame, datum: str = "") -> tuple[np.ndarray, np.ndarray]:
    places = table.geometry.to_crs(4326)
    lon, lat = places.x.to_numpy(), places.y.to_numpy()
    return from_wgs84(lon, lat, datum) if datum else (lon, lat)


def _facilities(here: District, target: Path) -> Path:
    """Write a workbook: titles, two rows of headers, a total, places of GCJ-02 that nobody says."""
    own = here.facilities
    lon, lat = _degrees(own, "gcj02")
    upper = ["序号", "设施编号", "设施名称", "类别", "状态", "性质", "建筑面积(㎡)", "容量"]
    upper += ["开放时间", "位置", "", f"备注{PICTURE}"]
    lower = [""] * 9 + ["经度", "纬度", ""]
    rows: list[list[object]] = []
    for n, row in enumerate(own.itertuples()):
        area = row.floor_area_m2
        rows.append(
            [
                n + 1,
                row.facility_id,
                row.name,
                _KINDS[row.kind],
                _STATUS[row.status],
                _OWNERSHIP.get(row.ownership, ""),
                "" if pd.isna(area) else f"约{area:.0f}平方米" if n % 3 == 0 else f"{area:,.0f}",
                "" if pd.isna(row.capacity) else f"{row.capacity:.0f}人",
                chinese_hours(row.opening_hours, n),
                round(lon[n], 7),
                round(lat[n], 7),
                PICTURE,
            ]
        )
    spot = [round(lon[0], 7), round(lat[0], 7)]
    rows.insert(40, ["", "u1", "迁走的诊所", "社区卫生服务站", "在用", "", "", "", "", "", ""])
    rows.insert(80, ["", "u2", "售货机", UNKNOWN_WORD, "在用", "", "", "", "", *spot])
    rows.insert(90, ["", "u3", "售货机二", UNKNOWN_WORD, "在用", "", "", "", "", *spot])
    rows.append(["合计", "", "", f"{len(own)}处", "", "", "", "", "", "", ""])
    with xlsxwriter.Workbook(target) as book:
        notes = book.add_worksheet("填表说明")
        notes.write(0, 0, "本表由各街道报送，坐标取自高德地图。")
        sheet = book.add_worksheet("设施")
        sheet.merge_range(0, 0, 0, len(upper) - 1, "示范区公共服务设施名录（2024年）")
        sheet.write(1, 0, "填报单位：示范区民政局")
        sheet.write_row(2, 0, upper)
        sheet.write_row(3, 0, lower)
        for at, line in enumerate(rows, start=4):
            sheet.write_row(at, 0, line)
    return target


def chinese_hours(hours: str, n: int = 0) -> str:
    """Return hours in OpenStreetMap's syntax as a list would say them in Chinese."""
    if not hours or hours == "24/7":
        return "24小时" if hours else ""
    text = re.sub(r"([A-Z][a-z])-([A-Z][a-z])", r"\1至\2", hours)
    text = re.sub("|".join(_DAYS), lambda found: "周" + _DAYS[found.group()], text)
    text = re.sub(r"\b0(\d:)", r"\1", text)
    return re.sub(r"(?<=\d),(?=\d)", "、", text).replace(":", "：" if n % 2 == 0 else ":")


def _homes(here: District, target: Path) -> Path:
    """Write a GBK table with a title, thousands and totals; its headers say GCJ-02."""
    own = here.demand
    lon, lat = _degrees(own, "gcj02")
    headers = "编号,人口(人),65岁以上人口,0-14岁人口,残疾人数,经度(GCJ-02),纬度(GCJ-02)"
    lines = ["示范区居民点人口一览表,,,,,,", headers]
    for n, row in enumerate(own.itertuples()):
        people = f'"{row.population:,.0f}"'
        groups = f"{row.pop_65plus:.0f},{row.pop_0_14:.0f},{row.pop_disabled:.0f}"
        lines.append(f"{row.demand_id},{people},{groups},{lon[n]:.7f},{lat[n]:.7f}")
    lines.insert(30, "x1,12,1,1,0,,")
    lines.insert(60, "x2,不详人,1,1,0,,")
    lines.append(f'合计,"{own["population"].sum():,.0f}",,,,,')
    target.write_bytes("\r\n".join(lines).encode("gb18030"))
    return target


def _barriers(here: District, target: Path) -> Path:
    target.unlink(missing_ok=True)
    own = here.barriers.to_crs(4326)
    pyogrio.write_dataframe(own[["barrier_id", "name", "kind", "geometry"]], target)
    return target


def _gates(here: District, target: Path) -> Path:
    """Write survey coordinates: X is the northing, and the easting begins with its zone."""
    own = here.gates
    places = own.geometry.to_crs(4526)
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "名称", "开放", "X坐标", "Y坐标"])
        for at, (row, place) in enumerate(zip(own.itertuples(), places, strict=True), start=1):
            state = "是" if row.open else "否"
            line = [row.gate_id, row.name, state, round(place.y, 3), round(place.x, 3)]
            sheet.write_row(at, 0, line)
    return target


def _sites(here: District, target: Path) -> Path:
    """Write places as degrees, minutes and seconds in one cell; the header says WGS 84."""
    own = here.candidates
    lon, lat = _degrees(own)
    lines = ["编号;地块名称;造价(万元);可用面积;坐标(WGS84)"]
    for n, row in enumerate(own.itertuples()):
        place = f"东经{_dms(lon[n])}，北纬{_dms(lat[n])}"
        lines.append(
            f"{row.candidate_id};{row.name};{row.cost:.0f};{row.floor_area_m2:.0f}㎡;{place}"
        )
    target.write_text("\n".join(lines), encoding="utf-8-sig")
    return target


def _dms(degrees: float) -> str:
    seconds = round(degrees * 3600, 3)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}′{seconds % 60:.3f}″"


if __name__ == "__main__":
    for layer, file in write_ugly_folder(Path(sys.argv[1])).items():
        print(f"{layer}: {file.name}")
