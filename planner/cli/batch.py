"""``planner batch``: many districts assessed, their results in one folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared import options
from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb
from planner.cli.shared.workspace import warm_up

if TYPE_CHECKING:
    import pandas as pd

    from planner.batch.jobs import SitesAsked
    from planner.batch.results import Results


@dataclass(frozen=True)
class Sought:
    """How sites are sought where they are asked for."""

    new: Annotated[
        int | None,
        options.optional(
            "NUMBER", "New sites of each kind at most, with --also siting. [default: 3]", min=1
        ),
    ] = None
    steps: Annotated[
        int | None,
        options.optional(
            "NUMBER", "Steps of each search, with --also siting. [default: 2000]", min=1
        ),
    ] = None
    seed: Annotated[
        int | None,
        options.optional(
            "NUMBER", "Of the search's random numbers, with --also siting. [default: 0]", min=0
        ),
    ] = None

    def as_asked(self) -> SitesAsked | None:
        """Return how sites are sought; None where nothing is said of it."""
        from planner.batch.jobs import SitesAsked

        given = {name: value for name, value in asdict(self).items() if value is not None}
        return SitesAsked(**given) if given else None


@verb
def batch(
    console: Console,
    *,
    workspaces: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...",
            help="Folders of workspaces, workspaces, or tables of them (.csv with a column "
            "workspace, and province and district where known).",
            show_default=False,
        ),
    ],
    into: Annotated[
        Path,
        typer.Option(
            metavar="DIR",
            help="Folder of the results; what is done there already is not done again, results "
            "of other data or another standard are removed.",
            show_default=False,
        ),
    ],
    standard: options.Standard = options.DEFAULT_STANDARD,
    group: options.Groups = None,
    also: Annotated[
        list[str] | None,
        options.optional(
            "QUESTION", "Ask each district this too: checkup, links or siting; may be repeated."
        ),
    ] = None,
    sought: Sought,
    workers: Annotated[
        int, typer.Option(metavar="NUMBER", min=1, help="Processes on this machine.")
    ] = 1,
    scheduler: Annotated[
        str | None,
        options.optional(
            "ADDRESS", "A Dask scheduler of your own, tcp://HOST:PORT or tls://HOST:PORT."
        ),
    ] = None,
    retries: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", min=0, help="So often a district is tried again if the work failed."
        ),
    ] = 2,
) -> None:
    """Assess many districts and keep figures, areas and gaps of all as GeoParquet in one folder.

    Called again after it was ended, it goes on where it was. Districts that cannot be assessed are
    listed with the reason in failures.csv, and the others go on; the exit code is 1 then.
    """
    from planner.batch import run

    warm_up(console)
    with console.progress(remaining=True) as progress:
        results = run(
            workspaces,
            into,
            standard=standard or None,
            groups=group,
            also=also or (),
            sites=sought.as_asked(),
            scheduler=scheduler,
            workers=workers,
            retries=retries,
            progress=progress,
        )
    states = results.districts()
    failures = results.failures()
    console.give(_as_json(console, results, states, failures))
    done = int((states["state"] == "done").sum())
    counts = {"done": done, "all": len(states), "resumed": results.resumed}
    console.show(console.labels.message("batch.done", **counts))
    if doubts := results.in_doubt():
        console.show(console.labels.message("batch.in_doubt", count=doubts))
    if len(failures):
        failed = console.labels.message("batch.failed", count=len(failures))
        console.show(failed, *(f"- {each}" for each in _sentences(console, failures)))
    console.show(console.word("wrote", file=into))
    if len(failures):
        raise typer.Exit(1)


def _as_json(
    console: Console, results: Results, states: pd.DataFrame, failures: pd.DataFrame
) -> dict[str, Any]:
    from planner.cli.shared.tables import records

    told = records(failures.drop(columns=["sentence", "params"]))
    return {
        "into": results.folder,
        "resumed": results.resumed,
        "in_doubt": results.in_doubt(),
        "districts": records(states),
        "failures": [
            {**row, "text": text}
            for row, text in zip(told, _sentences(console, failures), strict=True)
        ],
    }


def _sentences(console: Console, failures: pd.DataFrame) -> list[str]:
    """Return which districts failed and why, in the reader's language."""
    from planner.batch.leagues import failure_words

    return [
        console.labels.message("batch.failure", district=district, reason=reason)
        for district, reason in failure_words(failures, console.labels)
    ]
