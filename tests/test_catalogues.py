"""Every sentence has its Chinese, with the same braces, and no translation is left over."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import planner
from planner.district import LAYERS, builtin_profiles, builtin_standards
from planner.district.benchmarks import builtin_benchmarks
from planner.errors import Finding, in_number, messages
from planner.views.words.findings import OF_COLUMNS
from planner.views.words.labels import Labels

PACKAGE = Path(planner.__file__).parent
CALLS = {"text", "tr", "N_", "_"}
SPOKEN = {"the people who live there", "people of a group", "a layer of a district"}
"""What code hands over as the meaning of something, to be put into a sentence."""

UNIT_BRACES = {"demand", "Demand", "demand_unit", "demand_one", "money", "coin"}
"""Names of what is estimated: filled in by themselves, and Chinese may need another one."""

CATALOGUES = sorted((PACKAGE / "locale" / "zh" / "LC_MESSAGES").glob("*.po"))


def literals(tree: ast.AST) -> Iterator[str]:
    """English sentences handed to ``labels.text("…")`` or ``N_("…")``; a box to fill in is none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            first = node.args[0]
            box = getattr(getattr(node.func, "value", None), "id", "") == "inputs"
            said = isinstance(first, ast.Constant) and isinstance(first.value, str)
            if name in CALLS and said and not box:
                yield first.value


@cache
def in_code() -> tuple[dict[str, str], set[str]]:
    """Sentences of the code, with the place they come from, and every string of it.

    Each module is read once; what it was read into is not kept, which is large.
    """
    found: dict[str, str] = {}
    strings = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for sentence in literals(tree):
            found.setdefault(sentence, str(file.relative_to(PACKAGE)))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
    return found, strings


def sentences() -> dict[str, str]:
    """Every English sentence that a reader may meet, with the place it comes from."""
    found = {sentence: code for code, sentence in messages().items()}
    return in_code()[0] | found


def constants() -> set[str]:
    """Every string in the code: a sentence may be kept in a table and handed over by name."""
    return in_code()[1]


def data_sentences() -> set[str]:
    """What data files say in English; it may be translated and need not be."""
    layers = {layer.meaning for layer in LAYERS.values()}
    columns = {column.meaning for layer in LAYERS.values() for column in layer.columns}
    clauses = {
        asked.clause
        for each in builtin_standards().values()
        for asked in (*each.rules.values(), *each.areas)
    }
    reasons = {rule.reason for each in builtin_profiles().values() for rule in each.rules}
    tables = (builtin_benchmarks(), builtin_standards())
    sources = {each.source for table in tables for each in table.values()}
    sources |= {rule.source for each in builtin_profiles().values() for rule in each.rules}
    read_in = {
        asked.read_in
        for each in builtin_standards().values()
        for asked in (*each.rules.values(), *each.areas)
    }
    return layers | columns | clauses | read_in | reasons | sources | SPOKEN


@cache
def entries() -> list[tuple[str, str, str]]:
    """Catalogue, English and Chinese of every entry; each file is read once."""
    rows = []
    for file in CATALOGUES:
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale="zh")
        rows += [(file.name, str(e.id), str(e.string)) for e in catalogue if e.id]
    return rows


def braces(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_scan_sees_the_calls_it_is_meant_for():
    tree = ast.parse('labels.text("One {x}", x=1); N_("Two"); tr("Three"); labels.text(name)')
    assert list(literals(tree)) == ["One {x}", "Two", "Three"]


@pytest.mark.parametrize("room", sorted({code.split(".")[0] for code in messages()}))
def test_every_message_of_a_room_is_translated(room: str):
    known = {english for _, english, chinese in entries() if chinese}
    missing = [
        f"{code}: {sentence}"
        for code, sentence in messages().items()
        if code.split(".")[0] == room and sentence not in known
    ]
    assert not missing, "\n".join(missing)


def test_every_sentence_in_the_code_is_translated():
    known = {english for _, english, chinese in entries() if chinese}
    missing = [
        f"{place}: {sentence}" for sentence, place in sentences().items() if sentence not in known
    ]
    assert not missing, "\n".join(missing)


def test_every_meaning_and_clause_shown_is_translated():
    known = {english for _, english, chinese in entries() if chinese}
    missing = sorted(data_sentences() - known - {""})
    assert not missing, "\n".join(missing)


def test_english_readers_meet_chinese_of_a_standard_in_brackets_behind_its_english():
    english, chinese = Labels("en"), re.compile("[一-鿿]")

    def mixed(text: str) -> bool:
        return chinese.search(re.sub(r"\([^()]*\)", "", text)) is not None

    named = {said for said in data_sentences() if mixed(said)}
    assert len(named) > 20
    for said in named:
        told = english.text(said)
        assert not mixed(told), told
        # the figures are the same
        assert re.findall(r"\d+", re.sub(r"2021–2025|and 11", "", told)) == re.findall(
            r"\d+", said.replace("12 部门", "")
        ), told
    file = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "standards.po"
    with file.open("rb") as stream:
        assert {str(entry.id) for entry in read_po(stream, locale="en") if entry.id} == named


def test_the_ids_of_a_remark_can_be_taken_from_its_sentence():
    """Documents leave them out: they stand behind a colon or in brackets, where a clause ends."""
    known = {english: chinese for _, english, chinese in entries()}
    listed = {code: said for code, said in messages().items() if "{ids}" in said}
    assert len(listed) > 50
    told = re.compile(r"[:：] ?\{ids\}[.。，；]|[(（]\{ids\}[)）]")
    for code, english in listed.items():
        if code == "plan_targets.and_more":
            continue
        for said in (english, known[english]):
            assert len(told.findall(said)) == 1, said


def test_translations_have_the_same_braces():
    def needed(file: str, sentence: str) -> set[str]:
        return braces(sentence) - (UNIT_BRACES if file == "estimated.po" else set())

    wrong = [row for row in entries() if needed(row[0], row[1]) != needed(row[0], row[2])]
    assert not wrong


def test_no_translation_is_left_over():
    used = set(sentences()) | data_sentences() | constants()
    left = [f"{file}: {english}" for file, english, _ in entries() if english not in used]
    assert not left, "\n".join(left)


def test_one_sentence_has_one_translation():
    chinese_of: dict[str, set[str]] = {}
    for _, english, chinese in entries():
        chinese_of.setdefault(english, set()).add(chinese)
    assert {english: all_ for english, all_ in chinese_of.items() if len(all_) > 1} == {}


def test_chinese_is_chinese():
    def has_han(text: str) -> bool:
        return any("一" <= sign <= "鿿" for sign in text)

    untouched = [
        row
        for row in entries()
        if not has_han(row[2]) and any(sign.isalpha() for sign in strip(row[1]))
    ]
    assert all(row[1] in {"N", "{metres} m"} or row[2] != row[1] for row in untouched), untouched


def strip(sentence: str) -> str:
    return "".join(text for text, _, _, _ in string.Formatter().parse(sentence))


def test_a_barrier_has_one_word():
    """What is no obstacle of a way but the thing between two places is called 障碍 everywhere."""
    pairs = [(english, chinese) for _, english, chinese in entries()]
    assert not [text for _, text in pairs if "屏障" in text or "阻隔" in text]
    named = [
        (english, text)
        for english, text in pairs
        if re.search(r"(?<![{'-])\bbarriers?\b", english, re.IGNORECASE)
    ]
    assert len(named) > 20
    assert not [english for english, text in named if "障碍" not in text]


COUNTED = re.compile(
    r"\b1 (?:[a-z]+ )?(?:"
    "areas|blocks|buildings|candidates|carriageways|cells|changes|clauses|codes|columns|"
    "communities|corrections|crossings|cycleways|distances|divisions|ends|entries|facilities|"
    "figures|files|gaps|gates|homes|ids|kinds|layers|limits|lines|links|lists|names|objects|"
    "offices|pairs|pieces|pixels|places|platforms|points|problems|proposals|remarks|remedies|"
    "rows|scenarios|sites|spurs|steps|streets|tables|values|vertices|walls|words|years"
    r")\b"
)
"""A one before what is counted, said as if it were many."""

LIMITS = {
    "all",  # the size of a file or list, of which a part is told
    "areas",  # communities or cells of a district that is spread
    "by_homes",
    "cells",
    "compared",  # kinds of a benchmark
    "expected",
    "judged",  # kinds of a standard
    "least",  # how many are needed, and how many are allowed
    "most",
    "of",
    "places",  # what a search chooses among
    "times",
    "total",
    "value",  # a measured figure
}
"""Braces that stand for a limit or for a whole, not for what was counted."""

NAMES = {"Demand", "columns", "conflicts", "department", "file", "name", "option", "people"}
"""Braces after which a verb follows ("{file} names …")."""

MANY_BECAUSE = {
    "how many files a window may send": {"app_files.box_help", "app_files.refused"},
    "one would not be told of": {
        "covering.too_many_shares",
        "data_check.facilities_stacked",
        "datums.part_in_another",
        "district.group_of_shares",
        "district.homes_in_parts",
        "district.homes_twice",
        "district.same_subdistricts",
        "gaps.largest",
        "measures.areas_many",
        "one_stop.too_many_kinds",
        "population.overture_divisions",
        "population.raster_too_large",
        "population.storeys_marked",
        "siting.fine_grid",
        "sources.no_lists",
        "tables.large_sheet",
        "tables.many_columns",
        "update.all_moved",
        "uploads.too_many_columns",
        "uploads.too_many_layers",
    },
    "the length of an array": {
        "covering.bad_area",
        "covering.bad_region",
        "covering.bad_conflicts",
        "location.wrong_length",
        "network.not_integer",
        "network.positions_shape",
    },
    "a whole of which a part is told": {
        "budget.proof_gap",
        "budget.proof_optimal",
        "checkup.presence_missed",
        "checkup.presence_missed_at_least",
        "measures.cut",
        "views/maps/parts/legend.py",
    },
    "the word is a verb": {"sources.community_ids", "tables.several_kinds"},
}
"""Sentences in which a count of one is not said, and why."""


def test_one_is_said_in_the_singular():
    """Wherever something is counted, one is "1 home has" and not "1 homes have"."""
    found, many = [], set().union(*MANY_BECAUSE.values())
    for sentence, code in sentences().items():
        names = {each[1] for each in string.Formatter().parse(sentence) if each[1]}
        params = {name: "7" if name in LIMITS else "1" for name in names - NAMES}
        params |= dict.fromkeys(names & NAMES, "X")
        plain = re.sub(r"\{(\w+)[^}]*\}", r"{\1}", in_number(sentence, params))
        assert not re.search(r"\[[^]{]*\|", plain), code
        text = plain.replace("{{", "").format(**params) if plain.count("{") else plain
        if COUNTED.search(text):
            found.append(code)
    assert sorted(set(found) - many) == []
    assert sorted(many - set(found)) == []  # no reason outlives its sentence


def test_forms_follow_what_is_counted_and_no_value_is_taken_for_a_form():
    told = Labels("en").message("app_files.open_kinds", count=1)
    assert "1 word is not known" in told
    assert "2 words are not known" in Labels("en").message("app_files.open_kinds", count="2")
    found = {"count": 1, "ids": "h1, h2", "metres": 250}
    told = Labels("en").finding(Finding("sources.demand_without_street", found))
    assert told.startswith("1 home finds no street that can be reached within 250 m: h1, h2. Its ")
    assert "1 个用词" in Labels("zh").message("app_files.open_kinds", count=1)
    for counts, verbs in (
        ((1, 0), "stands joins"),
        ((0, 1), "stands joins"),
        ((1, 1), "stand join"),
    ):
        one = {**dict(zip(("homes", "facilities"), counts, strict=True)), "ids": "h1"}
        stands, joins = verbs.split()
        told = Labels("en").finding(Finding("osm.shut_places", one))
        assert f" {stands} nearest to " in told
        assert f" and {joins} another one" in told
    finding = Finding("data_check.mended_file", {"file": "[a|b]", "count": 1, "workspace": "w"})
    assert str(finding) == "Wrote [a|b] with 1 change; w stays as it is."
    assert "[a|b] with 1 change;" in Labels("en").finding(finding)


def test_lengths_and_shares_have_one_writing_in_chinese():
    """米 and 公里, no space before a per cent sign, as in the figures that stand beside them."""
    sentences = [text for _, _, text in entries() if "GB 50180" not in text]
    odd = re.compile(r"千米|[}\d] k?m(?![a-zA-Z²/])|\} %|[米里] (?=[\u4e00-\u9fff])|缺少\{")
    assert not [text for text in sentences if odd.search(text)]


def test_shares_have_one_writing_in_english_too():
    """No space before a per cent sign, as in the figures that stand beside them."""
    odd = [each for each in messages().values() if re.search(r"[}\d] %", each)]
    assert not odd, "\n".join(odd)


def test_chinese_words_that_braces_bring_stand_without_blanks() -> None:
    ends_in_chinese = r"people|kept|alone|left|together|sum|others|first|proposals|place"
    for file in CATALOGUES:
        if file.stem.startswith(("plan", "app_plan")):
            text = file.read_text(encoding="utf-8")
            said = re.findall(r'^msgstr "(.*)"$', text, re.MULTILINE)
            assert len(said) > 10
            odd = [x for x in said if re.search(rf"{{({ends_in_chinese})}} [\u4e00-\u9fff]", x)]
            assert not odd, "\n".join(odd)


def test_the_plan_has_one_name_in_chinese() -> None:
    texts = [file.read_text(encoding="utf-8") for file in CATALOGUES]
    readme = (PACKAGE.parent / "README.zh-CN.md").read_text(encoding="utf-8")
    assert not [text for text in (*texts, readme) if "共同规划" in text]


def test_a_sentence_in_which_columns_are_named_has_a_place_for_them():
    """Else the finding has none of them, and could not be told at all."""
    assert [code for code in OF_COLUMNS if "{columns}" not in messages()[code]] == []


@pytest.mark.parametrize(
    "code", ["a" * 5000 + ".b", "a\0b.c", "../messages/osm.no_highway", "", "."]
)
def test_a_code_that_no_file_has_names_no_sentence(code):
    """A workspace of somebody else may hold any text in the place of a code."""
    assert code not in messages()
    assert messages().get(code) is None


def test_a_sentence_is_found_by_its_file_and_all_of_them_are_listed():
    assert messages()["osm.no_highway"] == dict(messages())["osm.no_highway"]
    assert len(messages()) == len(set(messages()))
