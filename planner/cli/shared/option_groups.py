"""Options that go together, each group one parameter of a verb (``planner.cli.shared.verbs``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from planner.cli.shared import options
from planner.errors import InputError

if TYPE_CHECKING:
    from planner.district import District
    from planner.location.limits import Limits
    from planner.reports.content import Form
    from planner.siting.candidates import PlaceOptions
    from planner.siting.costs import Costs
    from planner.sources import Residents


def own_costs(file: Path | None) -> Costs | None:
    """Return the prices of a file; None, for those that ship, where none is given."""
    from planner.siting.costs import read_costs

    return read_costs(file) if file else None


@dataclass(frozen=True)
class Question:
    """For one group, at which moment and with which service is asked."""

    group: options.OneGroup = None
    at: options.At = None
    service: options.Service = None
    withhold_below: options.WithholdBelow = None

    def keywords(self) -> dict[str, Any]:
        """Return what an assessment is given; without a group it counts the total."""
        groups = None if self.group is None else [self.group]
        return {"groups": groups, "at": self.at, "service": self.service}


@dataclass(frozen=True)
class GroupsQuestion:
    """For which groups, at which moment and with which service is asked."""

    group: options.Groups = None
    at: options.At = None
    service: options.Service = None
    withhold_below: options.WithholdBelow = None

    def keywords(self) -> dict[str, Any]:
        """Return what an assessment is given; without a group it has all of them."""
        return {"groups": self.group or None, "at": self.at, "service": self.service}


@dataclass(frozen=True)
class Walk:
    """Whose walk is measured, and which of its rules are switched."""

    profile: options.Profile = None
    profile_rule: options.ProfileRules = None
    unmapped_m: options.UnmappedGround = None

    def keywords(self) -> dict[str, Any]:
        """Return what an assessment is given."""
        return {
            "profile": self.profile,
            "profile_rules": rule_switches(self.profile_rule or []),
            "unmapped_m": self.unmapped_m,
        }

    def plain_for(self, option: str) -> None:
        """Refuse an option that measures as everyone walks only, from doors straight.

        Raises
        ------
        InputError
            ``cli.plain_walk_only``.
        """
        from planner.district import find_profile

        if find_profile(self.profile) is not None or self.unmapped_m is not None:
            raise InputError("cli.plain_walk_only", option=option)


def rule_switches(pairs: list[str]) -> dict[str, str]:
    """Return the state of each rule of the ``RULE=STATE`` pairs.

    Raises
    ------
    InputError
        ``profiles.bad_rule_option`` where a pair is none.

    Examples
    --------
    >>> rule_switches(["slope=off", "kerb=passes"])
    {'slope': 'off', 'kerb': 'passes'}
    """
    found = {}
    for pair in pairs:
        rule, equals, state = pair.partition("=")
        if not (equals and rule.strip() and state.strip()):
            raise InputError("profiles.bad_rule_option", value=pair)
        found[rule.strip()] = state.strip()
    return found


@dataclass(frozen=True)
class Places:
    """Where places are looked for, and what they cost."""

    where: options.Where = None
    spacing: options.Spacing = 150.0
    within: options.Inside = None
    outside: options.Outside = None
    costs: options.CostsFile = None

    def as_options(self, district: District) -> PlaceOptions:
        """Return the places to choose from in a district."""
        from planner.cli.shared.areas import area
        from planner.siting.candidates import PlaceOptions

        return PlaceOptions(
            where=self.where,
            spacing_m=self.spacing,
            within=area(district, self.within),
            without=area(district, self.outside),
            costs=own_costs(self.costs),
        )


@dataclass(frozen=True)
class Search:
    """How long is searched."""

    time_limit_s: options.TimeLimit = 10.0
    steps: options.Steps = None

    def limits(self) -> Limits:
        """Return the limits of each search."""
        from planner.location.limits import Limits

        return Limits.each(self.time_limit_s, self.steps)


@dataclass(frozen=True)
class ProvenSearch(Search):
    """How long is searched, or how near to the best possible."""

    gap: options.StopGap = 0.0

    def proven_limits(self) -> Limits:
        """Return the limits of a search that ends once it is proven to be near enough."""
        return replace(self.limits(), gap=self.gap)


@dataclass(frozen=True)
class FormOptions:
    """What a bureau writes on its papers."""

    map_number: Annotated[
        str, options.optional("TEXT", "Approval number of the maps; without one: internal use.")
    ] = ""
    document_number: Annotated[str, options.optional("TEXT", "Number of the document.")] = ""
    issuing_unit: Annotated[str, options.optional("TEXT", "Who issues it.")] = ""
    classification: Annotated[str, options.optional("TEXT", "Its classification.")] = ""
    template: Annotated[
        Path | None,
        options.optional(
            "FILE.docx", "A Word document of your own, whose styles and first pages are kept."
        ),
    ] = None

    def as_form(self) -> Form:
        """Return the fields."""
        from planner.reports.content import Form

        return Form(self.map_number, self.document_number, self.issuing_unit, self.classification)

    def files(self, out: list[Path]) -> list[tuple[Path, Path | None]]:
        """Return the files to write, each with the template that it is written after.

        Raises
        ------
        InputError
            Where a name ends otherwise than a report can be, or no file is there for a template.
        """
        from planner.reports.report import check_name

        for file in out:
            check_name(file)
        word = [file for file in out if file.suffix.casefold() == ".docx"]
        if self.template is not None and not word:
            raise InputError("reports.template_of_word")
        return [(file, self.template if file in word else None) for file in out]


@dataclass(frozen=True)
class Files:
    """How the files of an import are read."""

    layer: options.Layers = None
    kind_word: options.KindWords = None
    list_kind: options.ListKinds = None
    status_word: options.StatusWords = None
    ownership_word: options.OwnershipWords = None
    street_word: options.StreetWords = None
    access_word: options.AccessWords = None
    barrier_word: options.BarrierWords = None
    gate_word: options.GateWords = None
    datum: options.Datums = None
    mapping: options.MappingFile = None
    set_aside: options.SetAsideMost = None
    strict: options.Strict = False


@dataclass(frozen=True)
class StatedOfSources:
    """What a person states of files that do not say it themselves."""

    dated: options.Dated = None
    licence: options.Licence = None
    attribution: options.Attribution = None

    def by_field(self) -> list[tuple[str, str, str]]:
        """Return option, field of a source and pair of each that was given."""
        fields = {"dated": "date", "licence": "licence", "attribution": "attribution"}
        return [
            (option, field, pair)
            for option, field in fields.items()
            for pair in getattr(self, option) or ()
        ]


@dataclass(frozen=True)
class SpreadResidents:
    """Where residents come from without points, and what they are spread over."""

    totals: options.TotalsFile = None
    cells: options.CellsFile = None
    raster: options.RasterFile = None
    homes: options.HomesFile = None
    group_from: options.GroupsFrom = None
    population_year: options.PopulationYear = None
    growth: options.Growth = None
    to_year: options.ToYear = None
    community_name: options.CommunityNames = None

    def residents(self) -> Residents | None:
        """Return what was said of the residents, None where nothing was."""
        from planner.sources import Residents
        from planner.sources.population.groups import parse_group, parse_rate

        if replace(self, community_name=None) == SpreadResidents():
            return None
        return Residents(
            totals=self.totals,
            cells=self.cells,
            raster=self.raster,
            homes=self.homes,
            groups=dict(map(parse_group, self.group_from or [])),
            year=self.population_year,
            growth=None if self.growth is None else parse_rate(self.growth),
            to_year=self.to_year,
        )
