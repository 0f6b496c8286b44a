import html
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from planner.views.escaping import data, safe

DANGEROUS = "<>&'\"`${}%#\\"
nasty = st.text(st.sampled_from(DANGEROUS + "a7*\u2028/\n") | st.characters(), max_size=40)


@given(nasty)
def test_text_comes_back_from_html_and_holds_nothing_live(value):
    made = safe(value)
    assert html.unescape(made) == value.replace("\x00", "\x00")
    assert not set(made) & set("<>'\"`${}\\")


@pytest.mark.long
@given(st.lists(nasty) | st.dictionaries(nasty, st.lists(st.integers() | nasty)))
def test_data_come_back_from_json_and_survive_a_template(value):
    made = data(value)
    assert json.loads(made) == value
    assert Template(made).render() == made
    assert not set(made) & set("<>&'`$%#\u2028\u2029")
