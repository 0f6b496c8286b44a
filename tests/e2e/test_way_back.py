"""Out of a page that cannot answer: the whole app follows what its buttons choose."""

from dataclasses import replace

import pytest

import planner
from planner.sources import write_district

pytestmark = [pytest.mark.browser, pytest.mark.journey(one_in=3)]


@pytest.fixture(scope="module")
def shops(workspaces):
    """Return a district of which the data tell shops only, as a file of the server."""
    demo = planner.demo_district()
    few = demo.facilities[demo.facilities["kind"] == "convenience_outlet"]
    known = replace(demo.with_layers(facilities=few), records={}, name="Shops only")
    file = write_district(known, workspaces / "shops.gpkg")
    yield file.name
    file.unlink()


def test_another_standard_and_the_demo_are_shown_once_they_are_chosen(visit, shops):
    page = visit.page
    address = f"report?district={shops}&standard=gb50180-2018&lang=en&tour=off"
    visit.open(address)
    page.get_by_text("There is no data on any kind").wait_for(timeout=90_000)
    page.get_by_role("button", name="15-minute city: 1 kind").click()
    page.wait_for_url("**standard=15-minute**", timeout=90_000)
    page.get_by_text("There is no data on any kind").wait_for(state="detached")
    page.get_by_role("button", name="Excel workbook").wait_for(timeout=90_000)

    visit.open(address)
    page.get_by_role("button", name="Open the demo district").click(timeout=90_000)
    page.get_by_role("heading", name="Sanjiang, demo district").wait_for(timeout=90_000)
    page.wait_for_url("**district=demo**")
