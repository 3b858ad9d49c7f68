"""Pictures from the dashboard: their size in dots and in words, and the part of the map they show."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from cartography.errors import ParameterError
from cartography.pipeline import build_map
from cartography.records import Recipe
from dashboard.map_view import Viewport
from dashboard.panels.dressing.picture import Shot, frame_of, picture, said_size
from dashboard.worlds import dressed
from tests.data import blobs

RECIPE = Recipe(method="pca", color_by="group")


@pytest.fixture(scope="module")
def built():
    return build_map(blobs(300), RECIPE)


def test_dots_and_centimetres_are_said():
    assert said_size(Shot("PNG", 960, 480, 300)) == "3,000 × 1,500 pixels, 25.4 × 12.7 cm on paper."
    assert "300 dots" in said_size(Shot("PDF", 960, 480, 300))
    assert "network off" in said_size(Shot("HTML"))


@pytest.mark.parametrize("dpi", [96, 150, 300])
def test_a_picture_has_as_many_dots_as_were_said(built, dpi):
    shot = Shot("PNG", 240, 160, dpi)
    image = Image.open(io.BytesIO(picture(built, shot)))
    assert image.size == shot.pixels
    assert image.info["dpi"][0] == pytest.approx(dpi, rel=0.01)


def test_what_is_too_large_is_known_before_it_is_made(built):
    shot = Shot("PNG", 20_000, 20_000)
    assert shot.too_large
    assert not Shot("PNG", 2400, 1600, 600).too_large
    with pytest.raises(ParameterError, match="too large"):
        picture(built, shot)


@pytest.mark.parametrize("aspect", [0.5, 1.0, 1.5, 3.0])
def test_a_view_is_the_whole_frame_at_zoom_one_and_half_of_it_at_two(built, aspect):
    x0, y0, x1, y1 = built.scene.terrain.frame
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    west, south, east, north = frame_of(built.scene.terrain, Viewport(x, y, 1.0), aspect)
    assert (east - west) / (north - south) == pytest.approx(aspect)
    assert west <= x0 + 1e-6
    assert north >= y1 - 1e-6
    near = frame_of(built.scene.terrain, Viewport(x, y, 2.0), aspect)
    assert near[2] - near[0] == pytest.approx((east - west) / 2)
    assert np.mean(near[::2]) == pytest.approx(x)


def test_a_picture_of_the_view_shows_fewer_items_than_one_of_the_map(built):
    place = built.scene.coordinates[0]
    view = Viewport(float(place[0]), float(place[1]), 6.0)
    whole, near = (picture(built, Shot("SVG", 300, 200), where).decode() for where in (None, view))
    assert 0 < near.count("<circle") < whole.count("<circle")


def test_a_picture_is_dressed_as_the_recipe_says(built):
    worn = dressed(built, RECIPE.replace(title="Isles & co", theme="night", colors={"1": "#ff2fd0"}))
    svg = picture(worn, Shot("SVG", 900, 600)).decode()
    assert "Isles &amp; co" in svg
    assert "#ff2fd0" in svg
