"""Offline pages take pictures along within a budget, say so, and hold snippets of texts."""

from __future__ import annotations

from base64 import b64decode

import numpy as np
import pytest

from cartography import Recipe, build_map, draw_map
from cartography.drawing.browser import embedded
from cartography.drawing.browser.looks import looks_of
from tests.data import embedding_set
from tests.drawing.test_offline import saved
from tests.pictures.examples import opened, pictured_digits


@pytest.fixture(scope="module")
def built():
    return build_map(pictured_digits(150), Recipe(method="pca"))


def page_of(built, tmp_path) -> dict:
    return saved(draw_map(built).save(tmp_path / "map.html"))[1]


def test_each_item_of_a_small_map_is_on_a_sheet(built, tmp_path):
    content = page_of(built, tmp_path)
    looks = content["looks"]
    assert sorted(looks["pictured"]) == list(range(150))
    assert looks["note"] == ""
    assert content["facts"]["has"]["pictures"]
    sheet = opened(b64decode(looks["sheets"][1]))
    rows = built.scene.order[looks["pictured"][64:128]]
    wanted = opened(looks_of(built.embeddings, "fantasy")[0](rows.tolist()))
    assert np.array_equal(sheet, wanted)


def test_a_large_map_takes_the_towns_and_the_first_items_and_says_so(built, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "MOST_PICTURES", 20)
    looks = page_of(built, tmp_path)["looks"]
    order = built.scene.order.tolist()
    towns = {order.index(town.item) for town in built.scene.towns}
    assert set(looks["pictured"]) == towns | set(range(20))
    assert looks["note"] == f"Pictures of {len(looks['pictured'])} of 150 items are part of this file."


def test_the_budget_ends_the_sheets(built, tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "_MOST_BYTES", 10)
    looks = page_of(built, tmp_path)["looks"]
    assert len(looks["sheets"]) == 1
    assert len(looks["pictured"]) == 64


def test_snippets_of_texts_are_taken_along(tmp_path):
    names = [f"word </script> {i}" for i in range(60)]
    items = embedding_set(np.random.default_rng(0).normal(size=(60, 4)), word=names)
    built = build_map(items, Recipe(method="pca"))
    content = page_of(built, tmp_path)
    assert content["looks"]["snippets"] == [names[row] for row in built.scene.order]
    assert content["facts"]["has"] == {"pictures": False, "snippets": True, "search": True, "depth": False}
