"""The plan: what all departments propose, decide and build, in one shared store."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from planner.errors import InputError, MissingFileError
from planner.plan import people
from planner.plan.backups import Backups
from planner.plan.drafting import Drafting
from planner.plan.stepping import Stepping
from planner.plan.store.opening import open_store
from planner.plan.store.places import ADDRESS, FILE, is_server
from planner.shown import Shown

LEAST_BYTES = 512
"""No database of SQLite is smaller, https://sqlite.org/fileformat2.html#pages."""


def open_plan(target: str | Path | None = None, *, create: bool = True) -> Plan:
    """Open the departments' plan; a file that is not there is made.

    Parameters
    ----------
    target
        A file (SQLite), or the address of a PostgreSQL database. Where none is given, the database
        that ``PLANNER_DATABASE_URL`` names, else ``plan.sqlite`` in the folder at hand.
    create
        Whether to make a file that is not there.

    Returns
    -------
    Plan
        Close it, or use it as a context (``with``).

    Raises
    ------
    MissingFileError
        ``plan.no_plan`` where there is no file and none is to be made.
    InputError, WorkError
        As :func:`planner.plan.store.opening.open_store`; the code says why it cannot be opened.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_plan(f"{folder}/plan.sqlite") as plan:
    ...     made = plan.add(title="Clinic at the north gate", department="health", kinds=["clinic"])
    ...     made.status, [entry["deed"] for entry in plan.trail()], plan.verify()
    ('draft', ['propose'], ())
    """
    place = target or os.environ.get(ADDRESS) or FILE
    if not is_server(place) and not create:
        if not Path(place).exists():
            raise MissingFileError("plan.no_plan", place=str(place))
        if Path(place).is_file() and Path(place).stat().st_size < LEAST_BYTES:
            # cut to nothing: new tables in it would pass for a plan in order
            raise InputError("plan.not_a_plan", place=str(place))
    store = open_store(place)
    try:
        return Plan(store, people.actor_of(store))
    except BaseException:
        store.close()
        raise


class Plan(Shown, Drafting, Stepping, Backups):
    """A plan, as one person sees and changes it. Made by :func:`open_plan`.

    Parameters
    ----------
    store
        Where it is kept.
    actor
        Who works on it: what may be done follows from it, and the trail names them.
    withheld
        In which workspaces counts of groups are left out of what is read and returned, see
        :mod:`planner.plan.withheld`; None where they are told.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections to the store."""
        self.store.close()
