"""The tables of a database brought up to date; a newer database is refused."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, inspect, select

from planner.errors import InputError
from planner.plan.store.store import OUTSIDE, WRITES, Store
from planner.plan.store.tables import STORE
from planner.plan.store.trail import NO_ENTRY
from planner.plan.store.writing import now
from planner.sources.kept_files import flush, put_in_place

VERSIONS = ("0001", "0002", "0003")
"""Migrations in their order; the last is what this program knows (``migrations/versions``)."""

VERSION_TABLE = "plan_version"
MIGRATIONS = Path(__file__).with_name("migrations")
_TURN = 7_150_182
"""Number of PostgreSQL's advisory lock by which programs that make tables take turns."""


def bring_up_to_date(store: Store) -> None:
    """Make the tables of a new database, or bring those of an older one up to date.

    A database file is copied before, beside it under the name of its old version.

    Raises
    ------
    InputError
        ``plan.not_a_plan``, ``plan.newer_schema``.
    DBAPIError
        Where the database cannot be read or written.
    """
    with store.engine.connect() as connection:
        found = _version(connection, store.place)
    if found == VERSIONS[-1]:
        return
    _refuse_newer(found, store.place)
    if found and store.file is not None:
        _keep_copy(store.file, found)
    if store.file is not None:
        with store.engine.connect() as connection:
            outside = connection.execution_options(**{OUTSIDE: True})
            outside.exec_driver_sql("PRAGMA journal_mode = WAL")
    with store.engine.connect() as connection:
        writer = connection.execution_options(**{WRITES: True})
        with writer.begin():
            if store.shared:
                writer.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
            found = _version(writer, store.place)
            if found == VERSIONS[-1]:  # another program did it meanwhile
                return
            _refuse_newer(found, store.place)
            migrate(writer, VERSIONS[-1])
            if writer.execute(select(STORE.c.id)).first() is None:
                writer.execute(insert(STORE).values(**_new_store()))


def migrate(connection: Connection, version: str) -> None:
    """Bring tables to a version, inside the connection's transaction."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)

    def steps(found: Any, _context: object) -> Any:
        return scripts._upgrade_revs(version, found)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=version) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def _new_store() -> dict[str, object]:
    own = {"id": 1, "store_id": secrets.token_hex(12), "created_at": now()}
    return {**own, "entries": 0, "head": NO_ENTRY}


def _version(connection: Connection, place: str) -> str:
    """Return the version of the tables, empty for none; refuse a database of something else."""
    names = inspect(connection).get_table_names()
    if VERSION_TABLE in names:
        told = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
        if not told:
            raise InputError("plan.not_a_plan", place=place)
        return str(told)
    file = connection.dialect.name == "sqlite"
    if (file and names) or STORE.name in names:
        raise InputError("plan.not_a_plan", place=place)
    return ""


def _refuse_newer(found: str, place: str) -> None:
    if found and found not in VERSIONS:
        raise InputError("plan.newer_schema", place=place, found=found, known=VERSIONS[-1])


def _keep_copy(file: Path, version: str) -> None:
    """Copy a database file as a whole, its write-ahead log included."""
    copy = file.with_name(f"{file.name}.{version}.bak")
    part = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}.part")
    with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(part)) as new:
        old.backup(new)
    flush(part)
    put_in_place(part, copy)
