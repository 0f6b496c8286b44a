"""Headers and figures as people write them, in English and Chinese."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from planner.district.validation import MOST_NUMBER
from planner.errors import InputError

_GROUPS = {
    "pop_65plus": "65岁以上人口 65岁及以上人口 65岁以上 老年人口 over65 pop65plus",
    "pop_60plus": "60岁以上人口 60岁及以上人口 60岁以上",
    "pop_80plus": "80岁以上人口 80岁及以上人口 高龄人口",
    "pop_0_14": "0-14岁人口 0-14岁 14岁以下人口 儿童 儿童人口",
    "pop_floating": "流动人口 外来人口",
    "pop_low_income": "低保人口 低保人数 低保",
    "pop_disabled": "残疾人 残疾人数 残疾人口",
}
_PEOPLE = {
    "population": "population pop residents 人口 人口数 常住人口 总人口 居民人数 人数",
    "households": "households 户数 总户数 家庭户数",
    **_GROUPS,
}
_NAME = {"name": "name 名称 名字"}
_PLACES = {
    "lon": "lon lng long longitude 经度",
    "lat": "lat latitude 纬度",
    "x": "x x坐标 easting 横坐标 东坐标",
    "y": "y y坐标 northing 纵坐标 北坐标",
}

_HEADERS: dict[str, dict[str, str]] = {
    "communities": {
        "community_id": (
            "communityid id code 社区代码 社区编码 统计用区划代码 区划代码 代码 编码 编号"
        ),
        "name": "name 名称 社区 社区名称 名字 communityname",
        "subdistrict": "subdistrict 街道 所属街道 街道名称 街道镇 乡镇 所属乡镇",
        **_PEOPLE,
    },
    "demand": {
        "demand_id": "demandid id code 编号 编码 代码",
        "community_id": "communityid 社区代码 社区编码",
        "weight": "weight 权重",
        **_NAME,
        **_PEOPLE,
        **_PLACES,
    },
    "facilities": {
        "facility_id": "facilityid id @id fullid osmid code 编号 编码 代码",
        "name": "name 名称 设施名称 名字",
        "kind": "kind 类别 类型 设施类别 设施类型 分类 type category",
        "status": "status 状态",
        "ownership": "ownership 权属",
        "department": "department 部门 主管部门 所属部门",
        "floor_area_m2": "floorarea flooraream2 面积 建筑面积 建筑面积平方米",
        "capacity": "capacity 容量 服务能力",
        "opening_hours": "openinghours 开放时间 营业时间 服务时间",
        "services": "services 服务 服务项目",
        **_PEOPLE,
        **_PLACES,
    },
    "candidates": {
        "candidate_id": "candidateid id code 编号 编码 代码",
        "cost": "cost 造价 费用 成本",
        "floor_area_m2": "floorarea flooraream2 面积 建筑面积",
        "kinds": "kinds 允许类别 可建设施",
        "required": "required 必选",
        "forbidden": "forbidden 禁选",
        **_NAME,
        **_PLACES,
    },
    "streets": {
        "street_id": "streetid id osmid 编号",
        "name": "name 名称 道路名称 路名",
        "highway": "highway fclass class 道路等级",
        "bridge": "bridge 桥 桥梁",
        "tunnel": "tunnel 隧道",
        "steps": "steps 台阶",
    },
    "barriers": {"barrier_id": "barrierid id 编号", "kind": "kind type 类别 类型", **_NAME},
    "gates": {
        "gate_id": "gateid id 编号",
        "open": "open 开放 是否开放 开放状态 开闭 开关 状态 status state",
        "locked": "locked 上锁 是否上锁",
        "access": "access 通行",
        **_NAME,
        **_PLACES,
    },
    "context": {"kind": "kind type 类别 类型", **_NAME},
}

_BLANK = {"", "-", "--", "—", "——", "/", "na", "n/a", "nan", "null", "none", "无"}
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")


def folded(header: str) -> str:
    """Return a header without case, width, spaces, brackets and underscores.

    Examples
    --------
    >>> folded("Community_ID"), folded("６５岁以上 人口（人）")
    ('communityid', '65岁以上人口人')
    """
    return re.sub(r"[\s_()\[\].:：]+", "", unicodedata.normalize("NFKC", header)).casefold()


def known_columns(layer: str, headers: Iterable[str]) -> dict[str, str]:
    """Return the layer's column of each header that means one.

    A header that is a column's own name goes before one that only means it; of several that mean
    the same, the first counts.

    Examples
    --------
    >>> known_columns("demand", ["编号", "经度", "人口", "65岁以上人口", "备注"])
    {'编号': 'demand_id', '经度': 'lon', '人口': 'population', '65岁以上人口': 'pop_65plus'}
    """
    words = {
        folded(word): column
        for column, line in _HEADERS[layer].items()
        for word in (*line.split(), column)
    }
    names = list(headers)
    if "fclass" in map(folded, names):
        names = [name for name in names if folded(name) != "code"]  # a class, no id
    exact = {name: name for name in names if name in _HEADERS[layer]}
    taken = set(exact)
    result = {}
    for name in names:
        column = exact.get(name) or words.get(folded(name)) or words.get(folded(_unbracketed(name)))
        if column is None or (name not in exact and column in taken):
            continue
        taken.add(column)
        result[name] = column
    return result


def _unbracketed(header: str) -> str:
    return re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", header))


def is_blank(value: object) -> bool:
    """Return whether a cell says nothing."""
    if value is None or value is pd.NA:
        return True
    if isinstance(value, float):
        return math.isnan(value)
    return str(value).strip().casefold() in _BLANK


def number(value: object) -> float | None:
    """Return the number that a cell holds, NaN for a blank, None for what is no number.

    Thousands separators and full-width digits are understood.

    Examples
    --------
    >>> number("１，２３４．５"), number("1 234"), number(7), number("1,23"), number("many")
    (1234.5, 1234.0, 7.0, None, None)
    """
    if is_blank(value):
        return math.nan
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "").replace(" ", "")
    if "_" in text:
        return None
    try:
        result = float(text)
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def numbers(values: pd.Series, file: str, column: str) -> pd.Series:
    """Return a column's numbers; the index of `values` is the row told in errors.

    Raises
    ------
    InputError
        Names the file, row and column of what is no number.
    """
    parsed = [number(value) for value in values]
    for row, value, result in zip(values.index, values, parsed, strict=True):
        if result is None:
            raise InputError("sources.not_a_number", file=file, row=row, column=column, value=value)
    return pd.Series(np.array(parsed, dtype="float64"), index=values.index)


def counts(values: pd.Series, file: str, column: str, *, needed: bool = False) -> pd.Series:
    """Return a column's numbers, none below zero and, where `needed`, none missing.

    Raises
    ------
    InputError
        Names the file, row and column of the first fault.
    """
    result = numbers(values, file, column)
    for row, value in result.items():
        if value < 0:
            raise InputError("sources.negative", file=file, row=row, column=column, value=value)
        if needed and math.isnan(value):
            raise InputError("sources.missing_value", file=file, row=row, column=column)
        if value > MOST_NUMBER:
            raise InputError(
                "sources.too_large",
                file=file,
                row=row,
                column=column,
                value=value,
                most=MOST_NUMBER,
            )
    return result
