"""A plan's database opened: a file or a server, its tables brought up to date."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from planner.errors import InputError
from planner.plan.store.addresses import secrets_of, told_place
from planner.plan.store.failures import coded, is_busy
from planner.plan.store.places import is_server, refuse_share
from planner.plan.store.schema import bring_up_to_date
from planner.plan.store.store import OUTSIDE, PATIENCE_S, WRITES, Store

WAIT_MS = 5_000
"""So long a database itself waits for another writer, milliseconds, before it is asked again."""

SYNCHRONOUS = "FULL"
"""Each transaction of a file is on the disk before it is told (https://sqlite.org/pragma.html)."""

CONNECT_S = 10
"""So long is waited for a server."""

DRIVER = "postgresql+psycopg"


def open_store(target: str | Path) -> Store:
    """Open the database of a plan, make one where a file is not there, bring its tables up to date.

    Parameters
    ----------
    target
        A file, for SQLite; or the address of a PostgreSQL database, such as
        ``"postgresql://planner@db.example.org/plan"``.

    Raises
    ------
    InputError
        ``plan.on_share`` for a file on a network share, ``plan.bad_address``, ``plan.not_a_plan``
        for another database, ``plan.newer_schema`` for one of a newer version of this program,
        ``plan.no_driver`` where PostgreSQL's is not installed.
    WorkError
        Where the database cannot be reached or written.
    """
    text = str(target)
    store = _server(text) if is_server(text) else _file(Path(target))
    try:
        _patiently(lambda: bring_up_to_date(store))
    except DBAPIError as error:
        store.close()
        raise coded(error, store.place, secrets_of(store.engine.url)) from error
    except BaseException:
        store.close()
        raise
    return store


def _patiently(work: Callable[[], None]) -> None:
    """Do what may have to wait until others have ended."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return work()
        except DBAPIError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
        time.sleep(0.05)


def _file(path: Path) -> Store:
    if not path.parent.is_dir():
        raise InputError("plan.no_folder", place=str(path))
    if path.is_dir():
        raise InputError("plan.not_a_plan", place=str(path))
    refuse_share(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)), poolclass=QueuePool, pool_size=2
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Store(engine, str(path))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let SQLAlchemy begin transactions itself, and see each onto the disk before it is told."""
    connection.isolation_level = None
    for line in (f"busy_timeout = {WAIT_MS}", "foreign_keys = ON", f"synchronous = {SYNCHRONOUS}"):
        connection.execute(f"PRAGMA {line}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Take the turn to write at once where that will be needed: a later wish could not be met."""
    options = connection.get_execution_options()
    if not options.get(OUTSIDE):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _server(address: str) -> Store:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # without the cause: it would tell parts of the address, perhaps of its password
        raise InputError("plan.bad_address") from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise InputError("plan.bad_address")
    url = url.set(drivername=DRIVER)
    place = told_place(url)
    options = {
        "connect_timeout": CONNECT_S,
        "application_name": "planner",
        # else who waits for a writer whose PC went off would wait for ever
        "options": f"-c lock_timeout={WAIT_MS}",
    }
    try:
        engine = create_engine(url, pool_pre_ping=True, pool_size=2, connect_args=options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise InputError("plan.no_driver") from error
    return Store(engine, place)
