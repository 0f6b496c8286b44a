"""The layer that a finding is about."""

from __future__ import annotations

from planner.district import LAYERS, District
from planner.errors import Finding

_OF_LAYER: dict[str, tuple[str, ...]] = {
    "communities": (
        "sources.communities_empty",
        "district.communities_overlap",
        "district.control_total",
        "district.community_names",
        "district.same_subdistricts",
        "district.without_subdistrict",
        "osm.area_of_residents",
        "osm.communities_with_rest",
        "osm.boundary_chosen",
        "osm.no_boundary",
    ),
    "candidates": (
        "update.prices_before_unit",
        "district.prices_in_single_units",
        "tables.prices_in_currency",
    ),
    "facilities": (
        "sources.column_needs_kind",
        "sources.count_column",
        "sources.dates_unread",
        "sources.facilities_gone",
        "sources.facilities_in_barriers",
        "sources.facilities_without_street",
        "sources.kinds_by_tags",
        "sources.not_filled",
        "sources.rows_without_kind",
        "sources.unused_columns",
        "district.kinds_without_data",
        "district.same_facilities",
        "osm.facilities_gone",
        "osm.floor_areas_estimated",
        "osm.floor_areas_shared",
        "osm.facilities_left_out",
        "osm.several_kinds",
        "osm.specialists",
        "tables.several_kinds",
        "osm.no_facilities",
        "osm.tags_not_read",
        "district.scenario_by_id",
        "corrections.applied",
        "corrections.lost",
        "corrections.others",
        "corrections.said_complete",
        "corrections.stale",
        "update.complete_again",
        "update.corrections_listed",
        "update.corrections_lost",
        "update.corrections_other",
    ),
    "streets": (
        "district.layers_of_drawing",
        "district.slopes_of_shares",
        "district.widths_too_large",
        "sources.cut_streets",
        "sources.hanging_places",
        "sources.hanging_streets",
        "sources.islands_kept",
        "sources.islands_moved",
        "sources.joined",
        "sources.lines_taken",
        "sources.inner_junctions",
        "sources.loose_streets",
        "sources.not_a_line",
        "sources.not_walked",
        "sources.not_walked_places",
        "sources.private_facilities",
        "sources.private_places",
        "sources.private_streets",
        "sources.street_states",
        "sources.streets_opened",
        "sources.street_words",
        "sources.unjoined",
        "district.length_below_drawn",
        "district.length_far_above",
        "osm.buffer_missing",
        "osm.buffer_shrunk",
        "osm.carriageways_kept",
        "osm.cycleway_places",
        "osm.cycleways_unclear",
        "osm.fast_road_places",
        "osm.gone_places",
        "osm.hours_of_ways",
        "osm.one_way_on_foot",
        "osm.quiet_streets_crossed",
        "osm.shut_places",
        "osm.streets_gone",
        "osm.streets_shut",
        "update.streets_end",
        "update.streets_follow",
    ),
    "demand": (
        "district.households_odd",
        "district.ages_all",
        "district.ages_exceed",
        "district.ages_hardly_any",
        "district.ages_nested",
        "district.group_exceeds",
        "district.small_weights",
        "district.group_of_shares",
        "district.sums_beside_parts",
        "district.no_data_numbers",
        "district.other_community",
        "district.same_homes",
        "sources.community_ids",
        "sources.demand_outside",
        "sources.demand_without_street",
        "osm.buildings_left_out",
        "osm.demand_left_out",
        "osm.homes_doubled",
        "osm.residents_from_buildings",
        "osm.residents_from_streets",
        "osm.scaled",
        "population.at_point_cells",
        "population.at_point_communities",
        "population.by_streets_cells",
        "population.by_streets_communities",
        "population.group_by_share",
        "population.grown",
        "population.grown_in_none",
        "population.growth_not_agreed",
        "population.without_growth",
        "update.groups_differ",
        "update.homes_moved",
        "update.groups_withheld",
    ),
    "barriers": (
        "osm.track_places",
        "osm.tracks_crossed",
        "osm.wall_places",
        "osm.walls_without_gate",
    ),
    "gates": (
        "sources.gate_words",
        "sources.gates_untold",
        "sources.gates_beside",
        "sources.gates_cut",
        "sources.gates_passed",
    ),
}
"""What is said of one layer; what is said of a file is of the layer that came from it."""

OF_CODE = {code: layer for layer, codes in _OF_LAYER.items() for code in codes}
"""The layer of each of them."""


def layer_of(finding: Finding, here: District) -> str:
    """Return the layer that a finding is about, empty where it is about none or several."""
    named = finding.params.get("layer")
    if named in LAYERS:
        return str(named)
    if finding.code in OF_CODE:
        return OF_CODE[finding.code]
    file = finding.params.get("file")
    layers = {source.layer for source in here.sources if file and source.source == file}
    return layers.pop() if len(layers) == 1 else ""
