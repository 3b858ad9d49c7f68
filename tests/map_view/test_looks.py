"""Sheets of pictures and snippets by route: in wire order, kept by address, refused where they make no sense."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from starlette.applications import Starlette

from cartography import Recipe, build_map
from cartography.drawing.browser import World
from cartography.drawing.browser.wire import facts
from cartography.pictures import sheet
from dashboard.map_view import WORLDS, Worlds, map_routes
from dashboard.map_view.routes import PREFIX
from dashboard.worlds import dressed, published
from tests.asgi import ask, finished, get
from tests.data import embedding_set
from tests.map_view.scenes import flat_terrain, random_walks, scene_of, world_of
from tests.pictures.examples import opened, pictured_digits

N = 300


def in_theme(built, theme):
    return dressed(built, built.recipe.replace(theme=theme))


@pytest.fixture(scope="module")
def digit_world() -> World:
    built = build_map(pictured_digits(N), Recipe(method="pca"))
    return published(in_theme(built, "plain"))[0]


@pytest.fixture
def plain_world() -> World:
    coordinates, label = random_walks(N, walks=3)
    return world_of(scene_of(coordinates, label, terrain=flat_terrain(coordinates)))


def app_of(world: World) -> tuple[Starlette, str]:
    worlds = Worlds()
    return Starlette(routes=map_routes(worlds)), f"/{PREFIX}/{worlds.publish('key', lambda: world)}"


def test_pictures_come_on_one_sheet_in_the_order_asked_for(digit_world):
    app, base = app_of(digit_world)
    answer = get(app, f"{base}/pictures/3,17,99")
    assert answer.status == 200
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    rows = digit_world.scene.order[[3, 17, 99]].tolist()
    assert np.array_equal(opened(answer.body), opened(sheet(pictured_digits(N), rows)[0]))


def test_sheets_are_made_two_at_a_time_and_nothing_else_waits_for_them(plain_world):
    """Pictures in files may be large: memory must not grow with how many sheets are asked for."""
    making, gate = [], Event()

    def pictures(rows):
        making.append(rows)
        gate.wait(timeout=60)
        return b"sheet"

    app, base = app_of(replace(plain_world, pictures=pictures))

    async def many():
        sheets = [asyncio.create_task(ask(app, f"{base}/pictures/{i}")) for i in range(30)]
        cards = [await ask(app, f"{base}/item/{i}") for i in range(5)]
        begun = len(making)
        gate.set()
        return begun, cards, await asyncio.gather(*sheets)

    begun, cards, sheets = finished(many())
    assert begun <= 2
    assert {answer.status for answer in (*cards, *sheets)} == {200}
    assert len(making) == 30


def test_the_browser_is_told_what_there_is(digit_world, plain_world):
    assert facts(digit_world)["has"] == {"depth": False, "pictures": True, "snippets": False, "search": True}
    assert facts(plain_world)["has"] == {"depth": False, "pictures": False, "snippets": False, "search": True}


def test_drawings_are_redrawn_in_ink_on_fantasy_maps():
    built = build_map(pictured_digits(N), Recipe(method="pca"))
    fantasy, plain = (published(in_theme(built, theme))[0].pictures([0]) for theme in ("fantasy", "plain"))
    assert opened(plain)[..., 3].min() == 255
    assert opened(fantasy)[..., 3].min() == 0


def test_a_card_shows_the_picture(digit_world):
    app, base = app_of(digit_world)
    card = json.loads(get(app, f"{base}/item/0").body)
    assert card["image"].startswith("data:image/png;base64,")
    assert all(not text.startswith("data:") for _, text in card["fields"])


def test_snippets_come_as_texts():
    names = [f"word {i}" for i in range(60)]
    built = build_map(embedding_set(np.random.default_rng(0).normal(size=(60, 4)), word=names), Recipe(method="pca"))
    world, _ = published(in_theme(built, "fantasy"))
    app, base = app_of(world)
    told = json.loads(get(app, f"{base}/snippets/5,0,59").body)
    assert told == {"texts": [names[row] for row in world.scene.order[[5, 0, 59]]]}


def test_snippets_are_cut_whatever_gives_them(plain_world):
    app, base = app_of(replace(plain_world, snippets=lambda rows: ["x" * 9000 for _ in rows]))
    assert len(json.loads(get(app, f"{base}/snippets/1").body)["texts"][0]) < 100


BAD = ["", ",", "1,", "-1", str(N), "1,x", "1.0", "1, 2", "²", "9" * 5000, ",".join(["1"] * 65), "1," * 9000]


@pytest.mark.parametrize("indices", BAD)
@pytest.mark.parametrize("kind", ["pictures", "snippets"])
def test_what_is_no_list_of_items_is_refused(digit_world, kind, indices):
    app, base = app_of(digit_world)
    assert get(app, f"{base}/{kind}/{indices}").status == 404


def test_sixty_four_at_once_are_answered(digit_world):
    app, base = app_of(digit_world)
    answer = get(app, f"{base}/pictures/{','.join(map(str, range(64)))}")
    assert opened(answer.body).shape == (384, 384, 4)


def test_a_map_without_pictures_has_no_sheets(plain_world):
    app, base = app_of(plain_world)
    assert get(app, f"{base}/pictures/1").status == 404


def test_other_roles_make_another_world():
    """What is kept by a browser under a token shows these pictures and no others."""
    items = pictured_digits(N)
    with_shape = published(in_theme(build_map(items, Recipe(method="pca")), "night"))[1]
    without = published(in_theme(build_map(replace(items, provenance={}), Recipe(method="pca")), "night"))[1]
    assert with_shape != without
    assert WORLDS.get(without).pictures is None
