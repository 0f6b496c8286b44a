"""Many districts assessed, one after another or side by side, each kept as soon as it is done."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from planner import __version__
from planner.batch.cluster import Told, connected, look_over, watched
from planner.batch.cutting import Cut
from planner.batch.failures import Failure
from planner.batch.jobs import SEEKING, Job, Place, SitesAsked, content_of, same_ids
from planner.batch.places import Workspaces, find_places
from planner.batch.questions import QUESTIONS, folders_of, known
from planner.batch.results import Results
from planner.batch.run_files import FAILURES, RUN
from planner.batch.run_folder import FORMAT, VERSION
from planner.batch.tables import parquet, partition, partitions_of, tables_of
from planner.district import Standard, find_standard
from planner.errors import Finding, InputError, PlannerError, WorkError
from planner.progress import Progress, untold
from planner.sources.kept_files import clean, locked, put_whole
from planner.sources.write_errors import WRITE_ERRORS, write_error
from planner.views.exports.files import write_csv

RETRIES = 2
"""So often work is tried again that failed through no fault of its input."""

_KEY = re.compile(r"[0-9a-f]{64}\.parquet")


def run(
    workspaces: Workspaces | Cut,
    into: str | Path,
    *,
    standard: str | Path | Standard | None = None,
    groups: Sequence[str] | None = None,
    also: Sequence[str] = (),
    sites: SitesAsked | None = None,
    withhold_below: int | None = None,
    scheduler: str | None = None,
    workers: int = 1,
    retries: int = RETRIES,
    progress: Progress | None = None,
    told: Told | None = None,
) -> Results:
    """Assess many districts and keep their results in a folder.

    A district whose results are there already, from the same data, standard, groups and version,
    is not assessed again: a run that was ended in the middle goes on when it is called again. The
    folder then holds what this run is of and nothing else; results of other data or another
    standard are removed from it.

    Parameters
    ----------
    workspaces
        A folder, a list or a table, as of :func:`planner.batch.places.find_places`; or what was
        cut out of an extract, whose areas that could not be are among the failures.
    into
        Folder of the results; made where it is not there.
    standard
        As of :func:`planner.assess`; where none is given, each district's own.
    groups
        People columns that are counted; all where none are given.
    also
        Further questions: ``"checkup"`` for the check-up of communities, ``"links"`` for the best
        links of each district, ``"siting"`` for new sites of each judged kind, ``"curves"`` for
        what 1, 2, … of them bring, which :func:`planner.batch.allot_sites` shares out.
    sites
        How many sites are sought and how long, where ``"siting"`` or ``"curves"`` is asked.
    withhold_below
        Withhold counts of groups below so many people, and what would tell them, from the results;
        see :meth:`planner.district.District.withhold`.
    scheduler
        Address of a Dask scheduler (``tcp://…``, ``tls://…``), set up by its own configuration,
        whose workers see workspaces and `into` under the same paths.
    workers
        Processes on this machine, where no scheduler is given; with 1 no other process is started.
    retries
        So often a district is tried again after a failure of the work: a disk, a worker that died.
    progress
        Called with a message code and the fraction of districts done.
    told
        Called, by a thread of Dask's too, with what must be known while several processes work:
        which these are, who joins them and who is gone.

    Returns
    -------
    Results
        With districts that failed among :meth:`planner.batch.results.Results.failures`.

    Raises
    ------
    InputError
        Where no workspace is named, the standard is unknown, ``batch.bad_number`` for fewer than
        one worker or fewer than no retry, ``batch.unknown_question``, ``batch.bad_search`` or
        ``batch.sites_not_asked`` for `sites`, ``batch.needs_distributed``, or
        ``batch.no_certificates`` or ``batch.must_encrypt`` for `scheduler`.
    WorkError
        ``batch.no_scheduler`` where none answers, ``batch.no_processes``,
        ``batch.worker_version``, ``batch.worker_lacks``, ``batch.worker_blind`` or
        ``batch.worker_without_data`` for a worker that cannot do the work,
        ``batch.scheduler_lost``, ``sources.kept_busy`` where another run writes into the folder,
        or where it cannot be written.
    """
    if workers < 1 or retries < 0:
        raise InputError("batch.bad_number", workers=workers, retries=retries)
    asked = known(tuple(also))
    sought = sites or SitesAsked()
    sought.check()
    if sites is not None and not SEEKING.intersection(asked):
        raise InputError("batch.sites_not_asked")
    places, refused = _given(workspaces)
    rules = None if standard is None else find_standard(standard)
    folder = Path(into).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    with locked(folder / RUN):
        counted = None if groups is None else tuple(groups)
        job_of = partial(
            Job,
            standard=rules,
            groups=counted,
            also=asked,
            sites=sought,
            withhold_below=withhold_below,
        )
        jobs, failures = _jobs(places, job_of)
        failures += refused
        every = [*places, *(failure.place for failure in refused)]
        _begin(folder, jobs, every, partitions_of(asked), withhold_below)
        missing = [job for job in jobs if not _is_done(folder, job)]
        report = progress or untold
        report("batch.progress", 0.0)
        if missing:
            with _done_by(scheduler, workers, retries, folder, told or _unheard) as work:
                for number, failure in enumerate(work(missing), start=1):
                    failures += [] if failure is None else [failure]
                    report("batch.progress", number / len(missing))
        _write_failures(folder, failures)
    return Results(folder, resumed=len(jobs) - len(missing))


def _given(workspaces: Workspaces | Cut) -> tuple[list[Place], list[Failure]]:
    """Return the districts that a run is of, and those that are known to have no workspace."""
    if not isinstance(workspaces, Cut):
        found = find_places(workspaces)
        # processes elsewhere start in other folders, and who reads the results later does too
        return [replace(each, workspace=each.workspace.absolute()) for each in found], []
    if not workspaces.places and not workspaces.failures:
        raise InputError("batch.no_workspaces")
    ordered = sorted(workspaces.places, key=lambda each: (each.province, each.district))
    return ordered, list(workspaces.failures)


def attempt(job: Job, folder: Path, retries: int) -> Failure | None:
    """Assess a district and keep its tables; return why it could not be, None where it could.

    What was given is not tried again where it is refused.
    """
    if job.version != __version__:
        params = {"asked": job.version, "here": __version__}
        return Failure(job.place, Finding("batch.other_version", params))
    for left in range(retries, -1, -1):
        try:
            tables = tables_of(job)
            for name in partitions_of(job.also):
                put_whole(partition(folder, name, job.key), parquet(tables[name]))
        except InputError as error:
            return Failure(job.place, error.finding)
        except PlannerError as error:
            if not left:
                return Failure(job.place, error.finding)
        except Exception as error:  # noqa: BLE001 - told in the list of failures; the rest goes on
            if not left:
                return _unforeseen(job, error)
        else:
            return None
    raise AssertionError


def _unforeseen(job: Job, error: Exception) -> Failure:
    params = {"type": type(error).__name__, "reason": str(error)}
    return Failure(job.place, Finding("batch.unforeseen", params))


def _jobs(
    places: Sequence[Place], job_of: Callable[[Place, str], Job]
) -> tuple[list[Job], list[Failure]]:
    """Return a job for each district, made of it and its content, and those that can have none."""
    jobs, failures = [], []
    alike = same_ids(places)
    for place in places:
        # which of two is the district that is meant, nobody can tell: neither counts
        if place in alike:
            params = {"district": place.called, "file": str(alike[place].workspace)}
            failures.append(Failure(place, Finding("batch.same_id", params)))
            continue
        try:
            jobs.append(job_of(place, content_of(place.workspace)))
        except InputError as error:
            failures.append(Failure(place, error.finding))
    # a copy under another name would be counted and ranked twice
    first: dict[str, Place] = {}
    kept = []
    for job in jobs:
        other = first.setdefault(job.content, job.place)
        if other is job.place:
            kept.append(job)
        else:
            params = {"district": job.place.called, "other": other.called}
            failures.append(Failure(job.place, Finding("batch.same_data", params)))
    return kept, failures


def _begin(
    folder: Path,
    jobs: Sequence[Job],
    places: Sequence[Place],
    partitions: Sequence[str],
    withhold_below: int | None,
) -> None:
    """Make the folders, tell what the run is of, and remove what it is not of."""
    keys = {job.place: job.key for job in jobs}
    told = {
        "format": FORMAT,
        "version": VERSION,
        "product": __version__,
        "withhold_below": withhold_below,
        "districts": [
            {**asdict(place), "workspace": str(place.workspace), "key": keys.get(place, "")}
            for place in places
        ],
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    wanted = {f"{key}.parquet" for key in keys.values()}
    try:
        # answers to what an earlier run asked and this one does not are none of this run's
        others = [name for name in folders_of(QUESTIONS) if (folder / name).is_dir()]
        for name in dict.fromkeys([*partitions, *others]):
            (folder / name).mkdir(exist_ok=True)
            clean(folder / name)
            for file in (folder / name).iterdir():
                if _KEY.fullmatch(file.name) and file.name not in wanted:
                    file.unlink()
        (folder / FAILURES).unlink(missing_ok=True)
    except OSError as error:
        raise write_error(folder, error) from error
    put_whole(folder / RUN, text.encode("utf-8"))


def _is_done(folder: Path, job: Job) -> bool:
    return all(partition(folder, name, job.key).exists() for name in partitions_of(job.also))


def _write_failures(folder: Path, failures: Iterable[Failure]) -> None:
    ordered = sorted(failures, key=lambda each: (each.place.called, str(each.place.workspace)))
    columns = ["province", "district", "workspace", "code", "sentence", "params"]
    table = pd.DataFrame([each.as_row() for each in ordered], columns=columns)
    part = folder / f".{FAILURES}.part"
    try:
        write_csv(table, part)
        part.replace(folder / FAILURES)
    except WRITE_ERRORS as error:
        raise write_error(folder / FAILURES, error) from error


def _unheard(_finding: Finding) -> None:
    """Tell nobody."""


Work = Callable[[Sequence[Job]], Iterator[Failure | None]]


@contextmanager
def _done_by(
    scheduler: str | None, workers: int, retries: int, folder: Path, told: Told
) -> Iterator[Work]:
    """Give what works through jobs: this process, or those of Dask."""
    if scheduler is None and workers == 1:
        yield lambda jobs: (attempt(job, folder, retries) for job in jobs)
        return
    try:
        distributed = import_module("distributed")
    except ModuleNotFoundError as error:
        raise InputError("batch.needs_distributed") from error
    with connected(distributed, scheduler, workers, retries) as client:

        def side_by_side(jobs: Sequence[Job]) -> Iterator[Failure | None]:
            with watched(client, told):
                if scheduler is not None:
                    told(look_over(client, folder, [job.place.workspace for job in jobs]))
                # a scheduler does once what has one key, and another run may ask the same of it
                # for a folder of its own
                run_id = secrets.token_hex(4)
                sent = {
                    client.submit(
                        attempt, job, folder, retries, key=f"district-{run_id}-{job.key}"
                    ): job
                    for job in jobs
                }
                # as each is done: who looks on sees it, and what was done is let go of
                for future in distributed.as_completed(list(sent), loop=client.loop):
                    job = sent.pop(future)
                    yield _answer(distributed, future, job)
                    future.release()

        yield side_by_side


def _answer(distributed: Any, future: Any, job: Job) -> Failure | None:
    """Return what came of a district; a worker that died over it again and again is a failure."""
    try:
        answer: Failure | None = future.result()
    except distributed.KilledWorker:
        return Failure(job.place, Finding("batch.worker_died", {"file": job.place.called}))
    except CancelledError as error:
        # in its own words Dask tells the key of the work too
        reason = getattr(error, "reason", None) or str(error)
        raise WorkError("batch.scheduler_lost", reason=reason) from error
    except Exception as error:  # noqa: BLE001 - a worker that lacks a package, for one
        return _unforeseen(job, error)
    return answer
