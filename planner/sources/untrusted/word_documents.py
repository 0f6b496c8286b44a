"""What a Word document holds, seen before its reader opens it: no programs, nothing from elsewhere.

A document is an archive of parts. Some of them can run on the machine of who opens it (macros,
embedded programs), others fetch what they show from an address that the document names. Neither
belongs into a paper that a bureau signs and passes on. As with workbooks, a reader is given the
parts that were checked, packed anew, and never the file.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree

from planner.errors import InputError
from planner.sources.untrusted.word_fields import LINKS, UntakenFieldError
from planner.sources.untrusted.word_kinds import (
    MAIN,
    RELATIONS,
    declared_kinds,
    is_related,
    is_taken,
    leads_to,
)
from planner.sources.untrusted.word_texts import OutsideError, check_text

MOST_BYTES = 20_000_000
"""Size of the file."""

MOST_PARTS = 1_000
MOST_UNPACKED = 60_000_000
MOST_XML, MOST_TAGS = 20_000_000, 600_000
"""Bytes and tags of all texts together: a reader keeps each tag as an object."""

_TYPES = "[Content_Types].xml"
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RUNS = re.compile(r"vba|macro|activex|oleobject|/embeddings/|\.(exe|dll|js|vbs|ps1)\b", re.I)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""", re.I)
_PLAIN = (b"utf-8", b"us-ascii", b"ascii")
_PART = re.compile(r"(?!.*(?:^|/)\.)[A-Za-z0-9_.(){}@+,&~ -]+(/[A-Za-z0-9_.(){}@+,&~ -]+)*")
"""A part's name without signs that programs read in two ways."""

_ROOT_RELATIONS = "_rels/.rels"


def checked_document(content: bytes, name: str) -> BytesIO:
    """Return what a reader is to be given of a Word document: the parts that were checked.

    Parameters
    ----------
    content
        The file.
    name
        What a refusal calls it.

    Raises
    ------
    InputError
        Where it is no .docx or unpacks to too much, holds programs, or leads to something outside.
    """
    if len(content) > MOST_BYTES:
        raise _too_large(name)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _unpacked(archive, name)
    except InputError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise InputError("uploads.no_document", file=name) from error
    kinds = _kinds(parts, name)
    _check_amount(parts, kinds, name)
    for part, kind in kinds.items():
        if kind.endswith("xml"):
            _check_text(part, kind, parts, kinds, name)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as anew:
        for part, text in parts.items():
            anew.writestr(part, text)
    packed.seek(0)
    return packed


def _unpacked(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """Return the parts by name, as long as they do not grow beyond what a document needs."""
    members = archive.infolist()
    if len(members) > MOST_PARTS:
        raise _too_large(name)
    parts: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for member in members:
        if member.is_dir():
            continue
        if member.flag_bits & 1 or member.compress_type not in _STORED:
            raise InputError("uploads.no_document", file=name)
        with archive.open(member) as packed:
            # what the list of parts says of a size need not be so
            text = packed.read(left + 1)
        left -= len(text)
        if left < 0:
            raise _too_large(name)
        if member.filename in parts:
            raise InputError("uploads.no_document", file=name)
        parts[member.filename] = text
    return parts


def _too_large(name: str) -> InputError:
    return InputError("uploads.large_document", file=name, megabytes=MOST_UNPACKED // 1_000_000)


def _kinds(parts: dict[str, bytes], name: str) -> dict[str, str]:
    """Return what each part is declared to be: programs go by that, and not by its name.

    Raises
    ------
    InputError
        Where a part is of no kind that is taken, its name says another, or it is no document.
    """
    if _TYPES not in parts:
        raise InputError("uploads.no_document", file=name)
    _check_letters(parts[_TYPES], name)
    kinds = declared_kinds(_parsed(parts[_TYPES], name), [each for each in parts if each != _TYPES])
    running = [each for each in kinds.items() if _RUNS.search("/{} {}".format(*each))]
    if running:
        raise _refused(running[0][1] or running[0][0], running[0][0], name)
    # two parts whose names differ in capitals are one for some programs
    once = len({part.lower() for part in kinds}) == len(kinds)
    named = all(_PART.fullmatch(part) for part in kinds if part != _ROOT_RELATIONS)
    if not once or not named or MAIN not in kinds.values():
        raise InputError("uploads.no_document", file=name)
    for part, kind in kinds.items():
        if not is_taken(kind, PurePosixPath(part).name.rpartition(".")[2].lower()):
            raise _refused(kind or part, part, name)
    return kinds


def _refused(what: str, part: str, name: str) -> InputError:
    code = "document_runs" if _RUNS.search(f"/{part} {what}") else "document_part"
    return InputError(
        f"uploads.{code}", file=name, part=part[:80], kind=what.rpartition("/")[2][-80:]
    )


def _check_amount(parts: dict[str, bytes], kinds: dict[str, str], name: str) -> None:
    """Refuse texts of which a reader would make too much."""
    texts = [parts[part] for part, kind in kinds.items() if kind.endswith("xml")]
    if sum(map(len, texts)) > MOST_XML or sum(text.count(b"<") for text in texts) > MOST_TAGS:
        raise _too_large(name)


def _check_text(
    part: str, kind: str, parts: dict[str, bytes], kinds: dict[str, str], name: str
) -> None:
    """Refuse a part that no reader sees as we do, or that leads outside."""
    _check_letters(parts[part], name)
    if kind == RELATIONS:
        _check_relations(part, _parsed(parts[part], name), kinds, name)
        return
    try:
        check_text(parts[part], is_data=kind == "application/xml")
    except ElementTree.ParseError as error:
        raise InputError("uploads.no_document", file=name) from error
    except UntakenFieldError as error:
        code = "uploads.document_field"
        raise InputError(code, file=name, part=part, field=str(error).strip()[:80]) from error
    except OutsideError as error:
        code = "uploads.document_outside"
        raise InputError(code, file=name, part=part, target=str(error)[:80]) from error


def _check_letters(text: bytes, name: str) -> None:
    """Refuse signs that readers may take for others, and texts that unfold into many."""
    declared = _DECLARED.match(text.lstrip(b"\xef\xbb\xbf \t\r\n"))
    odd = declared is not None and declared[1].lower() not in _PLAIN
    # a document type may name other files
    if odd or b"\0" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise InputError("uploads.no_document", file=name)


def _parsed(text: bytes, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError("uploads.no_document", file=name) from error


def _check_relations(
    part: str, root: ElementTree.Element, kinds: dict[str, str], name: str
) -> None:
    """Refuse what is fetched from elsewhere; a link that somebody clicks on may stay."""
    for relation in root.iter():
        if relation is root:
            continue
        target, kind = str(relation.get("Target", "")), str(relation.get("Type", ""))
        outside = str(relation.get("TargetMode", "")).lower() == "external"
        if kind.endswith("/hyperlink") and target.lower().startswith(LINKS):
            continue
        if _RUNS.search(kind) or _RUNS.search(target):
            raise InputError("uploads.document_runs", file=name, part=target[:80])
        if not is_related(kind):
            # a template that Word attaches to a document is elsewhere as well
            if outside:
                raise _outside(part, target, name)
            raise _refused(kind, target, name)
        if outside or not _PART.fullmatch(target.removeprefix("/").replace("../", "")):
            raise _outside(part, target, name)
        whole = _resolved(part, target)
        if whole in kinds and not leads_to(kind, kinds[whole]):
            raise _refused(kinds[whole], whole, name)


def _outside(part: str, target: str, name: str) -> InputError:
    return InputError("uploads.document_outside", file=name, part=part, target=target[:80])


def _resolved(part: str, target: str) -> str:
    """Return the part that a relation leads to, told from the part that it is of."""
    folder = PurePosixPath(part).parent.parent
    return posixpath.normpath(posixpath.join("/", str(folder), target)).lstrip("/")
