"""How much a finding matters to who reads figures: it may make them wrong, or is for the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from planner.errors import Finding

Severity = Literal["harmful", "decided", "plain"]

SEVERITIES: tuple[Severity, ...] = ("harmful", "decided", "plain")
"""Figures may be wrong, or people or places missing; the program decided, and a person may look;
told for the record. The gravest first."""

HARMFUL = frozenset(
    {
        "analysis.group_missing",
        "matching.spread_needs",
        "analysis.cycleways_left_out",
        "datums.against_table",
        "datums.converted_as_others",
        "datums.all_but_boundaries_shifted",
        "datums.barriers_shifted",
        "datums.boundaries_shifted",
        "datums.ground_shifted",
        "datums.looks_shifted",
        "datums.said_otherwise",
        "datums.taken_as_others",
        "district.households_odd",
        "district.homes_below_one",
        "district.homes_far_above",
        "district.homes_in_parts",
        "district.homes_of_zero_but",
        "district.households_above",
        "district.groups_of_zero",
        "district.homes_twice",
        "district.layers_of_drawing",
        "district.length_scaled",
        "district.facilities_at_centres",
        "district.facilities_apart",
        "district.facilities_near",
        "district.facilities_contradict",
        "district.facilities_in_parts",
        "district.fast_by_name",
        "district.floor_area_twice",
        "district.floor_area_twice_usual",
        "district.slopes_of_shares",
        "district.slopes_too_steep",
        "district.widths_too_large",
        "district.ages_all",
        "district.ages_exceed",
        "district.ages_hardly_any",
        "district.ages_nested",
        "district.ages_nested_sums",
        "district.communities_overlap",
        "district.communities_too_dense",
        "district.community_names",
        "district.group_of_shares",
        "district.shares_not_counted",
        "district.other_community",
        "district.control_total",
        "district.group_control_total",
        "district.figures_of_zero",
        "district.figures_too_large",
        "district.required_and_forbidden",
        "district.candidates_outside",
        "district.sums_beside_parts",
        "district.no_data_numbers",
        "district.group_exceeds",
        "corrections.added_near",
        "corrections.emptied_kinds",
        "corrections.only_by_hand",
        "district.kinds_none_counting",
        "district.kinds_without_data",
        "sources.lengths_unread",
        "sources.streets_doubtful",
        "sources.barriers_called_off_ground",
        "sources.barriers_with_bridges",
        "sources.streets_with_bridges",
        "sources.barriers_doubtful",
        "sources.candidates_doubtful",
        "sources.gates_doubtful",
        "osm.gates_doubtful",
        "tables.other_residents",
        "tables.barriers_unread",
        "tables.counts_unread",
        "tables.days_unread",
        "tables.hours_unread",
        "tables.money_unread",
        "tables.prices_unread",
        "tables.residents_of_buildings",
        "tables.rows_unread",
        "tables.set_aside_demand",
        "tables.states_unread",
        "update.prices_before_unit",
        "district.prices_in_single_units",
        "tables.prices_in_currency",
        "district.same_facilities",
        "district.same_homes",
        "district.small_weights",
        "district.too_dense",
        "osm.bare_quarters",
        "osm.buffer_missing",
        "osm.facilities_not_in_list",
        "osm.no_facilities",
        "osm.outlines_cut",
        "osm.walls_without_gate",
        "sources.gates_passed",
        "sources.walked_all_the_same",
        "population.at_point_cells",
        "population.at_point_communities",
        "population.cells_overlap",
        "population.cells_without_data",
        "population.group_exceeds",
        "population.names_against_codes",
        "population.told_twice",
        "sources.named_elsewhere",
        "population.grown_in_none",
        "population.growth_far",
        "population.growth_not_agreed",
        "population.growth_not_joined",
        "population.growth_steep",
        "population.broken_people",
        "population.few_people",
        "population.left_out",
        "population.no_data_in",
        "population.not_joined",
        "population.raster_perhaps_other",
        "population.raster_shares",
        "population.storeys_marked",
        "population.without_growth",
        "population.without_total",
        "population.zero_total",
        "population.several_years",
        "sources.column_needs_kind",
        "sources.communities_empty",
        "sources.dates_unread",
        "sources.demand_outside",
        "sources.demand_without_street",
        "sources.doubles_of_lists",
        "sources.facilities_in_barriers",
        "sources.facilities_without_street",
        "sources.gate_words",
        "sources.gates_untold",
        "sources.hanging_places",
        "sources.heights_apart",
        "sources.heights_across",
        "sources.inner_junctions",
        "sources.insiders_stated",
        "sources.left_out_far",
        "sources.loose_streets",
        "sources.not_walked_places",
        "sources.private_facilities",
        "sources.private_places",
        "sources.private_streets",
        "sources.wide_areas",
        "sources.rows_without_kind",
        "sources.unjoined",
        "sources.unknown_shift",
        "tables.coarse_coordinates",
        "tables.formats_not_read",
        "tables.formats_not_understood",
        "tables.group_not_read",
        "tables.hidden_rows",
        "tables.struck_rows",
        "tables.formulas_all_zero",
        "tables.formulas_not_computed",
        "tables.hours_not_understood",
        "tables.all_thousands",
        "tables.maybe_thousands",
        "tables.merged_figures",
        "tables.rounded_figures",
        "tables.set_aside",
        "tables.capacity_of_rooms",
        "tables.unit_line_unread",
        "tables.unit_not_known",
        "tables.words_left_empty",
        "tables.wrong_cpg",
        "tables.zone_guessed",
        "update.all_moved",
        "update.columns_go",
        "update.columns_lacking",
        "update.corrections_lost",
        "update.counts_of_old_ground",
        "update.households_stay",
        "update.ids_stay",
        "update.corrections_other",
        "update.corrections_unlisted",
        "update.figures_grown",
        "update.figures_shrunk",
        "update.groups_blank",
        "update.added_to_spread",
        "update.groups_differ",
        "update.kinds_passed",
        "update.kinds_vanish",
        "update.network_moved",
        "update.streets_end",
    }
)
"""Codes of findings by which figures may be wrong."""

PLAIN = frozenset(
    {
        "corrections.applied",
        "corrections.held",
        "corrections.said_complete",
        "datums.converted_as_given",
        "datums.converted_as_said",
        "datums.no_shift",
        "datums.recognised",
        "district.crs_scale",
        "osm.hours_of_shut_ways",
        "osm.hours_of_ways",
        "sources.gates_of_hours",
        "sources.streets_of_hours",
        "osm.one_way_on_foot",
        "osm.quiet_streets_crossed",
        "population.group_by_column",
        "population.growth_rates",
        "population.homes_of_file",
        "population.joined",
        "population.joined_as_said",
        "population.of_year",
        "population.overture_divisions",
        "population.raster_read",
        "sources.decoded",
        "sources.elevation_read",
        "sources.gates_cut",
        "sources.ids_of_lists",
        "sources.joined",
        "sources.mended",
        "sources.points_of_areas",
        "sources.unused_columns",
        "tables.closing_left_out",
        "tables.examples_left_out",
        "tables.header_below_titles",
        "tables.hours_of_words",
        "tables.ids_of_powers",
        "tables.invisible_signs",
        "tables.kinds_of_words",
        "tables.mapping_new_columns",
        "tables.north_first",
        "tables.sheet_chosen",
        "tables.streets_twice",
        "tables.totals_left_out",
        "tables.unit_of_header",
        "tables.words_taken",
        "tables.zone_prefix",
        "update.columns_new",
        "update.records_only",
        "update.redrawn",
        "update.running",
    }
)
"""Codes of findings that are told for the record."""


def in_doubt(findings: Iterable[Finding], group: str | None = None) -> list[Finding]:
    """Return the findings by which figures may be wrong.

    Parameters
    ----------
    findings
        Those of an assessment.
    group
        Whose figures are told: what makes those of another group wrong is left out. None for all.

    Examples
    --------
    >>> missing = Finding("analysis.group_missing", {"group": "pop_65plus", "rows": 3})
    >>> len(in_doubt([missing])), len(in_doubt([missing], "population"))
    (1, 0)
    """
    return [
        each
        for each in findings
        if severity(each.code) == "harmful"
        and (group is None or each.params.get("group", group) == group)
    ]


def severity(code: str) -> Severity:
    """Return how much a finding matters.

    Examples
    --------
    >>> severity("population.not_joined"), severity("tables.axes_turned")
    ('harmful', 'decided')
    """
    if code in HARMFUL:
        return "harmful"
    return "plain" if code in PLAIN else "decided"
