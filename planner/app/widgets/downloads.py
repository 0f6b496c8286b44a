"""Files to take away, made when they are asked for."""

from __future__ import annotations

import io
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.session.reader import shares
from planner.district import Scenario
from planner.errors import WorkError
from planner.views.exports.files import write_csv, write_workbook
from planner.views.tables.provenance import provenance_table

MOST_OF_A_READER, AT_ONCE = 2, 4
"""Files that are made at the same time, for one reader and for all."""

_making: list[str] = []
_lock = threading.Lock()

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class File:
    """A file on offer.

    Parameters
    ----------
    label
        What the button says, in the reader's language.
    name
        Name of the file; its ending tells what it is.
    content
        Returns what it holds, called when the reader asks for it, in a thread of its own.
    workbook
        The same as a workbook, offered beside it; None where there is none.
    """

    label: str
    name: str
    content: Callable[[], bytes | str]
    workbook: File | None = None


def files(context: Context, key: str, offered: Sequence[File], note: str = "") -> None:
    """Draw a button that opens the choice of some files.

    Parameters
    ----------
    context
        The reader's language.
    key
        Name of the choice, once on a page.
    offered
        The files.
    note
        A sentence below them, in the reader's language.
    """
    with st.popover(context.word("app.download"), icon=":material/download:"):
        for number, each in enumerate(offered):
            file(each, f"{key}_{number}", width="stretch", icon=None)
        if note:
            st.caption(note)


def file(each: File, key: str, *, icon: str | None = "download", **how: Any) -> None:
    """Draw the button of one file.

    Parameters
    ----------
    each
        The file.
    key
        Name of the button, once on a page.
    icon
        Name of a Material icon.
    how
        Further arguments of :func:`streamlit.download_button`.
    """
    if each.workbook is None:
        _button(each, key, icon, **how)
        return
    # as wide as both: what has no room goes to the next line with its workbook, not without
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        _button(each, key, icon, **how)
        _button(each.workbook, f"{key}_xlsx", icon)


def _button(each: File, key: str, icon: str | None, **how: Any) -> None:
    st.download_button(
        each.label,
        partial(_in_turn, shares.reader(), each.content),
        file_name=each.name,
        mime=MEDIA_TYPES[Path(each.name).suffix],
        on_click="ignore",
        icon=f":material/{icon}:" if icon else None,
        key=f"download_{key}",
        **how,
    )


def _in_turn(reader: str, make: Callable[[], bytes | str]) -> bytes | str:
    """Make a file, unless its reader has some in making already, or all readers have enough.

    They are made in threads that all readers share; who waited there would keep others out.

    Raises
    ------
    WorkError
        Where too many are being made.
    """
    with _lock:
        own = _making.count(reader)
        if own >= MOST_OF_A_READER or len(_making) >= AT_ONCE:
            most = MOST_OF_A_READER if own >= MOST_OF_A_READER else AT_ONCE
            raise WorkError("app_work.files_in_making", most=most)
        _making.append(reader)
    try:
        return make()
    finally:
        with _lock:
            _making.remove(reader)


def written(name: str, write: Callable[[Path], object]) -> bytes:
    """Return what a function writes into a file of this name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def packed(write: Callable[[Path], Iterable[Path]]) -> bytes:
    """Return the files that a function writes into a folder, and names, as a ZIP file."""
    archived = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        files = write(Path(folder))
        with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as archive:
            for each in files:
                archive.write(each, each.relative_to(folder))
    return archived.getvalue()


def table(label: str, name: str, make: Callable[[], pd.DataFrame]) -> File:
    """Return a table as a file on offer: CSV with a workbook beside it, or a workbook alone.

    Parameters
    ----------
    label
        What the button says.
    name
        Of the file; it ends in ``.csv`` or ``.xlsx``.
    make
        Makes the table when the reader asks for it.
    """

    def as_workbook(path: Path) -> None:
        write_workbook(make(), path)

    if name.endswith(".xlsx"):
        return layers(label, name, as_workbook)
    beside = layers("Excel", f"{name.removesuffix('.csv')}.xlsx", as_workbook)
    csv = layers(label, name, lambda path: write_csv(make(), path))
    return replace(csv, workbook=beside)


def layers(label: str, name: str, write: Callable[[Path], object]) -> File:
    """Return what a function writes, such as layers, as a file on offer."""
    return File(label, name, lambda: written(name, write))


def scenario(label: str, name: str, make: Callable[[], Scenario]) -> File:
    """Return a scenario as a JSON file on offer."""
    return File(label, name, lambda: make().to_json())


def provenance(context: Context, result: Assessment, stem: str) -> File:
    """Return what downloaded figures rest on, as a table to lie beside them.

    Parameters
    ----------
    context, result
        Words, and the assessment that the figures come from.
    stem
        Beginning of the file's name, as that of the files beside it.
    """
    label, labels = context.word("app_work.sidecar"), context.labels_of_files
    return table(label, f"{stem}-provenance.csv", lambda: provenance_table(result, labels))
