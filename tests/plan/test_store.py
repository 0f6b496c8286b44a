"""The database of a plan: made, brought up to date, refused, and what it says when it fails."""

import shutil
import sqlite3
import threading
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres import Postgres
from sqlalchemy import event, make_url, select
from sqlalchemy.exc import DatabaseError, OperationalError

from planner.errors import InputError, PlannerError, WorkError
from planner.plan import Actor, Plan, Proposal, open_plan
from planner.plan.people import ROLES
from planner.plan.store import failures, opening, places, schema, store
from planner.plan.store.addresses import secrets_of, told_place
from planner.plan.store.opening import open_store
from planner.plan.store.tables import METADATA, STORE

SCHEMAS = Path(__file__).with_name("schemas")


def failed(call: Callable[[], object]) -> PlannerError:
    with pytest.raises(PlannerError) as error:
        call()
    str(error.value)  # has a sentence, whose braces are filled
    return error.value


def test_the_tables_are_those_that_the_code_asks(target: str) -> None:
    found = open_store(target)
    with found.engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
    found.close()


def test_the_versions_are_the_migrations_in_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert [script.revision for script in scripts][::-1] == list(schema.VERSIONS)


@pytest.mark.parametrize("version", schema.VERSIONS)
def test_a_plan_of_every_version_opens_with_its_data(version: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.sqlite"
    with closing(sqlite3.connect(file)) as old:
        old.executescript((SCHEMAS / f"{version}.sql").read_text(encoding="utf-8"))
    with open_plan(file) as plan:
        assert plan.verify() == ()
        case = next(case for case in plan.cases() if case.reviews)
        assert (case.proposal.status, case.proposal.title) == ("approved", "卫生站 “北门”")
        assert [review.answer for review in case.reviews] == ["The school lends its yard."]
        assert (
            plan.edit(case.proposal, why="tender", cost=80.0).version == case.proposal.version + 1
        )
        assert plan.set_target(kind="clinic", year=2030).version == 1
        assert plan.verify() == ()
    copy = file.with_name(f"{file.name}.{version}.bak")
    assert copy.exists() is (version != schema.VERSIONS[-1])


def test_a_newer_plan_is_refused(target: str) -> None:
    found = open_store(target)
    with found.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE plan_version SET version_num = '9999'")
    found.close()
    error = failed(lambda: open_store(target))
    assert (error.code, error.params["found"]) == ("plan.newer_schema", "9999")


def test_another_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE people (name TEXT)")
    assert failed(lambda: open_store(file)).code == "plan.not_a_plan"
    text = tmp_path / "notes.txt"
    text.write_text("no database at all, but longer than a header of one " * 50, encoding="utf-8")
    before = text.read_bytes()
    assert failed(lambda: open_store(text)).code == "plan.not_a_plan"
    assert text.read_bytes() == before
    assert failed(lambda: open_store(tmp_path)).code == "plan.not_a_plan"
    assert failed(lambda: open_store(tmp_path / "no" / "plan.sqlite")).code == "plan.no_folder"


@pytest.mark.parametrize(
    "address", ["mysql://a@b/c", "postgresql://a@b:port/c", "://", "sqlite:///x"]
)
def test_an_address_of_another_server_is_refused(address: str) -> None:
    assert failed(lambda: open_store(address)).code == "plan.bad_address"


def test_a_file_on_a_share_is_refused_with_two_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n", encoding="utf-8")
    monkeypatch.setattr(places, "MOUNTS", mounts)
    error = failed(lambda: open_store(tmp_path / "plan.sqlite"))
    assert (error.code, error.params["share"]) == ("plan.on_share", "nfs4")
    assert "PLANNER_DATABASE_URL" in str(error)
    assert "planner plan export" in str(error)
    assert not (tmp_path / "plan.sqlite").exists()
    mounts.write_text(f"server:/x / nfs4 rw 0 0\n/dev/a {tmp_path} ext4 rw 0 0\n", encoding="utf-8")
    open_store(tmp_path / "plan.sqlite").close()


def test_nothing_listens_on_shares_that_is_no_share() -> None:
    mounts = "/dev/a / ext4 rw 0 0\n//nas/x /data cifs rw 0 0\ntmpfs /data/own tmpfs rw 0 0"
    found = {place: places.mounted_share(place, mounts) for place in ("/data/p", "/data/own/p")}
    assert found == {"/data/p": "cifs", "/data/own/p": ""}
    assert places.mounted_share("/database/p", mounts) == ""


@pytest.mark.parametrize(
    ("pragma", "code"),
    [("query_only = ON", "plan.read_only"), ("max_page_count = 1", "plan.disk_full")],
)
def test_what_cannot_be_written_is_told_and_nothing_is_kept(
    file_plan: Plan, complete: Callable[..., Proposal], pragma: str, code: str
) -> None:
    first = complete(file_plan)
    engine = file_plan.store.engine
    engine.dispose()

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {pragma}").close()

    event.listen(engine, "connect", limit)
    error = failed(lambda: file_plan.edit(first, note="x" * 9000))
    assert isinstance(error, WorkError)
    assert error.code == code
    event.remove(engine, "connect", limit)
    engine.dispose()
    assert file_plan.get(first.id) == first
    assert file_plan.verify() == ()
    assert file_plan.edit(first, note="room again").note == "room again"


def test_who_waits_too_long_is_told_so(
    target: str,
    opened: Callable[..., Plan],
    complete: Callable[..., Proposal],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store, "PATIENCE_S", 0.0)
    monkeypatch.setattr(opening, "WAIT_MS", 50)
    roles = frozenset(ROLES)
    plan, other = opened(target, Actor("Wang", roles)), opened(target, Actor("Chen", roles))
    first = complete(plan)
    writes = {store.WRITES: True}
    with other.store.engine.connect().execution_options(**writes) as connection:
        connection.begin()
        connection.execute(select(STORE).with_for_update())
        error = failed(lambda: plan.edit(first, note="x"))
        assert (error.code, "lock" in str(error)) == ("plan.busy", False)
    assert plan.edit(first, note="x").note == "x"


def test_a_writer_waits_for_another(file_plan: Plan, complete: Callable[..., Proposal]) -> None:
    first = complete(file_plan)
    file = file_plan.store.file
    assert file is not None
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        end = threading.Timer(0.2, lambda: other.execute("COMMIT"))
        end.start()
        assert file_plan.edit(first, note="after them").note == "after them"
        end.join()


@pytest.mark.long
def test_a_server_that_ends_in_mid_edit_is_told_and_nothing_is_lost(
    postgres: Postgres,
    server_target: str,
    complete: Callable[..., Proposal],
    opened: Callable[..., Plan],
) -> None:
    plan = opened(server_target)
    plan.actor = plan.actor.__class__("Wang", frozenset({"planner"}))
    first = complete(plan)

    def interrupted(writing: object) -> None:
        writing.change("proposal", first.id, {"title": "lost"}, "edit")  # type: ignore[attr-defined]
        postgres.stop()
        writing.row("proposal", first.id)  # type: ignore[attr-defined]

    error = failed(lambda: plan.store.write(plan.actor.author, interrupted))
    assert error.code == "plan.no_connection"
    assert failed(lambda: plan.get(first.id)).code == "plan.no_connection"
    postgres.start()
    assert plan.get(first.id) == first
    assert plan.edit(first, note="again").note == "again"
    assert plan.verify() == ()


def test_work_whose_answer_was_lost_is_done_once(
    postgres: Postgres,
    server_target: str,
    complete: Callable[..., Proposal],
    opened: Callable[..., Plan],
) -> None:
    plan = opened(server_target)
    plan.actor = plan.actor.__class__("Wang", frozenset({"planner"}))
    first = complete(plan)
    ended = []

    def end_it(connection: object) -> None:
        if not ended:
            asked = connection.exec_driver_sql("SELECT pg_backend_pid()")  # type: ignore[attr-defined]
            pid = asked.scalar_one()
            ended.append(postgres.sql(f"SELECT pg_terminate_backend({pid}, 5000)"))

    event.listen(plan.store.engine, "commit", end_it)
    changed = plan.edit(first, note="kept once")
    assert ended
    assert plan.get(first.id) == changed
    assert [entry["deed"] for entry in plan.trail()] == ["propose", "edit"]
    assert plan.verify() == ()


def test_a_password_is_never_told(postgres: Postgres) -> None:
    address = f"postgresql://nobody:secret@/none?host={postgres.folder}/none"
    error = failed(lambda: open_store(address))
    assert error.code == "plan.no_connection"
    assert "secret" not in str(error)
    assert "secret" not in repr(error.__dict__)


@pytest.mark.parametrize("part", ["none", "postgres"])
def test_a_database_that_is_not_there_is_told(postgres: Postgres, part: str) -> None:
    if part == "none":
        error = failed(lambda: open_store(postgres.address("none")))
        assert isinstance(error, InputError)
        assert error.code == "plan.no_database"
    else:
        error = failed(lambda: open_store(postgres.address("postgres", login="stranger")))
        assert error.code == "plan.not_let_in"


def test_the_file_of_a_plan_may_be_copied(
    file_plan: Plan, complete: Callable[..., Proposal], tmp_path: Path
) -> None:
    made = complete(file_plan)
    file = file_plan.store.file
    assert file is not None
    file_plan.close()
    copy = tmp_path / "copy.sqlite"
    shutil.copyfile(file, copy)
    with open_plan(copy) as plan:
        assert plan.get(made.id) == made


def test_a_server_of_the_version_before_is_brought_forward_with_its_data(
    server_target: str, complete: Callable[..., Proposal], opened: Callable[..., Plan]
) -> None:
    plan = opened(server_target, Actor("Wang", frozenset(ROLES)))
    made = complete(plan, cost=12.0)
    with plan.store.engine.begin() as connection:
        for statement in (
            "DROP TABLE plan_targets",
            "DROP TABLE plan_limits",
            "ALTER TABLE plan_proposals DROP COLUMN cost_high",
            "ALTER TABLE plan_proposals DROP COLUMN made_of",
            "UPDATE plan_version SET version_num = '0001'",
            "UPDATE plan_trail SET after = replace(after, '\"cost_high\":null,', '')",
            "UPDATE plan_trail SET after = replace(after, '\"made_of\":null,', '')",
        ):
            connection.exec_driver_sql(statement)
    plan.close()
    again = opened(server_target, plan.actor)
    assert again.get(made.id) == made
    assert again.set_limit(department="health", year=2028, amount=5.0).amount == 5.0
    assert [each.code for each in again.verify()] == ["plan.entry_changed"]  # by this test


SECRET = "s3cr3t/w0rd"
SPELLED = {
    "user": "postgresql://li:{secret}@{host}/plan",
    "query": "postgresql://li@{host}/plan?password={secret}",
    "both": "postgresql://li:other@{host}/plan?password={secret}&sslmode=disable",
    "key": "postgresql://li@{host}/plan?sslpassword={secret}&sslmode=disable",
    "twice": "postgresql://li@{host}/plan?password={secret}&password={secret}",
    "wrong word": "postgresql://li@{host}/plan?pasword={secret}",
    "upper": "postgresql://li@{host}/plan?PASSWORD={secret}",
    "port": "postgresql://li:{secret}@{host}:x{secret}/plan",
    "another": "mysql://li:{secret}@{host}/plan",
    "slash": "postgresql:/li:{secret}@{host}/plan",
    "words": "host={host} user=li password={secret} dbname=plan",
    "short": "password={secret}",
}


def told_by(error: BaseException) -> str:
    """Return everything that a traceback of an error prints."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    said = [line for line in "".join(lines).splitlines() if not line.startswith(("  ", "Trace"))]
    return "\n".join([str(error), repr(error), *said])


@pytest.mark.long(but=1)
@pytest.mark.parametrize("create", [True, False])
@pytest.mark.parametrize("spelled", SPELLED)
def test_no_message_tells_a_password(
    spelled: str, create: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(opening, "PATIENCE_S", 0.1)
    for secret in (SECRET, "s3cr3t%2Fw0rd"):
        # nothing listens there
        address = SPELLED[spelled].format(secret=secret, host="127.0.0.1:9")
        error = failed(lambda: open_plan(address, create=create))  # noqa: B023
        shown = told_by(error)
        assert "s3cr3t" not in shown, shown
        assert "w0rd" not in shown, shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spelled", ["user", "query", "both", "key", "wrong word"])
def test_no_failure_of_a_database_tells_a_password(spelled: str) -> None:
    """Whatever the database says, be it the password itself."""
    psycopg = pytest.importorskip("psycopg")
    url = make_url(SPELLED[spelled].format(secret="s3cr3t", host="db.example.org"))
    place, secrets = told_place(url), secrets_of(url)
    assert "db.example.org" in place
    for state in ("", *failures._STATES, *failures._AGAIN, *failures._ENDED, "08006", "XX000"):
        said = psycopg.DatabaseError("no entry for s3cr3t, of which the server knows nothing")
        said.sqlstate = state or None  # type: ignore[misc]
        for kind in (DatabaseError, OperationalError):
            error = failures.coded(kind("SELECT 1", {}, said), place, secrets)
            assert "s3cr3t" not in f"{error} {error.params}", state


def test_a_shared_plan_never_tells_its_password(server_target: str) -> None:
    sign = "&" if "?" in server_target else "?"
    found = open_store(f"{server_target}{sign}password=s3cr3t")
    assert "s3cr3t" not in found.place
    with found.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE plan_store CASCADE")
    error = failed(found.head)
    found.close()
    assert error.code == "plan.database_failed"
    assert "s3cr3t" not in told_by(error)


ODD = ("{", "", "5", "null", "[1]", '"x"', b"\xff\xfe", 1e300)


@pytest.fixture
def written(file_plan: Plan, complete: Callable[..., Proposal]) -> Path:
    """The file of a plan with something in it, all of it in the one file."""
    made = complete(file_plan)
    file_plan.step(made, "submit")
    file_plan.comment(made.id, "seen on site")
    file = Path(file_plan.store.place)
    file_plan.close()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def worked_with(file: Path) -> str:
    """Do with a plan what is done with one that may be damaged; return what that ended in."""
    try:
        with open_plan(file, create=False) as plan:
            order = "in order" if not plan.verify() else "not in order"
            copy = plan.export(file.with_name("copy.plan"))
            plan.merge(copy)
            return order
    except PlannerError as error:
        return error.code if str(error) else "nothing said"


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "column",
    [
        "trail.after",
        "trail.before",
        "trail.hash",
        "trail.why",
        "proposals.kinds",
        "proposals.changes",
        "proposals.figures",
        "proposals.geometry",
        "proposals.title",
        "store.entries",
        "store.head",
        "version.version_num",
    ],
)
def test_a_damaged_value_is_told_and_never_passes(column: str, written: Path) -> None:
    table, name = column.split(".")
    for value in ODD:
        file = written.with_name("damaged.sqlite")
        shutil.copyfile(written, file)
        with closing(sqlite3.connect(file)) as database, database:
            old = database.execute(f"SELECT {name} FROM plan_{table} LIMIT 1").fetchone()[0]
            database.execute(f"UPDATE plan_{table} SET {name} = ?", (value,))
        told = worked_with(file)
        if old == value:
            assert told == "in order"
            continue
        known = ("not in order", "plan.damaged", "plan.not_a_plan", "plan.newer_schema")
        damaged = ("plan.not_an_export", "plan.export_damaged")
        assert told in (*known, *damaged), (value, told)


def test_a_plan_that_was_cut_is_told_and_never_passes(written: Path) -> None:
    whole = written.read_bytes()
    for size in (0, 1, 100, 511, 512, 4096, len(whole) // 2, len(whole) - 4096):
        file = written.with_name("cut.sqlite")
        file.write_bytes(whole[:size])
        told = worked_with(file)
        assert told in ("plan.damaged", "plan.not_a_plan", "not in order"), (size, told)


def test_who_finds_no_connection_left_is_told(
    plan: Plan, complete: Callable[..., Proposal], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = complete(plan).id
    pool = plan.store.engine.pool
    monkeypatch.setattr(pool, "_max_overflow", 0)
    monkeypatch.setattr(pool, "_timeout", 0.05)
    held = [plan.store.engine.connect() for _ in range(pool.size())]
    for call in (lambda: plan.get(own), lambda: plan.edit(Proposal(id=own, version=1), note="x")):
        with pytest.raises(PlannerError) as error:
            call()
        assert error.value.code == "plan.busy"
    for connection in held:
        connection.close()
    assert plan.get(own).note == ""
