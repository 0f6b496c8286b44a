"""Districts and standards that leave a page nothing to show: it says so, and goes on."""

import pytest
from effort import few
from towns import town

from planner.sources import write_district

PAGES = ("overview", "coverage", "kinds", "gaps", "checkup", "supply", "links", "help")


@pytest.fixture(scope="module")
def bare(workspaces):
    """Write a town without facilities."""
    full = town()
    write_district(full.with_layers(facilities=full.facilities.iloc[:0]), workspaces / "bare.gpkg")
    yield
    (workspaces / "bare.gpkg").unlink()


@pytest.mark.long(but=1)
@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("page", few(PAGES, 4))
@pytest.mark.parametrize(
    ("district", "standard"),
    [
        ("bare.gpkg", "gb50180-2018"),
        ("town.gpkg", "national-floor-area"),
    ],
)
def test_a_page_with_nothing_to_show_says_so(open_app, page, district, standard):
    app = open_app(page, district=district, standard=standard, lang="en")
    assert not app.exception
    assert not [error.value for error in app.error if "not foreseen" in error.value]


@pytest.mark.parametrize("page", ["gaps", "links"])
def test_a_standard_without_limits_sends_to_another(open_app, page):
    app = open_app(page, district="town.gpkg", standard="national-floor-area", lang="en")
    assert any("Choose another standard" in info.value for info in app.info)
