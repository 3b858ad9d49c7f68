"""The offline page holds the whole map, asks nobody for anything, and no name in it is markup."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cartography import Recipe, build_map, draw_map
from cartography.drawing.browser import offline
from cartography.records import EmbeddingSet

NASTY = "</script><img src=x onerror=alert(1)>&\u2028"


def built_map(n: int = 60):
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 8)) * 6
    groups = np.arange(n) % 3
    vectors = (centres[groups] + rng.normal(size=(n, 8))).astype(np.float32)
    items = pd.DataFrame(
        {"name": [f"item {i}" for i in range(n)], "group": [["ash", "elm", NASTY][g] for g in groups]},
        index=[f"id {i}" for i in range(n)],
    )
    return build_map(
        EmbeddingSet(vectors, items), Recipe(method="pca", method_params={"n_components": 3}, color_by="group")
    )


@pytest.fixture(scope="module")
def built():
    return built_map()


@pytest.fixture(scope="module")
def page(built, tmp_path_factory) -> tuple[str, dict]:
    """The whole page as text, and what it holds."""
    return saved(draw_map(built, title=NASTY).save(tmp_path_factory.mktemp("pages") / "map.html"))


def saved(path: Path) -> tuple[str, dict]:
    text = path.read_text(encoding="utf-8")
    (data,) = re.findall(r'<script type="application/json" id="map">(.*?)</script>', text, re.DOTALL)
    return text, json.loads(data)


def test_points_colours_cards_and_neighbours_are_those_of_the_map(built, page):
    _, content = page
    order = built.scene.order
    points = np.frombuffer(b64decode(content["points"]), "<f4").reshape(-1, 2)
    assert np.array_equal(points, built.scene.coordinates[order])
    assert np.array_equal(np.frombuffer(b64decode(content["codes"]), "u1"), built.scene.colouring.codes[order])
    assert [card[0] for card in content["cards"]] == [f"item {row}" for row in order]
    assert content["fields"] == ["group"]
    near = np.frombuffer(b64decode(content["nearest"]), "<i4").reshape(len(order), content["reach"])
    assert np.array_equal(order[near], built.neighbours.indices[order, : content["reach"]])


def test_the_depths_of_the_items_are_taken_along(built, page):
    _, content = page
    assert content["facts"]["has"]["depth"] is True
    assert np.array_equal(np.frombuffer(b64decode(content["depths"]), "<f4"), built.scene.depths[built.scene.order])


def test_the_land_is_there_at_every_depth(page):
    _, content = page
    places = {f"{z}/{x}/{y}" for z in range(5) for x in range(2**z) for y in range(2**z)}
    assert content["facts"]["deepest"] == 4
    assert set(content["tiles"]) == places
    assert all(b64decode(tile).startswith(b"RIFF") for tile in content["tiles"].values())


def test_names_from_the_file_never_become_markup(page):
    text, content = page
    assert "<img" not in text
    assert text.count("</script>") == 2
    assert any(NASTY.strip() in row[1] for row in content["cards"])


def test_the_page_may_fetch_nothing(page):
    text, _ = page
    assert "default-src 'none'" in text
    assert [url for url in re.findall(r"https?://[^\s\"'`)]+", text) if "w3.org" not in url] == []


def test_the_part_that_was_asked_for_is_where_it_starts_even_without_items(built, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "_DEEPEST", 1)  # few tiles: the other page has them all
    x0, y0, x1, y1 = built.scene.terrain.frame
    part = (x0, y0, (x0 + x1) / 2, (y0 + y1) / 2)
    _, content = saved(draw_map(built.scene, frame=part).save(tmp_path / "map.html"))
    assert content["facts"]["frame"] == list(part)
    assert content["cards"] == []
