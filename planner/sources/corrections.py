"""Corrections kept beside a workspace: ``city.gpkg.corrections.json`` beside ``city.gpkg``."""

from __future__ import annotations

import secrets
from pathlib import Path

from planner.district import District
from planner.district.corrections import Corrections, apply_corrections
from planner.errors import InputError, WorkError

SUFFIX = ".corrections.json"
MOST_BYTES = 8_000_000


def corrections_file(workspace: str | Path) -> Path:
    """Return where the corrections of a workspace are kept."""
    workspace = Path(workspace)
    return workspace.with_name(workspace.name + SUFFIX)


def read_corrections(workspace: str | Path) -> Corrections:
    """Return the corrections kept beside a workspace, none where there is no such file.

    Raises
    ------
    InputError
        Where the file cannot be read or holds something else; the workspace is then not read
        either, since its facilities would silently be the uncorrected ones.
    """
    file = corrections_file(workspace)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise InputError("corrections.too_large", file=file.name)
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Corrections()
    except UnicodeDecodeError as error:
        raise InputError("corrections.not_corrections", file=file.name) from error
    except OSError as error:
        raise InputError("sources.cannot_read", file=str(file), reason=str(error)) from error
    return Corrections.from_json(text, file.name)


def write_corrections(corrections: Corrections, workspace: str | Path) -> Path:
    """Keep corrections beside a workspace, the whole file or nothing; return the file.

    Raises
    ------
    WorkError
        Where the disk is full or writing is not permitted; the file is then as it was.
    """
    file = corrections_file(workspace)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_text(corrections.to_json() + "\n", encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WorkError("sources.cannot_write", file=str(file), reason=str(error)) from error
    return file


def corrected(district: District, workspace: str | Path) -> District:
    """Return a district as read from a workspace with the corrections beside it applied."""
    return apply_corrections(district, read_corrections(workspace))
