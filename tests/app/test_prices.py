"""Prices edited in the page: kept with the work, taken back, and used by every page."""

import pytest

from planner.app.session.answers.costs import costs_of
from planner.app.session.drafts.draft import MOST_SAID, Draft
from planner.app.session.drafts.prices import PRICES
from planner.app.widgets.prices import _with
from planner.errors import InputError
from planner.siting.costs import builtin_costs, costs_from_toml, costs_toml


def test_prices_are_the_same_read_back():
    costs = _with(_with(builtin_costs(), "link_per_m.path", 0.5), "saving", 40.0)
    assert (costs.link_per_m["path"], costs.one_stop_saving) == (0.5, 0.4)
    assert costs_from_toml(costs_toml(costs)) == costs
    assert costs_of("") is None
    with pytest.raises(InputError):
        costs_from_toml(costs_toml(_with(builtin_costs(), "saving", 140.0)))


def test_what_is_said_is_kept_with_the_work_and_taken_back():
    draft = Draft().set(PRICES, "a").set(PRICES, "b")
    district, read = Draft.from_json(draft.to_json("town.gpkg"))
    assert (district, read.setting(PRICES)) == ("town.gpkg", "b")
    assert read.unset(PRICES).setting(PRICES) == "a"
    assert read.unset(PRICES).unset(PRICES).setting(PRICES) == ""
    assert read.unset("weights") == Draft.from_json(draft.to_json("x"))[1].unset("weights")
    for number in range(2 * MOST_SAID):
        draft = draft.set(PRICES, str(number))
    assert len(draft.said[PRICES]) == MOST_SAID


def test_a_draft_without_settings_is_read_as_before():
    assert "said" not in Draft().to_json("town.gpkg")
    assert Draft.from_json(Draft().to_json("town.gpkg"))[1] == Draft()


def test_a_page_opens_the_prices_and_uses_those_of_the_work(open_app):
    app = open_app("siting", district="street.gpkg", kind="clinic", lang="en")
    app.button(key="prices_open").click().run()
    assert not app.exception
    shown = app.dataframe[-1].value
    assert shown.iloc[:, 1].tolist()[:2] == [60.0, 0.6]
    assert app.button(key="prices_undo").disabled
    assert app.button(key="prices_shipped").disabled
