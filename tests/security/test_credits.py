"""Addresses in credits: only those of the licence table become links, wherever they are shown."""

import re
from dataclasses import replace

import pytest
from towns import town

from planner import assess
from planner.analysis.compliance.checkup import checkup
from planner.app.session.errors import credit_markdown
from planner.district import Source
from planner.views.exports.analysis.card import card_html
from planner.views.maps.base.basemap import attribution_html, base_map
from planner.views.maps.base.tiles import Tiles
from planner.views.words.credits import credit_html, credit_parts
from planner.views.words.labels import Labels

OSM = "https://www.openstreetmap.org/copyright"
ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"
EVIL = [
    "© http://evil.example/a",
    "https://evil.example/OpenStreetMap",
    "https://www.openstreetmap.org/copyright.evil.example",
    "https://www.openstreetmap.org/copyright/../evil",
    "https://www.openstreetmap.org/copyright@evil.example",
    "https://evil.example/?x=https://www.openstreetmap.org/copyright",
    "OpenStreetMap.evil.example",
    "openstreetmap:evil",
    "www.evil.example",
    "me@OpenStreetMap",
    "javascript:alert(1)",
    '"><a href="https://evil.example">x</a>',
]


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


@pytest.mark.parametrize("text", EVIL)
def test_addresses_that_are_not_in_the_table_stay_text(text):
    assert [url for _, url in credit_parts(text) if url] == []
    assert "<a" not in credit_html(text)
    assert "](http" not in credit_markdown(text)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("© OpenStreetMap contributors", [OSM]),
        ("© OpenStreetMap contributors, ODbL 1.0.", [OSM, ODBL]),
        ("Streets: openstreetmap (odbl-1.0)", [OSM, ODBL]),
        (f"see {OSM} and {ODBL}", [OSM, ODBL]),
        ("Overture Maps Foundation; WorldPop; CC BY 4.0", [
            "https://docs.overturemaps.org/attribution/",
            "https://www.worldpop.org/",
            "https://creativecommons.org/licenses/by/4.0/",
        ]),
        ("© OpenStreetMap contributors https://evil.example", [OSM]),
        ("[OpenStreetMap](https://evil.example)", [OSM]),
        ("River Town survey", []),
    ],
)  # fmt: skip
def test_sources_and_licences_that_are_known_lead_to_their_terms(text, urls):
    assert [url for _, url in credit_parts(text) if url] == urls
    assert "".join(part for part, _ in credit_parts(text)) == text
    assert links(credit_html(text)) == urls
    assert re.findall(r"\]\((http[^)]*)\)", credit_markdown(text)) == urls


@pytest.mark.long
def test_every_place_that_shows_credits_asks_the_table():
    credit = "© OpenStreetMap contributors; http://evil.example/x"
    here = replace(town(), sources=(Source("streets", "a", attribution=credit),))
    page = base_map(here).get_root().render()
    made = checkup(assess(here))
    card = card_html(made, str(here.communities["community_id"].iloc[0]))
    shown = [
        attribution_html(here, Labels("en")),
        Tiles("custom", ("https://t.example/{z}/{x}/{y}",), credit).for_map("a")["credit"],
        card[card.index("<footer>") :],
    ]
    for html in shown:
        assert links(html) == [OSM]
    assert "openstreetmap.org/copyright" in page
    assert "evil.example" in page, "it is shown"
    assert not re.search(r"href[^>]{0,12}http://evil", page)
