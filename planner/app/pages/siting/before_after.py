"""Coverage today and with the proposed sites, one map over the other."""

from __future__ import annotations

import folium

from planner.analysis.assessment import Assessment
from planner.app.session.context import Context
from planner.app.widgets import map_view
from planner.app.widgets.drawn_area import Reading
from planner.app.widgets.map_view import Pane
from planner.app.widgets.print_sheet import sheet
from planner.siting.proposals.proposal import Proposal
from planner.views.maps.assessment import coverage_groups
from planner.views.maps.base.bounds import proposal_bounds
from planner.views.maps.parts.facilities import changed_facilities, facility_group
from planner.views.maps.parts.legend import legend_html
from planner.views.maps.proposals import proposal_groups, sites_legend


def draw(context: Context, proposal: Proposal) -> None:
    """Draw both maps, parted by a line that the reader moves."""
    language, kind, group = context.labels.language, proposal.kind, proposal.group
    before, after = proposal.assessment, proposal.after
    names = [context.word("app_what_if.today"), context.word("siting.with_sites")]
    legend = legend_html(after, kind, group, language) + sites_legend(proposal, language)
    map_view.show(
        context,
        [
            Pane(_groups(context, before, before, kind, group), names[0]),
            Pane(
                [
                    *_groups(context, before, after, kind, group),
                    *proposal_groups(proposal, language),
                ],
                names[1],
            ),
        ],
        key="siting_both",
        look_at=proposal_bounds(proposal),
        legend=legend,
        reading=Reading(dict(zip(names, (before, after), strict=True)), group, kind),
        printed=sheet(context, context.word("siting.page"), legend),
        over=True,
    )


def _groups(
    context: Context, before: Assessment, shown: Assessment, kind: str, group: str
) -> list[folium.FeatureGroup]:
    language = context.labels.language
    return [
        *coverage_groups(shown, kind, group, language),
        facility_group(
            shown.district,
            kind,
            language,
            question=shown.question,
            apart=changed_facilities(before.district, shown.district),
        ),
    ]
