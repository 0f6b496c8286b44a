import pytest

from planner.district.weights import default_weights, read_weights, weights_of, weights_toml
from planner.errors import InputError, MissingFileError

HEAD = {"en": "Own", "zh": "自定"}


def test_the_weights_that_ship_add_up_to_a_hundred():
    weights = default_weights()
    assert sum(weights.requirement.values()) == 100
    assert weights.name("zh") == "以步行距离为主"


def test_weights_read_back_as_they_were_written(tmp_path):
    weights = weights_of(
        {**HEAD, "requirement": {"distance": 3}, "kind": {"a;b": 2.5}, "group": {"pop_65plus": 0}},
        "own.toml",
    )
    file = tmp_path / "own.toml"
    file.write_text(weights_toml(weights), encoding="utf-8")
    assert read_weights(file) == weights
    file.write_text(weights_toml(default_weights()), encoding="utf-8")
    assert read_weights(file) == default_weights()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({**HEAD, "requirement": {"distance": -1}}, "not_a_weight"),
        ({**HEAD, "requirement": {"distance": float("nan")}}, "not_a_weight"),
        ({**HEAD, "requirement": {"distance": True}}, "not_a_weight"),
        ({**HEAD, "requirement": {"distance": 0}}, "all_zero"),
        (HEAD, "all_zero"),
        ({**HEAD, "requirement": {"beauty": 1}}, "unknown_requirement"),
        ({**HEAD, "requirement": 3}, "unknown_field"),
        ({**HEAD, "weights": {}}, "unknown_field"),
        ({"en": "Own"}, "missing_name"),
    ],
)
def test_bad_weights_are_refused(data, code):
    with pytest.raises(InputError) as error:
        weights_of(data, "own.toml")
    assert error.value.code == f"district.{code}"
    assert "own.toml" in str(error.value)


def test_bad_files(tmp_path):
    with pytest.raises(MissingFileError):
        read_weights(tmp_path / "none.toml")
    file = tmp_path / "bad.toml"
    file.write_text("nonsense", encoding="utf-8")
    with pytest.raises(InputError, match="not a TOML file"):
        read_weights(file)
