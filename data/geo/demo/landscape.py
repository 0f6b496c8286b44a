"""The land before the town: two rivers that make a third, a creek, a railway, hills."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from demo.shapes import XY, closed_curve, ribbon, smooth

BUFFER_M = 1300.0
"""Streets and facilities are drawn this far beyond the boundary."""

RAIL_HALF_M = 13.0
"""Half the width of the fenced railway strip."""

WEST = [
    (-4100, -3500), (-3000, -2700), (-2200, -1950), (-1620, -1200), (-1400, -500), (-1290, 150),
    (-920, 760), (-420, 1180), (0, 1530),
]  # fmt: skip
EAST = [
    (4300, -2100), (3300, -1500), (2500, -1230), (1830, -900), (1330, -330), (1130, 280),
    (860, 850), (450, 1250), (0, 1530),
]  # fmt: skip
NORTH = [(0, 1530), (60, 1900), (180, 2400), (60, 3000), (-180, 3600), (-160, 4300)]
CREEK = [(-3900, 1500), (-3100, 1010), (-2600, 960), (-2150, 640), (-1700, 700), (-1180, 470)]
RAILWAY = [
    (-4200, -900), (-3000, -1120), (-2200, -1230), (-1500, -1330), (-500, -1270), (500, -1310),
    (1300, -1560), (2100, -2050), (2900, -2750), (3600, -3600),
]  # fmt: skip
BOUNDARY = [
    (-2050, -1450), (-2500, -600), (-2580, 480), (-2080, 1170), (-1100, 1720), (-300, 2080),
    (550, 2130), (1350, 1680), (1920, 1000), (2080, 250), (2020, -450), (1850, -1250),
    (1400, -1900), (650, -2130), (-450, -2120), (-1350, -1980),
]  # fmt: skip
HILLS = [
    (-3050, -250, 620, 150), (-2650, -1500, 420, 90), (-3300, 700, 520, 120),
    (-2350, -420, 230, 55),
    (-3600, -1800, 700, 170), (2900, -2900, 600, 70), (3300, 1500, 700, 60),
]  # fmt: skip
"""x, y, radius and height of each hill, metres."""


@dataclass(frozen=True)
class Frame:
    """Where the drawing lies: mirrored or not, turned, each point moved a little."""

    mirror: bool
    turn_deg: float
    wobble_m: float
    rng: np.random.Generator = field(repr=False)

    @classmethod
    def of(cls, seed: int, rng: np.random.Generator) -> Frame:
        """Return the frame of a seed; seed 1 is the district that ships."""
        if seed == 1:
            return cls(mirror=False, turn_deg=-9.0, wobble_m=15.0, rng=rng)
        return cls(bool(rng.random() < 0.5), rng.uniform(-35, 35), 70.0, rng)

    def place(self, points: list[XY], *, wobble: float = 1.0, fixed: bool = False) -> np.ndarray:
        """Return drawn points as they lie in this district; `fixed` ones are not moved."""
        xy = np.asarray(points, dtype=float)
        if not fixed:
            xy = xy + self.rng.uniform(-1, 1, xy.shape) * self.wobble_m * wobble
        if self.mirror:
            xy = xy * (-1, 1)
        return xy @ self._turn().T

    def drawn(self, xy: np.ndarray) -> np.ndarray:
        """Return places in this district as points of the drawing."""
        back = np.asarray(xy, dtype=float) @ self._turn()
        return back * (-1, 1) if self.mirror else back

    def _turn(self) -> np.ndarray:
        angle = np.deg2rad(self.turn_deg)
        return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


@dataclass(frozen=True)
class Landscape:
    """Water, railway, hills and the boundary, in metres about the middle of the town."""

    frame: Frame
    boundary: Polygon
    extent: Polygon
    river_lines: dict[str, LineString]
    rivers: dict[str, Polygon]
    railway: LineString
    hills: np.ndarray

    @property
    def water(self) -> BaseGeometry:
        """All rivers and the creek."""
        return shapely.union_all(list(self.rivers.values()))

    @property
    def rail_strip(self) -> Polygon:
        """The fenced strip of the railway."""
        return self.railway.buffer(RAIL_HALF_M, cap_style="flat")

    def elevation_m(self, xy: np.ndarray) -> np.ndarray:
        """Return heights above sea level: a gentle river plain and round hills."""
        xy = np.asarray(xy, dtype=float)
        away = np.hypot(xy[:, None, 0] - self.hills[:, 0], xy[:, None, 1] - self.hills[:, 1])
        plain = 102 + 4 * np.sin(xy[:, 0] / 900) * np.cos(xy[:, 1] / 1100)
        return plain + (self.hills[:, 3] * np.exp(-((away / self.hills[:, 2]) ** 2))).sum(axis=1)


def _river(
    frame: Frame, points: list[XY], widths: tuple[float, float], seed: float
) -> tuple[LineString, Polygon]:
    placed = frame.place(points)
    mouth = frame.place([(0, 1530)], fixed=True)[0]
    for end in (0, -1):  # the three rivers meet in one point
        if points[end] == (0, 1530):
            placed[end] = mouth
    line = smooth(placed, 30)
    t = np.linspace(0, 1, len(line.coords))
    width = np.interp(t, (0, 1), widths) * (1 + 0.13 * np.sin(9 * t + seed) + 0.07 * np.sin(23 * t))
    return line, ribbon(line, width / 2)


def make_landscape(frame: Frame) -> Landscape:
    """Draw rivers, creek, railway, hills and boundary."""
    drawn = {
        "西江": _river(frame, WEST, (125, 165), 0.4),
        "东江": _river(frame, EAST, (150, 205), 1.9),
        "三江": _river(frame, NORTH, (250, 300), 3.1),
        "桃溪": _river(frame, CREEK, (16, 24), 0.0),
    }
    mouth = shapely.union_all([drawn[name][1] for name in ("西江", "东江", "三江")])
    softened = mouth.buffer(60).buffer(-120).buffer(60)
    rivers = {name: shape for name, (_, shape) in drawn.items()}
    rivers["三江"] = rivers["三江"].union(softened.difference(mouth)).buffer(0)
    boundary = closed_curve(frame.place(BOUNDARY, wobble=0.6))
    hills = np.array(HILLS, dtype=float)
    hills[:, :2] = frame.place([tuple(hill[:2]) for hill in HILLS])
    return Landscape(
        frame=frame,
        boundary=boundary,
        extent=boundary.buffer(BUFFER_M),
        river_lines={name: line for name, (line, _) in drawn.items()},
        rivers=rivers,
        railway=smooth(frame.place(RAILWAY), 30),
        hills=hills,
    )
