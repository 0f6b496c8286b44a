"""Figures of a group whose small counts are withheld, or that some areas do not tell."""

import pytest
from demo_part import part_of_demo

import planner
from planner.analysis.compliance.audit import audit
from planner.analysis.compliance.checklists import line_coverage
from planner.analysis.compliance.checkup import checkup
from planner.analysis.compliance.clauses import by_harm
from planner.analysis.measures.floating_catchments import access_by_community, access_scores
from planner.views.tables.analysis.checkups import clauses_table
from planner.views.tables.siting.matching import communities_table
from planner.views.words.labels import Labels

GROUP = "pop_disabled"


def untold(district):
    """A district of which two communities do not tell the group."""
    demand = district.demand.copy()
    silent = demand["community_id"].isin(sorted(set(demand["community_id"]))[:2])
    demand[GROUP] = demand[GROUP].astype("float64").mask(silent)
    return district.with_layers(demand=demand)


@pytest.fixture(scope="module", params=["withheld 5", "withheld 60", "untold"])
def judged(request):
    part = part_of_demo(6)
    made = untold(part) if request.param == "untold" else part.withhold(int(request.param[9:]))
    return planner.assess(made, "td-t-1062-2021", groups=[GROUP])


def few_alone(judged):
    """Whether each community tells how many of the group it has, and only parts are withheld."""
    return judged.district.withheld is not None and judged.district.withheld.threshold == 5


@pytest.mark.parametrize("level", ["community", "subdistrict"])
def test_a_score_lies_within_its_range(judged, level):
    scores = checkup(judged, level=level).scores.dropna(subset=["score"])
    assert (scores["score"] >= scores["score_low"] - 1e-9).all()
    assert (scores["score"] <= scores["score_high"] + 1e-9).all()


def test_who_is_not_told_is_not_nobody(judged):
    total = judged.league("community").groupby("area_id")["total"].first()
    assert total.isna().any() != few_alone(judged)
    silent = total.index[total.isna()]
    found = checkup(judged, level="community")
    assert found.scores.loc[silent, "residents"].isna().all()
    assert found.scores["residents"].drop(silent).eq(total.drop(silent)).all()
    lines = line_coverage(judged, level="community").set_index("area_id")
    assert lines.loc[silent, "total"].isna().all()
    assert lines.loc[silent, "covered_any"].isna().all()
    harm = by_harm(judged, found.parts, "community").set_index("area_id")["harm"]
    assert harm.loc[silent].isna().any() != few_alone(judged)


def test_what_is_not_told_is_no_need_and_no_access_of_nobody(judged):
    total = judged.league("community").groupby("area_id")["total"].first()
    silent = total.index[total.isna()]
    matched = planner.match_needs(judged, "clinic", group=GROUP, capacity=50.0)
    needs = matched.communities().set_index("community_id")
    assert needs.loc[silent, ["needs", "served", "unserved", "no_place"]].isna().all(axis=None)
    assert needs["needs"].drop(silent).notna().all()
    assert matched.summary()["needs"] == pytest.approx(float(needs["needs"].sum()))
    shown = communities_table(matched, "en")
    assert shown.loc[silent].select_dtypes("number").isna().all(axis=None)
    scores = access_scores(judged, "clinic", group=GROUP)
    access = access_by_community(judged, scores, group=GROUP).set_index("community_id")
    assert access.loc[silent, "residents"].isna().all()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_clause_is_a_sentence_without_a_number_that_is_none(judged, language):
    rows = audit(judged, level="community")
    table = clauses_table(judged, rows, language)
    sentence = Labels(language).message("checkup.col_sentence")
    silent = rows["of"].isna() & (rows["requirement"] == "distance")
    assert silent.any() != few_alone(judged)
    assert (table.loc[silent, sentence] != "").all()
    assert not table[sentence].str.contains("nan").any()
    told = {"en": "it is not told how many live here", "zh": "未提供此处的人数"}[language]
    assert table.loc[silent, sentence].str.contains(told).all()
    if language == "en":
        assert not table[sentence].str.contains("unknown").any()


def test_what_is_short_is_withheld_with_the_count(judged):
    rows = audit(judged, level="community")
    league = judged.league("community").set_index(["area_id", "kind"])
    short = rows[rows["requirement"] == "distance"].set_index(["area_id", "kind"])
    known = (league["covered"] + league["uncovered"]).reindex(short.index)
    for name in ("short_by", "short_by_low", "short_by_high"):
        assert short.loc[known.isna(), name].isna().all()
    assert (short.loc[known.isna(), "found_low"] == 0).all()
    assert (short.loc[known.isna(), "found_high"] == 1).all()
