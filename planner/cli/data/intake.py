"""How ``planner import`` reads files: what is said of them, shown, and kept beside the result."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.shared.console import Console
from planner.cli.shared.option_groups import Files
from planner.errors import Finding, InputError, PlannerError, messages

if TYPE_CHECKING:
    import pandas as pd

    from planner.district import Kinds
    from planner.sources import Intake, Reading
    from planner.sources.tables.set_aside import RowSetAside

_ROWS_SHOWN = 10


def intake(
    given: Files,
    files: Iterable[str],
    on_reading: Callable[[Reading], None],
    lists: Mapping[str, str] | None = None,
    community_names: list[str] | None = None,
) -> Intake:
    """Return how the files of an import are to be read.

    Parameters
    ----------
    given
        What was said.
    files
        The options that name a file.
    on_reading
        Told each file that was read.
    lists
        The lists of facilities by what they may be called, see :func:`called`.
    community_names
        ``NAME=COMMUNITY`` pairs of rows that tell of a community by another name.
    """
    from planner.sources import Intake
    from planner.sources.tables.kept_mappings import read_mappings
    from planner.sources.tables.set_aside import STRICT, Allowance, parse_allowance

    if given.strict and given.set_aside is not None:
        raise InputError("cli.strict_and_set_aside")
    allowance = Allowance() if given.set_aside is None else parse_allowance(given.set_aside)
    return Intake(
        layers=_layers(given.layer or [], list(files), lists or {}),
        list_kinds=_list_kinds(given.list_kind or [], lists or {}),
        mappings=read_mappings(given.mapping) if given.mapping else {},
        kind_words=kind_words(given.kind_word or []),
        state_words={
            "status": words_of(given.status_word or [], "cli.state_word"),
            "ownership": words_of(given.ownership_word or [], "cli.state_word"),
            "street_class": words_of(given.street_word or [], "cli.street_word"),
            "access": words_of(given.access_word or [], "cli.access_word"),
            "barrier": words_of(given.barrier_word or [], "cli.barrier_word"),
            "gate": words_of(given.gate_word or [], "cli.gate_word"),
        },
        community_names=words_of(community_names or [], "cli.community_name"),
        allowance=STRICT if given.strict else allowance,
        datum=datums(given.datum or [], lists),
        on_reading=on_reading,
    )


def called(lists: Mapping[str, Path | None]) -> dict[str, str]:
    """Return the lists of facilities by what they may be called.

    That is the name of the file, its path as given, and the list's number. What several files are
    called stands for none of them: an empty text.

    Examples
    --------
    >>> called({"facilities": Path("a.csv"), "facilities:2": Path("b.csv")})["b.csv"]
    'facilities:2'
    """
    given = {key: file for key, file in lists.items() if file is not None}
    found = {key: key for key in given}
    for names in ([str(file) for file in given.values()], [file.name for file in given.values()]):
        for key, name in zip(given, names, strict=True):
            if names.count(name) == 1:
                found.setdefault(name, key)
    return dict.fromkeys((file.name for file in given.values()), "") | found


def _list_called(name: str, lists: Mapping[str, str]) -> str | None:
    """Return the list that is called so, None where none is.

    Raises
    ------
    InputError
        ``cli.list_twice`` where several files are.
    """
    key = lists.get(name)
    if key == "":
        known = ", ".join(name for name, key in lists.items() if key)
        raise InputError("cli.list_twice", file=name, known=known)
    return key


def datums(given: list[str], lists: Mapping[str, str] | None = None) -> str | dict[str, str]:
    """Return the datum of all layers of points, or by layer, of ``DATUM`` and ``OPTION=DATUM``.

    Examples
    --------
    >>> datums([]), datums(["gcj02"]), datums(["boundaries=gcj02", "wgs84"])["demand"]
    ('auto', 'gcj02', 'wgs84')
    """
    from planner.sources.datums.declared import AUTO, POINTS
    from planner.sources.files.intake import LAYER_OF_OPTION

    everywhere = [text for text in given if "=" not in text]
    if len(everywhere) > 1:
        raise InputError("datums.several", given=", ".join(everywhere))
    if len(everywhere) == len(given):
        return everywhere[0] if everywhere else AUTO
    found, others = {}, set(POINTS)
    for text in given:
        option, equals, datum = text.partition("=")
        if equals:
            option = option.strip().removeprefix("--")
            key = _list_called(option, lists or {}) or LAYER_OF_OPTION.get(option, option)
            found[key] = datum
            if option != key and lists and option in lists:
                others |= set(lists.values()) - {""}  # a file was named, and no other one
    rest = everywhere[0] if everywhere else AUTO
    return found | {layer: rest for layer in sorted(others) if layer not in found}


def _list_kinds(pairs: list[str], lists: Mapping[str, str]) -> dict[str, str]:
    """Return the kind of all rows of a list or of barriers, of ``FILE=KIND`` pairs."""
    found = {}
    for pair in pairs:
        file, equals, kind = pair.rpartition("=")
        key = _list_called(file.strip(), lists)
        if not (equals and kind.strip() and key):
            known = {key: name for name, key in lists.items() if key}
            raise InputError("cli.list_kind", value=pair, known=", ".join(known.values()) or "–")
        found[key] = kind.strip()
    return found


def _layers(pairs: list[str], files: list[str], lists: Mapping[str, str]) -> dict[str, str]:
    """Return the sheet or map layer by layer of the district."""
    from planner.sources.files.intake import LAYER_OF_OPTION

    found = {}
    for pair in pairs:
        option, equals, name = pair.partition("=")
        option = option.strip().removeprefix("--")
        listed = _list_called(option, lists) if equals else None
        if listed and name.strip():
            found[listed] = name.strip()
        elif equals and option in LAYER_OF_OPTION and name.strip():
            found[LAYER_OF_OPTION[option]] = name.strip()
        elif option in LAYER_OF_OPTION.values() and name.strip():
            found[option] = name.strip()
        elif len(files) == 1:
            found[LAYER_OF_OPTION[files[0]]] = pair.strip()
        else:
            raise InputError("cli.layer_option", value=pair, known=", ".join(LAYER_OF_OPTION))
    return found


def kind_words(pairs: list[str]) -> dict[str, str]:
    """Return the kind of each word of the ``WORD=KIND`` pairs; empty to set its rows aside.

    Examples
    --------
    >>> kind_words(["养老院=elderly_care", "餐饮="])
    {'养老院': 'elderly_care', '餐饮': ''}
    """
    return words_of(pairs, "cli.kind_word")


def words_of(pairs: list[str], refusal: str) -> dict[str, str]:
    """Return what each word of ``WORD=VALUE`` pairs stands for; `refusal` is raised for others."""
    words = {}
    for pair in pairs:
        word, equals, value = pair.rpartition("=")
        if not (equals and word.strip()):
            raise InputError(refusal, value=pair)
        words[word.strip()] = value.strip()
    return words


def keep(console: Console, readings: list[Reading], out: Path, kinds: Kinds) -> None:
    """Write beside a workspace how its files were read, and the rows set aside with their reasons.

    A list of an earlier import of the same workspace is replaced, by an empty one if need be.
    """
    from planner.sources.tables.kept_mappings import MAPPINGS, write_mappings

    mappings = {each.called: each.mapping for each in readings if each.mapping is not None}
    if mappings:
        file = out.with_suffix(MAPPINGS)
        write_mappings(file, mappings)
        console.show(console.word("wrote", file=file))
    keep_set_aside(console, readings, out, kinds)


def keep_set_aside(
    console: Console,
    readings: list[Reading],
    out: Path,
    kinds: Kinds,
    replaced: Collection[str] | None = None,
) -> None:
    """Write beside a workspace the rows set aside with their reasons, in the place of earlier ones.

    Without any an earlier list becomes an empty one. Where one layer was brought up to date, rows
    of files other than those `replaced` stay.
    """
    from planner.views.exports import set_aside

    rows = [row for each in readings for row in each.set_aside]
    file = set_aside.keep_set_aside(_aside_table(console, rows, kinds), out, replaced)
    if file is not None:
        console.show(console.word("wrote", file=file))


def _aside_table(console: Console, rows: Iterable[RowSetAside], kinds: Kinds) -> pd.DataFrame:
    from planner.sources.files.layers import row_described
    from planner.views.tables.set_aside import set_aside_rows

    def sentence(told: dict[str, Any]) -> str:
        return console.labels.finding(Finding(told["code"], told["params"]), kinds)

    return set_aside_rows(map(row_described, rows), console.labels, sentence)


# ---- shown before anything is written


def show(
    console: Console,
    files: Mapping[str, Path | None],
    how: Intake,
    kinds: Kinds,
    columns: Mapping[str, str],
    crs: str | None,
    more: Callable[[], dict[str, Any]] | None = None,
) -> None:
    """Print how each file would be read, and write nothing.

    `more` prints what else there is to show, and returns it as JSON.

    Raises
    ------
    PlannerError
        The first fault of a file, once all were shown.
    """
    from planner.sources.files.intake import LAYER_OF_OPTION
    from planner.sources.files.layers import read_layer

    faults: list[PlannerError] = []
    documents = []
    for option, file in files.items():
        if file is None:
            continue
        layer = LAYER_OF_OPTION.get(option, option)
        try:
            reading = read_layer(layer, file, kinds, how, crs=crs, facility_columns=columns)
        except PlannerError as error:
            faults.append(error)
            continue
        documents.append(_shown(console, reading, file, kinds))
    rest: dict[str, Any] = {}
    if more is not None and not faults:
        try:
            rest = more()
        except PlannerError as error:
            faults.append(error)
    console.give({"files": documents, **rest})
    if faults:
        raise faults[0]


def _role(console: Console, role: str) -> str:
    """Return the word for what a column stands for."""
    code = f"tables.role_{role}"
    if code in messages():
        return console.labels.message(code)
    return console.labels.column(role) if role else "–"


def _shown(console: Console, reading: Reading, file: Path, kinds: Kinds) -> dict[str, Any]:
    """Print how one file is read; return it as JSON."""
    from planner.cli.shared.tables import table

    labels, mapping = console.labels, reading.mapping
    console.show(f"{file.name} → {reading.source.layer}: {len(reading.table)}")
    if mapping is not None:
        how = [
            (name, value)
            for name, value in (
                ("sheet", mapping.sheet),
                ("header_row", mapping.header_row or ""),
                ("encoding", mapping.encoding),
                ("separator", repr(mapping.separator) if mapping.separator else ""),
                ("decimal", mapping.decimal),
                ("crs", reading.table.crs.to_string()),
                ("datum", mapping.datum),
            )
            if value != ""
        ]
        facts = table("", map(console.heading, ("setting", "value")))
        for name, value in how:
            facts.add_row(console.word(f"read_{name}"), str(value))
        grid = table("", map(console.heading, ("header", "means")))
        for header, role in mapping.columns.items():
            grid.add_row(header, _role(console, role))
        console.show(facts, grid)
    if reading.words:
        words = table("", map(console.heading, ("word", "kind", "rows")))
        for each in reading.words:
            kind = labels.kind(each.kind, kinds) if each.kind else "?"
            words.add_row(each.word or "–", kind, labels.number(each.count))
        console.show(words)
    if reading.states:
        meanings = table("", map(console.heading, ("word", "asked", "meaning", "rows")))
        for state in reading.states:
            meanings.add_row(
                state.word,
                labels.message(f"tables.asked_{state.column}"),
                labels.meaning(state.column, state.value) if state.value else "?",
                labels.number(state.count),
            )
        console.show(meanings)
    if reading.set_aside:
        told = _aside_table(console, reading.set_aside[:_ROWS_SHOWN], kinds).iloc[:, 2:]
        aside = table("", told.columns)
        for row in told.itertuples(index=False):
            aside.add_row(*row)
        console.show(aside)
    console.show_findings(reading.findings, kinds)
    return {
        "file": file.name,
        "layer": reading.source.layer,
        "rows": len(reading.table),
        "mapping": None if mapping is None else asdict(mapping),
        "words": [asdict(each) for each in reading.words],
        "states": [asdict(each) for each in reading.states],
        "set_aside": [
            asdict(row) | {"reason": console.labels.finding(row.reason, kinds)}
            for row in reading.set_aside
        ],
        "findings": console.findings_json(reading.findings, kinds),
    }
