"""The District: a place's layers in one metric CRS, checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from planner.district.defaults import Defaults, Money
from planner.district.kinds import Kinds, builtin_kinds
from planner.district.layers import LAYERS, WEIGHT, group_columns
from planner.district.mainland_china import in_mainland_china
from planner.district.plausibility.layers import (
    implausible,
    implausible_codes,
    without_figures,
)
from planner.district.prices import (
    IN_SINGLE_UNITS,
    KEPT,
    given_anew,
    in_single_units,
    of_unit_before,
)
from planner.district.records import (
    DataState,
    KindRecord,
    only_known,
    state_of,
    with_complete,
    with_listed,
    without_unlisted,
)
from planner.district.small_numbers.small_numbers import (
    DEFAULT_THRESHOLD,
    withheld_already,
    withhold,
)
from planner.district.small_numbers.withheld import Table, Withheld
from planner.district.source import Source, credits_of, estimated_unit, named_source
from planner.district.transformers import to_degrees
from planner.district.validation.layers import check_layers, empty_layer
from planner.district.validation.untouched import Checked, checked_layers, touched
from planner.district.walk_profiles import Walking
from planner.errors import Finding, InputError
from planner.shown import Shown

if TYPE_CHECKING:
    from pyproj import CRS


@dataclass(frozen=True, eq=False)
class District(Shown):
    """A place: communities, facilities, streets and residents in one projected metric CRS.

    Build one with :meth:`from_layers`, which checks every layer. The layers are shared, not
    copied: treat them as read-only and use :meth:`with_layers` for a changed district. One that
    was changed in place is refused by what judges or writes the district (see :meth:`untouched`).

    Parameters
    ----------
    name
        Name shown to people.
    communities, facilities, streets, demand, candidates, barriers, gates, context
        GeoDataFrames with the columns of :data:`planner.district.LAYERS`; the last four may be
        empty. Ids are columns of strings, the index carries no meaning.
    sources
        Provenance, one entry or more a layer.
    findings
        What a reader of the figures must know.
    synthetic
        Whether the place is made up.
    kinds
        The facility kinds known here.
    island_m
        Street length below which a piece that joins no other catches no home or facility while
        other streets are within reach, metres; 0: every piece does; None: the usual length, see
        :mod:`planner.network.islands`.
    records
        Of each kind of which a source tells anything, who does; see :meth:`has_data`.
    withheld
        What is withheld of the counts of groups, None for nothing; see :meth:`withhold`.
    buffer_m
        How far beyond the communities streets and facilities were taken, metres; None where not
        known.
    walking
        Whose walk is measured, None for everyone's; set by an assessment, and kept in no file.
    defaults
        Standard, benchmark and currency where nobody says otherwise; see :attr:`usual`.
    had_open
        Kinds of which a facility counts without the scenario that is carried out; kept in no file.
    checked
        What each layer held when it was checked; not given by callers, see :meth:`untouched`.
    """

    name: str
    communities: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    demand: gpd.GeoDataFrame
    candidates: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    gates: gpd.GeoDataFrame
    context: gpd.GeoDataFrame
    sources: tuple[Source, ...] = ()
    findings: tuple[Finding, ...] = ()
    synthetic: bool = False
    kinds: Kinds = field(default_factory=builtin_kinds)
    island_m: float | None = None
    records: Mapping[str, KindRecord] = field(default_factory=dict)
    withheld: Withheld | None = None
    buffer_m: float | None = None
    walking: Walking | None = None
    defaults: Defaults = field(default_factory=Defaults)
    had_open: frozenset[str] = frozenset()
    checked: Mapping[str, Checked] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checked", checked_layers(self.layers, self.checked))

    def __getstate__(self) -> dict[str, Any]:
        # what layers held is theirs as they are packed: it would be packed a second time
        return self.untouched().__dict__ | {"checked": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @classmethod
    def from_layers(
        cls,
        name: str,
        layers: Mapping[str, gpd.GeoDataFrame],
        *,
        sources: Iterable[Source] = (),
        findings: Iterable[Finding] = (),
        synthetic: bool = False,
        kinds: Kinds | None = None,
        island_m: float | None = None,
        records: Mapping[str, KindRecord] | None = None,
        complete: Iterable[str] = (),
    ) -> District:
        """Check the layers and make a district of them.

        Parameters
        ----------
        name
            Name shown to people.
        layers
            GeoDataFrame by layer name. Optional layers may be absent; unknown columns are kept.
        sources, findings, synthetic, kinds, island_m, records
            See :class:`District`. A kind with a facility needs no record.
        complete
            Kinds of which the layer ``facilities`` lists all there are, none included. Of a kind
            that has neither a facility nor a record nothing is known: see :meth:`has_data`.

        Raises
        ------
        InputError
            Names the layer, row and column of the first thing that is wrong: a missing layer,
            column, CRS or value, degrees, invalid or empty geometry, duplicate ids, negative
            counts, unknown kinds, one of `complete` among them.
        """
        kinds = kinds or builtin_kinds()
        checked, notes = check_layers(layers, kinds)
        crs = checked["streets"].crs
        filled = {
            layer: checked[layer] if layer in checked else empty_layer(layer, crs)
            for layer in LAYERS
        }
        made = cls(
            name=name,
            **filled,
            sources=tuple(sources),
            findings=tuple(dict.fromkeys([*findings, *notes])),
            synthetic=synthetic,
            kinds=kinds,
            island_m=island_m,
            records=dict(records or {}),
        )
        return made._recorded().with_complete(complete)._priced()

    @property
    def crs(self) -> CRS:
        """The projected metric CRS of every layer."""
        crs: CRS = self.streets.crs
        return crs

    @property
    def usual(self) -> Defaults:
        """Standard, benchmark and currency: what is said of the place, else by where it lies."""
        return self.defaults.filled(in_china=self.lies_in_mainland_china)

    @cached_property
    def lies_in_mainland_china(self) -> bool:
        """Whether the middle of the district lies there, by a coarse outline."""
        west, south, east, north = self.communities.total_bounds
        middle = to_degrees(self.crs, (west + east) / 2, (south + north) / 2)
        return in_mainland_china(*middle)

    @property
    def money(self) -> Money:
        """Unit of prices and budgets."""
        return Money.read(self.usual.currency)

    def with_defaults(
        self, standard: str | None = None, benchmark: str | None = None, currency: str | None = None
    ) -> District:
        """Return the district with another standard, benchmark or currency where none is said.

        Parameters
        ----------
        standard, benchmark, currency
            As of :class:`planner.district.Defaults`; what is not given stays.

        Raises
        ------
        InputError
            For an id that nobody knows, or what is no currency.
        """
        given = {"standard": standard, "benchmark": benchmark, "currency": currency}
        said = {name: value for name, value in given.items() if value is not None}
        return self.judged_by(replace(self.defaults, **said))

    def judged_by(self, said: Defaults, *, first: bool = False) -> District:
        """Return the district with what it is judged by, set beside and priced in.

        Where sites have prices of their own and the unit of prices is another than before, a
        finding says that they stand as they were.

        Parameters
        ----------
        said
            What it is judged by from now on.
        first
            Whether that is said while the district is made, so that prices were given in it.

        Raises
        ------
        InputError
            As :meth:`with_defaults`.
        """
        made = replace(self, defaults=said.checked())
        if not first:
            told = of_unit_before(self.findings, self.candidates, self.money, made.money)
            made = replace(made, findings=told)
        return made._priced()

    def _priced(self) -> District:
        """Return the district with what its sites' prices make of the unit they are in now."""
        kept = [finding for finding in self.findings if finding.code != IN_SINGLE_UNITS]
        findings = (*kept, *in_single_units(self.candidates, self.money))
        return self if findings == self.findings else replace(self, findings=findings)

    @property
    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Every layer by name."""
        return {layer: getattr(self, layer) for layer in LAYERS}

    @property
    def groups(self) -> list[str]:
        """Columns of ``demand`` that count people: ``population`` or ``weight``, then groups."""
        return group_columns(list(self.demand.columns))

    @property
    def estimated(self) -> bool:
        """Whether demand is an estimated weight, not counted residents."""
        return self.groups[0] == WEIGHT

    @property
    def demand_unit(self) -> str:
        """What the counts of ``demand`` are, one of :data:`planner.district.layers.DEMAND_UNITS`.

        ``residents`` where they are people; else the unit that the source of ``demand`` tells,
        ``weight`` where it tells none or several.
        """
        if not self.estimated:
            return "residents"
        return estimated_unit(self.sources)

    def unit_of(self, group: str) -> str:
        """Return what the counts of one group are: of those beside an estimate people.

        A column ``pop_…`` counts people of a group whatever stands for the total; see
        :mod:`planner.district.layers`.
        """
        return self.demand_unit if group == WEIGHT else "residents"

    @property
    def attribution(self) -> str:
        """The credits that the sources ask for, each once, joined by '; '."""
        return credits_of(self.sources)

    def has_data(self, kind: str) -> bool:
        """Return whether a source tells of a kind: only then are 0 facilities a figure."""
        return kind in self.records

    def data_state(self, kind: str) -> DataState:
        """Return ``"none"``, ``"listed"`` (some are, all or not) or ``"complete"``."""
        return state_of(self.records.get(kind))

    def with_complete(self, kinds: Iterable[str], source: str = "", date: str = "") -> District:
        """Return the district with the word that all facilities of some kinds are listed.

        Parameters
        ----------
        kinds
            Kinds of which ``facilities`` has all, none included.
        source, date
            Who says so and when; the layer's source and date where none is given.

        Raises
        ------
        InputError
            ``district.unknown_complete`` for a kind that is not known here.
        """
        said = only_known(kinds, self.kinds)
        listed = with_listed(self.records, said, *named_source(self.sources, "facilities"))
        return replace(self, records=with_complete(listed, said, source, date))

    def _recorded(self) -> District:
        """Return the district with a record for each kind that has a facility."""
        present = list(dict.fromkeys(self.facilities["kind"]))
        if all(kind in self.records for kind in present):
            return self
        listed_by = named_source(self.sources, "facilities")
        return replace(self, records=with_listed(self.records, present, *listed_by))

    def untouched(self, *, but: Iterable[str] = ()) -> District:
        """Return the district, unless a layer was changed in place since it was checked.

        What was reckoned of a layer is kept: where its rows or values were written anew in place,
        answers would be partly of what it held before. Needs pandas 3 or later; before, pandas does
        not tell.

        Parameters
        ----------
        but
            Layers that are not asked, since others take their place.

        Raises
        ------
        InputError
            ``district.changed_in_place`` names the layers.
        """
        asked = {name: layer for name, layer in self.layers.items() if name not in set(but)}
        if changed := touched(asked, self.checked or {}):
            given = ", ".join(f"{name}=district.{name}" for name in changed)
            raise InputError("district.changed_in_place", layers=", ".join(changed), given=given)
        return self

    def with_layers(self, **layers: gpd.GeoDataFrame) -> District:
        """Return a checked copy with some layers replaced.

        A layer that was changed in place may be given itself: ``with_layers(demand=d.demand)``.
        Of a kind that was known by its facilities alone and of which new ``facilities`` have none,
        nothing is known any more, unless all of it are said to be listed (:meth:`with_complete`): a
        list without clinics does not tell that there are none. What closes the last one is a
        scenario, after which there are 0.
        """
        unknown = set(layers) - set(LAYERS)
        if unknown:
            raise InputError(
                "district.missing_layer", layer=sorted(unknown)[0], meaning="a layer of a district"
            )
        self.untouched(but=layers)
        checked, notes = check_layers(layers, self.kinds, self.layers)
        changed: dict[str, Any] = {name: checked[name] for name in layers}
        # what was implausible of a layer before is told anew of that which it is now
        anew = implausible_codes(changed)
        kept = [finding for finding in self.findings if finding.code not in anew]
        if "candidates" in changed and given_anew(self.candidates, changed["candidates"]):
            kept = [finding for finding in kept if finding.code != KEPT]
        findings = tuple(dict.fromkeys([*kept, *notes]))
        if "facilities" in changed:
            had, has = self.facilities["kind"], changed["facilities"]["kind"]
            changed["records"] = without_unlisted(self.records, had, has)
        return replace(self, **changed, findings=findings)._recorded()._priced()

    def as_changed(self, **layers: gpd.GeoDataFrame) -> District:
        """Return a checked copy with layers as a scenario changes them, and the same findings.

        What can hardly be so is told of the data as they are, not of what a scenario makes of them.
        """
        self.untouched(but=layers)
        checked, _ = check_layers(layers, self.kinds, self.layers, plausible=True)
        changed: dict[str, Any] = {name: checked[name] for name in layers}
        return replace(self, **changed)

    def open_facilities(self, kind: str | None = None) -> gpd.GeoDataFrame:
        """Return the facilities that count today: existing, and not internal to a unit."""
        table = self.facilities
        counts = (table["status"] == "existing") & (table["ownership"] != "internal")
        if kind is not None:
            counts &= table["kind"] == kind
        return table[counts]

    def people(self) -> pd.DataFrame:
        """Return the people columns of ``demand``, indexed by ``demand_id``."""
        return pd.DataFrame(self.demand)[["demand_id", *self.groups]].set_index("demand_id")

    def withhold(self, threshold: int = DEFAULT_THRESHOLD) -> District:
        """Return the district with small counts of groups withheld from all that is made of it.

        See :mod:`planner.district.small_numbers.small_numbers` for the rule and what it promises.

        Parameters
        ----------
        threshold
            People of a group below whom a count is withheld, 2 or more.

        Returns
        -------
        District
            With :attr:`withheld`, and findings that tell of it; the same district where as much is
            withheld already.

        Raises
        ------
        InputError
            ``small_numbers.threshold`` for fewer than 2, ``small_numbers.withheld_before`` where a
            smaller threshold was kept before.
        """
        if withheld_already(self.withheld, threshold):
            return self
        layers, withheld, told = withhold(
            self.layers, self.groups, threshold, counted=not self.estimated
        )
        shown = {**layers, "demand": layers["demand"].drop(columns=list(withheld.groups))}
        findings = (*without_figures(self.findings), *implausible(shown), *told)
        return replace(self, **layers, findings=findings, withheld=withheld)

    @property
    def shown_layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Every layer as people and files may see it: without the counts that are withheld."""
        return self.layers | {"demand": self.shown(self.demand)}

    def shown(self, homes: Table, counted: Mapping[str, Sequence[str]] | None = None) -> Table:
        """Return a table of homes as people and files may see it: without withheld counts.

        Parameters
        ----------
        homes
            With a column ``demand_id``; the very table where nothing is withheld.
        counted
            By group the columns that count its people; where not given, those of its name.
        """
        if self.withheld is None:
            return homes
        named = {group: [group] for group in self.withheld.groups if group in homes}
        return self.withheld.without_homes(homes, named if counted is None else counted)

    def shown_count(self, group: str, count: float) -> float:
        """Return a count of a group, missing where it is withheld since it is small."""
        withheld = self.withheld
        if withheld is None or group not in withheld.groups:
            return count
        return float("nan") if withheld.few(count) else count

    def shown_areas(self, areas: Table, *more: str) -> Table:
        """Return a table of areas, gaps among them, without small counts of groups.

        Parameters
        ----------
        areas
            With a column for each group; the very table where nothing is withheld.
        more
            Further columns that count people of a group.
        """
        return areas if self.withheld is None else self.withheld.without_few(areas, more)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{len(layer)} {name}" for name, layer in self.layers.items())
        # without a notebook nothing else says that there is something to read
        told = f"; findings to read: {len(self.findings)}" if self.findings else ""
        return f"District({self.name!r}: {sizes}; {self.crs.to_string()}{told})"
