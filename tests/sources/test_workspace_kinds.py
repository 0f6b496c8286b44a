import pytest

from planner.errors import InputError
from planner.sources import demo_district, read_district, write_district
from planner.sources.workspace.demo import demo_file


@pytest.mark.long
def test_a_workspace_is_read_with_kinds_of_ones_own(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[tea]\nen = "Tea house"\nzh = "茶馆"\n', encoding="utf-8")
    district = read_district(demo_file(), kinds=own)
    assert district.kinds["tea"].zh == "茶馆"
    assert "tea" not in demo_district().kinds
    assert "pharmacy" in read_district(demo_file(), kinds="everyday").kinds
    facilities = district.facilities.copy()
    facilities.loc[0, "kind"] = "tea"
    file = write_district(district.with_layers(facilities=facilities), tmp_path / "tea.gpkg")
    assert read_district(file).kinds["tea"].en == "Tea house"


def test_an_unknown_kind_in_a_file_says_what_to_do(tmp_path):
    district = demo_district()
    facilities = district.facilities.copy()
    facilities.loc[2, "kind"] = "tea"
    with pytest.raises(InputError, match="describe your own kind in a kinds file"):
        district.with_layers(facilities=facilities)
