"""Who writes, as the trail tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Via = Literal["alone", "database", "sign_in"]


@dataclass(frozen=True)
class Author:
    """Who writes, as the trail tells it.

    Parameters
    ----------
    name
        The person.
    login
        By what the database or the system knows whoever writes.
    via
        How the name is known: one person on a PC (``"alone"``), the database's login
        (``"database"``) or the dashboard's sign-in (``"sign_in"``).
    """

    name: str
    login: str
    via: Via
