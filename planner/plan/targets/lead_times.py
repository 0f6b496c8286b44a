"""How long building takes after an approval, and until when a year therefore lets one approve."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.documents import flag_of, parse_toml
from planner.errors import InputError, MissingFileError
from planner.own_copies import shipped
from planner.plan.proposals.changes import ACTIONS

SHORTENING = tuple(action for action in ACTIONS if action not in ("close", "outreach"))
"""Actions that may bring somebody within a limit: all but closing and outreach rounds."""

_IF_NONE = {"settle_way": 1}
"""Months as in the built-in file, of what files written before it had them say nothing of."""

MOST_MONTHS = 360
_BUILTIN = Path(__file__).with_name("lead_times.toml")


@dataclass(frozen=True)
class LeadTimes:
    """Months from a proposal's approval until residents can use it, by action: an assumption.

    Parameters
    ----------
    months
        By each action of :data:`SHORTENING`.
    verified
        Whether somebody answers for them.

    Examples
    --------
    >>> times = builtin_lead_times()
    >>> times.months["build"], times.latest_month("build", 2030)
    (24, (2028, 12))
    """

    months: Mapping[str, int]
    verified: bool

    def latest_month(self, action: str, year: int) -> tuple[int, int]:
        """Return the last year and month of an approval that is built by the end of a year."""
        last = 12 * year + 11 - self.months[action]
        return last // 12, last % 12 + 1

    def built_by(self, action: str, approved: tuple[int, int]) -> int:
        """Return the year by whose end an approval of a year and month is built."""
        return (12 * approved[0] + approved[1] - 1 + self.months[action]) // 12

    def with_months(self, months: Mapping[str, int]) -> LeadTimes:
        """Return these with other months for some actions.

        Raises
        ------
        InputError
            ``plan.bad_lead_times``.
        """
        return _checked({**self.months, **months}, self.verified, "")


def read_lead_times(path: str | Path) -> LeadTimes:
    """Read lead times from a TOML file of the form of the built-in one.

    Raises
    ------
    MissingFileError, InputError
        Where there is no such file, or an action lacks its months, whole and 0 to 360.
    """
    path = Path(path)
    try:
        table = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MissingFileError("plan.no_lead_times", file=str(path)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("plan.bad_lead_times", file=path.name, key="TOML") from error
    months = {name: value for name, value in table.items() if name != "verified"}
    months = {**_IF_NONE, **months}
    return _checked(months, flag_of(table, "verified", path.name), path.name)


@shipped
def builtin_lead_times() -> LeadTimes:
    """Return the lead times that ship with the package, which nobody has verified."""
    return read_lead_times(_BUILTIN)


def _checked(months: Mapping[str, Any], verified: bool, file: str) -> LeadTimes:
    for key in (*SHORTENING, *months):
        value = months.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if key not in SHORTENING or not whole or not 0 <= int(value or 0) <= MOST_MONTHS:
            raise InputError("plan.bad_lead_times", file=file, key=key[:40])
    return LeadTimes({name: int(months[name]) for name in SHORTENING}, verified)
