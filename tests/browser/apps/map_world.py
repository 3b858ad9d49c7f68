"""The map that the test page shows; the environment says which."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np

from cartography import Recipe, build_map
from cartography.drawing.browser import World, naming
from cartography.drawing.painted.relief import Relief
from cartography.records import Colouring
from dashboard.map_view import WORLDS
from dashboard.worlds import dressed, published
from tests.map_view import scenes
from tests.pictures.examples import pictured_digits

N = int(os.environ.get("MAP_ITEMS", "5000"))
THEME = os.environ.get("MAP_THEME", "fantasy")
NAMES = os.environ.get("MAP_NAMES", "plain")
COLOURS = os.environ.get("MAP_COLOURS", "groups")
PLAIN = os.environ.get("MAP_TILES") == "plain"
LOOKS = os.environ.get("MAP_LOOKS")
"""Handwritten "digits" with their pictures, or the same with "words" instead."""
TOWNS = int(os.environ.get("MAP_TOWNS", "120"))
DRESSED = "MAP_DRESSED" in os.environ
DEEP = "MAP_DEEP" in os.environ
"""Whether the items have depths; the digits always have."""

if DRESSED:
    naming.spelled = naming.spelled_realms = lambda names: tuple(f"{name}-ville" for name in names)


def make(colours: str = COLOURS) -> World:
    coordinates, label = scenes.random_walks(N, walks=400 if colours == "many" else 12)
    names = None
    if NAMES == "hostile":
        names = tuple(f"<img src=x onerror=window.hurt=1> & {i}" for i in range(int(label.max()) + 1))
    terrain = scenes.flat_terrain(coordinates) if PLAIN else None
    scene = scenes.scene_of(coordinates, label, names, terrain, towns=TOWNS)
    if DRESSED:
        scene = scenes.dressed(scene)
    if DEEP:
        depths = 6 * np.sin(label) + np.random.default_rng(2).normal(size=N)
        scene = replace(scene, depths=depths.astype(np.float32))
    if colours == "numbers":
        codes = np.clip(np.abs(coordinates[:, 0]) * 12, 0, 255).astype(np.uint16)
        scene = scenes.recoloured(scene, Colouring("price", "numbers", codes, low=0.0, high=21.25))
    return scenes.world_of(scene, THEME, None if PLAIN else Relief(scene, THEME))


def digits() -> World:
    """Handwritten digits as the dashboard shows them."""
    items = pictured_digits(1797)
    if LOOKS == "words":
        words = items.items.assign(word=[f"word {i}" for i in range(len(items))])
        items = replace(items, items=words, provenance={})
    built = build_map(items, Recipe(method="pca", method_params={"n_components": 3}, color_by="label"))
    world, _ = published(dressed(built, built.recipe.replace(theme=THEME)))
    return replace(world, relief=scenes.PlainTiles())


def publish(colours: str = COLOURS) -> str:
    """Return the token of the map in these colours."""
    make_it = digits if LOOKS else lambda: make(colours)
    return WORLDS.publish(f"{N} {THEME} {NAMES} {colours} {PLAIN} {LOOKS} {DRESSED} {DEEP}", make_it)
