"""Benchmarks as data: what other places have, to set a district's own shares beside."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planner.documents import parse_toml, unread_entry
from planner.errors import InputError
from planner.own_copies import shipped

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Benchmark:
    """Shares of communities that have each kind of facility somewhere.

    Presence inside a community is not distance: a home may be near a facility across the
    boundary, or far from the one inside.

    Parameters
    ----------
    id, en, zh
        Identifier and names.
    source, date
        Where the figures come from, and the day they hold for, ISO 8601.
    presence
        Share of communities (0–1) with at least one facility, by kind.
    premises_kinds, premises_floor_area_m2, premises_share
        Share of the premises of these kinds that reach this floor area.
    """

    id: str
    en: str
    zh: str
    source: str
    date: str
    presence: Mapping[str, float]
    premises_kinds: tuple[str, ...] = ()
    premises_floor_area_m2: float | None = None
    premises_share: float | None = None

    def name(self, language: str = "en") -> str:
        """Return the name in ``"en"`` or ``"zh"``."""
        return self.zh if language == "zh" else self.en


_HEAD = ("id", "en", "zh", "source", "date", "presence")
_ENTRIES = {**dict.fromkeys(_HEAD), "premises": dict.fromkeys(("kinds", "floor_area_m2", "share"))}
"""What a file may hold; which kinds ``presence`` may name, only a district knows."""


def read_benchmark(path: str | Path) -> Benchmark:
    """Read a benchmark from a TOML file of the form of the built-in ones.

    Raises
    ------
    InputError
        Where the file is not TOML, a name is missing or a share is not between 0 and 1.
    """
    path = Path(path)
    try:
        data = parse_toml(path.read_text(encoding="utf-8-sig"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError("district.not_toml", file=path.name, reason=str(error)) from error
    for name in ("en", "zh", "source", "date", "presence"):
        if name not in data:
            raise InputError(
                "district.standard_field",
                file=path.name,
                where="head",
                problem=f"the field '{name}' is missing",
            )
    if unread := unread_entry(data, _ENTRIES):
        raise InputError("district.unread_benchmark", file=path.name, entry=unread)
    premises = data.get("premises", {})
    shares = {f"presence of {kind}": share for kind, share in data["presence"].items()}
    if "share" in premises:
        shares["premises"] = premises["share"]
    for where, share in shares.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise InputError(
                "district.standard_field",
                file=path.name,
                where=where,
                problem="a share is a number from 0 to 1",
            )
    return Benchmark(
        id=str(data.get("id", path.stem)),
        en=data["en"],
        zh=data["zh"],
        source=data["source"],
        date=str(data["date"]),
        presence=data["presence"],
        premises_kinds=tuple(premises.get("kinds", ())),
        premises_floor_area_m2=premises.get("floor_area_m2"),
        premises_share=premises.get("share"),
    )


@shipped
def builtin_benchmarks() -> dict[str, Benchmark]:
    """Return the benchmarks that ship with the package, by id."""
    benchmarks = (read_benchmark(file) for file in sorted(_FOLDER.glob("*.toml")))
    return {benchmark.id: benchmark for benchmark in benchmarks}


def find_benchmark(benchmark: str | Path | Benchmark) -> Benchmark:
    """Return a benchmark given as itself, by the id of a built-in one, or as a TOML file.

    Raises
    ------
    InputError
        Where it is neither.
    """
    if isinstance(benchmark, Benchmark):
        return benchmark
    known = builtin_benchmarks()
    if str(benchmark) in known:
        return known[str(benchmark)]
    if str(benchmark).endswith(".toml"):
        return read_benchmark(benchmark)
    raise InputError("district.unknown_benchmark", name=str(benchmark), known=", ".join(known))
