"""What the process that reads files is asked: what they hold, how they would be read, to import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from planner.app.pages.data.files import earlier_readings, set_aside, wording
from planner.app.pages.data.files.state import KEY, Given, Into, Phase
from planner.app.server.reading import jobs, uploads, vetting
from planner.app.server.settings.settings import settings
from planner.app.session.reader import permissions
from planner.errors import InputError, PlannerError
from planner.sources.files.intake import LAYER_OF_OPTION
from planner.views.words.labels import Labels

MOST_FILES = 20
"""Files of one district; a window may send no more."""

EVERYTHING, NOTHING = "100%", "0"
"""How many rows may be set aside: all that were shown and agreed to, or none."""


def open_files(sent: Iterable[Any], into: Into | None = None) -> None:
    """Keep files that a browser sent and begin to look at them; earlier ones are let go.

    Parameters
    ----------
    sent
        The files.
    into
        The district of which one becomes a newer layer, None for a new district.

    Raises
    ------
    InputError, WorkError
        Where who asks may not, or a file cannot be taken; nothing is then kept.
    """
    if not permissions.may_upload():
        raise InputError("corrections.not_permitted")
    files = list(sent)
    if len(files) > MOST_FILES:
        raise InputError("app_files.too_many", count=len(files), most=MOST_FILES)
    forget()
    folder = uploads.new_folder(settings().workspaces)
    try:
        laid = _keep(files, folder)
        request = {"do": "parts", "files": [str(file.absolute()) for file in laid]}
        names = tuple(file.name for file in laid)
        job = jobs.start(_named(request, laid), folder, clean=partial(_clean, folder, "parts"))
    except PlannerError:
        uploads.discard(folder)
        raise
    st.session_state[KEY] = Given(folder, names, job, into=into)


def add_files(sent: Iterable[Any]) -> None:
    """Keep further files beside those that are there, and begin to look at them.

    Raises
    ------
    InputError, WorkError
        As of :func:`open_files`; what is there stays as it is.
    """
    given, files = _given(), list(sent)
    count = len(given.names) + len(files)
    if count > MOST_FILES:
        raise InputError("app_files.too_many", count=count, most=MOST_FILES)
    laid = _keep(files, given.folder, f"more{len(given.names)}-")
    request = {"do": "parts", "files": [str(file.absolute()) for file in laid]}
    clean = partial(_clean, given.folder, "more")
    given.job = jobs.start(_named(request, laid), given.folder, clean=clean)
    given.names = (*given.names, *(file.name for file in laid))
    given.phase = "more"


def _keep(files: list[Any], folder: Path, prefix: str = "") -> list[Path]:
    """Write files into a folder, those of a Shapefile as one archive."""
    laid: list[Path] = []
    shapes: dict[str, dict[str, memoryview]] = {}
    for number, sent in enumerate(files):
        ending = Path(sent.name).suffix.casefold()
        if ending in uploads.SHAPEFILE_PARTS:
            shapes.setdefault(Path(sent.name).stem, {})[ending] = sent.getbuffer()
        else:
            laid.append(uploads.keep(sent.getbuffer(), sent.name, folder, f"{prefix}file{number}"))
    for number, (stem, parts) in enumerate(shapes.items()):
        laid.append(uploads.keep_shapefile(parts, stem, folder, f"{prefix}shape{number}"))
    return laid


def _named(request: dict[str, Any], files: Iterable[Path]) -> dict[str, Any]:
    """Return a request that says which file to name where the work takes too much."""
    largest = max(files, key=lambda file: file.stat().st_size, default=Path())
    return {**request, "file": str(largest)}


def look_again() -> None:
    """Begin to read the files as far as they are told, to show them."""
    given = _given()
    _start("preview", {"do": "preview", "files": _files(given), **_about(given)})


def import_files(labels: Labels, options: dict[str, Any], name: str) -> None:
    """Begin to make a district of the files.

    Parameters
    ----------
    labels
        Words of the language in which the rows set aside are listed.
    options
        Further fields of the request.
    name
        Name of the district, empty to take that of the boundaries' file.
    """
    given = _given()
    if given.stale:
        return  # something was said since: the page asks to read again
    out = given.folder / "workspace.gpkg"
    files = _files(given)
    of_layer = {layer: option for option, layer in LAYER_OF_OPTION.items()}
    stem = name or Path(files["communities"]).stem
    request = {
        "do": "files",
        "files": {of_layer.get(key, key): file for key, file in files.items()},
        "out": out,
        "name": stem,
        **_left_out(given),
        **options,
    }
    worded = partial(wording.worded, labels, kinds=given.kinds)
    _start("import", request, partial(_publish, out, uploads.safe_name(stem), labels, worded))


def compare() -> None:
    """Begin to hold the file against the layer that it becomes."""
    given = _given()
    _start("difference", {"do": "difference", "set_aside": EVERYTHING, **_decided(given)})


def take(labels: Labels) -> None:
    """Begin to take what was shown into the district.

    Parameters
    ----------
    labels
        Words of the list of rows set aside.
    """
    given = _given()
    shown = given.difference
    if given.stale or shown is None:
        return  # something was said since: the page asks to read again
    if given.into is None:
        raise InputError("app_files.gone")
    request = {
        "do": "take",
        **_left_out(given),
        "version": shown["version"],
        "counts": shown["counts"],
        "asked": shown["asked"],
        **_decided(given),
    }
    worded = partial(wording.worded, labels, kinds=given.kinds)
    _start("take", request, partial(_taken, given, labels, worded))


def _left_out(given: Given) -> dict[str, Any]:
    """Return which rows may be set aside when the work begins: those agreed to, and no more."""
    if not given.agreed:
        return {"set_aside": NOTHING, "agreed": 0}
    return {"set_aside": EVERYTHING, "agreed": given.count_aside}


def _taken(
    given: Given,
    labels: Labels,
    worded: Callable[[dict[str, Any]], str],
    answer: dict[str, Any],
) -> dict[str, Any]:
    """Let the server read a workspace that its own process wrote; keep the rows set aside."""
    assert given.into is not None
    vetting.vouch(given.into.path)
    notes = set_aside.keep(given.folder, given.into.path, labels, worded, answer["replaced"])
    return answer | {"notes": notes}


def _about(given: Given) -> dict[str, Any]:
    """Return the district of which a file becomes a layer, nothing for a new one."""
    return {} if given.into is None else {"into": str(given.into.path.absolute())}


def _decided(given: Given) -> dict[str, Any]:
    """Return what a difference is made of: the file as it was shown, and what was said of rows."""
    shown = {
        layer: given.of(layer).mapping or answer["mapping"]
        for layer, answer in given.shown().items()
        if answer["mapping"] is not None
    }
    decided = dict(given.decided)
    if decided.get("mode") != "replace" or "facilities" not in shown:
        decided.pop("keep_other_kinds", None)  # its box is not drawn then
    return {"files": _files(given), "mappings": shown, **_about(given), **decided}


def forget() -> None:
    """End the work and remove the files."""
    given: Given | None = st.session_state.pop(KEY, None)
    if given is not None:
        given.job.cancel()
        uploads.discard(given.folder)


def _given() -> Given:
    if not permissions.may_upload():
        raise InputError("corrections.not_permitted")
    given: Given | None = st.session_state.get(KEY)
    if given is None or not given.folder.is_dir():
        raise InputError("app_files.gone")
    return given


def _files(given: Given) -> dict[str, str]:
    """Return the file of each layer."""
    if twice := given.twice():
        raise InputError("app_files.twice", layer=twice[0])
    return {key: part["path"] for key, part in given.used().items()}


def _start(
    phase: Phase,
    request: dict[str, Any],
    finish: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> None:
    given = _given()
    request = _named(
        {**said_of(given), **request, "folder": str(given.folder.absolute())},
        map(Path, _files(given).values()),
    )
    given.job = jobs.start(request, given.folder, finish, partial(_clean, given.folder, phase))
    given.phase, given.stale = phase, False


def said_of(given: Given) -> dict[str, Any]:
    """Return what was said of the files, as the process reads it."""
    parts = given.used()
    said = {key: given.of(key) for key in parts}
    return {
        "layers": {key: part["name"] for key, part in parts.items() if part["name"]},
        "mappings": {layer: own.mapping for layer, own in said.items() if own.mapping is not None},
        "hints": {
            layer: {"header_row": own.header_row, "encoding": own.encoding}
            for layer, own in said.items()
        },
        "datum": {layer: own.datum or "auto" for layer, own in said.items()},
        "list_kinds": given.list_kinds,
        "kind_words": given.kind_words,
        "state_words": given.state_words,
        "community_names": given.community_names,
        "own_kinds": given.own_kinds,
        "everyday": given.everyday,
        "crs": given.crs.strip(),
        "residents": given.residents,
    }


def _publish(
    out: Path,
    stem: str,
    labels: Labels,
    worded: Callable[[dict[str, Any]], str],
    answer: dict[str, Any],
) -> dict[str, Any]:
    """Lay a finished workspace among the others; beside it how its files were read, and the rest.

    That is the list of rows set aside.
    """
    made = uploads.publish(out, settings().workspaces, stem)
    notes = earlier_readings.keep(made, answer["readings"])
    notes += set_aside.keep(out.parent, made, labels, worded)
    return answer | {"id": made.name, "findings": [*notes, *answer["findings"]]}


def _clean(folder: Path, phase: Phase, outcome: jobs.State) -> None:
    """Remove the files once the district is made; else they may be told about anew."""
    if phase in ("import", "take") and outcome == "done":
        uploads.discard(folder)
