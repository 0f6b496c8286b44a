"""Places from one CRS to another: prepared once, whichever thread asks."""

import os
import threading

import numpy as np
import pytest
from pyproj import Transformer
from pyproj.transformer import TransformerMaker
from street_town import crowded_street

from planner.district.transformers import Transformation, transformer

LON, LAT = np.array([114.9, 115.1]), np.array([25.8, 25.9])


def test_it_says_what_proj_says_in_both_directions():
    ours, theirs = transformer(4326, 32650), Transformer.from_crs(4326, 32650, always_xy=True)
    assert np.array_equal(ours.transform(LON, LAT), theirs.transform(LON, LAT))
    x, y = theirs.transform(LON, LAT)
    back = ours.transform(x, y, direction="INVERSE")
    assert np.array_equal(back, theirs.transform(x, y, direction="INVERSE"))
    box = (114.9, 25.8, 115.1, 25.9)
    assert ours.transform_bounds(*box) == theirs.transform_bounds(*box)


def test_a_new_thread_does_not_prepare_it_again(monkeypatch):
    change = transformer(4326, 4547)
    made, there = [], []
    prepare = TransformerMaker.__call__
    monkeypatch.setattr(TransformerMaker, "__call__", lambda it: made.append(it) or prepare(it))
    for _ in range(3):
        thread = threading.Thread(target=lambda: there.append(change.transform(115.0, 25.0)))
        thread.start()
        thread.join()
    assert there == [change.transform(115.0, 25.0)] * 3
    assert not made


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no process")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_can_ask_too():
    change = transformer(4326, 32650)
    change.transform(115.0, 25.0)
    child = os.fork()
    if not child:
        os._exit(0 if change.transform(115.0, 25.0)[0] > 0 else 1)
    ended = threading.Timer(20, os.kill, (child, 9))
    ended.start()
    _, status = os.waitpid(child, 0)
    ended.cancel()
    assert os.waitstatus_to_exitcode(status) == 0


def test_where_a_district_lies_is_asked_once_for_all_scenarios_on_it(monkeypatch):
    street = crowded_street()
    assert street.lies_in_mainland_china
    asked = []
    place = Transformation.transform
    monkeypatch.setattr(
        Transformation, "transform", lambda *at, **how: asked.append(at) or place(*at, **how)
    )
    fewer = street.with_layers(facilities=street.facilities.iloc[:2])
    assert fewer.lies_in_mainland_china
    assert not asked
