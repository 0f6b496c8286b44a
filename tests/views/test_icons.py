from xml.etree import ElementTree as ET

import pytest

from planner.district import Kind, builtin_kinds
from planner.views.maps.icons import glyph, icon, names


@pytest.mark.parametrize("kind", builtin_kinds().values(), ids=lambda kind: kind.id)
def test_every_kind_has_its_own_glyph(kind):
    assert kind.icon in names()
    ET.fromstring(icon(kind))


def test_glyphs_differ():
    assert len({glyph(name) for name in names()}) == len(names())


def test_what_does_not_count_looks_different():
    clinic = builtin_kinds()["clinic"]
    assert icon(clinic) != icon(clinic, counts=False)


def test_a_colour_from_a_file_cannot_carry_markup():
    drawn = icon(Kind("x", "x", "x", icon="../../etc", colour='"/><script>'))
    assert "script" not in drawn
    ET.fromstring(drawn)
