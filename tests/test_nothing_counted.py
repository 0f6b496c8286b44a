"""What a sentence counts and finds none of is not written."""

import re

import pytest

from planner.errors import _OF_NOTHING, Finding, messages
from planner.views.words.labels import Labels

PAIRED = sorted(
    code for code, said in messages().items() if "{homes}" in said and "{facilities}" in said
)
COUNTS = {"pieces": 4, "ids": "a", "metres": 2, "spur": 3}


def told(code: str, language: str, **params) -> str:
    finding = Finding(code, {**COUNTS, "file": "a.gpkg", **params})
    return Labels(language).finding(finding)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("code", PAIRED)
def test_places_of_no_layer_are_not_counted(code, language):
    for homes, facilities in ((3, 0), (0, 3)):
        said = told(code, language, homes=homes, facilities=facilities)
        assert re.search(r"\b3\b", said)
        assert not re.search(r"(?<!\d)0 (home|facilit|个需求点|处设施)", said), said
    both = told(code, language, homes=2, facilities=3)
    assert "2" in both
    assert "3" in both


@pytest.mark.parametrize("language", ["en", "zh"])
def test_faults_of_streets_that_there_are_none_of_are_left_out(language):
    for zero in (("crossings",), ("tees",), ("gaps",), ("tees", "gaps"), ("crossings", "tees")):
        counts = {"crossings": 11, "tees": 12, "gaps": 13} | dict.fromkeys(zero, 0)
        for code in ("sources.unjoined", "sources.joined"):
            if code not in messages():
                continue
            said = told(code, language, **counts)
            assert not re.search(r"(?<![\d.,])0 ", said), said
            assert all(str(count) in said for count in counts.values() if count)
            assert not re.search(r"[;,，、；] ?[.。]|[:：] ?[;,，、；]", said), said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_gates_with_hours_are_told_only_where_there_are_some(language):
    said = told("osm.hours_of_ways", language, gates=1, ways=8, shut=0)
    assert " 0 " not in said
    assert "8" in told("osm.hours_of_ways", language, gates=0, ways=8, shut=2)


def test_every_piece_stands_in_a_sentence():
    texts = " ".join(messages().values())
    english = [piece for pieces in _OF_NOTHING.values() for piece in pieces if piece.isascii()]
    assert [piece for piece in english if piece not in texts] == []
