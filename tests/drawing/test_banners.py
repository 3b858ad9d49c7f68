"""Banners on paper: one above each capital, none on another, and names keep clear of them."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from cartography import Recipe, build_map, draw_map
from cartography.drawing.marks.banners import Post, place_banners
from cartography.drawing.showing import Showing
from tests.pictures.examples import opened, pictured_digits

PAGE = (0.0, 0.0, 1000.0, 800.0)


def post(x: float, y: float, rank: int = 0, item: int = 0) -> Post:
    return Post(x, y, 6.0, rank, item)


def meet(one, other) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


@pytest.fixture(scope="module")
def built():
    return build_map(pictured_digits(1797), Recipe(seed=1, color_by="label"))


def images(svg: str) -> list[bytes]:
    return [b64decode(one) for one in re.findall(r'class="banner"[^>]*href="data:image/png;base64,([^"]+)"', svg)]


def test_each_capital_that_has_room_carries_the_picture_of_its_medoid(built):
    page = draw_map(built).page
    flown = {banner.post.item for banner in page.banners}
    capitals = [label.town.item for label in page.layout.towns if label.town.rank == 0]
    assert len(capitals) >= 5
    assert len([item for item in capitals if item in flown]) >= 0.8 * len(capitals)
    found = images(page.svg())
    assert len(found) == len(page.banners)
    first = page.banners[0]
    strength = opened(found[0])[..., 3].astype(float)
    shrunk = strength.reshape(8, strength.shape[0] // 8, 8, -1).mean(axis=(1, 3))
    vector = built.embeddings.vectors[first.post.item].reshape(8, 8)
    assert np.corrcoef(shrunk.ravel(), vector.ravel())[0, 1] > 0.95


def test_no_name_lies_on_a_banner(built):
    page = draw_map(built).page
    names = [box for label in (*page.layout.towns, *page.layout.realms) for box in label.boxes]
    assert len(page.banners) > 5
    assert not [box for box in names for banner in page.banners if meet(box, banner.box)]


def test_pictures_can_be_switched_off(built):
    hidden = draw_map(built, showing=Showing.without(["pictures"])).page
    assert hidden.banners == ()
    assert images(hidden.svg()) == []


def test_without_pictures_nothing_changes(built):
    bare = replace(built, embeddings=replace(built.embeddings, provenance={}))
    assert draw_map(bare).page.banners == ()


def test_banners_cover_neither_each_other_nor_capitals():
    rng = np.random.default_rng(0)
    posts = [post(x, y, i % 2, i) for i, (x, y) in enumerate(rng.uniform(0, 800, size=(80, 2)))]
    placed = place_banners(posts, PAGE, [(0, 0, 200, 200)], 1.0)
    boxes = [banner.box for banner in placed]
    marks = [(one.x - 6, one.y - 6, one.x + 6, one.y + 6) for one in posts if one.rank == 0]
    assert len(placed) > 15
    assert not [1 for i, one in enumerate(boxes) for other in boxes[i + 1 :] if meet(one, other)]
    assert not [1 for one in boxes for other in [*marks, (0, 0, 200, 200)] if meet(one, other)]
    assert all(one.post.rank <= other.post.rank for one, other in pairwise(placed))


def test_a_banner_leans_aside_for_a_neighbour_and_a_capital_goes_before_a_city():
    left, right = place_banners([post(500, 500), post(514, 475, item=1)], PAGE, [], 1.0)
    assert left.x < 500 < left.box[2] < 514 - 6
    assert right.box[0] < 514 < right.x
    capital = place_banners([post(300, 280, rank=1), post(300, 300, item=1)], PAGE, [], 1.0)[0]
    assert capital.post.rank == 0


def test_towns_are_too_small_for_a_banner():
    assert place_banners([post(500, 500, rank=2)], PAGE, [], 1.0) == ()
