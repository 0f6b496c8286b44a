import pytest

from planner.district import builtin_kinds, builtin_standards, read_kinds, read_standard
from planner.district.kinds import DEPARTMENTS, SERVICE_LINES
from planner.district.standards import find_standard
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


def test_colours_and_names_are_apart():
    for field in ("en", "zh", "colour"):
        values = [getattr(kind, field) for kind in KINDS.values()]
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
    ],
)
def test_bad_kinds_files(toml, text, code):
    with pytest.raises(InputError) as error:
        read_kinds(toml(text))
    assert error.value.code == f"district.{code}"
    assert "own.toml" in str(error.value)


def test_missing_files(tmp_path):
    for read in (read_kinds, read_standard):
        with pytest.raises(MissingFileError):
            read(tmp_path / "none.toml")


@pytest.mark.parametrize("standard", list(builtin_standards().values()), ids=lambda s: s.id)
def test_builtin_standards_name_kinds_and_clauses(standard):
    assert standard.rules
    for kind, rule in standard.rules.items():
        assert kind == rule.kind in KINDS
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


def test_minutes_become_metres():
    rule = builtin_standards()["15-minute"].rules["clinic"]
    assert (rule.limit_s, rule.limit_m) == (900, 1080)


HEAD = 'en = "A"\nzh = "甲"\nsource = "x"\n'
RULE = '[[rule]]\nkind = "clinic"\nlimit_m = 300\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('en = "A"\nzh = "甲"', "'source' is missing"),
        (HEAD + "size = 3", "unknown field 'size'"),
        (HEAD + 'measure = "fly"', "'measure' is"),
        (HEAD + "speed_m_s = 0", "'speed_m_s' must be above 0"),
        (HEAD + "[[rule]]\nlimit_m = 3", "rule 1: the field 'kind'"),
        (HEAD + '[[rule]]\nkind = "clinic"', "give either 'limit_m' or 'limit_s'"),
        (HEAD + RULE + "limit_s = 3", "give either"),
        (HEAD + RULE + "radius = 3", "unknown field 'radius'"),
        (HEAD + RULE.replace("300", '"far"'), "must be a number above 0, not 'far'"),
        (HEAD + RULE.replace("300", "-1"), "must be a number above 0"),
        (HEAD + RULE.replace("300", "true"), "must be a number above 0"),
        (HEAD + RULE + RULE, "has two rules"),
        ("nonsense", "not a TOML file"),
        (HEAD + 'speed_m_s = "fast"', "'speed_m_s' must be above 0"),
        (HEAD.replace("en", "rule = 5\nen", 1), "'rule' is a list"),
    ],
)
def test_bad_standards_say_what_is_wrong(toml, text, words):
    with pytest.raises(InputError, match=words) as error:
        read_standard(toml(text))
    assert "own.toml" in str(error.value)


def test_a_standard_is_found_by_id_file_or_itself(toml):
    own = read_standard(toml(HEAD + RULE))
    assert own.id == "own"
    assert find_standard(own) is own
    assert find_standard(toml(HEAD + RULE)).rules["clinic"].limit_m == 300
    assert find_standard("15-minute").id == "15-minute"
    with pytest.raises(InputError, match="gb50180-2018"):
        find_standard("nonsense")
