"""Places as tables give them: degrees, minutes and seconds, pairs in one cell, survey axes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from planner.arrays import F64, Bool
from planner.district.transformers import transformer
from planner.errors import Finding, InputError
from planner.sources.tables.cells import MOST_SIGNS, has_note
from planner.sources.tables.set_aside import SetAside
from planner.sources.tables.values.numbers import blank

_DMS = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<before>[NSEW东西南北])?[经纬]?度?[:：]?\s*"
    r"(?P<d>\d{1,3}(?:\.\d+)?)\s*(?:°|º|˚|度|d|deg|\s|-|:)\s*"
    r"(?:(?P<m>\d{1,2}(?:\.\d+)?)\s*(?:′|'|’|‘|´|`|分|m|min|\s|-|:|$)\s*"
    r"(?:(?P<s>\d{1,2}(?:\.\d+)?)\s*(?:″|\"|”|“|''|′′|秒|(?-i:s(?:ec)?)|$)?\s*)?)?"
    r"(?P<after>[NSEW东西南北])?[经纬]?",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?P<before>[NSEW])?\s*(?P<d>\d{1,3}\.\d+)\s*°?\s*(?P<after>[NSEW])?", re.I)
_MARKS = re.compile(r"[°º˚度′'’″\"”分秒dNSEW东西南北:]|\d\s+\d|\d-\d", re.IGNORECASE)
_WKT = re.compile(r"\s*(?:SRID=(\d+);)?\s*(?:MULTI)?(?:POINT|POLYGON|LINESTRING)\b.*", re.I | re.S)
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_PAIR = re.compile(
    rf"[\[(（【{{]?\s*(?P<a>{_NUMBER})\s*[°度]?\s*(?P<at>[EN东北]?)\s*(?:[,，;；、/|]|\s)\s*"
    rf"(?P<b>{_NUMBER})\s*[°度]?\s*(?P<bt>[EN东北]?)\s*[\])）】}}]?"
)
_BETWEEN = re.compile(
    r"\s*[,;、/|]\s*|(?<=[′'’″\"”分秒NSEW东西南北])\s+(?=\S*\d{1,3}\s*[°º˚度])", re.I
)
_EAST, _NORTH = "[东西经EW]", "[南北纬NS]"
_SOUTH_WEST = "sw南西"
_LAT_FIRST = re.compile(r"lat.*(lon|lng)|纬.*经|yx", re.IGNORECASE)
_LEAST_NORTHING, _MOST_NORTHING = 1.0e6, 9.4e6
_LEAST_EASTING, _MOST_EASTING = 1.0e5, 9.0e5
_PREFIX_M = 1.0e6
_ZONES_6, _ZONES_3 = range(13, 24), range(25, 46)
_ZONE_6_EPSG, _ZONE_3_EPSG = 4491, 4513
_MARGIN_DEG = 2.0
_MOST_M = 1.0e8
"""More metres than any coordinate has: more than twice around the earth."""


@dataclass(frozen=True, eq=False)
class Spots:
    """Where rows lie.

    Parameters
    ----------
    x, y
        Easting or longitude, and northing or latitude; NaN where a row has none.
    crs
        Their CRS, None where nothing is known.
    findings
        What was seen and turned.
    """

    x: F64
    y: F64
    crs: CRS | None
    findings: tuple[Finding, ...] = ()


# ---- cells


def angle(text: str) -> float | None:
    r"""Return the degrees that degrees, minutes and seconds make, None for what is no angle.

    Examples
    --------
    >>> angle("114°30′36″"), angle("114度30分36秒") == angle("E114°30'36\"")
    (114.51, True)
    >>> angle("25.85°N"), angle("25 51 00 S"), angle("赣江")
    (25.85, -25.85, None)
    >>> angle("115°02′60.00″") == angle("115°03′00″"), angle("115°02′61″")
    (True, None)
    """
    if len(text) > MOST_SIGNS or has_note(text):
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _LETTERED.fullmatch(plain) or _DMS.fullmatch(plain)
    if found is None:
        return None
    part = found.groupdict()
    marked = re.search(r"[°º˚度′'’\"″”分秒dNSEW东西南北]", plain, re.IGNORECASE)
    if not marked and part.get("s") is None:
        return None  # two numbers with a space between are a slip as well
    minutes, seconds = float(part.get("m") or 0), float(part.get("s") or 0)
    # seconds that were rounded up to 60.00 are told by many programs
    if minutes >= 60 or seconds > 60:
        return None
    value = float(part["d"]) + minutes / 60 + seconds / 3600
    side = (part.get("before") or part.get("after") or "").casefold()
    negative = part.get("sign") == "-" or (bool(side) and side in _SOUTH_WEST)
    return -value if negative else value


def two_angles(text: str) -> tuple[float, float, str] | None:
    r"""Return two angles of one cell and which stands first, None for what is no such pair.

    Returns
    -------
    The angles as they stand, and ``"lon"`` or ``"lat"`` for the first, empty where nothing says.

    Examples
    --------
    >>> two_angles("东经115°1′48″，北纬25°39′36″")
    (115.03, 25.66, 'lon')
    >>> two_angles("25°39'36\"N 115°01'48\"E"), two_angles("115°1′48″，赣江")
    ((25.66, 115.03, 'lat'), None)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > MOST_SIGNS or not _MARKS.search(plain):
        return None
    halves = _BETWEEN.split(plain)
    if len(halves) != 2:
        return None
    first, second = (angle(half) for half in halves)
    if first is None or second is None:
        return None
    says_lon, says_lat = (
        bool(re.search(a, halves[0], re.I) or re.search(b, halves[1], re.I))
        for a, b in ((_EAST, _NORTH), (_NORTH, _EAST))
    )
    if says_lon and says_lat:
        return None
    return first, second, "lon" if says_lon else "lat" if says_lat else ""


def degrees(values: pd.Series, column: str, aside: SetAside, decimal: str) -> F64:
    """Return a column of degrees or metres; rows that hold none are noted.

    Plain numbers are read all at once, angles in degrees, minutes and seconds cell by cell.
    """
    empty = blank(values).to_numpy()
    aside.add("sources.missing_value", values.index[empty], column)
    text = values.astype(object).where(~empty, "").astype(str)
    if decimal == ",":
        text = text.str.replace(",", ".", regex=False)
    text = _short(text)
    wide = ~text.str.fullmatch(r"[\x00-\x7f]*").to_numpy(dtype=bool)
    if wide.any():
        text = text.where(~wide, text.str.normalize("NFKC"))
    plain = text.str.fullmatch(_NUMBER).to_numpy(dtype=bool)
    result = np.full(len(values), np.nan)
    result[plain] = text[plain].astype(np.float64)
    left = ~plain & ~empty
    known = {each: _angle_or_number(each) for each in pd.unique(text[left].astype(object))}
    result[left] = [known[each] for each in text[left].astype(object)]
    wrong = ~empty & ~np.isfinite(result)
    aside.add("sources.not_a_number", values.index[wrong], column, values[wrong])
    result[wrong] = np.nan
    return result


def _angle_or_number(text: str) -> float:
    plain = text.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text) else text
    if re.fullmatch(_NUMBER, plain):
        return float(plain)
    found = angle(text) if _MARKS.search(text) else None
    return np.nan if found is None else found


def is_place(values: pd.Series) -> float:
    """Return the share of the filled cells that hold a pair of coordinates or well-known text."""
    filled = values[~blank(values)].iloc[:500].astype(str)
    if not len(filled):
        return 0.0
    wide = filled.str.normalize("NFKC")
    short = _short(wide)
    known = short.str.fullmatch(_PAIR) | wide.str.match(_WKT)
    known |= short.where(~known, "").map(lambda text: two_angles(text) is not None)
    return float(known.mean())


def _short(text: pd.Series) -> pd.Series:
    """Return cells with those emptied that are longer than a place can be, or bear a note."""
    fits = (text.str.len() <= MOST_SIGNS).to_numpy(dtype=bool, copy=True)
    odd = ~text.map(str.isascii).to_numpy(dtype=bool) & fits
    fits[odd] = ~text[odd].map(has_note).to_numpy(dtype=bool)
    return text.where(fits, "?")


def pairs(values: pd.Series, header: str, column: str, aside: SetAside) -> tuple[Spots, Any]:
    """Return the places of a column of pairs or well-known text, and its shapes where it has some.

    In a pair the longitude comes first, unless the header or the numbers say otherwise.
    """
    empty = blank(values).to_numpy()
    aside.add("sources.missing_value", values.index[empty], column)
    cells = values.astype(object).where(~empty, "").astype(str)
    text = cells.str.normalize("NFKC")
    wkt = text.str.match(_WKT).to_numpy(dtype=bool)
    if wkt.any():
        return _of_wkt(text, wkt, empty, column, values, aside)
    text = _short(cells).str.normalize("NFKC")
    found = text.str.extract(_PAIR)
    whole = text.str.fullmatch(_PAIR).to_numpy(dtype=bool)
    x = np.where(whole, found["a"].astype(np.float64), np.nan)
    y = np.where(whole, found["b"].astype(np.float64), np.nan)
    angles = {each: two_angles(each) for each in pd.unique(text[~whole & ~empty])}
    spelt = np.asarray([each in angles and angles[each] is not None for each in text], dtype=bool)
    wrong = ~whole & ~empty & ~spelt
    aside.add("tables.not_a_place", values.index[wrong], column, values[wrong])
    lat_first = bool(_LAT_FIRST.search(unicodedata.normalize("NFKC", header)))
    if lat_first:
        x, y = y, x
    # letters at the numbers say more than the header
    first, second = (found[part].fillna("").to_numpy() for part in ("at", "bt"))
    north_first = np.isin(first, ["N", "北"]) | np.isin(second, ["E", "东"])
    east_first = np.isin(first, ["E", "东"]) | np.isin(second, ["N", "北"])
    a, b = (np.where(whole, found[part].astype(np.float64), np.nan) for part in ("a", "b"))
    x = np.where(north_first, b, np.where(east_first, a, x))
    y = np.where(north_first, a, np.where(east_first, b, y))
    both = north_first & east_first & whole
    aside.add("tables.not_a_place", values.index[both], column, values[both])
    x[both] = y[both] = np.nan
    for place in np.flatnonzero(spelt):
        found_angles = angles[text.iloc[place]]
        assert found_angles is not None
        a_first, b_first, said = found_angles
        turned = said == "lat" or (not said and lat_first)
        x[place], y[place] = (b_first, a_first) if turned else (a_first, b_first)
    return Spots(x, y, None), None


def _of_wkt(
    text: pd.Series, wkt: Bool, empty: Bool, column: str, values: pd.Series, aside: SetAside
) -> tuple[Spots, Any]:
    srid = text.str.extract(r"^\s*SRID=(\d+);", flags=re.IGNORECASE)[0].dropna()
    bare = text.str.replace(r"^\s*SRID=\d+;", "", regex=True, flags=re.IGNORECASE)
    texts = bare.to_numpy(dtype=object).copy()
    texts[~wkt] = None
    shapes = shapely.from_wkt(texts, on_invalid="ignore")
    wrong = ~np.isfinite(shapely.bounds(shapes)).all(axis=1) & ~empty  # missing, empty or endless
    shapes[wrong] = None
    aside.add("tables.not_a_place", values.index[wrong], column, values[wrong])
    crs = _crs_of(str(srid.iloc[0])) if len(srid) and srid.nunique() == 1 else None
    inner = shapely.point_on_surface(shapes)
    return Spots(shapely.get_x(inner), shapely.get_y(inner), crs), shapes


def _crs_of(srid: str) -> CRS:
    """Return the CRS of a number in well-known text.

    Raises
    ------
    InputError
        ``sources.unknown_crs`` where there is none.
    """
    try:
        return CRS.from_epsg(int(srid[:9]))
    except CRSError as error:
        raise InputError("sources.unknown_crs", crs=f"EPSG:{srid[:20]}") from error


# ---- axes and zones


def settled(spots: Spots, *, named_degrees: bool, crs: CRS | None, aside: SetAside) -> Spots:
    """Return places with the easting first and a CRS, as far as the numbers tell.

    Parameters
    ----------
    spots
        As read: the first column in `x`.
    named_degrees
        Whether the headers say longitude and latitude.
    crs
        What the person said, None where nothing.
    aside
        Tells the file in findings and errors.

    Raises
    ------
    InputError
        ``sources.no_crs`` where metres do not tell their zone.
    """
    x, y = spots.x, spots.y
    known = np.isfinite(x) & np.isfinite(y)
    crs = spots.crs or crs
    if not known.any():
        return Spots(x, y, crs or CRS.from_epsg(4326))
    small = bool((np.abs(x[known]) <= 180).mean() > 0.5 and (np.abs(y[known]) <= 180).mean() > 0.5)
    if named_degrees or (crs is None and small) or (crs is not None and crs.is_geographic):
        return _in_degrees(x, y, crs, named_degrees=named_degrees, aside=aside)
    return _in_metres(x, y, crs, aside)


def _in_degrees(x: F64, y: F64, crs: CRS | None, *, named_degrees: bool, aside: SetAside) -> Spots:
    findings = []
    own = crs if crs is not None and crs.is_geographic else CRS.from_epsg(4326)
    if crs is None and not named_degrees:
        findings.append(Finding("sources.xy_degrees", {"file": aside.file}))
    known = np.isfinite(x) & np.isfinite(y)
    turned = known & (np.abs(y) > 90) & (np.abs(y) <= 180) & (np.abs(x) <= 90)
    if turned.sum() * 2 > known.sum():
        x, y = y, x
        findings.append(Finding("tables.axes_turned", {"file": aside.file}))
    return Spots(x, y, own, tuple(findings))


def _in_metres(x: F64, y: F64, crs: CRS | None, aside: SetAside) -> Spots:
    findings = []
    known = np.isfinite(x) & np.isfinite(y)
    if _north_first(x[known], y[known], crs):
        x, y = y, x
        findings.append(Finding("tables.north_first", {"file": aside.file}))
    prefix = float(np.floor(np.median(x[known]) / _PREFIX_M)) if known.any() else 0.0
    if crs is None:
        crs = _crs_of_zone(int(prefix))
        if crs is None:
            raise InputError("sources.no_crs", file=aside.file)
        findings.append(Finding("tables.zone_guessed", {"file": aside.file, "crs": crs.name}))
        return Spots(x, y, crs, tuple(findings))
    own = np.floor(_false_easting(crs) / _PREFIX_M)
    if prefix != own and (prefix in (*_ZONES_3, *_ZONES_6) or own) and _is_gauss(crs):
        moved = x + (own - prefix) * _PREFIX_M
        zone = _crs_of_zone(int(prefix or own))
        if zone is None or abs(_meridian(zone) - _meridian(crs)) > 1e-6:
            raise InputError(
                "tables.other_zone", file=aside.file, crs=crs.name, zone=int(prefix or own)
            )
        params = {"file": aside.file, "zone": int(prefix or own), "crs": crs.name}
        findings.append(Finding("tables.zone_prefix", params))
        x = moved
    return Spots(x, y, crs, tuple(findings))


def _north_first(x: F64, y: F64, crs: CRS | None) -> bool:
    """Whether the first column is the northing, as surveyors call it X."""
    if crs is not None and crs.area_of_use is not None:
        spot = (float(np.median(x)), float(np.median(y)))
        return not _inside(spot, crs) and _inside(spot[::-1], crs)
    north = (x >= _LEAST_NORTHING) & (x <= _MOST_NORTHING)
    east = (y >= _LEAST_EASTING) & (y <= _MOST_EASTING)
    prefixed = np.isin(np.floor(y / _PREFIX_M), [*_ZONES_3, *_ZONES_6])
    return bool((north & (east | prefixed)).all())


def _inside(spot: tuple[float, float], crs: CRS) -> bool:
    area = crs.area_of_use
    x, y = spot
    prefix = np.floor(x / _PREFIX_M)
    if _is_gauss(crs) and prefix in (*_ZONES_3, *_ZONES_6):
        x += (np.floor(_false_easting(crs) / _PREFIX_M) - prefix) * _PREFIX_M
    lon, lat = transformer(crs, 4326).transform(x, y)
    if area is None or not (np.isfinite(lon) and np.isfinite(lat)):
        return False
    return bool(
        area.west - _MARGIN_DEG <= lon <= area.east + _MARGIN_DEG
        and area.south - _MARGIN_DEG <= lat <= area.north + _MARGIN_DEG
    )


def _crs_of_zone(zone: int) -> CRS | None:
    """Return the CGCS2000 Gauss-Krueger zone of a number, whose eastings begin with it.

    Examples
    --------
    >>> _crs_of_zone(38).to_epsg(), _crs_of_zone(20).to_epsg(), _crs_of_zone(24)
    (4526, 4498, None)
    """
    if zone in _ZONES_3:
        return CRS.from_epsg(_ZONE_3_EPSG + zone - _ZONES_3.start)
    if zone in _ZONES_6:
        return CRS.from_epsg(_ZONE_6_EPSG + zone - _ZONES_6.start)
    return None


def _is_gauss(crs: CRS) -> bool:
    operation = crs.coordinate_operation
    return operation is not None and operation.method_name == "Transverse Mercator"


def _parameter(crs: CRS, name: str) -> float:
    operation = crs.coordinate_operation
    found = [p.value for p in operation.params if p.name == name] if operation else []
    return float(found[0]) if found else 0.0


def _false_easting(crs: CRS) -> float:
    return _parameter(crs, "False easting")


def _meridian(crs: CRS) -> float:
    return _parameter(crs, "Longitude of natural origin")


def note_off_globe(spots: Spots, rows: pd.Index, aside: SetAside) -> None:
    """Note rows that are no place on the globe or in their CRS, or the corner where 0 meets 0."""
    if spots.crs is None:
        return
    x, y = spots.x, spots.y
    if not spots.crs.is_geographic:
        there = transformer(spots.crs, 4326).transform(x, y)
        beyond = np.maximum(np.abs(x), np.abs(y)) > _MOST_M
        lost = (~np.isfinite(there).all(axis=0) | beyond) & np.isfinite(x) & np.isfinite(y)
        told = [f"{x[row]}, {y[row]}" for row in np.flatnonzero(lost).tolist()]
        aside.add("tables.not_in_crs", rows[lost], "x", told, crs=spots.crs.name)
        return
    off = (np.abs(x) > 180) | (np.abs(y) > 90)
    none = (x == 0) & (y == 0)
    for row in np.flatnonzero(off).tolist():
        swapped = abs(x[row]) <= 90 and abs(y[row]) <= 180
        code = "sources.swapped" if swapped else "sources.off_globe"
        lon, lat = float(x[row]), float(y[row])
        aside.add(code, [rows[row]], "lon", [f"{lon}, {lat}"], lon=lon, lat=lat)
    aside.add("tables.zero_place", rows[none], "lon", ["0, 0"] * int(none.sum()))
