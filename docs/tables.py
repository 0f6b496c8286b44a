"""Write the tables of the docs that repeat what the code knows: layers, kinds, standards.

``python docs/tables.py`` rewrites what stands between the markers in ``docs/*.md``; a test fails
while a page differs from what this writes.
"""

from __future__ import annotations

import re
from pathlib import Path

from planner.district import LAYERS, Layer, Standard, builtin_kinds, builtin_standards
from planner.district.kinds import DEPARTMENTS

DOCS = Path(__file__).parent
MARKED = re.compile(r"(<!-- table: (?P<name>\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def rows(*cells: tuple[str, ...]) -> str:
    head, *body = cells
    lines = [head, ("---",) * len(head), *body]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def layer_table(layer: Layer) -> str:
    table = [("column", "type", "unit", "needed", "holds")]
    for column in layer.columns:
        meaning = column.meaning
        if column.choices:
            meaning += ": " + ", ".join(f"`{choice}`" for choice in column.choices)
        needed = "unique" if column.unique else "yes" if column.required else ""
        table.append((f"`{column.name}`", column.dtype, column.unit, needed, meaning))
    needed = "needed" if layer.required else "optional"
    shape = " / ".join(layer.geometry)
    return f"{layer.meaning[0].upper()}{layer.meaning[1:]}. {shape}; {needed}.\n\n{rows(*table)}"


def layers() -> str:
    return "\n\n".join(f"### {name}\n\n{layer_table(layer)}" for name, layer in LAYERS.items())


def kinds() -> str:
    table = [("kind", "English", "中文", "department", "OpenStreetMap tags")]
    for kind in builtin_kinds().values():
        tags = ", ".join(
            "`" + " + ".join(f"{key}={value}" for key, value in wanted.items()) + "`"
            for wanted in kind.osm
        )
        department = DEPARTMENTS[kind.department][0]
        table.append((f"`{kind.id}`", kind.en, kind.zh, department, tags))
    return rows(*table)


def standard_table(standard: Standard) -> str:
    table = [("kind", "limit (m)", "floor area (m²)", "verified", "clause")]
    for rule in standard.rules.values():
        floor = "" if rule.floor_area_m2 is None else f"{rule.floor_area_m2:g}"
        verified = "yes" if rule.verified else "no"
        table.append((f"`{rule.kind}`", f"{rule.limit_m:g}", floor, verified, rule.clause))
    return f"{standard.en} · {standard.zh}. {standard.source}\n\n{rows(*table)}"


def standards() -> str:
    known = builtin_standards().values()
    return "\n\n".join(f"### {standard.id}\n\n{standard_table(standard)}" for standard in known)


TABLES = {"layers": layers, "kinds": kinds, "standards": standards}


def renewed(page: str) -> str:
    """Return a page with its marked tables written anew."""
    return MARKED.sub(lambda m: f"{m[1]}\n{TABLES[m['name']]()}\n\n{m[3]}", page)


def pages() -> list[Path]:
    """Return the pages of the docs."""
    return sorted(DOCS.glob("*.md"))


if __name__ == "__main__":
    for file in pages():
        file.write_text(renewed(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
