"""Sentences filled in: no blank parts two Chinese signs, and each ends before the next begins."""

from collections import defaultdict
from string import Formatter
from types import SimpleNamespace

import pytest
from chinese_signs import blanks_between_signs

from planner.plan.workflow.reviews import Case, Review
from planner.views.words.catalogue import catalogue
from planner.views.words.labels import Labels
from planner.views.words.plan.proposals import review_sentence
from planner.views.words.sentences import filled_chinese

PLAIN = [
    each
    for each in catalogue("zh").values()
    # a form such as {month:02d} takes figures only
    if not any(form for *_, form, _ in Formatter().parse(each) if form)
]


def test_no_chinese_sentence_parts_two_signs_where_words_come_in():
    assert len(PLAIN) > 1000
    for sentence in PLAIN:
        said = filled_chinese(sentence, defaultdict(lambda: "甲乙"))
        # what a sentence itself parts are words to be typed, such as 在用、在建 或 停用
        assert blanks_between_signs(said) == blanks_between_signs(sentence), sentence


def test_beside_figures_and_latin_words_the_blank_stays():
    assert filled_chinese("共 {count} 个，{name} 为零", {"count": 3, "name": "A"}) == (
        "共 3 个，A 为零"
    )


def test_a_part_of_a_community_stands_apart_from_its_latin_name():
    middle = Labels("zh").message("gaps.direction_middle")
    for name, told in (("São Paulo", "São Paulo 中部"), ("锦绣社区", "锦绣社区中部")):
        said = Labels("zh").message("gaps.part_of_community", community=name, direction=middle)
        assert said == told


def test_blanks_of_a_name_stay():
    assert filled_chinese("{name} 已删除", {"name": "示例区 三江"}) == "示例区 三江已删除"


@pytest.mark.parametrize(
    ("language", "answer", "told"),
    [
        ("en", "", "The yard is a school's. No answer yet (R-1)."),
        ("en", "It lends it.", "The yard is a school's. Answer by Li: It lends it."),
        ("zh", "", "The yard is a school's。尚未答复（R-1）。"),
    ],
)
def test_a_reason_ends_before_the_answer_begins(language, answer, told):
    own = SimpleNamespace(content_sign="1")
    said = Review(
        id="R-1",
        version=1,
        deleted=False,
        proposal_id="P-1",
        department="health",
        position="object",
        reason="The yard is a school's",
        content_sign="1",
        by="Wang",
        at="2026-11-27T10:00:00",
        answer=answer,
        answered_by="Li" if answer else "",
        answered_at="",
    )
    assert review_sentence(Labels(language), Case(own), said).endswith(told)
