from dataclasses import dataclass
from inspect import signature

import pytest
import typer

from planner.cli.shared.console import Console
from planner.cli.shared.verbs import verb, verb_without_json
from planner.errors import InputError


@dataclass(frozen=True)
class Pair:
    first: int = 1
    second: int = 2


def told(console: Console, *, name: str, pair: Pair, last: int = 3) -> None:
    console.give({"name": name, "pair": [pair.first, pair.second], "last": last})


def test_a_group_stands_for_its_options_in_its_place() -> None:
    own = ["name", "first", "second", "last"]
    assert [*signature(verb(told)).parameters] == [*own, "json", "language", "debug"]
    assert [*signature(verb_without_json(told)).parameters] == [*own, "language", "debug"]


def test_a_verb_gets_its_group_and_its_console(capsys: pytest.CaptureFixture[str]) -> None:
    verb(told)(name="x", first=5, second=6, last=7, json=True)
    assert "".join(capsys.readouterr().out.split()) == '{"name":"x","pair":[5,6],"last":7}'


@pytest.mark.parametrize(("debug", "traced"), [(False, False), (True, True)])
def test_what_fails_is_one_line_unless_asked(
    capsys: pytest.CaptureFixture[str], debug: bool, traced: bool
) -> None:
    def wrong(console: Console) -> None:
        raise InputError("cli.no_source")

    with pytest.raises(typer.Exit) as end:
        verb(wrong)(language="en", debug=debug)
    assert end.value.exit_code == 2
    said = capsys.readouterr().err
    assert ("Traceback" in said) is traced
    assert said.splitlines()[-1].startswith("planner: ")
