"""``planner report``: the files that it writes, and what it refuses."""

import json
from dataclasses import replace

import pytest
from docx import Document

from planner.cli import main
from planner.siting.costs import builtin_costs, costs_toml
from planner.siting.proposals import proposing

pytestmark = pytest.mark.usefixtures("small_demo", "read_once")


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([str(each) for each in arguments])
    return int(end.value.code or 0)


@pytest.mark.long
def test_it_writes_each_form_with_the_parts_and_fields_asked_for(tmp_path, capsys):
    files = [tmp_path / f"report.{ending}" for ending in ("docx", "xlsx", "html")]
    outs = [word for file in files for word in ("--out", file)]
    asked = ("--part", "standard", "--part", "siting", "--kind", "clinic", "--new", 1)
    code = run(
        "report", "demo", *outs, *asked, "--steps", 20, "--document-number", "7/2026", "--json"
    )
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["parts"] == ["standard", "siting", "provenance"]
    assert told["files"] == [str(file) for file in files]
    assert all(file.stat().st_size > 5000 for file in files)
    text = "\n".join(each.text for each in Document(files[0]).paragraphs)
    assert "7/2026" in text
    assert "Document number: 7/2026" in files[2].read_text(encoding="utf-8")


@pytest.mark.long
def test_sites_are_sought_for_the_group_that_is_asked(tmp_path, capsys, monkeypatch):
    asked, usual = [], proposing.propose

    def propose(*arguments, **options):
        asked.append(options["group"])
        return usual(*arguments, **options)

    monkeypatch.setattr(proposing, "propose", propose)
    sites = ("--part", "siting", "--kind", "clinic", "--new", 1, "--steps", 20)
    out = tmp_path / "report.html"
    assert run("report", "demo", "--out", out, *sites, "--group", "pop_65plus") == 0
    assert asked == ["pop_65plus"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "report.pdf"], "report.pdf"),
        (["--out", "report.html", "--template", "own.docx"], "template"),
        (["--out", "report.html", "--part", "weather"], "weather"),
    ],
)
def test_what_it_cannot_write_is_refused_before_a_file_is_there(
    arguments, said, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert run("report", "demo", *arguments) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("report.*"))


def test_a_joint_plan_is_told(tmp_path, capsys):
    plan = tmp_path / "plan.sqlite"
    base = ("--plan", plan)
    spot = ("--x", 604_823.72, "--y", 2_838_247.52)
    told = ("--department", "health", "--title", "Round of the east")
    made = run(
        "plan", "add", "demo", "--action", "outreach", "--kind", "clinic", *spot, *told, *base
    )
    assert made == 0, capsys.readouterr().err
    out = tmp_path / "report.html"
    assert run("report", "demo", "--part", "plan", "--out", out, *base) == 0
    assert "Round of the east" in out.read_text(encoding="utf-8")


@pytest.mark.long
def test_it_tells_the_prices_of_a_file(tmp_path, capsys):
    prices, out = tmp_path / "prices.toml", tmp_path / "report.html"
    prices.write_text(costs_toml(replace(builtin_costs(), site_fixed=123.25)), encoding="utf-8")
    sites = ("--part", "siting", "--part", "gaps", "--kind", "clinic", "--new", 1, "--steps", 20)
    assert run("report", "demo", "--out", out, *sites, "--costs", prices) == 0
    page = out.read_text(encoding="utf-8")
    # one list of prices: the sites and the gaps are told with the same
    assert page.count("123.25") == 1
    prices.write_text("site = 1", encoding="utf-8")
    assert run("report", "demo", "--out", out, "--costs", prices) == 2
