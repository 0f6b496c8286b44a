"""What a file says of whether somebody answers for it is true or false, and no word."""

from pathlib import Path

import pytest

import planner.plan.targets.lead_times as lead_times
import planner.siting.costs as costs
import planner.siting.departments.duties as duties
from planner.errors import InputError

READERS = {
    "costs": (costs.read_costs, costs._BUILTIN),
    "duties": (duties.read_duties, duties._BUILTIN),
    "lead times": (lead_times.read_lead_times, lead_times._BUILTIN),
}


@pytest.mark.parametrize("name", READERS)
def test_a_word_for_verified_is_refused_and_does_not_count_as_false(tmp_path: Path, name: str):
    read, builtin = READERS[name]
    text = builtin.read_text(encoding="utf-8")
    assert "verified = false" in text
    for said, verified in (("true", True), ("false", False)):
        changed = text.replace("verified = false", f"verified = {said}")
        (tmp_path / "a.toml").write_text(changed, encoding="utf-8")
        assert read(tmp_path / "a.toml").verified is verified
    for said in ('"yes"', '"true"', "1"):
        changed = text.replace("verified = false", f"verified = {said}")
        (tmp_path / "a.toml").write_text(changed, encoding="utf-8")
        with pytest.raises(InputError) as error:
            read(tmp_path / "a.toml")
        assert error.value.code == "district.no_flag"
