"""What has no title is called by what is done, and a price is rounded in one way."""

from types import SimpleNamespace
from typing import Any

from planner.district.kinds import builtin_kinds
from planner.plan.proposals.proposal import Proposal
from planner.plan.workflow.reviews import Case
from planner.views.tables.plan.joint_plan import _called
from planner.views.tables.plan.plan import proposals_table
from planner.views.words.labels import Labels


def test_what_has_no_title_is_called_by_what_is_done() -> None:
    labels, kinds = Labels("en"), builtin_kinds()
    row = {"id": "P-1", "name": "", "remedy": "build", "kinds": "clinic"}
    found: Any = SimpleNamespace(proposals=())
    called = _called(row, found, labels, kinds)
    assert "new facility" in called
    assert labels.kind("clinic", kinds) in called
    assert _called({**row, "name": "North gate"}, found, labels, kinds) == "North gate"


def test_the_list_rounds_a_price_as_all_else_does() -> None:
    case = Case(Proposal(id="P-1", cost=8.117, cost_high=1302.456), (), (), ())
    table = proposals_table([case], Labels("en"), builtin_kinds())
    assert {8.12, 1302.46} <= set(table.select_dtypes("number").iloc[0])
