"""What makes a function a verb: its console, its options and how it ends where it fails."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints

import typer

from planner.cli.shared import options
from planner.cli.shared.console import LANGUAGES, Console, count_in, foreseen, price_in


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a verb, which ends in one readable line and exit code 1 or 2 if it fails.

    Its first parameter gets the console of the run, for which every verb has ``--json``,
    ``--language`` and ``--debug`` behind its own options. A parameter whose type is a dataclass,
    such as those of :mod:`planner.cli.shared.option_groups`, stands for the options that are its
    fields.
    """
    return _verb(function, _parameters(_of_every_verb))


def verb_without_json(function: Callable[..., None]) -> Callable[..., None]:
    """Make a function a verb that has nothing to tell as JSON; see :func:`verb`."""
    return _verb(function, [each for each in _parameters(_of_every_verb) if each.name != "json"])


def _of_every_verb(
    json: options.Json = False, language: options.Language = None, debug: options.Debug = False
) -> None:
    """Have the options of every verb."""


def _verb(function: Callable[..., None], last: Iterable[Parameter]) -> Callable[..., None]:
    own = _parameters(function)[1:]
    groups: dict[str, Any] = {
        each.name: each.annotation for each in own if is_dataclass(each.annotation)
    }

    @wraps(function)
    def run(
        *, json: bool = False, language: str | None = None, debug: bool = False, **given: Any
    ) -> None:
        count_in("residents")
        price_in(None)
        try:
            for name, group in groups.items():
                given[name] = group(**{each.name: given.pop(each.name) for each in fields(group)})
            function(Console(language, json), **given)
        except (typer.Exit, typer.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if debug:
                traceback.print_exc()
            known = language if language in LANGUAGES else None
            raise Console(known).fail(foreseen(error)) from error

    run.__signature__ = Signature([*_spread(own), *last])  # type: ignore[attr-defined]
    return run


def _parameters(asks: Callable[..., Any]) -> list[Parameter]:
    """Return the parameters of a function or dataclass, their types as types."""
    hints = get_type_hints(asks, include_extras=True)
    return [
        each.replace(annotation=hints[each.name], kind=Parameter.KEYWORD_ONLY)
        for each in signature(asks).parameters.values()
    ]


def _spread(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    """Yield parameters, the fields of a dataclass in its place."""
    for each in parameters:
        if is_dataclass(each.annotation):
            yield from _parameters(each.annotation)  # type: ignore[arg-type]
        else:
            yield each
