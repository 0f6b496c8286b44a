"""The sign of a district's data: another with its values, and worked out once a district."""

import pytest
import shapely
from street_town import X, Y, crowded_street

from planner.district import fingerprint
from planner.district.fingerprint import data_sign


@pytest.mark.long
def test_it_turns_on_what_decides_who_is_covered():
    street = crowded_street()
    assert data_sign(street) == data_sign(crowded_street())
    more = street.demand.assign(population=street.demand["population"] + 1.0)
    assert data_sign(street.with_layers(demand=more)) != data_sign(street)
    moved = street.facilities.set_geometry([shapely.Point(X, Y)] * len(street.facilities))
    assert data_sign(street.with_layers(facilities=moved)) != data_sign(street)
    named = street.candidates.assign(name="another")
    assert data_sign(street.with_layers(candidates=named)) == data_sign(street)


def test_all_values_are_read_once_for_a_district(monkeypatch):
    read = []
    values = fingerprint._bytes_of
    monkeypatch.setattr(fingerprint, "_bytes_of", lambda each: read.append(each) or values(each))
    street = crowded_street()
    first, once = data_sign(street), len(read)
    assert once
    assert data_sign(street) == first
    assert len(read) == once
