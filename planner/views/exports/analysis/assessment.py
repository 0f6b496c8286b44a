"""Write an assessment into a folder: tables, GeoPackage, GeoJSON, map and what they rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyogrio

import planner
from planner.errors import Finding
from planner.progress import Progress
from planner.views.exports.analysis.result_layers import result_layers
from planner.views.exports.files import (
    json_text,
    write_csv,
    write_layers,
    write_text,
)
from planner.views.exports.folders import whole_folder
from planner.views.exports.geojson import write_geojson
from planner.views.maps.assessment import assessment_map
from planner.views.maps.base.assets import self_contained_html
from planner.views.tables.analysis.assessment import (
    demand_table,
    league_table,
    loose_street_table,
    summary_table,
)
from planner.views.tables.analysis.profiles import effect_table, rules_table, streets_table
from planner.views.tables.provenance import figure_rows, provenance_table
from planner.views.words.catalogue import N_
from planner.views.words.labels import Labels
from planner.views.words.provenance import definition_rows, limit_line, range_line, source_date
from planner.views.words.sentence_filling import RESIDENTS

if TYPE_CHECKING:
    from planner.analysis.assessment import Assessment
    from planner.district import WalkProfile

FILES: dict[str, str] = {
    "summary.csv": N_("figures of the district by kind of facility and group"),
    "communities.csv": N_("league table of the communities, worst covered first"),
    "subdistricts.csv": N_("league table of the subdistricts, worst covered first"),
    "demand.csv": N_("every home with its distance to each kind of facility"),
    "loose_streets.csv": N_("places beside small loose pieces of street: moved or kept"),
    "result.gpkg": N_("the results as layers for QGIS, with sources and standard"),
    "communities.geojson": N_("the communities with their results, WGS 84"),
    "demand.geojson": N_("the homes with their results, WGS 84"),
    "map.html": N_("the map; opens in any browser, without the internet"),
    "provenance.csv": N_(
        "definitions, limits and clauses, unknowns, and sources and dates of the data, as a table"
    ),
    "metadata.json": N_("standard, limits, sources and remarks, for programs"),
    "README.txt": N_("this text"),
}
"""The files that :func:`write_outputs` makes and what each holds."""

PROFILE_FILES: dict[str, str] = {
    "profile_effect.csv": N_("whom the profile of walking moves across each limit"),
    "profile_rules.csv": N_("whom each rule of the profile moves by itself"),
    "profile_streets.csv": N_("the rules of the profile, and on how much street they bite"),
}
"""The files beside them where a profile of walking is measured."""


def write_outputs(
    assessment: Assessment,
    folder: str | Path,
    language: str = "en",
    progress: Progress | None = None,
) -> list[Path]:
    """Write tables, layers and map of an assessment into a folder, all of them or none.

    The errors are those of :func:`whole_folder`, and InputError where the language is not known.

    Parameters
    ----------
    assessment
        What is written.
    folder
        Made where it is missing; other files in it are left alone.
    language
        Language of headings, map and README: ``"en"`` or ``"zh"``. Layers keep the column names
        of :class:`planner.District`.
    progress
        Called with a message code and the fraction done.

    Returns
    -------
    list of Path
        The files of :func:`files_of`.
    """
    labels = Labels.of(assessment, language)
    report: Progress = progress or _silent
    with whole_folder(folder) as part:
        report("views.progress_tables", 0.0)
        write_csv(summary_table(assessment, language), part / "summary.csv")
        write_csv(league_table(assessment, "community", language), part / "communities.csv")
        write_csv(league_table(assessment, "subdistrict", language), part / "subdistricts.csv")
        write_csv(demand_table(assessment, labels), part / "demand.csv")
        write_csv(loose_street_table(assessment, labels), part / "loose_streets.csv")
        report("views.progress_layers", 0.2)
        layers = result_layers(assessment)
        about = metadata(assessment, labels)
        write_geopackage(layers, assessment, about, part / "result.gpkg")
        report("views.progress_geojson", 0.5)
        write_geojson(layers["communities"], about, part / "communities.geojson")
        write_geojson(layers["demand"], about, part / "demand.geojson")
        report("views.progress_map", 0.7)
        page = self_contained_html(
            assessment_map(assessment, language=language), title=assessment.district.name
        )
        write_text(page, part / "map.html")
        write_csv(provenance_table(assessment, labels), part / "provenance.csv")
        if assessment.profile is not None:
            write_csv(effect_table(assessment, labels), part / "profile_effect.csv")
            write_csv(rules_table(assessment, labels), part / "profile_rules.csv")
            write_csv(streets_table(assessment, labels), part / "profile_streets.csv")
        write_text(json.dumps(about, ensure_ascii=False, indent=2), part / "metadata.json")
        write_text(readme(assessment, labels), part / "README.txt", encoding="utf-8-sig")
    report("views.progress_map", 1.0)
    return [Path(folder) / name for name in files_of(assessment)]


def files_of(assessment: Assessment) -> dict[str, str]:
    """Return the files that :func:`write_outputs` makes of an assessment, and what each holds."""
    return FILES if assessment.profile is None else FILES | PROFILE_FILES


def _silent(code: str, fraction: float) -> None:
    """Report nothing."""


def write_geopackage(
    layers: dict[str, gpd.GeoDataFrame],
    assessment: Assessment,
    about: dict[str, Any],
    file: Path,
) -> None:
    """Write layers, their sources and what they rest on into one GeoPackage."""
    write_layers(layers, file, assessment.demand_unit)
    write_about(assessment, about, file)


def write_about(assessment: Assessment, about: dict[str, Any], file: Path) -> None:
    """Add the tables ``provenance`` (sources) and ``about`` (the rest) to a GeoPackage."""
    sources = pd.DataFrame(
        [vars(source) for source in assessment.district.sources],
        columns=["layer", "source", "date", "licence", "attribution", "read_on"],
        dtype=object,
    )
    pyogrio.write_dataframe(sources, file, layer="provenance", driver="GPKG", append=True)
    values = [value if isinstance(value, str) else json_text(value) for value in about.values()]
    notes = pd.DataFrame({"key": list(about), "value": values}, dtype=object)
    pyogrio.write_dataframe(notes, file, layer="about", driver="GPKG", append=True)


def metadata(assessment: Assessment, labels: Labels) -> dict[str, Any]:
    """Return what the figures rest on: standard, limits, sources, findings, version."""
    district, standard, question = assessment.district, assessment.standard, assessment.question
    return {
        "district": district.name,
        "synthetic": district.synthetic,
        "estimated_demand": district.estimated,
        "demand_unit": assessment.demand_unit,
        "group_units": {group: assessment.unit_of(group) for group in assessment.groups},
        "attribution": district.attribution,
        "crs": district.crs.to_string(),
        "groups": list(assessment.groups),
        "max_access_m": assessment.max_access_m,
        "unmapped_m": assessment.unmapped_m,
        "standard": standard.id,
        "standard_name": labels.standard(standard),
        "standard_source": standard.source,
        "measure": standard.measure,
        "question": {
            "at": question.asked_at,
            "service": question.service,
        },
        "profile": profile_facts(assessment.profile),
        "limits": [
            {
                "kind": kind,
                "limit_m": rule.limit_m if rule else None,
                "limits_m": dict(rule.limits) if rule else {},
                "measure": standard.measure_of(kind),
                "clause": rule.clause if rule else "",
                "verified": bool(rule and rule.verified),
            }
            for kind, rule in ((kind, assessment.rule(kind)) for kind in assessment.kinds)
        ],
        "definitions": definition_rows(labels),
        "figures": figure_rows(assessment),
        "sources": [vars(source) for source in district.sources],
        "findings": [_finding(finding, assessment, labels) for finding in assessment.findings],
        "version": planner.__version__,
    }


def profile_facts(profile: WalkProfile | None) -> dict[str, Any] | None:
    """Return a profile of walking and the state of its rules, None for everyone's walk."""
    if profile is None:
        return None
    rules = [
        {"id": rule.id, "on": rule.on, "verified": rule.verified, "source": rule.source}
        for rule in profile.rules
    ]
    return {"id": profile.id, "rules": rules}


def readme(assessment: Assessment, labels: Labels) -> str:
    """Return the text that explains the files and what the figures rest on."""
    district, standard = assessment.district, assessment.standard
    lines = [district.name, "=" * 2 * len(district.name), ""]
    if district.synthetic:
        lines += [labels.text("Synthetic data: this place is made up"), ""]
    if assessment.demand_unit != RESIDENTS:
        lines += [labels.text("Estimated demand, not counted people"), ""]
    lines += [labels.text("Standard: {name}", name=labels.standard(standard))]
    lines += [labels.text("Source: {name}", name=standard.source)]
    lines += [labels.text("Measured: {measure}", measure=labels.value(standard.measure))]
    lines += [*labels.asked(assessment), ""]
    lines += [labels.text("Limits"), "------"]
    lines += [f"- {limit_line(assessment, kind, labels)}" for kind in assessment.kinds]
    lines += ["", labels.message("provenance.definitions"), "-----------"]
    for each in definition_rows(labels):
        formula = f" [{each['formula']}]" if each["formula"] else ""
        lines.append(f"- {each['heading']}: {each['meaning']}{formula}")
    lines += ["", labels.message("provenance.unknowns"), "-----------------"]
    lines += [labels.group(assessment.groups[0]) + ":"]
    summary = assessment.summary()
    for row in summary[summary["group"] == assessment.groups[0]].to_dict("records"):
        name = labels.kind(str(row["kind"]), district.kinds)
        lines.append(f"- {name}: {range_line(row, labels)}")
    lines += ["", labels.text("Files"), "-----"]
    lines += [f"- {name}: {labels.text(meaning)}" for name, meaning in files_of(assessment).items()]
    if assessment.findings:
        lines += ["", labels.text("Remarks"), "-------"]
        lines += [f"- {labels.finding(f, district.kinds)}" for f in assessment.findings]
    lines += ["", labels.text("Data"), "----"]
    for source in district.sources:
        date = source_date(source, labels)
        licence = source.licence or labels.message("provenance.no_licence")
        facts = [source.layer, source.source, date, licence, source.attribution]
        lines.append(f"- {'; '.join(fact for fact in facts if fact)}")
    lines += ["", labels.text("Made with version {version}.", version=planner.__version__), ""]
    return "\r\n".join(lines)


def _finding(finding: Finding, assessment: Assessment, labels: Labels) -> dict[str, Any]:
    return {
        "code": finding.code,
        "params": dict(finding.params),
        "text": labels.finding(finding, assessment.district.kinds),
    }
