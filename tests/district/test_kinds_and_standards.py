import json

import pytest
from effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.district import (
    builtin_kinds,
    builtin_standards,
    find_standard,
    known_kinds,
    read_kinds,
    read_standard,
    write_standard,
)
from planner.district.kinds import DEPARTMENTS, SERVICE_LINES
from planner.district.standards.files import parse_standard, standard_toml
from planner.errors import InputError, MissingFileError

KINDS = builtin_kinds()


@pytest.fixture
def toml(tmp_path):
    def write(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.id)
def test_every_kind_is_complete_and_found_by_its_own_words(kind):
    assert kind.department in DEPARTMENTS
    assert kind.line in SERVICE_LINES
    assert kind.colour.startswith("#")
    assert len(kind.colour) == 7
    for word in (kind.id, kind.en, kind.zh, kind.en.upper(), *kind.poi):
        assert KINDS.of_word(f" {word} ") == kind.id


def test_everyday_kinds_ship_beside_the_builtin_ones():
    everyday = read_kinds("everyday")
    assert not set(everyday) & set(KINDS)
    assert set(known_kinds()) == set(KINDS) | set(everyday)
    assert known_kinds().of_tags({"amenity": "pharmacy"}) == "pharmacy"
    assert known_kinds().of_word("老百姓大药房") == "pharmacy"
    assert {kind.department for kind in everyday.values()} <= set(DEPARTMENTS)
    assert {kind.line for kind in everyday.values()} <= {*SERVICE_LINES, ""}


def test_colours_and_names_are_apart():
    for field in ("en", "zh", "colour"):
        values = [getattr(kind, field) for kind in known_kinds().values()]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("赣江社区卫生服务中心", "health_centre"),
        ("赣江社区卫生服务站", "clinic"),
        ("解放街道社区服务中心", "service_centre"),
        ("解放派出所红旗警务室", "police_room"),
        ("火车站", None),
        ("", None),
    ],
)
def test_chinese_names_of_places(word, kind):
    assert KINDS.of_word(word) == kind


def test_the_fullest_tag_set_wins():
    assert KINDS.of_tags({"amenity": "police", "name": "x"}) == "police_station"
    assert KINDS.of_tags({"amenity": "police", "police": "office"}) == "police_room"
    assert KINDS.of_tags({"shop": "shoes"}) is None


def test_own_kinds_add_and_replace(toml):
    own = read_kinds(toml('[tea]\nen = "Tea house"\nzh = "茶馆"\n[clinic]\nen = "C"\nzh = "诊"\n'))
    both = KINDS | own
    assert (both["tea"].name("zh"), both["tea"].name()) == ("茶馆", "Tea house")
    assert both["clinic"].en == "C"
    assert "tea" not in KINDS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[a]\nen = "A"', "kind_without_name"),
        ('[a]\nen = "A"\nzh = "甲"\nsize = 3', "kind_unknown_field"),
        ("nonsense", "not_toml"),
        ("a = 3", "kind_without_name"),
        ('[a]\nen = "A"\nzh = "甲"\nosm = 3', "kind_field"),
        ('[a]\nen = "A"\nzh = "甲"\nosm = [{}]', "kind_field"),
        ('[a]\nen = "A"\nzh = "甲"\npoi = "word"', "kind_field"),
        ('[a]\nen = "A"\nzh = "甲"\ncolour = "red"', "kind_field"),
        ('[a]\nen = "A"\nzh = "甲"\nicon = 3', "kind_field"),
    ],
)
def test_bad_kinds_files(toml, text, code):
    with pytest.raises(InputError) as error:
        read_kinds(toml(text))
    assert error.value.code.split(".")[1] == code
    assert "own.toml" in str(error.value)


def test_missing_files(tmp_path):
    for read in (read_kinds, read_standard):
        with pytest.raises(MissingFileError):
            read(tmp_path / "none.toml")


@pytest.mark.parametrize("standard", list(builtin_standards().values()), ids=lambda s: s.id)
def test_builtin_standards_name_kinds_and_clauses(standard):
    assert standard.rules or standard.areas or standard.id == "blank"
    for target in standard.areas:
        assert set(target.kinds) <= set(KINDS)
        assert target.clause
        assert target.verified is False
    for kind, rule in standard.rules.items():
        assert kind == rule.kind in known_kinds()
        assert rule.clause
        assert 0 < rule.limit_m <= 2000
        assert rule.verified is False
    assert {standard.name("en"), standard.name("zh")} == {standard.en, standard.zh}


def test_figures_of_gb50180():
    rules = builtin_standards()["gb50180-2018"].rules
    assert {kind: rules[kind].limit_m for kind in ("service_centre", "service_station")} == {
        "service_centre": 1000,
        "service_station": 300,
    }
    assert (rules["clinic"].limit_m, rules["health_centre"].limit_m) == (300, 1000)
    assert (rules["police_station"].limit_m, rules["police_room"].limit_m) == (800, 500)


def test_the_living_circles_have_their_kinds():
    circles = {
        rule.circle: set()
        for standard in builtin_standards().values()
        for rule in standard.rules.values()
    }
    for name in ("gb50180-2018", "gb50180-2018-everyday"):
        for kind, rule in builtin_standards()[name].rules.items():
            circles[rule.circle].add(kind)
    assert circles["5-minute"] >= {"clinic", "service_station", "kindergarten"}
    assert circles["10-minute"] == {"school", "market"}
    assert circles["15-minute"] >= {"health_centre", "service_centre"}


def test_old_residents_walk_the_same_minutes_at_their_own_speed():
    rule = builtin_standards()["td-t-1062-2021"].rules["clinic"]
    assert (rule.limit_m, rule.limit_for("pop_65plus")) == (720, 540)


def test_the_national_floor_area():
    station, sports = builtin_standards()["national-floor-area"].areas
    assert (station.m2, station.per, station.count) == (30, "households", 100)
    assert (sports.m2, sports.per, sports.count) == (2.6, "residents", 1)


def test_minutes_become_metres():
    rule = builtin_standards()["15-minute"].rules["clinic"]
    assert (rule.limit_s, rule.limit_m) == (900, 1080)


HEAD = 'en = "A"\nzh = "甲"\nsource = "x"\n'
RULE = '[[rule]]\nkind = "clinic"\nlimit_m = 300\n'
TIMED = '[[rule]]\nkind = "clinic"\nlimit_s = 600\n'
AREA = '[[area]]\nkinds = ["service_station"]\nm2 = 30\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('en = "A"\nzh = "甲"', "'source' is missing"),
        (HEAD + "size = 3", "unknown field 'size'"),
        (HEAD + "id = 3", "'id' must be text"),
        (HEAD + 'measure = "fly"', "'measure' is 'walk', 'straight'"),
        (HEAD + "speed_m_s = 0", "'speed_m_s' must be a number above 0"),
        (HEAD + "[[rule]]\nlimit_m = 3", r"\[\[rule\]\] 1: the field 'kind'"),
        (HEAD + '[[rule]]\nkind = ""\nlimit_m = 3', r"\[\[rule\]\] 1: the field 'kind'"),
        (HEAD + '[[rule]]\nkind = "clinic"', r"1 \(clinic\): give either"),
        (HEAD + RULE + "limit_s = 3", "give either"),
        (HEAD + RULE + "radius = 3", "unknown field 'radius'"),
        (HEAD + RULE.replace("300", '"far"'), "must be a number above 0, not 'far'"),
        (HEAD + RULE.replace("300", "0"), "must be a number above 0"),
        (HEAD + RULE.replace("300", "-1"), "must be a number above 0"),
        (HEAD + RULE.replace("300", "nan"), "must be a number above 0"),
        (HEAD + RULE.replace("300", "inf"), "must be a number above 0"),
        (HEAD + RULE.replace("300", "true"), "must be a number above 0"),
        (HEAD + RULE + RULE, "'clinic' has two rules"),
        (HEAD + RULE + "floor_area_m2 = 0", "'floor_area_m2' must be a number above 0"),
        (HEAD + RULE + "residents_per_facility = 0", "'residents_per_facility' must be"),
        (HEAD + RULE + 'verified = "yes"', "'verified' is true or false"),
        (HEAD + RULE + "clause = 3", "'clause' must be text"),
        (HEAD + RULE + "share = 1.5", "at most 1, not 1.5"),
        (HEAD + RULE + 'presence = "house"', "'presence' is"),
        (HEAD + RULE + "limits_m = 3", "'limits_m' is a table of groups"),
        (HEAD + RULE + "limits_m = { old = 3 }", "names 'old'"),
        (HEAD + RULE + "limits_m = { pop_65plus = 0 }", "'limits_m.pop_65plus' must be"),
        (HEAD + RULE + "speeds_m_s = { pop_65plus = 1 }", "needs a limit in seconds"),
        (
            HEAD + TIMED + "limits_m = { pop_a = 1 }\nlimits_s = { pop_a = 1 }",
            "'pop_a' has a limit in metres and one in seconds",
        ),
        ("nonsense", "not a TOML file"),
        (HEAD + 'speed_m_s = "fast"', "'speed_m_s' must be a number above 0"),
        (HEAD.replace("en", "rule = 5\nen", 1), "'rule' is a list"),
        (HEAD + AREA.replace("30", "0"), r"\[\[area\]\] 1: 'm2' must be"),
        (HEAD + AREA.replace("m2 = 30", ""), "'m2' is missing"),
        (HEAD + "[[area]]\nkinds = []\nm2 = 3", "must list the kinds"),
        (HEAD + AREA + 'per = "people"', "'per' is 'households', 'residents'"),
    ],
)
def test_bad_standards_say_what_is_wrong(toml, text, words):
    with pytest.raises(InputError, match=words) as error:
        read_standard(toml(text))
    assert "own.toml" in str(error.value)


def test_groups_have_limits_of_their_own(toml):
    standard = read_standard(
        toml(
            HEAD
            + "speed_m_s = 1.25\nspeeds_m_s = { pop_65plus = 0.9, pop_0_14 = 1.0 }\n"
            + TIMED
            + "limits_m = { pop_floating = 800 }\nlimits_s = { pop_0_14 = 300 }\n"
            + "speeds_m_s = { pop_65plus = 0.8 }\n"
            + RULE.replace("clinic", "library")
            + "limits_m = { pop_65plus = 200 }\nlimits_s = { pop_0_14 = 100 }\n"
        )
    )
    clinic, library = standard.rules["clinic"], standard.rules["library"]
    assert (clinic.limit_s, clinic.limit_m) == (600, 750)
    assert clinic.limits == {"pop_65plus": 480, "pop_0_14": 300, "pop_floating": 800}
    assert clinic.limit_for("pop_65plus") == 480
    assert clinic.limit_for("population") == 750
    assert clinic.speeds_m_s == {"pop_65plus": 0.8, "pop_0_14": 1.0}
    assert library.limits == {"pop_65plus": 200, "pop_0_14": 100}
    assert library.speeds_m_s == {}


def test_a_kind_may_be_measured_otherwise_than_the_rest(toml):
    standard = read_standard(toml(HEAD + RULE + 'measure = "straight"\n'))
    assert standard.measure_of("clinic") == "straight"
    assert standard.measure_of("library") == standard.measure == "walk"


@pytest.mark.parametrize("standard", list(builtin_standards().values()), ids=lambda s: s.id)
def test_builtin_standards_read_back_as_they_were_written(standard, tmp_path):
    assert read_standard(write_standard(standard, tmp_path / "copy.toml")) == standard


NUMBERS = st.floats(0.01, 9e5, allow_nan=False)
GROUPS = st.dictionaries(st.sampled_from(["pop_65plus", "pop_0_14", "pop_x"]), NUMBERS)


@st.composite
def standards(draw):
    """A standard as a file may hold it, and its text."""
    rules = []
    for kind in draw(st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=3)):
        timed = draw(st.booleans())
        limits_m, limits_s = draw(GROUPS), draw(GROUPS)
        rule = {
            "kind": kind,
            "limit_s" if timed else "limit_m": draw(NUMBERS),
            "limits_m": limits_m,
            "limits_s": {g: v for g, v in limits_s.items() if g not in limits_m},
            "speeds_m_s": draw(GROUPS) if timed else {},
            "share": draw(st.floats(0.01, 1)),
            "clause": draw(st.text()),
            "verified": draw(st.booleans()),
            "presence": draw(st.sampled_from(["", "community"])),
            "measure": draw(st.sampled_from(["walk", "straight"])),
        }
        rules.append(rule)
    head = {"en": draw(st.text(min_size=1)), "zh": "甲", "source": "x", "speeds_m_s": draw(GROUPS)}
    return {**head, "rule": rules}


@pytest.mark.long
@settings(max_examples=tries(60, 1000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(standards())
def test_any_standard_reads_back_as_it_was_written(tmp_path, data):
    first = parse_standard(_toml(data), "own.toml")
    assert parse_standard(standard_toml(first), "own.toml") == first
    assert parse_standard(standard_toml(first), "own.toml").name() == data["en"]


def _toml(data):
    def inline(value):
        if isinstance(value, dict):
            return "{" + ",".join(f"{k} = {inline(v)}" for k, v in value.items()) + "}"
        if isinstance(value, bool | float):
            return repr(value).lower()
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    head = [f"{k} = {inline(v)}" for k, v in data.items() if k != "rule"]
    rules = [
        "\n".join(["[[rule]]", *(f"{k} = {inline(v)}" for k, v in rule.items())])
        for rule in data["rule"]
    ]
    return "\n".join([*head, *rules])


def test_a_standard_is_found_by_id_file_or_itself(toml):
    own = read_standard(toml(HEAD + RULE))
    assert own.id == "own"
    assert find_standard(own) is own
    assert find_standard(toml(HEAD + RULE)).rules["clinic"].limit_m == 300
    assert find_standard("15-minute").id == "15-minute"
    with pytest.raises(InputError, match="gb50180-2018"):
        find_standard("nonsense")
