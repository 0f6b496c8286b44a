"""Plans to try on: the same tests on a file and on a server."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import unavailable
from postgres import Postgres, binaries

from planner.district import Open
from planner.plan import Actor, Plan, Proposal, open_plan
from planner.plan.people import ROLES
from planner.plan.store import opening
from planner.plan.store.opening import open_store

NUMBERS = itertools.count()


@pytest.fixture(scope="session", autouse=True)
def without_waiting_for_the_disk() -> Iterator[None]:
    """What a power loss would take is no matter of these tests, and each wait would add up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of this process."""
    programs = binaries()
    if programs is None:
        unavailable("no PostgreSQL server is installed")
    pytest.importorskip("psycopg")
    server = Postgres(programs)
    yield server
    server.close()


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty plan in a file, its tables made once."""
    file = tmp_path_factory.mktemp("blank") / "plan.sqlite"
    open_store(file).close()
    return file


@pytest.fixture(scope="session")
def blank_database(postgres: Postgres) -> str:
    """An empty plan on the server, its tables made once."""
    postgres.sql("CREATE DATABASE blank")
    open_store(postgres.address("blank")).close()
    return "blank"


@pytest.fixture
def file_target(blank_file: Path, tmp_path: Path) -> str:
    target = tmp_path / "plan.sqlite"
    shutil.copyfile(blank_file, target)
    return str(target)


@pytest.fixture
def server_target(postgres: Postgres, blank_database: str) -> str:
    name = f"plan{next(NUMBERS)}"
    postgres.copy(blank_database, name)
    return postgres.address(name)


@pytest.fixture(params=["file", "server"])
def target(request: pytest.FixtureRequest) -> str:
    """Where an empty plan is kept."""
    return str(request.getfixturevalue(f"{request.param}_target"))


@pytest.fixture
def opened() -> Iterator[Callable[..., Plan]]:
    """Open plans as anybody; they are closed at the end."""
    plans = []

    def call(target: str, actor: Actor | None = None) -> Plan:
        plan = open_plan(target) if actor is None else Plan(open_store(target), actor)
        plans.append(plan)
        return plan

    yield call
    for plan in plans:
        plan.close()


@pytest.fixture
def plan(target: str, opened: Callable[..., Plan]) -> Plan:
    """An empty plan of somebody who is everybody."""
    return opened(target, Actor("Wang", frozenset(ROLES)))


@pytest.fixture
def file_plan(file_target: str, opened: Callable[..., Plan]) -> Plan:
    """An empty plan in a file, of somebody who is everybody."""
    return opened(file_target)


def opened_at(*kinds: str) -> list[Open]:
    """Open a facility of each kind in one place."""
    return [Open(f"new-{kind}", kind, 10.0, 20.0) for kind in kinds]


@pytest.fixture
def for_kinds() -> Callable[..., dict[str, object]]:
    """The fields of a proposal that opens facilities of these kinds."""
    return lambda *kinds: {"kinds": list(kinds), "changes": opened_at(*kinds)}


@pytest.fixture
def complete() -> Callable[..., Proposal]:
    """Make a proposal that can be submitted, without computing what it brings."""

    def call(plan: Plan, **values: object) -> Proposal:
        kinds = values.get("kinds", ["clinic"])
        made = {
            "title": "Clinic at the north gate",
            "department": "health",
            "kinds": kinds,
            "changes": opened_at(*kinds),
            "crs": "EPSG:4547",
            "geometry": "010100000000000000000024400000000000003440",
            "workspace": "town.gpkg",
            **values,
        }
        return plan.add(**made)

    return call


@pytest.fixture
def as_actor() -> Callable[..., Plan]:
    """See the same plan as somebody else."""

    def call(plan: Plan, *roles: str, department: str = "", name: str = "Li") -> Plan:
        return Plan(
            plan.store,
            replace(plan.actor, name=name, roles=frozenset(roles), department=department),
        )

    return call
