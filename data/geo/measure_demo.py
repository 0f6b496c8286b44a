"""Measure the demo district: ``python data/geo/measure_demo.py`` writes demo.answers.

It holds what the first map of the demo needs: the district, how far its homes are from what its
usual standard asks for, and the ground below. A server that has just been installed draws that map
before it has compiled the programs that measure. Run this after `make_demo.py`, and whenever the
answers are others; a test tells.
"""

from __future__ import annotations

from pathlib import Path

from planner.app.preparation import first_map
from planner.app.session.answers.kept import ship
from planner.app.session.catalogue import DEMO, Entry

FILE = Path(__file__).resolve().with_name("demo.answers")


def main() -> None:
    """Write demo.answers beside demo.gpkg."""
    ship(FILE, lambda: first_map(Entry(DEMO)))
    print(f"{FILE.stat().st_size} bytes -> {FILE}")


if __name__ == "__main__":
    main()
