"""What a file holds reaches a terminal as text, never as an order to it."""

import json

import pytest

from planner.cli import main
from planner.errors import InputError

ORDERS = "\x1b]52;c;aGk=\x07\x1b[2J\x9b31m\x08\u202e\x7f"
GOOD = "".join(f"g{n},clinic,n{n},114.9{n},25.8{n},5\n" for n in range(10, 60))
HEADS = "facility_id,kind,name,lon,lat,capacity\n"


def shown(tmp_path, capsys, row, *more):
    file = tmp_path / f"a{ORDERS}.csv"
    file.write_text(HEADS + GOOD + row, encoding="utf-8")
    out = str(tmp_path / "o.gpkg")
    with pytest.raises(SystemExit):
        main(["import", "--facilities", str(file), "--show", "--out", out, *more])
    said = capsys.readouterr()
    return said.out, said.err


def assert_plain(text):
    assert text
    steering = {sign for sign in text if ord(sign) < 32 or 127 <= ord(sign) < 160}
    assert steering <= {"\n"}
    assert "\u202e" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_and_findings(tmp_path, capsys, language):
    row = f"x,{ORDERS}word,n,114.91,25.81,5\n"
    out, _ = shown(tmp_path, capsys, row, "--language", language)
    assert out.count("aGk=") > 2
    assert_plain(out)


def test_errors(tmp_path, capsys):
    row = f"x,clinic,n,114.91,25.81,{ORDERS}many\n"
    _, err = shown(tmp_path, capsys, row, "--strict")
    assert "many" in err
    assert_plain(err)


def test_json_says_the_same(tmp_path, capsys):
    row = f"x,{ORDERS}word,n,114.91,25.81,5\n"
    out, _ = shown(tmp_path, capsys, row, "--json")
    assert_plain(out)
    words = [each["word"] for each in json.loads(out)["files"][0]["words"]]
    assert any(word.startswith("\x1b]52") and "\u202e" in word for word in words)


def test_a_sentence_shows_the_beginning_of_a_long_value():
    error = InputError("analysis.bad_moment", at="Mo-Su " * 5000)
    assert len(str(error)) < 2000
    assert len(error.params["at"]) == 30_000
