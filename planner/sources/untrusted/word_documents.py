"""What a Word document holds, seen before its reader opens it: no programs, nothing from elsewhere.

A document is an archive of parts. Some of them can run on the machine of who opens it (macros,
embedded programs), others fetch what they show from an address that the document names. Neither
belongs into a paper that a bureau signs and passes on. As with workbooks, a reader is given the
parts that were checked, packed anew, and never the file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree

from planner.errors import InputError

MOST_BYTES = 20_000_000
"""Size of the file."""

MOST_PARTS = 1_000
MOST_UNPACKED = 60_000_000
MOST_XML, MOST_TAGS = 20_000_000, 600_000
"""Bytes and tags of all texts together: a reader keeps each tag as an object."""

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = "[Content_Types].xml"
_STORED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_RUNS = re.compile(r"vba|macro|activex|oleobject|/embeddings/|\.(exe|dll|js|vbs|ps1)$", re.I)
_XML = (".xml", ".rels")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""", re.I)
_PLAIN = (b"utf-8", b"us-ascii", b"ascii")
_LINKS = ("http://", "https://", "mailto:")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FETCHING = (
    "DATABASE", "DDE", "DDEAUTO", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK",
    "QUOTE", "RD",
)  # fmt: skip
"""Fields that run something, fetch something, or put other fields together out of figures."""


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
    _check_kind(parts, name)
    for part, text in parts.items():
        if part.lower().endswith(_XML) or part == _TYPES:
            _check_text(part, text, name)
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
    left, texts, tags = MOST_UNPACKED, MOST_XML, MOST_TAGS
    for member in members:
        if member.is_dir():
            continue
        if member.flag_bits & 1 or member.compress_type not in _STORED:
            raise InputError("uploads.no_document", file=name)
        with archive.open(member) as packed:
            # what the list of parts says of a size need not be so
            text = packed.read(left + 1)
        left -= len(text)
        if member.filename.lower().endswith(_XML):
            texts, tags = texts - len(text), tags - text.count(b"<")
        if min(left, texts, tags) < 0:
            raise _too_large(name)
        if member.filename in parts:
            raise InputError("uploads.no_document", file=name)
        parts[member.filename] = text
    return parts


def _too_large(name: str) -> InputError:
    return InputError("uploads.large_document", file=name, megabytes=MOST_UNPACKED // 1_000_000)


def _check_kind(parts: dict[str, bytes], name: str) -> None:
    """Refuse what is no document without programs."""
    for part in parts:
        if _RUNS.search(f"/{part}"):
            raise InputError("uploads.document_runs", file=name, part=part[:80])
    types = parts.get(_TYPES)
    if types is None:
        raise InputError("uploads.no_document", file=name)
    _check_text(_TYPES, types, name)
    kinds = {str(each.get("ContentType", "")) for each in ElementTree.fromstring(types)}
    running = sorted(each for each in kinds if _RUNS.search(each))
    if running:
        raise InputError("uploads.document_runs", file=name, part=running[0][:80])
    if _MAIN not in kinds:
        raise InputError("uploads.no_document", file=name)


def _check_text(part: str, text: bytes, name: str) -> None:
    """Refuse a part that no reader sees as we do, or that leads outside."""
    declared = _DECLARED.match(text.lstrip(b"\xef\xbb\xbf \t\r\n"))
    odd = declared is not None and declared[1].lower() not in _PLAIN
    # a document type may name other files, and texts that unfold into many
    if odd or b"\0" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise InputError("uploads.no_document", file=name)
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise InputError("uploads.no_document", file=name) from error
    if PurePosixPath(part).suffix.lower() == ".rels":
        _check_relations(part, root, name)
    _check_fields(part, root, name)


def _check_relations(part: str, root: ElementTree.Element, name: str) -> None:
    """Refuse what is fetched from elsewhere; a link that somebody clicks on may stay."""
    for relation in root.iter():
        target, kind = str(relation.get("Target", "")), str(relation.get("Type", ""))
        outside = str(relation.get("TargetMode", "")).lower() == "external" or "://" in target
        if outside and kind.endswith("/hyperlink") and target.lower().startswith(_LINKS):
            continue
        if _RUNS.search(kind) or _RUNS.search(target):
            raise InputError("uploads.document_runs", file=name, part=target[:80])
        if outside:
            raise InputError("uploads.document_outside", file=name, part=part, target=target[:80])


def _check_fields(part: str, root: ElementTree.Element, name: str) -> None:
    """Refuse fields that run or fetch something when a document is opened."""
    told, open_fields = [""], 0
    for node in root.iter():
        if node.tag == f"{_WORD}fldSimple":
            told.append(str(node.get(f"{_WORD}instr", "")))
        elif node.tag == f"{_WORD}fldChar":
            begins = node.get(f"{_WORD}fldCharType") == "begin"
            # a field whose name another one makes up hides what it is
            hidden = begins and open_fields > 0 and not told[-1].strip()
            if hidden:
                raise InputError("uploads.document_outside", file=name, part=part, target="{ {")
            open_fields = int(begins)
            told.append("")
        elif node.tag in (f"{_WORD}instrText", f"{_WORD}delInstrText"):
            told[-1] += node.text or ""
    for each in told:
        words = each.split()
        if words and words[0].upper() in _FETCHING:
            raise InputError("uploads.document_outside", file=name, part=part, target=each[:80])
