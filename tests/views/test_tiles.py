"""Which online tiles a configuration may name."""

import pytest

from planner.errors import InputError
from planner.sources import demo_district
from planner.views.maps.base.basemap import base_map
from planner.views.maps.base.tiles import SHIFTED, tiles_of
from planner.views.words.labels import Labels

KEY = "0123456789abcdef0123456789abcdef"
OWN = {"service": "custom", "url": "https://tiles.test/{z}/{x}/{y}.png", "attribution": "© Test"}


def refused(mapping, environment=None) -> InputError:
    with pytest.raises(InputError) as caught:
        tiles_of(mapping, environment or {})
    return caught.value


def test_none_is_the_default():
    assert tiles_of(None, {}) is None
    assert tiles_of({"service": "none"}, {"PLANNER_TILES": "osm"}) is None


def test_the_table_goes_before_the_environment():
    assert tiles_of({}, {"PLANNER_TILES": "OSM"}).service == "osm"
    assert tiles_of(OWN, {"PLANNER_TILES": "osm"}).urls == (OWN["url"],)
    found = tiles_of({}, {"PLANNER_TILES": OWN["url"], "PLANNER_TILES_ATTRIBUTION": "© <b>"})
    assert found.for_map("Online")["credit"] == "© &lt;b&gt;"


def test_tianditu_has_its_labels_above_and_the_users_key():
    tiles = tiles_of({"service": "tianditu"}, {"PLANNER_TILES_KEY": KEY})
    assert ["vec_w" in tiles.urls[0], "cva_w" in tiles.urls[1]] == [True, True]
    for url in tiles.urls:
        assert url.endswith(f"tk={KEY}")
        assert all(f"{{{name}}}" in url for name in "szxy")
    assert "天地图" in tiles.attribution
    assert KEY not in repr(tiles)


@pytest.mark.parametrize(
    "url",
    [
        "https://webrd0{s}.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}&style=8",
        "http://wprd01.is.AutoNavi.com:80/appmaptile?x={x}&y={y}&z={z}",
        "https://restapi.amap.com/{z}/{x}/{y}",
        "https://rt{s}.map.gtimg.com/tile?z={z}&x={x}&y={y}",
        "https://map.qq.com/{z}/{x}/{y}",
        "https://mt1.google.cn/vt?x={x}&y={y}&z={z}",
        "https://mt1.google.com/vt/lyrs=m&gl=cn?x={x}&y={y}&z={z}&gl=cn",
        "https://proxy.test/?to=https%3A%2F%2Fwebrd01.is.autonavi.com&x={x}&y={y}&z={z}",
        "https://online{s}.map.bdimg.com/tile/?x={x}&y={y}&z={z}",
        "https://maponline1.bdimg.com.baidu.com/{z}/{x}/{y}",
    ],
)
def test_shifted_services_are_refused(url):
    error = refused({**OWN, "url": url})
    assert error.code == "tiles.shifted"
    assert error.params["system"] in SHIFTED
    for language in ("en", "zh"):
        assert error.params["system"] in Labels(language).error(error)


def test_names_that_only_look_alike_are_taken():
    for host in ("myqq.com", "notamap.com", "baidu.com.example.org", "google.com"):
        url = f"https://{host}/{{z}}/{{x}}/{{y}}.png"
        assert tiles_of({**OWN, "url": url}, {}).urls == (url,)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"service": "bing"}, "unknown_service"),
        ({"servce": "osm"}, "unknown_setting"),
        ({"service": "tianditu"}, "no_key"),
        ({"service": "tianditu", "key": "short"}, "bad_key"),
        ({"service": "tianditu", "key": f"{KEY}&x=<script>"}, "bad_key"),
        ({**OWN, "url": "file:///etc/{z}/{x}/{y}"}, "bad_url"),
        ({**OWN, "url": "https://tiles.test/{z}/{x}.png"}, "bad_url"),
        ({**OWN, "url": "https://tiles.test/{z}/{x}/{y}/{apikey}"}, "unknown_field"),
        ({**OWN, "url": "https://tiles.test/{z}/{x}/{y}?k={key}"}, "no_key"),
        ({**OWN, "attribution": ""}, "no_attribution"),
        ({**OWN, "max_zoom": 40}, "bad_zoom"),
        ({**OWN, "max_zoom": True}, "bad_zoom"),
    ],
)
def test_what_is_wrong_is_told(mapping, code):
    error = refused(mapping)
    assert error.code == f"tiles.{code}"
    for language in ("en", "zh"):
        assert "{{" not in Labels(language).error(error)


def test_no_error_holds_the_key():
    for mapping in (
        {**OWN, "url": f"https://t.amap.com/{{z}}/{{x}}/{{y}}?key={KEY}"},
        {**OWN, "url": f"https://t.test/{{z}}?key={KEY}"},
        {"service": "tianditu", "key": f"{KEY} "},
    ):
        error = refused(mapping)
        assert KEY not in str(error) + repr(error) + Labels("zh").error(error)


def test_exports_refuse_shifted_tiles_too():
    with pytest.raises(InputError) as caught:
        base_map(demo_district(), online_tiles="https://wprd01.is.autonavi.com/{z}/{x}/{y}")
    assert caught.value.code == "tiles.shifted"
