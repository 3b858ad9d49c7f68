"""The registry of published maps."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from cartography.drawing.browser import World
from cartography.drawing.browser.wire import facts
from cartography.drawing.themes import theme_named
from dashboard.map_view import Worlds
from tests.map_view.scenes import flat_terrain, random_walks, scene_of, world_of


def small_world(n: int = 60, seed: int = 0) -> World:
    coordinates, label = random_walks(n, walks=3, seed=seed)
    return world_of(scene_of(coordinates, label, terrain=flat_terrain(coordinates), towns=5))


def test_publishing_a_key_again_gives_the_same_token_and_makes_nothing():
    worlds, made = Worlds(), []

    def make() -> World:
        made.append(1)
        return small_world()

    token = worlds.publish("key", make)
    assert worlds.publish("key", make) == token
    assert len(made) == 1
    assert worlds.get(token) is not None


def test_tokens_cannot_be_guessed():
    worlds = Worlds(most=100)
    world = small_world()
    tokens = {worlds.publish(str(i), lambda: world) for i in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32
    assert worlds.get("0") is None


def test_the_one_not_looked_at_for_longest_is_put_away_first():
    worlds, world = Worlds(most=2), small_world()
    first = worlds.publish("a", lambda: world)
    second = worlds.publish("b", lambda: world)
    worlds.get(first)
    third = worlds.publish("c", lambda: world)
    assert worlds.get(second) is None
    assert worlds.get(first) is world
    assert worlds.get(third) is world
    assert worlds.publish("b", lambda: world) != second, "a world that returns gets a new token"


def test_bytes_are_bounded_but_the_newest_always_stays():
    big = small_world(5000)
    worlds = Worlds(most_bytes=big.nbytes + 1)
    first = worlds.publish("a", lambda: big)
    second = worlds.publish("b", lambda: small_world(5000, seed=1))
    assert worlds.get(first) is None
    assert worlds.get(second) is not None
    assert len(worlds) == 1


def test_two_sessions_that_publish_at_the_same_time_share_one_world():
    worlds, tokens = Worlds(), []

    def make() -> World:
        time.sleep(0.05)
        return small_world()

    threads = [threading.Thread(target=lambda: tokens.append(worlds.publish("key", make))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 6
    assert len(set(tokens)) == 1
    assert len(worlds) == 1


def test_putting_away_is_final_and_may_be_repeated():
    worlds = Worlds()
    token = worlds.publish("key", small_world)
    worlds.put_away(token)
    worlds.put_away(token)
    assert worlds.get(token) is None


def test_places_are_the_inverse_of_the_order():
    world = small_world()
    assert np.array_equal(world.scene.order[world.places], np.arange(len(world.scene)))


@pytest.mark.parametrize("theme", ["plain", "night"])
def test_a_change_of_theme_changes_the_tiles_but_not_the_points(theme):
    world = small_world()
    other = world_of(world.scene, theme)
    assert other.points_key == world.points_key
    assert other.codes_key == world.codes_key
    assert other.style_key != world.style_key


@pytest.mark.parametrize("theme", ["fantasy", "plain", "night"])
def test_the_browser_draws_lines_in_the_colours_of_paper(theme):
    roles, look = facts(world_of(small_world().scene, theme))["theme"], theme_named(theme)
    assert (roles["road"], roles["accent"], roles["ink"]) == (look.road, look.accent, look.ink)
