"""What a verb tells beside its figures stands in groups, the gravest first."""

from planner.cli.shared.console import Console
from planner.district import builtin_kinds
from planner.errors import Finding


def test_what_may_make_figures_wrong_stands_before_what_the_program_decided(capsys):
    told = [
        Finding("sources.decoded", {"file": "a.csv", "encoding": "gb18030"}),
        Finding("sources.communities_empty", {"count": 1, "names": "West"}),
    ]
    Console("en").show_findings(told, builtin_kinds())
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "Worth knowing:",
        "Figures may be wrong, or people or places missing: 1",
    ]
    assert "West" in lines[2]
    assert lines[3] == "For the record: 1"
    assert "a.csv" in lines[4]


def test_without_findings_nothing_is_said(capsys):
    Console("en").show_findings((), builtin_kinds())
    assert capsys.readouterr().out == ""
