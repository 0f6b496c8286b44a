"""Every finding of an import or update tells its file or layer, or its code has a layer."""

import ast
import re
import string
from pathlib import Path

import pytest

import planner
from planner.errors import messages
from planner.sources.checks.finding_layers import OF_CODE

PACKAGE = Path(planner.__file__).parent
MAKERS = ("Finding", "LeftOut", "gone_findings")
DOORS = ("sources", "district")
SENTENCES = {code for code, text in messages().items() if text.endswith((".", "?"))}
OF_SEVERAL = {
    "small_numbers.areas": "counts are withheld in communities and in the demand",
    "small_numbers.homes": "counts are withheld in communities and in the demand",
    "sources.unknown_finding": "a remark that this version does not know may be of any layer",
}
"""What is said of no file and of several layers or none, and why."""


def said(node: ast.AST, words: str = "-") -> set[str]:
    """What a code may be; a part that is filled in is a word of its module, or any."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else None for p in each.values]
            forms = (
                re.compile("".join(fill if p is None else re.escape(str(p)) for p in parts))
                for fill in (f"({words})", r"\w+")
            )
            fits = ({code for code in SENTENCES if form.fullmatch(code)} for form in forms)
            found |= next(filter(None, fits), set())
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            found.add(each.value)
    return found


def codes_of(file: Path) -> set[str]:
    """Codes of the findings that a module makes; where a name stands for one, all that it holds."""
    text = file.read_text(encoding="utf-8")
    if not any(f"{maker}(" in text for maker in MAKERS):
        return set()
    tree = ast.parse(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    asked: list[ast.AST] = [c.args[0] for c in calls if getattr(c.func, "id", "") in MAKERS]
    errors = [c.args[0] for c in calls if getattr(c.func, "id", "").endswith("Error")]
    if any(isinstance(code, ast.Name | ast.Attribute) for code in asked):
        asked.append(tree)
    words = "|".join(filter(str.isidentifier, said(tree))) or "-"
    raised = {code for error in errors for code in said(error, words)}
    return {code for each in asked for code in said(each, words)} & SENTENCES - raised


def errors_of(file: Path) -> set[str]:
    """Codes that a module raises by their whole names."""
    calls = (node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    errors = (c for c in calls if isinstance(c, ast.Call) and c.args)
    return {
        code.value
        for call in errors
        if getattr(call.func, "id", "").endswith("Error")
        and isinstance(code := call.args[0], ast.Constant)
    }


def codes() -> set[str]:
    files = [file for door in DOORS for file in (PACKAGE / door).rglob("*.py")]
    listed = PACKAGE / "sources" / "checks" / "finding_layers.py"
    made = {code for file in files if file != listed for code in codes_of(file)}
    return made - {code for file in files for code in errors_of(file)}


def fields(code: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(messages()[code]) if name}


@pytest.mark.long
def test_every_finding_has_a_layer_or_a_reason_to_have_none():
    made = codes()
    assert {"osm.gone_places", "sources.gates_cut", "sources.demand_without_street"} <= made
    # the file of an extract is that of several layers, and tells none
    alone = {
        code for code in made if code.startswith("osm.") or not fields(code) & {"file", "layer"}
    }
    assert alone - set(OF_CODE) - set(OF_SEVERAL) == set()


def test_no_layer_is_told_of_a_code_that_nobody_makes():
    every = set(messages())
    assert set(OF_CODE) <= every
    assert set(OF_SEVERAL) <= every
    assert not set(OF_CODE) & set(OF_SEVERAL)
