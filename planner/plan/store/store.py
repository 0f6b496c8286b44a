"""A plan's database, opened: transactions that read or write, tried again while others write."""

from __future__ import annotations

import random
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeftError

from planner.errors import WorkError
from planner.plan.store.addresses import secrets_of
from planner.plan.store.author import Author
from planner.plan.store.failures import coded, is_busy, is_lost
from planner.plan.store.memory import Memory
from planner.plan.store.tables import STORE, TRAIL, DamagedValueError
from planner.plan.store.writing import Writing, count_of, system_user

PATIENCE_S = 60.0
"""So long a writer waits for others in all."""

WRITES, OUTSIDE = "planner_writes", "planner_outside"
"""Options of a connection to SQLite: its transaction will write; it begins none by itself."""

T = TypeVar("T")


class Store:
    """A database that holds a plan. Made by :func:`planner.plan.store.opening.open_store`.

    Parameters
    ----------
    engine
        SQLAlchemy's engine.
    place
        The file or address, as messages name it, without a password.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self.engine = engine
        self.place = place
        self.memory = Memory()
        # whoever lets go of a store without closing it leaves no connection open
        weakref.finalize(self, engine.dispose)

    @property
    def shared(self) -> bool:
        """Whether this is a server that knows its users, rather than a file of one PC."""
        return self.engine.dialect.name == "postgresql"

    @property
    def file(self) -> Path | None:
        """The database file, None where a server holds the plan."""
        return None if self.shared else Path(self.place)

    def login(self) -> str:
        """Return by what the database, or for a file the system, knows whoever uses it.

        ``session_user`` stays what was signed in with, whatever role is taken on later.
        """
        if not self.shared:
            return system_user()
        with self.reading() as connection:
            return str(connection.exec_driver_sql("SELECT session_user").scalar_one())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection inside a transaction that sees one state of the plan.

        Raises
        ------
        InputError, WorkError
            Where the database cannot be read; the code says why.
        """
        try:
            with self.engine.connect() as connection:
                if self.shared:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield connection
        except DamagedValueError as error:
            raise WorkError("plan.damaged", place=self.place) from error
        except NoConnectionLeftError as error:
            raise WorkError("plan.busy", place=self.place) from error
        except DBAPIError as error:
            raise coded(error, self.place, secrets_of(self.engine.url)) from error

    def write(self, author: Author, work: Callable[[Writing], T]) -> T:
        """Do a piece of work in one transaction, tried again while others write.

        Parameters
        ----------
        author
            Who writes.
        work
            What is done; it may be called several times, of which one counts.

        Raises
        ------
        WorkError
            ``plan.busy`` where others write for longer than :data:`PATIENCE_S`; ``plan.disk_full``,
            ``plan.read_only``, ``plan.no_connection`` and others, and nothing of the work is kept;
            ``plan.perhaps_kept`` where the connection ended in the moment of keeping it and the
            server could not be asked again.
        """
        until = time.monotonic() + PATIENCE_S
        wait_s = 0.01
        while True:
            writing: Writing | None = None
            try:
                with self.engine.connect() as connection:
                    connection = connection.execution_options(**{WRITES: True})
                    with connection.begin():
                        writing = Writing(connection, author)
                        found = work(writing)
                        writing.close()
                return found
            except DamagedValueError as error:
                raise WorkError("plan.damaged", place=self.place) from error
            except NoConnectionLeftError as error:
                # whoever waits for so long gets a word of it, as who waits for other writers
                raise WorkError("plan.busy", place=self.place) from error
            except DBAPIError as error:
                if writing is not None and writing.closed and is_lost(error):
                    if self._is_kept(writing, error):
                        return found
                elif not is_busy(error) or time.monotonic() > until:
                    raise coded(error, self.place, secrets_of(self.engine.url)) from error
            time.sleep(wait_s * (0.5 + random.random()))
            wait_s = min(2 * wait_s, 0.5)

    def _is_kept(self, writing: Writing, error: DBAPIError) -> bool:
        """Whether work was kept although the connection ended while that was being answered."""
        if not writing.first_entry:
            return True
        asked = select(TRAIL.c.number).where(TRAIL.c.entry_id == writing.first_entry)
        try:
            with self.engine.connect() as connection:
                return connection.execute(asked).first() is not None
        except DBAPIError:
            raise WorkError("plan.perhaps_kept", place=self.place) from error

    def head(self) -> tuple[int, str]:
        """Return how many entries the trail has and the hash of the last."""
        with self.reading() as connection:
            row = connection.execute(select(STORE)).mappings().one()
            return count_of(row), str(row["head"])

    def close(self) -> None:
        """End all connections."""
        self.engine.dispose()
