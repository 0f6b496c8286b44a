"""The process of its own in which an uploaded file is looked at and made into a workspace.

Run as ``python -m planner.app.server.reading.importer``: a request as one line of JSON on stdin,
answers as lines of JSON on stdout. It ends when stdin is closed, so that it never outlives its
server. What a hostile file may do to a reader, it does to this process only.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.app.server.folders import without_folders
from planner.app.server.reading.caps import hold, memory_is_out
from planner.district import District, Kinds, builtin_kinds, kind_notes, read_kinds
from planner.district.kinds import EVERYDAY, make_kind
from planner.errors import InputError, PlannerError
from planner.sources import own_process
from planner.sources.files.intake import Intake
from planner.sources.files.layers import row_described
from planner.sources.tables.reading import Reading
from planner.sources.tables.set_aside import parse_allowance
from planner.sources.untrusted.uploads import check_layer, check_osm, check_table, check_workspace

if TYPE_CHECKING:
    from planner.sources import LayerChange

Tell = Callable[..., None]

MOST_ROWS = 1000
"""Rows that an answer names: set aside (all lie in :data:`ASIDE`), new, gone or changed."""

ASIDE = "set-aside.jsonl"
"""File in the folder of an upload that holds every row set aside, a JSON object a line."""

MOST_DRAWN = 600
"""Places of each sort that a small map shows."""


def main() -> int:
    """Do what stdin asks for; return 0, or the exit code of what went wrong."""
    own_process.claim()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer

    def tell(**answer: object) -> None:
        answers.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")

    request = json.loads(sys.stdin.buffer.readline().decode("utf-8"))
    own_process.end_with_parent()
    try:
        hold(int(request["memory_mb"]))
        tell(done=_WORK[request["do"]](request, tell))
        return 0
    except PlannerError as error:
        tell(error=error.code, params=without_folders(error.params))
        return error.exit_code
    except MemoryError:
        pass  # told below, once what filled the memory is let go
    except (SystemError, ImportError):
        # a compiled reader that is refused memory may return without saying so, or not be loaded
        if not memory_is_out(int(request["memory_mb"])):
            raise
    tell(error="uploads.too_much_memory", params=None)
    return 4


def _look(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Say which areas an OpenStreetMap file holds."""
    from planner.sources.osm.areas import boundary_choices

    tell(stage="uploads.stage_checking", share=0.05)
    check_osm(request["file"])
    tell(stage="osm.progress_reading", share=0.3)
    return {"areas": [asdict(area) for area in boundary_choices(request["file"])]}


def _import(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Make a workspace of an OpenStreetMap file and tables."""
    from planner.sources import from_osm

    tell(stage="uploads.stage_checking", share=0.02)
    tables = {name: request.get(name) for name in ("demand", "facilities")}
    for table in filter(None, tables.values()):
        check_table(table)
    readings: list[Reading] = []
    district = from_osm(
        Path(request["file"]),
        request.get("boundary") or None,
        demand=tables["demand"],
        facilities=tables["facilities"],
        population=request.get("population"),
        name=request.get("name") or None,
        intake=Intake(on_reading=readings.append),
        **_of_any_import(request, tell),
    )
    return _written(request, tell, district, readings)


def _parts(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Say what uploaded files hold: sheets and layers, and the layer that each may become."""
    from planner.sources.files.parts import Part, assigned, file_parts
    from planner.sources.untrusted.archives import split
    from planner.sources.vector.gdal import ARCHIVE, DRIVERS, ERRORS

    told: list[dict[str, Any]] = []
    found: list[Part] = []
    given = [Path(file) for file in request["files"]]
    for place, file in enumerate(given):
        tell(stage="uploads.stage_checking", share=place / len(given))
        try:
            check_layer(file)
            own = [file]
            if file.suffix.lower() == ARCHIVE:
                own = split(file, tuple(DRIVERS), file.parent / "split")
            for each in own:
                parts = file_parts(each)
                told += [{**asdict(part), "path": str(each), "file": each.name} for part in parts]
                found += parts
        except (PlannerError, *ERRORS) as error:
            fault = (
                error
                if isinstance(error, PlannerError)
                else InputError("sources.not_vector", file=file.name, reason=str(error))
            )
            said = {"code": fault.code, "params": without_folders(fault.params)}
            told.append({"path": str(file), "file": file.name, "error": said})
    layers = iter(assigned(found))
    for part in told:
        if "error" not in part:
            part["layer"] = next(layers)
    return {"parts": told}


def _preview(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Say how files would be read for their layers, with what was said of them so far."""
    from planner.sources.files.previews import Hint, preview

    files = {layer: Path(file) for layer, file in request["files"].items()}
    for file in files.values():
        tell(stage="uploads.stage_checking", share=0.02)
        check_layer(file)
    hints = {layer: Hint(**hint) for layer, hint in (request.get("hints") or {}).items()}
    kinds, about = _kinds(request) or builtin_kinds(), {}
    if request.get("into"):
        about = _into(Path(request["into"]), next(iter(files)))
        kinds = about["around"].kinds
    _lay_aside(request, [], anew=True)
    answer = preview(
        files,
        kinds,
        _intake(request, lambda reading: _lay_aside(request, [reading]), most="100%"),
        crs=request.get("crs") or None,
        hints=hints,
        residents=_residents(request),
        progress=lambda code, share: tell(stage=code, share=0.05 + 0.95 * share),
        **about,
    )
    shown = [*answer["layers"].values(), answer["residents"]]
    for each in filter(None, shown):
        if each["error"] is not None:
            each["error"]["params"] = without_folders(each["error"]["params"])
    return answer


def _into(workspace: Path, layer: str) -> dict[str, Any]:
    """Return the district that a file becomes a newer layer of, and how earlier files were read."""
    from planner.sources import read_district
    from planner.sources.update.newer import kept_mappings

    district = read_district(workspace, corrections=False)
    return {"around": district, "before": list(kept_mappings(workspace, layer).values())}


def _difference(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Say what a newer file changes in a layer of a workspace."""
    from planner.sources.update.described import described, drawing

    change = _change(request, tell)
    shown = described(change, MOST_ROWS) | {"drawing": drawing(change, MOST_DRAWN)}
    return shown | {"asked": _asked(request)}


def _take(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Take into a workspace what was shown of a newer file."""
    from planner.sources import write_update

    if _asked(request) != request["asked"]:
        raise InputError("update.asked_otherwise", file=Path(request["into"]).name)
    change = _change(request, tell)
    _refuse_more_aside(request, len(change.reading.set_aside))
    if change.version != request["version"] or change.counts() != request["counts"]:
        raise InputError("update.changed_since", file=change.workspace.name)
    tell(stage="uploads.stage_writing", share=0.9)
    write_update(change)
    return {
        "layer": change.layer,
        "source": change.reading.source.source,
        "replaced": list(change.replaced),
    }


def _change(request: Mapping[str, Any], tell: Tell) -> LayerChange:
    from planner.sources import read_update

    tell(stage="uploads.stage_checking", share=0.05)
    ((layer, file),) = request["files"].items()
    check_layer(file)
    tell(stage="update.progress_comparing", share=0.3)
    return read_update(
        Path(request["into"]),
        layer,
        Path(file),
        intake=_intake(request, most=str(request["set_aside"])),
        crs=request.get("crs") or None,
        **_asked(request),
    )


def _asked(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what decides which rows of a newer file are which, and what becomes of them."""
    return {
        "mode": request["mode"],
        "same": dict(request.get("same") or {}),
        "as_listed": dict(request.get("as_listed") or {}),
        "apart": bool(request.get("apart")),
        "keep_other_kinds": request.get("keep_other_kinds"),
    }


def _files(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Make a workspace of uploaded files: areas, streets, facilities, residents and others."""
    from planner.sources import from_files
    from planner.sources.files.layers import described
    from planner.sources.files.lists import in_order
    from planner.sources.population.options import FILES, residents_of

    tell(stage="uploads.stage_checking", share=0.02)
    files = {option: Path(file) for option, file in request["files"].items()}
    for file in files.values():
        check_layer(file)
    residents = residents_of(files, _residents(request))
    lists = [files.pop(key) for key in in_order(files, "facilities")]
    layers = {option: file for option, file in files.items() if option not in FILES}
    readings: list[Reading] = []
    district = from_files(
        request.get("name") or "District",
        **layers,
        facilities=lists,
        residents=residents,
        intake=_intake(request, readings.append, most=str(request.get("set_aside") or "5%")),
        **_of_any_import(request, tell),
    )
    written = _written(request, tell, district, readings)
    return written | {"readings": [described(reading, 0) for reading in readings]}


def _of_any_import(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Return what a district is made with, whichever files it is made of."""
    usual = {name: request.get(name) or None for name in ("standard", "benchmark", "currency")}
    return {
        "crs": request.get("crs") or None,
        "kinds": _kinds(request),
        "buffer_m": float(request["buffer_m"]),
        "complete": request.get("complete") or (),
        "join_streets": False if request.get("join_m") is None else float(request["join_m"]),
        "island_m": request.get("island_m"),
        "progress": lambda code, share: tell(stage=code, share=0.05 + 0.75 * share),
        **usual,
    }


def _written(
    request: Mapping[str, Any], tell: Tell, district: District, readings: list[Reading]
) -> dict[str, Any]:
    """Write the workspace unless more rows would be left out than was agreed to; tell of it."""
    from planner.sources import write_district

    aside = [row_described(row) for reading in readings for row in reading.set_aside]
    _refuse_more_aside(request, len(aside))
    tell(stage="uploads.stage_writing", share=0.82)
    write_district(district, request["out"])
    tell(stage="uploads.stage_findings", share=0.92)
    _lay_aside(request, readings, anew=True)
    return _summary(district) | {"set_aside": aside[:MOST_ROWS], "count_set_aside": len(aside)}


def _refuse_more_aside(request: Mapping[str, Any], count: int) -> None:
    """Refuse to leave out more rows than somebody saw and agreed to, before anything is written."""
    agreed = request.get("agreed")
    if agreed is not None and count > agreed:
        raise InputError("app_files.aside_since", count=count, agreed=agreed)


def _lay_aside(
    request: Mapping[str, Any], readings: Iterable[Reading], *, anew: bool = False
) -> None:
    """Write every row set aside into the folder of the upload, where the request names it."""
    folder = request.get("folder")
    if folder is None:
        return
    with (Path(folder) / ASIDE).open("w" if anew else "a", encoding="utf-8") as file:
        for row in (row for reading in readings for row in reading.set_aside):
            told = json.dumps(row_described(row), ensure_ascii=False, default=str)
            file.write(told + "\n")


def _residents(request: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a request says of residents who are no points: figures, and names of columns."""
    said = request.get("residents") or {}
    growth = said.get("growth")
    return {
        "groups": {
            str(group): told if isinstance(told, str) else float(told)
            for group, told in (said.get("groups") or {}).items()
        },
        "growth": None if growth is None else float(growth),
        **{name: int(said[name]) if said.get(name) else None for name in ("year", "to_year")},
    }


def _intake(
    request: Mapping[str, Any], on_reading: Callable[[Reading], None] | None = None, *, most: str
) -> Intake:
    """Return what a request says of its files."""
    from planner.sources.tables.kept_mappings import mapping_of

    mappings = request.get("mappings") or {}
    told: dict[str, Any] = {} if on_reading is None else {"on_reading": on_reading}
    return Intake(
        layers=request.get("layers") or {},
        mappings={layer: mapping_of(entry, layer) for layer, entry in mappings.items()},
        list_kinds=request.get("list_kinds") or {},
        kind_words=request.get("kind_words") or {},
        state_words=request.get("state_words") or {},
        community_names=request.get("community_names") or {},
        datum=request.get("datum") or "auto",
        allowance=parse_allowance(most),
        **told,
    )


def _open(request: Mapping[str, Any], _tell: Tell) -> dict[str, Any]:
    """Read a workspace that was laid into the data folder, to see that reading it ends."""
    from planner.sources import read_district

    check_workspace(request["file"])
    return {"name": read_district(request["file"], corrections=False).name}


def _workspace(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Check a workspace file."""
    from planner.sources import read_district

    tell(stage="uploads.stage_checking", share=0.1)
    check_workspace(request["file"])
    tell(stage="uploads.stage_layers", share=0.4)
    district = read_district(request["file"], corrections=False)
    tell(stage="uploads.stage_findings", share=0.7)
    return _summary(district)


_WORK = {
    "look": _look,
    "open": _open,
    "import": _import,
    "parts": _parts,
    "preview": _preview,
    "files": _files,
    "difference": _difference,
    "take": _take,
    "workspace": _workspace,
}


def _summary(district: District) -> dict[str, Any]:
    from planner.sources import check

    findings = [*check(district), *kind_notes(district)]
    return {
        "name": district.name,
        "findings": [{"code": each.code, "params": dict(each.params)} for each in findings],
        "rows": {layer: len(table) for layer, table in district.layers.items()},
    }


def _kinds(request: Mapping[str, Any]) -> Kinds | None:
    """Return the kinds that a request asks for beside the built-in ones, None for these alone."""
    everyday, own = bool(request.get("everyday")), request.get("own_kinds") or {}
    if not everyday and not own:
        return None
    kinds = builtin_kinds() | read_kinds(EVERYDAY) if everyday else builtin_kinds()
    return kinds | {
        kind_id: make_kind(str(kind_id), {"en": name, "zh": name}, "own_kinds")
        for kind_id, name in own.items()
    }


if __name__ == "__main__":
    sys.exit(main())
