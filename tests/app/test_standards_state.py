"""The tab of the page of standards on which clauses are ticked as checked."""

import re

import pytest
from test_pages import whole

from planner.app.session.reader import own_standards
from planner.district import builtin_standards, diff_standards
from planner.district.standards.standards import BASES
from planner.views.words.labels import Labels
from planner.views.words.standards import difference_rows


def test_a_tick_with_a_name_makes_a_standard_of_ones_own(open_app):
    app = whole(open_app("standards", lang="en", standard="gb50180-2018"))
    said = next(each.value for each in app.markdown if "clauses were checked" in each.value)
    assert said.startswith("0 of 9")
    app.multiselect[0].set_value(["clinic", "police_room"])
    (button,) = [each for each in app.button if "Keep" in each.label]
    refused = button.click().run()
    assert "Say who checked" in refused.error[0].value
    (name,) = [each for each in app.text_input if each.label == "Who checked"]
    name.input("Li Wei")
    app.multiselect[0].set_value(["clinic", "police_room"])
    (button,) = [each for each in app.button if "Keep" in each.label]
    app = whole(button.click().run())
    assert any("2 clauses" in each.value for each in app.success)
    assert any(each.value.startswith("2 of 9") for each in app.markdown)
    kept = app.session_state["planner_own_standards"][-1]
    assert re.fullmatch(r"gb50180-2018-[0-9a-f]{16}", kept)
    rules = own_standards.find(kept).rules
    assert {kind for kind, rule in rules.items() if rule.verified_by == "Li Wei"} == {
        "clinic",
        "police_room",
    }


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_standards_are_set_side_by_side_in_words_and_figures_that_read(language):
    known = builtin_standards()
    found = diff_standards(known["gb50180-2018"], known["15-minute"])
    labels = Labels(language)
    rows = difference_rows(found, labels)
    values = {value for row in rows for value in row[2:]}
    assert not values & set(BASES)
    assert labels.message("standards.basis_assumption") in values
    assert "100,000" in values
    assert "100000" not in values
