"""Where all this comes from: sources with licence, parameters, version and fingerprints."""

from __future__ import annotations

import pandas as pd

from planner.district.fingerprint import data_sign, standard_sign
from planner.network.islands import ISLAND_M
from planner.reports.asked import Asked
from planner.reports.content import Block, Part, Table, table_of

ODBL = "odbl"


def provenance(asked: Asked) -> Part:
    """Return sources and credits, and all that is needed to make the same report again."""
    district = asked.result.district
    blocks: list[Block] = []
    if district.sources:
        blocks.append(_sources(asked))
    if district.attribution:
        names = asked.labels.text(district.attribution)
        blocks.append(asked.say("credits", names=names))
    if any(ODBL in each.licence.casefold().replace("-", "") for each in district.sources):
        blocks.append(asked.say("odbl"))
    blocks += [_parameters(asked), asked.say("made", **_made(asked))]
    return Part("provenance", asked.say("part_provenance"), tuple(blocks))


def _made(asked: Asked) -> dict[str, str]:
    from planner import __version__

    return {"at": asked.labels.date(asked.at.date()), "version": __version__}


def _sources(asked: Asked) -> Table:
    labels, district = asked.labels, asked.result.district
    rows = [
        (
            labels.message(f"app.layer_{each.layer}"),
            each.source or labels.message("provenance.no_source"),
            labels.date(each.date) if each.date else labels.message("provenance.no_date"),
            each.licence,
            labels.text(each.attribution) if each.attribution else "",
        )
        for each in district.sources
    ]
    names = ("layer", "source", "date", "licence", "attribution")
    frame = pd.DataFrame(rows, columns=[asked.say(f"col_{name}") for name in names])
    return table_of(
        asked.say("sheet_sources"), asked.say("caption_sources"), frame, asked.columns()
    )


def _parameters(asked: Asked) -> Table:
    from planner import __version__

    result, labels = asked.result, asked.labels
    everyone = labels.message("profiles.everyone")
    profile = labels.profile(result.profile) if result.profile is not None else everyone
    groups = labels.text(", ").join(map(labels.group, result.groups))
    rows = [
        ("district", result.district.name),
        ("standard", f"{labels.standard(result.standard)} ({result.standard.id})"),
        ("groups", groups),
        ("group", labels.group(asked.group)),
        ("profile", profile),
        ("max_access", labels.metres(result.max_access_m)),
        ("island", labels.metres(_island_m(asked))),
        ("crs", result.district.crs.to_string()),
        ("data_sign", data_sign(result.district)),
        ("standard_sign", standard_sign(result.standard)),
        ("version", __version__),
    ]
    worded = [(asked.say(f"param_{name}"), value) for name, value in rows]
    worded += [(asked.say("param_question"), line) for line in labels.asked(result)]
    names = [asked.say("col_parameter"), asked.say("col_value")]
    frame = pd.DataFrame(worded, columns=names)
    caption = asked.say("caption_parameters")
    return table_of(asked.say("sheet_parameters"), caption, frame, asked.columns())


def _island_m(asked: Asked) -> float:
    own = asked.result.district.island_m
    return ISLAND_M if own is None else own
