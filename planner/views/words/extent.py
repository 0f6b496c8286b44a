"""What a district's data are, in sentences: how much of a place, of when, and counted by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planner.district import District, Source
from planner.views.words.labels import Labels
from planner.views.words.provenance import LAYERS

WITHOUT_BOUNDARY = ("osm.area_of_residents", "osm.no_boundary")
"""Findings on a district whose outline is no official one, but that of its data."""

MOST_DATES = 2
"""So many dates of a layer are told one by one, of more the first and the last."""


def extent_sentence(district: District, labels: Labels) -> str:
    """Return that a district is only what the data cover of a place; empty with a boundary.

    Without it the figures would be taken for those of the whole city whose name the district bears.
    """
    if not any(each.code in WITHOUT_BOUNDARY for each in district.findings):
        return ""
    return labels.message(
        "provenance.part_covered",
        name=labels.text(district.name),
        homes=labels.number(len(district.demand)),
        area=labels.number(float(district.communities.area.sum()) / 1e6, 1),
    )


def age_sentence(district: District, labels: Labels) -> str:
    """Return of when the layers are that a walking distance rests on; empty where no source tells.

    Layers of the same dates are told together, those of which a source states none as such.
    """
    together: dict[str, list[str]] = {}
    for name in LAYERS:
        own = [source for source in district.sources if source.layer == name]
        if own and not district.layers[name].empty:
            word = labels.message(f"app.layer_{name}")
            together.setdefault(_dates(own, labels), []).append(word)
    told = [
        labels.message("provenance.of_when", layers=labels.text(", ").join(words), dates=dates)
        for dates, words in together.items()
    ]
    return labels.message("provenance.ages", layers=labels.text("; ").join(told)) if told else ""


def origin_sentences(district: District, labels: Labels) -> list[str]:
    """Return what the sources of the residents leave open: who counted them, and of which year.

    Nothing where the place is made up, or where what is counted is an estimate and told as such.
    """
    if district.synthetic or district.estimated:
        return []
    return [
        labels.message(code, names=labels.text(", ").join(dict.fromkeys(names)))
        for code, names in _open(district, labels)
    ]


def _dates(sources: Sequence[Source], labels: Labels) -> str:
    """Return the dates that the sources of a layer state, and that some state none."""
    stated = sorted({each.date for each in sources if each.date})
    dates = [labels.date(each) for each in stated]
    if len(dates) > MOST_DATES:
        dates = [labels.message("provenance.from_to", first=dates[0], last=dates[-1])]
    undated = [each for each in sources if not each.date]
    if dates and undated:
        dates.append(labels.message("provenance.some_undated"))
    if dates:
        return labels.text(", ").join(dates)
    read = max(each.read_on for each in undated)
    if not read:
        return labels.message("provenance.undated")
    return labels.message("provenance.undated_read", day=labels.date(read))


def _open(district: District, labels: Labels) -> Iterator[tuple[str, list[str]]]:
    """Yield what is left open, as a code, and the sources or the credits of which it is said."""
    own = [each for each in district.sources if each.layer == "demand"]
    no_source = labels.message("provenance.no_source")
    files = {each: labels.text(each.source) if each.source else no_source for each in own}
    neither = [files[each] for each in own if not each.attribution and not each.date]
    no_year = [labels.text(each.attribution) for each in own if each.attribution and not each.date]
    nobody = [files[each] for each in own if each.date and not each.attribution]
    said = {"neither": neither, "year": no_year, "who": nobody}
    yield from ((f"provenance.counts_{name}", names) for name, names in said.items() if names)
