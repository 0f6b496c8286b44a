"""How much a facility counts the farther away it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.arrays import F64
from planner.errors import InputError


@dataclass(frozen=True)
class Decay:
    """A weight that falls with distance, 0 beyond the limit.

    Parameters
    ----------
    id
        Short name.
    source
        Where the form comes from.
    form
        Weights, 0–1, of distances given as shares of the limit, 0–1.

    Examples
    --------
    >>> find_decay("steps")(np.array([100.0, 101.0, 300.0, 301.0]), 300.0).tolist()
    [1.0, 0.68, 0.22, 0.0]
    """

    id: str
    source: str
    form: Callable[[F64], F64]

    def __call__(self, distance_m: npt.ArrayLike, limit_m: float) -> F64:
        """Return the weights of distances under a limit, both metres."""
        metres = np.asarray(distance_m, dtype=np.float64)
        part = np.clip(metres / limit_m, 0.0, 1.0)
        return np.where(metres <= limit_m, self.form(part), 0.0)

    def curve(self, limit_m: float, points: int = 61) -> pd.DataFrame:
        """Return the weights from 0 to the limit, to be drawn: ``distance_m``, ``weight``."""
        distance_m = np.linspace(0.0, limit_m, points)
        return pd.DataFrame({"distance_m": distance_m, "weight": self(distance_m, limit_m)})


def step_decay(decay_id: str, weights: tuple[float, ...], source: str) -> Decay:
    """Return a decay of equally wide zones, the nearest first."""
    values = np.asarray(weights, dtype=np.float64)

    def form(part: F64) -> F64:
        zone = np.ceil(np.round(part * len(values), 9)).astype(np.int64) - 1
        return values[np.clip(zone, 0, len(values) - 1)]

    return Decay(decay_id, source, form)


def _gaussian(part: F64) -> F64:
    floor = np.exp(-0.5)
    return np.asarray((np.exp(-0.5 * part**2) - floor) / (1 - floor), dtype=np.float64)


DECAYS: dict[str, Decay] = {
    decay.id: decay
    for decay in (
        Decay("none", "Luo & Wang 2003: all within the limit count the same", np.ones_like),
        step_decay("steps", (1.0, 0.68, 0.22), "Luo & Qi 2009: three zones, slow decay"),
        step_decay("steps_fast", (1.0, 0.42, 0.09), "Luo & Qi 2009: three zones, fast decay"),
        Decay("gaussian", "Dai 2010: (exp(−½(d/d₀)²) − exp(−½)) / (1 − exp(−½))", _gaussian),
        Decay("linear", "1 − d/d₀", lambda part: 1.0 - part),
    )
}


def find_decay(decay: str | Decay) -> Decay:
    """Return a decay given as itself or by its id.

    Raises
    ------
    InputError
        Where there is none of that id.
    """
    if isinstance(decay, Decay):
        return decay
    if decay not in DECAYS:
        raise InputError("measures.decay", decay=decay, known=", ".join(DECAYS))
    return DECAYS[decay]
