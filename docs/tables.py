"""Write the tables of the docs that repeat what the code knows: layers, kinds, standards.

``python docs/tables.py`` rewrites what stands between the markers in ``docs/*.md``; a test fails
while a page differs from what this writes.
"""

from __future__ import annotations

import re
from pathlib import Path

from planner.district import (
    LAYERS,
    Kinds,
    Layer,
    Standard,
    WalkProfile,
    builtin_kinds,
    builtin_profiles,
    builtin_standards,
    read_kinds,
)
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


def profile_table(profile: WalkProfile) -> str:
    table = [("rule", "asks", "effect", "reason", "source", "checked")]
    for rule in profile.rules:
        effect = rule.effect if rule.effect != "longer" else f"× {rule.factor:g}"
        state = "" if rule.on else " (off)"
        checked = "yes" if rule.verified else ""
        cells = (f"`{rule.id}`{state}", f"`{rule.asks}`", effect, rule.reason, rule.source, checked)
        table.append(cells)
    return f"### {profile.en} (`{profile.id}`)\n\n{rows(*table)}"


def profiles() -> str:
    return "\n\n".join(map(profile_table, builtin_profiles().values()))


def kinds_table(table_of: Kinds) -> str:
    table = [("kind", "English", "中文", "department", "OpenStreetMap tags")]
    for kind in table_of.values():
        tags = ", ".join(
            "`" + " + ".join(f"{key}={value}" for key, value in wanted.items()) + "`"
            for wanted in kind.osm
        )
        department = DEPARTMENTS[kind.department][0]
        table.append((f"`{kind.id}`", kind.en, kind.zh, department, tags))
    return rows(*table)


def kinds() -> str:
    return kinds_table(builtin_kinds())


def everyday() -> str:
    return kinds_table(read_kinds("everyday"))


def standard_table(standard: Standard) -> str:
    optional = {
        "circle": "circle",
        "limit_s": "seconds",
        "floor_area_m2": "floor area (m²)",
        "residents_per_facility": "residents each",
        "presence": "one in each",
    }
    rules = standard.rules.values()
    shown = [name for name in optional if any(getattr(rule, name) for rule in rules)]
    groups = list(dict.fromkeys(group for rule in rules for group in rule.limits))
    heads = [*(optional[name] for name in shown), *(f"{group} (m)" for group in groups)]
    table = [("kind", "limit (m)", *heads, "verified", "clause")]
    for rule in rules:
        values = [getattr(rule, name) for name in shown] + [rule.limits.get(g) for g in groups]
        cells = ["" if v is None else v if isinstance(v, str) else f"{v:.10g}" for v in values]
        verified = "yes" if rule.verified else "no"
        table.append((f"`{rule.kind}`", f"{rule.limit_m:g}", *cells, verified, rule.clause))
    parts = [f"{standard.en} · {standard.zh}. {standard.source}"]
    if rules:
        parts.append(rows(*table))
    if standard.areas:
        parts.append(area_table(standard))
    return "\n\n".join(parts)


def area_table(standard: Standard) -> str:
    table = [("kinds", "area (m²)", "for each", "verified", "clause")]
    for target in standard.areas:
        names = ", ".join(f"`{kind}`" for kind in target.kinds)
        each = f"{target.count:g} {target.per}"
        table.append(
            (names, f"{target.m2:g}", each, "yes" if target.verified else "no", target.clause)
        )
    return rows(*table)


def standards() -> str:
    known = builtin_standards().values()
    return "\n\n".join(f"### {standard.id}\n\n{standard_table(standard)}" for standard in known)


TABLES = {
    "layers": layers,
    "kinds": kinds,
    "everyday": everyday,
    "standards": standards,
    "profiles": profiles,
}


def renewed(page: str) -> str:
    """Return a page with its marked tables written anew."""
    return MARKED.sub(lambda m: f"{m[1]}\n{TABLES[m['name']]()}\n\n{m[3]}", page)


def pages() -> list[Path]:
    """Return the pages of the docs."""
    return sorted(DOCS.glob("*.md"))


if __name__ == "__main__":
    for file in pages():
        file.write_text(renewed(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
