"""The verbs of ``planner plan``, by name."""

from __future__ import annotations

from collections.abc import Callable

import typer

from planner.cli.plan import aims, deciding, files, meeting, proposing, reading, years

plan_app = typer.Typer(
    help="The departments' shared plan: propose, review, decide, build, and the trail of it.",
    epilog="Example: planner plan open",
    rich_markup_mode=None,
    no_args_is_help=True,
)

_ID = "P-4F7K-92QD"
VERBS: dict[str, tuple[Callable[..., None], str]] = {
    "open": (reading.open_, ""),
    "list": (reading.list_, "--status under_review --department health"),
    "show": (reading.show, _ID),
    "propose": (proposing.propose, "city.gpkg sites/sites_scenario.json --year 2027"),
    "add": (proposing.add, "demo --action outreach --kind clinic --x 604823 --y 2838247"),
    "combine": (proposing.combine, f"city.gpkg {_ID} P-1B2C-3D4E"),
    "edit": (proposing.edit, f"{_ID} --year 2028 --version 3"),
    "recompute": (proposing.recompute, f"city.gpkg {_ID}"),
    **{
        name.replace("_", "-"): (
            deciding.step_verb(name),
            f"{_ID} --why 'too dear'" if name in ("reject", "send_back", "withdraw") else _ID,
        )
        for name in deciding.HELP
    },
    "opened": (deciding.opened, f"city.gpkg {_ID} --source 'hand-over of 2027-05-01'"),
    "supersede": (deciding.supersede, f"{_ID} P-1B2C-3D4E --why 'one building for both'"),
    "put-aside": (deciding.put_aside, f"{_ID} --why 'entered twice'"),
    "review": (deciding.review, f"{_ID} object --department planning --why 'no land there'"),
    "answer": (deciding.answer, "R-7HJK-M3NP 'The school lends its yard.'"),
    "consult": (deciding.consult, f"{_ID} housing --due 2027-03-31"),
    "comment": (deciding.comment, f"{_ID} 'Seen on site: the gate is open.'"),
    "document": (deciding.document, f"{_ID} Minutes https://example.org/minutes.pdf"),
    "agenda": (meeting.agenda, "city.gpkg"),
    "years": (years.years, "city.gpkg --out years"),
    "compare": (years.compare, "city.gpkg --budget 3000"),
    "trail": (reading.trail, _ID),
    "verify": (reading.verify, ""),
    "backup": (files.backup, "plan-2027-01.backup"),
    "restore": (files.restore, "plan-2027-01.backup --plan new.sqlite"),
    "export": (files.export, "health.plan"),
    "import": (files.import_, f"health.plan --take {_ID}=theirs"),
    "scenario": (files.scenario, "decided.json --workspace city.gpkg"),
}
"""Every verb by its name, with the arguments of its example."""

for _name, (_verb, _example) in VERBS.items():
    plan_app.command(_name, epilog=f"Example: planner plan {_name} {_example}".rstrip())(_verb)


GROUPS = {
    "target": (aims.TARGET_VERBS, "Targets of coverage by year, and how the plan stands to them."),
    "limit": (aims.LIMIT_VERBS, "What departments may spend in a year, and what is over."),
}
"""Groups of verbs by their name: the verbs, and what the group is for."""

for _group, (_verbs, _help) in GROUPS.items():
    _example = next(iter(_verbs.values()))[1]
    _app = typer.Typer(
        help=_help,
        epilog=f"Example: planner plan {_group} set {_example}",
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    for _name, (_verb, _example) in _verbs.items():
        _line = f"Example: planner plan {_group} {_name} {_example}"
        _app.command(_name, epilog=_line)(_verb)
    plan_app.add_typer(_app, name=_group)
