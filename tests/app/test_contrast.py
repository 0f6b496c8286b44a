"""Contrast of the dashboard's own colours after WCAG 2.2: text 4.5 : 1, marks on the map 3 : 1."""

import re
import tomllib
from pathlib import Path

import pytest
from colours import luminance

import planner
from planner.views.maps import gaps, links

APP = Path(planner.__file__).parent / "app"
THEME = tomllib.loads((APP / "server" / ".streamlit" / "config.toml").read_text(encoding="utf-8"))[
    "theme"
]
STYLE = re.sub(r"/\*.*?\*/", "", (APP / "assets" / "style.css").read_text(encoding="utf-8"))
GROUND = "#f4f1ea"
"""The map's own ground."""

SELECTED = "#dae8e7"
"""What Streamlit mixes of the theme's first colour behind the button that is chosen."""


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rules() -> list[tuple[str, dict[str, str]]]:
    """Selector and declarations of each rule of the style sheet."""
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", STYLE):
        pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
        found.append((selector.strip(), {name.strip(): value.strip() for name, value in pairs}))
    return found


def test_the_measure_is_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_text_of_the_style_sheet_on_what_lies_behind_it():
    plain = [THEME["backgroundColor"], THEME["secondaryBackgroundColor"], "#eef6f4"]
    seen = 0
    for selector, declared in rules():
        colour = declared.get("color", "").removesuffix(" !important")
        if not re.fullmatch(r"#[0-9a-f]{6}", colour):
            continue
        behind = [declared["background"]] if "background" in declared else plain
        if "data-selected" in selector:
            behind = [SELECTED]
        for ground in behind:
            assert contrast(colour, ground) >= 4.5, (selector, colour, ground)
            seen += 1
    assert seen > 10


@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
@pytest.mark.parametrize("text", ["textColor", "linkColor", "primaryColor"])
def test_text_of_the_theme(text, ground):
    assert contrast(THEME[text], THEME[ground]) >= 4.5


@pytest.mark.parametrize("colour", sorted({*gaps.COLOURS.values(), *links.COLOURS.values()}))
def test_what_is_told_by_colour_on_the_map(colour):
    assert contrast(colour, GROUND) >= 3
    assert contrast(colour, "#ffffff") >= 3


def test_the_keyboard_is_seen():
    outlines = [
        declared["outline"] for selector, declared in rules() if "focus-visible" in selector
    ]
    assert outlines
    assert all(contrast(outline.split()[-1], "#ffffff") >= 3 for outline in outlines)
