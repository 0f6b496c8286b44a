"""The walk rules against OSMnx's own filter, one by one."""

import ast
import re
from pathlib import Path

import pytest
from osmnx._overpass import _get_network_filter

from planner.sources.osm import rules as named
from planner.sources.osm.rules import walk_rules

WALK, NOT = True, False

CASES = [
    ("not-there", {"highway": "construction"}, NOT),
    ("not-there", {"highway": "proposed", "foot": "yes"}, NOT),
    ("not-there", {"highway": "dismantled"}, NOT),
    ("not-there", {"highway": "closed"}, NOT),
    ("not-there", {"highway": "under_construction"}, NOT),
    ("not-there", {"highway": "never_built"}, NOT),
    *(
        ("gone", {"highway": "residential", key: value}, NOT)
        for key, value in (
            ("razed", "yes"),
            ("demolished", "yes"),
            ("destroyed", "yes"),
            ("construction", "yes"),
            ("proposed", "yes"),
            ("planned", "yes"),
            ("removed", "yes"),
            ("closed", "yes"),
            ("permanently_closed", "yes"),
            ("abandoned", "yes"),
            ("disused", "yes"),
            ("ruins", "yes"),
            ("status", "closed"),
            ("status", "demolished"),
            ("status", "under_construction"),
            ("status", "proposed"),
            ("damage", "collapsed"),
            ("operational_status", "closed"),
            ("operational_status", "out_of_order"),
            ("end_date", "2019"),
            ("opening_date", "2999"),
        )
    ),
    *(
        ("separate-but-foot", {"highway": "path", key: value, "foot": "yes"}, WALK)
        for key, value in (("disused", "yes"), ("ruins", "yes"), ("damage", "collapsed"))
    ),
    *(
        ("highway", {"highway": "residential", key: value}, WALK)
        for key, value in (
            ("construction", "minor"),
            ("proposed", "cycleway"),
            ("disused", "no"),
            ("status", "active"),
            ("name", "规划一路"),
            ("end_date", "2999"),
            ("mobile", "yes"),
            ("opening_hours", "06:00-22:00"),
        )
    ),
    ("gone-platform", {"railway": "platform", "end_date": "2019"}, NOT),
    ("gone-stop", {"public_transport": "platform", "demolished": "yes"}, NOT),
    ("gone-pier", {"man_made": "pier", "ruins": "yes"}, NOT),
    ("impassable", {"highway": "track", "smoothness": "impassable"}, NOT),
    ("separate-but-slow", {"highway": "path", "smoothness": "impassable"}, WALK),
    ("not-there", {"highway": "future"}, NOT),
    ("not-a-way", {"highway": "ferry"}, NOT),
    ("never-open", {"highway": "footway", "opening_hours": "off"}, NOT),
    ("never-open", {"highway": "footway", "opening_hours": 'closed "works, road"'}, NOT),
    ("foot-always-no", {"highway": "service", "foot:conditional": "no @ (24/7)"}, NOT),
    ("ice-road", {"highway": "path", "ice_road": "yes"}, NOT),
    ("winter-road", {"highway": "track", "winter_road": "yes"}, NOT),
    ("no-crossing", {"highway": "footway", "footway": "crossing", "crossing": "no"}, NOT),
    ("not-a-way", {"highway": "busway"}, NOT),
    ("not-a-way", {"highway": "rest_area"}, NOT),
    ("climbing", {"highway": "via_ferrata"}, NOT),
    ("foot-no", {"highway": "residential", "foot": "no"}, NOT),
    ("foot-no", {"highway": "residential", "foot": "private"}, NOT),
    ("foot-no", {"highway": "residential", "foot": "prohibited"}, NOT),
    ("foot-no", {"highway": "service", "foot": "military"}, NOT),
    ("no-access", {"highway": "track", "access": "agricultural"}, NOT),
    ("no-access", {"highway": "service", "access": "closed"}, NOT),
    ("foot-use-sidepath", {"highway": "primary", "foot": "use_sidepath"}, NOT),
    ("motorway-with-foot", {"highway": "motorway", "bridge": "yes", "foot": "yes"}, WALK),
    ("motorway", {"highway": "motorway"}, NOT),
    ("motorway", {"highway": "motorway_link"}, NOT),
    ("motorroad", {"highway": "trunk", "motorroad": "yes"}, NOT),
    ("no-access-but-foot", {"highway": "service", "access": "private", "foot": "yes"}, WALK),
    ("no-access-but-foot", {"highway": "path", "access": "private", "foot": "designated"}, WALK),
    ("no-access", {"highway": "service", "access": "private"}, NOT),
    ("no-access", {"highway": "service", "access": "no"}, NOT),
    ("service-private", {"highway": "service", "service": "private"}, NOT),
    ("separate-but-foot", {"highway": "service", "service": "private", "foot": "yes"}, WALK),
    ("cycleway-with-foot", {"highway": "cycleway", "foot": "yes"}, WALK),
    ("cycleway-with-foot", {"highway": "cycleway", "foot": "designated"}, WALK),
    ("cycleway-with-foot", {"highway": "cycleway", "foot": "permissive"}, WALK),
    ("cycleway-with-foot", {"highway": "cycleway", "foot": "yes", "access": "no"}, WALK),
    ("cycleway-shared", {"highway": "cycleway", "segregated": "yes"}, WALK),
    ("cycleway-with-sidewalk", {"highway": "cycleway", "sidewalk": "right"}, WALK),
    ("cycleway", {"highway": "cycleway"}, NOT),
    ("foot-no", {"highway": "cycleway", "foot": "no"}, NOT),
    ("separate-but-foot", {"highway": "primary", "sidewalk": "separate", "foot": "yes"}, WALK),
    ("separate-but-slow", {"highway": "living_street", "sidewalk": "separate"}, WALK),
    (
        "separate-left-only",
        {"highway": "primary", "sidewalk:left": "separate", "sidewalk:right": "yes"},
        WALK,
    ),
    (
        "separate-right-only",
        {"highway": "primary", "sidewalk:right": "separate", "sidewalk:left": "yes"},
        WALK,
    ),
    ("separate", {"highway": "primary", "sidewalk": "separate"}, NOT),
    ("separate-both", {"highway": "primary", "sidewalk:both": "separate"}, NOT),
    (
        "separate-left",
        {"highway": "primary", "sidewalk:left": "separate", "sidewalk:right": "no"},
        NOT,
    ),
    ("separate-right", {"highway": "primary", "sidewalk:right": "separate"}, NOT),
    ("steps-corridors-lifts", {"highway": "corridor"}, WALK),
    ("separate-but-slow", {"highway": "steps"}, WALK),
    ("platform", {"highway": "platform"}, WALK),
    ("railway-platform", {"railway": "platform"}, WALK),
    ("transport-platform", {"public_transport": "platform"}, WALK),
    ("pier", {"man_made": "pier"}, WALK),
    ("highway", {"highway": "residential"}, WALK),
    ("highway", {"highway": "residential", "access": "destination"}, WALK),
    ("highway", {"highway": "trunk"}, WALK),
    ("highway", {"highway": "residential", "foot": "unknown"}, WALK),
    ("highway", {"highway": "primary", "access": "bus", "sidewalk": "both"}, WALK),
]


def osmnx_walks(tags: dict[str, str]) -> bool:
    """Return what the Overpass filter of OSMnx decides."""
    for key, operator, pattern in re.findall(
        r'\["([^"]+)"(?:([!=]?~|=)"([^"]*)")?\]', _get_network_filter("walk")
    ):
        if not operator and key not in tags:
            return False
        if operator == "!~" and key in tags and re.search(pattern, tags[key]):
            return False
    return True


@pytest.mark.long(but=1)
@pytest.mark.parametrize(("rule", "tags", "walk"), CASES)
def test_rule_decides(rule: str, tags: dict[str, str], walk: bool) -> None:
    found = walk_rules().rule(tags)
    assert found is not None
    assert found.id == rule
    assert found.decision is walk


def test_every_rule_has_a_case_and_a_reason() -> None:
    assert {rule.id for rule in walk_rules().ways} == {rule for rule, _, _ in CASES}
    assert all(len(rule.reason) > 5 for rule in (*walk_rules().ways, *walk_rules().nodes))


IDS = (named.SHUT, named.FAST, named.UNCLEAR, named.GONE, named.SEPARATE)


def test_every_rule_that_code_names_is_in_the_table_and_leaves_ways_out() -> None:
    decides = {rule.id: rule.decision for rule in walk_rules().ways}
    assert {decides.get(name) for ids in IDS for name in ids} == {False}
    assert not {"walked", "none"} & set(decides)


@pytest.mark.long
def test_rules_are_named_in_one_place() -> None:
    """Ids of one word are words of OpenStreetMap too, and cannot be told from those."""
    sources = Path(named.__file__).parents[1]
    ids = {rule.id for rule in (*walk_rules().ways, *walk_rules().nodes) if "-" in rule.id}
    places = {
        file.name
        for file in sources.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ids
    }
    assert places == {"rules.py"}


@pytest.mark.parametrize("rule", walk_rules().ways, ids=lambda rule: rule.id)
def test_rule_says_truly_whether_it_differs_from_osmnx(rule) -> None:
    samples = [tags for name, tags, _ in CASES if name == rule.id]
    differs = any(osmnx_walks(tags) is not rule.decision for tags in samples)
    assert differs == bool(rule.differs)


def test_ferries_and_plain_things_are_not_walked() -> None:
    assert not walk_rules().walked({"route": "ferry", "foot": "yes"})
    assert not walk_rules().walked({"building": "yes"})
    assert not walk_rules().walked({"abandoned:highway": "path"})


@pytest.mark.parametrize(
    ("tags", "blocked"),
    [
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "gate", "access": "no"}, True),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, False),
        ({"barrier": "gate", "foot": "private"}, True),
        ({"barrier": "gate", "locked": "yes"}, True),
        ({"barrier": "gate", "status": "locked"}, True),
        ({"barrier": "gate", "status": "locked", "foot": "yes"}, False),
        ({"barrier": "bollard", "status": "locked"}, False),
        ({"barrier": "lift_gate", "access": "private"}, False),
        ({"barrier": "bollard", "access": "no"}, False),
        ({"barrier": "wall"}, True),
        ({"barrier": "hedge"}, True),
        ({"barrier": "gate", "operational_status": "closed"}, True),
        ({"barrier": "gate", "permanently_closed": "yes"}, True),
        ({"barrier": "gate", "opening_hours": "off"}, True),
        ({"barrier": "gate", "opening_hours": 'closed "works"'}, True),
        ({"barrier": "gate", "opening_hours": "06:00-22:00"}, False),
        ({"highway": "elevator", "access": "private"}, True),
        ({"highway": "elevator", "foot": "no"}, True),
        ({"entrance": "yes", "access": "private"}, True),
        ({"entrance": "yes", "foot": "no"}, True),
        ({"entrance": "yes"}, False),
        ({"highway": "crossing", "foot": "no"}, False),
        ({"highway": "crossing"}, False),
    ],
)
def test_nodes_that_shut_a_way(tags: dict[str, str], blocked: bool) -> None:
    assert walk_rules().blocked(tags) is blocked


@pytest.mark.parametrize("access", ["no;private", "residents;delivery", "Private", "no; emergency"])
def test_of_several_values_each_counts_in_any_case(access):
    rules = walk_rules()
    assert not rules.walked({"highway": "footway", "access": access})
    assert rules.blocked({"barrier": "gate", "access": access})
    assert rules.walked({"highway": "footway", "access": "yes;designated"})
