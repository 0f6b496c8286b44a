"""Maps, legends and exports speak of the limit of the group they show."""

import pandas as pd
import pytest
from measured_towns import STANDARD, random_town

import planner
from planner.district.standards.standards import Rule, Standard
from planner.views.maps.assessment import assessment_map
from planner.views.maps.parts.legend import legend_html
from planner.views.tables.analysis.assessment import LEAGUE_COLUMNS, league_table


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


def test_reports_and_tables_tell_the_limit_of_each_group(result, tmp_path):
    table = league_table(result, "community")
    names = dict(zip(LEAGUE_COLUMNS, table, strict=True))
    clinic = table[table[names["limit_m"]].isin([150.0, 300.0])]
    limits = clinic.groupby(names["group"])[names["limit_m"]].unique().map(list).to_dict()
    assert sorted(limits.values()) == [[150.0], [300.0]]
    assert "65" in next(group for group, own in limits.items() if own == [150.0])
    file = planner.assess(result.district, result.standard).report().write(tmp_path / "a.xlsx")
    cells = pd.read_excel(file, sheet_name="Coverage by group", header=None, engine="calamine")
    rows = cells.astype(object).to_numpy().tolist()
    heads = next(row for row in rows if any(str(cell).startswith("Limit of") for cell in row))
    at = [n for n, head in enumerate(heads) if str(head).startswith("Limit of")]
    assert len(at) == 1
    assert "65" in heads[at[0]]
    assert 150 in [row[at[0]] for row in rows]
