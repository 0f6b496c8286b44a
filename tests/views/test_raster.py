"""Points as one image."""

import base64
import io

import numpy as np
import pytest

from planner.views.maps.base.raster import LONGER_SIDE, points_image

Image = pytest.importorskip("PIL.Image")
COLOURS = ["#ff0000", "#00ff00", "#0000ff"]


def opened(uri: str) -> np.ndarray:
    content = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))


def test_every_point_is_where_it_belongs():
    rng = np.random.default_rng(3)
    places = rng.uniform([113.0, 24.0], [113.2, 24.1], size=(500, 2))
    uri, ((south, west), (north, east)) = points_image(places, np.zeros(500, int), COLOURS)
    image = opened(uri)
    assert max(image.shape) <= LONGER_SIDE
    merc = np.arcsinh(np.tan(np.radians([south, north, *places[:, 1]])))
    column = (places[:, 0] - west) / (east - west) * image.shape[1]
    row = (merc[1] - merc[2:]) / (merc[1] - merc[0]) * image.shape[0]
    found = image[row.astype(int), column.astype(int)]
    assert (found == [255, 0, 0, 255]).all()
    assert (image[..., 3] > 0).sum() <= 500 * 9


def test_the_highest_class_is_seen_where_points_share_a_pixel():
    places = np.array([[10.0, 50.0], [10.0, 50.0], [10.0, 50.0]])
    for order in ([0, 2, 1], [2, 1, 0]):
        image = opened(points_image(places, np.array(order), COLOURS)[0])
        assert {tuple(pixel) for pixel in image.reshape(-1, 4).tolist()} == {(0, 0, 255, 255)}
