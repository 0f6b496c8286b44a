"""Districts of which there are no results, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.batch.jobs import Place
from planner.errors import Finding
from planner.views.exports.files import json_text


@dataclass(frozen=True)
class Failure:
    """A district without results.

    Parameters
    ----------
    place
        Which.
    reason
        Why, as a code with parameters.
    """

    place: Place
    reason: Finding

    def as_row(self) -> dict[str, str]:
        """Return the row of ``failures.csv``, its sentence in English."""
        return {
            "province": self.place.province,
            "district": self.place.district,
            "workspace": str(self.place.workspace),
            "code": self.reason.code,
            "sentence": str(self.reason),
            "params": json_text({name: _plain(each) for name, each in self.reason.params.items()}),
        }


def _plain(value: object) -> object:
    """Return a value that JSON has a type for; what is no finite number as text."""
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value
