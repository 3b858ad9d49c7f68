"""Newcomers are told where they stand, what they are, and whether they belong here at all."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from cartography.columns import columns_of
from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.inspection.placing.landing import realm_names, town_names
from cartography.inspection.placing.newcomers import newcomers_table
from cartography.inspection.placing.outside import usual_distances
from cartography.inspection.placing.votes import vote
from cartography.pipeline import BuiltMap, build_map
from cartography.records import Recipe
from tests.data import blobs, digits, embedding_set

SEEN, NEW = np.arange(1797) % 4 != 0, np.arange(1797) % 4 == 0


@cache
def digits_map(method: str = "umap", metric: str = "euclidean", prepared: bool = False) -> BuiltMap:
    known = digits().take(np.flatnonzero(SEEN))
    preparation = {"center": True, "pca": 30, "unit": True} if prepared else None
    return build_map(known, Recipe(method=method, metric=metric, preparation=preparation))


def truth() -> np.ndarray:
    return digits().items["label"].to_numpy(object)[NEW]


@pytest.mark.parametrize("method", ["umap", "pca"])
@pytest.mark.parametrize("prepared", [False, True])
def test_an_items_own_vector_stands_where_the_item_stands(method, prepared):
    built = digits_map(method, prepared=prepared)
    before = built.scene.coordinates.tobytes()
    found = built.place(built.embeddings.vectors[:60])
    assert np.allclose(found.coordinates, built.scene.coordinates[:60], atol=1e-3 * built.scene.terrain.side)
    assert np.array_equal(found.rows[:, 0], np.arange(60))
    assert not found.outside.any()
    assert built.scene.coordinates.tobytes() == before
    assert method == "pca" or built.scene.turn != 0, "a map that was turned is what this test is about"


def test_held_out_digits_are_voted_right_and_what_is_far_off_is_said_to_be_outside():
    built = digits_map()
    found = built.place(digits().vectors[NEW])
    said = vote(columns_of(built.embeddings)["label"], found.rows, found.distances)
    right = said.table()["vote"].to_numpy() == truth()
    assert right.mean() > 0.96
    assert said.confidence[right].mean() > said.confidence[~right].mean() + 0.1
    assert np.allclose(said.base, 0.1, atol=0.02)
    assert found.outside.mean() < 0.02
    noise = np.random.default_rng(0).uniform(0, 16, size=(50, 64))
    assert built.place(noise).outside.all()
    assert "no item is as far" in built.place(noise).said(0)
    assert "It is farther" in found.said(int(np.argsort(found.beyond)[len(found) // 2]))
    nearest = int(found.beyond.argmin())
    assert ("as near" in found.said(nearest)) == (found.beyond[nearest] == 0)


def test_the_realm_and_the_town_are_those_of_its_kind():
    built = digits_map()
    assert built.scene.colouring.column == "label"
    found = built.place(digits().vectors[NEW])
    table = newcomers_table(found, [f"new {i}" for i in range(len(found))], built.known)
    assert (table["realm"] == truth()).mean() > 0.9
    finest = built.clustering.levels[-1].labels
    items = finest[found.rows[:, 0]]
    of_town = np.array([built.scene.towns[town].cluster for town in found.towns])
    standing = np.isin(items, [town.cluster for town in built.scene.towns])
    assert standing.mean() > 0.9
    assert np.array_equal(of_town[standing], items[standing])
    assert table["town"].tolist() == town_names(built.scene, found.towns)
    assert table["nearest"].iloc[0] == built.embeddings.ids[found.rows[0, 0]]


def test_a_place_out_at_sea_belongs_to_no_realm():
    built = digits_map("pca")
    span = np.abs(built.projection.coordinates).max()
    mean, axes = built.projection.placer.mean, built.projection.placer.axes
    found = built.place(mean + 4 * span * axes[:1])
    assert realm_names(built.scene, found.realms) == ["(at sea)"]
    assert found.towns[0] >= 0
    assert found.outside.all()


def test_numbers_and_dates_are_averaged_and_their_spread_stands_beside_that_of_all():
    data = blobs(400)
    height = np.where(data.items["group"] == "2", 50.0, 10.0)
    height[:8] = np.nan
    when = pd.to_datetime("2020-01-01") + pd.to_timedelta(np.where(data.items["group"] == "2", 900, 30), "D")
    known = embedding_set(data.vectors, height=height + np.arange(400) / 1e3, when=when, empty=np.nan)
    built = build_map(known, Recipe(method="pca", metric="euclidean"))
    found = built.place(data.vectors[[2, 1]] + 0.1)
    columns = columns_of(known)
    table = vote(columns["height"], found.rows, found.distances).table()
    assert table["vote"].tolist() == pytest.approx([50.2, 10.2], abs=0.3)
    assert (table["spread"] < 0.1 * table["spread of all"]).all()
    dated = vote(columns["when"], found.rows, found.distances).table()["vote"]
    assert dated.dt.round("D").tolist() == [pd.Timestamp("2022-06-19"), pd.Timestamp("2020-01-31")]
    assert vote(columns["empty"], found.rows, found.distances).table()["vote"].isna().all()


def test_neighbours_without_a_value_have_no_vote():
    known = embedding_set(np.arange(6.0)[:, None], kind=["a", None, "b", "b", "b", "a"])
    said = vote(columns_of(known)["kind"], np.array([[1, 2, 0], [1, 1, 1]]), np.array([[0.1, 0.3, 0.9], [1, 1, 1]]))
    assert said.table()["vote"].tolist() == ["b", None]
    assert said.base[0] == pytest.approx(0.6)
    assert 0.5 < said.confidence[0] < 1
    assert np.isnan(said.confidence[1])


def test_pictures_have_no_vote():
    known = embedding_set(np.eye(4), picture=[b"\x89PNG"] * 4)
    with pytest.raises(ParameterError, match="pictures"):
        vote(columns_of(known)["picture"], np.zeros((1, 1), int), np.zeros((1, 1)))


def test_a_copy_of_a_lonely_item_and_items_that_come_in_pairs_are_not_outside():
    rng = np.random.default_rng(0)
    lonely = np.vstack([rng.normal(size=(300, 8)), np.full((1, 8), 40.0)])
    built = build_map(embedding_set(lonely), Recipe(method="pca", metric="euclidean"))
    assert not built.place(lonely[-1]).outside.any()
    assert built.place(-lonely[-1]).outside.all()
    halves = rng.normal(size=(400, 8))
    paired = build_map(embedding_set(np.repeat(halves[:300], 2, axis=0)), Recipe(method="pca", metric="euclidean"))
    assert paired.place(halves[300:]).outside.mean() < 0.05


def test_a_sample_judges_as_the_graph_does():
    built = digits_map()
    graph = usual_distances(built.prepared, "euclidean", built.neighbours)
    sample = usual_distances(built.prepared, "euclidean")
    assert sample.sampled
    assert not graph.sampled
    distances = built.place(digits().vectors[NEW]).distances
    assert np.abs(graph.beyond(distances) - sample.beyond(distances)).mean() < 0.02


def test_coordinates_that_came_with_the_file_take_newcomers_among_their_neighbours():
    data = blobs(300)
    flat = build_map(data, Recipe(method="pca")).projection.coordinates
    known = embedding_set(data.vectors, x=flat[:, 0], y=flat[:, 1])
    known = type(known)(known.vectors, known.items, roles={"x": "x", "y": "y"})
    built = build_map(known, Recipe(method="given"))
    found = built.place(data.vectors[:20])
    assert np.allclose(found.coordinates, flat[:20], atol=1e-4)
    assert "because this map's coordinates came with the file" in found.notes[0]
    points = np.random.default_rng(0).normal(size=(50, 2))
    plane = build_map(embedding_set(points), Recipe(method="given"))
    found = plane.place([[0.25, -0.5]])
    assert np.allclose(found.coordinates, [[0.25, -0.5]])
    assert "own coordinates" in found.notes[0]


def test_a_vector_of_zeros_has_no_direction_and_that_is_said():
    built = digits_map("pca", "cosine")
    found = built.place(np.vstack([np.zeros(64), digits().vectors[0]]))
    assert found.aimless.tolist() == [True, False]
    assert any("all zeros" in note for note in found.notes)
    assert "no direction" in found.said(0)
    assert not digits_map().place(np.zeros(64)).aimless.any()


def test_under_the_inner_product_nothing_is_called_far():
    found = digits_map("pca", "dot").place(digits().vectors[NEW][:20])
    assert not found.outside.any()
    assert any("inner product" in note for note in found.notes)
    assert "cannot be said" in found.said(0)


@pytest.mark.parametrize(
    ("vectors", "sentence"),
    [
        (np.zeros((2, 63)), "have 63 dimensions; the map was made from 64"),
        (np.full((3, 64), np.nan), "3 of 3 new vectors hold NaN"),
        (np.vstack([np.zeros(64), np.full(64, np.inf)]), "1 of 2 new vectors hold NaN, .*; the first is number 2"),
        (np.full(64, 1e30), "beyond 1e18"),
        (np.zeros((0, 64)), r"shape \(0, 64\)"),
        (np.zeros((2, 2, 64)), "shape"),
        ([[1.0, 2.0], [1.0]], "not vectors of numbers"),
        (["a"] * 64, "not vectors of numbers"),
    ],
)
def test_what_cannot_be_placed_is_refused_in_one_sentence(vectors, sentence):
    with pytest.raises(ShapeError, match=sentence):
        digits_map("pca", "dot").place(vectors)


def test_it_can_be_stopped_and_a_map_of_one_item_takes_newcomers():
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        digits_map().place(digits().vectors[NEW], progress=stop)
    lone = build_map(embedding_set(np.ones((1, 4))), Recipe(method="pca", metric="euclidean"))
    found = lone.place(np.zeros((2, 4)))
    assert np.isnan(found.beyond).all()
    assert np.isfinite(found.coordinates).all()
