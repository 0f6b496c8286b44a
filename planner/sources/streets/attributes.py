"""What a street tells of itself beside where it lies: surface, kerb, width, incline.

The words are those of OpenStreetMap, whichever door a street comes by. What a street does not tell
stays empty: it is not known, which is neither good nor bad.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

STEEPEST_PERCENT = 100.0
"""An incline of more is taken for a slip: it is not known."""

WIDEST_M = 100.0

_NUMBER = r"(\d+(?:\.\d+)?)"
_INCLINE = re.compile(rf"[-+]?{_NUMBER}(?:\s*-\s*{_NUMBER})?\s*(%|°|‰)?")
_RATIO = re.compile(rf"[-+]?1\s*[:/]\s*{_NUMBER}")
_WIDTH = re.compile(rf"{_NUMBER}(?:\s*-\s*{_NUMBER})?\s*(m|米|dm|分米|cm|厘米|mm|毫米|ft|')?")
_UNITS_M = {
    "dm": 0.1,
    "分米": 0.1,
    "cm": 0.01,
    "厘米": 0.01,
    "mm": 0.001,
    "毫米": 0.001,
    "ft": 0.3048,
    "'": 0.3048,
}
_ABOUT = re.compile(r"^(?:约|大约|≈|about|approx\.?|ca\.?)\s*")
PLAIN_KEYS = ("surface", "smoothness", "tracktype", "wheelchair", "handrail", "incline", "kerb")
_WIDTH_KEYS = ("width", "maxwidth:physical")
CROSSING_KEYS = ("footway", "path", "cycleway")
"""Keys of ways whose value is ``crossing`` where they cross a carriageway."""
_RAMPS = {
    **dict.fromkeys(("yes", "separate", "both"), "yes"),
    **dict.fromkeys(("no", "bicycle", "stroller", "luggage"), "no"),  # none for wheelchairs
}
_STEP_M = 0.03
"""A kerb up to this high is a lowered one (DIN 18040-3)."""
_MILLIMETRES = re.compile(r"mm|毫米")
_THOUSANDS = re.compile(r"(?<![\d,.])([1-9]\d{0,2}),(\d{3})(?![\d,])")
"""In millimetres a comma parts thousands: nobody tells thousandths of one."""
_FIGURE = re.compile(rf"[-+]?{_NUMBER}(?:\s*-\s*{_NUMBER})?")


def slope_of(incline: str) -> float:
    """Return the steepness that an incline tells, per cent, not negative; NaN where it tells none.

    A number without a unit is per cent, of a range the steeper end counts; ``up`` and ``down`` say
    that there is a slope but not how steep it is.

    Examples
    --------
    >>> [round(slope_of(said), 1) for said in ("10%", "-4.5 %", "6-8%", "5°", "-1：12", "up")]
    [10.0, 4.5, 8.0, 8.7, 8.3, nan]
    """
    said = _plain(incline).replace("−", "-").replace("–", "-")
    ratio = _RATIO.fullmatch(said)
    if ratio and float(ratio[1]) > 0:
        percent = 100 / float(ratio[1])
    elif found := _INCLINE.fullmatch(said):
        percent = max(float(found[1]), float(found[2] or 0))
        if found[3] == "°":
            percent = 100 * math.tan(math.radians(percent)) if percent <= 45 else math.inf
        elif found[3] == "‰":
            percent /= 10
    else:
        return math.nan
    return percent if percent <= STEEPEST_PERCENT else math.nan


def width_of(text: str) -> float:
    """Return a width in metres, of a range the narrower; NaN where the text tells none.

    Examples
    --------
    >>> [round(width_of(each), 2) for each in ("1.5 m", "0,9", "80 cm", "约0.6~0.8米", "narrow")]
    [1.5, 0.9, 0.8, 0.6, nan]
    >>> width_of("1,200~1,500mm"), width_of("1,200 m")
    (1.2, 1.2)
    """
    width = _metres(text)[0]
    return width if 0 < width <= WIDEST_M else math.nan


def _metres(text: str) -> tuple[float, float]:
    """Return the least and the most metres that a text tells, NaN where it tells none."""
    found = _WIDTH.fullmatch(_plain(text).casefold())
    if not found:
        return math.nan, math.nan
    ends = [float(end) * _UNITS_M.get(found[3], 1.0) for end in (found[1], found[2] or found[1])]
    return min(ends), max(ends)


def in_unit(figure: str, unit: str) -> str:
    """Return a figure, of about so much or a range too, with a unit where it names none itself.

    Examples
    --------
    >>> in_unit("约90", "cm"), in_unit("8~12", "°"), in_unit("8%", "°"), in_unit("steep", "%")
    ('90cm', '8-12°', '8%', 'steep')
    """
    plain = _plain(f"{figure} {unit}").removesuffix(unit).strip()
    return f"{plain}{unit}" if unit and _FIGURE.fullmatch(plain) else figure


def kerb_of_height(height: str) -> str:
    """Return the word for a kerb of which the height is told, empty where it is none.

    Examples
    --------
    >>> [kerb_of_height(each) for each in ("0", "0.03", "12 cm", "high")]
    ['flush', 'lowered', 'raised', '']
    """
    height_m = _metres(height)[1]
    if not height_m <= WIDEST_M:
        return ""
    if height_m == 0:
        return "flush"
    return "lowered" if height_m <= _STEP_M else "raised"


def _plain(text: str) -> str:
    """Return a figure with half-width signs and a decimal point, exact or about so much."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _MILLIMETRES.search(plain):
        plain = _THOUSANDS.sub(r"\1\2", plain)
    plain = plain.replace(",", ".")
    return _ABOUT.sub("", plain.replace("~", "-"))


def attribute_columns(tags: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Return the columns of ``streets`` that tell how one walks there, a row a street.

    Examples
    --------
    >>> table = attribute_columns([{"footway": "crossing", "kerb": "Lowered", "incline": "up"}])
    >>> table[["crossing", "kerb", "incline"]].iloc[0].tolist()
    ['yes', 'lowered', 'up']
    """
    columns: dict[str, Any] = {
        name: [each.get(name, "").strip().casefold() for each in tags] for name in PLAIN_KEYS
    }
    for row, each in enumerate(tags):
        # a measured height says more than a word
        if kerb := kerb_of_height(each.get("kerb:height", "")):
            columns["kerb"][row] = kerb
    columns["crossing"] = [_crossing(each) for each in tags]
    columns["ramp"] = [_ramp(each) for each in tags]
    columns["obstacle"] = ""
    columns["slope_percent"] = np.array([slope_of(t.get("incline", "")) for t in tags], np.float64)
    told = [[width_of(each.get(key, "")) for key in _WIDTH_KEYS] for each in tags]
    columns["width_m"] = np.fmin.reduce(np.array(told, np.float64).reshape(-1, 2), axis=1)
    return pd.DataFrame(columns)


def _crossing(tags: Mapping[str, str]) -> str:
    """Return how a way crosses a carriageway, empty where it is no crossing."""
    if not any(tags.get(key) == "crossing" for key in CROSSING_KEYS):
        return ""
    return tags.get("crossing", "").strip().casefold() or "yes"


def _ramp(tags: Mapping[str, str]) -> str:
    """Return whether steps have a ramp: ``wheelchair``, ``yes`` (for whom is not told), ``no``.

    A word that nobody knows stays: it may mean either.
    """
    wheels = tags.get("ramp:wheelchair", "").strip().casefold()
    if wheels in ("yes", "separate"):
        return "wheelchair"
    if wheels:
        return wheels
    said = tags.get("ramp", "").strip().casefold()
    return _RAMPS.get(said, said)
