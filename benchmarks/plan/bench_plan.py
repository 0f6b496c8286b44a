"""The joint plan of a whole city on the demo: seconds of processor time of what a reader waits for.

Five thousand proposals with fifty thousand entries in the trail, of which three hundred are decided
for five years and a thousand open; of the others it is known what became of them, as after some
years of work. Each opens a facility near a home of the demo.

Run: ``python benchmarks/plan/bench_plan.py [proposals] [entries] [decided]``.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import planner
from planner.analysis.assessment import Assessment
from planner.district import Open
from planner.plan import Plan, open_plan
from planner.plan.proposals.computing import compute
from planner.plan.proposals.making import as_kept, drafts
from planner.plan.queries import Wanted
from planner.plan.store.writing import Writing
from planner.sources.workspace.demo import demo_district
from planner.views.tables.plan.plan import proposals_table
from planner.views.words.labels import Labels

YEARS = range(2027, 2032)
OPEN = 1_000
ENDED = ("opened", "rejected", "withdrawn", "superseded")
KINDS = ("clinic", "police_room", "service_station", "cultural_station", "elderly_care")
WORKSPACE = "three-rivers.gpkg"


def timed(name: str, bar_s: float | None, work: Callable[[], Any]) -> Any:
    """Do something and print how long the processor worked on it, beside the bar."""
    start, wall = time.process_time(), time.perf_counter()
    made = work()
    took, passed = time.process_time() - start, time.perf_counter() - wall
    bar = "" if bar_s is None else f"  bar {bar_s:.0f} s"
    print(f"{name:58s} {took:6.2f} s (wall {passed:5.2f}){bar}", flush=True)
    return made


def filled(plan: Plan, result: Assessment, count: int, entries: int, decided: int):
    """Write proposals, of which the first are approved, and edits until the trail is as long."""
    draw = random.Random(17)
    kinds = [kind for kind in result.judged_kinds if kind in KINDS]
    homes = result.district.demand.geometry
    (model,) = drafts([Open("n", kinds[0], homes.iloc[0].x, homes.iloc[0].y)], result)

    figures = compute(result, model)

    def status_of(number: int) -> str:
        if number < decided:
            return "approved"
        return "submitted" if number < decided + OPEN else draw.choice(ENDED)

    def row_of(number: int) -> dict[str, Any]:
        spot = homes.iloc[draw.randrange(len(homes))]
        kind = draw.choice(kinds)
        step = Open("n", kind, spot.x + draw.uniform(-50, 50), spot.y + draw.uniform(-50, 50))
        (made,) = drafts([step], result)
        made = replace(
            made,
            workspace=WORKSPACE,
            cost=float(draw.randrange(20, 200)),
            currency=model.currency,
            year=draw.choice(YEARS),
            status=status_of(number),
            figures=figures,
        )
        return as_kept(made, f"P-{number:05d}").to_row()

    def fill(writing: Writing) -> None:
        for number in range(count):
            writing.add("proposal", {**row_of(number), "version": 1}, "propose")
        for number in range(entries - count):
            values = {"funding": f"budget {number}"}
            writing.change("proposal", f"P-{number % count:05d}", values, "edit")

    plan.store.write(plan.actor.author, fill)


def main(count: int, entries: int, decided: int) -> None:
    """Print the figures."""
    district = demo_district()
    result = planner.assess(district)
    print(f"{len(result.distances)} homes, {len(result.judged_kinds)} kinds judged")
    with tempfile.TemporaryDirectory() as folder, open_plan(f"{folder}/plan.sqlite") as plan:
        timed(
            f"{count} proposals and {entries} entries written",
            None,
            lambda: filled(plan, result, count, entries, decided),
        )
        timed(
            "the proposals in words, as the page lists them",
            2,
            lambda: proposals_table(
                plan.cases(Wanted(workspace=WORKSPACE)), Labels("en"), district.kinds
            ),
        )
        timed("the table of proposals", 2, plan.table)
        timed("the trail of one proposal", None, lambda: plan.trail("P-00007"))
        gaps = timed("gaps", None, result.gaps)
        timed("the agenda, first", None, lambda: plan.agenda(result, WORKSPACE, gaps=gaps))
        edit(plan, "P-00400")
        timed("the agenda after one edit", 1, lambda: plan.agenda(result, WORKSPACE, gaps=gaps))
        plan.set_target(kind="clinic", year=YEARS[-1], share=0.95, workspace=WORKSPACE)
        plan.set_limit(department="health", year=YEARS[1], amount=5_000.0, workspace=WORKSPACE)
        plan.agenda(result, WORKSPACE, gaps=gaps)
        edit(plan, "P-00401")
        timed(
            "the agenda with a target and a limit, after one edit",
            1,
            lambda: plan.agenda(result, WORKSPACE, gaps=gaps),
        )
        joint = timed("the joint plan", 5, lambda: plan.joint(result, WORKSPACE))
        edit(plan, "P-00009")
        timed("the joint plan, once it is measured anew", 5, lambda: plan.joint(result, WORKSPACE))
        timed("every community of every year", None, joint.areas)
        timed("who is left out", None, joint.left_out)
        timed(
            "what the compromise costs (10 s of searching at most)",
            None,
            lambda: plan.compare(result, WORKSPACE),
        )


def edit(plan: Plan, own: str) -> None:
    """Move a proposal to where another is."""
    row = plan.get("P-00010").to_row()
    values = {"changes": row["changes"], "geometry": row["geometry"], "kinds": row["kinds"]}
    plan.store.write(plan.actor.author, lambda w: w.change("proposal", own, values, "edit"))


if __name__ == "__main__":
    main(*[int(each) for each in sys.argv[1:]] or (5_000, 50_000, 300))
