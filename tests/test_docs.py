"""The docs say what the code does: verbs, public names, columns, commands."""

import calendar
import importlib
import re
import runpy
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import planner
from planner.cli import app
from planner.district import LAYERS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
TABLES = runpy.run_path(str(DOCS / "tables.py"))


GROUPS = ("plan", "plan target", "plan limit", "standards")
"""Verbs that do nothing by themselves."""


def verbs() -> dict[str, object]:
    """Every verb by its words, ``"standards show"`` included."""
    found: dict[str, object] = {}

    def walk(command: object, words: str) -> None:
        for name, child in getattr(command, "commands", {}).items():
            found[f"{words} {name}".strip()] = child
            walk(child, f"{words} {name}")

    walk(typer.main.get_command(app), "")
    return found


def code_blocks(page: str) -> list[str]:
    return re.findall(r"^```\w+\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_the_verbs_of_this_version_are_there() -> None:
    assert {"demo", "import", "check", "assess", "serve", "standards", "kinds"} <= set(verbs())


@pytest.mark.parametrize("verb", verbs())
def test_verb_is_documented(verb: str) -> None:
    page = (DOCS / "cli.md").read_text(encoding="utf-8")
    if " " in verb:
        assert f"`planner {verb}" in page.replace("\n", " ")
    else:
        heading = re.search(rf"^## planner {verb}\n\n(.+?)(?=^## |\Z)", page, re.M | re.S)
        assert heading, f"docs/cli.md has no paragraph on {verb}"
        assert f"planner {verb}" in "".join(code_blocks(heading[1]))
        assert f"`planner {verb}`" in README
        assert f"`planner {verb}`" in README_ZH


@pytest.mark.parametrize("verb", verbs())
def test_verb_has_help_with_an_example(verb: str) -> None:
    answer = CliRunner().invoke(app, [*verb.split(), "--help"])
    assert answer.exit_code == 0
    assert f"Example: planner {verb}" in " ".join(answer.output.split())


@pytest.mark.parametrize("verb", [verb for verb in verbs() if verb not in GROUPS])
def test_every_option_has_help_and_verbs_answer_machines(verb: str) -> None:
    params = {param.name: param for param in verbs()[verb].params}  # type: ignore[attr-defined]
    assert all(getattr(param, "help", None) for param in params.values() if param.name != "help")
    assert {"language", "debug"} <= set(params)
    assert "json" in params or verb == "serve"


@pytest.mark.parametrize("page", TABLES["pages"](), ids=lambda page: page.stem)
def test_tables_are_those_of_the_code(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == TABLES["renewed"](text), "run: python docs/tables.py"


def test_every_column_is_documented() -> None:
    page = (DOCS / "data.md").read_text(encoding="utf-8")
    for layer in LAYERS.values():
        section = page.split(f"### {layer.name}\n")[1].split("\n#")[0]
        assert [c.name for c in layer.columns if f"| `{c.name}` |" not in section] == []


@pytest.mark.parametrize("module", ["planner", "planner.network", "planner.siting", "planner.plan"])
def test_public_names_are_documented(module: str) -> None:
    home = importlib.import_module(module)
    page = (DOCS / "python.md").read_text(encoding="utf-8")
    section = page.split(f"## `{module}`\n")[1].split("\n## ")[0]
    for name in home.__all__:
        assert re.search(rf"^\| `{name}\b", section, re.M), f"{module}.{name}"
        assert getattr(home, name).__doc__, f"{module}.{name} has no docstring"


def test_public_examples_parse_and_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "README.zh-CN.md", *TABLES["pages"]()]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            compile(block, page.name, "exec")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_both_readmes_give_the_same_commands() -> None:
    def commands(text: str) -> list[str]:
        blocks = re.findall(r"^```(?:bash|powershell)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        return [line for block in blocks for line in block.splitlines()]

    assert commands(README) == commands(README_ZH)


def test_the_two_commands_are_single_lines_and_continuous_integration_runs_the_second() -> None:
    blocks = [block.strip() for block in code_blocks(README)][:4]
    assert all("\n" not in block for block in blocks)
    run, run_windows, test, test_windows = blocks
    assert run.startswith("python3 -m venv ")
    assert run.endswith("planner demo")
    assert run_windows.endswith("planner demo }")
    assert test.endswith("tests/run.py")
    assert test_windows.endswith("tests\\run.py }")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert test in script


def test_the_version_in_file_names_and_changelog_is_the_current_one() -> None:
    assert set(re.findall(r"community_planner-([\d.]+)-py3", README)) == {planner.__version__}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {planner.__version__}" in changelog


def test_supported_pythons_are_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    versions = [c.rpartition(" ")[2] for c in project["classifiers"] if "Python :: 3." in c]
    assert versions == ["3.11", "3.12", "3.13"]
    for text in (README, README_ZH):
        assert all(version in text for version in versions)


_CITED = re.compile(r"\b([A-Z][a-zé]+)(?: et al\.)?,? \(?((?:19|20)\d\d)\b")
_NO_AUTHORS = {"Beijing", "China", "Helsinki"} | {name for name in calendar.month_name if name}


def test_whom_docs_and_pages_cite_stands_in_the_literature() -> None:
    listed = (DOCS / "method.md").read_text(encoding="utf-8").split("## Literature")[1]
    references = re.findall(r"^\| (.+?\((?:19|20)\d\d\)\..+?) \|", listed, re.M)
    assert len(references) > 25
    told = [*DOCS.glob("*.md"), *(ROOT / "planner/messages").glob("*.toml")]
    lacking = {
        f"{file.name}: {name} {year}"
        for file in told
        for name, year in _CITED.findall(file.read_text(encoding="utf-8"))
        if name not in _NO_AUTHORS
        and not any(name in each and f"({year})" in each for each in references)
    }
    assert lacking == set()
