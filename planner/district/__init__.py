"""What a district is: its layers, kinds and standards. No files of districts, no algorithms."""

from planner.district.completeness import kind_notes
from planner.district.defaults import Defaults, Money
from planner.district.district import District
from planner.district.kinds import Kind, Kinds, builtin_kinds, given_kinds, known_kinds, read_kinds
from planner.district.layers import DEMAND_UNITS, LAYERS, Column, Layer, group_columns
from planner.district.records import KindRecord
from planner.district.scenarios.scenario import (
    AddService,
    Change,
    Close,
    Connect,
    Convert,
    Enlarge,
    ExtendHours,
    Move,
    Open,
    OpenInternal,
    Scenario,
)
from planner.district.source import Source
from planner.district.standards.files import (
    builtin_standards,
    find_standard,
    read_standard,
    write_standard,
)
from planner.district.standards.standards import AreaTarget, Rule, Standard
from planner.district.standards.tables import diff_standards
from planner.district.walk_profiles import (
    EVERYONE,
    ProfileRule,
    Walking,
    WalkProfile,
    builtin_profiles,
    find_profile,
    read_profile,
)

__all__ = [
    "DEMAND_UNITS",
    "EVERYONE",
    "LAYERS",
    "AddService",
    "AreaTarget",
    "Change",
    "Close",
    "Column",
    "Connect",
    "Convert",
    "Defaults",
    "District",
    "Enlarge",
    "ExtendHours",
    "Kind",
    "KindRecord",
    "Kinds",
    "Layer",
    "Money",
    "Move",
    "Open",
    "OpenInternal",
    "ProfileRule",
    "Rule",
    "Scenario",
    "Source",
    "Standard",
    "WalkProfile",
    "Walking",
    "builtin_kinds",
    "builtin_profiles",
    "builtin_standards",
    "diff_standards",
    "find_profile",
    "find_standard",
    "given_kinds",
    "group_columns",
    "kind_notes",
    "known_kinds",
    "read_kinds",
    "read_profile",
    "read_standard",
    "write_standard",
]
