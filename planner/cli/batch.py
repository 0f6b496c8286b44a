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
from planner.errors import Finding, InputError
from planner.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

    from planner.batch.jobs import SitesAsked
    from planner.batch.results import Results


WORKSPACES = "workspaces"
"""Where the workspaces of an extract's districts are kept, within the results."""


@dataclass(frozen=True)
class OfExtract:
    """How districts are cut out of an extract."""

    boundaries: Annotated[
        Path | None,
        options.optional(
            "FILE",
            "Cut the OpenStreetMap file into districts, one for each area of this layer; their "
            "workspaces are kept in the folder workspaces of the results.",
        ),
    ] = None
    buffer_m: Annotated[
        float | None,
        options.optional(
            "METRES",
            "Take streets and facilities this far beyond each boundary, with --boundaries. "
            "[default: 1500]",
            min=0,
        ),
    ] = None
    province: Annotated[
        str | None,
        options.optional("NAME", "What the districts belong to, with --boundaries."),
    ] = None

    kinds: Annotated[
        Path | None,
        options.optional("FILE", "A kinds file, as of planner import, with --boundaries."),
    ] = None
    complete: Annotated[
        list[str] | None,
        options.optional(
            "KIND",
            "The extract lists all facilities of this kind, none included, with --boundaries; may "
            "be repeated.",
        ),
    ] = None

    def districts(self, given: list[Path], into: Path, progress: Progress | None) -> Any:
        """Return the workspaces that are given, or what is cut out of the extract that is.

        Raises
        ------
        InputError
            ``batch.extract_alone`` for an extract without boundaries, ``batch.no_extract`` for
            boundaries without one, ``batch.one_extract`` for several files.
        """
        from planner.batch.cutting import cut
        from planner.district.layers import BUFFER_M
        from planner.sources.osm.extracts import is_osm_file

        extracts = [file for file in given if is_osm_file(file)]
        if self.boundaries is None:
            if extracts:
                raise InputError("batch.extract_alone", file=str(extracts[0]))
            if self != OfExtract():
                raise InputError("batch.no_extract")
            return given
        if not extracts:
            raise InputError("batch.no_extract")
        if len(given) > 1:
            raise InputError("batch.one_extract", file=str(extracts[0]))
        return cut(
            extracts[0],
            self.boundaries,
            into / WORKSPACES,
            buffer_m=BUFFER_M if self.buffer_m is None else self.buffer_m,
            province=self.province or "",
            kinds=self.kinds,
            complete=self.complete or (),
            progress=progress,
        )


@dataclass(frozen=True)
class Sought:
    """How sites are sought where they are asked for."""

    new: Annotated[
        int | None,
        options.optional(
            "NUMBER",
            "New sites of each kind at most, with --also siting or curves. [default: 3]",
            min=1,
        ),
    ] = None
    steps: Annotated[
        int | None,
        options.optional(
            "NUMBER", "Steps of each search, with --also siting or curves. [default: 2000]", min=1
        ),
    ] = None
    seed: Annotated[
        int | None,
        options.optional(
            "NUMBER",
            "Of the search's random numbers, with --also siting or curves. [default: 0]",
            min=0,
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
            "workspace, and province and district where known); or one OpenStreetMap file "
            "(.osm.pbf) with --boundaries.",
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
    extract: OfExtract,
    standard: options.Standard = options.DEFAULT_STANDARD,
    group: options.Groups = None,
    also: Annotated[
        list[str] | None,
        options.optional(
            "QUESTION",
            "Ask each district this too: checkup, links, siting, or curves (for planner allot); "
            "may be repeated.",
        ),
    ] = None,
    sought: Sought,
    withhold_below: options.WithholdBelow = None,
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
        districts = extract.districts(workspaces, into, progress)
    told: list[Finding] = []

    def tell(finding: Finding) -> None:
        told.append(finding)
        console.tell(finding)

    with console.progress(remaining=True) as progress:
        results = run(
            districts,
            into,
            standard=standard or None,
            groups=group,
            also=also or (),
            sites=sought.as_asked(),
            withhold_below=withhold_below,
            scheduler=scheduler,
            workers=workers,
            retries=retries,
            progress=progress,
            told=tell,
        )
    states = results.districts()
    failures = results.failures()
    notes = _notes(console, districts)
    on_the_way = [console.labels.finding(each) for each in told]
    noted = {"notes": notes + on_the_way}
    console.give(_as_json(console, results, states, failures) | noted)
    console.show(*notes)
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


def _notes(console: Console, districts: Any) -> list[str]:
    """Return what must be known of a layer whose areas are the districts."""
    from planner.batch.cutting import Cut

    if not isinstance(districts, Cut):
        return []
    many = {"count": len(districts.places), "resumed": districts.resumed}
    told = [console.labels.finding(each) for each in districts.notes]
    return [console.labels.message("batch.cut", **many), *(f"- {each}" for each in told)]


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
