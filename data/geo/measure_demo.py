"""Measure the demo district: ``python data/geo/measure_demo.py`` writes demo.answer.

It holds how far the demo's homes are from what its usual standard asks for. A server that has just
been installed draws its first map of it, before it has compiled the programs that measure. Run
this after `make_demo.py`, and whenever the distances are others; a test tells.
"""

from __future__ import annotations

import lzma
from pathlib import Path

from planner.analysis.packing import packed_assessment
from planner.app.session.answers.kept import shipped_sign
from planner.district.fingerprint import standard_sign
from planner.result import assess
from planner.sources import read_district
from planner.sources.packed import pack

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Write demo.answer beside demo.gpkg."""
    demo = HERE / "demo.gpkg"
    result = assess(read_district(demo))
    sign = shipped_sign(demo, [standard_sign(result.standard)])
    content = lzma.compress(pack(sign, packed_assessment(result)), preset=9)
    (HERE / "demo.answer").write_bytes(content)
    print(f"{result!r}\n{len(content)} bytes -> {HERE / 'demo.answer'}")


if __name__ == "__main__":
    main()
