"""What walking an edge costs in seconds: speed, slope and waiting at crossings.

Pure functions over arrays. Their result goes to
:meth:`~planner.network.walk_network.WalkNetwork.with_weights`. Streets are walked both ways, so an
edge's seconds are the mean of both directions.

Sources
-------
Tobler, W. (1993). Three presentations on geographical analysis and modeling. NCGIA Technical
Report 93-1: hiking speed 6·exp(−3.5·|s + 0.05|) km/h at a slope of s.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.arrays import F64
from planner.errors import InputError

__all__ = ["edge_seconds", "tobler_factor"]


def tobler_factor(slope: npt.ArrayLike) -> F64:
    """Speed at a slope relative to speed on the flat, after Tobler (1993).

    Parameters
    ----------
    slope
        Rise over run; negative downhill. Any shape.

    Returns
    -------
    ndarray
        float64, 1 on the flat, largest (about 1.19) at −0.05.

    Examples
    --------
    >>> tobler_factor([0.0, 0.1, -0.05]).round(3).tolist()
    [1.0, 0.705, 1.191]
    """
    given = np.asarray(slope, np.float64)
    return np.asarray(np.exp(-3.5 * (np.abs(given + 0.05) - 0.05)))


def edge_seconds(
    length_m: npt.ArrayLike,
    *,
    speed_m_s: npt.ArrayLike = 1.2,
    ascent_m: npt.ArrayLike = 0.0,
    descent_m: npt.ArrayLike = 0.0,
    signals: npt.ArrayLike = 0,
    signal_delay_s: float = 20.0,
) -> F64:
    """Seconds to walk each edge, the mean of both directions.

    An edge climbs and falls at one steepness, (ascent + descent) / length, and its climbing and
    falling parts share the length in proportion to their height. What is climbed one way falls
    the other way, so that the mean of both directions does not depend on the shares. A height
    that is not known (NaN) counts as none.

    Parameters
    ----------
    length_m
        (E,) metres.
    speed_m_s
        Speed on the flat, one number or (E,).
    ascent_m, descent_m
        Metres climbed and fallen from the first node to the second, one number or (E,), not
        negative.
    signals
        Signalled crossings on the edge, one number or (E,).
    signal_delay_s
        Mean wait at one of them.

    Returns
    -------
    ndarray
        (E,) float64.

    Raises
    ------
    InputError
        ``network.bad_speed`` where a speed is not above zero, ``network.bad_length`` where
        another number is negative or a length is none.

    Examples
    --------
    >>> edge_seconds([120.0, 120.0], ascent_m=[0.0, 12.0], signals=[1, 0]).round(1).tolist()
    [120.0, 121.0]
    """
    length = np.asarray(length_m, np.float64)
    speed = np.asarray(speed_m_s, np.float64)
    wrong_speed = ~(np.isfinite(speed) & (speed > 0))
    if wrong_speed.any():
        raise InputError("network.bad_speed", value=float(np.atleast_1d(speed[wrong_speed])[0]))
    up, down = (np.nan_to_num(np.asarray(h, np.float64)) for h in (ascent_m, descent_m))
    waits = np.asarray(signals, np.float64) * signal_delay_s
    for name, values in (
        ("length_m", length),
        ("ascent_m", up),
        ("descent_m", down),
        ("signals", waits),
    ):
        wrong = ~(np.isfinite(values) & (values >= 0))
        if wrong.any():
            row = int(np.flatnonzero(np.atleast_1d(wrong))[0])
            value = float(np.atleast_1d(values)[row])
            raise InputError("network.bad_length", name=name, row=row, value=value)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(length > 0, (up + down) / length, 0.0)
    slower = (1.0 / tobler_factor(slope) + 1.0 / tobler_factor(-slope)) / 2
    return np.asarray(length / speed * np.where(slope > 0, slower, 1.0) + waits)
