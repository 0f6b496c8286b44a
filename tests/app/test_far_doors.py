"""Coverage of doors far from every street: straight, or both readings, as the address says."""

import pytest

from planner.app.session.answers.assessments import Question
from planner.app.session.catalogue import Entry


@pytest.mark.long
def test_both_readings_are_shown_where_the_box_asks_for_them(open_app):
    app = open_app("coverage", district="demo", kind="clinic", unmapped="20", lang="en")
    assert not app.exception
    box = app.number_input("input_unmapped")
    assert box.value == 20.0
    told = "\n".join(each.value for each in app.markdown)
    assert "more than 20 m from every mapped street" in told
    box.set_value(None).run()
    assert not app.exception
    told = "\n".join(each.value for each in app.markdown)
    assert "more than 20 m from every mapped street" not in told


def test_a_question_of_both_readings_is_not_plain():
    entry = Entry("demo")
    assert Question(entry, "x").plain
    assert not Question(entry, "x", unmapped_m=0.0).plain
