"""What the profiles of walking change on extracts of OpenStreetMap: the table of docs/profiles.md.

``python benchmarks/measures/profiles.py FOLDER`` imports each extract of the folder (``*.osm.pbf``,
``*.osm.gz``) with a buffer of 1 km and prints, of each profile that ships and each kind whose limit
some demand keeps as everyone walks, whom the profile moves across it, as rows of Markdown. Demand
is m² of homes, since no residents are given, and no heights are. Kinds that neither profile moves
are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

import planner
from planner.district import District, builtin_profiles
from planner.sources import from_osm

BUFFER_M = 1000.0
HEADINGS = (
    *("extract", "streets", "profile", "shut / longer", "kind, limit"),
    *("within, everyone", "moved beyond", "not known", "rules, each off alone"),
)


def towns(folder: Path) -> Iterator[tuple[str, District]]:
    """Yield the extracts of a folder, and what each is called."""
    for path in sorted(folder.iterdir()):
        if path.name.endswith((".osm.pbf", ".osm.gz")):
            yield (
                path.name.split(".")[0].removesuffix("-latest").title(),
                from_osm(path, buffer_m=BUFFER_M),
            )


def effects(town: District) -> Iterator[list[str]]:
    """Yield the rows of one extract but for its name."""
    for name in builtin_profiles():
        result = planner.assess(town, profile=name)
        (measured,) = [f.params for f in result.findings if f.code == "profiles.measured"]
        effect = result.profile_effect()
        moved = effect[effect["moved_homes"] + effect["open_homes"] > 0]
        rules = result.rule_effect().set_index("kind")
        for row in moved[moved["group"] == result.groups[0]].itertuples():
            yield [
                f"{measured['km']:.0f} km",
                name,
                f"{measured['shut_km']} / {measured['longer_km']} km",
                f"{row.kind}, {row.limit_m:.0f} m",
                f"{row.within_everyone:,.0f}",
                counted(row.moved, row.moved_homes),
                counted(row.open, row.open_homes),
                by_rule(rules.loc[[row.kind]]),
            ]


def counted(demand: float, homes: int) -> str:
    """Return demand and, in brackets, homes; a nought where there is none."""
    return f"{demand:,.0f} ({homes})" if homes else "0"


def by_rule(rules: pd.DataFrame) -> str:
    """Return whom each rule moves by itself, the most first."""
    moving = rules[rules["moved_homes"] > 0].sort_values("moved", ascending=False, kind="stable")
    return ", ".join(f"{row.rule} {row.moved:,.0f}" for row in moving.itertuples())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    print(f"| {' | '.join(HEADINGS)} |")
    print("|---" * len(HEADINGS) + "|")
    for name, town in towns(parser.parse_args().folder):
        for row in effects(town):
            print(f"| {name} | {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
