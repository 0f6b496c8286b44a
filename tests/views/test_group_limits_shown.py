"""Maps, legends and exports speak of the limit of the group they show."""

import pytest
from measured_towns import STANDARD, random_town

import planner
from planner.district.standards.standards import Rule, Standard
from planner.views.maps.assessment import assessment_map
from planner.views.maps.parts.legend import legend_html


@pytest.fixture(scope="module")
def result():
    rules = {"clinic": Rule("clinic", 300.0, limits={"pop_65plus": 150.0})}
    return planner.assess(random_town(0), Standard(**{**vars(STANDARD), "rules": rules}))


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("group", "limit"), [("population", "300 m"), ("pop_65plus", "150 m")])
def test_the_map_names_the_limit_of_its_group(result, group, limit):
    page = assessment_map(result, "clinic", group=group).get_root().render()
    assert f"Limit {limit}" in page
    assert legend_html(result, "clinic", group)


def test_more_of_a_group_lie_beyond_a_shorter_limit(result):
    from planner.views.maps.parts.homes import home_circles
    from planner.views.words.labels import Labels

    near, far = (
        home_circles(result, "clinic", group, Labels("en"))[0][-1]
        for group in ("pop_65plus", "population")
    )
    assert len(near.arguments) > len(far.arguments)
