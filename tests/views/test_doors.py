"""No sentence of the browser names an option of the command line or a parameter of Python."""

import re
from string import Formatter

import pytest

from planner.district import DEMAND_UNITS
from planner.errors import Finding, messages
from planner.views.words.catalogue import BROWSER, PAPER, catalogue
from planner.views.words.labels import Labels

OF_THE_COMMAND = {
    "cli.": "is said by the command alone",
    "batch.": "is said by the command and the library: no page opens many districts",
    "leagues.": "likewise",
    "app_permissions.": "is said by `planner serve` before there is a page",
    "data_check.unknown_key": "asks for what `planner check` was given",
    "data_check.only_without_mend": "asks for what `planner check` was given",
    "profiles.bad_rule_option": "is said of an option",
    "update.choose_mode": "asks for what `planner update` was given",
    "update.one_file": "asks for what `planner update` was given",
    "measures.cut": "stands under a table of the command",
    "plan.no_driver": "is said where a plan is opened, before there is a page",
    "browser.": "is what is said instead",
    "paper.": "is what a document says instead",
    "estimated.": "is what is said instead, and judged by the unit",
}
"""Beginnings of codes that no page shows, and why."""

OPTION = re.compile(r"(?<![\w-])--[a-z]|[(,] ?parameter [a-z]|参数 [a-z]|pip install")


def shown() -> list[str]:
    return [code for code in messages() if not code.startswith(tuple(OF_THE_COMMAND))]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("unit", [DEMAND_UNITS[0], "weight"])
def test_no_sentence_of_the_browser_names_an_option(language, unit):
    labels = Labels(language, unit, BROWSER)
    named = []
    for code in shown():
        names = {name for _, name, _, _ in Formatter().parse(messages()[code]) if name}
        said = labels._filled(code, messages()[code], dict.fromkeys(names, 1))
        if OPTION.search(said):
            named.append(f"{code}: {said}")
    assert not named, "\n".join(named)


def test_the_command_names_its_options():
    said = Labels("en").message("sources.no_crs", file="a.geojson")
    assert "--crs" in said
    assert "--crs" not in Labels("en", door=BROWSER).message("sources.no_crs", file="a.geojson")


def test_only_what_names_an_option_has_a_sentence_for_the_browser():
    for code, sentence in messages().items():
        if not code.startswith("browser."):
            continue
        own = messages()[code.removeprefix("browser.")]
        assert OPTION.search(own) or re.search(r"\(need_per", own), f"{code} is not needed"
        braces = {name for _, name, _, _ in Formatter().parse(own) if name}
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= braces, code
        assert sentence in catalogue("zh"), f"{code} has no Chinese"


INSTRUCTION = re.compile(r"duties\.toml|import (it|the file) again|Data page|“数据”页|重新导入")


def test_a_document_says_what_is_so_and_not_what_to_click():
    for code, sentence in messages().items():
        if not code.startswith("paper."):
            continue
        own = messages()[code.removeprefix("paper.")]
        for language in ("en", "zh"):
            assert not INSTRUCTION.search(catalogue(language).get(sentence, sentence)), code
        assert sentence != own, f"{code} is not needed"
        braces = {name for _, name, _, _ in Formatter().parse(own) if name}
        assert {name for _, name, _, _ in Formatter().parse(sentence) if name} <= braces, code
        assert sentence in catalogue("zh"), f"{code} has no Chinese"


def test_a_document_counts_rows_and_names_no_ids():
    ids = ", ".join(f"way/{number}" for number in range(20))
    found = Finding(
        "sources.islands_moved", {"homes": 20, "facilities": 0, "pieces": 2, "ids": ids}
    )
    said = Labels("en", door=PAPER).finding(found)
    assert "way/" not in said
    assert said.startswith("20 homes")
    assert said.endswith("from there.")
    assert "way/19" in Labels("en", door=BROWSER).finding(found)
