"""Codes of Chinese survey systems, held against the names of PROJ's own database."""

import pytest
from pyproj import CRS

from planner.sources.datums.older import same_zone, survey_of


@pytest.mark.parametrize("first", [4513, 4534, 4491, 4502])
def test_codes_are_those_of_their_names(first):
    names = {"cgcs2000": "CGCS2000", "beijing54": "Beijing 1954", "xian80": "Xian 1980"}
    count = 21 if first in (4513, 4534) else 11
    for code in range(first, first + count):
        for system, own in same_zone(f"EPSG:{code}").items():
            crs, survey = CRS(own), survey_of(own)
            assert survey is not None
            assert survey.system == system
            assert crs.name.startswith(names[system]), own
            assert ("3-degree" in crs.name) == survey.form.endswith("3")
            assert crs.name.endswith(
                f"zone {survey.number}"
                if survey.form.startswith("zone")
                else f"CM {survey.number}E"
            ), (own, crs.name)


def test_others_are_none():
    assert same_zone("EPSG:4326") == {}
    assert survey_of("PROJCS[…]") is None
    assert survey_of("EPSG:4555") is None
