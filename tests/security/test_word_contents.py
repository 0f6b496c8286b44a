"""What a Word template may hold: each list of what is taken, and all ways around it."""

import datetime as dt
import functools
import re
import zipfile
from io import BytesIO

import pytest
from docx import Document

from planner.errors import InputError
from planner.reports.document import Paper
from planner.sources.untrusted.word_documents import checked_document
from planner.sources.untrusted.word_fields import UntakenFieldError, check_code

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R = f'xmlns:r="{RELATED}"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
BODY, TYPES = "word/document.xml", "[Content_Types].xml"
RELATIONS, SETTINGS = "word/_rels/document.xml.rels", "word/settings.xml"


@functools.cache
def plain_document() -> bytes:
    buffer = BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


def parts() -> dict[str, str | bytes]:
    with zipfile.ZipFile(BytesIO(plain_document())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(made: dict[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def document(body: str = "", settings: str = "", *added: tuple[str, str, str, str]) -> bytes:
    """Return a document with something in its body and settings, and parts added.

    A part is told by its name, declared kind, relation (all of it, or its last word) and content.
    """
    made = parts()
    texts = {name: made[name].decode() for name in (BODY, TYPES, RELATIONS, SETTINGS)}
    texts[BODY] = texts[BODY].replace("<w:sectPr", f"{body}<w:sectPr", 1)
    texts[SETTINGS] = re.sub(r"(<w:settings[^>]*>)", rf"\1{settings}", texts[SETTINGS], count=1)
    for number, (name, kind, relation, content) in enumerate(added):
        whole = relation if "/" in relation else f"{RELATED}/{relation}"
        related = f'<Relationship Id="rIdZ{number}" Type="{whole}" Target="{name}"/>'
        declared = f'<Override PartName="/word/{name}" ContentType="{kind}"/>'
        texts[RELATIONS] = texts[RELATIONS].replace("</Rel", f"{related}</Rel")
        texts[TYPES] = texts[TYPES].replace("</Types>", f"{declared}</Types>")
        made[f"word/{name}"] = content
    return packed(made | texts)


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


BEGIN, SEPARATE, END = mark("begin"), mark("separate"), mark("end")


def code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def simple(instruction: str) -> str:
    shown = instruction.replace('"', "&quot;")
    return f'<w:fldSimple w:instr="{shown}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def box(*runs: str) -> str:
    return (
        f"<w:r><w:pict {V}><v:shape><v:textbox><w:txbxContent>{paragraph(*runs)}"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )


RUNS = simple(r"DDEAUTO c:\\cmd x")
HEADER = f"<w:hdr {W}>{paragraph(RUNS)}</w:hdr>"
DECLARED = '<!DOCTYPE w [<!ENTITY a "b">]>'
PART, FIELD, OUTSIDE = "document_part", "document_field", "document_outside"
REFUSED = {
    # a text under another name is a text for Word
    "header of another ending": (
        document("", "", ("z.hdr", f"{WORD}.header+xml", "header", HEADER)),
        PART,
    ),
    "header with a field": (
        document("", "", ("z.xml", f"{WORD}.header+xml", "header", HEADER)),
        FIELD,
    ),
    "notes that are no XML": (
        document("", "", ("z.notes", f"{WORD}.footnotes+xml", "footnotes", "{{title}}<a>")),
        PART,
    ),
    "notes with a document type": (
        document("", "", ("z.xml", f"{WORD}.footnotes+xml", "footnotes", f"{DECLARED}<a/>")),
        "no_document",
    ),
    "picture that is a text": (document("", "", ("z.xml", "image/png", "image", HEADER)), PART),
    "header that is data": (
        document("", "", ("z.xml", "application/xml", "header", f"<w:hdr {W}/>")),
        PART,
    ),
    # documents within documents, controls and add-ins
    "piece of rich text": (
        document(f'<w:altChunk {R} r:id="rIdZ0"/>', "", ("z.rtf", "text/rtf", "aFChunk", "{}")),
        PART,
    ),
    "piece of a document": (
        document("", "", ("z.xml", f"{WORD}.document.main+xml", "aFChunk", f"<w:body {W}/>")),
        PART,
    ),
    "control": (
        document("", "", ("z.xml", "application/vnd.ms-office.x+xml", "control", "<a/>")),
        PART,
    ),
    "add-in": (
        document(
            "",
            "",
            (
                "z.xml",
                "application/xml",
                "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes",
                "<a/>",
            ),
        ),
        PART,
    ),
    "no relation of Word": (
        document("", "", ("z.xml", "application/xml", "http://a.example/customXml", "<a/>")),
        PART,
    ),
    # fields
    "name made up": (
        document(paragraph(BEGIN, code("IN"), BEGIN, code("DOCPROPERTY z"), END, code("x"), END)),
        FIELD,
    ),
    "name made up of nothing": (
        document(paragraph(BEGIN, BEGIN, code("DOCPROPERTY z"), END, code(" x"), END)),
        FIELD,
    ),
    "condition whose name goes on": (
        document(paragraph(BEGIN, code("IF"), BEGIN, code("PAGE"), END, code("x"), END)),
        FIELD,
    ),
    "made up by a field that is told at once": (
        document(paragraph(BEGIN, code("IN"), simple("PAGE"), code("CLUDETEXT x"), END)),
        FIELD,
    ),
    "address made up": (
        document(paragraph(BEGIN, code("HYPERLINK "), BEGIN, code("PAGE"), END, END)),
        FIELD,
    ),
    "field in a condition": (
        document(paragraph(BEGIN, code("IF 1 = 1 "), BEGIN, code("RD x"), END, END)),
        FIELD,
    ),
    "code in letters": (
        document(paragraph(BEGIN, "<w:r><w:t>DDEAUTO x</w:t></w:r>", END)),
        FIELD,
    ),
    "code that part of it deletes": (
        document(paragraph(BEGIN, f"<w:del>{code('PAGE ')}</w:del>", code("DDEAUTO x"), END)),
        FIELD,
    ),
    "code of two readings": (
        document(
            paragraph(
                BEGIN,
                f"<mc:AlternateContent {MC}><mc:Choice>{code('PAGE ')}</mc:Choice>"
                f"</mc:AlternateContent>",
                code("DDEAUTO x"),
                END,
            )
        ),
        FIELD,
    ),
    "code behind a box that begins one": (
        document(paragraph(BEGIN, code("IF "), box(BEGIN, code("PAGE ")), code("RD x"), END, END)),
        FIELD,
    ),
    "code behind a result": (
        document(paragraph(BEGIN, code("PAGE"), SEPARATE, code("DDEAUTO x"), END)),
        FIELD,
    ),
    "code of no field": (document(paragraph(code("DDEAUTO x"))), FIELD),
    "field that does not end": (document(paragraph(BEGIN, code("PAGE"))), FIELD),
    "words joined over a sign": (
        document(paragraph(BEGIN, code("PRINT"), "<w:r><w:tab/></w:r>", code("DATE"), END)),
        FIELD,
    ),
    "field of the strict form": (
        document(
            '<w:p><s:fldSimple xmlns:s="http://purl.oclc.org/ooxml/wordprocessingml/main" '
            's:instr="DDEAUTO x"/></w:p>'
        ),
        FIELD,
    ),
    "link to a file": (document(paragraph(simple('HYPERLINK "file://srv/x.exe"'))), FIELD),
    # settings and drawings
    "letters to many": (
        document(
            "",
            '<w:mailMerge><w:connectString w:val="DSN=a"/><w:query w:val="a"/></w:mailMerge>',
        ),
        OUTSIDE,
    ),
    "macro of a form": (
        document(
            paragraph(
                '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:entryMacro w:val="a"/>'
                "</w:ffData></w:fldChar></w:r>",
                code("FORMTEXT"),
                END,
            )
        ),
        OUTSIDE,
    ),
    **{
        f"drawing {each}": (
            document(f"<w:p><w:r><w:pict {V}><v:shape>{each}</v:shape></w:pict></w:r></w:p>"),
            OUTSIDE,
        )
        for each in (
            '<v:imagedata src="http://a.example/a.png"/>',
            '<v:imagedata src="a.png"/>',
            '<v:imagedata o:href="https://a.example/a.png"/>',
            '<v:fill o:althref="//a.example/a.png"/>',
            r'<v:stroke src="\\a.example\a.png"/>',
            '<v:shape href="file:///c:/x.exe"/>',
            '<v:anything any="http://a.example/"/>',
        )
    },
    "film": (
        document('<w:p><x:webVideoPr xmlns:x="u" embeddedHtml="&lt;iframe src=http://a/"/></w:p>'),
        OUTSIDE,
    ),
    "drawing that runs": (
        document(
            "",
            "",
            (
                "z.svg",
                "image/svg+xml",
                "image",
                '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
            ),
        ),
        OUTSIDE,
    ),
    "drawing with a picture from elsewhere": (
        document(
            "",
            "",
            (
                "z.svg",
                "image/svg+xml",
                "image",
                '<svg xmlns="http://www.w3.org/2000/svg"><rect style="fill:url(//a/a.png)"/></svg>',
            ),
        ),
        OUTSIDE,
    ),
}


@pytest.mark.long(but=1)
@pytest.mark.parametrize("which", REFUSED)
def test_what_is_on_no_list_is_refused(which):
    made, wanted = REFUSED[which]
    for read in (lambda: checked_document(made, "own.docx"), lambda: Paper("en", made)):
        with pytest.raises(InputError) as error:
            read()
        assert error.value.code == f"uploads.{wanted}", str(error.value)


@pytest.mark.parametrize(
    "name", ["word/z%2exml", "word\\z.xml", "WORD/document.xml", "/word/z.xml", "word/../z.xml"]
)
def test_names_that_programs_read_in_two_ways_are_refused(name):
    with pytest.raises(InputError) as error:
        checked_document(packed(parts() | {name: "<a/>"}), "own.docx")
    assert error.value.code == "uploads.no_document"


@pytest.mark.parametrize("target", ["http://a.example/a.xml", "//a/a.xml", "..\\a.xml", "%2e/a"])
def test_a_relation_leads_into_the_document_or_nowhere(target):
    made = parts()
    related = f'<Relationship Id="rIdZ" Type="{RELATED}/header" Target="{target}"/></Rel'
    made[RELATIONS] = made[RELATIONS].decode().replace("</Rel", related)
    with pytest.raises(InputError) as error:
        checked_document(packed(made), "own.docx")
    assert error.value.code == "uploads.document_outside"


@pytest.mark.long
def test_notes_that_the_reader_of_fields_cannot_read_are_refused_in_words():
    # deeper than a reader goes that keeps to its limits, and no fault for another
    deep = "<w:a>" * 3000 + "{{title}}" + "</w:a>" * 3000
    notes = f"<w:footnotes {W}>{deep}</w:footnotes>"
    made = document("", "", ("z.xml", f"{WORD}.footnotes+xml", "footnotes", notes))
    with pytest.raises(InputError) as error:
        Paper("en", made, {"title": "x"})
    assert error.value.code == "reports.bad_template"


@pytest.mark.parametrize(
    "told",
    [
        "PAGE", " page \\* MERGEFORMAT ", 'TOC\\o "1-3"', 'DATE \\@ "yyyy-MM-dd"', "",
        "= 1 + 2", "=1", 'HYPERLINK "https://a.example/" \\t "_blank"',
        "HYPERLINK mailto:a@b.example",
        'HYPERLINK \\l "_Toc1"', 'HYPERLINK "http://a.example" \\o "see file://x"',
        'DOCPROPERTY "Department"', 'STYLEREF "Heading 1"', "SEQ Table \\* ARABIC",
        "PAGEREF _Toc1 \\h",
    ],
)  # fmt: skip
def test_harmless_codes_are_taken(told):
    check_code(told)


@pytest.mark.long(but=1)
@pytest.mark.parametrize(
    "told",
    [
        "DDE x", "DDEAUTO x", "INCLUDETEXT x", "INCLUDEPICTURE x", "LINK x", "IMPORT x",
        "INCLUDE x",
        "DATABASE x", "QUOTE 68", "RD x", "MACROBUTTON x y", "AUTOTEXT x", "FILLIN x", "ASK a b",
        "PRINT x", "EMBED x", "ADDIN x", "CONTROL x", "GLOSSARY x", "bookmark", '"PAGE"', "PAGE1",
        "HYPERLINK x.exe", 'HYPERLINK "\\\\\\\\srv\\\\x.exe"', 'HYPERLINK \\n "file://srv/x"',
        'HYPERLINK \\l "a" file://srv/x', "HYPERLINK \u201cfile://srv/x\u201d",
        'HYPERLINK "file://x',
        "HYPERLINK javascript:x", "PAGE\u200b x",
    ],
)  # fmt: skip
def test_codes_on_no_list_are_refused(told):
    with pytest.raises(UntakenFieldError):
        check_code(told)


SYMBOL = (
    '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/><use href="#a"/>'
    "<style>.a {fill: url(#a)}</style><rect style=\"fill:url('#a')\"/></svg>"
)


def ordinary() -> bytes:
    """Return a template as Word writes one, with one of all that bureaus have in theirs."""
    pages = paragraph(BEGIN, code(" PAGE  \\* MERGEFORMAT "), SEPARATE, END)
    rest = paragraph(
        BEGIN, code(" = "), BEGIN, code(" NUMPAGES "), SEPARATE, "<w:r><w:t>3</w:t></w:r>", END,
        code(" - 1 "), SEPARATE, "<w:r><w:t>2</w:t></w:r>", END,
    )  # fmt: skip
    body = (
        paragraph(BEGIN, code(' TOC \\o "1-3" \\h \\z \\u '), SEPARATE)
        + paragraph(
            f'<w:hyperlink w:anchor="_Toc1">{BEGIN}{code("PAGEREF _Toc1")}{SEPARATE}'
            f"<w:r><w:t>1</w:t></w:r>{END}</w:hyperlink>"
        )
        + paragraph(END)
        + paragraph(simple('DATE \\@ "yyyy-MM-dd"'), simple('HYPERLINK "https://a.example/"'))
        + paragraph(f'<w:hyperlink {R} r:id="rIdL1"><w:r><w:t>a</w:t></w:r></w:hyperlink>')
        + paragraph(f"<w:ins>{BEGIN}{code('DATE')}{SEPARATE}<w:r><w:t>1</w:t></w:r>{END}</w:ins>")
        + paragraph(
            f"<mc:AlternateContent {MC}><mc:Choice Requires='wps'>{box(BEGIN, code('DATE'), END)}"
            f"</mc:Choice><mc:Fallback>{box(BEGIN, code('DATE'), END)}</mc:Fallback>"
            "</mc:AlternateContent>"
        )
        + f'<w:p><w:r><w:pict {V}><v:shape href="https://a.example/" o:title="http://a.example">'
        '<v:imagedata r:id="rId1" o:title="a" '
        f"{R}/></v:shape></w:pict></w:r></w:p>"
    )
    settings = (
        '<w:attachedSchema w:val="http://a.example/schema"/><w:compat><w:compatSetting '
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat>"
    )
    office = "application/vnd.openxmlformats-officedocument"
    people = "http://schemas.microsoft.com/office/2011/relationships/people"
    note = f"<w:footnotes {W}><w:footnote w:id='2'>{paragraph(simple('PAGE'))}</w:footnote>"
    made = document(
        body,
        settings,
        ("header9.xml", f"{WORD}.header+xml", "header", f"<w:hdr {W}>{rest}</w:hdr>"),
        ("footer9.xml", f"{WORD}.footer+xml", "footer", f"<w:ftr {W}>{pages}</w:ftr>"),
        ("footnotes.xml", f"{WORD}.footnotes+xml", "footnotes", f"{note}</w:footnotes>"),
        ("endnotes.xml", f"{WORD}.endnotes+xml", "endnotes", f"<w:endnotes {W}/>"),
        ("people.xml", f"{WORD}.people+xml", people, "<a/>"),
        ("glossary.xml", f"{WORD}.document.glossary+xml", "glossaryDocument", "<a/>"),
        ("item7.xml", "application/xml", "customXml", '<a any="http://a.example/" control="b"/>'),
        (
            "props.xml",
            f"{office}.customXmlProperties+xml",
            "customXmlProps",
            '<ds:a xmlns:ds="u"><ds:schemaRef ds:uri="http://a.example/"/></ds:a>',
        ),
        ("custom.xml", f"{office}.custom-properties+xml", "custom-properties", "<a>http://a</a>"),
        (
            "z.svg",
            "image/svg+xml",
            "image",
            SYMBOL,
        ),
    )
    with zipfile.ZipFile(BytesIO(made)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    links = "".join(
        f'<Relationship Id="rIdL{number}" Type="{RELATED}/hyperlink" Target="{target}" '
        'TargetMode="External"/>'
        for number, target in enumerate(["mailto:a@b.example", "https://a.example/?a=b", "#_Toc1"])
    )
    held[RELATIONS] = held[RELATIONS].decode().replace("</Rel", f"{links}</Rel")
    # as LibreOffice writes it
    core = RELATED.replace("officeDocument", "officedocument") + "/metadata/core-properties"
    of_all = held["_rels/.rels"].decode()
    held["_rels/.rels"] = re.sub(r'"[^"]*/metadata/core-properties"', f'"{core}"', of_all)
    assert core in held["_rels/.rels"]
    unused = '<Default Extension="wmf" ContentType="image/x-wmf"/><Default Extension="bin" '
    unused += 'ContentType="application/vnd.ms-office.activeX"/></Types>'
    held[TYPES] = held[TYPES].decode().replace("</Types>", unused)
    return packed(held)


def test_what_bureaus_have_in_their_templates_is_taken_as_it_is():
    before = ordinary()
    after = checked_document(before, "own.docx")
    with zipfile.ZipFile(BytesIO(before)) as one, zipfile.ZipFile(after) as other:
        assert [(name, one.read(name)) for name in one.namelist()] == [
            (name, other.read(name)) for name in other.namelist()
        ]


@pytest.mark.long
def test_what_is_written_into_a_template_is_taken_as_one():
    paper = Paper("en", ordinary(), {"title": "x"})
    paper.title("A title")
    paper.contents("Contents", ["First", "Second"])
    for heading in ("First", "Second"):
        paper.heading(heading)
        paper.caption("Table 1: all", 1, "Table")
        paper.table(["a"], [["1"]])
    made = paper.written("A title", dt.datetime(2026, 1, 2))
    checked_document(made, "made.docx")
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert b"PAGE" in archive.read("word/footer9.xml")
