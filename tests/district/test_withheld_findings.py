"""Findings that were made with all counts tell none of them where small counts are withheld."""

import numpy as np
import pytest
from demo_part import part_of_demo
from typer.testing import CliRunner

from planner.cli import app


@pytest.mark.long
@pytest.mark.parametrize("group", ["pop_low_income", "pop_0_6"])
def test_what_a_community_adds_up_to_is_not_told_of_a_group(group):
    before = part_of_demo(3)
    homes = before.demand.copy()
    homes[group] = homes.get(group, homes["population"] * 0.1).round()
    sums = homes.groupby("community_id")[group].sum()
    communities = before.communities.copy()
    communities[group] = communities["community_id"].map(sums).to_numpy() * 3 + 50
    district = before.with_layers(demand=homes, communities=communities)
    code = "district.group_control_total"
    told = [each for each in district.findings if each.code == code]
    assert {each.params["demand"] for each in told} == set(sums.round().astype(int))
    shown = [each for each in district.withhold(120).findings if each.code == code]
    assert len(shown) == len(told)
    assert {each.params[name] for each in shown for name in ("demand", "control")} == {"…"}
    # what all residents add up to is no small count, and stays told
    off = communities.assign(population=np.full(len(communities), 7.0))
    whole = before.with_layers(communities=off).withhold(120).findings
    assert all(
        each.params["control"] == 7 for each in whole if each.code == "district.control_total"
    )


def test_a_small_count_of_a_group_is_not_shown():
    hidden = part_of_demo(3).withhold(120)
    group = next(iter(hidden.withheld.groups))
    assert np.isnan(hidden.shown_count(group, 3.0))
    assert hidden.shown_count(group, 0.0) == 0.0
    assert hidden.shown_count(group, 120.0) == 120.0
    assert hidden.shown_count("population", 3.0) == 3.0
    assert part_of_demo(3).shown_count(group, 3.0) == 3.0


@pytest.mark.long
def test_the_terminal_of_sites_says_what_is_withheld_and_names_no_small_count():
    command = ["site", "demo", "--kind", "clinic", "--new", "2", "--group", "pop_low_income"]
    ran = CliRunner().invoke(app, [*command, "--why", "--withhold-below", "120"])
    assert ran.exit_code == 0, ran.output
    said = " ".join(ran.output.split())
    assert "is withheld in" in said
    sentences = [each for each in said.split("- ") if " serves " in each]
    assert not any(f"({few})" in each for each in sentences for few in range(1, 120))
