"""A PostgreSQL server of the tests' own, from the system's binaries, never run by root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BINARIES = "/usr/lib/postgresql"
USERS = ("postgres", "nobody")
PEOPLE = ("planner", "li_wei", "chen")


def binaries() -> Path | None:
    """Return the folder of the newest server, None where none is installed."""
    folders = sorted(Path(BINARIES).glob("*/bin"), key=lambda each: int(each.parent.name))
    beside = shutil.which("initdb")
    found = [each for each in folders if (each / "initdb").exists()]
    return found[-1] if found else Path(beside).parent if beside else None


class Postgres:
    """A cluster in a temporary folder that listens on a socket there, and nowhere else."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        # short: the path of a socket has 107 signs at most
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: dict[str, object] = {"cwd": self.folder}
        if os.name == "posix" and os.geteuid() == 0:
            import pwd

            known = {each.pw_name: each for each in pwd.getpwall()}
            user = next(known[name] for name in USERS if name in known)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self._as |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self._run(
            "initdb",
            "-D",
            "data",
            "-A",
            "trust",
            "-U",
            "planner",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C",
        )
        self.start()
        for person in PEOPLE[1:]:
            self.sql(f"CREATE ROLE {person} LOGIN; GRANT planner TO {person}")

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={"PATH": os.environ["PATH"], "LANG": "C"},
            **self._as,  # type: ignore[call-overload]
        )
        assert done.returncode == 0, done.stdout
        return str(done.stdout)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = "-c listen_addresses='' -c fsync=off -c full_page_writes=off"
        options = f"{settings} -c max_connections=60 -k {self.folder}"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")

    def sql(self, text: str, database: str = "postgres") -> str:
        """Run statements and return what they answer."""
        arguments = ("-h", str(self.folder), "-U", "planner", "-d", database, "-qAtX")
        return self._run("psql", *arguments, "-v", "ON_ERROR_STOP=1", "-c", text)

    def copy(self, template: str, name: str) -> None:
        """Copy a database, over a connection: a program for each of some hundred takes longer."""
        import psycopg

        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def address(self, database: str, login: str = "planner") -> str:
        """Return the address of a database."""
        return f"postgresql://{login}@/{database}?host={self.folder}"

    def close(self) -> None:
        """Stop it and remove all."""
        self.stop()
        shutil.rmtree(self.folder)
